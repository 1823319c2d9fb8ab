//! The followed request: numbered legs, the decision in view, the end.

use super::{Align, Piece, Style};
use crate::manifest::ObjectRef;
use crate::playback::{Ending, Lens};
use crate::routing::{Hop, HopKind, Packet, Place, Trace};
use crate::scene::{Curve, Point, Rect, Scene, short};
use crate::words::stage as words;

/// Size of a number's circle.
const BADGE_PX: f32 = 9.0;

/// A hop as one lens shows it.
struct Leg<'a> {
    hop: &'a Hop,
    index: usize,
    from: &'a Place,
    to: &'a Place,
    via: Option<Place>,
}

/// The hops that a lens shows, in order; leg number 1 is the first.
fn legs(trace: &Trace, lens: Lens) -> Vec<Leg<'_>> {
    let all = trace.hops.iter().enumerate();
    all.filter_map(|(index, hop)| {
        let (from, to, via) = match lens {
            Lens::Packet => (&hop.from, &hop.to, hop.via()),
            Lens::Concept => hop.concept.as_ref().map(|(from, to)| (from, to, None))?,
        };
        Some(Leg { hop, index, from, to, via })
    })
    .collect()
}

/// Objects that a request visits, as a lens shows it.
#[must_use]
pub fn visited(trace: &Trace, lens: Lens) -> Vec<ObjectRef> {
    let mut all: Vec<ObjectRef> = Vec::new();
    for leg in legs(trace, lens) {
        for place in [leg.from, leg.to] {
            let (Place::Pod(id) | Place::Service(id) | Place::LoadBalancer(id)) = place else { continue };
            if !all.contains(id) {
                all.push(id.clone());
            }
        }
    }
    all
}

/// The course of a request at one of its hops. `title` says in a few words what that hop decides.
#[must_use]
pub fn course(scene: &Scene, lens: Lens, trace: &Trace, at_hop: usize, title: &str) -> Vec<Piece> {
    let legs = legs(trace, lens);
    // A hop that this lens hides belongs to the next one that it shows.
    let now = legs.iter().position(|leg| leg.index >= at_hop).or(legs.len().checked_sub(1));
    let Some(now) = now else { return Vec::new() };
    let mut lines = Vec::new();
    let mut badges = Vec::new();
    let mut taken: Vec<Point> = Vec::new();
    for (i, leg) in legs.iter().enumerate() {
        let state = match i.cmp(&now) {
            std::cmp::Ordering::Less => "is-past",
            std::cmp::Ordering::Equal => "is-now",
            std::cmp::Ordering::Greater => "is-ahead",
        };
        let to = leg.via.as_ref().unwrap_or(leg.to);
        let at = if leg.from == to {
            beside(scene.anchor(to), &taken)
        } else {
            let curve = scene.curve(leg.from, to);
            let mut line = Piece::new(format!("leg/{i}"), ["leg ", state].concat());
            line.path(curve.path(clearance(scene, leg.from), clearance(scene, to) + 5.0), "way");
            line.path(arrow(&curve, clearance(scene, to)), "arrow");
            lines.push(line);
            along(scene, &curve, &taken)
        };
        taken.push(at);
        let mut badge = Piece::new(format!("number/{i}"), ["number ", state].concat());
        badge.circle(at, BADGE_PX, "badge");
        badge.text(Point::new(at.x, at.y + 3.9), (i + 1).to_string(), Style::Number, Align::Middle, "");
        badges.push(badge);
    }
    let here = &legs[now];
    let place = here.via.as_ref().unwrap_or(here.to);
    lines.append(&mut badges);
    if now + 1 == legs.len() && matches!(here.hop.kind, HopKind::Answer | HopKind::Fail) {
        lines.push(end(scene, trace, scene.anchor(here.to), &taken));
    } else if matches!(here.hop.kind, HopKind::Rewrite | HopKind::Proxy | HopKind::Resolve) {
        let next = legs.get(now + 1).map(|leg| scene.anchor(leg.to));
        lines.extend(bubble(scene, scene.anchor(place), next, here.hop, title, &taken));
    }
    lines
}

/// How far from the middle of a place its course is drawn.
fn clearance(scene: &Scene, place: &Place) -> f32 {
    match place {
        Place::Rules(_) => 13.0,
        Place::Internet(_) | Place::External(_) | Place::LoadBalancer(_) => {
            scene.sea.iter().find(|item| item.place == *place).map_or(26.0, |item| item.radius * 1.2 + 5.0)
        }
        _ => 3.0,
    }
}

