//! Ports that lead nowhere.

use super::context::{Context, Maker, field};
use super::near::nearest;
use super::rules;
use super::text::Finding;
use super::why_not::{declared_ports, find_port, target_words};
use crate::cluster::container_ports;
use crate::cluster::{Service, ServicePort, ServiceType};
use crate::diagnostic::Fix;
use crate::manifest::FieldRef;
use crate::manifest::service::IntOrString;
use crate::words::lints as words;

pub(super) fn check(context: &mut Context) {
    for service in context.services() {
        let Some(selector) = service.selector() else { continue };
        if service.service_type() == ServiceType::ExternalName {
            continue;
        }
        let selected = context.selected(&service.id.namespace, selector);
        if selected.is_empty() {
            continue;
        }
        let mut findings = Vec::new();
        let makers: Vec<&Maker> = selected.iter().map(|&i| &context.makers[i]).collect();
        for (i, port) in service.ports.iter().enumerate() {
            findings.extend(target(context, service, i, port, &makers));
            if service.is_headless() {
                findings.extend(headless(service, i, port, &makers));
            }
        }
        for finding in findings {
            context.found(finding);
        }
    }
}

/// targetPort as written; `port` where the text leaves it to the default.
fn target_field(context: &Context, service: &Service, index: usize) -> FieldRef {
    let target = field(service, &format!("spec.ports[{index}].targetPort"));
    if context.text.exact(&target).is_some() {
        return target;
    }
    field(service, &format!("spec.ports[{index}].port"))
}

fn target(
    context: &Context,
    service: &Service,
    index: usize,
    port: &ServicePort,
    makers: &[&Maker],
) -> Option<Finding> {
    let named = matches!(port.target_port, IntOrString::Name(_));
    let lacking: Vec<&&Maker> = makers
        .iter()
        // Pods that list no port at all may listen anywhere; a name must be found.
        .filter(|maker| named || container_ports::declared(maker.spec).next().is_some())
        .filter(|maker| find_port(maker.spec, port).is_none())
        .collect();
    let first = lacking.first()?;
    let at = target_field(context, service, index);
    let wanted = target_words(port);
    let everywhere = lacking.len() == makers.len();
    let other_protocol = container_ports::declared(first.spec).find(|one| one.is(&port.target_port));
    let declared = declared_ports(first.spec);
    let protocol = other_protocol.map(|one| one.protocol());
    let said = if named {
        words::port_unknown_name(&service.id, port, &wanted, first.id, &declared, everywhere, protocol)
    } else {
        words::port_nobody_listens(&service.id, port, &wanted, first.id, &declared, protocol)
    };
    let rule = if named { rules::PORT_UNKNOWN_NAME } else { rules::PORT_NOBODY_LISTENS };
    let mut finding = Finding::new(rule, at.clone(), said);
    for maker in lacking.iter().take(5) {
        let ports = maker.field(&ports_path(maker));
        finding = finding.with(ports, words::listed_ports(maker.id, &declared_ports(maker.spec)));
    }
    if other_protocol.is_some() {
        return Some(finding);
    }
    let meant = meant(first, port)?;
    let edit = context.text.change(&at, &meant).map(|(span, text)| {
        // A number stays a number.
        let number = meant.bytes().all(|b| b.is_ascii_digit());
        (span, if number { meant.clone() } else { text })
    });
    // Where targetPort is left out, port itself is not what should change.
    let written = !at.path.as_str().ends_with(".port");
    let fix =
        edit.filter(|_| written).map(|edit| Fix { title: words::fix_target_port(&meant), edits: vec![edit] });
    Some(finding.fix(fix))
}

fn ports_path(maker: &Maker) -> String {
    let first = maker.spec.containers.iter().position(|c| !c.ports.is_empty()).unwrap_or(0);
    format!("spec.containers[{first}].ports")
}

/// The container port that was probably meant.
fn meant(maker: &Maker, port: &ServicePort) -> Option<String> {
    let fitting: Vec<_> = container_ports::declared(maker.spec)
        .filter(|one| one.protocol() == port.protocol.name())
        .map(|one| one.port)
        .collect();
    if let IntOrString::Name(name) = &port.target_port
        && let Some(near) = nearest(name, fitting.iter().filter_map(|p| p.name.as_deref()))
    {
        return Some(near.to_owned());
    }
    match &fitting[..] {
        [only] => Some(match (only.name.as_deref(), &port.target_port) {
            (Some(name), IntOrString::Name(_)) if !name.is_empty() => name.to_owned(),
            _ => only.container_port.to_string(),
        }),
        _ => None,
    }
}

/// Nobody maps the port of a headless Service: the client goes to the pod with the port it was told.
fn headless(service: &Service, index: usize, port: &ServicePort, makers: &[&Maker]) -> Option<Finding> {
    let maker = makers.first()?;
    let target = match &port.target_port {
        IntOrString::Int(number) => *number,
        IntOrString::Name(_) => find_port(maker.spec, port)?.port.container_port,
    };
    if target == i64::from(port.port) {
        return None;
    }
    let at = field(service, &format!("spec.ports[{index}].port"));
    let said = words::headless_port(&service.id, port, target);
    let finding = Finding::new(rules::HEADLESS_PORT, at, said);
    let finding = finding.with(field(service, "spec.clusterIP"), words::headless_here());
    let theirs = maker.field(&ports_path(maker));
    Some(finding.with(theirs, words::listed_ports(maker.id, &declared_ports(maker.spec))))
}
