//! The few words that stand on the chart.

use crate::cluster::ServiceType;
use crate::lint::why_not::{Ask, Condition};
use crate::routing::Outcome;
use crate::scene::{Backing, PodState};

/// Name of the water outside the cluster.
pub const OUTSIDE: &str = "OUTSIDE";
/// Name of the shoal where the cloud's load balancers are.
pub const EDGE: &str = "EDGE";
/// Name of the land.
pub const CLUSTER: &str = "CLUSTER";
/// Under a rules station.
pub const RULES: &str = "rules";
/// On the resolver.
pub const DNS: &str = "DNS";
/// Beside a client outside.
pub const INTERNET: &str = "internet";
/// Above pods that no node has taken.
pub const UNPLACED: &str = "on no node yet";
/// In a cluster without any Service.
pub const NO_SERVICES: &str = "No Services yet";
/// What to do about it.
pub const NO_SERVICES_MORE: &str = "Write one, or open an example.";
/// On an empty node's land, read aloud.
pub const NO_PODS: &str = "no pods";
/// Instead of a selector's labels.
pub const NO_SELECTOR: &str = "no selector";
/// Before a headless Service's ports.
pub const HEADLESS: &str = "headless";
/// For an Ingress rule without a host.
pub const ANY_HOST: &str = "*";
/// For an Ingress rule for all that no other takes.
pub const DEFAULT_BACKEND: &str = "default";
/// On an Ingress that no controller serves.
pub const UNSERVED: &str = "no controller";
/// Beside a pod on the node's own network.
pub const HOST_NETWORK: &str = "host";

/// A Service's type as its card says it.
#[must_use]
pub const fn service_type(service_type: ServiceType) -> &'static str {
    match service_type {
        ServiceType::ClusterIp => "ClusterIP",
        ServiceType::NodePort => "NodePort",
        ServiceType::LoadBalancer => "LoadBalancer",
        ServiceType::ExternalName => "ExternalName",
    }
}

/// A pod's state in a word.
#[must_use]
pub const fn pod_state(state: PodState) -> &'static str {
    match state {
        PodState::Ready => "ready",
        PodState::NotReady => "not ready",
        PodState::Starting => "starting",
        PodState::Terminating => "terminating",
        PodState::Succeeded => "completed",
        PodState::Failed => "failed",
    }
}

/// What stands behind a Service, in a few words.
#[must_use]
pub fn backing(backing: Backing, ready: usize, all: usize) -> String {
    match backing {
        Backing::Ready if ready == all => format!("{ready} ready"),
        Backing::Ready | Backing::NoneReady => format!("{ready} of {all} ready"),
        Backing::Nothing => "no endpoints · refuses".to_owned(),
        Backing::NothingHeadless => "no endpoints · no answer".to_owned(),
        Backing::Alias => "an alias in DNS".to_owned(),
    }
}

/// Ready and all, in the least room.
#[must_use]
pub fn count(backing: Backing, ready: usize, all: usize) -> String {
    if backing == Backing::Alias { "→".to_owned() } else { format!("{ready}/{all}") }
}

/// `n` more of the same that have no room.
#[must_use]
pub fn more(n: usize) -> String {
    format!("+{n}")
}

/// `n` more rules that have no room.
#[must_use]
pub fn more_rules(n: usize) -> String {
    format!("+{n} more")
}

/// A node's zone.
#[must_use]
pub fn zone(zone: &str) -> String {
    if zone.contains("zone") { zone.to_owned() } else { format!("zone {zone}") }
}

/// A card of a pod, read aloud.
#[must_use]
pub fn pod_label(name: &str, state: PodState, address: &str, node: &str) -> String {
    let state = pod_state(state);
    match (address.is_empty(), node.is_empty()) {
        (true, _) => format!("Pod {name}, {state}"),
        (false, true) => format!("Pod {name}, {state}, {address}"),
        (false, false) => format!("Pod {name}, {state}, {address} on {node}"),
    }
}

/// A card of a Service, read aloud.
#[must_use]
pub fn service_label(name: &str, type_: &str, address: &str, backing: &str) -> String {
    format!("Service {name}, {type_}, {address}, {backing}")
}

/// A card of an Ingress, read aloud.
#[must_use]
pub fn ingress_label(name: &str, rules: &[String]) -> String {
    format!("Ingress {name}: {}", rules.join("; "))
}

/// A node, read aloud.
#[must_use]
pub fn node_label(name: &str, address: &str, zone: &str, pods: usize) -> String {
    let s = if pods == 1 { "" } else { "s" };
    format!("Node {name}, {address}, zone {zone}, {pods} pod{s}")
}

/// A door, read aloud.
#[must_use]
pub fn door_label(node: &str, port: u16) -> String {
    format!("Node port {port} of {node}")
}

/// A load balancer, read aloud.
#[must_use]
pub fn load_balancer_label(service: &str, address: &str) -> String {
    format!("Load balancer of Service {service}, {address}")
}

/// How a request ended, in a word or two beside its end.
#[must_use]
pub fn ending(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Served { status, .. }
        | Outcome::ServedByNode { status, .. }
        | Outcome::HttpError { status } => status.to_string(),
        Outcome::ServedOutside { .. } => "answered".to_owned(),
        Outcome::Refused => "refused".to_owned(),
        Outcome::TimedOut => "no answer".to_owned(),
        Outcome::NxDomain => "no such name".to_owned(),
        Outcome::NoData => "no address".to_owned(),
        Outcome::NotSent => "not sent".to_owned(),
    }
}

/// Why a pod is not behind a Service, in the room of a name: `app=api`.
#[must_use]
pub fn why_not_short(row: &Condition) -> String {
    match (&row.ask, row.found.as_deref()) {
        (Ask::Label(key), Some(found)) => [key, "=", found].concat(),
        (Ask::Label(key), None) => format!("no {key}"),
        (Ask::SameNamespace, Some(found)) => format!("in {found}"),
        (Ask::Ready, _) => "not ready".to_owned(),
        (Ask::NotTerminating, _) => "terminating".to_owned(),
        (Ask::Address, _) => "no address".to_owned(),
        (Ask::Selector, _) => NO_SELECTOR.to_owned(),
        (Ask::TargetPort(_) | Ask::Declared(_), _) => format!("no port {}", row.wanted),
        (_, found) => found.unwrap_or("no").to_owned(),
    }
}

/// Why a pod is not behind a Service, in the two lines of its card.
#[must_use]
pub fn why_not_lines(row: &Condition) -> [String; 2] {
    match (&row.ask, row.found.as_deref()) {
        (Ask::Label(_), Some(_)) => [why_not_short(row), format!("not {}", row.wanted)],
        (Ask::Label(key), None) => ["no label".to_owned(), [key, "=", &row.wanted].concat()],
        (Ask::SameNamespace, Some(found)) => ["in namespace".to_owned(), found.to_owned()],
        _ => [why_not_short(row), String::new()],
    }
}

/// The new source address of a packet.
#[must_use]
pub fn source(address: &str) -> String {
    format!("{address} (source)")
}

/// The whole chart, read aloud.
#[must_use]
pub fn chart_label(nodes: usize, services: usize, pods: usize) -> String {
    format!("The cluster: {nodes} nodes, {services} Services, {pods} pods")
}
