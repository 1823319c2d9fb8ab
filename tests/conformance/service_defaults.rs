//! `service_defaults.json`: what admission writes into objects before validation.

use crate::objects::{id, object, rows, text};
use crate::score::{Score, same};
use portolan::cluster::allocate::{Family, families};
use portolan::cluster::{Cluster, PodFates, defaults};
use portolan::manifest::{Body, FieldPath, Manifest, Step, parse};
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
        if rule.starts_with("PreferDualStack on a single-stack cluster") {
            score.case(id, prefer_dual_stack);
        } else if rule.contains("provided port is already allocated") {
            score.case(id, chosen_values);
        } else {
            score.case(id, || Err("nobody checks this rule".to_owned()));
        }
    }
}

fn service(row: &Value) -> Result<(), String> {
    let object = object(&row["in"], "v1", "Service")?;
    let Body::Service(service) = &object.body else { return Err("no Service".to_owned()) };
    let mut service = service.clone();
    defaults::service(&mut service);
    let stored = serde_json::to_value(&service).map_err(|e| e.to_string())?;
    expect(&stored, row)
}

/// Compares every path of `expect`; null means that the field stays unset.
fn expect(stored: &Value, row: &Value) -> Result<(), String> {
    for (path, expected) in row["expect"].as_object().ok_or("no expectation")? {
        let path = FieldPath::parse(&path.replace("['", "[").replace("']", "]"));
        let mut here = stored;
        for step in path.0.iter() {
            here = match step {
                Step::Field(name) | Step::Key(name) => &here[&**name],
                Step::Index(index) => &here[*index as usize],
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
            let mut metadata = object.metadata.clone();
            defaults::namespace_labels(&object.id.name, &mut metadata.labels);
            serde_json::to_value(&metadata).map(|metadata| json!({ "metadata": metadata }))
        }
        body => return Err(format!("no defaults known for {body:?}")),
    };
    expect(&stored.map_err(|e| e.to_string())?, row)
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
