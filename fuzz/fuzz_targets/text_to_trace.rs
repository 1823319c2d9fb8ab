//! Any text all the way: objects, cluster, the requests that it invites, their traces.
//!
//! `cargo +nightly fuzz run text_to_trace`
#![no_main]

use libfuzzer_sys::fuzz_target;
use portolan::cluster::{Cluster, PodFates};
use portolan::manifest::{Manifest, parse};
use portolan::proxy::Tables;
use portolan::routing::{HopKind, Network, Reason, Trace};
use portolan::words::reasons;
use std::rc::Rc;

const REQUESTS_MAX: usize = 50;
const HOPS_MAX: usize = 40;

/// It ends, once; its hops hang together; who answers is one whom the Service selects.
fn check(network: &Network, trace: &Trace) {
    let ends = |kind| matches!(kind, HopKind::Answer | HopKind::Fail);
    assert_eq!(trace.hops.iter().filter(|hop| ends(hop.kind)).count(), 1, "{trace:?}");
    assert!(trace.hops.last().is_some_and(|hop| ends(hop.kind)), "{trace:?}");
    assert!(trace.hops.len() <= HOPS_MAX, "{trace:?}");
    for pair in trace.hops.windows(2) {
        assert_eq!(pair[0].to, pair[1].from);
    }
    for hop in &trace.hops {
        assert!(!reasons::hop(trace, hop).title.is_empty());
    }
    let chosen = trace.hops.iter().rev().find_map(|hop| match &hop.reason {
        Reason::Endpoint { service, .. } | Reason::ControllerPicks { service, .. } => Some(service),
        _ => None,
    });
    let (Some(service), Some(pod)) = (chosen, trace.served_by()) else { return };
    let cluster = network.cluster();
    let service = cluster.service(&service.namespace, &service.name).expect("the Service");
    let pod = cluster.pod(&pod.namespace, &pod.name).expect("the pod");
    // Endpoints written by hand may be anybody's.
    let by_hand = cluster.slices_of(&service.id).any(|s| s.origin == portolan::cluster::Origin::Text);
    if let (Some(selector), false) = (service.selector(), by_hand) {
        assert!(selector.iter().all(|pair| pod.labels.contains(pair)), "{trace:?}");
    }
}

fuzz_target!(|text: &str| {
    let manifest = parse(text, &Manifest::default());
    let cluster = Cluster::next(&Cluster::default(), &manifest, &PodFates::default());
    assert_eq!(Cluster::next(&Cluster::default(), &manifest, &PodFates::default()), cluster);
    let kept = Cluster::next(&cluster, &manifest, &PodFates::default());
    assert_eq!(kept, cluster, "the same text again changes nothing");
    let network = Network::new(Rc::new(cluster));
    let mut tables = Tables::default();
    for (number, request) in network.invited().iter().take(REQUESTS_MAX).enumerate() {
        let (trace, next) = network.route(request, &tables, number as u64, number as u64);
        check(&network, &trace);
        tables = next;
    }
});
