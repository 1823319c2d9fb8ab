//! A path to a field, written as Kubernetes writes it: `spec.ports[0].targetPort`,
//! `metadata.labels[app.kubernetes.io/name]`.

use serde::{Serialize, Serializer};
use std::fmt;
use std::rc::Rc;

/// One step of a path.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Step {
    /// A field of a struct: `.spec`
    Field(Rc<str>),
    /// A key of a map, which may hold dots: `[app.kubernetes.io/name]`
    Key(Rc<str>),
    /// An item of a list: `[0]`
    Index(u32),
}

/// A path from an object's root; the empty path is the whole object. Shared: cheap to clone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FieldPath(pub Rc<[Step]>);

impl FieldPath {
    /// Reads `spec.ports[0].targetPort`. Text in brackets that is not a number is a map key.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let mut steps = Vec::new();
        let mut rest = text;
        while !rest.is_empty() {
            if let Some(inner) = rest.strip_prefix('[') {
                let end = inner.find(']').unwrap_or(inner.len());
                let word = &inner[..end];
                steps.push(match word.parse() {
                    Ok(index) => Step::Index(index),
                    Err(_) => Step::Key(word.into()),
                });
                rest = inner.get(end + 1..).unwrap_or("");
            } else {
                rest = rest.strip_prefix('.').unwrap_or(rest);
                let end = rest.find(['.', '[']).unwrap_or(rest.len());
                if end == 0 {
                    rest = rest.get(1..).unwrap_or("");
                    continue;
                }
                steps.push(Step::Field(rest[..end].into()));
                rest = &rest[end..];
            }
        }
        Self(steps.into())
    }

    /// This path and one field more.
    #[must_use]
    pub fn field(&self, name: &str) -> Self {
        self.with(Step::Field(name.into()))
    }

    /// This path and one list index more.
    #[must_use]
    pub fn index(&self, index: usize) -> Self {
        self.with(Step::Index(index as u32))
    }

    /// This path and one map key more.
    #[must_use]
    pub fn key(&self, key: &str) -> Self {
        self.with(Step::Key(key.into()))
    }

    /// This path and then another one.
    #[must_use]
    pub fn join(&self, below: &Self) -> Self {
        match (self.0.is_empty(), below.0.is_empty()) {
            (true, _) => below.clone(),
            (_, true) => self.clone(),
            _ => Self(self.0.iter().chain(&*below.0).cloned().collect()),
        }
    }

    fn with(&self, step: Step) -> Self {
        Self(self.0.iter().cloned().chain([step]).collect())
    }
}

impl fmt::Display for FieldPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, step) in self.0.iter().enumerate() {
            match step {
                Step::Field(name) if i == 0 => f.write_str(name)?,
                Step::Field(name) => write!(f, ".{name}")?,
                Step::Key(key) => write!(f, "[{key}]")?,
                Step::Index(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}

impl Serialize for FieldPath {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_writes_as_kubernetes_does() {
        for text in ["", "spec.ports[0].targetPort", "metadata.labels[app.kubernetes.io/name]", "a[0][1].b"] {
            assert_eq!(FieldPath::parse(text).to_string(), text);
        }
    }
}
