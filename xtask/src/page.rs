//! `serve` and `build`: Trunk with everything it needs.

use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use crate::run::{Outcome, Steps, command, run};
use crate::{setup, workspace};

/// `cargo xtask serve [--port N] [--release] [--no-open]`
pub fn serve(arguments: &[String]) -> Outcome {
    let mut wanted = 8080;
    let (mut open, mut release) = (!workspace::headless(), false);
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        match argument.as_str() {
            "--no-open" => open = false,
            "--release" => release = true,
            "--port" => {
                let port = rest.next().and_then(|p| p.parse().ok());
                wanted = port.ok_or("--port wants a number from 1 to 65535")?;
            }
            other => return Err(format!("serve does not know `{other}`")),
        }
    }
    let mut steps = Steps::new(setup::STEPS + 1);
    let ready = setup::prepare(&mut steps)?;
    let port = free_port(wanted)?;
    println!("[{0}/{0}] build and serve; the first build takes a minute or two …", setup::STEPS + 1);
    println!("\n      Portolan: http://127.0.0.1:{port}/   (rebuilt when a file is saved; Ctrl-C ends it)\n");
    let mut trunk = command("trunk");
    trunk.args(["serve", "--address", "127.0.0.1", "--port", &port.to_string()]);
    // Not dist/: that is the release build's, and somebody may be publishing it.
    trunk.args(["--dist", "target/serve"]);
    if release {
        as_release(&mut trunk);
    }
    if open {
        trunk.arg("--open");
    }
    thread::spawn(keep_editor);
    run(trunk.env("PATH", ready.path()?).env_remove("NO_COLOR").stdin(Stdio::inherit()))
}

/// What release builds are compiled with, beside the profiles in Cargo.toml: they are cut in two after linking
/// (xtask/web/split.mjs), which needs the relocations.
const RELEASE_FLAGS: &str = "-C link-arg=--emit-relocs";

fn as_release(trunk: &mut Command) {
    let flags = std::env::var("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS").unwrap_or_default();
    trunk.args(["--release", "--features", "split"]);
    trunk.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", format!("{flags} {RELEASE_FLAGS}"));
}

/// Bundles the editor anew when a source of it is saved; Trunk sees the bundle change and does the rest.
fn keep_editor() {
    let mut seen = setup::editor_changed();
    loop {
        thread::sleep(Duration::from_secs(1));
        let now = setup::editor_changed();
        if now == seen {
            continue;
        }
        seen = now;
        match setup::editor() {
            Ok(how) => println!("editor bundle: {how}"),
            // Said, and tried again after the next change.
            Err(why) => eprintln!("editor bundle: {why}"),
        }
    }
}

/// The wanted port or the next free one after it.
fn free_port(wanted: u16) -> Outcome<u16> {
    (wanted..=wanted.saturating_add(200))
        .find(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok())
        .ok_or_else(|| format!("no free port from {wanted} on"))
}

/// `cargo xtask build`
pub fn build() -> Outcome {
    let mut steps = Steps::new(setup::STEPS + 2);
    let ready = setup::prepare(&mut steps)?;
    steps.step("release build into dist/", || {
        release(&ready)?;
        Ok(((), "built".into()))
    })?;
    steps.step("sizes", || {
        run(command("node").arg("xtask/web/sizes.mjs"))?;
        Ok(((), "dist/ is ready: any folder of any web server can hold it".into()))
    })
}

/// The release build alone.
pub fn release(ready: &setup::Ready) -> Outcome {
    let mut trunk = command("trunk");
    as_release(trunk.arg("build"));
    run(trunk.env("PATH", ready.path()?).env_remove("NO_COLOR"))?;
    let wasm = std::fs::read_dir(workspace::root().join("dist"))
        .map_err(|e| format!("dist: {e}"))?
        .flatten()
        .any(|entry| Path::new(&entry.file_name()).extension().is_some_and(|e| e == "wasm"));
    if wasm { Ok(()) } else { Err("Trunk succeeded and dist/ has no wasm".into()) }
}
