//! Every example is a text that Kubernetes would accept, and the cluster it describes
//! has the endpoints that its description talks about.

use portolan::cluster::{Cluster, PodFates, Protocol, ServiceType};
use portolan::manifest::{Body, EndpointSlice, Manifest, parse};
use portolan::session::examples::{ALL, by_id};
use std::collections::BTreeSet;

fn read(id: &str) -> (Manifest, Cluster) {
    let example = by_id(id).unwrap_or_else(|| panic!("no example {id}"));
    let manifest = parse(example.text, &Manifest::default());
    let cluster = Cluster::next(&Cluster::default(), &manifest, &PodFates::default());
    (manifest, cluster)
}

fn cluster(id: &str) -> Cluster {
    read(id).1
}

fn slices<'a>(cluster: &'a Cluster, namespace: &str, name: &str) -> Vec<&'a EndpointSlice> {
    let service = cluster.service(namespace, name).unwrap_or_else(|| panic!("no Service {namespace}/{name}"));
    cluster.slices_of(&service.id).map(|slice| &slice.slice).collect()
}

/// How many different addresses are ready behind a Service.
fn ready(cluster: &Cluster, namespace: &str, name: &str) -> usize {
    let addresses: BTreeSet<_> = slices(cluster, namespace, name)
        .iter()
        .flat_map(|slice| &slice.endpoints)
        .filter(|endpoint| endpoint.conditions.ready != Some(false))
        .flat_map(|endpoint| endpoint.addresses.iter().cloned())
        .collect();
    addresses.len()
}

/// On how many nodes the pods of a label `app` are.
fn nodes_with(cluster: &Cluster, app: &str) -> usize {
    let nodes: BTreeSet<_> = cluster
        .pods
        .iter()
        .filter(|pod| pod.labels.iter().any(|(key, value)| &**key == "app" && &**value == app))
        .map(|pod| pod.node.clone().expect("a node"))
        .collect();
    nodes.len()
}

#[test]
fn every_example_is_accepted_whole() {
    for example in ALL {
        let (manifest, cluster) = read(example.id);
        assert_eq!(manifest.problems(), [], "{}", example.id);
        assert_eq!(cluster.problems, [], "{}", example.id);
        assert_eq!(cluster.not_simulated, [], "{}", example.id);
        let documents = example.text.split("\n---\n").count();
        assert_eq!(manifest.objects().count(), documents, "{}", example.id);
        assert!(manifest.objects().all(|(_, object)| object.body != Body::Other), "{}", example.id);
        assert!(manifest.documents.iter().all(|(_, document)| !document.broken), "{}", example.id);
        assert_eq!(cluster.nodes.len(), 3, "{}", example.id);
        for pod in &cluster.pods {
            assert!(
                pod.ready && pod.node.is_some() && !pod.ips.is_empty(),
                "{}: {}",
                example.id,
                pod.id.name
            );
        }
    }
}

#[test]
fn services_have_the_endpoints_they_are_about() {
    for (id, name, wanted) in [
        ("stable-name", "web", 3),
        ("cluster-ip", "api", 3),
        ("node-port", "web", 2),
        ("load-balancer", "web", 3),
        ("ingress", "web", 1),
        ("ingress", "api", 1),
        ("ingress", "docs", 1),
        ("external-database", "db", 2),
        ("headless", "db", 3),
        ("two-ports", "web", 2),
        ("selector-typo", "api", 0),
        ("session-affinity", "cart", 3),
        ("traffic-policy-local", "web", 2),
        ("shop", "web", 3),
        ("shop", "api", 2),
        ("shop", "img", 2),
        ("shop", "cart", 2),
        ("shop", "search", 2),
        ("shop", "cache", 2),
        ("shop", "db", 1),
        ("shop", "chat", 2),
        ("shop", "admin", 1),
        ("shop", "pay", 0),
    ] {
        assert_eq!(ready(&cluster(id), "default", name), wanted, "{id}: {name}");
    }
}

#[test]
fn corrected_selector_finds_the_pods() {
    let text = by_id("selector-typo").expect("the example").text.replace("apj", "api");
    let manifest = parse(&text, &Manifest::default());
    let cluster = Cluster::next(&Cluster::default(), &manifest, &PodFates::default());
    assert_eq!(ready(&cluster, "default", "api"), 3);
}

#[test]
fn external_names_have_no_address_and_no_endpoints() {
    let cluster = cluster("external-name");
    for name in ["billing", "stock"] {
        let service = cluster.service("default", name).expect("the Service");
        assert_eq!(service.service_type(), ServiceType::ExternalName);
        assert!(service.cluster_ips.is_empty());
        assert_eq!(slices(&cluster, "default", name).len(), 0);
    }
    assert_eq!(ready(&cluster, "depot", "stock"), 1);
}

#[test]
fn selectors_stay_in_their_namespace() {
    let cluster = cluster("other-namespace");
    for namespace in ["blue", "green"] {
        assert_eq!(ready(&cluster, namespace, "api"), 1);
        let pod = cluster.pod(namespace, "api").expect("the pod");
        let slices = slices(&cluster, namespace, "api");
        assert_eq!(&*slices[0].endpoints[0].addresses[0], pod.ips[0].to_string());
    }
}

#[test]
fn named_port_is_another_number_in_each_pod() {
    let cluster = cluster("two-ports");
    let numbers = |name: &str| -> BTreeSet<i64> {
        slices(&cluster, "default", "web")
            .iter()
            .flat_map(|slice| &slice.ports)
            .filter(|port| port.name.as_deref() == Some(name))
            .filter_map(|port| port.port)
            .collect()
    };
    assert_eq!(numbers("web"), BTreeSet::from([8080, 9090]));
    assert_eq!(numbers("stats"), BTreeSet::from([8125]));
    let service = cluster.service("default", "web").expect("the Service");
    assert_eq!(service.ports.iter().map(|p| p.protocol).collect::<Vec<_>>(), [Protocol::Tcp, Protocol::Udp]);
}

#[test]
fn a_node_is_left_without_a_pod_where_the_story_needs_it() {
    for (id, app) in [("node-port", "web"), ("traffic-policy-local", "web")] {
        assert_eq!(nodes_with(&cluster(id), app), 2, "{id}");
    }
    assert!(nodes_with(&cluster("load-balancer"), "web") > 1);
}

#[test]
fn ways_in_exist() {
    let node_port = cluster("node-port");
    let web = node_port.service("default", "web").expect("the Service");
    assert_eq!(web.ports[0].node_port, Some(30080));

    for id in ["load-balancer", "traffic-policy-local"] {
        let cluster = cluster(id);
        let web = cluster.service("default", "web").expect("the Service");
        assert_eq!(web.load_balancer_ips.len(), 1, "{id}");
        assert!(web.ports[0].node_port.is_some(), "{id}");
    }

    assert!(cluster("headless").service("default", "db").expect("the Service").is_headless());
}

#[test]
fn the_shop_is_small() {
    let (manifest, cluster) = read("shop");
    assert_eq!(manifest.objects().filter(|(_, object)| &*object.id.kind == "Service").count(), 10);
    let from_text = cluster.pods.iter().filter(|pod| &*pod.id.namespace == "default").count();
    assert_eq!(from_text, 16);
}
