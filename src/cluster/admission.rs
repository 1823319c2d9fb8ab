//! What the API server does with an object before it is stored: a name where only a
//! prefix is given, defaults, validation. What it refuses goes no further.

use super::allocate::{MISMATCH, StagedService};
use super::hash::{Hash, suffix};
use super::validate::{self, Gates};
use super::{IpMode, Origin, Protocol, Service, ServicePort, defaults};
use crate::diagnostic::{Diagnostic, Severity};
use crate::manifest::{Body, FieldPath, Manifest, Object, ObjectRef};
use crate::map::{Map, Set};
use std::rc::Rc;

/// The objects that are accepted, and the problems of the others.
#[derive(Default)]
pub(super) struct Admitted {
    /// With the byte their document starts at.
    pub(super) objects: Vec<(u32, Rc<Object>)>,
    /// Defaulted, in the order of the text.
    pub(super) services: Vec<StagedService>,
    pub(super) problems: Vec<Diagnostic>,
    /// Service → position in `objects`.
    places: Map<ObjectRef, usize>,
}

impl Admitted {
    /// Reads a text.
    pub(super) fn of(manifest: &Manifest) -> Self {
        let mut admitted = Self::default();
        let mut seen: Set<ObjectRef> = Set::new();
        let mut unnamed: Map<Rc<str>, u64> = Map::new();
        for (offset, object) in manifest.objects() {
            let object = named(object, &mut unnamed);
            let mut errors = Vec::new();
            let mut staged = None;
            if let Body::Service(service) = &object.body {
                let mut service = service.clone();
                defaults::service(&mut service);
                let service = StagedService::new(&object, service, Origin::Text);
                errors =
                    validate::service::create(&metadata(&object), &service.as_allocated(), Gates::default());
                staged = Some(service);
            } else if !matches!(object.body, Body::Other) {
                errors = validate::object(&object);
            }
            if !errors.is_empty() {
                admitted.problems.extend(validate::diagnose(&object, offset, &errors));
            } else if matches!(object.body, Body::Other) || seen.insert(object.id.clone()) {
                if let Some(staged) = staged {
                    admitted.places.insert(object.id.clone(), admitted.objects.len());
                    admitted.services.push(staged);
                }
                admitted.objects.push((offset, object));
            } else {
                admitted.problems.push(already_exists(&object, offset));
            }
        }
        admitted
    }

    /// An object that the playground supplies.
    pub(super) fn supply(&mut self, object: &Rc<Object>) {
        if let Body::Service(service) = &object.body {
            let mut service = service.clone();
            defaults::service(&mut service);
            self.services.push(StagedService::new(object, service, Origin::Supplied));
        }
        self.objects.push((0, object.clone()));
    }

    /// Services whose addresses could be allocated; the others are refused.
    pub(super) fn take_services(&mut self) -> Vec<Rc<Service>> {
        let mut services = Vec::new();
        for staged in std::mem::take(&mut self.services) {
            if staged.refusals.is_empty() && staged.exhausted.is_none() {
                services.push(Rc::new(stored(staged)));
            } else if let Some((offset, object)) =
                self.places.get(&staged.id).and_then(|i| self.objects.get(*i))
            {
                let mut problems = validate::diagnose(object, *offset, &staged.refusals);
                for problem in problems.iter_mut().filter(|p| p.message.ends_with(MISMATCH)) {
                    problem.hint = "Cluster IPs here come from 10.96.0.0/12 and fd00:10:96::/112.".to_owned();
                }
                self.problems.append(&mut problems);
                if let Some((path, message)) = staged.exhausted {
                    let message = format!("Internal error occurred: {message}");
                    self.problems.push(problem(object, *offset, "admission/exhausted", path, message));
                }
            }
        }
        services
    }
}

/// metadata with its namespace written in.
fn metadata(object: &Object) -> crate::manifest::Metadata {
    let mut metadata = object.metadata.clone();
    metadata.namespace = (!object.id.namespace.is_empty()).then(|| object.id.namespace.clone());
    metadata.name = object.id.name.clone();
    metadata
}

/// The server makes a name of metadata.generateName and five letters.
fn named(object: &Rc<Object>, unnamed: &mut Map<Rc<str>, u64>) -> Rc<Object> {
    let Some(prefix) =
        object.metadata.generate_name.as_ref().filter(|p| !p.is_empty() && object.id.name.is_empty())
    else {
        return object.clone();
    };
    let number = unnamed.get_or_default(prefix.clone());
    *number += 1;
    let hash = Hash::new().text(&object.id.kind).text(&object.id.namespace).text(prefix).number(*number);
    let mut object = (**object).clone();
    object.id.name = format!("{prefix}{}", suffix(hash.finish(), 5)).into();
    Rc::new(object)
}

fn already_exists(object: &Object, offset: u32) -> Diagnostic {
    let kind = object.id.kind.to_ascii_lowercase();
    let plural = if kind.ends_with('s') { format!("{kind}es") } else { format!("{kind}s") };
    let plural = if kind == "endpoints" { kind } else { plural };
    let message = format!("{plural} \"{}\" already exists", object.id.name);
    let mut problem = problem(object, offset, "admission/already-exists", "metadata.name", message);
    problem.hint = "The first one of this name counts.".to_owned();
    problem
}

fn problem(object: &Object, offset: u32, code: &'static str, path: &str, message: String) -> Diagnostic {
    let path = FieldPath::parse(path);
    Diagnostic {
        code,
        severity: Severity::Error,
        message,
        hint: String::new(),
        object: Some(object.id.clone()),
        span: object.tree.locate(&path).shifted(offset),
        path,
        related: Vec::new(),
        fixes: Vec::new(),
    }
}

fn stored(staged: StagedService) -> Service {
    let spec = &staged.service.spec;
    let balancer = spec.type_.as_deref() == Some("LoadBalancer");
    let ingress = staged.service.status.load_balancer_ingress.iter().filter(|_| balancer);
    let load_balancer_ips = ingress
        .filter_map(|i| {
            let mode = if i.ip_mode.as_deref() == Some("Proxy") { IpMode::Proxy } else { IpMode::Vip };
            Some((i.ip.as_ref()?.parse().ok()?, mode))
        })
        .collect();
    let ports = spec.ports.iter().filter_map(|port| {
        Some(ServicePort {
            name: port.name.clone().unwrap_or_default(),
            protocol: Protocol::parse(port.protocol.as_deref()?)?,
            port: u16::try_from(port.port).ok()?,
            target_port: port.target_port.clone()?,
            node_port: port.node_port.and_then(|p| u16::try_from(p).ok()).filter(|p| *p != 0),
        })
    });
    let external = spec.type_.as_deref() == Some("ExternalName");
    Service {
        cluster_ips: spec.cluster_ips.iter().filter(|_| !external).filter_map(|ip| ip.parse().ok()).collect(),
        load_balancer_ips,
        external_ips: spec.external_ips.iter().filter_map(|ip| ip.parse().ok()).collect(),
        ports: ports.collect(),
        id: staged.id,
        origin: staged.origin,
        metadata: staged.metadata,
        stored: staged.service,
    }
}
