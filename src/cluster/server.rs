//! The API server's judgement of objects: what it refuses, and what it says.
//!
//! A page may fetch it later than the rest (the `split` feature): until then its clusters
//! are made of objects that are known to be good, see [`crate::session::Session::open_with`].
//! That is why `admission` reaches validation through here alone.

use super::admission::{self, Accepted, Admitted, Refused};
use super::history::History;
use super::ingress::{self, Plan};
use super::validate::{self, FieldError};
use crate::diagnostic::Diagnostic;
use crate::manifest::Object;
use std::fmt;
use std::rc::Rc;

/// An object with the byte that its document starts at.
type PlacedObject = (u32, Rc<Object>);

/// Judges objects, and sets up what Ingresses need.
pub struct ApiServer {
    pub(super) judge: fn(&Rc<Object>, &mut History<'_>) -> Result<Accepted, Refused>,
    pub(super) refuse: fn(&mut Admitted, &Object, u32, &Refused, bool),
    pub(super) diagnose: fn(&Object, u32, &[FieldError]) -> Vec<Diagnostic>,
    pub(super) plan: fn(&[PlacedObject]) -> Plan,
    pub(super) dropped: fn(&Object, u32, &[&'static str]) -> Vec<Diagnostic>,
}

/// The rules of Kubernetes.
pub static API_SERVER: ApiServer = ApiServer {
    judge: admission::judge,
    refuse: Admitted::refuse,
    diagnose: validate::diagnose,
    plan: ingress::plan,
    dropped: admission::dropped,
};

/// Who judges the objects of a cluster; `None`: nobody yet. It is no part of what a cluster is.
#[derive(Clone, Copy)]
pub(crate) struct Server(pub(crate) Option<&'static ApiServer>);

impl Default for Server {
    #[cfg(not(feature = "split"))]
    fn default() -> Self {
        Self(Some(&API_SERVER))
    }

    #[cfg(feature = "split")]
    fn default() -> Self {
        Self(None)
    }
}

impl PartialEq for Server {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "judges" } else { "does not judge" })
    }
}
