//! `topology.json`: which endpoints the proxy on a node may use.

use crate::objects::{id, rows, text};
use crate::score::{Score, same};
use portolan::manifest::ObjectRef;
use portolan::proxy::{Endpoint, Policies, categorize};
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::rc::Rc;

pub fn run(table: &Value, score: &mut Score) {
    for (index, row) in rows(table, "cases").iter().enumerate() {
        score.case(id("cases", index, row), || check(row));
    }
}

fn check(row: &Value) -> Result<(), String> {
    let node = text(row, "nodeName");
    let zone = text(&row["nodeLabels"], "topology.kubernetes.io/zone");
    let service = &row["service"];
    let policies = Policies {
        internal_local: text(service, "internalTrafficPolicy") == "Local",
        external_local: text(service, "externalTrafficPolicy") == "Local",
        externally_accessible: service["externallyAccessible"].as_bool().unwrap_or(false),
    };
    let endpoints: Vec<Endpoint> =
        rows(row, "endpoints").iter().map(|e| endpoint(e, node)).collect::<Result<_, _>>()?;
    let sets = categorize(&endpoints, policies, node, zone);
    let names = |set: &[usize]| {
        let mut names: Vec<String> = set.iter().map(|&i| name(&endpoints[i])).collect();
        names.sort();
        json!(names)
    };
    let optional = |set: &Option<Vec<usize>>| set.as_deref().map_or(Value::Null, names);
    let expect = &row["expect"];
    let sorted = |key: &str| match expect[key].as_array() {
        Some(all) => {
            let mut all: Vec<&str> = all.iter().filter_map(Value::as_str).collect();
            all.sort_unstable();
            json!(all)
        }
        None => Value::Null,
    };
    same(optional(&sets.cluster), sorted("clusterEndpoints")).map_err(|e| format!("cluster: {e}"))?;
    same(optional(&sets.local), sorted("localEndpoints")).map_err(|e| format!("local: {e}"))?;
    let reachable = match sorted("allReachableEndpoints") {
        Value::Null => json!([]),
        all => all,
    };
    same(names(&sets.reachable), reachable).map_err(|e| format!("reachable: {e}"))?;
    same(sets.has_any, expect["hasAnyEndpoints"].as_bool().unwrap_or(false))
}

fn endpoint(row: &Value, node: &str) -> Result<Endpoint, String> {
    let at: SocketAddr = text(row, "endpoint").parse().map_err(|_| "no endpoint")?;
    let flag = |key: &str| row[key].as_bool().unwrap_or(false);
    let hints = |key: &str| rows(row, key).iter().filter_map(Value::as_str).map(Rc::from).collect();
    Ok(Endpoint {
        ip: at.ip(),
        port: at.port(),
        ready: flag("ready"),
        serving: flag("serving"),
        terminating: flag("terminating"),
        node: Some(if flag("local") { node.into() } else { "another-node".into() }),
        zone_hints: hints("zoneHints"),
        node_hints: hints("nodeHints"),
        pod: None,
        slice: ObjectRef::new("EndpointSlice", "default", "example"),
    })
}

fn name(endpoint: &Endpoint) -> String {
    SocketAddr::new(endpoint.ip, endpoint.port).to_string()
}
