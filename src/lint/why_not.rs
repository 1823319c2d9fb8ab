//! **Why not**: tables of conditions, as data: what was wanted, what was found, in which field.
//!
//! [`service_pod`] says why a pod does, or does not, answer for a Service, [`ingress_request`]
//! which rule of an Ingress takes a request, [`dns_name`] what a name is asked as. The words
//! for a row are made in [`crate::words::lints`].

mod backend;
mod ingress;
mod names;
mod question;
#[cfg(test)]
mod tests;

pub use ingress::{RuleAsk, RuleCheck, RuleRow, Verdict, ingress_request};
pub use names::{Absent, Answered, NameTable, Nearby, Tried, dns_name};
pub use question::Question;

use crate::cluster::container_ports::{self, Declared};
use crate::cluster::selector::matches_map;
use crate::cluster::{Cluster, Origin, Phase, Pod, Protocol, Service, ServicePort};
use crate::manifest::metadata::label;
use crate::manifest::pod::PodSpec;
use crate::manifest::service::IntOrString;
use crate::manifest::{FieldPath, FieldRef, ObjectRef};
use std::rc::Rc;

/// What a row of a table asks.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub enum Ask {
    /// A Service selects pods of its own namespace alone.
    SameNamespace,
    /// The Service has a selector at all.
    Selector,
    /// The pod carries one label of the selector.
    Label(Rc<str>),
    /// The pod has neither succeeded nor failed.
    NotFinished,
    /// The pod has an address.
    Address,
    /// The pod is not being deleted.
    NotTerminating,
    /// The pod's Ready condition is true, or the Service publishes pods that are not ready.
    Ready,
    /// One port of the Service leads to a port of the pod.
    TargetPort(Rc<str>),
    /// A container says that it listens on the number that targetPort names.
    Declared(Rc<str>),
}

/// What becomes of the pod when a condition does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub enum Effect {
    /// The Service does not select it.
    NotSelected,
    /// It is selected and is in no EndpointSlice.
    NotListed,
    /// It is in an EndpointSlice, not ready: no new connections while others are ready.
    NotReady,
    /// It does not answer for this one port.
    PortMissing,
    /// Kubernetes does not mind; a connection may still be refused.
    Doubt,
}

/// A row of a table.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Condition {
    /// What is asked.
    pub ask: Ask,
    /// What is wanted; empty where a word says it all.
    pub wanted: Rc<str>,
    /// What is there; `None`: nothing.
    pub found: Option<Rc<str>>,
    /// Whether it holds.
    pub holds: bool,
    /// What it means if it does not.
    pub effect: Effect,
    /// The fields on both sides.
    pub fields: Vec<FieldRef>,
}

/// A field below where a pod's labels and spec are written.
#[must_use]
pub fn pod_field(pod: &Pod, path: impl Into<FieldPath>) -> FieldRef {
    let (object, front) = &pod.written_in;
    FieldRef { object: object.clone(), path: front.join(&path.into()) }
}

/// A label of a pod; where it has none of that key, its labels.
#[must_use]
pub fn pod_label_field(pod: &Pod, key: &str) -> FieldRef {
    let mut field = pod_field(pod, "metadata.labels");
    if label(&pod.labels, key).is_some() {
        field.path = field.path.key(key);
    }
    field
}

/// A field of the pod's status, which is in the text where the pod itself is.
fn status_field(pod: &Pod, path: &'static str) -> FieldRef {
    match pod.origin {
        Origin::Text => pod_field(pod, path),
        _ => FieldRef::new(&pod.id, path),
    }
}

fn service_field(service: &Service, path: impl Into<FieldPath>) -> FieldRef {
    FieldRef::new(&service.id, path)
}

