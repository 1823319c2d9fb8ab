//! The words of *why not* tables.

use crate::lint::why_not::{Answered, Ask, Condition, Verdict};

/// What a row of a *why not* table asks: `label app`, `address`.
#[must_use]
pub fn ask(ask: &Ask) -> String {
    match ask {
        Ask::SameNamespace => "same namespace".to_owned(),
        Ask::Selector => "the Service has a selector".to_owned(),
        Ask::Label(key) => format!("label {key}"),
        Ask::NotFinished => "still to run or running".to_owned(),
        Ask::Address => "has an address".to_owned(),
        Ask::NotTerminating => "not being deleted".to_owned(),
        Ask::Ready => "ready".to_owned(),
        Ask::TargetPort(port) => format!("port {port} has a target"),
        Ask::Declared(port) => format!("port {port}: a container lists its target"),
    }
}

/// Why a row does not hold, short enough for a chip: `app is "api", not "web"`.
#[must_use]
pub fn why_not(row: &Condition) -> String {
    let wanted = &row.wanted;
    match (&row.ask, row.found.as_deref()) {
        (Ask::SameNamespace, Some(found)) => format!("is in namespace {found}, not {wanted}"),
        (Ask::Selector, _) => "the Service has no selector".to_owned(),
        (Ask::Label(key), Some(found)) => format!("{key} is “{found}”, not “{wanted}”"),
        (Ask::Label(key), None) => format!("has no label {key} (wanted “{wanted}”)"),
        (Ask::NotFinished, Some(found)) => format!("has finished ({found})"),
        (Ask::Address, _) => "has no address yet".to_owned(),
        (Ask::NotTerminating, _) => "is being deleted".to_owned(),
        (Ask::Ready, _) => "is not ready".to_owned(),
        (Ask::TargetPort(port), _) => {
            format!("no container has a port “{wanted}”, which port {port} leads to")
        }
        (Ask::Declared(port), Some(found)) => {
            format!("port {port} leads to {wanted}; the containers list {found}")
        }
        (other, _) => ask(other),
    }
}

/// What becomes of a request at a rule of an Ingress.
#[must_use]
pub fn verdict(verdict: &Verdict) -> String {
    match verdict {
        Verdict::Takes => "takes the request".to_owned(),
        Verdict::NotServed => "no controller serves this Ingress".to_owned(),
        Verdict::OtherHost => "is for another host".to_owned(),
        Verdict::HostTakenByName => "another rule names this very host".to_owned(),
        Verdict::OtherPath => "its path does not match".to_owned(),
        Verdict::Beaten(winner) => {
            format!("matches; {} {} is more exact or older", winner.object.name, winner.path)
        }
        Verdict::LastResort => "for what no rule takes".to_owned(),
    }
}

/// What came back for a question to DNS.
#[must_use]
pub fn answered(answer: &Answered) -> String {
    match answer {
        Answered::Found { alias: Some(alias), addresses } if addresses.is_empty() => {
            format!("an alias for {alias}")
        }
        Answered::Found { addresses, .. } => addresses.join(", "),
        Answered::NoData => "exists, and has no address".to_owned(),
        Answered::NoSuchName => "no such name".to_owned(),
        Answered::NotAsked => "not asked any more".to_owned(),
    }
}
