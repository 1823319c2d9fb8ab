//! Everything a fresh machine lacks, installed once, with a word about each step.

use std::fs;
use std::path::PathBuf;
use std::time::SystemTime;

use crate::run::{Outcome, Steps, command, npm, output, path_with, run};
use crate::tools::{TRUNK, WASM_BINDGEN, WASM_SPLIT};
use crate::{versions, workspace};

/// How many steps [`prepare`] takes.
pub const STEPS: usize = 6;

/// What is ready after the set-up.
pub struct Ready {
    /// Folders that go in front of PATH.
    folders: Vec<PathBuf>,
    /// The folder of wasm-bindgen's programs.
    pub wasm_bindgen: PathBuf,
}

impl Ready {
    /// PATH for the tools.
    pub fn path(&self) -> Outcome<std::ffi::OsString> {
        path_with(&self.folders)
    }
}

/// Wasm target, Trunk, wasm-bindgen-cli, wasm-split-cli, npm packages, editor bundle.
pub fn prepare(steps: &mut Steps) -> Outcome<Ready> {
    steps.step(&format!("Rust target {}", versions::WASM_TARGET), || Ok(((), target()?)))?;
    let trunk = steps.step(&format!("Trunk {}", TRUNK.version), || TRUNK.ensure())?;
    let wasm_bindgen =
        steps.step(&format!("wasm-bindgen-cli {}", WASM_BINDGEN.version), || WASM_BINDGEN.ensure())?;
    let wasm_split = steps.step(&format!("wasm-split-cli {}", WASM_SPLIT.version), || WASM_SPLIT.ensure())?;
    steps.step(&format!("npm packages (wasm-opt {}, editor, test tools)", versions::BINARYEN), || {
        Ok(((), packages()?))
    })?;
    steps.step("editor bundle", || Ok(((), editor()?)))?;
    let modules = workspace::root().join("node_modules").join(".bin");
    Ok(Ready { folders: vec![wasm_bindgen.clone(), trunk, wasm_split, modules], wasm_bindgen })
}

fn target() -> Outcome<String> {
    let sysroot = output(command("rustc").args(["--print", "sysroot"])).ok_or("rustc does not answer")?;
    let library = PathBuf::from(sysroot).join("lib/rustlib").join(versions::WASM_TARGET);
    if library.is_dir() {
        return Ok("there".into());
    }
    run(command("rustup").args(["target", "add", versions::WASM_TARGET]))?;
    Ok("added".into())
}

fn packages() -> Outcome<String> {
    let said = output(command("node").arg("--version")).ok_or("Node is missing: https://nodejs.org")?;
    let major = said.trim_start_matches('v').split('.').next().and_then(|n| n.parse::<u32>().ok());
    if major.is_none_or(|major| major < versions::NODE_MAJOR) {
        return Err(format!("Node {said} is too old: {} or newer is needed", versions::NODE_MAJOR));
    }
    let root = workspace::root();
    let lock = fs::read(root.join("package-lock.json")).map_err(|e| format!("package-lock.json: {e}"))?;
    let stamp = root.join("node_modules").join(".portolan-lock");
    if fs::read(&stamp).is_ok_and(|seen| seen == lock) {
        return Ok("there".into());
    }
    run(npm().args(["ci", "--no-audit", "--no-fund", "--loglevel=error"]))?;
    fs::write(&stamp, lock).map_err(|e| format!("{}: {e}", stamp.display()))?;
    Ok("installed".into())
}

fn changed(file: &PathBuf) -> Option<SystemTime> {
    fs::metadata(file).and_then(|m| m.modified()).ok()
}

/// When the youngest source of the editor bundle was changed.
pub fn editor_changed() -> Option<SystemTime> {
    let root = workspace::root();
    let mut sources = vec![
        root.join("package-lock.json"),
        root.join("node_modules/.portolan-lock"),
        root.join("editor/build.mjs"),
        root.join("src/words/fields.txt"),
    ];
    if let Ok(folder) = fs::read_dir(root.join("editor/src")) {
        sources.extend(folder.flatten().map(|entry| entry.path()));
    }
    sources.iter().filter_map(changed).max()
}

/// Builds `static/editor.js` when a source of it is newer.
pub fn editor() -> Outcome<String> {
    let bundle = workspace::root().join("static").join("editor.js");
    if changed(&bundle).is_some_and(|built| editor_changed() <= Some(built)) {
        return Ok("up to date".into());
    }
    run(command("node").arg("editor/build.mjs"))?;
    Ok("built".into())
}
