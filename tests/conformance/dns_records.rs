//! `dns_records.json`: questions to cluster DNS and what CoreDNS and the specification answer.

use crate::objects::{rows, text};
use crate::score::{Score, same};
use crate::stored::{Stored, stored};
use portolan::dns::{Config, Data, Dns, PodMode, Rcode, Record, Type, Upstream, name};
use serde_json::{Value, json};
use std::rc::Rc;

pub fn run(table: &Value, score: &mut Score) {
    for group in rows(table, "coredns") {
        let cases = rows(group, "cases");
        let made = score.shared(text(group, "group"), || {
            let own = group["objects"].as_array().map_or(rows(table, "objects"), Vec::as_slice);
            dns(config(&group["config"]), &group["config"], &stored(own), cases)
        });
        let Some(dns) = made else { continue };
        for case in cases {
            let id = format!("{} {} {}", text(group, "group"), text(case, "qname"), text(case, "qtype"));
            score.case(id, || check(&dns, case, true));
        }
    }
    for case in rows(table, "spec") {
        score.case(format!("spec {}", text(case, "name")), || {
            let objects = stored(rows(case, "objects"));
            let dns = dns(Config::default(), &Value::Null, &objects, std::slice::from_ref(case));
            check(&dns, case, false)
        });
    }
    for (index, case) in rows(table, "endpointHostname").iter().enumerate() {
        score.case(format!("endpointHostname[{index}]"), || {
            let ip = text(case, "ip").parse().map_err(|_| "no address")?;
            let pod_names = case["endpointPodNames"].as_bool().unwrap_or(false);
            let got = name::endpoint_hostname(ip, text(case, "hostname"), text(case, "podName"), pod_names);
            same(&*got, text(case, "expect"))
        });
    }
}

fn config(row: &Value) -> Config {
    let names = |key: &str| rows(row, key).iter().filter_map(Value::as_str).map(Rc::from).collect::<Vec<_>>();
    let mut config = Config {
        exposed: names("exposedNamespaces"),
        ignore_empty_service: row["ignoreEmptyService"].as_bool().unwrap_or(false),
        endpoint_pod_names: row["endpointPodNames"].as_bool().unwrap_or(false),
        pods: match text(row, "pods") {
            "insecure" => PodMode::Insecure,
            "verified" => PodMode::Verified,
            _ => PodMode::Disabled,
        },
        ..Config::default()
    };
    if let Some(zone) = row["zone"].as_str() {
        config.zone = zone.into();
    }
    if let Some(ttl) = row["ttl"].as_u64() {
        config.ttl = ttl as u32;
    }
    if row.get("reverseZones").is_some() {
        config.reverse_zones = names("reverseZones");
    }
    config
}

// Upstream's tests know every namespace but those that they name as missing.
fn dns(config: Config, row: &Value, objects: &Stored, cases: &[Value]) -> Dns {
    let missing: Vec<&str> = rows(row, "missingNamespaces").iter().filter_map(Value::as_str).collect();
    let mut namespaces = objects.namespaces.clone();
    for case in cases {
        namespaces.extend(text(case, "qname").to_ascii_lowercase().split('.').map(Rc::from));
    }
    namespaces.retain(|n| !missing.contains(&&**n));
    Dns::with(config, namespaces, &objects.services, &objects.slices, &objects.pods)
}

/// The one outside name that the table speaks of.
struct Outside;

impl Upstream for Outside {
    fn lookup(&self, name: &str, kind: Type) -> Option<Vec<Record>> {
        let known = name == "ext.interwebs.test." && kind == Type::A;
        let data = Data::Address([1, 2, 3, 4].into());
        known.then(|| vec![Record { owner: name.into(), ttl: 5, data }])
    }
}

fn check(dns: &Dns, case: &Value, with_ttl: bool) -> Result<(), String> {
    let name = text(case, "qname");
    let name = if name.ends_with('.') { name.to_owned() } else { format!("{name}.") };
    let answer = dns.query(&name, Type::parse(text(case, "qtype")), &Outside);
    let expect = &case["expect"];
    let rcode = if answer.rcode == Rcode::NxDomain { "NXDOMAIN" } else { "NOERROR" };
    same(rcode, text(expect, "rcode"))?;
    same(set(&answer.records, with_ttl), wanted(expect, "answer"))?;
    if expect.get("additional").is_some() {
        same(set(&answer.additional, with_ttl), wanted(expect, "additional"))?;
    }
    Ok(())
}

fn set(records: &[Record], with_ttl: bool) -> Value {
    let text = |r: &Record| neutral(&if with_ttl { r.text() } else { bare(r) });
    let mut all: Vec<String> = records.iter().map(text).collect();
    all.sort();
    json!(all)
}

/// Any serial number of a zone, and text with or without its quotes.
fn neutral(record: &str) -> String {
    let mut words: Vec<&str> = record.split_whitespace().collect();
    if let Some(at) = words.iter().position(|w| *w == "SOA")
        && let Some(serial) = words.get_mut(at + 3)
    {
        *serial = "*";
    }
    words.join(" ").replace('"', "")
}

/// As the specification writes it: no time to live, any priority and weight.
fn bare(record: &Record) -> String {
    let text = record.text();
    let mut words: Vec<&str> = text.split(' ').collect();
    words.remove(1);
    if let Data::Srv(..) = record.data {
        (words[3], words[4]) = ("*", "*");
    }
    words.join(" ")
}

fn wanted(expect: &Value, key: &str) -> Value {
    let mut all: Vec<String> = rows(expect, key).iter().filter_map(Value::as_str).map(neutral).collect();
    all.sort();
    json!(all)
}
