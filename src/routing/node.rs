//! What happens at a node: its rules, ordinary routing, arrival at a pod.

use super::cite::Fields;
use super::reason::{Census, Masquerade, Pick, Reason};
use super::walk::{Walk, card, pick};
use super::{AddressOf, HopKind, Outcome, Packet, Place};
use crate::cluster::{Phase, Pod, Protocol, Service, container_ports};
use crate::manifest::FieldRef;
use crate::manifest::service::IntOrString;
use crate::proxy::rules::{hairpin, members};
use crate::proxy::{Endpoint, Scope, SourceClass, Topology, Verdict, Via, choose};
use std::net::IpAddr;
use std::rc::Rc;

impl Walk<'_> {
    /// From a pod or a process on `node`.
    pub(super) fn start_inside(&mut self, node: usize) -> Outcome {
        self.at_rules(node)
    }

    /// The packet meets the rules of a node.
    pub(super) fn at_rules(&mut self, node: usize) -> Outcome {
        let Some(packet) = self.packet.clone() else { return Outcome::NotSent };
        let verdict = self.net.rules.verdict(
            node,
            packet.source_ip,
            packet.destination_ip,
            packet.destination_port,
            packet.protocol,
        );
        let name = self.net.rules.nodes[node].name.clone();
        let place = Some(Place::Rules(name.clone()));
        match verdict {
            Verdict::Dnat { port, via, scope, masquerade } => {
                self.forward(node, port, via, scope, masquerade, &packet)
            }
            Verdict::Reject { port, .. } => {
                let port = &self.net.rules.ports[port];
                let service = port.service.clone();
                let census = self.census(&service, Some(port.index));
                let fields = no_endpoint_fields(Fields::of(self.net), &service, port.index, &census);
                let reason = Reason::NoEndpoints { node: name, service: service.id.clone(), census };
                self.fail_at(place, card(&service), reason, fields, Outcome::Refused)
            }
            Verdict::DropNoLocal { port, via } => {
                let sets = self.net.rules.sets(node, port);
                let port = &self.net.rules.ports[port];
                let usable =
                    port.endpoints.iter().filter(|e| e.ready || (e.serving && e.terminating)).count();
                let elsewhere = (usable - sets.local.as_ref().map_or(0, Vec::len)) as u32;
                let service = port.service.clone();
                let path = match via {
                    Via::ClusterIp => "spec.internalTrafficPolicy",
                    _ => "spec.externalTrafficPolicy",
                };
                let fields = Fields::of(self.net).service(&service, path).all;
                let id = service.id.clone();
                let reason = Reason::NoLocalEndpoint { node: name, service: id, via, elsewhere };
                self.fail_at(place, card(&service), reason, fields, Outcome::TimedOut)
            }
            Verdict::DropSource { port } => {
                let service = self.net.rules.ports[port].service.clone();
                let fields = Fields::of(self.net).service(&service, "spec.loadBalancerSourceRanges").all;
                let reason = Reason::SourceRanges {
                    node: name,
                    service: service.id.clone(),
                    source: packet.source_ip,
                    class: self.net.rules.class_of(node, packet.source_ip),
                };
                self.fail_at(place, card(&service), reason, fields, Outcome::TimedOut)
            }
            Verdict::Accept { port } => self.health_check(node, port),
            Verdict::NoMatch => self.ordinary(node, &packet),
        }
    }

    fn forward(
        &mut self,
        node: usize,
        port_at: usize,
        via: Via,
        scope: Scope,
        masquerade: bool,
        packet: &Packet,
    ) -> Outcome {
        let rules = &self.net.rules;
        let (port, sets, view) = (&rules.ports[port_at], rules.sets(node, port_at), &rules.nodes[node]);
        let among = members(sets, scope);
        let (tables, chance) = (&mut self.tables, &mut self.chance);
        let Some(choice) = choose(port, among, view, packet.source_ip, tables, chance, self.now_ms) else {
            return Outcome::Refused;
        };
        let endpoint = &port.endpoints[choice.endpoint];
        let source = rules.class_of(node, packet.source_ip);
        let why = match () {
            () if rules.config.masquerade_all && via == Via::ClusterIp => Masquerade::All,
            () if masquerade && via == Via::ClusterIp => Masquerade::NotPod,
            () if masquerade && source == SourceClass::Node => Masquerade::NotPod,
            () if masquerade => Masquerade::Policy,
            () if hairpin(packet.source_ip, endpoint) => Masquerade::Hairpin,
            () => Masquerade::Kept,
        };
        let mut after = packet.clone();
        (after.destination_ip, after.destination_port) = (endpoint.ip, endpoint.port);
        if why != Masquerade::Kept {
            after.source_ip = pick(&view.ips, endpoint.ip).unwrap_or(packet.source_ip);
        }
        let service = port.service.clone();
        let local = scope == Scope::Local;
        let shortcut = via != Via::ClusterIp && port.policies.external_local && !local;
        let terminating = if local { sets.local_terminating } else { sets.cluster_terminating };
        let reason = Reason::Endpoint {
            node: view.name.clone(),
            service: service.id.clone(),
            via,
            source,
            scope,
            shortcut,
            of: among.len() as u32,
            ready: port.endpoints.iter().filter(|e| e.ready).count() as u32,
            pick: match (choice.remembered, among.len()) {
                (true, _) => Pick::Remembered,
                (_, 1) => Pick::Only,
                _ => Pick::Chance,
            },
            topology: if local { Topology::Any } else { sets.topology },
            terminating,
            masquerade: why,
            port_mapped: endpoint.port != packet.destination_port,
        };
        let fields = Fields::of(self.net)
            .when(choice.remembered, |f| f.service(&service, "spec.sessionAffinity"))
            .when(local && via == Via::ClusterIp, |f| f.service(&service, "spec.internalTrafficPolicy"))
            .when(local && via != Via::ClusterIp, |f| f.service(&service, "spec.externalTrafficPolicy"))
            .when(!local && sets.topology != Topology::Any, |f| {
                f.service(&service, "spec.trafficDistribution")
            })
            .port(&service, port.index, "targetPort")
            .when(service.selector().is_some(), |f| f.service(&service, "spec.selector"))
            .when(via == Via::NodePort, |f| f.port(&service, port.index, "nodePort"))
            .when(!local && via != Via::ClusterIp, |f| f.service(&service, "spec.externalTrafficPolicy"))
            .all;
        let to = Place::Rules(view.name.clone());
        self.hop(HopKind::Rewrite, to, Some(after), reason, fields, Some(card(&service)));
        self.deliver(node, endpoint, &service)
    }

    /// The packet goes to the endpoint that its destination now names.
    pub(super) fn deliver(&mut self, node: usize, endpoint: &Endpoint, service: &Rc<Service>) -> Outcome {
        match self.pod_of(endpoint) {
            Some(at) => {
                let pod = self.pod_at(at);
                let fields = Fields::of(self.net).labels(pod, service).all;
                self.carry(node, pod, fields);
                self.arrive(at)
            }
            None => self.endpoint_without_pod(node, endpoint, service),
        }
    }

    /// Over the pod network, or along the node's own wires.
    pub(super) fn carry(&mut self, node: usize, pod: &Pod, fields: Vec<FieldRef>) {
        let from = self.net.rules.nodes[node].name.clone();
        let place = Place::Pod(pod.id.clone());
        let reason = match &pod.node {
            Some(to) if *to != from => {
                Reason::PodNetwork { from, to: to.clone(), second_hop: self.entered && self.controllers == 0 }
            }
            _ => Reason::SameNode { node: from },
        };
        self.travel(place.clone(), reason, fields, Some(place));
    }

    pub(super) fn pod_of(&self, endpoint: &Endpoint) -> Option<usize> {
        let by_name = endpoint.pod.as_ref().and_then(|id| self.net.pods.get(id).copied());
        by_name.or_else(|| self.pod_by_ip(endpoint.ip))
    }

    fn pod_by_ip(&self, ip: IpAddr) -> Option<usize> {
        let pod = self.net.cluster().pod_by_ip(ip)?;
        self.net.pods.get(&pod.id).copied()
    }

    // An address that a slice names and no pod has: a host outside, or a node's own process.
    fn endpoint_without_pod(&mut self, node: usize, endpoint: &Endpoint, service: &Rc<Service>) -> Outcome {
        if let Some(at) = self.node_by_ip(endpoint.ip) {
            return self.at_node_itself(node, at);
        }
        if self.is_pod_address(endpoint.ip) {
            return self.unused(endpoint.ip);
        }
        let fields = Fields::of(self.net).object(&endpoint.slice, "endpoints").all;
        let host: Rc<str> = endpoint.ip.to_string().into();
        let packet = self.leaving(node);
        let reason = Reason::LeavesCluster {
            node: Some(self.net.rules.nodes[node].name.clone()),
            masqueraded: packet != self.packet,
            endpoint_of: Some(service.id.clone()),
        };
        let place = Place::External(host.clone());
        self.hop(HopKind::Travel, place.clone(), packet, reason, fields, Some(place));
        let reason = Reason::AnsweredOutside { host_header: None, endpoint: true };
        self.answer(reason, Fields::none(), Outcome::ServedOutside { host })
    }

    /// No rule is about it: where the network brings it.
    fn ordinary(&mut self, node: usize, packet: &Packet) -> Outcome {
        let (ip, number) = (packet.destination_ip, packet.destination_port);
        let view = &self.net.rules.nodes[node];
        if ip.is_loopback() {
            return match self.at.clone() {
                Place::Pod(id) => match self.net.pods.get(&id) {
                    Some(&at) => self.arrive(at),
                    None => Outcome::Refused,
                },
                _ => self.at_node_itself(node, node),
            };
        }
        if let Some(at) = self.pod_by_ip(ip) {
            let pod = self.pod_at(at);
            let place = Place::Pod(pod.id.clone());
            let headless = self.headless.clone();
            let reason = Reason::PodAddress { pod: pod.id.clone(), headless: headless.clone() };
            let service = headless.and_then(|h| self.net.service(&h)).map(|s| self.service_at(s));
            let fields = match service {
                Some(service) => {
                    Fields::of(self.net).service(service, "spec.clusterIP").labels(pod, service).all
                }
                None => Fields::none(),
            };
            // A headless Service is seen in the Concept lens: its name led here.
            self.travel(place.clone(), reason, fields, Some(place));
            return self.arrive(at);
        }
        if view.ips.contains(&ip) {
            return self.at_node_itself(node, node);
        }
        if let Some(to) = self.node_by_ip(ip) {
            return self.node_door(Some(node), to, number);
        }
        if let Some(&(service, which)) = self.net.addresses.get(&ip) {
            return self.service_without_port(Some(node), service, which, packet);
        }
        if self.is_private(ip) {
            return self.unused(ip);
        }
        self.out(Some(node), ip)
    }

    /// The packet is for a node itself, and no Service's rule took it.
    pub(super) fn at_node_itself(&mut self, from: usize, node: usize) -> Outcome {
        let Some(packet) = self.packet.clone() else { return Outcome::NotSent };
        let name = self.net.rules.nodes[node].name.clone();
        let number = packet.destination_port;
        let on_node = |p: &&Rc<Pod>| p.node.as_deref() == Some(&*name) && p.phase == Phase::Running;
        let cluster = self.net.cluster();
        let listens = |p: &&Rc<Pod>| {
            p.spec.host_network && ports(p).any(|(n, protocol)| (n, protocol) == (number, packet.protocol))
        };
        if let Some(pod) = cluster.pods.iter().filter(on_node).find(listens) {
            let place = Place::Pod(pod.id.clone());
            let fields = Fields::of(self.net).container_port(pod, number).all;
            let reason = if from == node {
                Reason::SameNode { node: name }
            } else {
                Reason::BetweenNodes { from: self.net.rules.nodes[from].name.clone(), to: name }
            };
            self.travel(place.clone(), reason, fields, Some(place));
            return match self.net.pods.get(&pod.id) {
                Some(&at) => self.arrive(at),
                None => Outcome::Refused,
            };
        }
        for pod in cluster.pods.iter().filter(on_node) {
            let Some(container_port) = host_port(pod, number, packet.protocol) else { continue };
            let Some(ip) = pick(&pod.ips, packet.destination_ip) else { continue };
            let after = Packet { destination_ip: ip, destination_port: container_port, ..packet.clone() };
            let id = pod.id.clone();
            let fields = Fields::of(self.net).container_port(pod, container_port).all;
            let reason = Reason::HostPort { node: name.clone(), pod: id.clone(), port: number };
            self.hop(HopKind::Rewrite, Place::Rules(name), Some(after), reason, fields, None);
            self.carry(node, pod, Fields::none());
            return match self.net.pods.get(&id) {
                Some(&at) => self.arrive(at),
                None => Outcome::Refused,
            };
        }
        let perhaps = cluster
            .services
            .iter()
            .find(|s| s.ports.iter().any(|p| p.port == number && p.node_port.is_some()))
            .map(|s| s.id.clone());
        let fields = match perhaps.as_ref().and_then(|id| self.net.service(id)) {
            Some(at) => {
                let service = self.service_at(at);
                let index = service.ports.iter().position(|p| p.port == number).unwrap_or(0);
                Fields::of(self.net).port(service, index, "nodePort").all
            }
            None => Fields::none(),
        };
        let reason = Reason::NodePortClosed { node: name.clone(), port: number, perhaps };
        let to = if from == node { None } else { Some(Place::Node(name)) };
        self.fail(to, reason, fields, Outcome::Refused)
    }

    fn health_check(&mut self, node: usize, port: usize) -> Outcome {
        // Models pkg/proxy/healthcheck: ready endpoints on this node count.
        let name = self.net.rules.nodes[node].name.clone();
        let service = self.net.rules.ports[port].service.clone();
        let local = self.local_ready(node, &service);
        let status = if local > 0 { 200 } else { 503 };
        let place = Place::Node(name.clone());
        if self.at != place {
            let reason = Reason::ToNode { node: name.clone(), service: Some(service.id.clone()), port: 0 };
            self.travel(place, reason, Fields::none(), None);
        }
        let fields = Fields::of(self.net)
            .service(&service, "spec.healthCheckNodePort")
            .service(&service, "spec.externalTrafficPolicy");
        let reason = Reason::HealthCheck { service: service.id.clone(), local };
        self.answer(reason, fields.all, Outcome::ServedByNode { node: name, status })
    }

    /// Ready endpoints of a Service on a node, over all its ports.
    pub(super) fn local_ready(&self, node: usize, service: &Service) -> u32 {
        let name = &self.net.rules.nodes[node].name;
        let mut ips: Vec<IpAddr> = Vec::new();
        // A Service's ports follow one another: no need to look at all Services.
        let first = service.cluster_ips.first().zip(service.ports.first());
        let first = first.and_then(|(&ip, port)| self.net.rules.lookup(ip, port.port, port.protocol));
        let all = first.map_or(&[][..], |(at, _)| self.net.rules.ports.get(at..).unwrap_or_default());
        for port in all.iter().take_while(|p| p.service.id == service.id) {
            let here = port.endpoints.iter().filter(|e| e.ready && e.node.as_ref() == Some(name));
            ips.extend(here.map(|e| e.ip));
        }
        crate::sort::plain(&mut ips);
        ips.dedup();
        ips.len() as u32
    }

    /// The packet is at a pod.
    pub(super) fn arrive(&mut self, at: usize) -> Outcome {
        let pod = self.pod_at(at);
        let Some(packet) = self.packet.clone() else { return Outcome::NotSent };
        let (number, protocol) = (packet.destination_port, packet.protocol);
        if pod.phase != Phase::Running {
            let reason = Reason::PodNotRunning { pod: pod.id.clone(), phase: pod.phase };
            return self.fail(None, reason, Fields::none(), Outcome::Refused);
        }
        if !self.listens(pod, packet.destination_ip, number, protocol) {
            let mut listens: Vec<u16> = ports(pod).filter(|p| p.1 == protocol).map(|p| p.0).collect();
            crate::sort::plain(&mut listens);
            listens.dedup();
            let headless = self.headless.clone();
            let service = headless.as_ref().and_then(|h| self.net.service(h)).map(|s| self.service_at(s));
            let index = service.and_then(|s| s.ports.iter().position(|p| p.port == number));
            let mut fields = match (service, index) {
                (Some(service), Some(index)) => Fields::of(self.net).port(service, index, "targetPort"),
                _ => Fields::of(self.net),
            };
            for port in &listens {
                fields = fields.container_port(pod, *port);
            }
            let pod = pod.id.clone();
            let headless = headless.filter(|_| index.is_some());
            let reason = Reason::PodNotListening { pod, port: number, protocol, listens, headless };
            return self.fail(None, reason, fields.all, Outcome::Refused);
        }
        if let Some(&controller) = self.net.controllers.get(&pod.id) {
            return self.controller(controller, at);
        }
        let fields = Fields::of(self.net).container_port(pod, number).all;
        let hidden = self.client_ip.filter(|&ip| ip != packet.source_ip && !ip.is_loopback());
        let reason = Reason::Answered {
            port: number,
            sees: packet.source_ip,
            hidden,
            behind_proxy: self.controllers > 0,
        };
        self.answer(reason, fields, Outcome::Served { pod: pod.id.clone(), status: 200 })
    }

    // containerPort is documentation: where a pod declares nothing, or a slice names the
    // port, something is taken to listen.
    fn listens(&self, pod: &Pod, ip: IpAddr, number: u16, protocol: Protocol) -> bool {
        let mut declared = ports(pod).peekable();
        declared.peek().is_none()
            || declared.any(|p| p == (number, protocol))
            || self.net.targeted.contains(&(ip, number, protocol))
    }

    /// Whether an address belongs to the pods' ranges.
    pub(super) fn is_pod_address(&self, ip: IpAddr) -> bool {
        self.net.rules.config.pod_cidrs.iter().flatten().any(|c| c.contains(ip))
    }

    /// Whether an address can only be somewhere inside, if anywhere.
    pub(super) fn is_private(&self, ip: IpAddr) -> bool {
        self.is_pod_address(ip)
            || match ip {
                IpAddr::V4(ip) => ip.is_private() || ip.is_link_local() || ip.is_unspecified(),
                IpAddr::V6(ip) => ip.is_unique_local() || ip.is_unicast_link_local() || ip.is_unspecified(),
            }
    }

    pub(super) fn node_by_ip(&self, ip: IpAddr) -> Option<usize> {
        self.net.rules.nodes.iter().position(|n| n.ips.contains(&ip))
    }

    /// Nobody has the address.
    pub(super) fn unused(&mut self, ip: IpAddr) -> Outcome {
        let reason = Reason::UnusedAddress { ip, pod_range: self.is_pod_address(ip) };
        let nowhere = Place::Nowhere(ip.to_string().into());
        self.fail(Some(nowhere), reason, Fields::none(), Outcome::TimedOut)
    }

    /// The packet as it leaves the cluster: pods' addresses mean nothing outside.
    pub(super) fn leaving(&self, node: usize) -> Option<Packet> {
        let mut packet = self.packet.clone()?;
        if self.is_pod_address(packet.source_ip) {
            let own = pick(&self.net.rules.nodes[node].ips, packet.source_ip);
            packet.source_ip = own.unwrap_or(packet.source_ip);
        }
        Some(packet)
    }

    /// To a host outside, which answers.
    pub(super) fn out(&mut self, node: Option<usize>, ip: IpAddr) -> Outcome {
        let host = self.outside_name.clone().unwrap_or_else(|| ip.to_string().into());
        let packet = match node {
            Some(node) => self.leaving(node),
            None => self.packet.clone(),
        };
        let reason = Reason::LeavesCluster {
            node: node.map(|n| self.net.rules.nodes[n].name.clone()),
            masqueraded: packet != self.packet,
            endpoint_of: None,
        };
        let place = Place::External(host.clone());
        self.hop(HopKind::Travel, place.clone(), packet, reason, Fields::none(), Some(place));
        let reason = Reason::AnsweredOutside { host_header: self.host_header.clone(), endpoint: false };
        self.answer(reason, Fields::none(), Outcome::ServedOutside { host })
    }

    /// A Service's address on a port that no rule is about.
    pub(super) fn service_without_port(
        &mut self,
        node: Option<usize>,
        at: usize,
        which: AddressOf,
        packet: &Packet,
    ) -> Outcome {
        let service = self.service_at(at);
        let known =
            service.ports.iter().any(|p| (p.port, p.protocol) == (packet.destination_port, packet.protocol));
        if which == AddressOf::Balancer && (known || node.is_none()) {
            // ipMode Proxy, or only a hostname: out to the balancer like anybody.
            if let Some(node) = node {
                self.packet = self.leaving(node);
            }
            return self.balancer(at);
        }
        let number = packet.destination_port;
        let is_target_port = service.ports.iter().any(|p| {
            p.port != number && matches!(p.target_port, IntOrString::Int(n) if n == i64::from(number))
        });
        let reason = Reason::NoSuchServicePort {
            service: service.id.clone(),
            port: number,
            protocol: packet.protocol,
            ports: service.ports.iter().map(|p| (p.port, p.protocol)).collect(),
            is_target_port,
        };
        let fields = Fields::of(self.net).service(service, "spec.ports").all;
        let to = node.map(|n| Place::Rules(self.net.rules.nodes[n].name.clone()));
        self.fail_at(to, card(service), reason, fields, Outcome::TimedOut)
    }

    /// How a Service's selector fares; for one port where it is about that.
    pub(super) fn census(&self, service: &Service, port: Option<usize>) -> Census {
        let mut census = Census::default();
        let its: Vec<_> = self.net.slices_of(&service.id).collect();
        census.endpoints = its.iter().map(|s| s.slice.endpoints.len() as u32).sum();
        let Some(selector) = service.selector() else { return census };
        census.has_selector = true;
        for pod in self.net.cluster().pods.iter().filter(|p| p.id.namespace == service.id.namespace) {
            let has = |(k, v): &(Rc<str>, Rc<str>)| pod.labels.iter().any(|(pk, pv)| pk == k && pv == v);
            if !selector.iter().all(has) || matches!(pod.phase, Phase::Succeeded | Phase::Failed) {
                continue;
            }
            census.matching += 1;
            if pod.ips.is_empty() {
                census.pending += 1;
            } else if !pod.ready {
                census.not_ready += 1;
            } else if let Some(target @ IntOrString::Name(_)) = port.map(|p| &service.ports[p].target_port) {
                let named = container_ports::declared(&pod.spec).any(|one| one.is(target));
                census.without_port += u32::from(!named);
            }
        }
        census
    }
}

/// What a pod declares that it listens on.
pub(super) fn ports(pod: &Pod) -> impl Iterator<Item = (u16, Protocol)> + '_ {
    container_ports::declared(&pod.spec).filter_map(|one| {
        Some((u16::try_from(one.port.container_port).ok()?, Protocol::parse(one.protocol())?))
    })
}

fn host_port(pod: &Pod, number: u16, protocol: Protocol) -> Option<u16> {
    let port = pod.spec.containers.iter().flat_map(|c| &c.ports).find(|p| {
        p.host_port == Some(i64::from(number))
            && p.protocol.as_deref().map_or(Some(Protocol::Tcp), Protocol::parse) == Some(protocol)
    })?;
    u16::try_from(port.container_port).ok()
}

fn no_endpoint_fields(fields: Fields<'_>, service: &Service, index: usize, census: &Census) -> Vec<FieldRef> {
    if census.without_port > 0 {
        fields.port(service, index, "targetPort").service(service, "spec.selector").all
    } else if census.has_selector {
        fields.service(service, "spec.selector").all
    } else {
        fields.service(service, "metadata.name").all
    }
}
