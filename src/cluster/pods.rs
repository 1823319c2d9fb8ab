//! Placing pods on nodes, giving them addresses, and what their state is.

use super::allocate::Allocator;
use super::hash::Hash;
use super::validate::ip::parse_sloppy;
use super::{Node, Origin, Phase, Pod, PodFate, PodFates, defaults};
use crate::manifest::metadata::{Labels, label};
use crate::manifest::pod::{PodSpec, PodStatus};
use crate::manifest::{Body, FieldPath, Object, ObjectRef};
use crate::map::Map;
use std::net::IpAddr;
use std::rc::Rc;

/// A pod before it is placed.
pub(super) struct PlannedPod {
    pub(super) id: ObjectRef,
    pub(super) origin: Origin,
    pub(super) written_in: (ObjectRef, FieldPath),
    pub(super) labels: Rc<Labels>,
    pub(super) spec: Rc<PodSpec>,
    /// Of a live object.
    pub(super) status: Option<PodStatus>,
    pub(super) terminating: bool,
    /// Where to begin to look for a node: pods of one owner are spread.
    pub(super) owner: u64,
    pub(super) slot: u64,
    /// How many pods of this name went before.
    pub(super) generation: u32,
}

impl PlannedPod {
    /// A Pod of the text; `None` when it is gone.
    pub(super) fn written(object: &Object, fates: &PodFates) -> Option<Self> {
        let Body::Pod(pod) = &object.body else { return None };
        let fate = fates.get(&(object.id.namespace.clone(), object.id.name.clone()));
        if fate.is_some_and(|f| f.gone) {
            return None;
        }
        let mut spec = pod.spec.clone();
        defaults::pod_spec(&mut spec);
        let status = &pod.status;
        let live = status.phase.is_some() || !status.pod_ips.is_empty() || !status.conditions.is_empty();
        Some(Self {
            id: object.id.clone(),
            origin: Origin::Text,
            written_in: (object.id.clone(), FieldPath::default()),
            labels: object.metadata.labels.clone().into(),
            spec: spec.into(),
            status: live.then(|| status.clone()),
            terminating: object.metadata.deletion_timestamp.is_some(),
            owner: Hash::new().text(&object.id.namespace).text(&object.id.name).finish(),
            slot: 0,
            generation: fate.map_or(0, |f| f.earlier),
        })
    }

    fn stated_ips(&self) -> Vec<IpAddr> {
        let stated = self.status.iter().flat_map(|s| &s.pod_ips);
        stated.filter_map(|ip| parse_sloppy(ip)).map(|ip| ip.to_canonical()).collect()
    }

    /// Succeeded and Failed pods hold no address of their own.
    fn phase(&self) -> Phase {
        match self.status.as_ref().and_then(|s| s.phase.as_deref()) {
            Some("Pending") => Phase::Pending,
            Some("Succeeded") => Phase::Succeeded,
            Some("Failed") => Phase::Failed,
            _ => Phase::Running,
        }
    }
}

/// A Pod as its text alone says it is: not placed, nothing allocated.
#[must_use]
pub fn as_written(object: &Object) -> Option<Pod> {
    let planned = PlannedPod::written(object, &PodFates::default())?;
    let (node, ips) = (planned.spec.node_name.clone(), planned.stated_ips().into());
    Some(finish(planned, node, ips, None))
}

/// Whether a pod's nodeSelector lets it run on a node.
pub(super) fn fits(spec: &PodSpec, node: &Node) -> bool {
    spec.node_selector.iter().all(|(key, value)| label(&node.labels, key) == Some(value))
}

