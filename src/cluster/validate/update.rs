//! What may not change in an object that the cluster has. Services have a file of their own
//! (`service_update`); Ingresses, Endpoints and Namespaces may change in all that is read here.

use super::{At, BadValue, Errors, FieldError};
use crate::manifest::workload::{LabelSelector, Workload, WorkloadKind};
use crate::manifest::{Body, FieldPath, Labels, Object, Tree, Value};

const IMMUTABLE: &str = "field is immutable";

/// Every reason to refuse that `old` becomes `new`, those against `new` itself aside.
#[must_use]
pub fn immutable(old: &Object, new: &Object) -> Vec<FieldError> {
    let mut errors = Errors::new();
    match (&old.body, &new.body) {
        (Body::Workload(before), Body::Workload(after)) => {
            workload(&mut errors, (before, &old.tree), (after, &new.tree));
        }
        (Body::Pod(_), Body::Pod(_)) => pod(&mut errors, &old.tree, &new.tree),
        (Body::EndpointSlice(before), Body::EndpointSlice(after)) => {
            errors.list = super::endpointslice::immutable(before, after);
        }
        // Models pkg/apis/networking/validation/validation.go ValidateIngressClassUpdate.
        (Body::IngressClass(before), Body::IngressClass(after)) if before.controller != after.controller => {
            let value = BadValue::optional(after.controller.as_ref());
            errors.invalid(At::of("spec.controller"), value, IMMUTABLE);
        }
        // Models pkg/apis/core/validation/validation.go ValidateNodeUpdate.
        (Body::Node(before), Body::Node(after))
            if !before.pod_cidrs.is_empty() && before.pod_cidrs != after.pod_cidrs =>
        {
            let detail = "node updates may not change podCIDR except from \"\" to valid";
            errors.forbidden(At::of("spec.podCIDRs"), detail);
        }
        _ => {}
    }
    errors.list
}

/// Takes out what only a new object is refused for.
pub fn forgive(old: &Object, new: &Object, errors: &mut Vec<FieldError>) {
    match (&old.body, &new.body) {
        (Body::EndpointSlice(before), Body::EndpointSlice(after)) => {
            super::endpointslice::forgive(before, after, errors);
        }
        // Models pkg/apis/networking/validation/validation.go: ValidateIngressCreate alone compares
        // the class with the annotation.
        (Body::Ingress(_), Body::Ingress(_)) => {
            errors.retain(|error| !error.field.starts_with("annotations"))
        }
        _ => {}
    }
}

/// Models pkg/registry/apps/{deployment,replicaset,daemonset}/strategy.go `ValidateUpdate`
/// and pkg/apis/apps/validation/validation.go ValidateStatefulSetUpdate.
fn workload(errors: &mut Errors, old: (&Workload, &Tree), new: (&Workload, &Tree)) {
    match new.0.kind {
        WorkloadKind::Deployment | WorkloadKind::ReplicaSet | WorkloadKind::DaemonSet => {
            let (before, after) = (&old.0.selector, &new.0.selector);
            if before != after {
                let field = At::of("spec.selector");
                errors.invalid(field, BadValue::Json(selector_json(after)), IMMUTABLE);
                if let Some(at) = changed_label(&before.match_labels, &after.match_labels) {
                    errors.last_stands_at(at);
                }
            }
        }
        WorkloadKind::StatefulSet => {
            const FREE: [&str; 7] = [
                "replicas",
                "ordinals",
                "template",
                "updateStrategy",
                "revisionHistoryLimit",
                "persistentVolumeClaimRetentionPolicy",
                "minReadySeconds",
            ];
            let free = |path: &[Step<'_>], _: Option<&Tree>, new: Option<&Tree>| {
                let [_, Step::Field(first)] = path else { return false };
                FREE.contains(&&**first)
                    || &**first == "podManagementPolicy" && new.is_none_or(|v| is_text(v, "OrderedReady"))
            };
            if let Some(at) = difference(old.1, new.1, "spec", &free) {
                let detail = "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden";
                errors.forbidden(At::of("spec"), detail);
                errors.last_stands_at(at);
            }
        }
        WorkloadKind::ReplicationController => {}
    }
}

