//! Why a hop went as it did, in words.

use super::addresses::{address, ip_port, plural};
use super::{failures, resolving};
use crate::manifest::ObjectRef;
use crate::proxy::{Scope, SourceClass, Topology, Via};
use crate::routing::reason::{Masquerade, Pick};
use crate::routing::{Destination, Hop, Outcome, Place, Reason, Request, Source, Trace};

/// A hop in words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HopWords {
    /// What happened, short: `node-b's rules`.
    pub title: String,
    /// Why, one or two sentences.
    pub why: String,
    /// What would mend a failure; empty for hops that go well.
    pub fix: String,
}

impl HopWords {
    pub(super) fn new(title: impl Into<String>, why: impl Into<String>) -> Self {
        Self { title: title.into(), why: why.into(), fix: String::new() }
    }

    pub(super) fn failing(title: impl Into<String>, why: impl Into<String>, fix: impl Into<String>) -> Self {
        Self { title: title.into(), why: why.into(), fix: fix.into() }
    }
}

/// Puts one hop of a trace into words.
#[must_use]
pub fn hop(trace: &Trace, hop: &Hop) -> HopWords {
    resolving::words(trace, hop)
        .or_else(|| failures::words(hop))
        .or_else(|| edge(hop))
        .or_else(|| inside(hop))
        .or_else(|| ends(trace, hop))
        .unwrap_or_else(|| HopWords::new(place(&hop.to), ""))
}

/// The way in.
fn edge(hop: &Hop) -> Option<HopWords> {
    Some(match &hop.reason {
        Reason::ToLoadBalancer { service } => HopWords::new(
            format!("{} → load balancer", place(&hop.from)),
            format!("The address is in the status of Service {}.", service.name),
        ),
        Reason::LoadBalancerPicks { node, service, of, local, has_pod, node_port } => {
            let title = match node_port {
                Some(port) => format!("Load balancer → {node} :{port}"),
                None => format!("Load balancer → {node}"),
            };
            let mut why = match (local, of) {
                (true, 1) => format!(
                    "externalTrafficPolicy is Local: {node} alone has a ready pod of {}, so only it passes the health check.",
                    service.name
                ),
                (true, n) => format!(
                    "externalTrafficPolicy is Local: one of the {n} nodes with a ready pod of {}.",
                    service.name
                ),
                (false, 1) => "The only healthy node.".into(),
                (false, _) => "Any healthy node will do: the policy is Cluster.".into(),
            };
            if !has_pod {
                why += &format!(" {node} runs no pod of {}.", service.name);
            }
            if node_port.is_some() {
                why += " The balancer opens a connection of its own: the node sees the balancer's address.";
            }
            HopWords::new(title, why)
        }
        Reason::ToNode { node, service: Some(service), port: 0 } => HopWords::new(
            format!("→ {node}"),
            format!("The health check port of {} is answered by the node itself.", service.name),
        ),
        Reason::ToNode { node, service, port } => {
            let why = match service {
                Some(service) => format!(
                    "Port {port} is the node port of {}. Every node listens on it, with or without a pod.",
                    service.name
                ),
                None => format!("The address is that of {node} itself."),
            };
            HopWords::new(format!("{} → {node} :{port}", place(&hop.from)), why)
        }
        Reason::ToExternalIp { service, node } => HopWords::new(
            format!("{} → {node}", place(&hop.from)),
            format!(
                "The address is one of the externalIPs of {}. Kubernetes does not announce it: somebody must route it to a node; here it comes to {node}.",
                service.name
            ),
        ),
        _ => return None,
    })
}

