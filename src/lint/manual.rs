//! Endpoints and EndpointSlices written by hand.

use super::context::{Context, field};
use super::near::{LOOK_AT, nearest};
use super::rules;
use super::text::Finding;
use crate::cluster::{Service, ServiceType};
use crate::diagnostic::Fix;
use crate::manifest::endpoints::EndpointPort;
use crate::manifest::metadata::label;
use crate::manifest::{Body, FieldPath, FieldRef, Object};
use crate::words::lints as words;
use std::rc::Rc;

const SERVICE_NAME: &str = "kubernetes.io/service-name";
const MANAGED_BY: &str = "endpointslice.kubernetes.io/managed-by";

pub(super) fn check(context: &mut Context) {
    for (_, object) in context.text.manifest().objects() {
        let findings = match &object.body {
            Body::Endpoints(endpoints) => {
                let mut findings = vec![deprecated(object)];
                let ports = endpoints.subsets.iter().enumerate().flat_map(|(i, subset)| {
                    subset.ports.iter().enumerate().map(move |(j, p)| (format!("subsets[{i}].ports[{j}]"), p))
                });
                let name = FieldRef::new(&object.id, "metadata.name");
                findings.extend(belongs(context, object, &object.id.name, &name, &ports.collect::<Vec<_>>()));
                findings
            }
            Body::EndpointSlice(slice) => {
                // What a controller made, in a cluster's own output, is as it should be.
                let made = label(&object.metadata.labels, MANAGED_BY)
                    .is_some_and(|by| &**by == "endpointslice-controller.k8s.io");
                if made {
                    continue;
                }
                let ports: Vec<_> =
                    slice.ports.iter().enumerate().map(|(i, port)| (format!("ports[{i}]"), port)).collect();
                match label(&object.metadata.labels, SERVICE_NAME) {
                    Some(service) => {
                        let path = FieldPath::of("metadata.labels").key(SERVICE_NAME);
                        let tie = FieldRef { object: object.id.clone(), path };
                        belongs(context, object, service, &tie, &ports)
                    }
                    None => vec![untied(object)],
                }
            }
            _ => continue,
        };
        for finding in findings {
            context.found(finding);
        }
    }
}

fn deprecated(object: &Object) -> Finding {
    let at = FieldRef::new(&object.id, "kind");
    Finding::new(rules::ENDPOINTS_DEPRECATED, at, words::endpoints_deprecated())
}

fn untied(object: &Object) -> Finding {
    let at = FieldRef::new(&object.id, "metadata.labels");
    Finding::new(rules::ENDPOINTS_ORPHAN, at, words::slice_without_service(SERVICE_NAME)).key()
}

/// `tie` is the field that names the Service.
fn belongs(
    context: &Context,
    object: &Object,
    name: &str,
    tie: &FieldRef,
    ports: &[(String, &EndpointPort)],
) -> Vec<Finding> {
    let Some(service) = context.cluster.service(&object.id.namespace, name) else {
        return orphan(context, object, name, tie).into_iter().collect();
    };
    if service.service_type() == ServiceType::ExternalName {
        return Vec::new();
    }
    if service.selector().is_some() {
        let overwritten = matches!(object.body, Body::Endpoints(_));
        let said = words::endpoints_collide(&object.id, &service.id, overwritten);
        let finding = Finding::new(rules::ENDPOINTS_COLLIDE, tie.clone(), said);
        return vec![finding.with(field(service, "spec.selector"), words::selector_here())];
    }
    port_names(context, object, service, ports)
}

fn orphan(context: &Context, object: &Object, name: &str, tie: &FieldRef) -> Option<Finding> {
    let here = context.cluster.services.iter().filter(|s| s.id.namespace == object.id.namespace);
    let here: Vec<&Rc<Service>> = here.take(LOOK_AT).collect();
    let near = nearest(name, here.iter().map(|service| &*service.id.name));
    let said = words::endpoints_orphan(&object.id, name, near);
    let mut finding = Finding::new(rules::ENDPOINTS_ORPHAN, tie.clone(), said).soft(here.is_empty());
    if let Some(service) = here.iter().find(|service| near == Some(&*service.id.name)) {
        finding = finding.with(field(service, "metadata.name"), words::service_is_here());
    }
    let fix = near.and_then(|near| {
        let edit = context.text.change(tie, near)?;
        Some(Fix { title: words::fix_to(near), edits: vec![edit] })
    });
    Some(finding.fix(fix))
}

/// kube-proxy ties ports of endpoints to those of the Service by name.
fn port_names(
    context: &Context,
    object: &Object,
    service: &Service,
    ports: &[(String, &EndpointPort)],
) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, port) in ports {
        let name = port.name.as_deref().unwrap_or("");
        if service.ports.is_empty() || service.ports.iter().any(|p| &*p.name == name) {
            continue;
        }
        let names: Vec<&str> = service.ports.iter().map(|p| &*p.name).collect();
        let at = FieldRef::new(&object.id, &format!("{path}.name"));
        let said = words::endpoints_port_name(&service.id, name, &names);
        let mut finding = Finding::new(rules::ENDPOINTS_PORT_NAME, at.clone(), said);
        for i in 0..service.ports.len().min(5) {
            finding = finding.with(field(service, &format!("spec.ports[{i}]")), words::service_port_here());
        }
        let meant = match names[..] {
            [only] => Some(only),
            _ => nearest(name, names.iter().copied()),
        };
        let fix = meant.and_then(|meant| {
            let edit =
                if meant.is_empty() { context.text.remove(&at)? } else { context.text.change(&at, meant)? };
            Some(Fix { title: words::fix_port_name(meant), edits: vec![edit] })
        });
        findings.push(finding.fix(fix));
    }
    findings
}
