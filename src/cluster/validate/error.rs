//! One error of validation, as the API server tells it.
//! Models apimachinery pkg/util/validation/field/errors.go.

use crate::manifest::{FieldPath, Labels};
use std::fmt::{self, Write};
use std::rc::Rc;

/// What kind of error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ErrorKind {
    /// It must be there.
    Required,
    /// It is malformed.
    Invalid,
    /// It is none of the words that may stand there.
    NotSupported,
    /// It may not be there as things are.
    Forbidden,
    /// It is there twice.
    Duplicate,
    /// It is too long.
    TooLong,
    /// There are too many.
    TooMany,
}

impl ErrorKind {
    /// As the API server says it.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Required => "Required value",
            Self::Invalid => "Invalid value",
            Self::NotSupported => "Unsupported value",
            Self::Forbidden => "Forbidden",
            Self::Duplicate => "Duplicate value",
            Self::TooLong => "Too long",
            Self::TooMany => "Too many",
        }
    }

    /// The code of a [`crate::diagnostic::Diagnostic`].
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Required => "validation/required",
            Self::Invalid => "validation/invalid",
            Self::NotSupported => "validation/not-supported",
            Self::Forbidden => "validation/forbidden",
            Self::Duplicate => "validation/duplicate",
            Self::TooLong => "validation/too-long",
            Self::TooMany => "validation/too-many",
        }
    }
}

/// The value at fault, as the API server prints it (JSON for lists and maps, since 1.33).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BadValue {
    /// Not printed.
    None,
    /// `null`
    Null,
    /// Of Go's type `string`: printed in quotes.
    Text(Rc<str>),
    /// Of a type that is made of `string`, or a pointer: printed as JSON.
    Word(Rc<str>),
    /// A number.
    Int(i64),
    /// A list of texts.
    Texts(Vec<Rc<str>>),
    /// A map of texts.
    Map(Labels),
    /// JSON already.
    Json(String),
}

impl BadValue {
    /// A text.
    #[must_use]
    pub fn text(text: &str) -> Self {
        Self::Text(text.into())
    }

    /// A text that may be missing.
    #[must_use]
    pub fn optional(text: Option<&Rc<str>>) -> Self {
        text.map_or(Self::Null, |t| Self::Word(t.clone()))
    }
}

/// Whether the key or the value of a field is at fault.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Part {
    /// The value.
    #[default]
    Value,
    /// The key.
    Key,
}

/// One reason to refuse an object. Its `Display` is the API server's line: `spec.ports: Required value`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// What kind.
    pub kind: ErrorKind,
    /// The field, as the API server names it.
    pub field: FieldPath,
    /// The value at fault.
    pub value: BadValue,
    /// What is wrong with it; may be empty.
    pub detail: Box<str>,
    /// Where it stands in the object, if not at `field`.
    pub at: Option<FieldPath>,
    /// What is at fault there.
    pub part: Part,
}

impl FieldError {
    /// An error that stands where its field does.
    #[must_use]
    pub fn new(kind: ErrorKind, field: FieldPath, value: BadValue, detail: &str) -> Self {
        Self { kind, field, value, detail: detail.into(), at: None, part: Part::Value }
    }

    /// The field of the text to show.
    #[must_use]
    pub fn place(&self) -> &FieldPath {
        self.at.as_ref().unwrap_or(&self.field)
    }
}

impl fmt::Display for BadValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => Ok(()),
            Self::Null => f.write_str("null"),
            Self::Text(text) => quote(f, text),
            Self::Word(text) => f.write_str(&json(text)),
            Self::Int(number) => write!(f, "{number}"),
            Self::Texts(texts) => {
                f.write_str("[")?;
                for (i, text) in texts.iter().enumerate() {
                    f.write_str(if i > 0 { "," } else { "" })?;
                    f.write_str(&json(text))?;
                }
                f.write_str("]")
            }
            Self::Map(labels) => {
                let mut sorted: Vec<_> = labels.iter().collect();
                crate::sort::plain(&mut sorted);
                f.write_str("{")?;
                for (i, (key, value)) in sorted.into_iter().enumerate() {
                    f.write_str(if i > 0 { "," } else { "" })?;
                    write!(f, "{}:{}", json(key), json(value))?;
                }
                f.write_str("}")
            }
            Self::Json(json) => f.write_str(json),
        }
    }
}

impl fmt::Display for FieldError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.field, self.kind.words())?;
        let without = matches!(self.kind, ErrorKind::Required | ErrorKind::Forbidden | ErrorKind::TooLong);
        if !without && self.value != BadValue::None {
            write!(f, ": {}", self.value)?;
        }
        if self.detail.is_empty() { Ok(()) } else { write!(f, ": {}", self.detail) }
    }
}

/// A text as Go's encoding/json writes it.
pub(crate) fn json(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            '\r' => quoted.push_str("\\r"),
            '\u{8}' => quoted.push_str("\\b"),
            '\u{c}' => quoted.push_str("\\f"),
            '\0'..='\u{1f}' | '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                quoted.push_str(&format!("\\u{:04x}", u32::from(character)));
            }
            _ => quoted.push(character),
        }
    }
    quoted.push('"');
    quoted
}

/// Go's `%q`: what cannot be printed is escaped.
fn quote(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    f.write_char('"')?;
    for character in text.chars() {
        match character {
            '"' => f.write_str("\\\"")?,
            '\\' => f.write_str("\\\\")?,
            '\n' => f.write_str("\\n")?,
            '\t' => f.write_str("\\t")?,
            '\r' => f.write_str("\\r")?,
            '\u{7}' => f.write_str("\\a")?,
            '\u{8}' => f.write_str("\\b")?,
            '\u{b}' => f.write_str("\\v")?,
            '\u{c}' => f.write_str("\\f")?,
            '\0'..='\u{1f}' | '\u{7f}' => write!(f, "\\x{:02x}", u32::from(character))?,
            _ if unprintable(character) => match u32::from(character) {
                code @ ..=0xffff => write!(f, "\\u{code:04x}")?,
                code => write!(f, "\\U{code:08x}")?,
            },
            _ => f.write_char(character)?,
        }
    }
    f.write_char('"')
}

/// Controls, formats, spaces other than the plain one, and private use: what Go's unicode.IsPrint refuses.
fn unprintable(character: char) -> bool {
    character.is_control()
        || (character.is_whitespace() && character != ' ')
        || matches!(character,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
            | '\u{e000}'..='\u{f8ff}' | '\u{e0000}'..='\u{10ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_as_the_api_server_does() {
        let error =
            |value| FieldError::new(ErrorKind::Invalid, FieldPath::of("spec.x[0]"), value, "no").to_string();
        assert_eq!(
            error(BadValue::text("a\"b\u{1}\u{200b}ä")),
            "spec.x[0]: Invalid value: \"a\\\"b\\x01\\u200bä\": no"
        );
        assert_eq!(
            error(BadValue::Texts(vec!["".into(), "b".into()])),
            "spec.x[0]: Invalid value: [\"\",\"b\"]: no"
        );
        let map = vec![("b".into(), "1".into()), ("a".into(), "2".into())];
        assert_eq!(error(BadValue::Map(map)), "spec.x[0]: Invalid value: {\"a\":\"2\",\"b\":\"1\"}: no");
        assert_eq!(error(BadValue::Null), "spec.x[0]: Invalid value: null: no");
    }
}
