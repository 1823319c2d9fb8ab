//! v1 Node, as written.

use super::decode::{boolean, items, map, text, text_or_empty, texts};
use super::tree::Tree;
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

impl Node {
    /// Reads a whole Node.
    #[must_use]
    pub fn decode(tree: &Tree) -> Self {
        let mut node = Self::default();
        if let Some(spec) = map(tree, "spec") {
            node.pod_cidrs = text(spec, "podCIDR").into_iter().collect();
            for cidr in texts(spec, "podCIDRs") {
                if !node.pod_cidrs.contains(&cidr) {
                    node.pod_cidrs.push(cidr);
                }
            }
            node.unschedulable = boolean(spec, "unschedulable") == Some(true);
            node.taint_effects =
                items(spec, "taints").iter().filter_map(|taint| text(taint, "effect")).collect();
        }
        if let Some(status) = map(tree, "status") {
            node.addresses = items(status, "addresses")
                .iter()
                .map(|a| (text_or_empty(a, "type"), text_or_empty(a, "address")))
                .collect();
            node.ready = items(status, "conditions")
                .iter()
                .find(|c| text(c, "type").as_deref() == Some("Ready"))
                .map(|c| text(c, "status").as_deref() == Some("True"));
        }
        node
    }
}
