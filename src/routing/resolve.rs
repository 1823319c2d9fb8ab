//! From a name to an address.

use super::cite::Fields;
use super::internet::Published;
use super::reason::{Named, Reason, Tried, TriedAnswer};
use super::walk::{Client, Walk};
use super::{HopKind, Outcome, Place};
use crate::dns::search::{self, Resolver};
use crate::dns::{Answer, Rcode, Type, Upstream};
use crate::manifest::{FieldRef, ObjectRef};
use crate::map::Map;
use std::cell::RefCell;
use std::net::IpAddr;
use std::rc::Rc;

/// `options ndots:5` in the resolv.conf that kubelet writes.
const NDOTS: usize = 5;

/// What a name led to, for clients alike.
#[derive(Debug)]
struct Found {
    full: Rc<str>,
    tried: Rc<[Tried]>,
    addresses: Rc<[IpAddr]>,
    named: Named,
    fields: Vec<FieldRef>,
}

/// Names that were found before. The cluster does not change: answers do not either.
#[derive(Clone, Debug, Default)]
pub(super) struct Known(RefCell<Map<Rc<str>, Answered>>);

/// One name's answers.
type Answered = Vec<(Asker, Rc<Found>)>;

/// What of a client decides what a name is to it.
#[derive(Clone, Debug, PartialEq)]
struct Asker {
    resolver: Resolver,
    /// Whether it has addresses of IPv4 and of IPv6.
    families: (bool, bool),
    namespace: Rc<str>,
}

/// More names than anybody asks for; then they are found anew.
const KNOWN_MAX: usize = 1024;

impl Known {
    fn get(&self, client: &Client<'_>, families: (bool, bool), name: &str) -> Option<Rc<Found>> {
        let alike = |asker: &Asker| {
            asker.resolver == client.resolver
                && asker.families == families
                && *asker.namespace == *client.namespace
        };
        let known = self.0.borrow();
        known.get(name)?.iter().find(|(asker, _)| alike(asker)).map(|(_, found)| found.clone())
    }

    fn add(&self, client: &Client<'_>, families: (bool, bool), name: &str, found: Rc<Found>) {
        let mut known = self.0.borrow_mut();
        if known.len() >= KNOWN_MAX {
            known.clear();
        }
        let asker = Asker { resolver: client.resolver, families, namespace: client.namespace.into() };
        known.get_or_default(name.into()).push((asker, found));
    }
}

