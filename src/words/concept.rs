//! Hops as the Concept lens tells them: what a Service is for, without rules and addresses.

use super::reasons;
use crate::playback::Lens;
use crate::proxy::{Scope, Topology};
use crate::routing::reason::{Named, Pick};
use crate::routing::{Hop, Reason, Trace};

/// Why a hop went as it did, as a lens tells it.
#[must_use]
pub fn why(trace: &Trace, hop: &Hop, lens: Lens) -> String {
    match lens {
        Lens::Concept => plain(hop).unwrap_or_else(|| reasons::hop(trace, hop).why),
        Lens::Packet => reasons::hop(trace, hop).why,
    }
}

/// For hops whose full reason is about packets.
fn plain(hop: &Hop) -> Option<String> {
    Some(match &hop.reason {
        Reason::Endpoint {
            service,
            scope: Scope::Cluster,
            topology: Topology::Any,
            terminating: false,
            of,
            pick,
            ..
        } => {
            let name = &service.name;
            match pick {
                Pick::Only => format!("One ready pod stands behind {name}: it gets every request."),
                Pick::Chance => format!(
                    "{of} ready pods stand behind {name}. One is picked by chance, anew for each connection."
                ),
                Pick::Remembered => {
                    format!(
                        "sessionAffinity is ClientIP: {name} leads this client to the same pod as before."
                    )
                }
            }
        }
        Reason::ToLoadBalancer { service } => {
            format!("The cloud’s load balancer of {} has this address.", service.name)
        }
        Reason::SameNode { .. } | Reason::PodNetwork { .. } if selected(hop) => {
            "The pod carries the labels that the Service selects.".to_owned()
        }
        Reason::LeavesCluster { endpoint_of: Some(service), .. } => {
            format!("An EndpointSlice of {} lists this address; no pod has it.", service.name)
        }
        _ => return None,
    })
}

/// Whether the hop cites a label.
fn selected(hop: &Hop) -> bool {
    hop.fields.iter().any(|field| field.path.to_string().contains("labels"))
}

/// What a hop decides, in the few words that fit on the chart.
#[must_use]
pub fn decision(trace: &Trace, hop: &Hop, lens: Lens) -> String {
    let picked = match &hop.reason {
        Reason::Endpoint { of, pick, .. } => Some(match pick {
            Pick::Only => "the only ready pod".to_owned(),
            Pick::Chance => format!("1 of {of} pods, by chance"),
            Pick::Remembered => "the same pod as before".to_owned(),
        }),
        _ => None,
    };
    match (picked, lens, &hop.reason) {
        // Whose decision it is shows where it stands.
        (Some(picked), ..) => ["Picks ", &picked].concat(),
        (None, _, Reason::IngressRule { host, path, service: Some(service), .. }) => {
            [host, path, " leads to ", &service.name].concat()
        }
        (None, Lens::Concept, Reason::Resolved { named: Named::Alias { target, .. }, .. }) => {
            ["Only another name: ", target].concat()
        }
        _ => reasons::hop(trace, hop).title,
    }
}
