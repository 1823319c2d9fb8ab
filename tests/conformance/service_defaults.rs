//! `service_defaults.json`: what admission writes into objects before validation.

use crate::objects::{id, object, rows, text};
use crate::score::{Score, same};
use portolan::cluster::allocate::{Family, families};
use portolan::cluster::{Cluster, PodFates, defaults};
use portolan::manifest::{Body, FieldPath, Manifest, parse};
use serde_json::{Value, json};

pub fn run(table: &Value, score: &mut Score) {
    for (index, row) in rows(table, "service").iter().enumerate() {
        score.case(id("service", index, row), || service(row));
    }
    for (index, row) in rows(table, "other").iter().enumerate() {
        let id = id("other", index, row);
        let name = text(row, "name");
        if name.contains("robe") {
            score.not_applicable(id, "probes run nowhere here: only whether there is one is read");
        } else if name.contains("enableServiceLinks") {
            score.not_applicable(id, "environment variables are not simulated");
        } else {
            score.case(id, || other(row));
        }
    }
    let rules = table["allocation"]["rules"].as_array().map_or(&[][..], Vec::as_slice);
    for (index, rule) in rules.iter().enumerate() {
        let rule = rule.as_str().unwrap_or("");
        let id = format!("allocation[{index}] {rule}");
        match RULES.iter().find(|(words, _)| words.iter().all(|word| rule.contains(word))) {
            Some((_, check)) => score.case(id, check),
            None => score.not_applicable(id, "a sentence that no check is written for"),
        }
    }
}

type Check = fn() -> Result<(), String>;

/// What the table says in sentences, known by words of them.
const RULES: &[(&[&str], Check)] = &[
    (&["PreferDualStack", "single-stack"], prefer_dual_stack),
    (&["RequireDualStack", "single-stack"], require_dual_stack),
    (&["already allocated"], chosen_values),
    (&["headless", "selector"], headless_without_selector),
    (&["healthCheckNodePort"], health_check_node_port),
    (&["ExternalName"], external_name),
    (&["allocateLoadBalancerNodePorts"], no_node_ports),
    (&["nodePort"], node_ports),
    (&["SingleStack"], single_stack),
];

fn service(row: &Value) -> Result<(), String> {
    let object = object(&row["in"], "v1", "Service")?;
    let Body::Service(service) = &object.body else { return Err("no Service".to_owned()) };
    let mut service = service.clone();
    defaults::service(&mut service);
    let mut stored = serde_json::to_value(&service).map_err(|e| e.to_string())?;
    stored["metadata"] = serde_json::to_value(&object.metadata).map_err(|e| e.to_string())?;
    expect(&stored, row)
}

/// Compares every path of `expect`; null means that the field stays unset.
fn expect(stored: &Value, row: &Value) -> Result<(), String> {
    for (path, expected) in row["expect"].as_object().ok_or("no expectation")? {
        let path = FieldPath::parse(&path.replace("['", "[").replace("']", "]"));
        let mut here = stored;
        for step in path.steps() {
            here = match step.index().filter(|_| here.is_array()) {
                Some(index) => &here[index],
                None => &here[step.name()],
            };
        }
        same(here, expected).map_err(|why| format!("{path}: {why}"))?;
    }
    Ok(())
}

fn other(row: &Value) -> Result<(), String> {
    let object = object(&row["in"], "v1", text(row, "kind"))?;
    let stored = match &object.body {
        Body::Endpoints(endpoints) => {
            let mut endpoints = endpoints.clone();
            defaults::endpoints(&mut endpoints);
            serde_json::to_value(&endpoints)
        }
        Body::Pod(pod) => {
            let mut pod = pod.clone();
            defaults::pod_spec(&mut pod.spec);
            serde_json::to_value(&pod)
        }
        Body::Namespace => {
            let mut metadata = (*object.metadata).clone();
            defaults::namespace_labels(&object.id.name, &mut metadata.labels);
            serde_json::to_value(&metadata).map(|metadata| json!({ "metadata": metadata }))
        }
        body => return Err(format!("no defaults known for {body:?}")),
    };
    expect(&stored.map_err(|e| e.to_string())?, row)
}

/// A Service of one family's cluster: its families, or why it is refused.
fn families_of(
    configured: &[Family],
    fill: impl Fn(&mut portolan::manifest::service::ServiceSpec),
) -> Result<(Vec<String>, Option<String>), String> {
    let mut service = portolan::manifest::Service::default();
    service.spec.type_ = Some("ClusterIP".into());
    service.spec.selector = Some(vec![("a".into(), "b".into())]);
    fill(&mut service.spec);
    families(&mut service, configured).map_err(|e| e.iter().map(ToString::to_string).collect::<String>())?;
    let names = service.spec.ip_families.iter().map(ToString::to_string).collect();
    Ok((names, service.spec.ip_family_policy.as_deref().map(str::to_owned)))
}

fn single_stack() -> Result<(), String> {
    for configured in [[Family::V4, Family::V6], [Family::V6, Family::V4]] {
        let got = families_of(&configured, |_| ())?;
        same(got, (vec![configured[0].name().to_owned()], Some("SingleStack".to_owned())))?;
    }
    Ok(())
}

