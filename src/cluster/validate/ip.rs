//! Addresses and CIDRs: the lenient reading that stored objects are allowed, the
//! strict one of new fields, and what is said of either.
//!
//! Models apimachinery pkg/util/validation/ip.go and k8s.io/utils net ParseIPSloppy.

use super::names::range_error;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// What is said of something that is no address.
pub const NO_IP: &str = "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)";
/// What is said of something that is no CIDR.
pub const NO_CIDR: &str = "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)";
const NO_INTERFACE: &str = "must be a valid address in CIDR form, (e.g. 10.9.8.7/24 or 2001:db8::1/64)";

/// Reads an address as old Kubernetes fields do: zeros in front of IPv4 parts are
/// skipped, and an IPv4 address in IPv6 dress stays as written.
#[must_use]
pub fn parse_sloppy(text: &str) -> Option<IpAddr> {
    if let Ok(ip) = text.parse::<IpAddr>() {
        return Some(ip);
    }
    if text.contains(':') {
        // Only an IPv4 tail could be what the strict reading refused.
        let (head, tail) = text.rsplit_once(':')?;
        let tail = sloppy_v4(tail)?;
        return format!("{head}:{tail}").parse::<Ipv6Addr>().ok().map(IpAddr::V6);
    }
    sloppy_v4(text).map(IpAddr::V4)
}

fn sloppy_v4(text: &str) -> Option<Ipv4Addr> {
    let mut octets = [0_u8; 4];
    let mut parts = text.split('.');
    for octet in &mut octets {
        let part = parts.next()?;
        if part.is_empty() || !part.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let digits = part.trim_start_matches('0');
        *octet = if digits.is_empty() { 0 } else { digits.parse().ok()? };
    }
    parts.next().is_none().then(|| Ipv4Addr::from(octets))
}

/// Reads an address and the length of its prefix, leniently.
#[must_use]
pub fn parse_cidr_sloppy(text: &str) -> Option<(IpAddr, u8)> {
    let (address, length) = text.split_once('/')?;
    let ip = parse_sloppy(address)?;
    if length.is_empty() || !length.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    // What looks like IPv4 counts 32 bits, IPv4-mapped IPv6 its 128.
    let bits = if address.contains(':') { 128 } else { 32 };
    let length: u32 = match length.trim_start_matches('0') {
        "" => 0,
        digits => digits.parse().ok()?,
    };
    (length <= bits).then_some((ip, length as u8))
}

/// The address as Go's net.IP writes it: IPv4 in IPv6 dress undressed.
fn undressed(ip: IpAddr) -> IpAddr {
    ip.to_canonical()
}

/// Whether an address counts as IPv6, as `netutils.IsIPv6String` sees it.
#[must_use]
pub fn is_ipv6(text: &str) -> bool {
    parse_sloppy(text).is_some_and(|ip| undressed(ip).is_ipv6())
}

fn parse(value: &str, strict: bool) -> Result<IpAddr, String> {
    let ip = parse_sloppy(value).ok_or_else(|| NO_IP.to_owned())?;
    if strict {
        if value.parse::<IpAddr>().is_err() {
            return Err("must not have leading 0s".to_owned());
        }
        if is_mapped(ip) {
            return Err("must not be an IPv4-mapped IPv6 address".to_owned());
        }
    }
    Ok(ip)
}

fn is_mapped(ip: IpAddr) -> bool {
    matches!(ip, IpAddr::V6(v6) if v6.to_ipv4_mapped().is_some())
}

/// For fields that are as old as Kubernetes. Models `IsValidIPForLegacyField`.
#[must_use]
pub fn legacy_ip(value: &str, strict: bool) -> Option<String> {
    parse(value, strict).err()
}

/// For new fields: strict and canonical. Models `IsValidIP`.
#[must_use]
pub fn valid_ip(value: &str) -> Option<String> {
    match parse(value, true) {
        Err(why) => Some(why),
        Ok(ip) => {
            let canonical = ip.to_string();
            (canonical != value).then(|| format!("must be in canonical form (\"{canonical}\")"))
        }
    }
}

