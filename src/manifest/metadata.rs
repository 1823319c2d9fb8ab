//! ObjectMeta, as far as it is read.

use super::constant;
use super::decode::{boolean, labels, list, text, text_or_empty};
use super::tree::Tree;
use serde::Serialize;
use std::rc::Rc;

/// Labels, annotations or an equality selector, in the order of the text.
pub type Labels = Vec<(Rc<str>, Rc<str>)>;

/// The value of a label.
#[must_use]
pub fn label<'a>(labels: &'a Labels, key: &str) -> Option<&'a Rc<str>> {
    labels.iter().find(|(k, _)| &**k == key).map(|(_, v)| v)
}

/// metadata of any object, as written.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Metadata {
    /// Empty where missing.
    pub name: Rc<str>,
    /// Where given instead of a name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub generate_name: Option<Rc<str>>,
    /// As written; `None` where missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub namespace: Option<Rc<str>>,
    /// Labels.
    #[serde(with = "as_map", skip_serializing_if = "Vec::is_empty")]
    pub labels: Labels,
    /// Annotations.
    #[serde(with = "as_map", skip_serializing_if = "Vec::is_empty")]
    pub annotations: Labels,
    /// RFC 3339, where the text holds a live object.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub creation_timestamp: Option<Rc<str>>,
    /// Set: the object is being deleted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deletion_timestamp: Option<Rc<str>>,
    /// Who made it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub owner_references: Vec<OwnerReference>,
}

impl Default for Metadata {
    /// Metadata without any field.
    fn default() -> Self {
        Self {
            name: constant(""),
            generate_name: None,
            namespace: None,
            labels: Vec::new(),
            annotations: Vec::new(),
            creation_timestamp: None,
            deletion_timestamp: None,
            owner_references: Vec::new(),
        }
    }
}

/// metadata.ownerReferences[]
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OwnerReference {
    /// `ReplicaSet`…
    pub kind: Rc<str>,
    /// Its name.
    pub name: Rc<str>,
    /// Whether it is the managing controller.
    pub controller: bool,
}

/// Writes [`Labels`] as a map.
pub mod as_map {
    use super::Labels;
    use serde::Serializer;

    /// For `#[serde(with)]`.
    ///
    /// # Errors
    /// Those of the serializer.
    pub fn serialize<S: Serializer>(labels: &Labels, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(labels.iter().map(|(k, v)| (&**k, &**v)))
    }
}

impl Metadata {
    /// Reads the value of `metadata`.
    #[must_use]
    pub fn decode(tree: &Tree) -> Self {
        Self {
            name: text_or_empty(tree, "name"),
            generate_name: text(tree, "generateName"),
            namespace: text(tree, "namespace"),
            labels: labels(tree, "labels").unwrap_or_default(),
            annotations: labels(tree, "annotations").unwrap_or_default(),
            creation_timestamp: text(tree, "creationTimestamp"),
            deletion_timestamp: text(tree, "deletionTimestamp"),
            owner_references: list(tree, "ownerReferences", |owner| OwnerReference {
                kind: text_or_empty(owner, "kind"),
                name: text_or_empty(owner, "name"),
                controller: boolean(owner, "controller") == Some(true),
            }),
        }
    }
}
