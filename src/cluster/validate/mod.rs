//! What the API server refuses: the same field, kind of error and message as upstream.
//!
//! One file a kind. Everything here is a pure function of one object, or of an old and
//! a new one; nothing looks at other objects. [`object`] takes an object as the text has
//! it; [`body`] wants Services defaulted ([`service::admitted`]), and takes a missing
//! field of any other kind for its default.

pub mod endpoints;
pub mod endpointslice;
mod error;
pub mod ingress;
pub mod ip;
pub mod metadata;
pub mod names;
pub mod pod;
pub mod service;
pub mod service_update;
pub mod workload;

pub use error::{BadValue, ErrorKind, FieldError, Part};

use crate::diagnostic::{Diagnostic, Severity};
use crate::manifest::{Body, FieldPath, Metadata, Object, Step, Tree};
use crate::source::Span;
use std::rc::Rc;

/// Feature gates that decide what is valid, as 1.37 has them by default.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gates {
    /// RelaxedServiceNameValidation (on since 1.36): a Service's name may begin with a digit.
    pub relaxed_service_names: bool,
    /// StrictIPCIDRValidation (on since 1.36): no zeros in front, no IPv4 in IPv6 dress, no host bits.
    pub strict_ip_cidr: bool,
}

impl Default for Gates {
    fn default() -> Self {
        Self { relaxed_service_names: true, strict_ip_cidr: true }
    }
}

impl Gates {
    /// As they stood up to 1.35.
    #[must_use]
    pub const fn before_1_36() -> Self {
        Self { relaxed_service_names: false, strict_ip_cidr: false }
    }
}

/// Every reason to refuse one object. `metadata` is the object's with its namespace written in.
#[must_use]
pub fn body(metadata: &Metadata, body: &Body, tree: &Tree, gates: Gates) -> Vec<FieldError> {
    match body {
        Body::Service(service) => service::create(metadata, service, gates),
        Body::Pod(pod) => pod::create(metadata, pod, tree, gates),
        Body::Endpoints(endpoints) => endpoints::create(metadata, endpoints, gates),
        Body::EndpointSlice(slice) => endpointslice::create(metadata, slice, gates),
        Body::Workload(workload) => workload::create(metadata, workload, tree, gates),
        Body::Ingress(ingress) => ingress::create(metadata, ingress, gates),
        Body::IngressClass(class) => ingress::create_class(metadata, class),
        Body::Namespace => metadata::create(metadata, false, names::dns1123_label),
        Body::Node(_) => metadata::create(metadata, false, names::dns1123_subdomain),
        // Its rules are not known here: the name alone is looked at where there is none.
        Body::Other => Vec::new(),
    }
}

/// Every reason to refuse an object of the text, as it stands there.
#[must_use]
pub fn object(object: &Object) -> Vec<FieldError> {
    let mut metadata = object.metadata.clone();
    metadata.namespace = (!object.id.namespace.is_empty()).then(|| object.id.namespace.clone());
    if let Some(front) = metadata.generate_name.as_deref().filter(|front| !front.is_empty())
        && metadata.name.is_empty()
    {
        // The server makes a name before it validates: five letters more.
        metadata.name = format!("{front}xxxxx").into();
    }
    let admitted = match &object.body {
        Body::Service(service) => Some(Body::Service(service::admitted(service))),
        _ => None,
    };
    body(&metadata, admitted.as_ref().unwrap_or(&object.body), &object.tree, Gates::default())
}

/// Places errors in the text: on the value, on the key where the key is at fault, and on the
/// nearest key above where the field is missing. `offset` is where the object's document starts.
#[must_use]
pub fn diagnose(object: &Object, offset: u32, errors: &[FieldError]) -> Vec<Diagnostic> {
    errors
        .iter()
        .map(|error| Diagnostic {
            code: error.kind.code(),
            severity: Severity::Error,
            message: error.to_string(),
            hint: String::new(),
            object: Some(object.id.clone()),
            path: error.place().clone(),
            span: span_of(&object.tree, error.place(), error.part).shifted(offset),
            related: Vec::new(),
            fixes: Vec::new(),
        })
        .collect()
}

