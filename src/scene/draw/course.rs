//! The followed request: numbered legs, the decision in view, the end.

use super::{Align, Piece, Style};
use crate::manifest::ObjectRef;
use crate::playback::{Ending, Lens};
use crate::routing::{Hop, HopKind, Packet, Place, Trace};
use crate::scene::{Curve, Point, Rect, Scene, SeaItem, short};
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

/// What hops are called on the chart.
#[derive(Clone, Copy, Debug, Default)]
pub struct Captions<'a> {
    /// What is asked for.
    pub request: &'a str,
    /// What the current hop decides, in a few words.
    pub decision: &'a str,
}

/// The two ends of the current leg, as a lens shows it: what has to be in view.
#[must_use]
pub fn in_view(scene: &Scene, lens: Lens, trace: &Trace, at_hop: usize) -> Option<Rect> {
    let legs = legs(trace, lens);
    let leg = legs.iter().find(|leg| leg.index >= at_hop).or(legs.last())?;
    let (a, b) = (scene.home(leg.from), scene.home(leg.via.as_ref().unwrap_or(leg.to)));
    let (x, y) = (a.x.min(b.x), a.y.min(b.y));
    Some(Rect::new(x, y, a.right().max(b.right()) - x, a.bottom().max(b.bottom()) - y))
}