/// Places pods and gives them addresses.
pub(super) fn place(
    planned: Vec<PlannedPod>,
    nodes: &[Node],
    allocator: &mut Allocator,
    fates: &PodFates,
) -> Vec<Pod> {
    let by_name: Map<&str, &Node> = nodes.iter().map(|n| (&*n.id.name, n)).collect();
    let open: Vec<&Node> = nodes.iter().filter(|n| n.schedulable && n.ready).collect();
    for pod in &planned {
        allocator.reserve_pod(&pod.stated_ips());
    }
    let placed: Vec<Option<Rc<str>>> =
        planned.iter().map(|pod| node_for(pod, &by_name, &open, allocator)).collect();
    for (pod, node) in planned.iter().zip(&placed) {
        if let Some(node) = node.as_ref().filter(|n| needs_address(pod, n, &by_name)) {
            allocator.keep_pod(&pod.id, pod.generation, node);
        }
    }
    planned
        .into_iter()
        .zip(placed)
        .map(|(pod, node)| {
            let mut exhausted = false;
            let ips: Rc<[IpAddr]> = match &node {
                Some(node) if needs_address(&pod, node, &by_name) => {
                    let ips = allocator.pod_ips(&pod.id, pod.generation, node);
                    exhausted = ips.is_empty();
                    ips
                }
                Some(node) if pod.spec.host_network && pod.stated_ips().is_empty() => {
                    allocator.hold_node(&pod.id, pod.generation, node);
                    by_name.get(&**node).map_or(&[][..], |n| &n.addresses).into()
                }
                _ => pod.stated_ips().into(),
            };
            let fate = fates.get(&(pod.id.namespace.clone(), pod.id.name.clone()));
            let mut pod = finish(pod, node, ips, fate);
            let homeless = pod.node.is_none() && pod.ips.is_empty();
            if pod.phase == Phase::Running && (homeless || exhausted) {
                pod.phase = Phase::Pending;
                pod.ready = false;
            }
            pod
        })
        .collect()
}

/// A pod's state: what its status says, and what has happened to it since.
fn finish(pod: PlannedPod, node: Option<Rc<str>>, ips: Rc<[IpAddr]>, fate: Option<&PodFate>) -> Pod {
    let starting = fate.is_some_and(|f| f.starting);
    let phase = if starting { Phase::Pending } else { pod.phase() };
    let stated_ready = match &pod.status {
        // Models pkg/api/v1/pod/util.go `IsPodReady`.
        Some(status) => label(&status.conditions, "Ready").is_some_and(|s| &**s == "True"),
        None => true,
    };
    Pod {
        id: pod.id,
        origin: pod.origin,
        written_in: pod.written_in,
        labels: pod.labels,
        spec: pod.spec,
        node,
        ips: if starting { Rc::default() } else { ips },
        phase,
        ready: !starting && fate.and_then(|f| f.ready).unwrap_or(stated_ready),
        terminating: pod.terminating || fate.is_some_and(|f| f.terminating),
    }
}

/// Whether an address is to be allocated for it.
fn needs_address(pod: &PlannedPod, node: &str, by_name: &Map<&str, &Node>) -> bool {
    let unstated = pod.status.as_ref().is_none_or(|s| s.pod_ips.is_empty());
    unstated && !pod.spec.host_network && pod.phase() == Phase::Running && by_name.contains_key(node)
}

/// spec.nodeName, else the node it was on, else the owner's turn among nodes that fit.
fn node_for(
    pod: &PlannedPod,
    by_name: &Map<&str, &Node>,
    open: &[&Node],
    allocator: &Allocator,
) -> Option<Rc<str>> {
    if let Some(name) = pod.spec.node_name.as_ref().filter(|n| !n.is_empty()) {
        return Some(name.clone());
    }
    if pod.status.is_some() && pod.phase() != Phase::Running {
        return None;
    }
    let before = allocator.node_before(&pod.id).and_then(|name| by_name.get(&**name));
    if let Some(node) = before.filter(|n| fits(&pod.spec, n)) {
        return Some(node.id.name.clone());
    }
    let fitting = |n: &&&Node| fits(&pod.spec, n);
    let count = open.iter().filter(fitting).count() as u64;
    if count == 0 {
        return None;
    }
    let turn = (pod.owner.wrapping_add(pod.slot)) % count;
    open.iter().filter(fitting).nth(turn as usize).map(|n| n.id.name.clone())
}