/// Where the value (or key) of a field stands; for a missing field the nearest key above it.
#[must_use]
pub fn span_of(tree: &Tree, path: &FieldPath, part: Part) -> Span {
    let mut here = tree;
    let mut key = here.entries().first().map_or(here.span, |first| first.key_span);
    for step in &path.0 {
        match step {
            Step::Field(name) | Step::Key(name) => match here.entry(name) {
                Some(entry) => {
                    key = entry.key_span;
                    here = &entry.value;
                }
                None => return key,
            },
            Step::Index(index) => match here.items().get(*index as usize) {
                Some(item) => {
                    key = item.entries().first().map_or(item.span, |first| first.key_span);
                    here = item;
                }
                None => return key,
            },
        }
    }
    let value_is_there = !here.span.is_empty();
    if part == Part::Key || !value_is_there { key } else { here.span }
}

/// A list of errors in the making, all below one field.
pub(crate) struct Errors {
    pub(crate) list: Vec<FieldError>,
}

impl Errors {
    pub(crate) const fn new() -> Self {
        Self { list: Vec::new() }
    }

    pub(crate) fn required(&mut self, field: FieldPath, detail: &str) {
        self.list.push(FieldError::new(ErrorKind::Required, field, BadValue::None, detail));
    }

    pub(crate) fn forbidden(&mut self, field: FieldPath, detail: &str) {
        self.list.push(FieldError::new(ErrorKind::Forbidden, field, BadValue::None, detail));
    }

    pub(crate) fn invalid(&mut self, field: FieldPath, value: BadValue, detail: &str) {
        self.list.push(FieldError::new(ErrorKind::Invalid, field, value, detail));
    }

    pub(crate) fn duplicate(&mut self, field: FieldPath, value: BadValue) {
        self.list.push(FieldError::new(ErrorKind::Duplicate, field, value, ""));
    }

    /// One error for each message about a text.
    pub(crate) fn texts(&mut self, field: &FieldPath, value: &str, messages: Vec<String>) {
        for message in messages {
            self.invalid(field.clone(), BadValue::text(value), &message);
        }
    }

    /// One error for each message about a number.
    pub(crate) fn number(&mut self, field: &FieldPath, value: i64, messages: Vec<String>) {
        for message in messages {
            self.invalid(field.clone(), BadValue::Int(value), &message);
        }
    }

    pub(crate) fn too_many(&mut self, field: FieldPath, found: usize, most: usize) {
        let detail = format!("must have at most {most} items");
        self.list.push(FieldError::new(ErrorKind::TooMany, field, BadValue::Int(found as i64), &detail));
    }

    /// A required word out of a list. `supported` must be in order.
    pub(crate) fn word(&mut self, field: FieldPath, value: Option<&Rc<str>>, supported: &[&str]) {
        match value.map_or("", |v| &**v) {
            "" => self.required(field, ""),
            word if supported.contains(&word) => {}
            word => self.unsupported(field, word, supported),
        }
    }

    pub(crate) fn unsupported(&mut self, field: FieldPath, value: &str, supported: &[&str]) {
        let quoted: Vec<String> = supported.iter().map(|word| format!("\"{word}\"")).collect();
        let detail = format!("supported values: {}", quoted.join(", "));
        self.list.push(FieldError::new(ErrorKind::NotSupported, field, BadValue::text(value), &detail));
    }

    /// Says of the errors since `from` that their place in the text is `at`.
    pub(crate) fn placed(&mut self, from: usize, at: &FieldPath, part: Part) {
        for error in self.list.iter_mut().skip(from) {
            error.at = Some(at.clone());
            error.part = part;
        }
    }
}

pub(crate) const PROTOCOLS: [&str; 3] = ["SCTP", "TCP", "UDP"];
