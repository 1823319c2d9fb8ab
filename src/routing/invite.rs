//! The requests that a cluster invites: for each Service and Ingress the way that its
//! type is there for, so that something sensible happens without anybody typing.

use super::{Destination, Network, Request, Source, node};
use crate::cluster::selector::matches_map;
use crate::cluster::{Ingress, Origin, Phase, Pod, Protocol, Service, ServicePort, ServiceType};
use crate::manifest::service::IntOrString;
use crate::proxy::chance::hash;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::rc::Rc;

/// Services, and Ingresses, that are asked for, and pods that ask: nobody watches the traffic of more.
const OBJECTS_MAX: usize = 1_000;
/// Requests at most.
const INVITED_MAX: usize = 2_000;
/// Ways of one Service or Ingress.
const WAYS_MAX: usize = 100;
/// How many nodes are asked for a node port.
const NODES_MAX: usize = 3;

pub(super) fn invited(net: &Network) -> Vec<Request> {
    let cluster = net.cluster();
    let mut ways: Vec<Vec<Request>> = Vec::new();
    for ingress in cluster.ingresses.iter().take(OBJECTS_MAX) {
        ways.push(of_ingress(net, ingress));
    }
    let runs = |p: &&Rc<Pod>| {
        p.phase == Phase::Running
            && !p.ips.is_empty()
            && p.node.is_some()
            && !net.controllers.contains_key(&p.id)
    };
    let running: Vec<&Rc<Pod>> = cluster.pods.iter().filter(runs).take(OBJECTS_MAX).collect();
    for service in cluster.services.iter().filter(|s| s.origin != Origin::Supplied).take(OBJECTS_MAX) {
        ways.push(of_service(net, service, &running));
    }
    // The first of each, then the second of each: nobody has to wait for a long list.
    let longest = ways.iter().map(Vec::len).max().unwrap_or(0);
    let mut all: Vec<Request> = Vec::new();
    for round in 0..longest {
        for request in ways.iter().filter_map(|way| way.get(round)) {
            if all.len() == INVITED_MAX {
                return all;
            }
            if !all.contains(request) {
                all.push(request.clone());
            }
        }
    }
    all
}

fn request(from: Source, to: Destination, port: u16, protocol: Protocol) -> Request {
    Request { from, to, port, protocol, host: None, path: "/".into() }
}

fn of_service(net: &Network, service: &Service, running: &[&Rc<Pod>]) -> Vec<Request> {
    let kind = service.service_type();
    if kind == ServiceType::LoadBalancer {
        let to = balancer(service);
        if let Some(to) = to {
            let from = internet(&service.id.name, &to);
            let one = |p: &ServicePort| request(from.clone(), to.clone(), p.port, p.protocol);
            return service.ports.iter().map(one).collect();
        }
    }
    if matches!(kind, ServiceType::NodePort | ServiceType::LoadBalancer) {
        let to_nodes = node_ports(net, service);
        if !to_nodes.is_empty() {
            return to_nodes;
        }
    }
    from_inside(net, service, running)
}

fn balancer(service: &Service) -> Option<Destination> {
    let ips = &service.load_balancer_ips;
    if let Some((ip, _)) = ips.iter().find(|(ip, _)| ip.is_ipv4()).or_else(|| ips.first()) {
        return Some(Destination::Ip(*ip));
    }
    super::internet::balancer_hostnames(service).next().map(|h| Destination::Name(h.clone()))
}

fn node_ports(net: &Network, service: &Service) -> Vec<Request> {
    let mut all = Vec::new();
    let ready = net.cluster().nodes.iter().filter(|n| n.ready);
    for node in ready.take(NODES_MAX) {
        for port in &service.ports {
            let Some(number) = port.node_port else { continue };
            let fits = |ip: &&IpAddr| service.cluster_ips.iter().any(|c| c.is_ipv4() == ip.is_ipv4());
            let Some(&ip) = node.addresses.iter().find(fits) else { continue };
            let to = Destination::Ip(ip);
            all.push(request(internet(&service.id.name, &to), to, number, port.protocol));
        }
    }
    all
}