/// Every condition on which a pod answers for a Service, in the order that Kubernetes asks them.
///
/// Models kubernetes/endpointslice reconciler (selector, ShouldPodBeInEndpoints, podToEndpoint, FindPort).
#[must_use]
pub fn service_pod(cluster: &Cluster, service: &Service, pod: &Pod) -> Vec<Condition> {
    let _ = cluster;
    let mut rows = Vec::new();
    let mut row = |ask, wanted: &str, found: Option<&str>, holds, effect, fields| {
        rows.push(Condition {
            ask,
            wanted: wanted.into(),
            found: found.map(Into::into),
            holds,
            effect,
            fields,
        });
    };
    let (ours, theirs) = (&service.id.namespace, &pod.id.namespace);
    let fields = vec![
        service_field(service, "metadata.namespace"),
        FieldRef { object: pod.written_in.0.clone(), path: FieldPath::of("metadata.namespace") },
    ];
    row(Ask::SameNamespace, ours, Some(theirs), ours == theirs, Effect::NotSelected, fields);

    let selector = service.selector();
    if selector.is_none() {
        let fields = vec![service_field(service, "spec.selector")];
        row(Ask::Selector, "", None, false, Effect::NotSelected, fields);
    }
    for (key, value) in selector.into_iter().flatten() {
        let found = label(&pod.labels, key);
        let field = FieldRef { object: service.id.clone(), path: FieldPath::of("spec.selector").key(key) };
        let fields = vec![field, pod_label_field(pod, key)];
        let holds = found == Some(value);
        row(Ask::Label(key.clone()), value, found.map(|f| &**f), holds, Effect::NotSelected, fields);
    }

    let (phase, finished) = match pod.phase {
        Phase::Pending => ("Pending", false),
        Phase::Running => ("Running", false),
        Phase::Succeeded => ("Succeeded", true),
        Phase::Failed => ("Failed", true),
    };
    let fields = vec![status_field(pod, "status.phase")];
    row(Ask::NotFinished, "", Some(phase), !finished, Effect::NotListed, fields);
    let address = pod.ips.first().map(ToString::to_string);
    let fields = vec![status_field(pod, "status.podIP")];
    row(Ask::Address, "", address.as_deref(), address.is_some(), Effect::NotListed, fields);

    let published = service.stored.spec.publish_not_ready_addresses == Some(true);
    let leaving = if pod.terminating { "true" } else { "false" };
    let fields = vec![status_field(pod, "metadata.deletionTimestamp")];
    let stays = published || !pod.terminating;
    row(Ask::NotTerminating, "false", Some(leaving), stays, Effect::NotReady, fields);
    let ready = if pod.ready { "True" } else { "False" };
    let fields = if published {
        vec![service_field(service, "spec.publishNotReadyAddresses")]
    } else {
        vec![status_field(pod, "status.conditions"), pod_field(pod, "spec.containers")]
    };
    row(Ask::Ready, "True", Some(ready), published || pod.ready, Effect::NotReady, fields);

    for (i, port) in service.ports.iter().enumerate() {
        let named: Rc<str> =
            if port.name.is_empty() { port.port.to_string().into() } else { port.name.clone() };
        let target = service_field(service, &format!("spec.ports[{i}].targetPort"));
        let wanted = target_words(port);
        let found = find_port(&pod.spec, port);
        let place = found.map_or_else(|| "spec.containers".to_owned(), |found| found.path());
        let fields = vec![target, pod_field(pod, &place)];
        match &port.target_port {
            IntOrString::Name(_) => {
                let number = found.map(|found| found.port.container_port.to_string());
                let holds = number.is_some();
                let ask = Ask::TargetPort(named);
                row(ask, &wanted, number.as_deref(), holds, Effect::PortMissing, fields);
            }
            IntOrString::Int(_) => {
                // A number is used as it is: containerPort is documentation.
                let declared = declared_ports(&pod.spec);
                let holds = found.is_some() || declared.is_empty();
                let list = (!declared.is_empty()).then(|| declared.join(", "));
                row(Ask::Declared(named), &wanted, list.as_deref(), holds, Effect::Doubt, fields);
            }
        }
    }
    rows
}

/// `http`, `8080`, or with its protocol `53/UDP`.
#[must_use]
pub fn target_words(port: &ServicePort) -> String {
    let target = match &port.target_port {
        IntOrString::Int(number) => number.to_string(),
        IntOrString::Name(name) => name.to_string(),
    };
    match port.protocol {
        Protocol::Tcp => target,
        other => format!("{target}/{}", other.name()),
    }
}

/// The container port that a Service's port means.
#[must_use]
pub fn find_port<'a>(spec: &'a PodSpec, port: &ServicePort) -> Option<Declared<'a>> {
    container_ports::find(spec, &port.target_port, port.protocol.name())
}

/// Every declared port: `http (8080)`, `53/UDP`.
#[must_use]
pub fn declared_ports(spec: &PodSpec) -> Vec<String> {
    container_ports::declared(spec)
        .map(|Declared { port, .. }| {
            let protocol = port.protocol.as_deref().filter(|p| *p != "TCP");
            let number = match protocol {
                Some(protocol) => format!("{}/{protocol}", port.container_port),
                None => port.container_port.to_string(),
            };
            match port.name.as_deref().filter(|n| !n.is_empty()) {
                Some(name) => format!("{name} ({number})"),
                None => number,
            }
        })
        .collect()
}

/// How one pod stands to a Service.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Standing {
    /// The pod.
    pub pod: ObjectRef,
    /// Whether the Service selects it.
    pub selected: bool,
    /// Whether it is in an EndpointSlice of the Service.
    pub listed: bool,
    /// Whether it takes new connections.
    pub ready: bool,
    /// The first condition that does not hold and is not a mere doubt.
    pub first: Option<Condition>,
}

/// How every pod of the cluster stands to a Service, in the cluster's order.
#[must_use]
pub fn service_pods(cluster: &Cluster, service: &Service) -> Vec<Standing> {
    cluster.pods.iter().map(|pod| standing(cluster, service, pod)).collect()
}

/// Whether a pod takes new connections for a Service: [`Standing::ready`] without the reasons.
#[must_use]
pub fn takes_connections(service: &Service, pod: &Pod) -> bool {
    let published = service.stored.spec.publish_not_ready_addresses == Some(true);
    !matches!(pod.phase, Phase::Succeeded | Phase::Failed)
        && !pod.ips.is_empty()
        && (published || pod.ready && !pod.terminating)
        && service.id.namespace == pod.id.namespace
        && service.selector().is_some_and(|selector| matches_map(selector, &pod.labels))
}

/// How one pod stands to a Service.
#[must_use]
pub fn standing(cluster: &Cluster, service: &Service, pod: &Pod) -> Standing {
    let rows = service_pod(cluster, service, pod);
    let fails = |effect: Effect| rows.iter().any(|row| !row.holds && row.effect == effect);
    let selected = !fails(Effect::NotSelected);
    let listed = selected && !fails(Effect::NotListed);
    let ready = listed && !fails(Effect::NotReady);
    Standing {
        pod: pod.id.clone(),
        selected,
        listed,
        ready,
        first: rows
            .into_iter()
            .filter(|row| !row.holds && row.effect != Effect::Doubt)
            .min_by_key(|r| r.effect),
    }
}
