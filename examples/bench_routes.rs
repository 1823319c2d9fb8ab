//! Native speed of the core, for `cargo xtask bench`: lines of name, value and unit.

use portolan::manifest::Manifest;
use portolan::proxy::Tables;
use portolan::session::Session;
use std::time::{Duration, Instant};

const SHOP: &str = include_str!("../static/examples/shop.yaml");
const LEAST: Duration = Duration::from_secs(2);

/// Calls `work` for at least two seconds; calls per second.
#[expect(clippy::disallowed_methods, reason = "this program measures time")]
fn per_second(mut work: impl FnMut(u64)) -> f64 {
    let start = Instant::now();
    let mut calls = 0;
    while start.elapsed() < LEAST {
        for _ in 0..100 {
            work(calls);
            calls += 1;
        }
    }
    calls as f64 / start.elapsed().as_secs_f64()
}

fn main() {
    let session = Session::open(SHOP, None, 1);
    let network = session.network();
    let requests = network.invited();
    if requests.is_empty() {
        eprintln!("the shop invites no request: nothing to measure");
    } else {
        let mut tables = Tables::default();
        let mut hops = 0;
        let routes = per_second(|n| {
            let request = &requests[n as usize % requests.len()];
            let (trace, next) = network.route(request, &tables, n, n);
            hops += trace.hops.len();
            tables = next;
        });
        assert!(hops > 0, "requests were routed nowhere");
        println!("routes\t{routes:.0}\t/s");
    }
    let empty = Manifest::default();
    let parses = per_second(|_| {
        std::hint::black_box(portolan::manifest::parse(std::hint::black_box(SHOP), &empty));
    });
    println!("small shop, text → objects\t{:.3}\tms", 1e3 / parses);
}
