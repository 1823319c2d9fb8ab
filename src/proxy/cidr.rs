//! Address ranges.

use crate::cluster::validate::ip::parse_cidr_sloppy;
use std::net::IpAddr;

/// A range of addresses: `10.244.0.0/16`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Cidr {
    ip: IpAddr,
    bits: u8,
}

impl Cidr {
    /// Reads one; white space around it does not count.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (ip, bits) = parse_cidr_sloppy(text.trim())?;
        Some(Self { ip, bits })
    }

    /// The range of one address alone.
    #[must_use]
    pub const fn one(ip: IpAddr) -> Self {
        Self { ip, bits: if ip.is_ipv4() { 32 } else { 128 } }
    }

    /// Whether an address is in it.
    #[must_use]
    pub fn contains(&self, ip: IpAddr) -> bool {
        match (self.ip, ip) {
            (IpAddr::V4(a), IpAddr::V4(b)) => {
                let shift = 32 - u32::from(self.bits);
                let high = |x: std::net::Ipv4Addr| x.to_bits().checked_shr(shift).unwrap_or(0);
                high(a) == high(b)
            }
            (IpAddr::V6(a), IpAddr::V6(b)) => {
                let shift = 128 - u32::from(self.bits);
                let high = |x: std::net::Ipv6Addr| x.to_bits().checked_shr(shift).unwrap_or(0);
                high(a) == high(b)
            }
            _ => false,
        }
    }

    /// Whether it is every address of its family.
    #[must_use]
    pub const fn is_all(&self) -> bool {
        self.bits == 0
    }

    /// Whether it is a range of IPv4 addresses.
    #[must_use]
    pub const fn is_ipv4(&self) -> bool {
        self.ip.is_ipv4()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_hold_what_they_say() {
        let holds = |range: &str, ip: &str| Cidr::parse(range).unwrap().contains(ip.parse().unwrap());
        assert!(holds(" 203.0.113.0/25 ", "203.0.113.127"));
        assert!(!holds("203.0.113.0/25", "203.0.113.128"));
        assert!(holds("0.0.0.0/0", "8.8.8.8"));
        assert!(!holds("0.0.0.0/0", "::1"));
        assert!(holds("::/0", "fd00::1"));
        assert!(holds("fd00:10::/64", "fd00:10::2"));
        assert!(!holds("fd00:10::/64", "fd00:11::2"));
        assert!(Cidr::parse("10.0.0.0/33").is_none() && Cidr::parse("10.0.0.0").is_none());
    }
}
