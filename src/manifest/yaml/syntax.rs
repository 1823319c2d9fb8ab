//! What is wrong with broken YAML, in plain words and at its place.

use super::super::limits;
use crate::source::Span;

/// Why a document is broken: a code, words and the place.
#[derive(Clone, Debug, PartialEq)]
pub struct Broken {
    /// `yaml/syntax` or `yaml/limit`.
    pub code: &'static str,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub hint: &'static str,
    /// Where.
    pub span: Span,
}

/// A problem of syntax.
pub fn error(start: usize, end: usize, message: &str) -> Broken {
    hinted(start, end, message, "")
}

fn hinted(start: usize, end: usize, message: &str, hint: &'static str) -> Broken {
    Broken {
        code: "yaml/syntax",
        message: message.to_owned(),
        hint,
        span: Span::new(start as u32, end.max(start) as u32),
    }
}

/// A limit that the document goes beyond.
pub fn limit(start: usize, message: String) -> Broken {
    Broken { code: "yaml/limit", message, hint: "", span: Span::new(start as u32, start as u32) }
}

/// Too many levels.
pub fn too_deep(start: usize) -> Broken {
    limit(start, format!("nested deeper than {} levels", limits::DEPTH_MAX))
}

/// The rest of the line from a byte on, without blanks behind it.
fn line_end(text: &str, at: usize) -> usize {
    let rest = &text[at..];
    let end = rest.find(['\n', '\r']).unwrap_or(rest.len());
    at + rest[..end].trim_end().len()
}

fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |n| n + 1)
}

fn indentation(text: &str, line: usize) -> usize {
    text[line..].bytes().take_while(|byte| *byte == b' ').count()
}

fn character_end(text: &str, at: usize) -> usize {
    at + text[at..].chars().next().map_or(0, char::len_utf8)
}

/// Where nothing may begin: a tab in the indentation, `@`, a stray `}`…
pub fn cannot_start(text: &str, at: usize) -> Broken {
    let end = character_end(text, at);
    match text.as_bytes().get(at) {
        Some(b'\t') => tab(text, at),
        Some(b'@' | b'`' | b'%') => hinted(
            at,
            end,
            &format!("a value cannot start with {}", &text[at..end]),
            "Put the value in quotes.",
        ),
        _ => error(at, end, &format!("{} cannot stand here", &text[at..end])),
    }
}

/// A tab where indentation is expected.
pub fn tab(text: &str, at: usize) -> Broken {
    let end = at + text[at..].bytes().take_while(|b| *b == b'\t').count();
    hinted(at, end, "tabs cannot be used for indentation", "Use spaces instead.")
}

/// A line of a map without a colon.
pub fn no_colon(text: &str, at: usize) -> Broken {
    let end = line_end(text, at);
    let line = &text[at..end];
    let before = line.find(" #").unwrap_or(line.len());
    if let Some(colon) = line[..before].find(':')
        && !line.starts_with(['"', '\''])
    {
        let colon = at + colon;
        return hinted(colon, colon + 1, "there must be a space after this colon", "Write key: value.");
    }
    hinted(at, end, "this line has no colon", "A line of a map is written key: value.")
}

/// A colon where no value can follow.
pub fn value_not_allowed(text: &str, at: usize) -> Broken {
    let start = line_start(text, at);
    let before = text[start..at].trim_start();
    if before.contains(": ") {
        return hinted(
            at,
            at + 1,
            "a second colon with a space on this line",
            "Put the value in quotes, or start a new line.",
        );
    }
    let start = at - before.len();
    hinted(
        start,
        line_end(text, at),
        "this line is indented deeper than the line above, which has a value already",
        "Give it the same indentation as the line above.",
    )
}

/// `- ` behind something on the same line.
pub fn entry_not_allowed(text: &str, at: usize) -> Broken {
    let before = &text[line_start(text, at)..at];
    if before.trim().is_empty() {
        return hinted(
            at,
            line_end(text, at),
            "a list item cannot stand at this indentation",
            "Give it the indentation of the list's other items, or of the key that the list belongs to.",
        );
    }
    hinted(at, at + 1, "a list item must start on its own line", "Start a new line in front of the dash.")
}

