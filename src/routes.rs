//! From a request to its trace (see the map in `lib.rs`), in a package of its own, so that what
//! judges a text can be one too.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

pub mod dns;
pub mod proxy;
pub mod routing;

pub use portolan_making::cluster;
pub use portolan_reading::{manifest, map, sort};
