//! Values that must be text, and that YAML reads as something else.

use super::context::Context;
use super::rules;
use super::text::{Finding, double_quoted};
use crate::diagnostic::Fix;
use crate::manifest::{FieldPath, FieldRef, Tree, Value};
use crate::words::lints as words;

/// Maps of text to text, wherever they stand.
fn is_text_map(key: &str) -> bool {
    // By length first: nearly all keys differ in it.
    match key.len() {
        6 => key == "labels",
        11 => matches!(key, "annotations" | "matchLabels"),
        12 => key == "nodeSelector",
        _ => false,
    }
}

/// Where labels may stand further down: nowhere else do the words above mean them for sure.
fn leads_on(key: &str) -> bool {
    match key.len() {
        4 => key == "spec",
        8 => matches!(key, "metadata" | "template" | "selector"),
        _ => false,
    }
}

/// The way down to a map, kept on the stack: a path is made of it only for a finding.
struct Way<'a> {
    above: Option<&'a Way<'a>>,
    field: &'a str,
}

impl Way<'_> {
    fn path(&self) -> FieldPath {
        self.above.map_or_else(FieldPath::default, Way::path).field(self.field)
    }

    fn is_spec(&self) -> bool {
        self.above.is_none() && self.field == "spec"
    }
}

pub(super) fn check(context: &mut Context) {
    let mut findings = Vec::new();
    for (_, object) in context.text.manifest().objects() {
        let service = &*object.id.kind == "Service";
        walk(&object.tree, None, service, 0, &mut |path, value| {
            let at = FieldRef { object: object.id.clone(), path };
            findings.extend(odd(context, at, value));
        });
    }
    for finding in findings {
        context.found(finding);
    }
}

/// Calls `see` with every value of a map that should hold text alone, and does not.
fn walk(
    tree: &Tree,
    above: Option<&Way<'_>>,
    service: bool,
    depth: u32,
    see: &mut dyn FnMut(FieldPath, &Tree),
) {
    // Labels of a pod template stand six levels deep; further down there is data of other kinds.
    const DEEPEST: u32 = 8;
    if depth > DEEPEST {
        return;
    }
    for entry in tree.entries() {
        let text_map = is_text_map(&entry.key)
            || (service && &*entry.key == "selector" && above.is_some_and(Way::is_spec));
        if !text_map && !leads_on(&entry.key) {
            continue;
        }
        let here = Way { above, field: &entry.key };
        if !text_map {
            walk(&entry.value, Some(&here), service, depth + 1, see);
            continue;
        }
        for inner in entry.value.entries() {
            if !matches!(inner.value.value, Value::Text(_) | Value::Map(_) | Value::List(_)) {
                see(here.path().key(&inner.key), &inner.value);
            }
        }
    }
}

fn odd(context: &Context, at: FieldRef, value: &Tree) -> Option<Finding> {
    let (offset, _, _) = context.text.exact(&at)?;
    let span = value.span.shifted(offset);
    let written = context.text.source(span);
    let read = match &value.value {
        // `key:` with nothing behind it is read as missing, and taken for empty text.
        Value::Null if written.is_empty() => return None,
        Value::Null => words::Read::Nothing,
        Value::Bool(truth) => words::Read::Truth(*truth),
        Value::Int(number) => words::Read::Whole(*number),
        Value::Float(number) => words::Read::Number(*number),
        _ => return None,
    };
    let key = at.path.split_last().map_or("", |(_, key)| key.name());
    let said = words::label_not_text(key, written, &read);
    let quoted = double_quoted(written);
    let fix = Fix { title: words::fix_quote(&quoted), edits: vec![(span, quoted)] };
    Some(Finding::new(rules::LABEL_NOT_TEXT, at, said).fix(Some(fix)))
}
