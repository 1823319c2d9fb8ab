//! What is said of an object that the cluster has already, and that the text would change.

use crate::manifest::ObjectRef;

/// Below an error of validation, where the object is in the cluster.
#[must_use]
pub fn stays(id: &ObjectRef) -> String {
    format!("The update is refused: {} {} stays as it was.", id.kind, id.name)
}

/// Below an error about a field that may not change.
#[must_use]
pub fn immutable(id: &ObjectRef) -> String {
    format!(
        "{} To change it, delete the {} and make it anew, as kubectl replace --force does.",
        stays(id),
        id.kind
    )
}

/// The button that does so.
#[must_use]
pub fn recreate(id: &ObjectRef) -> String {
    format!("Delete {} {} and create it anew", id.kind, id.name)
}

/// A field of the text that the object no longer has.
#[must_use]
pub fn cleared(path: &str, type_: &str) -> String {
    format!("{path} is dropped: a Service of type {type_} has none")
}

/// Below it.
#[must_use]
pub fn cleared_hint() -> String {
    "When the type changes, the API server drops what stands there as before, without a word. Remove the line: a new Service would be refused for it.".to_owned()
}
