//! What holds for every cluster, and a look at how long big ones take.

use portolan::cluster::{Cluster, PodFate, PodFates};
use portolan::manifest::{Manifest, ObjectRef, parse};
use proptest::prelude::*;
use std::collections::{BTreeMap, HashSet};
use std::fmt::Write;
use std::time::Instant;

const KINDS: [&str; 5] = ["Deployment", "StatefulSet", "DaemonSet", "Pod", "Service"];
const TYPES: [&str; 6] = [
    "type: ClusterIP",
    "type: NodePort",
    "type: LoadBalancer",
    "clusterIP: None",
    "type: LoadBalancer, externalTrafficPolicy: Local",
    "ipFamilyPolicy: PreferDualStack",
];

/// Kind and name → a number that decides the rest.
type Objects = BTreeMap<(usize, u8), u8>;

fn objects() -> impl Strategy<Value = Objects> {
    proptest::collection::btree_map((0..KINDS.len(), 0..6_u8), any::<u8>(), 0..14)
}

fn text(objects: &Objects) -> String {
    let mut text = String::new();
    for ((kind, name), number) in objects {
        let kind = KINDS[*kind];
        let app = format!("app: a{name}");
        // Pods have a second label, which half of the Services ask for in vain.
        let wanted = if number % 2 == 0 { app.clone() } else { format!("{app}, tier: back") };
        let app = format!("{app}, tier: front");
        let spec = "containers: [{name: c, image: i, ports: [{name: http, containerPort: 8080}]}]";
        let _ = match kind {
            "Service" => writeln!(
                text,
                "apiVersion: v1\nkind: Service\nmetadata: {{name: x{name}}}\nspec: {{{}, selector: {{{wanted}}}, \
                 ports: [{{port: 80, targetPort: http}}]}}\n---",
                TYPES[usize::from(*number) % TYPES.len()]
            ),
            "Pod" => writeln!(
                text,
                "apiVersion: v1\nkind: Pod\nmetadata: {{name: x{name}, labels: {{{app}}}}}\nspec: {{{spec}}}\n---"
            ),
            _ => writeln!(
                text,
                "apiVersion: apps/v1\nkind: {kind}\nmetadata: {{name: x{name}}}\nspec: {{{} selector: \
                 {{matchLabels: {{{app}}}}}, template: {{metadata: {{labels: {{{app}}}}}, spec: {{{spec}}}}}}}\n---",
                if kind == "DaemonSet" { String::new() } else { format!("replicas: {},", number % 5) }
            ),
        };
    }
    text
}

fn next(previous: &Cluster, objects: &Objects) -> Cluster {
    let cluster = Cluster::next(previous, &parse(&text(objects), &Manifest::default()), &PodFates::default());
    assert!(cluster.problems.is_empty(), "{:?}\n{}", cluster.problems, text(objects));
    cluster
}

/// What an object has: addresses, ports, and the node of a pod. By the object of the text it belongs to.
fn holdings(cluster: &Cluster) -> BTreeMap<(ObjectRef, ObjectRef), String> {
    let mut all = BTreeMap::new();
    for service in &cluster.services {
        let ports: Vec<_> = service.ports.iter().map(|p| p.node_port).collect();
        let health = service.stored.spec.health_check_node_port;
        let held = format!("{:?} {:?} {ports:?} {health:?}", service.cluster_ips, service.load_balancer_ips);
        all.insert((service.id.clone(), service.id.clone()), held);
    }
    for pod in &cluster.pods {
        all.insert((pod.written_in.0.clone(), pod.id.clone()), format!("{:?} {:?}", pod.node, pod.ips));
    }
    all
}