/// Something else where a list item is expected.
pub fn no_entry(text: &str, start: usize, end: usize) -> Broken {
    hinted(
        start,
        line_end(text, start).max(end.min(text.len())),
        "expected another list item here, which starts with a dash",
        "Check the indentation: a key that follows a list stands where the list's own key stands.",
    )
}

/// Something else where a key is expected.
pub fn no_key(text: &str, start: usize, end: usize) -> Broken {
    if let Some(bracket @ ("}" | "]")) = text.get(start..end) {
        return error(start, end, &format!("this {bracket} closes nothing"));
    }
    if text[start..].starts_with("- ") || &text[start..end] == "-" {
        return hinted(
            start,
            line_end(text, start),
            "a list item cannot stand among the keys of a map",
            "Give the list a key of its own, or check the indentation.",
        );
    }
    hinted(
        start,
        line_end(text, start),
        "this is not indented like the keys above it",
        "Keys of one map stand in the same column.",
    )
}

/// Nothing where a value is expected.
pub fn no_value(text: &str, start: usize, end: usize) -> Broken {
    let end = if end > start { end } else { character_end(text, start) };
    match text.get(start..end) {
        Some("-") => hinted(
            start,
            end,
            "a list item with a dash cannot stand inside brackets or behind a key",
            "Start a new line, or leave out the dash.",
        ),
        Some(word @ ("]" | "}" | ",")) => {
            error(start, end, &format!("a value is missing in front of {word}"))
        }
        _ => error(start, end, "a value is missing here"),
    }
}

/// Something behind the document's only value.
pub fn after_document(text: &str, start: usize, end: usize) -> Broken {
    let word = &text[start..end.max(start)];
    if matches!(word, "}" | "]") {
        return error(start, end, &format!("this {word} closes nothing"));
    }
    hinted(
        start,
        line_end(text, start).max(end),
        "this does not belong to the value above it",
        "Check the indentation, or put --- on a line between two documents.",
    )
}

/// `{` or `[` without its end.
pub fn bracket_not_closed(text: &str, open: usize) -> Broken {
    let end = character_end(text, open);
    match text.get(open..end) {
        Some(bracket @ ("{" | "[")) => error(open, end, &format!("this {bracket} is never closed")),
        _ => error(open, end, "the text ends where a value is expected"),
    }
}

/// Two entries of a flow collection with nothing between them.
pub fn no_comma(text: &str, open: usize, start: usize, end: usize) -> Broken {
    let close = if text.as_bytes().get(open) == Some(&b'[') { ']' } else { '}' };
    if text[open..].starts_with("{{") || open > 0 && text[open - 1..].starts_with("{{") {
        return template(text, open);
    }
    // A line that stands as far out as the one with the bracket was not meant to be inside.
    let (line, first) = (line_start(text, start), line_start(text, open));
    if line > first && indentation(text, line) <= indentation(text, first) {
        return bracket_not_closed(text, open);
    }
    let end = if end > start { end } else { character_end(text, start) };
    error(start, end, &format!("expected a comma or {close} in front of this"))
}

fn template(text: &str, open: usize) -> Broken {
    let start = if open > 0 && text.as_bytes().get(open - 1) == Some(&b'{') { open - 1 } else { open };
    hinted(
        start,
        line_end(text, start),
        "this looks like a template: {{ … }} is not YAML",
        "Render the template first (helm template), and paste what comes out.",
    )
}

/// A list or a map as a key.
pub fn no_such_key(text: &str, start: usize) -> Broken {
    if text.get(start..).is_some_and(|rest| rest.starts_with('{'))
        && (start > 0 && text.as_bytes()[start - 1] == b'{' || text[start..].starts_with("{{"))
    {
        return template(text, start);
    }
    error(start, character_end(text, start.min(text.len())), "a list or a map cannot be a key")
}

