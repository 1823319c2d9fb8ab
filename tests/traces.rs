//! Readable cases: a manifest, requests and the traces they must leave
//! (`tests/traces/*.yaml`). A hop is written
//! `Kind from -> to, because reason, decided by object field`; `*` stands for anything
//! but a space, for names and addresses that are generated.

use portolan::cluster::{Cluster, PodFate, PodFates, Protocol};
use portolan::manifest::{Manifest, parse};
use portolan::proxy::Tables;
use portolan::routing::{Destination, Hop, Network, Outcome, Place, Request, Source, Trace};
use portolan::words::reasons;
use serde_json::Value;
use std::rc::Rc;

#[test]
fn requests_go_the_way_that_is_written() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/traces");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|f| f.unwrap().path()).collect();
    files.sort();
    assert!(files.len() > 20, "cases are missing");
    let mut failures = Vec::new();
    for file in files {
        let name = file.file_stem().unwrap().to_string_lossy().into_owned();
        let case: Value = serde_yaml::from_str(&std::fs::read_to_string(&file).unwrap())
            .unwrap_or_else(|e| panic!("{name}: {e}"));
        failures.extend(run(&case).into_iter().map(|f| format!("{name}: {f}")));
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

fn run(case: &Value) -> Vec<String> {
    let network = network(case);
    let mut tables = Tables::default();
    let mut failures = Vec::new();
    let requests = case["requests"].as_array().expect("requests");
    let mut pods: Vec<String> = Vec::new();
    for (n, wanted) in requests.iter().enumerate() {
        let request = request(wanted);
        let seed = wanted["seed"].as_u64().unwrap_or(1);
        let at = wanted["at"].as_u64().unwrap_or(0);
        let (trace, next) = network.route(&request, &tables, seed, at);
        tables = next;
        pods.push(trace.served_by().map_or(String::new(), |p| p.name.to_string()));
        let got: Vec<String> = trace.hops.iter().map(line).collect();
        let lines = strings(&wanted["hops"]);
        let same = got.len() == lines.len() && got.iter().zip(&lines).all(|(g, w)| glob(w, g));
        if !same {
            failures.push(format!("request {n}: hops are\n      - {}", got.join("\n      - ")));
        }
        let outcome = outcome(&trace.outcome);
        if !glob(
            &wanted["outcome"].as_str().map_or_else(|| wanted["outcome"].to_string(), str::to_owned),
            &outcome,
        ) {
            failures.push(format!("request {n}: outcome is\n    outcome: {outcome}"));
        }
        for said in strings(&wanted["says"]) {
            if !words(&trace).contains(&said) {
                failures.push(format!("request {n}: nobody says {said:?}; but\n{}", words(&trace)));
            }
        }
        if let Some(sees) = wanted["sees"].as_str() {
            let source = trace.hops.last().and_then(|h| h.after.as_ref()).map(|p| p.source_ip.to_string());
            if !source.as_deref().is_some_and(|s| glob(sees, s)) {
                failures.push(format!("request {n}: the end sees {source:?}, not {sees}"));
            }
        }
        if let Some(other) = wanted["same pod as"].as_u64()
            && pods[other as usize] != pods[n]
        {
            failures.push(format!("request {n}: {} instead of {}", pods[n], pods[other as usize]));
        }
    }
    failures
}

fn network(case: &Value) -> Network {
    let manifest = parse(case["manifest"].as_str().expect("a manifest"), &Manifest::default());
    assert_eq!(manifest.problems(), [], "{}", case["about"]);
    let mut fates = PodFates::default();
    for (pod, fate) in case["fates"].as_object().into_iter().flatten() {
        let fate = match fate.as_str().expect("a fate") {
            "unready" => PodFate { ready: Some(false), ..PodFate::default() },
            "terminating" => PodFate { terminating: true, ..PodFate::default() },
            "starting" => PodFate { starting: true, ..PodFate::default() },
            other => panic!("no fate {other}"),
        };
        fates.insert(("default".into(), pod.as_str().into()), fate);
    }
    let cluster = Cluster::next(&Cluster::default(), &manifest, &fates);
    assert_eq!(cluster.problems, [], "{}", case["about"]);
    Network::new(Rc::new(cluster))
}

fn request(wanted: &Value) -> Request {
    let text = |key: &str| wanted[key].as_str().unwrap_or_else(|| panic!("no {key} in {wanted}"));
    let from = match text("from").split_once(' ') {
        Some(("pod", name)) => {
            let (namespace, name) = name.split_once('/').unwrap_or(("default", name));
            Source::Pod { namespace: namespace.into(), name: name.into() }
        }
        Some(("node", name)) => Source::Node { name: name.into() },
        Some(("internet", ip)) => Source::Internet { ip: ip.parse().unwrap() },
        _ => panic!("from whom? {wanted}"),
    };
    let to = text("to");
    let to = to.parse().map_or_else(|_| Destination::Name(to.into()), Destination::Ip);
    Request {
        from,
        to,
        port: wanted["port"].as_u64().unwrap_or(80) as u16,
        protocol: Protocol::parse(wanted["protocol"].as_str().unwrap_or("TCP")).unwrap(),
        host: wanted["host"].as_str().map(Rc::from),
        path: wanted["path"].as_str().unwrap_or("/").into(),
    }
}

fn line(hop: &Hop) -> String {
    let reason = serde_json::to_value(&hop.reason).unwrap();
    let because = reason["because"].as_str().unwrap_or("?").to_owned();
    let mut line = format!("{:?} {} -> {}, because {because}", hop.kind, place(&hop.from), place(&hop.to));
    if let Some(field) = hop.fields.first() {
        line += &format!(", decided by {} {} {}", field.object.kind, field.object.name, field.path);
    }
    line
}

fn place(place: &Place) -> String {
    match place {
        Place::Internet(_) => "internet".into(),
        Place::External(host) => format!("outside {host}"),
        Place::LoadBalancer(service) => format!("balancer {}", service.name),
        Place::Resolver => "resolver".into(),
        Place::Node(node) => node.to_string(),
        Place::NodePort(node, port) => format!("{node}:{port}"),
        Place::Rules(node) => format!("rules {node}"),
        Place::Pod(pod) => pod.name.to_string(),
        Place::Service(service) => format!("card {}", service.name),
        Place::Nowhere(what) => format!("nowhere {what}"),
    }
}

fn outcome(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Served { pod, status } => format!("{status} from {}", pod.name),
        Outcome::ServedOutside { host } => format!("answered by {host}"),
        Outcome::ServedByNode { node, status } => format!("{status} from {node}"),
        Outcome::HttpError { status } => format!("{status}"),
        other => format!("{other:?}"),
    }
}

fn words(trace: &Trace) -> String {
    let all = trace.hops.iter().map(|hop| reasons::hop(trace, hop));
    all.map(|w| format!("{} | {} | {}", w.title, w.why, w.fix)).collect::<Vec<_>>().join("\n")
}

fn strings(list: &Value) -> Vec<String> {
    list.as_array().into_iter().flatten().filter_map(|v| v.as_str().map(str::to_owned)).collect()
}

/// Whether a text fits a pattern in which `*` is anything but a space.
fn glob(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((before, rest)) => text.strip_prefix(before).is_some_and(|text| {
            let end = text.find(' ').unwrap_or(text.len());
            (0..=end).filter(|&i| text.is_char_boundary(i)).any(|i| glob(rest, &text[i..]))
        }),
    }
}
