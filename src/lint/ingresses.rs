//! Ingresses whose class, Service or port does not exist, and paths that cannot win.

use super::context::{Context, field};
use super::near::{LOOK_AT, nearest};
use super::rules;
use super::text::Finding;
use crate::cluster::{Ingress, Origin};
use crate::diagnostic::Fix;
use crate::manifest::ingress::{IngressBackend, IngressPath, IngressRule, IngressServiceBackend};
use crate::manifest::{FieldRef, ObjectRef};
use crate::map::{Map, Set};
use crate::routing::ingress::{is_unread_pattern, makes_patterns};
use crate::words::lints as words;
use std::rc::Rc;

pub(super) fn check(context: &mut Context) {
    let mut findings = Vec::new();
    // Who serves, host, kind of path and path → the first that claims it.
    let mut claims: Map<(Option<&str>, String, String), (FieldRef, &ObjectRef)> = Map::new();
    let patterned = patterned(context);
    for ingress in &context.cluster.ingresses {
        findings.extend(class(context, ingress));
        if let Some(default) = &ingress.ingress.default_backend {
            findings.extend(backend(context, ingress, default, "spec.defaultBackend"));
        }
        for (i, rule) in ingress.ingress.rules.iter().enumerate() {
            let host = rule.host.as_deref().unwrap_or("");
            let served = served(ingress, rule);
            let patterns = patterned.contains(&served);
            for (j, path) in rule.paths.iter().flatten().enumerate() {
                let at = format!("spec.rules[{i}].http.paths[{j}]");
                findings.extend(backend(context, ingress, &path.backend, &format!("{at}.backend")));
                findings.extend(never(context, ingress, path, &at, patterns));
                let claim = (served.0, served.1.clone(), same_path(path));
                let here = FieldRef::new(&ingress.id, &format!("{at}.path"));
                match claims.get(&claim) {
                    Some((first, owner)) => {
                        let same = **owner == ingress.id;
                        let said = words::ingress_duplicate_path(host, path, owner, same);
                        let finding = Finding::new(rules::INGRESS_DUPLICATE_PATH, here, said);
                        findings.push(finding.with(first.clone(), words::first_claim()));
                    }
                    None => {
                        claims.insert(claim, (here, &ingress.id));
                    }
                }
            }
        }
    }
    for finding in findings {
        context.found(finding);
    }
}

/// Two paths that match the same requests with the same weight.
fn same_path(path: &IngressPath) -> String {
    let text = path.path.as_deref().unwrap_or("");
    match path.path_type.as_deref() {
        Some("Exact") => format!("Exact {text}"),
        // Element by element: a slash at the end is nothing.
        _ => format!("Prefix {}", text.trim_end_matches('/')),
    }
}

fn class(context: &Context, ingress: &Ingress) -> Option<Finding> {
    if ingress.controller.is_some() {
        return None;
    }
    let written: Vec<&str> = context
        .cluster
        .ingress_classes
        .iter()
        .filter(|class| class.origin == Origin::Text)
        .map(|class| &*class.id.name)
        .collect();
    let named = ingress.ingress.ingress_class_name.as_deref();
    let near = named.and_then(|name| nearest(name, written.iter().copied()));
    let exists = named.is_some_and(|name| written.contains(&name));
    let at = FieldRef::new(&ingress.id, "spec.ingressClassName");
    let said = words::ingress_class_missing(named, near, exists, &written);
    let mut finding = Finding::new(rules::INGRESS_CLASS_MISSING, at.clone(), said).soft(written.is_empty());
    for name in written.iter().take(5) {
        let class = ObjectRef::new("IngressClass", "", name);
        finding = finding.with(FieldRef::new(&class, "metadata.name"), words::class_here(name));
    }
    let fix = near.or(match (&written[..], exists) {
        ([only], false) => Some(*only),
        _ => None,
    });
    let fix = fix.and_then(|name| {
        let edit = context.text.change(&at, name)?;
        Some(Fix { title: words::fix_to(name), edits: vec![edit] })
    });
    Some(finding.fix(fix))
}

fn backend(context: &Context, ingress: &Ingress, backend: &IngressBackend, path: &str) -> Option<Finding> {
    let wanted = backend.service.as_ref().filter(|service| !service.name.is_empty())?;
    let namespace = &ingress.id.namespace;
    let name = FieldRef::new(&ingress.id, &format!("{path}.service.name"));
    let Some(service) = context.cluster.service(namespace, &wanted.name) else {
        return Some(missing(context, namespace, wanted, name));
    };
    let found = match (&wanted.port_name, wanted.port_number) {
        (Some(name), _) => service.ports.iter().any(|port| port.name == *name),
        (None, Some(number)) => service.ports.iter().any(|port| i64::from(port.port) == number),
        // Validation has told that a port is needed.
        (None, None) => return None,
    };
    if found {
        return None;
    }
    let which = if wanted.port_name.is_some() { "name" } else { "number" };
    let at = FieldRef::new(&ingress.id, &format!("{path}.service.port.{which}"));
    let said = words::ingress_port_missing(&service.id, wanted, &service.ports);
    let mut finding = Finding::new(rules::INGRESS_PORT_MISSING, at.clone(), said);
    for i in 0..service.ports.len().min(5) {
        finding = finding.with(field(service, &format!("spec.ports[{i}]")), words::service_port_here());
    }
    Some(finding.fix(port_fix(context, service, wanted, &at)))
}

