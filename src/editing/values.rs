//! Values that a field may have: words of a list, and names of what exists.

use super::outline::{Id, Spot};
use super::place::{Place, join};
use super::{Completion, Kind, keys, labels, snippets};
use crate::cluster::selector::matches_map;
use crate::cluster::{Cluster, Pod, Service, container_ports};
use std::collections::BTreeMap;
use std::rc::Rc;

/// The name of something that exists.
pub(super) fn name(label: &str, detail: impl Into<String>) -> Completion {
    Completion { label: label.to_owned(), detail: detail.into(), insert: label.to_owned(), kind: Kind::Name }
}

fn words(words: &[&str]) -> Vec<Completion> {
    words.iter().map(|word| Completion { kind: Kind::Word, ..name(word, "") }).collect()
}

/// The values that may be written at the cursor.
pub(super) fn of(place: &Place<'_, '_>, spot: &Spot, cluster: &Cluster) -> Vec<Completion> {
    let (kind, steps) = place.field();
    let here = |namespace: &str| namespace == place.namespace;
    let names = |names: &mut dyn Iterator<Item = &Rc<str>>| names.map(|n| name(n, "")).collect::<Vec<_>>();
    match (kind, join(&steps).as_str()) {
        (_, "kind") => {
            let version = place.out.value_at(place.root, &["apiVersion"]).unwrap_or("");
            let fits = |of: &str| version.is_empty() || version == of;
            snippets::kinds().filter(|(_, of)| fits(of)).map(|(kind, of)| name(kind, of)).collect()
        }
        (_, "apiVersion") => {
            let wanted = place.out.value_at(place.root, &["kind"]).unwrap_or("");
            let mut versions: Vec<&str> = Vec::new();
            for (kind, version) in snippets::kinds() {
                if (wanted.is_empty() || wanted == kind) && !versions.contains(&version) {
                    versions.push(version);
                }
            }
            words(&versions)
        }
        (_, "metadata.namespace" | "endpoints[].targetRef.namespace") => {
            names(&mut cluster.namespaces.iter())
        }
        ("Service", "spec.clusterIP") => vec![Completion { kind: Kind::Word, ..name("None", "headless") }],
        ("Service", "spec.externalName") => cluster
            .services
            .iter()
            .filter(|service| service.id.namespace != place.namespace.into())
            .map(|service| {
                let id = &service.id;
                name(&[&*id.name, ".", &id.namespace, ".svc.cluster.local"].concat(), "Service")
            })
            .collect(),
        ("Service", "spec.ports[].targetPort") => target_ports(place, cluster),
        ("Service", "spec.sessionAffinityConfig.clientIP.timeoutSeconds") => vec![name("10800", "default")],
        ("Pod", "spec.nodeName")
        | ("EndpointSlice", "endpoints[].nodeName" | "endpoints[].hints.forNodes[].name") => {
            cluster.nodes.iter().map(|node| name(&node.id.name, &*node.zone)).collect()
        }
        ("EndpointSlice", "endpoints[].zone" | "endpoints[].hints.forZones[].name") => {
            let mut zones: Vec<&Rc<str>> = cluster.nodes.iter().map(|node| &node.zone).collect();
            crate::sort::plain(&mut zones);
            zones.dedup();
            zones.into_iter().filter(|zone| !zone.is_empty()).map(|zone| name(zone, "")).collect()
        }
        ("EndpointSlice", "endpoints[].targetRef.kind") => words(&["Pod"]),
        ("EndpointSlice", "endpoints[].targetRef.name") => cluster
            .pods
            .iter()
            .filter(|pod| here(&pod.id.namespace))
            .map(|pod| name(&pod.id.name, ""))
            .collect(),
        ("EndpointSlice", "ports[].name") => {
            let label = ["metadata", "labels", "kubernetes.io/service-name"];
            let service = place.out.value_at(place.root, &label);
            service.map_or_else(Vec::new, |service| port_names(cluster, place.namespace, service))
        }
        ("StatefulSet", "spec.serviceName") | ("Pod", "spec.subdomain") => {
            services(cluster, place.namespace, |service| (!service.is_headless()).into())
        }
        ("Endpoints", "metadata.name") => {
            services(cluster, place.namespace, |service| service.selector().is_some().into())
        }
        ("Ingress", "spec.ingressClassName") => {
            let mut classes: BTreeMap<&Rc<str>, &str> = BTreeMap::new();
            for controller in &cluster.ingress_controllers {
                controller.classes.iter().for_each(|class| _ = classes.insert(class, &controller.controller));
            }
            for class in &cluster.ingress_classes {
                classes.insert(&class.id.name, class.class.controller.as_deref().unwrap_or(""));
            }
            classes.into_iter().map(|(class, controller)| name(class, controller)).collect()
        }
        ("IngressClass", "spec.controller") => vec![name("k8s.io/ingress-nginx", "ingress-nginx")],
        ("Ingress", path) if path.ends_with("ackend.service.name") => {
            services(cluster, place.namespace, |_| 0)
        }
        ("Ingress", path) if path.ends_with("ackend.service.port.name") => {
            backend(place).map_or_else(Vec::new, |service| port_names(cluster, place.namespace, service))
        }
        ("Ingress", path) if path.ends_with("ackend.service.port.number") => {
            let service = backend(place).and_then(|service| cluster.service(place.namespace, service));
            let ports = service.map_or(&[][..], |service| &service.ports);
            ports.iter().map(|port| name(&port.port.to_string(), &*port.name)).collect()
        }
        ("Pod", path) if path.ends_with("Probe.httpGet.port") || path.ends_with("Probe.tcpSocket.port") => {
            probe_ports(place)
        }
        _ => listed(place, spot, cluster),
    }
}

