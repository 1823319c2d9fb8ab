//! What the browser keeps: the text and the theme. A tab has its own text first; the last
//! text of any tab is what a new tab opens with. Every call may fail and says so.

use std::cell::RefCell;
use std::rc::Rc;
use web_sys::Storage;

const TEXT: &str = "portolan/text";
const THEME: &str = "portolan/theme";
const NOTE: &str = "portolan/note";

thread_local! {
    /// The text as it was typed last, for saving at the very end.
    static LATEST: RefCell<Option<Rc<str>>> = const { RefCell::new(None) };
}

fn tab() -> Option<Storage> {
    web_sys::window()?.session_storage().ok().flatten()
}

fn browser() -> Option<Storage> {
    web_sys::window()?.local_storage().ok().flatten()
}

fn read(key: &str) -> Option<String> {
    let own = tab().and_then(|s| s.get_item(key).ok().flatten());
    own.or_else(|| browser().and_then(|s| s.get_item(key).ok().flatten()))
}

fn write(key: &str, value: &str) -> bool {
    let in_tab = tab().is_some_and(|s| s.set_item(key, value).is_ok());
    let in_browser = browser().is_some_and(|s| s.set_item(key, value).is_ok());
    in_tab || in_browser
}

/// The text of last time, with plain line ends.
#[must_use]
pub fn text() -> Option<String> {
    read(TEXT)
        .filter(|text| !text.trim().is_empty())
        .map(|text| text.replace("\r\n", "\n").replace('\r', "\n"))
}

/// Remembers a text that has not been saved yet.
pub fn remember(text: &Rc<str>) {
    // Somebody who reads it at this moment is saving it: nothing is lost.
    LATEST.with(|latest| {
        if let Ok(mut latest) = latest.try_borrow_mut() {
            *latest = Some(text.clone());
        }
    });
}

/// Saves what is remembered; false where the browser does not take it.
pub fn save() -> bool {
    match latest() {
        Some(text) => write(TEXT, &text),
        None => true,
    }
}

/// What is remembered and was perhaps never saved.
#[must_use]
pub fn latest() -> Option<Rc<str>> {
    LATEST.with(|latest| latest.try_borrow().ok().and_then(|text| text.clone()))
}

/// The theme: `light`, `dark` or, for the system's, nothing.
#[must_use]
pub fn theme() -> Option<String> {
    read(THEME)
}

/// Keeps the theme; a browser that does not simply forgets it.
pub fn set_theme(theme: &str) {
    let _ = write(THEME, theme);
}

/// Whether the note of what to look for was closed in this tab.
#[must_use]
pub fn note_closed() -> bool {
    tab().and_then(|s| s.get_item(NOTE).ok().flatten()).is_some()
}

/// Keeps whether it was closed.
pub fn set_note_closed(closed: bool) {
    let Some(tab) = tab() else { return };
    // Only a convenience: without it the note is open next time.
    let _ = if closed { tab.set_item(NOTE, "closed") } else { tab.remove_item(NOTE) };
}
