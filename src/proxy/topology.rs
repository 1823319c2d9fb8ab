//! Which endpoints of a Service port the proxy on one node may use.

use super::endpoint::Endpoint;

/// What of a Service port decides which sets it needs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Policies {
    /// internalTrafficPolicy: Local
    pub internal_local: bool,
    /// externalTrafficPolicy: Local
    pub external_local: bool,
    /// It has a node port, a load balancer's address or an external one.
    pub externally_accessible: bool,
}

impl Policies {
    /// Whether endpoints of the whole cluster are ever used.
    // Models pkg/proxy/serviceport.go UsesClusterEndpoints: even with externalTrafficPolicy
    // Local they are, for what pods and the node itself send.
    #[must_use]
    pub const fn uses_cluster(self) -> bool {
        !self.internal_local || self.externally_accessible
    }

    /// Whether endpoints of the node alone are ever used.
    // Models pkg/proxy/serviceport.go UsesLocalEndpoints
    #[must_use]
    pub const fn uses_local(self) -> bool {
        self.internal_local || (self.external_local && self.externally_accessible)
    }
}

/// What hints made of the cluster's endpoints.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Serialize)]
pub enum Topology {
    /// All ready endpoints.
    #[default]
    Any,
    /// Only those hinted for this node's zone.
    SameZone,
    /// Only those hinted for this node.
    SameNode,
}

/// The endpoints that one node may use for one Service port: positions in the list of all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EndpointSets {
    /// For traffic under policy Cluster; `None`: never used.
    pub cluster: Option<Vec<usize>>,
    /// For traffic under policy Local; `None`: never used.
    pub local: Option<Vec<usize>>,
    /// All that this node can send to.
    pub reachable: Vec<usize>,
    /// Whether any node has a usable one.
    pub has_any: bool,
    /// What hints made of `cluster`.
    pub topology: Topology,
    /// Whether `cluster` holds terminating ones, for want of ready ones.
    pub cluster_terminating: bool,
    /// Whether `local` does.
    pub local_terminating: bool,
}

/// Sorts endpoints for the node `node_name` in `zone` (empty: it has none).
// Models pkg/proxy/topology.go CategorizeEndpoints
#[must_use]
pub fn categorize(endpoints: &[Endpoint], policies: Policies, node_name: &str, zone: &str) -> EndpointSets {
    let mut sets = EndpointSets {
        cluster: policies.uses_cluster().then(Vec::new),
        local: policies.uses_local().then(Vec::new),
        ..EndpointSets::default()
    };
    let drains = |e: &Endpoint| e.serving && e.terminating;
    let local = |e: &Endpoint| !node_name.is_empty() && e.node.as_deref() == Some(node_name);
    let filter = |keep: &dyn Fn(&Endpoint) -> bool| -> Vec<usize> {
        endpoints.iter().enumerate().filter(|(_, e)| keep(e)).map(|(i, _)| i).collect()
    };

    if let Some(cluster) = &mut sets.cluster {
        sets.topology = topology(endpoints, node_name, zone);
        *cluster = filter(&|e| {
            e.ready
                && match sets.topology {
                    Topology::Any => true,
                    Topology::SameNode => e.node_hints.iter().any(|n| &**n == node_name),
                    Topology::SameZone => e.zone_hints.iter().any(|z| &**z == zone),
                }
        });
        if cluster.is_empty() {
            *cluster = filter(&drains);
            sets.cluster_terminating = !cluster.is_empty();
        }
        sets.has_any = !cluster.is_empty();
    }
    let Some(here) = &mut sets.local else {
        sets.reachable = sets.cluster.clone().unwrap_or_default();
        return sets;
    };
    sets.has_any |= endpoints.iter().any(|e| e.ready || drains(e));
    *here = filter(&|e| local(e) && e.ready);
    if here.is_empty() {
        *here = filter(&|e| local(e) && !e.ready && drains(e));
        sets.local_terminating = !here.is_empty();
    }
    let mut reachable = sets.cluster.clone().unwrap_or_default();
    reachable.extend(here.iter());
    crate::sort::plain(&mut reachable);
    reachable.dedup();
    sets.reachable = reachable;
    sets
}

// Models pkg/proxy/topology.go topologyModeFromHints: hints count only if every ready
// endpoint has one and one of them names this node or zone; node hints come first.
fn topology(endpoints: &[Endpoint], node_name: &str, zone: &str) -> Topology {
    let mut ready = endpoints.iter().filter(|e| e.ready).peekable();
    if ready.peek().is_none() {
        return Topology::Any;
    }
    let (mut all_nodes, mut this_node, mut all_zones, mut this_zone) = (true, false, true, false);
    for e in ready {
        all_nodes &= !e.node_hints.is_empty();
        this_node |= e.node_hints.iter().any(|n| &**n == node_name);
        all_zones &= !e.zone_hints.is_empty();
        this_zone |= e.zone_hints.iter().any(|z| &**z == zone);
    }
    if all_nodes && this_node {
        Topology::SameNode
    } else if all_zones && this_zone {
        Topology::SameZone
    } else {
        Topology::Any
    }
}
