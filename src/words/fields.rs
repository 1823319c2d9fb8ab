//! What the fields of networking are for: what each is, and what it does to a request.
//!
//! The sentences stand in `fields.txt`; their order within a kind is the order in which an
//! editor offers its fields. In a browser they come with the editor, see [`learn`].

use std::sync::OnceLock;

/// A field in words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FieldWords {
    /// What it is and what it does to a request.
    pub what: &'static str,
    /// What holds where it is missing; empty where nothing does.
    pub default: &'static str,
}

/// A field in words: `kind` as written (`Pod` also for a workload's template), the path
/// step by step with `[]` for items of a list.
#[must_use]
pub fn find(kind: &str, steps: &[&str]) -> Option<FieldWords> {
    position(kind, steps).map(|(_, words)| words)
}

/// Where a field stands in its kind's order; `None` for those without words.
#[must_use]
pub fn rank(kind: &str, steps: &[&str]) -> Option<usize> {
    position(kind, steps).map(|(at, _)| at)
}

/// Kind, path and words of a field.
type Row = (&'static str, &'static str, FieldWords);

static TABLE: OnceLock<Vec<Row>> = OnceLock::new();

/// Takes the words: the text of `fields.txt`. Only the first text counts.
pub fn learn(text: &'static str) {
    TABLE.get_or_init(|| {
        let mut kind = "";
        let mut all = Vec::new();
        for line in text.lines() {
            if let Some(of) = line.strip_prefix("= ") {
                kind = of;
            }
            let mut parts = line.split(" | ");
            if let (Some(path), Some(what)) = (parts.next(), parts.next()) {
                all.push((kind, path, FieldWords { what, default: parts.next().unwrap_or("") }));
            }
        }
        all
    });
}

/// All fields, in the order of the file; none before they are learned.
fn table() -> &'static [Row] {
    #[cfg(not(target_arch = "wasm32"))]
    learn(include_str!("fields.txt"));
    TABLE.get().map_or(&[], Vec::as_slice)
}

fn position(kind: &str, steps: &[&str]) -> Option<(usize, FieldWords)> {
    let workload = matches!(kind, "Deployment" | "ReplicaSet" | "StatefulSet" | "DaemonSet");
    let of = |wanted: &str| {
        let is = |(of, path, _): &(&str, &str, FieldWords)| *of == wanted && fits(path, steps);
        let at = table().iter().position(is)?;
        Some((at, table()[at].2))
    };
    of(kind).or_else(|| of("Workload").filter(|_| workload)).or_else(|| of("*"))
}

