//! One request → one trace.
//!
//! [`Network::route`] is the only place that knows the way of a request: resolver, the
//! client's own node, rules, pod network, load balancer, ingress controller. It reads
//! a [`Cluster`] and explicit tables and returns the trace with what the tables
//! become; nothing is changed in place and nothing is drawn.

mod cite;
mod controller;
mod edge;
pub mod ingress;
pub mod internet;
mod invite;
mod node;
mod public;
pub mod reason;
mod regex;
mod resolve;
pub mod trace;
mod walk;

use crate::cluster::{Cluster, Origin, Protocol};
use crate::dns::{self, Dns};
use crate::manifest::ObjectRef;
use crate::map::{Map, Set};
use crate::proxy::{Endpoint, Rules, Tables, endpoint};
use serde::Serialize;
use std::net::IpAddr;
use std::rc::Rc;

pub use reason::Reason;
pub use trace::{Hop, HopKind, Outcome, Packet, Place, Trace};

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
    /// Every node's rules.
    pub rules: Rules,
    /// The cluster's DNS.
    pub dns: Dns,
    /// What the world knows of the cluster.
    pub internet: internet::Internet,
    /// Rules of Ingresses, one table for each controller.
    pub tables: Vec<ingress::RuleTable>,
    services: Map<ObjectRef, usize>,
    pods: Map<ObjectRef, usize>,
    /// Services by an address of theirs, and which it is.
    addresses: Map<IpAddr, (usize, AddressOf)>,
    /// What slices say that somebody listens on.
    targeted: Set<(IpAddr, u16, Protocol)>,
    /// Pods that are ingress controllers.
    controllers: Map<ObjectRef, usize>,
    /// Objects that the text does not hold: there is nothing to light up.
    supplied: Set<ObjectRef>,
    /// Backends that Ingresses name, by Service and port: what turns are counted by, ready endpoints.
    backends: Map<(usize, usize), Backend>,
    cited: cite::Cited,
    known: resolve::Known,
    ready_nodes: Vec<usize>,
}

/// What turns of a backend are counted by, and its ready endpoints.
type Backend = (Rc<str>, Rc<[Endpoint]>);

/// Which of a Service's addresses it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AddressOf {
    /// A cluster IP.
    Cluster,
    /// The load balancer's.
    Balancer,
    /// One of spec.externalIPs.
    External,
}

impl Network {
    /// Builds the look-ups of a cluster.
    #[must_use]
    pub fn new(cluster: Rc<Cluster>) -> Self {
        let config = dns::Config::default();
        let tables: Vec<_> = (0..cluster.ingress_controllers.len())
            .map(|c| {
                let all = cluster.ingresses.iter().enumerate();
                ingress::RuleTable::new(
                    all.filter(move |(_, i)| i.controller == Some(c)).map(|(n, i)| (n, &**i)),
                )
            })
            .collect();
        let mut network = Self {
            rules: Rules::new(&cluster),
            internet: internet::Internet::new(&cluster, &tables, &config.zone),
            dns: Dns::new(&cluster, config),
            tables,
            services: Map::default(),
            pods: Map::default(),
            addresses: Map::default(),
            targeted: Set::default(),
            controllers: Map::default(),
            supplied: Set::default(),
            backends: Map::default(),
            cited: cite::Cited::default(),
            known: resolve::Known::default(),
            ready_nodes: (0..cluster.nodes.len()).filter(|&n| cluster.nodes[n].ready).collect(),
            cluster: cluster.clone(),
        };
        for (at, pod) in cluster.pods.iter().enumerate() {
            network.pods.get_or_insert(pod.id.clone(), at);
        }
        for (at, service) in cluster.services.iter().enumerate() {
            network.services.get_or_insert(service.id.clone(), at);
            network.add_addresses(at);
        }
        let workloads = cluster.workloads.iter().filter(|w| w.origin == Origin::Supplied);
        network.supplied.extend(workloads.map(|w| w.id.clone()));
        network.add_slices();
        network.add_backends();
        network
    }

    fn add_addresses(&mut self, at: usize) {
        let service = &self.cluster.services[at];
        for &ip in &service.cluster_ips {
            self.addresses.get_or_insert(ip, (at, AddressOf::Cluster));
        }
        for &(ip, _) in &service.load_balancer_ips {
            self.addresses.get_or_insert(ip, (at, AddressOf::Balancer));
        }
        for hostname in internet::balancer_hostnames(service) {
            let ip = internet::made_up(hostname, true);
            self.addresses.get_or_insert(ip, (at, AddressOf::Balancer));
        }
        for &ip in &service.external_ips {
            self.addresses.get_or_insert(ip, (at, AddressOf::External));
        }
    }

    fn add_slices(&mut self) {
        for slice in &self.cluster.slices {
            let controllers = &self.cluster.ingress_controllers;
            let serves = |service: &ObjectRef| {
                service.namespace == slice.id.namespace && Some(&service.name) == slice.service_name.as_ref()
            };
            let controller = controllers.iter().position(|c| serves(&c.service));
            for endpoint in &slice.slice.endpoints {
                if let (Some(controller), Some(target)) = (controller, &endpoint.target_ref) {
                    let pod = ObjectRef::new("Pod", &target.namespace, &target.name);
                    self.controllers.get_or_insert(pod, controller);
                }
                for address in &endpoint.addresses {
                    let Ok(ip) = address.parse::<IpAddr>() else { continue };
                    for port in &slice.slice.ports {
                        let protocol = port.protocol.as_deref().map_or(Some(Protocol::Tcp), Protocol::parse);
                        let number = port.port.and_then(|p| u16::try_from(p).ok());
                        self.targeted.extend(number.zip(protocol).map(|(n, p)| (ip, n, p)));
                    }
                }
            }
        }
    }

    fn add_backends(&mut self) {
        for i in 0..self.cluster.ingresses.len() {
            let ingress = self.cluster.ingresses[i].clone();
            let of_rules =
                ingress.ingress.rules.iter().flat_map(|r| r.paths.iter().flatten()).map(|p| &p.backend);
            for backend in of_rules.chain(&ingress.ingress.default_backend) {
                let Some(wanted) = &backend.service else { continue };
                let Some(at) = self.service(&ObjectRef::new("Service", &ingress.id.namespace, &wanted.name))
                else {
                    continue;
                };
                let service = &self.cluster.services[at];
                let Some(port) = controller::backend_port(service, wanted) else { continue };
                let its: Vec<_> = self.slices_of(&service.id).collect();
                let spec = &service.ports[port];
                let mut all = endpoint::endpoints(&its, &spec.name, spec.protocol, true);
                all.extend(endpoint::endpoints(&its, &spec.name, spec.protocol, false));
                all.retain(|e| e.ready);
                let key = format!("{}/{}:{}", service.id.namespace, service.id.name, spec.port);
                self.backends.insert((at, port), (key.into(), all.into()));
            }
        }
    }

    fn slices_of<'a>(
        &'a self,
        service: &'a ObjectRef,
    ) -> impl Iterator<Item = &'a crate::cluster::EndpointSlice> {
        self.cluster.slices_of(service).map(|s| &**s)
    }

    fn service(&self, id: &ObjectRef) -> Option<usize> {
        self.services.get(id).copied()
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
        walk::Walk::new(self, request, tables, seed, now_ms).run()
    }

    /// The requests that a cluster invites, in a calm order: for each Service and Ingress
    /// the way that its type is there for, from sources that exist. Empty for a cluster
    /// with nothing to ask for.
    #[must_use]
    pub fn invited(&self) -> Vec<Request> {
        invite::invited(self)
    }
}
