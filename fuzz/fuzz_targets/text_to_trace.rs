//! Any text all the way: objects, cluster, the requests that it invites, their traces.
//!
//! `cargo +nightly fuzz run text_to_trace`
#![no_main]

use libfuzzer_sys::fuzz_target;
use portolan::cluster::{Cluster, PodFates};
use portolan::manifest::{Manifest, parse};
use portolan::proxy::Tables;
use portolan::routing::Network;
use std::rc::Rc;

const REQUESTS_MAX: usize = 50;

fuzz_target!(|text: &str| {
    let manifest = parse(text, &Manifest::default());
    let cluster = Cluster::next(&Cluster::default(), &manifest, &PodFates::default());
    let network = Network::new(Rc::new(cluster));
    let mut tables = Tables::default();
    for (number, request) in network.invited().iter().take(REQUESTS_MAX).enumerate() {
        let (trace, next) = network.route(request, &tables, number as u64, number as u64);
        assert!(!trace.hops.is_empty());
        tables = next;
    }
});
