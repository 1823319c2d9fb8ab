//! The end that should never come: a calm message, and the text is safe.

use super::storage;
use crate::words::ui as words;
use wasm_bindgen::{JsCast, JsValue};

/// From now on a panic shows the text and a way to go on.
pub fn install() {
    std::panic::set_hook(Box::new(|panic| {
        // The console is for whoever reports it; nothing else can be done about a failure here.
        web_sys::console::error_1(&JsValue::from_str(&panic.to_string()));
        storage::save();
        let _ = show();
    }));
}

fn show() -> Option<()> {
    let document = web_sys::window()?.document()?;
    let body = document.body()?;
    let make = |tag: &str, class: &str, text: &str| {
        let element = document.create_element(tag).ok()?;
        element.set_class_name(class);
        element.set_text_content(Some(text));
        Some(element)
    };
    let place = make("div", "crash", "")?;
    place.set_attribute("role", "alertdialog").ok()?;
    place.set_attribute("aria-label", words::CRASH).ok()?;
    place.append_child(&make("h1", "", words::CRASH)?.into()).ok()?;
    place.append_child(&make("p", "", words::CRASH_MORE)?.into()).ok()?;
    let text: web_sys::HtmlTextAreaElement = make("textarea", "crash-text", "")?.dyn_into().ok()?;
    text.set_attribute("aria-label", words::EDITOR).ok()?;
    text.set_attribute("readonly", "").ok()?;
    text.set_value(storage::latest().as_deref().unwrap_or_default());
    place.append_child(&text).ok()?;
    // The program is over: the browser itself has to reload.
    let again = make("a", "button primary", words::RELOAD)?;
    let here = web_sys::window()?.location().href().ok()?;
    again.set_attribute("href", here.split('#').next().unwrap_or("")).ok()?;
    place.append_child(&again).ok()?;
    body.append_child(&place).ok()?;
    let again: web_sys::HtmlElement = again.dyn_into().ok()?;
    let _ = again.focus();
    Some(())
}
