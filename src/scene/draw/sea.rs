//! What is outside and at the edge.

use super::{Align, Look, Piece, Style};
use crate::scene::{Point, Rect, Scene, SeaItem, SeaKind, short};

pub(super) fn pieces(scene: &Scene, look: &Look, pieces: &mut Vec<Piece>) {
    for item in &scene.sea {
        let class = match item.kind {
            SeaKind::Client => "client",
            SeaKind::LoadBalancer => "balancer",
            SeaKind::Host => "host",
        };
        let mut piece = Piece::new([class, "/", &item.label].concat(), class);
        if let Some(target) = &item.target {
            piece.class = look.classes(class, target);
            piece.target = Some(target.clone());
        }
        piece.label.clone_from(&item.label);
        sign(&mut piece, item);
        for (i, line) in item.lines.iter().enumerate() {
            let (at, align, style) = label(item, i);
            let class = if i == 0 { "" } else { "s" };
            piece.text(at, style.fit(line, scene.size.width), style, align, class);
        }
        if piece.target.is_some() {
            let r = item.radius;
            piece.reach(scene, Rect::new(item.at.x - r, item.at.y - r, 2.0 * r, 2.0 * r));
        }
        pieces.push(piece);
    }
}

/// Where line `i` of a sign's text stands.
pub(super) fn label(item: &SeaItem, i: usize) -> (Point, Align, Style) {
    let down = 14.0 * i as f32;
    let style = if i == 0 { Style::SmallCode } else { Style::Word };
    if item.beside {
        let middle = if item.lines.len() > 1 { -3.0 } else { 4.0 };
        (Point::new(item.at.x + item.radius + 12.0, item.at.y + middle + down), Align::Start, style)
    } else {
        (Point::new(item.at.x, item.at.y + item.radius + 15.0 + down), Align::Middle, style)
    }
}

fn sign(piece: &mut Piece, item: &SeaItem) {
    let (r, Point { x, y }) = (item.radius, item.at);
    match item.kind {
        SeaKind::Client => {
            let (w, h) = (r * 1.7, r * 1.12);
            piece.rect(Rect::new(x - w / 2.0, y - h / 2.0, w, h), 3.0, "sign-sea");
            let half = r * 1.18;
            piece.path(
                format!("M{} {}h{}", short(x - half), short(y + h / 2.0 + 4.0), short(half * 2.0)),
                "line-sea",
            );
        }
        SeaKind::LoadBalancer => {
            piece.circle(item.at, r, "sign-sea");
            if r >= 8.0 {
                let (a, b) = (short(r * 0.45), short(r * 0.38));
                let (l, m) = (short(x - r * 0.45), short(x - r * 0.05));
                let y = short(y);
                piece.path(
                    format!("M{l} {y}H{m}M{m} {y}l{a}-{b}M{m} {y}h{}M{m} {y}l{a} {b}", short(a.get() + 1.0)),
                    "line-sea",
                );
            }
        }
        SeaKind::Host => {
            let (w, h, e) = (short(r * 0.76), short(r * 1.5), short(r * 0.27));
            let (l, t) = (short(x - r * 0.76), short(y - r * 0.75));
            let w2 = short(2.0 * w.get());
            piece.path(format!("M{l} {t}a{w} {e} 0 0 1 {w2} 0v{h}a{w} {e} 0 0 1-{w2} 0Z"), "sign-sea");
            piece.path(format!("M{l} {t}a{w} {e} 0 0 0 {w2} 0"), "line-sea thin");
        }
    }
}
