//! Slices that the text holds: written by hand, mirrored from Endpoints, or made by
//! the controller of the cluster that the text was taken from.

use super::{CONTROLLER, MANAGED_BY, MIRROR, SERVICE_NAME, slice_name};
use crate::cluster::allocate::ip_text;
use crate::cluster::hash::Hash;
use crate::cluster::{EndpointSlice, Origin};
use crate::manifest::endpoints::{
    self, Endpoint, EndpointAddress, EndpointConditions, EndpointPort, EndpointSubset,
};
use crate::manifest::metadata::{Labels, label};
use crate::manifest::{Body, Endpoints, Object, ObjectRef, constant};
use crate::map::{Map, Set};
use std::net::IpAddr;
use std::rc::Rc;

/// --mirroring-max-endpoints-per-subset
const MAX_ENDPOINTS_PER_SUBSET: usize = 1000;

/// Slices of the text.
pub(in crate::cluster) struct Written {
    pub(in crate::cluster) slices: Vec<EndpointSlice>,
    /// Services with a selector whose slices the text states, because their pods are not in it.
    pub(in crate::cluster) stated: Set<(Rc<str>, Rc<str>)>,
}

/// What a Service with a selector has in the text.
#[derive(Clone, Copy)]
pub(in crate::cluster) struct Selecting {
    /// Whether any pod of the text (or of its workloads) is selected.
    pub(in crate::cluster) has_pods: bool,
}

/// Reads the slices of the text. `selecting` holds the Services with a selector.
pub(in crate::cluster) fn written(
    objects: &[(u32, Rc<Object>)],
    selecting: &Map<(&str, &str), Selecting>,
    services: &Set<(&str, &str)>,
) -> Written {
    let mut written = Written { slices: Vec::new(), stated: Set::new() };
    let mut with_slices: Set<(&str, &str)> = Set::new();
    let named = |(_, o): &'_ (u32, Rc<Object>)| matches!(o.body, Body::Endpoints(_));
    let endpoints: Set<(&str, &str)> =
        objects.iter().filter(|o| named(o)).map(|(_, o)| (&*o.id.namespace, &*o.id.name)).collect();
    for (_, object) in objects {
        let Body::EndpointSlice(slice) = &object.body else { continue };
        let labels = &object.metadata.labels;
        let service = label(labels, SERVICE_NAME);
        let managed = label(labels, MANAGED_BY);
        // Mirrored again below.
        let mirrored = managed.is_some_and(|by| &**by == MIRROR);
        if mirrored && service.is_some_and(|s| endpoints.contains(&(&*object.id.namespace, &**s))) {
            continue;
        }
        if managed.is_some_and(|by| &**by == CONTROLLER) {
            let Some(service) = service else { continue };
            let key = (&*object.id.namespace, &**service);
            with_slices.insert(key);
            // The controller would write over it, or remove what belongs to no Service.
            match selecting.get(&key) {
                Some(Selecting { has_pods: true }) => continue,
                Some(Selecting { has_pods: false }) => {
                    written.stated.insert((object.id.namespace.clone(), service.clone()));
                }
                None if services.contains(&key) => {}
                None => continue,
            }
        }
        written.slices.push(EndpointSlice {
            id: object.id.clone(),
            origin: Origin::Text,
            service_name: service.filter(|s| !s.is_empty()).cloned(),
            labels: labels.clone(),
            slice: slice.clone(),
        });
    }
    for (_, object) in objects {
        let Body::Endpoints(endpoints) = &object.body else { continue };
        let key = (&*object.id.namespace, &*object.id.name);
        let truth = match selecting.get(&key) {
            // The controller keeps Endpoints of a selector itself; they are the truth where nothing better is there.
            Some(Selecting { has_pods }) => !has_pods && !with_slices.contains(&key) && is_live(object),
            None => services.contains(&key),
        };
        if !truth || is_not_mirrored(object) {
            continue;
        }
        if selecting.contains_key(&key) {
            written.stated.insert((object.id.namespace.clone(), object.id.name.clone()));
        }
        mirror(object, endpoints, &mut written.slices);
    }
    written
}

