//! `window.portolan`: what tests and benches may ask of a running page. Not for the page itself.

use super::desk::Desk;
use super::editor::bridge::object;
use wasm_bindgen::prelude::*;

/// Closures that JavaScript holds while the page lives.
pub struct Probe {
    _state: Closure<dyn FnMut() -> JsValue>,
}

/// Puts `window.portolan` in place.
pub fn install(desk: &Desk) -> Probe {
    let state = {
        let desk = desk.clone();
        Closure::<dyn FnMut() -> JsValue>::new(move || {
            desk.store.settle();
            let session = desk.store.session();
            let view = session.view();
            object(&[
                ("shown_ms", (session.shown_ms as f64).into()),
                ("playing", session.playing.into()),
                (
                    "lens",
                    if view.lens == crate::playback::Lens::Concept { "concept" } else { "packet" }.into(),
                ),
                ("problems", (session.problems.len() as u32).into()),
                (
                    "selected",
                    view.selected.as_ref().map_or(JsValue::NULL, |o| crate::words::ui::object(o).into()),
                ),
                ("followed", view.followed.as_ref().map_or(JsValue::NULL, |c| c.flight.number.into())),
                ("hop", view.hop.map_or(JsValue::NULL, |h| (h as u32).into())),
            ])
        })
    };
    let place = object(&[("state", state.as_ref().clone())]);
    // The window takes any property.
    let _ = js_sys::Reflect::set(&gloo::utils::window(), &"portolan".into(), &place);
    Probe { _state: state }
}
