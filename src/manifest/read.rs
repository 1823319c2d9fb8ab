//! Text → documents → objects; documents whose text did not change are kept.

use super::yaml::{self, Words};
use super::{Document, Manifest, limits, object};
use crate::diagnostic::{Diagnostic, Severity};
use crate::manifest::FieldPath;
use crate::map::Map;
use crate::source::Span;
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
    let kept: Map<&str, &Rc<Document>> =
        previous.documents.iter().map(|(_, document)| (&*document.text, document)).collect();
    let mut words = Words::default();
    for (start, part) in split(text, &mut manifest.diagnostics) {
        if manifest.documents.len() == limits::DOCUMENTS_MAX {
            manifest.diagnostics.push(problem(
                "yaml/limit",
                format!("more than {} documents; what follows here is not read", limits::DOCUMENTS_MAX),
                Span::new(start as u32, start as u32),
            ));
            break;
        }
        let document = match kept.get(part) {
            Some(document) => (*document).clone(),
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
/// JSON values one behind the other are documents as well.
// Models apimachinery/pkg/util/yaml/decoder.go YAMLOrJSONDecoder, YAMLReader
fn split<'a>(text: &'a str, diagnostics: &mut Vec<Diagnostic>) -> Vec<(usize, &'a str)> {
    let mut parts = Vec::new();
    let mut start = if text.starts_with('\u{feff}') { 3 } else { 0 };
    let mut line = start;
    while line < text.len() {
        let rest = &text.as_bytes()[line..];
        let next = rest.iter().position(|&b| b == b'\n').map_or(text.len(), |n| line + n + 1);
        if matches!(rest, [b'-', b'-', b'-', ..] | [b'.', b'.', b'.', ..]) {
            let behind = &text[line + 3..next];
            let word = behind.trim();
            if rest[0] == b'-' && !word.is_empty() && !word.starts_with('#') {
                let at = line + 3 + behind.len() - behind.trim_start().len();
                diagnostics.push(problem(
                    "yaml/syntax",
                    format!("invalid Yaml document separator: {}", word.chars().take(80).collect::<String>()),
                    Span::new(at as u32, (at + word.len()) as u32),
                ));
            }
            if behind.is_empty() || behind.starts_with([' ', '\t', '\r', '\n']) {
                split_json(start, &text[start..line], &mut parts);
                start = line + 3;
            }
        }
        line = next;
    }
    split_json(start, &text[start..], &mut parts);
    parts
}

/// Parts JSON values that follow each other; anything else stays one part.
fn split_json<'a>(mut start: usize, mut part: &'a str, parts: &mut Vec<(usize, &'a str)>) {
    if part.trim_start().starts_with('{') {
        start += part.len() - part.trim_start().len();
        part = part.trim_start();
    }
    while let Some(end) = json_end(part) {
        let rest = part[end..].trim_start();
        if !rest.starts_with('{') {
            break;
        }
        parts.push((start, &part[..end]));
        start += part.len() - rest.len();
        part = rest;
    }
    parts.push((start, part));
}

/// Where a JSON object at the start of a text ends; `None` where the text does not look like JSON.
fn json_end(text: &str) -> Option<usize> {
    if !text.starts_with('{') {
        return None;
    }
    let mut depth = 0_usize;
    let mut bytes = text.bytes().enumerate();
    while let Some((at, byte)) = bytes.next() {
        match byte {
            b'{' | b'[' => depth += 1,
            b'}' | b']' => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            b'"' => loop {
                match bytes.next()?.1 {
                    b'\\' => drop(bytes.next()),
                    b'"' => break,
                    _ => {}
                }
            },
            b'\'' | b'#' => return None,
            _ => {}
        }
    }
    None
}

/// Bytes that may begin a control character.
const UNUSUAL: [bool; 256] = {
    let mut unusual = [false; 256];
    let mut byte = 0;
    while byte < 0x20 {
        unusual[byte] = !matches!(byte as u8, b'\t' | b'\n' | b'\r');
        byte += 1;
    }
    unusual[0x7f] = true;
    unusual[0xc2] = true;
    unusual
};

/// Where the first control character is that no text may hold.
fn control(bytes: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        at += bytes[at..].iter().position(|&byte| UNUSUAL[usize::from(byte)])?;
        // The controls beyond ASCII have two bytes; the line break among them may stand.
        if bytes[at] != 0xc2 || matches!(bytes.get(at + 1), Some(0x80..=0x84 | 0x86..=0x9f)) {
            return Some(at);
        }
        at += 1;
    }
}

