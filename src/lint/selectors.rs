//! Selectors that select nothing, elsewhere, or too much.

use super::context::{Context, Maker, field, selector_field};
use super::near::{nearest, slip};
use super::text::{Finding, scalar_like};
use super::{rules, why_not};
use crate::cluster::{Service, ServiceType};
use crate::diagnostic::Fix;
use crate::manifest::metadata::label;
use crate::manifest::{FieldRef, Labels};
use crate::source::Span;
use crate::words::lints as words;
use std::rc::Rc;

pub(super) fn check(context: &mut Context) {
    for service in context.services() {
        if service.service_type() == ServiceType::ExternalName {
            continue;
        }
        let Some(selector) = service.selector() else { continue };
        let selected = context.selected(&service.id.namespace, selector);
        let finding = match selected.len() {
            0 => Some(nothing(context, service, selector)),
            1 => None,
            _ => several(context, service, &selected),
        };
        if let Some(finding) = finding {
            context.found(finding);
        }
    }
}

fn nothing(context: &Context, service: &Service, selector: &Labels) -> Finding {
    let elsewhere = context.elsewhere(&service.id.namespace, selector);
    if let Some(first) = elsewhere.first() {
        return other_namespace(context, service, &elsewhere, first);
    }
    let namespace = &service.id.namespace;
    let lonely = !context.makes_pods_in(namespace);
    let nearest = nearest_miss(context, service, selector);
    let at = match &nearest {
        Some(miss) if miss.wrong.len() == 1 => selector_field(service, &miss.wrong[0].key),
        _ => match &selector[..] {
            [(key, _)] => selector_field(service, key),
            _ => field(service, "spec.selector"),
        },
    };
    let rows: Vec<_> = nearest
        .iter()
        .flat_map(|miss| &miss.wrong)
        .map(|wrong| (&*wrong.key, &*wrong.wanted, wrong.found.as_deref()))
        .collect();
    let said =
        words::selector_matches_nothing(&service.id, selector, nearest.as_ref().map(|m| m.maker.id), &rows);
    let mut finding = Finding::new(rules::SELECTOR_MATCHES_NOTHING, at, said).soft(lonely);
    if let Some(miss) = nearest {
        for wrong in &miss.wrong {
            let at = miss.maker.label_field(wrong.found_key.as_deref().unwrap_or(&wrong.key));
            finding =
                finding.with(at, words::nearest_label(miss.maker.id, &wrong.key, wrong.found.as_deref()));
        }
        finding = finding.fix(repair(context, service, &miss));
    }
    finding
}

fn other_namespace(context: &Context, service: &Service, elsewhere: &[&Maker], first: &Maker) -> Finding {
    let mut namespaces: Vec<&str> = elsewhere.iter().map(|maker| &*maker.id.namespace).collect();
    crate::sort::plain(&mut namespaces);
    namespaces.dedup();
    let said = words::selector_other_namespace(&service.id, first.id, &namespaces);
    let mut finding =
        Finding::new(rules::SELECTOR_OTHER_NAMESPACE, field(service, "spec.selector"), said).key();
    for maker in elsewhere.iter().take(5) {
        let at = FieldRef::new(maker.id, "metadata.namespace");
        finding = finding.with(at, words::pods_are_here(maker.id));
    }
    if let [only] = namespaces[..] {
        let at = field(service, "metadata.namespace");
        let edit = context.text.change(&at, only).or_else(|| {
            // No namespace is written: it goes in front of the name.
            let span =
                context.text.span(&field(service, "metadata.name"), crate::cluster::validate::Part::Key)?;
            let (_, key, _) = context.text.exact(&field(service, "metadata.name"))?;
            let here = crate::source::Span::new(span.start, span.start);
            key.map(|_| (here, context.text.line_before(span.start, &format!("namespace: {only}"))))
        });
        finding = finding.fix(edit.map(|edit| Fix { title: words::fix_namespace(only), edits: vec![edit] }));
    }
    finding
}

struct Wrong {
    key: Box<str>,
    wanted: Box<str>,
    found: Option<Box<str>>,
    /// The pod's own key, where the Service's is a slip for it.
    found_key: Option<Box<str>>,
    steps: usize,
}

struct Miss<'c, 'a> {
    maker: &'c Maker<'a>,
    wrong: Vec<Wrong>,
}

/// Who comes nearest to being selected: most labels right, then least letters wrong. Nobody, where
/// no label is right or nearly so.
fn nearest_miss<'c, 'a>(
    context: &'c Context<'a>,
    service: &Service,
    selector: &Labels,
) -> Option<Miss<'c, 'a>> {
    let here = context.makers.iter().filter(|maker| maker.id.namespace == service.id.namespace);
    here.take(context.look_at())
        .filter_map(|maker| {
            let wrong: Vec<Wrong> =
                selector.iter().filter_map(|(key, value)| wrong(maker.labels, key, value)).collect();
            let right = selector.len() - wrong.len();
            let slips = wrong.iter().filter(|w| w.steps < FAR).count();
            (right + slips > 0).then(|| {
                let steps: usize = wrong.iter().map(|w| w.steps).sum();
                ((wrong.len() - slips, wrong.len(), steps), Miss { maker, wrong })
            })
        })
        .min_by_key(|(score, _)| *score)
        .map(|(_, miss)| miss)
}

