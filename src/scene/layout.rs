//! Gives everything on land its place.

use super::facts;
use super::plan::{self, Counts, DOOR_PITCH_PX, Gaps, Plan, Room};
use super::sea::Sea;
use super::seats::Land;
use super::way::{Dock, Shore};
use super::{
    Card, Coast, Door, Form, Frame, NodeCard, Options, Point, Rect, Resolver, Scene, Seats, TALL_BELOW_PX,
};
use crate::cluster::{Cluster, Pod};
use crate::manifest::ObjectRef;
use crate::map::Map;
use crate::routing::Place;
use std::rc::Rc;

/// Sizes that a chart is tried at, in pixels for each unit.
const SCALES: [f32; 13] = [2.6, 2.4, 2.2, 2.0, 1.8, 1.65, 1.5, 1.4, 1.3, 1.2, 1.15, 1.1, 1.0];
/// Sizes of type that are wanted on a projector, before more detail is.
const LARGE: [f32; 2] = [1.5, 1.2];
/// Beyond this, larger type does not help anybody who sits before it.
const USUAL_MAX: f32 = 1.5;

/// How far a node's channel is before its pods.
const CHANNEL_PX: f32 = 12.0;

/// One way to lay the chart out: how large, and where the land is.
struct Try {
    scale: f32,
    width: f32,
    height: f32,
    left: f32,
    top: f32,
    room: Room,
}

impl Try {
    fn new(form: Form, frame: Frame, sea: &Sea, scale: f32, gaps: &'static Gaps) -> Self {
        let (width, height) = (frame.width / scale, frame.height / scale);
        let low = gaps.margin < plan::ROOMY.margin;
        let (left, top) = match form {
            Form::Wide => ((width * 0.31).max(if low { 168.0 } else { 200.0 }).min(320.0), gaps.margin),
            Form::Tall => (24.0, sea.tall_height(width)),
        };
        let (west, east) = match form {
            Form::Wide if low => (14.0, 8.0),
            Form::Wide => (20.0, 14.0),
            Form::Tall => (8.0, 8.0),
        };
        let room = Room {
            left: left + west,
            right: width - gaps.margin - east,
            top: top + gaps.top,
            bottom: (form == Form::Wide).then_some(height - gaps.margin - gaps.shore),
            gaps,
        };
        Self { scale, width, height, left, top, room }
    }
}

/// Divides the land: as it was while that serves, else as large and with as much detail as fits.
fn divide(
    form: Form,
    frame: Frame,
    sea: &Sea,
    large: bool,
    counts: &Counts,
    before: Option<&Land>,
) -> (Try, Plan) {
    let roomy = |scale: f32| Try::new(form, frame, sea, scale, &plan::ROOMY);
    if let Some(land) = before.filter(|l| l.frame == frame && l.large == large && l.plan.serves(counts)) {
        let attempt = Try::new(form, frame, sea, land.scale, land.plan.room.gaps);
        if attempt.top == land.plan.room.top - land.plan.room.gaps.top {
            return (attempt, land.plan.clone());
        }
    }
    if form == Form::Tall {
        let scale = if large { (frame.width / 300.0).max(1.0).min(1.4) } else { 1.0 };
        let attempt = Try::new(form, frame, sea, scale, &plan::FINGERS);
        let plan = plan::grow(&attempt.room, counts);
        return (attempt, plan);
    }
    let most = if large { SCALES[0] } else { USUAL_MAX };
    let wanted: &[f32] = if large { &LARGE } else { &[] };
    for &least in wanted.iter().chain(&[1.0]) {
        for choice in (0..).map_while(plan::choice_with_names) {
            for &scale in SCALES.iter().filter(|&&s| s <= most && s >= least) {
                let attempt = roomy(scale);
                if let Some(plan) = plan::fit_choice(&attempt.room, counts, choice) {
                    return (attempt, plan);
                }
            }
        }
    }
    let attempts = [(&plan::TIGHT, true), (&plan::ROOMY, false), (&plan::TIGHT, false)];
    for (gaps, names) in attempts {
        let attempt = Try::new(form, frame, sea, 1.0, gaps);
        if let Some(plan) = plan::fit(&attempt.room, counts, names) {
            return (attempt, plan);
        }
    }
    let attempt = roomy(if large { 1.2 } else { 1.0 });
    let plan = plan::grow(&attempt.room, counts);
    (attempt, plan)
}

