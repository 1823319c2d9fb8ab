//! `cargo xtask bench`: measures, prints, and with `--write` keeps BENCHMARKS.md.

use std::fs;
use std::process::Stdio;

use crate::run::{Outcome, Steps, cargo, command, output};
use crate::{browser, marked, page, setup, workspace};

/// `cargo xtask bench [--write] [--no-build]`
pub fn bench(arguments: &[String]) -> Outcome {
    if let Some(odd) = arguments.iter().find(|a| !["--write", "--no-build"].contains(&a.as_str())) {
        return Err(format!("bench does not know `{odd}`"));
    }
    let has = |flag: &str| arguments.iter().any(|a| a == flag);
    let mut steps = Steps::new(setup::STEPS + 4);
    let ready = setup::prepare(&mut steps)?;
    let browser = steps.step("Chromium", browser::ensure)?;
    steps.step("release build", || {
        if has("--no-build") {
            return Ok(((), "left as it is".into()));
        }
        page::release(&ready).map(|()| ((), "built".into()))
    })?;
    let native = steps.step("native routes per second", || Ok((native()?, "measured".into())))?;
    let rows = steps.step("in Chromium", || {
        let mut node = command("node");
        node.arg("xtask/web/bench.mjs").env("CHROME", &browser.chromium).env("PORTOLAN_NATIVE", &native);
        let rows = output(node.stderr(Stdio::inherit())).ok_or("xtask/web/bench.mjs failed")?;
        Ok((rows, "measured".into()))
    })?;
    println!("\n{rows}");
    if has("--write") {
        return marked::write(&workspace::root().join("BENCHMARKS.md"), "bench", &rows);
    }
    Ok(())
}

/// What `examples/bench_routes.rs` prints: lines of `name<TAB>value<TAB>unit`.
fn native() -> Outcome<String> {
    if fs::metadata(workspace::root().join("examples/bench_routes.rs")).is_err() {
        return Ok(String::new());
    }
    // `--profile release` is tuned for the size of the page; natively speed is what counts.
    let mut run = cargo();
    run.args(["run", "--quiet", "--release", "--config", "profile.release.opt-level=3"]);
    run.args(["--config", "profile.release.lto=false", "--example", "bench_routes"]);
    output(&mut run).ok_or_else(|| "cargo run --example bench_routes failed".into())
}
