//! What a table's cases came to.

use std::fmt::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// The cases of one table.
pub struct Score {
    pub file: String,
    /// The folder it is from; empty: the project's own.
    pub folder: String,
    pub cases: usize,
    pub passed: usize,
    /// Id and reason.
    pub not_applicable: Vec<(String, String)>,
    /// Id and what was wrong.
    pub failures: Vec<(String, String)>,
}

impl Score {
    pub fn new(file: &str, folder: &str) -> Self {
        let (file, folder) = (file.to_owned(), folder.to_owned());
        Self { file, folder, cases: 0, passed: 0, not_applicable: Vec::new(), failures: Vec::new() }
    }

    fn title(&self) -> String {
        if self.folder.is_empty() { self.file.clone() } else { format!("{}/{}", self.folder, self.file) }
    }

    /// Runs one case. An `Err` says what came out instead; a panic is a failure too.
    pub fn case(&mut self, id: impl Into<String>, check: impl FnOnce() -> Result<(), String>) {
        self.cases += 1;
        match caught(check).and_then(|outcome| outcome) {
            Ok(()) => self.passed += 1,
            Err(why) => self.failures.push((id.into(), why)),
        }
    }

    /// Makes what several cases share; where that panics, one case fails and the others are not run.
    pub fn shared<T>(&mut self, id: &str, make: impl FnOnce() -> T) -> Option<T> {
        match caught(make) {
            Ok(made) => Some(made),
            Err(why) => {
                self.case(id, || Err(format!("none of its cases was run: {why}")));
                None
            }
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
        self.failures.iter().map(|(id, why)| format!("FAIL {}: {id}: {why}", self.title())).collect()
    }
}

fn caught<T>(run: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(run)).map_err(|panic| {
        let text = panic.downcast_ref::<String>().map(String::as_str);
        format!("panicked: {}", text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("?"))
    })
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
    if got == expected { Ok(()) } else { Err(format!("wanted {expected:?}, found {got:?}")) }
}

/// A table of all scores, and every case that was left out.
pub fn scorecard(scores: &[Score]) -> String {
    // The project's own tables first, each other folder's after them.
    let mut text = String::from("\n| table | cases | passed | n/a | failed |\n|---|---:|---:|---:|---:|\n");
    for s in scores {
        let (left_out, failed) = (s.not_applicable.len(), s.failures.len());
        let _ = writeln!(text, "| {} | {} | {} | {left_out} | {failed} |", s.title(), s.cases, s.passed);
    }
    for s in scores {
        for (id, reason) in &s.not_applicable {
            let _ = writeln!(text, "n/a {}: {id}: {reason}", s.title());
        }
    }
    text
}