fn document(text: &str, words: &mut Words) -> Document {
    let mut document = Document::new(text);
    if text.bytes().all(|byte| byte.is_ascii_whitespace()) {
        return document;
    }
    if let Some(at) = control(text.as_bytes()) {
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
                object::collect(tree, &mut document);
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
        let span = manifest.locate(&FieldRef::new(&object.id, &path.to_owned())).expect("span");
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
    fn reads_json_values_one_behind_the_other() {
        let text = "{\"kind\": \"Pod\", \"apiVersion\": \"v1\", \"metadata\": {\"name\": \"a}{\"}}\n\t{\"kind\":\"Pod\",\n\t\"apiVersion\":\"v1\",\n\t\"metadata\":{\"name\":\"b\"}}\n";
        let manifest = fresh(text);
        assert_eq!(manifest.problems(), []);
        assert_eq!(manifest.objects().count(), 2);
        assert_eq!(at(text, &manifest, 1, "metadata.name"), "\"name\":\"b\"");
    }

    #[test]
    fn reads_kyaml() {
        let text = "\u{feff}---\r\n{\r\n  apiVersion: \"v1\", # the version\r\n  kind: \"Service\",\r\n  metadata: {\r\n    name: \"a\",\r\n  },\r\n  spec: { ports: [{ port: 80, }], },\r\n}\r\n";
        let manifest = fresh(text);
        assert_eq!(manifest.problems(), []);
        assert_eq!(at(text, &manifest, 0, "spec.ports[0].port"), "port: 80");
    }

    #[test]
    fn says_what_is_missing() {
        let messages = |text: &str| fresh(text).problems().into_iter().map(|p| p.message).collect::<Vec<_>>();
        assert_eq!(messages("metadata: {name: a}"), ["Object 'Kind' is missing in this document"]);
        assert_eq!(messages("kind: Pod"), ["Object 'apiVersion' is missing in this document"]);
        assert_eq!(messages("kind: Pod\napiVersion: v1"), ["resource name may not be empty"]);
        assert_eq!(messages("kind: Pod\napiVersion: v1\nmetadata: {generateName: a-}"), [""; 0]);
        assert_eq!(
            messages("kind: Ingress\napiVersion: extensions/v1beta1\nmetadata: {name: a}"),
            ["no matches for kind \"Ingress\" in version \"extensions/v1beta1\""]
        );
        assert_eq!(
            messages("kind: Pod\nkind: Pod\napiVersion: v1\nmetadata: {name: a}"),
            ["key \"kind\" already set in map"]
        );
        assert_eq!(
            messages("--- x"),
            [
                "invalid Yaml document separator: x",
                "a Kubernetes object is a map with apiVersion, kind and metadata; this is text"
            ]
        );
        assert_eq!(messages("# nothing\n---\n\n---\n"), [""; 0]);
    }

    #[test]
    fn keeps_within_its_limits() {
        let code = |text: &str| fresh(text).problems().first().map(|p| p.code);
        assert_eq!(code(&"[".repeat(100_000)), Some("yaml/limit"));
        assert_eq!(code(&"- ".repeat(100_000)), Some("yaml/limit"));
        assert_eq!(code(&"a:\n".repeat(3)), Some("yaml/duplicate-key"));
        let mut bomb = String::from("a: &a [x,x,x,x,x,x,x,x,x]\n");
        for (name, of) in "bcdefghij".chars().zip("abcdefghi".chars()) {
            bomb += &format!("{name}: &{name} [*{of},*{of},*{of},*{of},*{of},*{of},*{of},*{of},*{of}]\n");
        }
        assert_eq!(code(&bomb), Some("yaml/limit"));
        assert_eq!(code("a: \0b"), Some("yaml/syntax"));
        let many = "---\n".repeat(limits::DOCUMENTS_MAX + 10);
        assert_eq!(code(&many), Some("yaml/limit"));
    }

    #[test]
    fn shares_documents_with_equal_text_only_once() {
        let text = "a: 1\n---\na: 1\n";
        let before = fresh(text);
        assert_eq!(parse(text, &before), before);
    }
}
