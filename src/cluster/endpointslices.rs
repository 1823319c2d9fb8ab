//! The EndpointSlice controller: which pods a Service has, by address and port.
//!
//! Models kubernetes/endpointslice (reconciler.go, utils.go).

use super::hash::{Hash, suffix};
use super::{Node, Origin, Phase, Pod, Service};
use crate::manifest::endpoints::{Endpoint, EndpointConditions, EndpointPort, EndpointSlice, TargetRef};
use crate::manifest::metadata::Labels;
use crate::manifest::pod::PodSpec;
use crate::manifest::service::{IntOrString, ServicePort};
use crate::manifest::{self, ObjectRef};
use std::collections::HashMap;
use std::net::IpAddr;
use std::rc::Rc;

/// The label that says to which Service a slice belongs.
pub const SERVICE_NAME: &str = "kubernetes.io/service-name";
/// The label that says who keeps a slice up to date.
pub const MANAGED_BY: &str = "endpointslice.kubernetes.io/managed-by";
/// The controller's own name.
pub const CONTROLLER: &str = "endpointslice-controller.k8s.io";
/// The label that slices of headless Services carry.
pub const HEADLESS: &str = "service.kubernetes.io/headless";
/// --max-endpoints-per-slice
pub const MAX_ENDPOINTS_PER_SLICE: usize = 100;

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
/// Models utils.go `FindPort`: containers first, then sidecars.
#[must_use]
pub fn find_port(spec: &PodSpec, port: &ServicePort) -> Option<i64> {
    let name = match port.target_port.as_ref()? {
        IntOrString::Int(number) => return Some(*number),
        IntOrString::Name(name) => name,
    };
    let protocol = |p: &Option<Rc<str>>| p.clone().unwrap_or_else(|| "TCP".into());
    let sidecars = spec.init_containers.iter().filter(|c| c.restart_policy.as_deref() == Some("Always"));
    spec.containers
        .iter()
        .chain(sidecars)
        .flat_map(|c| &c.ports)
        .find(|p| p.name.as_ref() == Some(name) && protocol(&p.protocol) == protocol(&port.protocol))
        .map(|p| p.container_port)
}

