//! The EndpointSlice controllers: which addresses and ports a Service has.
//!
//! Models kubernetes/endpointslice (reconciler.go, utils.go) for Services with a
//! selector, and pkg/controller/endpointslicemirroring for Endpoints written by hand.

mod endpoint;
mod hints;
mod written;

pub use endpoint::{
    endpoint_ports, find_port, pod_to_endpoint, should_pod_be_in_endpoints, should_set_hostname,
};
pub use hints::{auto_hints, traffic_hints, wants_auto_hints};
pub(super) use written::{Selecting, written};

use super::hash::{Hash, suffixed};
use super::validate::names;
use super::{EndpointSlice, Node, Origin, Pod};
use crate::manifest::endpoints::{self, Endpoint, EndpointPort};
use crate::manifest::metadata::Labels;
use crate::manifest::pod::PodSpec;
use crate::manifest::service::ServiceSpec;
use crate::manifest::{Metadata, ObjectRef, constant, joined};
use crate::map::Map;
use std::borrow::Cow;
use std::rc::Rc;

/// The label that says to which Service a slice belongs.
pub const SERVICE_NAME: &str = "kubernetes.io/service-name";
/// The label that says who keeps a slice up to date.
pub const MANAGED_BY: &str = "endpointslice.kubernetes.io/managed-by";
/// The controller's own name.
pub const CONTROLLER: &str = "endpointslice-controller.k8s.io";
/// The mirroring controller's own name.
pub const MIRROR: &str = "endpointslicemirroring-controller.k8s.io";
/// The label that slices of headless Services carry.
pub const HEADLESS: &str = "service.kubernetes.io/headless";
/// --max-endpoints-per-slice
pub const MAX_ENDPOINTS_PER_SLICE: usize = 100;

/// What the controller reads of nodes.
pub struct Topology<'a> {
    by_name: Map<&'a str, &'a Node>,
    /// Each zone's share of the ready workers; empty where a worker has no zone.
    shares: Vec<(Rc<str>, f64)>,
}

impl<'a> Topology<'a> {
    /// Reads the nodes. Every node counts as much as any other: their CPUs are not simulated.
    /// Models topologycache/topologycache.go `SetNodes`.
    pub fn of(nodes: impl Iterator<Item = &'a Node> + Clone) -> Self {
        let control = |(key, _): &(Rc<str>, Rc<str>)| {
            matches!(&**key, "node-role.kubernetes.io/control-plane" | "node-role.kubernetes.io/master")
        };
        let workers = nodes.clone().filter(|n| n.ready && !n.labels.iter().any(control));
        let mut counts: Vec<(Rc<str>, u32)> = Vec::new();
        for node in workers.clone() {
            match counts.iter_mut().find(|(zone, _)| *zone == node.zone) {
                Some((_, count)) => *count += 1,
                None => counts.push((node.zone.clone(), 1)),
            }
        }
        crate::sort::plain(&mut counts);
        let total: u32 = counts.iter().map(|(_, count)| count).sum();
        if counts.iter().any(|(zone, _)| zone.is_empty()) {
            counts.clear();
        }
        let share = |(zone, count): (Rc<str>, u32)| (zone, f64::from(count) / f64::from(total));
        Self {
            by_name: nodes.map(|n| (&*n.id.name, n)).collect(),
            shares: counts.into_iter().map(share).collect(),
        }
    }
}

/// The address types that a Service has slices of.
/// Models utils.go `getAddressTypesForService`.
#[must_use]
pub fn address_types(spec: &ServiceSpec) -> Cow<'_, [Rc<str>]> {
    if !spec.ip_families.is_empty() {
        return Cow::Borrowed(&spec.ip_families);
    }
    Cow::Owned(match spec.cluster_ip.as_deref() {
        Some(ip) if has_address(spec) => vec![constant(if ip.contains(':') { "IPv6" } else { "IPv4" })],
        _ => vec![constant("IPv4"), constant("IPv6")],
    })
}

/// Models pkg/apis/core/v1/helper `IsServiceIPSet`.
fn has_address(spec: &ServiceSpec) -> bool {
    spec.cluster_ip.as_deref().is_some_and(|ip| !ip.is_empty() && ip != "None")
}

