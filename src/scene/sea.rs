//! What lies outside the cluster: clients, cloud load balancers, hosts that answer.

use super::text::{self, Face};
use super::{Form, Frame, Point};
use crate::cluster::{Cluster, ServiceType};
use crate::manifest::ObjectRef;
use crate::map::Set;
use crate::routing::Place;
use crate::words::stage as words;
use serde::Serialize;
use std::net::{IpAddr, Ipv4Addr};
use std::rc::Rc;

/// What something at sea is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum SeaKind {
    /// A client on the internet.
    Client,
    /// The cloud's load balancer of a Service.
    LoadBalancer,
    /// A host that answers: an external name, an endpoint outside.
    Host,
}

/// Something outside or at the edge.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SeaItem {
    /// Its place.
    pub place: Place,
    /// What it is.
    pub kind: SeaKind,
    /// Its middle.
    pub at: Point,
    /// Size of its sign.
    pub radius: f32,
    /// The first line an address or name; fitted.
    pub lines: Vec<String>,
    /// Whether the text stands at the right of the sign and not under it.
    pub beside: bool,
    /// Read aloud.
    pub label: String,
    /// The object it stands for.
    pub target: Option<ObjectRef>,
}

/// Font size of the first line.
pub(super) const LINE_PX: f32 = 10.5;
/// Height of a sign with two lines.
const ITEM_PX: f32 = 84.0;
/// Middle and width of what is outside, in parts of the way to the coast.
const OUTSIDE: (f32, f32) = (0.24, 0.45);
/// And of what is at the edge.
const EDGE: (f32, f32) = (0.71, 0.45);
/// The free way between them.
pub(super) const LANE: f32 = 0.475;
/// Width and height of an item on a phone, with its text beside it.
const CELL_PX: (f32, f32) = (140.0, 52.0);

struct Draft {
    place: Place,
    kind: SeaKind,
    lines: Vec<String>,
    label: String,
    target: Option<ObjectRef>,
}

fn clients(addresses: &[IpAddr]) -> Vec<Draft> {
    let draft = |ip: IpAddr, lines: Vec<String>| Draft {
        place: Place::Internet(ip),
        kind: SeaKind::Client,
        label: lines.join(", "),
        lines,
        target: None,
    };
    if addresses.is_empty() {
        return vec![draft(Ipv4Addr::UNSPECIFIED.into(), vec![words::INTERNET.to_owned()])];
    }
    addresses.iter().map(|&ip| draft(ip, vec![ip.to_string(), words::INTERNET.to_owned()])).collect()
}

fn load_balancers(cluster: &Cluster, several: bool) -> Vec<Draft> {
    let balanced = cluster.services.iter().filter(|s| s.service_type() == ServiceType::LoadBalancer);
    balanced
        .map(|service| {
            let hostname =
                service.stored.status.load_balancer_ingress.iter().find_map(|i| i.hostname.clone());
            let address = match service.load_balancer_ips.first() {
                Some((ip, _)) => ip.to_string(),
                None => hostname.map(|h| h.to_string()).unwrap_or_default(),
            };
            let name = super::facts::full_name(&service.id, several);
            Draft {
                place: Place::LoadBalancer(service.id.clone()),
                kind: SeaKind::LoadBalancer,
                label: words::load_balancer_label(&name, &address),
                lines: vec![address, name],
                target: Some(service.id.clone()),
            }
        })
        .collect()
}

/// Names and addresses outside that Services lead to.
fn hosts(cluster: &Cluster) -> Vec<Draft> {
    let mut seen: Set<Rc<str>> = Set::new();
    let mut all = Vec::new();
    let mut add = |host: Rc<str>, service: Option<ObjectRef>| {
        if !host.is_empty() && seen.insert(host.clone()) {
            all.push(Draft {
                label: host.to_string(),
                lines: vec![host.to_string()],
                place: Place::External(host),
                kind: SeaKind::Host,
                target: service,
            });
        }
    };
    for service in cluster.services.iter().filter(|s| s.service_type() == ServiceType::ExternalName) {
        let name = service.stored.spec.external_name.clone().unwrap_or_default();
        if !name.trim_end_matches('.').ends_with(".svc.cluster.local") {
            add(name.trim_end_matches('.').into(), Some(service.id.clone()));
        }
    }
    let pods = cluster.pods.iter().flat_map(|p| p.ips.iter().copied());
    let inside: Set<IpAddr> =
        pods.chain(cluster.nodes.iter().flat_map(|n| n.addresses.iter().copied())).collect();
    for slice in &cluster.slices {
        for endpoint in &slice.slice.endpoints {
            let Some(address) = endpoint.addresses.first() else { continue };
            let pod = endpoint.target_ref.as_ref().is_some_and(|t| &*t.kind == "Pod");
            if !pod && address.parse().is_ok_and(|ip: IpAddr| !inside.contains(&ip)) {
                let service = slice.service_name.as_ref();
                add(address.clone(), service.map(|s| ObjectRef::new("Service", &slice.id.namespace, s)));
            }
        }
    }
    all
}

