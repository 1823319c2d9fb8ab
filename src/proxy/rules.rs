//! The rules that every node's proxy programs: which Service port a packet is for, and
//! what becomes of it.

use super::cidr::Cidr;
use super::endpoint::{Endpoint, endpoints};
use super::topology::{EndpointSets, Policies, categorize};
use crate::cluster::{Cluster, EndpointSlice, IpMode, Protocol, Service, ServiceType};
use crate::manifest::metadata::label;
use crate::map::Map;
use std::cell::OnceCell;
use std::net::IpAddr;
use std::rc::Rc;

/// The label that gives a Service to another proxy than kube-proxy.
const PROXY_NAME: &str = "service.kubernetes.io/service-proxy-name";

/// How the proxies are set up: flags of kube-proxy, the same on every node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// `--masquerade-all`
    pub masquerade_all: bool,
    /// `--nodeport-addresses`; empty: every address of the node.
    pub node_port_addresses: Vec<Cidr>,
    /// `--iptables-localhost-nodeports`
    pub localhost_node_ports: bool,
    /// Where pods' addresses come from (`--cluster-cidr`); `None`: the proxy cannot tell
    /// what pods send from what others send.
    pub pod_cidrs: Option<Vec<Cidr>>,
}

impl Config {
    /// kube-proxy's defaults for a cluster: pods are what comes from the nodes' pod ranges
    /// (or has a pod's address outside of them).
    #[must_use]
    pub fn of(cluster: &Cluster) -> Self {
        let mut cidrs: Vec<Cidr> = Vec::new();
        for text in cluster.nodes.iter().flat_map(|n| &n.pod_cidrs) {
            cidrs.extend(Cidr::parse(text).filter(|c| !cidrs.contains(c)));
        }
        for pod in cluster.pods.iter().filter(|p| !p.spec.host_network) {
            for &ip in pod.ips.iter() {
                if !cidrs.iter().any(|c| c.contains(ip)) {
                    cidrs.push(Cidr::one(ip));
                }
            }
        }
        Self {
            masquerade_all: false,
            node_port_addresses: Vec::new(),
            localhost_node_ports: true,
            pod_cidrs: Some(cidrs),
        }
    }
}

/// A node as its proxy knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeView {
    /// Its name.
    pub name: Rc<str>,
    /// topology.kubernetes.io/zone
    pub zone: Rc<str>,
    /// Its addresses, the primary one of each family first.
    pub ips: Vec<IpAddr>,
    /// Further addresses of its interfaces.
    pub other_ips: Vec<IpAddr>,
}

impl NodeView {
    /// Whether an address is this node's own.
    // Models iptables' addrtype LOCAL
    #[must_use]
    pub fn owns(&self, ip: IpAddr) -> bool {
        ip.is_loopback() || self.ips.contains(&ip) || self.other_ips.contains(&ip)
    }
}

/// A port of a Service in one address family, as proxies know it.
#[derive(Clone, Debug, PartialEq)]
pub struct ServicePort {
    /// The Service.
    pub service: Rc<Service>,
    /// Position in the Service's ports.
    pub index: usize,
    /// Whether it is the IPv4 one.
    pub ipv4: bool,
    /// What affinity is kept by: `namespace/name:port/protocol`.
    pub key: Rc<str>,
    /// Its policies.
    pub policies: Policies,
    /// sessionAffinity ClientIP: for how long.
    pub affinity_ms: Option<u64>,
    /// spec.loadBalancerSourceRanges of this family.
    pub source_ranges: Vec<Cidr>,
    /// The load balancer's addresses that nodes take packets for.
    pub load_balancer_ips: Vec<IpAddr>,
    /// All endpoints.
    pub endpoints: Vec<Endpoint>,
}

impl ServicePort {
    /// The port in the Service.
    #[must_use]
    pub fn port(&self) -> &crate::cluster::ServicePort {
        &self.service.ports[self.index]
    }
}

