//! What each node's proxy does with a packet: which Service port an address belongs
//! to, which endpoints this node may use, the verdict, the choice, the rewriting.
//!
//! Affinity is an explicit value ([`Tables`]): looking never changes it. Chance comes
//! in as an argument.

use std::collections::HashMap;
use std::net::IpAddr;
use std::rc::Rc;

/// What proxies and ingress controllers remember between requests.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tables {
    /// Session affinity: (node, Service namespace, name, port name, client) → endpoint and last use.
    pub affinity: Rc<HashMap<AffinityKey, AffinityEntry>>,
    /// How many requests each backend (namespace/service/port) of ingress controllers has had: they take turns.
    pub turns: Rc<HashMap<Rc<str>, u32>>,
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
