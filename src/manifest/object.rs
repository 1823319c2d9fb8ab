//! A document's tree → objects: identity, metadata, body. Lists are taken apart.

use super::decode::text_or_empty;
use super::read::problem;
use super::schema::{self, kinds};
use super::tree::{Tree, Value};
use super::{
    Body, Document, EndpointSlice, Endpoints, FieldPath, Ingress, IngressClass, Metadata, Node, Object,
    ObjectRef, Pod, Service, Workload, constant,
};
use crate::diagnostic::{Diagnostic, Fix, Severity};
use crate::manifest::workload::WorkloadKind;
use std::rc::Rc;

/// Adds the objects of a document.
pub fn collect(tree: Tree, document: &mut Document) {
    collect_as(tree, "", "", document, 0);
}

/// What the schema says of an object; spans count from its document's first byte.
pub fn check(object: &Object) -> Vec<Diagnostic> {
    let type_ = schema::schema().kind(&object.api_version, &object.id.kind);
    // What the schema has is served.
    let unserved = if type_.is_some() { None } else { served(object) };
    unserved.into_iter().chain(schema::check(object, type_)).collect()
}

fn collect_as(
    tree: Tree,
    kind_if_missing: &str,
    version_if_missing: &str,
    document: &mut Document,
    level: u32,
) {
    let diagnostics = &mut document.diagnostics;
    if matches!(tree.value, Value::Null) {
        return;
    }
    if !matches!(tree.value, Value::Map(_)) {
        let what = match tree.value {
            Value::List(_) => "a list",
            Value::Text(_) => "text",
            _ => "a single value",
        };
        diagnostics.push(problem(
            "schema/not-an-object",
            format!("a Kubernetes object is a map with apiVersion, kind and metadata; this is {what}"),
            tree.span,
        ));
        return;
    }
    let kind = text_or_empty(&tree, "kind");
    let api_version = text_or_empty(&tree, "apiVersion");
    if kind.ends_with("List")
        && level < 4
        && tree.get("items").is_some_and(|i| matches!(i.value, Value::List(_)))
    {
        let item_kind = kind.strip_suffix("List").unwrap_or("");
        let item_version = if item_kind.is_empty() { "" } else { &*api_version };
        let Value::Map(entries) = tree.value else { return };
        for entry in entries {
            if &*entry.key == "items"
                && let Value::List(items) = entry.value.value
            {
                for item in items {
                    collect_as(item, item_kind, item_version, document, level + 1);
                }
            }
        }
        return;
    }
    let kind = if kind.is_empty() { kind_if_missing.into() } else { kind };
    let api_version = if api_version.is_empty() { version_if_missing.into() } else { api_version };
    if kind.is_empty() || api_version.is_empty() {
        let (word, field) = if kind.is_empty() { ("Kind", "kind") } else { ("apiVersion", "apiVersion") };
        let path = FieldPath::parse(field);
        let mut problem = problem(
            "schema/missing-kind",
            format!("Object '{word}' is missing in this document"),
            tree.locate(&path),
        );
        problem.hint =
            "Every object says its apiVersion and kind, as in: apiVersion: v1, kind: Service.".into();
        problem.path = path;
        diagnostics.push(problem);
        return;
    }
    if api_version.starts_with("kustomize.config.k8s.io/") {
        let mut note = problem(
            "schema/not-an-object",
            format!("{kind} is for kustomize to read; it is no object of the cluster"),
            tree.locate(&FieldPath::of("kind")),
        );
        note.severity = Severity::Info;
        diagnostics.push(note);
        return;
    }
    let object = object(tree, kind, api_version);
    if object.id.name.is_empty() && object.metadata.generate_name.is_none() {
        let mut problem = problem(
            "schema/missing-name",
            "resource name may not be empty".into(),
            object.tree.locate(&FieldPath::of("metadata.name")),
        );
        problem.hint = "Give it a name: metadata.name.".into();
        problem.path = FieldPath::of("metadata.name");
        problem.object = Some(object.id.clone());
        diagnostics.push(problem);
        document.nameless.push(Rc::new(object));
        return;
    }
    document.objects.push(Rc::new(object));
}

fn object(tree: Tree, kind: Rc<str>, api_version: Rc<str>) -> Object {
    let metadata = Rc::new(tree.get("metadata").map(Metadata::decode).unwrap_or_default());
    let namespace = if is_cluster_scoped(&kind) {
        constant("")
    } else {
        metadata.namespace.clone().filter(|n| !n.is_empty()).unwrap_or_else(|| constant("default"))
    };
    let id = ObjectRef { kind, namespace, name: metadata.name.clone() };
    let body = body(&tree, &api_version, &id.kind);
    Object { id, api_version, metadata, body, tree: Rc::new(tree) }
}

