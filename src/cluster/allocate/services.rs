//! Cluster IPs, node ports and load balancer addresses of Services.

use super::{Allocator, Cidr, DNS_IP, Family, KUBERNETES_IP, NODE_PORTS, ServiceHoldings, families, ip_text};
use crate::cluster::Origin;
use crate::cluster::hash::Hash;
use crate::cluster::validate::{BadValue, ErrorKind, FieldError};
use crate::manifest::service::{LoadBalancerIngress, Service, ServicePort};
use crate::manifest::{FieldPath, Metadata, Object, ObjectRef, constant};
use crate::map::Map;
use std::borrow::Cow;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::rc::Rc;

/// A Service between defaulting and the cluster.
pub(in crate::cluster) struct StagedService {
    /// Its identity.
    pub(in crate::cluster) id: ObjectRef,
    /// Where it comes from.
    pub(in crate::cluster) origin: Origin,
    /// Metadata as written.
    pub(in crate::cluster) metadata: Rc<Metadata>,
    /// Defaults written in; allocations are written in here.
    pub(in crate::cluster) service: Service,
    /// Why it is refused; empty when it is not.
    pub(in crate::cluster) refusals: Vec<FieldError>,
    /// The Service as the cluster has it now.
    pub(in crate::cluster) standing: Option<Rc<crate::cluster::Service>>,
    /// Whether it stays like that, because its update is refused.
    pub(in crate::cluster) stays: bool,
    /// A field for which nothing is left to allocate, and what the server says to that.
    pub(in crate::cluster) exhausted: Option<(&'static str, &'static str)>,
}

impl StagedService {
    /// A defaulted Service.
    pub(in crate::cluster) fn new(object: &Object, service: Service, origin: Origin) -> Self {
        Self {
            id: object.id.clone(),
            origin,
            metadata: object.metadata.clone(),
            service,
            refusals: Vec::new(),
            standing: None,
            stays: false,
            exhausted: None,
        }
    }

    /// The server allocates before it validates, and takes it back where validation
    /// fails. Only for the health check's port does validation see the difference.
    /// Models apiserver pkg/registry/generic/registry/store.go `Create`: BeginCreate comes first.
    pub(in crate::cluster) fn as_allocated(&self) -> Cow<'_, Service> {
        let mut service = Cow::Borrowed(&self.service);
        if self.wants_health_check() && service.spec.health_check_node_port.is_none_or(|p| p == 0) {
            service.to_mut().spec.health_check_node_port = Some(NODE_PORTS.last().into());
        }
        service
    }

    /// Refused: the Service stays as it was, if there was one.
    fn refuse(&mut self, refusals: Vec<FieldError>) {
        self.refusals.extend(refusals);
        if let Some(standing) = self.standing.as_ref().filter(|_| !self.refusals.is_empty()) {
            self.service = standing.stored.clone();
            self.metadata = standing.metadata.clone();
            self.stays = true;
        }
    }

    /// Whether it goes into the cluster, new or as it was.
    fn goes_in(&self) -> bool {
        self.refusals.is_empty() || self.stays
    }

    /// A live object was admitted by its own cluster, whatever that one's ranges are.
    fn live(&self) -> bool {
        self.metadata.creation_timestamp.is_some()
    }

    fn wants_cluster_ip(&self) -> bool {
        let spec = &self.service.spec;
        spec.type_.as_deref() != Some("ExternalName") && spec.cluster_ip.as_deref() != Some("None")
    }

    /// Models pkg/registry/core/service/storage/alloc.go `txnAllocNodePorts`.
    fn wants_node_ports(&self) -> bool {
        let spec = &self.service.spec;
        match spec.type_.as_deref() {
            Some("NodePort") => true,
            Some("LoadBalancer") => spec.allocate_load_balancer_node_ports != Some(false),
            _ => false,
        }
    }

    fn may_have_node_ports(&self) -> bool {
        matches!(self.service.spec.type_.as_deref(), Some("NodePort" | "LoadBalancer"))
    }

    fn is_load_balancer(&self) -> bool {
        self.service.spec.type_.as_deref() == Some("LoadBalancer")
    }

    fn wants_health_check(&self) -> bool {
        self.is_load_balancer() && self.service.spec.external_traffic_policy.as_deref() == Some("Local")
    }

    fn families(&self) -> impl Iterator<Item = Family> {
        self.service.spec.ip_families.iter().filter_map(|f| Family::parse(f))
    }
}