/// From a pod of another workload, else any other pod, else a node, by the shortest name.
fn from_inside(net: &Network, service: &Service, running: &[&Rc<Pod>]) -> Vec<Request> {
    let cluster = net.cluster();
    let near = |p: &Pod| p.id.namespace == service.id.namespace;
    let its = |p: &Pod| service.selector().is_some_and(|s| matches_map(s, &p.labels));
    // The best sort is that of the best pod; in it the ready ones come first, then the order of the text.
    let sort = |p: &Pod| match near(p) {
        true => u8::from(its(p)) * 2,
        false => 1,
    };
    let mut clients: Vec<&Rc<Pod>> = Vec::new();
    let mut waiting = Vec::new();
    let mut best = (true, u8::MAX);
    let sorts: Vec<u8> = running.iter().map(|p| sort(p)).collect();
    for (pod, &sort) in running.iter().zip(&sorts) {
        best = best.min((pod.terminating || !pod.ready, sort));
    }
    for (pod, _) in running.iter().zip(&sorts).filter(|(_, sort)| **sort == best.1) {
        if pod.terminating || !pod.ready { &mut waiting } else { &mut clients }.push(*pod);
    }
    clients.append(&mut waiting);

    let mut all = Vec::new();
    for (i, (name, number, protocol)) in targets(net, service).into_iter().enumerate() {
        if let Some(client) = clients.get(i % clients.len().max(1)) {
            let name = if near(client) { name } else { format!("{name}.{}", service.id.namespace) };
            let from = Source::Pod { namespace: client.id.namespace.clone(), name: client.id.name.clone() };
            all.push(request(from, Destination::Name(name.into()), number, protocol));
        } else if let (Some(node), Some(&ip)) = (cluster.nodes.first(), service.cluster_ips.first()) {
            // A node does not ask the cluster's DNS.
            let from = Source::Node { name: node.id.name.clone() };
            all.push(request(from, Destination::Ip(ip), number, protocol));
        }
    }
    all
}

/// The Service of this cluster that an ExternalName leads to.
fn alias_of<'a>(net: &'a Network, service: &Service) -> Option<&'a Service> {
    let target = service.stored.spec.external_name.as_deref()?.trim_end_matches('.');
    let (name, namespace) = target.strip_suffix(".svc.cluster.local")?.split_once('.')?;
    net.cluster().service(namespace, name).map(|found| &**found)
}

/// Name, port and protocol to ask for.
fn targets(net: &Network, service: &Service) -> Vec<(String, u16, Protocol)> {
    let name = service.id.name.to_string();
    if service.service_type() == ServiceType::ExternalName {
        let port = service.ports.first().or_else(|| alias_of(net, service)?.ports.first());
        return vec![(name, port.map_or(443, |p| p.port), Protocol::Tcp)];
    }
    if !service.is_headless() {
        return service.ports.iter().map(|p| (name.clone(), p.port, p.protocol)).collect();
    }
    let ports: Vec<(u16, Protocol)> = match service.ports.is_empty() {
        false => service.ports.iter().map(|p| (target_port(net, service, p), p.protocol)).collect(),
        true => vec![declared(net, service).unwrap_or((80, Protocol::Tcp))],
    };
    let mut all: Vec<_> = ports.iter().map(|&(n, p)| (name.clone(), n, p)).collect();
    // A pod that the Service names can be asked for alone.
    let hostname = net
        .slices_of(&service.id)
        .flat_map(|s| &s.slice.endpoints)
        .filter(|e| e.conditions.ready.unwrap_or(true))
        .find_map(|e| e.hostname.as_ref());
    if let (Some(hostname), Some(&(number, protocol))) = (hostname, ports.first()) {
        all.push((format!("{hostname}.{name}"), number, protocol));
    }
    all
}

