//! One request → one trace.
//!
//! [`Network::route`] is the only place that knows the way of a request: resolver, the
//! client's own node, rules, pod network, load balancer, ingress controller. It reads
//! a [`Cluster`] and explicit tables and returns the trace with what the tables
//! become; nothing is changed in place and nothing is drawn.

pub mod trace;

use crate::cluster::{Cluster, Protocol};
use crate::proxy::Tables;
use serde::Serialize;
use std::net::IpAddr;
use std::rc::Rc;

pub use trace::{Hop, HopKind, Outcome, Packet, Place, Reason, Trace};

/// Where a request starts.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Source {
    /// A container of a pod.
    Pod {
        /// Its namespace.
        namespace: Rc<str>,
        /// Its name.
        name: Rc<str>,
    },
    /// A process on a node, outside any pod.
    Node {
        /// The node's name.
        name: Rc<str>,
    },
    /// A machine outside the cluster.
    Internet {
        /// Its address.
        ip: IpAddr,
    },
}

/// Whom a request asks for.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Destination {
    /// A name for the resolver.
    Name(Rc<str>),
    /// An address: no resolver.
    Ip(IpAddr),
}

/// One request, as a person states it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Request {
    /// Where it starts.
    pub from: Source,
    /// Whom it asks for.
    pub to: Destination,
    /// Destination port.
    pub port: u16,
    /// Protocol.
    pub protocol: Protocol,
    /// Host header; `None`: the destination as given. Only read by HTTP proxies.
    pub host: Option<Rc<str>>,
    /// Path; only read by HTTP proxies.
    pub path: Rc<str>,
}

/// A cluster with everything that routing looks up, built once for it.
#[derive(Clone, Debug)]
pub struct Network {
    cluster: Rc<Cluster>,
}

impl Network {
    /// Builds the look-ups of a cluster.
    #[must_use]
    pub fn new(cluster: Rc<Cluster>) -> Self {
        Self { cluster }
    }

    /// The cluster.
    #[must_use]
    pub fn cluster(&self) -> &Rc<Cluster> {
        &self.cluster
    }

    /// Routes one request. `seed` decides every choice that Kubernetes leaves to chance
    /// (the caller makes it from the session's seed and the request's number); `now_ms` is
    /// simulated time, for affinity. The returned tables are `tables` after this request.
    #[must_use]
    pub fn route(&self, request: &Request, tables: &Tables, seed: u64, now_ms: u64) -> (Trace, Tables) {
        let _ = (seed, now_ms);
        (Trace { request: request.clone(), hops: Vec::new(), outcome: Outcome::TimedOut }, tables.clone())
    }

    /// The requests that a cluster invites, in a calm order: for each Service and Ingress
    /// the way that its type is there for, from sources that exist. Empty for a cluster
    /// with nothing to ask for.
    #[must_use]
    pub fn invited(&self) -> Vec<Request> {
        Vec::new()
    }
}
