//! What a name is asked as, what is found under each, and what there is nearby.

use crate::cluster::{Cluster, ServiceType};
use crate::dns::search::{queries, search_list};
use crate::dns::{Config, Dns, Rcode, Type, Upstream};
use crate::lint::near::slip;
use crate::manifest::{FieldRef, ObjectRef};
use std::rc::Rc;

/// One full name that a resolver asks for.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Tried {
    /// The name in full, with its last dot.
    pub name: String,
    /// What came back.
    pub answer: Answered,
    /// What is not there, where that is why there is no answer.
    pub absent: Option<Absent>,
    /// What decided.
    pub fields: Vec<FieldRef>,
}

/// What a name without an answer asks for in vain.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub enum Absent {
    /// The namespace.
    Namespace(Rc<str>),
    /// The Service: its namespace and name.
    Service(Rc<str>, Rc<str>),
    /// A ready pod: the Service is headless.
    Ready(ObjectRef),
    /// An endpoint with this name.
    Endpoint(ObjectRef),
    /// A public name of this kind.
    Public,
}

/// What came back for a question.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub enum Answered {
    /// Addresses, and the alias they were found behind.
    Found {
        /// The last name of a chain of aliases.
        alias: Option<String>,
        /// IPv4 and IPv6 addresses.
        addresses: Vec<String>,
    },
    /// The name exists and has no address.
    NoData,
    /// No such name.
    NoSuchName,
    /// An earlier question was answered, so that this one is not asked.
    NotAsked,
}

/// A name that exists and may have been meant.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Nearby {
    /// How a pod of the asking namespace would call it.
    pub name: String,
    /// The Service.
    pub service: ObjectRef,
    /// Its name in the text.
    pub field: FieldRef,
}

/// The table of a name.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct NameTable {
    /// In the order that they are asked.
    pub questions: Vec<Tried>,
    /// Nearest first; empty where the name was found.
    pub nearby: Vec<Nearby>,
}

/// Five, as the kubelet writes it into every pod's resolv.conf.
const NDOTS: usize = 5;
const NEARBY_MAX: usize = 3;

/// What a pod of a namespace asks for a name, question by question.
#[must_use]
pub fn dns_name(cluster: &Cluster, namespace: &str, name: &str, upstream: &dyn Upstream) -> NameTable {
    let config = Config::default();
    let search = search_list(namespace, &config.zone);
    let zone = config.zone.clone();
    let dns = Dns::new(cluster, config);
    let mut found = false;
    let questions: Vec<Tried> = queries(name, &search, NDOTS)
        .into_iter()
        .map(|full| {
            let answer = if found { Answered::NotAsked } else { ask(&dns, &full, upstream) };
            found |= matches!(answer, Answered::Found { .. });
            let asked = answer != Answered::NotAsked;
            let (absent, fields) =
                if asked { behind(cluster, &dns, &full, &answer) } else { (None, Vec::new()) };
            Tried { name: full, answer, absent, fields }
        })
        .collect();
    let nearby = if found { Vec::new() } else { nearby(cluster, namespace, name, &zone) };
    NameTable { questions, nearby }
}

/// What decided on an answer: a Service of the text, or that something is not there.
fn behind(cluster: &Cluster, dns: &Dns, full: &str, answer: &Answered) -> (Option<Absent>, Vec<FieldRef>) {
    let found = !matches!(answer, Answered::NoSuchName);
    if !dns.is_authoritative(full) {
        return ((!found).then_some(Absent::Public), Vec::new());
    }
    let Some((namespace, name, endpoint)) = dns.whose(full) else { return (None, Vec::new()) };
    let Some(service) = cluster.service(namespace, name) else {
        let exists = cluster.namespaces.iter().any(|n| **n == *namespace);
        let absent = match exists {
            true => Absent::Service(namespace.into(), name.into()),
            false => Absent::Namespace(namespace.into()),
        };
        return ((!found).then_some(absent), Vec::new());
    };
    let field = |path| FieldRef::new(&service.id, path);
    let absent = match (found, endpoint) {
        (true, _) => None,
        (false, true) => Some(Absent::Endpoint(service.id.clone())),
        (false, false) => Some(Absent::Ready(service.id.clone())),
    };
    let fields = match service.service_type() {
        ServiceType::ExternalName => vec![field("metadata.name"), field("spec.externalName")],
        _ if service.is_headless() => {
            vec![field("metadata.name"), field("spec.clusterIP"), field("spec.selector")]
        }
        _ => vec![field("metadata.name")],
    };
    (absent, fields)
}

fn ask(dns: &Dns, name: &str, upstream: &dyn Upstream) -> Answered {
    let mut exists = false;
    let mut addresses = Vec::new();
    let mut alias = None;
    for kind in [Type::A, Type::Aaaa] {
        let answer = dns.query(name, kind, upstream);
        exists |= answer.rcode == Rcode::NoError;
        addresses.extend(answer.addresses().map(|ip| ip.to_string()));
        alias = alias.or_else(|| answer.alias().map(ToString::to_string));
    }
    match (exists, addresses.is_empty() && alias.is_none()) {
        (_, false) => Answered::Found { alias, addresses },
        (true, true) => Answered::NoData,
        (false, true) => Answered::NoSuchName,
    }
}

/// Services whose name is nearly the first label, or the same in another namespace.
fn nearby(cluster: &Cluster, namespace: &str, name: &str, zone: &str) -> Vec<Nearby> {
    let zone_end = format!(".{zone}");
    let bare = name.strip_suffix(&zone_end).or_else(|| name.strip_suffix(zone_end.trim_end_matches('.')));
    let bare = bare.unwrap_or(name).trim_end_matches('.');
    let mut labels = bare.trim_end_matches(".svc").split('.');
    let first = labels.next().unwrap_or("");
    let asked_in = labels.next().unwrap_or(namespace);
    let mut candidates: Vec<_> = cluster
        .services
        .iter()
        .filter_map(|service| {
            let steps = if *service.id.name == *first { 0 } else { slip(first, &service.id.name)? };
            let away = usize::from(*service.id.namespace != *asked_in);
            // A headless Service without a ready pod has no addresses: nearest of all, and no help.
            let silent = service.service_type() != ServiceType::ExternalName && service.is_headless();
            Some(((steps + 2 * away, silent), service))
        })
        .filter(|((score, _), _)| *score > 0)
        .collect();
    crate::sort::by(&mut candidates, |a, b| a.0.cmp(&b.0).then_with(|| a.1.id.cmp(&b.1.id)));
    candidates
        .into_iter()
        .take(NEARBY_MAX)
        .map(|(_, service)| Nearby {
            name: if *service.id.namespace == *namespace {
                service.id.name.to_string()
            } else {
                format!("{}.{}", service.id.name, service.id.namespace)
            },
            service: service.id.clone(),
            field: FieldRef::new(&service.id, "metadata.name"),
        })
        .collect()
}
