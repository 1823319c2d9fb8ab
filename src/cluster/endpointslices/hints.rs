//! Topology hints: which endpoints are meant for which zones and nodes.

use crate::manifest::endpoints::Endpoint;
use crate::manifest::metadata::{Labels, label};
use crate::map::Map;
use std::rc::Rc;

/// How much more than its share a zone may carry.
/// Models topologycache/topologycache.go `overloadThreshold`.
const OVERLOAD_THRESHOLD: f64 = 0.2;

/// Whether annotations ask for hints by topology. The older annotation wins, and only
/// `Auto` and `auto` count.
/// Models utils.go `hintsEnabled`.
#[must_use]
pub fn wants_auto_hints(annotations: &Labels) -> bool {
    let value = label(annotations, "service.kubernetes.io/topology-aware-hints")
        .or_else(|| label(annotations, "service.kubernetes.io/topology-mode"));
    value.is_some_and(|v| matches!(&**v, "Auto" | "auto"))
}

fn ready(endpoint: &Endpoint) -> bool {
    endpoint.conditions.ready == Some(true)
}

/// Hints by spec.trafficDistribution: every ready endpoint is for its own zone, with
/// `PreferSameNode` for its own node as well. Without a word that is known there are none.
/// Models trafficdist/trafficdist.go `ReconcileHints`.
pub fn traffic_hints(distribution: Option<&str>, endpoints: &mut [&mut Endpoint]) {
    let (zones, nodes) = match distribution {
        Some("PreferClose" | "PreferSameZone") => (true, false),
        Some("PreferSameNode") => (true, true),
        _ => (false, false),
    };
    let own = |wanted: bool, name: &Option<Rc<str>>| {
        name.clone().filter(|name| wanted && !name.is_empty()).map(|name| vec![name])
    };
    for endpoint in endpoints.iter_mut().filter(|e| !zones || ready(e)) {
        endpoint.for_zones = own(zones, &endpoint.zone);
        endpoint.for_nodes = own(nodes, &endpoint.node_name);
    }
}

/// Hints that give each zone as many endpoints as its share of the nodes asks for; none
/// at all where that cannot be done without overloading one.
/// Models topologycache/topologycache.go `AddHints`.
pub fn auto_hints(shares: &[(Rc<str>, f64)], endpoints: &mut [&mut Endpoint]) {
    for endpoint in endpoints.iter_mut() {
        endpoint.for_zones = None;
        endpoint.for_nodes = None;
    }
    let total = endpoints.iter().filter(|e| ready(e)).count();
    let Some(desired) = desired(shares, total) else { return };
    let mut hints: Map<Rc<str>, f64> = Map::new();
    for endpoint in endpoints.iter().filter(|e| ready(e)) {
        match endpoint.zone.as_ref().filter(|zone| !zone.is_empty()) {
            Some(zone) => *hints.get_or_default(zone.clone()) += 1.0,
            None => return,
        }
    }
    let (mut giving, mut receiving) = moves(&desired, &hints);
    for endpoint in endpoints.iter_mut().filter(|e| ready(e)) {
        let Some(own) = endpoint.zone.clone() else { continue };
        let mut zone = own.clone();
        if let Some((_, give)) = giving.iter_mut().find(|(giver, n)| *giver == own && *n > 0)
            && let Some((receiver, receive)) = receiving.iter_mut().find(|(_, n)| *n > 0)
        {
            *give -= 1;
            *receive -= 1;
            zone = receiver.clone();
        }
        endpoint.for_zones = Some(vec![zone]);
    }
}

/// How many endpoints each zone should have, by name of the zone.
/// Models topologycache/topologycache.go `getAllocations`.
fn desired(shares: &[(Rc<str>, f64)], total: usize) -> Option<Vec<(Rc<str>, f64)>> {
    if shares.len() < 2 || shares.len() > total {
        return None;
    }
    let mut least = 0.0;
    let mut desired = Vec::new();
    for (zone, share) in shares {
        let exact = share * total as f64;
        let minimum = (exact * (1.0 / (1.0 + OVERLOAD_THRESHOLD))).ceil();
        least += minimum;
        desired.push((zone.clone(), exact.max(minimum)));
    }
    crate::sort::by(&mut desired, |a, b| a.0.cmp(&b.0));
    (least <= total as f64).then_some(desired)
}

type Counts = Vec<(Rc<str>, u32)>;

/// How many endpoints zones give away and receive.
/// Models topologycache/utils.go `getGivingAndReceivingZones`.
fn moves(desired: &[(Rc<str>, f64)], hints: &Map<Rc<str>, f64>) -> (Counts, Counts) {
    let mut surplus: Vec<(&Rc<str>, f64)> = Vec::new();
    let mut want: Vec<(&Rc<str>, f64)> = Vec::new();
    for (zone, target) in desired {
        let difference = hints.get(zone).copied().unwrap_or(0.0) - target;
        if difference > 0.0 {
            surplus.push((zone, difference));
        } else if difference < 0.0 {
            want.push((zone, -difference));
        }
    }
    let none = |zones: &[(&Rc<str>, f64)]| zones.iter().map(|(zone, _)| ((*zone).clone(), 0)).collect();
    let (mut giving, mut receiving): (Counts, Counts) = (none(&surplus), none(&want));
    while let (Some(from), Some(to)) = (most(&surplus), most(&want)) {
        let (give, receive) = (surplus[from].1, want[to].1);
        if (give < 1.0 && receive < 1.0) || give < 0.5 || receive < 0.5 {
            break;
        }
        giving[from].1 += 1;
        receiving[to].1 += 1;
        surplus[from].1 -= 1.0;
        want[to].1 -= 1.0;
    }
    (giving, receiving)
}

/// The zone with the largest number; the first of equal ones.
fn most(zones: &[(&Rc<str>, f64)]) -> Option<usize> {
    let mut best: Option<usize> = None;
    for (index, (_, number)) in zones.iter().enumerate() {
        if *number > best.map_or(0.0, |b| zones[b].1) {
            best = Some(index);
        }
    }
    best
}
