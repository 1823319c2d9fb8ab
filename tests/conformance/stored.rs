//! Objects of a table as the cluster stores them, without admission: upstream's unit
//! tests hand objects to one component, and some of them no API server would take.

use crate::objects::manifest_of;
use portolan::cluster::validate::ip::parse_sloppy;
use portolan::cluster::{
    EndpointSlice, IpMode, Origin, Phase, Pod, Protocol, Service, ServicePort, defaults,
};
use portolan::manifest::service::IntOrString;
use portolan::manifest::{Body, FieldPath, Object};
use serde_json::Value;
use std::rc::Rc;

#[derive(Default)]
pub struct Stored {
    pub services: Vec<Rc<Service>>,
    pub slices: Vec<Rc<EndpointSlice>>,
    pub pods: Vec<Rc<Pod>>,
    pub namespaces: Vec<Rc<str>>,
}

pub fn stored(objects: &[Value]) -> Stored {
    let mut all = Stored::default();
    for (_, object) in manifest_of(objects).objects() {
        if !all.namespaces.contains(&object.id.namespace) {
            all.namespaces.push(object.id.namespace.clone());
        }
        match &object.body {
            Body::Service(_) => all.services.push(Rc::new(service(object))),
            Body::EndpointSlice(slice) => all.slices.push(Rc::new(EndpointSlice {
                id: object.id.clone(),
                origin: Origin::Text,
                service_name: label(object, "kubernetes.io/service-name"),
                labels: object.metadata.labels.clone(),
                slice: slice.clone(),
            })),
            Body::Pod(pod) => all.pods.push(Rc::new(Pod {
                id: object.id.clone(),
                origin: Origin::Text,
                written_in: (object.id.clone(), FieldPath::default()),
                labels: object.metadata.labels.clone().into(),
                spec: pod.spec.clone().into(),
                node: None,
                ips: pod.status.pod_ips.iter().filter_map(|ip| ip.parse().ok()).collect(),
                phase: Phase::Running,
                ready: true,
                terminating: false,
            })),
            _ => {}
        }
    }
    all
}

fn label(object: &Object, key: &str) -> Option<Rc<str>> {
    object.metadata.labels.iter().find(|(k, _)| &**k == key).map(|(_, v)| v.clone())
}

fn service(object: &Object) -> Service {
    let Body::Service(written) = &object.body else { panic!("no Service") };
    let mut stored = written.clone();
    defaults::service(&mut stored);
    let spec = &stored.spec;
    let single = spec.cluster_ip.iter().filter(|_| spec.cluster_ips.is_empty());
    let cluster_ips = spec.cluster_ips.iter().chain(single).filter_map(|ip| parse_sloppy(ip)).collect();
    let mode = |word: Option<&str>| if word == Some("Proxy") { IpMode::Proxy } else { IpMode::Vip };
    let ingress = stored.status.load_balancer_ingress.iter();
    let balancer = |i: &portolan::manifest::service::LoadBalancerIngress| {
        Some((parse_sloppy(i.ip.as_ref()?)?, mode(i.ip_mode.as_deref())))
    };
    let ports = spec.ports.iter().map(|p| ServicePort {
        name: p.name.clone().unwrap_or_default(),
        protocol: p.protocol.as_deref().map_or(Protocol::Tcp, |w| Protocol::parse(w).expect("a protocol")),
        port: u16::try_from(p.port).expect("a port"),
        target_port: p.target_port.clone().unwrap_or(IntOrString::Int(p.port)),
        node_port: p.node_port.and_then(|n| u16::try_from(n).ok()).filter(|&n| n != 0),
    });
    Service {
        id: object.id.clone(),
        origin: Origin::Text,
        metadata: object.metadata.clone(),
        cluster_ips: if spec.cluster_ip.as_deref() == Some("None") { Vec::new() } else { cluster_ips },
        load_balancer_ips: ingress.filter_map(balancer).collect(),
        external_ips: spec.external_ips.iter().filter_map(|ip| parse_sloppy(ip)).collect(),
        ports: ports.collect(),
        stored: stored.clone(),
    }
}
