//! Names → records and answers, and the search path of a client. Does not route.
//!
//! [`Dns`] answers as CoreDNS' `kubernetes` plugin does; names that are not the
//! cluster's go to whoever knows the rest of the world ([`Upstream`]).

mod lookup;
pub mod name;
pub mod search;

use crate::cluster::{Cluster, EndpointSlice, Pod, Service};
use crate::map::Map;
use std::net::IpAddr;
use std::rc::Rc;

/// Record types that are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
pub enum Type {
    /// IPv4 address
    A,
    /// IPv6 address
    Aaaa,
    /// Alias
    Cname,
    /// Service location
    Srv,
    /// Name of an address
    Ptr,
    /// Text
    Txt,
    /// Name server
    Ns,
    /// Start of authority
    Soa,
    /// Any other: only whether the name exists
    Other,
}

impl Type {
    /// `A`, `AAAA`…; unknown ones are [`Type::Other`].
    #[must_use]
    pub fn parse(word: &str) -> Self {
        match word {
            "A" => Self::A,
            "AAAA" => Self::Aaaa,
            "CNAME" => Self::Cname,
            "SRV" => Self::Srv,
            "PTR" => Self::Ptr,
            "TXT" => Self::Txt,
            "NS" => Self::Ns,
            "SOA" => Self::Soa,
            _ => Self::Other,
        }
    }
}

/// What a record says.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Data {
    /// A or AAAA
    Address(IpAddr),
    /// CNAME
    Cname(Rc<str>),
    /// SRV: priority, weight, port, target
    Srv(u16, u16, u16, Rc<str>),
    /// PTR
    Ptr(Rc<str>),
    /// TXT
    Txt(Rc<str>),
    /// NS
    Ns(Rc<str>),
    /// SOA: the zone's name server
    Soa(Rc<str>),
}

/// A record. Names end with a dot.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Record {
    /// Whose record it is.
    pub owner: Rc<str>,
    /// How long it may be kept, in seconds.
    pub ttl: u32,
    /// What it says.
    pub data: Data,
}

impl Record {
    /// As zone files write it: `web.default.svc.cluster.local. 30 IN A 10.96.0.10`.
    #[must_use]
    pub fn text(&self) -> String {
        let (kind, data) = match &self.data {
            Data::Address(ip) => (if ip.is_ipv4() { "A" } else { "AAAA" }, ip.to_string()),
            Data::Cname(name) => ("CNAME", name.to_string()),
            Data::Srv(priority, weight, port, target) => {
                ("SRV", format!("{priority} {weight} {port} {target}"))
            }
            Data::Ptr(name) => ("PTR", name.to_string()),
            Data::Txt(text) => ("TXT", format!("\"{text}\"")),
            Data::Ns(name) => ("NS", name.to_string()),
            // Models coredns plugin/kubernetes SOA; the serial number is that of no cluster.
            Data::Soa(name) => {
                let zone = name.strip_prefix("ns.dns.").unwrap_or(name);
                ("SOA", format!("{name} hostmaster.{zone} 1 7200 1800 86400 {}", self.ttl))
            }
        };
        format!("{} {} IN {kind} {data}", self.owner, self.ttl)
    }
}

/// How a question was answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
pub enum Rcode {
    /// The name exists; without records: not of this type.
    NoError,
    /// The name does not exist.
    NxDomain,
}

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// How it was answered.
    pub rcode: Rcode,
    /// The records asked for.
    pub records: Vec<Record>,
    /// Records that a client will ask for next (addresses of SRV targets).
    pub additional: Vec<Record>,
}

impl Answer {
    /// An answer without records.
    #[must_use]
    pub const fn empty(rcode: Rcode) -> Self {
        Self { rcode, records: Vec::new(), additional: Vec::new() }
    }

    /// The addresses in it.
    pub fn addresses(&self) -> impl Iterator<Item = IpAddr> + '_ {
        self.records.iter().filter_map(|r| match r.data {
            Data::Address(ip) => Some(ip),
            _ => None,
        })
    }

    /// The last alias in it.
    #[must_use]
    pub fn alias(&self) -> Option<&Rc<str>> {
        self.records.iter().rev().find_map(|r| match &r.data {
            Data::Cname(name) => Some(name),
            _ => None,
        })
    }
}

/// What CoreDNS does with `<address>.<namespace>.pod` names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PodMode {
    /// No such names.
    Disabled,
    /// Any address is answered, whether a pod has it or not (the usual Corefile).
    #[default]
    Insecure,
    /// Only addresses that a pod of the namespace has.
    Verified,
}

/// CoreDNS' configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// The cluster's zone, with its last dot.
    pub zone: Rc<str>,
    /// Zones for addresses → names.
    pub reverse_zones: Vec<Rc<str>>,
    /// Of all answers, in seconds.
    pub ttl: u32,
    /// Names of pods by address.
    pub pods: PodMode,
    /// `namespaces`: only these are served; empty: all.
    pub exposed: Vec<Rc<str>>,
    /// `ignore empty_service`: a Service without ready endpoints has no name.
    pub ignore_empty_service: bool,
    /// `endpoint_pod_names`: endpoints without hostname are called as their pod.
    pub endpoint_pod_names: bool,
}

