//! Writes `src/manifest/schema/kubernetes.txt` from a JSON digest of Kubernetes' OpenAPI
//! document: `cargo run --example schema_text -- kubernetes-v1.37.json > src/manifest/schema/kubernetes.txt`.
//!
//! The digest is `{"kinds": {Kind: {apiVersion, type}}, "types": {type: {field: {type, required?}}}}`,
//! with types written `api.core.v1.Service`, lists `[]T` and maps `map<string,T>`.

use serde_json::Value;

fn main() {
    let path = std::env::args().nth(1).expect("the path of the digest");
    let digest: Value = serde_json::from_str(&std::fs::read_to_string(path).expect("a file")).expect("JSON");
    let mut packages: Vec<(String, Vec<(String, &Value)>)> = Vec::new();
    for (name, fields) in digest["types"].as_object().expect("types") {
        let (package, short) = name.rsplit_once('.').expect("a package");
        match packages.iter_mut().find(|(known, _)| known == package) {
            Some((_, types)) => types.push((short.into(), fields)),
            None => packages.push((package.into(), vec![(short.into(), fields)])),
        }
    }
    for (kind, entry) in digest["kinds"].as_object().expect("kinds") {
        let package = entry["type"].as_str().and_then(|t| t.rsplit_once('.')).expect("a type").0;
        println!("= {kind} {} {package}", entry["apiVersion"].as_str().expect("apiVersion"));
    }
    for (package, types) in packages {
        println!("@ {package}");
        for (short, fields) in types {
            let mut fields: Vec<_> = fields.as_object().expect("fields").iter().collect();
            fields.sort_by_key(|(name, _)| name.to_owned());
            print!("{short}");
            for (name, field) in fields {
                let required = if field["required"] == true { "!" } else { "" };
                print!(" {required}{name}{}", shape(field["type"].as_str().expect("a type")));
            }
            println!();
        }
    }
}

fn shape(written: &str) -> String {
    let (mark, of) = match written.strip_prefix("[]") {
        Some(of) => ("*", of),
        None => match written.strip_prefix("map<string,").and_then(|rest| rest.strip_suffix('>')) {
            Some(of) => ("%", of),
            None => ("", written),
        },
    };
    let code = match of {
        "string" if mark.is_empty() => return String::new(),
        "string" => "s",
        "int32" => "i",
        "int64" => "l",
        "boolean" => "b",
        "time" => "t",
        "quantity" => "q",
        "int-or-string" => "x",
        "any" => "a",
        reference => reference.rsplit('.').next().unwrap_or(reference),
    };
    format!(":{mark}{code}")
}
