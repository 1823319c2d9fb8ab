//! A Service that is made. Models pkg/apis/core/validation/validation.go ValidateService.

use super::names::{dns1035_label, dns1123_label, dns1123_subdomain, port_name, port_number, qualified_name};
use super::{At, BadValue, Errors, FieldError, Gates, PROTOCOLS, Part, ip, json, metadata};
use crate::manifest::metadata::label;
use crate::manifest::service::{IntOrString, Service, ServicePort, ServiceSpec};
use crate::manifest::{FieldPath, Metadata};
use crate::map::Set;
use std::rc::Rc;

const TYPES: [&str; 4] = ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"];
const AFFINITIES: [&str; 2] = ["ClientIP", "None"];
const POLICIES: [&str; 2] = ["Cluster", "Local"];
const FAMILIES: [&str; 2] = ["IPv4", "IPv6"];
const FAMILY_POLICIES: [&str; 3] = ["PreferDualStack", "RequireDualStack", "SingleStack"];
const DISTRIBUTIONS: [&str; 3] = ["PreferClose", "PreferSameNode", "PreferSameZone"];
const AFFINITY_SECONDS_MAX: i64 = 86_400;
const TOPOLOGY_HINTS: &str = "service.kubernetes.io/topology-aware-hints";
const TOPOLOGY_MODE: &str = "service.kubernetes.io/topology-mode";
const SOURCE_RANGES: &str = "service.beta.kubernetes.io/load-balancer-source-ranges";
const ONLY_LOAD_BALANCER: &str = "may only be used when `type` is 'LoadBalancer'";

pub(super) fn word(text: &Option<Rc<str>>) -> &str {
    text.as_deref().unwrap_or("")
}

pub(super) fn is_headless(spec: &ServiceSpec) -> bool {
    matches!(&spec.cluster_ips[..], [only] if &**only == "None")
}

/// Models pkg/api/service `ExternallyAccessible`.
pub(in crate::cluster) fn externally_accessible(spec: &ServiceSpec) -> bool {
    match word(&spec.type_) {
        "LoadBalancer" | "NodePort" => true,
        "ClusterIP" => !spec.external_ips.is_empty(),
        _ => false,
    }
}

/// Models pkg/api/service `NeedsHealthCheck`.
pub(super) fn needs_health_check(spec: &ServiceSpec) -> bool {
    word(&spec.type_) == "LoadBalancer" && word(&spec.external_traffic_policy) == "Local"
}

/// Every reason to refuse a Service, in upstream's order. Defaults must have been written in.
#[must_use]
pub fn create(metadata: &Metadata, service: &Service, gates: Gates) -> Vec<FieldError> {
    let rule = if gates.relaxed_service_names { dns1123_label } else { dns1035_label };
    let mut errors = Errors { list: metadata::create(metadata, true, rule) };
    let spec = &service.spec;
    let path = At::of("spec");

    topology_annotations(&mut errors, metadata);
    if spec.ports.is_empty() && !is_headless(spec) && word(&spec.type_) != "ExternalName" {
        errors.required(path.field("ports"), "");
    }
    type_fields(&mut errors, spec, &path);
    ports(&mut errors, spec, &path.field("ports"));
    if let Some(selector) = &spec.selector {
        metadata::labels(&mut errors, selector, &path.field("selector"));
    }
    affinity(&mut errors, spec, &path);
    cluster_ips(&mut errors, spec, &path, gates);
    let external = path.field("externalIPs");
    for (i, address) in spec.external_ips.iter().enumerate() {
        let path = external.index(i);
        match ip::legacy_ip(address, gates.strict_ip_cidr) {
            Some(why) => errors.invalid(path, BadValue::Text(address.clone()), &why),
            None => errors.texts(&path, address, ip::special(address)),
        }
    }
    errors.word(path.field("type"), spec.type_.as_ref(), &TYPES);
    port_clashes(&mut errors, spec, &path.field("ports"));
    source_ranges(&mut errors, metadata, spec, &path, gates);
    load_balancer_fields(&mut errors, spec, &path);
    external_traffic(&mut errors, spec, &path);
    internal_traffic(&mut errors, spec, &path);
    if let Some(distribution) = &spec.traffic_distribution
        && !DISTRIBUTIONS.contains(&&**distribution)
    {
        let value = BadValue::Text(distribution.clone());
        errors.not_among(path.field("trafficDistribution"), value, &DISTRIBUTIONS);
    }
    errors.list
}

