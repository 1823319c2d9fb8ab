//! What an update of a Service may not change, and what it clears by itself.
//!
//! Models pkg/apis/core/validation/validation.go ValidateServiceUpdate and
//! pkg/registry/core/service/strategy.go dropTypeDependentFields.

use super::service::{externally_accessible, is_headless, needs_health_check, word};
use super::{At, BadValue, Errors, FieldError, Gates};
use crate::manifest::Metadata;
use crate::manifest::service::{Service, ServiceSpec};
use std::rc::Rc;

const ONCE: &str = "may not change once set";

/// Every reason to refuse the change from `old` to `new`, those against `new` itself included.
#[must_use]
pub fn update(old: &Service, metadata: &Metadata, new: &Service, gates: Gates) -> Vec<FieldError> {
    let mut errors = immutable(old, new);
    // A name that was good when the Service was made stays good.
    let gates = Gates { relaxed_service_names: true, ..gates };
    errors.extend(super::service::create(metadata, new, gates));
    errors
}

/// Only what may not change.
#[must_use]
pub fn immutable(old: &Service, new: &Service) -> Vec<FieldError> {
    let mut errors = Errors::new();
    let path = At::of("spec");
    let (old, new) = (&old.spec, &new.spec);
    let external = |spec: &ServiceSpec| word(&spec.type_) == "ExternalName";
    if !external(old) && !external(new) {
        let headless = (is_headless(old), is_headless(new));
        if headless != (true, true) {
            cluster_ips(&mut errors, old, new, &path);
        }
        // Both headless, or one of them: families may change.
        if headless == (false, false) {
            ip_families(&mut errors, old, new, &path);
        }
    }
    let balanced = |spec: &ServiceSpec| word(&spec.type_) == "LoadBalancer";
    if balanced(old) && balanced(new) && old.load_balancer_class != new.load_balancer_class {
        let value = BadValue::optional(new.load_balancer_class.as_ref());
        errors.invalid(path.field("loadBalancerClass"), value, ONCE);
    }
    if needs_health_check(old)
        && needs_health_check(new)
        && old.health_check_node_port != new.health_check_node_port
    {
        errors.forbidden(path.field("healthCheckNodePort"), "field is immutable");
    }
    errors.list
}

fn single_stack(spec: &ServiceSpec) -> bool {
    spec.ip_family_policy.as_deref() == Some("SingleStack")
}

// Models `validateUpgradeDowngradeClusterIPs`.
fn cluster_ips(errors: &mut Errors, old: &ServiceSpec, new: &ServiceSpec, path: &At<'_>) {
    let (before, after) = (&old.cluster_ips, &new.cluster_ips);
    let field = path.field("clusterIPs");
    let value = || BadValue::Texts(after.clone());
    if before.len() == after.len() {
        for (i, (one, other)) in before.iter().zip(after).enumerate() {
            if one != other {
                errors.invalid(field.index(i), value(), ONCE);
            }
        }
        return;
    }
    match (before.first(), after.first()) {
        (Some(_), None) => errors.invalid(field.index(0), value(), "primary clusterIP can not be unset"),
        (Some(one), Some(other)) if one != other => errors.invalid(field.index(0), value(), ONCE),
        _ => {}
    }
    if before.len() > after.len() && after.len() == 1 && !single_stack(new) {
        let policy = BadValue::optional(new.ip_family_policy.as_ref());
        let detail = "must be set to 'SingleStack' when releasing the secondary clusterIP";
        errors.invalid(path.field("ipFamilyPolicy"), policy, detail);
    }
}

// Models `validateUpgradeDowngradeIPFamilies`, its slips included (index 0 throughout, and
// clusterIPs where families are meant).
fn ip_families(errors: &mut Errors, old: &ServiceSpec, new: &ServiceSpec, path: &At<'_>) {
    let (before, after) = (&old.ip_families, &new.ip_families);
    let list = path.field("ipFamilies");
    let field = list.index(0);
    let families = || BadValue::Texts(after.clone());
    if before.len() == after.len() {
        for (one, other) in before.iter().zip(after) {
            if one != other {
                errors.invalid(field, families(), ONCE);
            }
        }
        return;
    }
    let released = before.len() > after.len();
    if released && new.cluster_ips.is_empty() {
        errors.invalid(field, families(), "primary ipFamily can not be unset");
    }
    if let (Some(one), Some(other)) = (before.first(), after.first())
        && one != other
    {
        errors.invalid(field, BadValue::Texts(new.cluster_ips.clone()), ONCE);
    }
    if released && after.len() == 1 && !single_stack(new) {
        let policy = BadValue::optional(new.ip_family_policy.as_ref());
        let detail = "must be set to 'SingleStack' when releasing the secondary ipFamily";
        errors.invalid(path.field("ipFamilyPolicy"), policy, detail);
    }
}