/// What Services of the cluster have, by their place among all: nobody takes what another one
/// has, until that one's own turn has come and it has given it back.
struct Held {
    ips: Map<IpAddr, usize>,
    ports: Vec<(i64, usize)>,
}

impl Held {
    fn of(staged: &[StagedService]) -> Self {
        let mut held = Self { ips: Map::new(), ports: Vec::new() };
        for (at, standing) in staged.iter().enumerate().filter_map(|(at, s)| Some((at, s.standing.as_ref()?)))
        {
            let spec = &standing.stored.spec;
            let ports = spec.ports.iter().filter_map(|p| p.node_port).chain(spec.health_check_node_port);
            held.ports.extend(ports.map(|port| (port, at)));
            held.ips.extend(standing.cluster_ips.iter().map(|ip| (*ip, at)));
        }
        held
    }

    fn has_port(&self, port: i64, at: usize) -> bool {
        self.ports.iter().any(|&(held, owner)| held == port && owner > at)
    }
}

impl Allocator<'_> {
    /// Allocates for all Services; conflicts go into their `refusals`.
    pub(in crate::cluster) fn services(&mut self, staged: &mut [StagedService], configured: &[Family]) {
        for service in staged.iter_mut() {
            if let Err(refusals) = families(&mut service.service, configured) {
                service.refuse(refusals);
            }
        }
        let held = Held::of(staged);
        for (at, service) in staged.iter_mut().enumerate().filter(|(_, s)| s.goes_in()) {
            self.reserve(service, &held, at);
        }
        self.taken.insert(KUBERNETES_IP);
        self.taken.insert(DNS_IP);
        for service in staged.iter_mut() {
            self.keep(service);
        }
        for service in staged.iter_mut().filter(|s| s.goes_in()) {
            self.allocate(service);
        }
    }

    /// What the text asks for by value. A refused update leaves what was there.
    fn reserve(&mut self, staged: &mut StagedService, held: &Held, at: usize) {
        let refused = self.try_reserve(staged, held, at);
        if !refused.is_empty() {
            staged.refuse(refused);
            if staged.stays {
                // Its own: nobody else has taken it.
                self.try_reserve(staged, held, at);
            }
        }
    }

    /// Takes all that is asked for by value, or nothing.
    fn try_reserve(&mut self, staged: &StagedService, held: &Held, at: usize) -> Vec<FieldError> {
        let mut refusals = Vec::new();
        let live = staged.live();
        let mut reserved_ips = Vec::new();
        let mut reserved_ports: Vec<u16> = Vec::new();
        // Not of a live one: an update may have made it so.
        let has_own =
            |reserved: &[u16], wanted: i64| !live && reserved.iter().any(|&p| i64::from(p) == wanted);
        if staged.wants_cluster_ip() {
            let all = BadValue::Texts(staged.service.spec.cluster_ips.clone());
            for ip in staged.service.spec.cluster_ips.iter().filter(|ip| !ip.is_empty()) {
                let Ok(address) = ip.parse::<IpAddr>() else { continue };
                let why = if !live && !Family::of(address).service_range().allocatable(address) {
                    MISMATCH
                } else if self.taken.contains(&address)
                    || held.ips.get(&address).is_some_and(|&owner| owner > at)
                    || !free_for(address, &staged.id)
                {
                    "provided IP is already allocated"
                } else {
                    reserved_ips.push(address);
                    continue;
                };
                let detail = format!("failed to allocate IP {ip}: {why}");
                let path = FieldPath::of("spec.clusterIPs");
                let mut error = FieldError::new(ErrorKind::Invalid, path, all.clone(), &detail);
                if staged.service.spec.cluster_ips.len() == 1 {
                    error.at = Some(FieldPath::of("spec.clusterIP"));
                }
                refusals.push(error);
            }
        }
        if staged.may_have_node_ports() {
            for (index, port) in staged.service.spec.ports.iter().enumerate() {
                let Some(wanted) = port.node_port.filter(|p| *p != 0) else { continue };
                let path = format!("spec.ports[{index}].nodePort");
                // Models `initNodePorts`: in a new Service only ports of one number share a node port.
                let ports = &staged.service.spec.ports[..index];
                let shares = |p: &ServicePort| p.port == port.port && p.node_port == Some(wanted);
                let own = staged.standing.is_none() && has_own(&reserved_ports, wanted);
                let theirs = own && !ports.iter().any(shares) || held.has_port(wanted, at);
                self.reserve_port(wanted, (live, theirs), &path, &mut reserved_ports, &mut refusals);
            }
        }
        if let Some(wanted) = staged.service.spec.health_check_node_port.filter(|p| *p != 0)
            && staged.wants_health_check()
        {
            let path = "spec.healthCheckNodePort";
            let theirs = has_own(&reserved_ports, wanted) || held.has_port(wanted, at);
            self.reserve_port(wanted, (live, theirs), path, &mut reserved_ports, &mut refusals);
        }
        if refusals.is_empty() {
            self.taken.extend(reserved_ips);
            self.ports.extend(reserved_ports);
            if staged.is_load_balancer() {
                let stated =
                    staged.service.status.load_balancer_ingress.iter().filter_map(|i| i.ip.as_deref());
                let wished = staged.service.spec.load_balancer_ip.as_deref();
                self.taken.extend(stated.chain(wished).filter_map(|ip| ip.parse::<IpAddr>().ok()));
            }
        }
        refusals
    }

    /// `theirs`: whether somebody else has it, or the Service itself for another port. Else its
    /// own reservations are no conflict (validation has seen to real repeats).
    fn reserve_port(
        &self,
        wanted: i64,
        (live, theirs): (bool, bool),
        path: &str,
        own: &mut Vec<u16>,
        refusals: &mut Vec<FieldError>,
    ) {
        let number = u16::try_from(wanted).ok().filter(|_| live || NODE_PORTS.contains(wanted));
        let why = match number {
            None => format!(
                "provided port is not in the valid range. The range of valid ports is {}-{}",
                NODE_PORTS.base,
                NODE_PORTS.last()
            ),
            Some(number) if theirs || self.ports.contains(&number) => {
                "provided port is already allocated".to_owned()
            }
            Some(number) => return own.push(number),
        };
        refusals.push(FieldError::new(
            ErrorKind::Invalid,
            FieldPath::parse(path),
            BadValue::Int(wanted),
            &why,
        ));
    }

    /// What it held before and still has a use for. A refused Service of the text keeps it too.
    fn keep(&mut self, staged: &StagedService) {
        let Some(held) = self.previous.services.get(&staged.id).cloned() else { return };
        let refused = !staged.goes_in();
        let stated = &staged.service.spec.cluster_ips;
        let mut kept = ServiceHoldings::default();
        let families: Vec<Family> = staged.families().collect();
        for &ip in &held.cluster_ips {
            let place = families.iter().position(|f| *f == Family::of(ip));
            if stated.iter().any(|s| s.parse() == Ok(ip)) {
                kept.cluster_ips.push(ip);
                continue;
            }
            let open = place.is_some_and(|i| stated.get(i).is_none_or(|s| s.is_empty()));
            if (refused || open && staged.wants_cluster_ip()) && self.taken.insert(ip) {
                kept.cluster_ips.push(ip);
            }
        }
        for &(port, number) in &held.node_ports {
            let open = |p: &&crate::manifest::service::ServicePort| {
                p.port == port && p.node_port.is_none_or(|n| n == 0)
            };
            let has = |p: &crate::manifest::service::ServicePort| {
                p.port == port && p.node_port == Some(number.into())
            };
            let ports = &staged.service.spec.ports;
            let wanted = staged.wants_node_ports() && ports.iter().any(|p| open(&p));
            if ports.iter().any(has) || (refused || wanted) && self.ports.insert(number) {
                kept.node_ports.push((port, number));
            }
        }
        let health = staged.service.spec.health_check_node_port.filter(|p| *p != 0);
        if let Some(number) = held.health_check_node_port
            && (refused || staged.wants_health_check())
            && (health == Some(number.into()) || health.is_none() && self.ports.insert(number))
        {
            kept.health_check_node_port = Some(number);
        }
        if refused || staged.is_load_balancer() {
            let stated = &staged.service.status.load_balancer_ingress;
            let has = |ip: &IpAddr| {
                stated.iter().any(|i| i.ip.as_deref().and_then(|s| s.parse().ok()) == Some(*ip))
            };
            let ips = held.load_balancer_ips.iter();
            kept.load_balancer_ips.extend(ips.filter(|ip| has(ip) || self.taken.insert(**ip)));
        }
        self.next.services.insert(staged.id.clone(), Rc::new(kept));
    }

    /// What is still open.
    fn allocate(&mut self, staged: &mut StagedService) {
        let mut held = match self.next.services.get(&staged.id) {
            Some(kept) => (**kept).clone(),
            None => ServiceHoldings::default(),
        };
        let id = staged.id.clone();
        let hash = |what: &str| Hash::new().text(what).text(&id.namespace).text(&id.name).finish();
        if staged.wants_cluster_ip() {
            let families: Vec<Family> = staged.families().collect();
            for (index, family) in families.into_iter().enumerate() {
                let spec = &mut staged.service.spec;
                if spec.cluster_ips.len() <= index {
                    spec.cluster_ips.push(constant(""));
                }
                if !spec.cluster_ips[index].is_empty() {
                    continue;
                }
                let kept = held.cluster_ips.iter().copied().find(|ip| Family::of(*ip) == family);
                let taken = |ip| self.taken.contains(&ip);
                let Some(ip) = kept.or_else(|| family.service_range().pick(hash("clusterIP"), taken)) else {
                    staged.exhausted = Some(("spec.clusterIPs", FULL_IPS));
                    continue;
                };
                self.taken.insert(ip);
                if kept.is_none() {
                    held.cluster_ips.push(ip);
                }
                staged.service.spec.cluster_ips[index] = ip_text(ip);
            }
            staged.service.spec.cluster_ip = staged.service.spec.cluster_ips.first().cloned();
        }
        if staged.wants_node_ports() {
            let hash = hash("nodePort");
            self.node_ports(staged, &mut held, hash);
        }
        if staged.wants_health_check() && staged.service.spec.health_check_node_port.is_none_or(|p| p == 0) {
            let taken = |port| self.ports.contains(&port);
            let kept = held.health_check_node_port;
            match kept.or_else(|| NODE_PORTS.pick(hash("healthCheckNodePort"), taken)) {
                Some(port) => {
                    self.ports.insert(port);
                    held.health_check_node_port = Some(port);
                    staged.service.spec.health_check_node_port = Some(port.into());
                }
                None => staged.exhausted = Some(("spec.healthCheckNodePort", FULL_PORTS)),
            }
        }
        if staged.is_load_balancer() && staged.service.status.load_balancer_ingress.is_empty() {
            let hash = hash("loadBalancer");
            self.load_balancer(staged, &mut held, hash);
        }
        self.next.services.insert(staged.id.clone(), Rc::new(held));
    }

    /// Ports of a new Service with the same number share one node port.
    /// Models pkg/registry/core/service/storage/alloc.go `initNodePorts` and `updateNodePorts`.
    fn node_ports(&mut self, staged: &mut StagedService, held: &mut ServiceHoldings, hash: u64) {
        let new = staged.standing.is_none();
        let ports = &mut staged.service.spec.ports;
        for index in 0..ports.len() {
            if ports[index].node_port.is_some_and(|p| p != 0) {
                continue;
            }
            let port = ports[index].port;
            let protocol = ports[index].protocol.clone();
            // A twin may lend its node port once for each protocol.
            let twin = ports
                .iter()
                .filter(|_| new)
                .find(|p| p.port == port && p.node_port.is_some_and(|n| n != 0) && p.protocol != protocol);
            if let Some(twin) = twin.and_then(|p| p.node_port) {
                ports[index].node_port = Some(twin);
                continue;
            }
            let free = |number: &i64| new || ports.iter().all(|p| p.node_port != Some(*number));
            let mut kept = held.node_ports.iter().filter(|(p, _)| *p == port).map(|(_, n)| *n);
            let kept = kept.find(|number| free(&i64::from(*number)));
            let first = Hash::new().number(hash).number(port as u64).finish();
            match kept.or_else(|| NODE_PORTS.pick(first, |n| self.ports.contains(&n))) {
                Some(number) => {
                    self.ports.insert(number);
                    if kept.is_none() {
                        held.node_ports.push((port, number));
                    }
                    ports[index].node_port = Some(number.into());
                }
                None => {
                    staged.exhausted = Some(("spec.ports", FULL_PORTS));
                    return;
                }
            }
        }
    }

    /// What a cloud would write into status. The wish of the text is granted.
    fn load_balancer(&mut self, staged: &mut StagedService, held: &mut ServiceHoldings, hash: u64) {
        let mut ips: Vec<Rc<str>> = Vec::new();
        let wished = staged.service.spec.load_balancer_ip.clone().filter(|ip| ip.parse::<IpAddr>().is_ok());
        let families: Vec<Family> = staged.families().collect();
        for family in families {
            if let Some(wished) = wished.as_ref().filter(|ip| ip.contains(':') == (family == Family::V6)) {
                ips.push(wished.clone());
                continue;
            }
            let kept = held.load_balancer_ips.iter().copied().find(|ip| Family::of(*ip) == family);
            let taken = |ip| self.taken.contains(&ip);
            let fresh =
                || balancer_ranges(family).into_iter().flatten().find_map(|range| range.pick(hash, taken));
            if let Some(ip) = kept.or_else(fresh) {
                self.taken.insert(ip);
                if kept.is_none() {
                    held.load_balancer_ips.push(ip);
                }
                ips.push(ip_text(ip));
            }
        }
        let ingress = |ip| LoadBalancerIngress { ip: Some(ip), hostname: None, ip_mode: Some("VIP".into()) };
        staged.service.status.load_balancer_ingress = ips.into_iter().map(ingress).collect();
    }
}

