//! From text to objects: the rooms that read (see the map in `lib.rs`), in a package of their own,
//! so that a release can build them for speed.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

pub mod diagnostic;
pub mod manifest;
pub mod map;
pub mod sort;
pub mod source;
