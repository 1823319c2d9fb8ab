//! Where things stand in the text: findings become diagnostics, wishes become edits.

use super::rules::Rule;
use crate::cluster::validate::{Part, span_of};
use crate::diagnostic::{Diagnostic, Fix, Related, Severity};
use crate::manifest::{FieldRef, Manifest, Object, ObjectRef, Tree, scalar};
use crate::map::Map;
use crate::source::Span;
use crate::words::lints::Said;
use std::rc::Rc;

/// The text, with its objects by name.
pub(super) struct Text<'a> {
    manifest: &'a Manifest,
    objects: Map<&'a ObjectRef, (u32, &'a Rc<Object>)>,
}

/// What a lint has found.
pub(super) struct Finding {
    pub(super) rule: Rule,
    pub(super) severity: Severity,
    pub(super) at: FieldRef,
    pub(super) part: Part,
    pub(super) said: Said,
    pub(super) related: Vec<(FieldRef, String)>,
    pub(super) fixes: Vec<Fix>,
}

impl Finding {
    pub(super) fn new(rule: Rule, at: FieldRef, said: Said) -> Self {
        let severity = rule.severity;
        Self { rule, severity, at, part: Part::Value, said, related: Vec::new(), fixes: Vec::new() }
    }

    pub(super) fn soft(mut self, soft: bool) -> Self {
        if soft {
            self.severity = Severity::Info;
        }
        self
    }

    pub(super) fn key(mut self) -> Self {
        self.part = Part::Key;
        self
    }

    pub(super) fn with(mut self, field: FieldRef, message: impl Into<String>) -> Self {
        self.related.push((field, message.into()));
        self
    }

    pub(super) fn fix(mut self, fix: Option<Fix>) -> Self {
        self.fixes.extend(fix);
        self
    }
}

impl<'a> Text<'a> {
    pub(super) fn new(manifest: &'a Manifest) -> Self {
        let mut objects = Map::new();
        for (offset, object) in manifest.objects() {
            objects.get_or_insert(&object.id, (offset, object));
        }
        Self { manifest, objects }
    }

    pub(super) fn manifest(&self) -> &'a Manifest {
        self.manifest
    }

    pub(super) fn span(&self, field: &FieldRef, part: Part) -> Option<Span> {
        let (offset, object) = self.objects.get(&field.object)?;
        Some(span_of(&object.tree, &field.path, part).shifted(*offset))
    }

    /// The value of a field that the text has, with the span of its key.
    pub(super) fn exact(&self, field: &FieldRef) -> Option<(u32, Option<Span>, &'a Tree)> {
        let (offset, object) = *self.objects.get(&field.object)?;
        let mut here: &Tree = &object.tree;
        let mut key = None;
        for step in field.path.steps() {
            let (own, value) = here.step(step)?;
            key = own.or(key);
            here = value;
        }
        Some((offset, key, here))
    }

    /// The text under a span.
    pub(super) fn source(&self, span: Span) -> &'a str {
        let documents = &self.manifest.documents;
        let after = documents.partition_point(|(offset, _)| *offset <= span.start);
        let Some((offset, document)) = after.checked_sub(1).and_then(|i| documents.get(i)) else { return "" };
        let (start, end) = (span.start - offset, span.end.saturating_sub(*offset));
        document.text.get(start as usize..end as usize).unwrap_or("")
    }

    /// An edit that gives a field another value; `None` where the text has no such field.
    pub(super) fn change(&self, field: &FieldRef, value: &str) -> Option<(Span, String)> {
        let (offset, _, tree) = self.exact(field)?;
        let span = tree.span.shifted(offset);
        (!span.is_empty() && tree.entries().is_empty() && tree.items().is_empty())
            .then(|| (span, scalar_like(self.source(span), value)))
    }

    /// An edit that gives a field another key.
    pub(super) fn rename(&self, field: &FieldRef, key: &str) -> Option<(Span, String)> {
        let (offset, span, _) = self.exact(field)?;
        let span = span?.shifted(offset);
        Some((span, scalar_like(self.source(span), key)))
    }

    /// A line, or in flow style an item, to put in front of the byte `at`, indented as what follows it.
    pub(super) fn line_before(&self, at: u32, line: &str) -> String {
        let documents = &self.manifest.documents;
        let after = documents.partition_point(|(offset, _)| *offset <= at);
        let Some((offset, document)) = after.checked_sub(1).and_then(|i| documents.get(i)) else {
            return String::new();
        };
        let before = document.text.get(..(at - offset) as usize).unwrap_or("");
        let indent = &before[before.rfind('\n').map_or(0, |n| n + 1)..];
        let block = indent.chars().all(|c| c == ' ' || c == '-');
        if block { format!("{line}\n{}", " ".repeat(indent.len())) } else { format!("{line}, ") }
    }

    /// An edit that takes a field of a map away: whole lines in block style, else key and value
    /// with the comma. Nothing where it is the map's only field.
    pub(super) fn remove(&self, field: &FieldRef) -> Option<(Span, String)> {
        let (offset, key, tree) = self.exact(field)?;
        let key = key?;
        let (path, last) = field.path.split_last()?;
        let (_, _, parent) = self.exact(&FieldRef { object: field.object.clone(), path })?;
        let entries = parent.entries();
        let at = entries.iter().position(|e| &*e.key == last.name())?;
        if entries.len() < 2 {
            return None;
        }
        let end = tree.span.end.max(key.end);
        // From this key to the next one, or from the end of the one before.
        let span = match entries.get(at + 1) {
            Some(next) => Span::new(key.start, next.key_span.start),
            None => {
                let before = &entries[at - 1];
                Span::new(before.value.span.end.max(before.key_span.end), end)
            }
        };
        Some((span.shifted(offset), String::new()))
    }

    pub(super) fn report(&self, finding: Finding) -> Option<Diagnostic> {
        let span = self.span(&finding.at, finding.part)?;
        let related = finding
            .related
            .into_iter()
            .filter_map(|(field, message)| {
                let span = self.span(&field, Part::Value)?;
                Some(Related { object: field.object, path: field.path, span, message })
            })
            .collect();
        Some(Diagnostic {
            code: finding.rule.code,
            severity: finding.severity,
            message: finding.said.message,
            hint: finding.said.hint,
            object: Some(finding.at.object),
            path: finding.at.path,
            span,
            related,
            fixes: finding.fixes,
        })
    }
}

/// A text as YAML, quoted as the one it replaces was.
pub(super) fn scalar_like(before: &str, value: &str) -> String {
    let simple =
        |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '/') || c == '-' || c as u32 > 0xa0;
    let plain = value.chars().next().is_some_and(|c| c.is_ascii_alphanumeric() || c == '/')
        && value.chars().all(simple)
        && scalar::resolve(value).is_none();
    match before.chars().next() {
        Some('\'') if !value.contains('\'') => format!("'{value}'"),
        Some('"') => double_quoted(value),
        _ if plain => value.to_owned(),
        _ => double_quoted(value),
    }
}

/// A number as YAML, in place of whatever stood there.
pub(super) fn double_quoted(value: &str) -> String {
    let mut quoted = String::with_capacity(value.len() + 2);
    quoted.push('"');
    for c in value.chars() {
        if matches!(c, '"' | '\\') {
            quoted.push('\\');
        }
        quoted.push(c);
    }
    quoted.push('"');
    quoted
}
