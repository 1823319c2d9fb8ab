//! Who makes a cluster of objects: the API server, the controllers, the scheduler.
//!
//! A page may fetch them later than the rest (the `split` feature): until then a cluster stays as it
//! is, see [`Cluster::assembled`]. That is why clusters are made through here alone.

use super::history::Taken;
use super::{Cluster, PodFates};
use crate::manifest::{Manifest, ObjectRef};
use std::fmt;
use std::rc::Rc;

/// The objects of a change as they were before it, and as they are.
pub(super) type Compared<'a> = (&'a Rc<Vec<Taken>>, &'a Rc<Vec<Taken>>);

type Make = fn(&Cluster, Compared<'_>, Option<&ObjectRef>, &Manifest, &PodFates) -> Cluster;

/// Makes the next cluster.
pub struct ControlPlane {
    pub(super) make: Make,
}

/// That of Kubernetes.
pub static CONTROL_PLANE: ControlPlane = ControlPlane { make: Cluster::compared };

/// Who rules a cluster; `None`: nobody yet. It is no part of what a cluster is.
#[derive(Clone, Copy)]
pub(super) struct Ruler(pub(super) Option<&'static ControlPlane>);

impl Default for Ruler {
    #[cfg(not(feature = "split"))]
    fn default() -> Self {
        Self(Some(&CONTROL_PLANE))
    }

    #[cfg(feature = "split")]
    fn default() -> Self {
        Self(None)
    }
}

impl PartialEq for Ruler {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl fmt::Debug for Ruler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "rules" } else { "does not rule" })
    }
}
