//! The conformance scorecard in README.md, kept in step with what the tests measured.
//!
//! `cargo test --test conformance` writes `target/conformance-score.json`, a list
//! of `{file, cases, passed, not_applicable}`, besides printing it. Here it becomes a table between two marks.

use std::fs;
use std::path::PathBuf;

use crate::marked;
use crate::run::{Outcome, cargo, run};
use crate::workspace;

const MARK: &str = "conformance";

/// `cargo xtask conformance [--check|--write]`
pub fn conformance(arguments: &[String]) -> Outcome {
    match arguments {
        [] => run_tests().and_then(|()| fresh_table()).map(|table| println!("{table}")),
        [flag] if flag == "--check" => check(),
        [flag] if flag == "--write" => {
            run_tests()?;
            marked::write(&readme(), MARK, &fresh_table()?)
        }
        _ => Err("conformance knows --check and --write".into()),
    }
}

/// Fails when README.md says something else than the tests.
pub fn check() -> Outcome {
    if !workspace::root().join("tests/conformance.rs").is_file() {
        println!("no conformance tests yet");
        return Ok(());
    }
    run_tests()?;
    if unseen(&score()?)? > 0 {
        println!(
            "some tables speak of manifests that are not on this machine: the scorecard is not compared"
        );
        return Ok(());
    }
    marked::check(&readme(), MARK, &fresh_table()?, "cargo xtask conformance --write")
}

fn readme() -> PathBuf {
    workspace::root().join("README.md")
}

fn run_tests() -> Outcome {
    // Other people's tables must not end up in our README.
    run(cargo().args(["test", "--quiet", "--test", "conformance"]).env_remove("PORTOLAN_CONFORMANCE_DIR"))
}

fn fresh_table() -> Outcome<String> {
    table(&score()?)
}

fn score() -> Outcome<String> {
    let file = workspace::root().join("target/conformance-score.json");
    fs::read_to_string(&file).map_err(|e| format!("{}: {e}", file.display()))
}

/// How many cases could not be run for want of their input.
fn unseen(json: &str) -> Outcome<u64> {
    Ok(rows(json)?.iter().map(|row| row.unseen).sum())
}

/// One row of the score file.
#[derive(Debug, PartialEq)]
struct Row {
    file: String,
    cases: u64,
    passed: u64,
    not_applicable: u64,
    unseen: u64,
}

/// A Markdown table from `[{"file": "…", "cases": 1, "passed": 1, "not_applicable": 0}, …]`.
fn table(json: &str) -> Outcome<String> {
    let rows = rows(json)?;
    let mut text = String::from("| file | cases | passed | not applicable |\n|---|--:|--:|--:|\n");
    let mut sum = Row { file: "**all**".into(), cases: 0, passed: 0, not_applicable: 0, unseen: 0 };
    for row in &rows {
        sum.cases += row.cases;
        sum.passed += row.passed;
        sum.not_applicable += row.not_applicable;
    }
    for row in rows.iter().chain([&sum]) {
        text += &format!("| {} | {} | {} | {} |\n", row.file, row.cases, row.passed, row.not_applicable);
    }
    Ok(text)
}

/// Reads the flat list of flat objects that the test writes; no other JSON is understood.
fn rows(json: &str) -> Outcome<Vec<Row>> {
    let objects = json.split('{').skip(1).filter_map(|part| part.split('}').next());
    let rows: Outcome<Vec<Row>> = objects
        .map(|object| {
            let value = |key: &str| {
                let rest = object.split_once(&format!("\"{key}\""))?.1.trim_start().strip_prefix(':')?;
                Some(rest.split(',').next()?.trim().trim_matches('"').to_string())
            };
            let number = |key: &str| value(key).and_then(|v| v.parse().ok());
            Ok(Row {
                file: value("file").ok_or("a score without a file")?,
                cases: number("cases").ok_or("a score without cases")?,
                passed: number("passed").ok_or("a score without passed")?,
                not_applicable: number("not_applicable").unwrap_or(0),
                unseen: number("unseen").unwrap_or(0),
            })
        })
        .collect();
    match rows {
        Ok(rows) if rows.is_empty() => Err("the score is empty".into()),
        rows => rows,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_score_becomes_a_table_with_a_sum() {
        let json = r#"[
            {"file": "names.json", "cases": 10, "passed": 9, "not_applicable": 1},
            {"file": "dns.json", "cases": 5, "passed": 5, "not_applicable": 0}
        ]"#;
        let text = table(json).expect("a table");
        assert!(
            text.contains("| names.json | 10 | 9 | 1 |\n| dns.json | 5 | 5 | 0 |\n| **all** | 15 | 14 | 1 |")
        );
        assert!(table("[]").is_err());
        assert!(table(r#"[{"file": "x"}]"#).is_err());
    }
}
