//! What the API server refuses: the same field, kind of error and message as upstream.
//!
//! One file a kind. Everything here is a pure function of one object, or of an old and
//! a new one; nothing looks at other objects. [`object`] takes an object as the text has
//! it; [`body`] wants Services defaulted ([`service::admitted`]), and takes a missing
//! field of any other kind for its default.

mod at;
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
pub mod update;
pub mod workload;

pub(crate) use at::At;
pub(crate) use error::json;
pub use error::{BadValue, ErrorKind, FieldError, Part};

use crate::diagnostic::{Diagnostic, Severity};
use crate::manifest::{Body, FieldPath, Metadata, Object, Tree, Value, limits};
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
    let mut metadata = (*object.metadata).clone();
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
        .filter(|error| !misread(&object.tree, error))
        .take(limits::PROBLEMS_MAX)
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

/// Whether an error only follows from a value of the wrong type, which the API server refuses to
/// read in the first place and the reader has told already: `image: yes` is no image at all.
fn misread(tree: &Tree, error: &FieldError) -> bool {
    let odd = |value: &Tree| match value.value {
        Value::Bool(_) | Value::Float(_) => true,
        Value::Int(number) => number != 0,
        _ => false,
    };
    match error.kind {
        ErrorKind::Required => tree.at(error.place()).is_some_and(odd),
        ErrorKind::Invalid if matches!(error.value, BadValue::Map(_)) => {
            let selector = FieldPath::of("spec.selector.matchLabels");
            [tree.at(error.place()), tree.at(&selector)]
                .into_iter()
                .flatten()
                .any(|labels| labels.entries().iter().any(|entry| odd(&entry.value)))
        }
        _ => false,
    }
}

/// Where the value (or key) of a field stands; for a missing field the nearest key above it.
#[must_use]
pub fn span_of(tree: &Tree, path: &FieldPath, part: Part) -> Span {
    let mut here = tree;
    let mut key = here.entries().first().map_or(here.span, |first| first.key_span);
    for step in path.steps() {
        let Some((own, value)) = here.step(step) else { return key };
        key = own.unwrap_or_else(|| value.entries().first().map_or(value.span, |first| first.key_span));
        here = value;
    }
    let value_is_there = !here.span.is_empty();
    if part == Part::Key || !value_is_there { key } else { here.span }
}

/// Errors of one object that are looked for.
const ERRORS_MAX: usize = 1_000;

/// A list of errors in the making, all below one field.
pub(crate) struct Errors {
    pub(crate) list: Vec<FieldError>,
}

impl Errors {
    pub(crate) const fn new() -> Self {
        Self { list: Vec::new() }
    }

    /// One more; an object with very many is not judged any further.
    pub(crate) fn push(&mut self, error: FieldError) {
        if self.list.len() < ERRORS_MAX {
            self.list.push(error);
        }
    }

    pub(crate) fn required(&mut self, field: impl Into<FieldPath>, detail: &str) {
        self.push(FieldError::new(ErrorKind::Required, field.into(), BadValue::None, detail));
    }

    pub(crate) fn forbidden(&mut self, field: impl Into<FieldPath>, detail: &str) {
        self.push(FieldError::new(ErrorKind::Forbidden, field.into(), BadValue::None, detail));
    }

    pub(crate) fn invalid(&mut self, field: impl Into<FieldPath>, value: BadValue, detail: &str) {
        self.push(FieldError::new(ErrorKind::Invalid, field.into(), value, detail));
    }

    pub(crate) fn duplicate(&mut self, field: impl Into<FieldPath>, value: BadValue) {
        self.push(FieldError::new(ErrorKind::Duplicate, field.into(), value, ""));
    }

    /// One error for each message about a text.
    pub(crate) fn texts(&mut self, field: &At<'_>, value: &str, messages: Vec<String>) {
        for message in messages {
            self.invalid(*field, BadValue::text(value), &message);
        }
    }

