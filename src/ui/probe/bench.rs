//! Measures the page from inside: `window.portolan.bench(name, n, text)`.

use crate::cluster::{Cluster, PodFates};
use crate::manifest::Manifest;
use crate::proxy::Tables;
use crate::session::{Action, CHECKS, Session};
use crate::ui::desk::Desk;
use crate::ui::editor::bridge::object;
use std::rc::Rc;
use wasm_bindgen::JsValue;

/// Requests under way while frames are measured.
const UNDER_WAY: usize = 500;
const SEED: u64 = 1;
/// How long what is timed at once should take.
const SAMPLE_MS: f64 = 10.0;

fn now_ms() -> f64 {
    gloo::utils::window().performance().map_or(0.0, |p| p.now())
}

/// Lets everything happen that is due before the next frame: Yew renders in microtasks.
async fn rendered() {
    for _ in 0..4 {
        // A promise that is resolved does not fail.
        let _ = wasm_bindgen_futures::JsFuture::from(js_sys::Promise::resolve(&JsValue::NULL)).await;
    }
}

fn spread(mut times_ms: Vec<f64>) -> JsValue {
    crate::sort::by(&mut times_ms, f64::total_cmp);
    let at = |part: f64| {
        let last = times_ms.len().saturating_sub(1);
        times_ms.get((last as f64 * part).round() as usize).copied().unwrap_or(0.0)
    };
    object(&[("p50", at(0.5).into()), ("p95", at(0.95).into()), ("unit", "ms".into())])
}

/// Runs one measurement; null for a name that is not known.
pub async fn run(desk: &Desk, name: &str, n: u32, text: Option<String>) -> JsValue {
    desk.store.settle();
    let text = text.unwrap_or_else(|| desk.store.session().text.to_string());
    match name {
        "key_to_stage" | "keyToStage" => key_to_stage(desk, n, &text).await,
        "pipeline" => pipeline(n, &text),
        "routes" => routes(n, &text),
        "frame" | "frames" => frames(desk, n, &text).await,
        _ => JsValue::NULL,
    }
}

/// A key press that renames the last object of the text, until all of the page shows it.
async fn key_to_stage(desk: &Desk, n: u32, text: &str) -> JsValue {
    let at = text.rfind("\n  name: ").map_or(text.len(), |i| {
        let line = i + 1;
        line + text[line..].find('\n').unwrap_or(text.len() - line)
    });
    let typed: Rc<str> = format!("{}x{}", &text[..at], &text[at..]).into();
    let plain: Rc<str> = text.into();
    let before = desk.store.exchange(Session::open(text, None, SEED).reduce(Action::Play(false)));
    rendered().await;
    let mut times_ms = Vec::new();
    for i in 0..n {
        let next = if i % 2 == 0 { typed.clone() } else { plain.clone() };
        let start = now_ms();
        desk.store.typed(next);
        desk.store.settle();
        rendered().await;
        desk.store.draw(start);
        // Asking for a height makes the browser lay out what has changed.
        std::hint::black_box(gloo::utils::body().offset_height());
        times_ms.push(now_ms() - start);
    }
    desk.store.exchange(before);
    spread(times_ms)
}

/// Text → diagnostics and cluster, from nothing.
fn pipeline(n: u32, text: &str) -> JsValue {
    let measure = |at_once: u32| {
        let start = now_ms();
        for _ in 0..at_once {
            let manifest = (CHECKS.read)(std::hint::black_box(text), &Manifest::default());
            let empty = Cluster::ruled_by(CHECKS.control_plane);
            let cluster = Cluster::next(&empty, &manifest, &PodFates::default());
            std::hint::black_box((CHECKS.judge)(&manifest, &manifest, &cluster));
        }
        (now_ms() - start) / f64::from(at_once)
    };
    // The browser's clock ticks in tenths of a millisecond: several at once, where one is short.
    let at_once = (SAMPLE_MS / measure(8).max(0.01)).ceil().max(1.0) as u32;
    spread((0..n).map(|_| measure(at_once)).collect())
}

/// Requests that the cluster invites, in turn.
fn routes(n: u32, text: &str) -> JsValue {
    let session = Session::open(text, None, SEED);
    let network = session.network();
    let requests = network.invited();
    if requests.is_empty() {
        return JsValue::NULL;
    }
    let mut tables = Tables::default();
    let start = now_ms();
    for i in 0..n {
        let request = &requests[i as usize % requests.len()];
        let (trace, next) = network.route(request, &tables, u64::from(i), u64::from(i));
        std::hint::black_box(trace);
        tables = next;
    }
    let seconds = (now_ms() - start) / 1_000.0;
    object(&[("value", (f64::from(n) / seconds.max(1e-9)).into()), ("unit", "requests/s".into())])
}

/// Script time of a frame while many requests are under way.
async fn frames(desk: &Desk, n: u32, text: &str) -> JsValue {
    let mut session = Session::open(text, None, SEED);
    let requests = session.network().invited();
    if requests.is_empty() {
        return JsValue::NULL;
    }
    session.update(Action::Traffic(false));
    for request in requests.iter().cycle().take(UNDER_WAY) {
        session.update(Action::Send(request.clone()));
        session.update(Action::Tick { elapsed_ms: 1.0 });
    }
    let full = session.clone();
    let before = desk.store.exchange(session);
    // Long enough for the page to lay out the other chart: on the one before, hardly a mark has a place.
    gloo::timers::future::TimeoutFuture::new(300).await;
    desk.store.exchange(full.clone());
    rendered().await;
    let mut times_ms = Vec::new();
    for i in 0..n {
        if desk.store.session().under_way().count() < UNDER_WAY * 9 / 10 {
            desk.store.exchange(full.clone());
            rendered().await;
        }
        let start = now_ms();
        desk.store.dispatch(Action::Tick { elapsed_ms: 16.7 });
        desk.store.draw(f64::from(i) * 16.7);
        rendered().await;
        times_ms.push(now_ms() - start);
    }
    desk.store.exchange(before);
    spread(times_ms)
}
