//! What must be there behind a rule of an Ingress that takes a request.

use super::ingress::{RuleAsk, RuleCheck};
use crate::cluster::{Cluster, Ingress, ServiceType};
use crate::manifest::FieldRef;
use crate::manifest::ingress::IngressBackend;

/// Asks for the Service, its port and an endpoint; `at` is where the backend stands.
pub(super) fn checks(
    cluster: &Cluster,
    ingress: &Ingress,
    backend: &IngressBackend,
    at: &str,
    checks: &mut Vec<RuleCheck>,
) {
    let Some(wanted) = &backend.service else { return };
    let service = cluster.service(&ingress.id.namespace, &wanted.name);
    let elsewhere = || cluster.services.iter().find(|s| s.id.name == wanted.name);
    let found = match service.or_else(elsewhere) {
        Some(service) => service.id.namespace.to_string(),
        None => String::new(),
    };
    let mut fields = vec![FieldRef::new(&ingress.id, &format!("{at}.service.name"))];
    fields.extend(service.map(|service| FieldRef::new(&service.id, "metadata.name")));
    checks.push(RuleCheck {
        ask: RuleAsk::Service,
        wanted: format!("{} in {}", wanted.name, ingress.id.namespace),
        found: if found.is_empty() { found } else { format!("{} in {found}", wanted.name) },
        holds: service.is_some(),
        fields,
    });
    let Some(service) = service else { return };
    let port = service.ports.iter().position(|port| match (&wanted.port_name, wanted.port_number) {
        (Some(name), _) => port.name == *name,
        (None, number) => Some(i64::from(port.port)) == number,
    });
    let which = if wanted.port_name.is_some() { "name" } else { "number" };
    let mut fields = vec![FieldRef::new(&ingress.id, &format!("{at}.service.port.{which}"))];
    fields.push(match port {
        Some(i) => FieldRef::new(&service.id, &format!("spec.ports[{i}]")),
        None => FieldRef::new(&service.id, "spec.ports"),
    });
    let there = service.ports.iter().map(|port| match &*port.name {
        "" => port.port.to_string(),
        name => format!("{} ({name})", port.port),
    });
    checks.push(RuleCheck {
        ask: RuleAsk::Port,
        wanted: wanted.port_name.as_deref().map_or_else(
            || wanted.port_number.map(|number| number.to_string()).unwrap_or_default(),
            ToString::to_string,
        ),
        found: there.collect::<Vec<_>>().join(", "),
        holds: port.is_some(),
        fields,
    });
    if port.is_none() || service.service_type() == ServiceType::ExternalName {
        return;
    }
    let endpoints = cluster.slices_of(&service.id).flat_map(|slice| &slice.slice.endpoints);
    let (mut ready, mut all) = (0_u32, 0_u32);
    for endpoint in endpoints {
        all += 1;
        ready += u32::from(endpoint.conditions.ready.unwrap_or(true));
    }
    checks.push(RuleCheck {
        ask: RuleAsk::Ready,
        wanted: String::new(),
        found: format!("{ready} of {all}"),
        holds: ready > 0,
        fields: vec![FieldRef::new(&service.id, "spec.selector")],
    });
}

/// `web:80`, `StorageBucket icons`
pub(super) fn words(backend: &IngressBackend) -> String {
    match (&backend.service, &backend.resource) {
        (Some(service), _) => match (&service.port_name, service.port_number) {
            (Some(name), _) => format!("{}:{name}", service.name),
            (None, Some(number)) => format!("{}:{number}", service.name),
            (None, None) => service.name.to_string(),
        },
        (None, Some(resource)) => format!("{} {}", resource.kind, resource.name),
        (None, None) => String::new(),
    }
}
