//! The endpoints of a Service port, as one node's proxy sees them.

use crate::cluster::validate::ip::parse_sloppy;
use crate::cluster::{EndpointSlice, Protocol};
use crate::manifest::ObjectRef;
use std::net::IpAddr;
use std::rc::Rc;

/// An endpoint of a Service port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// Its address.
    pub ip: IpAddr,
    /// Its port.
    pub port: u16,
    /// conditions.ready
    pub ready: bool,
    /// conditions.serving
    pub serving: bool,
    /// conditions.terminating
    pub terminating: bool,
    /// The node it is on, where the slice says so.
    pub node: Option<Rc<str>>,
    /// hints.forZones
    pub zone_hints: Vec<Rc<str>>,
    /// hints.forNodes
    pub node_hints: Vec<Rc<str>>,
    /// The pod, where the slice says so.
    pub pod: Option<ObjectRef>,
    /// The slice it is in.
    pub slice: ObjectRef,
}

/// The endpoints of one Service port in one address family: each address and port
/// once, sorted by address and port so that nothing depends on the order of slices.
// Models pkg/proxy/endpointslicecache.go endpointInfoByServicePort, addEndpoints
#[must_use]
pub fn endpoints(
    slices: &[&EndpointSlice],
    port_name: &str,
    protocol: Protocol,
    ipv4: bool,
) -> Vec<Endpoint> {
    let mut found: Vec<Endpoint> = Vec::new();
    for slice in slices {
        if &*slice.slice.address_type == "FQDN" {
            continue;
        }
        for port in &slice.slice.ports {
            let same_name = port.name.as_deref().unwrap_or("") == port_name;
            let its_protocol = port.protocol.as_deref().map_or(Some(Protocol::Tcp), Protocol::parse);
            let number = port.port.and_then(|n| u16::try_from(n).ok()).unwrap_or(0);
            if !same_name || its_protocol != Some(protocol) || number == 0 {
                continue;
            }
            for endpoint in &slice.slice.endpoints {
                let Some(ip) = endpoint.addresses.first().and_then(|a| parse_sloppy(a)) else {
                    continue;
                };
                if ip.is_ipv4() != ipv4 {
                    continue;
                }
                let conditions = &endpoint.conditions;
                found.push(Endpoint {
                    ip,
                    port: number,
                    ready: conditions.ready.unwrap_or(true),
                    serving: conditions.serving.unwrap_or(true),
                    terminating: conditions.terminating.unwrap_or(false),
                    node: endpoint.node_name.clone(),
                    zone_hints: endpoint.for_zones.clone().unwrap_or_default(),
                    node_hints: endpoint.for_nodes.clone().unwrap_or_default(),
                    pod: endpoint
                        .target_ref
                        .as_ref()
                        .filter(|t| &*t.kind == "Pod")
                        .map(|t| ObjectRef::new("Pod", &t.namespace, &t.name)),
                    slice: slice.id.clone(),
                });
            }
        }
    }
    // Of equal ones one that is not terminating stays, else the first.
    crate::sort::by_key(&mut found, |e| (e.ip, e.port, e.terminating));
    found.dedup_by(|next, first| (next.ip, next.port) == (first.ip, first.port));
    found
}
