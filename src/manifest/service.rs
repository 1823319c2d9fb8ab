//! v1 Service, as written. `None` means that the text does not have the field;
//! `cluster/` fills in what the API server would.

use super::decode::{boolean, int, int_or_string, labels, list, map, text, texts};
use super::metadata::{Labels, as_map};
use super::tree::Tree;
use serde::Serialize;
use std::rc::Rc;

/// A port number or the name of one.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(untagged)]
pub enum IntOrString {
    /// A number, not checked for its range.
    Int(i64),
    /// A name.
    Name(Rc<str>),
}

/// spec and status of a Service.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Service {
    /// spec
    pub spec: ServiceSpec,
    /// status
    pub status: ServiceStatus,
}

/// Service.spec. Enumerations stay text: an unknown word is for validation to report.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ServiceSpec {
    /// `ClusterIP`, `NodePort`, `LoadBalancer`, `ExternalName`
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub type_: Option<Rc<str>>,
    /// `None` where missing; `Some(empty)` for `{}`: both mean that no pods are selected.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "option_map")]
    pub selector: Option<Labels>,
    /// Ports.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ports: Vec<ServicePort>,
    /// An address, or `None` (the word) for headless.
    #[serde(rename = "clusterIP", skip_serializing_if = "Option::is_none")]
    pub cluster_ip: Option<Rc<str>>,
    /// All addresses, the first equal to clusterIP.
    #[serde(rename = "clusterIPs", skip_serializing_if = "Vec::is_empty")]
    pub cluster_ips: Vec<Rc<str>>,
    /// `IPv4`, `IPv6`
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ip_families: Vec<Rc<str>>,
    /// `SingleStack`, `PreferDualStack`, `RequireDualStack`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ip_family_policy: Option<Rc<str>>,
    /// Addresses from elsewhere that nodes accept.
    #[serde(rename = "externalIPs", skip_serializing_if = "Vec::is_empty")]
    pub external_ips: Vec<Rc<str>>,
    /// For type ExternalName.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_name: Option<Rc<str>>,
    /// `None`, `ClientIP`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session_affinity: Option<Rc<str>>,
    /// sessionAffinityConfig.clientIP.timeoutSeconds
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session_affinity_config: Option<SessionAffinityConfig>,
    /// `Cluster`, `Local`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_traffic_policy: Option<Rc<str>>,
    /// `Cluster`, `Local`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub internal_traffic_policy: Option<Rc<str>>,
    /// `PreferClose`, `PreferSameZone`, `PreferSameNode`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub traffic_distribution: Option<Rc<str>>,
    /// Sources that may use the load balancer's address.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub load_balancer_source_ranges: Vec<Rc<str>>,
    /// A wish for the load balancer's address.
    #[serde(rename = "loadBalancerIP", skip_serializing_if = "Option::is_none")]
    pub load_balancer_ip: Option<Rc<str>>,
    /// Whose load balancer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub load_balancer_class: Option<Rc<str>>,
    /// `false`: no node ports for a LoadBalancer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allocate_load_balancer_node_ports: Option<bool>,
    /// For the cloud's health checks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub health_check_node_port: Option<i64>,
    /// Whether unready pods are published as ready.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub publish_not_ready_addresses: Option<bool>,
}

/// spec.sessionAffinityConfig
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SessionAffinityConfig {
    /// clientIP; `None` where missing.
    #[serde(rename = "clientIP", skip_serializing_if = "Option::is_none")]
    pub client_ip: Option<ClientIpConfig>,
}

/// spec.sessionAffinityConfig.clientIP
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ClientIpConfig {
    /// 1 to 86400.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timeout_seconds: Option<i64>,
}

/// spec.ports[]
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ServicePort {
    /// Name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<Rc<str>>,
    /// `TCP`, `UDP`, `SCTP`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub protocol: Option<Rc<str>>,
    /// `http`, `kubernetes.io/h2c`…
    #[serde(skip_serializing_if = "Option::is_none")]
    pub app_protocol: Option<Rc<str>>,
    /// The Service's own port; 0 where missing.
    pub port: i64,
    /// The pod's port.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target_port: Option<IntOrString>,
    /// The nodes' port.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub node_port: Option<i64>,
}

