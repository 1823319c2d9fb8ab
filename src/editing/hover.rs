//! From the word under the pointer to what there is to say about it.

use super::Hover;
use super::outline::{Id, Outline};
use super::place::{Place, is_workload, join};
use super::values::selected;
use crate::cluster::{Cluster, Pod, Protocol, Service, ServiceType, container_ports};
use crate::manifest::service::IntOrString;
use crate::manifest::{Manifest, ObjectRef};
use crate::words::fields;
use std::net::IpAddr;
use std::rc::Rc;

/// Names listed before the rest is counted.
const NAMES_MAX: usize = 6;

/// What there is to say about the word at a byte of the text; `None` for words that
/// neither the schema nor the cluster knows.
#[must_use]
pub fn hover(text: &str, offset: u32, manifest: &Manifest, cluster: &Cluster) -> Option<Hover> {
    // The cluster knows what the other documents say; the text alone what this one says.
    let _ = manifest;
    let outline = Outline::around(text, offset);
    let (node, span, is_value) = outline.word_at(offset)?;
    let place = Place::of(&outline, node);
    let (kind, steps) = place.field();
    let words = fields::find(kind, &steps);
    let offer = place.offer();
    let mut title = [place.kind, " ", &join(&place.steps())].concat();
    if let Some(offer) = &offer {
        title.push_str(" · ");
        title.push_str(&offer.type_name);
    }
    let mut parts: Vec<String> = Vec::new();
    let now = now(&place, node, is_value, cluster);
    if is_value {
        parts.extend(now);
        parts.extend(words.map(|words| words.what.to_owned()));
    } else {
        if let Some(words) = words {
            parts.push(words.what.to_owned());
            if !words.default.is_empty() {
                parts.push(["Where missing: ", words.default, "."].concat());
            }
        } else if offer.as_ref().is_some_and(|offer| offer.required) {
            parts.push("Required.".to_owned());
        }
        parts.extend(now);
    }
    if parts.is_empty() && offer.is_none() {
        return None;
    }
    Some(Hover { span, title, text: parts.join("\n") })
}

/// What the cluster makes of a field now.
fn now(place: &Place<'_, '_>, node: Id, is_value: bool, cluster: &Cluster) -> Option<String> {
    let out = place.out;
    let (kind, steps) = place.field();
    let value = out.value(node).unwrap_or("");
    let name = out.value_at(place.root, &["metadata", "name"]).unwrap_or("");
    match (kind, join(&steps).as_str()) {
        ("Service", "spec.selector") => selection(place, Some(node), cluster),
        ("Service", path) if path.starts_with("spec.selector.") => {
            selection(place, Some(out.nodes[node].parent), cluster)
        }
        ("Service", "metadata.name") if is_value => {
            Some(service(cluster.service(place.namespace, value)?, cluster))
        }
        ("Service", "spec.type" | "spec.clusterIP" | "spec.clusterIPs" | "spec.clusterIPs[]") => {
            addresses(cluster.service(place.namespace, name)?)
        }
        ("Service", "spec.ports[].targetPort") if is_value => target(place, value, node, cluster),
        ("Service", "spec.externalName") if is_value => inside(value, cluster).map(|s| service(s, cluster)),
        ("Ingress", path) if is_value && path.ends_with("ackend.service.name") => {
            Some(found(place.namespace, value, cluster))
        }
        ("Ingress", "spec.ingressClassName") if is_value => Some(class(value, cluster)),
        ("Ingress", "spec.rules[].host") if is_value => entrance(place.namespace, name, cluster),
        ("EndpointSlice", "metadata.labels.kubernetes.io/service-name") if is_value => {
            Some(found(place.namespace, value, cluster))
        }
        ("EndpointSlice", "endpoints[].addresses[]") | ("Endpoints", "subsets[].addresses[].ip") => {
            owner(value, cluster)
        }
        ("Pod", "spec.subdomain") | ("StatefulSet", "spec.serviceName") if is_value => {
            Some(found(place.namespace, value, cluster))
        }
        ("Pod", path) if path == "metadata.labels" || path.starts_with("metadata.labels.") => {
            selectors(place, if path == "metadata.labels" { node } else { out.nodes[node].parent }, cluster)
        }
        ("Pod", "metadata.name") if is_value => Some(pod(cluster.pod(place.namespace, value)?)),
        ("Pod", "spec.nodeName") if is_value && cluster.node(value).is_none() => {
            Some(["There is no node ", value, "."].concat())
        }
        (_, "metadata.name") if is_value && is_workload(kind) => {
            let id = ObjectRef::new(kind, place.namespace, value);
            let made = cluster.pods.iter().filter(|pod| made_by(pod, &id)).map(|pod| &*pod.id.name);
            Some(counted("Its pods now", "pod", &made.collect::<Vec<_>>()))
        }
        _ => None,
    }
}