fn is_live(object: &Object) -> bool {
    object.metadata.creation_timestamp.is_some()
}

/// Models endpointslicemirroring_controller.go `shouldMirror`.
fn is_not_mirrored(object: &Object) -> bool {
    let skip = label(&object.metadata.labels, "endpointslice.kubernetes.io/skip-mirror");
    skip.is_some_and(|v| &**v == "true")
        || label(&object.metadata.annotations, "control-plane.alpha.kubernetes.io/leader").is_some()
}

/// Models pkg/controller/endpointslicemirroring/reconciler.go `reconcile`: one slice for
/// each address type and set of ports.
fn mirror(object: &Object, endpoints: &Endpoints, slices: &mut Vec<EndpointSlice>) {
    let mut groups: Vec<(Rc<str>, Vec<EndpointPort>, Vec<Endpoint>)> = Vec::new();
    for subset in &endpoints.subsets {
        let ports = ports(subset);
        let ready = subset.addresses.iter().map(|a| (a, true));
        let not_ready = subset.not_ready_addresses.iter().map(|a| (a, false));
        let valid = ready.chain(not_ready).filter_map(|(address, ready)| endpoint(address, ready));
        for (address_type, endpoint) in valid.take(MAX_ENDPOINTS_PER_SUBSET) {
            let group = groups.iter_mut().find(|(t, p, _)| **t == *address_type && *p == ports);
            match group {
                Some((_, _, list)) => list.push(endpoint),
                None => groups.push((address_type.into(), ports.clone(), vec![endpoint])),
            }
        }
    }
    for (index, (address_type, ports, endpoints)) in groups.into_iter().enumerate() {
        let id = &object.id;
        let hash = Hash::new().text(&id.namespace).text(&id.name).text("mirror").number(index as u64);
        let name = slice_name(&id.name, hash);
        slices.push(EndpointSlice {
            id: ObjectRef { kind: constant("EndpointSlice"), namespace: id.namespace.clone(), name },
            origin: Origin::Controller(id.clone()),
            service_name: Some(id.name.clone()),
            labels: mirror_labels(object),
            slice: endpoints::EndpointSlice { address_type, endpoints, ports },
        });
    }
}

fn mirror_labels(object: &Object) -> Labels {
    let mut labels: Labels = object.metadata.labels.clone();
    labels.retain(|(key, _)| ![SERVICE_NAME, MANAGED_BY].contains(&&**key));
    labels.push((constant(SERVICE_NAME), object.id.name.clone()));
    labels.push((constant(MANAGED_BY), constant(MIRROR)));
    labels
}

fn ports(subset: &EndpointSubset) -> Vec<EndpointPort> {
    let complete = |port: &EndpointPort| EndpointPort {
        name: Some(port.name.clone().unwrap_or_default()),
        protocol: Some(port.protocol.clone().filter(|p| !p.is_empty()).unwrap_or_else(|| constant("TCP"))),
        ..port.clone()
    };
    subset.ports.iter().map(complete).collect()
}

fn endpoint(address: &EndpointAddress, ready: bool) -> Option<(&'static str, Endpoint)> {
    let ip: IpAddr = address.ip.parse().ok()?;
    let endpoint = Endpoint {
        addresses: vec![ip_text(ip)],
        conditions: EndpointConditions { ready: Some(ready), serving: None, terminating: None },
        hostname: address.hostname.clone().filter(|h| !h.is_empty()),
        node_name: address.node_name.clone(),
        zone: None,
        target_ref: address.target_ref.clone(),
        for_zones: None,
        for_nodes: None,
    };
    Some((if ip.is_ipv6() { "IPv6" } else { "IPv4" }, endpoint))
}