    /// One error for each message about a number.
    pub(crate) fn number(&mut self, field: &At<'_>, value: i64, messages: Vec<String>) {
        for message in messages {
            self.invalid(*field, BadValue::Int(value), &message);
        }
    }

    pub(crate) fn too_many(&mut self, field: At<'_>, found: usize, most: usize) {
        let detail = format!("must have at most {most} items");
        self.push(FieldError::new(ErrorKind::TooMany, field.into(), BadValue::Int(found as i64), &detail));
    }

    /// A required word out of a list. `supported` must be in order.
    pub(crate) fn word(&mut self, field: At<'_>, value: Option<&Rc<str>>, supported: &[&str]) {
        match value.map_or("", |v| &**v) {
            "" => self.required(field, ""),
            word if supported.contains(&word) => {}
            word => self.unsupported(field, word, supported),
        }
    }

    /// `value` is of a type of its own, as nearly all that have a list of words are.
    pub(crate) fn unsupported(&mut self, field: At<'_>, value: &str, supported: &[&str]) {
        self.not_among(field, BadValue::Word(value.into()), supported);
    }

    pub(crate) fn not_among(&mut self, field: At<'_>, value: BadValue, supported: &[&str]) {
        let quoted: Vec<String> = supported.iter().map(|word| format!("\"{word}\"")).collect();
        let detail = format!("supported values: {}", quoted.join(", "));
        self.push(FieldError::new(ErrorKind::NotSupported, field.into(), value, &detail));
    }

    /// Says of the last error where it stands.
    pub(crate) fn last_stands_at(&mut self, at: FieldPath) {
        if let Some(error) = self.list.last_mut() {
            error.at = Some(at);
        }
    }

    /// Says of the errors since `from` that their place in the text is `at`.
    pub(crate) fn placed(&mut self, from: usize, at: &At<'_>, part: Part) {
        for error in self.list.iter_mut().skip(from) {
            error.at = Some(at.path());
            error.part = part;
        }
    }
}

pub(crate) const PROTOCOLS: [&str; 3] = ["SCTP", "TCP", "UDP"];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest::{Manifest, parse};

    fn told(text: &str) -> Vec<(String, String)> {
        let manifest = parse(text, &Manifest::default());
        let mut all = Vec::new();
        for (offset, one) in manifest.objects() {
            for problem in diagnose(one, offset, &object(one)) {
                let under = &text[problem.span.start as usize..problem.span.end as usize];
                all.push((problem.message, under.to_owned()));
            }
        }
        all
    }

    #[test]
    fn problems_stand_on_the_value_the_key_or_the_nearest_key_above() {
        let text = "---\napiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec:\n  selector: {a_/b: c}\n  ports:\n  - port: 99999\n  - port: 80\n    name: x\n";
        let all = told(text);
        let under: Vec<&str> = all.iter().map(|(_, under)| &**under).collect();
        // The port is the default of targetPort, which is then wrong as well.
        assert_eq!(under, ["port", "99999", "port", "a_/b"], "{all:#?}");
        assert_eq!(all[0].0, "spec.ports[0].name: Required value");
    }

    #[test]
    fn a_value_of_the_wrong_type_is_told_once() {
        let pod =
            "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: a, image: yes}]}\n";
        assert!(told(pod).is_empty(), "{:#?}", told(pod));
        let nothing = pod.replace("image: yes", "image: ''");
        assert_eq!(told(&nothing)[0].0, "spec.containers[0].image: Required value");
        let workload = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\nspec:\n  selector: {matchLabels: {app: x}}\n  template:\n    metadata: {labels: {app: yes}}\n    spec: {containers: [{name: a, image: b}]}\n";
        assert!(told(workload).is_empty());
        let other = workload.replace("yes", "y-z");
        assert_eq!(
            told(&other)[0].0,
            "spec.template.metadata.labels: Invalid value: {\"app\":\"y-z\"}: `selector` does not match template `labels`"
        );
    }
}
