//! The scrubber: a slider over all that has happened, with its marks.

use crate::session::{Action, Mark, MarkKind, Session, reach_ms};
use crate::sim::{Change, Millis};
use crate::ui::desk::use_desk;
use crate::words::ui as words;
use std::cell::Cell;
use std::fmt::Write;
use web_sys::{Element, HtmlElement, HtmlInputElement};
use yew::prelude::*;

/// The drawing counts in these units from left to right.
const WIDTH: f64 = 1_000.0;
/// More marks than this of a kind would be a solid bar.
const MARKS_MAX: usize = 600;
/// How near, in parts of the whole, a pointer must be to a mark to mean it.
const NEAR: f64 = 0.008;

/// What the drawing was made from: it is made again only when this changes.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
struct Drawn {
    reach_ms: Millis,
    courses: usize,
    last: u32,
    moments: usize,
    last_moment_ms: Millis,
}

/// The slider.
#[component]
pub fn Scrubber() -> Html {
    let desk = use_desk();
    let root = use_node_ref();
    let input = use_node_ref();
    let (changes, departures, sent) = (use_node_ref(), use_node_ref(), use_node_ref());
    let hint = use_state(|| None::<(f64, String)>);

    use_effect_with((), {
        let desk = desk.clone();
        let (root, input) = (root.clone(), input.clone());
        let paths = [changes.clone(), departures.clone(), sent.clone()];
        move |()| {
            let drawn = Cell::new(Drawn::default());
            let spoken = Cell::new(None);
            let shown = Cell::new((u64::MAX, u64::MAX, 0));
            let subscription = desk.store.on_frame(move |session, _| {
                let now = session.simulation.now_ms().max(session.shown_ms);
                let reach = reach_ms(now);
                if shown.replace((session.shown_ms, now, reach)) != (session.shown_ms, now, reach) {
                    place_thumb(&root, &input, session, now, reach);
                    let seconds = session.shown_ms / 1_000;
                    if spoken.replace(Some(seconds)) != Some(seconds)
                        && let Some(input) = input.cast::<Element>()
                    {
                        // A known attribute is always taken.
                        let _ = input.set_attribute("aria-valuetext", &words::clock_spoken(session.shown_ms));
                    }
                }
                let next = Drawn {
                    reach_ms: reach,
                    courses: session.courses().len(),
                    last: session.courses().last().map_or(0, |c| c.flight.number),
                    moments: session.simulation.moments().len(),
                    last_moment_ms: session.simulation.moments().last().map_or(0, |m| m.at_ms),
                };
                if drawn.replace(next) != next {
                    draw_marks(&paths, &session.marks(), reach);
                }
                false
            });
            move || drop(subscription)
        }
    });

    let oninput = {
        let desk = desk.clone();
        Callback::from(move |event: InputEvent| {
            let wanted = event.target_unchecked_into::<HtmlInputElement>().value_as_number();
            let now = desk.store.session().simulation.now_ms();
            if wanted.is_finite() {
                desk.dispatch(Action::Seek((wanted.max(0.0) as Millis).min(now)));
            }
        })
    };
    let onpointermove = {
        let (desk, hint) = (desk.clone(), hint.clone());
        Callback::from(move |event: PointerEvent| {
            let place = event.current_target().map(wasm_bindgen::JsCast::unchecked_into::<HtmlElement>);
            let Some(rect) = place.map(|p| p.get_bounding_client_rect()).filter(|r| r.width() > 0.0) else {
                return;
            };
            let at = (f64::from(event.client_x()) - rect.left()) / rect.width();
            let near = nearest(&desk.store.session(), at);
            if *hint != near {
                hint.set(near);
            }
        })
    };
    let onpointerleave = {
        let hint = hint.clone();
        Callback::from(move |_: PointerEvent| hint.set(None))
    };
    html! {
        <div class="scrubber" ref={root} {onpointermove} {onpointerleave}>
            <svg viewBox="0 0 1000 34" preserveAspectRatio="none" aria-hidden="true">
                <path class="mark-departed" ref={departures}/>
                <path class="mark-sent" ref={sent}/>
                <path class="mark-changed" ref={changes}/>
            </svg>
            <span class="track" aria-hidden="true"><span class="known"/><span class="past"/></span>
            <input type="range" ref={input} min="0" max="30000" step="100" value="0" aria-label={words::TIME} {oninput}/>
            if let Some((at, text)) = &*hint {
                <span class={classes!("mark-hint", (*at > 0.5).then_some("left"))} style={format!("left:{}%", crate::scene::short((at * 100.0) as f32))}>{ text }</span>
            }
        </div>
    }
}

