//! A parsed document: values with the place of every key and value.

use super::path::{FieldPath, Step};
use crate::source::Span;
use std::rc::Rc;

/// A value and where it stands. Spans count from the document's first byte.
#[derive(Clone, Debug, PartialEq)]
pub struct Tree {
    /// Where the value stands.
    pub span: Span,
    /// The value.
    pub value: Value,
}

/// What a value is, by the rules that `kubectl` reads YAML with (sigs.k8s.io/yaml:
/// YAML 1.1 booleans are text unless `true`/`false`-like, as documented in `read.rs`).
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `null`, `~` or nothing.
    Null,
    /// A truth value.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Any other number.
    Float(f64),
    /// Text.
    Text(Rc<str>),
    /// A list.
    List(Vec<Tree>),
    /// Keys in the order of the text.
    Map(Vec<Entry>),
}

/// A key with its value.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The key.
    pub key: Rc<str>,
    /// Where the key stands.
    pub key_span: Span,
    /// The value.
    pub value: Tree,
}

/// Keys of a map from on which their order counts.
const UNORDERED_MAX: usize = 500;

impl Tree {
    /// The entry of a map, by key; `None` for any other value.
    #[must_use]
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        match &self.value {
            // Nearly all others differ in length or in the first byte, which is quicker to tell.
            Value::Map(entries) => entries.iter().find(|e| {
                let (here, key) = (e.key.as_bytes(), key.as_bytes());
                here.len() == key.len() && here.first() == key.first() && here == key
            }),
            _ => None,
        }
    }

    /// The value of a map's key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Tree> {
        self.entry(key).map(|e| &e.value)
    }

    /// The text of a text value.
    #[must_use]
    pub fn text(&self) -> Option<&Rc<str>> {
        match &self.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Whether two values are the same, wherever they stand and in whatever order their keys are.
    #[must_use]
    pub fn says_the_same(&self, other: &Self) -> bool {
        match (&self.value, &other.value) {
            (Value::List(these), Value::List(those)) => {
                these.len() == those.len() && these.iter().zip(those).all(|(a, b)| a.says_the_same(b))
            }
            (Value::Map(these), Value::Map(those)) => {
                // Nearly always the order is the same. In another one each key is looked for, if
                // they are not very many: then the order makes a difference, which harms nobody.
                let same = |(here, entry): (&Entry, &Entry)| {
                    let value = match here.key == entry.key {
                        true => Some(&here.value),
                        false if those.len() > UNORDERED_MAX => None,
                        false => other.get(&entry.key),
                    };
                    value.is_some_and(|value| value.says_the_same(&entry.value))
                };
                these.len() == those.len() && those.iter().zip(these).all(same)
            }
            (this, that) => this == that,
        }
    }

    /// The items of a list; empty for any other value.
    #[must_use]
    pub fn items(&self) -> &[Tree] {
        match &self.value {
            Value::List(items) => items,
            _ => &[],
        }
    }

    /// The entries of a map; empty for any other value.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        match &self.value {
            Value::Map(entries) => entries,
            _ => &[],
        }
    }

    /// Where a field stands: from its key to the end of its value. Where the
    /// field is absent: the key of the nearest field above it that is there.
    #[must_use]
    pub fn locate(&self, path: &FieldPath) -> Span {
        let mut here = self;
        let mut full = self.span;
        let mut short = match self.entries().first() {
            Some(first) => first.key_span,
            None => self.span,
        };
        for step in path.steps() {
            let Some((key, value)) = here.step(step) else { return short };
            full = key.map_or(value.span, |key| Span::new(key.start, value.span.end.max(key.end)));
            short = key.unwrap_or_else(|| value.entries().first().map_or(value.span, |e| e.key_span));
            here = value;
        }
        full
    }

    /// One step down: the value, and its key where it has one.
    #[must_use]
    pub fn step(&self, step: Step<'_>) -> Option<(Option<Span>, &Self)> {
        if let Value::List(items) = &self.value {
            return Some((None, items.get(step.index()?)?));
        }
        let entry = self.entry(step.name())?;
        Some((Some(entry.key_span), &entry.value))
    }

    /// The value at the end of a path.
    #[must_use]
    pub fn at(&self, path: &FieldPath) -> Option<&Self> {
        path.steps().try_fold(self, |here, step| Some(here.step(step)?.1))
    }
}
