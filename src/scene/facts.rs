//! What the chart says about each object, read from a cluster. No geometry.

use crate::cluster::{Cluster, Origin, Phase, Pod, Service, ServiceType};
use crate::manifest::ObjectRef;
use crate::manifest::service::IntOrString;
use crate::map::{Map, Set};
use crate::words::stage as words;
use serde::Serialize;
use std::rc::Rc;

/// How a pod looks: a shape each, not only a colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum PodState {
    /// ●
    Ready,
    /// ○
    NotReady,
    /// ◌
    Starting,
    /// ✕
    Terminating,
    /// ✓
    Succeeded,
    /// ▲
    Failed,
}

impl PodState {
    /// The state of a pod.
    #[must_use]
    pub fn of(pod: &Pod) -> Self {
        match pod.phase {
            _ if pod.terminating => Self::Terminating,
            Phase::Succeeded => Self::Succeeded,
            Phase::Failed => Self::Failed,
            Phase::Pending => Self::Starting,
            Phase::Running if pod.ready => Self::Ready,
            Phase::Running => Self::NotReady,
        }
    }
}

/// What stands behind a Service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Backing {
    /// Endpoints that are ready.
    Ready,
    /// Endpoints, none of them ready.
    NoneReady,
    /// No endpoints.
    Nothing,
    /// No endpoints, and no address either.
    NothingHeadless,
    /// ExternalName: another name.
    Alias,
}

/// A pod's text.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PodFacts {
    /// The pod.
    pub id: ObjectRef,
    /// State.
    pub state: PodState,
    /// The maker's name, or the whole name of a pod of its own.
    pub base: String,
    /// What tells it from its siblings; empty for a pod of its own.
    pub suffix: String,
    /// Its first address.
    pub address: String,
    /// `:8080`, `http :9000`, with the namespace where several are in use.
    pub detail: String,
    /// Read aloud.
    pub label: String,
}

/// A Service's text.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ServiceFacts {
    /// The Service.
    pub id: ObjectRef,
    /// With its namespace where several are in use.
    pub name: String,
    /// Type in a word.
    pub type_word: &'static str,
    /// `10.96.14.3:80 → 8080`, one for each port.
    pub addresses: Vec<String>,
    /// `app=web`…
    pub selector: Vec<String>,
    /// Ready endpoints.
    pub ready: usize,
    /// All endpoints.
    pub all: usize,
    /// What stands behind it.
    pub backing: Backing,
    /// Pods among the endpoints.
    pub members: Vec<ObjectRef>,
}

/// An Ingress' text.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct IngressFacts {
    /// The Ingress.
    pub id: ObjectRef,
    /// With its namespace where several are in use.
    pub name: String,
    /// Its class, or that nobody serves it.
    pub class: String,
    /// Whether a controller serves it.
    pub served: bool,
    /// Host and path, and the Service.
    pub rules: Vec<(String, String)>,
}

/// Whether the objects of the text lie in more than one namespace, so that names need theirs.
#[must_use]
pub fn several_namespaces(cluster: &Cluster) -> bool {
    let mut all: Vec<&str> = Vec::new();
    let services = cluster.services.iter().filter(|s| s.origin == Origin::Text).map(|s| &s.id);
    let makers = cluster.workloads.iter().filter(|w| w.origin == Origin::Text).map(|w| &w.id);
    let pods = cluster.pods.iter().filter(|p| p.origin == Origin::Text).map(|p| &p.id);
    for id in services.chain(makers).chain(pods).chain(cluster.ingresses.iter().map(|i| &i.id)) {
        if !all.contains(&&*id.namespace) {
            all.push(&id.namespace);
        }
    }
    all.len() > 1
}

/// A name, with its namespace where there are `several`.
#[must_use]
pub fn full_name(id: &ObjectRef, several: bool) -> String {
    if several { [&*id.namespace, "/", &*id.name].concat() } else { id.name.to_string() }
}

/// A pod's maker and what tells it from its siblings: `web` and `x2k4q`.
fn name_parts(pod: &Pod) -> (String, String) {
    let whole = || (pod.id.name.to_string(), String::new());
    let Origin::Controller(maker) = &pod.origin else { return whole() };
    let Some((_, suffix)) = pod.id.name.rsplit_once('-') else { return whole() };
    let name = &*maker.name;
    // Models pkg/controller/deployment: a Deployment's ReplicaSet is its name and a hash.
    let base = match (&*maker.kind, pod.written_in.0.kind.as_ref(), name.rsplit_once('-')) {
        ("ReplicaSet", "Deployment", Some((base, _))) => base,
        _ => name,
    };
    if pod.id.name.starts_with(base) { (base.to_owned(), suffix.to_owned()) } else { whole() }
}

/// The text of a pod.
#[must_use]
pub fn pod(pod: &Pod, several: bool) -> PodFacts {
    let (base, suffix) = name_parts(pod);
    let state = PodState::of(pod);
    let address = pod.ips.first().map(ToString::to_string).unwrap_or_default();
    let mut ports = pod.spec.containers.iter().flat_map(|c| &c.ports);
    let mut detail = match ports.next() {
        None => String::new(),
        Some(port) => match &port.name {
            Some(name) => format!("{name} :{}", port.container_port),
            None => format!(":{}", port.container_port),
        },
    };
    let rest = ports.count();
    let mut note = |word: &str| {
        if !detail.is_empty() {
            detail.push(' ');
        }
        detail.push_str(word);
    };
    if rest > 0 {
        note(&words::more(rest));
    }
    if pod.spec.host_network {
        note(words::HOST_NETWORK);
    }
    if several {
        note(&pod.id.namespace);
    }
    if address.is_empty() || !matches!(state, PodState::Ready) {
        // What is not as it should be is said in words too.
        detail = words::pod_state(state).to_owned();
    }
    let name = full_name(&pod.id, several);
    let label = words::pod_label(&name, state, &address, pod.node.as_deref().unwrap_or_default());
    PodFacts { id: pod.id.clone(), state, base, suffix, address, detail, label }
}

