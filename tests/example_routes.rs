//! What the examples tell people to look for, routed for real.

use portolan::cluster::{Cluster, PodFate, PodFates, Protocol};
use portolan::lint;
use portolan::manifest::{Manifest, ObjectRef, parse};
use portolan::proxy::Tables;
use portolan::routing::{Destination, Hop, HopKind, Network, Outcome, Packet, Place, Request, Source, Trace};
use portolan::session::examples::{ALL, by_id};
use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr};
use std::rc::Rc;

const CLIENT: IpAddr = IpAddr::V4(Ipv4Addr::new(203, 0, 113, 9));
/// Enough for each of three equally likely pods to come up.
const SEEDS: u64 = 60;

/// An example's network.
struct Story {
    net: Network,
}

impl Story {
    fn new(id: &str) -> Self {
        Self::of(by_id(id).unwrap_or_else(|| panic!("no example {id}")).text)
    }

    fn of(text: &str) -> Self {
        let manifest = parse(text, &Manifest::default());
        let cluster = Cluster::next(&Cluster::default(), &manifest, &PodFates::default());
        Self { net: Network::new(Rc::new(cluster)) }
    }

    /// The same text after a pod was deleted.
    fn without(&self, id: &str, pod: &ObjectRef) -> Self {
        let manifest = parse(by_id(id).expect("the example").text, &Manifest::default());
        let mut fates = PodFates::default();
        let fate = PodFate { gone: true, ..PodFate::default() };
        fates.insert((pod.namespace.clone(), pod.name.clone()), fate);
        Self { net: Network::new(Rc::new(Cluster::next(self.cluster(), &manifest, &fates))) }
    }

    fn cluster(&self) -> &Cluster {
        self.net.cluster()
    }

    /// Names of the pods that have a label `app`.
    fn pods(&self, app: &str) -> BTreeSet<Rc<str>> {
        let has = |label: &(Rc<str>, Rc<str>)| &*label.0 == "app" && &*label.1 == app;
        let pods = self.cluster().pods.iter().filter(|pod| pod.labels.iter().any(has));
        pods.map(|pod| pod.id.name.clone()).collect()
    }

    fn node_of(&self, namespace: &str, pod: &str) -> Rc<str> {
        self.cluster().pod(namespace, pod).expect("the pod").node.clone().expect("a node")
    }

    fn node_ip(&self, node: &str) -> IpAddr {
        self.cluster().node(node).expect("the node").addresses[0]
    }

    fn balancer_ip(&self, service: &str) -> Destination {
        Destination::Ip(self.cluster().service("default", service).expect("it").load_balancer_ips[0].0)
    }

    fn route(&self, request: &Request, seed: u64) -> Trace {
        self.net.route(request, &Tables::default(), seed, 0).0
    }

    /// The same request with many seeds.
    fn routes(&self, request: &Request) -> Vec<Trace> {
        (0..SEEDS).map(|seed| self.route(request, seed)).collect()
    }
}

fn pod(namespace: &str, name: &str) -> Source {
    Source::Pod { namespace: namespace.into(), name: name.into() }
}

fn shell() -> Source {
    pod("default", "shell")
}

fn outside() -> Source {
    Source::Internet { ip: CLIENT }
}

fn name(name: &str) -> Destination {
    Destination::Name(name.into())
}

fn ask(from: Source, to: Destination, port: u16) -> Request {
    Request { from, to, port, protocol: Protocol::Tcp, host: None, path: "/".into() }
}

fn http(host: &str, path: &str) -> Request {
    Request { path: path.into(), ..ask(outside(), name(host), 80) }
}

/// Names of the pods that answered; every trace must have been answered by one.
fn servers(traces: &[Trace]) -> BTreeSet<Rc<str>> {
    traces.iter().map(|trace| trace.served_by().unwrap_or_else(|| panic!("{trace:?}")).name.clone()).collect()
}

/// The packet as it arrives.
fn arriving(trace: &Trace) -> &Packet {
    let last = trace.hops.last().expect("a hop");
    last.after.as_ref().or(last.before.as_ref()).expect("a packet")
}

fn rewrites(trace: &Trace) -> impl Iterator<Item = &Hop> {
    trace.hops.iter().filter(|hop| hop.kind == HopKind::Rewrite)
}

/// The node whose rules decided first.
fn deciding_node(trace: &Trace) -> Rc<str> {
    match rewrites(trace).next().map(|hop| &hop.to) {
        Some(Place::Rules(node) | Place::Node(node)) => node.clone(),
        other => panic!("{other:?}"),
    }
}