fn port_fix(
    context: &Context,
    service: &Rc<crate::cluster::Service>,
    wanted: &IngressServiceBackend,
    at: &FieldRef,
) -> Option<Fix> {
    let meant = match &wanted.port_name {
        Some(name) => {
            let named: Vec<&str> = service.ports.iter().map(|p| &*p.name).filter(|n| !n.is_empty()).collect();
            match named[..] {
                [only] => only.to_owned(),
                _ => nearest(name, named.iter().copied())?.to_owned(),
            }
        }
        None => {
            // Often the pod's port is written where the Service's belongs.
            let by_target = service.ports.iter().find(|port| {
                matches!(&port.target_port, crate::manifest::service::IntOrString::Int(n) if Some(*n) == wanted.port_number)
            });
            let port = match (by_target, &service.ports[..]) {
                (Some(port), _) | (None, [port]) => port,
                _ => return None,
            };
            port.port.to_string()
        }
    };
    let (span, text) = context.text.change(at, &meant)?;
    let text = if wanted.port_name.is_none() { meant.clone() } else { text };
    Some(Fix { title: words::fix_to(&meant), edits: vec![(span, text)] })
}

fn missing(context: &Context, namespace: &str, wanted: &IngressServiceBackend, at: FieldRef) -> Finding {
    let services = &context.cluster.services;
    let here: Vec<&str> = services
        .iter()
        .filter(|service| &*service.id.namespace == namespace && service.origin == Origin::Text)
        .map(|service| &*service.id.name)
        .take(LOOK_AT)
        .collect();
    let elsewhere =
        services.iter().find(|service| service.id.name == wanted.name && service.origin == Origin::Text);
    let near = nearest(&wanted.name, here.iter().copied());
    let other = elsewhere.map(|service| &*service.id.namespace);
    let said = words::ingress_service_missing(&wanted.name, namespace, near, other);
    // Where the text has no Service at all, the rest is probably somewhere else.
    let lonely = here.is_empty() && elsewhere.is_none();
    let mut finding = Finding::new(rules::INGRESS_SERVICE_MISSING, at.clone(), said).soft(lonely);
    if let Some(service) = elsewhere {
        finding = finding.with(field(service, "metadata.namespace"), words::service_is_here());
    }
    if let Some(near) = near {
        let service = ObjectRef::new("Service", namespace, near);
        finding = finding.with(FieldRef::new(&service, "metadata.name"), words::service_is_here());
    }
    let fix = near.and_then(|near| {
        let edit = context.text.change(&at, near)?;
        Some(Fix { title: words::fix_to(near), edits: vec![edit] })
    });
    finding.fix(fix)
}

/// Who serves, and the host as it is compared.
fn served<'a>(ingress: &'a Ingress, rule: &IngressRule) -> (Option<&'a str>, String) {
    (ingress.class.as_deref(), rule.host.as_deref().unwrap_or("").to_ascii_lowercase())
}

/// Who serves and the host: where one Ingress makes the paths regular expressions, for all of them.
fn patterned<'a>(context: &Context<'a>) -> Set<(Option<&'a str>, String)> {
    let mut all = Set::new();
    for ingress in &context.cluster.ingresses {
        let rules = ingress.ingress.rules.iter().filter(|rule| makes_patterns(ingress, rule));
        all.extend(rules.map(|rule| served(ingress, rule)));
    }
    all
}

/// Whether annotations of another controller, which is not simulated, may make patterns of the paths.
fn is_elsewhere_pattern(ingress: &Ingress) -> bool {
    ingress.metadata.annotations.iter().any(|(key, _)| {
        !key.starts_with("nginx.ingress.kubernetes.io/")
            && (key.ends_with("/use-regex") || key.ends_with("/rewrite-target"))
    })
}

/// A path that is never the path of a request. `patterns`: it is a regular expression.
fn never(
    context: &Context,
    ingress: &Ingress,
    path: &IngressPath,
    at: &str,
    patterns: bool,
) -> Option<Finding> {
    let text = path.path.as_deref()?;
    let unread = patterns && is_unread_pattern(text);
    let patterns = patterns || is_elsewhere_pattern(ingress);
    let why = if unread {
        words::Never::Pattern
    } else if text.contains('?') && !patterns {
        words::Never::Query
    } else if text.contains('#') {
        words::Never::Fragment
    } else if text.contains(char::is_whitespace) {
        words::Never::Space
    } else if !patterns && text.contains('*') {
        words::Never::Star
    } else {
        return None;
    };
    let at = FieldRef::new(&ingress.id, &format!("{at}.path"));
    let meant = match why {
        words::Never::Query => text.split('?').next(),
        words::Never::Fragment => text.split('#').next(),
        // What is below matches anyway.
        words::Never::Star if path.path_type.as_deref() != Some("Exact") => text.strip_suffix('*'),
        words::Never::Star | words::Never::Space | words::Never::Pattern => None,
    };
    // Not where the rest would match nothing either.
    let meant = meant.filter(|meant| meant.starts_with('/') && !meant.contains('*'));
    let fix = meant.and_then(|meant| {
        let edit = context.text.change(&at, meant)?;
        Some(Fix { title: words::fix_to(meant), edits: vec![edit] })
    });
    Some(Finding::new(rules::INGRESS_PATH_NEVER, at, words::ingress_path_never(text, &why)).fix(fix))
}
