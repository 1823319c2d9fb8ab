//! The cluster that objects describe: admission (defaulting, allocation of
//! addresses and node ports), controllers (ReplicaSet, StatefulSet, DaemonSet,
//! EndpointSlice, ingress controller supply), indexes.
//!
//! A [`Cluster`] is a value that never changes. [`Cluster::next`] makes the next one
//! from the one before (whose allocations stay), the objects of the text and what has
//! happened to pods ([`PodFates`]). No clock, no screen, no hidden chance: the same
//! arguments give the same cluster.
//!
//! Kubernetes refuses objects that fail validation; a refused object is not in the
//! cluster, and its problems are in [`Cluster::problems`]. An object that the cluster has
//! already is updated: where that is refused it stays as it was ([`Cluster::stale`]).

use crate::diagnostic::Diagnostic;
use crate::manifest::{self, Labels, Metadata, ObjectRef};
use crate::map::Map;
use std::net::IpAddr;
use std::rc::Rc;

/// Where an object comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The text.
    Text,
    /// A controller made it for an object of the text (a Deployment's ReplicaSet, a Service's EndpointSlice).
    Controller(ObjectRef),
    /// The playground supplies it because the text leaves it open (three nodes, an ingress controller).
    Supplied,
}

/// Layer 4 protocol.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
pub enum Protocol {
    /// TCP
    #[default]
    #[serde(rename = "TCP")]
    Tcp,
    /// UDP
    #[serde(rename = "UDP")]
    Udp,
    /// SCTP
    #[serde(rename = "SCTP")]
    Sctp,
}

impl Protocol {
    /// `TCP`, `UDP`, `SCTP`; anything else is `None`.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            "TCP" => Some(Self::Tcp),
            "UDP" => Some(Self::Udp),
            "SCTP" => Some(Self::Sctp),
            _ => None,
        }
    }

    /// As Kubernetes writes it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Tcp => "TCP",
            Self::Udp => "UDP",
            Self::Sctp => "SCTP",
        }
    }
}

/// A machine of the cluster.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// `Node` and its name.
    pub id: ObjectRef,
    /// Where it comes from.
    pub origin: Origin,
    /// Labels, the topology ones included.
    pub labels: Labels,
    /// topology.kubernetes.io/zone; empty where it has none.
    pub zone: Rc<str>,
    /// InternalIP addresses first, then ExternalIP ones.
    pub addresses: Vec<IpAddr>,
    /// Its pods' addresses as CIDRs.
    pub pod_cidrs: Vec<Rc<str>>,
    /// Whether pods may be placed here.
    pub schedulable: bool,
    /// Whether it is Ready.
    pub ready: bool,
}

/// A Service after admission: every default written in, addresses and node ports allocated.
#[derive(Clone, Debug, PartialEq)]
pub struct Service {
    /// Its identity.
    pub id: ObjectRef,
    /// Where it comes from.
    pub origin: Origin,
    /// Metadata as written.
    pub metadata: Rc<Metadata>,
    /// Spec and status as the API server stores them.
    pub stored: manifest::Service,
    /// Parsed clusterIPs; empty for headless and ExternalName.
    pub cluster_ips: Vec<IpAddr>,
    /// Parsed status.loadBalancer.ingress[].ip with ipMode; only for type LoadBalancer.
    pub load_balancer_ips: Vec<(IpAddr, IpMode)>,
    /// Parsed externalIPs.
    pub external_ips: Vec<IpAddr>,
    /// Ports, defaults written in.
    pub ports: Vec<ServicePort>,
}

/// status.loadBalancer.ingress[].ipMode
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IpMode {
    /// Nodes take packets for the address themselves.
    Vip,
    /// Packets for the address go out to the balancer.
    Proxy,
}

/// A port of a [`Service`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServicePort {
    /// Empty for an unnamed one.
    pub name: Rc<str>,
    /// Protocol.
    pub protocol: Protocol,
    /// The Service's own port.
    pub port: u16,
    /// The pods' port, number or name.
    pub target_port: manifest::service::IntOrString,
    /// Allocated or chosen node port.
    pub node_port: Option<u16>,
}

