//! Cluster → geometry: a sea chart of the cluster, with a place for everything.
//!
//! Pure and deterministic; never asks a browser how wide a text is. All coordinates are
//! in the scene's own units ([`Scene::scale`] makes pixels of them). Everything keeps its
//! place: a pod stays in its seat ([`Seats`]) while others come and go.
//!
//! Nothing that a request can visit is ever left out for want of room: cards lose detail
//! instead ([`Detail`]), and where even that does not help the scene grows downwards.
//!
//! What never happens here: deciding where a request goes.

mod coast;
mod curve;
pub mod draw;
mod facts;
mod layout;
mod plan;
mod sea;
mod seats;
pub mod text;
mod way;

use crate::cluster::Cluster;
use crate::manifest::ObjectRef;
use crate::map::Map;
use crate::routing::Place;
use serde::Serialize;
use std::net::IpAddr;
use std::rc::Rc;

pub use coast::Coast;
pub use curve::{Curve, Point, short};
pub use facts::{Backing, IngressFacts, PodFacts, PodState, ServiceFacts};
pub use sea::{SeaItem, SeaKind};
pub use seats::Seats;
use way::Dock;

/// The room there is, in CSS pixels.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Frame {
    /// Width.
    pub width: f32,
    /// Height.
    pub height: f32,
}

/// What a scene depends on beside cluster and frame.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Options {
    /// Clients outside that have a place of their own, in a stable order.
    pub clients: Vec<IpAddr>,
    /// Seats of the scene before, so that pods stay where they are.
    pub seats: Rc<Seats>,
    /// For a projector: larger type before more detail.
    pub large: bool,
}

/// How the chart is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Form {
    /// Outside, edge and cluster from left to right.
    Wide,
    /// Outside and edge above the cluster, for phones.
    Tall,
}

/// How much a card says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum Detail {
    /// A mark of a few pixels.
    Dot,
    /// A mark without text (pods), or one line (Services).
    Mark,
    /// Name and state.
    Compact,
    /// All of it.
    Full,
}

/// A box.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Rect {
    /// Left.
    pub x: f32,
    /// Top.
    pub y: f32,
    /// Width.
    pub w: f32,
    /// Height.
    pub h: f32,
}

impl Rect {
    /// The box of these measures.
    #[must_use]
    pub const fn new(x: f32, y: f32, w: f32, h: f32) -> Self {
        Self { x, y, w, h }
    }

    /// Right edge.
    #[must_use]
    pub fn right(&self) -> f32 {
        self.x + self.w
    }

    /// Lower edge.
    #[must_use]
    pub fn bottom(&self) -> f32 {
        self.y + self.h
    }

    /// The middle.
    #[must_use]
    pub fn center(&self) -> Point {
        Point::new(self.x + self.w / 2.0, self.y + self.h / 2.0)
    }

    /// Whether two boxes share area.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        self.x < other.right() && other.x < self.right() && self.y < other.bottom() && other.y < self.bottom()
    }

    /// Whether a point lies in it.
    #[must_use]
    pub fn contains(&self, p: Point) -> bool {
        p.x >= self.x && p.x <= self.right() && p.y >= self.y && p.y <= self.bottom()
    }
}

/// Facts with a place.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Card<T> {
    /// What it says.
    pub facts: T,
    /// Where it is.
    pub rect: Rect,
    /// How much of it is said.
    pub detail: Detail,
}

/// A door: one node port of one node.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Door {
    /// The port.
    pub port: u16,
    /// Where it is.
    pub rect: Rect,
    /// Whether there is room for its number.
    pub named: bool,
    /// Whether there is room for it above the way through the door.
    pub above: bool,
}

/// A node: its piece of land.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct NodeCard {
    /// Its name.
    pub name: Rc<str>,
    /// Its first address.
    pub address: String,
    /// Its zone; empty where it has none.
    pub zone: Rc<str>,
    /// Whether it is Ready.
    pub ready: bool,
    /// Where it is.
    pub rect: Rect,
    /// The middle of its rules station.
    pub rules: Point,
    /// Its doors, by node port.
    pub doors: Vec<Door>,
    /// How many pods are on it.
    pub pods: usize,
    /// Height of its head: name, zone, address.
    pub head: f32,
    /// The free way up and down between rules and pods.
    channel_x: f32,
    /// The free way up and down on its coast side.
    lane_x: f32,
    /// The free way across above it.
    gap_y: f32,
}

