//! The project's own commands: `cargo xtask <command>`.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

mod bench;
mod browser;
mod check;
mod marked;
mod page;
mod run;
mod scorecard;
mod setup;
mod tools;
mod versions;
mod workspace;

use std::process::ExitCode;

const USAGE: &str = "\
cargo xtask <command>

  serve        set up what is missing, build, serve on 127.0.0.1
                 --port N, --release, --no-open
  build        release build into dist/, with its sizes
  test         format, clippy, native tests, wasm tests, editor tests, end-to-end tests
                 test <stage> …  for some: format, clippy, clippy-wasm, native,
                 scorecard, wasm, editor, release, e2e
  bench        measure; --write updates BENCHMARKS.md, --no-build takes dist/ as it is
  conformance  the scorecard; --write puts it into README.md, --check compares
  setup        install what is missing, and no more";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (command, rest) = match arguments.split_first() {
        Some((command, rest)) => (command.as_str(), rest),
        None => ("help", &[][..]),
    };
    let outcome = match command {
        "serve" => page::serve(rest),
        "build" => page::build(),
        "test" => check::test(rest),
        "bench" => bench::bench(rest),
        "conformance" => scorecard::conformance(rest),
        "setup" => prepare(),
        "help" | "--help" | "-h" => {
            println!("{USAGE}");
            Ok(())
        }
        other => Err(format!("no command `{other}`\n\n{USAGE}")),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("\nxtask: {why}");
            ExitCode::FAILURE
        }
    }
}

fn prepare() -> run::Outcome {
    let mut steps = run::Steps::new(setup::STEPS + 1);
    setup::prepare(&mut steps)?;
    steps.step("Chromium for the tests", browser::ensure).map(|_| ())
}
