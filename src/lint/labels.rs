//! Values that must be text, and that YAML reads as something else.

use super::context::Context;
use super::rules;
use super::text::{Finding, double_quoted};
use crate::diagnostic::Fix;
use crate::manifest::{FieldPath, FieldRef, Tree, Value};
use crate::words::lints as words;

/// Maps of text to text, wherever they stand.
fn is_text_map(key: &str) -> bool {
    matches!(key, "labels" | "annotations" | "matchLabels" | "nodeSelector")
}

pub(super) fn check(context: &mut Context) {
    let mut findings = Vec::new();
    let mut above = Vec::new();
    for (_, object) in context.text.manifest().objects() {
        let service = &*object.id.kind == "Service";
        walk(&object.tree, &mut above, service, &mut |path, value| {
            let at = FieldRef { object: object.id.clone(), path };
            findings.extend(odd(context, at, value));
        });
    }
    for finding in findings {
        context.found(finding);
    }
}

/// Calls `see` with every value of a map that should hold text alone, and does not. `above`: the
/// fields that lead to the tree; a path is made of them only for such a value.
fn walk<'a>(tree: &'a Tree, above: &mut Vec<&'a str>, service: bool, see: &mut dyn FnMut(FieldPath, &Tree)) {
    // Labels of a pod template stand six levels deep; further down there is data of other kinds.
    const DEEPEST: usize = 8;
    if above.len() > DEEPEST {
        return;
    }
    for entry in tree.entries() {
        let text_map =
            is_text_map(&entry.key) || (service && &*entry.key == "selector" && above[..] == ["spec"]);
        // Nowhere else do the words above mean labels for sure.
        let deeper = matches!(&*entry.key, "metadata" | "spec" | "template" | "selector");
        if !text_map && !deeper {
            continue;
        }
        above.push(&entry.key);
        if text_map {
            let map = || above.iter().fold(FieldPath::default(), |path, field| path.field(field));
            for inner in entry.value.entries() {
                if !matches!(inner.value.value, Value::Text(_) | Value::Map(_) | Value::List(_)) {
                    see(map().key(&inner.key), &inner.value);
                }
            }
        } else {
            walk(&entry.value, above, service, see);
        }
        above.pop();
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
