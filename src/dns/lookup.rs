//! Questions and answers.

use super::{Answer, Data, Dns, EndpointName, Names, PodMode, Rcode, Record, Type, Upstream, name};
use crate::cluster::{Service, ServiceType};
use crate::map::Set;
use std::net::IpAddr;
use std::rc::Rc;

/// How many aliases are followed.
// Models coredns plugin/backend_lookup.go: at most 8 records before.
const ALIASES_MAX: usize = 8;

/// What a name in the cluster's zone asks for, label by label.
// Models coredns plugin/kubernetes/parse.go parseRequest
#[derive(Default)]
struct Question<'a> {
    port: &'a str,
    protocol: &'a str,
    endpoint: &'a str,
    service: &'a str,
    namespace: &'a str,
    is_pod: bool,
}

enum Parsed<'a> {
    /// The zone itself, `svc` or `pod`: exists, has no addresses.
    Apex,
    /// Cannot be a name of this zone.
    Invalid,
    Name(Question<'a>),
}

/// An address found for a name, and what SRV says about it.
struct Found {
    ip: IpAddr,
    port: Option<u16>,
    target: Rc<str>,
}

enum Hit {
    Addresses(Vec<Found>),
    Alias(Rc<str>),
}

impl Dns {
    /// Answers one question. `name` ends with a dot.
    #[must_use]
    pub fn query(&self, name: &str, kind: Type, upstream: &dyn Upstream) -> Answer {
        self.answer(name, kind, upstream, 0)
    }

    /// Whether the cluster's DNS is in charge of a name.
    #[must_use]
    pub fn is_authoritative(&self, name: &str) -> bool {
        let lower = name.to_ascii_lowercase();
        name::in_zone(&lower, &self.config.zone)
            || self.config.reverse_zones.iter().any(|z| name::in_zone(&lower, z))
    }

    fn answer(&self, asked: &str, kind: Type, upstream: &dyn Upstream, depth: usize) -> Answer {
        let lower = asked.to_ascii_lowercase();
        if !name::in_zone(&lower, &self.config.zone) {
            if let Some(zone) = self.config.reverse_zones.iter().find(|z| name::in_zone(&lower, z)) {
                let of_zone = self.zone_answer(asked, &lower, zone, kind);
                return of_zone.unwrap_or_else(|| self.reverse(asked, &lower, zone, kind));
            }
            return match upstream.lookup(asked, kind) {
                Some(records) => Answer { records, ..Answer::empty(Rcode::NoError) },
                None => Answer::empty(Rcode::NxDomain),
            };
        }
        if let Some(answer) = self.zone_answer(asked, &lower, &self.config.zone, kind) {
            return answer;
        }
        // Only the zone itself has an SOA, and nothing is looked up for one; CoreDNS's own name
        // is there for every type.
        if kind == Type::Soa || lower.strip_suffix(&*self.config.zone) == Some("ns.dns.") {
            return Answer::empty(Rcode::NoError);
        }
        // Names in answers end as the question ended, in its letters.
        let zone = &asked[asked.len() - self.config.zone.len()..];
        match self.find(&lower, zone) {
            None => Answer::empty(Rcode::NxDomain),
            Some(Hit::Addresses(found)) if kind == Type::Txt && found.is_empty() => {
                Answer::empty(Rcode::NxDomain)
            }
            Some(Hit::Addresses(found)) => self.records(asked, kind, found),
            Some(Hit::Alias(target)) => self.follow(asked, kind, &target, upstream, depth),
        }
    }

    /// What the zone says about itself.
    fn zone_answer(&self, asked: &str, lower: &str, zone: &str, kind: Type) -> Option<Answer> {
        let server = || -> Rc<str> { ["ns.dns.", asked].concat().into() };
        let own = |ttl, data| {
            let records = vec![Record { owner: asked.into(), ttl, data }];
            Some(Answer { records, ..Answer::empty(Rcode::NoError) })
        };
        match kind {
            Type::Txt if lower.strip_suffix(zone) == Some("dns-version.") => {
                own(28_800, Data::Txt("1.1.0".into()))
            }
            Type::Soa if lower == zone => own(self.config.ttl, Data::Soa(server())),
            Type::Ns if lower == zone => own(self.config.ttl, Data::Ns(server())),
            _ => None,
        }
    }

