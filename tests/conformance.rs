//! Runs upstream's test tables (`tests/conformance/*.json`) through the program's own
//! code and prints a scorecard. One module a table; every row is a case that passes,
//! fails, or is named as not applicable with the reason.
//!
//! `PORTOLAN_CONFORMANCE_DIR` names a folder with more tables of the same names and
//! shapes; they are run as well. `PORTOLAN_MANIFESTS` names the folder of real-world
//! manifests that `manifest_selection.json` speaks of.

#[path = "conformance/objects.rs"]
mod objects;
#[path = "conformance/score.rs"]
mod score;
#[path = "conformance/stored.rs"]
mod stored;

#[path = "conformance/allocation.rs"]
mod allocation;
#[path = "conformance/dns_records.rs"]
mod dns_records;
#[path = "conformance/dns_search.rs"]
mod dns_search;
#[path = "conformance/endpointslices.rs"]
mod endpointslices;
#[path = "conformance/ingress_paths.rs"]
mod ingress_paths;
#[path = "conformance/label_selectors.rs"]
mod label_selectors;
#[path = "conformance/manifest_selection.rs"]
mod manifest_selection;
#[path = "conformance/names.rs"]
mod names;
#[path = "conformance/networking_validation.rs"]
mod networking_validation;
#[path = "conformance/packet_flows.rs"]
mod packet_flows;
#[path = "conformance/service_defaults.rs"]
mod service_defaults;
#[path = "conformance/service_validation.rs"]
mod service_validation;
#[path = "conformance/topology.rs"]
mod topology;
// Further tables: a module above, a row below.

use score::Score;
use serde_json::Value;
use std::path::{Path, PathBuf};

/// Runs one table.
type Run = fn(&Value, &mut Score);

/// Every table: its file's name and who runs it.
const TABLES: &[(&str, Run)] = &[
    ("allocation.json", allocation::run),
    ("endpointslices.json", endpointslices::run),
    ("label_selectors.json", label_selectors::run),
    ("manifest_selection.json", manifest_selection::run),
    ("names.json", names::run),
    ("networking_validation.json", networking_validation::run),
    ("service_defaults.json", service_defaults::run),
    ("service_validation.json", service_validation::run),
    ("dns_records.json", dns_records::run),
    ("dns_search.json", dns_search::run),
    ("ingress_paths.json", ingress_paths::run),
    ("packet_flows.json", packet_flows::run),
    ("topology.json", topology::run),
];

#[test]
fn upstream_tables_hold() {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/conformance");
    let mut scores = run_folder(&own, "");
    if let Some(other) = std::env::var_os("PORTOLAN_CONFORMANCE_DIR").map(PathBuf::from) {
        let found = run_folder(&other, &other.display().to_string());
        assert!(!found.is_empty(), "{}: no table that is known by its name", other.display());
        scores.extend(found);
    } else {
        // For the scorecard in README.md; other people's tables do not count there.
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/conformance-score.json");
        std::fs::write(file, score::json(&scores)).expect("target/ can be written");
    }
    println!("{}", score::scorecard(&scores));
    let mut failures: Vec<String> = scores.iter().flat_map(Score::report).collect();
    let failed = failures.len();
    for (title, of) in [
        ("the project's", scores.iter().filter(|s| s.folder.is_empty()).collect::<Vec<_>>()),
        ("the other folder's", scores.iter().filter(|s| !s.folder.is_empty()).collect()),
    ] {
        let (cases, left_out) = of.iter().fold((0, 0), |(c, n), s| (c + s.cases, n + s.left_out()));
        if left_out * 50 > cases {
            failures.push(format!("{left_out} of {title} {cases} cases are left out: more than 2 %"));
        }
    }
    println!("{}", failures.join("\n"));
    assert!(failures.is_empty(), "{failed} cases fail:\n{}", failures.join("\n"));
}

/// Runs the tables of a folder. The project's own must all be there; another folder may have some.
fn run_folder(folder: &Path, title: &str) -> Vec<Score> {
    let mut scores = Vec::new();
    for (file, run) in TABLES {
        let path = folder.join(file);
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(_) if !title.is_empty() => continue,
            Err(error) => panic!("{file}: {error}"),
        };
        let mut score = Score::new(file, title);
        match serde_json::from_str::<Value>(&text) {
            Ok(table) => run(&table, &mut score),
            Err(error) => score.case("the whole table", || Err(error.to_string())),
        }
        if score.cases == 0 {
            score.case("the whole table", || Err("it has no case that this test knows".to_owned()));
        }
        scores.push(score);
    }
    scores
}
