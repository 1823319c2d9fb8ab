//! Pods: a card, or a mark where there is no room for one.

use super::{Align, Look, Piece, Style, WhyNot};
use crate::map::Set;
use crate::scene::{Card, Detail, PodFacts, PodState, Point, Scene, short, text};

/// With more pods behind a Service than this, no lines lead to them.
const TIES_MAX: usize = 24;

pub(super) fn pieces(scene: &Scene, look: &Look, pieces: &mut Vec<Piece>) {
    let service = look.selected.as_ref().and_then(|id| scene.service(id));
    let members: Set<_> = service.iter().flat_map(|s| &s.facts.members).collect();
    for card in &scene.pods {
        let id = &card.facts.id;
        let mut class = look.classes("pod", id);
        class.to_mut().push_str(state_class(card.facts.state));
        let mut why = None;
        if service.is_some() {
            if members.contains(id) {
                class.to_mut().push_str(" is-member");
            } else {
                class.to_mut().push_str(" is-other");
                why = look.why_not.get(id);
            }
        }
        let mut piece = pod(card, why);
        piece.class = class;
        piece.target = Some(id.clone());
        piece.label = match why {
            Some(why) => [&*card.facts.label, ": ", &why.words].concat(),
            None => card.facts.label.clone(),
        };
        pieces.push(piece);
    }
    // Where there are many, lines to all of them would hide what they lead to.
    if let Some(service) = service.filter(|s| s.facts.members.len() <= TIES_MAX) {
        let from = crate::routing::Place::Service(service.facts.id.clone());
        let mut piece = Piece::new("reach", "reach");
        for member in &service.facts.members {
            if scene.pod(member).is_some() {
                let curve = scene.curve(&from, &crate::routing::Place::Pod(member.clone()));
                piece.path(curve.path(0.0, 0.0), "tie");
            }
        }
        pieces.push(piece);
    }
}

const fn state_class(state: PodState) -> &'static str {
    match state {
        PodState::Ready => " is-ready",
        PodState::NotReady => " is-not-ready",
        PodState::Starting => " is-starting",
        PodState::Terminating => " is-terminating",
        PodState::Succeeded => " is-done",
        PodState::Failed => " is-failed",
    }
}

fn pod(card: &Card<PodFacts>, why: Option<&WhyNot>) -> Piece {
    let (r, facts) = (card.rect, &card.facts);
    let mut piece = Piece::new(format!("pod/{}/{}", facts.id.namespace, facts.id.name), "pod");
    let name = |style: Style, room: f32| {
        let (_, size, face) = style.measures();
        text::fit_name(&facts.base, &facts.suffix, face, size, room)
    };
    match card.detail {
        Detail::Full => {
            piece.rect(r, 8.0, "card");
            symbol(&mut piece, Point::new(r.x + 12.0, r.y + 16.5), 4.2, facts.state);
            let at = Point::new(r.x + 20.5, r.y + 20.5);
            piece.text(at, name(Style::Name, r.w - 25.0), Style::Name, Align::Start, "");
            let line = |y: f32| Point::new(r.x + 10.0, r.y + y);
            let room = r.w - 18.0;
            if let Some(why) = why {
                for (text, y) in why.lines.iter().zip([38.0, 51.5]) {
                    piece.text(
                        line(y),
                        Style::SmallCode.fit(text, room),
                        Style::SmallCode,
                        Align::Start,
                        "why",
                    );
                }
            } else {
                let address = Style::SmallCode.fit(&facts.address, room);
                let detail = Style::SmallCode.fit(&facts.detail, room);
                if address.is_empty() {
                    piece.text(line(38.0), detail, Style::SmallCode, Align::Start, "s");
                } else {
                    piece.text(line(38.0), address, Style::SmallCode, Align::Start, "s");
                    piece.text(line(51.5), detail, Style::SmallCode, Align::Start, "s");
                }
            }
        }
        Detail::Compact => {
            piece.rect(r, 6.0, "card");
            let y = r.y + r.h / 2.0;
            symbol(&mut piece, Point::new(r.x + 11.0, y), 3.8, facts.state);
            let room = r.w - 25.0;
            let at = Point::new(r.x + 20.0, y + 4.0);
            match why {
                Some(why) => piece.text(
                    at,
                    Style::SmallCode.fit(&why.short, room),
                    Style::SmallCode,
                    Align::Start,
                    "why",
                ),
                None => piece.text(at, name(Style::SmallName, room), Style::SmallName, Align::Start, ""),
            }
        }
        Detail::Mark => {
            piece.rect(r, 4.0, "card");
            symbol(&mut piece, r.center(), 3.4, facts.state);
        }
        Detail::Dot => symbol(&mut piece, r.center(), 3.2, facts.state),
    }
    piece
}

/// A pod's state as a shape.
pub(super) fn symbol(piece: &mut Piece, at: Point, r: f32, state: PodState) {
    let (x, y) = (short(at.x), short(at.y));
    let d = short(r * 0.86).get();
    match state {
        PodState::Ready => piece.circle(at, r, "sign sign-ready"),
        PodState::NotReady => piece.circle(at, r - 0.6, "sign sign-not-ready"),
        PodState::Starting => piece.circle(at, r - 0.6, "sign sign-starting"),
        PodState::Terminating => {
            let (l, t, w) = (short(at.x - d), short(at.y - d), short(2.0 * d));
            piece.path(format!("M{l} {t}l{w} {w}m0-{w}l-{w} {w}"), "sign sign-terminating");
        }
        PodState::Succeeded => {
            let (l, a, b) = (short(at.x - d), short(d * 0.8), short(d * 1.4));
            piece.path(format!("M{l} {y}l{a} {a} {b}-{b}"), "sign sign-done");
        }
        PodState::Failed => {
            let (t, w, h) = (short(at.y - d), short(d), short(2.0 * d));
            piece.path(format!("M{x} {t}l{w} {h}h-{h}Z"), "sign sign-failed");
        }
    }
}
