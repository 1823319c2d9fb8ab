//! Endpoints. Models pkg/apis/core/validation/validation.go ValidateEndpoints.

use super::names::{dns1123_label, dns1123_subdomain, port_number, qualified_name};
use super::{At, BadValue, Errors, FieldError, Gates, PROTOCOLS, ip, metadata};
use crate::manifest::Metadata;
use crate::manifest::endpoints::{EndpointAddress, EndpointPort, Endpoints};

/// Every reason to refuse Endpoints that are made.
#[must_use]
pub fn create(metadata: &Metadata, endpoints: &Endpoints, gates: Gates) -> Vec<FieldError> {
    let mut errors = Errors { list: metadata::create(metadata, true, dns1123_subdomain) };
    let path = At::of("subsets");
    for (i, subset) in endpoints.subsets.iter().enumerate() {
        let path = path.index(i);
        if subset.addresses.is_empty() && subset.not_ready_addresses.is_empty() {
            errors.required(path, "must specify `addresses` or `notReadyAddresses`");
        }
        let lists = [("addresses", &subset.addresses), ("notReadyAddresses", &subset.not_ready_addresses)];
        for (field, addresses) in lists {
            for (j, one) in addresses.iter().enumerate() {
                address(&mut errors, one, &path.field(field).index(j), gates);
            }
        }
        for (j, one) in subset.ports.iter().enumerate() {
            port(&mut errors, one, subset.ports.len() > 1, &path.field("ports").index(j));
        }
    }
    errors.list
}

// Models `validateEndpointAddress`.
fn address(errors: &mut Errors, address: &EndpointAddress, path: &At<'_>, gates: Gates) {
    let field = path.field("ip");
    match ip::legacy_ip(&address.ip, gates.strict_ip_cidr) {
        Some(why) => errors.invalid(field, BadValue::Text(address.ip.clone()), &why),
        None => errors.texts(&field, &address.ip, ip::special(&address.ip)),
    }
    if let Some(hostname) = address.hostname.as_deref().filter(|h| !h.is_empty()) {
        errors.texts(&path.field("hostname"), hostname, dns1123_label(hostname));
    }
    if let Some(node) = &address.node_name {
        errors.texts(&path.field("nodeName"), node, dns1123_subdomain(node));
    }
}

// Models `validateEndpointPort`.
fn port(errors: &mut Errors, port: &EndpointPort, name_needed: bool, path: &At<'_>) {
    match port.name.as_deref().unwrap_or("") {
        "" if name_needed => errors.required(path.field("name"), ""),
        "" => {}
        name => errors.texts(&path.field("name"), name, dns1123_label(name)),
    }
    let number = port.port.unwrap_or(0);
    errors.number(&path.field("port"), number, port_number(number));
    if let Some(protocol) = &port.protocol {
        errors.word(path.field("protocol"), Some(protocol), &PROTOCOLS);
    }
    if let Some(protocol) = &port.app_protocol {
        errors.texts(&path.field("appProtocol"), protocol, qualified_name(protocol));
    }
}