/// A pod's ports for a Service: those that it has.
/// Models utils.go `getEndpointPorts`.
#[must_use]
pub fn endpoint_ports(ports: &[ServicePort], spec: &PodSpec) -> Vec<EndpointPort> {
    let resolved = |port: &ServicePort| {
        Some(EndpointPort {
            name: Some(port.name.clone().unwrap_or_default()),
            protocol: Some(port.protocol.clone().unwrap_or_else(|| "TCP".into())),
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
    spec: &manifest::service::ServiceSpec,
    address_type: &str,
) -> Endpoint {
    let publish = spec.publish_not_ready_addresses == Some(true);
    let of_type = |ip: &&IpAddr| ip.is_ipv6() == (address_type == "IPv6");
    let zone = node.map(|n| n.zone.clone()).filter(|z| !z.is_empty());
    Endpoint {
        addresses: pod.ips.iter().filter(of_type).map(|ip| ip.to_string().into()).collect(),
        conditions: EndpointConditions {
            ready: Some(publish || (pod.ready && !pod.terminating)),
            serving: Some(pod.ready),
            terminating: Some(pod.terminating),
        },
        hostname: pod.spec.hostname.clone().filter(|_| should_set_hostname(pod, service)),
        node_name: pod.node.clone(),
        zone,
        target_ref: Some(TargetRef {
            kind: "Pod".into(),
            namespace: pod.id.namespace.clone(),
            name: pod.id.name.clone(),
        }),
        for_zones: None,
        for_nodes: None,
    }
}

/// The address types that a Service has slices of.
/// Models utils.go `getAddressTypesForService`.
#[must_use]
pub fn address_types(spec: &manifest::service::ServiceSpec) -> Vec<Rc<str>> {
    if !spec.ip_families.is_empty() {
        return spec.ip_families.clone();
    }
    match spec.cluster_ip.as_deref() {
        Some(ip) if !ip.is_empty() && ip != "None" => {
            vec![if ip.contains(':') { "IPv6".into() } else { "IPv4".into() }]
        }
        _ => vec!["IPv4".into(), "IPv6".into()],
    }
}

/// The slices of a Service that selects `pods`.
pub(super) fn slices<'a>(
    service: &Service,
    pods: impl Iterator<Item = &'a Rc<Pod>> + Clone,
    node: impl Fn(&str) -> Option<&'a Node>,
) -> Vec<super::EndpointSlice> {
    let spec = &service.stored.spec;
    let mut all = Vec::new();
    for address_type in address_types(spec) {
        let mut groups: Vec<(Vec<EndpointPort>, Vec<Endpoint>)> = Vec::new();
        for pod in pods.clone().filter(|pod| should_pod_be_in_endpoints(pod, true)) {
            let on = pod.node.as_deref().and_then(&node);
            if pod.node.is_some() && on.is_none() && spec.publish_not_ready_addresses != Some(true) {
                continue;
            }
            let endpoint = pod_to_endpoint(pod, on, &service.id, spec, &address_type);
            if endpoint.addresses.is_empty() {
                continue;
            }
            let ports = endpoint_ports(&spec.ports, &pod.spec);
            match groups.iter_mut().find(|(p, _)| *p == ports) {
                Some((_, endpoints)) => endpoints.push(endpoint),
                None => groups.push((ports, vec![endpoint])),
            }
        }
        if groups.is_empty() {
            // Models reconciler.go: a Service without endpoints has one empty slice.
            groups.push((Vec::new(), Vec::new()));
        }
        for (ports, endpoints) in groups {
            let chunks = endpoints.len().div_ceil(MAX_ENDPOINTS_PER_SLICE).max(1);
            for chunk in 0..chunks {
                let from = chunk * MAX_ENDPOINTS_PER_SLICE;
                let to = (from + MAX_ENDPOINTS_PER_SLICE).min(endpoints.len());
                let slice = EndpointSlice {
                    address_type: address_type.clone(),
                    endpoints: endpoints[from..to].to_vec(),
                    ports: ports.clone(),
                };
                all.push(wrap(service, slice, chunk));
            }
        }
    }
    all
}

fn wrap(service: &Service, slice: EndpointSlice, chunk: usize) -> super::EndpointSlice {
    let id = &service.id;
    let mut hash =
        Hash::new().text(&id.namespace).text(&id.name).text(&slice.address_type).number(chunk as u64);
    for port in &slice.ports {
        hash = hash.text(port.name.as_deref().unwrap_or("")).number(port.port.unwrap_or(0) as u64);
    }
    let name = format!("{}-{}", id.name, suffix(hash.finish(), 5));
    super::EndpointSlice {
        id: ObjectRef::new("EndpointSlice", &id.namespace, &name),
        origin: Origin::Controller(id.clone()),
        service_name: Some(id.name.clone()),
        labels: slice_labels(&id.name, &service.metadata.labels, service.is_headless()),
        slice,
    }
}

/// The labels of a Service's slices.
/// Models utils.go `setEndpointSliceLabels`: the Service's own, without the reserved ones.
#[must_use]
pub fn slice_labels(name: &Rc<str>, service: &Labels, headless: bool) -> Labels {
    let mut labels: Labels = service
        .iter()
        .filter(|(k, _)| ![SERVICE_NAME, MANAGED_BY, HEADLESS].contains(&&**k))
        .cloned()
        .collect();
    if headless {
        labels.push((HEADLESS.into(), "".into()));
    }
    labels.push((SERVICE_NAME.into(), name.clone()));
    labels.push((MANAGED_BY.into(), CONTROLLER.into()));
    labels
}

/// Nodes by name.
pub(super) fn by_name(nodes: &[Rc<Node>]) -> HashMap<&str, &Node> {
    nodes.iter().map(|node| (&*node.id.name, &**node)).collect()
}
