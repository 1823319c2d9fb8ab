//! What holds for every request in every cluster.

use portolan::cluster::{Cluster, PodFate, PodFates, Protocol};
use portolan::manifest::{Manifest, parse};
use portolan::proxy::Tables;
use portolan::routing::{Destination, HopKind, Network, Outcome, Place, Reason, Request, Source, Trace};
use portolan::words::reasons;
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::rc::Rc;

const APPS: [&str; 3] = ["web", "api", "db"];

/// A cluster: pods (app, node, fate) and Services (type, policies, app, headless…).
#[derive(Debug, Clone)]
struct Plan {
    pods: Vec<(usize, usize, u8)>,
    services: Vec<(u8, bool, bool, usize, bool)>,
    /// Services that an Ingress leads to, each by a host of its own.
    fronted: Vec<usize>,
}

fn plan() -> impl Strategy<Value = Plan> {
    let pods = prop::collection::vec((0..3_usize, 0..3_usize, 0..5_u8), 0..7);
    let services =
        prop::collection::vec((0..5_u8, any::<bool>(), any::<bool>(), 0..3_usize, any::<bool>()), 1..5);
    let fronted = prop::collection::vec(0..5_usize, 0..3);
    (pods, services, fronted).prop_map(|(pods, services, fronted)| Plan { pods, services, fronted })
}

fn network(plan: &Plan) -> Network {
    let mut text = String::new();
    let mut fates = PodFates::default();
    for (i, &(app, node, fate)) in plan.pods.iter().enumerate() {
        let node = ["node-a", "node-b", "node-c"][node];
        let _ = write!(
            text,
            "apiVersion: v1\nkind: Pod\nmetadata: {{name: p{i}, labels: {{app: {}, tier: t{}}}}}\nspec:\n  nodeName: {node}\n  containers: [{{name: c, image: i, ports: [{{containerPort: 8080}}]}}]\n---\n",
            APPS[app],
            i % 2
        );
        let fate = match fate {
            0 => PodFate { ready: Some(false), ..PodFate::default() },
            1 => PodFate { terminating: true, ..PodFate::default() },
            2 => PodFate { starting: true, ..PodFate::default() },
            _ => continue,
        };
        fates.insert(("default".into(), format!("p{i}").into()), fate);
    }
    for (i, &(kind, internal, external, app, affinity)) in plan.services.iter().enumerate() {
        let kind_name =
            ["ClusterIP", "ClusterIP", "NodePort", "LoadBalancer", "ExternalName"][usize::from(kind)];
        let mut spec = format!("  type: {kind_name}\n  ports: [{{port: 80, targetPort: 8080}}]\n");
        if kind == 4 {
            spec += "  externalName: db.example.net\n";
        } else {
            // Some want a second label, which half of the pods have.
            let tier = if affinity { ", tier: t0" } else { "" };
            let _ = writeln!(spec, "  selector: {{app: {}{tier}}}", APPS[app]);
            if kind == 1 {
                spec += "  clusterIP: None\n";
            }
            if internal {
                spec += "  internalTrafficPolicy: Local\n";
            }
            if external && kind > 1 {
                spec += "  externalTrafficPolicy: Local\n";
            }
            if affinity {
                spec += "  sessionAffinity: ClientIP\n";
            }
        }
        let _ = write!(text, "apiVersion: v1\nkind: Service\nmetadata: {{name: s{i}}}\nspec:\n{spec}---\n");
    }
    for (i, service) in plan.fronted.iter().enumerate() {
        let _ = write!(
            text,
            "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {{name: i{i}}}\nspec:\n  ingressClassName: nginx\n  rules:\n  - host: h{i}.example\n    http: {{paths: [{{path: /, pathType: Prefix, backend: {{service: {{name: s{service}, port: {{number: 80}}}}}}}}]}}\n---\n"
        );
    }
    let cluster = Cluster::next(&Cluster::default(), &parse(&text, &Manifest::default()), &fates);
    Network::new(Rc::new(cluster))
}

