//! What a person may ask *why not* of, and what a problem or a failed request makes one ask.

use super::{Effect, service_pod};
use crate::cluster::{Cluster, Pod, Service};
use crate::diagnostic::Diagnostic;
use crate::manifest::{FieldPath, ObjectRef, Step};
use crate::routing::{Destination, Hop, Reason, Source, Trace};
use std::rc::Rc;

/// A question that a table answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Question {
    /// Why a pod is, or is not, behind a Service. What is left open is chosen for the person.
    Pod {
        /// The Service.
        service: Option<ObjectRef>,
        /// The pod.
        pod: Option<ObjectRef>,
    },
    /// Which rule of which Ingress takes a request, and why the others do not.
    Request {
        /// The Host header.
        host: Rc<str>,
        /// The path.
        path: Rc<str>,
    },
    /// What a name is asked as by a pod, and what comes back.
    Name {
        /// The pod's namespace.
        namespace: Rc<str>,
        /// The name.
        name: Rc<str>,
    },
}

impl Question {
    /// What to ask of an object.
    #[must_use]
    pub fn about(object: &ObjectRef, cluster: &Cluster) -> Option<Self> {
        let some = || Some(object.clone());
        match &*object.kind {
            "Service" => Some(Self::Pod { service: some(), pod: None }),
            "Pod" => Some(Self::Pod { service: None, pod: some() }),
            "Ingress" => rule(cluster, object, &FieldPath::default()),
            _ => None,
        }
    }

    /// What a problem makes one ask.
    #[must_use]
    pub fn of_problem(problem: &Diagnostic, cluster: &Cluster) -> Option<Self> {
        let object = problem.object.as_ref()?;
        match (&*object.kind, problem.code.strip_prefix("lint/")?) {
            ("Service", "external-name-ip" | "external-name-ports" | "external-name-selector") => {
                Some(Self::Name { namespace: object.namespace.clone(), name: object.name.clone() })
            }
            ("Service", _) => {
                cluster.service(&object.namespace, &object.name)?;
                let involved = |pod: &&Rc<Pod>| problem.related.iter().any(|r| r.object == pod.written_in.0);
                let pod = cluster.pods.iter().find(involved).map(|pod| pod.id.clone());
                Some(Self::Pod { service: Some(object.clone()), pod })
            }
            ("Ingress", _) => rule(cluster, object, &problem.path),
            ("StatefulSet", "statefulset-service") => {
                let workload = cluster.workloads.iter().find(|workload| workload.id == *object)?;
                let name = format!("{}-0.{}", object.name, workload.workload.service_name.as_deref()?);
                Some(Self::Name { namespace: object.namespace.clone(), name: name.into() })
            }
            ("Endpoints", "endpoints-orphan") => {
                Some(Self::Name { namespace: object.namespace.clone(), name: object.name.clone() })
            }
            _ => None,
        }
    }

    /// What a failed leg of a request makes one ask.
    #[must_use]
    pub fn of_hop(trace: &Trace, hop: &Hop) -> Option<Self> {
        let request = || Some(Self::Request { host: host(trace)?, path: trace.request.path.clone() });
        match &hop.reason {
            Reason::NoSuchName { name, .. } | Reason::NoAddress { name, .. } => match &trace.request.from {
                Source::Pod { namespace, .. } => {
                    Some(Self::Name { namespace: namespace.clone(), name: name.clone() })
                }
                _ => None,
            },
            Reason::HeadlessWithoutReady { service, .. }
            | Reason::NoEndpoints { service, .. }
            | Reason::NoLocalEndpoint { service, .. }
            | Reason::NoHealthyNode { service, local: true }
            | Reason::BackendWithoutEndpoints { service, .. } => {
                Some(Self::Pod { service: Some(service.clone()), pod: None })
            }
            Reason::PodNotListening { pod, .. } | Reason::PodNotRunning { pod, .. } => {
                let service = trace.hops.iter().rev().find_map(|hop| match &hop.reason {
                    Reason::Endpoint { service, .. } | Reason::ControllerPicks { service, .. } => {
                        Some(service)
                    }
                    _ => None,
                });
                Some(Self::Pod { service: Some(service?.clone()), pod: Some(pod.clone()) })
            }
            Reason::NoController { name, .. } => {
                Some(Self::Request { host: name.clone(), path: trace.request.path.clone() })
            }
            Reason::NoIngressRule { .. }
            | Reason::BackendMissing { .. }
            | Reason::BackendPortMissing { .. } => request(),
            _ => None,
        }
    }

    /// The Service and the pod that a question is about; what it leaves open is filled in: for a
    /// Service the pod that misses it by least, for a pod the Service that does.
    #[must_use]
    pub fn pair<'c>(
        cluster: &'c Cluster,
        service: Option<&ObjectRef>,
        pod: Option<&ObjectRef>,
    ) -> Option<(&'c Rc<Service>, &'c Rc<Pod>)> {
        /// Pairs that are looked at, at most.
        const LOOK_AT: usize = 2_000;
        let found = |id: &ObjectRef| cluster.service(&id.namespace, &id.name);
        let services: Vec<&Rc<Service>> = match service.and_then(found) {
            Some(service) => vec![service],
            None => cluster.services.iter().collect(),
        };
        let pods: Vec<&Rc<Pod>> = match pod.and_then(|id| cluster.pod(&id.namespace, &id.name)) {
            Some(pod) => vec![pod],
            None => cluster.pods.iter().collect(),
        };
        let pairs = services.iter().flat_map(|service| pods.iter().map(move |pod| (*service, *pod)));
        let miss = |(service, pod): &(&Rc<Service>, &Rc<Pod>)| {
            let rows = service_pod(cluster, service, pod);
            let failing = rows.iter().filter(|row| !row.holds && row.effect != Effect::Doubt).count();
            // One that is behind the Service asks nothing; of the others, the nearest.
            (failing == 0, *service.id.namespace != *pod.id.namespace, failing)
        };
        pairs.take(LOOK_AT).min_by_key(miss)
    }
}

/// Whom the request asks for, by name.
fn host(trace: &Trace) -> Option<Rc<str>> {
    match (&trace.request.host, &trace.request.to) {
        (Some(host), _) | (None, Destination::Name(host)) => Some(host.clone()),
        (None, Destination::Ip(_)) => None,
    }
}

/// A request for the rule of an Ingress that a field belongs to; for its first one where it
/// belongs to none.
fn rule(cluster: &Cluster, id: &ObjectRef, field: &FieldPath) -> Option<Question> {
    let ingress = &cluster.ingresses.iter().find(|ingress| ingress.id == *id)?.ingress;
    let index = |name: &str| {
        let mut steps = field.steps();
        steps.find(|step| *step == Step::Field(name)).and_then(|_| steps.next()?.index())
    };
    let first = (!field.starts_with("spec.defaultBackend")).then_some(0);
    let rule = index("rules").or(first).and_then(|at| ingress.rules.get(at));
    let path = rule.and_then(|rule| rule.paths.as_ref()?.get(index("paths").unwrap_or(0)));
    // A star stands for any first label.
    let host = rule.and_then(|rule| rule.host.as_deref()).unwrap_or("any.example.com");
    let path = path.and_then(|path| path.path.clone()).filter(|path| !path.is_empty());
    Some(Question::Request {
        host: host.replacen('*', "any", 1).into(),
        path: path.unwrap_or_else(|| "/".into()),
    })
}