/// Models pkg/apis/core/validation/validation.go ValidatePodUpdate, without the listing of
/// all that differs that it appends.
fn pod(errors: &mut Errors, old: &Tree, new: &Tree) {
    let free = |path: &[Step<'_>], old: Option<&Tree>, new: Option<&Tree>| match path {
        [_, Step::Field(list), Step::Index(_), Step::Field(field)]
            if matches!(&**list, "containers" | "initContainers") && &**field == "image" =>
        {
            true
        }
        [_, Step::Field(field)] => match &**field {
            "activeDeadlineSeconds" => new.is_some(),
            // One may be added, none changed or taken away.
            "tolerations" => {
                let after = new.map_or(&[][..], Tree::items);
                let stays = |one: &Tree| after.iter().any(|other| other.says_the_same(one));
                old.map_or(&[][..], Tree::items).iter().all(stays)
            }
            "restartPolicy" => either(old, new, "Always"),
            "dnsPolicy" => either(old, new, "ClusterFirst"),
            "schedulerName" => either(old, new, "default-scheduler"),
            _ => false,
        },
        [.., Step::Field(field)] => match &**field {
            "protocol" => either(old, new, "TCP"),
            "terminationMessagePath" => either(old, new, "/dev/termination-log"),
            "terminationMessagePolicy" => either(old, new, "File"),
            _ => false,
        },
        _ => false,
    };
    if let Some(at) = difference(old, new, "spec", &free) {
        let detail = "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)";
        errors.forbidden(At::of("spec"), detail);
        errors.last_stands_at(at);
    }
}

fn is_text(value: &Tree, word: &str) -> bool {
    value.text().is_some_and(|text| &**text == word)
}

/// Whether a field goes from missing to its default, or back.
fn either(old: Option<&Tree>, new: Option<&Tree>, default: &str) -> bool {
    let fits = |value: Option<&Tree>| value.is_none_or(|value| is_text(value, default));
    fits(old) && fits(new)
}

/// The only label that differs, where there is only one.
fn changed_label(old: &Labels, new: &Labels) -> Option<FieldPath> {
    let mut changed = new.iter().filter(|pair| !old.contains(pair));
    let (key, _) = changed.next()?;
    changed.next().is_none().then(|| FieldPath::of("spec.selector.matchLabels").key(key))
}

/// As the API server prints it.
fn selector_json(selector: &LabelSelector) -> String {
    let mut parts = Vec::new();
    if !selector.match_labels.is_empty() {
        parts.push(format!("\"matchLabels\":{}", BadValue::Map(selector.match_labels.clone())));
    }
    if !selector.match_expressions.is_empty() {
        let each = selector.match_expressions.iter().map(|one| {
            let mut text = format!(
                "{{\"key\":{},\"operator\":{}",
                BadValue::Text(one.key.clone()),
                BadValue::Text(one.operator.clone())
            );
            if !one.values.is_empty() {
                text.push_str(&format!(",\"values\":{}", BadValue::Texts(one.values.clone())));
            }
            text + "}"
        });
        parts.push(format!("\"matchExpressions\":[{}]", each.collect::<Vec<_>>().join(",")));
    }
    format!("{{{}}}", parts.join(","))
}

/// Says of a field, by its path and what it was and is, that a difference there does not count.
type Free<'a> = &'a dyn Fn(&[Step<'_>], Option<&Tree>, Option<&Tree>) -> bool;

/// A step on the way down.
enum Step<'a> {
    Field(&'a str),
    Index(usize),
}

/// Where the first difference between two objects' `field` is that counts.
fn difference(old: &Tree, new: &Tree, field: &str, free: Free) -> Option<FieldPath> {
    let mut path = vec![Step::Field(field)];
    differs(old.get(field), new.get(field), &mut path, free).then(|| {
        path.iter().fold(FieldPath::default(), |path, step| match step {
            Step::Field(name) => path.any_field(name),
            Step::Index(index) => path.index(*index),
        })
    })
}

fn differs<'a>(old: Option<&'a Tree>, new: Option<&'a Tree>, path: &mut Vec<Step<'a>>, free: Free) -> bool {
    if free(path, old, new) {
        return false;
    }
    let nothing = |value: &&Tree| match &value.value {
        Value::Null => true,
        Value::List(items) => items.is_empty(),
        Value::Map(entries) => entries.is_empty(),
        _ => false,
    };
    let (old, new) = (old.filter(|v| !nothing(v)), new.filter(|v| !nothing(v)));
    match (old, new) {
        (None, None) => false,
        (Some(Tree { value: Value::Map(_), .. }) | None, Some(Tree { value: Value::Map(_), .. }) | None) => {
            fn keys(tree: Option<&Tree>) -> impl Iterator<Item = &str> {
                tree.into_iter().flat_map(Tree::entries).map(|entry| &*entry.key)
            }
            let before = keys(old).filter(|key| new.is_none_or(|new| new.get(key).is_none()));
            for key in keys(new).chain(before) {
                path.push(Step::Field(key));
                let get = |tree: Option<&'a Tree>| tree?.get(key);
                if differs(get(old), get(new), path, free) {
                    return true;
                }
                path.pop();
            }
            false
        }
        (Some(Tree { value: Value::List(before), .. }), Some(Tree { value: Value::List(after), .. })) => {
            for i in 0..before.len().max(after.len()) {
                path.push(Step::Index(i));
                if differs(before.get(i), after.get(i), path, free) {
                    return true;
                }
                path.pop();
            }
            false
        }
        (Some(before), Some(after)) => !before.says_the_same(after),
        _ => true,
    }
}
