//! Label keys and values that exist, for selectors and for labels.

use super::outline::Spot;
use super::place::{Place, is_workload};
use super::values::name;
use super::{Completion, Kind};
use crate::cluster::Cluster;
use crate::manifest::Labels;
use crate::manifest::scalar;
use std::collections::BTreeMap;

const SERVICE_NAME: &str = "kubernetes.io/service-name";
const DEFAULT_CLASS: &str = "ingressclass.kubernetes.io/is-default-class";

/// Key → value → how often.
#[derive(Default)]
struct Pairs(BTreeMap<String, BTreeMap<String, u32>>);

impl Pairs {
    fn add(&mut self, key: &str, value: &str, count: u32) {
        // Hashes that controllers add are nobody's to write.
        if key.is_empty() || matches!(key, "pod-template-hash" | "controller-revision-hash") {
            return;
        }
        *self.0.entry(key.to_owned()).or_default().entry(value.to_owned()).or_default() += count;
    }

    fn add_all(&mut self, labels: &Labels) {
        labels.iter().for_each(|(key, value)| self.add(key, value, 1));
    }

    fn add_map(&mut self, place: &Place<'_, '_>, keys: &[&str]) {
        if let Some(map) = place.out.at(place.root, keys) {
            place.out.pairs(map).iter().for_each(|(key, value)| self.add(key, value, 0));
        }
    }
}

/// The pairs that may stand in a map, and what they are counted in.
fn pairs(place: &Place<'_, '_>, map: &[&str], kind: &str, cluster: &Cluster) -> (Pairs, &'static str) {
    let mut pairs = Pairs::default();
    let here = |namespace: &str| namespace == place.namespace;
    let mut counted = "";
    match (kind, map) {
        ("Service", ["spec", "selector"]) | ("NetworkPolicy", ["spec", "podSelector", "matchLabels"]) => {
            counted = "pod";
            cluster
                .pods
                .iter()
                .filter(|pod| here(&pod.id.namespace))
                .for_each(|pod| pairs.add_all(&pod.labels));
        }
        (_, ["spec", "selector", "matchLabels"]) if is_workload(kind) => {
            pairs.add_map(place, &["spec", "template", "metadata", "labels"]);
        }
        ("Pod", ["metadata", "labels"]) => {
            if is_workload(place.kind) {
                pairs.add_map(place, &["spec", "selector", "matchLabels"]);
            }
            counted = "Service";
            for service in cluster.services.iter().filter(|service| here(&service.id.namespace)) {
                service.selector().into_iter().for_each(|selector| pairs.add_all(selector));
            }
        }
        ("Pod", ["spec", "nodeSelector"]) | ("Node", ["metadata", "labels"]) => {
            counted = "node";
            cluster.nodes.iter().for_each(|node| pairs.add_all(&node.labels));
        }
        ("EndpointSlice", ["metadata", "labels"]) => {
            let services = || cluster.services.iter().filter(|service| here(&service.id.namespace));
            for service in services().filter(|service| service.selector().is_none()) {
                pairs.add(SERVICE_NAME, &service.id.name, 0);
            }
            if pairs.0.is_empty() {
                services().for_each(|service| pairs.add(SERVICE_NAME, &service.id.name, 0));
            }
            pairs.0.entry(SERVICE_NAME.to_owned()).or_default();
        }
        ("IngressClass", ["metadata", "annotations"]) => pairs.add(DEFAULT_CLASS, "true", 0),
        _ => {}
    }
    (pairs, counted)
}

/// Keys for the map that the place is.
pub(super) fn keys(place: &Place<'_, '_>, _spot: &Spot, cluster: &Cluster) -> Vec<Completion> {
    let (kind, map) = place.field();
    let (pairs, _) = pairs(place, &map, kind, cluster);
    let detail = |values: &BTreeMap<String, u32>| {
        let mut words: Vec<&str> = values.keys().take(4).map(String::as_str).collect();
        if values.len() > 3 {
            words[3] = "…";
        }
        words.join(", ")
    };
    pairs
        .0
        .iter()
        .map(|(key, values)| Completion {
            label: key.clone(),
            detail: detail(values),
            insert: key.clone(),
            kind: Kind::Key,
        })
        .collect()
}

/// Values for the label whose value the place is.
pub(super) fn values(place: &Place<'_, '_>, spot: &Spot, cluster: &Cluster) -> Vec<Completion> {
    let (kind, mut map) = place.field();
    let Some(key) = map.pop() else { return Vec::new() };
    let (pairs, counted) = pairs(place, &map, kind, cluster);
    let detail = |count: u32| match count {
        0 => String::new(),
        1 => ["1 ", counted].concat(),
        _ => [&count.to_string(), " ", counted, "s"].concat(),
    };
    let values = pairs.0.get(key).into_iter().flatten();
    values
        .map(|(value, &count)| {
            let mut item = name(value, detail(if counted.is_empty() { 0 } else { count }));
            // `true` and `80` would not be text without quotes.
            if !spot.quoted && scalar::resolve(value).is_some() {
                item.insert = ["\"", value, "\""].concat();
            }
            item
        })
        .collect()
}
