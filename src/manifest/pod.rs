//! v1 Pod and the pod template of a workload, as written.

use super::decode::{boolean, int, items, labels, list, map, text, text_or_empty};
use super::metadata::{Labels, as_map};
use super::tree::Tree;
use serde::Serialize;
use std::rc::Rc;

/// spec and status of a Pod.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Pod {
    /// spec
    pub spec: PodSpec,
    /// status, where the text holds a live object.
    pub status: PodStatus,
}

/// Pod.spec, as far as it is read.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PodSpec {
    /// Where it runs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub node_name: Option<Rc<str>>,
    /// Labels the node must have.
    #[serde(with = "as_map", skip_serializing_if = "Vec::is_empty")]
    pub node_selector: Labels,
    /// DNS name of the pod below its subdomain.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hostname: Option<Rc<str>>,
    /// The headless Service that names it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subdomain: Option<Rc<str>>,
    /// Whether it uses the node's own address.
    pub host_network: bool,
    /// `ClusterFirst`, `Default`, `ClusterFirstWithHostNet`, `None`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dns_policy: Option<Rc<str>>,
    /// Containers.
    pub containers: Vec<Container>,
    /// Init containers (those with restartPolicy Always are sidecars and their ports count).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub init_containers: Vec<Container>,
    /// Condition types of spec.readinessGates.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub readiness_gates: Vec<Rc<str>>,
}

/// A container, as far as it is read.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Container {
    /// Name.
    pub name: Rc<str>,
    /// Image.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image: Option<Rc<str>>,
    /// Ports.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ports: Vec<ContainerPort>,
    /// `Always` makes an init container a sidecar.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub restart_policy: Option<Rc<str>>,
    /// Whether it has a readinessProbe.
    pub has_readiness_probe: bool,
}

/// containers[].ports[]
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ContainerPort {
    /// Name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<Rc<str>>,
    /// Number; 0 where missing.
    pub container_port: i64,
    /// Port of the node that leads here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub host_port: Option<i64>,
    /// `TCP` where missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub protocol: Option<Rc<str>>,
}

/// Pod.status, as far as it is read.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PodStatus {
    /// `Pending`, `Running`, `Succeeded`, `Failed`, `Unknown`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phase: Option<Rc<str>>,
    /// Addresses: podIP first, then podIPs without repeats.
    #[serde(rename = "podIPs", skip_serializing_if = "Vec::is_empty")]
    pub pod_ips: Vec<Rc<str>>,
    /// The node's address.
    #[serde(rename = "hostIP", skip_serializing_if = "Option::is_none")]
    pub host_ip: Option<Rc<str>>,
    /// Conditions: type and status (`True`, `False`, `Unknown`).
    #[serde(with = "as_map", skip_serializing_if = "Vec::is_empty")]
    pub conditions: Labels,
}

impl Pod {
    /// Reads a whole Pod.
    #[must_use]
    pub fn decode(tree: &Tree) -> Self {
        Self {
            spec: map(tree, "spec").map(PodSpec::decode).unwrap_or_default(),
            status: map(tree, "status").map(PodStatus::decode).unwrap_or_default(),
        }
    }
}

impl PodSpec {
    /// Reads a Pod's `spec`, or a template's.
    #[must_use]
    pub fn decode(tree: &Tree) -> Self {
        Self {
            node_name: text(tree, "nodeName"),
            node_selector: labels(tree, "nodeSelector").unwrap_or_default(),
            hostname: text(tree, "hostname"),
            subdomain: text(tree, "subdomain"),
            host_network: boolean(tree, "hostNetwork") == Some(true),
            dns_policy: text(tree, "dnsPolicy"),
            containers: list(tree, "containers", Container::decode),
            init_containers: list(tree, "initContainers", Container::decode),
            readiness_gates: items(tree, "readinessGates")
                .iter()
                .filter_map(|gate| text(gate, "conditionType"))
                .collect(),
        }
    }
}

impl Container {
    fn decode(tree: &Tree) -> Self {
        Self {
            name: text_or_empty(tree, "name"),
            image: text(tree, "image"),
            ports: list(tree, "ports", |port| ContainerPort {
                name: text(port, "name"),
                container_port: int(port, "containerPort").unwrap_or(0),
                host_port: int(port, "hostPort"),
                protocol: text(port, "protocol"),
            }),
            restart_policy: text(tree, "restartPolicy"),
            has_readiness_probe: map(tree, "readinessProbe").is_some(),
        }
    }
}

impl PodStatus {
    /// Reads a Pod's `status`.
    #[must_use]
    pub fn decode(tree: &Tree) -> Self {
        let mut pod_ips: Vec<Rc<str>> = text(tree, "podIP").into_iter().collect();
        for ip in items(tree, "podIPs").iter().filter_map(|item| text(item, "ip")) {
            if !pod_ips.contains(&ip) {
                pod_ips.push(ip);
            }
        }
        Self {
            phase: text(tree, "phase"),
            pod_ips,
            host_ip: text(tree, "hostIP"),
            conditions: items(tree, "conditions")
                .iter()
                .map(|c| (text_or_empty(c, "type"), text_or_empty(c, "status")))
                .collect(),
        }
    }
}
