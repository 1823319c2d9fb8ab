//! Which names a resolver tries, in order.

/// Who resolves for a pod: spec.dnsPolicy with spec.hostNetwork.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
pub enum Resolver {
    /// The cluster's DNS with the cluster's search list.
    Cluster,
    /// The node's own: no search list, no cluster names.
    Node,
    /// dnsPolicy None: whatever spec.dnsConfig says, which is not read.
    Nobody,
}

/// The resolver of a pod by its policy.
// Models pkg/kubelet/network/dns getPodDNSType
#[must_use]
pub fn resolver(dns_policy: Option<&str>, host_network: bool) -> Resolver {
    match dns_policy {
        Some("None") => Resolver::Nobody,
        Some("Default") => Resolver::Node,
        Some("ClusterFirstWithHostNet") => Resolver::Cluster,
        _ if host_network => Resolver::Node,
        _ => Resolver::Cluster,
    }
}

/// The search list of a pod in `namespace`; `zone` with its last dot.
#[must_use]
pub fn search_list(namespace: &str, zone: &str) -> [String; 3] {
    [format!("{namespace}.svc.{zone}"), format!("svc.{zone}"), zone.into()]
}

/// The names to try for `name`, each with its last dot: a name that ends with a dot only
/// as it is; one with fewer than `ndots` dots with the search list first, others last.
#[must_use]
pub fn queries(name: &str, search: &[String], ndots: usize) -> Vec<String> {
    if name.ends_with('.') {
        return vec![name.into()];
    }
    let as_is = format!("{name}.");
    let searched = search.iter().map(|s| format!("{name}.{s}"));
    if name.matches('.').count() < ndots {
        searched.chain([as_is]).collect()
    } else {
        std::iter::once(as_is.clone()).chain(searched).collect()
    }
}
