//! Services, Ingresses and the resolver.

use super::pods::symbol;
use super::{Align, Look, Piece, Style};
use crate::manifest::ObjectRef;
use crate::scene::{Backing, Card, Detail, IngressFacts, PodState, Point, Rect, Scene, ServiceFacts};
use crate::words::stage as words;

pub(super) fn pieces(scene: &Scene, look: &Look, pieces: &mut Vec<Piece>) {
    pieces.push(resolver(scene));
    if scene.services.is_empty() && scene.ingresses.is_empty() {
        let mut piece = Piece::new("no-services", "nothing");
        let (x, y, room) = (scene.resolver.rect.x, scene.resolver.rect.bottom(), scene.land.w - 40.0);
        piece.text(Point::new(x, y + 22.0), words::NO_SERVICES, Style::Zone, Align::Start, "");
        let more = Style::Word.fit(words::NO_SERVICES_MORE, room);
        piece.text(Point::new(x, y + 38.0), more, Style::Word, Align::Start, "s");
        pieces.push(piece);
    }
    for card in &scene.services {
        let mut piece = service(card);
        piece.class = look.classes("service", &card.facts.id);
        if !matches!(card.facts.backing, Backing::Ready | Backing::Alias) {
            piece.class.to_mut().push_str(" is-empty");
        }
        piece.target = Some(card.facts.id.clone());
        pieces.push(piece);
    }
    for card in &scene.ingresses {
        let mut piece = ingress(card);
        piece.class = look.classes("ingress", &card.facts.id);
        piece.target = Some(card.facts.id.clone());
        pieces.push(piece);
    }
}

fn resolver(scene: &Scene) -> Piece {
    let r = scene.resolver.rect;
    let mut piece = Piece::new("resolver", "resolver");
    piece.target = Some(ObjectRef::new("Service", "kube-system", "kube-dns"));
    piece.label = [words::DNS, " ", &scene.resolver.address].concat();
    piece.rect(r, 11.0, "card");
    let at = Point::new(r.x + 14.0, r.y + 11.0);
    piece.circle(at, 3.4, "post");
    piece.text(Point::new(r.x + 24.0, r.y + 15.0), words::DNS, Style::SmallName, Align::Start, "");
    let address = Style::SmallCode.fit(&scene.resolver.address, r.w - 60.0);
    piece.text(Point::new(r.x + 51.0, r.y + 15.0), address, Style::SmallCode, Align::Start, "s");
    piece.reach(scene, r);
    piece
}

fn frame(piece: &mut Piece, card_rect: Rect, detail: Detail) {
    let round = match detail {
        Detail::Full => 9.0,
        Detail::Compact => 7.0,
        Detail::Mark | Detail::Dot => 5.0,
    };
    piece.rect(card_rect, round, "card");
}

/// Name at the left, a word at the right, on one line.
fn heading(
    piece: &mut Piece,
    r: Rect,
    at: Point,
    (name, style): (&str, Style),
    (word, word_style): (&str, Style),
) {
    let (pad, y) = (at.x, r.y + at.y);
    let word_w = word_style.width(word);
    let name_w = style.width(name);
    let room = r.w - 2.0 * pad;
    // The name goes first; the word at the right only where both have room.
    let with_word = name_w.min(room * 0.55) + word_w + 8.0 <= room;
    let name_room = if with_word { room - word_w - 8.0 } else { room };
    piece.text(Point::new(r.x + pad, y), style.fit(name, name_room), style, Align::Start, "");
    if with_word {
        piece.text(Point::new(r.right() - pad, y), word, word_style, Align::End, "s");
    }
}

/// The first of several, and how many more there are.
fn first_of(items: &[String], style: Style, room: f32) -> String {
    let Some(first) = items.first() else { return String::new() };
    let more = if items.len() == 1 { String::new() } else { [" ", &words::more(items.len() - 1)].concat() };
    let room = room - style.width(&more);
    let mut text = first.as_str();
    if style.width(text) > room {
        // The address alone says more than both of them shortened.
        text = text.split_once(" → ").map_or(text, |(address, _)| address);
    }
    [style.fit(text, room), more].concat()
}

