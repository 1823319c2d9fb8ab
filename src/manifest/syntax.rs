//! What is wrong with broken YAML, in plain words.

use super::yaml::Broken;
use crate::source::Span;

/// Puts the parser's message into words. `at` is the byte where it stopped.
#[must_use]
pub fn explain(text: &str, at: usize, info: &str) -> Broken {
    let at = at.min(text.len());
    let end = text[at..].find('\n').map_or(text.len(), |n| at + n);
    Broken {
        code: "yaml/syntax",
        message: info.into(),
        hint: String::new(),
        span: Span::new(at as u32, end as u32),
    }
}
