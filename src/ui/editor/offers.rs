//! What the editor offers, explains and underlines: answers in JavaScript's terms, counted in UTF-16.

use super::bridge::object;
use crate::cluster::Cluster;
use crate::diagnostic::{Diagnostic, Severity};
use crate::editing::{self, Kind};
use crate::manifest::Manifest;
use crate::session::Session;
use crate::source::LineIndex;
use wasm_bindgen::JsValue;

/// What may be written at a place.
pub fn complete(text: &str, offset: u32, manifest: &Manifest, cluster: &Cluster) -> JsValue {
    let lines = LineIndex::new(text);
    let Some(answer) = editing::complete(text, lines.byte(text, offset), manifest, cluster) else {
        return JsValue::NULL;
    };
    let options: js_sys::Array = answer
        .items
        .iter()
        .map(|item| {
            let kind = match item.kind {
                Kind::Object => "class",
                Kind::Key => "property",
                Kind::Word => "keyword",
                Kind::Name => "variable",
            };
            object(&[
                ("label", item.label.as_str().into()),
                ("detail", item.detail.as_str().into()),
                ("apply", item.insert.as_str().into()),
                ("type", kind.into()),
            ])
        })
        .collect();
    object(&[("from", lines.utf16(text, answer.from).into()), ("options", options.into())])
}

/// What there is to say about a word.
pub fn hover(text: &str, offset: u32, manifest: &Manifest, cluster: &Cluster) -> JsValue {
    let lines = LineIndex::new(text);
    let Some(hover) = editing::hover(text, lines.byte(text, offset), manifest, cluster) else {
        return JsValue::NULL;
    };
    object(&[
        ("from", lines.utf16(text, hover.span.start).into()),
        ("to", lines.utf16(text, hover.span.end).into()),
        ("title", hover.title.as_str().into()),
        ("text", hover.text.as_str().into()),
    ])
}

/// Problems as the editor underlines them.
pub fn problems(session: &Session, problems: &[Diagnostic]) -> js_sys::Array {
    let utf16 = |byte: u32| JsValue::from(session.lines.utf16(&session.text, byte));
    problems
        .iter()
        .map(|problem| {
            let actions: js_sys::Array = problem
                .fixes
                .iter()
                .map(|fix| {
                    let edits: js_sys::Array = fix
                        .edits
                        .iter()
                        .map(|(span, insert)| {
                            object(&[
                                ("from", utf16(span.start)),
                                ("to", utf16(span.end)),
                                ("insert", insert.as_str().into()),
                            ])
                        })
                        .collect();
                    let mut entries = vec![("name", fix.title.as_str().into()), ("edits", edits.into())];
                    if let Some(id) = problem.object.as_ref().filter(|_| fix.recreates()) {
                        let words = [&id.kind, &id.namespace, &id.name].map(|word| JsValue::from_str(word));
                        entries.push(("recreate", words.into_iter().collect::<js_sys::Array>().into()));
                    }
                    object(&entries)
                })
                .collect();
            let severity = match problem.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Info => "info",
            };
            object(&[
                ("from", utf16(problem.span.start)),
                ("to", utf16(problem.span.end)),
                ("severity", severity.into()),
                ("message", problem.message.as_str().into()),
                ("hint", problem.hint.as_str().into()),
                ("source", problem.code.into()),
                ("actions", actions.into()),
            ])
        })
        .collect()
}
