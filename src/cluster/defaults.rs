//! What the API server writes into objects before it validates them.
//!
//! Models pkg/apis/core/v1/defaults.go. Families, addresses and node ports are not
//! defaults: they are allocated (see `allocate`).

use super::validate::service::externally_accessible;
use crate::manifest::service::{ClientIpConfig, IntOrString, ServicePort, SessionAffinityConfig};
use crate::manifest::{Service, constant, pod::PodSpec, workload::WorkloadKind};
use crate::manifest::{endpoints::Endpoints, metadata::Labels};
use std::rc::Rc;

/// Models pkg/apis/core/v1/defaults.go `DefaultClientIPServiceAffinitySeconds`.
pub const AFFINITY_TIMEOUT_SECONDS: i64 = 10_800;

fn unset(word: Option<&str>) -> bool {
    word.is_none_or(str::is_empty)
}

/// Models pkg/apis/core/v1/defaults.go `SetDefaults_Service`.
pub fn service(service: &mut Service) {
    let spec = &mut service.spec;
    if unset(spec.session_affinity.as_deref()) {
        spec.session_affinity = Some(constant("None"));
    }
    match spec.session_affinity.as_deref() {
        Some("None") => spec.session_affinity_config = None,
        Some("ClientIP") => {
            let config = spec.session_affinity_config.get_or_insert_with(SessionAffinityConfig::default);
            let client = config.client_ip.get_or_insert_with(ClientIpConfig::default);
            client.timeout_seconds.get_or_insert(AFFINITY_TIMEOUT_SECONDS);
        }
        _ => {}
    }
    if unset(spec.type_.as_deref()) {
        spec.type_ = Some(constant("ClusterIP"));
    }
    for port in &mut spec.ports {
        service_port(port);
    }
    // Models pkg/api/service/util.go `NormalizeClusterIPs` on create.
    if let Some(ip) = spec.cluster_ip.as_ref().filter(|ip| !ip.is_empty() && spec.cluster_ips.is_empty()) {
        spec.cluster_ips = vec![ip.clone()];
    }
    let kind = spec.type_.as_deref();
    if externally_accessible(spec) && unset(spec.external_traffic_policy.as_deref()) {
        spec.external_traffic_policy = Some(constant("Cluster"));
    }
    if spec.internal_traffic_policy.is_none()
        && matches!(kind, Some("ClusterIP" | "NodePort" | "LoadBalancer"))
    {
        spec.internal_traffic_policy = Some(constant("Cluster"));
    }
    if kind == Some("LoadBalancer") {
        spec.allocate_load_balancer_node_ports.get_or_insert(true);
        for ingress in &mut service.status.load_balancer_ingress {
            if ingress.ip_mode.is_none() && ingress.ip.as_deref().is_some_and(|ip| !ip.is_empty()) {
                ingress.ip_mode = Some(constant("VIP"));
            }
        }
    }
}

fn service_port(port: &mut ServicePort) {
    if unset(port.protocol.as_deref()) {
        port.protocol = Some(constant("TCP"));
    }
    let empty = match &port.target_port {
        None | Some(IntOrString::Int(0)) => true,
        Some(IntOrString::Name(name)) => name.is_empty(),
        Some(IntOrString::Int(_)) => false,
    };
    if empty {
        port.target_port = Some(IntOrString::Int(port.port));
    }
}

/// Models pkg/apis/core/v1/defaults.go `SetDefaults_Endpoints`.
pub fn endpoints(endpoints: &mut Endpoints) {
    for port in endpoints.subsets.iter_mut().flat_map(|subset| &mut subset.ports) {
        if unset(port.protocol.as_deref()) {
            port.protocol = Some(constant("TCP"));
        }
    }
}

/// Models pkg/apis/core/v1/defaults.go `SetDefaults_PodSpec`, `defaultHostNetworkPorts` and
/// the `+default` markers of container ports, as far as a pod is read here.
pub fn pod_spec(spec: &mut PodSpec) {
    let host_network = spec.host_network;
    if unset(spec.dns_policy.as_deref()) {
        spec.dns_policy = Some(constant("ClusterFirst"));
    }
    for port in spec.containers.iter_mut().chain(&mut spec.init_containers).flat_map(|c| &mut c.ports) {
        if unset(port.protocol.as_deref()) {
            port.protocol = Some(constant("TCP"));
        }
        if host_network && port.host_port.is_none_or(|p| p == 0) {
            port.host_port = Some(port.container_port);
        }
    }
}

/// Models pkg/apis/core/v1/defaults.go `SetDefaults_Namespace`.
pub fn namespace_labels(name: &Rc<str>, labels: &mut Labels) {
    const KEY: &str = "kubernetes.io/metadata.name";
    match labels.iter_mut().find(|(key, _)| &**key == KEY) {
        Some((_, value)) => *value = name.clone(),
        None => labels.push((KEY.into(), name.clone())),
    }
}

/// Models pkg/apis/apps/v1/defaults.go: how many pods a workload wants; none stated means one.
#[must_use]
pub fn replicas(kind: WorkloadKind, replicas: Option<i64>) -> i64 {
    match kind {
        WorkloadKind::DaemonSet => 0,
        _ => replicas.unwrap_or(1),
    }
}
