//! Gives everything on land its place.

use super::facts;
use super::plan::{self, DOOR_PITCH_PX, HEAD_PX, Plan, Room};
use super::sea::Sea;
use super::way::{Dock, Shore};
use super::{
    Card, Coast, Door, Form, Frame, NodeCard, Options, Point, Rect, Resolver, Scene, Seats, TALL_BELOW_PX,
};
use crate::cluster::{Cluster, Pod};
use crate::manifest::ObjectRef;
use crate::map::Map;
use crate::routing::Place;
use std::rc::Rc;

/// Space round the land.
const MARGIN_PX: f32 = 8.0;
/// Height of the resolver's row at the top of the land.
const TOP_PX: f32 = 40.0;
/// A frame of this size is laid out at scale 1; a projector's is enlarged.
const NATURAL: Frame = Frame { width: 860.0, height: 800.0 };

pub(super) fn scene(cluster: &Cluster, frame: &Frame, options: &Options) -> Scene {
    let frame =
        Frame { width: frame.width.clamp(240.0, 8_000.0), height: frame.height.clamp(120.0, 8_000.0) };
    let form = if frame.width < TALL_BELOW_PX { Form::Tall } else { Form::Wide };
    let scale = (frame.width / NATURAL.width).min(frame.height / NATURAL.height).clamp(1.0, 1.7);
    let (width, height) = (frame.width / scale, frame.height / scale);
    let several = facts::several_namespaces(cluster);
    let sea = Sea::of(cluster, &options.clients, several);
    let (left, top) = match form {
        Form::Wide => ((width * 0.37).clamp(200.0, 340.0), MARGIN_PX),
        Form::Tall => (24.0, sea.tall_height(width)),
    };
    let room = Room {
        left: left + if form == Form::Wide { 20.0 } else { 8.0 },
        right: width - MARGIN_PX - if form == Form::Wide { 14.0 } else { 8.0 },
        top: top + TOP_PX,
        bottom: (form == Form::Wide).then_some(height - MARGIN_PX - 16.0),
    };
    let seating = Seating::of(cluster, &options.seats);
    let services = facts::services(cluster, several);
    let ingresses = facts::ingresses(cluster, several);
    let doors = node_ports(cluster);
    let plan = plan::choose(&room, services.len() + ingresses.len(), &seating.counts(), doors.len());

    let land_bottom = (plan.bottom + 16.0).max(height - MARGIN_PX);
    let land = Rect::new(left, top, width - MARGIN_PX - left, land_bottom - top);
    let size = Frame { width, height: land_bottom + MARGIN_PX };
    let lane_x = if form == Form::Wide { left - 10.0 } else { left / 2.0 };
    let nowhere = match form {
        Form::Wide => Point::new(left * 0.5, size.height - 48.0),
        Form::Tall => Point::new(width - 40.0, 24.0),
    };
    let dns = resolver_address(cluster);
    let resolver_rect = Rect::new(room.left, top + 11.0, if dns.is_empty() { 62.0 } else { 134.0 }, 22.0);
    let mut scene = Scene {
        frame,
        size,
        scale,
        form,
        land,
        coast: Coast::new(form, size, land),
        sea: sea.place(
            form,
            Frame { width, height: height.max(size.height.min(height)) },
            if form == Form::Wide { left } else { top },
        ),
        resolver: Resolver { rect: resolver_rect, address: dns },
        services: Vec::new(),
        ingresses: Vec::new(),
        nodes: Vec::new(),
        unplaced: None,
        pods: Vec::new(),
        seats: Rc::default(),
        pod_index: Map::new(),
        docks: Map::new(),
        nowhere: Dock { at: nowhere, shore: Shore::Sea },
        hub_y: plan.hub_y,
        lane_x,
    };
    for item in &scene.sea {
        scene.docks.insert(item.place.clone(), Dock { at: item.at, shore: Shore::Sea });
    }
    let dock = Dock {
        at: Point::new(resolver_rect.x + 14.0, resolver_rect.bottom()),
        shore: Shore::Band { gutter_y: room.top - 4.0, gap_x: room.left - 8.0 },
    };
    scene.docks.insert(Place::Resolver, dock);
    scene.docks.insert(Place::Service(ObjectRef::new("Service", "kube-system", "kube-dns")), dock);
    place_band(&mut scene, &room, &plan, services, ingresses);
    place_nodes(&mut scene, cluster, &room, &plan, &doors, &seating);
    place_pods(&mut scene, cluster, &room, &plan, &seating, several);
    scene.seats = Rc::new(seating.seats);
    scene
}