fn passes(trace: &Trace, place: impl Fn(&Place) -> bool) -> bool {
    trace.hops.iter().any(|hop| place(&hop.from) || place(&hop.to))
}

fn resolved(trace: &Trace) -> bool {
    trace.hops.iter().any(|hop| hop.kind == HopKind::Resolve)
}

#[test]
fn stable_name() {
    let before = Story::new("stable-name");
    let gone = before.cluster().pods.iter().find(|pod| pod.labels.iter().any(|(_, v)| &**v == "web"));
    let gone = gone.expect("a web pod");
    let old = ask(shell(), Destination::Ip(gone.ips[0]), 8080);
    assert_eq!(before.route(&old, 0).served_by(), Some(&gone.id));

    let after = before.without("stable-name", &gone.id);
    let address = |story: &Story| story.cluster().service("default", "web").expect("web").cluster_ips.clone();
    assert_eq!(address(&before), address(&after));
    assert_eq!(after.pods("web").len(), 3);
    assert!(!after.pods("web").contains(&gone.id.name), "a new name");
    assert!(after.cluster().pods.iter().all(|pod| pod.ips != gone.ips), "a new address");
    assert!(after.route(&old, 0).cause().is_some(), "the old address fails");
    assert_eq!(servers(&after.routes(&ask(shell(), name("web"), 80))), after.pods("web"));
}

#[test]
fn cluster_ip() {
    let story = Story::new("cluster-ip");
    for frontend in story.pods("frontend") {
        let traces = story.routes(&ask(pod("default", &frontend), name("api"), 80));
        assert_eq!(servers(&traces), story.pods("api"), "by chance, anew for each connection");
        for trace in &traces {
            assert_eq!(deciding_node(trace), story.node_of("default", &frontend), "the caller's own node");
        }
    }
    let address = story.cluster().service("default", "api").expect("api").cluster_ips[0];
    assert!(story.route(&ask(outside(), Destination::Ip(address), 80), 0).cause().is_some());
}

#[test]
fn node_port() {
    let story = Story::new("node-port");
    let homes: BTreeSet<_> = story.pods("web").iter().map(|pod| story.node_of("default", pod)).collect();
    let mut sent_on = 0;
    for node in &story.cluster().nodes {
        let ip = story.node_ip(&node.id.name);
        let traces = story.routes(&ask(outside(), Destination::Ip(ip), 30080));
        assert_eq!(servers(&traces), story.pods("web"), "{}", node.id.name);
        for trace in &traces {
            assert_eq!(arriving(trace).source_ip, ip, "the pod sees the node's address");
            let home = story.node_of("default", &trace.served_by().expect("a pod").name);
            sent_on += usize::from(home != node.id.name);
        }
    }
    assert!(homes.len() < story.cluster().nodes.len() && sent_on > 0);
}

#[test]
fn load_balancer() {
    let story = Story::new("load-balancer");
    let to = story.balancer_ip("web");
    let traces = story.routes(&ask(outside(), to.clone(), 80));
    assert_eq!(servers(&traces), story.pods("web"));
    assert!(traces.iter().all(|trace| passes(trace, |place| matches!(place, Place::LoadBalancer(_)))));
    let first_nodes: BTreeSet<_> = traces.iter().map(deciding_node).collect();
    assert_eq!(first_nodes.len(), 3, "some node");
    let elsewhere = |trace: &&Trace| {
        deciding_node(trace) != story.node_of("default", &trace.served_by().expect("a pod").name)
    };
    assert!(traces.iter().any(|trace| elsewhere(&trace)), "perhaps on another node");

    for trace in story.routes(&ask(shell(), to, 80)) {
        assert_eq!(deciding_node(&trace), story.node_of("default", "shell"));
        assert!(!passes(&trace, |place| matches!(place, Place::LoadBalancer(_) | Place::Internet(_))));
    }
}

#[test]
fn external_name() {
    let story = Story::new("external-name");
    let billing = story.route(&ask(shell(), name("billing"), 443), 0);
    assert_eq!(billing.outcome, Outcome::ServedOutside { host: "billing.example.com".into() });
    assert_eq!(rewrites(&billing).count(), 0, "no rules");
    let stock = story.route(&ask(shell(), name("stock"), 80), 0);
    assert_eq!(stock.served_by(), Some(&ObjectRef::new("Pod", "depot", "stock")));
}

