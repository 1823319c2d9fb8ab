//! From a table's JSON to objects, through the program's own reader (JSON is YAML).
#![allow(dead_code, reason = "tables differ in what they need")]

use portolan::manifest::{self, Manifest, Metadata, Object};
use serde_json::{Map, Value};
use std::rc::Rc;

/// The rows of a section; none where the table has no such section.
pub fn rows<'a>(table: &'a Value, section: &str) -> &'a [Value] {
    table.get(section).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// A case's name, with its place in the section.
pub fn id(section: &str, index: usize, row: &Value) -> String {
    let name =
        ["name", "id", "selector", "what"].iter().find_map(|key| row.get(*key).and_then(Value::as_str));
    format!("{section}[{index}] {}", name.unwrap_or(""))
}

/// A field of text; empty where missing.
pub fn text<'a>(row: &'a Value, key: &str) -> &'a str {
    row.get(key).and_then(Value::as_str).unwrap_or("")
}

/// The manifest of a JSON value; apiVersion, kind and a name are written in where missing.
pub fn manifest(value: &Value, api_version: &str, kind: &str) -> Manifest {
    manifest::parse(&complete(value, api_version, kind).to_string(), &Manifest::default())
}

/// The manifest of several JSON objects that state their kind.
pub fn manifest_of(values: &[Value]) -> Manifest {
    let text: Vec<String> = values.iter().map(Value::to_string).collect();
    manifest::parse(&text.join("\n---\n"), &Manifest::default())
}

/// A JSON value as one object.
pub fn object(value: &Value, api_version: &str, kind: &str) -> Result<Rc<Object>, String> {
    let manifest = manifest(value, api_version, kind);
    let found = manifest.objects().next().map(|(_, object)| object.clone());
    found.ok_or_else(|| format!("no object in {value}: {:?}", manifest.problems()))
}

/// A JSON value as one object, and its metadata. The reader takes no object without a name;
/// validation is asked all the same.
pub fn maybe_nameless(
    value: &Value,
    api_version: &str,
    kind: &str,
) -> Result<(Rc<Object>, Metadata), String> {
    let mut value = value.clone();
    let nameless = text(&value["metadata"], "name").is_empty();
    if nameless {
        value["metadata"]["name"] = "example".into();
    }
    let object = object(&value, api_version, kind)?;
    let mut metadata = (*object.metadata).clone();
    if nameless {
        metadata.name = "".into();
    }
    Ok((object, metadata))
}

/// The same value with apiVersion, kind and metadata.name.
pub fn complete(value: &Value, api_version: &str, kind: &str) -> Value {
    let mut fields = value.as_object().cloned().unwrap_or_else(Map::new);
    fields.entry("apiVersion").or_insert_with(|| api_version.into());
    fields.entry("kind").or_insert_with(|| kind.into());
    let metadata = fields.entry("metadata").or_insert_with(|| Value::Object(Map::new()));
    if let Some(metadata) = metadata.as_object_mut() {
        metadata.entry("name").or_insert_with(|| "example".into());
    }
    Value::Object(fields)
}