fn resolver_address(cluster: &Cluster) -> String {
    let dns =
        cluster.services.iter().find(|s| &*s.id.namespace == "kube-system" && &*s.id.name == "kube-dns");
    dns.and_then(|s| s.cluster_ips.first()).map(ToString::to_string).unwrap_or_default()
}

/// All node ports, each once, in the Services' order.
fn node_ports(cluster: &Cluster) -> Vec<u16> {
    let mut ports = Vec::new();
    for port in cluster.services.iter().flat_map(|s| &s.ports).filter_map(|p| p.node_port) {
        if !ports.contains(&port) {
            ports.push(port);
        }
    }
    ports
}

/// Pods by node and seat; the last entry is of pods on no node.
struct Seating {
    rooms: Vec<Vec<Option<usize>>>,
    seats: Seats,
}

impl Seating {
    fn of(cluster: &Cluster, before: &Seats) -> Self {
        let names: Map<&str, usize> =
            cluster.nodes.iter().enumerate().map(|(i, n)| (&*n.id.name, i)).collect();
        let mut here: Vec<Vec<usize>> = vec![Vec::new(); cluster.nodes.len() + 1];
        for (i, pod) in cluster.pods.iter().enumerate() {
            let node = pod.node.as_deref().and_then(|n| names.get(n).copied());
            here[node.unwrap_or(cluster.nodes.len())].push(i);
        }
        let mut seats = Seats::default();
        let rooms = here
            .iter()
            .enumerate()
            .map(|(node, pods)| {
                let name = cluster.nodes.get(node).map_or_else(|| Rc::from(""), |n| n.id.name.clone());
                let ids: Vec<&ObjectRef> = pods.iter().map(|&i| &cluster.pods[i].id).collect();
                let taken = seats.take(before, &name, &ids);
                taken.into_iter().map(|seat| seat.map(|i| pods[i])).collect()
            })
            .collect();
        Self { rooms, seats }
    }

    fn counts(&self) -> Vec<usize> {
        self.rooms.iter().map(Vec::len).collect()
    }
}

fn place_band(
    scene: &mut Scene,
    room: &Room,
    plan: &Plan,
    services: Vec<super::ServiceFacts>,
    ingresses: Vec<super::IngressFacts>,
) {
    let grid = &plan.band;
    let place = |i: usize| {
        let rect = grid.cell(room.left, room.top, i);
        let x = rect.x + rect.w / 2.0;
        let gutter_y = rect.bottom() + grid.gap_y / 2.0;
        // From the last row it is straight down to the way between Services and nodes.
        let shore = if gutter_y + grid.h > plan.hub_y {
            Shore::Band { gutter_y: plan.hub_y, gap_x: x }
        } else {
            Shore::Band { gutter_y, gap_x: rect.x - grid.gap_x.min(16.0) / 2.0 }
        };
        (rect, Dock { at: Point::new(x, rect.bottom()), shore })
    };
    for (i, facts) in services.into_iter().enumerate() {
        let (rect, dock) = place(i);
        scene.docks.insert(Place::Service(facts.id.clone()), dock);
        scene.services.push(Card { facts, rect, detail: plan.service });
    }
    let first = scene.services.len();
    for (i, facts) in ingresses.into_iter().enumerate() {
        let (rect, _) = place(first + i);
        scene.ingresses.push(Card { facts, rect, detail: plan.service });
    }
}

