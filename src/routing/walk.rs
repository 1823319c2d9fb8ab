//! The way of one request, hop by hop: where it is, what its packet says, what it has met.

use super::cite::Fields;
use super::reason::Reason;
use super::{Destination, Hop, HopKind, Network, Outcome, Packet, Place, Request, Source, Trace};
use crate::cluster::{Phase, Pod, Service};
use crate::dns::search::{self, Resolver};
use crate::manifest::{FieldRef, ObjectRef};
use crate::proxy::{Chance, Tables};
use std::net::IpAddr;
use std::rc::Rc;

/// How often an ingress controller may send a request on to one.
const CONTROLLERS_MAX: u32 = 3;
/// The first port that clients choose their own from (net.ipv4.ip_local_port_range).
const EPHEMERAL: u16 = 32_768;

/// Where a request starts.
pub(super) struct Client<'a> {
    pub ips: &'a [IpAddr],
    /// Position of its node; `None`: outside.
    pub node: Option<usize>,
    pub namespace: &'a str,
    pub resolver: Resolver,
}

pub(super) struct Walk<'a> {
    pub net: &'a Network,
    pub request: &'a Request,
    pub hops: Vec<Hop>,
    pub at: Place,
    concept_at: Place,
    pub packet: Option<Packet>,
    pub tables: Tables,
    pub chance: Chance,
    pub now_ms: u64,
    /// The client's own address.
    pub client_ip: Option<IpAddr>,
    /// The headless Service whose name gave the address.
    pub headless: Option<ObjectRef>,
    /// The outside name that gave the address.
    pub outside_name: Option<Rc<str>>,
    /// The Host header that an ExternalName Service leaves wrong.
    pub host_header: Option<Rc<str>>,
    /// It came in from outside, to this node.
    pub entered: bool,
    /// How many ingress controllers have sent it on.
    pub controllers: u32,
}

impl<'a> Walk<'a> {
    pub fn new(net: &'a Network, request: &'a Request, tables: &Tables, seed: u64, now_ms: u64) -> Self {
        let at = match &request.from {
            Source::Pod { namespace, name } => Place::Pod(match net.cluster.pod(namespace, name) {
                Some(pod) => pod.id.clone(),
                None => ObjectRef { kind: "Pod".into(), namespace: namespace.clone(), name: name.clone() },
            }),
            Source::Node { name } => Place::Node(name.clone()),
            Source::Internet { ip } => Place::Internet(*ip),
        };
        Self {
            net,
            request,
            hops: Vec::with_capacity(8),
            concept_at: at.clone(),
            at,
            packet: None,
            tables: tables.clone(),
            chance: Chance::new(seed),
            now_ms,
            client_ip: None,
            headless: None,
            outside_name: None,
            host_header: None,
            entered: false,
            controllers: 0,
        }
    }

    pub fn run(mut self) -> (Trace, Tables) {
        let outcome = match self.go() {
            Ok(outcome) | Err(outcome) => outcome,
        };
        (Trace { request: self.request.clone(), hops: self.hops, outcome }, self.tables)
    }

    // `Err` only spares writing: both are how the request ended.
    fn go(&mut self) -> Result<Outcome, Outcome> {
        let client = self.client()?;
        let destination = match &self.request.to {
            Destination::Ip(ip) => *ip,
            Destination::Name(name) => match name.parse() {
                Ok(ip) => ip,
                Err(_) => self.resolve(&client, name)?,
            },
        };
        let source =
            if destination.is_loopback() { Some(destination) } else { pick(client.ips, destination) };
        let Some(source) = source else {
            let reason = Reason::NoFamily { destination };
            return Ok(self.fail(None, reason, Fields::none(), Outcome::TimedOut));
        };
        self.client_ip = Some(source);
        self.connect(source, destination, self.request.port);
        Ok(match client.node {
            Some(node) => self.start_inside(node),
            None => self.start_outside(),
        })
    }

