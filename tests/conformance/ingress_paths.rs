//! `ingress_paths.json`: host and path → rule.

use crate::objects::{id, manifest_of, rows, text};
use crate::score::{Score, same};
use portolan::cluster::Ingress;
use portolan::manifest::Body;
use portolan::routing::ingress::{Found, Lookup, RuleTable};
use serde_json::{Value, json};

pub fn run(table: &Value, score: &mut Score) {
    for (index, row) in rows(table, "docsTable").iter().enumerate() {
        let id = id(&format!("docsTable {}", text(row, "request")), index, row);
        score.case(id, || docs(row));
    }
    for row in rows(table, "hostWildcards") {
        let id = format!("hostWildcards {} {}", text(row, "ruleHost"), text(row, "hostHeader"));
        score.case(id, || {
            let rule = json!({ "host": row["ruleHost"], "http": { "paths": [path("/", "Prefix")] } });
            let ingresses = ingresses(&[one(json!({}), json!([rule]))]);
            let found = find(&ingresses, text(row, "hostHeader"), "/");
            same(found.is_some(), row["match"].as_bool().ok_or("no match")?)
        });
    }
    for (index, row) in rows(table, "scenarios").iter().enumerate() {
        let id = id("scenarios", index, row);
        let Some(ingresses) = score.shared(&id, || ingresses(rows(row, "objects"))) else { continue };
        for request in rows(row, "requests") {
            let name = format!("{id} {}{}", text(request, "host"), text(request, "path"));
            score.case(name, || scenario(&ingresses, request));
        }
    }
    for row in rows(table, "nginxRegex") {
        score.case(format!("nginxRegex {} {}", text(row, "path"), text(row, "request")), || {
            let rule = json!({ "http": { "paths": [path(text(row, "path"), "ImplementationSpecific")] } });
            let ingresses = ingresses(&[one(row["annotations"].clone(), json!([rule]))]);
            let status =
                if find(&ingresses, "a.example", text(row, "request")).is_some() { 200 } else { 404 };
            same(json!(status), row["status"].clone())
        });
    }
}

fn path(path: &str, path_type: &str) -> Value {
    let service = json!({ "name": "echo", "port": { "number": 80 } });
    json!({ "path": path, "pathType": path_type, "backend": { "service": service } })
}

fn one(annotations: Value, rules: Value) -> Value {
    json!({
        "apiVersion": "networking.k8s.io/v1",
        "kind": "Ingress",
        "metadata": { "name": "example", "namespace": "default", "annotations": annotations },
        "spec": { "rules": rules },
    })
}

fn ingresses(objects: &[Value]) -> Vec<Ingress> {
    let mut all = Vec::new();
    for (_, object) in manifest_of(objects).objects() {
        if let Body::Ingress(ingress) = &object.body {
            all.push(Ingress {
                id: object.id.clone(),
                metadata: object.metadata.clone(),
                ingress: ingress.clone(),
                class: ingress.ingress_class_name.clone(),
                controller: Some(0),
                age: (object.metadata.creation_timestamp.clone().unwrap_or_default(), all.len() as u32),
            });
        }
    }
    all.sort_by(|a, b| a.age.cmp(&b.age));
    all
}

fn find(ingresses: &[Ingress], host: &str, path: &str) -> Option<Found> {
    match RuleTable::new(ingresses.iter().enumerate()).find(host, path) {
        Lookup::Found(found) => Some(found),
        Lookup::Nothing { .. } => None,
    }
}

fn docs(row: &Value) -> Result<(), String> {
    let paths: Vec<Value> =
        rows(row, "paths").iter().map(|p| path(text(p, "path"), text(p, "pathType"))).collect();
    let ingresses = ingresses(&[one(json!({}), json!([{ "http": { "paths": paths } }]))]);
    let found = find(&ingresses, "a.example", text(row, "request"));
    let got = match found.and_then(|f| f.backend.rule) {
        None => json!({ "match": false }),
        Some((rule, path)) => {
            let path = &ingresses[0].ingress.rules[rule].paths.as_ref().ok_or("no paths")?[path];
            json!({ "match": true, "path": path.path, "pathType": path.path_type })
        }
    };
    same(got, row["expect"].clone())
}

fn scenario(ingresses: &[Ingress], request: &Value) -> Result<(), String> {
    let got = match find(ingresses, text(request, "host"), text(request, "path")) {
        None => json!({ "status": 404 }),
        Some(found) => {
            let spec = &ingresses[found.backend.ingress].ingress;
            let backend = match found.backend.rule {
                Some((rule, path)) => spec.rules[rule].paths.as_ref().map(|p| &p[path].backend),
                None => spec.default_backend.as_ref(),
            };
            let service = backend.and_then(|b| b.service.as_ref()).ok_or("no Service")?;
            json!({ "status": 200, "service": service.name })
        }
    };
    same(got, request["expect"].clone())
}
