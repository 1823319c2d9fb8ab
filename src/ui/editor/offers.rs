//! What the editor offers and explains: answers in JavaScript's terms, counted in UTF-16.

use super::bridge::object;
use crate::cluster::Cluster;
use crate::editing::{self, Kind};
use crate::manifest::Manifest;
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