impl Walk<'_> {
    /// Resolves a name as the client would; the hop says what was tried.
    pub(super) fn resolve(&mut self, client: &Client<'_>, name: &str) -> Result<IpAddr, Outcome> {
        let families = (client.ips.iter().any(IpAddr::is_ipv4), client.ips.iter().any(IpAddr::is_ipv6));
        if let Some(found) = self.net.known.get(client, families, name) {
            return Ok(self.resolved(client, &found));
        }
        let outside = matches!(self.at, Place::Internet(_));
        let by_cluster = client.resolver == Resolver::Cluster;
        let search = match by_cluster {
            true => search::search_list(client.namespace, &self.net.dns.config.zone).to_vec(),
            false => Vec::new(),
        };
        let mut tried = Vec::new();
        let mut last = None;
        for full in search::queries(name, &search, NDOTS) {
            let (answer, result) = self.ask(client, &full);
            tried.push(Tried { name: full.as_str().into(), answer: result });
            if result == TriedAnswer::Found {
                let (named, fields) = self.meaning(&full, &answer);
                let addresses = answer.addresses().collect();
                let found =
                    Rc::new(Found { full: full.into(), tried: tried.into(), addresses, named, fields });
                self.net.known.add(client, families, name, found.clone());
                return Ok(self.resolved(client, &found));
            }
            let better = result == TriedAnswer::NoData;
            if better && last.is_none() {
                last = Some(full);
            }
        }
        Err(self.unresolved(name, (!outside).then_some(client.resolver), client.namespace, tried, last))
    }

    // A client asks for both families; it takes IPv4 where it has both.
    fn ask(&self, client: &Client<'_>, full: &str) -> (Answer, TriedAnswer) {
        let mut exists = false;
        for (kind, ipv4) in [(Type::A, true), (Type::Aaaa, false)] {
            if !client.ips.iter().any(|ip| ip.is_ipv4() == ipv4) {
                continue;
            }
            let answer = match client.resolver {
                Resolver::Cluster => self.net.dns.query(full, kind, &self.net.internet),
                Resolver::Node => match self.net.internet.lookup(full, kind) {
                    Some(records) => Answer { records, ..Answer::empty(Rcode::NoError) },
                    None => Answer::empty(Rcode::NxDomain),
                },
                Resolver::Nobody => Answer::empty(Rcode::NxDomain),
            };
            if answer.addresses().next().is_some() {
                return (answer, TriedAnswer::Found);
            }
            exists |= answer.rcode == Rcode::NoError;
        }
        let result = if exists { TriedAnswer::NoData } else { TriedAnswer::NxDomain };
        (Answer::empty(Rcode::NxDomain), result)
    }

    fn resolved(&mut self, client: &Client<'_>, found: &Found) -> IpAddr {
        let Found { full, tried, addresses, named, fields } = found;
        let one = self.chance.below(addresses.len());
        // Several addresses come in changing order; the client takes the first.
        let chosen = addresses.get(one).copied().unwrap_or(IpAddr::from([0, 0, 0, 0]));
        match named {
            Named::Headless(service) | Named::Endpoint(service) => self.headless = Some(service.clone()),
            Named::Alias { target, .. } => {
                self.outside_name = Some(target.trim_end_matches('.').into());
                let asked = match &self.request.to {
                    super::Destination::Name(name) => name.clone(),
                    super::Destination::Ip(_) => full.clone(),
                };
                self.host_header = self.request.host.is_none().then_some(asked);
            }
            Named::Outside => self.outside_name = Some(full.trim_end_matches('.').into()),
            _ => {}
        }
        let reason = Reason::Resolved {
            resolver: client.resolver,
            tried: tried.clone(),
            named: named.clone(),
            addresses: addresses.clone(),
            chosen,
        };
        // An alias is all that an ExternalName Service is: the Concept lens goes through it.
        let concept = match named {
            Named::Alias { service, .. } => Some(Place::Service(service.clone())),
            _ => None,
        };
        let at = self.at.clone();
        self.hop(HopKind::Resolve, at, None, reason, fields.clone(), concept);
        chosen
    }

    fn meaning(&self, full: &str, answer: &Answer) -> (Named, Vec<FieldRef>) {
        if let Some((namespace, name, endpoint)) = self.net.dns.whose(full) {
            let id = ObjectRef::new("Service", namespace, name);
            let Some(at) = self.net.service(&id) else { return (Named::Pod, Fields::none()) };
            let service = self.service_at(at);
            if let Some(target) = answer.alias() {
                let target: Rc<str> = service.stored.spec.external_name.clone().unwrap_or(target.clone());
                let fields = Fields::of(self.net).service(service, "spec.externalName").all;
                return (Named::Alias { service: id, target }, fields);
            }
            let fields = Fields::of(self.net);
            if endpoint {
                return (Named::Endpoint(id), fields.service(service, "metadata.name").all);
            }
            if service.is_headless() {
                let fields = fields.service(service, "spec.clusterIP").service(service, "metadata.name");
                return (Named::Headless(id), fields.all);
            }
            return (Named::Service(id), fields.service(service, "metadata.name").all);
        }
        if self.net.dns.is_authoritative(full) {
            return (Named::Pod, Fields::none());
        }
        let cluster = self.net.cluster();
        match self.net.internet.published(full) {
            Some((Published::Ingress(ingress, controller), _)) => {
                let ingress = &cluster.ingresses[*ingress];
                let bare = full.trim_end_matches('.');
                let fits = |rule: &str| {
                    rule.eq_ignore_ascii_case(bare)
                        || rule.strip_prefix('*').is_some_and(|suffix| bare.ends_with(suffix))
                };
                let rules = &ingress.ingress.rules;
                let at = rules.iter().position(|r| r.host.as_deref().is_some_and(fits)).unwrap_or(0);
                let fields = Fields::of(self.net).object(&ingress.id, &format!("spec.rules[{at}].host")).all;
                let service = cluster.ingress_controllers[*controller].service.clone();
                (Named::IngressHost { ingress: ingress.id.clone(), service }, fields)
            }
            Some((Published::LoadBalancer(service), _)) => {
                let service = self.service_at(*service);
                let fields = Fields::of(self.net).service(service, "status.loadBalancer.ingress[0].hostname");
                (Named::LoadBalancer(service.id.clone()), fields.all)
            }
            Some((Published::Unserved(_), _)) | None => (Named::Outside, Fields::none()),
        }
    }

    fn unresolved(
        &mut self,
        name: &str,
        resolver: Option<Resolver>,
        namespace: &str,
        tried: Vec<Tried>,
        no_data: Option<String>,
    ) -> Outcome {
        if resolver == Some(Resolver::Cluster) {
            // Every tried name may be that of a Service with nobody behind it.
            for one in &tried {
                let Some((ns, service, false)) = self.net.dns.whose(&one.name) else { continue };
                let Some(at) = self.net.service(&ObjectRef::new("Service", ns, service)) else { continue };
                let service = self.service_at(at);
                if service.is_headless() && one.answer == TriedAnswer::NxDomain {
                    let census = self.census(service, None);
                    let fields = Fields::of(self.net)
                        .service(service, "spec.selector")
                        .service(service, "spec.clusterIP")
                        .all;
                    let reason = Reason::HeadlessWithoutReady { service: service.id.clone(), tried, census };
                    return self.fail(None, reason, fields, Outcome::NxDomain);
                }
            }
        }
        if no_data.is_some() {
            let reason = Reason::NoAddress { name: name.into(), tried };
            return self.fail(None, reason, Fields::none(), Outcome::NoData);
        }
        if let Some((Published::Unserved(ingress), _)) = self.net.internet.published(name) {
            let ingress = self.net.cluster().ingresses[*ingress].clone();
            let fields = Fields::of(self.net).object(&ingress.id, "spec.ingressClassName").all;
            let reason = Reason::NoController {
                name: name.into(),
                ingress: ingress.id.clone(),
                class: ingress.class.clone(),
            };
            return self.fail(None, reason, fields, Outcome::NxDomain);
        }
        let perhaps = self.meant(name, namespace);
        let fields = match &perhaps {
            Some(id) => Fields::of(self.net).object(id, "metadata.name").all,
            None => Fields::none(),
        };
        let no_namespace = self.no_namespace(name);
        let reason = Reason::NoSuchName { name: name.into(), resolver, tried, perhaps, no_namespace };
        self.fail(None, reason, fields, Outcome::NxDomain)
    }

    /// The namespace of `service.namespace`, with or without what follows in full names, where
    /// it does not exist.
    fn no_namespace(&self, name: &str) -> Option<Rc<str>> {
        let bare = name.trim_end_matches('.');
        let zone = self.net.dns.config.zone.trim_end_matches('.');
        let front = bare.strip_suffix(zone).map_or(bare, |front| front.trim_end_matches('.'));
        let (_, namespace) = front.strip_suffix(".svc").unwrap_or(front).rsplit_once('.')?;
        let exists = self.net.cluster().namespaces.iter().any(|n| **n == *namespace);
        (!exists).then(|| namespace.into())
    }

    /// A Service that the name means, though this client cannot find it so: in another
    /// namespace, or from where the cluster's names mean nothing.
    fn meant(&self, name: &str, namespace: &str) -> Option<ObjectRef> {
        let first = name.split('.').next().unwrap_or("");
        let services = &self.net.cluster().services;
        let called = |s: &&Rc<crate::cluster::Service>| *s.id.name == *first;
        let same = services.iter().filter(called).find(|s| &*s.id.namespace == namespace);
        let found = same.or_else(|| services.iter().find(called));
        found.map(|s| s.id.clone())
    }
}