fn require_dual_stack() -> Result<(), String> {
    let got = families_of(&[Family::V4], |s| s.ip_family_policy = Some("RequireDualStack".into()));
    let wanted = "this cluster is not configured for dual-stack services";
    if got.as_ref().is_err_and(|why| why.contains(wanted)) { Ok(()) } else { Err(format!("found {got:?}")) }
}

fn headless_without_selector() -> Result<(), String> {
    for configured in [&[Family::V4][..], &[Family::V4, Family::V6]] {
        let (names, policy) = families_of(configured, |s| {
            s.cluster_ip = Some("None".into());
            s.cluster_ips = vec!["None".into()];
            s.selector = None;
        })?;
        same((names.len(), policy.as_deref()), (2, Some("RequireDualStack")))?;
    }
    Ok(())
}

/// The one Service of a text, as the cluster stores it.
fn made(spec: &str) -> Result<std::rc::Rc<portolan::cluster::Service>, String> {
    let text = format!("apiVersion: v1\nkind: Service\nmetadata: {{name: s}}\nspec: {spec}\n");
    let manifest = parse(&text, &Manifest::default());
    let cluster = Cluster::next(&Cluster::default(), &manifest, &PodFates::default());
    cluster.service("default", "s").cloned().ok_or_else(|| format!("refused: {:?}", cluster.problems))
}

fn node_ports() -> Result<(), String> {
    for kind in ["NodePort", "LoadBalancer"] {
        let service =
            made(&format!("{{type: {kind}, ports: [{{name: a, port: 80}}, {{name: b, port: 81}}]}}"))?;
        let range = portolan::cluster::allocate::NODE_PORTS;
        let prefers = range.dynamic_range().ok_or("no range")?;
        for port in &service.ports {
            let number = port.node_port.ok_or("no node port")?;
            same((prefers.0..=prefers.1).contains(&number), true)?;
        }
        same(service.ports[0].node_port != service.ports[1].node_port, true)?;
    }
    same(made("{ports: [{port: 80}]}")?.ports[0].node_port, None)
}

fn no_node_ports() -> Result<(), String> {
    let service = made("{type: LoadBalancer, allocateLoadBalancerNodePorts: false, ports: [{port: 80}]}")?;
    same(service.ports[0].node_port, None)
}

fn health_check_node_port() -> Result<(), String> {
    let port = |policy: &str| -> Result<_, String> {
        let spec = format!("{{type: LoadBalancer, externalTrafficPolicy: {policy}, ports: [{{port: 80}}]}}");
        Ok(made(&spec)?.stored.spec.health_check_node_port.is_some_and(|n| n > 0))
    };
    same((port("Local")?, port("Cluster")?), (true, false))
}

fn external_name() -> Result<(), String> {
    let service = made("{type: ExternalName, externalName: a.example, ports: [{port: 80}]}")?;
    same((service.cluster_ips.len(), service.ports[0].node_port), (0, None))?;
    same(service.stored.spec.ip_families.len(), 0)
}

fn prefer_dual_stack() -> Result<(), String> {
    for family in [Family::V4, Family::V6] {
        let mut service = portolan::manifest::Service::default();
        service.spec.type_ = Some("ClusterIP".into());
        service.spec.selector = Some(vec![("a".into(), "b".into())]);
        service.spec.ip_family_policy = Some("PreferDualStack".into());
        families(&mut service, &[family]).map_err(|e| format!("{e:?}"))?;
        same(service.spec.ip_families, vec![family.name().into()])?;
    }
    Ok(())
}

fn chosen_values() -> Result<(), String> {
    let problems = |spec: [&str; 2]| {
        let document = |(index, spec): (usize, &&str)| {
            format!("apiVersion: v1\nkind: Service\nmetadata: {{name: s{index}}}\nspec: {spec}\n")
        };
        let text: Vec<String> = spec.iter().enumerate().map(document).collect();
        let manifest = parse(&text.join("---\n"), &Manifest::default());
        let cluster = Cluster::next(&Cluster::default(), &manifest, &PodFates::default());
        let messages: Vec<String> = cluster.problems.iter().map(|p| p.message.clone()).collect();
        (cluster.services.len(), messages.join("\n"))
    };
    let refused = |specs: [&str; 2], left: usize, wanted: &str| {
        let (services, messages) = problems(specs);
        same(services, left)?;
        if messages.contains(wanted) { Ok(()) } else { Err(format!("{messages:?} lacks {wanted:?}")) }
    };
    let port = "{type: NodePort, ports: [{port: 80, nodePort: 30080}]}";
    refused([port, port], 1, "provided port is already allocated")?;
    let far = "{type: NodePort, ports: [{port: 80, nodePort: 8080}]}";
    refused(
        [port, far],
        1,
        "provided port is not in the valid range. The range of valid ports is 30000-32767",
    )?;
    let ip = "{clusterIP: 10.96.0.50, ports: [{port: 80}]}";
    refused([ip, ip], 1, "provided IP is already allocated")?;
    refused([ip, "{clusterIP: 192.168.0.1, ports: [{port: 80}]}"], 1, "does not match the current range")
}