fn check(cluster: &Cluster) -> Result<(), TestCaseError> {
    let mut addresses = HashSet::new();
    let services = cluster
        .services
        .iter()
        .flat_map(|s| s.cluster_ips.iter().copied().chain(s.load_balancer_ips.iter().map(|(ip, _)| *ip)));
    let pods = cluster.pods.iter().flat_map(|p| p.ips.iter().copied());
    let nodes = cluster.nodes.iter().flat_map(|n| n.addresses.iter().copied());
    for ip in services.chain(pods).chain(nodes) {
        prop_assert!(addresses.insert(ip), "{ip} twice");
    }
    let mut ports = HashSet::new();
    for service in &cluster.services {
        let health = service.stored.spec.health_check_node_port.and_then(|p| u16::try_from(p).ok());
        for port in service.ports.iter().filter_map(|p| p.node_port).chain(health) {
            prop_assert!(ports.insert(port), "{port} twice");
        }
        let selector = service.selector().expect("all of them select");
        for endpoint in cluster.slices_of(&service.id).flat_map(|s| &s.slice.endpoints) {
            let target = endpoint.target_ref.as_ref().expect("a pod");
            let pod = cluster.pod(&target.namespace, &target.name).expect("it is in the cluster");
            prop_assert!(selector.iter().all(|pair| pod.labels.contains(pair)));
            prop_assert!(pod.ips.iter().any(|ip| ip.to_string() == *endpoint.addresses[0]));
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_same_text_makes_the_same_cluster(objects in objects()) {
        let first = next(&Cluster::default(), &objects);
        check(&first)?;
        prop_assert_eq!(&first, &next(&Cluster::default(), &objects));
        prop_assert_eq!(&first, &next(&first, &objects));
    }

    #[test]
    fn an_edit_moves_nothing_else(objects in objects(), key in (0..KINDS.len(), 0..6_u8), number in any::<Option<u8>>()) {
        let before = next(&Cluster::default(), &objects);
        let mut edited = objects.clone();
        match number {
            Some(number) => { edited.insert(key, number); }
            None => { edited.remove(&key); }
        }
        let id = ObjectRef::new(KINDS[key.0], "default", &format!("x{}", key.1));
        // A Service that is there cannot become headless, and a headless one keeps its clusterIP, None, where
        // the text says nothing, so that it cannot have node ports: then it stays as it was.
        let type_of = |number: u8| TYPES[usize::from(number) % TYPES.len()];
        let headless = |number: u8| type_of(number) == "clusterIP: None";
        let has_doors = |number: u8| ["NodePort", "LoadBalancer"].iter().any(|t| type_of(number).contains(t));
        let turns = |old: &u8| number.is_some_and(|new| headless(new) && !headless(*old));
        let opens = |old: &u8| number.is_some_and(|new| headless(*old) && has_doors(new));
        let old = objects.get(&key).filter(|_| KINDS[key.0] == "Service");
        let refused = old.is_some_and(|old| turns(old) || opens(old));
        let code = if old.is_some_and(opens) { "validation/invalid" } else { "validation/immutable" };
        let after = if refused {
            let manifest = parse(&text(&edited), &Manifest::default());
            let after = Cluster::next(&before, &manifest, &PodFates::new());
            prop_assert_eq!(&after.stale, std::slice::from_ref(&id));
            prop_assert!(after.problems.iter().all(|p| p.code == code), "{:?}", after.problems);
            prop_assert!(!after.problems.is_empty());
            prop_assert_eq!(holdings(&after), holdings(&before));
            after
        } else {
            next(&before, &edited)
        };
        check(&after)?;
        let now = holdings(&after);
        for (owner, held) in holdings(&before).into_iter().filter(|((owner, _), _)| *owner != id) {
            prop_assert_eq!(now.get(&owner), Some(&held));
        }
    }

    #[test]
    fn a_pod_that_goes_leaves_the_others_alone(objects in objects(), which in any::<prop::sample::Index>()) {
        let before = next(&Cluster::default(), &objects);
        prop_assume!(!before.pods.is_empty());
        let gone = &before.pods[which.index(before.pods.len())];
        let fate = PodFate { gone: true, ..PodFate::default() };
        let fates = PodFates::from_iter([((gone.id.namespace.clone(), gone.id.name.clone()), fate)]);
        let after = Cluster::next(&before, &parse(&text(&objects), &Manifest::default()), &fates);
        check(&after)?;
        let now = holdings(&after);
        for (owner, held) in holdings(&before).into_iter().filter(|((_, id), _)| *id != gone.id) {
            prop_assert_eq!(now.get(&owner), Some(&held));
        }
        let owned = *gone.written_in.0.kind != *"Pod";
        prop_assert_eq!(after.pods.len(), before.pods.len() - usize::from(!owned));
    }

    #[test]
    fn no_text_breaks_it(text in ".{0,80}", number in any::<i64>()) {
        let text = format!(
            "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {{name: {text:?}}}\nspec: {{replicas: {number}}}\n---\n\
             apiVersion: v1\nkind: Service\nmetadata: {{name: a}}\nspec: {{clusterIP: {text:?}, ports: [{{port: \
             {number}, nodePort: {number}}}]}}\n---\napiVersion: v1\nkind: Node\nmetadata: {{name: n}}\nspec: \
             {{podCIDRs: [{text:?}, 10.0.0.0/32, ffff::/1, 1.2.3.4/0]}}\n---\napiVersion: v1\nkind: Pod\nmetadata: \
             {{name: p}}\nspec: {{containers: [{{name: c, image: i}}]}}\n"
        );
        let cluster = Cluster::next(&Cluster::default(), &parse(&text, &Manifest::default()), &PodFates::default());
        prop_assert!(cluster.services.len() <= 1);
    }
}

/// How the time grows: ten times the Services must not take a hundred times as long.
#[test]
#[expect(clippy::disallowed_methods, reason = "a clock is what this test is about")]
fn big_clusters_are_built_in_good_time() {
    let build = |services: u32, replicas: u32| {
        let mut text = String::new();
        for i in 0..services {
            let _ = write!(
                text,
                "apiVersion: v1\nkind: Service\nmetadata: {{name: s{i}}}\nspec: {{selector: {{app: a{i}}}, ports: \
                 [{{port: 80}}]}}\n---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: a{i}}}\nspec: \
                 {{replicas: {replicas}, selector: {{matchLabels: {{app: a{i}}}}}, template: {{metadata: {{labels: \
                 {{app: a{i}}}}}, spec: {{containers: [{{name: c, image: i}}]}}}}}}\n---\n"
            );
        }
        let manifest = parse(&text, &Manifest::default());
        let start = Instant::now();
        let first = Cluster::next(&Cluster::default(), &manifest, &PodFates::default());
        let fresh = start.elapsed();
        let start = Instant::now();
        let again = Cluster::next(&first, &manifest, &PodFates::default());
        let edit = start.elapsed();
        println!("{services} Services, {} pods: {fresh:?} fresh, {edit:?} again", again.pods.len());
        assert_eq!(first.services.len(), services as usize);
        edit.as_secs_f64().max(1e-4)
    };
    let small = build(100, 10);
    let large = build(1_000, 1);
    assert!(large < small * 60.0, "{small} → {large}");
}
