//! Label selectors: maps, `LabelSelector` and the text form.

use crate::manifest::metadata::{Labels, label};
use crate::manifest::workload::{LabelSelector, Requirement};

/// Whether labels hold every pair of an equality selector. An empty one matches all.
#[must_use]
pub fn matches_map(selector: &Labels, labels: &Labels) -> bool {
    selector.iter().all(|(key, value)| label(labels, key) == Some(value))
}

/// Whether labels meet a `LabelSelector`. An empty one matches all.
/// Models k8s.io/apimachinery/pkg/apis/meta/v1/helpers.go `LabelSelectorAsSelector`.
#[must_use]
pub fn matches(selector: &LabelSelector, labels: &Labels) -> bool {
    matches_map(&selector.match_labels, labels)
        && selector.match_expressions.iter().all(|requirement| meets(requirement, labels))
}

/// Whether labels meet one of matchExpressions. `NotIn` holds where the key is missing;
/// an unknown operator never holds.
fn meets(requirement: &Requirement, labels: &Labels) -> bool {
    let value = label(labels, &requirement.key);
    match &*requirement.operator {
        "In" => value.is_some_and(|v| requirement.values.contains(v)),
        "NotIn" => value.is_none_or(|v| !requirement.values.contains(v)),
        "Exists" => value.is_some(),
        "DoesNotExist" => value.is_none(),
        _ => false,
    }
}
