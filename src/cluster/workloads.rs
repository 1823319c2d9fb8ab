//! What Deployments, ReplicaSets, StatefulSets and DaemonSets make: ReplicaSets and
//! pods that are to be placed ([`PlannedPod`]). Live objects of the text that a
//! workload has already made are not made again.

use super::hash::{Hash, suffixed, template_hash};
use super::pods::{PlannedPod, fits};
use super::{Node, Origin, PodFate, PodFates, Workload, defaults, selector};
use crate::manifest::metadata::{Labels, OwnerReference, label};
use crate::manifest::pod::PodSpec;
use crate::manifest::workload::WorkloadKind;
use crate::manifest::{self, Body, FieldPath, Metadata, Object, ObjectRef, Tree, Value, constant, joined};
use crate::map::Map;
use std::rc::Rc;

/// The label that tells the pods of one template from those of the next.
pub const POD_TEMPLATE_HASH: &str = "pod-template-hash";

/// No more pods than this are made for one text: a cluster of this size is no longer looked at pod by pod.
pub const PODS_LIMIT: usize = 5_000;

/// Live objects of the text by who made them.
struct Live<'a> {
    /// Pods by namespace.
    pods: Map<&'a str, Vec<&'a Rc<Object>>>,
    /// ReplicaSets by namespace and owning Deployment.
    replica_sets: Map<(&'a str, &'a str), Vec<&'a Rc<Object>>>,
}

fn controller(metadata: &Metadata) -> Option<&OwnerReference> {
    metadata.owner_references.iter().find(|o| o.controller).or_else(|| metadata.owner_references.first())
}

/// Workloads of the cluster and the pods that they make.
#[derive(Default)]
pub(super) struct Made {
    pub(super) workloads: Vec<Workload>,
    pub(super) pods: Vec<PlannedPod>,
    /// Pods that were wanted beyond [`PODS_LIMIT`].
    pub(super) left_out: usize,
}

/// Makes what the workloads of the text want.
pub(super) fn make(objects: &[(u32, Rc<Object>)], nodes: &[Node], fates: &PodFates) -> Made {
    let mut live = Live { pods: Map::new(), replica_sets: Map::new() };
    for (_, object) in objects {
        match &object.body {
            Body::Pod(_) => live.pods.get_or_default(&object.id.namespace).push(object),
            Body::Workload(w) if w.kind == WorkloadKind::ReplicaSet => {
                if let Some(owner) = controller(&object.metadata).filter(|o| &*o.kind == "Deployment") {
                    live.replica_sets.get_or_default((&object.id.namespace, &owner.name)).push(object);
                }
            }
            _ => {}
        }
    }
    let mut made = Made::default();
    for (_, object) in objects {
        let Body::Workload(workload) = &object.body else { continue };
        let text = Workload {
            id: object.id.clone(),
            origin: Origin::Text,
            metadata: object.metadata.clone(),
            workload: workload.clone(),
        };
        let mut spec = (*workload.template).clone();
        defaults::pod_spec(&mut spec);
        let maker = Maker { live: &live, nodes, fates, object, spec: spec.into() };
        match workload.kind {
            WorkloadKind::Deployment => {
                let existing = live.replica_sets.contains_key(&(&*object.id.namespace, &*object.id.name));
                made.workloads.push(text);
                // Its ReplicaSets stand in the text and make the pods themselves.
                if !existing {
                    maker.deployment(workload, &mut made);
                }
            }
            WorkloadKind::ReplicaSet | WorkloadKind::ReplicationController => {
                made.workloads.push(text);
                let labels = Rc::new(workload.template_metadata.labels.clone());
                maker.replicas(workload, &object.id, &labels, &mut made);
            }
            WorkloadKind::StatefulSet => {
                made.workloads.push(text);
                maker.stateful_set(workload, &mut made);
            }
            WorkloadKind::DaemonSet => {
                made.workloads.push(text);
                maker.daemon_set(workload, &mut made);
            }
        }
    }
    made
}

struct Maker<'a> {
    live: &'a Live<'a>,
    nodes: &'a [Node],
    fates: &'a PodFates,
    object: &'a Rc<Object>,
    /// What all its pods are: the template with its defaults.
    spec: Rc<PodSpec>,
}

