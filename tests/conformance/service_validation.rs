//! `service_validation.json`: why Services are refused, and what updates may change.
//!
//! The table restates upstream as of about 1.30. As its caveats say, lengths of labels are
//! told in bytes since, and Service names were DNS-1035 labels: such rows are compared in
//! the newer wording and with the older gates.

use crate::objects::{id, maybe_nameless, rows, text};
use crate::score::{Score, same};
use portolan::cluster::validate::{FieldError, Gates, service, service_update};
use portolan::manifest::{Body, Metadata, Service};
use serde_json::{Value, json};
use std::collections::BTreeSet;

pub fn run(table: &Value, score: &mut Score) {
    for section in ["create", "externalTrafficPolicy"] {
        for (index, row) in rows(table, section).iter().enumerate() {
            let id = id(section, index, row);
            score.case(format!("{id} (as given)"), || create(row, false));
            score.case(format!("{id} (defaulted)"), || create(row, true));
        }
    }
    for (index, row) in rows(table, "update").iter().enumerate() {
        score.case(id("update", index, row), || update(row));
    }
    for (index, row) in rows(table, "clearedOnUpdate").iter().enumerate() {
        score.case(id("clearedOnUpdate", index, row), || cleared(row));
    }
}

fn read(value: &Value) -> Result<(Metadata, Service), String> {
    let (object, metadata) = maybe_nameless(value, "v1", "Service")?;
    let Body::Service(service) = &object.body else { return Err("no Service".to_owned()) };
    Ok((metadata, service.clone()))
}

fn create(row: &Value, defaulted: bool) -> Result<(), String> {
    let (metadata, mut given) = read(&row["service"])?;
    if defaulted {
        given = service::admitted(&given);
    }
    let only = row["onlyExternalTrafficFields"] == true;
    let errors = |gates| {
        let mut errors = service::create(&metadata, &given, gates);
        errors.retain(|error| {
            let field = error.field.to_string();
            !only || field == "spec.externalTrafficPolicy" || field == "spec.healthCheckNodePort"
        });
        errors
    };
    let key = if defaulted { "expectErrorsAfterDefaulting" } else { "expectErrors" };
    let expected = row[key].as_array().ok_or_else(|| format!("no {key}"))?;
    let wanted: Vec<_> = expected
        .iter()
        .map(|e| (text(e, "type").to_owned(), text(e, "field").to_owned(), newer(text(e, "message"))))
        .collect();
    let before = sorted(errors(Gates::before_1_36()).iter().map(told).collect());
    let today = sorted(errors(Gates::default()).iter().map(told).collect());
    let wanted = sorted(wanted);
    if today != wanted {
        same(&before, &wanted)?;
    }
    // Today's gates change wording alone, save in names and addresses: those are what they are about.
    let fields = |errors: &[(String, String, String)]| {
        errors.iter().map(|(kind, field, _)| (kind.clone(), field.clone())).collect::<BTreeSet<_>>()
    };
    let of_gates = |field: &str| {
        [
            "metadata.name",
            "metadata.generateName",
            "clusterIPs",
            "externalIPs",
            "SourceRanges",
            "source-ranges",
        ]
        .iter()
        .any(|part| field.contains(part))
    };
    match fields(&before).symmetric_difference(&fields(&today)).find(|(_, field)| !of_gates(field)) {
        None => Ok(()),
        Some(odd) => Err(format!("{odd:?} changed with the gates")),
    }
}

fn told(error: &FieldError) -> (String, String, String) {
    (format!("{:?}", error.kind), error.field.to_string(), error.to_string())
}

fn sorted(mut errors: Vec<(String, String, String)>) -> Vec<(String, String, String)> {
    errors.sort();
    errors
}

/// "the wording is bytes instead of characters on master", for keys and values of labels.
fn newer(message: &str) -> String {
    let of_label = message.contains("name part must be no more")
        || message.contains("prefix part must be no more")
        || message.starts_with("metadata.labels: ")
        || message.starts_with("spec.selector: ");
    match message.strip_suffix(" characters") {
        Some(length) if of_label => format!("{length} bytes"),
        _ => message.to_owned(),
    }
}

fn spec(value: &Value) -> Result<Service, String> {
    Ok(read(&json!({"metadata": {"name": "example"}, "spec": value}))?.1)
}

fn update(row: &Value) -> Result<(), String> {
    let (old, new) = (spec(&row["oldSpec"])?, spec(&row["newSpec"])?);
    let got: Vec<_> = service_update::immutable(&old, &new)
        .iter()
        .map(|error| (error.field.to_string(), error.detail.to_string()))
        .collect();
    let expected: Vec<_> = rows(row, "expect")
        .iter()
        .map(|e| (text(e, "field").to_owned(), text(e, "detail").to_owned()))
        .collect();
    same(got, expected)
}

fn cleared(row: &Value) -> Result<(), String> {
    let old = spec(&row["oldSpec"])?;
    let mut changed = row["oldSpec"].clone();
    for (key, value) in row["change"].as_object().ok_or("no change")? {
        changed[key] = value.clone();
    }
    let before = spec(&changed)?;
    let mut new = before.clone();
    let got: BTreeSet<_> = service_update::clear(&old, &mut new).into_iter().map(str::to_owned).collect();
    let expected: BTreeSet<_> =
        rows(row, "expectCleared").iter().filter_map(|f| f.as_str().map(str::to_owned)).collect();
    same(&got, &expected)?;
    // And nothing else is touched.
    let (before, after) = (serde_json::to_value(&before.spec), serde_json::to_value(&new.spec));
    let (before, after) = (before.map_err(|e| e.to_string())?, after.map_err(|e| e.to_string())?);
    for (key, value) in before.as_object().into_iter().flatten() {
        let stays = after.get(key) == Some(value);
        let gone = expected.contains(key) || (key == "ports" && expected.contains("ports[*].nodePort"));
        same(stays || gone, true).map_err(|why| format!("{key}: {why}"))?;
        if expected.contains(key) {
            same(after.get(key), None).map_err(|why| format!("{key}: {why}"))?;
        }
    }
    Ok(())
}
