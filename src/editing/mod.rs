//! What the editor may offer at the cursor ([`complete`]) and say about a word ([`hover`]).
//!
//! Both work while the text is not YAML yet: a forgiving reading of the one document
//! around the cursor says which field it is in, the schema which fields and words may
//! stand there, and the cluster which names, labels and ports exist. Nothing is changed
//! and no other document is read, so that it is quick in a large text.

mod block;
mod complete;
mod flow;
mod hover;
mod keys;
mod labels;
mod outline;
mod place;
mod snippets;
mod values;

#[cfg(test)]
mod tests;

pub use complete::complete;
pub use hover::hover;

use crate::source::Span;
use serde::Serialize;

/// What an entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A whole object.
    Object,
    /// A field's name, or a label's key.
    Key,
    /// A value from a fixed list.
    Word,
    /// The name of something that exists in the cluster.
    Name,
}

/// One thing that may be written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Completion {
    /// What the list shows and what typing is compared with.
    pub label: String,
    /// A word beside it: a type, what has that name.
    pub detail: String,
    /// What is written in the place of the word at the cursor.
    pub insert: String,
    /// What it is.
    pub kind: Kind,
}

/// What may be written at the cursor, best first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Completions {
    /// First byte of the word that is replaced; its end is the cursor.
    pub from: u32,
    /// At least one.
    pub items: Vec<Completion>,
}

/// What there is to say about a word of the text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Hover {
    /// The word.
    pub span: Span,
    /// The field: `Service spec.ports[].targetPort`.
    pub title: String,
    /// Sentences; paragraphs are parted by line breaks.
    pub text: String,
}
