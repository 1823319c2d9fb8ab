//! ObjectMeta and labels. Models apimachinery pkg/api/validation/objectmeta.go and
//! pkg/apis/meta/v1/validation/validation.go.

use super::names::{dns1123_label, label_value, mask_trailing_dash, qualified_name};
use super::{At, BadValue, ErrorKind, Errors, FieldError, Part};
use crate::manifest::workload::LabelSelector;
use crate::manifest::{Labels, Metadata};

const ANNOTATIONS_MAX_BYTES: usize = 256 * 1024;

/// Metadata of an object that is made. `rule` says what its kind's names may be.
/// Models `ValidateObjectMeta`.
#[must_use]
pub fn create(metadata: &Metadata, namespaced: bool, rule: fn(&str) -> Vec<String>) -> Vec<FieldError> {
    let mut errors = Errors::new();
    let path = At::of("metadata");
    if let Some(front) = metadata.generate_name.as_deref().filter(|g| !g.is_empty()) {
        errors.texts(&path.field("generateName"), front, rule(&mask_trailing_dash(front)));
    }
    if metadata.name.is_empty() {
        errors.required(path.field("name"), "name or generateName is required");
    } else {
        errors.texts(&path.field("name"), &metadata.name, rule(&metadata.name));
    }
    match metadata.namespace.as_deref().filter(|n| !n.is_empty()) {
        None if namespaced => errors.required(path.field("namespace"), ""),
        Some(_) if !namespaced => errors.forbidden(path.field("namespace"), "not allowed on this type"),
        Some(namespace) => errors.texts(&path.field("namespace"), namespace, dns1123_label(namespace)),
        None => {}
    }
    labels(&mut errors, &metadata.labels, &path.field("labels"));
    annotations(&mut errors, &metadata.annotations, &path.field("annotations"));
    errors.list
}

/// Labels or a map selector. The error is the map's; its place is the key or value at fault.
/// Models `ValidateLabels`.
pub(crate) fn labels(errors: &mut Errors, labels: &Labels, path: &At<'_>) {
    for (key, value) in labels {
        let at = path.key(key);
        let from = errors.list.len();
        errors.texts(path, key, qualified_name(key));
        errors.placed(from, &at, Part::Key);
        let from = errors.list.len();
        errors.texts(path, value, label_value(value));
        errors.placed(from, &at, Part::Value);
    }
}

// Models `ValidateAnnotations`.
fn annotations(errors: &mut Errors, annotations: &Labels, path: &At<'_>) {
    for (key, _) in annotations {
        let from = errors.list.len();
        // Upper and lower case are one here, upstream's only difference to labels.
        errors.texts(path, key, qualified_name(&key.to_ascii_lowercase()));
        errors.placed(from, &path.key(key), Part::Key);
    }
    if annotations.iter().map(|(k, v)| k.len() + v.len()).sum::<usize>() > ANNOTATIONS_MAX_BYTES {
        let detail = format!("may not be more than {ANNOTATIONS_MAX_BYTES} bytes");
        errors.push(FieldError::new(ErrorKind::TooLong, path.path(), BadValue::None, &detail));
    }
}

/// A label selector with expressions. Models `ValidateLabelSelector`.
pub(crate) fn selector(errors: &mut Errors, selector: &LabelSelector, path: &At<'_>) {
    labels(errors, &selector.match_labels, &path.field("matchLabels"));
    for (i, requirement) in selector.match_expressions.iter().enumerate() {
        let list = path.field("matchExpressions");
        let path = list.index(i);
        match &*requirement.operator {
            "In" | "NotIn" => {
                if requirement.values.is_empty() {
                    errors.required(
                        path.field("values"),
                        "must be specified when `operator` is 'In' or 'NotIn'",
                    );
                }
            }
            "Exists" | "DoesNotExist" => {
                if !requirement.values.is_empty() {
                    errors.forbidden(
                        path.field("values"),
                        "may not be specified when `operator` is 'Exists' or 'DoesNotExist'",
                    );
                }
            }
            other => {
                errors.invalid(path.field("operator"), BadValue::text(other), "not a valid selector operator")
            }
        }
        errors.texts(&path.field("key"), &requirement.key, qualified_name(&requirement.key));
        for (i, value) in requirement.values.iter().enumerate() {
            errors.texts(&path.field("values").index(i), value, label_value(value));
        }
    }
}
