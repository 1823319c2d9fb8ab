//! `dns_search.json`: which names a resolver tries, in order.

use crate::objects::{id, rows, text};
use crate::score::{Score, same};
use portolan::dns::search::{Resolver, queries, resolver, search_list};
use serde_json::{Value, json};

pub fn run(table: &Value, score: &mut Score) {
    for (index, row) in rows(table, "rows").iter().enumerate() {
        score.case(id("rows", index, row), || {
            let host_network = row["hostNetwork"].as_bool().unwrap_or(false);
            let policy = row["dnsPolicy"].as_str();
            let search = match resolver(policy, host_network) {
                Resolver::Cluster => search_list(text(row, "podNamespace"), "cluster.local.").to_vec(),
                Resolver::Node | Resolver::Nobody => Vec::new(),
            };
            let ndots = row["ndots"].as_u64().unwrap_or(5) as usize;
            same(json!(queries(text(row, "name"), &search, ndots)), row["queriesInOrder"].clone())
        });
    }
}