/// Service.status
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ServiceStatus {
    /// status.loadBalancer.ingress
    #[serde(rename = "loadBalancer", serialize_with = "balancer")]
    pub load_balancer_ingress: Vec<LoadBalancerIngress>,
}

/// `{ingress: […]}`, or `{}` where there is none.
fn balancer<S: serde::Serializer>(ingress: &[LoadBalancerIngress], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map((!ingress.is_empty()).then_some(("ingress", ingress)))
}

/// status.loadBalancer.ingress[]
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LoadBalancerIngress {
    /// Address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ip: Option<Rc<str>>,
    /// Or name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hostname: Option<Rc<str>>,
    /// `VIP`, `Proxy`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ip_mode: Option<Rc<str>>,
}

fn option_map<S: serde::Serializer>(labels: &Option<Labels>, serializer: S) -> Result<S::Ok, S::Error> {
    as_map::serialize(labels.as_ref().unwrap_or(&Vec::new()), serializer)
}

impl Service {
    /// Reads a whole Service.
    #[must_use]
    pub fn decode(tree: &Tree) -> Self {
        Self {
            spec: map(tree, "spec").map(ServiceSpec::decode).unwrap_or_default(),
            status: ServiceStatus { load_balancer_ingress: load_balancer_ingress(tree) },
        }
    }
}

impl ServiceSpec {
    fn decode(tree: &Tree) -> Self {
        Self {
            type_: text(tree, "type"),
            selector: labels(tree, "selector"),
            ports: list(tree, "ports", |port| ServicePort {
                name: text(port, "name"),
                protocol: text(port, "protocol"),
                app_protocol: text(port, "appProtocol"),
                port: int(port, "port").unwrap_or(0),
                target_port: int_or_string(port, "targetPort"),
                node_port: int(port, "nodePort"),
            }),
            cluster_ip: text(tree, "clusterIP"),
            cluster_ips: texts(tree, "clusterIPs"),
            ip_families: texts(tree, "ipFamilies"),
            ip_family_policy: text(tree, "ipFamilyPolicy"),
            external_ips: texts(tree, "externalIPs"),
            external_name: text(tree, "externalName"),
            session_affinity: text(tree, "sessionAffinity"),
            session_affinity_config: map(tree, "sessionAffinityConfig").map(|config| SessionAffinityConfig {
                client_ip: map(config, "clientIP")
                    .map(|client| ClientIpConfig { timeout_seconds: int(client, "timeoutSeconds") }),
            }),
            external_traffic_policy: text(tree, "externalTrafficPolicy"),
            internal_traffic_policy: text(tree, "internalTrafficPolicy"),
            traffic_distribution: text(tree, "trafficDistribution"),
            load_balancer_source_ranges: texts(tree, "loadBalancerSourceRanges"),
            load_balancer_ip: text(tree, "loadBalancerIP"),
            load_balancer_class: text(tree, "loadBalancerClass"),
            allocate_load_balancer_node_ports: boolean(tree, "allocateLoadBalancerNodePorts"),
            health_check_node_port: int(tree, "healthCheckNodePort"),
            publish_not_ready_addresses: boolean(tree, "publishNotReadyAddresses"),
        }
    }
}

/// status.loadBalancer.ingress of a Service or an Ingress.
pub(super) fn load_balancer_ingress(tree: &Tree) -> Vec<LoadBalancerIngress> {
    let balancer = map(tree, "status").and_then(|status| map(status, "loadBalancer"));
    balancer.map_or_else(Vec::new, |balancer| {
        list(balancer, "ingress", |ingress| LoadBalancerIngress {
            ip: text(ingress, "ip"),
            hostname: text(ingress, "hostname"),
            ip_mode: text(ingress, "ipMode"),
        })
    })
}
