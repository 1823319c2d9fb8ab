//! From a text and its cluster to problems (see the map in `lib.rs`), in a package of its own, so
//! that a release can build it for speed.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

pub mod lint;

pub use portolan_making::cluster;
pub use portolan_reading::{diagnostic, manifest, map, sort, source};
pub use portolan_routing::{dns, proxy, routing};

/// What is said of problems.
pub mod words {
    pub mod lints;
    pub mod why;
}
