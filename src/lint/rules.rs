//! Every lint there is: its stable code, how bad it usually is, and what it finds.

use crate::diagnostic::Severity;
use Severity::{Error, Info, Warning};

/// One lint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Stable: `lint/selector-matches-nothing`.
    pub code: &'static str,
    /// How much it matters, where nothing softens it.
    pub severity: Severity,
    /// What it finds, in one line.
    pub about: &'static str,
}

macro_rules! rules {
    ($($name:ident, $code:literal, $severity:expr, $about:literal;)*) => {
        $(#[doc = $about] pub const $name: Rule = Rule { code: $code, severity: $severity, about: $about };)*
        /// All of them, by code.
        pub const ALL: &[Rule] = &[$($name),*];
    };
}

rules! {
    CLUSTER_IP_TAKEN, "lint/cluster-ip-taken", Error, "a clusterIP that another Service has";
    DUPLICATE_OBJECT, "lint/duplicate-object", Warning, "two objects of one kind, namespace and name";
    ENDPOINTS_COLLIDE, "lint/endpoints-collide", Warning, "endpoints written by hand for a Service that has a selector";
    ENDPOINTS_DEPRECATED, "lint/endpoints-deprecated", Warning, "the Endpoints API, deprecated since 1.33";
    ENDPOINTS_ORPHAN, "lint/endpoints-orphan", Warning, "endpoints written by hand that belong to no Service";
    ENDPOINTS_PORT_NAME, "lint/endpoints-port-name", Warning, "a port of endpoints written by hand that is no port of the Service";
    EXTERNAL_IPS, "lint/external-ips", Warning, "spec.externalIPs, deprecated since 1.36, or ignored";
    EXTERNAL_NAME_IP, "lint/external-name-ip", Warning, "an ExternalName that is an address: DNS cannot alias to it";
    EXTERNAL_NAME_PORTS, "lint/external-name-ports", Warning, "ports of an ExternalName, which maps none";
    EXTERNAL_NAME_SELECTOR, "lint/external-name-selector", Warning, "a selector of an ExternalName, which selects nothing";
    HEADLESS_AFFINITY, "lint/headless-affinity", Warning, "sessionAffinity on a headless Service, where nothing could keep it";
    HEADLESS_PORT, "lint/headless-port", Warning, "a headless Service whose port is not its targetPort: nobody maps it";
    INGRESS_CLASS_MISSING, "lint/ingress-class-missing", Warning, "an Ingress whose class does not exist, so that nobody serves it";
    INGRESS_DUPLICATE_PATH, "lint/ingress-duplicate-path", Warning, "one host and path claimed by two Ingresses, or twice by one";
    INGRESS_PATH_NEVER, "lint/ingress-path-never", Warning, "a path that no request can match";
    INGRESS_PORT_MISSING, "lint/ingress-port-missing", Warning, "an Ingress backend whose port is no port of its Service";
    INGRESS_SERVICE_MISSING, "lint/ingress-service-missing", Warning, "an Ingress backend whose Service does not exist";
    LABEL_NOT_TEXT, "lint/label-not-text", Error, "a label, annotation or selector value that YAML does not read as text";
    LOCAL_WITHOUT_ENDPOINT, "lint/local-without-endpoint", Info, "a traffic policy Local, and nodes without an endpoint";
    NODE_PORT_RANGE, "lint/node-port-range", Error, "a nodePort outside the range of node ports";
    NODE_PORT_TAKEN, "lint/node-port-taken", Error, "a nodePort that another Service has";
    NO_READY_ENDPOINT, "lint/no-ready-endpoint", Warning, "a Service that selects pods of which none is ready, and why";
    NO_SELECTOR, "lint/no-selector-no-endpoints", Warning, "a Service without a selector and without endpoints";
    PORT_NOBODY_LISTENS, "lint/port-nobody-listens", Warning, "a targetPort number that no container of the pods lists";
    PORT_UNKNOWN_NAME, "lint/port-unknown-name", Warning, "a targetPort name that no container of the pods has";
    SELECTOR_OTHER_NAMESPACE, "lint/selector-other-namespace", Warning, "a selector whose pods are all in another namespace";
    SELECTOR_MATCHES_NOTHING, "lint/selector-matches-nothing", Warning, "a selector that matches no pod, with the nearest miss";
    SELECTOR_SEVERAL_WORKLOADS, "lint/selector-several-workloads", Warning, "a selector that matches pods of different workloads";
    SERVICE_NAME, "lint/service-name", Error, "a Service's name that cannot be a DNS label";
    STATEFULSET_SERVICE, "lint/statefulset-service", Warning, "a StatefulSet whose serviceName is no headless Service";
    WARNED, "lint/ignored-field", Warning, "a field that the API server warns of as ignored or deprecated";
    WORKLOAD_SELECTOR, "lint/workload-selector", Error, "a workload whose selector does not match its own template";
}

/// The rule of a code.
#[must_use]
pub fn by_code(code: &str) -> Option<&'static Rule> {
    ALL.iter().find(|rule| rule.code == code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_distinct() {
        let mut codes: Vec<_> = ALL.iter().map(|rule| rule.code).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), ALL.len());
        assert!(ALL.iter().all(|rule| rule.code.starts_with("lint/")));
    }
}
