//! Titles of fixes, and what other fields have to do with a problem.

use crate::lint::why_not::{Ask, Condition};
use crate::manifest::ObjectRef;

/// `Deployment web`, and with its namespace where that is not the one spoken of.
pub(super) fn name(id: &ObjectRef) -> String {
    format!("{} {}", id.kind, id.name)
}

/// A fix.
#[must_use]
pub fn fix_change(key: &str, value: &str) -> String {
    format!("Change to {key}: {value}")
}

/// A fix.
#[must_use]
pub fn fix_to(value: &str) -> String {
    format!("Change to {value}")
}

/// A fix.
#[must_use]
pub fn fix_rename(key: &str) -> String {
    format!("Rename the key to {key}")
}

/// A fix.
#[must_use]
pub fn fix_remove(key: &str) -> String {
    format!("Remove {key}")
}

/// A fix.
#[must_use]
pub fn fix_select(maker: &ObjectRef) -> String {
    format!("Select the pods of {}", name(maker))
}

/// A fix.
#[must_use]
pub fn fix_only(maker: &ObjectRef, key: &str, value: &str) -> String {
    format!("Select {} alone: {key}: {value}", name(maker))
}

/// A fix.
#[must_use]
pub fn fix_namespace(namespace: &str) -> String {
    format!("Move the Service to namespace {namespace}")
}

/// A fix.
#[must_use]
pub fn fix_target_port(port: &str) -> String {
    format!("Change targetPort to {port}")
}

/// A fix.
#[must_use]
pub fn fix_port_name(name: &str) -> String {
    if name.is_empty() { "Remove the name".to_owned() } else { format!("Name the port {name}") }
}

/// A fix.
#[must_use]
pub fn fix_quote(quoted: &str) -> String {
    format!("Write {quoted}")
}

/// A fix.
#[must_use]
pub fn fix_template_key() -> String {
    "Rename the key to the template's".to_owned()
}

/// A related field: a label of the nearest miss.
#[must_use]
pub fn nearest_label(maker: &ObjectRef, key: &str, found: Option<&str>) -> String {
    match found {
        Some(found) => format!("{} has {key}: {found}", name(maker)),
        None => format!("{} has no {key}", name(maker)),
    }
}

/// A related field.
#[must_use]
pub fn pods_are_here(maker: &ObjectRef) -> String {
    format!("{} is in namespace {}", name(maker), maker.namespace)
}

/// A related field.
#[must_use]
pub fn has_it(id: &ObjectRef) -> String {
    format!("{} has it", name(id))
}

/// A related field.
#[must_use]
pub fn selected_too(maker: &ObjectRef) -> String {
    format!("selects the pods of {}", name(maker))
}

/// A related field.
#[must_use]
pub fn listed_ports(maker: &ObjectRef, ports: &[String]) -> String {
    if ports.is_empty() {
        return format!("{} lists no ports", name(maker));
    }
    format!("{} lists {}", name(maker), ports.join(", "))
}

/// A related field.
#[must_use]
pub fn makes_no_pods(maker: &ObjectRef) -> String {
    format!("{} makes no pods", name(maker))
}

/// A related field.
#[must_use]
pub fn node_without(node: &str) -> String {
    format!("no endpoint on {node}")
}

macro_rules! related {
    ($($name:ident, $words:literal;)*) => {
        $(
            /// A related field.
            #[must_use]
            pub fn $name() -> String {
                $words.to_owned()
            }
        )*
    };
}

related! {
    external_name_here, "an alias in DNS, and nothing more";
    first_claim, "claimed here first";
    first_here, "the first one";
    headless_here, "headless: no proxy stands between client and pod";
    not_headless_here, "this Service is not headless";
    selector_here, "the Service's selector";
    service_is_here, "this Service";
    service_port_here, "a port of the Service";
    template_labels_here, "the labels of the template";
}

/// A related field.
#[must_use]
pub fn class_here(class: &str) -> String {
    format!("the class {class}")
}

/// Why one pod takes no connections, in a few words.
#[must_use]
pub fn not_ready(row: &Condition, unplaced: bool) -> String {
    match &row.ask {
        Ask::Address if unplaced => "fits on no node".to_owned(),
        Ask::Address => "has no address yet".to_owned(),
        _ => super::why_not::why_not(row),
    }
}

/// In place of problems that are left out.
#[must_use]
pub fn more_problems(count: usize) -> String {
    format!("{count} more problems")
}