impl Maker<'_> {
    /// Models pkg/controller/deployment/sync.go `getNewReplicaSet`.
    fn deployment(&self, workload: &Rc<manifest::Workload>, made: &mut Made) {
        let id = &self.object.id;
        let hash: Rc<str> = self.live_template_hash(workload).unwrap_or_else(|| self.template_hash(workload));
        let with_hash = |labels: &Labels| {
            let mut labels: Labels =
                labels.iter().filter(|(k, _)| &**k != POD_TEMPLATE_HASH).cloned().collect();
            labels.push((constant(POD_TEMPLATE_HASH), hash.clone()));
            labels
        };
        let name = joined(&[&id.name, "-", &hash]);
        let mut replica_set = (**workload).clone();
        replica_set.kind = WorkloadKind::ReplicaSet;
        replica_set.selector.match_labels = with_hash(&workload.selector.match_labels);
        replica_set.template_metadata.labels = with_hash(&workload.template_metadata.labels);
        let replica_set_id =
            ObjectRef { kind: constant("ReplicaSet"), namespace: id.namespace.clone(), name: name.clone() };
        let labels = Rc::new(replica_set.template_metadata.labels.clone());
        self.replicas(&replica_set, &replica_set_id, &labels, made);
        made.workloads.push(Workload {
            id: replica_set_id,
            origin: Origin::Controller(id.clone()),
            metadata: Metadata {
                name,
                namespace: Some(id.namespace.clone()),
                labels: replica_set.template_metadata.labels.clone(),
                owner_references: vec![owner(id)],
                ..Metadata::default()
            }
            .into(),
            workload: replica_set.into(),
        });
    }

    /// Pods of the text say which hash their cluster gave the template.
    fn live_template_hash(&self, workload: &manifest::Workload) -> Option<Rc<str>> {
        let id = &self.object.id;
        self.live.pods.get(&*id.namespace)?.iter().find_map(|pod| {
            let hash = label(&pod.metadata.labels, POD_TEMPLATE_HASH)?;
            let of_this = match controller(&pod.metadata) {
                Some(owner) => {
                    &*owner.kind == "ReplicaSet"
                        && owner.name.strip_prefix(&*id.name)?.strip_prefix('-')? == &**hash
                }
                None => pod.id.name.strip_prefix(&*id.name)?.strip_prefix('-')?.starts_with(&**hash),
            };
            (of_this && selector::matches(&workload.selector, &pod.metadata.labels)).then(|| hash.clone())
        })
    }

    /// Models pkg/controller/controller_utils.go `ComputeHash`: the whole template counts.
    fn template_hash(&self, workload: &manifest::Workload) -> Rc<str> {
        let mut hash = Hash::new();
        for (key, value) in &workload.template_metadata.labels {
            hash = hash.text(key).text(value);
        }
        if let Some(template) = self.object.tree.get("spec").and_then(|spec| spec.get("template")) {
            hash = hash_tree(hash, template, 0);
        }
        template_hash(hash.finish())
    }

    /// Live pods of the text that a workload has made, disturbed ones left out.
    fn existing(&self, workload: &manifest::Workload, id: &ObjectRef) -> Vec<&Rc<Object>> {
        let Some(pods) = self.live.pods.get(&*id.namespace) else { return Vec::new() };
        // The owner first: of many workloads it is the one thing that few pods share.
        let belongs = |pod: &&&Rc<Object>| {
            let owned = match controller(&pod.metadata) {
                Some(owner) => owner.name == id.name && *owner.kind == *id.kind,
                None => label(&pod.metadata.labels, POD_TEMPLATE_HASH).is_some(),
            };
            owned && selector::matches(&workload.selector, &pod.metadata.labels)
        };
        pods.iter().filter(belongs).copied().collect()
    }

    fn fate(&self, namespace: &Rc<str>, name: &Rc<str>) -> Option<&PodFate> {
        self.fates.get(&(namespace.clone(), name.clone()))
    }

    /// Models pkg/controller/replicaset/replica_set.go `manageReplicas`: terminating pods no longer count.
    fn replicas(&self, workload: &manifest::Workload, id: &ObjectRef, labels: &Rc<Labels>, made: &mut Made) {
        let wanted = wanted(workload);
        let existing = self
            .existing(workload, id)
            .iter()
            .filter(|pod| {
                let fate = self.fate(&pod.id.namespace, &pod.id.name);
                pod.metadata.deletion_timestamp.is_none() && fate.is_none_or(|f| !f.gone && !f.terminating)
            })
            .count();
        for slot in existing..wanted {
            if made.full(wanted - slot) {
                return;
            }
            self.slot(id, labels, slot as u64, None, made);
        }
    }

    /// One slot: the pod that lives in it, and those that are still terminating.
    fn slot(&self, id: &ObjectRef, labels: &Rc<Labels>, slot: u64, node: Option<&Rc<str>>, made: &mut Made) {
        let key = Hash::new().text(&id.kind).text(&id.namespace).text(&id.name);
        let key = node.map_or_else(|| key.number(slot), |node| key.text(node));
        for generation in 0..=self.fates.len() as u64 {
            let name = suffixed(&id.name, "-", key.number(generation).finish());
            let fate = self.fate(&id.namespace, &name);
            if fate.is_some_and(|f| f.gone) {
                continue;
            }
            let stays = fate.is_none_or(|f| !f.terminating);
            made.pods.push(self.planned(id, labels.clone(), name, slot, node));
            // A DaemonSet waits until the pod is gone: two would fight for the node.
            if stays || node.is_some() {
                return;
            }
        }
    }

    /// Models pkg/controller/statefulset/stateful_set_utils.go `newStatefulSetPod`.
    fn stateful_set(&self, workload: &manifest::Workload, made: &mut Made) {
        let id = &self.object.id;
        let wanted = wanted(workload);
        let existing = self.existing(workload, id);
        for slot in 0..wanted {
            let name: Rc<str> = format!("{}-{slot}", id.name).into();
            let alive = |pod: &&Rc<Object>| {
                pod.id.name == name && self.fate(&id.namespace, &name).is_none_or(|f| !f.gone)
            };
            if existing.iter().any(alive) {
                continue;
            }
            if made.full(wanted - slot) {
                return;
            }
            let mut labels = workload.template_metadata.labels.clone();
            labels.push((constant("apps.kubernetes.io/pod-index"), slot.to_string().into()));
            labels.push((constant("statefulset.kubernetes.io/pod-name"), name.clone()));
            let mut pod = self.planned(id, labels.into(), name.clone(), slot as u64, None);
            pod.generation = self.fate(&id.namespace, &name).map_or(0, |f| u32::from(f.gone) + f.earlier);
            let spec = Rc::make_mut(&mut pod.spec);
            spec.hostname = Some(name);
            spec.subdomain = workload.service_name.clone().filter(|s| !s.is_empty());
            made.pods.push(pod);
        }
    }

    /// Models pkg/controller/daemon/daemon_controller.go `NodeShouldRunDaemonPod`.
    fn daemon_set(&self, workload: &manifest::Workload, made: &mut Made) {
        let id = &self.object.id;
        let existing = self.existing(workload, id);
        let labels = Rc::new(workload.template_metadata.labels.clone());
        for (slot, node) in
            self.nodes.iter().filter(|n| n.schedulable && fits(&workload.template, n)).enumerate()
        {
            let covered = existing.iter().any(|pod| {
                let Body::Pod(body) = &pod.body else { return false };
                body.spec.node_name.as_ref() == Some(&node.id.name)
                    && self.fate(&pod.id.namespace, &pod.id.name).is_none_or(|f| !f.gone)
            });
            if covered {
                continue;
            }
            if made.full(1) {
                continue;
            }
            self.slot(id, &labels, slot as u64, Some(&node.id.name), made);
        }
    }

    fn planned(
        &self,
        id: &ObjectRef,
        labels: Rc<Labels>,
        name: Rc<str>,
        slot: u64,
        node: Option<&Rc<str>>,
    ) -> PlannedPod {
        let mut spec = self.spec.clone();
        if let Some(node) = node {
            Rc::make_mut(&mut spec).node_name = Some(node.clone());
        }
        PlannedPod {
            id: ObjectRef { kind: constant("Pod"), namespace: id.namespace.clone(), name },
            origin: Origin::Controller(id.clone()),
            written_in: (self.object.id.clone(), FieldPath::of("spec.template")),
            labels,
            spec,
            status: None,
            terminating: false,
            owner: Hash::new().text(&id.namespace).text(&self.object.id.name).finish(),
            slot,
            generation: 0,
        }
    }
}