/// What a person might ask for besides what is invited.
fn odd_requests(network: &Network) -> Vec<Request> {
    let mut all = Vec::new();
    let cluster = network.cluster();
    let mut sources = vec![
        Source::Internet { ip: [203, 0, 113, 9].into() },
        Source::Node { name: "node-a".into() },
        Source::Node { name: "no-such-node".into() },
        Source::Pod { namespace: "default".into(), name: "no-such-pod".into() },
    ];
    sources.extend(
        cluster
            .pods
            .iter()
            .take(3)
            .map(|p| Source::Pod { namespace: p.id.namespace.clone(), name: p.id.name.clone() }),
    );
    let mut targets: Vec<Destination> =
        ["s0", "s0.default", "s9", "s0.default.svc.cluster.local.", "db.example.net", "", ".", "a..b", "::1"]
            .map(|n| Destination::Name(n.into()))
            .into();
    let ips = ["127.0.0.1", "10.0.0.11", "10.96.0.1", "10.244.1.1", "8.8.8.8", "fd00::1"];
    targets.extend(ips.map(|ip| Destination::Ip(ip.parse().unwrap())));
    targets.extend(cluster.services.iter().flat_map(|s| &s.cluster_ips).map(|&ip| Destination::Ip(ip)));
    targets.extend(
        cluster.services.iter().flat_map(|s| &s.load_balancer_ips).map(|&(ip, _)| Destination::Ip(ip)),
    );
    targets.extend(cluster.pods.iter().flat_map(|p| p.ips.iter()).map(|&ip| Destination::Ip(ip)));
    for from in &sources {
        for to in &targets {
            for (port, protocol) in [(80, Protocol::Tcp), (8080, Protocol::Tcp), (80, Protocol::Udp)] {
                let (from, to) = (from.clone(), to.clone());
                all.push(Request { from, to, port, protocol, host: None, path: "/".into() });
            }
        }
    }
    all
}

