//! One pod as an endpoint of one Service.

use crate::cluster::allocate::ip_text;
use crate::cluster::{Node, Phase, Pod, container_ports};
use crate::manifest::endpoints::{Endpoint, EndpointConditions, EndpointPort, TargetRef};
use crate::manifest::pod::PodSpec;
use crate::manifest::service::{IntOrString, ServicePort, ServiceSpec};
use crate::manifest::{ObjectRef, constant};
use std::net::IpAddr;

/// Whether a pod belongs into slices at all, ready or not.
/// Models util/controller_utils.go `ShouldPodBeInEndpoints`; slices hold terminating pods too.
#[must_use]
pub fn should_pod_be_in_endpoints(pod: &Pod, include_terminating: bool) -> bool {
    !matches!(pod.phase, Phase::Succeeded | Phase::Failed)
        && !pod.ips.is_empty()
        && (include_terminating || !pod.terminating)
}

/// Whether the endpoint gets the pod's host name.
/// Models utils.go `ShouldSetHostname`.
#[must_use]
pub fn should_set_hostname(pod: &Pod, service: &ObjectRef) -> bool {
    pod.spec.hostname.as_deref().is_some_and(|h| !h.is_empty())
        && pod.spec.subdomain.as_deref() == Some(&*service.name)
        && pod.id.namespace == service.namespace
}

/// The number that a Service port's targetPort has in a pod; `None` where the pod has no such port.
/// Models utils.go `FindPort`; a number is used as it is, whoever declares it.
#[must_use]
pub fn find_port(spec: &PodSpec, port: &ServicePort) -> Option<i64> {
    let target = match &port.target_port {
        // Defaulted Services have one; the zero value of the type is 0.
        None => return Some(0),
        Some(IntOrString::Int(number)) => return Some(*number),
        Some(target) => target,
    };
    let protocol = port.protocol.as_deref().unwrap_or("TCP");
    container_ports::find(spec, target, protocol).map(|found| found.port.container_port)
}

/// A pod's ports for a Service: those that it has.
/// Models utils.go `getEndpointPorts`.
#[must_use]
pub fn endpoint_ports(ports: &[ServicePort], spec: &PodSpec) -> Vec<EndpointPort> {
    let resolved = |port: &ServicePort| {
        Some(EndpointPort {
            name: Some(port.name.clone().unwrap_or_else(|| constant(""))),
            protocol: Some(port.protocol.clone().unwrap_or_else(|| constant("TCP"))),
            port: Some(find_port(spec, port)?),
            app_protocol: port.app_protocol.clone(),
        })
    };
    ports.iter().filter_map(resolved).collect()
}

/// A pod as an endpoint with its addresses of one family.
/// Models utils.go `podToEndpoint`.
#[must_use]
pub fn pod_to_endpoint(
    pod: &Pod,
    node: Option<&Node>,
    service: &ObjectRef,
    spec: &ServiceSpec,
    address_type: &str,
) -> Endpoint {
    let publish = spec.publish_not_ready_addresses == Some(true);
    let of_type = |ip: &&IpAddr| ip.is_ipv6() == (address_type == "IPv6");
    Endpoint {
        addresses: pod.ips.iter().filter(of_type).map(|ip| ip_text(*ip)).collect(),
        conditions: EndpointConditions {
            ready: Some(publish || (pod.ready && !pod.terminating)),
            serving: Some(pod.ready),
            terminating: Some(pod.terminating),
        },
        hostname: pod.spec.hostname.clone().filter(|_| should_set_hostname(pod, service)),
        node_name: pod.node.clone(),
        zone: node.map(|n| n.zone.clone()).filter(|z| !z.is_empty()),
        target_ref: Some(TargetRef {
            kind: pod.id.kind.clone(),
            namespace: pod.id.namespace.clone(),
            name: pod.id.name.clone(),
        }),
        for_zones: None,
        for_nodes: None,
    }
}