/// A Service as validation sees it: defaults written in, clusterIPs made from clusterIP, and a
/// health check port where one would be allocated.
/// Models pkg/registry/core/service/storage `normalizeClusterIPs` and `allocHealthCheckNodePort`.
#[must_use]
pub fn admitted(service: &Service) -> Service {
    let mut service = service.clone();
    crate::cluster::defaults::service(&mut service);
    let spec = &mut service.spec;
    if spec.cluster_ips.is_empty() {
        spec.cluster_ips.extend(spec.cluster_ip.clone().filter(|ip| !ip.is_empty()));
    }
    if needs_health_check(spec) && spec.health_check_node_port.unwrap_or(0) == 0 {
        // Any free one: which one it is does not matter here.
        spec.health_check_node_port = Some(30_000);
    }
    service
}

fn topology_annotations(errors: &mut Errors, metadata: &Metadata) {
    let annotations = &metadata.annotations;
    if let (Some(hints), Some(mode)) = (label(annotations, TOPOLOGY_HINTS), label(annotations, TOPOLOGY_MODE))
        && hints != mode
    {
        let path = FieldPath::of("metadata.annotations").key(TOPOLOGY_MODE);
        let detail = format!("must match annotations[{TOPOLOGY_HINTS}] when both are specified");
        errors.invalid(path, BadValue::Text(mode.clone()), &detail);
    }
}

fn type_fields(errors: &mut Errors, spec: &ServiceSpec, path: &At<'_>) {
    let type_ = word(&spec.type_);
    match type_ {
        "LoadBalancer" | "NodePort" if is_headless(spec) => {
            let detail = format!("may not be set to 'None' for {type_} services");
            let from = errors.list.len();
            errors.invalid(path.field("clusterIPs").index(0), BadValue::text("None"), &detail);
            errors.placed(from, &path.field("clusterIP"), Part::Value);
        }
        "ExternalName" => {
            let never = "may not be set for ExternalName services";
            if !spec.cluster_ips.is_empty() {
                errors.forbidden(path.field("clusterIPs"), never);
            }
            if !spec.ip_families.is_empty() {
                errors.forbidden(path.field("ipFamilies"), never);
            }
            if spec.ip_family_policy.is_some() {
                errors.forbidden(path.field("ipFamilyPolicy"), never);
            }
            let name = word(&spec.external_name);
            let name = name.strip_suffix('.').unwrap_or(name);
            if name.is_empty() {
                errors.required(path.field("externalName"), "");
            } else {
                errors.texts(&path.field("externalName"), name, dns1123_subdomain(name));
            }
        }
        _ => {}
    }
}

// Models `validateServicePort`.
fn ports(errors: &mut Errors, spec: &ServiceSpec, path: &At<'_>) {
    let mut names = Set::default();
    for (i, port) in spec.ports.iter().enumerate() {
        let path = path.index(i);
        let name = word(&port.name);
        if name.is_empty() {
            if spec.ports.len() > 1 {
                errors.required(path.field("name"), "");
            }
        } else {
            errors.texts(&path.field("name"), name, dns1123_label(name));
            if !names.insert(name) {
                errors.duplicate(path.field("name"), BadValue::text(name));
            }
        }
        errors.number(&path.field("port"), port.port, port_number(port.port));
        errors.word(path.field("protocol"), port.protocol.as_ref(), &PROTOCOLS);
        // What the text leaves out is 0 by the time that upstream looks.
        match &port.target_port {
            None => errors.number(&path.field("targetPort"), 0, port_number(0)),
            Some(IntOrString::Int(n)) => errors.number(&path.field("targetPort"), *n, port_number(*n)),
            Some(IntOrString::Name(name)) => errors.texts(&path.field("targetPort"), name, port_name(name)),
        }
        if let Some(protocol) = &port.app_protocol {
            errors.texts(&path.field("appProtocol"), protocol, qualified_name(protocol));
        }
    }
}

// Models `validateClientIPAffinityConfig` and its caller.
fn affinity(errors: &mut Errors, spec: &ServiceSpec, path: &At<'_>) {
    errors.word(path.field("sessionAffinity"), spec.session_affinity.as_ref(), &AFFINITIES);
    let path = path.field("sessionAffinityConfig");
    let config = spec.session_affinity_config.as_ref();
    match word(&spec.session_affinity) {
        "ClientIP" => {
            let needed = "when session affinity type is ClientIP";
            let client_ip = config.and_then(|c| c.client_ip.as_ref());
            match (config, client_ip, client_ip.and_then(|c| c.timeout_seconds)) {
                (None, ..) => errors.required(path, needed),
                (_, None, _) => errors.required(path.field("clientIP"), needed),
                (.., None) => errors.required(path.field("clientIP").field("timeoutSeconds"), needed),
                (.., Some(seconds)) if !(1..=AFFINITY_SECONDS_MAX).contains(&seconds) => {
                    let detail = format!("must be greater than 0 and less than {AFFINITY_SECONDS_MAX}");
                    errors.invalid(
                        path.field("clientIP").field("timeoutSeconds"),
                        BadValue::Int(seconds),
                        &detail,
                    );
                }
                _ => {}
            }
        }
        "None" if config.is_some() => {
            errors.forbidden(path, "must not be set when session affinity is None");
        }
        _ => {}
    }
}