/// The cluster's DNS.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Resolver {
    /// Where it is.
    pub rect: Rect,
    /// Its address; empty where the cluster has none.
    pub address: String,
}

/// A chart of one cluster in one frame.
#[derive(Clone, Debug)]
pub struct Scene {
    /// The room that was given, in CSS pixels.
    pub frame: Frame,
    /// The room that is taken, in the scene's units; as high as the frame or higher.
    pub size: Frame,
    /// CSS pixels for each unit.
    pub scale: f32,
    /// Layout.
    pub form: Form,
    /// The cluster's land.
    pub land: Rect,
    /// Water lines.
    pub coast: Coast,
    /// What is outside and at the edge.
    pub sea: Vec<SeaItem>,
    /// DNS.
    pub resolver: Resolver,
    /// Services, in the cluster's order.
    pub services: Vec<Card<ServiceFacts>>,
    /// Ingresses, behind the Services.
    pub ingresses: Vec<Card<IngressFacts>>,
    /// Nodes, in the cluster's order.
    pub nodes: Vec<NodeCard>,
    /// Where pods wait that no node has taken.
    pub unplaced: Option<Rect>,
    /// Pods, by node and seat.
    pub pods: Vec<Card<PodFacts>>,
    /// Who sits where, for the next scene.
    pub seats: Rc<Seats>,
    pod_index: Map<ObjectRef, usize>,
    docks: Map<Place, Dock>,
    /// Where a request is that goes nowhere.
    nowhere: Dock,
    /// The free way across between Services and nodes.
    hub_y: f32,
    /// The free way up and down off the coast.
    lane_x: f32,
}

/// Narrower frames are laid out for phones.
pub const TALL_BELOW_PX: f32 = 640.0;

impl Scene {
    /// The chart of a cluster.
    #[must_use]
    pub fn new(cluster: &Cluster, frame: &Frame, options: &Options) -> Self {
        layout::scene(cluster, frame, options)
    }

    /// Where a place is: where a request that is there is drawn. Always on the chart.
    #[must_use]
    pub fn anchor(&self, place: &Place) -> Point {
        self.dock(place).at
    }

    /// Whether something stands there: what the text describes comes and goes.
    #[must_use]
    pub fn holds(&self, place: &Place) -> bool {
        match place {
            Place::Internet(_) | Place::External(_) | Place::Nowhere(_) | Place::Resolver => true,
            Place::NodePort(node, _) | Place::Rules(node) => {
                self.docks.contains_key(&Place::Node(node.clone()))
            }
            place => self.docks.contains_key(place),
        }
    }

    /// The box of what stands at a place, with what is written beside it.
    #[must_use]
    pub fn home(&self, place: &Place) -> Rect {
        let at = self.anchor(place);
        let around = |r: f32| Rect::new(at.x - r, at.y - r, 2.0 * r, 2.0 * r);
        match place {
            Place::Pod(id) => self.pod(id).map_or_else(|| around(8.0), |card| card.rect),
            Place::Service(id) => self.service(id).map_or_else(|| around(8.0), |card| card.rect),
            Place::Rules(_) => Rect::new(at.x - 17.0, at.y - 13.0, 34.0, 41.0),
            Place::Resolver => self.resolver.rect,
            Place::Internet(_) | Place::External(_) | Place::LoadBalancer(_) => {
                let Some(item) = self.sea.iter().find(|item| item.place == *place) else {
                    return around(26.0);
                };
                let r = item.radius * 1.2;
                let lines = if item.beside { 0.0 } else { 14.0 * item.lines.len() as f32 + 5.0 };
                Rect::new(at.x - r, at.y - r, 2.0 * r, 2.0 * r + lines)
            }
            Place::Node(_) | Place::NodePort(..) | Place::Nowhere(_) => around(8.0),
        }
    }

    /// The card of a pod.
    #[must_use]
    pub fn pod(&self, id: &ObjectRef) -> Option<&Card<PodFacts>> {
        self.pod_index.get(id).and_then(|&i| self.pods.get(i))
    }

    /// The card of a Service.
    #[must_use]
    pub fn service(&self, id: &ObjectRef) -> Option<&Card<ServiceFacts>> {
        self.services.iter().find(|s| s.facts.id == *id)
    }

    /// The node of a name.
    #[must_use]
    pub fn node(&self, name: &str) -> Option<&NodeCard> {
        self.nodes.iter().find(|n| &*n.name == name)
    }
}
