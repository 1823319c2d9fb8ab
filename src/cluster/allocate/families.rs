//! Which address families a Service has.

use super::Family;
use crate::cluster::validate::{BadValue, ErrorKind, FieldError};
use crate::manifest::{FieldPath, Service, constant};
use std::net::IpAddr;
use std::rc::Rc;

/// Writes ipFamilyPolicy and ipFamilies for a cluster that has `configured` families, its default first.
/// Models pkg/registry/core/service/storage/alloc.go `initIPFamilyFields` on create.
///
/// # Errors
/// Fields that do not fit together or do not fit the cluster.
pub fn families(service: &mut Service, configured: &[Family]) -> Result<(), Vec<FieldError>> {
    let spec = &mut service.spec;
    if spec.type_.as_deref() == Some("ExternalName") {
        return Ok(());
    }
    let headless = spec.cluster_ip.as_deref() == Some("None");
    let selectorless = spec.selector.as_ref().is_none_or(Vec::is_empty);
    if spec.ip_family_policy.as_deref().is_none_or(str::is_empty) {
        let policy = if headless && selectorless { "RequireDualStack" } else { "SingleStack" };
        spec.ip_family_policy = Some(constant(policy));
    }
    let policy: Rc<str> = spec.ip_family_policy.clone().unwrap_or_default();
    let invalid = |path: &str, value: BadValue, message: &str| {
        FieldError::new(ErrorKind::Invalid, FieldPath::parse(path), value, message)
    };
    let mut refused = Vec::new();
    if &*policy == "SingleStack" {
        const ASK: &str = "must be 'RequireDualStack' or 'PreferDualStack' when multiple";
        if spec.cluster_ips.len() == 2 {
            refused.push(invalid(
                "spec.ipFamilyPolicy",
                BadValue::Text(policy.clone()),
                &format!("{ASK} cluster IPs are specified"),
            ));
        }
        if spec.ip_families.len() == 2 {
            refused.push(invalid(
                "spec.ipFamilyPolicy",
                BadValue::Text(policy.clone()),
                &format!("{ASK} IP families are specified"),
            ));
        }
    }
    for (index, ip) in spec.cluster_ips.iter().enumerate() {
        let Ok(address) = ip.parse::<IpAddr>() else { break };
        let family = Family::of(address);
        if index < spec.ip_families.len() {
            continue;
        }
        if configured.contains(&family) {
            spec.ip_families.push(family.name().into());
        } else {
            let message = format!("{} is not configured on this cluster", family.name());
            let all = BadValue::Texts(spec.cluster_ips.clone());
            refused.push(invalid(&format!("spec.clusterIPs[{index}]"), all, &message));
        }
    }
    if !refused.is_empty() {
        return Err(refused);
    }
    let default = configured.first().copied().unwrap_or(Family::V4);
    let other = |family: &str| if family == "IPv4" { "IPv6" } else { "IPv4" };
    if headless && selectorless {
        // Its endpoints may have any family, even ones that the cluster has no range for.
        if spec.ip_families.is_empty() {
            spec.ip_families.push(constant(default.name()));
        }
        if spec.ip_families.len() < 2 && &*policy != "SingleStack" {
            let second = other(&spec.ip_families[0]);
            spec.ip_families.push(constant(second));
        }
        return Ok(());
    }
    if &*policy == "RequireDualStack" && configured.len() < 2 {
        refused.push(invalid(
            "spec.ipFamilyPolicy",
            BadValue::Text(policy.clone()),
            "this cluster is not configured for dual-stack services",
        ));
    }
    for (index, family) in spec.ip_families.iter().enumerate() {
        if Family::parse(family).is_none_or(|f| !configured.contains(&f)) {
            refused.push(invalid(
                &format!("spec.ipFamilies[{index}]"),
                BadValue::Text(family.clone()),
                "not configured on this cluster",
            ));
        }
    }
    if !refused.is_empty() {
        return Err(refused);
    }
    if spec.ip_families.is_empty() {
        spec.ip_families.push(constant(default.name()));
    }
    if &*policy != "SingleStack" && spec.ip_families.len() == 1 && configured.len() == 2 {
        let second = other(&spec.ip_families[0]);
        spec.ip_families.push(constant(second));
    }
    Ok(())
}
