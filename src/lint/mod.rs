//! Objects and the cluster they make → problems that teach: what Kubernetes accepts and
//! a request will stumble over, with every field that takes part; and tables of *why not*.
//!
//! One file per family of problems. This room never refuses an object (`cluster/validate`
//! does), never decides how a request goes (`routing` does), and never changes anything.

pub mod agree;
mod context;
mod ingresses;
mod labels;
mod manual;
pub mod near;
mod ports;
mod problems;
mod readiness;
pub mod rules;
mod selectors;
mod services;
#[cfg(test)]
mod tests;
mod text;
pub mod why_not;
mod workloads;

use crate::cluster::Cluster;
use crate::diagnostic::Diagnostic;
use crate::manifest::Manifest;

pub use problems::problems;

/// Everything that is odd about a text and the cluster that it makes, in the order of the text.
#[must_use]
pub fn all(manifest: &Manifest, cluster: &Cluster) -> Vec<Diagnostic> {
    let mut context = context::Context::new(manifest, cluster);
    selectors::check(&mut context);
    ports::check(&mut context);
    readiness::check(&mut context);
    manual::check(&mut context);
    services::check(&mut context);
    ingresses::check(&mut context);
    labels::check(&mut context);
    workloads::check(&mut context);
    let twice = workloads::duplicates(&mut context);
    let mut found = context.finish();
    found.extend(twice);
    crate::sort::by_key(&mut found, |problem| (problem.span, problem.code));
    found
}
