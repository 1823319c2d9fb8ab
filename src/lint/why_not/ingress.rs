//! Why a rule of an Ingress takes a request, or does not.

use super::backend;
use crate::cluster::{Cluster, Ingress};
use crate::manifest::ingress::{IngressPath, IngressRule};
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
    /// What was asked on the way, one after the other; what comes after a condition that does
    /// not hold is not asked.
    pub checks: Vec<RuleCheck>,
}

/// What is asked of a rule, and of what is behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub enum RuleAsk {
    /// A controller serves the Ingress.
    Served,
    /// The host is the rule's.
    Host,
    /// The path matches.
    Path,
    /// No other rule is more exact, or older.
    First,
    /// The Service of the backend is in the Ingress's namespace.
    Service,
    /// It has the port.
    Port,
    /// It has a ready endpoint for it.
    Ready,
}

/// One condition of a rule.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct RuleCheck {
    /// What is asked.
    pub ask: RuleAsk,
    /// What is wanted; empty where a word says it all.
    pub wanted: String,
    /// What is there; empty: nothing.
    pub found: String,
    /// Whether it holds.
    pub holds: bool,
    /// The fields on both sides.
    pub fields: Vec<FieldRef>,
}

/// Every rule of every Ingress, with what it does with a request. Matching is the router's own.
#[must_use]
pub fn ingress_request(cluster: &Cluster, host: &str, path: &str) -> Vec<RuleRow> {
    let mut rows = Vec::new();
    // Each controller looks at its own Ingresses alone.
    let mut winners: Vec<(usize, Option<FieldRef>)> = Vec::new();
    for ingress in &cluster.ingresses {
        let served = ingress.controller;
        let winner_field = served.and_then(|controller| {
            if let Some((_, winner)) = winners.iter().find(|(of, _)| *of == controller) {
                return winner.clone();
            }
            let winner = winner(cluster, controller, host, path);
            winners.push((controller, winner.clone()));
            winner
        });
        // Without its rules: each is put in alone.
        let mut shell = (**ingress).clone();
        Rc::make_mut(&mut shell.ingress).rules.clear();
        Rc::make_mut(&mut shell.ingress).default_backend = None;
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
                    lost(&mut shell, rule, one, (host, path), winner_field.as_ref())
                };
                let path_fields = vec![here, FieldRef::new(&ingress.id, &format!("{at}.pathType"))];
                let mut checks = vec![is_served(cluster, ingress)];
                if served.is_some() {
                    checks.push(RuleCheck {
                        ask: RuleAsk::Host,
                        wanted: rule.host.as_deref().unwrap_or_default().to_owned(),
                        found: host.to_owned(),
                        holds: !matches!(verdict, Verdict::OtherHost | Verdict::HostTakenByName),
                        fields: vec![host_field.clone()],
                    });
                    let type_ = one.path_type.as_deref().unwrap_or_default();
                    let check = RuleCheck {
                        ask: RuleAsk::Path,
                        wanted: format!("{type_} {}", one.path.as_deref().unwrap_or_default()),
                        found: path.to_owned(),
                        holds: verdict != Verdict::OtherPath,
                        fields: path_fields.clone(),
                    };
                    match &verdict {
                        Verdict::OtherHost | Verdict::HostTakenByName => {}
                        Verdict::OtherPath => checks.push(check),
                        verdict => {
                            checks.push(check);
                            let (holds, field) = match verdict {
                                Verdict::Beaten(other) => (false, Some(other.clone())),
                                _ => (true, None),
                            };
                            let found =
                                field.iter().map(|f| format!("{} {}", f.object.name, f.path)).collect();
                            let fields = field.into_iter().collect();
                            checks.push(RuleCheck {
                                ask: RuleAsk::First,
                                wanted: String::new(),
                                found,
                                holds,
                                fields,
                            });
                        }
                    }
                }
                if verdict == Verdict::Takes {
                    backend::checks(cluster, ingress, &one.backend, &format!("{at}.backend"), &mut checks);
                }
                let fields = match verdict {
                    Verdict::NotServed => vec![FieldRef::new(&ingress.id, "spec.ingressClassName")],
                    Verdict::OtherHost | Verdict::HostTakenByName => vec![host_field],
                    _ => path_fields,
                };
                rows.push(RuleRow {
                    checks,
                    ingress: ingress.id.clone(),
                    host: rule.host.clone().unwrap_or_default(),
                    path: one.path.clone().unwrap_or_default(),
                    path_type: one.path_type.clone().unwrap_or_default(),
                    backend: backend::words(&one.backend),
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
            let mut checks = vec![is_served(cluster, ingress)];
            if served.is_some() {
                let found = match (&verdict, &winner_field) {
                    (Verdict::LastResort, Some(f)) => format!("{} {}", f.object.name, f.path),
                    _ => String::new(),
                };
                let fields = winner_field.iter().filter(|f| **f != here).cloned().collect();
                let holds = verdict == Verdict::Takes;
                checks.push(RuleCheck { ask: RuleAsk::First, wanted: String::new(), found, holds, fields });
            }
            if verdict == Verdict::Takes {
                backend::checks(cluster, ingress, default, "spec.defaultBackend", &mut checks);
            }
            rows.push(RuleRow {
                checks,
                ingress: ingress.id.clone(),
                host: "".into(),
                path: "".into(),
                path_type: "".into(),
                backend: backend::words(default),
                verdict,
                fields: vec![here],
            });
        }
    }
    rows
}

