//! Ingress and IngressClass. Models pkg/apis/networking/validation/validation.go.

use super::names::{
    dns1035_label, dns1123_label, dns1123_subdomain, domain_prefixed_path, path_segment, port_name,
    port_number, wildcard_subdomain,
};
use super::{At, BadValue, ErrorKind, Errors, FieldError, Gates, Part, ip, metadata};
use crate::manifest::ingress::{Ingress, IngressBackend, IngressClass, IngressPath, IngressResource};
use crate::manifest::metadata::label;
use crate::manifest::{FieldPath, Metadata};

const CLASS_ANNOTATION: &str = "kubernetes.io/ingress.class";
const PATH_TYPES: [&str; 3] = ["Exact", "ImplementationSpecific", "Prefix"];
const BAD_SEQUENCES: [&str; 5] = ["//", "/./", "/../", "%2f", "%2F"];
const BAD_SUFFIXES: [&str; 2] = ["/..", "/."];
const CONTROLLER_MAX: usize = 250;

/// Every reason to refuse an Ingress that is made. Models `ValidateIngressCreate`.
#[must_use]
pub fn create(metadata: &Metadata, ingress: &Ingress, gates: Gates) -> Vec<FieldError> {
    let mut errors = Errors { list: metadata::create(metadata, true, dns1123_subdomain) };
    let path = At::of("spec");
    spec(&mut errors, ingress, &path, gates);
    if let (Some(annotation), Some(class)) =
        (label(&metadata.annotations, CLASS_ANNOTATION), &ingress.ingress_class_name)
        && annotation != class
    {
        let from = errors.list.len();
        // Upstream forgets `metadata` here.
        let said = FieldPath::of("annotations").field(CLASS_ANNOTATION);
        let value = BadValue::Text(annotation.clone());
        errors.invalid(said, value, "must match `ingressClassName` when both are specified");
        let annotations = At::of("metadata.annotations");
        let at = annotations.key(CLASS_ANNOTATION);
        errors.placed(from, &at, Part::Value);
    }
    errors.list
}

fn spec(errors: &mut Errors, ingress: &Ingress, path: &At<'_>, gates: Gates) {
    if ingress.rules.is_empty() && ingress.default_backend.is_none() {
        let value = BadValue::Json("null".to_owned());
        errors.invalid(*path, value, "either `defaultBackend` or `rules` must be specified");
    }
    if let Some(default) = &ingress.default_backend {
        backend(errors, default, &path.field("defaultBackend"), gates);
    }
    for (i, rule) in ingress.rules.iter().enumerate() {
        let rules = path.field("rules");
        let path = rules.index(i);
        if let Some(host) = rule.host.as_deref().filter(|h| !h.is_empty()) {
            let field = path.field("host");
            if ip::parse_sloppy(host).is_some() {
                let value = BadValue::text(host);
                errors.invalid(field, value, "must be a DNS name, not an IP address");
            }
            errors.texts(&field, host, host_errors(host));
        }
        if let Some(paths) = &rule.paths {
            let http = path.field("http");
            let path = http.field("paths");
            if paths.is_empty() {
                errors.required(path, "");
            }
            for (i, one) in paths.iter().enumerate() {
                http_path(errors, one, &path.index(i), gates);
            }
        }
    }
    for (i, tls) in ingress.tls.iter().enumerate() {
        let list = path.field("tls");
        let path = list.index(i);
        for (j, host) in tls.hosts.iter().enumerate() {
            errors.texts(&path.field("hosts").index(j), host, host_errors(host));
        }
        if let Some(secret) = tls.secret_name.as_deref().filter(|s| !s.is_empty()) {
            errors.texts(&path.field("secretName"), secret, dns1123_subdomain(secret));
        }
    }
    if let Some(class) = &ingress.ingress_class_name {
        errors.texts(&path.field("ingressClassName"), class, dns1123_subdomain(class));
    }
}

fn host_errors(host: &str) -> Vec<String> {
    if host.contains('*') { wildcard_subdomain(host) } else { dns1123_subdomain(host) }
}