/// From the rules to a pod.
fn inside(hop: &Hop) -> Option<HopWords> {
    Some(match &hop.reason {
        Reason::Endpoint { node, .. } => HopWords::new(format!("{node}’s rules"), chosen(&hop.reason)),
        Reason::SameNode { node } => HopWords::new(
            format!("To {}", place(&hop.to)),
            format!("It runs on {node} as well: the packet never leaves the node."),
        ),
        Reason::PodNetwork { from, to, second_hop } => {
            let mut why = format!("The pod network carries it to pod {}.", place(&hop.to));
            if *second_hop {
                why += &format!(" A second hop: it came in at {from}, and the pod is on {to}.");
            }
            HopWords::new(format!("{from} → {to}"), why)
        }
        Reason::BetweenNodes { from, to } => {
            HopWords::new(format!("{from} → {to}"), format!("The address is that of {to}."))
        }
        Reason::PodAddress { pod, headless } => {
            let why = match headless {
                Some(service) => format!(
                    "{} is headless: the name gave the pod’s own address. No rules, no load balancing, and the port is not mapped.",
                    service.name
                ),
                None => "A pod’s own address: straight there, no Service and no rules in between.".into(),
            };
            HopWords::new(format!("To pod {}", pod.name), why)
        }
        Reason::HostPort { node, pod, port } => HopWords::new(
            format!("{node} :{port}"),
            format!("No Service: a container of {} asks for hostPort {port}.", pod.name),
        ),
        Reason::LeavesCluster { node, masqueraded, endpoint_of } => {
            let mut why = match (endpoint_of, node) {
                (Some(service), _) => {
                    format!("An EndpointSlice of {} names this address, and no pod has it.", service.name)
                }
                (None, Some(_)) => {
                    "The address is outside the cluster: no Service’s rules are about it.".into()
                }
                (None, None) => "Nothing of the cluster is on the way.".to_owned(),
            };
            if let (true, Some(node)) = (masqueraded, node) {
                why += &format!(" A pod’s address means nothing outside: the source becomes {node}.");
            }
            HopWords::new(format!("→ {}", place(&hop.to)), why)
        }
        Reason::IngressRule { ingress, host, path, path_type, service, others } => {
            let target = service.as_ref().map_or("a resource", |s| &*s.name);
            let mut why = match path_type {
                Some(kind) => format!(
                    "Ingress {}: {}{path} ({kind}) leads to {target}.",
                    ingress.name,
                    if host.is_empty() { "any host, " } else { host }
                ),
                None => {
                    format!("No path matches; the defaultBackend of Ingress {} is {target}.", ingress.name)
                }
            };
            match others {
                0 => {}
                1 => why += " Another rule matches too; this one is longer or more exact.",
                n => why += &format!(" {n} other rules match too; this one is the longest or most exact."),
            }
            HopWords::new("Controller reads the request", why)
        }
        Reason::ControllerPicks { service, turn, of, same_node } => {
            let turn = match of {
                1 => "its only ready pod".to_owned(),
                of => format!("ready pod {turn} of {of}, in turn"),
            };
            let mut why = format!(
                "The controller connects to {turn}: straight to the pod, so the cluster IP, affinity and traffic policies of {} play no part.",
                service.name
            );
            if *same_node {
                why += " It is on the same node.";
            }
            HopWords::new(format!("Controller → {}", place(&hop.to)), why)
        }
        Reason::ControllerGoesOut { service, target } => HopWords::new(
            format!("Controller → {target}"),
            format!("{} is an ExternalName: the controller resolves it and goes out.", service.name),
        ),
        _ => return None,
    })
}

fn chosen(reason: &Reason) -> String {
    let Reason::Endpoint {
        node,
        service,
        via,
        source,
        scope,
        shortcut,
        of,
        ready,
        pick,
        topology,
        terminating,
        masquerade,
        port_mapped: _,
    } = reason
    else {
        return String::new();
    };
    let mut words = match pick {
        Pick::Only => "Destination becomes a pod, the only one there is to choose.".to_owned(),
        Pick::Chance => format!("Destination becomes a pod, by chance, 1 in {of}."),
        Pick::Remembered => format!(
            "sessionAffinity is ClientIP: {node} remembers this client, so it is the same pod as before."
        ),
    };
    let policy = if *via == Via::ClusterIp { "internalTrafficPolicy" } else { "externalTrafficPolicy" };
    if *scope == Scope::Local {
        words += &format!(" {policy} is Local: only pods on {node} count.");
    }
    if *shortcut {
        let who = if *source == SourceClass::Pod { "a pod" } else { "the node itself" };
        words += &format!(
            " externalTrafficPolicy Local binds what comes from outside; {who} may reach every pod."
        );
    }
    match topology {
        Topology::SameZone => {
            words += &format!(" Only pods in {node}’s zone: hints say so, {of} of {ready}.")
        }
        Topology::SameNode => {
            words += &format!(" Only pods on {node} itself: hints say so, {of} of {ready}.")
        }
        Topology::Any => {}
    }
    if *terminating {
        words += " No pod is ready: those that are terminating and still serve are used.";
    }
    if matches!(via, Via::LoadBalancerIp) && *source != SourceClass::Outside {
        words += " The load balancer never sees it: the node’s own rules know the address.";
    }
    match masquerade {
        Masquerade::Kept => {
            if *source == SourceClass::Outside {
                words += " The source stays: the pod sees the client’s address.";
            }
        }
        Masquerade::Policy if *source == SourceClass::Pod => {
            words += &format!(" Source becomes {node}: it came by {}’s outside address.", service.name);
        }
        Masquerade::Policy => {
            words += &format!(
                " Source becomes {node}, so that the reply comes back this way: the pod will not see the client."
            );
        }
        Masquerade::NotPod => words += &format!(" Source becomes {node}: the client is not a pod."),
        Masquerade::Hairpin => {
            words += &format!(
                " It is the client itself: source becomes {node}, or the reply would never come back through the rules."
            );
        }
        Masquerade::All => words += &format!(" Source becomes {node}: the proxy masquerades everything."),
    }
    words
}

