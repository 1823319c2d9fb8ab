//! The way down to a field while an object is looked through.

use crate::manifest::FieldPath;

/// A field, by the way down to it, which stays on the stack: a path is made of it only for an
/// error, and most objects have none.
#[derive(Clone, Copy)]
pub(crate) struct At<'a> {
    above: Option<&'a At<'a>>,
    step: Step<'a>,
}

#[derive(Clone, Copy)]
enum Step<'a> {
    Field(&'a str),
    Key(&'a str),
    Index(usize),
}

impl At<'_> {
    /// A field of the object itself; empty for the object.
    pub(crate) const fn of(name: &str) -> At<'_> {
        At { above: None, step: Step::Field(name) }
    }

    /// A field below.
    pub(crate) const fn field<'b>(&'b self, name: &'b str) -> At<'b> {
        At { above: Some(self), step: Step::Field(name) }
    }

    /// A key of a map.
    pub(crate) const fn key<'b>(&'b self, key: &'b str) -> At<'b> {
        At { above: Some(self), step: Step::Key(key) }
    }

    /// An item of a list.
    pub(crate) const fn index(&self, index: usize) -> At<'_> {
        At { above: Some(self), step: Step::Index(index) }
    }

    /// The path of it.
    pub(crate) fn path(&self) -> FieldPath {
        let above = self.above.map(At::path).unwrap_or_default();
        match self.step {
            Step::Field(name) => above.field(name),
            Step::Key(key) => above.key(key),
            Step::Index(index) => above.index(index),
        }
    }
}

impl From<At<'_>> for FieldPath {
    fn from(at: At<'_>) -> Self {
        at.path()
    }
}
