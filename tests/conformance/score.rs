//! What a table's cases came to.

use std::fmt::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// The cases of one table.
pub struct Score {
    pub file: String,
    pub cases: usize,
    pub passed: usize,
    /// Id and reason.
    pub not_applicable: Vec<(String, String)>,
    /// Id and what was wrong.
    pub failures: Vec<(String, String)>,
}

impl Score {
    pub fn new(file: &str) -> Self {
        let file = file.to_owned();
        Self { file, cases: 0, passed: 0, not_applicable: Vec::new(), failures: Vec::new() }
    }

    /// Runs one case. An `Err` says what came out instead; a panic is a failure too.
    pub fn case(&mut self, id: impl Into<String>, check: impl FnOnce() -> Result<(), String>) {
        self.cases += 1;
        match catch_unwind(AssertUnwindSafe(check)) {
            Ok(Ok(())) => self.passed += 1,
            Ok(Err(why)) => self.failures.push((id.into(), why)),
            Err(_) => self.failures.push((id.into(), "panicked".to_owned())),
        }
    }

    /// Counts a case that this program has nothing to say to.
    #[allow(dead_code, reason = "not every table has such cases")]
    pub fn not_applicable(&mut self, id: impl Into<String>, reason: impl Into<String>) {
        self.cases += 1;
        self.not_applicable.push((id.into(), reason.into()));
    }

    /// Counts a case whose input is not on this machine.
    #[allow(dead_code, reason = "only one table needs other files")]
    pub fn unseen(&mut self, id: impl Into<String>) {
        self.not_applicable(id, NOT_HERE);
    }

    fn unseen_count(&self) -> usize {
        self.not_applicable.iter().filter(|(_, reason)| reason == NOT_HERE).count()
    }

    /// Cases that the program has nothing to say to, wherever it runs.
    pub fn left_out(&self) -> usize {
        self.not_applicable.len() - self.unseen_count()
    }

    /// One line a failure.
    pub fn report(&self) -> Vec<String> {
        self.failures.iter().map(|(id, why)| format!("{}: {id}: {why}", self.file)).collect()
    }
}

const NOT_HERE: &str = "its manifest is not on this machine";

/// All scores for `cargo xtask conformance`.
pub fn json(scores: &[Score]) -> String {
    let rows = scores.iter().map(|s| {
        serde_json::json!({
            "file": s.file,
            "cases": s.cases,
            "passed": s.passed,
            "not_applicable": s.left_out(),
            "unseen": s.unseen_count(),
        })
    });
    serde_json::Value::Array(rows.collect()).to_string()
}

/// `Ok` if both are the same, else both in words.
pub fn same<T: PartialEq + std::fmt::Debug>(got: T, expected: T) -> Result<(), String> {
    if got == expected { Ok(()) } else { Err(format!("got {got:?}, expected {expected:?}")) }
}

/// A table of all scores, and every case that was left out.
pub fn scorecard(scores: &[Score]) -> String {
    let mut text = String::from("\n| table | cases | passed | n/a | failed |\n|---|---:|---:|---:|---:|\n");
    for s in scores {
        let (left_out, failed) = (s.not_applicable.len(), s.failures.len());
        let _ = writeln!(text, "| {} | {} | {} | {left_out} | {failed} |", s.file, s.cases, s.passed);
    }
    for s in scores {
        for (id, reason) in &s.not_applicable {
            let _ = writeln!(text, "n/a {}: {id}: {reason}", s.file);
        }
    }
    text
}
