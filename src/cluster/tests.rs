//! Clusters built from hand-made objects.

use super::{Cluster, PodFate, PodFates};
use crate::manifest::metadata::Metadata;
use crate::manifest::pod::{Container, ContainerPort, PodSpec};
use crate::manifest::service::{IntOrString, ServicePort};
use crate::manifest::workload::{LabelSelector, WorkloadKind};
use crate::manifest::{Body, Document, Manifest, Object, ObjectRef, Service, Tree, Value, Workload};
use std::rc::Rc;

fn manifest(objects: Vec<Object>) -> Manifest {
    let document = |object| Document {
        text: "".into(),
        objects: vec![Rc::new(object)],
        diagnostics: Vec::new(),
        broken: false,
    };
    Manifest {
        documents: objects.into_iter().map(|o| (0, Rc::new(document(o)))).collect(),
        diagnostics: Vec::new(),
    }
}

fn object(kind: &str, name: &str, body: Body) -> Object {
    Object {
        id: ObjectRef::new(kind, "default", name),
        api_version: "v1".into(),
        metadata: Metadata { name: name.into(), ..Metadata::default() },
        body,
        tree: Rc::new(Tree { span: Default::default(), value: Value::Null }),
    }
}

fn deployment(name: &str, replicas: i64) -> Object {
    let labels = vec![("app".into(), name.into())];
    let port = ContainerPort { name: Some("http".into()), container_port: 8080, ..ContainerPort::default() };
    let container = Container { name: "c".into(), ports: vec![port], ..Container::default() };
    object(
        "Deployment",
        name,
        Body::Workload(Workload {
            kind: WorkloadKind::Deployment,
            replicas: Some(replicas),
            selector: LabelSelector { match_labels: labels.clone(), match_expressions: Vec::new() },
            template_metadata: Metadata { labels, ..Metadata::default() },
            template: PodSpec { containers: vec![container], ..PodSpec::default() },
            service_name: None,
        }),
    )
}

fn service(name: &str, kind: &str) -> Object {
    let mut service = Service::default();
    service.spec.type_ = Some(kind.into());
    service.spec.selector = Some(vec![("app".into(), name.into())]);
    let target = IntOrString::Name("http".into());
    service.spec.ports = vec![ServicePort { port: 80, target_port: Some(target), ..ServicePort::default() }];
    object("Service", name, Body::Service(service))
}

#[test]
fn a_deployment_behind_a_service_has_endpoints() {
    let text = manifest(vec![deployment("web", 3), service("web", "LoadBalancer")]);
    let cluster = Cluster::next(&Cluster::default(), &text, &PodFates::default());
    assert_eq!(cluster.problems, []);
    assert_eq!(cluster.nodes.len(), 3);
    assert_eq!(cluster.pods.len(), 3);
    let service = cluster.service("default", "web").expect("admitted");
    assert_eq!(service.cluster_ips.len(), 1);
    assert_eq!(service.load_balancer_ips.len(), 1);
    assert!(service.ports[0].node_port.is_some_and(|p| (30_000..32_768).contains(&p)));
    let slices: Vec<_> = cluster.slices_of(&service.id).collect();
    assert_eq!(slices.len(), 1);
    assert_eq!(slices[0].slice.endpoints.len(), 3);
    assert_eq!(slices[0].slice.ports[0].port, Some(8080));
    for pod in &cluster.pods {
        assert_eq!(cluster.pod_by_ip(pod.ips[0]).map(|p| &p.id), Some(&pod.id));
    }
}

#[test]
fn a_gone_pod_is_replaced_and_the_others_stay() {
    let text = manifest(vec![deployment("web", 3)]);
    let before = Cluster::next(&Cluster::default(), &text, &PodFates::default());
    let gone = before.pods[1].id.clone();
    let mut fates = PodFates::default();
    fates.insert((gone.namespace.clone(), gone.name.clone()), PodFate { gone: true, ..PodFate::default() });
    let after = Cluster::next(&before, &text, &fates);
    assert_eq!(after.pods.len(), 3);
    assert_eq!((&after.pods[0], &after.pods[2]), (&before.pods[0], &before.pods[2]));
    assert_ne!(after.pods[1].id, gone);
    assert_ne!(after.pods[1].ips, before.pods[1].ips);

    fates.insert((gone.namespace.clone(), gone.name), PodFate { terminating: true, ..PodFate::default() });
    let during = Cluster::next(&before, &text, &fates);
    assert_eq!(during.pods.len(), 4);
    assert!(during.pods[1].terminating && during.pods[1].ips == before.pods[1].ips);
    assert_eq!(during.pods[2].id, after.pods[1].id);
}
