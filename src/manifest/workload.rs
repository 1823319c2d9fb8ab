//! Deployment, ReplicaSet, StatefulSet, DaemonSet and ReplicationController: makers of pods.

use super::decode::{int, labels, list, map, text, text_or_empty, texts};
use super::metadata::{Labels, Metadata};
use super::pod::PodSpec;
use super::tree::Tree;
use serde::Serialize;
use std::rc::Rc;

/// Which maker of pods.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum WorkloadKind {
    /// apps/v1 Deployment
    Deployment,
    /// apps/v1 ReplicaSet
    ReplicaSet,
    /// apps/v1 StatefulSet
    StatefulSet,
    /// apps/v1 DaemonSet
    DaemonSet,
    /// v1 ReplicationController, which ReplicaSets came after
    ReplicationController,
}

/// A maker of pods, as written.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Workload {
    /// Which one.
    pub kind: WorkloadKind,
    /// spec.replicas; 1 where missing. Not for DaemonSet.
    pub replicas: Option<i64>,
    /// spec.selector
    pub selector: LabelSelector,
    /// spec.template.metadata
    pub template_metadata: Metadata,
    /// spec.template.spec
    pub template: Rc<PodSpec>,
    /// StatefulSet's spec.serviceName
    pub service_name: Option<Rc<str>>,
}

/// metav1.LabelSelector
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LabelSelector {
    /// All must be there.
    #[serde(with = "super::metadata::as_map")]
    pub match_labels: Labels,
    /// And all of these must hold.
    pub match_expressions: Vec<Requirement>,
}

/// One of matchExpressions.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Requirement {
    /// Label key.
    pub key: Rc<str>,
    /// `In`, `NotIn`, `Exists`, `DoesNotExist`
    pub operator: Rc<str>,
    /// Values.
    pub values: Vec<Rc<str>>,
}

impl Workload {
    /// Reads a whole workload.
    #[must_use]
    pub fn decode(tree: &Tree, kind: WorkloadKind) -> Self {
        let spec = map(tree, "spec");
        let template = spec.and_then(|s| map(s, "template"));
        let template_metadata =
            template.and_then(|t| map(t, "metadata")).map(Metadata::decode).unwrap_or_default();
        Self {
            kind,
            replicas: spec.and_then(|s| int(s, "replicas")),
            selector: match kind {
                // A plain map; where it is missing the template's labels stand in for it.
                WorkloadKind::ReplicationController => LabelSelector {
                    match_labels: spec
                        .and_then(|s| labels(s, "selector"))
                        .filter(|selector| !selector.is_empty())
                        .unwrap_or_else(|| template_metadata.labels.clone()),
                    match_expressions: Vec::new(),
                },
                _ => spec.and_then(|s| map(s, "selector")).map(LabelSelector::decode).unwrap_or_default(),
            },
            template_metadata,
            template: template.and_then(|t| map(t, "spec")).map(PodSpec::decode).unwrap_or_default().into(),
            service_name: spec.and_then(|s| text(s, "serviceName")),
        }
    }
}

impl LabelSelector {
    /// Reads a selector.
    #[must_use]
    pub fn decode(tree: &Tree) -> Self {
        Self {
            match_labels: labels(tree, "matchLabels").unwrap_or_default(),
            match_expressions: list(tree, "matchExpressions", |requirement| Requirement {
                key: text_or_empty(requirement, "key"),
                operator: text_or_empty(requirement, "operator"),
                values: texts(requirement, "values"),
            }),
        }
    }
}