// Models `ValidateServiceClusterIPsRelatedFields`.
fn cluster_ips(errors: &mut Errors, spec: &ServiceSpec, path: &At<'_>, gates: Gates) {
    if word(&spec.type_) == "ExternalName" {
        return;
    }
    let ips_path = path.field("clusterIPs");
    let ips = &spec.cluster_ips;
    let all = || BadValue::Texts(ips.clone());
    match (word(&spec.cluster_ip), ips.first()) {
        ("", None) => {}
        ("", Some(_)) => errors.invalid(ips_path, all(), "must be empty when `clusterIP` is not specified"),
        (_, None) => errors.required(ips_path, ""),
        (one, Some(first)) if **first != *one => {
            errors.invalid(ips_path, all(), "first value must match `clusterIP`");
        }
        _ => {}
    }

    for (i, family) in spec.ip_families.iter().enumerate() {
        let list = path.field("ipFamilies");
        let path = list.index(i);
        if !FAMILIES.contains(&&**family) {
            errors.unsupported(path, family, &FAMILIES);
        }
        if spec.ip_families[..i].contains(family) {
            errors.duplicate(path, BadValue::Text(family.clone()));
        }
    }
    if let Some(policy) = &spec.ip_family_policy
        && !FAMILY_POLICIES.contains(&&**policy)
    {
        errors.unsupported(path.field("ipFamilyPolicy"), policy, &FAMILY_POLICIES);
    }

    let mut misplaced = false;
    for (i, address) in ips.iter().enumerate() {
        if i == 0 && &**address == "None" {
            if ips.len() > 1 {
                misplaced = true;
                errors.invalid(ips_path, all(), "'None' must be the first and only value");
            }
        } else if let Some(why) = ip::legacy_ip(address, gates.strict_ip_cidr) {
            misplaced = true;
            let from = errors.list.len();
            errors.invalid(ips_path.index(i), BadValue::Text(address.clone()), &why);
            if i == 0 {
                // Most people write clusterIP; the list is made from it.
                errors.placed(from, &path.field("clusterIP"), Part::Value);
            }
        }
    }
    if ips.len() > 2 {
        errors.invalid(ips_path, all(), "may only hold up to 2 values");
    }
    if misplaced {
        return;
    }
    let sixes = ips.iter().filter(|address| ip::is_ipv6(address)).count();
    // Models netutils.IsDualStackIPStrings: at least one of each family.
    if ips.len() > 1 && (sixes == 0 || sixes == ips.len()) {
        errors.invalid(ips_path, all(), "may specify no more than one IP for each IP family");
    }
    if !is_headless(spec) {
        for (i, (address, family)) in ips.iter().zip(&spec.ip_families).enumerate() {
            let wanted = match (&**family, ip::is_ipv6(address)) {
                ("IPv4", true) => "IPv4",
                ("IPv6", false) => "IPv6",
                _ => continue,
            };
            let detail = format!("expected an {wanted} value as indicated by `ipFamilies[{i}]`");
            errors.invalid(ips_path.index(i), BadValue::Text(address.clone()), &detail);
        }
    }
}

fn port_clashes(errors: &mut Errors, spec: &ServiceSpec, path: &At<'_>) {
    let node_port = |port: &ServicePort| port.node_port.unwrap_or(0);
    if word(&spec.type_) == "ClusterIP" {
        for (i, port) in spec.ports.iter().enumerate() {
            if node_port(port) != 0 {
                errors
                    .forbidden(path.index(i).field("nodePort"), "may not be used when `type` is 'ClusterIP'");
            }
        }
    }
    let mut seen: Set<(&str, i64)> = Set::default();
    for (i, port) in spec.ports.iter().enumerate() {
        if node_port(port) != 0 && !seen.insert((word(&port.protocol), node_port(port))) {
            errors.duplicate(path.index(i).field("nodePort"), BadValue::Int(node_port(port)));
        }
    }
    let mut seen: Set<(&str, i64)> = Set::default();
    for (i, port) in spec.ports.iter().enumerate() {
        if !seen.insert((word(&port.protocol), port.port)) {
            let key = format!(
                "{{\"Name\":\"\",\"Protocol\":{},\"AppProtocol\":null,\"Port\":{},\"TargetPort\":0,\"NodePort\":0}}",
                json(word(&port.protocol)),
                port.port
            );
            errors.duplicate(path.index(i), BadValue::Json(key));
        }
    }
}