/// `Selects 3 pods: a, b, c.`
fn counted(front: &str, what: &str, names: &[&str]) -> String {
    let count = names.len();
    let mut text = format!("{front}: {count} {what}{}", if count == 1 { "" } else { "s" });
    for (at, name) in names.iter().take(NAMES_MAX).enumerate() {
        text.push_str(if at == 0 { " (" } else { ", " });
        text.push_str(name);
    }
    if count > NAMES_MAX {
        text.push_str(", …");
    }
    text.push_str(if count == 0 { "." } else { ")." });
    text
}

fn selection(place: &Place<'_, '_>, selector: Option<Id>, cluster: &Cluster) -> Option<String> {
    let empty = selector.is_none_or(|selector| place.out.children(selector).next().is_none());
    if empty {
        return Some("Empty: selects no pods.".to_owned());
    }
    let pods = selected(place, selector, cluster);
    let names: Vec<&str> = pods.iter().map(|pod| &*pod.id.name).collect();
    let mut text = counted("Selects now", "pod", &names);
    let ready = pods.iter().filter(|pod| pod.ready && !pod.terminating).count();
    if ready < pods.len() {
        text.push_str(&format!(" Ready: {ready}."));
    }
    Some(text)
}

fn list<T: ToString>(items: impl IntoIterator<Item = T>) -> String {
    items.into_iter().map(|item| item.to_string()).collect::<Vec<_>>().join(", ")
}

fn addresses(service: &Service) -> Option<String> {
    let mut text = match service.service_type() {
        ServiceType::ExternalName => return None,
        _ if service.is_headless() => "Headless: no address of its own.".to_owned(),
        _ => format!("Address: {}.", list(&service.cluster_ips)),
    };
    let doors = service.ports.iter().filter_map(|port| Some((port.port, port.node_port?)));
    let doors: Vec<String> = doors.map(|(port, door)| format!("{door} for {port}")).collect();
    if !doors.is_empty() {
        text.push_str(&format!(" Node ports: {}.", doors.join(", ")));
    }
    if !service.load_balancer_ips.is_empty() {
        text.push_str(&format!(" Outside: {}.", list(service.load_balancer_ips.iter().map(|(ip, _)| ip))));
    }
    Some(text)
}

/// A Service: its name in DNS, its addresses, its endpoints.
fn service(service: &Service, cluster: &Cluster) -> String {
    let id = &service.id;
    let mut text = format!("{}.{}.svc.cluster.local", id.name, id.namespace);
    if service.service_type() == ServiceType::ExternalName {
        let alias = service.stored.spec.external_name.as_deref().unwrap_or("");
        return format!("{text} is another name for {alias}.");
    }
    text.push_str(". ");
    text.push_str(&addresses(service).unwrap_or_default());
    let mut ready: Vec<&str> = Vec::new();
    for slice in cluster.slices_of(id) {
        for endpoint in &slice.slice.endpoints {
            if let (true, Some(address)) =
                (endpoint.conditions.ready != Some(false), endpoint.addresses.first())
                && !ready.contains(&&**address)
            {
                ready.push(address);
            }
        }
        if ready.len() > 200 {
            break;
        }
    }
    text.push(' ');
    text.push_str(&counted("Ready", "endpoint", &ready));
    text
}

/// The Service of a name, or that there is none.
fn found(namespace: &str, name: &str, cluster: &Cluster) -> String {
    match cluster.service(namespace, name) {
        Some(found) => service(found, cluster),
        None => format!("There is no Service {name} in namespace {namespace}."),
    }
}

/// The Service of the cluster that a name in DNS stands for.
fn inside<'c>(name: &str, cluster: &'c Cluster) -> Option<&'c Rc<Service>> {
    let (service, namespace) =
        name.trim_end_matches('.').strip_suffix(".svc.cluster.local")?.split_once('.')?;
    cluster.service(namespace, service)
}