#[test]
fn ingress() {
    let story = Story::new("ingress");
    for (host, path, app) in [
        ("shop.example.com", "/", "web"),
        ("shop.example.com", "/api", "api"),
        ("shop.example.com", "/api/v1", "api"),
        ("shop.example.com", "/apis", "web"),
        ("docs.example.com", "/guide", "docs"),
    ] {
        let trace = story.route(&http(host, path), 0);
        assert_eq!(servers(std::slice::from_ref(&trace)), story.pods(app), "{host}{path}");
        let proxied = trace.hops.iter().position(|hop| hop.kind == HopKind::Proxy).expect("a proxy");
        let direct = |hop: &Hop| hop.kind != HopKind::Rewrite;
        assert!(trace.hops[proxied..].iter().all(direct), "straight to a pod");
    }
    for path in ["/guide/", "/", "/guide/more"] {
        let trace = story.route(&http("docs.example.com", path), 0);
        assert_eq!(trace.outcome, Outcome::HttpError { status: 404 }, "{path}");
    }
}

#[test]
fn external_database() {
    let story = Story::new("external-database");
    let app = story.pods("app").into_iter().next().expect("an app pod");
    let request = ask(pod("default", &app), name("db"), 5432);
    let hosts: BTreeSet<_> = story
        .routes(&request)
        .into_iter()
        .map(|trace| match trace.outcome {
            Outcome::ServedOutside { host } => host,
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(hosts, BTreeSet::from(["192.0.2.10".into(), "192.0.2.11".into()]));

    let text = by_id("external-database").expect("the example").text;
    let untied = text.replace("    kubernetes.io/service-name: db", "    some: label");
    assert_ne!(untied, text);
    assert_eq!(Story::of(&untied).route(&request, 0).outcome, Outcome::Refused);
}

#[test]
fn other_namespace() {
    let story = Story::new("other-namespace");
    for (asked, namespace) in [("api", "blue"), ("api.green", "green"), ("api.blue", "blue")] {
        let trace = story.route(&ask(pod("blue", "shell"), name(asked), 80), 0);
        assert_eq!(trace.served_by(), Some(&ObjectRef::new("Pod", namespace, "api")), "{asked}");
    }
}

#[test]
fn headless() {
    let before = Story::new("headless");
    let traces = before.routes(&ask(shell(), name("db"), 5432));
    assert_eq!(servers(&traces), before.pods("db"), "the client picks one");
    assert!(traces.iter().all(|trace| rewrites(trace).count() == 0), "no rule is in between");
    assert_eq!(before.route(&ask(shell(), name("db"), 80), 0).outcome, Outcome::Refused, "no port is mapped");

    let one = ask(shell(), name("db-1.db"), 5432);
    let gone = ObjectRef::new("Pod", "default", "db-1");
    let old = before.route(&one, 0);
    assert_eq!(old.served_by(), Some(&gone));
    let new = before.without("headless", &gone).route(&one, 0);
    assert_eq!(new.served_by(), Some(&gone), "after that pod was replaced");
    assert_ne!(arriving(&old).destination_ip, arriving(&new).destination_ip);
}

#[test]
fn two_ports() {
    let story = Story::new("two-ports");
    let arrived: BTreeSet<_> = story
        .routes(&ask(shell(), name("web"), 80))
        .iter()
        .map(|trace| (trace.served_by().expect("a pod").name.to_string(), arriving(trace).destination_port))
        .collect();
    assert_eq!(arrived, BTreeSet::from([("old".to_owned(), 8080), ("new".to_owned(), 9090)]));
    let stats = ask(shell(), name("web"), 8125);
    let udp = Request { protocol: Protocol::Udp, ..stats.clone() };
    assert_eq!(servers(&story.routes(&udp)).len(), 2);
    assert!(story.route(&stats, 0).cause().is_some(), "a TCP connection finds nobody");
}

#[test]
fn selector_typo() {
    let request = ask(shell(), name("api"), 80);
    let trace = Story::new("selector-typo").route(&request, 0);
    assert!(resolved(&trace), "the name still resolves");
    assert_eq!(trace.outcome, Outcome::Refused);
    let story = Story::of(&by_id("selector-typo").expect("the example").text.replace("apj", "api"));
    assert_eq!(servers(&story.routes(&request)), story.pods("api"));
}

#[test]
fn session_affinity() {
    let story = Story::new("session-affinity");
    let mut firsts = BTreeSet::new();
    let mut changed = false;
    for client in story.pods("client") {
        let request = ask(pod("default", &client), name("cart"), 80);
        for seed in 0..SEEDS {
            let (first, tables) = story.net.route(&request, &Tables::default(), seed, 0);
            firsts.insert(first.served_by().expect("a pod").name.clone());
            // Each visit begins the ten minutes anew.
            let (second, tables) = story.net.route(&request, &tables, seed + 1000, 500_000);
            let (third, tables) = story.net.route(&request, &tables, seed + 2000, 1_000_000);
            assert_eq!(second.served_by(), first.served_by());
            assert_eq!(third.served_by(), first.served_by());
            let (late, _) = story.net.route(&request, &tables, seed + 3000, 1_601_000);
            changed |= late.served_by() != first.served_by();
        }
    }
    assert_eq!(firsts, story.pods("cart"), "by chance");
    assert!(changed, "ten minutes without a visit");
}

#[test]
fn traffic_policy_local() {
    let story = Story::new("traffic-policy-local");
    let to = story.balancer_ip("web");
    for trace in story.routes(&ask(outside(), to.clone(), 80)) {
        let home = story.node_of("default", &trace.served_by().expect("a pod").name);
        assert_eq!(deciding_node(&trace), home, "its own pods only");
        assert_eq!(arriving(&trace).source_ip, CLIENT, "the client's own address");
    }
    let homes: BTreeSet<_> = story.pods("web").iter().map(|pod| story.node_of("default", pod)).collect();
    let door =
        story.cluster().service("default", "web").expect("web").ports[0].node_port.expect("a node port");
    for node in &story.cluster().nodes {
        let trace = story.route(&ask(outside(), Destination::Ip(story.node_ip(&node.id.name)), door), 0);
        if homes.contains(&node.id.name) {
            assert!(trace.served_by().is_some());
        } else {
            assert_eq!(trace.outcome, Outcome::TimedOut, "waits in vain");
        }
    }
    assert_eq!(homes.len(), 2);
    assert_eq!(servers(&story.routes(&ask(shell(), to, 80))), story.pods("web"), "reaches every pod");
}

#[test]
fn shop() {
    let story = Story::new("shop");
    for (request, app) in [
        (http("shop.example.com", "/"), "web"),
        (http("shop.example.com", "/api/orders"), "api"),
        (http("img.example.com", "/logo.png"), "img"),
        (ask(outside(), story.balancer_ip("chat"), 5222), "chat"),
        (ask(outside(), Destination::Ip(story.node_ip("node-b")), 30090), "admin"),
    ] {
        let served = servers(&story.routes(&request));
        assert!(!served.is_empty() && served.is_subset(&story.pods(app)), "{app}");
    }
    let web = story.pods("web").into_iter().next().expect("a web pod");
    for (service, port, host) in [("db", 5432, "192.0.2.10"), ("pay", 443, "pay.example.net")] {
        let trace = story.route(&ask(pod("default", &web), name(service), port), 0);
        assert_eq!(trace.outcome, Outcome::ServedOutside { host: host.into() }, "{service} lies outside");
    }
}

/// What happens by itself when an example is opened goes well, but where it teaches a failure.
#[test]
fn invited_requests_are_answered() {
    for example in ALL {
        let story = Story::new(example.id);
        let invited = story.net.invited();
        assert!(!invited.is_empty(), "{}", example.id);
        for request in invited {
            for trace in story.routes(&request) {
                let answered =
                    matches!(trace.outcome, Outcome::Served { .. } | Outcome::ServedOutside { .. });
                assert_eq!(answered, example.id != "selector-typo", "{}: {trace:?}", example.id);
            }
        }
    }
}

/// Lints speak of what an example is about, and of nothing else.
#[test]
fn lints_are_those_that_are_meant() {
    for example in ALL {
        let manifest = parse(example.text, &Manifest::default());
        let story = Story::new(example.id);
        let codes: BTreeSet<_> = lint::all(&manifest, story.cluster()).iter().map(|p| p.code).collect();
        let meant: &[&str] = match example.id {
            "selector-typo" => &["lint/selector-matches-nothing"],
            "traffic-policy-local" | "shop" => &["lint/local-without-endpoint"],
            _ => &[],
        };
        assert_eq!(codes.into_iter().collect::<Vec<_>>(), meant, "{}", example.id);
    }
}
