//! EndpointSlice. Models pkg/apis/discovery/validation/validation.go.

use super::names::{
    dns1123_label, dns1123_subdomain, fully_qualified_domain_name, label_value, qualified_name,
};
use super::{At, BadValue, Errors, FieldError, Gates, PROTOCOLS, Part, ip, metadata};
use crate::manifest::Metadata;
use crate::manifest::endpoints::{Endpoint, EndpointPort, EndpointSlice};
use crate::map::Set;
use std::rc::Rc;

const ADDRESS_TYPES: [&str; 3] = ["FQDN", "IPv4", "IPv6"];
const ENDPOINTS_MAX: usize = 1000;
const PORTS_MAX: usize = 20_000;
const ADDRESSES_MAX: usize = 100;
const HINTS_MAX: usize = 8;

/// Every reason to refuse an EndpointSlice that is made. Models `ValidateEndpointSliceCreate`.
#[must_use]
pub fn create(metadata: &Metadata, slice: &EndpointSlice, gates: Gates) -> Vec<FieldError> {
    let mut errors = Errors { list: metadata::create(metadata, true, dns1123_subdomain) };
    let root = At::of("");
    errors.word(root.field("addressType"), Some(&slice.address_type), &ADDRESS_TYPES);
    ports(&mut errors, &slice.ports, &root.field("ports"));
    let path = root.field("endpoints");
    if slice.endpoints.len() > ENDPOINTS_MAX {
        errors.too_many(path, slice.endpoints.len(), ENDPOINTS_MAX);
    } else {
        for (i, endpoint) in slice.endpoints.iter().enumerate() {
            one_endpoint(&mut errors, endpoint, &slice.address_type, &path.index(i), gates);
        }
    }
    errors.list
}

/// Every reason to refuse the change of an EndpointSlice. Models `ValidateEndpointSliceUpdate`.
#[must_use]
pub fn update(
    old: &EndpointSlice,
    metadata: &Metadata,
    new: &EndpointSlice,
    gates: Gates,
) -> Vec<FieldError> {
    let mut errors = create(metadata, new, gates);
    forgive(old, new, &mut errors);
    errors.extend(immutable(old, new));
    errors
}

/// What an older version let in may stay as it is.
pub(super) fn forgive(old: &EndpointSlice, new: &EndpointSlice, errors: &mut Vec<FieldError>) {
    if old.endpoints == new.endpoints {
        errors.retain(|error| !error.field.starts_with("endpoints"));
    }
}

/// Only what may not change.
pub(super) fn immutable(old: &EndpointSlice, new: &EndpointSlice) -> Vec<FieldError> {
    let mut errors = Errors::new();
    if old.address_type != new.address_type {
        let value = BadValue::Text(new.address_type.clone());
        errors.invalid(At::of("addressType"), value, "field is immutable");
    }
    errors.list
}

fn one_endpoint(errors: &mut Errors, endpoint: &Endpoint, address_type: &str, path: &At<'_>, gates: Gates) {
    let field = path.field("addresses");
    if endpoint.addresses.is_empty() {
        errors.required(field, "must contain at least 1 address");
    } else if endpoint.addresses.len() > ADDRESSES_MAX {
        errors.too_many(field, endpoint.addresses.len(), ADDRESSES_MAX);
    }
    for (i, address) in endpoint.addresses.iter().enumerate() {
        let from = errors.list.len();
        one_address(errors, address, address_type, (&field, &field.index(i)), gates);
        errors.placed(from, &field.index(i), Part::Value);
    }
    if let Some(node) = &endpoint.node_name {
        errors.texts(&path.field("nodeName"), node, dns1123_subdomain(node));
    }
    if let Some(hostname) = &endpoint.hostname {
        errors.texts(&path.field("hostname"), hostname, dns1123_label(hostname));
    }
    let hints = path.field("hints");
    let zones = endpoint.for_zones.as_deref().unwrap_or(&[]);
    zone_hints(errors, zones, &hints.field("forZones"));
    if zones.len() > HINTS_MAX {
        return;
    }
    node_hints(errors, endpoint.for_nodes.as_deref().unwrap_or(&[]), &hints.field("forNodes"));
}

fn one_address(
    errors: &mut Errors,
    address: &str,
    address_type: &str,
    (list, path): (&At<'_>, &At<'_>),
    gates: Gates,
) {
    match address_type {
        "IPv4" | "IPv6" => {
            let v6 = address_type == "IPv6";
            // IPv6 addresses have always had to be as they should be.
            let wrong = if v6 { ip::valid_ip(address) } else { ip::legacy_ip(address, gates.strict_ip_cidr) };
            if let Some(why) = wrong {
                errors.invalid(*path, BadValue::text(address), &why);
                return;
            }
            if ip::is_ipv6(address) != v6 {
                // Upstream names the list here.
                let detail = format!("must be an {address_type} address");
                errors.invalid(*list, BadValue::text(address), &detail);
            }
            errors.texts(path, address, ip::special(address));
        }
        "FQDN" if address.is_empty() => errors.required(*path, ""),
        "FQDN" => {
            if let Some((part, why)) = fully_qualified_domain_name(address) {
                errors.invalid(*path, BadValue::text(&part), &why);
            }
        }
        // An unknown type is an error of its own.
        _ => {}
    }
}

fn zone_hints(errors: &mut Errors, zones: &[Rc<str>], path: &At<'_>) {
    if zones.len() > HINTS_MAX {
        errors.too_many(*path, zones.len(), HINTS_MAX);
        return;
    }
    for (i, zone) in zones.iter().enumerate() {
        let item = path.index(i);
        let path = item.field("name");
        if zones[..i].contains(zone) {
            errors.duplicate(path, BadValue::Text(zone.clone()));
        }
        errors.texts(&path, zone, label_value(zone));
    }
}

fn node_hints(errors: &mut Errors, nodes: &[Rc<str>], path: &At<'_>) {
    if nodes.len() > HINTS_MAX {
        errors.too_many(*path, nodes.len(), HINTS_MAX);
        return;
    }
    for (i, node) in nodes.iter().enumerate() {
        let item = path.index(i);
        let path = item.field("name");
        if nodes[..i].contains(node) {
            errors.duplicate(path, BadValue::Text(node.clone()));
        }
        errors.texts(&path, node, dns1123_subdomain(node));
    }
}

fn ports(errors: &mut Errors, ports: &[EndpointPort], path: &At<'_>) {
    if ports.len() > PORTS_MAX {
        errors.too_many(*path, ports.len(), PORTS_MAX);
        return;
    }
    let mut names = Set::new();
    for (i, port) in ports.iter().enumerate() {
        let path = path.index(i);
        // A missing name is defaulted to an empty one.
        let name = port.name.as_deref().unwrap_or("");
        if !name.is_empty() {
            errors.texts(&path.field("name"), name, dns1123_label(name));
        }
        if !names.insert(name) {
            errors.duplicate(path.field("name"), BadValue::text(name));
        }
        // And a missing protocol to TCP.
        if let Some(protocol) = port.protocol.as_deref().filter(|protocol| !PROTOCOLS.contains(protocol)) {
            errors.unsupported(path.field("protocol"), protocol, &PROTOCOLS);
        }
        if let Some(protocol) = &port.app_protocol {
            errors.texts(&path.field("appProtocol"), protocol, qualified_name(protocol));
        }
    }
}
