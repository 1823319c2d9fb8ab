//! How much of a cluster is simulated. No text may hang the page: where one asks for more,
//! a problem says so, and the rest stays right.

use super::EndpointSlice;
use crate::diagnostic::{Diagnostic, Severity};
use crate::manifest::{Body, FieldPath, Object, ObjectRef};
use crate::source::Span;
use crate::words::limits as words;

/// Ports of one Service. What is beyond is not there.
pub const SERVICE_PORTS: usize = 1_000;
/// Endpoints of all Services, each as many times as it has ports.
pub const ENDPOINTS: usize = 200_000;
/// Endpoints that a Service has all the same once [`ENDPOINTS`] are reached.
pub const ENDPOINTS_AT_LEAST: usize = 10;

/// A limit that a text has met.
pub(super) fn problem(
    code: &'static str,
    object: Option<&ObjectRef>,
    path: &str,
    span: Span,
    (message, hint): (String, &str),
) -> Diagnostic {
    Diagnostic {
        code,
        severity: Severity::Warning,
        message,
        hint: hint.to_owned(),
        object: object.cloned(),
        path: FieldPath::parse(path),
        span,
        related: Vec::new(),
        fixes: Vec::new(),
    }
}

/// Endpoints that may still be.
pub(super) struct Room {
    left: usize,
    /// Services (or slices) that have fewer than they would.
    cut: usize,
}

impl Room {
    pub(super) const fn new() -> Self {
        Self { left: ENDPOINTS, cut: 0 }
    }

    /// The most endpoints with so many ports that there is room for.
    pub(super) fn most(&self, ports: usize) -> usize {
        let ports = ports.max(1);
        let at_least = (SERVICE_PORTS / ports).clamp(1, ENDPOINTS_AT_LEAST);
        (self.left / ports).max(at_least)
    }

    /// How many of `wanted` ones there is room for; they have it now.
    pub(super) fn take(&mut self, wanted: usize, ports: usize) -> usize {
        let given = wanted.min(self.most(ports));
        let ports = ports.max(1);
        self.left = self.left.saturating_sub(given.saturating_mul(ports));
        self.cut += usize::from(given < wanted);
        given
    }

    /// Cuts slices of the text down to what there is room for.
    pub(super) fn fit(&mut self, slices: &mut [EndpointSlice]) {
        for EndpointSlice { slice, .. } in slices {
            let given = self.take(slice.endpoints.len(), slice.ports.len());
            slice.endpoints.truncate(given);
        }
    }

    /// What there is to say of it.
    pub(super) fn problem(&self) -> Option<Diagnostic> {
        (self.cut > 0).then(|| {
            let said = words::endpoints(ENDPOINTS, self.cut);
            problem("limit/endpoints", None, "", Span::default(), said)
        })
    }
}

/// What there is to say of a Service with more ports than are simulated.
pub(super) fn too_many_ports(object: &Object, offset: u32) -> Option<Diagnostic> {
    let Body::Service(service) = &object.body else { return None };
    let found = service.spec.ports.len();
    (found > SERVICE_PORTS).then(|| {
        let span = object.tree.locate(&FieldPath::of("spec.ports")).shifted(offset);
        let said = words::service_ports(SERVICE_PORTS, found);
        problem("limit/ports", Some(&object.id), "spec.ports", span, said)
    })
}
