//! From the cursor's place to what may be written there.

use super::outline::{Id, Outline, Role, Spot};
use super::place::Place;
use super::{Completion, Completions, keys, snippets, values};
use crate::cluster::Cluster;
use crate::manifest::Manifest;

/// So many are offered at most.
const ITEMS_MAX: usize = 300;

/// What may be written at a byte of the text; `None` where there is nothing to offer.
/// The list is not narrowed by what is already typed: the editor does that.
#[must_use]
pub fn complete(text: &str, offset: u32, manifest: &Manifest, cluster: &Cluster) -> Option<Completions> {
    // The cluster knows what the other documents say; the text alone what this one says.
    let _ = manifest;
    let outline = Outline::around(text, offset);
    let mut spot = outline.spot?;
    let place = Place::of(&outline, spot.node);
    if spot.role == Role::Inside && !spot.flow && spot.own.is_none() && !align(&outline, &mut spot) {
        return None;
    }
    let mut items = match spot.role {
        Role::Value => values::of(&place, &spot, cluster),
        Role::Item => Vec::new(),
        Role::Inside if is_empty(&outline, &place, &spot) => snippets::all(),
        Role::Inside => inside(&place, &spot, cluster),
    };
    let lead = " ".repeat(spot.lead as usize);
    items.iter_mut().for_each(|item| item.insert.insert_str(0, &lead));
    if let Some(list) = spot.list.or((spot.role == Role::Item).then_some(spot.node)) {
        items.splice(0..0, list_items(&outline, list, spot, cluster));
    }
    items.truncate(ITEMS_MAX);
    (!items.is_empty()).then_some(Completions { from: spot.from, items })
}

/// Beginnings of an item, at the column of the other items.
fn list_items(outline: &Outline<'_>, list: Id, mut spot: Spot, cluster: &Cluster) -> Vec<Completion> {
    let dash = outline.children(list).find_map(|item| outline.nodes[item].dash);
    if let Some(column) = dash.filter(|_| !spot.flow) {
        if column < spot.column {
            return Vec::new();
        }
        spot.lead += column - spot.column;
        spot.column = column;
    }
    let mut items = keys::items(&Place::of(outline, list), &spot, cluster);
    let lead = " ".repeat(spot.lead as usize);
    items.iter_mut().for_each(|item| item.insert.insert_str(0, &lead));
    items
}

fn inside(place: &Place<'_, '_>, spot: &Spot, cluster: &Cluster) -> Vec<Completion> {
    let mut items = keys::of(place, spot, cluster);
    if items.is_empty() && place.is_item() {
        items = values::of(place, spot, cluster);
    }
    items
}

/// Whether the object has nothing yet but the word at the cursor.
fn is_empty(outline: &Outline<'_>, place: &Place<'_, '_>, spot: &Spot) -> bool {
    spot.node == place.root && outline.children(place.root).all(|child| Some(child) == spot.own)
}

/// Brings a new key below its siblings' column; `false` where the cursor is beyond it.
fn align(outline: &Outline<'_>, spot: &mut Spot) -> bool {
    let sibling = |&id: &Id| outline.nodes[id].item.is_none() && Some(id) != spot.own;
    let Some(other) = outline.children(spot.node).find(sibling) else { return true };
    let start = outline.nodes[other].key.start as usize;
    let line = outline.text[..start].rfind('\n').map_or(0, |n| n + 1);
    let front = &outline.text[line..start];
    if !front.bytes().all(|byte| matches!(byte, b' ' | b'-')) {
        return true;
    }
    let column = front.len() as u32;
    spot.lead = spot.lead.max(column.saturating_sub(spot.column));
    spot.column = spot.column.max(column);
    spot.column == column
}
