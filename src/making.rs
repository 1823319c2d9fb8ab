//! From objects to a cluster (see the map in `lib.rs`), in a package of its own, so that a release
//! can build it for speed.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

pub mod cluster;

pub use portolan_reading::{diagnostic, manifest, map, sort, source};

/// What is said while a cluster is made.
pub mod words {
    pub mod limits;
    pub mod updates;
}
