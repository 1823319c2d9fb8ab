//! v1 Node, as written.

use serde::Serialize;
use std::rc::Rc;

/// A Node, as far as it is read. Labels are in the object's metadata.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Node {
    /// spec.podCIDRs, podCIDR first
    pub pod_cidrs: Vec<Rc<str>>,
    /// spec.unschedulable
    pub unschedulable: bool,
    /// Taint effects of spec.taints[].effect
    pub taint_effects: Vec<Rc<str>>,
    /// status.addresses: type (`InternalIP`, `ExternalIP`, `Hostname`) and address
    pub addresses: Vec<(Rc<str>, Rc<str>)>,
    /// The Ready condition; `None` where the text does not say (then it is ready).
    pub ready: Option<bool>,
}
