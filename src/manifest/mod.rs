//! YAML and JSON text → Kubernetes objects, with the place of every key and value.
//!
//! The one parser of the program: [`parse`] decides what a text means. It never
//! fails: text in, `(documents, objects, diagnostics)` out, and a broken document
//! does not touch the others. Nothing is defaulted and nothing is validated here
//! (see `cluster/`). That fields exist and have the right type ([`schema`]) is checked
//! when somebody asks for the problems: a wrong field changes nothing of what is read.
//!
//! Spans inside a [`Document`] count from the document's own first byte, so that
//! a document whose text did not change is kept as it is while others are edited.

mod constant;
pub mod decimal;
mod decode;
pub mod endpoints;
pub mod ingress;
pub mod limits;
pub mod metadata;
pub mod node;
pub mod object;
pub mod path;
pub mod pod;
pub mod read;
pub mod scalar;
pub mod schema;
pub mod service;
pub mod tree;
pub mod workload;
pub mod write;
pub mod yaml;

use crate::diagnostic::Diagnostic;
use crate::source::Span;
use serde::Serialize;
use std::cell::OnceCell;
use std::rc::Rc;

pub use constant::{constant, joined};
pub use endpoints::{EndpointSlice, Endpoints};
pub use ingress::{Ingress, IngressClass};
pub use metadata::{Labels, Metadata};
pub use node::Node;
pub use path::{FieldPath, Step};
pub use pod::Pod;
pub use read::parse;
pub use service::Service;
pub use tree::{Tree, Value};
pub use workload::Workload;

/// Names one object: kind, namespace (empty for kinds without one) and name.
#[derive(Clone, Debug, Eq, Hash, PartialOrd, Ord, Serialize)]
#[allow(clippy::derived_hash_with_manual_eq, reason = "the same fields, in another order")]
pub struct ObjectRef {
    /// `Service`, `Pod`…
    pub kind: Rc<str>,
    /// Its namespace; empty for cluster-scoped kinds.
    pub namespace: Rc<str>,
    /// Its name.
    pub name: Rc<str>,
}

impl ObjectRef {
    /// Puts a name together.
    #[must_use]
    pub fn new(kind: &str, namespace: &str, name: &str) -> Self {
        Self { kind: kind.into(), namespace: namespace.into(), name: name.into() }
    }
}

impl PartialEq for ObjectRef {
    /// By name first: most objects that are compared are of one kind and namespace.
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name && self.kind == other.kind && self.namespace == other.namespace
    }
}

/// Points at one field of one object: what a decision read.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct FieldRef {
    /// The object.
    pub object: ObjectRef,
    /// The field, as Kubernetes writes it: `spec.ports[0].targetPort`.
    pub path: FieldPath,
}

impl FieldRef {
    /// `path` in Kubernetes' own writing, e.g. `spec.ports[0].targetPort`.
    #[must_use]
    pub fn new(object: &ObjectRef, path: impl Into<FieldPath>) -> Self {
        Self { object: object.clone(), path: path.into() }
    }
}

/// What an object is, read from its text and nothing more.
#[derive(Clone, Debug, PartialEq)]
pub enum Body {
    /// v1 Pod
    Pod(Pod),
    /// v1 Service
    Service(Service),
    /// v1 Endpoints
    Endpoints(Endpoints),
    /// discovery.k8s.io/v1 EndpointSlice
    EndpointSlice(EndpointSlice),
    /// apps/v1 Deployment, ReplicaSet, StatefulSet or DaemonSet
    Workload(Rc<Workload>),
    /// networking.k8s.io/v1 Ingress
    Ingress(Rc<Ingress>),
    /// networking.k8s.io/v1 IngressClass
    IngressClass(IngressClass),
    /// v1 Namespace
    Namespace,
    /// v1 Node
    Node(Node),
    /// Any other kind: accepted, counted, not simulated.
    Other,
}

/// One object of the text.
#[derive(Clone, Debug, PartialEq)]
pub struct Object {
    /// Its identity; the namespace is `default` where a namespaced kind names none.
    pub id: ObjectRef,
    /// `v1`, `apps/v1`…
    pub api_version: Rc<str>,
    /// Its metadata.
    pub metadata: Rc<Metadata>,
    /// What it is.
    pub body: Body,
    /// The part of the document's tree that it was read from.
    pub tree: Rc<Tree>,
}

/// One document of the text (between `---` lines).
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    /// Its text.
    pub text: Rc<str>,
    /// Its objects: none when it is empty or broken, several for a `List`.
    pub objects: Vec<Rc<Object>>,
    /// Objects without a name: the cluster never sees them, the schema is still theirs.
    pub nameless: Vec<Rc<Object>>,
    /// Problems of syntax; spans count from the document's first byte.
    pub diagnostics: Vec<Diagnostic>,
    /// Problems of schema, once somebody has asked.
    checked: Checked,
    /// Whether its syntax is broken, so that `objects` says nothing about it.
    pub broken: bool,
}

impl Document {
    /// A document of this text, with nothing read of it yet.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self {
            text: text.into(),
            objects: Vec::new(),
            nameless: Vec::new(),
            diagnostics: Vec::new(),
            checked: Checked::default(),
            broken: false,
        }
    }

    /// Problems of schema: fields that do not exist, values of the wrong type. Worked out
    /// when asked for and kept; spans count from the document's first byte.
    fn schema_problems(&self) -> &[Diagnostic] {
        self.checked.0.get_or_init(|| {
            self.objects.iter().chain(&self.nameless).flat_map(|o| object::check(o)).collect()
        })
    }
}

/// What was worked out of a document is no part of it: it never makes two documents differ.
#[derive(Clone, Debug, Default)]
struct Checked(OnceCell<Vec<Diagnostic>>);

impl PartialEq for Checked {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

/// A whole text, read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Manifest {
    /// Each document with the byte of the text at which it starts, in order.
    pub documents: Vec<(u32, Rc<Document>)>,
    /// Problems of the whole text (limits); spans count from the text's first byte.
    pub diagnostics: Vec<Diagnostic>,
}

impl Manifest {
    /// All objects in the order of the text, with the byte their document starts at.
    pub fn objects(&self) -> impl Iterator<Item = (u32, &Rc<Object>)> {
        self.documents
            .iter()
            .flat_map(|(offset, document)| document.objects.iter().map(move |o| (*offset, o)))
    }

    /// All problems of syntax and schema, placed in the whole text.
    #[must_use]
    pub fn problems(&self) -> Vec<Diagnostic> {
        let mut all = self.diagnostics.clone();
        for (offset, document) in &self.documents {
            for problem in document.diagnostics.iter().chain(document.schema_problems()) {
                let mut problem = problem.clone();
                problem.span = problem.span.shifted(*offset);
                for fix in &mut problem.fixes {
                    for (span, _) in &mut fix.edits {
                        *span = span.shifted(*offset);
                    }
                }
                all.push(problem);
            }
        }
        all
    }

    /// Where a field stands in the whole text. The span covers key and value
    /// (for a list item: the item). For a field that the text does not have
    /// (a default) it is the key of the nearest field above it that it has.
    /// `None` where the object is not in the text (made by a controller).
    #[must_use]
    pub fn locate(&self, field: &FieldRef) -> Option<Span> {
        let (offset, object) = self.objects().find(|(_, o)| o.id == field.object)?;
        Some(object.tree.locate(&field.path).shifted(offset))
    }
}