/// `*` or `&` without a name.
pub fn anchor(text: &str, at: usize) -> Broken {
    let end = line_end(text, at);
    if text.as_bytes().get(at) == Some(&b'*') {
        return hinted(at, end, "a plain value cannot start with *", "Put it in quotes.");
    }
    hinted(at, end, "& starts the name of an anchor, of letters and digits", "Put the value in quotes.")
}

/// `*name` without `&name`.
pub fn unknown_alias(start: usize, end: usize, name: &str) -> Broken {
    hinted(
        start,
        end,
        &format!("there is no anchor &{name} in front of this"),
        "Put the value in quotes if it is no alias.",
    )
}

/// A quote without its end.
pub fn quote_not_closed(text: &str, at: usize) -> Broken {
    error(at, line_end(text, at), "this quote is never closed")
}

/// A backslash with something that it cannot escape.
pub fn escape(text: &str, at: usize) -> Broken {
    let end = character_end(text, (at + 1).min(text.len()));
    hinted(
        at,
        end,
        &format!("{} means nothing in double quotes", &text[at..end]),
        "Write \\\\ for a backslash, or use single quotes.",
    )
}

/// Something behind `|` or `>`.
pub fn block_header(text: &str, start: usize, at: usize) -> Broken {
    hinted(
        at,
        line_end(text, at),
        "the text of a block must start on the next line",
        if text.as_bytes().get(start) == Some(&b'>') {
            "Put a value that starts with > in quotes."
        } else {
            "Put a value that starts with | in quotes."
        },
    )
}

/// `%YAML` and the like.
pub fn directive(text: &str, at: usize) -> Broken {
    hinted(at, line_end(text, at), "directives are not supported", "Leave this line out.")
}

#[cfg(test)]
mod tests {
    use super::super::{Words, read};

    fn broken(text: &str) -> (&str, String) {
        let broken = read(text, &mut Words::default()).expect_err(text);
        (&text[broken.span.start as usize..broken.span.end as usize], broken.message)
    }

    #[test]
    fn says_what_is_wrong_and_where() {
        for (text, place, message) in [
            ("a:\n\t\tb: c\n", "\t\t", "tabs cannot be used for indentation"),
            ("a: b\nc:d\ne: f\n", ":", "there must be a space after this colon"),
            ("a: b\nc\nd: e\n", "c", "this line has no colon"),
            ("a: b: c\n", ":", "a second colon with a space on this line"),
            (
                "a: b\n  c: d\n",
                "c: d",
                "this line is indented deeper than the line above, which has a value already",
            ),
            ("a:\n    b: c\n  d: e\n", "d: e", "this is not indented like the keys above it"),
            ("a:\n  - b\n  c: d\n", "c: d", "expected another list item here, which starts with a dash"),
            ("a: - b\n", "-", "a list item must start on its own line"),
            ("a: \"b\nc: d\n", "\"b", "this quote is never closed"),
            ("a: [b, c\nd: e\n", "[", "this [ is never closed"),
            ("a: {b: c, d e: {\n", "{", "this { is never closed"),
            ("a: [b c: d e: f]\n", ":", "expected a comma or ] in front of this"),
            ("host: *.example.com\n", "*.example.com", "a plain value cannot start with *"),
            ("a: *b\n", "*b", "there is no anchor &b in front of this"),
            ("a: @b\n", "@", "a value cannot start with @"),
            (
                "name: {{ .Values.name }}\n",
                "{{ .Values.name }}",
                "this looks like a template: {{ … }} is not YAML",
            ),
            ("a: \"\\d\"\n", "\\d", "\\d means nothing in double quotes"),
            ("a: | b\n", "b", "the text of a block must start on the next line"),
            ("a: b\n}\n", "}", "this } closes nothing"),
        ] {
            assert_eq!(broken(text), (place, message.to_owned()), "{text}");
        }
    }
}
