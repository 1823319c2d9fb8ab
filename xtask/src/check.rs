//! `cargo xtask test`: every check of the project, a line for each at the end.

use std::time::Instant;

use crate::run::{Outcome, Steps, cargo, command, run};
use crate::{browser, page, scorecard, setup, versions};

const STAGES: [(&str, &str); 9] = [
    ("format", "cargo fmt --check"),
    ("clippy", "clippy, warnings are errors, native"),
    ("clippy-wasm", "clippy, warnings are errors, wasm32"),
    ("native", "native tests"),
    ("scorecard", "the scorecard in README.md is up to date"),
    ("wasm", "wasm tests in headless Chromium"),
    ("editor", "tests of the editor bundle"),
    ("release", "release build"),
    ("e2e", "end-to-end tests in headless Chromium against the release build"),
];

/// `cargo xtask test [stage …]`
pub fn test(arguments: &[String]) -> Outcome {
    if let Some(odd) = arguments.iter().find(|a| !STAGES.iter().any(|(name, _)| name == a)) {
        let names: Vec<&str> = STAGES.iter().map(|(name, _)| *name).collect();
        return Err(format!("no stage `{odd}`; there are {}", names.join(", ")));
    }
    let chosen: Vec<(&str, &str)> = STAGES
        .into_iter()
        .filter(|(name, _)| arguments.is_empty() || arguments.iter().any(|a| a == name))
        .collect();
    let native_only = chosen.iter().all(|(n, _)| ["format", "clippy", "native", "scorecard"].contains(n));
    let ready = if native_only {
        None
    } else {
        let mut steps = Steps::new(setup::STEPS + 1);
        let ready = setup::prepare(&mut steps)?;
        let browser = steps.step("Chromium", browser::ensure)?;
        Some((ready, browser))
    };
    let mut lines = Vec::new();
    let mut failures = 0;
    for (name, what) in chosen {
        println!("\n── {name}: {what}");
        let start = Instant::now();
        let outcome = match (&ready, name) {
            (_, "format") => run(cargo().args(["fmt", "--all", "--check"])),
            (_, "clippy") => run(clippy().args(["--workspace", "--all-targets", "--", "-D", "warnings"])),
            (_, "native") => run(cargo().args(["test", "--workspace"])),
            (_, "scorecard") => scorecard::check(),
            (Some((ready, browser)), name) => browser_stage(name, ready, browser),
            (None, name) => Err(format!("stage {name} is not known")),
        };
        let seconds = start.elapsed().as_secs_f32();
        lines.push(match &outcome {
            Ok(()) => format!("  ok      {name:<12} {seconds:>6.1} s"),
            Err(why) => format!("  FAILED  {name:<12} {seconds:>6.1} s  {why}"),
        });
        failures += usize::from(outcome.is_err());
    }
    println!("\n{}", lines.join("\n"));
    match failures {
        0 => {
            println!("\nAll {} stages passed.", lines.len());
            Ok(())
        }
        n => Err(format!("{n} of {} stages failed", lines.len())),
    }
}

fn clippy() -> std::process::Command {
    let mut clippy = cargo();
    clippy.args(["clippy", "--quiet"]);
    clippy
}

fn browser_stage(name: &str, ready: &setup::Ready, browser: &browser::Browser) -> Outcome {
    match name {
        "clippy-wasm" => run(clippy()
            .args(["--target", versions::WASM_TARGET, "--lib", "--bins", "--test", "web"])
            .args(["--", "-D", "warnings"])),
        "wasm" => run(cargo()
            .args(["test", "--target", versions::WASM_TARGET, "--test", "web"])
            .env(
                "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER",
                ready.wasm_bindgen.join("wasm-bindgen-test-runner"),
            )
            .env("CHROMEDRIVER", &browser.driver)),
        "editor" => node_tests("editor/test", browser),
        "release" => page::release(ready),
        "e2e" => node_tests("tests/e2e", browser),
        _ => Err(format!("no stage `{name}`")),
    }
}

fn node_tests(folder: &str, browser: &browser::Browser) -> Outcome {
    run(command("node").args(["xtask/web/tests.mjs", folder]).env("CHROME", &browser.chromium))
}