fn source_ranges(errors: &mut Errors, metadata: &Metadata, spec: &ServiceSpec, path: &At<'_>, gates: Gates) {
    let balanced = word(&spec.type_) == "LoadBalancer";
    if !spec.load_balancer_source_ranges.is_empty() {
        // Upstream writes this field with a capital letter.
        let (said, at) = (path.field("LoadBalancerSourceRanges"), path.field("loadBalancerSourceRanges"));
        let from = errors.list.len();
        if !balanced {
            errors.forbidden(said, ONLY_LOAD_BALANCER);
        }
        errors.placed(from, &at, Part::Value);
        for (i, range) in spec.load_balancer_source_ranges.iter().enumerate() {
            let from = errors.list.len();
            let range = range.trim();
            if let Some(why) = ip::legacy_cidr(range, gates.strict_ip_cidr) {
                errors.invalid(said.index(i), BadValue::text(range), &why);
            }
            errors.placed(from, &at.index(i), Part::Value);
        }
    } else if let Some(ranges) = label(&metadata.annotations, SOURCE_RANGES) {
        let path = FieldPath::of("metadata.annotations").key(SOURCE_RANGES);
        if !balanced {
            errors.forbidden(path.clone(), ONLY_LOAD_BALANCER);
        }
        for range in ranges.trim().split(',').filter(|_| !ranges.trim().is_empty()) {
            let range = range.trim();
            if let Some(why) = ip::legacy_cidr(range, gates.strict_ip_cidr) {
                errors.invalid(path.clone(), BadValue::text(range), &why);
            }
        }
    }
}

fn load_balancer_fields(errors: &mut Errors, spec: &ServiceSpec, path: &At<'_>) {
    let balanced = word(&spec.type_) == "LoadBalancer";
    match spec.allocate_load_balancer_node_ports {
        Some(_) if !balanced => {
            errors.forbidden(path.field("allocateLoadBalancerNodePorts"), ONLY_LOAD_BALANCER);
        }
        None if balanced => {
            // Upstream forgets `spec` here.
            let from = errors.list.len();
            errors.required(At::of("allocateLoadBalancerNodePorts"), "");
            errors.placed(from, path, Part::Key);
        }
        _ => {}
    }
    load_balancer_class(errors, spec, path);
}

// Models `validateLoadBalancerClassField`.
fn load_balancer_class(errors: &mut Errors, spec: &ServiceSpec, path: &At<'_>) {
    if let Some(class) = &spec.load_balancer_class {
        let path = path.field("loadBalancerClass");
        if word(&spec.type_) == "LoadBalancer" {
            errors.texts(&path, class, qualified_name(class));
        } else {
            errors.forbidden(path, ONLY_LOAD_BALANCER);
        }
    }
}

// Models `validateServiceExternalTrafficPolicy`.
fn external_traffic(errors: &mut Errors, spec: &ServiceSpec, path: &At<'_>) {
    let field = path.field("externalTrafficPolicy");
    if externally_accessible(spec) {
        errors.word(field, spec.external_traffic_policy.as_ref(), &POLICIES);
    } else if !word(&spec.external_traffic_policy).is_empty() {
        let value = BadValue::text(word(&spec.external_traffic_policy));
        errors.invalid(field, value, "may only be set for externally-accessible services");
    }
    let field = path.field("healthCheckNodePort");
    match spec.health_check_node_port.unwrap_or(0) {
        0 if needs_health_check(spec) => errors.required(field, ""),
        0 => {}
        port if needs_health_check(spec) => errors.number(&field, port, port_number(port)),
        port => errors.invalid(
            field,
            BadValue::Int(port),
            "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'",
        ),
    }
}

// Models `validateServiceInternalTrafficFieldsValue`.
fn internal_traffic(errors: &mut Errors, spec: &ServiceSpec, path: &At<'_>) {
    let field = path.field("internalTrafficPolicy");
    match &spec.internal_traffic_policy {
        None if matches!(word(&spec.type_), "ClusterIP" | "NodePort" | "LoadBalancer") => {
            errors.required(field, "");
        }
        Some(policy) if !POLICIES.contains(&&**policy) => errors.unsupported(field, policy, &POLICIES),
        _ => {}
    }
}