const FAR: usize = 100;

fn wrong(labels: &Labels, key: &str, wanted: &str) -> Option<Wrong> {
    let made = |found: Option<&str>, found_key: Option<&str>, steps| Wrong {
        key: key.into(),
        wanted: wanted.into(),
        found: found.map(Into::into),
        found_key: found_key.map(Into::into),
        steps,
    };
    if let Some(found) = label(labels, key) {
        return (&**found != wanted)
            .then(|| made(Some(found), Some(key), slip(wanted, found).unwrap_or(FAR)));
    }
    // The same value under a key that looks the same: `App: web`, `app.kubernetes.io/nme: web`.
    let same_value = labels.iter().filter(|(_, value)| &**value == wanted).map(|(key, _)| &**key);
    Some(match nearest(key, same_value) {
        Some(other) => made(None, Some(other), slip(key, other).unwrap_or(FAR)),
        None => made(None, None, FAR),
    })
}

/// Makes the Service select the nearest miss, if each wrong label is a slip or the only one wrong.
fn repair(context: &Context, service: &Service, miss: &Miss) -> Option<Fix> {
    let mut edits = Vec::new();
    for wrong in &miss.wrong {
        if wrong.steps >= FAR && miss.wrong.len() > 1 {
            return None;
        }
        let at = selector_field(service, &wrong.key);
        edits.push(match (&wrong.found, &wrong.found_key) {
            (Some(found), _) => context.text.change(&at, found)?,
            (None, Some(key)) => context.text.rename(&at, key)?,
            (None, None) => context.text.remove(&at)?,
        });
    }
    let title = match &miss.wrong[..] {
        [Wrong { key, found: Some(found), .. }] => words::fix_change(key, found),
        [Wrong { found: None, found_key: Some(key), .. }] => words::fix_rename(key),
        [Wrong { key, .. }] => words::fix_remove(key),
        _ => words::fix_select(miss.maker.id),
    };
    Some(Fix { title, edits })
}

/// Pods of different workloads behind one Service. Several versions of one program (canary,
/// blue and green) are what Services are for; different programs are not.
fn several(context: &Context, service: &Service, selected: &[usize]) -> Option<Finding> {
    let makers: Vec<&Maker> = selected.iter().map(|&i| &context.makers[i]).collect();
    let (first, others) = makers.split_first()?;
    let programs = |maker: &Maker| {
        let mut images: Vec<String> =
            maker.spec.containers.iter().map(|c| repository(c.image.as_deref().unwrap_or(""))).collect();
        crate::sort::plain(&mut images);
        images
    };
    let ours = programs(first);
    let other = others.iter().find(|maker| {
        let theirs = programs(maker);
        !ours.iter().any(|image| theirs.contains(image))
    })?;
    // Ready to serve every port all the same: it may be meant.
    let serves_all =
        |maker: &&Maker| service.ports.iter().all(|port| why_not::find_port(maker.spec, port).is_some());
    let meant = makers.iter().all(serves_all) && !service.ports.is_empty();
    let said = words::selector_several_workloads(&service.id, first.id, other.id);
    let mut finding = Finding::new(rules::SELECTOR_SEVERAL_WORKLOADS, field(service, "spec.selector"), said)
        .soft(meant)
        .key();
    for maker in makers.iter().take(5) {
        finding = finding.with(maker.field("metadata.labels"), words::selected_too(maker.id));
    }
    for maker in makers.iter().take(2) {
        finding = finding.fix(select_alone(context, service, maker, &makers));
    }
    Some(finding)
}

/// One label more in the selector, which only one of the workloads has.
fn select_alone(context: &Context, service: &Service, maker: &Maker, makers: &[&Maker]) -> Option<Fix> {
    let selector = service.selector()?;
    let alone = |(key, value): &&(Rc<str>, Rc<str>)| {
        label(selector, key).is_none()
            && makers.iter().all(|other| other.id == maker.id || label(other.labels, key) != Some(value))
    };
    let (key, value) = maker.labels.iter().find(alone)?;
    let at = context.text.exact(&selector_field(service, &selector.first()?.0))?;
    let start = at.1?.shifted(at.0).start;
    let line = format!("{}: {}", scalar_like("", key), scalar_like("", value));
    let edit = (Span::new(start, start), context.text.line_before(start, &line));
    Some(Fix { title: words::fix_only(maker.id, key, value), edits: vec![edit] })
}

/// An image without its tag and digest.
fn repository(image: &str) -> String {
    let image = image.split('@').next().unwrap_or("");
    let (front, name) = image.rsplit_once('/').map_or(("", image), |(front, name)| (front, name));
    let name = name.split(':').next().unwrap_or("");
    format!("{front}/{name}")
}
