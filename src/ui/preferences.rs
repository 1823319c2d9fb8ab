//! How a person wants the page to look.

use super::storage;
use crate::words::ui as words;

/// Colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the system has them.
    #[default]
    Auto,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Theme {
    /// As it was left.
    #[must_use]
    pub fn kept() -> Self {
        match storage::theme().as_deref() {
            Some("light") => Self::Light,
            Some("dark") => Self::Dark,
            _ => Self::Auto,
        }
    }

    /// For attributes and storage.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// What it is called.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Auto => words::THEME_AUTO,
            Self::Light => words::THEME_LIGHT,
            Self::Dark => words::THEME_DARK,
        }
    }

    /// The next one in turn.
    #[must_use]
    pub const fn next(self) -> Self {
        match self {
            Self::Auto => Self::Light,
            Self::Light => Self::Dark,
            Self::Dark => Self::Auto,
        }
    }

    /// Puts it on the page and keeps it.
    pub fn apply(self) {
        storage::set_theme(self.id());
        let Some(root) = gloo::utils::document().document_element() else { return };
        // An attribute of a known name cannot be refused.
        let _ = match self {
            Self::Auto => root.remove_attribute("data-theme"),
            _ => root.set_attribute("data-theme", self.id()),
        };
    }
}
