//! What a name is asked as, what is found under each, and what there is nearby.

use crate::cluster::{Cluster, ServiceType};
use crate::dns::search::{queries, search_list};
use crate::dns::{Config, Dns, Rcode, Type, Upstream};
use crate::lint::near::slip;
use crate::manifest::{FieldRef, ObjectRef};

/// One question that a resolver asks for a name.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Question {
    /// The name in full, with its last dot.
    pub name: String,
    /// What came back.
    pub answer: Answered,
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
    pub questions: Vec<Question>,
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
    let questions: Vec<Question> = queries(name, &search, NDOTS)
        .into_iter()
        .map(|full| {
            let answer = if found { Answered::NotAsked } else { ask(&dns, &full, upstream) };
            found |= matches!(answer, Answered::Found { .. });
            Question { name: full, answer }
        })
        .collect();
    let nearby = if found { Vec::new() } else { nearby(cluster, namespace, name, &zone) };
    NameTable { questions, nearby }
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