fn check(network: &Network, trace: &Trace) -> Result<(), TestCaseError> {
    let ends = |kind| matches!(kind, HopKind::Answer | HopKind::Fail);
    prop_assert_eq!(trace.hops.iter().filter(|h| ends(h.kind)).count(), 1);
    let last = trace.hops.last().expect("a hop");
    prop_assert!(ends(last.kind));
    prop_assert!(trace.hops.len() <= 12, "{} hops", trace.hops.len());
    prop_assert_eq!(trace.cause().is_some(), last.kind == HopKind::Fail);
    let well = matches!(
        trace.outcome,
        Outcome::Served { .. } | Outcome::ServedOutside { .. } | Outcome::ServedByNode { .. }
    );
    prop_assert_eq!(well, last.kind == HopKind::Answer);
    for pair in trace.hops.windows(2) {
        prop_assert_eq!(&pair[0].to, &pair[1].from);
    }
    let shown: Vec<_> = trace.hops.iter().filter_map(|h| h.concept.as_ref()).collect();
    for pair in shown.windows(2) {
        prop_assert_eq!(&pair[0].1, &pair[1].0);
    }
    prop_assert!(!shown.is_empty());
    for hop in &trace.hops {
        let words = reasons::hop(trace, hop);
        prop_assert!(!words.title.is_empty() && !words.why.is_empty(), "{:?}", hop.reason);
        prop_assert_eq!(words.fix.is_empty(), hop.kind != HopKind::Fail, "{:?}", hop.reason);
    }
    // Who answers behind a Service's rules is one whom the Service selects, and ready if any is.
    // Behind an ingress controller it is the controller that chooses, last.
    let through = trace.hops.iter().rev().find_map(|h| match &h.reason {
        Reason::Endpoint { service, terminating, .. } => Some((service, *terminating)),
        Reason::ControllerPicks { service, .. } => Some((service, false)),
        _ => None,
    });
    if let (Some((service, terminating)), Some(pod)) = (through, trace.served_by()) {
        let cluster = network.cluster();
        let service = cluster.service(&service.namespace, &service.name).expect("the Service");
        let pod = cluster.pod(&pod.namespace, &pod.name).expect("the pod");
        let selector = service.selector().expect("a selector");
        prop_assert!(selector.iter().all(|pair| pod.labels.contains(pair)));
        prop_assert!(pod.ready || terminating);
        prop_assert_eq!(pod.terminating, terminating);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn traces_hold_together(plan in plan(), seed in any::<u64>()) {
        let network = network(&plan);
        let mut requests = network.invited();
        prop_assert!(requests.iter().all(|r| requests.iter().filter(|o| *o == r).count() == 1));
        requests.extend(odd_requests(&network));
        let mut tables = Tables::default();
        for (n, request) in requests.iter().enumerate() {
            let (n, seed) = (n as u64, seed.wrapping_add(n as u64));
            let (trace, next) = network.route(request, &tables, seed, n);
            check(&network, &trace)?;
            let again = network.route(request, &tables, seed, n);
            prop_assert_eq!(&again.0, &trace);
            prop_assert_eq!(&again.1, &next);
            tables = next;
        }
    }
}

#[test]
fn chance_is_the_same_for_every_endpoint() {
    let pods = [(0, 0, 9), (0, 1, 9), (0, 2, 9), (1, 0, 9)].to_vec();
    let network = network(&Plan { pods, services: vec![(0, false, false, 0, false)], fronted: vec![] });
    let request = &network.invited()[0];
    assert_eq!(request.from, Source::Pod { namespace: "default".into(), name: "p3".into() });
    let mut counts: BTreeMap<String, u32> = BTreeMap::new();
    for seed in 0..9_000 {
        let (trace, tables) = network.route(request, &Tables::default(), seed, 0);
        assert_eq!(tables, Tables::default());
        *counts.entry(trace.served_by().expect("a pod").name.to_string()).or_default() += 1;
    }
    // Standard deviation is 45; five of them.
    assert_eq!(counts.len(), 3);
    assert!(counts.values().all(|n| n.abs_diff(3_000) < 225), "{counts:?}");
}

#[test]
fn an_empty_cluster_invites_nothing_and_survives_anything() {
    let network = Network::new(Rc::new(Cluster::default()));
    assert_eq!(network.invited(), []);
    for request in odd_requests(&network) {
        let (trace, _) = network.route(&request, &Tables::default(), 1, 1);
        check(&network, &trace).unwrap();
    }
    let last = |r: &Request| network.route(r, &Tables::default(), 1, 1).0.hops.last().unwrap().to.clone();
    let from = Source::Internet { ip: [203, 0, 113, 9].into() };
    let to = Destination::Name("www.example.org".into());
    let request = Request { from, to, port: 80, protocol: Protocol::Tcp, host: None, path: "/".into() };
    assert_eq!(last(&request), Place::External("www.example.org".into()));
}

/// What comes of names asked for by a pod of `default`: the outcome, why, and what would mend it.
fn asked(name: &str) -> (Outcome, String, String) {
    let text = "apiVersion: v1\nkind: Pod\nmetadata: {name: me}\nspec: {containers: [{name: c, image: i}]}\n---\n\
        apiVersion: v1\nkind: Service\nmetadata: {name: api, namespace: blue}\nspec: {ports: [{port: 80}]}\n---\n\
        apiVersion: v1\nkind: Service\nmetadata: {name: out}\nspec: {type: ExternalName, externalName: db.corp}\n";
    let manifest = parse(text, &Manifest::default());
    let cluster = Cluster::next(&Cluster::default(), &manifest, &PodFates::default());
    let network = Network::new(Rc::new(cluster));
    let from = Source::Pod { namespace: "default".into(), name: "me".into() };
    let to = Destination::Name(name.into());
    let request = Request { from, to, port: 80, protocol: Protocol::Tcp, host: None, path: "/".into() };
    let (trace, _) = network.route(&request, &Tables::default(), 1, 1);
    let hop = trace.hops.iter().find(|hop| matches!(hop.kind, HopKind::Resolve | HopKind::Fail));
    let words = reasons::hop(&trace, hop.expect("a name is asked for"));
    (trace.outcome, words.why, words.fix)
}

#[test]
fn a_mistyped_namespace_is_no_host_outside() {
    for (name, namespace) in [
        ("api.red", "red"),
        ("api.dev", "dev"),
        ("api.red.svc", "red"),
        ("api.red.svc.cluster.local", "red"),
        ("api.red.cluster.local", "red"),
        ("web-0.api.red", "red"),
    ] {
        let (outcome, why, fix) = asked(name);
        assert_eq!(outcome, Outcome::NxDomain, "{name}");
        assert!(why.starts_with(&format!("There is no namespace {namespace}.")), "{why}");
        if name.starts_with("api") {
            assert_eq!(fix, "There is a Service api in namespace blue: ask for api.blue.");
        }
    }
    let (_, why, _) = asked("api.red");
    assert!(why.contains("passes api.red on to public DNS, which is taken not to know it"), "{why}");
    let (_, why, _) = asked("wab.blue");
    assert!(!why.contains("no namespace"), "the namespace is there: {why}");
    // A label of the cluster's is more likely than a public name of two labels.
    assert_eq!(asked("wab.blue").0, Outcome::NxDomain);
}

#[test]
fn names_that_look_public_or_stand_in_the_text_lie_outside() {
    for name in ["www.example.org", "example.com", "api.example.com", "shop.dev", "www.api.io", "db.corp"] {
        let (outcome, why, _) = asked(name);
        assert_eq!(outcome, Outcome::ServedOutside { host: name.into() }, "{name}");
        assert!(why.contains("asks nobody") && why.contains("makes up the address"), "{why}");
    }
    assert_eq!(asked("out").0, Outcome::ServedOutside { host: "db.corp".into() });
}