/// spec.type
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ServiceType {
    /// ClusterIP
    ClusterIp,
    /// NodePort
    NodePort,
    /// LoadBalancer
    LoadBalancer,
    /// ExternalName
    ExternalName,
}

impl Service {
    /// spec.type
    #[must_use]
    pub fn service_type(&self) -> ServiceType {
        match self.stored.spec.type_.as_deref() {
            Some("NodePort") => ServiceType::NodePort,
            Some("LoadBalancer") => ServiceType::LoadBalancer,
            Some("ExternalName") => ServiceType::ExternalName,
            _ => ServiceType::ClusterIp,
        }
    }

    /// clusterIP: None, and not an ExternalName.
    #[must_use]
    pub fn is_headless(&self) -> bool {
        self.service_type() != ServiceType::ExternalName
            && self.stored.spec.cluster_ip.as_deref() == Some("None")
    }

    /// The selector when it selects anything: missing and `{}` are both `None`.
    #[must_use]
    pub fn selector(&self) -> Option<&Labels> {
        self.stored.spec.selector.as_ref().filter(|s| !s.is_empty())
    }
}

/// How far a pod has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
pub enum Phase {
    /// Pending: no address yet, or its containers have not started.
    Pending,
    /// Running.
    Running,
    /// Succeeded
    Succeeded,
    /// Failed
    Failed,
}

/// A pod of the cluster.
#[derive(Clone, Debug, PartialEq)]
pub struct Pod {
    /// Its identity.
    pub id: ObjectRef,
    /// The text, or the workload that made it.
    pub origin: Origin,
    /// Where its labels, ports and so on stand: object and path in front of
    /// `metadata.labels…` and `spec.…` (a workload's pods: `spec.template`; a Pod's own: empty).
    pub written_in: (ObjectRef, manifest::FieldPath),
    /// Labels: pods of one template share them.
    pub labels: Rc<Labels>,
    /// spec
    pub spec: Rc<manifest::pod::PodSpec>,
    /// The node it runs on; `None` while it can be placed nowhere.
    pub node: Option<Rc<str>>,
    /// Its addresses; empty while it has none.
    pub ips: Rc<[IpAddr]>,
    /// How far it has come.
    pub phase: Phase,
    /// The Ready condition.
    pub ready: bool,
    /// deletionTimestamp is set.
    pub terminating: bool,
}

/// An EndpointSlice of the cluster.
#[derive(Clone, Debug, PartialEq)]
pub struct EndpointSlice {
    /// Its identity.
    pub id: ObjectRef,
    /// The text, or the Service (by the controller) or Endpoints (mirrored) it was made for.
    pub origin: Origin,
    /// The label kubernetes.io/service-name: the Service it belongs to.
    pub service_name: Option<Rc<str>>,
    /// All labels.
    pub labels: Labels,
    /// The slice.
    pub slice: manifest::EndpointSlice,
}

/// A Deployment, ReplicaSet, StatefulSet or DaemonSet.
#[derive(Clone, Debug, PartialEq)]
pub struct Workload {
    /// Its identity.
    pub id: ObjectRef,
    /// Where it comes from.
    pub origin: Origin,
    /// Its own metadata.
    pub metadata: Rc<Metadata>,
    /// As written.
    pub workload: Rc<manifest::Workload>,
}

/// An Ingress with the class that it ends up with.
#[derive(Clone, Debug, PartialEq)]
pub struct Ingress {
    /// Its identity.
    pub id: ObjectRef,
    /// Metadata as written.
    pub metadata: Rc<Metadata>,
    /// As written.
    pub ingress: Rc<manifest::Ingress>,
    /// The class it names, or the default one; `None`: no class at all.
    pub class: Option<Rc<str>>,
    /// Index into [`Cluster::ingress_controllers`]; `None`: nobody serves it.
    pub controller: Option<usize>,
    /// Order of creation: creationTimestamp (`~` where the text has none: it is made now,
    /// after all that have one), then the order of the text.
    pub age: (Rc<str>, u32),
}