/// Endpoints of each Service: ready, all, pods.
#[derive(Default)]
struct Behind {
    seen: Set<Rc<str>>,
    ready: usize,
    members: Vec<ObjectRef>,
}

/// The text of all Services that get a card, in the cluster's order.
#[must_use]
pub fn services(cluster: &Cluster, several: bool) -> Vec<ServiceFacts> {
    let mut behind: Map<(&str, &str), Behind> = Map::new();
    for slice in &cluster.slices {
        let Some(name) = &slice.service_name else { continue };
        let entry = behind.get_or_default((&*slice.id.namespace, &**name));
        for endpoint in &slice.slice.endpoints {
            let Some(address) = endpoint.addresses.first() else { continue };
            let pod = endpoint.target_ref.as_ref().filter(|t| &*t.kind == "Pod");
            // A dual-stack pod is in two slices and is one endpoint all the same.
            let key =
                pod.map_or_else(|| address.clone(), |p| Rc::from([&*p.namespace, "/", &*p.name].concat()));
            if !entry.seen.insert(key) {
                continue;
            }
            entry.ready += usize::from(endpoint.conditions.ready.unwrap_or(true));
            if let Some(pod) = pod {
                let namespace = if pod.namespace.is_empty() { &slice.id.namespace } else { &pod.namespace };
                entry.members.push(ObjectRef::new("Pod", namespace, &pod.name));
            }
        }
    }
    let shown = cluster.services.iter().filter(|s| !is_plumbing(s));
    shown
        .map(|service| {
            let key = (&*service.id.namespace, &*service.id.name);
            let Behind { seen, ready, members } =
                behind.get_mut(&key).map(std::mem::take).unwrap_or_default();
            let all = seen.len();
            let backing = match service.service_type() {
                ServiceType::ExternalName => Backing::Alias,
                _ if ready > 0 => Backing::Ready,
                _ if all > 0 => Backing::NoneReady,
                _ if service.is_headless() => Backing::NothingHeadless,
                _ => Backing::Nothing,
            };
            ServiceFacts {
                id: service.id.clone(),
                name: full_name(&service.id, several),
                type_word: words::service_type(service.service_type()),
                addresses: addresses(service),
                selector: service
                    .selector()
                    .map(|s| s.iter().map(|(k, v)| [k, "=", v].concat()).collect())
                    .unwrap_or_default(),
                ready,
                all,
                backing,
                members,
            }
        })
        .collect()
}

/// The cluster's own Services, for which the chart has another sign or no use.
fn is_plumbing(service: &Service) -> bool {
    service.origin == Origin::Supplied
        && matches!(
            (&*service.id.namespace, &*service.id.name),
            ("kube-system", "kube-dns") | ("default", "kubernetes")
        )
}

fn addresses(service: &Service) -> Vec<String> {
    if service.service_type() == ServiceType::ExternalName {
        let name = service.stored.spec.external_name.as_deref().unwrap_or_default();
        return vec![["→ ", name].concat()];
    }
    let head = match service.cluster_ips.first() {
        Some(ip) if ip.is_ipv6() => format!("[{ip}]:"),
        Some(ip) => format!("{ip}:"),
        None => [words::HEADLESS, " :"].concat(),
    };
    if service.ports.is_empty() {
        return vec![head.trim_end_matches(':').trim_end().to_owned()];
    }
    let line = |port: &crate::cluster::ServicePort| {
        let target = match &port.target_port {
            IntOrString::Int(n) => n.to_string(),
            IntOrString::Name(name) => name.to_string(),
        };
        let protocol = if port.protocol == crate::cluster::Protocol::Tcp { "" } else { "/UDP" };
        let protocol = if port.protocol == crate::cluster::Protocol::Sctp { "/SCTP" } else { protocol };
        // Headless Services are not proxied: the client itself asks for the pod's port.
        if service.is_headless() {
            format!("{head}{}{protocol}", port.port)
        } else {
            format!("{head}{}{protocol} → {target}", port.port)
        }
    };
    service.ports.iter().map(line).collect()
}

/// The text of all Ingresses.
#[must_use]
pub fn ingresses(cluster: &Cluster, several: bool) -> Vec<IngressFacts> {
    let backend = |b: &crate::manifest::ingress::IngressBackend| match (&b.service, &b.resource) {
        (Some(s), _) => s.name.to_string(),
        (None, Some(r)) => [&*r.kind, "/", &*r.name].concat(),
        (None, None) => String::new(),
    };
    let all = cluster.ingresses.iter();
    all.map(|ingress| {
        let mut rules = Vec::new();
        for rule in &ingress.ingress.rules {
            let host = rule.host.as_deref().filter(|h| !h.is_empty()).unwrap_or(words::ANY_HOST);
            for path in rule.paths.iter().flatten() {
                let path_text = path.path.as_deref().unwrap_or("/");
                rules.push(([host, path_text].concat(), backend(&path.backend)));
            }
        }
        if let Some(default) = &ingress.ingress.default_backend {
            rules.push((words::DEFAULT_BACKEND.to_owned(), backend(default)));
        }
        let served = ingress.controller.is_some();
        IngressFacts {
            id: ingress.id.clone(),
            name: full_name(&ingress.id, several),
            class: match &ingress.class {
                Some(class) if served => class.to_string(),
                _ => words::UNSERVED.to_owned(),
            },
            served,
            rules,
        }
    })
    .collect()
}
