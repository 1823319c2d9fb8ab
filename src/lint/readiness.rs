//! Services whose endpoints are missing, not ready, or not everywhere.

use super::context::{Context, field};
use super::text::Finding;
use super::{rules, why_not};
use crate::cluster::{Origin, Service, ServiceType};
use crate::manifest::{FieldRef, ObjectRef};
use crate::words::lints as words;
use std::rc::Rc;

pub(super) fn check(context: &mut Context) {
    for service in context.services() {
        if service.service_type() == ServiceType::ExternalName {
            continue;
        }
        let finding = match service.selector() {
            None => without_selector(context, service),
            Some(_) => no_ready(context, service),
        };
        let finding = finding.into_iter().chain(local(context, service));
        for finding in finding.collect::<Vec<_>>() {
            context.found(finding);
        }
    }
}

fn without_selector(context: &Context, service: &Service) -> Option<Finding> {
    let any = context.cluster.slices_of(&service.id).any(|slice| !slice.slice.endpoints.is_empty());
    // Endpoints are mirrored into slices by a controller of their own.
    let endpoints = ObjectRef::new("Endpoints", &service.id.namespace, &service.id.name);
    let subsets = context.text.exact(&FieldRef::new(&endpoints, "subsets"));
    if any || subsets.is_some_and(|(_, _, subsets)| !subsets.items().is_empty()) {
        return None;
    }
    let said = words::no_selector(&service.id);
    // In a text that makes no pods the rest is probably somewhere else.
    let lonely = !context.makes_pods_in(&service.id.namespace);
    Some(Finding::new(rules::NO_SELECTOR, field(service, "spec"), said).soft(lonely).key())
}

fn no_ready(context: &Context, service: &Service) -> Option<Finding> {
    let selector = service.selector()?;
    let selected = context.selected(&service.id.namespace, selector);
    if selected.is_empty() {
        return None;
    }
    let pods = || selected.iter().flat_map(|&i| &context.makers[i].pods);
    if pods().any(|pod| why_not::takes_connections(service, pod)) {
        return None;
    }
    // Why not is looked at closely in the first pods alone.
    let first = pods().take(context.look_at());
    let standings: Vec<_> =
        first.map(|pod| (*pod, why_not::standing(context.cluster, service, pod))).collect();
    let at = field(service, "spec.selector");
    if standings.is_empty() {
        let maker = &context.makers[*selected.first()?];
        let replicas = FieldRef::new(maker.id, "spec.replicas");
        let said = words::no_pods(&service.id, maker.id);
        let finding = Finding::new(rules::NO_READY_ENDPOINT, at, said).key();
        return Some(finding.with(replicas, words::makes_no_pods(maker.id)));
    }
    let reasons: Vec<_> = standings
        .iter()
        .filter_map(|(pod, standing)| {
            let unplaced = pod.node.is_none();
            Some((&*pod.id.name, words::not_ready(standing.first.as_ref()?, unplaced)))
        })
        .collect();
    // A pod that is still on its way up is no mistake of the text.
    let passing = standings.iter().any(|(pod, standing)| {
        pod.node.is_some()
            && !pod.terminating
            && standing.first.as_ref().is_some_and(|row| row.ask == why_not::Ask::Address)
    });
    let said = words::no_ready_endpoint(&service.id, &reasons);
    let mut finding = Finding::new(rules::NO_READY_ENDPOINT, at, said).soft(passing).key();
    for (pod, standing) in standings.iter().take(5) {
        let fields = standing.first.iter().flat_map(|row| &row.fields);
        // Of a pod that is not in the text its maker's template is.
        let theirs = fields.into_iter().find(|field| field.object == pod.written_in.0);
        let theirs = theirs.cloned().unwrap_or_else(|| why_not::pod_field(pod, "spec"));
        finding = finding.with(theirs, pod.id.name.to_string());
    }
    Some(finding)
}

/// Nodes that get a request and have nobody to give it to.
fn local(context: &Context, service: &Service) -> Option<Finding> {
    let spec = &service.stored.spec;
    let outside = spec.external_traffic_policy.as_deref() == Some("Local");
    let inside = spec.internal_traffic_policy.as_deref() == Some("Local") && !service.is_headless();
    if !outside && !inside {
        return None;
    }
    let mut with: Vec<&str> = Vec::new();
    for slice in context.cluster.slices_of(&service.id) {
        for endpoint in &slice.slice.endpoints {
            if endpoint.conditions.ready != Some(false) {
                with.extend(endpoint.node_name.as_deref());
            }
        }
    }
    if with.is_empty() {
        // That no endpoint is ready is told elsewhere.
        return None;
    }
    let without: Vec<Rc<str>> = context
        .cluster
        .nodes
        .iter()
        .filter(|node| !with.contains(&&*node.id.name))
        .map(|node| node.id.name.clone())
        .collect();
    if without.is_empty() {
        return None;
    }
    let name = if outside { "spec.externalTrafficPolicy" } else { "spec.internalTrafficPolicy" };
    let balanced = service.service_type() == ServiceType::LoadBalancer;
    let said = words::local_without_endpoint(&service.id, &without, outside, balanced);
    let supplied = context.cluster.nodes.iter().all(|node| node.origin == Origin::Supplied);
    let mut finding = Finding::new(rules::LOCAL_WITHOUT_ENDPOINT, field(service, name), said);
    if outside && !balanced && !supplied {
        finding.severity = crate::diagnostic::Severity::Warning;
    }
    for name in without.iter().take(5) {
        let node = ObjectRef::new("Node", "", name);
        finding = finding.with(FieldRef::new(&node, "metadata.name"), words::node_without(name));
    }
    Some(finding)
}