fn place_nodes(
    scene: &mut Scene,
    cluster: &Cluster,
    room: &Room,
    plan: &Plan,
    doors: &[u16],
    seating: &Seating,
) {
    for (i, node) in cluster.nodes.iter().enumerate() {
        let (column, row) = (i % plan.columns, i / plan.columns);
        let rect = Rect::new(
            room.left + (plan.node_w + plan::GAP_COLUMNS_PX) * column as f32,
            plan.nodes_y + (plan.node_h + plan.node_gap) * row as f32,
            plan.node_w,
            plan.node_h,
        );
        let free = plan.node_h - HEAD_PX;
        let ideal = rect.y + HEAD_PX + plan.pods.h.max(26.0) / 2.0 + 6.0;
        let pitch = DOOR_PITCH_PX.min((free - 8.0) / doors.len().max(1) as f32);
        let half = pitch * doors.len() as f32 / 2.0;
        let rules_y =
            ideal.max(rect.y + HEAD_PX + half).min((rect.bottom() - 26.0).max(rect.y + HEAD_PX + 12.0));
        let first_y = (rules_y - half)
            .clamp(rect.y + HEAD_PX, (rect.bottom() - 4.0 - 2.0 * half).max(rect.y + HEAD_PX));
        let name = node.id.name.clone();
        let mut placed = Vec::new();
        for (k, &port) in doors.iter().enumerate() {
            let h = (pitch - 3.0).clamp(1.0, 22.0);
            let y = first_y + pitch * (k as f32 + 0.5);
            let at = Point::new(rect.x, y);
            placed.push(Door {
                port,
                rect: Rect::new(rect.x - 6.0, y - h / 2.0, 12.0, h),
                named: pitch >= 11.5,
                above: pitch >= 24.0,
            });
            let dock = Dock { at, shore: Shore::West { node: i } };
            scene.docks.insert(Place::NodePort(name.clone(), port), dock);
        }
        let rules = Point::new(rect.x + plan.rules_dx, rules_y);
        scene.docks.insert(Place::Rules(name.clone()), Dock { at: rules, shore: Shore::Inland { node: i } });
        let post = Point::new(rect.x + 14.0, rect.y + 13.0);
        scene.docks.insert(Place::Node(name.clone()), Dock { at: post, shore: Shore::West { node: i } });
        scene.nodes.push(NodeCard {
            address: node.addresses.first().map(ToString::to_string).unwrap_or_default(),
            zone: node.zone.clone(),
            ready: node.ready,
            rect,
            rules,
            doors: placed,
            pods: seating.rooms[i].iter().flatten().count(),
            channel_x: rect.x + plan.spine - 12.0,
            lane_x: if column == 0 { scene.lane_x } else { rect.x - plan::GAP_COLUMNS_PX / 2.0 },
            gap_y: if row == 0 { plan.hub_y } else { rect.y - plan.node_gap / 2.0 },
            name,
        });
    }
}

fn place_pods(
    scene: &mut Scene,
    cluster: &Cluster,
    room: &Room,
    plan: &Plan,
    seating: &Seating,
    several: bool,
) {
    if let Some(y) = plan.unplaced_y {
        scene.unplaced = Some(Rect::new(room.left, y, room.right - room.left, plan.bottom - y));
    }
    for (node, seats) in seating.rooms.iter().enumerate() {
        let home = scene.nodes.get(node).map(|n| n.rect);
        let (x, y, grid) = match (home, &scene.unplaced) {
            (Some(rect), _) => (rect.x + plan.spine, rect.y + HEAD_PX + 6.0, &plan.pods),
            (None, Some(rect)) => (rect.x + 12.0, rect.y + HEAD_PX, &plan.waiting),
            (None, None) => continue,
        };
        for (seat, pod) in seats.iter().enumerate() {
            let Some(pod): Option<&Rc<Pod>> = pod.and_then(|i| cluster.pods.get(i)) else { continue };
            let rect = grid.cell(x, y, seat);
            let gutter_y = rect.y - grid.gap_y / 2.0;
            let dock =
                Dock { at: Point::new(rect.x + rect.w / 2.0, rect.y), shore: Shore::Pod { node, gutter_y } };
            scene.docks.insert(Place::Pod(pod.id.clone()), dock);
            scene.pod_index.insert(pod.id.clone(), scene.pods.len());
            scene.pods.push(Card { facts: facts::pod(pod, several), rect, detail: plan.pod });
        }
    }
}
