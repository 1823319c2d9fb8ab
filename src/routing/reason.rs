//! Why a hop went as it did: facts, which `words::reasons` puts into sentences.
//! One variant for each cause in the real world; the fields that decided are in
//! [`super::Hop::fields`].

use crate::cluster::{Phase, Protocol};
use crate::dns::search::Resolver;
use crate::manifest::ObjectRef;
use crate::proxy::{Scope, SourceClass, Topology, Via};
use serde::Serialize;
use std::net::IpAddr;
use std::rc::Rc;

/// A name that a client tried.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Tried {
    /// The whole name, with its last dot.
    pub name: Rc<str>,
    /// What came back.
    pub answer: TriedAnswer,
}

/// What came back for a tried name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum TriedAnswer {
    /// Addresses.
    Found,
    /// NXDOMAIN: no such name.
    NxDomain,
    /// NOERROR without data: the name exists, without an address of this family.
    NoData,
}

/// What a name turned out to stand for.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Named {
    /// A Service with a cluster IP.
    Service(ObjectRef),
    /// A headless Service: the addresses of its ready pods.
    Headless(ObjectRef),
    /// One endpoint of a Service.
    Endpoint(ObjectRef),
    /// An ExternalName Service: an alias.
    Alias {
        /// The Service.
        service: ObjectRef,
        /// spec.externalName
        target: Rc<str>,
    },
    /// A pod by its address.
    Pod,
    /// A host of an Ingress: public DNS leads to the controller's Service.
    IngressHost {
        /// The Ingress.
        ingress: ObjectRef,
        /// The controller's Service.
        service: ObjectRef,
    },
    /// The name that a cloud gave a load balancer.
    LoadBalancer(ObjectRef),
    /// A name outside that the playground does not know; the address is made up.
    Outside,
}

/// Why the source address was, or was not, replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Masquerade {
    /// It stays.
    Kept,
    /// externalTrafficPolicy Cluster: the reply must come back through this node.
    Policy,
    /// The client is not a pod.
    NotPod,
    /// The endpoint is the client itself.
    Hairpin,
    /// `--masquerade-all`
    All,
}

/// Why it was this endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Pick {
    /// At random among as many.
    Chance,
    /// sessionAffinity remembered it.
    Remembered,
    /// The only one.
    Only,
}

/// How many pods a Service's selector finds, and why they do not count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize)]
pub struct Census {
    /// Whether the Service has a selector.
    pub has_selector: bool,
    /// Pods that match it.
    pub matching: u32,
    /// Of those: not ready.
    pub not_ready: u32,
    /// Of those: without an address yet.
    pub pending: u32,
    /// Of those: without a port of the name that targetPort asks for.
    pub without_port: u32,
    /// Endpoints of slices, of whatever condition.
    pub endpoints: u32,
}

