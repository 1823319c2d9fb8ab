//! Water, land and nodes.

use super::{Align, Look, Piece, Style};
use crate::manifest::ObjectRef;
use crate::scene::{Door, Form, NodeCard, Point, Rect, Scene, short};
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
        Form::Wide => {
            let y = scene.resolver.rect.y + 16.0;
            (Point::new(16.0, y), Point::new(scene.land.x - 18.0, y))
        }
        Form::Tall => (Point::new(14.0, 20.0), Point::new(size.width - 14.0, scene.land.y - 10.0)),
    };
    piece.text(outside, words::OUTSIDE, Style::Water, Align::Start, "");
    piece.text(edge, words::EDGE, Style::Water, Align::End, "");
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
                piece.text(door_label(door), format!(":{}", door.port), Style::SmallCode, Align::Start, "s");
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

/// A line of a node's head: where, what, and in which type.
type HeadLine = (Point, String, Style, Align, &'static str);

/// What stands at a node's head: its name; zone and address at the right, where there is room.
fn head(card: &NodeCard) -> Vec<HeadLine> {
    let r = card.rect;
    let y = r.y + card.head / 2.0 + 4.5;
    let mut lines = Vec::with_capacity(3);
    let mut room = r.w - 36.0;
    let zone = if card.zone.is_empty() { String::new() } else { words::zone(&card.zone) };
    let name = Style::Name.fit(&card.name, room.min(r.w * 0.5));
    room -= Style::Name.width(&name) + 10.0;
    // Zone and address stand together at the right: ways run down between rules and pods.
    let mut right = r.right() - 12.0;
    let zone_w = Style::Zone.width(&zone);
    if !zone.is_empty() && zone_w + 6.0 <= room {
        lines.push((Point::new(right, y), zone, Style::Zone, Align::End, ""));
        right -= zone_w + 10.0;
        room -= zone_w + 10.0;
    }
    if Style::SmallCode.width(&card.address) <= room {
        lines.push((Point::new(right, y), card.address.clone(), Style::SmallCode, Align::End, "s"));
    }
    lines.push((Point::new(r.x + 25.0, y), name, Style::Name, Align::Start, ""));
    lines
}

/// Where something is written on nodes and in the water: numbers and notes keep clear of it.
pub(super) fn written(scene: &Scene) -> Vec<Rect> {
    let line = |at: Point, w: f32, align: Align| {
        let x = match align {
            Align::Start => at.x,
            Align::Middle => at.x - w / 2.0,
            Align::End => at.x - w,
        };
        Rect::new(x, at.y - 10.0, w, 13.0)
    };
    let mut all = Vec::new();
    for card in &scene.nodes {
        all.extend(head(card).iter().map(|(at, text, style, align, _)| line(*at, style.width(text), *align)));
        all.push(line(Point::new(card.rules.x, card.rules.y + 23.5), 34.0, Align::Middle));
        let named = card.doors.iter().filter(|door| door.named);
        all.extend(named.map(|door| {
            let Point { x, y } = door_label(door);
            Rect::new(x, y - 9.0, 38.0, 11.0)
        }));
    }
    for item in &scene.sea {
        for (i, text) in item.lines.iter().enumerate() {
            let (at, align, style) = super::sea::label(item, i);
            all.push(line(at, style.width(text), align));
        }
    }
    all
}

fn door_label(door: &Door) -> Point {
    Point::new(door.rect.right() + 3.0, door.rect.center().y + if door.above { -5.0 } else { 3.5 })
}

fn node(card: &NodeCard) -> Piece {
    let r = card.rect;
    let mut piece = Piece::new(format!("node/{}", card.name), "node");
    piece.label = words::node_label(&card.name, &card.address, &card.zone, card.pods);
    piece.rect(r, 9.0, "box");
    // The mooring: where packets come and go.
    let post = Point::new(r.x + 14.0, r.y + card.head / 2.0);
    piece.circle(post, 3.5, if card.ready { "post" } else { "post is-down" });
    for (at, text, style, align, class) in head(card) {
        piece.text(at, text, style, align, class);
    }
    piece
}

/// The rules of a node: a compass rose.
fn station(card: &NodeCard) -> Piece {
    let Point { x, y } = card.rules;
    let mut piece = Piece::new(format!("rules/{}", card.name), "rules");
    piece.circle(card.rules, 12.0, "station");
    piece.path(format!("M{} {}l2 6 6 2-6 2-2 6-2-6-6-2 6-2Z", short(x), short(y - 8.0)), "rose");
    let at = Point::new(x, y + 23.5);
    piece.text(at, words::RULES, Style::Word, Align::Middle, "s");
    piece
}
