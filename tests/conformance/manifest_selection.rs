//! `manifest_selection.json`: for Services of real manifests, which workloads they
//! select and what each port resolves to.

use crate::objects::{rows, text};
use crate::score::{Score, same};
use portolan::cluster::{Cluster, PodFates, Service};
use portolan::manifest::{self, Body, Manifest, Object};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

pub fn run(table: &Value, score: &mut Score) {
    let roots = roots();
    let mut read: HashMap<String, Option<(Manifest, Cluster)>> = HashMap::new();
    for row in rows(table, "rows") {
        let scope = text(row, "scope");
        let id = format!("{scope} {}", text(row, "service"));
        let world = read.entry(scope.to_owned()).or_insert_with(|| {
            let text = roots.iter().find_map(|root| read_scope(&root.join(scope)))?;
            let manifest = manifest::parse(&text, &Manifest::default());
            let cluster = Cluster::next(&Cluster::default(), &manifest, &PodFates::default());
            Some((manifest, cluster))
        });
        match world {
            None => score.unseen(id),
            Some((manifest, cluster)) => score.case(id, || check(row, manifest, cluster)),
        }
    }
}

/// Where manifests may be: where the environment says, beside another folder of tables, beside the project.
fn roots() -> Vec<PathBuf> {
    let named = std::env::var_os("PORTOLAN_MANIFESTS").map(PathBuf::from);
    let tables = std::env::var_os("PORTOLAN_CONFORMANCE_DIR").map(|dir| Path::new(&dir).join("../manifests"));
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/manifests");
    named.into_iter().chain(tables).chain([shared]).collect()
}

/// A file, or all manifests of a folder in order.
fn read_scope(path: &Path) -> Option<String> {
    if !path.is_dir() {
        return fs::read_to_string(path).ok();
    }
    let mut paths: Vec<PathBuf> = fs::read_dir(path).ok()?.filter_map(|e| Some(e.ok()?.path())).collect();
    paths.retain(|p| p.extension().is_some_and(|e| e == "yaml" || e == "yml" || e == "json"));
    paths.sort();
    let texts: Option<Vec<String>> = paths.iter().map(|p| fs::read_to_string(p).ok()).collect();
    Some(texts?.join("\n---\n"))
}

fn check(row: &Value, manifest: &Manifest, cluster: &Cluster) -> Result<(), String> {
    let (namespace, name) = (text(row, "namespace"), text(row, "service"));
    let service = cluster.service(namespace, name).ok_or_else(|| {
        format!("no such Service: {:?}", cluster.problems.iter().map(|p| &p.message).collect::<Vec<_>>())
    })?;
    same(service.stored.spec.type_.as_deref(), row["type"].as_str())?;
    same(service.is_headless(), row["headless"] == true)?;
    let selector = service.selector().map(|s| s.iter().map(|(k, v)| (k.to_string(), json!(v))).collect());
    same(&selector.map_or(Value::Null, Value::Object), row.get("selector").unwrap_or(&Value::Null))?;
    let Some(expected) = row["matches"].as_array() else {
        return same(service.selector().is_none(), true);
    };
    let got: Vec<Value> =
        manifest.objects().filter_map(|(_, object)| selected(object, service, cluster)).collect();
    same(&got, expected)
}

/// What a Service has of one object of the text, read off its EndpointSlices.
fn selected(object: &Object, service: &Service, cluster: &Cluster) -> Option<Value> {
    if !matches!(object.body, Body::Workload(_) | Body::Pod(_)) {
        return None;
    }
    let pods: Vec<_> = cluster.pods.iter().filter(|p| p.written_in.0 == object.id).collect();
    let slices: Vec<_> =
        cluster.slices_of(&service.id).filter(|s| *s.slice.address_type == *"IPv4").collect();
    let holds = |slice: &&&std::rc::Rc<portolan::cluster::EndpointSlice>| {
        let of_pods = |name: &str| pods.iter().any(|p| *p.id.name == *name);
        slice.slice.endpoints.iter().any(|e| e.target_ref.as_ref().is_some_and(|t| of_pods(&t.name)))
    };
    let mine: Vec<_> = slices.iter().filter(holds).collect();
    if mine.is_empty() {
        return None;
    }
    let port = |port: &portolan::cluster::ServicePort| {
        let found = mine.iter().flat_map(|s| &s.slice.ports);
        let found = found.filter(|p| p.name.as_deref().unwrap_or("") == &*port.name);
        let target =
            found.filter(|p| p.protocol.as_deref() == Some(port.protocol.name())).find_map(|p| p.port);
        let name = if port.name.is_empty() { Value::Null } else { json!(port.name) };
        json!({ "service": port.port, "name": name, "protocol": port.protocol.name(), "target": target })
    };
    let replicas = match &object.body {
        Body::Workload(_) => json!(pods.len()),
        _ => Value::Null,
    };
    let ports: Vec<Value> = service.ports.iter().map(port).collect();
    Some(json!({ "kind": object.id.kind, "name": object.id.name, "replicas": replicas, "ports": ports }))
}