impl Default for Config {
    /// What kubeadm's Corefile says.
    fn default() -> Self {
        Self {
            zone: "cluster.local.".into(),
            reverse_zones: vec!["in-addr.arpa.".into(), "ip6.arpa.".into()],
            ttl: 30,
            pods: PodMode::Insecure,
            exposed: Vec::new(),
            ignore_empty_service: false,
            endpoint_pod_names: false,
        }
    }
}

/// Answers questions about names outside the cluster.
pub trait Upstream {
    /// The records of a name (with its last dot); `None`: no such name.
    fn lookup(&self, name: &str, kind: Type) -> Option<Vec<Record>>;
}

/// No outside at all.
impl Upstream for () {
    fn lookup(&self, _: &str, _: Type) -> Option<Vec<Record>> {
        None
    }
}

/// Port name, protocol in lower case, number (`None` for a slice without ports).
type PortName = (Rc<str>, Rc<str>, Option<u16>);

/// An address that a Service's name, or a name below it, stands for.
#[derive(Clone, Debug)]
struct EndpointName {
    ip: IpAddr,
    /// Name below the Service's.
    hostname: Rc<str>,
    /// Port name, protocol, number; `None` for a slice without ports.
    ports: Rc<[PortName]>,
}

#[derive(Clone, Debug)]
struct Names {
    service: Rc<Service>,
    /// Ready endpoints.
    endpoints: Vec<EndpointName>,
}

/// The cluster's DNS, built once for a cluster.
#[derive(Clone, Debug)]
pub struct Dns {
    /// Its configuration.
    pub config: Config,
    namespaces: Vec<Rc<str>>,
    services: Map<Rc<str>, Map<Rc<str>, Names>>,
    /// Services by cluster IP, as `name.namespace`.
    by_ip: Map<IpAddr, Rc<str>>,
    /// Ready endpoints of slices whose Service is not there, as `hostname.name.namespace`.
    without_service: Vec<(IpAddr, Rc<str>)>,
    pods: Map<(Rc<str>, IpAddr), ()>,
}

impl Dns {
    /// The DNS of a cluster.
    #[must_use]
    pub fn new(cluster: &Cluster, config: Config) -> Self {
        Self::with(config, cluster.namespaces.clone(), &cluster.services, &cluster.slices, &cluster.pods)
    }

    /// The DNS for given objects.
    #[must_use]
    pub fn with(
        config: Config,
        namespaces: Vec<Rc<str>>,
        services: &[Rc<Service>],
        slices: &[Rc<EndpointSlice>],
        pods: &[Rc<Pod>],
    ) -> Self {
        let mut dns = Self {
            namespaces,
            services: Map::default(),
            by_ip: Map::default(),
            without_service: Vec::new(),
            pods: Map::default(),
            config,
        };
        for service in services {
            for &ip in &service.cluster_ips {
                let name = format!("{}.{}", service.id.name, service.id.namespace);
                dns.by_ip.get_or_insert_with(ip, || name.into());
            }
            let names = Names { service: service.clone(), endpoints: Vec::new() };
            dns.services
                .get_or_default(service.id.namespace.clone())
                .get_or_insert(service.id.name.clone(), names);
        }
        for slice in slices {
            dns.add_slice(slice);
        }
        for pod in pods {
            // Models coredns plugin/kubernetes/object/pod.go: the first address alone is kept.
            dns.pods.extend(pod.ips.first().map(|&ip| ((pod.id.namespace.clone(), ip), ())));
        }
        dns
    }

    fn add_slice(&mut self, slice: &EndpointSlice) {
        let Some(service_name) = &slice.service_name else { return };
        let named = &slice.slice;
        let mut ports: Vec<_> = named
            .ports
            .iter()
            .map(|p| {
                let protocol = p.protocol.as_deref().unwrap_or("TCP").to_ascii_lowercase();
                let number = p.port.and_then(|n| u16::try_from(n).ok());
                (p.name.clone().unwrap_or_default(), Rc::<str>::from(protocol), number)
            })
            .collect();
        if ports.is_empty() {
            // Addresses without ports still have A records.
            ports.push((Rc::default(), Rc::default(), None));
        }
        let ports: Rc<[_]> = ports.into();
        let mut names = self.services.get_mut(&slice.id.namespace).and_then(|s| s.get_mut(service_name));
        for endpoint in named.endpoints.iter().filter(|e| e.conditions.ready.unwrap_or(true)) {
            let pod = endpoint.target_ref.as_ref().map_or("", |t| &*t.name);
            // Models coredns plugin/kubernetes/object/endpoint.go: a longer name is no label.
            let pod = if pod.len() < 64 { pod } else { "" };
            let own = endpoint.hostname.as_deref().unwrap_or("");
            for address in &endpoint.addresses {
                let Ok(ip) = address.parse::<IpAddr>() else { continue };
                let hostname = name::endpoint_hostname(ip, own, pod, self.config.endpoint_pod_names);
                let Some(names) = &mut names else {
                    let full = format!("{hostname}.{service_name}.{}", slice.id.namespace);
                    self.without_service.push((ip, full.into()));
                    continue;
                };
                names.endpoints.push(EndpointName { ip, hostname: hostname.into(), ports: ports.clone() });
            }
        }
    }

    fn is_exposed(&self, namespace: &str) -> bool {
        (self.config.exposed.is_empty() || self.config.exposed.iter().any(|n| &**n == namespace))
            && self.namespaces.iter().any(|n| &**n == namespace)
    }
}
