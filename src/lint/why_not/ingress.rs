//! Why a rule of an Ingress takes a request, or does not.

use crate::cluster::{Cluster, Ingress};
use crate::manifest::ingress::{IngressBackend, IngressRule};
use crate::manifest::{FieldRef, ObjectRef};
use crate::routing::ingress::{Lookup, RuleTable};
use std::rc::Rc;

/// What becomes of a request at one rule.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub enum Verdict {
    /// It takes the request.
    Takes,
    /// Nobody serves its Ingress.
    NotServed,
    /// It is for another host.
    OtherHost,
    /// A rule for this very host exists, and this one is for hosts in general.
    HostTakenByName,
    /// Its path does not match.
    OtherPath,
    /// It matches, and another one is longer, more exact or older.
    Beaten(FieldRef),
    /// It would take what no rule takes.
    LastResort,
}

/// One row: a path of a rule of an Ingress, or a default backend.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct RuleRow {
    /// The Ingress.
    pub ingress: ObjectRef,
    /// Its host as written; empty: any.
    pub host: Rc<str>,
    /// Its path as written; empty for a default backend.
    pub path: Rc<str>,
    /// `Exact`, `Prefix`, `ImplementationSpecific`; empty for a default backend.
    pub path_type: Rc<str>,
    /// `web:80`
    pub backend: String,
    /// What becomes of the request here.
    pub verdict: Verdict,
    /// The fields that decided.
    pub fields: Vec<FieldRef>,
}

/// Every rule of every Ingress, with what it does with a request. Matching is the router's own.
#[must_use]
pub fn ingress_request(cluster: &Cluster, host: &str, path: &str) -> Vec<RuleRow> {
    let mut rows = Vec::new();
    // Each controller looks at its own Ingresses alone.
    for ingress in &cluster.ingresses {
        let served = ingress.controller;
        let peers = cluster.ingresses.iter().enumerate().filter(|(_, other)| other.controller == served);
        let winner = match RuleTable::new(peers.map(|(i, other)| (i, &**other))).find(host, path) {
            Lookup::Found(found) if served.is_some() => Some(found.backend),
            _ => None,
        };
        let winner_field = winner.and_then(|backend| {
            let owner = cluster.ingresses.get(backend.ingress)?;
            let path = match backend.rule {
                Some((rule, path)) => format!("spec.rules[{rule}].http.paths[{path}].path"),
                None => "spec.defaultBackend".to_owned(),
            };
            Some(FieldRef::new(&owner.id, &path))
        });
        for (r, rule) in ingress.ingress.rules.iter().enumerate() {
            for (p, one) in rule.paths.iter().flatten().enumerate() {
                let at = format!("spec.rules[{r}].http.paths[{p}]");
                let here = FieldRef::new(&ingress.id, &format!("{at}.path"));
                let host_field = FieldRef::new(&ingress.id, &format!("spec.rules[{r}].host"));
                let verdict = if served.is_none() {
                    Verdict::NotServed
                } else if winner_field.as_ref() == Some(&here) {
                    Verdict::Takes
                } else {
                    lost(ingress, rule, p, host, path, winner_field.as_ref())
                };
                let fields = match verdict {
                    Verdict::NotServed => vec![FieldRef::new(&ingress.id, "spec.ingressClassName")],
                    Verdict::OtherHost | Verdict::HostTakenByName => vec![host_field],
                    _ => vec![here, FieldRef::new(&ingress.id, &format!("{at}.pathType"))],
                };
                rows.push(RuleRow {
                    ingress: ingress.id.clone(),
                    host: rule.host.clone().unwrap_or_default(),
                    path: one.path.clone().unwrap_or_default(),
                    path_type: one.path_type.clone().unwrap_or_default(),
                    backend: backend_words(&one.backend),
                    verdict,
                    fields,
                });
            }
        }
        if let Some(default) = &ingress.ingress.default_backend {
            let here = FieldRef::new(&ingress.id, "spec.defaultBackend");
            let verdict = match () {
                () if served.is_none() => Verdict::NotServed,
                () if winner_field.as_ref() == Some(&here) => Verdict::Takes,
                () => Verdict::LastResort,
            };
            rows.push(RuleRow {
                ingress: ingress.id.clone(),
                host: "".into(),
                path: "".into(),
                path_type: "".into(),
                backend: backend_words(default),
                verdict,
                fields: vec![here],
            });
        }
    }
    rows
}

/// Why a rule that does not take a request does not: it is asked alone, first for its host, then for its path.
fn lost(
    ingress: &Ingress,
    rule: &IngressRule,
    path_index: usize,
    host: &str,
    path: &str,
    winner: Option<&FieldRef>,
) -> Verdict {
    let alone = |only: IngressRule, path: &str| {
        let mut one = ingress.clone();
        one.ingress.rules = vec![only];
        one.ingress.default_backend = None;
        matches!(RuleTable::new(std::iter::once((0, &one))).find(host, path), Lookup::Found(_))
    };
    let mut everything = rule.clone();
    if let Some(paths) = &mut everything.paths {
        paths.truncate(1);
        for one in paths {
            one.path = Some("/".into());
            one.path_type = Some("Prefix".into());
        }
    }
    if !alone(everything, "/") {
        return Verdict::OtherHost;
    }
    let mut this = rule.clone();
    if let Some(paths) = &mut this.paths {
        let kept = paths.get(path_index).cloned();
        paths.clear();
        paths.extend(kept);
    }
    if !alone(this, path) {
        return Verdict::OtherPath;
    }
    match winner {
        Some(winner) => Verdict::Beaten(winner.clone()),
        // It would match, and a more exact host has a say in it that no path of its own uses.
        None => Verdict::HostTakenByName,
    }
}

fn backend_words(backend: &IngressBackend) -> String {
    match (&backend.service, &backend.resource) {
        (Some(service), _) => match (&service.port_name, service.port_number) {
            (Some(name), _) => format!("{}:{name}", service.name),
            (None, Some(number)) => format!("{}:{number}", service.name),
            (None, None) => service.name.to_string(),
        },
        (None, Some(resource)) => format!("{} {}", resource.kind, resource.name),
        (None, None) => String::new(),
    }
}
