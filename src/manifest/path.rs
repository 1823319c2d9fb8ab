//! A path to a field, written as Kubernetes writes it: `spec.ports[0].targetPort`,
//! `metadata.labels[app.kubernetes.io/name]`.

use serde::{Serialize, Serializer};
use std::fmt;
use std::hash::{Hash, Hasher};
use std::rc::Rc;

/// One step of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step<'a> {
    /// A field of a struct: `.spec`
    Field(&'a str),
    /// In brackets: a key of a map, which may hold dots (`[app.kubernetes.io/name]`), or the
    /// number of an item (`[0]`). Only the value that it leads into tells the two apart.
    Inside(&'a str),
}

impl<'a> Step<'a> {
    /// The field, key or number.
    #[must_use]
    pub fn name(self) -> &'a str {
        match self {
            Self::Field(name) | Self::Inside(name) => name,
        }
    }

    /// The number of an item, where it is one.
    #[must_use]
    pub fn index(self) -> Option<usize> {
        match self {
            Self::Field(_) => None,
            Self::Inside(word) => word.parse().ok(),
        }
    }
}

/// A path from an object's root; the empty path is the whole object. Kept as it is written:
/// most paths are made to be shown, if at all, and few are ever gone along. Cheap to clone.
#[derive(Clone)]
pub struct FieldPath(Text);

#[derive(Clone)]
enum Text {
    Constant(&'static str),
    Made(Rc<str>),
}

impl FieldPath {
    /// A path that the program knows: `spec.ports`. Text in brackets is a map key or an item's number.
    #[must_use]
    pub const fn of(text: &'static str) -> Self {
        Self(Text::Constant(text))
    }

    /// Takes a text for a path.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        Self(Text::Made(text.into()))
    }

    /// As Kubernetes writes it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match &self.0 {
            Text::Constant(text) => text,
            Text::Made(text) => text,
        }
    }

    /// Its steps, from the object's root on.
    #[must_use]
    pub fn steps(&self) -> Steps<'_> {
        Steps { rest: self.as_str() }
    }

    /// Whether it leads to this field or on from it.
    #[must_use]
    pub fn starts_with(&self, front: &str) -> bool {
        let rest = self.as_str().strip_prefix(front);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
    }

    /// Its last step and the path above; `None` for the whole object.
    #[must_use]
    pub fn split_last(&self) -> Option<(Self, Step<'_>)> {
        let text = self.as_str();
        let mut steps = self.steps();
        let mut above = 0;
        let mut last = None;
        loop {
            let here = text.len() - steps.rest.len();
            let Some(step) = steps.next() else { break };
            above = here;
            last = Some(step);
        }
        last.map(|step| (Self::parse(&text[..above]), step))
    }

    /// This path and one field more.
    #[must_use]
    pub fn field(&self, name: &str) -> Self {
        let dot = if self.as_str().is_empty() { "" } else { "." };
        self.with(&[dot, name])
    }

    /// This path and one list index more.
    #[must_use]
    pub fn index(&self, index: usize) -> Self {
        let mut digits = [0; 20];
        let mut at = digits.len();
        let mut rest = index;
        loop {
            at -= 1;
            digits[at] = b'0' + (rest % 10) as u8;
            rest /= 10;
            if rest == 0 {
                break;
            }
        }
        self.key(std::str::from_utf8(&digits[at..]).unwrap_or(""))
    }

    /// This path and one map key more.
    #[must_use]
    pub fn key(&self, key: &str) -> Self {
        self.with(&["[", key, "]"])
    }

    /// This path and one field more, whose name may be any text: one that reads like a path of
    /// its own is set in brackets.
    #[must_use]
    pub fn any_field(&self, name: &str) -> Self {
        if name.is_empty() || name.contains(['.', '[', ']']) { self.key(name) } else { self.field(name) }
    }

    /// This path and then another one.
    #[must_use]
    pub fn join(&self, below: &Self) -> Self {
        match (self.as_str(), below.as_str()) {
            ("", _) => below.clone(),
            (_, "") => self.clone(),
            (_, below) => self.with(&[if below.starts_with('[') { "" } else { "." }, below]),
        }
    }

    fn with(&self, more: &[&str]) -> Self {
        let mut text =
            String::with_capacity(self.as_str().len() + more.iter().map(|part| part.len()).sum::<usize>());
        text.push_str(self.as_str());
        for part in more {
            text.push_str(part);
        }
        Self(Text::Made(text.into()))
    }
}

/// The steps of a path, one after the other.
#[derive(Clone, Debug)]
pub struct Steps<'a> {
    rest: &'a str,
}

impl<'a> Iterator for Steps<'a> {
    type Item = Step<'a>;

    fn next(&mut self) -> Option<Step<'a>> {
        // Whatever stands between dots and brackets is a step; a stray mark is none.
        let bytes = self.rest.as_bytes();
        let dots = bytes.iter().position(|&b| !matches!(b, b'.' | b']'))?;
        let start = &self.rest[dots..];
        if let Some(inner) = start.strip_prefix('[') {
            let closes = |&at: &usize| {
                inner.as_bytes()[at] == b']'
                    && matches!(inner.as_bytes().get(at + 1), None | Some(b'.' | b'['))
            };
            let end = (0..inner.len()).find(closes).unwrap_or(inner.len());
            self.rest = inner.get(end + 1..).unwrap_or("");
            return Some(Step::Inside(&inner[..end]));
        }
        let end = start.bytes().position(|b| matches!(b, b'.' | b'[')).unwrap_or(start.len());
        self.rest = &start[end..];
        Some(Step::Field(&start[..end]))
    }
}

impl Default for FieldPath {
    fn default() -> Self {
        Self::of("")
    }
}

impl From<&'static str> for FieldPath {
    fn from(text: &'static str) -> Self {
        Self::of(text)
    }
}

impl From<&String> for FieldPath {
    fn from(text: &String) -> Self {
        Self::parse(text)
    }
}

impl PartialEq for FieldPath {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for FieldPath {}

impl Hash for FieldPath {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

impl fmt::Debug for FieldPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for FieldPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for FieldPath {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_writes_as_kubernetes_does() {
        for text in ["", "spec.ports[0].targetPort", "metadata.labels[app.kubernetes.io/name]", "a[0][1].b"] {
            let path = FieldPath::parse(text);
            assert_eq!(path.to_string(), text);
            let again = path.steps().fold(FieldPath::default(), |path, step| match step {
                Step::Field(name) => path.field(name),
                Step::Inside(word) => path.key(word),
            });
            assert_eq!(again, path);
        }
    }

    #[test]
    fn goes_step_by_step() {
        let path = FieldPath::of("metadata").field("labels").any_field("a.b/c").index(120);
        let steps: Vec<_> = path.steps().collect();
        assert_eq!(
            steps,
            [Step::Field("metadata"), Step::Field("labels"), Step::Inside("a.b/c"), Step::Inside("120")]
        );
        assert_eq!(steps[3].index(), Some(120));
        let (above, last) = path.split_last().unwrap();
        assert_eq!((above.as_str(), last.name()), ("metadata.labels[a.b/c]", "120"));
        assert_eq!(FieldPath::default().split_last(), None);
        assert_eq!(FieldPath::of("a").join(&FieldPath::of("[0].b")).as_str(), "a[0].b");
        assert_eq!(FieldPath::of("a").join(&FieldPath::of("b")), FieldPath::of("a.b"));
    }
}