/// The pods' number for a port: a headless Service maps none.
fn target_port(net: &Network, service: &Service, port: &ServicePort) -> u16 {
    let number = match &port.target_port {
        IntOrString::Int(number) => u16::try_from(*number).ok(),
        IntOrString::Name(_) => net.slices_of(&service.id).flat_map(|s| &s.slice.ports).find_map(|p| {
            let named = p.name.as_deref().unwrap_or("") == &*port.name;
            p.port.filter(|_| named).and_then(|n| u16::try_from(n).ok())
        }),
    };
    number.unwrap_or(port.port)
}

fn declared(net: &Network, service: &Service) -> Option<(u16, Protocol)> {
    let targets =
        net.slices_of(&service.id).flat_map(|s| &s.slice.endpoints).filter_map(|e| e.target_ref.as_ref());
    targets.filter_map(|t| net.cluster().pod(&t.namespace, &t.name)).find_map(|pod| node::ports(pod).next())
}

fn of_ingress(net: &Network, ingress: &Ingress) -> Vec<Request> {
    let cluster = net.cluster();
    let controller = ingress.controller.and_then(|c| cluster.ingress_controllers.get(c));
    let service = controller.and_then(|c| net.service(&c.service)).map(|s| &cluster.services[s]);
    let entry = service.and_then(|s| super::internet::entry(cluster, s).first().copied());
    let spec = &ingress.ingress;
    let mut all = Vec::new();
    for rule in spec.rules.iter().take(WAYS_MAX) {
        let host: Option<Rc<str>> = rule.host.as_ref().filter(|h| !h.is_empty()).map(|h| {
            let concrete = h.strip_prefix('*').map(|rest| format!("www{rest}"));
            concrete.map_or_else(|| h.clone(), Rc::from)
        });
        let paths = rule.paths.iter().flatten().map(|p| p.path.as_deref().unwrap_or("/"));
        let paths: Vec<&str> = paths.collect();
        for path in if paths.is_empty() { &["/"][..] } else { &paths }.iter().take(WAYS_MAX) {
            all.extend(http(ingress, service, entry, host.as_ref(), plain(path)));
        }
    }
    if spec.rules.is_empty() && spec.default_backend.is_some() {
        all.extend(http(ingress, service, entry, None, "/"));
    }
    all
}

fn http(
    ingress: &Ingress,
    service: Option<&Rc<Service>>,
    entry: Option<IpAddr>,
    host: Option<&Rc<str>>,
    path: &str,
) -> Option<Request> {
    let to = match (host, entry) {
        (Some(host), _) => Destination::Name(host.clone()),
        (None, Some(ip)) => Destination::Ip(ip),
        (None, None) => return None,
    };
    let secure = ingress.ingress.tls.iter().any(|t| host.is_some_and(|h| t.hosts.contains(h)));
    let wanted = if secure { 443 } else { 80 };
    let mut number = wanted;
    if let Some(service) = service {
        // Without a load balancer the way in is a node port.
        let balanced = balancer(service).is_some() || !service.external_ips.is_empty();
        let port = service.ports.iter().find(|p| p.port == wanted);
        if !balanced {
            number = port.and_then(|p| p.node_port).unwrap_or(wanted);
        }
    }
    let from = match entry {
        Some(ip) => internet(&ingress.id.name, &Destination::Ip(ip)),
        None => internet(&ingress.id.name, &to),
    };
    Some(Request { path: path.into(), ..request(from, to, number, Protocol::Tcp) })
}

/// The plain beginning of a path that may be a regular expression.
fn plain(path: &str) -> &str {
    let end = path.find(['(', '[', '{', '*', '+', '?', '|', '\\', '^', '$']).unwrap_or(path.len());
    let start = &path[..end];
    if start.is_empty() { "/" } else { start }
}

/// A client outside: always the same one for the same name (RFC 5737, RFC 3849).
fn internet(name: &str, to: &Destination) -> Source {
    let h = hash(name);
    let last = (h % 240 + 8) as u8;
    let ip = match to {
        Destination::Ip(IpAddr::V6(_)) => Ipv6Addr::new(0x2001, 0xdb8, 0xc1, 0, 0, 0, 0, last.into()).into(),
        _ => Ipv4Addr::new(203, 0, 113, last).into(),
    };
    Source::Internet { ip }
}
