//! A request as a person types it, before it is one.

use crate::cluster::{Cluster, Protocol};
use crate::routing::{Destination, Request, Source};
use std::net::IpAddr;
use std::rc::Rc;

/// The fields of the request form, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Draft {
    /// One of [`sources`], by its `id`.
    pub from: String,
    /// `web`, `10.96.0.10`, `http://shop.example.com/cart`, `web:8080`…
    pub to: String,
    /// Destination port; empty: what `to` says, else 80.
    pub port: String,
    /// `TCP`, `UDP` or `SCTP`; empty: TCP.
    pub protocol: String,
    /// Host header; empty: the destination.
    pub host: String,
    /// Path; empty: what `to` says, else `/`.
    pub path: String,
}

/// Which field of a draft is not right, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// No such source.
    From,
    /// Nothing to ask for, or neither a name nor an address.
    To,
    /// Not a number from 1 to 65535.
    Port,
    /// Not a protocol.
    Protocol,
    /// Not a host name.
    Host,
}

/// A place where requests can start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Start {
    /// Names it in a draft: `pod/default/web-1`, `node/node-a`, `internet/203.0.113.9`.
    pub id: String,
    /// The source.
    pub source: Source,
}

/// The client outside that is there without being typed.
pub const CLIENT_OUTSIDE: &str = "203.0.113.9";

/// Where requests can start: each pod that runs, each node, the internet.
#[must_use]
pub fn sources(cluster: &Cluster) -> Vec<Start> {
    let internet = Source::Internet { ip: CLIENT_OUTSIDE.parse().expect("an address") };
    let pods = cluster
        .pods
        .iter()
        .filter(|p| !p.ips.is_empty())
        .map(|p| Source::Pod { namespace: p.id.namespace.clone(), name: p.id.name.clone() });
    let nodes = cluster.nodes.iter().map(|n| Source::Node { name: n.id.name.clone() });
    std::iter::once(internet)
        .chain(pods)
        .chain(nodes)
        .map(|source| Start { id: id(&source), source })
        .collect()
}

/// Names a source in a draft.
#[must_use]
pub fn id(source: &Source) -> String {
    match source {
        Source::Pod { namespace, name } => format!("pod/{namespace}/{name}"),
        Source::Node { name } => format!("node/{name}"),
        Source::Internet { ip } => format!("internet/{ip}"),
    }
}

impl Draft {
    /// The draft that would make this request.
    #[must_use]
    pub fn of(request: &Request) -> Self {
        Self {
            from: id(&request.from),
            to: match &request.to {
                Destination::Name(name) => name.to_string(),
                Destination::Ip(ip) => ip.to_string(),
            },
            port: request.port.to_string(),
            protocol: request.protocol.name().to_owned(),
            host: request.host.as_deref().unwrap_or_default().to_owned(),
            path: request.path.to_string(),
        }
    }

    /// The request it states. A source need not exist (any more): the way of such a
    /// request says so itself.
    ///
    /// # Errors
    /// The first field that is not right.
    pub fn request(&self) -> Result<Request, Flaw> {
        let from = source(self.from.trim()).ok_or(Flaw::From)?;
        let typed = self.to.trim();
        let (scheme, rest) = typed.split_once("://").map_or(("", typed), |(s, r)| (s, r));
        let (authority, typed_path) = match rest.find(['/', '?']) {
            Some(at) => rest.split_at(at),
            None => (rest, ""),
        };
        let (host, typed_port) = split_port(authority);
        let to = match host.parse::<IpAddr>() {
            Ok(ip) => Destination::Ip(ip),
            Err(_) if is_name(host) => Destination::Name(host.to_ascii_lowercase().into()),
            Err(_) => return Err(Flaw::To),
        };
        let port = match (self.port.trim(), typed_port) {
            ("", "") if scheme == "https" => 443,
            ("", "") => 80,
            ("", port) | (port, _) => port.parse().ok().filter(|&p| p > 0).ok_or(Flaw::Port)?,
        };
        let protocol = match self.protocol.trim() {
            "" => Protocol::Tcp,
            word => Protocol::parse(&word.to_ascii_uppercase()).ok_or(Flaw::Protocol)?,
        };
        let host = match self.host.trim() {
            "" => None,
            host if is_name(host) || host.parse::<IpAddr>().is_ok() => Some(host.to_ascii_lowercase().into()),
            _ => return Err(Flaw::Host),
        };
        let path = match (self.path.trim(), typed_path) {
            ("", "") => Rc::from("/"),
            ("", path) | (path, _) if path.starts_with('/') => Rc::from(path),
            ("", path) | (path, _) => Rc::from(format!("/{path}")),
        };
        Ok(Request { from, to, port, protocol, host, path })
    }
}

fn source(id: &str) -> Option<Source> {
    let (kind, rest) = id.split_once('/')?;
    match kind {
        "pod" => {
            let (namespace, name) = rest.split_once('/')?;
            Some(Source::Pod { namespace: namespace.into(), name: name.into() })
        }
        "node" if !rest.is_empty() => Some(Source::Node { name: rest.into() }),
        "internet" => rest.trim().parse().ok().map(|ip| Source::Internet { ip }),
        _ => None,
    }
}

/// `web:80` and `[fd00::1]:80` into host and port; a bare IPv6 address has no port.
fn split_port(authority: &str) -> (&str, &str) {
    if let Some(inner) = authority.strip_prefix('[') {
        return match inner.split_once(']') {
            Some((host, rest)) => (host, rest.strip_prefix(':').unwrap_or("")),
            None => (authority, ""),
        };
    }
    match authority.split_once(':') {
        Some((host, port)) if !port.contains(':') => (host, port),
        _ => (authority, ""),
    }
}

fn is_name(text: &str) -> bool {
    let text = text.strip_suffix('.').unwrap_or(text);
    !text.is_empty()
        && text.len() <= 253
        && text.split('.').all(|label| {
            !label.is_empty()
                && label.len() <= 63
                && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(to: &str) -> Draft {
        Draft { from: "internet/203.0.113.9".into(), to: to.into(), ..Draft::default() }
    }

    #[test]
    fn reads_names_addresses_and_urls() {
        let asked = draft("https://Shop.example.com/cart?id=1").request().unwrap();
        assert_eq!(asked.to, Destination::Name("shop.example.com".into()));
        assert_eq!((asked.port, &*asked.path), (443, "/cart?id=1"));
        let asked = draft("web:8080").request().unwrap();
        assert_eq!((asked.port, &*asked.path), (8080, "/"));
        let asked = draft("[fd00::1]:81").request().unwrap();
        assert_eq!((asked.to, asked.port), (Destination::Ip("fd00::1".parse().unwrap()), 81));
        assert_eq!(draft("fd00::1").request().unwrap().port, 80);
    }

    #[test]
    fn says_which_field_is_not_right() {
        assert_eq!(draft("").request(), Err(Flaw::To));
        assert_eq!(draft("a b").request(), Err(Flaw::To));
        assert_eq!(draft("web:99999").request(), Err(Flaw::Port));
        assert_eq!(Draft { from: "pod/x".into(), ..draft("web") }.request(), Err(Flaw::From));
        assert_eq!(Draft { protocol: "ICMP".into(), ..draft("web") }.request(), Err(Flaw::Protocol));
    }

    #[test]
    fn a_request_comes_back_from_its_draft() {
        for to in ["web.shop:81/x", "10.96.0.10", "db.example.com:5432"] {
            let request = draft(to).request().unwrap();
            assert_eq!(Draft::of(&request).request(), Ok(request));
        }
    }
}
