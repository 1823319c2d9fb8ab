//! What every component of the page can reach: the session, the editor, the panels.

use super::editor::bridge::EditorHandle;
use super::store::Store;
use super::tools::Tools;
use crate::lint::why_not::Question;
use crate::session::Action;
use crate::session::examples::{Example, FIRST};
use crate::source::Span;
use yew::prelude::*;

/// A panel of a screen that has no room for all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Panel {
    /// The stage.
    Stage,
    /// The editor.
    Text,
    /// Route and details.
    Route,
}

impl Panel {
    /// For the style sheet.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Stage => "stage",
            Self::Text => "text",
            Self::Route => "route",
        }
    }
}

/// Handles that live as long as the page.
#[derive(Clone, PartialEq)]
pub struct Desk {
    /// The session.
    pub store: Store,
    /// The editor, once it is there.
    pub editor: EditorHandle,
    /// What comes with the editor, once it is there.
    pub tools: Option<Tools>,
    /// Takes in the tools.
    pub equip: Callback<Tools>,
    /// Brings a panel into view.
    pub show: Callback<Panel>,
    /// Opens the sheet that answers *why not*.
    pub ask: Callback<Question>,
}

impl Desk {
    /// Does something.
    pub fn dispatch(&self, action: Action) {
        self.store.dispatch(action);
    }

    /// The examples that are there: the first one at once.
    #[must_use]
    pub fn examples(&self) -> &'static [Example] {
        self.tools.map_or(&[FIRST], |tools| tools.examples)
    }

    /// Whether a text is somebody's own: something, and no example.
    #[must_use]
    pub fn is_own(&self, text: &str) -> bool {
        !text.trim().is_empty() && self.examples().iter().all(|example| example.text != text)
    }

    /// Shows a place of the text in the editor.
    pub fn reveal(&self, span: Span) {
        self.show.emit(Panel::Text);
        let session = self.store.session();
        let (from, to) =
            (session.lines.utf16(&session.text, span.start), session.lines.utf16(&session.text, span.end));
        drop(session);
        self.editor.reveal(from, to);
    }
}

/// The desk of the page.
///
/// # Panics
/// Outside [`super::App`].
#[hook]
pub fn use_desk() -> Desk {
    use_context::<Desk>().expect("components stand inside the page")
}