/// A running ingress controller: the pods and the Service through which outside traffic comes.
#[derive(Clone, Debug, PartialEq)]
pub struct IngressController {
    /// spec.controller of the classes it serves, e.g. `k8s.io/ingress-nginx`.
    pub controller: Rc<str>,
    /// Classes it serves.
    pub classes: Vec<Rc<str>>,
    /// Supplied, or found in the text.
    pub origin: Origin,
    /// Its Service (type LoadBalancer when supplied).
    pub service: ObjectRef,
}

/// An IngressClass.
#[derive(Clone, Debug, PartialEq)]
pub struct IngressClass {
    /// Its identity.
    pub id: ObjectRef,
    /// Where it comes from.
    pub origin: Origin,
    /// As written.
    pub class: manifest::IngressClass,
}

/// What has happened to one pod since it was made, beyond what the text says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PodFate {
    /// Its containers have not started yet: Pending, without an address.
    pub starting: bool,
    /// deletionTimestamp is set; it still runs for its grace period.
    pub terminating: bool,
    /// Forced readiness; `None`: as the text says, else ready once started.
    pub ready: Option<bool>,
    /// It is gone: not in the cluster. A workload makes another in its place
    /// (next generation of the same slot), a bare Pod stays gone.
    pub gone: bool,
    /// How many pods of this very name went before it: a StatefulSet's pods keep their
    /// names and get another address each time. `gone` counts as one more.
    pub earlier: u32,
}

/// Fates by pod (namespace, name). Pods without an entry run undisturbed.
pub type PodFates = Map<(Rc<str>, Rc<str>), PodFate>;

pub use control_plane::{CONTROL_PLANE, ControlPlane};

/// Allocations that outlive an edit; see `allocate.rs`.
pub use allocate::Allocations;
mod admission;
pub mod allocate;
mod build;
pub mod container_ports;
mod control_plane;
pub mod defaults;
pub mod endpointslices;
mod hash;
mod history;
pub mod index;
mod ingress;
pub mod limits;
mod nodes;
pub mod pods;
pub mod selector;
#[cfg(test)]
mod tests;
pub mod validate;
mod workloads;

/// A cluster at one moment.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cluster {
    /// Nodes in the order of the text, or the supplied ones.
    pub nodes: Vec<Rc<Node>>,
    /// Namespaces: of the text, of its objects, `default`.
    pub namespaces: Vec<Rc<str>>,
    /// Services in the order of the text, supplied ones last.
    pub services: Vec<Rc<Service>>,
    /// Pods in the order of the text; a workload's pods by slot.
    pub pods: Vec<Rc<Pod>>,
    /// Written, mirrored and computed slices.
    pub slices: Vec<Rc<EndpointSlice>>,
    /// Makers of pods.
    pub workloads: Vec<Rc<Workload>>,
    /// Ingresses, oldest first.
    pub ingresses: Vec<Rc<Ingress>>,
    /// Classes.
    pub ingress_classes: Vec<Rc<IngressClass>>,
    /// Running controllers.
    pub ingress_controllers: Vec<IngressController>,
    /// Kinds that are accepted and not simulated, with how many there are.
    pub not_simulated: Vec<(Rc<str>, u32)>,
    /// Why objects were refused, placed in the text.
    pub problems: Vec<Diagnostic>,
    /// Objects whose text is refused as an update, and which are as they were before it.
    pub stale: Vec<ObjectRef>,
    /// Addresses and ports in use, by owner.
    pub allocations: Allocations,
    /// Objects of the text as they went in.
    taken: Rc<Vec<history::Taken>>,
    before: history::Before,
    ruler: control_plane::Ruler,
    index: Index,
}

/// Look-ups by name and address: positions in the cluster's vectors.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Index {
    pub(crate) services: Map<Rc<str>, Map<Rc<str>, usize>>,
    pub(crate) pods: Map<Rc<str>, Map<Rc<str>, usize>>,
    pub(crate) nodes: Map<Rc<str>, usize>,
    pub(crate) pod_ips: Map<IpAddr, usize>,
    pub(crate) node_ips: Map<IpAddr, usize>,
    pub(crate) slices_of: Map<(Rc<str>, Rc<str>), Vec<usize>>,
}
