//! Fields of a Service that do not do what they seem to.

use super::context::{Context, field};
use super::rules;
use super::text::Finding;
use crate::cluster::allocate::NODE_PORTS;
use crate::cluster::validate::names::dns1123_label;
use crate::cluster::{Service, ServiceType, validate::ip};
use crate::diagnostic::Fix;
use crate::manifest::{Body, FieldPath, FieldRef};
use crate::words::lints as words;

pub(super) fn check(context: &mut Context) {
    names(context);
    taken(context);
    for service in context.services() {
        let mut findings = Vec::new();
        if service.service_type() == ServiceType::ExternalName {
            external_name(context, service, &mut findings);
        } else if service.is_headless() {
            headless(context, service, &mut findings);
        }
        ignored(context, service, &mut findings);
        for finding in findings {
            context.found(finding);
        }
    }
}

/// Also Services that were refused for their name.
fn names(context: &mut Context) {
    let mut findings = Vec::new();
    for (_, object) in context.text.manifest().objects() {
        if !matches!(object.body, Body::Service(_)) || object.id.name.is_empty() {
            continue;
        }
        let name = &object.id.name;
        if dns1123_label(name).is_empty() {
            continue;
        }
        let at = FieldRef::new(&object.id, "metadata.name");
        let slug = slug(name);
        let finding =
            Finding::new(rules::SERVICE_NAME, at.clone(), words::service_name(name, slug.as_deref()));
        let fix = slug.and_then(|slug| {
            let edit = context.text.change(&at, &slug)?;
            Some(Fix { title: words::fix_to(&slug), edits: vec![edit] })
        });
        findings.push(finding.fix(fix));
    }
    for finding in findings {
        context.found(finding);
    }
}

/// Addresses and ports that cannot be had. The API server refuses the Service; this shows who
/// has them, and lets the cluster choose.
fn taken(context: &mut Context) {
    let mut findings = Vec::new();
    for (_, object) in context.text.manifest().objects() {
        let Body::Service(service) = &object.body else { continue };
        // A live object comes from a cluster with ranges of its own.
        if object.metadata.creation_timestamp.is_some() {
            continue;
        }
        let spec = &service.spec;
        let others = || context.cluster.services.iter().filter(|other| other.id != object.id);
        if let Some(ip) = spec.cluster_ip.as_deref().and_then(|ip| ip.parse().ok())
            && let Some(other) = others().find(|other| other.cluster_ips.contains(&ip))
        {
            let at = FieldRef::new(&object.id, "spec.clusterIP");
            let said = words::cluster_ip_taken(&object.id, &other.id, &ip.to_string());
            let finding = Finding::new(rules::CLUSTER_IP_TAKEN, at.clone(), said);
            let finding = finding.with(field(other, "spec.clusterIP"), words::has_it(&other.id));
            findings.push(finding.fix(remove(context, &at, "clusterIP")));
        }
        if !matches!(spec.type_.as_deref(), Some("NodePort" | "LoadBalancer")) {
            continue;
        }
        for (i, port) in spec.ports.iter().enumerate() {
            let Some(number) = port.node_port.filter(|&number| number != 0) else { continue };
            let at = FieldRef::new(&object.id, &format!("spec.ports[{i}].nodePort"));
            let finding = if !NODE_PORTS.contains(number) {
                Finding::new(rules::NODE_PORT_RANGE, at.clone(), words::node_port_range(&object.id, number))
            } else if let Some((other, port)) =
                others().find_map(|other| Some((other, node_port(other, number)?)))
            {
                let said = words::node_port_taken(&object.id, &other.id, number);
                let theirs = field(other, &format!("spec.ports[{port}].nodePort"));
                Finding::new(rules::NODE_PORT_TAKEN, at.clone(), said).with(theirs, words::has_it(&other.id))
            } else {
                continue;
            };
            findings.push(finding.fix(remove(context, &at, "nodePort")));
        }
    }
    for finding in findings {
        context.found(finding);
    }
}

/// Which port of a Service has a node port.
fn node_port(service: &Service, number: i64) -> Option<usize> {
    service.ports.iter().position(|port| port.node_port.map(i64::from) == Some(number))
}