/// The ends that are well.
fn ends(trace: &Trace, hop: &Hop) -> Option<HopWords> {
    Some(match &hop.reason {
        Reason::Answered { port, sees, hidden, behind_proxy } => {
            let status = match trace.outcome {
                Outcome::Served { status, .. } if trace.request.protocol == crate::cluster::Protocol::Tcp => {
                    format!(" {status}")
                }
                _ => String::new(),
            };
            let title = format!("{} answers{status}", place(&hop.to));
            let why = match (hidden, behind_proxy) {
                (Some(client), true) => format!(
                    "It listens on {port} and sees the controller, {}. The client, {}, is only in the X-Forwarded-For header.",
                    address(*sees),
                    address(*client)
                ),
                (Some(client), false) => {
                    format!(
                        "It listens on {port} and sees {}, not the client, {}.",
                        address(*sees),
                        address(*client)
                    )
                }
                (None, _) => format!("It listens on {port} and sees the client, {}.", address(*sees)),
            };
            HopWords::new(title, why)
        }
        Reason::AnsweredOutside { host_header, endpoint } => {
            let why = match host_header {
                Some(name) => format!(
                    "It gets the Host header {name}, and TLS asks for that name too: an ExternalName changes where, not what. Many servers refuse that."
                ),
                None if *endpoint => "Endpoints need not be pods.".to_owned(),
                None => "A host outside: the playground takes it to answer.".to_owned(),
            };
            HopWords::new(format!("{} answers", place(&hop.to)), why)
        }
        Reason::HealthCheck { service, local } => {
            let why = match local {
                0 => format!(
                    "No ready pod of {} runs here: 503, so that load balancers leave this node out.",
                    service.name
                ),
                n => format!("{} of {} here: 200.", plural(*n, "ready pod"), service.name),
            };
            HopWords::new(format!("{} answers", place(&hop.to)), why)
        }
        Reason::TlsRedirect { ingress, host } => HopWords::failing(
            "Controller answers 308",
            format!("Ingress {} has a certificate for {host}: plain HTTP is sent to HTTPS.", ingress.name),
            "Ask for port 443.",
        ),
        _ => return None,
    })
}

/// A place's name.
#[must_use]
pub fn place(place: &Place) -> String {
    match place {
        Place::Internet(_) => "Internet".into(),
        Place::External(host) | Place::Nowhere(host) => host.to_string(),
        Place::LoadBalancer(service) => format!("load balancer of {}", service.name),
        Place::Resolver => "cluster DNS".into(),
        Place::Node(node) => node.to_string(),
        Place::NodePort(node, port) => format!("{node} :{port}"),
        Place::Rules(node) => format!("{node}’s rules"),
        Place::Pod(ObjectRef { name, .. }) | Place::Service(ObjectRef { name, .. }) => name.to_string(),
    }
}

/// A request as a heading: `GET http://198.51.100.20/`.
#[must_use]
pub fn request_title(request: &Request) -> String {
    let host = match &request.to {
        Destination::Name(name) => name.to_string(),
        Destination::Ip(ip) => address(*ip),
    };
    if request.protocol != crate::cluster::Protocol::Tcp {
        return format!("{} {}", request.protocol.name(), ip_port(&host, request.port));
    }
    // Only what HTTP usually runs on is written as a URL.
    let (scheme, known) = match request.port {
        80 => ("http", 80),
        443 => ("https", 443),
        8443 => ("https", 0),
        5432 | 3306 | 6379 | 27017 | 9092 | 5672 | 1433 | 11211 | 53 | 22 => ("", 0),
        _ => ("http", 0),
    };
    let there = if known == request.port { host } else { ip_port(&host, request.port) };
    match scheme {
        "" => format!("TCP {there}"),
        _ => format!("GET {scheme}://{there}{}", request.path),
    }
}

/// Where a request comes from, below its heading: `from the internet, 203.0.113.9 · TCP, new connection`.
#[must_use]
pub fn request_subtitle(request: &Request) -> String {
    let from = match &request.from {
        Source::Pod { namespace, name } if &**namespace == "default" => format!("pod {name}"),
        Source::Pod { namespace, name } => format!("pod {name} in {namespace}"),
        Source::Node { name } => format!("a process on {name}"),
        Source::Internet { ip } => format!("the internet, {ip}"),
    };
    let connection = match request.protocol {
        crate::cluster::Protocol::Udp => "UDP",
        crate::cluster::Protocol::Tcp => "TCP, new connection",
        crate::cluster::Protocol::Sctp => "SCTP, new association",
    };
    let host = match &request.host {
        Some(host) => format!(" · Host: {host}"),
        None => String::new(),
    };
    format!("from {from} · {connection}{host}")
}

/// How a request ended, short: `web-x2k answered 200`.
#[must_use]
pub fn outcome(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Served { pod, status } => format!("{} answered {status}", pod.name),
        Outcome::ServedOutside { host } => format!("{host} answered"),
        Outcome::ServedByNode { node, status } => format!("{node} answered {status}"),
        Outcome::HttpError { status } => format!("the controller answered {status}"),
        Outcome::Refused => "refused".into(),
        Outcome::TimedOut => "timed out".into(),
        Outcome::NxDomain => "no such name".into(),
        Outcome::NoData => "no address".into(),
        Outcome::NotSent => "not sent".into(),
    }
}