/// Address and prefix with the host's bits cleared.
fn masked(ip: IpAddr, length: u8) -> IpAddr {
    match ip {
        IpAddr::V4(v4) => {
            let mask = u32::MAX.checked_shl(32 - u32::from(length.min(32))).unwrap_or(0);
            IpAddr::V4(Ipv4Addr::from(u32::from(v4) & mask))
        }
        IpAddr::V6(v6) => {
            let mask = u128::MAX.checked_shl(128 - u32::from(length.min(128))).unwrap_or(0);
            IpAddr::V6(Ipv6Addr::from(u128::from(v6) & mask))
        }
    }
}

/// Address and prefix as Go writes a net.IPNet: IPv4 in IPv6 dress loses 96 bits.
fn undressed_cidr(ip: IpAddr, length: u8) -> (IpAddr, u8) {
    match undressed(ip) {
        v4 @ IpAddr::V4(_) if ip.is_ipv6() && length >= 96 => (v4, length - 96),
        _ => (ip, length),
    }
}

fn parse_cidr(value: &str, strict: bool) -> Result<(IpAddr, u8), String> {
    let (ip, length) = parse_cidr_sloppy(value).ok_or_else(|| NO_CIDR.to_owned())?;
    if strict {
        let (address, digits) = value.split_once('/').unwrap_or((value, ""));
        if address.parse::<IpAddr>().is_err() {
            return Err("must not have leading 0s in IP".to_owned());
        }
        if is_mapped(ip) {
            return Err("must not have an IPv4-mapped IPv6 address".to_owned());
        }
        if digits.len() > 1 && digits.starts_with('0') {
            return Err("must not have leading 0s in prefix length".to_owned());
        }
        if masked(ip, length) != ip {
            return Err("must not have bits set beyond the prefix length".to_owned());
        }
    }
    Ok((ip, length))
}

/// For fields that are as old as Kubernetes. Models `IsValidCIDRForLegacyField`.
#[must_use]
pub fn legacy_cidr(value: &str, strict: bool) -> Option<String> {
    parse_cidr(value, strict).err()
}

/// For new fields: strict and canonical. Models `IsValidCIDR`.
#[must_use]
pub fn valid_cidr(value: &str) -> Option<String> {
    match parse_cidr(value, true) {
        Err(why) => Some(why),
        Ok((ip, length)) => {
            let canonical = format!("{ip}/{length}");
            (canonical != value).then(|| format!("must be in canonical form (\"{canonical}\")"))
        }
    }
}

/// An address with the length of its network. Models `IsValidInterfaceAddress`.
#[must_use]
pub fn valid_interface_address(value: &str) -> Option<String> {
    let Some((ip, length)) = parse_cidr_sloppy(value) else {
        return Some(NO_INTERFACE.to_owned());
    };
    let plain = undressed(ip);
    let length = if plain.is_ipv4() && length > 32 { length.saturating_sub(96) } else { length };
    let canonical = format!("{plain}/{length}");
    (canonical != value).then(|| format!("must be in canonical form (\"{canonical}\")"))
}

/// What the API server warns of in an address that it accepts. Models `GetWarningsForIP`.
#[must_use]
pub fn ip_warnings(field: &str, value: &str) -> Vec<String> {
    let Some(ip) = parse_sloppy(value) else { return Vec::new() };
    let odd = value.parse::<IpAddr>().is_err() || is_mapped(ip);
    if odd {
        let plain = undressed(ip);
        return vec![format!(
            "{field}: non-standard IP address \"{value}\" will be considered invalid in a future Kubernetes release: use \"{plain}\""
        )];
    }
    if ip.is_ipv6() && ip.to_string() != value {
        return vec![format!(
            "{field}: IPv6 address \"{value}\" should be in RFC 5952 canonical format (\"{ip}\")"
        )];
    }
    Vec::new()
}