    // Models coredns plugin/kubernetes Reverse, serviceRecordForIP: a Service's cluster IP
    // first, else endpoints, by their hostname or their address.
    fn reverse(&self, asked: &str, lower: &str, zone: &str, kind: Type) -> Answer {
        if kind == Type::Soa || lower == zone && kind != Type::Txt {
            return Answer::empty(Rcode::NoError);
        }
        if kind != Type::Ptr {
            return Answer::empty(Rcode::NxDomain);
        }
        let Some(ip) = name::reverse(lower) else { return Answer::empty(Rcode::NxDomain) };
        let names = self
            .by_ip
            .get(&ip)
            .map_or_else(|| self.endpoint_names(ip), |name| Set::from_iter([name.clone()]));
        let exposed = |name: &str| name.rsplit('.').next().is_some_and(|ns| self.is_exposed(ns));
        let records: Vec<_> = names
            .iter()
            .filter(|name| exposed(name))
            .map(|name| Record {
                owner: asked.into(),
                ttl: self.config.ttl,
                data: Data::Ptr(format!("{name}.svc.{}", self.config.zone).into()),
            })
            .collect();
        let rcode = if records.is_empty() { Rcode::NxDomain } else { Rcode::NoError };
        Answer { records, ..Answer::empty(rcode) }
    }

    /// The names of all endpoints with an address, below `svc`. Looked for when somebody asks.
    fn endpoint_names(&self, ip: IpAddr) -> Set<Rc<str>> {
        let mut all = Set::new();
        for (namespace, services) in self.services.iter() {
            for (service, names) in services.iter() {
                for endpoint in names.endpoints.iter().filter(|endpoint| endpoint.ip == ip) {
                    all.insert(format!("{}.{service}.{namespace}", endpoint.hostname).into());
                }
            }
        }
        let others = self.without_service.iter().filter(|(of, _)| *of == ip);
        all.extend(others.map(|(_, name)| name.clone()));
        all
    }

    // Models coredns plugin/kubernetes Records, findPods and findServices. `None`: NXDOMAIN.
    fn find(&self, lower: &str, zone: &str) -> Option<Hit> {
        let question = match parse(lower, &self.config.zone) {
            Parsed::Apex => return Some(Hit::Addresses(Vec::new())),
            Parsed::Invalid => return None,
            Parsed::Name(question) => question,
        };
        if !self.is_exposed(question.namespace) {
            return None;
        }
        if question.is_pod {
            return self.find_pod(lower, &question);
        }
        if question.service.is_empty() {
            return Some(Hit::Addresses(Vec::new()));
        }
        let names = self.services.get(question.namespace)?.get(question.service)?;
        let service = &names.service;
        if service.service_type() == ServiceType::ExternalName {
            let target = service.stored.spec.external_name.as_deref()?;
            // Models HostType: an address is no alias.
            let bare =
                question.endpoint.is_empty() && question.port.is_empty() && question.protocol.is_empty();
            let is_alias = bare && target.parse::<IpAddr>().is_err();
            return is_alias.then(|| Hit::Alias(fqdn(target)));
        }
        if self.config.ignore_empty_service && !service.is_headless() && names.endpoints.is_empty() {
            return None;
        }
        let found = if service.is_headless() || !question.endpoint.is_empty() {
            endpoints(names, &question, zone)
        } else {
            headed(names, &question, zone)
        };
        (!found.is_empty()).then_some(Hit::Addresses(found))
    }

    fn find_pod(&self, lower: &str, question: &Question) -> Option<Hit> {
        if self.config.pods == PodMode::Disabled {
            return None;
        }
        if question.service.is_empty() {
            return Some(Hit::Addresses(Vec::new()));
        }
        let ip = name::dashed(question.service)?;
        let known = || self.pods.contains_key(&(question.namespace.into(), ip));
        (self.config.pods == PodMode::Insecure || known())
            .then(|| Hit::Addresses(vec![Found { ip, port: Some(0), target: lower.into() }]))
    }

    // Models coredns plugin/backend_lookup.go A, AAAA, SRV
    fn records(&self, asked: &str, kind: Type, found: Vec<Found>) -> Answer {
        let mut answer = Answer::empty(Rcode::NoError);
        let ttl = self.config.ttl;
        let add = |to: &mut Vec<Record>, owner: &str, data: Data| {
            let record = Record { owner: owner.into(), ttl, data };
            if !to.contains(&record) {
                to.push(record);
            }
        };
        // Every address counts, also those that end up as the same record.
        let weight = u16::try_from(100 / found.len().max(1)).unwrap_or(100).max(1);
        for one in found {
            match kind {
                Type::A if one.ip.is_ipv4() => add(&mut answer.records, asked, Data::Address(one.ip)),
                Type::Aaaa if one.ip.is_ipv6() => add(&mut answer.records, asked, Data::Address(one.ip)),
                Type::Srv => {
                    let Some(port) = one.port else { continue };
                    add(&mut answer.records, asked, Data::Srv(0, weight, port, one.target.clone()));
                    add(&mut answer.additional, &one.target, Data::Address(one.ip));
                }
                _ => {}
            }
        }
        answer
    }