// Models `validateHTTPIngressPath`.
fn http_path(errors: &mut Errors, one: &IngressPath, path: &At<'_>, gates: Gates) {
    let Some(path_type) = one.path_type.as_deref() else {
        errors.required(path.field("pathType"), "pathType must be specified");
        return;
    };
    let text = one.path.as_deref().unwrap_or("");
    let mut say = |detail: &str| errors.invalid(path.field("path"), BadValue::text(text), detail);
    match path_type {
        "Exact" | "Prefix" => {
            if !text.starts_with('/') {
                say("must be an absolute path");
            }
            for sequence in BAD_SEQUENCES.iter().filter(|s| text.contains(**s)) {
                say(&format!("must not contain '{sequence}'"));
            }
            for suffix in BAD_SUFFIXES.iter().filter(|s| text.ends_with(**s)) {
                say(&format!("cannot end with '{suffix}'"));
            }
        }
        "ImplementationSpecific" => {
            if !text.is_empty() && !text.starts_with('/') {
                say("must be an absolute path");
            }
        }
        other => errors.unsupported(path.field("pathType"), other, &PATH_TYPES),
    }
    backend(errors, &one.backend, &path.field("backend"), gates);
}

// Models `validateIngressBackend`.
fn backend(errors: &mut Errors, backend: &IngressBackend, path: &At<'_>, gates: Gates) {
    let nothing = || BadValue::text("");
    let service = match (&backend.service, &backend.resource) {
        (Some(_), Some(_)) => {
            return errors.invalid(*path, nothing(), "cannot set both resource and service backends");
        }
        (None, Some(resource)) => return local_object(errors, resource, &path.field("resource")),
        (None, None) => {
            return errors.invalid(*path, nothing(), "resource or service backend is required");
        }
        (Some(service), None) => service,
    };
    let its = path.field("service");
    let field = its.field("name");
    if service.name.is_empty() {
        errors.required(field, "");
    } else {
        let rule = if gates.relaxed_service_names { dns1123_label } else { dns1035_label };
        errors.texts(&field, &service.name, rule(&service.name));
    }
    let port = its.field("port");
    let name = service.port_name.as_deref().filter(|n| !n.is_empty());
    let number = service.port_number.filter(|&n| n != 0);
    match (name, number) {
        (Some(_), Some(_)) => {
            let from = errors.list.len();
            errors.invalid(*path, nothing(), "cannot set both port name & port number");
            errors.placed(from, &port, Part::Value);
        }
        (Some(name), None) => errors.texts(&port.field("name"), name, port_name(name)),
        (None, Some(number)) => errors.number(&port.field("number"), number, port_number(number)),
        (None, None) => {
            let from = errors.list.len();
            errors.required(*path, "port name or number is required");
            errors.placed(from, &port, Part::Key);
        }
    }
}

// Models `validateIngressTypedLocalObjectReference`.
fn local_object(errors: &mut Errors, resource: &IngressResource, path: &At<'_>) {
    if let Some(group) = &resource.api_group {
        errors.texts(&path.field("apiGroup"), group, dns1123_subdomain(group));
    }
    for (field, value) in [("kind", &resource.kind), ("name", &resource.name)] {
        if value.is_empty() {
            errors.required(path.field(field), "");
        } else {
            errors.texts(&path.field(field), value, path_segment(value));
        }
    }
}

/// Every reason to refuse an IngressClass. Models `ValidateIngressClass`; parameters are not read.
#[must_use]
pub fn create_class(metadata: &Metadata, class: &IngressClass) -> Vec<FieldError> {
    let mut errors = Errors { list: metadata::create(metadata, false, dns1123_subdomain) };
    let path = FieldPath::of("spec").field("controller");
    let controller = class.controller.as_deref().unwrap_or("");
    if controller.len() > CONTROLLER_MAX {
        let detail = format!("may not be more than {CONTROLLER_MAX} bytes");
        errors.push(FieldError::new(ErrorKind::TooLong, path.clone(), BadValue::None, &detail));
    }
    if controller.is_empty() {
        errors.required(path, "");
    } else {
        for (part, why) in domain_prefixed_path(controller) {
            errors.invalid(path.clone(), BadValue::text(&part), &why);
        }
    }
    errors.list
}
