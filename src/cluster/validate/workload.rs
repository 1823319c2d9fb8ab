//! Deployment, ReplicaSet, StatefulSet and DaemonSet.
//! Models pkg/apis/apps/validation/validation.go, as far as it is about the pods that are made.

use super::names::{dns1123_label, dns1123_subdomain};
use super::{At, BadValue, Errors, FieldError, Gates, metadata, pod};
use crate::manifest::metadata::label;
use crate::manifest::workload::{LabelSelector, Workload, WorkloadKind};
use crate::manifest::{Labels, Metadata, Tree};

/// Every reason to refuse a workload that is made.
#[must_use]
pub fn create(metadata: &Metadata, workload: &Workload, tree: &Tree, _gates: Gates) -> Vec<FieldError> {
    let rule = match workload.kind {
        // The names of its pods are made from it and are DNS labels.
        WorkloadKind::StatefulSet => dns1123_label,
        _ => dns1123_subdomain,
    };
    let mut errors = Errors { list: metadata::create(metadata, true, rule) };
    let path = At::of("spec");
    if let Some(replicas) = workload.replicas.filter(|&n| n < 0) {
        let detail = "must be greater than or equal to 0";
        errors.invalid(path.field("replicas"), BadValue::Int(replicas), detail);
    }
    let field = path.field("selector");
    let selector = &workload.selector;
    // A ReplicationController without one takes the template's labels.
    let defaulted = workload.kind == WorkloadKind::ReplicationController;
    let written = defaulted || tree.get("spec").and_then(|s| s.get("selector")).is_some();
    let empty = selector.match_labels.is_empty() && selector.match_expressions.is_empty();
    if !written || (defaulted && empty) {
        errors.required(field, "");
    } else {
        metadata::selector(&mut errors, selector, &field);
        if empty {
            let kind = match workload.kind {
                // Upstream says "deployment" of a ReplicaSet, too.
                WorkloadKind::Deployment | WorkloadKind::ReplicaSet | WorkloadKind::ReplicationController => {
                    "deployment"
                }
                WorkloadKind::StatefulSet => "statefulset",
                WorkloadKind::DaemonSet => "daemonset",
            };
            let detail = format!("empty selector is invalid for {kind}");
            errors.invalid(field, BadValue::Json("{}".to_owned()), &detail);
        }
    }
    let template = path.field("template");
    let metadata = template.field("metadata");
    let labels = metadata.field("labels");
    if written && !empty && !matches(selector, &workload.template_metadata.labels) {
        let value = BadValue::Map(workload.template_metadata.labels.clone());
        errors.invalid(labels, value, "`selector` does not match template `labels`");
    }
    metadata::labels(&mut errors, &workload.template_metadata.labels, &labels);
    pod::spec(&mut errors, &workload.template, &template.field("spec"));
    restart_policy(&mut errors, tree, &template.field("spec").field("restartPolicy"));
    errors.list
}

fn restart_policy(errors: &mut Errors, tree: &Tree, path: &At<'_>) {
    let written = ["spec", "template", "spec", "restartPolicy"]
        .iter()
        .try_fold(tree, |here, field| here.get(field))
        .and_then(Tree::text);
    if let Some(policy) = written.filter(|policy| &***policy != "Always") {
        errors.unsupported(*path, policy, &["Always"]);
    }
}

/// Whether a selector selects labels. Models metav1.LabelSelectorAsSelector and labels.Selector.
#[must_use]
pub fn matches(selector: &LabelSelector, labels: &Labels) -> bool {
    selector.match_labels.iter().all(|(key, value)| label(labels, key) == Some(value))
        && selector.match_expressions.iter().all(|requirement| {
            let found = label(labels, &requirement.key);
            match &*requirement.operator {
                "In" => found.is_some_and(|value| requirement.values.contains(value)),
                // A missing key is not in any list.
                "NotIn" => found.is_none_or(|value| !requirement.values.contains(value)),
                "Exists" => found.is_some(),
                "DoesNotExist" => found.is_none(),
                _ => false,
            }
        })
}