/// What the API server warns of in a CIDR that it accepts. Models `GetWarningsForCIDR`.
#[must_use]
pub fn cidr_warnings(field: &str, value: &str) -> Vec<String> {
    let Some((ip, length)) = parse_cidr_sloppy(value) else { return Vec::new() };
    let mut warnings = Vec::new();
    let (net, net_length) = undressed_cidr(masked(ip, length), length);
    if masked(ip, length) != ip {
        let (address, bits) = if ip.is_ipv6() { (undressed(ip), 128) } else { (ip, 32) };
        warnings.push(format!(
            "{field}: CIDR value \"{value}\" is ambiguous in this context (should be \"{net}/{net_length}\" or \"{address}/{bits}\"?)"
        ));
    }
    let (address, digits) = value.split_once('/').unwrap_or((value, ""));
    let odd =
        address.parse::<IpAddr>().is_err() || (digits.len() > 1 && digits.starts_with('0')) || is_mapped(ip);
    if odd {
        warnings.push(format!(
            "{field}: non-standard CIDR value \"{value}\" will be considered invalid in a future Kubernetes release: use \"{net}/{net_length}\""
        ));
    }
    if warnings.is_empty() && ip.is_ipv6() && format!("{ip}/{length}") != value {
        warnings.push(format!(
            "{field}: IPv6 CIDR value \"{value}\" should be in RFC 5952 canonical format (\"{ip}/{length}\")"
        ));
    }
    warnings
}

/// Addresses that no endpoint may have. Models `ValidateNonSpecialIP`.
#[must_use]
pub fn special(value: &str) -> Vec<String> {
    let Some(ip) = parse_sloppy(value) else {
        return vec!["must be a valid IP address".to_owned()];
    };
    let mut errors = Vec::new();
    let mut say = |wrong: bool, what: &str| {
        if wrong {
            errors.push(what.to_owned());
        }
    };
    let ip = undressed(ip);
    let (link_local, multicast) = match ip {
        IpAddr::V4(v4) => (v4.is_link_local(), v4.octets()[..3] == [224, 0, 0]),
        IpAddr::V6(v6) => (v6.segments()[0] & 0xffc0 == 0xfe80, v6.segments()[0] & 0xff0f == 0xff02),
    };
    say(ip.is_unspecified(), &format!("may not be unspecified ({value})"));
    say(ip.is_loopback(), "may not be in the loopback range (127.0.0.0/8, ::1/128)");
    say(link_local, "may not be in the link-local range (169.254.0.0/16, fe80::/10)");
    say(multicast, "may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)");
    errors
}

/// A whole number within `low..=high`. Models `IsInRange`.
#[must_use]
pub fn in_range(value: i64, low: i64, high: i64) -> Option<String> {
    (!(low..=high).contains(&value)).then(|| range_error(low, high))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zeros_in_front_are_read_leniently() {
        assert_eq!(parse_sloppy("010.001.0.09"), "10.1.0.9".parse().ok());
        assert_eq!(parse_sloppy("::ffff:01.1.1.1"), "::ffff:1.1.1.1".parse().ok());
        for bad in ["", "1.2.3", "1.2.3.4.5", "1..2.3", "256.1.1.1", "::1.2.3.4.5", "1.2.3.4%eth0", ":"] {
            assert_eq!(parse_sloppy(bad), None, "{bad}");
        }
        assert_eq!(parse_cidr_sloppy("1.2.3.4/033"), None);
        assert_eq!(parse_cidr_sloppy("::/99999999999999999999"), None);
    }

    #[test]
    fn special_addresses_are_told() {
        assert_eq!(special("169.254.1.1").len(), 1);
        assert_eq!(special("ff02::1").len(), 1);
        assert!(special("10.0.0.1").is_empty());
    }
}
