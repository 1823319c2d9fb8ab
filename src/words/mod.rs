//! Every word that a person sees, in one place, so that it can be translated.
//! Facts come in as data ([`crate::routing::Reason`], …); sentences go out.
//! (The API server's own messages are not ours to translate: they are made in `cluster/`.)

pub use portolan_judging::words::{lints, why};
pub use portolan_making::words::{limits, updates};

mod addresses;
pub mod concept;
mod failures;
pub mod fields;
pub mod reasons;
mod resolving;
pub mod stage;
pub mod ui;