/// What is at sea, and how much of the chart's height (Tall) it takes.
pub(super) struct Sea {
    outside: Vec<Draft>,
    hosts: usize,
    edge: Vec<Draft>,
}

impl Sea {
    pub(super) fn of(cluster: &Cluster, addresses: &[IpAddr], several: bool) -> Self {
        let hosts = hosts(cluster);
        let mut outside = clients(addresses);
        let count = hosts.len();
        outside.extend(hosts);
        Self { outside, hosts: count, edge: load_balancers(cluster, several) }
    }

    /// Height of the water above the land on a phone.
    pub(super) fn tall_height(&self, width: f32) -> f32 {
        let rows = |n: usize| n.div_ceil(((width / CELL_PX.0).floor() as usize).max(1)) as f32;
        let edge = if self.edge.is_empty() { 30.0 } else { 12.0 + rows(self.edge.len()) * CELL_PX.1 };
        36.0 + rows(self.outside.len()) * CELL_PX.1 + edge + 10.0
    }

    /// Gives everything its place. `coast` is where the land begins (x or y).
    pub(super) fn place(self, form: Form, size: Frame, coast: f32) -> Vec<SeaItem> {
        let mut items = Vec::new();
        match form {
            Form::Wide => {
                let (x, room) = (coast * OUTSIDE.0, coast * OUTSIDE.1);
                let clients = self.outside.len() - self.hosts;
                let share = size.height * clients as f32 / self.outside.len().max(1) as f32;
                let split = if self.hosts == 0 {
                    size.height
                } else {
                    share.max(size.height * 0.35).min(size.height * 0.62)
                };
                let mut outside = self.outside;
                let hosts = outside.split_off(clients);
                let middle = size.height * 0.46;
                column(&mut items, outside, x, room, (40.0, split), middle);
                column(&mut items, hosts, x, room, (split, size.height - 14.0), size.height * 0.8);
                column(
                    &mut items,
                    self.edge,
                    coast * EDGE.0,
                    coast * EDGE.1,
                    (40.0, size.height - 14.0),
                    middle,
                );
            }
            Form::Tall => {
                let y = rows(&mut items, self.outside, size.width, 32.0);
                rows(&mut items, self.edge, size.width, y + 12.0);
            }
        }
        items
    }
}

fn column(
    items: &mut Vec<SeaItem>,
    drafts: Vec<Draft>,
    x: f32,
    room: f32,
    (top, bottom): (f32, f32),
    middle: f32,
) {
    let n = drafts.len();
    if n == 0 {
        return;
    }
    let pitch = ((bottom - top) / n as f32).min(116.0);
    let half = pitch * n as f32 / 2.0;
    let first = (middle - half).max(top).min((bottom - 2.0 * half).max(top)) + pitch / 2.0;
    for (i, draft) in drafts.into_iter().enumerate() {
        let y = first + pitch * i as f32;
        let (radius, lines) = match pitch {
            p if p >= ITEM_PX => (22.0, 2),
            p if p >= 46.0 => (12.0, 1),
            p => ((p * 0.4).max(2.0).min(9.0), 0),
        };
        let lift = if lines == 0 { 0.0 } else { 4.0 + 8.0 * lines as f32 };
        items.push(item(draft, Point::new(x, y - lift), radius, lines, room));
    }
}

fn rows(items: &mut Vec<SeaItem>, drafts: Vec<Draft>, width: f32, top: f32) -> f32 {
    let columns = ((width / CELL_PX.0).floor() as usize).max(1).min(drafts.len().max(1));
    let cell = width / columns as f32;
    let n = drafts.len();
    for (i, draft) in drafts.into_iter().enumerate() {
        let x = cell * (i % columns) as f32 + 34.0;
        let at = Point::new(x, top + CELL_PX.1 * ((i / columns) as f32 + 0.5));
        let mut item = item(draft, at, 16.0, 2, cell - 68.0);
        item.beside = true;
        items.push(item);
    }
    top + CELL_PX.1 * n.div_ceil(columns) as f32
}

fn item(draft: Draft, at: Point, radius: f32, lines: usize, room: f32) -> SeaItem {
    let fitted = draft.lines.iter().filter(|l| !l.is_empty()).take(lines);
    SeaItem {
        lines: fitted.map(|l| text::fit(l, Face::Mono, LINE_PX, room)).collect(),
        beside: false,
        place: draft.place,
        kind: draft.kind,
        at,
        radius,
        label: draft.label,
        target: draft.target,
    }
}