/// Through which of a Service's addresses a packet came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
pub enum Via {
    /// spec.clusterIPs
    ClusterIp,
    /// spec.externalIPs
    ExternalIp,
    /// status.loadBalancer.ingress[].ip
    LoadBalancerIp,
    /// spec.ports[].nodePort
    NodePort,
}

/// Where a packet comes from, as the node that sees it can tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
pub enum SourceClass {
    /// A pod's address.
    Pod,
    /// The node's own.
    Node,
    /// Any other.
    Outside,
}

/// Which endpoints a packet may go to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
pub enum Scope {
    /// Those of policy Cluster.
    Cluster,
    /// Those of policy Local.
    Local,
}

/// What becomes of a packet at a node's rules. `port` is a position in [`Rules::ports`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It goes to one of the endpoints of `scope`.
    Dnat {
        /// Which Service port.
        port: usize,
        /// By which address.
        via: Via,
        /// Which endpoints.
        scope: Scope,
        /// Whether the source becomes the node's address. An endpoint that calls
        /// itself is masqueraded besides: see [`hairpin`].
        masquerade: bool,
    },
    /// Refused: no usable endpoint anywhere.
    Reject {
        /// Which Service port.
        port: usize,
        /// By which address.
        via: Via,
    },
    /// Dropped: endpoints exist, but none that this packet may use from this node.
    DropNoLocal {
        /// Which Service port.
        port: usize,
        /// By which address.
        via: Via,
    },
    /// Dropped: the source is not in spec.loadBalancerSourceRanges.
    DropSource {
        /// Which Service port.
        port: usize,
    },
    /// The node itself answers: a health check port.
    Accept {
        /// Which Service port.
        port: usize,
    },
    /// No rule is about it.
    NoMatch,
}

/// Whether a packet to this endpoint comes from the endpoint itself: then its source
/// becomes the node's address, or the reply would never pass the node again.
#[must_use]
pub fn hairpin(source: IpAddr, endpoint: &Endpoint) -> bool {
    source == endpoint.ip
}

/// Sets of one node, by port.
type OfNode = Box<[OnceCell<Box<EndpointSets>>]>;

/// The rules of all nodes, built once for a cluster.
#[derive(Clone, Debug)]
pub struct Rules {
    /// Flags.
    pub config: Config,
    /// Nodes, in the cluster's order.
    pub nodes: Vec<NodeView>,
    /// Every proxied Service port, in the cluster's order.
    pub ports: Vec<ServicePort>,
    table: Map<(IpAddr, u16, Protocol), (usize, Via)>,
    node_ports: Map<(u16, Protocol, bool), usize>,
    health_ports: Map<u16, usize>,
    /// Nodes by name.
    names: Map<Rc<str>, usize>,
    /// Sets by node, then by port, worked out when first asked for.
    sets: Vec<OnceCell<OfNode>>,
}

impl Rules {
    /// The rules for a cluster with kube-proxy's defaults.
    #[must_use]
    pub fn new(cluster: &Cluster) -> Self {
        let nodes = cluster
            .nodes
            .iter()
            .map(|n| NodeView {
                name: n.id.name.clone(),
                zone: n.zone.clone(),
                ips: n.addresses.clone(),
                other_ips: Vec::new(),
            })
            .collect();
        Self::with(Config::of(cluster), nodes, &cluster.services, &cluster.slices)
    }

