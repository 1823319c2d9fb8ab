//! The nodes: those of the text, or the ones that the playground supplies.

use super::allocate::{Allocator, Cidr, Family};
use super::{Node, Origin};
use crate::manifest::metadata::{Labels, label};
use crate::manifest::{Body, Object, ObjectRef, constant};
use std::net::{IpAddr, Ipv4Addr};
use std::rc::Rc;

/// Supplied where the text has no nodes: two in one zone, one in another.
const SUPPLIED: [(&str, u8, &str); 3] =
    [("node-a", 11, "zone-a"), ("node-b", 12, "zone-a"), ("node-c", 13, "zone-b")];

const ZONE: &str = "topology.kubernetes.io/zone";

/// The nodes, their own addresses and their pods' blocks allocated.
pub(super) fn nodes(objects: &[(u32, Rc<Object>)], allocator: &mut Allocator) -> Vec<Node> {
    let mut nodes: Vec<Node> = objects.iter().filter_map(|(_, object)| written(object)).collect();
    if nodes.is_empty() {
        nodes = supplied(objects);
    }
    for node in nodes.iter().filter(|n| !n.addresses.is_empty()) {
        allocator.reserve_node_addresses(&node.addresses);
    }
    for node in nodes.iter().filter(|n| !n.pod_cidrs.is_empty()) {
        allocator.written_node_blocks(&node.id.name, &node.pod_cidrs);
    }
    for node in nodes.iter().filter(|n| n.pod_cidrs.is_empty()) {
        allocator.keep_node_blocks(&node.id.name);
    }
    for node in &mut nodes {
        if node.addresses.is_empty() {
            node.addresses = allocator.node_addresses(&node.id.name);
        }
        if node.pod_cidrs.is_empty() {
            node.pod_cidrs = allocator.node_blocks(&node.id.name);
        }
    }
    nodes
}

/// The families of the cluster: those that its nodes have pod addresses of. IPv4 is the default one.
pub(super) fn families(objects: &[(u32, Rc<Object>)]) -> Vec<Family> {
    let mut written = Vec::new();
    for (_, object) in objects {
        let Body::Node(node) = &object.body else { continue };
        if node.pod_cidrs.is_empty() {
            return vec![Family::V4, Family::V6];
        }
        for family in node.pod_cidrs.iter().filter_map(|c| Cidr::parse(c)).map(|c| c.family) {
            if !written.contains(&family) {
                written.push(family);
            }
        }
    }
    if written.is_empty() { vec![Family::V4, Family::V6] } else { written }
}

fn written(object: &Object) -> Option<Node> {
    let Body::Node(node) = &object.body else { return None };
    let of_type = |wanted: &'static str| {
        node.addresses.iter().filter(move |(kind, _)| &**kind == wanted).filter_map(|(_, a)| a.parse().ok())
    };
    Some(Node {
        id: object.id.clone(),
        origin: Origin::Text,
        labels: with_hostname(object.metadata.labels.clone(), &object.id.name),
        zone: label(&object.metadata.labels, ZONE).cloned().unwrap_or_default(),
        addresses: of_type("InternalIP").chain(of_type("ExternalIP")).collect(),
        pod_cidrs: node.pod_cidrs.clone(),
        schedulable: !node.unschedulable
            && !node.taint_effects.iter().any(|e| matches!(&**e, "NoSchedule" | "NoExecute")),
        ready: node.ready != Some(false),
    })
}

/// A kubelet labels its node with its host name.
fn with_hostname(mut labels: Labels, name: &Rc<str>) -> Labels {
    const KEY: &str = "kubernetes.io/hostname";
    if label(&labels, KEY).is_none() {
        labels.push((constant(KEY), name.clone()));
    }
    labels
}

/// Supplied nodes. Live objects (with a status) say which nodes there are; names that
/// written ones ask for are added to the three.
fn supplied(objects: &[(u32, Rc<Object>)]) -> Vec<Node> {
    let mut named: Vec<(Rc<str>, Option<Rc<str>>)> = Vec::new();
    let mut name = |node: &Rc<str>, zone: Option<&Rc<str>>| match named.iter_mut().find(|(n, _)| n == node) {
        Some((_, known)) => *known = known.take().or_else(|| zone.cloned()),
        None => named.push((node.clone(), zone.cloned())),
    };
    let mut live = false;
    for (_, object) in objects {
        match &object.body {
            Body::Pod(pod) => {
                if let Some(node) = &pod.spec.node_name {
                    live |= !pod.status.pod_ips.is_empty();
                    name(node, None);
                }
            }
            Body::EndpointSlice(slice) => {
                for endpoint in &slice.endpoints {
                    if let Some(node) = &endpoint.node_name {
                        name(node, endpoint.zone.as_ref());
                    }
                }
            }
            Body::Endpoints(endpoints) => {
                let addresses =
                    endpoints.subsets.iter().flat_map(|s| s.addresses.iter().chain(&s.not_ready_addresses));
                for node in addresses.filter_map(|a| a.node_name.as_ref()) {
                    name(node, None);
                }
            }
            _ => {}
        }
    }
    let mut nodes = Vec::new();
    for (supplied, last, zone) in SUPPLIED {
        let wanted = named.iter().any(|(n, _)| &**n == supplied);
        if !live || wanted {
            let mut node = supply(&Rc::from(supplied), zone.into());
            node.addresses =
                vec![IpAddr::V4(Ipv4Addr::new(10, 0, 0, last)), Family::V6.node_address(last.into())];
            nodes.push(node);
        }
    }
    for (index, (node, zone)) in named.iter().enumerate() {
        if SUPPLIED.iter().all(|(supplied, ..)| *supplied != &**node) {
            let zone = zone.clone().unwrap_or_else(|| SUPPLIED[index % SUPPLIED.len()].2.into());
            nodes.push(supply(node, zone));
        }
    }
    nodes
}

fn supply(name: &Rc<str>, zone: Rc<str>) -> Node {
    let labels = vec![
        (constant("kubernetes.io/hostname"), name.clone()),
        (constant("kubernetes.io/os"), constant("linux")),
        (constant("kubernetes.io/arch"), constant("amd64")),
        (constant("topology.kubernetes.io/region"), constant("region-1")),
        (constant(ZONE), zone.clone()),
    ];
    Node {
        id: ObjectRef { kind: constant("Node"), namespace: constant(""), name: name.clone() },
        origin: Origin::Supplied,
        labels,
        zone,
        addresses: Vec::new(),
        pod_cidrs: Vec::new(),
        schedulable: true,
        ready: true,
    }
}
