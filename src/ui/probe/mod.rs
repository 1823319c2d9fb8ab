//! `window.portolan`: what tests and benches may ask of a running page. Not for the page itself.

mod bench;

use super::desk::Desk;
use super::editor::bridge::object;
use crate::playback::Lens;
use crate::session::draft::{CLIENT_OUTSIDE, Draft, Flaw};
use crate::session::{Action, Course};
use crate::words::ui as words;
use serde::Serialize;
use wasm_bindgen::prelude::*;

/// Closures that JavaScript holds while the page lives.
pub struct Probe {
    _ask: [Closure<dyn FnMut() -> JsValue>; 4],
    _tell: [Closure<dyn FnMut(JsValue) -> JsValue>; 5],
    _bench: Closure<dyn FnMut(String, f64, Option<String>) -> js_sys::Promise>,
}

/// A request as tests see it.
#[derive(Serialize)]
struct Kept<'a> {
    number: u32,
    departed_ms: u64,
    by_hand: bool,
    trace: &'a crate::routing::Trace,
}

impl<'a> Kept<'a> {
    fn of(course: &'a Course) -> Self {
        let flight = &course.flight;
        Self {
            number: flight.number,
            departed_ms: flight.departed_ms,
            by_hand: flight.by_hand,
            trace: &flight.trace,
        }
    }
}

fn json(value: &impl Serialize) -> JsValue {
    serde_json::to_string(value).map_or(JsValue::NULL, |text| text.into())
}

/// Puts `window.portolan` in place.
pub fn install(desk: &Desk) -> Probe {
    let ask = |answer: fn(&Desk) -> JsValue| {
        let desk = desk.clone();
        Closure::<dyn FnMut() -> JsValue>::new(move || {
            desk.store.settle();
            answer(&desk)
        })
    };
    let tell = |answer: fn(&Desk, JsValue) -> JsValue| {
        let desk = desk.clone();
        Closure::<dyn FnMut(JsValue) -> JsValue>::new(move |value| answer(&desk, value))
    };
    let asks = [
        ask(state),
        ask(|desk| {
            let session = desk.store.session();
            session.followed().map_or(JsValue::NULL, |course| json(&course.flight.trace))
        }),
        ask(|desk| {
            let session = desk.store.session();
            json(&session.courses().iter().map(|course| Kept::of(course)).collect::<Vec<_>>())
        }),
        ask(|desk| json(&*desk.store.session().problems)),
    ];
    let tells = [
        tell(send),
        tell(|desk, text| {
            let text = text.as_string().unwrap_or_default();
            desk.dispatch(Action::Edit(text.into()));
            JsValue::UNDEFINED
        }),
        tell(|desk, t_ms| {
            desk.dispatch(Action::Seek(t_ms.as_f64().unwrap_or(0.0).max(0.0) as u64));
            JsValue::UNDEFINED
        }),
        tell(|desk, on| {
            desk.dispatch(Action::Play(on.is_truthy()));
            JsValue::UNDEFINED
        }),
        tell(|desk, ms| {
            // Lets simulated time go by without a frame.
            let playing = desk.store.session().playing;
            desk.dispatch(Action::Play(true));
            let speed = f64::from(desk.store.session().speed_percent) / 100.0;
            let mut rest = ms.as_f64().unwrap_or(0.0) / speed;
            while rest > 0.0 {
                desk.dispatch(Action::Tick { elapsed_ms: rest.min(1_000.0) });
                rest -= 1_000.0;
            }
            desk.dispatch(Action::Play(playing));
            JsValue::UNDEFINED
        }),
    ];
    let bench = {
        let desk = desk.clone();
        Closure::<dyn FnMut(String, f64, Option<String>) -> js_sys::Promise>::new(
            move |name: String, n: f64, text| {
                let desk = desk.clone();
                wasm_bindgen_futures::future_to_promise(async move {
                    Ok(bench::run(&desk, &name, n.clamp(1.0, 1e7) as u32, text).await)
                })
            },
        )
    };
    let asked = ["state", "trace", "traces", "problems"].into_iter().zip(asks.iter().map(AsRef::as_ref));
    let told =
        ["sendRequest", "edit", "seek", "play", "advance"].into_iter().zip(tells.iter().map(AsRef::as_ref));
    let mut place: Vec<(&str, JsValue)> =
        asked.chain(told).map(|(name, f): (_, &JsValue)| (name, f.clone())).collect();
    place.push(("bench", bench.as_ref().clone()));
    // The window takes any property.
    let _ = js_sys::Reflect::set(&gloo::utils::window(), &"portolan".into(), &object(&place));
    Probe { _ask: asks, _tell: tells, _bench: bench }
}

fn state(desk: &Desk) -> JsValue {
    let session = desk.store.session();
    let view = session.view();
    object(&[
        ("shown_ms", (session.shown_ms as f64).into()),
        ("now_ms", (session.simulation.now_ms() as f64).into()),
        ("playing", session.playing.into()),
        ("lens", if view.lens == Lens::Concept { "concept" } else { "packet" }.into()),
        ("problems", (session.problems.len() as u32).into()),
        ("selected", view.selected.as_ref().map_or(JsValue::NULL, |o| words::object(o).into())),
        ("followed", view.followed.as_ref().map_or(JsValue::NULL, |c| c.flight.number.into())),
        ("hop", view.current().map_or(JsValue::NULL, |h| (h as u32).into())),
        ("traffic", view.traffic.into()),
        ("text", (&*session.text).into()),
        ("served", view.tally.served.into()),
        ("refused", view.tally.refused.into()),
        ("dropped", view.tally.dropped.into()),
    ])
}

/// Sends what `{from, to, port, protocol, host, path}` says; answers with its number, or
/// with the name of the field that is not right.
fn send(desk: &Desk, wanted: JsValue) -> JsValue {
    let field = |name: &str| {
        let value = js_sys::Reflect::get(&wanted, &name.into()).unwrap_or(JsValue::UNDEFINED);
        value.as_string().or_else(|| value.as_f64().map(|n| n.to_string())).unwrap_or_default()
    };
    let from = match field("from").as_str() {
        "" | "internet" => format!("internet/{CLIENT_OUTSIDE}"),
        from => from.to_owned(),
    };
    let draft = Draft {
        from,
        to: field("to"),
        port: field("port"),
        protocol: field("protocol"),
        host: field("host"),
        path: field("path"),
    };
    match draft.request() {
        Ok(request) => {
            desk.dispatch(Action::Send(request));
            desk.store.session().chosen.map_or(JsValue::NULL, JsValue::from)
        }
        Err(flaw) => match flaw {
            Flaw::From => "from",
            Flaw::To => "to",
            Flaw::Port => "port",
            Flaw::Protocol => "protocol",
            Flaw::Host => "host",
        }
        .into(),
    }
}
