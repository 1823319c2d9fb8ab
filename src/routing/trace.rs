//! The trace: hops as data. What the stage animates, the route panel prints, the
//! editor lights up and the tests compare.

use super::Request;
use super::reason::Reason;
use crate::cluster::Protocol;
use crate::manifest::{FieldRef, ObjectRef};
use serde::Serialize;
use std::net::IpAddr;
use std::rc::Rc;

/// A place on the stage where a request can be.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub enum Place {
    /// A client outside, by address.
    Internet(IpAddr),
    /// A host outside that answers (an external name, an address of no pod and no node).
    External(Rc<str>),
    /// The cloud's load balancer of a Service.
    LoadBalancer(ObjectRef),
    /// The cluster's DNS.
    Resolver,
    /// A node: its network, where packets come and go.
    Node(Rc<str>),
    /// The door of a node port on a node.
    NodePort(Rc<str>, u16),
    /// The proxy's rules on a node.
    Rules(Rc<str>),
    /// A pod.
    Pod(ObjectRef),
    /// A Service's card. Only the Concept lens goes there.
    Service(ObjectRef),
    /// A destination that nobody has: an unused address.
    Nowhere(Rc<str>),
}

/// Addresses of a packet at one moment.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Packet {
    /// Source address.
    pub source_ip: IpAddr,
    /// Source port.
    pub source_port: u16,
    /// Destination address.
    pub destination_ip: IpAddr,
    /// Destination port.
    pub destination_port: u16,
    /// Protocol.
    pub protocol: Protocol,
}

/// What happens at a hop, in the program's own terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum HopKind {
    /// The resolver is asked and answers: a round trip, so that `from` and `to` are both
    /// the client. Where it passes on the way: [`Hop::via`].
    Resolve,
    /// The packet goes from one place to the next unchanged.
    Travel,
    /// Rules decide: DNAT, perhaps SNAT.
    Rewrite,
    /// An HTTP proxy reads the request and chooses a backend; a new connection starts.
    Proxy,
    /// The end: a pod or outside host answers.
    Answer,
    /// The end: refused, dropped, no such name, no such path…
    Fail,
}

/// One hop.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Hop {
    /// What happens.
    pub kind: HopKind,
    /// Where it comes from.
    pub from: Place,
    /// Where it is when it is over. Equal to `from` when nothing moves.
    pub to: Place,
    /// The packet when it starts; `None` before there is one.
    pub before: Option<Packet>,
    /// The packet when it ends.
    pub after: Option<Packet>,
    /// Why.
    pub reason: Reason,
    /// The fields that decided, the deciding one first.
    pub fields: Vec<FieldRef>,
    /// Where the Concept lens puts it: `None` hides the hop there (its time is
    /// skipped), `Some((from, to))` draws it between those places.
    pub concept: Option<(Place, Place)>,
}

/// How a request ended.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Outcome {
    /// A pod answered. For HTTP through a proxy with this status.
    Served {
        /// The pod.
        pod: ObjectRef,
        /// HTTP status.
        status: u16,
    },
    /// Somebody outside the cluster answered.
    ServedOutside {
        /// Name or address.
        host: Rc<str>,
    },
    /// A node's own process answered (health check, host process).
    ServedByNode {
        /// The node.
        node: Rc<str>,
        /// HTTP status.
        status: u16,
    },
    /// A proxy answered with an error: 404, 503…
    HttpError {
        /// The status.
        status: u16,
    },
    /// Refused at once.
    Refused,
    /// Dropped, so that the client waits in vain.
    TimedOut,
    /// The resolver knows no such name.
    NxDomain,
    /// The name exists, with no address in it.
    NoData,
    /// Nothing was sent: the client does not run.
    NotSent,
}

impl Hop {
    /// The place that a round trip goes to before it is back: the cluster's resolver.
    /// `None` for all other hops, also for public DNS.
    #[must_use]
    pub fn via(&self) -> Option<Place> {
        let inside = !matches!(self.from, Place::Internet(_));
        (self.kind == HopKind::Resolve && inside).then_some(Place::Resolver)
    }
}

/// A routed request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Trace {
    /// The request.
    pub request: Request,
    /// At least one hop; the last one is `Answer` or `Fail`.
    pub hops: Vec<Hop>,
    /// How it ended.
    pub outcome: Outcome,
}

impl Trace {
    /// The pod that answered.
    #[must_use]
    pub fn served_by(&self) -> Option<&ObjectRef> {
        match &self.outcome {
            Outcome::Served { pod, .. } => Some(pod),
            _ => None,
        }
    }

    /// Why it failed: the reason of the last hop, when that is a failure.
    #[must_use]
    pub fn cause(&self) -> Option<&Reason> {
        self.hops.last().filter(|hop| hop.kind == HopKind::Fail).map(|hop| &hop.reason)
    }
}
