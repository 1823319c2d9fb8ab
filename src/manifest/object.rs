//! A document's tree → objects: identity, metadata, body. Lists are taken apart.

use super::decode::text_or_empty;
use super::read::problem;
use super::tree::{Tree, Value};
use super::{
    Body, EndpointSlice, Endpoints, Ingress, IngressClass, Metadata, Node, Object, ObjectRef, Pod, Service,
    Workload,
};
use crate::diagnostic::Diagnostic;
use crate::manifest::workload::WorkloadKind;
use std::rc::Rc;

/// Adds the objects of a document.
pub fn collect(tree: Tree, objects: &mut Vec<Rc<Object>>, diagnostics: &mut Vec<Diagnostic>) {
    collect_as(tree, "", "", objects, diagnostics, 0);
}

fn collect_as(
    tree: Tree,
    kind_if_missing: &str,
    version_if_missing: &str,
    objects: &mut Vec<Rc<Object>>,
    diagnostics: &mut Vec<Diagnostic>,
    level: u32,
) {
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
                    collect_as(item, item_kind, item_version, objects, diagnostics, level + 1);
                }
            }
        }
        return;
    }
    let kind = if kind.is_empty() { kind_if_missing.into() } else { kind };
    let api_version = if api_version.is_empty() { version_if_missing.into() } else { api_version };
    if kind.is_empty() || api_version.is_empty() {
        let field = if kind.is_empty() { "Kind" } else { "apiVersion" };
        diagnostics.push(problem(
            "schema/missing-kind",
            format!("Object '{field}' is missing"),
            tree.locate(&Default::default()),
        ));
        if kind.is_empty() {
            return;
        }
    }
    objects.push(Rc::new(object(tree, kind, api_version)));
}

fn object(tree: Tree, kind: Rc<str>, api_version: Rc<str>) -> Object {
    let metadata = tree.get("metadata").map(Metadata::decode).unwrap_or_default();
    let namespace: Rc<str> = if is_cluster_scoped(&kind) {
        "".into()
    } else {
        metadata.namespace.clone().filter(|n| !n.is_empty()).unwrap_or_else(|| "default".into())
    };
    let id = ObjectRef { kind, namespace, name: metadata.name.clone() };
    let body = body(&tree, &api_version, &id.kind);
    Object { id, api_version, metadata, body, tree: Rc::new(tree) }
}

fn body(tree: &Tree, api_version: &str, kind: &str) -> Body {
    match (api_version, kind) {
        ("v1", "Pod") => Body::Pod(Pod::decode(tree)),
        ("v1", "Service") => Body::Service(Service::decode(tree)),
        ("v1", "Endpoints") => Body::Endpoints(Endpoints::decode(tree)),
        ("discovery.k8s.io/v1", "EndpointSlice") => Body::EndpointSlice(EndpointSlice::decode(tree)),
        ("apps/v1", "Deployment") => Body::Workload(Workload::decode(tree, WorkloadKind::Deployment)),
        ("apps/v1", "ReplicaSet") => Body::Workload(Workload::decode(tree, WorkloadKind::ReplicaSet)),
        ("apps/v1", "StatefulSet") => Body::Workload(Workload::decode(tree, WorkloadKind::StatefulSet)),
        ("apps/v1", "DaemonSet") => Body::Workload(Workload::decode(tree, WorkloadKind::DaemonSet)),
        ("networking.k8s.io/v1", "Ingress") => Body::Ingress(Ingress::decode(tree)),
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