/// Words and truth values as the schema has them; labels.
fn listed(place: &Place<'_, '_>, spot: &Spot, cluster: &Cluster) -> Vec<Completion> {
    match place.offer() {
        Some(offer) if !offer.words.is_empty() => words(offer.words),
        Some(offer) if offer.type_name == "boolean" => words(&["true", "false"]),
        // The key of a map is no field of the schema's.
        _ => labels::values(place, spot, cluster),
    }
}

/// The name of the Service that an Ingress backend's port belongs to.
fn backend<'a>(place: &Place<'_, 'a>) -> Option<&'a str> {
    let service = place.above(2)?;
    place.out.value_at(service, &["name"])
}

fn services(cluster: &Cluster, namespace: &str, rank: impl Fn(&Service) -> u8) -> Vec<Completion> {
    let mut all: Vec<&Rc<Service>> =
        cluster.services.iter().filter(|service| &*service.id.namespace == namespace).collect();
    crate::sort::by_key(&mut all, |service| rank(service));
    all.into_iter()
        .map(|service| {
            let ports: Vec<String> = service.ports.iter().map(|port| port.port.to_string()).collect();
            name(&service.id.name, ports.join(", "))
        })
        .collect()
}

fn port_names(cluster: &Cluster, namespace: &str, service: &str) -> Vec<Completion> {
    let service = cluster.service(namespace, service);
    let ports = service.map_or(&[][..], |service| &service.ports);
    let named = ports.iter().filter(|port| !port.name.is_empty());
    named.map(|port| name(&port.name, port.port.to_string())).collect()
}

/// The pods that the selector in the text selects.
pub(super) fn selected<'c>(
    place: &Place<'_, '_>,
    selector: Option<Id>,
    cluster: &'c Cluster,
) -> Vec<&'c Rc<Pod>> {
    let pairs = selector.map_or_else(Vec::new, |selector| place.out.pairs(selector));
    if pairs.is_empty() {
        return Vec::new();
    }
    let wanted = pairs.into_iter().map(|(key, value)| (key.into(), value.into())).collect();
    let here = |pod: &&Rc<Pod>| &*pod.id.namespace == place.namespace;
    cluster.pods.iter().filter(here).filter(|pod| matches_map(&wanted, &pod.labels)).collect()
}

fn target_ports(place: &Place<'_, '_>, cluster: &Cluster) -> Vec<Completion> {
    let selector = place.out.at(place.root, &["spec", "selector"]);
    let mut by_name: BTreeMap<&str, Vec<i64>> = BTreeMap::new();
    let mut by_number: BTreeMap<i64, &str> = BTreeMap::new();
    for pod in selected(place, selector, cluster) {
        for (_, _, container) in container_ports::containers(&pod.spec) {
            for port in &container.ports {
                if let Some(name) = port.name.as_deref() {
                    let numbers = by_name.entry(name).or_default();
                    if !numbers.contains(&port.container_port) {
                        numbers.push(port.container_port);
                    }
                }
                by_number.entry(port.container_port).or_insert(&container.name);
            }
        }
    }
    let numbers = |numbers: Vec<i64>| numbers.iter().map(i64::to_string).collect::<Vec<_>>().join(", ");
    let named = by_name.into_iter().map(|(port, all)| name(port, numbers(all)));
    named.chain(by_number.into_iter().map(|(port, container)| name(&port.to_string(), container))).collect()
}

/// Ports of the container that a probe is in.
fn probe_ports(place: &Place<'_, '_>) -> Vec<Completion> {
    let out = place.out;
    let ports = keys::item_above(place).and_then(|container| out.child(container, "ports"));
    let mut items = Vec::new();
    for port in ports.into_iter().flat_map(|ports| out.children(ports)) {
        let number = out.value_at(port, &["containerPort"]).unwrap_or("");
        let label = out.value_at(port, &["name"]).unwrap_or(number);
        if !label.is_empty() {
            items.push(name(label, number));
        }
    }
    items
}
