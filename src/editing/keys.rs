//! Keys that a map does not have yet, and beginnings of a list's items.

use super::outline::{Id, Spot};
use super::place::Place;
use super::{Completion, Kind, labels, values};
use crate::cluster::Cluster;
use crate::manifest::schema::Offer;
use crate::words::fields;

/// The keys that may be written at the cursor.
pub(super) fn of(place: &Place<'_, '_>, spot: &Spot, cluster: &Cluster) -> Vec<Completion> {
    let there = |name: &str| {
        place.out.children(spot.node).any(|id| Some(id) != spot.own && place.out.key(id) == name)
    };
    let colon = colon_follows(place, spot);
    let mut offers: Vec<Offer> =
        if place.lineage.is_empty() && place.kind.is_empty() { basics() } else { place.fields() };
    if offers.is_empty() {
        let mut keys = labels::keys(place, spot, cluster);
        keys.retain(|key| !there(&key.label));
        for key in &mut keys {
            if !colon {
                key.insert.push_str(": ");
            }
        }
        return keys;
    }
    let (kind, mut steps) = place.field();
    offers.retain(|offer| !there(offer.name));
    let mut ranked: Vec<((u8, usize), Offer)> = offers
        .into_iter()
        .map(|offer| {
            steps.push(offer.name);
            let rank = fields::rank(kind, &steps).unwrap_or(usize::MAX);
            steps.pop();
            let basic = ["apiVersion", "kind", "metadata"].iter().position(|name| *name == offer.name);
            let first = if place.lineage.is_empty() { basic } else { None };
            (first.map_or((1, rank), |first| (0, first)), offer)
        })
        .collect();
    crate::sort::by_key(&mut ranked, |((late, rank), offer)| (*late, !offer.required, *rank, offer.name));
    ranked.into_iter().map(|(_, offer)| key(&offer, spot, colon)).collect()
}

/// What every object has, while its kind is not known.
fn basics() -> Vec<Offer> {
    [("apiVersion", "string"), ("kind", "string"), ("metadata", "ObjectMeta"), ("spec", "Spec")]
        .map(|(name, type_name)| Offer {
            name,
            type_name: type_name.to_owned(),
            required: matches!(name, "apiVersion" | "kind"),
            words: &[],
        })
        .into()
}

fn key(offer: &Offer, spot: &Spot, colon: bool) -> Completion {
    let mut detail = offer.type_name.clone();
    if offer.required {
        detail.push_str(" · required");
    }
    let mut insert = offer.name.to_owned();
    if !colon && !spot.quoted {
        let line = |extra: usize| ["\n", &" ".repeat(spot.column as usize + extra)].concat();
        if spot.flow || is_single(&offer.type_name) {
            insert.push_str(": ");
        } else if offer.type_name.starts_with("[]") {
            insert.push(':');
            insert.push_str(&line(0));
            insert.push_str("- ");
        } else {
            insert.push(':');
            insert.push_str(&line(2));
        }
    }
    Completion { label: offer.name.to_owned(), detail, insert, kind: Kind::Key }
}

/// Whether a value of a type is one word.
pub(super) fn is_single(type_name: &str) -> bool {
    matches!(type_name, "string" | "integer" | "boolean" | "time" | "quantity" | "integer or string" | "any")
}

/// Whether the word at the cursor has its colon already.
fn colon_follows(place: &Place<'_, '_>, spot: &Spot) -> bool {
    let Some(own) = spot.own else { return false };
    let end = place.out.nodes[own].key.end as usize;
    let rest = place.out.text.get(end..).unwrap_or("");
    rest.trim_start_matches(['"', '\'', ' ']).starts_with(':')
}

/// Beginnings of an item of a list: its dash, and the key it begins with.
pub(super) fn items(list: &Place<'_, '_>, spot: &Spot, cluster: &Cluster) -> Vec<Completion> {
    let Some(offer) = list.offer() else { return Vec::new() };
    let Some(of) = offer.type_name.strip_prefix("[]") else { return Vec::new() };
    let dash = if spot.flow { "" } else { "- " };
    if is_single(of) {
        let mut items = values::of(list, spot, cluster);
        if items.is_empty() && !spot.flow {
            items.push(Completion {
                label: dash.into(),
                detail: of.into(),
                insert: dash.into(),
                kind: Kind::Key,
            });
        }
        for item in &mut items {
            if !spot.flow && item.label != dash {
                item.insert.insert_str(0, dash);
            }
        }
        return items;
    }
    let mut path = list.path();
    path = path.index(0);
    let (kind, mut steps) = list.field();
    steps.push("[]");
    let mut best: Option<((usize, bool), Offer)> = None;
    for field in crate::manifest::schema::fields(list.version, list.kind, &path) {
        steps.push(field.name);
        let rank = (fields::rank(kind, &steps).unwrap_or(usize::MAX), !field.required);
        steps.pop();
        let fits = !spot.flow || is_single(&field.type_name);
        if fits && best.as_ref().is_none_or(|(least, _)| rank < *least) {
            best = Some((rank, field));
        }
    }
    let Some((_, first)) = best else { return Vec::new() };
    let deeper = Spot { column: spot.column + 2, own: None, quoted: false, ..*spot };
    let mut item = key(&first, &deeper, false);
    let (front, back) = if spot.flow { ("{", "}") } else { (dash, "") };
    item.insert = [front, &item.insert, back].concat();
    item.label.insert_str(0, front);
    item.detail = of.to_owned();
    vec![item]
}

/// The item of a list that a node is in, and its number.
pub(super) fn item_above(place: &Place<'_, '_>) -> Option<Id> {
    place.lineage.iter().rev().copied().find(|&id| place.out.nodes[id].item.is_some())
}
