//! The way in: load balancers, nodes' addresses, addresses that lead nowhere from outside.

use super::cite::Fields;
use super::reason::Reason;
use super::walk::{Walk, card};
use super::{AddressOf, Outcome, Place};
use crate::cluster::{IpMode, Service};
use crate::proxy::Cidr;
use std::rc::Rc;

impl Walk<'_> {
    /// From the internet.
    pub(super) fn start_outside(&mut self) -> Outcome {
        let Some(packet) = self.packet.clone() else { return Outcome::NotSent };
        let ip = packet.destination_ip;
        if let Some(node) = self.node_by_ip(ip) {
            return self.node_door(None, node, packet.destination_port);
        }
        match self.net.addresses.get(&ip) {
            Some(&(service, AddressOf::Balancer)) => return self.balancer(service),
            Some(&(service, AddressOf::External)) => return self.external_ip(service),
            Some(&(service, AddressOf::Cluster)) => {
                let service = self.service_at(service);
                let reason = Reason::ClusterIpFromOutside { service: service.id.clone() };
                let fields =
                    Fields::of(self.net).service(service, "spec.type").service(service, "spec.clusterIP").all;
                let nowhere = Place::Nowhere(ip.to_string().into());
                return self.fail(Some(nowhere), reason, fields, Outcome::TimedOut);
            }
            None => {}
        }
        if let Some(pod) = self.net.cluster().pod_by_ip(ip) {
            let reason = Reason::PodIpFromOutside { pod: pod.id.clone() };
            let nowhere = Place::Nowhere(ip.to_string().into());
            return self.fail(Some(nowhere), reason, Fields::none(), Outcome::TimedOut);
        }
        if self.is_private(ip) || ip.is_loopback() {
            return self.unused(ip);
        }
        self.out(None, ip)
    }

    /// To a node's own address: its doors are the node ports.
    pub(super) fn node_door(&mut self, from: Option<usize>, node: usize, number: u16) -> Outcome {
        let Some(packet) = self.packet.clone() else { return Outcome::NotSent };
        let name = self.net.rules.nodes[node].name.clone();
        let port = self.net.rules.node_port(number, packet.protocol, packet.destination_ip.is_ipv4());
        let service = port.map(|p| self.net.rules.ports[p].service.clone());
        let place = match port {
            Some(_) => Place::NodePort(name.clone(), number),
            None => Place::Node(name.clone()),
        };
        let fields = match (&service, port) {
            (Some(service), Some(port)) => {
                Fields::of(self.net).port(service, self.net.rules.ports[port].index, "nodePort").all
            }
            _ => Fields::none(),
        };
        let reason = match from {
            Some(from) if service.is_none() => {
                Reason::BetweenNodes { from: self.net.rules.nodes[from].name.clone(), to: name }
            }
            _ => Reason::ToNode { node: name, service: service.map(|s| s.id.clone()), port: number },
        };
        self.travel(place, reason, fields, None);
        self.entered = true;
        self.at_rules(node)
    }

    fn external_ip(&mut self, service: usize) -> Outcome {
        let service = self.service_at(service);
        let Some(packet) = self.packet.clone() else { return Outcome::NotSent };
        let nodes = &self.net.ready_nodes;
        let Some(&node) = nodes.get(self.chance.below(nodes.len())) else {
            return self.no_node(service, false);
        };
        let name = self.net.rules.nodes[node].name.clone();
        let fields = Fields::of(self.net).service(service, "spec.externalIPs").all;
        let reason = Reason::ToExternalIp { service: service.id.clone(), node: name.clone() };
        self.travel(Place::Node(name), reason, fields, None);
        self.entered = true;
        match self.net.rules.lookup(packet.destination_ip, packet.destination_port, packet.protocol) {
            Some(_) => self.at_rules(node),
            None => {
                let at = self.net.service(&service.id).unwrap_or(0);
                self.service_without_port(Some(node), at, AddressOf::External, &packet)
            }
        }
    }

    /// At the load balancer of a Service.
    pub(super) fn balancer(&mut self, at: usize) -> Outcome {
        let service = self.service_at(at);
        let Some(packet) = self.packet.clone() else { return Outcome::NotSent };
        let fields = Fields::of(self.net).service(service, "status.loadBalancer.ingress[0]");
        let fields = fields.service(service, "spec.type").all;
        let place = Place::LoadBalancer(service.id.clone());
        let reason = Reason::ToLoadBalancer { service: service.id.clone() };
        self.travel(place.clone(), reason, fields, Some(place));

        let number = packet.destination_port;
        let index = service.ports.iter().position(|p| (p.port, p.protocol) == (number, packet.protocol));
        let Some(index) = index else {
            let ports = service.ports.iter().map(|p| p.port).collect();
            let reason = Reason::LoadBalancerPort { service: service.id.clone(), port: number, ports };
            let fields = Fields::of(self.net).service(service, "spec.ports").all;
            return self.fail_at(None, card(service), reason, fields, Outcome::TimedOut);
        };
        // A balancer whose address nodes know sends packets on as they are; any other one
        // opens a connection of its own to a node port.
        let is_vip =
            |&(ip, mode): &(std::net::IpAddr, IpMode)| ip == packet.destination_ip && mode == IpMode::Vip;
        let vip = service.load_balancer_ips.iter().any(is_vip);
        if !vip && !self.balancer_lets_in(service) {
            let reason = Reason::LoadBalancerSource { service: service.id.clone(), source: packet.source_ip };
            let fields = Fields::of(self.net).service(service, "spec.loadBalancerSourceRanges").all;
            return self.fail_at(None, card(service), reason, fields, Outcome::TimedOut);
        }
        let local = service.stored.spec.external_traffic_policy.as_deref() == Some("Local");
        let mut nodes = std::borrow::Cow::from(&self.net.ready_nodes);
        if local {
            nodes.to_mut().retain(|&n| self.local_ready(n, service) > 0);
        }
        let Some(&node) = nodes.get(self.chance.below(nodes.len())) else {
            return self.no_node(service, local);
        };
        let node_port = service.ports[index].node_port.filter(|_| !vip);
        if !vip && node_port.is_none() {
            let fields = Fields::of(self.net).service(service, "spec.allocateLoadBalancerNodePorts").all;
            let reason = Reason::NoNodePort { service: service.id.clone() };
            return self.fail_at(None, card(service), reason, fields, Outcome::TimedOut);
        }
        let view = &self.net.rules.nodes[node];
        let reason = Reason::LoadBalancerPicks {
            service: service.id.clone(),
            node: view.name.clone(),
            of: nodes.len() as u32,
            local,
            has_pod: self.local_ready(node, service) > 0,
            node_port,
        };
        let fields = Fields::of(self.net).service(service, "spec.externalTrafficPolicy");
        let (place, fields, after) = match node_port {
            None => (Place::Node(view.name.clone()), fields, packet),
            Some(port) => {
                let mut after = packet.clone();
                after.source_ip = packet.destination_ip;
                after.destination_port = port;
                let own = view.ips.iter().find(|ip| ip.is_ipv4() == packet.destination_ip.is_ipv4());
                after.destination_ip = own.copied().unwrap_or(packet.destination_ip);
                (Place::NodePort(view.name.clone(), port), fields.port(service, index, "nodePort"), after)
            }
        };
        self.hop(super::HopKind::Travel, place, Some(after), reason, fields.all, None);
        self.entered = true;
        self.at_rules(node)
    }

    fn balancer_lets_in(&self, service: &Service) -> bool {
        let ranges: Vec<Cidr> =
            service.stored.spec.load_balancer_source_ranges.iter().filter_map(|r| Cidr::parse(r)).collect();
        let source = self.packet.as_ref().map(|p| p.source_ip);
        ranges.is_empty() || source.is_some_and(|ip| ranges.iter().any(|c| c.contains(ip)))
    }

    fn no_node(&mut self, service: &Rc<Service>, local: bool) -> Outcome {
        let fields = Fields::of(self.net)
            .when(local, |f| f.service(service, "spec.externalTrafficPolicy"))
            .when(service.selector().is_some(), |f| f.service(service, "spec.selector"));
        let reason = Reason::NoHealthyNode { service: service.id.clone(), local };
        self.fail_at(None, card(service), reason, fields.all, Outcome::TimedOut)
    }
}
