//! Ranges of addresses and ports, and which part of one automatic allocation prefers.

use super::Family;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// A block of addresses: `10.96.0.0/12`, `fd00:10:96::/112`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cidr {
    /// IPv4 or IPv6.
    pub family: Family,
    /// The first address as a number.
    base: u128,
    /// Bits that are fixed.
    prefix: u8,
}

impl Cidr {
    /// Reads `address/bits`; bits of the host are dropped.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (address, prefix) = text.split_once('/')?;
        let prefix: u8 = prefix.parse().ok()?;
        Self::new(address.parse().ok()?, prefix)
    }

    /// The block of `prefix` bits that an address lies in.
    #[must_use]
    pub fn new(address: IpAddr, prefix: u8) -> Option<Self> {
        let family = Family::of(address);
        let host_bits = u32::from(family.bits().checked_sub(prefix)?);
        let number = number(address);
        let base = number.checked_shr(host_bits).unwrap_or(0).checked_shl(host_bits).unwrap_or(0);
        Some(Self { family, base, prefix })
    }

    /// How many addresses there are, no more than `i64::MAX`.
    /// Models k8s.io/utils/net `RangeSize`.
    #[must_use]
    pub fn size(self) -> u64 {
        let host_bits = self.family.bits() - self.prefix;
        if host_bits >= 63 { i64::MAX as u64 } else { 1 << host_bits }
    }

    /// How many of the lowest addresses automatic allocation leaves to people.
    /// Models pkg/registry/core/service/ipallocator `calculateRangeOffset`.
    #[must_use]
    pub fn static_band(self) -> u64 {
        const MIN: u64 = 16;
        const MAX: u64 = 256;
        const STEP: u64 = 16;
        // RangeSize gives 0 for what is as good as everything.
        let host_bits = self.family.bits() - self.prefix;
        if self.size() <= MIN || host_bits >= self.family.bits() - 1 {
            0
        } else {
            (self.size() / STEP).clamp(MIN, MAX)
        }
    }

    /// First and last address that may be allocated, as offsets from the base: not the
    /// network's own one, and for IPv4 not the broadcast one.
    fn usable(self) -> (u64, u64) {
        let last = self.size() - 1;
        match self.family {
            Family::V4 => (1, last.saturating_sub(1)),
            Family::V6 => (1, last),
        }
    }

    /// First and last address of the band for people; `None` where there is no such band.
    #[must_use]
    pub fn static_range(self) -> Option<(IpAddr, IpAddr)> {
        let (first, last) = self.usable();
        let band = self.static_band();
        (band > 0).then(|| (self.nth(first), self.nth((first + band - 1).min(last))))
    }

    /// First and last address of the band that automatic allocation prefers.
    #[must_use]
    pub fn dynamic_range(self) -> Option<(IpAddr, IpAddr)> {
        let (first, last) = self.usable();
        let first = first + self.static_band();
        // However many there are: the last one is where all of the host's bits are set.
        let host_bits = u32::from(self.family.bits() - self.prefix);
        let all = 1_u128.checked_shl(host_bits).map_or(u128::MAX, |size| size - 1);
        let end = if self.family == Family::V4 { all.saturating_sub(1) } else { all };
        (first <= last).then(|| (self.nth(first), self.at(end)))
    }

    /// The address `offset` places from the base.
    #[must_use]
    pub fn nth(self, offset: u64) -> IpAddr {
        self.at(u128::from(offset))
    }

    fn at(self, offset: u128) -> IpAddr {
        let number = self.base.saturating_add(offset);
        match self.family {
            Family::V4 => IpAddr::V4(Ipv4Addr::from_bits(number as u32)),
            Family::V6 => IpAddr::V6(Ipv6Addr::from_bits(number)),
        }
    }

    /// Whether it is an address of the block.
    #[must_use]
    pub fn contains(self, address: IpAddr) -> bool {
        Self::new(address, self.prefix.min(Family::of(address).bits())) == Some(self)
    }

    /// Whether an address may be allocated from here.
    #[must_use]
    pub fn allocatable(self, address: IpAddr) -> bool {
        let (first, last) = self.usable();
        self.contains(address) && {
            let offset = number(address) - self.base;
            offset >= u128::from(first) && offset <= u128::from(last)
        }
    }

    /// Whether two blocks share addresses.
    #[must_use]
    pub fn overlaps(self, other: Self) -> bool {
        self.contains(other.nth(0)) || other.contains(self.nth(0))
    }

    /// A free address: from the upper band, `hash` deciding where to look first, else from the lower one.
    pub(super) fn pick(self, hash: u64, taken: impl Fn(IpAddr) -> bool) -> Option<IpAddr> {
        let (first, last) = self.usable();
        pick(first, last, self.static_band(), hash, |offset| taken(self.nth(offset))).map(|o| self.nth(o))
    }
}

fn number(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(v4) => u128::from(v4.to_bits()),
        IpAddr::V6(v6) => v6.to_bits(),
    }
}

/// A range of node ports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PortRange {
    /// The first one.
    pub base: u16,
    /// How many.
    pub size: u16,
}

impl PortRange {
    /// How many of the lowest ports automatic allocation leaves to people.
    /// Models pkg/registry/core/service/portallocator `calculateRangeOffset`.
    #[must_use]
    pub fn static_band(self) -> u16 {
        if self.size <= 16 { 0 } else { (self.size / 32).clamp(16, 128) }
    }

    /// First and last port of the band for people; `None` where there is no such band.
    #[must_use]
    pub fn static_range(self) -> Option<(u16, u16)> {
        let band = self.static_band();
        (band > 0).then(|| (self.base, self.base.saturating_add(band - 1)))
    }

    /// First and last port that automatic allocation prefers.
    #[must_use]
    pub fn dynamic_range(self) -> Option<(u16, u16)> {
        (self.size > 0).then(|| (self.base.saturating_add(self.static_band()), self.last()))
    }

    /// The last port.
    #[must_use]
    pub fn last(self) -> u16 {
        self.base.saturating_add(self.size.saturating_sub(1))
    }

    /// Whether it is one of them.
    #[must_use]
    pub fn contains(self, port: i64) -> bool {
        (i64::from(self.base)..=i64::from(self.last())).contains(&port)
    }

    /// A free port, as [`Cidr::pick`].
    pub(super) fn pick(self, hash: u64, taken: impl Fn(u16) -> bool) -> Option<u16> {
        let (first, last) = (u64::from(self.base), u64::from(self.last()));
        pick(first, last, self.static_band().into(), hash, |port| taken(port as u16)).map(|port| port as u16)
    }
}

fn pick(first: u64, last: u64, band: u64, hash: u64, taken: impl Fn(u64) -> bool) -> Option<u64> {
    let dynamic = first + band;
    let upper = (last + 1).saturating_sub(dynamic);
    let probe = |i: u64| dynamic + (hash % upper + i) % upper;
    (0..upper).map(probe).find(|&n| !taken(n)).or_else(|| (first..dynamic.min(last + 1)).find(|&n| !taken(n)))
}