impl Made {
    fn full(&mut self, wanted: usize) -> bool {
        let full = self.pods.len() >= PODS_LIMIT;
        if full {
            self.left_out += wanted;
        }
        full
    }
}

fn wanted(workload: &manifest::Workload) -> usize {
    usize::try_from(defaults::replicas(workload.kind, workload.replicas)).unwrap_or(0)
}

fn owner(id: &ObjectRef) -> OwnerReference {
    OwnerReference { kind: id.kind.clone(), name: id.name.clone(), controller: true }
}

/// Values only: moving a template in the text changes nothing.
fn hash_tree(hash: Hash, tree: &Tree, depth: u32) -> Hash {
    if depth > 64 {
        return hash;
    }
    match &tree.value {
        Value::Null => hash.text("null"),
        Value::Bool(value) => hash.number(u64::from(*value)),
        Value::Int(value) => hash.number(*value as u64),
        Value::Float(value) => hash.number(value.to_bits()),
        Value::Text(value) => hash.text(value),
        Value::List(items) => items.iter().fold(hash.text("["), |h, item| hash_tree(h, item, depth + 1)),
        Value::Map(entries) => {
            entries.iter().fold(hash.text("{"), |h, e| hash_tree(h.text(&e.key), &e.value, depth + 1))
        }
    }
}
