//! A Pod and a pod template, as far as requests depend on them: names, containers, ports.
//! Models pkg/apis/core/validation/validation.go ValidatePodSpec and what it calls.

use super::names::{dns1123_label, dns1123_subdomain, port_name, port_number};
use super::{At, BadValue, Errors, FieldError, PROTOCOLS, metadata};
use crate::manifest::pod::{Container, ContainerPort, Pod, PodSpec};
use crate::manifest::{Metadata, Tree};

const DNS_POLICIES: [&str; 4] = ["ClusterFirst", "ClusterFirstWithHostNet", "Default", "None"];
const RESTART_POLICIES: [&str; 3] = ["Always", "Never", "OnFailure"];

/// Every reason to refuse a Pod that is made.
#[must_use]
pub fn create(metadata: &Metadata, pod: &Pod, tree: &Tree, _gates: super::Gates) -> Vec<FieldError> {
    let mut errors = Errors { list: metadata::create(metadata, true, dns1123_subdomain) };
    let path = At::of("spec");
    spec(&mut errors, &pod.spec, &path);
    if let Some(policy) = tree.get("spec").and_then(|s| s.get("restartPolicy")).and_then(Tree::text) {
        errors.word(path.field("restartPolicy"), Some(policy), &RESTART_POLICIES);
    }
    errors.list
}

/// Every reason to refuse a pod's spec.
pub(super) fn spec(errors: &mut Errors, spec: &PodSpec, path: &At<'_>) {
    let field = path.field("containers");
    if spec.containers.is_empty() {
        errors.required(field, "");
    }
    let mut names: Vec<&str> = Vec::new();
    for (i, container) in spec.containers.iter().enumerate() {
        one_container(errors, container, &mut names, spec.host_network, &field.index(i));
    }
    let field = path.field("initContainers");
    for (i, container) in spec.init_containers.iter().enumerate() {
        one_container(errors, container, &mut names, spec.host_network, &field.index(i));
    }
    host_ports(errors, spec, path);
    if let Some(policy) = &spec.dns_policy {
        errors.word(path.field("dnsPolicy"), Some(policy), &DNS_POLICIES);
    }
    metadata::labels(errors, &spec.node_selector, &path.field("nodeSelector"));
    for (field, value) in [("hostname", &spec.hostname), ("subdomain", &spec.subdomain)] {
        if let Some(value) = value.as_deref().filter(|v| !v.is_empty()) {
            errors.texts(&path.field(field), value, dns1123_label(value));
        }
    }
    if let Some(node) = spec.node_name.as_deref().filter(|n| !n.is_empty()) {
        errors.texts(&path.field("nodeName"), node, dns1123_subdomain(node));
    }
}

// Models `validateContainerCommon` and `validateContainerPorts`.
fn one_container<'a>(
    errors: &mut Errors,
    container: &'a Container,
    names: &mut Vec<&'a str>,
    host_network: bool,
    path: &At<'_>,
) {
    let field = path.field("name");
    let name = &*container.name;
    if name.is_empty() {
        errors.required(field, "");
    } else {
        errors.texts(&field, name, dns1123_label(name));
        if names.contains(&name) {
            errors.duplicate(field, BadValue::text(name));
        } else {
            names.push(name);
        }
    }
    let field = path.field("image");
    match container.image.as_deref().unwrap_or("") {
        "" => errors.required(field, ""),
        image if image.trim() != image => {
            let detail = "must not have leading or trailing whitespace";
            errors.invalid(field, BadValue::text(image), detail);
        }
        _ => {}
    }
    let mut port_names: Vec<&str> = Vec::new();
    for (i, port) in container.ports.iter().enumerate() {
        one_port(errors, port, &mut port_names, host_network, &path.field("ports").index(i));
    }
}

fn one_port<'a>(
    errors: &mut Errors,
    port: &'a ContainerPort,
    names: &mut Vec<&'a str>,
    host_network: bool,
    path: &At<'_>,
) {
    if let Some(name) = port.name.as_deref().filter(|n| !n.is_empty()) {
        let messages = port_name(name);
        if !messages.is_empty() {
            errors.texts(&path.field("name"), name, messages);
        } else if names.contains(&name) {
            errors.duplicate(path.field("name"), BadValue::text(name));
        } else {
            names.push(name);
        }
    }
    let field = path.field("containerPort");
    match port.container_port {
        0 => errors.required(field, ""),
        number => errors.number(&field, number, port_number(number)),
    }
    if let Some(number) = port.host_port.filter(|&n| n != 0) {
        let field = path.field("hostPort");
        let messages = port_number(number);
        if messages.is_empty() && host_network && number != port.container_port {
            let detail = "must match `containerPort` when `hostNetwork` is true";
            errors.invalid(path.field("containerPort"), BadValue::Int(port.container_port), detail);
        }
        errors.number(&field, number, messages);
    }
    if let Some(protocol) = &port.protocol {
        errors.word(path.field("protocol"), Some(protocol), &PROTOCOLS);
    }
}

// Models `checkHostPortConflicts`: one node port of a pod cannot lead to two containers.
fn host_ports(errors: &mut Errors, spec: &PodSpec, path: &At<'_>) {
    let mut taken = Vec::new();
    for (i, container) in spec.containers.iter().enumerate() {
        for (j, port) in container.ports.iter().enumerate() {
            let Some(number) = port.host_port.filter(|&n| n != 0) else { continue };
            let protocol = port.protocol.as_deref().unwrap_or("TCP");
            if taken.contains(&(protocol, number)) {
                let containers = path.field("containers");
                let container = containers.index(i);
                let field = container.field("ports");
                errors.duplicate(
                    field.index(j).field("hostPort"),
                    BadValue::text(&format!("{protocol}//{number}")),
                );
            } else {
                taken.push((protocol, number));
            }
        }
    }
}
