//! Texts that ask for too much: bounded work, a message, and what is left stays right.

use portolan::cluster::limits::{ENDPOINTS, ENDPOINTS_AT_LEAST, SERVICE_PORTS};
use portolan::cluster::{Cluster, PodFates, selector};
use portolan::manifest::{Manifest, parse};
use portolan::session::{Action, Session};
use std::fmt::Write;
use std::time::Instant;

fn cluster(text: &str) -> Cluster {
    Cluster::next(&Cluster::default(), &parse(text, &Manifest::default()), &PodFates::default())
}

fn codes(cluster: &Cluster) -> Vec<&'static str> {
    cluster.problems.iter().map(|p| p.code).collect()
}

fn service_of_ports(ports: usize) -> String {
    let mut text = "apiVersion: v1\nkind: Service\nmetadata: {name: s}\nspec:\n  ports:\n".to_owned();
    for n in 1..=ports {
        let _ = writeln!(text, "  - {{name: p{n}, port: {}}}", n % 65_535 + 1);
    }
    text
}

#[test]
fn a_service_has_so_many_ports_and_no_more() {
    let most = cluster(&service_of_ports(SERVICE_PORTS));
    assert_eq!((most.services[0].ports.len(), codes(&most)), (SERVICE_PORTS, vec![]));
    let text = service_of_ports(SERVICE_PORTS + 1);
    let more = cluster(&text);
    assert_eq!((more.services[0].ports.len(), codes(&more)), (SERVICE_PORTS, vec!["limit/ports"]));
    let span = more.problems[0].span;
    assert!(text[span.start as usize..span.end as usize].contains("name: p1,"), "it stands on the list");
}

#[test]
fn endpoints_end_and_every_service_has_some_all_the_same() {
    let pods = 2_000;
    let services = ENDPOINTS / pods + 3;
    let mut text = String::new();
    for n in 0..pods {
        let _ = writeln!(
            text,
            "{{apiVersion: v1, kind: Pod, metadata: {{name: p{n}, labels: {{a: b}}}}, spec: {{containers: [{{name: c, image: i}}]}}}}\n---"
        );
    }
    for n in 0..services {
        let _ = writeln!(
            text,
            "{{apiVersion: v1, kind: Service, metadata: {{name: s{n}}}, spec: {{ports: [{{port: 80}}], selector: {{a: b}}, ipFamilyPolicy: SingleStack}}}}\n---"
        );
    }
    let cluster = cluster(&text);
    assert_eq!(codes(&cluster), ["limit/endpoints"]);
    assert!(cluster.problems[0].message.contains(" 3 Services"), "{}", cluster.problems[0].message);
    let count = |n: usize| {
        let id = &cluster.services[n].id;
        cluster.slices_of(id).map(|s| s.slice.endpoints.len()).sum::<usize>()
    };
    assert_eq!((count(0), count(services - 4)), (pods, pods));
    assert_eq!((count(services - 3), count(services - 1)), (ENDPOINTS_AT_LEAST, ENDPOINTS_AT_LEAST));
}

#[test]
fn an_object_with_very_many_errors_is_told_of_the_first_ones() {
    let mut text = "apiVersion: v1\nkind: Service\nmetadata:\n  name: s\n  labels:\n".to_owned();
    for n in 0..5_000 {
        let _ = writeln!(text, "    -bad{n}: x");
    }
    text += "spec: {ports: [{port: 80}]}\n";
    let found = cluster(&text).problems.len();
    assert!((50..=100).contains(&found), "{found}");
}

#[test]
fn a_long_selector_is_compared_as_a_short_one() {
    let pairs = |n: usize| (0..n).map(|i| (format!("k{i}").into(), "v".into())).collect::<Vec<_>>();
    let (mut other, long) = (pairs(200), pairs(200));
    assert!(selector::matches_map(&long, &other) && selector::matches_map(&pairs(60), &long));
    assert!(!selector::matches_map(&long, &pairs(199)));
    other[150].1 = "w".into();
    assert!(!selector::matches_map(&long, &other));
}

/// Four times the text must not take sixteen times as long. The whole way: reading, cluster,
/// problems, what is invited, an edit.
#[test]
#[expect(clippy::disallowed_methods, reason = "a clock is what this test is about")]
fn work_grows_with_the_text_and_not_with_its_square() {
    type Make = fn(usize) -> String;
    let shapes: [(&str, Make); 8] = [
        ("ports of a Service", |n| service_of_ports(n * 8)),
        ("paths of an Ingress", |n| {
            let mut text = "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: i}\nspec:\n  rules:\n  - http:\n      paths:\n".to_owned();
            for i in 0..n * 4 {
                let _ = writeln!(
                    text,
                    "      - {{path: /p{i}, pathType: Exact, backend: {{service: {{name: a, port: {{number: 80}}}}}}}}"
                );
            }
            text
        }),
        ("nodes", |n| {
            (0..n)
                .map(|i| format!("{{apiVersion: v1, kind: Node, metadata: {{name: n{i}}}}}\n---\n"))
                .collect()
        }),
        ("unknown kinds", |n| {
            (0..n * 2)
                .map(|i| format!("{{apiVersion: v1, kind: K{i}, metadata: {{name: a}}}}\n---\n"))
                .collect()
        }),
        ("labels of a Service and its pod", |n| {
            let labels: String = (0..n * 4).map(|i| format!("k{i}: v, ")).collect();
            format!(
                "{{apiVersion: v1, kind: Service, metadata: {{name: s}}, spec: {{ports: [{{port: 80}}], selector: {{{labels}}}}}}}\n---\n{{apiVersion: v1, kind: Pod, metadata: {{name: p, labels: {{{labels}}}}}, spec: {{containers: [{{name: c, image: i}}]}}}}\n"
            )
        }),
        ("labels of a Service", |n| {
            let labels: String = (0..n * 8).map(|i| format!("k{i}: v, ")).collect();
            format!(
                "{{apiVersion: v1, kind: Service, metadata: {{name: s, labels: {{{labels}}}}}, spec: {{ports: [{{port: 80}}]}}}}\n"
            )
        }),
        ("one key", |n| "a: 1\n".repeat(n * 20)),
        ("an endless beginning", |n| "{a: ".repeat(n * 100)),
    ];
    let time = |text: &str| {
        let start = Instant::now();
        let session = Session::open(text, None, 1);
        let _ = session.reduce(Action::Edit(format!("{text} ").into()));
        start.elapsed().as_secs_f64().max(5e-3)
    };
    for (what, make) in shapes {
        let (small, large) = (make(300), make(1_200));
        // A busy machine may be slow for once, not each time.
        let mut factor = f64::INFINITY;
        for _ in 0..5 {
            factor = factor.min(time(&large) / time(&small));
            if factor < 10.0 {
                break;
            }
        }
        println!("{what}: {factor:.1} times as long");
        assert!(factor < 10.0, "{what}: {factor:.1} times as long for four times the text");
    }
}
