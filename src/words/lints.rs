//! The sentences of lints: what is wrong, what will happen to a request, what a fix does.

mod sentences;
mod short;
pub mod why_not;

pub use sentences::*;
pub use short::*;
pub use why_not::*;

/// What a lint says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Said {
    /// What is wrong.
    pub message: String,
    /// What will happen to a request, or what to do.
    pub hint: String,
}

impl Said {
    pub(crate) fn new(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { message: message.into(), hint: hint.into() }
    }
}

/// What YAML made of a value that should be text.
#[derive(Clone, Debug, PartialEq)]
pub enum Read {
    /// null
    Nothing,
    /// true or false
    Truth(bool),
    /// A whole number.
    Whole(i64),
    /// Another number.
    Number(f64),
}

/// Why a path can never match.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Never {
    /// It has a `?`: what follows is the query, and no part of the path.
    Query,
    /// It has a `#`, which never leaves the browser.
    Fragment,
    /// It has white space, which no path has.
    Space,
    /// It has a `*`, which is only a star here.
    Star,
    /// It is a regular expression that is not read here, or broken.
    Pattern,
}