/// Models pkg/registry/core/service/ipallocator/interfaces.go `ErrMismatchedNetwork`.
pub(in crate::cluster) const MISMATCH: &str = "the provided network does not match the current range";
const FULL_IPS: &str = "failed to allocate a serviceIP: range is full";
const FULL_PORTS: &str = "failed to allocate a nodePort: range is full";

/// Addresses of documentation (RFC 5737, RFC 3849), then of benchmarks (RFC 2544).
fn balancer_ranges(family: Family) -> [Option<Cidr>; 3] {
    let v4 = |a, b, c, prefix| Cidr::new(IpAddr::V4(Ipv4Addr::new(a, b, c, 0)), prefix);
    match family {
        Family::V4 => [v4(198, 51, 100, 24), v4(192, 0, 2, 24), v4(198, 18, 0, 15)],
        Family::V6 => {
            [Cidr::new(IpAddr::V6(Ipv6Addr::new(0x2001, 0xdb8, 0x100, 0, 0, 0, 0, 0)), 112), None, None]
        }
    }
}

/// Two addresses are kept for Services that every cluster has.
fn free_for(address: IpAddr, id: &ObjectRef) -> bool {
    if address == KUBERNETES_IP {
        *id.namespace == *"default" && *id.name == *"kubernetes"
    } else if address == DNS_IP {
        *id.namespace == *"kube-system"
    } else {
        true
    }
}
