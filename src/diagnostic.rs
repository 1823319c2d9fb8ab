//! A problem found in a text, as data: what, how bad, which object and field, where.
//!
//! This file never prints and never decides what is a problem.

use crate::manifest::{FieldPath, ObjectRef};
use crate::source::Span;
use serde::Serialize;

/// How much a problem matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Kubernetes refuses the object, or the text has no meaning.
    Error,
    /// Kubernetes accepts it, and a request will very probably not do what was meant.
    Warning,
    /// Worth knowing.
    Info,
}

/// A change to the text that would mend a problem.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fix {
    /// What the change does, for a button: `Change to "app: api"`.
    pub title: String,
    /// Replacements in the whole text, none overlapping another. None at all: the text stays,
    /// and the problem's object is deleted and made anew from it.
    pub edits: Vec<(Span, String)>,
}

impl Fix {
    /// Mends by making the object anew.
    #[must_use]
    pub const fn recreate(title: String) -> Self {
        Self { title, edits: Vec::new() }
    }

    /// Whether it makes the object anew instead of changing the text.
    #[must_use]
    pub const fn recreates(&self) -> bool {
        self.edits.is_empty()
    }
}

/// One problem.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Diagnostic {
    /// A stable code: `yaml/syntax`, `schema/unknown-field`, `validation/invalid`, `lint/selector-matches-nothing`.
    pub code: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// What is wrong, in words; for `validation/*` exactly the API server's message.
    pub message: String,
    /// What will happen to a request, or what to do; empty where the message says it all.
    pub hint: String,
    /// The object it is about, where there is one.
    pub object: Option<ObjectRef>,
    /// The field it is about; empty for a whole object or text.
    pub path: FieldPath,
    /// Where, in bytes of the whole text.
    pub span: Span,
    /// Fields of other objects that take part.
    pub related: Vec<Related>,
    /// Changes that would mend it, best first.
    pub fixes: Vec<Fix>,
}

/// Another field that takes part in a problem.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Related {
    /// The object.
    pub object: ObjectRef,
    /// Its field.
    pub path: FieldPath,
    /// Where, in bytes of the whole text.
    pub span: Span,
    /// What part it takes.
    pub message: String,
}

/// A text after a fix; edits that do not fit the text are left out.
#[must_use]
pub fn mended(text: &str, fix: &Fix) -> String {
    let mut edits: Vec<_> = fix.edits.iter().collect();
    crate::sort::by_key(&mut edits, |(span, _)| std::cmp::Reverse(span.start));
    let mut mended = text.to_owned();
    for (span, insert) in edits {
        let range = span.start as usize..span.end as usize;
        if mended.get(range.clone()).is_some() {
            mended.replace_range(range, insert);
        }
    }
    mended
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fix_changes_all_its_places_and_nothing_else() {
        let edits = vec![
            (Span::new(0, 1), "xy".into()),
            (Span::new(3, 4), String::new()),
            (Span::new(90, 99), "!".into()),
        ];
        let fix = Fix { title: String::new(), edits };
        assert_eq!(mended("abcd", &fix), "xybc");
        let inside = Fix { title: String::new(), edits: vec![(Span::new(1, 2), "x".into())] };
        assert_eq!(mended("ä", &inside), "ä", "inside a character");
    }
}
