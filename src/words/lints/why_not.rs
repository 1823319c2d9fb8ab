//! The words of *why not* tables.

use crate::lint::why_not::{
    Absent, Answered, Ask, Condition, Effect, RuleAsk, RuleCheck, RuleRow, Tried, Verdict,
};

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

/// What a row wants, in a word or two.
#[must_use]
pub fn wanted(row: &Condition) -> String {
    match &row.ask {
        Ask::Selector => "some labels".to_owned(),
        Ask::NotFinished => "Pending or Running".to_owned(),
        Ask::Address => "an address".to_owned(),
        Ask::NotTerminating => "no".to_owned(),
        _ => row.wanted.to_string(),
    }
}

/// What a row found.
#[must_use]
pub fn found(row: &Condition) -> String {
    match (&row.ask, row.found.as_deref()) {
        (Ask::NotTerminating, Some("true")) => "yes".to_owned(),
        (Ask::NotTerminating, Some(_)) => "no".to_owned(),
        (Ask::Declared(_), None) => "no ports listed".to_owned(),
        (_, Some(found)) => found.to_owned(),
        (_, None) => "none".to_owned(),
    }
}

/// What it means that a row does not hold.
#[must_use]
pub const fn effect(effect: Effect) -> &'static str {
    match effect {
        Effect::NotSelected => "The Service does not select it.",
        Effect::NotListed => "It is selected, and in no EndpointSlice.",
        Effect::NotReady => "It is in an EndpointSlice as not ready: no new connections.",
        Effect::PortMissing => "It gets no connections for this port.",
        Effect::Doubt => "Connections come, and are refused if nobody listens.",
    }
}

/// What is asked of a rule of an Ingress.
#[must_use]
pub const fn rule_ask(ask: RuleAsk) -> &'static str {
    match ask {
        RuleAsk::Served => "served by a controller",
        RuleAsk::Host => "host",
        RuleAsk::Path => "path",
        RuleAsk::First => "comes first",
        RuleAsk::Service => "its Service exists",
        RuleAsk::Port => "the Service has the port",
        RuleAsk::Ready => "an endpoint is ready",
    }
}

/// What a rule wants.
#[must_use]
pub fn rule_wanted(check: &RuleCheck) -> String {
    match (check.ask, &*check.wanted) {
        (RuleAsk::Served, "") => "a class".to_owned(),
        (RuleAsk::Served, class) => format!("class {class}"),
        (RuleAsk::Host, "") => "any".to_owned(),
        (RuleAsk::First, _) => "no better match".to_owned(),
        (RuleAsk::Ready, _) => "one or more".to_owned(),
        (_, wanted) => wanted.to_owned(),
    }
}

/// What was found.
#[must_use]
pub fn rule_found(check: &RuleCheck) -> String {
    match (check.ask, &*check.found) {
        (RuleAsk::Served, "") => "nobody".to_owned(),
        (RuleAsk::Host, "") => "no host".to_owned(),
        (_, "") => "none".to_owned(),
        (_, found) => found.to_owned(),
    }
}

/// What comes of a request at a check that does not hold.
#[must_use]
pub fn rule_effect(check: &RuleCheck) -> &'static str {
    match check.ask {
        RuleAsk::Served => "No request reaches this Ingress.",
        RuleAsk::Host | RuleAsk::Path => "The rule does not match.",
        RuleAsk::First => "It matches, and the other one takes the request.",
        RuleAsk::Service | RuleAsk::Port | RuleAsk::Ready => "The controller answers 503.",
    }
}

/// A rule: `shop.example.com/api (Prefix) → api:80`.
#[must_use]
pub fn rule_title(row: &RuleRow) -> String {
    if row.path_type.is_empty() {
        return format!("default → {}", row.backend);
    }
    let host = if row.host.is_empty() { "*" } else { &*row.host };
    format!("{host}{} ({}) → {}", row.path, row.path_type, row.backend)
}

/// What came of asking for a full name, and why.
#[must_use]
pub fn tried(tried: &Tried) -> String {
    match &tried.absent {
        Some(Absent::Namespace(namespace)) => format!("there is no namespace {namespace}"),
        Some(Absent::Service(namespace, name)) => {
            format!("there is no Service {name} in namespace {namespace}")
        }
        Some(Absent::Ready(service)) => {
            format!("Service {} is headless, and none of its pods is ready", service.name)
        }
        Some(Absent::Endpoint(service)) => format!("no ready pod of Service {} has this name", service.name),
        Some(Absent::Public) => {
            "passed on to public DNS, which is taken not to know it: it does not end as public names do"
                .to_owned()
        }
        None => String::new(),
    }
}