fn service(card: &Card<ServiceFacts>) -> Piece {
    let (r, facts) = (card.rect, &card.facts);
    let mut piece = Piece::new(format!("service/{}/{}", facts.id.namespace, facts.id.name), "service");
    let backing = words::backing(facts.backing, facts.ready, facts.all);
    let address = facts.addresses.first().map_or("", String::as_str);
    piece.label = words::service_label(&facts.name, facts.type_word, address, &backing);
    let troubled = !matches!(facts.backing, Backing::Ready | Backing::Alias);
    frame(&mut piece, r, card.detail);
    let tone = if troubled { "hold" } else { "s" };
    match card.detail {
        Detail::Full => {
            let (x, room) = (r.x + 11.0, r.w - 18.0);
            heading(
                &mut piece,
                r,
                Point::new(12.0, 24.0),
                (&facts.name, Style::Title),
                (facts.type_word, Style::Word),
            );
            // A little smaller before half of it is left out.
            let whole = facts.addresses.first().is_none_or(|first| Style::Code.width(first) <= room);
            let style = if whole { Style::Code } else { Style::SmallCode };
            let line = first_of(&facts.addresses, style, room);
            piece.text(Point::new(x, r.y + 44.0), line, style, Align::Start, "");
            chips(&mut piece, Point::new(x, r.y + 53.0), room, facts, troubled);
            let status = Style::Word.fit(&backing, room);
            let after = x + Style::Word.width(&status) + 6.0;
            piece.text(Point::new(x, r.y + 87.0), status, Style::Word, Align::Start, tone);
            if facts.backing != Backing::Alias {
                let fits =
                    (((r.right() - 8.0 - after) / 11.0).floor().max(0.0) as usize).min(facts.all).min(8);
                for i in 0..fits {
                    let state = if i < facts.ready { PodState::Ready } else { PodState::NotReady };
                    symbol(&mut piece, Point::new(after + 4.0 + 11.0 * i as f32, r.y + 83.2), 3.6, state);
                }
            }
        }
        Detail::Compact => {
            let count = words::count(facts.backing, facts.ready, facts.all);
            heading(
                &mut piece,
                r,
                Point::new(11.0, 18.0),
                (&facts.name, Style::Name),
                (&count, Style::SmallCode),
            );
            let line = first_of(&facts.addresses, Style::SmallCode, r.w - 20.0);
            piece.text(Point::new(r.x + 11.0, r.y + 33.5), line, Style::SmallCode, Align::Start, tone);
        }
        Detail::Mark | Detail::Dot => {
            let count = words::count(facts.backing, facts.ready, facts.all);
            heading(
                &mut piece,
                r,
                Point::new(8.0, 15.0),
                (&facts.name, Style::SmallName),
                (&count, Style::SmallCode),
            );
        }
    }
    piece
}

/// The selector, one chip for each label, as many as fit.
fn chips(piece: &mut Piece, at: Point, room: f32, facts: &ServiceFacts, troubled: bool) {
    const PAD: f32 = 9.0;
    let (style, end) = (Style::SmallCode, at.x + room);
    let mut x = at.x;
    let mut chip = |x: f32, text: String, class: &'static str| {
        let w = style.width(&text) + 2.0 * PAD;
        piece.rect(Rect::new(x, at.y, w, 18.0), 9.0, class);
        piece.text(Point::new(x + w / 2.0, at.y + 12.8), text, style, Align::Middle, class);
        w
    };
    if facts.selector.is_empty() {
        if facts.backing != Backing::Alias {
            chip(x, style.fit(words::NO_SELECTOR, room - 2.0 * PAD), "chip chip-none");
        }
        return;
    }
    let class = if troubled { "chip chip-hold" } else { "chip" };
    for (i, label) in facts.selector.iter().enumerate() {
        let rest = facts.selector.len() - i - 1;
        let keep = if rest == 0 { 0.0 } else { style.width(&words::more(rest)) + 8.0 };
        let here = end - x - keep;
        let wanted = style.width(label) + 2.0 * PAD;
        if i > 0 && wanted > here {
            let at = Point::new(x + 2.0, at.y + 12.8);
            piece.text(at, words::more(rest + 1), style, Align::Start, "s");
            return;
        }
        x += chip(x, style.fit(label, here - 2.0 * PAD), class) + 6.0;
    }
}

fn ingress(card: &Card<IngressFacts>) -> Piece {
    let (r, facts) = (card.rect, &card.facts);
    let mut piece = Piece::new(format!("ingress/{}/{}", facts.id.namespace, facts.id.name), "ingress");
    let spoken: Vec<String> = facts.rules.iter().map(|(from, to)| [from, " → ", to].concat()).collect();
    piece.label = words::ingress_label(&facts.name, &spoken);
    frame(&mut piece, r, card.detail);
    let kind = if facts.served { "Ingress" } else { words::UNSERVED };
    let mut rule = |y: f32, pad: f32, i: usize| {
        let Some((from, to)) = facts.rules.get(i) else { return };
        let (style, room) = (Style::SmallCode, r.w - 2.0 * pad);
        let to = style.fit(&["→ ", to].concat(), room * 0.5);
        let from = style.fit(from, room - style.width(&to) - 6.0);
        piece.text(Point::new(r.x + pad, y), from, style, Align::Start, "");
        piece.text(Point::new(r.right() - pad, y), to, style, Align::End, "s");
    };
    match card.detail {
        Detail::Full => {
            let lines = if facts.rules.len() > 4 { 3 } else { 4 };
            for i in 0..lines {
                rule(r.y + 42.0 + 14.5 * i as f32, 14.0, i);
            }
            if facts.rules.len() > lines {
                let at = Point::new(r.x + 14.0, r.y + 86.0);
                piece.text(at, words::more_rules(facts.rules.len() - lines), Style::Word, Align::Start, "s");
            }
            heading(&mut piece, r, Point::new(14.0, 24.0), (&facts.name, Style::Title), (kind, Style::Word));
        }
        Detail::Compact => {
            rule(r.y + 33.5, 11.0, 0);
            let more =
                if facts.rules.len() > 1 { words::more(facts.rules.len() - 1) } else { kind.to_owned() };
            heading(&mut piece, r, Point::new(11.0, 18.0), (&facts.name, Style::Name), (&more, Style::Word));
        }
        Detail::Mark | Detail::Dot => {
            heading(
                &mut piece,
                r,
                Point::new(8.0, 15.0),
                (&facts.name, Style::SmallName),
                (kind, Style::Word),
            );
        }
    }
    piece
}
