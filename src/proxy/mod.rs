//! What each node's proxy does with a packet: which Service port an address belongs
//! to, which endpoints this node may use, the verdict, the choice, the rewriting.
//!
//! Affinity is an explicit value ([`Tables`]): looking never changes it. Chance comes
//! in as an argument.

pub mod chance;
pub mod cidr;
pub mod endpoint;
pub mod rules;
pub mod topology;

use crate::map::Map;
use std::net::IpAddr;
use std::rc::Rc;

pub use chance::Chance;
pub use cidr::Cidr;
pub use endpoint::Endpoint;
pub use rules::{Config, NodeView, Rules, Scope, SourceClass, Verdict, Via};
pub use topology::{EndpointSets, Policies, Topology, categorize};

/// What proxies and ingress controllers remember between requests.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tables {
    /// Session affinity: (node, Service namespace, name, port name, client) → endpoint and last use.
    pub affinity: Rc<Map<AffinityKey, AffinityEntry>>,
    /// How many requests each backend (namespace/service/port) of ingress controllers has had: they take turns.
    pub turns: Rc<Map<Rc<str>, u32>>,
}

/// What affinity is kept by.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AffinityKey {
    /// The node whose proxy remembers.
    pub node: Rc<str>,
    /// `namespace/name:port/protocol` of the Service port.
    pub service_port: Rc<str>,
    /// The packet's source address as that node sees it.
    pub client: IpAddr,
}

/// What affinity remembers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AffinityEntry {
    /// Endpoint address and port.
    pub endpoint: (IpAddr, u16),
    /// Simulated time of the last use.
    pub used_ms: u64,
}

/// An endpoint chosen from a set.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    /// Its position in the Service port's endpoints.
    pub endpoint: usize,
    /// Whether affinity remembered it.
    pub remembered: bool,
}

/// Chooses one of `among` (positions in the port's endpoints; not empty) for a new
/// connection, and remembers it in `tables` where the Service asks for affinity.
// Models the statistic and recent matches of pkg/proxy/iptables/proxier.go: each new
// connection picks at random, every endpoint as likely as the others; no turns, no load.
pub fn choose(
    port: &rules::ServicePort,
    among: &[usize],
    node: &NodeView,
    client: IpAddr,
    tables: &mut Tables,
    chance: &mut Chance,
    now_ms: u64,
) -> Option<Choice> {
    let random = |chance: &mut Chance| among.get(chance.below(among.len())).copied();
    let Some(timeout_ms) = port.affinity_ms else {
        return Some(Choice { endpoint: random(chance)?, remembered: false });
    };
    let key = AffinityKey { node: node.name.clone(), service_port: port.key.clone(), client };
    let remembered = tables
        .affinity
        .get(&key)
        .filter(|entry| now_ms.saturating_sub(entry.used_ms) <= timeout_ms)
        .and_then(|entry| {
            let is = |&i: &usize| (port.endpoints[i].ip, port.endpoints[i].port) == entry.endpoint;
            among.iter().copied().find(is)
        });
    let endpoint = match remembered {
        Some(endpoint) => endpoint,
        None => random(chance)?,
    };
    let at = &port.endpoints[endpoint];
    Rc::make_mut(&mut tables.affinity)
        .insert(key, AffinityEntry { endpoint: (at.ip, at.port), used_ms: now_ms });
    Some(Choice { endpoint, remembered: remembered.is_some() })
}