    /// The rules for Services and slices on given nodes.
    #[must_use]
    pub fn with(
        config: Config,
        nodes: Vec<NodeView>,
        services: &[Rc<Service>],
        slices: &[Rc<EndpointSlice>],
    ) -> Self {
        let mut of: Map<(&str, &str), Vec<&EndpointSlice>> = Map::default();
        for slice in slices {
            if let Some(name) = slice.service_name.as_deref().filter(|n| !n.is_empty()) {
                of.get_or_default((&slice.id.namespace, name)).push(slice);
            }
        }
        let names = nodes.iter().enumerate().rev().map(|(at, n)| (n.name.clone(), at)).collect();
        let mut rules = Self {
            names,
            config,
            nodes,
            ports: Vec::new(),
            table: Map::default(),
            node_ports: Map::default(),
            health_ports: Map::default(),
            sets: Vec::new(),
        };
        for service in services {
            // Models pkg/proxy/util ShouldSkipService
            // and cmd/kube-proxy/app/server.go Run: what carries the label is another proxy's.
            if service.is_headless()
                || service.service_type() == ServiceType::ExternalName
                || label(&service.metadata.labels, PROXY_NAME).is_some()
            {
                continue;
            }
            let its = of.get(&(&*service.id.namespace, &*service.id.name)).map_or(&[][..], Vec::as_slice);
            for ipv4 in [true, false] {
                if let Some(&cluster_ip) = service.cluster_ips.iter().find(|ip| ip.is_ipv4() == ipv4) {
                    for index in 0..service.ports.len() {
                        rules.add(service_port(service, index, ipv4, its), cluster_ip);
                    }
                }
            }
        }
        rules.sets = vec![OnceCell::new(); rules.nodes.len()];
        rules
    }

    fn add(&mut self, port: ServicePort, cluster_ip: IpAddr) {
        let at = self.ports.len();
        let spec = port.port();
        let (number, protocol) = (spec.port, spec.protocol);
        self.table.get_or_insert((cluster_ip, number, protocol), (at, Via::ClusterIp));
        for &ip in port.service.external_ips.iter().filter(|ip| ip.is_ipv4() == port.ipv4) {
            self.table.get_or_insert((ip, number, protocol), (at, Via::ExternalIp));
        }
        for &ip in &port.load_balancer_ips {
            self.table.get_or_insert((ip, number, protocol), (at, Via::LoadBalancerIp));
        }
        if let Some(node_port) = spec.node_port {
            self.node_ports.get_or_insert((node_port, protocol, port.ipv4), at);
        }
        if let Some(health) = health_check_port(&port.service) {
            self.health_ports.get_or_insert(health, at);
        }
        self.ports.push(port);
    }

    /// The position of a node.
    #[must_use]
    pub fn node(&self, name: &str) -> Option<usize> {
        self.names.get(name).copied()
    }

    /// The Service port behind one of its own addresses (no node port).
    #[must_use]
    pub fn lookup(&self, ip: IpAddr, port: u16, protocol: Protocol) -> Option<(usize, Via)> {
        self.table.get(&(ip, port, protocol)).copied()
    }

    /// The Service port that has a node port.
    #[must_use]
    pub fn node_port(&self, port: u16, protocol: Protocol, ipv4: bool) -> Option<usize> {
        self.node_ports.get(&(port, protocol, ipv4)).copied()
    }

    /// The endpoints that a node may use for a Service port.
    #[must_use]
    pub fn sets(&self, node: usize, port: usize) -> &EndpointSets {
        let (view, of) = (&self.nodes[node], &self.ports[port]);
        let of_node = self.sets[node].get_or_init(|| vec![OnceCell::new(); self.ports.len()].into());
        of_node[port].get_or_init(|| Box::new(categorize(&of.endpoints, of.policies, &view.name, &view.zone)))
    }

    /// What an address is to a node that gets a packet from it.
    #[must_use]
    pub fn class_of(&self, node: usize, source: IpAddr) -> SourceClass {
        let pod = self.config.pod_cidrs.as_ref().is_some_and(|c| c.iter().any(|c| c.contains(source)));
        if self.nodes[node].owns(source) {
            SourceClass::Node
        } else if pod {
            SourceClass::Pod
        } else {
            SourceClass::Outside
        }
    }

