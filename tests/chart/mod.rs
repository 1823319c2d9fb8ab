//! Clusters of any size for the chart's tests, made without a manifest.

use portolan::cluster::{Cluster, EndpointSlice, IpMode, Node, Origin, Phase, Pod, Service, ServicePort};
use portolan::manifest::endpoints::{Endpoint, TargetRef};
use portolan::manifest::pod::{Container, ContainerPort, PodSpec};
use portolan::manifest::service::IntOrString;
use portolan::manifest::{self, FieldPath, ObjectRef};
use std::net::{IpAddr, Ipv4Addr};
use std::rc::Rc;

/// How large a cluster is to be.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// Nodes.
    pub nodes: usize,
    /// Services; each has a workload of its name.
    pub services: usize,
    /// Pods of all workloads together.
    pub pods: usize,
}

const NAMES: [&str; 8] =
    ["web", "api", "cart", "checkout", "payment-gateway", "recommendations", "redis-leader", "a"];
const TYPES: [&str; 5] = ["LoadBalancer", "ClusterIP", "NodePort", "ExternalName", "ClusterIP"];

/// A cluster of a size.
pub fn cluster(size: Size) -> Cluster {
    let mut cluster = Cluster::default();
    for i in 0..size.nodes {
        let name = format!("node-{}", char::from(b'a' + (i % 26) as u8));
        let name = if i < 26 { name } else { format!("{name}{}", i / 26) };
        cluster.nodes.push(Rc::new(Node {
            id: ObjectRef::new("Node", "", &name),
            origin: Origin::Supplied,
            labels: vec![],
            zone: if i < 2 { "a".into() } else { "b".into() },
            addresses: vec![IpAddr::V4(Ipv4Addr::new(10, 0, 0, 11 + (i % 200) as u8))],
            pod_cidrs: vec![],
            schedulable: true,
            ready: true,
        }));
    }
    for i in 0..size.services {
        let name = NAMES.get(i).map_or_else(|| format!("svc-{i}"), |n| (*n).to_owned());
        service(&mut cluster, &name, TYPES[i % TYPES.len()], i);
    }
    for i in 0..size.pods {
        let workload = i % size.services.max(1);
        let base = cluster.services.get(workload).map_or_else(|| Rc::from("lone"), |s| s.id.name.clone());
        pod(&mut cluster, &base, i, workload);
    }
    cluster
}

fn service(cluster: &mut Cluster, name: &str, type_: &str, i: usize) {
    let id = ObjectRef::new("Service", "default", name);
    let external = type_ == "ExternalName";
    let mut stored = manifest::Service::default();
    stored.spec.type_ = Some(type_.into());
    stored.spec.external_name = external.then(|| "db.example.com".into());
    stored.spec.selector = (!external).then(|| vec![("app".into(), name.into())]);
    cluster.services.push(Rc::new(Service {
        id: id.clone(),
        origin: Origin::Text,
        metadata: manifest::Metadata::default().into(),
        stored,
        cluster_ips: if external { vec![] } else { vec![IpAddr::V4(Ipv4Addr::new(10, 96, 14, i as u8))] },
        load_balancer_ips: if type_ == "LoadBalancer" {
            vec![(IpAddr::V4(Ipv4Addr::new(198, 51, 100, 20 + i as u8)), IpMode::Vip)]
        } else {
            vec![]
        },
        external_ips: vec![],
        ports: if external {
            vec![]
        } else {
            vec![ServicePort {
                name: "".into(),
                protocol: Default::default(),
                port: 80,
                target_port: IntOrString::Int(8080),
                node_port: (type_ != "ClusterIP").then_some(30080 + i as u16),
            }]
        },
    }));
    if !external {
        cluster.slices.push(Rc::new(EndpointSlice {
            id: ObjectRef::new("EndpointSlice", "default", &format!("{name}-1")),
            origin: Origin::Controller(id),
            service_name: Some(name.into()),
            labels: vec![],
            slice: manifest::EndpointSlice { address_type: "IPv4".into(), ..Default::default() },
        }));
    }
}

fn pod(cluster: &mut Cluster, base: &str, i: usize, workload: usize) {
    let suffix: String =
        (0..5).map(|k| char::from(b'a' + ((i * 7 + k * 5 + i / 26 * k) % 26) as u8)).collect();
    let name = format!("{base}-7c9f8d{i}-{suffix}");
    let nodes = cluster.nodes.len();
    let address = Ipv4Addr::new(10, 244, (i / 200) as u8, (i % 200) as u8 + 2);
    let starting = i % 11 == 7;
    let pod = Pod {
        id: ObjectRef::new("Pod", "default", &name),
        origin: Origin::Controller(ObjectRef::new("ReplicaSet", "default", &format!("{base}-7c9f8d{i}"))),
        written_in: (ObjectRef::new("Deployment", "default", base), FieldPath::default()),
        labels: vec![("app".into(), base.into())].into(),
        spec: Rc::new(PodSpec {
            containers: vec![Container {
                name: base.into(),
                ports: vec![ContainerPort { container_port: 8080, ..Default::default() }],
                ..Default::default()
            }],
            ..Default::default()
        }),
        node: (nodes > 0).then(|| cluster.nodes[i % nodes].id.name.clone()),
        ips: if starting { [].into() } else { [address.into()].into() },
        phase: if starting { Phase::Pending } else { Phase::Running },
        ready: !starting && i % 7 != 3,
        terminating: i % 13 == 9,
    };
    let endpoint = Endpoint {
        addresses: vec![address.to_string().into()],
        conditions: manifest::endpoints::EndpointConditions { ready: Some(pod.ready), ..Default::default() },
        target_ref: Some(TargetRef { kind: "Pod".into(), namespace: "default".into(), name: name.into() }),
        ..Default::default()
    };
    let service = cluster.services.get(workload).map(|s| s.id.name.clone());
    if let Some(slice) = cluster.slices.iter_mut().find(|s| s.service_name == service) {
        Rc::make_mut(slice).slice.endpoints.push(endpoint);
    }
    cluster.pods.push(Rc::new(pod));
}
