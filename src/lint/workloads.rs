//! Makers of pods, and objects that are there twice.

use super::context::Context;
use super::near::{LOOK_AT, nearest};
use super::rules;
use super::text::Finding;
use crate::cluster::validate::workload::matches;
use crate::diagnostic::{Fix, Related};
use crate::manifest::metadata::label;
use crate::manifest::workload::{Workload, WorkloadKind};
use crate::manifest::{Body, FieldPath, FieldRef, Object};
use crate::map::Map;
use crate::words::lints as words;

pub(super) fn check(context: &mut Context) {
    let mut findings = Vec::new();
    for (_, object) in context.text.manifest().objects() {
        if let Body::Workload(workload) = &object.body {
            findings.extend(selector(context, object, workload));
            findings.extend(service_name(context, object, workload));
        }
    }
    for finding in findings {
        context.found(finding);
    }
}

/// The API server refuses it; this shows which label, and mends it.
fn selector(context: &Context, object: &Object, workload: &Workload) -> Option<Finding> {
    let labels = &workload.template_metadata.labels;
    if matches(&workload.selector, labels) {
        return None;
    }
    let (key, wanted) =
        workload.selector.match_labels.iter().find(|(key, value)| label(labels, key) != Some(value))?;
    let found = label(labels, key);
    let at =
        FieldRef { object: object.id.clone(), path: FieldPath::of("spec.selector.matchLabels").key(key) };
    let template = FieldPath::of("spec.template.metadata.labels");
    let theirs = FieldRef {
        object: object.id.clone(),
        path: if found.is_some() { template.key(key) } else { template },
    };
    let said = words::workload_selector(&object.id, key, wanted, found.map(|f| &**f));
    let finding =
        Finding::new(rules::WORKLOAD_SELECTOR, at.clone(), said).with(theirs, words::template_labels_here());
    let edit = match found {
        Some(found) => context.text.change(&at, found),
        None => {
            let other = labels.iter().find(|(_, value)| value == wanted)?;
            context.text.rename(&at, &other.0)
        }
    };
    let title = found.map_or_else(words::fix_template_key, |found| words::fix_change(key, found));
    Some(finding.fix(edit.map(|edit| Fix { title, edits: vec![edit] })))
}

fn service_name(context: &Context, object: &Object, workload: &Workload) -> Option<Finding> {
    if workload.kind != WorkloadKind::StatefulSet {
        return None;
    }
    let at = FieldRef::new(&object.id, "spec.serviceName");
    let name = workload.service_name.as_deref().filter(|name| !name.is_empty())?;
    let namespace = &object.id.namespace;
    let here = context.cluster.services.iter().filter(|s| s.id.namespace == *namespace);
    let here: Vec<_> = here.take(LOOK_AT).collect();
    match context.cluster.service(namespace, name) {
        Some(service) if service.is_headless() => None,
        Some(service) => {
            let said = words::statefulset_not_headless(&object.id, name);
            let finding = Finding::new(rules::STATEFULSET_SERVICE, at, said).soft(true);
            Some(finding.with(super::context::field(service, "spec"), words::not_headless_here()))
        }
        None => {
            let near = nearest(name, here.iter().map(|s| &*s.id.name));
            let said = words::statefulset_no_service(&object.id, name, near);
            let fix = near.and_then(|near| {
                let edit = context.text.change(&at, near)?;
                Some(Fix { title: words::fix_to(near), edits: vec![edit] })
            });
            Some(Finding::new(rules::STATEFULSET_SERVICE, at, said).soft(here.is_empty()).fix(fix))
        }
    }
}

/// Objects of one kind, namespace and name: every one but the first.
pub(super) fn duplicates(context: &mut Context) -> Vec<crate::diagnostic::Diagnostic> {
    let mut first = Map::new();
    let mut found = Vec::new();
    for (offset, object) in context.text.manifest().objects() {
        if object.id.name.is_empty() {
            continue;
        }
        let path = FieldPath::of("metadata.name");
        let part = crate::cluster::validate::Part::Value;
        let span = crate::cluster::validate::span_of(&object.tree, &path, part).shifted(offset);
        // Two kinds of one name may come from two groups.
        let group = object.api_version.split_once('/').map_or("", |(group, _)| group);
        match first.get(&(group, &object.id)).copied() {
            None => {
                first.insert((group, &object.id), span);
            }
            Some(first_span) => {
                let said = words::duplicate_object(&object.id);
                let related = vec![Related {
                    object: object.id.clone(),
                    path: path.clone(),
                    span: first_span,
                    message: words::first_here(),
                }];
                found.push(crate::diagnostic::Diagnostic {
                    code: rules::DUPLICATE_OBJECT.code,
                    severity: rules::DUPLICATE_OBJECT.severity,
                    message: said.message,
                    hint: said.hint,
                    object: Some(object.id.clone()),
                    path,
                    span,
                    related,
                    fixes: Vec::new(),
                });
            }
        }
    }
    found
}