pub(super) fn scene(cluster: &Cluster, frame: &Frame, options: &Options) -> Scene {
    let frame =
        Frame { width: frame.width.max(240.0).min(8_000.0), height: frame.height.max(120.0).min(8_000.0) };
    let form = if frame.width < TALL_BELOW_PX { Form::Tall } else { Form::Wide };
    let several = facts::several_namespaces(cluster);
    let sea = Sea::of(cluster, &options.clients, several);
    let mut seating = Seating::of(cluster, &options.seats);
    let services = facts::services(cluster, several);
    let ingresses = facts::ingresses(cluster, several);
    let doors = node_ports(cluster);
    let counts = seating.counts(services.len() + ingresses.len(), doors.len());
    let before = options.seats.land.as_deref().filter(|_| seating.seats.kept);
    let (attempt, plan) = divide(form, frame, &sea, options.large, &counts, before);
    let Try { scale, width, height, left, top, room } = attempt;
    let gaps = room.gaps;

    let land_bottom = (plan.bottom + gaps.shore).max(height - gaps.margin);
    let land = Rect::new(left, top, width - gaps.margin - left, land_bottom - top);
    let size = Frame { width, height: land_bottom + gaps.margin };
    let lane_x = if form == Form::Wide { left - 10.0 } else { left / 2.0 };
    let nowhere = match form {
        Form::Wide => Point::new(left * 0.5, size.height - 48.0),
        Form::Tall => Point::new(width - 40.0, 24.0),
    };
    let dns = resolver_address(cluster);
    let resolver_y = top + (gaps.top - 18.0) / 2.0;
    let resolver_rect = Rect::new(room.left, resolver_y, if dns.is_empty() { 62.0 } else { 134.0 }, 22.0);
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
    seating.seats.land = Some(Rc::new(Land { frame, large: options.large, scale, plan }));
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

    fn counts(&self, cards: usize, doors: usize) -> Counts {
        let mut seats: Vec<usize> = self.rooms.iter().map(Vec::len).collect();
        let waiting = seats.pop().unwrap_or(0);
        Counts { cards, seats, waiting, doors }
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
        // Straight above a node's channel where there is one, else in the middle.
        let channels = (0..plan.columns).map(|column| {
            room.left + (plan.node_w + plan::GAP_COLUMNS_PX) * column as f32 + plan.spine - CHANNEL_PX
        });
        let mut above = channels.filter(|x| *x > rect.x + 16.0 && *x < rect.right() - 16.0);
        let x = above.next_back().unwrap_or(rect.x + rect.w / 2.0);
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
    let head = room.gaps.head;
    for (i, node) in cluster.nodes.iter().enumerate() {
        let (column, row) = (i % plan.columns, i / plan.columns);
        let rect = Rect::new(
            room.left + (plan.node_w + plan::GAP_COLUMNS_PX) * column as f32,
            plan.nodes_y + (plan.node_h + plan.node_gap) * row as f32,
            plan.node_w,
            plan.node_h,
        );
        let free = plan.node_h - head;
        let ideal = rect.y + head + plan.seat_h().max(26.0) / 2.0 + room.gaps.brow;
        let pitch = DOOR_PITCH_PX.min((free - 8.0) / doors.len().max(1) as f32);
        let half = pitch * doors.len() as f32 / 2.0;
        let rules_y = ideal.max(rect.y + head + half).min((rect.bottom() - 26.0).max(rect.y + head + 12.0));
        let first_y =
            (rules_y - half).max(rect.y + head).min((rect.bottom() - 4.0 - 2.0 * half).max(rect.y + head));
        let name = node.id.name.clone();
        let mut placed = Vec::new();
        for (k, &port) in doors.iter().enumerate() {
            let h = (pitch - 3.0).max(1.0).min(22.0);
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
        let post = Point::new(rect.x + 14.0, rect.y + head / 2.0);
        scene.docks.insert(Place::Node(name.clone()), Dock { at: post, shore: Shore::West { node: i } });
        scene.nodes.push(NodeCard {
            address: node.addresses.first().map(ToString::to_string).unwrap_or_default(),
            zone: node.zone.clone(),
            ready: node.ready,
            rect,
            rules,
            doors: placed,
            pods: seating.rooms[i].iter().flatten().count(),
            head,
            channel_x: rect.x + plan.spine - CHANNEL_PX,
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
        let gaps = room.gaps;
        let (x, y, (detail, grid)) = match (home, &scene.unplaced) {
            (Some(rect), _) => (rect.x + plan.spine, rect.y + gaps.head + gaps.brow, plan.seats(seats.len())),
            (None, Some(rect)) => (rect.x + 12.0, rect.y + gaps.head, (plan.pod, plan.waiting.clone())),
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
            scene.pods.push(Card { facts: facts::pod(pod, several), rect, detail });
        }
    }
}