/// The course of a request at one of its hops.
#[must_use]
pub fn course(scene: &Scene, lens: Lens, trace: &Trace, at_hop: usize, captions: Captions) -> Vec<Piece> {
    let legs = legs(trace, lens);
    // A hop that this lens hides belongs to the next one that it shows.
    let now = legs.iter().position(|leg| leg.index >= at_hop).or(legs.len().checked_sub(1));
    let Some(now) = now else { return Vec::new() };
    let written = super::land::written(scene);
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
        if !scene.holds(leg.from) || !scene.holds(to) {
            // The text has changed under way: what is gone cannot be on the chart.
            continue;
        }
        let at = if leg.from == to {
            beside(scene, to, &taken, &written)
        } else {
            let curve = scene.curve(leg.from, to);
            let mut line = Piece::new(format!("leg/{i}"), ["leg ", state].concat());
            line.path(curve.path(clearance(scene, leg.from), clearance(scene, to) + 5.0), "way");
            line.path(arrow(&curve, clearance(scene, to)), "arrow");
            lines.push(line);
            along(scene, &curve, &taken, &written)
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
    if !scene.holds(place) {
        return lines;
    }
    let mut clear: Vec<(Rect, usize)> = taken.iter().map(|p| (around(*p), 8)).collect();
    clear.extend(written.into_iter().map(|r| (r, 4)));
    for (i, leg) in legs.iter().enumerate().skip(now.saturating_sub(1)).take(3) {
        let to = leg.via.as_ref().unwrap_or(leg.to);
        if leg.from != to && scene.holds(leg.from) && scene.holds(to) {
            let curve = scene.curve(leg.from, to);
            let steps = (curve.length() / 18.0) as usize;
            let points = (0..=steps).map(|k| curve.point_at(k as f32 / steps.max(1) as f32));
            clear.extend(points.map(|p| (Rect::new(p.x - 2.0, p.y - 2.0, 4.0, 4.0), 1)));
        }
        if i == now + 1 {
            clear.push((around(scene.anchor(leg.to)), 4));
        }
    }
    // Who asks is looked for all the time.
    clear.extend(legs.first().filter(|leg| leg.from != place).map(|leg| (scene.home(leg.from), 6)));
    if now + 1 == legs.len() && matches!(here.hop.kind, HopKind::Answer | HopKind::Fail) {
        lines.push(end(scene, trace, here.to, &mut clear));
    } else if matches!(here.hop.kind, HopKind::Rewrite | HopKind::Proxy | HopKind::Resolve) {
        let packet = lens == Lens::Packet;
        lines.extend(bubble(scene, place, here.hop, packet, captions.decision, &mut clear));
    }
    if let Some(start) = legs.first().filter(|leg| scene.holds(leg.from)) {
        lines.extend(question(scene, start.from, captions.request, &clear));
    }
    lines
}

/// The box of a number.
fn around(p: Point) -> Rect {
    let r = BADGE_PX + 1.0;
    Rect::new(p.x - r, p.y - r, 2.0 * r, 2.0 * r)
}

/// What is asked for, beside who asks.
fn question(scene: &Scene, from: &Place, request: &str, clear: &[(Rect, usize)]) -> Option<Piece> {
    let style = Style::SmallCode;
    let text = style.fit(request, (scene.size.width * 0.34).max(120.0));
    if text.is_empty() {
        return None;
    }
    let home = scene.home(from);
    let r = near(scene, home, Rect::new(0.0, 4.0, style.width(&text) + 16.0, 19.0), clear);
    let mut piece = Piece::new("question", "question");
    piece.rect(r, 4.0, "box");
    piece.text(Point::new(r.x + 8.0, r.y + 13.5), text, style, Align::Start, "");
    Some(piece)
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

/// A place for a number on a way: near its middle, clear of cards, of text and of other numbers.
fn along(scene: &Scene, curve: &Curve, taken: &[Point], written: &[Rect]) -> Point {
    let apart = |p: &Point| taken.iter().all(|t| t.distance(*p) > 2.0 * BADGE_PX + 2.0);
    let legible = |p: &Point| written.iter().all(|r| !r.overlaps(&around(*p)));
    let free = |p: &Point| {
        let clear = |r: &Rect| !r.overlaps(&around(*p));
        scene.services.iter().all(|c| clear(&c.rect))
            && scene.ingresses.iter().all(|c| clear(&c.rect))
            && scene.pods.iter().all(|c| clear(&c.rect))
            && scene.nodes.iter().all(|n| n.rules.distance(*p) > 22.0)
    };
    // From the middle outwards.
    let steps = 9_i8;
    let all = (0..=2 * steps).map(|i| {
        let off = f32::from((i + 1) / 2) / f32::from(2 * steps + 2);
        curve.point_at(if i % 2 == 0 { 0.5 - off } else { 0.5 + off })
    });
    let mut all: Vec<Point> = all.collect();
    if curve.length() < 70.0 {
        // No room on a short way: beside it.
        let middle = all[0];
        all.extend(
            [(0.0, 15.0), (0.0, -15.0), (15.0, 0.0), (-15.0, 0.0)]
                .map(|(x, y)| Point::new(middle.x + x, middle.y + y)),
        );
    }
    let best = all.iter().position(|p| apart(p) && legible(p) && free(p));
    let best = best.or_else(|| all.iter().position(|p| apart(p) && legible(p)));
    all.swap_remove(best.or_else(|| all.iter().position(apart)).unwrap_or(0))
}

/// A place for a number at a place: at a corner of what stands there.
fn beside(scene: &Scene, place: &Place, taken: &[Point], written: &[Rect]) -> Point {
    let home = scene.home(place);
    // A number beside a small sign leaves it free.
    let middle = home.center();
    let (w, h) = (home.w.max(36.0), home.h.max(34.0));
    let r = Rect::new(middle.x - w / 2.0, middle.y - h / 2.0, w, h);
    let (low, high) = (r.y.max(BADGE_PX + 2.0), r.bottom());
    let (left, right) = (r.x + 2.0, r.right() - 2.0);
    let at = |x: f32, y: f32| Point::new(x, y);
    let all = [
        at(right, low),
        at(right, high),
        at(left, high),
        at(left, low),
        at(right - 24.0, high),
        at(right + 20.0, low),
        at(left - 20.0, low),
        at(right + 20.0, high),
        at(left - 20.0, high),
    ];
    let apart = |p: &&Point| taken.iter().all(|t| t.distance(**p) > 2.0 * BADGE_PX);
    let legible = |p: &Point| written.iter().all(|r| !r.overlaps(&around(*p)));
    *all.iter().filter(apart).find(|p| legible(p)).or_else(|| all.iter().find(apart)).unwrap_or(&all[0])
}

/// A box near what stands at a place, that hides as little as possible of what matters. `size` has
/// its measures, and as `y` how far it keeps away.
fn near(scene: &Scene, home: Rect, size: Rect, clear: &[(Rect, usize)]) -> Rect {
    let (w, h, gap) = (size.w, size.h, size.y);
    let middle = home.center();
    // Below or above, flush with what it speaks of or hanging over; beside; and the same further away.
    let mut options = Vec::with_capacity(30);
    for (step, far) in [0.0, 26.0, 54.0].into_iter().enumerate() {
        for y in [home.bottom() + gap + far, home.y - h - gap - far] {
            for x in [home.x, home.right() - w, middle.x - 22.0, middle.x + 22.0 - w] {
                options.push((x, y, 2 * step));
            }
        }
    }
    for y in [middle.y - h / 2.0, home.y, home.bottom() - h] {
        options.push((home.right() + gap, y, 1));
        options.push((home.x - gap - w, y, 1));
    }
    let cost = |r: &Rect| {
        let hides = |c: &Rect| c.overlaps(r) || tail_box(*r, home).is_some_and(|tail| c.overlaps(&tail));
        let hidden: usize = clear.iter().filter(|(c, _)| hides(c)).map(|(_, weight)| weight).sum();
        let cards = scene.pods.iter().map(|c| &c.rect).chain(scene.services.iter().map(|c| &c.rect));
        let cards = cards.chain(scene.ingresses.iter().map(|c| &c.rect));
        let covered = cards.filter(|c| **c != home && hides(c)).count() * 3;
        let sign = |item: &SeaItem| {
            let r = item.radius;
            Rect::new(item.at.x - r, item.at.y - r, 2.0 * r, 2.0 * r)
        };
        let signs = scene.sea.iter().map(sign).filter(|c| !c.overlaps(&home) && hides(c)).count() * 3;
        let stations = scene.nodes.iter().filter(|n| r.contains(n.rules)).count() * 2;
        let abroad = scene.nodes.iter().filter(|n| n.rect.overlaps(r) && !n.rect.overlaps(&home)).count() * 2;
        hidden + covered + stations + abroad + signs + if home.overlaps(r) { 20 } else { 0 }
    };
    let fits = |v: f32, size: f32, end: f32| v.min(end - size - 3.0).max(3.0);
    let placed = options.into_iter().map(|(x, y, far)| {
        let r = Rect::new(fits(x, w, scene.size.width), fits(y, h, scene.size.height), w, h);
        (cost(&r) + far, r)
    });
    placed.min_by_key(|(cost, _)| *cost).map(|(_, r)| r).unwrap_or_default()
}

/// Where the tail of a box above or below what it speaks of is.
fn tail_box(r: Rect, home: Rect) -> Option<Rect> {
    let x = home.center().x.max(r.x + 16.0).min(r.right() - 16.0);
    let (from, to) = if home.y >= r.bottom() {
        (r.bottom(), home.y)
    } else if home.bottom() <= r.y {
        (home.bottom(), r.y)
    } else {
        return None;
    };
    Some(Rect::new(x - 6.0, from, 12.0, to - from))
}

/// The tail of a box towards what it speaks of.
fn tail(r: Rect, home: Rect) -> String {
    let middle = home.center();
    let Some(between) = tail_box(r, home) else {
        let y = middle.y.max(r.y + 14.0).min(r.bottom() - 14.0);
        let (x, to_x) =
            if r.x > middle.x { (r.x + 1.0, home.right() + 2.0) } else { (r.right() - 1.0, home.x - 2.0) };
        return format!(
            "M{x} {}L{} {}L{x} {}Z",
            short(y - 7.0),
            short(to_x),
            short(middle.y),
            short(y + 7.0),
            x = short(x)
        );
    };
    let x = between.center().x;
    let (y, to_y) =
        if r.y < home.y { (r.bottom() - 1.0, home.y - 2.0) } else { (r.y + 1.0, home.bottom() + 2.0) };
    let to_x = x.max(home.x + 6.0).min(home.right() - 6.0);
    let y = short(y);
    format!("M{} {y}L{} {}L{} {y}Z", short(x - 7.0), short(to_x), short(to_y), short(x + 7.0))
}

fn endpoint(ip: std::net::IpAddr, port: u16) -> String {
    if ip.is_ipv6() { format!("[{ip}]:{port}") } else { format!("{ip}:{port}") }
}

/// What a hop decides, with the address that changes in view where `packet` is looked at.
fn bubble(
    scene: &Scene,
    place: &Place,
    hop: &Hop,
    packet: bool,
    title: &str,
    clear: &mut Vec<(Rect, usize)>,
) -> Option<Piece> {
    const PAD: f32 = 13.0;
    let widest = (scene.size.width - 12.0).min(330.0) - 2.0 * PAD;
    let style = Style::SmallCode;
    let mut rows: Vec<(String, String)> = Vec::new();
    if let (true, Some(before), Some(after)) = (packet, &hop.before, &hop.after) {
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
    let high = head + 18.0 * rows.len() as f32 + 7.0 - if rows.is_empty() { 1.0 } else { 0.0 };
    let home = scene.home(place);
    let r = near(
        scene,
        home,
        Rect::new(0.0, if rows.is_empty() { 7.0 } else { 9.0 }, wide + 2.0 * PAD, high),
        clear,
    );
    clear.push((r, 8));
    let mut piece = Piece::new("bubble", "bubble");
    piece.rect(r, 8.0, "box");
    piece.path(tail(r, home), "box");
    let x = r.x + PAD;
    piece.text(Point::new(x, r.y + 20.0), Style::Name.fit(title, widest), Style::Name, Align::Start, "");
    for (i, (old, new)) in rows.into_iter().enumerate() {
        let y = r.y + head + 14.5 + 18.0 * i as f32;
        let middle = x + style.width(&old);
        piece.text(Point::new(x, y), old, style, Align::Start, "old");
        piece.text(Point::new(middle + gap / 2.0, y), "→", style, Align::Middle, "");
        piece.text(Point::new(middle + gap, y), new, style, Align::Start, "new");
    }
    Some(piece)
}

/// How it ended, as a shape and in a word or two.
fn end(scene: &Scene, trace: &Trace, place: &Place, clear: &mut Vec<(Rect, usize)>) -> Piece {
    let at = scene.anchor(place);
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
    let r = near(scene, scene.home(place), Rect::new(0.0, 5.0, w, h), clear);
    clear.push((r, 8));
    piece.rect(r, h / 2.0, "box");
    piece.text(Point::new(r.x + 10.0, r.y + 16.5), text, style, Align::Start, "");
    piece
}