    fn follow(&self, asked: &str, kind: Type, target: &Rc<str>, up: &dyn Upstream, depth: usize) -> Answer {
        let mut answer = Answer::empty(Rcode::NoError);
        let alias = Record { owner: asked.into(), ttl: self.config.ttl, data: Data::Cname(target.clone()) };
        match kind {
            Type::Cname => answer.records.push(alias),
            // An alias of itself is left out.
            Type::A | Type::Aaaa if !target.eq_ignore_ascii_case(asked) && depth < ALIASES_MAX => {
                let next = self.answer(target, kind, up, depth + 1);
                if !next.records.is_empty() || !name::in_zone(&target.to_ascii_lowercase(), &self.config.zone)
                {
                    answer.records.push(alias);
                    answer.records.extend(next.records);
                }
            }
            _ => {}
        }
        answer
    }
}

impl Question<'_> {
    fn wants(&self, port: &str, protocol: &str) -> bool {
        (self.port.is_empty() || self.port.eq_ignore_ascii_case(port))
            && (self.protocol.is_empty() || self.protocol.eq_ignore_ascii_case(protocol))
    }
}

fn headed(names: &Names, question: &Question, zone: &str) -> Vec<Found> {
    let service = &names.service;
    let target: Rc<str> = full_name(service, "", zone).into();
    let mut found = Vec::new();
    let mut add = |port: Option<u16>| {
        found.extend(service.cluster_ips.iter().map(|&ip| Found { ip, port, target: target.clone() }));
    };
    // Models coredns plugin/kubernetes/object ToService: no ports at all still have a name.
    if service.ports.is_empty() && question.wants("", "") {
        add(None);
    }
    for port in service.ports.iter().filter(|p| question.wants(&p.name, p.protocol.name())) {
        add(Some(port.port));
    }
    found
}

fn endpoints(names: &Names, question: &Question, zone: &str) -> Vec<Found> {
    let mut found = Vec::new();
    let wanted = |e: &&EndpointName| question.endpoint.is_empty() || *e.hostname == *question.endpoint;
    for endpoint in names.endpoints.iter().filter(wanted) {
        let target: Rc<str> = full_name(&names.service, &endpoint.hostname, zone).into();
        for (name, protocol, port) in &*endpoint.ports {
            if question.wants(name, protocol) {
                found.push(Found { ip: endpoint.ip, port: *port, target: target.clone() });
            }
        }
    }
    found
}

fn full_name(service: &Service, endpoint: &str, zone: &str) -> String {
    let dot = if endpoint.is_empty() { "" } else { "." };
    format!("{endpoint}{dot}{}.{}.svc.{zone}", service.id.name, service.id.namespace)
}

fn fqdn(name: &str) -> Rc<str> {
    if name.ends_with('.') { name.into() } else { format!("{name}.").into() }
}

fn parse<'a>(lower: &'a str, zone: &str) -> Parsed<'a> {
    let base = lower.strip_suffix(zone).unwrap_or("").trim_end_matches('.');
    if matches!(base, "" | "svc" | "pod") {
        return Parsed::Apex;
    }
    let mut labels = base.rsplit('.');
    let is_pod = match labels.next() {
        Some("pod") => true,
        Some("svc") => false,
        _ => return Parsed::Invalid,
    };
    let mut question = Question { is_pod, ..Question::default() };
    question.namespace = labels.next().unwrap_or("");
    question.service = labels.next().unwrap_or("");
    let bare = |label: &'a str| label.strip_prefix('_').unwrap_or(label);
    match (labels.next(), labels.next(), labels.next()) {
        (None, ..) => {}
        (Some(endpoint), None, _) => question.endpoint = endpoint,
        (Some(protocol), Some(port), None) => {
            question.protocol = bare(protocol);
            question.port = bare(port);
        }
        _ => return Parsed::Invalid,
    }
    Parsed::Name(question)
}

impl Dns {
    /// The Service that a name (with its last dot) is about: namespace, name, and whether
    /// it is the name of one endpoint. `None` for names of anything else.
    #[must_use]
    pub fn whose<'a>(&self, full: &'a str) -> Option<(&'a str, &'a str, bool)> {
        // Names of objects are in lower case; others were found as they are written.
        let zone = &*self.config.zone;
        if !name::in_zone(full, zone) {
            return None;
        }
        match parse(full, zone) {
            Parsed::Name(q) if !q.is_pod && !q.service.is_empty() => {
                Some((q.namespace, q.service, !q.endpoint.is_empty()))
            }
            _ => None,
        }
    }
}
