//! Text → documents → objects; documents whose text did not change are kept.

use super::yaml::{self, Words};
use super::{Document, Manifest, limits, object};
use crate::diagnostic::{Diagnostic, Severity};
use crate::manifest::FieldPath;
use crate::source::Span;
use std::collections::HashMap;
use std::rc::Rc;

/// Reads a whole text. Documents of `previous` with the same text are kept as they are.
#[must_use]
pub fn parse(text: &str, previous: &Manifest) -> Manifest {
    let mut manifest = Manifest::default();
    let text = if text.len() > limits::BYTES_MAX {
        let mut end = limits::BYTES_MAX;
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        manifest.diagnostics.push(problem(
            "yaml/limit",
            format!("the text is longer than {} MiB; what follows here is not read", limits::BYTES_MAX >> 20),
            Span::new(end as u32, end as u32),
        ));
        &text[..end]
    } else {
        text
    };
    let mut kept: HashMap<&str, &Rc<Document>> =
        previous.documents.iter().map(|(_, document)| (&*document.text, document)).collect();
    let mut words = Words::default();
    for (start, part) in split(text) {
        if manifest.documents.len() == limits::DOCUMENTS_MAX {
            manifest.diagnostics.push(problem(
                "yaml/limit",
                format!("more than {} documents; what follows here is not read", limits::DOCUMENTS_MAX),
                Span::new(start as u32, start as u32),
            ));
            break;
        }
        let document = match kept.remove(part) {
            Some(document) => document.clone(),
            None => Rc::new(document(part, &mut words)),
        };
        manifest.documents.push((start as u32, document));
    }
    manifest
}

/// A problem of the text itself.
pub(super) fn problem(code: &'static str, message: String, span: Span) -> Diagnostic {
    Diagnostic {
        code,
        severity: Severity::Error,
        message,
        hint: String::new(),
        object: None,
        path: FieldPath::default(),
        span,
        related: Vec::new(),
        fixes: Vec::new(),
    }
}

/// The documents of a text with the byte each starts at: without the lines that part them.
fn split(text: &str) -> Vec<(usize, &str)> {
    let mut parts = Vec::new();
    let mut start = if text.starts_with('\u{feff}') { 3 } else { 0 };
    let mut line = start;
    while line < text.len() {
        let rest = &text[line..];
        let next = rest.find('\n').map_or(text.len(), |n| line + n + 1);
        if let Some(inner) = separator(&text[line..next]) {
            parts.push((start, &text[start..line]));
            start = line + inner;
        }
        line = next;
    }
    parts.push((start, &text[start..]));
    parts
}

/// Where the next document starts, counted from the start of a line that parts documents.
fn separator(line: &str) -> Option<usize> {
    let rest = line.strip_prefix("---").or_else(|| line.strip_prefix("..."))?;
    match rest.bytes().next() {
        None | Some(b' ' | b'\t' | b'\r' | b'\n') => Some(3),
        _ => None,
    }
}

fn document(text: &str, words: &mut Words) -> Document {
    let mut document =
        Document { text: text.into(), objects: Vec::new(), diagnostics: Vec::new(), broken: false };
    if text.bytes().all(|byte| byte.is_ascii_whitespace()) {
        return document;
    }
    if let Some(at) = text.find(|c: char| c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{85}')) {
        let end = at + text[at..].chars().next().map_or(0, char::len_utf8);
        document.broken = true;
        document.diagnostics.push(problem(
            "yaml/syntax",
            "control characters are not allowed".into(),
            Span::new(at as u32, end as u32),
        ));
        return document;
    }
    match yaml::read(text, words) {
        Err(broken) => {
            document.broken = true;
            let mut diagnostic = problem(broken.code, broken.message, broken.span);
            diagnostic.hint = broken.hint.into();
            document.diagnostics.push(diagnostic);
        }
        Ok(reading) => {
            for duplicate in &reading.duplicates {
                document.diagnostics.push(problem(
                    "yaml/duplicate-key",
                    format!("key \"{}\" already set in map", duplicate.key),
                    duplicate.span,
                ));
            }
            if let Some(tree) = reading.tree {
                object::collect(tree, &mut document.objects, &mut document.diagnostics);
            }
        }
    }
    document
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest::{Body, FieldRef};

    const SHOP: &str = "\
# a comment
apiVersion: v1
kind: Service
metadata:
  name: web # the name
spec:
  selector:
    app: web
  ports:
  - port: 80
    targetPort: http
--- # the pod
apiVersion: v1
kind: Pod
metadata:
  name: web-0
  labels: {app: web}
spec:
  containers:
  - name: c
    ports:
    - {name: http, containerPort: 8080}
";

    fn fresh(text: &str) -> Manifest {
        parse(text, &Manifest::default())
    }

    fn at<'a>(text: &'a str, manifest: &Manifest, object: usize, path: &str) -> &'a str {
        let (_, object) = manifest.objects().nth(object).expect("object");
        let span = manifest.locate(&FieldRef::new(&object.id, path)).expect("span");
        &text[span.start as usize..span.end as usize]
    }

    #[test]
    fn reads_documents_and_their_places() {
        let manifest = fresh(SHOP);
        assert_eq!(manifest.problems(), []);
        assert_eq!(manifest.objects().count(), 2);
        assert_eq!(at(SHOP, &manifest, 0, "metadata.name"), "name: web");
        assert_eq!(at(SHOP, &manifest, 0, "spec.ports[0]"), "port: 80\n    targetPort: http");
        assert_eq!(at(SHOP, &manifest, 0, "spec.ports[0].targetPort"), "targetPort: http");
        assert_eq!(at(SHOP, &manifest, 0, "spec.type"), "spec");
        assert_eq!(at(SHOP, &manifest, 1, "metadata.labels[app]"), "app: web");
        assert_eq!(
            at(SHOP, &manifest, 1, "spec.containers[0].ports[0].containerPort"),
            "containerPort: 8080"
        );
        let Body::Service(service) = &manifest.objects().next().unwrap().1.body else { panic!() };
        assert_eq!(service.spec.ports[0].port, 80);
    }

    #[test]
    fn keeps_documents_that_did_not_change() {
        let before = fresh(SHOP);
        let text = SHOP.replace("port: 80", "port: 81");
        let after = parse(&text, &before);
        assert!(Rc::ptr_eq(&before.documents[1].1, &after.documents[1].1));
        assert!(!Rc::ptr_eq(&before.documents[0].1, &after.documents[0].1));
        assert_eq!(after, fresh(&text));
    }

    #[test]
    fn a_broken_document_does_not_touch_the_others() {
        let text = SHOP.replace("kind: Service", "kind: [Service");
        let manifest = fresh(&text);
        assert_eq!(manifest.problems().len(), 1);
        assert!(manifest.documents[0].1.broken);
        assert_eq!(manifest.objects().count(), 1);
    }

    #[test]
    fn takes_lists_apart() {
        let text = "kind: List\napiVersion: v1\nitems:\n- {kind: Pod, apiVersion: v1, metadata: {name: a}}\n- {kind: Service, apiVersion: v1, metadata: {name: b}}\n";
        let manifest = fresh(text);
        assert_eq!(manifest.problems(), []);
        assert_eq!(manifest.objects().count(), 2);
        assert_eq!(at(text, &manifest, 1, "metadata.name"), "name: b");
    }

    #[test]
    fn shares_documents_with_equal_text_only_once() {
        let text = "a: 1\n---\na: 1\n";
        let before = fresh(text);
        assert_eq!(parse(text, &before), before);
    }
}
