//! The world outside, as far as a cluster's story needs it: public DNS knows the hosts of
//! Ingresses and the names of load balancers; any other name that the text points at, or that
//! looks like a public one (`public.rs`), has a made-up address.

use super::ingress::RuleTable;
use super::public::{Look, look};
use crate::cluster::{Cluster, Service, ServiceType};
use crate::dns::{Data, Record, Type, Upstream, name};
use crate::map::Map;
use crate::proxy::chance::hash;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::rc::Rc;

const TTL_SECONDS: u32 = 60;

/// A name that public DNS has a record for because of the cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Published {
    /// A host of an Ingress (position in the cluster), served through this controller.
    Ingress(usize, usize),
    /// A host of an Ingress (position in the cluster) that no controller serves.
    Unserved(usize),
    /// The hostname of the load balancer of a Service (position in the cluster).
    LoadBalancer(usize),
}

/// Public DNS and who has which address.
#[derive(Clone, Debug, Default)]
pub struct Internet {
    names: Map<Rc<str>, (Published, Vec<IpAddr>)>,
    /// Names that the text sends clients to: ExternalNames.
    pointed_at: Map<Rc<str>, ()>,
    /// First and last labels that a name of the cluster may have: Services and namespaces.
    ours: Map<Rc<str>, ()>,
    zone: Rc<str>,
}

impl Internet {
    /// What the world knows of a cluster.
    #[must_use]
    pub fn new(cluster: &Cluster, tables: &[RuleTable], zone: &Rc<str>) -> Self {
        let mut names = Map::default();
        for (at, service) in cluster.services.iter().enumerate() {
            for hostname in balancer_hostnames(service) {
                let ip = made_up(hostname, true);
                names.insert(hostname.clone(), (Published::LoadBalancer(at), vec![ip]));
            }
        }
        for (i, ingress) in cluster.ingresses.iter().enumerate() {
            let hosts =
                ingress.ingress.rules.iter().filter_map(|r| r.host.as_ref()).filter(|h| !h.is_empty());
            let Some(controller) = ingress.controller.filter(|&c| c < tables.len()) else {
                for host in hosts {
                    let host: Rc<str> = host.to_ascii_lowercase().into();
                    names.get_or_insert_with(host, || (Published::Unserved(i), Vec::new()));
                }
                continue;
            };
            let Some(at) = cluster.ingress_controllers.get(controller) else { continue };
            let Some(service) = cluster.services.iter().find(|s| s.id == at.service) else { continue };
            let entry = entry(cluster, service);
            for host in hosts {
                let host: Rc<str> = host.to_ascii_lowercase().into();
                let slot = names.get_or_insert_with(host, || (Published::Unserved(i), Vec::new()));
                if matches!(slot.0, Published::Unserved(_)) {
                    *slot = (Published::Ingress(i, controller), entry.clone());
                }
            }
        }
        let bare = |name: &Rc<str>| (name.trim_end_matches('.').to_ascii_lowercase().into(), ());
        let targets = cluster.services.iter().filter(|s| s.service_type() == ServiceType::ExternalName);
        let pointed_at = targets.filter_map(|s| s.stored.spec.external_name.as_ref()).map(bare).collect();
        let services = cluster.services.iter().map(|s| &s.id.name);
        let ours = services.chain(&cluster.namespaces).map(|name| (name.clone(), ())).collect();
        Self { names, pointed_at, ours, zone: zone.clone() }
    }

    /// What public DNS knows about a name (without its last dot), wildcards included.
    #[must_use]
    pub fn published(&self, name: &str) -> Option<&(Published, Vec<IpAddr>)> {
        let lower = name.trim_end_matches('.').to_ascii_lowercase();
        self.names.get(&*lower).or_else(|| {
            let (_, rest) = lower.split_once('.')?;
            self.names.get(&*format!("*.{rest}"))
        })
    }

    /// The addresses of a name (with its last dot); `None`: no such name.
    #[must_use]
    pub fn addresses(&self, full: &str) -> Option<Vec<IpAddr>> {
        match self.published(full) {
            Some((Published::Unserved(_), _)) => return None,
            Some((_, ips)) => return Some(ips.clone()),
            None => {}
        }
        let bare = full.trim_end_matches('.');
        let lower = bare.to_ascii_lowercase();
        let known = self.pointed_at.contains_key(&*lower) && lower.contains('.')
            || match look(&lower) {
                Look::Public => true,
                Look::Perhaps => !lower.split('.').any(|label| self.ours.contains_key(label)),
                Look::Never => false,
            };
        let known = known && !name::in_zone(&format!("{lower}."), &self.zone);
        known.then(|| vec![made_up(bare, true), made_up(bare, false)])
    }
}

impl Upstream for Internet {
    fn lookup(&self, full: &str, kind: Type) -> Option<Vec<Record>> {
        let ips = self.addresses(full)?;
        let fits = |ip: &IpAddr| (kind == Type::A && ip.is_ipv4()) || (kind == Type::Aaaa && ip.is_ipv6());
        Some(
            ips.into_iter()
                .filter(fits)
                .map(|ip| Record { owner: full.into(), ttl: TTL_SECONDS, data: Data::Address(ip) })
                .collect(),
        )
    }
}

/// An address for a name that has none that we know: from the ranges for documentation
/// (RFC 5737, RFC 3849), always the same one.
#[must_use]
pub fn made_up(name: &str, ipv4: bool) -> IpAddr {
    let h = hash(name);
    if ipv4 {
        Ipv4Addr::new(192, 0, 2, (h % 254 + 1) as u8).into()
    } else {
        Ipv6Addr::new(0x2001, 0xdb8, 0, (h >> 16) as u16, 0, 0, 0, h as u16 | 1).into()
    }
}

/// Hostnames that clouds gave to a Service's load balancer.
pub(super) fn balancer_hostnames(service: &Service) -> impl Iterator<Item = &Rc<str>> {
    let is = service.service_type() == ServiceType::LoadBalancer;
    let all = &service.stored.status.load_balancer_ingress;
    all.iter().filter(move |_| is).filter_map(|i| i.hostname.as_ref()).filter(|h| !h.is_empty())
}

/// The addresses at which the world reaches a Service.
pub(super) fn entry(cluster: &Cluster, service: &Service) -> Vec<IpAddr> {
    let mut ips: Vec<IpAddr> = service.load_balancer_ips.iter().map(|(ip, _)| *ip).collect();
    ips.extend(balancer_hostnames(service).map(|h| made_up(h, true)));
    ips.extend(&service.external_ips);
    if ips.is_empty() && service.ports.iter().any(|p| p.node_port.is_some()) {
        ips.extend(cluster.nodes.iter().filter(|n| n.ready).flat_map(|n| n.addresses.iter().take(1)));
    }
    ips
}