/// The slices of a Service with a selector, and how many selected pods were left out
/// because their node does not exist (the controller tries them again later).
/// Models reconciler.go `Reconcile`, from nothing: no slice is there before.
#[must_use]
pub fn reconcile(
    service: &ObjectRef,
    metadata: &Metadata,
    spec: &ServiceSpec,
    pods: &[&Pod],
    topology: &Topology<'_>,
    max_endpoints_per_slice: usize,
) -> (Vec<EndpointSlice>, usize) {
    let publish = spec.publish_not_ready_addresses == Some(true);
    let mut all = Vec::new();
    let mut left_out = 0;
    for address_type in address_types(spec).iter() {
        let mut groups: Vec<(Vec<EndpointPort>, Vec<Endpoint>)> = Vec::new();
        let mut last: Option<(&Rc<PodSpec>, usize)> = None;
        let mut group_of: Map<Vec<Option<i64>>, usize> = Map::new();
        for pod in pods.iter().filter(|pod| should_pod_be_in_endpoints(pod, true)) {
            let node = pod.node.as_deref().and_then(|name| topology.by_name.get(name).copied());
            if node.is_none() && !publish {
                left_out += 1;
                continue;
            }
            let endpoint = pod_to_endpoint(pod, node, service, spec, address_type);
            if endpoint.addresses.is_empty() {
                continue;
            }
            // Two pods share a slice when every port resolves to the same number, or to none.
            // So pods of one template do, of course.
            let group = match last.filter(|(spec, _)| Rc::ptr_eq(spec, &pod.spec)) {
                Some((_, group)) => group,
                None => {
                    let resolved = spec.ports.iter().map(|port| find_port(&pod.spec, port)).collect();
                    *group_of.get_or_insert_with(resolved, || {
                        groups.push((endpoint_ports(&spec.ports, &pod.spec), Vec::new()));
                        groups.len() - 1
                    })
                }
            };
            last = Some((&pod.spec, group));
            groups[group].1.push(endpoint);
        }
        if groups.is_empty() {
            // A Service without endpoints has one slice with nothing in it.
            groups.push((Vec::new(), Vec::new()));
        }
        let auto = wants_auto_hints(&metadata.annotations);
        let distribution = spec.traffic_distribution.as_deref();
        if auto || distribution.is_some() {
            let mut endpoints: Vec<&mut Endpoint> = groups.iter_mut().flat_map(|(_, list)| list).collect();
            if auto {
                auto_hints(&topology.shares, &mut endpoints);
            } else {
                traffic_hints(distribution, &mut endpoints);
            }
        }
        for (mut ports, endpoints) in groups {
            let mut rest = endpoints;
            let mut chunk = 0;
            loop {
                let later = rest.split_off(rest.len().min(max_endpoints_per_slice.max(1)));
                let slice = endpoints::EndpointSlice {
                    address_type: address_type.clone(),
                    endpoints: rest,
                    ports: if later.is_empty() { std::mem::take(&mut ports) } else { ports.clone() },
                };
                all.push(EndpointSlice {
                    id: slice_id(service, &slice, chunk),
                    origin: Origin::Controller(service.clone()),
                    service_name: Some(service.name.clone()),
                    labels: slice_labels(&service.name, &metadata.labels, !has_address(spec)),
                    slice,
                });
                if later.is_empty() {
                    break;
                }
                rest = later;
                chunk += 1;
            }
        }
    }
    (all, left_out)
}

/// What the API server makes a slice's name from.
/// Models utils.go `getEndpointSlicePrefix`.
#[must_use]
pub fn generate_name(service: &str) -> Rc<str> {
    let dashed = joined(&[service, "-"]);
    let valid = names::dns1123_subdomain(&names::mask_trailing_dash(&dashed)).is_empty();
    if valid { dashed } else { service.into() }
}

/// The name of a slice of a Service (or of Endpoints).
fn slice_name(service: &str, hash: Hash) -> Rc<str> {
    suffixed(&generate_name(service), "", hash.finish())
}

fn slice_id(service: &ObjectRef, slice: &endpoints::EndpointSlice, chunk: u64) -> ObjectRef {
    let mut hash = Hash::new().text(&service.namespace).text(&service.name);
    hash = hash.text(&slice.address_type).number(chunk);
    for port in &slice.ports {
        hash = hash.text(port.name.as_deref().unwrap_or("")).number(port.port.unwrap_or(0) as u64);
    }
    let name = slice_name(&service.name, hash);
    ObjectRef { kind: constant("EndpointSlice"), namespace: service.namespace.clone(), name }
}

/// The labels of a Service's slices: the Service's own, without the reserved ones.
/// Models utils.go `setEndpointSliceLabels`.
#[must_use]
pub fn slice_labels(name: &Rc<str>, service: &Labels, headless: bool) -> Labels {
    let mut labels = free_labels(service);
    if headless {
        labels.push((constant(HEADLESS), constant("")));
    }
    labels.push((constant(SERVICE_NAME), name.clone()));
    labels.push((constant(MANAGED_BY), constant(CONTROLLER)));
    labels
}

/// Labels that the controller does not set itself.
#[must_use]
pub fn free_labels(labels: &Labels) -> Labels {
    labels
        .iter()
        .filter(|(key, _)| ![SERVICE_NAME, MANAGED_BY, HEADLESS].contains(&&**key))
        .cloned()
        .collect()
}
