//! Addresses and counts as people read them.

use std::net::IpAddr;

/// An address; IPv6 in brackets, so that a port can follow.
pub(super) fn address(ip: IpAddr) -> String {
    match ip {
        IpAddr::V4(ip) => ip.to_string(),
        IpAddr::V6(ip) => format!("[{ip}]"),
    }
}

/// `host:port`
pub(super) fn ip_port(host: &str, port: u16) -> String {
    format!("{host}:{port}")
}

/// `1 pod`, `3 pods`
pub(super) fn plural(n: u32, what: &str) -> String {
    if n == 1 { format!("1 {what}") } else { format!("{n} {what}s") }
}

/// `80`, `80 and 443`, `80, 443 and 8080`
pub(super) fn list<T: ToString>(all: &[T]) -> String {
    match all {
        [] => "none".into(),
        [one] => one.to_string(),
        [rest @ .., last] => {
            let rest: Vec<String> = rest.iter().map(T::to_string).collect();
            format!("{} and {}", rest.join(", "), last.to_string())
        }
    }
}