/// What is wrong where the API server does not serve such a kind in such a version.
fn served(object: &Object) -> Option<Diagnostic> {
    let (kind, version) = (&object.id.kind, &object.api_version);
    let problem_found = schema::kinds::problem(version, kind)?;
    let field = match &problem_found {
        kinds::Problem::Unknown { version: "", .. } => "kind",
        _ => "apiVersion",
    };
    let span = object.tree.get(field).map_or(object.tree.span, |value| value.span);
    let mut problem = problem(
        "schema/unknown-kind",
        format!("no matches for kind \"{kind}\" in version \"{version}\""),
        span,
    );
    let better = match problem_found {
        kinds::Problem::Removed { in_version, now: "" } => {
            problem.hint = format!("Kubernetes {in_version} removed it, and nothing took its place.");
            ""
        }
        kinds::Problem::Removed { in_version, now } => {
            problem.hint = format!("Kubernetes {in_version} removed it; it is in {now} now.");
            now
        }
        kinds::Problem::Unknown { version, .. } if !version.is_empty() => {
            problem.hint = format!("{kind} is in {version}.");
            version
        }
        kinds::Problem::Unknown { kind, .. } if !kind.is_empty() => {
            problem.hint = format!("Did you mean {kind}?");
            kind
        }
        kinds::Problem::Unknown { .. } => "",
    };
    if !better.is_empty() && object.tree.get(field).is_some() {
        problem.fixes.push(Fix { title: format!("Change to {better}"), edits: vec![(span, better.into())] });
    }
    problem.path = FieldPath::parse(field);
    problem.object = Some(object.id.clone());
    Some(problem)
}

fn body(tree: &Tree, api_version: &str, kind: &str) -> Body {
    match (api_version, kind) {
        ("v1", "Pod") => Body::Pod(Pod::decode(tree)),
        ("v1", "Service") => Body::Service(Service::decode(tree)),
        ("v1", "Endpoints") => Body::Endpoints(Endpoints::decode(tree)),
        ("discovery.k8s.io/v1", "EndpointSlice") => Body::EndpointSlice(EndpointSlice::decode(tree)),
        ("apps/v1", "Deployment") => Body::Workload(Workload::decode(tree, WorkloadKind::Deployment).into()),
        ("apps/v1", "ReplicaSet") => Body::Workload(Workload::decode(tree, WorkloadKind::ReplicaSet).into()),
        ("apps/v1", "StatefulSet") => {
            Body::Workload(Workload::decode(tree, WorkloadKind::StatefulSet).into())
        }
        ("apps/v1", "DaemonSet") => Body::Workload(Workload::decode(tree, WorkloadKind::DaemonSet).into()),
        ("v1", "ReplicationController") => {
            Body::Workload(Workload::decode(tree, WorkloadKind::ReplicationController).into())
        }
        ("networking.k8s.io/v1", "Ingress") => Body::Ingress(Ingress::decode(tree).into()),
        ("networking.k8s.io/v1", "IngressClass") => Body::IngressClass(IngressClass::decode(tree)),
        ("v1", "Namespace") => Body::Namespace,
        ("v1", "Node") => Body::Node(Node::decode(tree)),
        _ => Body::Other,
    }
}

/// Whether objects of a kind live outside namespaces. Kinds nobody here knows are taken to live in one.
#[must_use]
pub fn is_cluster_scoped(kind: &str) -> bool {
    matches!(
        kind,
        "Node"
            | "Namespace"
            | "PersistentVolume"
            | "IngressClass"
            | "GatewayClass"
            | "StorageClass"
            | "RuntimeClass"
            | "PriorityClass"
            | "DeviceClass"
            | "VolumeAttributesClass"
            | "ClusterRole"
            | "ClusterRoleBinding"
            | "ClusterIssuer"
            | "CustomResourceDefinition"
            | "APIService"
            | "CSIDriver"
            | "CSINode"
            | "VolumeAttachment"
            | "MutatingWebhookConfiguration"
            | "ValidatingWebhookConfiguration"
            | "ValidatingAdmissionPolicy"
            | "ValidatingAdmissionPolicyBinding"
            | "MutatingAdmissionPolicy"
            | "MutatingAdmissionPolicyBinding"
            | "CertificateSigningRequest"
            | "ClusterTrustBundle"
            | "FlowSchema"
            | "PriorityLevelConfiguration"
            | "ServiceCIDR"
            | "IPAddress"
            | "PodSecurityPolicy"
            | "ComponentStatus"
            | "AdminNetworkPolicy"
            | "BaselineAdminNetworkPolicy"
            | "ResourceSlice"
            | "StorageVersion"
            | "StorageVersionMigration"
    )
}

/// Whether an annotation is the word `true`.
pub(super) fn annotated(tree: &Tree, key: &str) -> bool {
    tree.get("metadata")
        .and_then(|m| m.get("annotations"))
        .and_then(|a| a.get(key))
        .and_then(Tree::text)
        .is_some_and(|text| &**text == "true")
}
