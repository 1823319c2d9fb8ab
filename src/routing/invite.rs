//! The requests that a cluster invites.

use super::{Network, Request};

pub(super) fn invited(net: &Network) -> Vec<Request> {
    let _ = net;
    Vec::new()
}