fn is_served(cluster: &Cluster, ingress: &Ingress) -> RuleCheck {
    let by = ingress.controller.and_then(|i| cluster.ingress_controllers.get(i));
    RuleCheck {
        ask: RuleAsk::Served,
        wanted: ingress.class.as_deref().unwrap_or_default().to_owned(),
        found: by.map(|controller| controller.controller.to_string()).unwrap_or_default(),
        holds: by.is_some(),
        fields: vec![FieldRef::new(&ingress.id, "spec.ingressClassName")],
    }
}

/// The rule of a controller's Ingresses that takes a request.
fn winner(cluster: &Cluster, controller: usize, host: &str, path: &str) -> Option<FieldRef> {
    let all = cluster.ingresses.iter().enumerate();
    let peers = all.filter(|(_, ingress)| ingress.controller == Some(controller));
    let Lookup::Found(found) = RuleTable::new(peers.map(|(i, ingress)| (i, &**ingress))).find(host, path)
    else {
        return None;
    };
    let owner = cluster.ingresses.get(found.backend.ingress)?;
    let path = match found.backend.rule {
        Some((rule, path)) => format!("spec.rules[{rule}].http.paths[{path}].path"),
        None => "spec.defaultBackend".to_owned(),
    };
    Some(FieldRef::new(&owner.id, &path))
}

/// Why a rule that does not take a request does not: it is asked alone, first for its host, then
/// for its path. `shell` is its Ingress without rules.
fn lost(
    shell: &mut Ingress,
    rule: &IngressRule,
    one: &IngressPath,
    (host, path): (&str, &str),
    winner: Option<&FieldRef>,
) -> Verdict {
    let mut alone = |only: IngressPath, path: &str| {
        Rc::make_mut(&mut shell.ingress).rules =
            vec![IngressRule { host: rule.host.clone(), paths: Some(vec![only]) }];
        matches!(RuleTable::new(std::iter::once((0, &*shell))).find(host, path), Lookup::Found(_))
    };
    let everything = IngressPath { path: Some("/".into()), path_type: Some("Prefix".into()), ..one.clone() };
    if !alone(everything, "/") {
        return Verdict::OtherHost;
    }
    if !alone(one.clone(), path) {
        return Verdict::OtherPath;
    }
    match winner {
        Some(winner) => Verdict::Beaten(winner.clone()),
        // It would match, and a more exact host has a say in it that no path of its own uses.
        None => Verdict::HostTakenByName,
    }
}
