//! Names made of addresses and addresses made of names.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The name of an endpoint below its Service: its hostname, else its pod's name where
/// CoreDNS is set so, else its address with dashes.
// Models coredns plugin/kubernetes endpointHostname
#[must_use]
pub fn endpoint_hostname(ip: IpAddr, hostname: &str, pod: &str, pod_names: bool) -> String {
    if !hostname.is_empty() {
        return hostname.into();
    }
    if pod_names && !pod.is_empty() {
        return pod.into();
    }
    let dash = |byte| if matches!(byte, b'.' | b':') { '-' } else { char::from(byte) };
    let mut dashed: String = ip.to_string().bytes().map(dash).collect();
    if dashed.ends_with('-') {
        // No label of a name ends with a dash: `fd00::` is `fd00--0`.
        dashed.push('0');
    }
    dashed
}

/// The address that a name with dashes means: `10-244-1-7`.
// Models coredns plugin/kubernetes findPods
#[must_use]
pub fn dashed(name: &str) -> Option<IpAddr> {
    if name.matches('-').count() == 3 && !name.contains("--") {
        name.replace('-', ".").parse().ok()
    } else {
        name.replace('-', ":").parse().ok()
    }
}

/// The address that a reverse name asks for: `10.0.96.10.in-addr.arpa.`
#[must_use]
pub fn reverse(name: &str) -> Option<IpAddr> {
    let name = name.trim_end_matches('.');
    if let Some(labels) = name.strip_suffix(".in-addr.arpa") {
        let mut bytes = [0_u8; 4];
        let mut labels = labels.split('.');
        for byte in bytes.iter_mut().rev() {
            *byte = labels.next()?.parse().ok()?;
        }
        return labels.next().is_none().then(|| Ipv4Addr::from(bytes).into());
    }
    let labels = name.strip_suffix(".ip6.arpa")?;
    let mut bits = 0_u128;
    let mut count = 0;
    for label in labels.split('.').rev() {
        let digit = char::from(*label.as_bytes().first()?).to_digit(16)?;
        if label.len() != 1 || count == 32 {
            return None;
        }
        bits = bits << 4 | u128::from(digit);
        count += 1;
    }
    (count == 32).then(|| Ipv6Addr::from(bits).into())
}

/// Whether a name is a zone or below it; both with their last dot, in lower case.
#[must_use]
pub fn in_zone(name: &str, zone: &str) -> bool {
    name.strip_suffix(zone).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}
