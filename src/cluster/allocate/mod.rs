//! Which addresses and node ports objects get, and keep.
//!
//! Three rounds, so that nothing depends on the order of the text more than it must:
//! what the text states is reserved first, then every object that had an address keeps
//! it ([`Allocations`] outlive an edit), then the others get one. The first choice
//! follows from the owner's name; a taken one leads to the next. So an object has the
//! same address wherever it stands, whatever comes or goes beside it.

mod families;
mod pods;
mod range;
mod services;

pub use families::families;
pub use range::{Cidr, PortRange};
pub(super) use services::{MISMATCH, StagedService};

use crate::manifest::ObjectRef;
use crate::map::{Map, Set};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::rc::Rc;

/// Ports of nodes that Services may have: --service-node-port-range.
pub const NODE_PORTS: PortRange = PortRange { base: 30_000, size: 2_768 };

/// The address of the Service default/kubernetes.
pub const KUBERNETES_IP: IpAddr = IpAddr::V4(Ipv4Addr::new(10, 96, 0, 1));

/// The address of the cluster's DNS.
pub const DNS_IP: IpAddr = IpAddr::V4(Ipv4Addr::new(10, 96, 0, 10));

/// An address as it is written.
#[must_use]
pub fn ip_text(address: IpAddr) -> Rc<str> {
    let IpAddr::V4(address) = address else { return address.to_string().into() };
    // By hand: every pod and Service has one, and formatting takes ten times as long.
    let mut text = [0; 15];
    let mut at = 0;
    for (i, byte) in address.octets().into_iter().enumerate() {
        if i > 0 {
            text[at] = b'.';
            at += 1;
        }
        for (unit, place) in [(byte / 100, 100), (byte / 10 % 10, 10), (byte % 10, 1)] {
            if byte >= place || place == 1 {
                text[at] = b'0' + unit;
                at += 1;
            }
        }
    }
    std::str::from_utf8(&text[..at]).unwrap_or_default().into()
}

/// IPv4 or IPv6.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Family {
    /// IPv4
    V4,
    /// IPv6
    V6,
}

impl Family {
    /// Of an address.
    #[must_use]
    pub const fn of(address: IpAddr) -> Self {
        match address {
            IpAddr::V4(_) => Self::V4,
            IpAddr::V6(_) => Self::V6,
        }
    }

    /// `IPv4`, `IPv6`
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::V4 => "IPv4",
            Self::V6 => "IPv6",
        }
    }

    /// `IPv4`, `IPv6`; anything else is `None`.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            "IPv4" => Some(Self::V4),
            "IPv6" => Some(Self::V6),
            _ => None,
        }
    }

    const fn bits(self) -> u8 {
        match self {
            Self::V4 => 32,
            Self::V6 => 128,
        }
    }

    /// --service-cluster-ip-range of the family.
    #[must_use]
    pub fn service_range(self) -> Cidr {
        let (base, prefix) = match self {
            Self::V4 => (IpAddr::V4(Ipv4Addr::new(10, 96, 0, 0)), 12),
            Self::V6 => (IpAddr::V6(Ipv6Addr::new(0xfd00, 0x10, 0x96, 0, 0, 0, 0, 0)), 112),
        };
        Cidr::new(base, prefix).unwrap_or_else(|| unreachable!("both prefixes fit their family"))
    }

    /// The address of the supplied node with a number.
    #[must_use]
    pub const fn node_address(self, number: u16) -> IpAddr {
        match self {
            Self::V4 => IpAddr::V4(Ipv4Addr::new(10, 0, (number >> 8) as u8, number as u8)),
            Self::V6 => IpAddr::V6(Ipv6Addr::new(0xfd00, 0x10, 0, 0, 0, 0, 0, number)),
        }
    }
}

/// Addresses and ports in use, by owner.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Allocations {
    services: Map<ObjectRef, Rc<ServiceHoldings>>,
    pods: Map<ObjectRef, PodHoldings>,
    nodes: Map<Rc<str>, Rc<NodeHoldings>>,
}

/// What a Service holds that it did not ask for by value.
#[derive(Clone, Debug, Default, PartialEq)]
struct ServiceHoldings {
    cluster_ips: Vec<IpAddr>,
    /// Service port → node port.
    node_ports: Vec<(i64, u16)>,
    health_check_node_port: Option<u16>,
    load_balancer_ips: Vec<IpAddr>,
}

/// Where a pod is.
#[derive(Clone, Debug, PartialEq)]
struct PodHoldings {
    generation: u32,
    node: Rc<str>,
    ips: Rc<[IpAddr]>,
}

/// What a node holds.
#[derive(Clone, Debug, Default, PartialEq)]
struct NodeHoldings {
    /// Of a node whose text states no address.
    number: Option<u16>,
    /// Numbers of its /24 blocks, in the order they were needed.
    blocks: Vec<u16>,
}

/// Allocations in the making.
pub(super) struct Allocator<'a> {
    previous: &'a Allocations,
    next: Allocations,
    /// Every address of the cluster: the ranges are apart, so one set is enough.
    taken: Set<IpAddr>,
    ports: Set<u16>,
    /// Blocks that the text gives to nodes, and blocks of supplied ones.
    written_blocks: Map<Rc<str>, Vec<Cidr>>,
    taken_blocks: Set<u16>,
    /// The lowest numbers of a node and of a block that may be free.
    next_node: u16,
    next_block: u16,
    /// Blocks of supplied nodes that have no address left.
    full_blocks: Set<u16>,
}

impl<'a> Allocator<'a> {
    /// Starts from what was held before.
    pub(super) fn new(previous: &'a Allocations) -> Self {
        Self {
            previous,
            next: Allocations::default(),
            taken: Set::default(),
            ports: Set::default(),
            written_blocks: Map::default(),
            taken_blocks: Set::default(),
            full_blocks: Set::default(),
            next_node: 11,
            next_block: 1,
        }
    }

    /// What is held now.
    pub(super) fn finish(self) -> Allocations {
        self.next
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_written_as_the_library_writes_them() {
        for byte in 0..=255 {
            let address = IpAddr::V4(Ipv4Addr::new(byte, 0, 255 - byte, byte));
            assert_eq!(*ip_text(address), *address.to_string());
        }
        let address = Family::V6.node_address(11);
        assert_eq!(*ip_text(address), *address.to_string());
    }
}
