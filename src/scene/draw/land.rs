//! Water, land and nodes.

use super::{Align, Look, Piece, Style};
use crate::manifest::ObjectRef;
use crate::scene::{Form, NodeCard, Point, Rect, Scene, short};
use crate::words::stage as words;

/// Water and land, with their names. Says nothing by itself.
#[must_use]
pub fn ground(scene: &Scene) -> Piece {
    let mut piece = Piece::new("ground", "ground");
    let size = scene.size;
    piece.rect(Rect::new(0.0, 0.0, size.width, size.height), 0.0, "deep");
    piece.path(scene.coast.far_shoal.clone(), "shoal");
    piece.path(scene.coast.depth.clone(), "depth");
    piece.path(scene.coast.shoal.clone(), "shoal-2");
    piece.path(scene.coast.land.clone(), "land");
    let (outside, edge) = match scene.form {
        Form::Wide => (Point::new(22.0, 34.0), Point::new(scene.land.x * 0.575, 34.0)),
        Form::Tall => (Point::new(14.0, 20.0), Point::new(size.width - 14.0, scene.land.y - 10.0)),
    };
    let edge_align = if scene.form == Form::Wide { Align::Start } else { Align::End };
    piece.text(outside, words::OUTSIDE, Style::Water, Align::Start, "");
    piece.text(edge, words::EDGE, Style::Water, edge_align, "");
    let at = Point::new(scene.land.right() - 16.0, scene.resolver.rect.y + 16.0);
    piece.text(at, words::CLUSTER, Style::Water, Align::End, "on-land");
    piece
}

pub(super) fn pieces(scene: &Scene, look: &Look, pieces: &mut Vec<Piece>) {
    for card in &scene.nodes {
        let id = ObjectRef::new("Node", "", &card.name);
        let mut piece = node(card);
        piece.class = look.classes("node", &id);
        piece.target = Some(id);
        pieces.push(piece);
        pieces.push(station(card));
        pieces.extend(card.doors.iter().map(|door| {
            let mut piece = Piece::new(format!("door/{}/{}", card.name, door.port), "door");
            piece.label = words::door_label(&card.name, door.port);
            piece.rect(door.rect, 2.0, "door-leaf");
            if door.named {
                let at = Point::new(
                    door.rect.right() + 3.0,
                    door.rect.center().y + if door.above { -5.0 } else { 3.5 },
                );
                piece.text(at, format!(":{}", door.port), Style::SmallCode, Align::Start, "s");
            }
            piece
        }));
    }
    if let Some(rect) = scene.unplaced {
        let mut piece = Piece::new("unplaced", "unplaced");
        piece.rect(rect, 9.0, "box");
        piece.text(Point::new(rect.x + 14.0, rect.y + 18.0), words::UNPLACED, Style::Zone, Align::Start, "");
        pieces.push(piece);
    }
}

fn node(card: &NodeCard) -> Piece {
    let r = card.rect;
    let mut piece = Piece::new(format!("node/{}", card.name), "node");
    piece.label = words::node_label(&card.name, &card.address, &card.zone, card.pods);
    piece.rect(r, 9.0, "box");
    let y = r.y + 18.0;
    // The mooring: where packets come and go.
    piece.circle(Point::new(r.x + 14.0, r.y + 13.5), 3.5, if card.ready { "post" } else { "post is-down" });
    let mut room = r.w - 36.0;
    let zone = if card.zone.is_empty() { String::new() } else { words::zone(&card.zone) };
    let name = Style::Name.fit(&card.name, room.min(r.w * 0.5));
    let name_w = Style::Name.width(&name);
    room -= name_w + 10.0;
    // Zone and address stand together at the right: ways run down between rules and pods.
    let mut right = r.right() - 12.0;
    let zone_w = Style::Zone.width(&zone);
    if !zone.is_empty() && zone_w + 6.0 <= room {
        piece.text(Point::new(right, y), zone, Style::Zone, Align::End, "");
        right -= zone_w + 10.0;
        room -= zone_w + 10.0;
    }
    if Style::SmallCode.width(&card.address) <= room {
        piece.text(Point::new(right, y), card.address.clone(), Style::SmallCode, Align::End, "s");
    }
    piece.text(Point::new(r.x + 25.0, y), name, Style::Name, Align::Start, "");
    piece
}

/// The rules of a node: a compass rose.
fn station(card: &NodeCard) -> Piece {
    let Point { x, y } = card.rules;
    let mut piece = Piece::new(format!("rules/{}", card.name), "rules");
    piece.circle(card.rules, 12.0, "station");
    let (x, y) = (short(x), short(y));
    piece.path(format!("M{x} {}l2 6 6 2-6 2-2 6-2-6-6-2 6-2Z", short(y - 8.0)), "rose");
    let at = Point::new(x, y + 23.5);
    piece.text(at, words::RULES, Style::Word, Align::Middle, "s");
    piece
}
