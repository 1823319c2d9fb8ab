//! What an ingress controller does with a request that has reached one of its pods.

use super::cite::Fields;
use super::ingress::{Backend, Found, Lookup};
use super::reason::Reason;
use super::walk::{Client, Walk, card};
use super::{Destination, HopKind, Outcome, Place};
use crate::cluster::{Ingress, Service, ServiceType};
use crate::dns::search::Resolver;
use crate::manifest::ObjectRef;
use crate::manifest::ingress::{IngressBackend, IngressServiceBackend};
use crate::manifest::metadata::label;
use std::rc::Rc;

const SSL_REDIRECT: &str = "nginx.ingress.kubernetes.io/ssl-redirect";

impl Walk<'_> {
    /// At a controller's pod: from a host and a path to a backend's pod.
    pub(super) fn controller(&mut self, controller: usize, pod: usize) -> Outcome {
        let host = self.host();
        let path = self.request.path.clone();
        if !self.may_visit_controller() {
            let reason = Reason::NoIngressRule { host, path, host_known: true };
            return self.fail(None, reason, Fields::none(), Outcome::HttpError { status: 502 });
        }
        let found = match self.net.tables[controller].find(&host, &path) {
            Lookup::Found(found) => found,
            Lookup::Nothing { host_known } => {
                let cluster = self.net.cluster();
                let mut fields = Fields::of(self.net);
                let its = cluster.ingresses.iter().filter(|i| i.controller == Some(controller));
                for ingress in its.take(3) {
                    fields = fields.object(&ingress.id, "spec.rules");
                }
                let reason = Reason::NoIngressRule { host, path, host_known };
                return self.fail(None, reason, fields.all, Outcome::HttpError { status: 404 });
            }
        };
        let ingress = self.net.cluster().ingresses[found.backend.ingress].clone();
        if self.redirects(&ingress, &host) {
            let fields = Fields::of(self.net).object(&ingress.id, "spec.tls").all;
            let reason = Reason::TlsRedirect { ingress: ingress.id.clone(), host };
            return self.fail(None, reason, fields, Outcome::HttpError { status: 308 });
        }
        self.backend(&ingress, &found, pod)
    }

    fn host(&self) -> Rc<str> {
        match (&self.request.host, &self.request.to) {
            (Some(host), _) => host.clone(),
            (None, Destination::Name(name)) if !name.ends_with('.') => name.clone(),
            (None, Destination::Name(name)) => name.trim_end_matches('.').into(),
            (None, Destination::Ip(ip)) => ip.to_string().into(),
        }
    }

    // Models ingress-nginx: a host with a certificate of its own sends plain HTTP to HTTPS.
    fn redirects(&self, ingress: &Ingress, host: &str) -> bool {
        let covers = |h: &Rc<str>| h.eq_ignore_ascii_case(host);
        let tls = ingress.ingress.tls.iter().any(|t| t.secret_name.is_some() && t.hosts.iter().any(covers));
        let wanted = label(&ingress.metadata.annotations, SSL_REDIRECT).is_none_or(|v| &**v != "false");
        tls && wanted && self.request.port == 80
    }

    fn backend(&mut self, ingress: &Ingress, found: &Found, pod: usize) -> Outcome {
        let backend = written(ingress, found.backend);
        let named = backend.and_then(|b| b.service.as_ref());
        let fields = Fields::of(self.net);
        let fields = match found.backend.rule {
            Some((rule, path)) => {
                fields.ingress_path(ingress, rule, path, self.host_of(ingress, found.backend).is_some())
            }
            None => fields.object(&ingress.id, "spec.defaultBackend"),
        };
        let id = named.map(|s| ObjectRef::new("Service", &ingress.id.namespace, &s.name));
        let rule = found.backend.rule.and_then(|(r, p)| ingress.ingress.rules[r].paths.as_ref()?.get(p));
        let reason = Reason::IngressRule {
            ingress: ingress.id.clone(),
            host: self.host_of(ingress, found.backend).unwrap_or_default(),
            path: rule.map_or_else(Rc::default, |p| p.path.clone().unwrap_or_else(|| "/".into())),
            path_type: rule.map(|p| p.path_type.clone().unwrap_or_else(|| "ImplementationSpecific".into())),
            service: id.clone(),
            others: found.others,
        };
        let at = id.as_ref().and_then(|id| self.net.service(id));
        let (here, packet) = (self.at.clone(), self.packet.clone());
        let concept = at.map_or_else(|| here.clone(), |at| card(self.service_at(at)));
        self.hop(HopKind::Proxy, here, packet, reason, fields.all, Some(concept));

        let (Some(named), Some(at)) = (named, at) else {
            let fields = Fields::of(self.net)
                .object(&ingress.id, &format!("{}.service.name", written_at(found.backend)))
                .all;
            let name = named.map_or_else(Rc::default, |s| s.name.clone());
            let reason = Reason::BackendMissing { ingress: ingress.id.clone(), name };
            return self.fail(None, reason, fields, Outcome::HttpError { status: 503 });
        };
        let service = self.service_at(at);
        if service.service_type() == ServiceType::ExternalName {
            return self.external_backend(service, named, pod);
        }
        let Some(port) = backend_port(service, named) else {
            let written = match (&named.port_name, named.port_number) {
                (Some(name), _) => name.clone(),
                (None, number) => number.unwrap_or(0).to_string().into(),
            };
            let fields = Fields::of(self.net)
                .object(&ingress.id, &format!("{}.service.port", written_at(found.backend)))
                .service(service, "spec.ports");
            let reason = Reason::BackendPortMissing {
                ingress: ingress.id.clone(),
                service: service.id.clone(),
                port: written,
                ports: service.ports.iter().map(|p| p.port).collect(),
            };
            return self.fail_at(None, card(service), reason, fields.all, Outcome::HttpError { status: 503 });
        };
        self.endpoint_in_turn(ingress, service, at, port, pod)
    }

    /// To a ready endpoint straight, in turn: no cluster IP, no rules, no affinity.
    fn endpoint_in_turn(
        &mut self,
        ingress: &Ingress,
        service: &Rc<Service>,
        at: usize,
        port: usize,
        pod: usize,
    ) -> Outcome {
        let Some((key, endpoints)) = self.net.backends.get(&(at, port)) else { return Outcome::NotSent };
        let from = self.pod_at(pod);
        let Some(node) = from.node.as_deref().and_then(|n| self.net.rules.node(n)) else {
            return Outcome::NotSent;
        };
        if endpoints.is_empty() {
            let census = self.census(service, Some(port));
            let fields = Fields::of(self.net).service(service, "spec.selector").all;
            let reason = Reason::BackendWithoutEndpoints {
                ingress: ingress.id.clone(),
                service: service.id.clone(),
                census,
            };
            return self.fail_at(None, card(service), reason, fields, Outcome::HttpError { status: 503 });
        }
        let turns = Rc::make_mut(&mut self.tables.turns);
        let count = turns.get_or_insert(key.clone(), 0);
        let turn = *count as usize % endpoints.len();
        *count = count.wrapping_add(1);
        let endpoint = &endpoints[turn];

        let source = from.ips.iter().copied().find(|ip| ip.is_ipv4() == endpoint.ip.is_ipv4());
        let source = source.or(from.ips.first().copied()).unwrap_or(endpoint.ip);
        self.connect(source, endpoint.ip, endpoint.port);
        let Some(target) = self.pod_of(endpoint) else {
            return self.deliver(node, endpoint, service);
        };
        let target_pod = self.pod_at(target);
        let reason = Reason::ControllerPicks {
            service: service.id.clone(),
            turn: turn as u32 + 1,
            of: endpoints.len() as u32,
            same_node: target_pod.node == from.node,
        };
        let fields = Fields::of(self.net)
            .port(service, port, "targetPort")
            .when(service.selector().is_some(), |f| f.service(service, "spec.selector"))
            .labels(target_pod, service);
        let place = Place::Pod(target_pod.id.clone());
        self.travel(place.clone(), reason, fields.all, Some(place));
        self.arrive(target)
    }

    fn external_backend(
        &mut self,
        service: &Rc<Service>,
        named: &IngressServiceBackend,
        pod: usize,
    ) -> Outcome {
        let from = self.pod_at(pod);
        let Some(node) = from.node.as_deref().and_then(|n| self.net.rules.node(n)) else {
            return Outcome::NotSent;
        };
        let target = service.stored.spec.external_name.clone().unwrap_or_default();
        let number = named.port_number.or_else(|| {
            let port = service.ports.iter().find(|p| Some(&p.name) == named.port_name.as_ref());
            port.map(|p| i64::from(p.port))
        });
        let number = number.and_then(|n| u16::try_from(n).ok()).unwrap_or(80);
        let client = Client {
            ips: &from.ips,
            node: Some(node),
            namespace: &from.id.namespace,
            resolver: Resolver::Cluster,
        };
        let full: Rc<str> = if target.ends_with('.') { target.clone() } else { format!("{target}.").into() };
        let ip = match target.parse() {
            Ok(ip) => ip,
            Err(_) => match self.resolve(&client, &full) {
                Ok(ip) => ip,
                Err(_) => return Outcome::HttpError { status: 502 },
            },
        };
        self.outside_name = Some(target.trim_end_matches('.').into());
        let source = super::walk::pick(&from.ips, ip).unwrap_or(ip);
        self.connect(source, ip, number);
        self.at_rules(node)
    }

    fn host_of(&self, ingress: &Ingress, backend: Backend) -> Option<Rc<str>> {
        let (rule, _) = backend.rule?;
        ingress.ingress.rules[rule].host.clone().filter(|h| !h.is_empty())
    }
}

/// A backend as written.
fn written(ingress: &Ingress, backend: Backend) -> Option<&IngressBackend> {
    let Some((rule, path)) = backend.rule else { return ingress.ingress.default_backend.as_ref() };
    Some(&ingress.ingress.rules.get(rule)?.paths.as_ref()?.get(path)?.backend)
}

/// Where in the Ingress it is written.
fn written_at(backend: Backend) -> String {
    match backend.rule {
        None => "spec.defaultBackend".into(),
        Some((rule, path)) => format!("spec.rules[{rule}].http.paths[{path}].backend"),
    }
}

/// The Service's port that a backend means: by number or by name of the Service's own port.
pub(super) fn backend_port(service: &Service, wanted: &IngressServiceBackend) -> Option<usize> {
    service.ports.iter().position(|p| match (&wanted.port_name, wanted.port_number) {
        (Some(name), _) if !name.is_empty() => p.name == *name,
        (_, Some(number)) => i64::from(p.port) == number,
        _ => false,
    })
}
