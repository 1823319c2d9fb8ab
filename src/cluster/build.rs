//! From objects to a cluster.

use super::allocate::{Allocator, StagedService};
use super::index::PodsByLabel;
use super::pods::{self, PlannedPod};
use super::{Cluster, EndpointSlice, Index, IpMode, Origin, PodFates, Protocol, Service, ServicePort};
use super::{defaults, endpointslices, nodes, workloads};
use crate::diagnostic::{Diagnostic, Severity};
use crate::manifest::{Body, FieldPath, Manifest, Object, ObjectRef};
use std::collections::HashSet;
use std::rc::Rc;

impl Cluster {
    /// The cluster that follows `previous` when the text is `manifest` and pods
    /// have met their `fates`. Addresses of objects that `previous` had stay.
    #[must_use]
    pub fn next(previous: &Self, manifest: &Manifest, fates: &PodFates) -> Self {
        let mut problems = Vec::new();
        let objects = admitted(manifest, &mut problems);
        let mut allocator = Allocator::new(&previous.allocations);

        let mut nodes = nodes::nodes(&objects, &mut allocator);
        let mut staged: Vec<StagedService> = objects.iter().filter_map(|(_, o)| stage(o)).collect();
        allocator.services(&mut staged, &nodes::families(&objects));
        let mut services = Vec::new();
        for service in staged {
            if service.refusals.is_empty() {
                services.push(Rc::new(admit_service(service)));
            } else {
                refuse(service, &objects, &mut problems);
            }
        }

        let made = workloads::make(&objects, &nodes, fates);
        let written = objects.iter().filter_map(|(_, object)| PlannedPod::written(object, fates));
        let planned = written.chain(made.pods).collect();
        let pods: Vec<_> =
            pods::place(planned, &nodes, &mut allocator, fates).into_iter().map(Rc::new).collect();
        for node in nodes.iter_mut().filter(|n| n.origin == Origin::Supplied) {
            node.pod_cidrs = allocator.node_blocks(&node.id.name);
        }

        let mut cluster = Self {
            nodes: nodes.into_iter().map(Rc::new).collect(),
            namespaces: namespaces(&objects),
            services,
            pods,
            workloads: made.workloads.into_iter().map(Rc::new).collect(),
            allocations: allocator.finish(),
            problems,
            ..Self::default()
        };
        cluster.slices = slices(&cluster, &objects).into_iter().map(Rc::new).collect();
        cluster.not_simulated = not_simulated(&objects);
        cluster.index = Index::of(&cluster);
        cluster
    }
}

/// The objects of the text that the API server takes, each identity once.
fn admitted(manifest: &Manifest, problems: &mut Vec<Diagnostic>) -> Vec<(u32, Rc<Object>)> {
    let mut seen: HashSet<&ObjectRef> = HashSet::new();
    let mut objects = Vec::new();
    for (offset, object) in manifest.objects() {
        // The one place where validation is asked.
        if seen.insert(&object.id) || matches!(object.body, Body::Other) {
            objects.push((offset, object.clone()));
        } else {
            let path = FieldPath::parse("metadata.name");
            let plural = object.id.kind.to_lowercase();
            problems.push(Diagnostic {
                code: "validation/already-exists",
                severity: Severity::Error,
                message: format!("{plural}s \"{}\" already exists", object.id.name),
                hint: "The first one of this name counts.".to_owned(),
                object: Some(object.id.clone()),
                span: object.tree.locate(&path).shifted(offset),
                path,
                related: Vec::new(),
                fixes: Vec::new(),
            });
        }
    }
    objects
}

fn stage(object: &Object) -> Option<StagedService> {
    let Body::Service(service) = &object.body else { return None };
    let mut service = service.clone();
    defaults::service(&mut service);
    Some(StagedService {
        id: object.id.clone(),
        origin: Origin::Text,
        metadata: object.metadata.clone(),
        service,
        refusals: Vec::new(),
    })
}

fn refuse(staged: StagedService, objects: &[(u32, Rc<Object>)], problems: &mut Vec<Diagnostic>) {
    let Some((offset, object)) = objects.iter().find(|(_, o)| o.id == staged.id) else { return };
    for (path, message) in staged.refusals {
        let path = FieldPath::parse(&path);
        problems.push(Diagnostic {
            code: "validation/invalid",
            severity: Severity::Error,
            message,
            hint: String::new(),
            object: Some(object.id.clone()),
            span: object.tree.locate(&path).shifted(*offset),
            path,
            related: Vec::new(),
            fixes: Vec::new(),
        });
    }
}

fn admit_service(staged: StagedService) -> Service {
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
    Service {
        cluster_ips: spec.cluster_ips.iter().filter_map(|ip| ip.parse().ok()).collect(),
        load_balancer_ips,
        external_ips: spec.external_ips.iter().filter_map(|ip| ip.parse().ok()).collect(),
        ports: ports.collect(),
        id: staged.id,
        origin: staged.origin,
        metadata: staged.metadata,
        stored: staged.service,
    }
}

fn namespaces(objects: &[(u32, Rc<Object>)]) -> Vec<Rc<str>> {
    let mut seen: HashSet<&str> = HashSet::new();
    let mut all: Vec<Rc<str>> = Vec::new();
    for (_, object) in objects {
        let name = match object.body {
            Body::Namespace => &object.id.name,
            _ => &object.id.namespace,
        };
        if !name.is_empty() && seen.insert(name) {
            all.push(name.clone());
        }
    }
    if seen.insert("default") {
        all.push("default".into());
    }
    all
}

fn slices(cluster: &Cluster, objects: &[(u32, Rc<Object>)]) -> Vec<EndpointSlice> {
    let mut slices: Vec<EndpointSlice> = objects
        .iter()
        .filter_map(|(_, object)| {
            let Body::EndpointSlice(slice) = &object.body else { return None };
            let labels = &object.metadata.labels;
            Some(EndpointSlice {
                id: object.id.clone(),
                origin: Origin::Text,
                service_name: crate::manifest::metadata::label(labels, endpointslices::SERVICE_NAME).cloned(),
                labels: labels.clone(),
                slice: slice.clone(),
            })
        })
        .collect();
    let by_label = PodsByLabel::of(&cluster.pods);
    let nodes = endpointslices::by_name(&cluster.nodes);
    for service in &cluster.services {
        if service.service_type() == super::ServiceType::ExternalName {
            continue;
        }
        let Some(selector) = service.selector() else { continue };
        let pods: Vec<_> = by_label.selected(&service.id.namespace, selector).collect();
        slices.extend(endpointslices::slices(service, pods.iter().copied(), |name| nodes.get(name).copied()));
    }
    slices
}

fn not_simulated(objects: &[(u32, Rc<Object>)]) -> Vec<(Rc<str>, u32)> {
    let mut kinds: Vec<(Rc<str>, u32)> = Vec::new();
    for (_, object) in objects.iter().filter(|(_, o)| matches!(o.body, Body::Other)) {
        match kinds.iter_mut().find(|(kind, _)| *kind == object.id.kind) {
            Some((_, count)) => *count += 1,
            None => kinds.push((object.id.kind.clone(), 1)),
        }
    }
    kinds
}