    /// Whether a node port can be had at this address of a node.
    // Models pkg/proxy/iptables/proxier.go: KUBE-NODEPORTS. Localhost needs IPv4, the flag,
    // and no --nodeport-addresses that leave it out.
    #[must_use]
    pub fn accepts_node_ports(&self, node: usize, ip: IpAddr) -> bool {
        let view = &self.nodes[node];
        let ranges = || self.config.node_port_addresses.iter().filter(|c| c.is_ipv4() == ip.is_ipv4());
        // Models pkg/proxy/util/nodeport_addresses.go NewNodePortAddresses: no range of a family
        // is all of it, and so is /0.
        let all = ranges().next().is_none() || ranges().any(|c| c.is_all());
        let wanted = all || ranges().any(|c| c.contains(ip));
        if ip.is_loopback() {
            return ip.is_ipv4() && self.config.localhost_node_ports && wanted;
        }
        wanted && if all { view.owns(ip) } else { view.ips.contains(&ip) }
    }

    /// What a node does with a packet, seen before anything is rewritten.
    // Models pkg/proxy/iptables/proxier.go syncProxyRules
    #[must_use]
    pub fn verdict(
        &self,
        node: usize,
        source: IpAddr,
        destination: IpAddr,
        number: u16,
        protocol: Protocol,
    ) -> Verdict {
        let view = &self.nodes[node];
        if let Some((port, via)) = self.lookup(destination, number, protocol) {
            return match via {
                Via::ClusterIp => self.internal(node, port, source),
                Via::LoadBalancerIp if self.filtered(node, port, source) => Verdict::DropSource { port },
                _ => self.external(node, port, via, source),
            };
        }
        if view.owns(destination) {
            if let Some(port) = self.node_port(number, protocol, destination.is_ipv4()) {
                // The rules that refuse are about every address of the node; those that
                // forward only about the accepted ones.
                let verdict = self.external(node, port, Via::NodePort, source);
                let forwards = matches!(verdict, Verdict::Dnat { .. });
                if !forwards || self.accepts_node_ports(node, destination) {
                    return verdict;
                }
                // Models syncProxyRules: the filter table drops for every address of the node.
                let local = self.ports[port].policies.external_local;
                if local && members(self.sets(node, port), Scope::Local).is_empty() {
                    return Verdict::DropNoLocal { port, via: Via::NodePort };
                }
            }
            if let Some(&port) = self.health_ports.get(&number).filter(|_| protocol == Protocol::Tcp) {
                return Verdict::Accept { port };
            }
        }
        Verdict::NoMatch
    }

    fn internal(&self, node: usize, port: usize, source: IpAddr) -> Verdict {
        let via = Via::ClusterIp;
        let sets = self.sets(node, port);
        if !sets.has_any {
            return Verdict::Reject { port, via };
        }
        let scope = if self.ports[port].policies.internal_local { Scope::Local } else { Scope::Cluster };
        if members(sets, scope).is_empty() {
            return Verdict::DropNoLocal { port, via };
        }
        // Models cmd/kube-proxy/app/server_linux.go getLocalDetectors: in a family without pod
        // ranges nobody can be told from a pod.
        let foreign = |cidrs: &Vec<Cidr>| {
            cidrs.iter().any(|c| c.is_ipv4() == source.is_ipv4()) && !cidrs.iter().any(|c| c.contains(source))
        };
        let masquerade = self.config.masquerade_all || self.config.pod_cidrs.as_ref().is_some_and(foreign);
        Verdict::Dnat { port, via, scope, masquerade }
    }

    fn external(&self, node: usize, port: usize, via: Via, source: IpAddr) -> Verdict {
        let sets = self.sets(node, port);
        if !sets.has_any {
            return Verdict::Reject { port, via };
        }
        let (scope, masquerade) = if !self.ports[port].policies.external_local {
            (Scope::Cluster, true)
        } else {
            // Policy Local binds what comes from outside: pods and the node itself are
            // already in the cluster and reach every endpoint.
            let cidrs = self.config.pod_cidrs.as_ref();
            if cidrs.is_some_and(|c| c.iter().any(|c| c.contains(source))) {
                (Scope::Cluster, false)
            } else if self.nodes[node].owns(source) {
                (Scope::Cluster, true)
            } else {
                (Scope::Local, false)
            }
        };
        if members(sets, scope).is_empty() {
            return Verdict::DropNoLocal { port, via };
        }
        Verdict::Dnat { port, via, scope, masquerade }
    }

