//! Why a hop went as it did, in words.

use crate::routing::{Hop, Trace};

/// A hop in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HopWords {
    /// What happened, short: `node-b's rules`.
    pub title: String,
    /// Why, one or two sentences.
    pub why: String,
    /// What would mend a failure; empty for hops that go well.
    pub fix: String,
}

/// Puts one hop of a trace into words.
#[must_use]
pub fn hop(trace: &Trace, hop: &Hop) -> HopWords {
    let _ = (trace, hop);
    HopWords { title: String::new(), why: String::new(), fix: String::new() }
}