    fn client(&mut self) -> Result<Client<'a>, Outcome> {
        let cluster = self.net.cluster();
        match &self.request.from {
            Source::Internet { ip } => Ok(Client {
                ips: std::slice::from_ref(ip),
                node: None,
                namespace: "",
                resolver: Resolver::Node,
            }),
            Source::Node { name } => match self.net.rules.node(name) {
                Some(at) => Ok(Client {
                    ips: &self.net.rules.nodes[at].ips,
                    node: Some(at),
                    namespace: "",
                    resolver: Resolver::Node,
                }),
                None => Err(self.fail(None, Reason::NoClient, Fields::none(), Outcome::NotSent)),
            },
            Source::Pod { .. } => {
                let pod = match &self.at {
                    Place::Pod(id) => self.net.pods.get(id).map(|&at| &cluster.pods[at]),
                    _ => None,
                };
                let Some(pod) = pod else {
                    return Err(self.fail(None, Reason::NoClient, Fields::none(), Outcome::NotSent));
                };
                let node = pod.node.as_deref().and_then(|n| self.net.rules.node(n));
                let (Some(node), Phase::Running, false) = (node, pod.phase, pod.ips.is_empty()) else {
                    let reason = Reason::ClientNotRunning { phase: pod.phase };
                    return Err(self.fail(None, reason, Fields::none(), Outcome::NotSent));
                };
                Ok(Client {
                    ips: &pod.ips,
                    node: Some(node),
                    namespace: &pod.id.namespace,
                    resolver: search::resolver(pod.spec.dns_policy.as_deref(), pod.spec.host_network),
                })
            }
        }
    }

    /// A new connection: a new packet from `source`.
    pub fn connect(&mut self, source: IpAddr, destination: IpAddr, port: u16) {
        let ephemeral = EPHEMERAL + self.chance.below(usize::from(u16::MAX - EPHEMERAL)) as u16;
        self.packet = Some(Packet {
            source_ip: source,
            source_port: ephemeral,
            destination_ip: destination,
            destination_port: port,
            protocol: self.request.protocol,
        });
    }

    /// Adds a hop. `concept`: where the Concept lens has gone when it is over; `None`: it stays hidden.
    pub fn hop(
        &mut self,
        kind: HopKind,
        to: Place,
        after: Option<Packet>,
        reason: Reason,
        fields: Vec<FieldRef>,
        concept: Option<Place>,
    ) {
        let concept = concept.map(|to| (std::mem::replace(&mut self.concept_at, to.clone()), to));
        self.hops.push(Hop {
            kind,
            from: std::mem::replace(&mut self.at, to.clone()),
            to,
            before: std::mem::replace(&mut self.packet, after.clone()),
            after,
            reason,
            fields,
            concept,
        });
    }

    /// A hop that changes nothing in the packet.
    pub fn travel(&mut self, to: Place, reason: Reason, fields: Vec<FieldRef>, concept: Option<Place>) {
        let packet = self.packet.clone();
        self.hop(HopKind::Travel, to, packet, reason, fields, concept);
    }

    /// The end, badly: at `to`, or where it is.
    pub fn fail(
        &mut self,
        to: Option<Place>,
        reason: Reason,
        fields: Vec<FieldRef>,
        outcome: Outcome,
    ) -> Outcome {
        let concept = match to.clone().unwrap_or_else(|| self.at.clone()) {
            Place::Rules(_) | Place::NodePort(..) | Place::LoadBalancer(_) => self.concept_at.clone(),
            visible => visible,
        };
        self.fail_at(to, concept, reason, fields, outcome)
    }

    /// The end, badly, with the place where the Concept lens shows it.
    pub fn fail_at(
        &mut self,
        to: Option<Place>,
        concept: Place,
        reason: Reason,
        fields: Vec<FieldRef>,
        outcome: Outcome,
    ) -> Outcome {
        let to = to.unwrap_or_else(|| self.at.clone());
        let packet = self.packet.clone();
        self.hop(HopKind::Fail, to, packet, reason, fields, Some(concept));
        outcome
    }

    /// The end, well.
    pub fn answer(&mut self, reason: Reason, fields: Vec<FieldRef>, outcome: Outcome) -> Outcome {
        let (at, packet) = (self.at.clone(), self.packet.clone());
        self.hop(HopKind::Answer, at.clone(), packet, reason, fields, Some(at));
        outcome
    }

    pub fn may_visit_controller(&mut self) -> bool {
        self.controllers += 1;
        self.controllers <= CONTROLLERS_MAX
    }

    pub fn service_at(&self, at: usize) -> &'a Rc<Service> {
        &self.net.cluster.services[at]
    }

    pub fn pod_at(&self, at: usize) -> &'a Rc<Pod> {
        &self.net.cluster.pods[at]
    }
}

/// The address of the same family.
pub(super) fn pick(ips: &[IpAddr], like: IpAddr) -> Option<IpAddr> {
    ips.iter().copied().find(|ip| ip.is_ipv4() == like.is_ipv4())
}

/// The place of a Service's card.
pub(super) fn card(service: &Service) -> Place {
    Place::Service(service.id.clone())
}