/// Whether a path is a pattern's: `*` is any key, `[]` any item; behind `=` stands a key with dots.
fn fits(pattern: &str, steps: &[&str]) -> bool {
    let (pattern, steps) = match (pattern.split_once('='), steps) {
        (Some((above, key)), [steps @ .., last]) if *last == key => (above, steps),
        (Some(_), _) => return false,
        (None, _) => (pattern, steps),
    };
    let mut steps = steps.iter();
    for part in pattern.split('.') {
        let (name, item) = part.strip_suffix("[]").map_or((part, false), |name| (name, true));
        let is = |step: &&str| (name == "*" && *step != "[]") || *step == name;
        if !steps.next().is_some_and(is) || (item && steps.next() != Some(&"[]")) {
            return false;
        }
    }
    steps.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest::{FieldPath, Step, schema};

    #[test]
    fn finds_words_by_pattern() {
        let words = |kind, steps: &[&str]| find(kind, steps).map(|words| words.default);
        assert_eq!(words("Service", &["spec", "ports", "[]", "targetPort"]), Some("the same number as port"));
        assert_eq!(words("Service", &["spec", "selector", "app.kubernetes.io/name"]), Some(""));
        assert_eq!(words("Deployment", &["metadata", "namespace"]), Some("default"));
        assert_eq!(words("StatefulSet", &["spec", "replicas"]), Some("1"));
        assert_eq!(words("Service", &["spec", "ports"]), Some(""));
        assert_eq!(words("Service", &["spec", "ports", "targetPort"]), None);
        assert_eq!(words("Service", &["spec", "replicas"]), None);
    }

    /// Every field of these is in words.
    #[test]
    fn says_something_of_every_networking_field() {
        for (kind, version, above) in [
            ("Service", "v1", "spec"),
            ("Service", "v1", "spec.ports[0]"),
            ("Service", "v1", "spec.sessionAffinityConfig.clientIP"),
            ("EndpointSlice", "discovery.k8s.io/v1", ""),
            ("EndpointSlice", "discovery.k8s.io/v1", "ports[0]"),
            ("EndpointSlice", "discovery.k8s.io/v1", "endpoints[0].conditions"),
            ("EndpointSlice", "discovery.k8s.io/v1", "endpoints[0].hints"),
            ("Ingress", "networking.k8s.io/v1", "spec"),
            ("Ingress", "networking.k8s.io/v1", "spec.rules[0]"),
            ("Ingress", "networking.k8s.io/v1", "spec.rules[0].http.paths[0]"),
            ("Ingress", "networking.k8s.io/v1", "spec.rules[0].http.paths[0].backend"),
            ("Ingress", "networking.k8s.io/v1", "spec.defaultBackend"),
            ("Ingress", "networking.k8s.io/v1", "spec.tls[0]"),
            ("Pod", "v1", "spec.containers[0].ports[0]"),
            ("IngressClass", "networking.k8s.io/v1", "spec"),
            ("Service", "v1", "spec.sessionAffinityConfig"),
            ("Service", "v1", "status.loadBalancer"),
            ("Service", "v1", "status.loadBalancer.ingress[0]"),
            ("Service", "v1", "status.loadBalancer.ingress[0].ports[0]"),
            ("Endpoints", "v1", "subsets[0]"),
            ("Endpoints", "v1", "subsets[0].addresses[0]"),
            ("Endpoints", "v1", "subsets[0].ports[0]"),
            ("EndpointSlice", "discovery.k8s.io/v1", "endpoints[0]"),
            ("EndpointSlice", "discovery.k8s.io/v1", "endpoints[0].hints.forZones[0]"),
            ("EndpointSlice", "discovery.k8s.io/v1", "endpoints[0].hints.forNodes[0]"),
            ("Ingress", "networking.k8s.io/v1", "spec.rules[0].http"),
            ("Ingress", "networking.k8s.io/v1", "spec.rules[0].http.paths[0].backend.service"),
            ("Ingress", "networking.k8s.io/v1", "spec.rules[0].http.paths[0].backend.service.port"),
            ("Ingress", "networking.k8s.io/v1", "spec.rules[0].http.paths[0].backend.resource"),
            ("Ingress", "networking.k8s.io/v1", "spec.defaultBackend.service"),
            ("Ingress", "networking.k8s.io/v1", "spec.defaultBackend.service.port"),
            ("IngressClass", "networking.k8s.io/v1", "spec.parameters"),
            ("Pod", "v1", "spec.dnsConfig"),
            ("Pod", "v1", "spec.dnsConfig.options[0]"),
            ("Pod", "v1", "spec.hostAliases[0]"),
        ] {
            let path = FieldPath::parse(above);
            let fields = schema::fields(version, kind, &path);
            assert!(!fields.is_empty(), "{kind} {above}");
            let steps: Vec<String> = path
                .steps()
                .map(|step| if step.index().is_some() { "[]".to_owned() } else { step.name().to_owned() })
                .collect();
            for field in fields {
                let mut steps: Vec<&str> = steps.iter().map(String::as_str).collect();
                steps.push(field.name);
                assert!(find(kind, &steps).is_some(), "{kind} {above} {}", field.name);
            }
        }
    }

    /// No words for a field that Kubernetes does not have.
    #[test]
    fn every_pattern_is_a_field() {
        for (kind, pattern, words) in table() {
            let (kind, version) = match *kind {
                "EndpointSlice" => ("EndpointSlice", "discovery.k8s.io/v1"),
                "Ingress" | "IngressClass" => (*kind, "networking.k8s.io/v1"),
                "StatefulSet" => (*kind, "apps/v1"),
                "Workload" => ("Deployment", "apps/v1"),
                "*" => ("Pod", "v1"),
                _ => (*kind, "v1"),
            };
            assert!(words.what.ends_with('.'), "{pattern}");
            if pattern.contains(['*', '=']) {
                continue;
            }
            let path = FieldPath::parse(pattern.replace("[]", "[0]").trim_end_matches("[0]"));
            let Some((above, Step::Field(name))) = path.split_last() else { panic!("{pattern}") };
            let there = schema::fields(version, kind, &above);
            assert!(there.iter().any(|field| field.name == name), "{kind} {pattern}");
        }
    }
}