/// An arrow head at the end of a way.
fn arrow(curve: &Curve, cut_px: f32) -> String {
    let length = curve.length();
    if length < cut_px + 14.0 {
        return String::new();
    }
    let tip = curve.point_at(1.0 - cut_px / length);
    let tail = curve.point_at(1.0 - (cut_px + 9.0) / length);
    let (dx, dy) = ((tip.x - tail.x) * 0.46, (tip.y - tail.y) * 0.46);
    format!(
        "M{} {}L{} {}L{} {}Z",
        short(tip.x),
        short(tip.y),
        short(tail.x - dy),
        short(tail.y + dx),
        short(tail.x + dy),
        short(tail.y - dx)
    )
}

/// A place for a number on a way: near its middle, clear of cards and other numbers.
fn along(scene: &Scene, curve: &Curve, taken: &[Point]) -> Point {
    let free = |p: &Point| {
        let around =
            Rect::new(p.x - BADGE_PX - 1.0, p.y - BADGE_PX - 1.0, 2.0 * BADGE_PX + 2.0, 2.0 * BADGE_PX + 2.0);
        let clear = |r: &Rect| !r.overlaps(&around);
        taken.iter().all(|t| t.distance(*p) > 2.0 * BADGE_PX + 2.0)
            && scene.services.iter().all(|c| clear(&c.rect))
            && scene.ingresses.iter().all(|c| clear(&c.rect))
            && scene.pods.iter().all(|c| clear(&c.rect))
            && scene.nodes.iter().all(|n| n.rules.distance(*p) > 22.0)
    };
    let tries = [0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74, 0.18, 0.82];
    let all = tries.map(|f| curve.point_at(f));
    let apart = |p: &&Point| taken.iter().all(|t| t.distance(**p) > 2.0 * BADGE_PX);
    *all.iter().find(|p| free(p)).or_else(|| all.iter().find(apart)).unwrap_or(&all[0])
}

/// A place for a number beside a place.
fn beside(at: Point, taken: &[Point]) -> Point {
    let offsets = [
        (15.0, -15.0),
        (-15.0, -15.0),
        (0.0, -22.0),
        (24.0, 4.0),
        (-24.0, 4.0),
        (34.0, -15.0),
        (-34.0, -15.0),
    ];
    let all = offsets.map(|(x, y)| Point::new(at.x + x, (at.y + y).max(BADGE_PX + 2.0)));
    *all.iter().find(|p| taken.iter().all(|t| t.distance(**p) > 2.0 * BADGE_PX)).unwrap_or(&all[0])
}

/// A box near a point that hides as little as possible of what matters.
fn near(scene: &Scene, at: Point, w: f32, h: f32, keep_clear: &[Point]) -> Rect {
    let options = [
        (at.x - 22.0, at.y - h - 26.0),
        (at.x + 22.0 - w, at.y - h - 26.0),
        (at.x - 22.0, at.y + 30.0),
        (at.x + 22.0 - w, at.y + 30.0),
        (at.x + 30.0, at.y - h / 2.0),
        (at.x - 30.0 - w, at.y - h / 2.0),
    ];
    let cost = |r: &Rect| {
        let grown = Rect::new(r.x - 10.0, r.y - 10.0, r.w + 20.0, r.h + 20.0);
        let hidden = keep_clear.iter().filter(|p| grown.contains(**p)).count() * 4;
        let cards = scene.pods.iter().map(|c| &c.rect).chain(scene.services.iter().map(|c| &c.rect));
        let touched = |c: &Rect| Rect::new(c.x - 2.0, c.y - 2.0, c.w + 4.0, c.h + 4.0).contains(at);
        // The card that it speaks of matters most.
        let covered = cards.filter(|c| c.overlaps(r)).map(|c| if touched(c) { 6 } else { 1 }).sum::<usize>();
        hidden + covered + if grown.contains(at) { 20 } else { 0 }
    };
    let fits = |v: f32, size: f32, end: f32| v.min(end - size - 6.0).max(6.0);
    options
        .into_iter()
        .map(|(x, y)| Rect::new(fits(x, w, scene.size.width), fits(y, h, scene.size.height), w, h))
        .min_by_key(cost)
        .unwrap_or_default()
}

