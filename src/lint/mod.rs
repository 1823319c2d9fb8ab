//! Objects and the cluster they make → problems that teach: what Kubernetes accepts and
//! a request will stumble over, with every field that takes part; and tables of *why not*.
//!
//! One file per family of problems. This room never refuses an object (`cluster/validate`
//! does) and never changes anything.

pub mod why_not;