/// A part of one, to three digits behind the point.
fn thousandths(part: f64) -> String {
    let thousandths = (part * 1000.0).round() as u32;
    format!("{}.{:03}", thousandths / 1000, thousandths % 1000)
}

fn place_thumb(root: &NodeRef, input: &NodeRef, session: &Session, now: Millis, reach: Millis) {
    if let Some(input) = input.cast::<HtmlInputElement>() {
        input.set_max(&reach.to_string());
        input.set_value_as_number(session.shown_ms as f64);
    }
    if let Some(root) = root.cast::<HtmlElement>() {
        let part = |t: Millis| thousandths(t as f64 / reach as f64);
        // Custom properties take any value.
        let _ = root.style().set_property("--past", &part(session.shown_ms));
        let _ = root.style().set_property("--known", &part(now));
    }
}

fn draw_marks(paths: &[NodeRef; 3], marks: &[Mark], reach: Millis) {
    let mut drawn = [String::new(), String::new(), String::new()];
    let mut last = [f64::NEG_INFINITY; 3];
    for mark in marks {
        if mark.at_ms == 0 && matches!(mark.kind, MarkKind::Changed(_)) {
            // How the session began is no change.
            continue;
        }
        let (path, top, height) = match &mark.kind {
            MarkKind::Changed(Change::Lifecycle) => (0, 8, 8),
            MarkKind::Changed(_) => (0, 5, 24),
            MarkKind::Departed(_) => (1, 21, 5),
            MarkKind::Sent(_) => (2, 20, 9),
        };
        let x = mark.at_ms as f64 / reach as f64 * WIDTH;
        if x - last[path] < WIDTH / MARKS_MAX as f64 && path == 1 {
            continue;
        }
        last[path] = x;
        // Writing to a string does not fail.
        let _ = write!(drawn[path], "M{} {top}v{height}", crate::scene::short(x as f32));
    }
    for (node, d) in paths.iter().zip(drawn) {
        if let Some(node) = node.cast::<Element>() {
            let _ = node.set_attribute("d", &d);
        }
    }
}

/// The mark nearest to a place, and what it says.
fn nearest(session: &Session, at: f64) -> Option<(f64, String)> {
    let reach = reach_ms(session.simulation.now_ms().max(session.shown_ms)) as f64;
    let far = |mark: &Mark| (mark.at_ms as f64 / reach - at).abs();
    let mut marks = session.marks();
    marks.retain(|m| m.at_ms > 0 || !matches!(m.kind, MarkKind::Changed(_)));
    let near = |wanted: fn(&MarkKind) -> bool| {
        marks.iter().filter(|m| wanted(&m.kind) && far(m) < NEAR).min_by(|a, b| far(a).total_cmp(&far(b)))
    };
    // Changes are rarer than requests and mean more.
    let mark = near(|k| matches!(k, MarkKind::Changed(_)))
        .or_else(|| near(|k| matches!(k, MarkKind::Sent(_))))
        .or_else(|| near(|k| matches!(k, MarkKind::Departed(_))))?;
    let what = match &mark.kind {
        MarkKind::Changed(change) => words::change(change),
        MarkKind::Departed(number) | MarkKind::Sent(number) => {
            let course = session.courses().iter().find(|c| c.flight.number == *number)?;
            crate::words::reasons::request_title(&course.flight.trace.request)
        }
    };
    Some((mark.at_ms as f64 / reach, format!("{} {what}", words::clock(mark.at_ms))))
}