/// A point of a box's tail towards a place.
fn tail(r: Rect, at: Point) -> String {
    let x = at.x.clamp(r.x + 16.0, r.right() - 16.0);
    let (y, to_y) = if at.y > r.bottom() {
        (r.bottom() - 1.0, at.y - 14.0)
    } else if at.y < r.y {
        (r.y + 1.0, at.y + 14.0)
    } else {
        return String::new();
    };
    format!("M{} {y}L{} {}L{} {y}Z", short(x - 7.0), short(at.x), short(to_y), short(x + 7.0))
}

fn endpoint(ip: std::net::IpAddr, port: u16) -> String {
    if ip.is_ipv6() { format!("[{ip}]:{port}") } else { format!("{ip}:{port}") }
}

/// What a hop decides, with the address that changes in view.
fn bubble(
    scene: &Scene,
    at: Point,
    next: Option<Point>,
    hop: &Hop,
    title: &str,
    taken: &[Point],
) -> Option<Piece> {
    const PAD: f32 = 13.0;
    let widest = (scene.size.width - 12.0).min(330.0) - 2.0 * PAD;
    let style = Style::Code;
    let mut rows: Vec<(String, String)> = Vec::new();
    if let (Some(before), Some(after)) = (&hop.before, &hop.after) {
        let to = |p: &Packet| endpoint(p.destination_ip, p.destination_port);
        if to(before) != to(after) {
            rows.push((to(before), to(after)));
        }
        if before.source_ip != after.source_ip {
            rows.push((before.source_ip.to_string(), words::source(&after.source_ip.to_string())));
        }
    }
    if title.is_empty() && rows.is_empty() {
        return None;
    }
    let gap = style.width(" → ");
    let mut wide: f32 = Style::Name.width(title).min(widest);
    for (old, new) in &mut rows {
        let half = (widest - gap) / 2.0;
        let (room_old, room_new) = (widest - gap - style.width(new), widest - gap - style.width(old));
        (*old, *new) = (style.fit(old, room_old.max(half)), style.fit(new, room_new.max(half)));
        wide = wide.max(style.width(old) + gap + style.width(new));
    }
    let head = if title.is_empty() { 6.0 } else { 25.0 };
    let mut clear = taken.to_vec();
    clear.extend(next);
    let r = near(scene, at, wide + 2.0 * PAD, head + 19.0 * rows.len() as f32 + 7.0, &clear);
    let mut piece = Piece::new("bubble", "bubble");
    piece.rect(r, 8.0, "box");
    piece.path(tail(r, at), "box");
    let x = r.x + PAD;
    piece.text(Point::new(x, r.y + 20.0), Style::Name.fit(title, widest), Style::Name, Align::Start, "");
    for (i, (old, new)) in rows.into_iter().enumerate() {
        let y = r.y + head + 14.5 + 19.0 * i as f32;
        let middle = x + style.width(&old);
        piece.text(Point::new(x, y), old, style, Align::Start, "old");
        piece.text(Point::new(middle + gap / 2.0, y), "→", style, Align::Middle, "");
        piece.text(Point::new(middle + gap, y), new, style, Align::Start, "new");
    }
    Some(piece)
}

/// How it ended, as a shape and in a word or two.
fn end(scene: &Scene, trace: &Trace, at: Point, taken: &[Point]) -> Piece {
    let ending = Ending::of(&trace.outcome);
    let (sign, class) = match ending {
        Ending::Served => ("✓", "end is-served"),
        Ending::Refused => ("✕", "end is-refused"),
        Ending::Dropped => ("◌", "end is-dropped"),
        Ending::NoName => ("?", "end is-refused"),
    };
    let text = [sign, " ", &words::ending(&trace.outcome)].concat();
    let style = Style::Name;
    let (w, h) = (style.width(&text) + 20.0, 24.0);
    let mut piece = Piece::new("end", class);
    let mut mark = |at: Point, r: f32| match ending {
        Ending::Served => piece.circle(at, r, "end-ring"),
        Ending::Refused | Ending::NoName => {
            let (x, y, d) = (short(at.x - 6.0), short(at.y - 6.0), 12);
            piece.circle(at, r, "end-ring");
            if ending == Ending::Refused {
                piece.path(format!("M{x} {y}l{d} {d}m0-{d}l-{d} {d}"), "end-sign");
            }
        }
        Ending::Dropped => piece.circle(at, r, "end-ring"),
    };
    mark(at, 9.0);
    let r = near(scene, at, w, h, taken);
    piece.rect(r, h / 2.0, "box");
    piece.text(Point::new(r.x + 10.0, r.y + 16.5), text, style, Align::Start, "");
    piece
}