/// Why.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(tag = "because", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Reason {
    /// Nothing is known yet: a hop made by hand.
    #[default]
    Start,
    /// A name was resolved.
    Resolved {
        /// Whose resolver.
        resolver: Resolver,
        /// Every name that was tried.
        tried: Rc<[Tried]>,
        /// What it stands for.
        named: Named,
        /// The addresses that came back.
        addresses: Rc<[IpAddr]>,
        /// The one the client takes.
        chosen: IpAddr,
    },
    /// No such name.
    NoSuchName {
        /// As the client wrote it.
        name: Rc<str>,
        /// Whose resolver; `None`: public DNS.
        resolver: Option<Resolver>,
        /// Every name that was tried.
        tried: Vec<Tried>,
        /// A Service that was perhaps meant, and could be reached as `name.namespace`.
        perhaps: Option<ObjectRef>,
        /// The namespace that the name asks in, where there is none of that name.
        no_namespace: Option<Rc<str>>,
    },
    /// A headless Service's name without an address: no pod of it is ready.
    HeadlessWithoutReady {
        /// The Service.
        service: ObjectRef,
        /// Every name that was tried.
        tried: Vec<Tried>,
        /// Its pods.
        census: Census,
    },
    /// A host of an Ingress that no controller serves: nobody made a record for it.
    NoController {
        /// The host.
        name: Rc<str>,
        /// The Ingress.
        ingress: ObjectRef,
        /// Its class, if it has one.
        class: Option<Rc<str>>,
    },
    /// The name exists, with no address of the client's families.
    NoAddress {
        /// As the client wrote it.
        name: Rc<str>,
        /// Every name that was tried.
        tried: Vec<Tried>,
    },
    /// The client is no pod or node of the cluster.
    NoClient,
    /// The client does not run: it has no address.
    ClientNotRunning {
        /// How far it has come.
        phase: Phase,
    },
    /// The client has no address of the destination's family.
    NoFamily {
        /// The destination.
        destination: IpAddr,
    },

    /// From outside to a Service's load balancer.
    ToLoadBalancer {
        /// The Service.
        service: ObjectRef,
    },
    /// The balancer has no listener on this port.
    LoadBalancerPort {
        /// The Service.
        service: ObjectRef,
        /// The port asked for.
        port: u16,
        /// The ports there are.
        ports: Vec<u16>,
    },
    /// The balancer keeps out sources that are not in loadBalancerSourceRanges.
    LoadBalancerSource {
        /// The Service.
        service: ObjectRef,
        /// The client.
        source: IpAddr,
    },
    /// The balancer chose a node.
    LoadBalancerPicks {
        /// The Service.
        service: ObjectRef,
        /// The node.
        node: Rc<str>,
        /// One of how many.
        of: u32,
        /// Whether only nodes with a ready pod count (externalTrafficPolicy Local).
        local: bool,
        /// Whether the node runs a ready pod of the Service.
        has_pod: bool,
        /// The node port it goes to; `None`: the address stays.
        node_port: Option<u16>,
    },
    /// No node passes the balancer's health check.
    NoHealthyNode {
        /// The Service.
        service: ObjectRef,
        /// Whether nodes need a ready pod of their own (externalTrafficPolicy Local).
        local: bool,
    },
    /// The balancer needs node ports, and there are none.
    NoNodePort {
        /// The Service.
        service: ObjectRef,
    },
    /// From outside to a node's address.
    ToNode {
        /// The node.
        node: Rc<str>,
        /// The Service that has the port, if any.
        service: Option<ObjectRef>,
        /// The port.
        port: u16,
    },
    /// To an address of spec.externalIPs; the network is assumed to bring it to a node.
    ToExternalIp {
        /// The Service.
        service: ObjectRef,
        /// The node.
        node: Rc<str>,
    },

    /// A node's rules choose an endpoint.
    Endpoint {
        /// Whose rules.
        node: Rc<str>,
        /// The Service.
        service: ObjectRef,
        /// By which of its addresses.
        via: Via,
        /// Who sends.
        source: SourceClass,
        /// Endpoints of the cluster or of this node.
        scope: Scope,
        /// Whether externalTrafficPolicy Local was set aside, because the packet comes from inside.
        shortcut: bool,
        /// One of how many.
        of: u32,
        /// All endpoints that are ready.
        ready: u32,
        /// How it was picked.
        pick: Pick,
        /// What hints did.
        topology: Topology,
        /// Whether terminating pods are used for want of ready ones.
        terminating: bool,
        /// What became of the source.
        masquerade: Masquerade,
        /// Whether affinity will see this client, or the node instead of it.
        port_mapped: bool,
    },
    /// No usable endpoint anywhere: refused.
    NoEndpoints {
        /// Whose rules.
        node: Rc<str>,
        /// The Service.
        service: ObjectRef,
        /// Its pods.
        census: Census,
    },
    /// Policy Local, and no usable endpoint on this node: dropped.
    NoLocalEndpoint {
        /// Whose rules.
        node: Rc<str>,
        /// The Service.
        service: ObjectRef,
        /// By which of its addresses.
        via: Via,
        /// Usable endpoints on other nodes.
        elsewhere: u32,
    },
    /// The source is not in loadBalancerSourceRanges: dropped.
    SourceRanges {
        /// Whose rules.
        node: Rc<str>,
        /// The Service.
        service: ObjectRef,
        /// The source.
        source: IpAddr,
        /// Who that is.
        class: SourceClass,
    },
    /// A Service's address, a port that it does not have.
    NoSuchServicePort {
        /// The Service.
        service: ObjectRef,
        /// The port asked for.
        port: u16,
        /// The protocol asked for.
        protocol: Protocol,
        /// The ports there are.
        ports: Vec<(u16, Protocol)>,
        /// Whether it is a pod's port that was asked for.
        is_target_port: bool,
    },
    /// A cluster IP from outside: no route.
    ClusterIpFromOutside {
        /// The Service.
        service: ObjectRef,
    },
    /// A pod's address from outside: no route.
    PodIpFromOutside {
        /// The pod.
        pod: ObjectRef,
    },
    /// Nobody has the address.
    UnusedAddress {
        /// The address.
        ip: IpAddr,
        /// Whether it is one of the pods' range: perhaps of a pod that is gone.
        pod_range: bool,
    },
    /// Nothing on the node listens on the port.
    NodePortClosed {
        /// The node.
        node: Rc<str>,
        /// The port.
        port: u16,
        /// A Service whose own port it is, which is not what nodes listen on.
        perhaps: Option<ObjectRef>,
    },
    /// A container's hostPort.
    HostPort {
        /// The node.
        node: Rc<str>,
        /// The pod.
        pod: ObjectRef,
        /// The port of the node.
        port: u16,
    },

    /// To a pod on the same node.
    SameNode {
        /// The node.
        node: Rc<str>,
    },
    /// The pod network carries it to another node.
    PodNetwork {
        /// From this node.
        from: Rc<str>,
        /// To this one.
        to: Rc<str>,
        /// Whether it came in from outside: a second hop.
        second_hop: bool,
    },
    /// To a pod's own address: no Service, no rules.
    PodAddress {
        /// The pod.
        pod: ObjectRef,
        /// The headless Service whose name gave the address.
        headless: Option<ObjectRef>,
    },
    /// Between two nodes.
    BetweenNodes {
        /// From this node.
        from: Rc<str>,
        /// To this one.
        to: Rc<str>,
    },
    /// Out of the cluster; the node puts its own address in.
    LeavesCluster {
        /// The node; `None`: the client is outside anyway.
        node: Option<Rc<str>>,
        /// Whether the source was replaced.
        masqueraded: bool,
        /// An endpoint that a slice names, outside the cluster.
        endpoint_of: Option<ObjectRef>,
    },

    /// An ingress controller found a rule.
    IngressRule {
        /// The Ingress.
        ingress: ObjectRef,
        /// The host of the rule; empty: any.
        host: Rc<str>,
        /// The path of the rule.
        path: Rc<str>,
        /// Its type; `None`: the default backend.
        path_type: Option<Rc<str>>,
        /// The Service of the backend.
        service: Option<ObjectRef>,
        /// How many rules of the host match as well and are less exact.
        others: u32,
    },
    /// No rule of any Ingress matches.
    NoIngressRule {
        /// The host asked for.
        host: Rc<str>,
        /// The path asked for.
        path: Rc<str>,
        /// Whether some Ingress has the host.
        host_known: bool,
    },
    /// The host has a certificate: plain HTTP is sent to HTTPS.
    TlsRedirect {
        /// The Ingress.
        ingress: ObjectRef,
        /// The host.
        host: Rc<str>,
    },
    /// The backend is no Service of the Ingress's namespace.
    BackendMissing {
        /// The Ingress.
        ingress: ObjectRef,
        /// The name it gives.
        name: Rc<str>,
    },
    /// The backend's port is none of the Service's.
    BackendPortMissing {
        /// The Ingress.
        ingress: ObjectRef,
        /// The Service.
        service: ObjectRef,
        /// As written.
        port: Rc<str>,
        /// The ports there are.
        ports: Vec<u16>,
    },
    /// The backend has no ready endpoint.
    BackendWithoutEndpoints {
        /// The Ingress.
        ingress: ObjectRef,
        /// The Service.
        service: ObjectRef,
        /// Its pods.
        census: Census,
    },
    /// The controller connects to an endpoint of the backend itself.
    ControllerPicks {
        /// The Service.
        service: ObjectRef,
        /// Whose turn: this one…
        turn: u32,
        /// …of so many.
        of: u32,
        /// Whether it is on the controller's own node.
        same_node: bool,
    },
    /// The controller resolves the name of an ExternalName backend and goes there.
    ControllerGoesOut {
        /// The Service.
        service: ObjectRef,
        /// spec.externalName
        target: Rc<str>,
    },

    /// The pod answers.
    Answered {
        /// The port it listens on.
        port: u16,
        /// Whom it sees as its client.
        sees: IpAddr,
        /// The client's own address, when that is not what the pod sees.
        hidden: Option<IpAddr>,
        /// Whether an HTTP proxy is between.
        behind_proxy: bool,
    },
    /// Somebody outside answers.
    AnsweredOutside {
        /// The Host header that it gets, when that is the name of an ExternalName Service.
        host_header: Option<Rc<str>>,
        /// Whether a slice names it as an endpoint.
        endpoint: bool,
    },
    /// The node answers on its health check port.
    HealthCheck {
        /// The Service.
        service: ObjectRef,
        /// Ready endpoints on the node.
        local: u32,
    },
    /// Nothing in the pod listens on the port.
    PodNotListening {
        /// The pod.
        pod: ObjectRef,
        /// The port.
        port: u16,
        /// Protocol.
        protocol: Protocol,
        /// What it does listen on.
        listens: Vec<u16>,
        /// The headless Service whose own port that is: it maps no ports.
        headless: Option<ObjectRef>,
    },
    /// The pod does not run (any more).
    PodNotRunning {
        /// The pod.
        pod: ObjectRef,
        /// How far it has come.
        phase: Phase,
    },
}