    // Models the KUBE-FW chains: a source in no range is dropped. If the node itself is in
    // a range, what it sends to the address may carry the address as its source.
    // Without any endpoint there is no filter: the packet is refused first.
    fn filtered(&self, node: usize, port: usize, source: IpAddr) -> bool {
        if !self.sets(node, port).has_any {
            return false;
        }
        let port = &self.ports[port];
        let ranges = &port.source_ranges;
        if ranges.is_empty() {
            return false;
        }
        let node_ip = self.nodes[node].ips.iter().find(|ip| ip.is_ipv4() == port.ipv4);
        let node_allowed = node_ip.is_some_and(|&ip| ranges.iter().any(|c| c.contains(ip)));
        let own = node_allowed && port.load_balancer_ips.contains(&source);
        !own && !ranges.iter().any(|c| c.contains(source))
    }
}

/// The endpoints of a scope.
#[must_use]
pub fn members(sets: &EndpointSets, scope: Scope) -> &[usize] {
    let set = match scope {
        Scope::Cluster => &sets.cluster,
        Scope::Local => &sets.local,
    };
    set.as_deref().unwrap_or_default()
}

// Models pkg/api/v1/service NeedsHealthCheck
fn health_check_port(service: &Service) -> Option<u16> {
    let spec = &service.stored.spec;
    let needs = service.service_type() == ServiceType::LoadBalancer
        && spec.external_traffic_policy.as_deref() == Some("Local");
    spec.health_check_node_port.filter(|_| needs).and_then(|p| u16::try_from(p).ok()).filter(|&p| p != 0)
}

// Models pkg/proxy/serviceport.go newBaseServiceInfo
fn service_port(service: &Rc<Service>, index: usize, ipv4: bool, slices: &[&EndpointSlice]) -> ServicePort {
    let spec = &service.stored.spec;
    let port = &service.ports[index];
    let load_balancer_ips: Vec<IpAddr> = service
        .load_balancer_ips
        .iter()
        .filter(|(ip, mode)| *mode == IpMode::Vip && ip.is_ipv4() == ipv4)
        .map(|(ip, _)| *ip)
        .collect();
    let has_external = service.external_ips.iter().any(|ip| ip.is_ipv4() == ipv4);
    let affinity_ms = (spec.session_affinity.as_deref() == Some("ClientIP")).then(|| {
        let config = spec.session_affinity_config.as_ref().and_then(|c| c.client_ip.as_ref());
        let seconds = config.and_then(|c| c.timeout_seconds).unwrap_or(10_800);
        u64::try_from(seconds).unwrap_or(0).saturating_mul(1000)
    });
    ServicePort {
        service: service.clone(),
        index,
        ipv4,
        key: format!(
            "{}/{}:{}/{}",
            service.id.namespace,
            service.id.name,
            if port.name.is_empty() { port.port.to_string() } else { port.name.to_string() },
            port.protocol.name()
        )
        .into(),
        policies: Policies {
            internal_local: spec.internal_traffic_policy.as_deref() == Some("Local"),
            external_local: spec.external_traffic_policy.as_deref() == Some("Local"),
            externally_accessible: port.node_port.is_some() || !load_balancer_ips.is_empty() || has_external,
        },
        affinity_ms,
        source_ranges: spec
            .load_balancer_source_ranges
            .iter()
            .filter_map(|r| Cidr::parse(r))
            .filter(|c| c.is_ipv4() == ipv4)
            .collect(),
        load_balancer_ips,
        endpoints: endpoints(slices, &port.name, port.protocol, ipv4),
    }
}
