//! `packet_flows.json`: one packet at one node, from upstream's kube-proxy tests.

use crate::objects::{id, rows, text};
use crate::score::{Score, same};
use crate::stored::stored;
use portolan::cluster::Protocol;
use portolan::proxy::rules::{hairpin, members};
use portolan::proxy::{Cidr, Config, NodeView, Rules, Verdict, chance};
use serde_json::{Value, json};
use std::net::{IpAddr, SocketAddr};
use std::rc::Rc;

pub fn run(table: &Value, score: &mut Score) {
    if let Some(rows) = table["computeProbability"]["rows"].as_object() {
        for (n, expected) in rows {
            score.case(format!("computeProbability {n}"), || {
                let n = n.parse().map_err(|_| "no number")?;
                same(json!(chance::probability(n)), expected.clone())
            });
        }
    }
    for (index, scenario) in rows(table, "scenarios").iter().enumerate() {
        let name = id("scenarios", index, scenario);
        let Some(rules) = score.shared(&name, || rules(scenario)) else { continue };
        if let Some(expected) = scenario["expectProxiedServicePorts"].as_u64() {
            score.case(format!("{name}: proxied ports"), || same(rules.ports.len() as u64, expected));
        }
        for flow in rows(scenario, "flows") {
            score.case(format!("{name}: {}", text(flow, "name")), || check(&rules, flow));
        }
    }
}

fn rules(scenario: &Value) -> Rules {
    let proxy = &scenario["proxy"];
    let ips =
        |key: &str| rows(proxy, key).iter().filter_map(|v| v.as_str()?.parse().ok()).collect::<Vec<IpAddr>>();
    let cidrs = |all: &[Value]| all.iter().filter_map(|v| Cidr::parse(v.as_str()?)).collect::<Vec<_>>();
    let pods: Vec<Value> = proxy["podCIDR"].as_object().map_or(Vec::new(), |m| m.values().cloned().collect());
    let config = Config {
        masquerade_all: proxy["masqueradeAll"].as_bool().unwrap_or(false),
        node_port_addresses: cidrs(rows(proxy, "nodePortAddresses")),
        localhost_node_ports: proxy["localhostNodePorts"].as_bool().unwrap_or(true),
        pod_cidrs: (text(proxy, "detectLocal") != "NoOp").then(|| cidrs(&pods)),
    };
    let node = NodeView {
        name: Rc::from(text(proxy, "nodeName")),
        zone: "".into(),
        ips: ips("nodeIPs"),
        other_ips: ips("localAddressTypeIPs"),
    };
    let objects = stored(rows(scenario, "objects"));
    Rules::with(config, vec![node], &objects.services, &objects.slices)
}

fn check(rules: &Rules, flow: &Value) -> Result<(), String> {
    let ip = |key: &str| text(flow, key).parse::<IpAddr>().map_err(|_| format!("no {key}"));
    let (source, destination) = (ip("sourceIP")?, ip("destIP")?);
    let port = flow["destPort"].as_u64().and_then(|p| u16::try_from(p).ok()).ok_or("no port")?;
    let protocol = Protocol::parse(text(flow, "protocol")).ok_or("no protocol")?;
    let got = match rules.verdict(0, source, destination, port, protocol) {
        Verdict::Dnat { port, scope, masquerade, .. } => {
            let all = &rules.ports[port].endpoints;
            let among = members(rules.sets(0, port), scope);
            let mut names: Vec<_> =
                among.iter().map(|&i| SocketAddr::new(all[i].ip, all[i].port).to_string()).collect();
            names.sort();
            let masquerade = masquerade || among.iter().any(|&i| hairpin(source, &all[i]));
            json!({ "verdict": "DNAT", "endpoints": names, "masquerade": masquerade })
        }
        Verdict::Reject { .. } => json!({ "verdict": "REJECT" }),
        Verdict::DropNoLocal { .. } | Verdict::DropSource { .. } => json!({ "verdict": "DROP" }),
        Verdict::Accept { .. } => json!({ "verdict": "ACCEPT" }),
        Verdict::NoMatch => json!({ "verdict": "NO_MATCH" }),
    };
    let mut expected = flow["expect"].clone();
    if let Some(endpoints) = expected["endpoints"].as_array_mut() {
        endpoints.sort_by_key(|e| e.as_str().unwrap_or("").to_owned());
    }
    if expected["endpoints"].is_null() {
        expected = json!({ "verdict": expected["verdict"] });
    }
    same(got, expected)
}