/// The label nearest to a name: small letters, digits and single dashes.
fn slug(name: &str) -> Option<String> {
    let mut slug = String::new();
    for c in name.chars() {
        let c = c.to_ascii_lowercase();
        if c.is_ascii_alphanumeric() {
            slug.push(c);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.truncate(63);
    let slug = slug.trim_end_matches('-');
    (!slug.is_empty()).then(|| slug.to_owned())
}

fn external_name(context: &Context, service: &Service, findings: &mut Vec<Finding>) {
    let spec = &service.stored.spec;
    if let Some(name) = spec.external_name.as_deref()
        && ip::parse_sloppy(name).is_some()
    {
        let at = field(service, "spec.externalName");
        let finding = Finding::new(rules::EXTERNAL_NAME_IP, at, words::external_name_ip(&service.id, name));
        findings.push(finding.with(field(service, "spec.type"), words::external_name_here()));
    }
    if !spec.ports.is_empty() {
        let at = field(service, "spec.ports");
        let said = words::external_name_ports(&service.id, spec.external_name.as_deref().unwrap_or(""));
        let finding = Finding::new(rules::EXTERNAL_NAME_PORTS, at.clone(), said).key();
        let finding = finding.with(field(service, "spec.type"), words::external_name_here());
        findings.push(finding.fix(remove(context, &at, "ports")));
    }
    if spec.selector.as_ref().is_some_and(|s| !s.is_empty()) {
        let at = field(service, "spec.selector");
        let said = words::external_name_selector(&service.id);
        let finding = Finding::new(rules::EXTERNAL_NAME_SELECTOR, at.clone(), said).key();
        let finding = finding.with(field(service, "spec.type"), words::external_name_here());
        findings.push(finding.fix(remove(context, &at, "selector")));
    }
}

fn headless(context: &Context, service: &Service, findings: &mut Vec<Finding>) {
    if service.stored.spec.session_affinity.as_deref() == Some("ClientIP") {
        let at = field(service, "spec.sessionAffinity");
        let finding =
            Finding::new(rules::HEADLESS_AFFINITY, at.clone(), words::headless_affinity(&service.id));
        let mut fix = remove(context, &at, "sessionAffinity");
        let config = field(service, "spec.sessionAffinityConfig");
        if context.text.exact(&config).is_some() {
            // Both go, or the configuration alone would be refused.
            fix = None;
        }
        let finding = finding.with(field(service, "spec.clusterIP"), words::headless_here());
        findings.push(finding.fix(fix));
    }
}

/// What the API server itself warns of. Models pkg/api/service/warnings.go GetWarningsForService.
fn ignored(context: &Context, service: &Service, findings: &mut Vec<Finding>) {
    let spec = &service.stored.spec;
    let type_ = service.service_type();
    let headless = service.is_headless();
    let mut warn = |rule, path: &'static str, message: String| {
        let at = field(service, path);
        let said = words::warned(&message, rule);
        findings.push(Finding::new(rule, at, said).key());
    };
    if !spec.external_ips.is_empty() {
        let message = if headless {
            "spec.externalIPs is ignored for headless services".to_owned()
        } else if type_ == ServiceType::ExternalName {
            "spec.externalIPs is ignored when spec.type is \"ExternalName\"".to_owned()
        } else {
            "spec.externalIPs is deprecated and may no longer be implemented in some clusters".to_owned()
        };
        warn(rules::EXTERNAL_IPS, "spec.externalIPs", message);
    }
    if headless && spec.load_balancer_ip.as_deref().is_some_and(|ip| !ip.is_empty()) {
        let message = "spec.loadBalancerIP is ignored for headless services".to_owned();
        warn(rules::WARNED, "spec.loadBalancerIP", message);
    }
    if type_ != ServiceType::ExternalName && spec.external_name.as_deref().is_some_and(|n| !n.is_empty()) {
        let message = "spec.externalName is ignored when spec.type is not \"ExternalName\"".to_owned();
        warn(rules::WARNED, "spec.externalName", message);
    }
    let hints = "service.kubernetes.io/topology-aware-hints";
    if service.metadata.annotations.iter().any(|(key, _)| &**key == hints) {
        let message = format!(
            "annotation {hints} is deprecated, please use service.kubernetes.io/topology-mode instead"
        );
        let path = FieldPath::of("metadata.annotations").key(hints);
        let at = FieldRef { object: service.id.clone(), path };
        let fix = context.text.rename(&at, "service.kubernetes.io/topology-mode");
        let fix = fix.map(|edit| Fix {
            title: words::fix_to("service.kubernetes.io/topology-mode"),
            edits: vec![edit],
        });
        let said = words::warned(&message, rules::WARNED);
        findings.push(Finding::new(rules::WARNED, at, said).key().fix(fix));
    }
    if spec.traffic_distribution.as_deref() == Some("PreferClose") {
        let message = "spec.trafficDistribution: \"PreferClose\" is deprecated; use \"PreferSameZone\"";
        let at = field(service, "spec.trafficDistribution");
        let fix = context.text.change(&at, "PreferSameZone");
        let fix = fix.map(|edit| Fix { title: words::fix_to("PreferSameZone"), edits: vec![edit] });
        let said = words::warned(message, rules::WARNED);
        findings.push(Finding::new(rules::WARNED, at, said).fix(fix));
    }
}

fn remove(context: &Context, at: &FieldRef, name: &str) -> Option<Fix> {
    let edit = context.text.remove(at)?;
    Some(Fix { title: words::fix_remove(name), edits: vec![edit] })
}

#[cfg(test)]
mod tests {
    use super::slug;

    #[test]
    fn names_become_labels() {
        assert_eq!(slug("My_Service.v2").as_deref(), Some("my-service-v2"));
        assert_eq!(slug("--").as_deref(), None);
        assert_eq!(slug(&"Ab".repeat(50)).map(|s| s.len()), Some(63));
    }
}
