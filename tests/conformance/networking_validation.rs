//! `networking_validation.json`: why Ingresses and EndpointSlices are refused.
//! Its NetworkPolicy rows come with network policies.

use crate::objects::{id, maybe_nameless, rows};
use crate::score::{Score, same};
use portolan::cluster::validate::{FieldError, Gates, endpointslice, ingress};
use portolan::manifest::{Body, EndpointSlice, Metadata};
use serde_json::{Value, json};

pub fn run(table: &Value, score: &mut Score) {
    for section in ["ingress", "ingressCreate"] {
        for (index, row) in rows(table, section).iter().enumerate() {
            score.case(id(section, index, row), || check_ingress(row));
        }
    }
    for (index, row) in rows(table, "ingressPathValidation").iter().enumerate() {
        score.case(id("ingressPathValidation", index, row), || path(row));
    }
    for (index, row) in rows(table, "endpointSlice").iter().enumerate() {
        score.case(id("endpointSlice", index, row), || slice(row));
    }
    for (index, row) in rows(table, "endpointSliceUpdate").iter().enumerate() {
        score.case(id("endpointSliceUpdate", index, row), || slice_update(row));
    }
}

fn ingress_errors(value: &Value) -> Result<Vec<FieldError>, String> {
    let (object, metadata) = maybe_nameless(value, "networking.k8s.io/v1", "Ingress")?;
    let Body::Ingress(ingress) = &object.body else { return Err("no Ingress".to_owned()) };
    Ok(ingress::create(&metadata, ingress, Gates::default()))
}

fn check_ingress(row: &Value) -> Result<(), String> {
    let errors = ingress_errors(&row["ingress"])?;
    if let Some(expected) = row["expectErrors"].as_array() {
        let got: Vec<String> = errors.iter().map(ToString::to_string).collect();
        return same(got, expected.iter().map(|e| e.as_str().unwrap_or("").to_owned()).collect());
    }
    // As upstream: the first error's field is compared, and that there is none where none is expected.
    let expected: Vec<_> = rows(row, "expectErrorFields").iter().filter_map(Value::as_str).collect();
    let got: Vec<String> = errors.iter().map(|error| error.field.to_string()).collect();
    same(got.iter().take(expected.len()).map(String::as_str).collect(), expected.clone())?;
    same(got.is_empty(), expected.is_empty())
}

fn path(row: &Value) -> Result<(), String> {
    let backend = json!({"service": {"name": "defaultbackend", "port": {"number": 80}}});
    let path = json!({"path": row["path"], "pathType": row["pathType"], "backend": backend});
    let ingress = json!({
        "metadata": {"name": "foo", "namespace": "default"},
        "spec": {"rules": [{"host": "foo.bar.com", "http": {"paths": [path]}}]},
    });
    let got: Vec<String> = ingress_errors(&ingress)?.iter().map(ToString::to_string).collect();
    let there = "spec.rules[0].http.paths[0].path";
    let expected =
        rows(row, "expectErrors").iter().map(|e| e.as_str().unwrap_or("").replace("<path>", there));
    same(got, expected.collect())
}

fn read(value: &Value) -> Result<(Metadata, EndpointSlice), String> {
    let (object, metadata) = maybe_nameless(value, "discovery.k8s.io/v1", "EndpointSlice")?;
    let Body::EndpointSlice(slice) = &object.body else { return Err("no EndpointSlice".to_owned()) };
    Ok((metadata, slice.clone()))
}

/// `GENERATE:n` stands for n entries.
fn generated(value: &Value, one: impl Fn(usize) -> Value) -> Value {
    match value.as_str().and_then(|text| text.strip_prefix("GENERATE:")).and_then(|n| n.parse().ok()) {
        Some(count) => (0..count).map(one).collect(),
        None => value.clone(),
    }
}

fn slice(row: &Value) -> Result<(), String> {
    let mut value = row["slice"].clone();
    value["ports"] = generated(&value["ports"], |i| json!({"name": format!("port-{i}"), "protocol": "TCP"}));
    value["endpoints"] =
        generated(&value["endpoints"], |i| json!({"addresses": [format!("10.1.{}.{}", i / 250, i % 250)]}));
    let (metadata, slice) = read(&value)?;
    count(row, &endpointslice::create(&metadata, &slice, Gates::default()))
}

fn count(row: &Value, errors: &[FieldError]) -> Result<(), String> {
    let expected = row["expectErrorCount"].as_u64().ok_or("no number")?;
    same(errors.len() as u64, expected)
        .map_err(|why| format!("{why}: {:?}", errors.iter().map(ToString::to_string).collect::<Vec<_>>()))
}

fn slice_update(row: &Value) -> Result<(), String> {
    // The table leaves out what does not matter: a name and a namespace.
    let whole = |part: &Value| {
        let mut value = part.clone();
        value["apiVersion"] = "discovery.k8s.io/v1".into();
        value["kind"] = "EndpointSlice".into();
        if value.get("metadata").is_none_or(Value::is_null) {
            value["metadata"] = json!({"name": "hello", "namespace": "world"});
        }
        read(&value)
    };
    let ((_, old), (metadata, new)) = (whole(&row["old"])?, whole(&row["new"])?);
    count(row, &endpointslice::update(&old, &metadata, &new, Gates::default()))
}