/// Writes into `new` what the server chose for `old` and the text leaves open. `written` is `new`
/// as the text has it, before defaults.
/// Models pkg/registry/core/service/storage/storage.go patchAllocatedValues, and alloc.go
/// trimFieldsForDualStackDowngrade; what else the text leaves out stays as `kubectl apply` lets it stay.
pub fn patch(old: &Service, written: &Service, new: &mut Service) {
    let external = |spec: &ServiceSpec| word(&spec.type_) == "ExternalName";
    let with_node_ports = |spec: &ServiceSpec| matches!(word(&spec.type_), "NodePort" | "LoadBalancer");
    let balanced = |spec: &ServiceSpec| word(&spec.type_) == "LoadBalancer";
    let (was, now) = (&old.spec, &mut new.spec);
    if !external(was) && !external(now) {
        if word(&now.cluster_ip).is_empty() {
            now.cluster_ip.clone_from(&was.cluster_ip);
            if now.cluster_ips.is_empty() {
                now.cluster_ips.clone_from(&was.cluster_ips);
            }
        } else if written.spec.cluster_ips.is_empty() && same(&was.cluster_ip, &now.cluster_ip) {
            now.cluster_ips.clone_from(&was.cluster_ips);
        }
        if now.ip_families.is_empty() {
            now.ip_families.clone_from(&was.ip_families);
        }
        if word(&now.ip_family_policy).is_empty() {
            now.ip_family_policy.clone_from(&was.ip_family_policy);
        }
        if single_stack(now) && was.cluster_ips.len() == 2 {
            if now.cluster_ips == was.cluster_ips {
                now.cluster_ips.truncate(1);
            }
            if now.ip_families == was.ip_families {
                now.ip_families.truncate(1);
            }
        }
    }
    if with_node_ports(was) && with_node_ports(now) {
        let uses = |spec: &ServiceSpec, number| spec.ports.iter().any(|p| p.node_port == Some(number));
        let mut used: Vec<i64> =
            was.ports.iter().filter_map(|p| p.node_port).filter(|&n| uses(now, n)).collect();
        for port in now.ports.iter_mut().filter(|p| p.node_port.is_none_or(|n| n == 0)) {
            let twin = was.ports.iter().rev().find(|p| word(&p.name) == word(&port.name));
            if let Some(number) = twin.and_then(|p| p.node_port).filter(|n| !used.contains(n)) {
                port.node_port = Some(number);
                used.push(number);
            }
        }
    }
    if needs_health_check(was) && needs_health_check(now) && now.health_check_node_port.is_none_or(|n| n == 0)
    {
        now.health_check_node_port = was.health_check_node_port;
    }
    // The cloud's answer outlives an edit that does not wish for another one.
    let alike = was.load_balancer_ip == now.load_balancer_ip && was.ip_families == now.ip_families;
    if balanced(was) && balanced(now) && alike && new.status.load_balancer_ingress.is_empty() {
        new.status.load_balancer_ingress.clone_from(&old.status.load_balancer_ingress);
    }
}

/// Clears in `new` what its type no longer has and the person has not touched; says which fields,
/// as paths below `spec` (`ports[*].nodePort`, `status.loadBalancer`).
/// Models `dropTypeDependentFields` and the status rule of `PrepareForUpdate`.
pub fn clear(old: &Service, new: &mut Service) -> Vec<&'static str> {
    let mut cleared = Vec::new();
    let was = &old.spec;
    let now = &mut new.spec;
    let external = |spec: &ServiceSpec| word(&spec.type_) == "ExternalName";
    let balanced = |spec: &ServiceSpec| word(&spec.type_) == "LoadBalancer";
    let with_node_ports = |spec: &ServiceSpec| matches!(word(&spec.type_), "NodePort" | "LoadBalancer");

    if !external(was) && external(now) {
        if same(&was.cluster_ip, &now.cluster_ip) && was.cluster_ips == now.cluster_ips {
            now.cluster_ip = None;
            now.cluster_ips.clear();
            cleared.extend(["clusterIP", "clusterIPs"]);
        }
        if was.ip_families == now.ip_families {
            now.ip_families.clear();
            cleared.push("ipFamilies");
        }
        if was.ip_family_policy == now.ip_family_policy {
            now.ip_family_policy = None;
            cleared.push("ipFamilyPolicy");
        }
    }
    if with_node_ports(was) && !with_node_ports(now) && !new_node_port(was, now) {
        for port in &mut now.ports {
            port.node_port = None;
        }
        cleared.push("ports[*].nodePort");
    }
    if needs_health_check(was)
        && !needs_health_check(now)
        && was.health_check_node_port == now.health_check_node_port
    {
        now.health_check_node_port = None;
        cleared.push("healthCheckNodePort");
    }
    if balanced(was) && !balanced(now) {
        // Two that nobody has set are not the same here; two classes that nobody has set are.
        if was.allocate_load_balancer_node_ports.is_some()
            && was.allocate_load_balancer_node_ports == now.allocate_load_balancer_node_ports
        {
            now.allocate_load_balancer_node_ports = None;
            cleared.push("allocateLoadBalancerNodePorts");
        }
        if was.load_balancer_class == now.load_balancer_class {
            now.load_balancer_class = None;
            cleared.push("loadBalancerClass");
        }
    }
    if externally_accessible(was)
        && !externally_accessible(now)
        && same(&was.external_traffic_policy, &now.external_traffic_policy)
    {
        now.external_traffic_policy = None;
        cleared.push("externalTrafficPolicy");
    }
    if !balanced(now) {
        new.status.load_balancer_ingress.clear();
        if balanced(was) {
            cleared.push("status.loadBalancer");
        }
    }
    cleared
}

fn same(one: &Option<Rc<str>>, other: &Option<Rc<str>>) -> bool {
    word(one) == word(other)
}

/// Whether the person asks for a node port that was not there before.
fn new_node_port(was: &ServiceSpec, now: &ServiceSpec) -> bool {
    now.ports
        .iter()
        .filter_map(|p| p.node_port.filter(|&n| n != 0))
        .any(|number| !was.ports.iter().any(|p| p.node_port == Some(number)))
}
