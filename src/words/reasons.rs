//! Why a hop went as it did, in words.

use crate::routing::{Hop, Outcome, Request, Trace};

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

/// A request as a heading: `GET http://198.51.100.20/`.
#[must_use]
pub fn request_title(request: &Request) -> String {
    let _ = request;
    String::new()
}

/// Where a request comes from, below its heading: `from the internet, 203.0.113.9 · TCP, new connection`.
#[must_use]
pub fn request_subtitle(request: &Request) -> String {
    let _ = request;
    String::new()
}

/// How a request ended, short: `web-x2k answered 200`.
#[must_use]
pub fn outcome(outcome: &Outcome) -> String {
    let _ = outcome;
    String::new()
}
