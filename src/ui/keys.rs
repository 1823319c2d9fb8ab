//! Keys of the whole page. They hold still while somebody types.

use super::desk::Desk;
use crate::playback::Lens;
use crate::session::Action;
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent};

/// What a key asks of the page itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish {
    /// Present mode on or off.
    Present,
    /// Open the help.
    Help,
    /// Go to the editor.
    Edit,
    /// Leave, close, choose nothing.
    Leave,
}

/// Answers a key; what is left is a wish for the page.
pub fn answer(desk: &Desk, event: &KeyboardEvent) -> Option<Wish> {
    if event.default_prevented() || event.ctrl_key() || event.meta_key() || event.alt_key() {
        return None;
    }
    let target: Option<Element> = event.target().and_then(|t| t.dyn_into().ok());
    let inside =
        |selector: &str| target.as_ref().is_some_and(|t| t.closest(selector).ok().flatten().is_some());
    let key = event.key();
    if inside("dialog") {
        return None;
    }
    if inside("input, textarea, select, [contenteditable=true]") {
        let leave = key == "Escape" && !inside("input[type=range]");
        return leave.then_some(Wish::Leave);
    }
    let session = desk.store.session();
    let (playing, lens, traffic) = (session.playing, session.lens, session.traffic());
    let (first, now) = (session.first_ms(), session.simulation.now_ms());
    drop(session);
    let action = match key.as_str() {
        // A button that has the focus is pressed by it.
        " " if inside("button, a, [role=button], summary") => return None,
        " " => Action::Play(!playing),
        "ArrowRight" => Action::StepForward,
        "ArrowLeft" => Action::StepBack,
        "Home" => Action::Seek(first),
        "End" => Action::Seek(now),
        "l" | "L" => Action::Lens(if lens == Lens::Concept { Lens::Packet } else { Lens::Concept }),
        "t" | "T" => Action::Traffic(!traffic),
        "p" | "P" => return Some(Wish::Present),
        "?" => return Some(Wish::Help),
        "/" => {
            event.prevent_default();
            return Some(Wish::Edit);
        }
        "Escape" => return Some(Wish::Leave),
        _ => return None,
    };
    event.prevent_default();
    desk.dispatch(action);
    None
}