/// What a targetPort is in each of the pods that the Service selects.
fn target(place: &Place<'_, '_>, value: &str, node: Id, cluster: &Cluster) -> Option<String> {
    let wanted = match value.parse() {
        Ok(number) => IntOrString::Int(number),
        Err(_) => IntOrString::Name(value.into()),
    };
    let port = place.out.nodes[node].parent;
    let protocol = place.out.value_at(port, &["protocol"]).and_then(Protocol::parse).unwrap_or_default();
    let pods = selected(place, place.out.at(place.root, &["spec", "selector"]), cluster);
    let mut groups: Vec<(Option<i64>, Vec<&str>)> = Vec::new();
    for pod in &pods {
        let found = container_ports::find(&pod.spec, &wanted, protocol.name());
        let number = found.map(|found| found.port.container_port);
        match groups.iter_mut().find(|(of, _)| *of == number) {
            Some((_, names)) => names.push(&pod.id.name),
            None => groups.push((number, vec![&pod.id.name])),
        }
    }
    let parts: Vec<String> = groups
        .iter()
        .map(|(number, names)| match (number, &wanted) {
            (Some(number), _) => counted(&format!("Port {number}"), "pod", names),
            (None, IntOrString::Int(number)) => {
                counted(&format!("No container lists {number}"), "pod", names)
            }
            (None, IntOrString::Name(_)) => counted("No such port", "pod", names),
        })
        .collect();
    (!parts.is_empty()).then(|| parts.join(" "))
}

fn class(name: &str, cluster: &Cluster) -> String {
    let served = cluster.ingress_controllers.iter().find(|c| c.classes.iter().any(|class| &**class == name));
    let known = cluster.ingress_classes.iter().any(|class| &*class.id.name == name);
    match (served, known) {
        (Some(controller), _) => format!("Served by {}.", controller.controller),
        (None, true) => "The class exists; no controller that runs serves it.".to_owned(),
        (None, false) => "There is no such class: nobody serves this Ingress.".to_owned(),
    }
}

/// Where an Ingress is reached from outside.
fn entrance(namespace: &str, name: &str, cluster: &Cluster) -> Option<String> {
    let ingress = cluster.ingresses.iter().find(|i| &*i.id.namespace == namespace && &*i.id.name == name)?;
    let Some(controller) = ingress.controller.and_then(|at| cluster.ingress_controllers.get(at)) else {
        return Some("No controller serves this Ingress, so that no request arrives.".to_owned());
    };
    let id = &controller.service;
    let service = cluster.service(&id.namespace, &id.name)?;
    let outside = list(service.load_balancer_ips.iter().map(|(ip, _)| ip));
    (!outside.is_empty()).then(|| format!("Clients outside find {} at {outside}.", controller.controller))
}

/// Whose an address is.
fn owner(value: &str, cluster: &Cluster) -> Option<String> {
    let ip: IpAddr = value.parse().ok()?;
    Some(match (cluster.pod_by_ip(ip), cluster.node_by_ip(ip)) {
        (Some(pod), _) => format!("Pod {}/{}.", pod.id.namespace, pod.id.name),
        (None, Some(node)) => format!("Node {}.", node.id.name),
        (None, None) => "No pod and no node has it: outside the cluster.".to_owned(),
    })
}

/// The Services that select pods with the labels of a map.
fn selectors(place: &Place<'_, '_>, map: Id, cluster: &Cluster) -> Option<String> {
    let labels = place.out.pairs(map);
    let labels = labels.into_iter().map(|(key, value)| (key.into(), value.into())).collect();
    let selects = |service: &&Rc<Service>| {
        &*service.id.namespace == place.namespace
            && service.selector().is_some_and(|s| crate::cluster::selector::matches_map(s, &labels))
    };
    let names: Vec<&str> = cluster.services.iter().filter(selects).map(|service| &*service.id.name).collect();
    Some(counted("Selected now by", "Service", &names))
}

fn pod(pod: &Pod) -> String {
    let mut text = match (&pod.node, pod.ips.is_empty()) {
        (Some(node), false) => format!("{} on {node}", list(&*pod.ips)),
        (Some(node), true) => format!("On {node}, without an address yet"),
        (None, _) => "Placed on no node".to_owned(),
    };
    text.push_str(if pod.terminating {
        ", terminating."
    } else if pod.ready {
        ", ready."
    } else {
        ", not ready."
    });
    text
}

fn made_by(pod: &Pod, id: &ObjectRef) -> bool {
    pod.written_in.0 == *id
}
