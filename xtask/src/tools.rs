//! Cargo tools in one versioned cache outside the checkout.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process;

use crate::run::{Outcome, cargo, command, output, run};
use crate::{versions, workspace};

/// A tool that `cargo install` can build.
pub struct Tool {
    /// The package on crates.io.
    package: &'static str,
    /// The wanted version.
    pub version: &'static str,
    /// The programs it brings; the first answers `--version`, unless `mute`.
    programs: &'static [&'static str],
    /// Whether it does not say its version: then only the one in our cache is known.
    mute: bool,
    /// What `cargo install` is told besides.
    options: &'static [&'static str],
    /// Roughly how long the first build takes.
    patience: &'static str,
}

/// A debug build is as good for our use and takes a third of the time.
pub const TRUNK: Tool = Tool {
    package: "trunk",
    version: versions::TRUNK,
    programs: &["trunk"],
    mute: false,
    options: &["--locked", "--no-default-features", "--debug"],
    patience: "about 5 minutes, once for all clones",
};

/// Not `--locked`: one of its locked dependencies is gone from crates.io.
pub const WASM_BINDGEN: Tool = Tool {
    package: "wasm-bindgen-cli",
    version: versions::WASM_BINDGEN,
    programs: &["wasm-bindgen", "wasm-bindgen-test-runner"],
    mute: false,
    options: &["--debug"],
    patience: "about 3 minutes, once for all clones",
};

/// Cuts release builds in two.
pub const WASM_SPLIT: Tool = Tool {
    package: "wasm_split_cli_support",
    version: versions::WASM_SPLIT,
    programs: &["wasm-split-cli"],
    mute: true,
    options: &["--debug", "--features", "build-binary"],
    patience: "about a minute, once for all clones",
};

impl Tool {
    /// The folder with the programs, and how it came to be.
    pub fn ensure(&self) -> Outcome<(PathBuf, String)> {
        if let Some(folder) = self.on_path().filter(|_| !self.mute) {
            return Ok((folder.clone(), format!("on PATH in {}", folder.display())));
        }
        let home = workspace::tools()?;
        let root = home.join(format!("{}-{}", self.package, self.version));
        let bin = root.join("bin");
        if self.works(&bin) {
            return Ok((bin.clone(), format!("in {}", bin.display())));
        }
        fs::create_dir_all(&home).map_err(|e| format!("{}: {e}", home.display()))?;
        // Two clones may start together: the second waits for the first one's build.
        let lock = File::create(home.join(format!("{}.lock", self.package))).map_err(|e| e.to_string())?;
        lock.lock().map_err(|e| format!("cannot lock {}: {e}", home.display()))?;
        if !self.works(&bin) {
            self.install(&root)?;
        }
        Ok((bin.clone(), format!("installed in {}", bin.display())))
    }

    fn install(&self, root: &Path) -> Outcome {
        println!("      building {} {} ({})", self.package, self.version, self.patience);
        let mut fresh = root.as_os_str().to_owned();
        fresh.push(format!(".partial-{}", process::id()));
        run(cargo()
            .args(["install", "--root"])
            .arg(&fresh)
            .args(self.options)
            .arg(format!("{}@{}", self.package, self.version))
            // A project-wide target folder or flags are not meant for tools.
            .env_remove("CARGO_TARGET_DIR")
            .env_remove("RUSTFLAGS"))?;
        // Whatever stands there does not work: it is an installation that was broken off.
        let _ = fs::remove_dir_all(root);
        fs::rename(&fresh, root).map_err(|e| format!("{}: {e}", root.display()))?;
        if self.works(&root.join("bin")) {
            Ok(())
        } else {
            Err(format!("{} was built and does not answer", self.package))
        }
    }

    fn on_path(&self) -> Option<PathBuf> {
        let folder = workspace::on_path(self.programs[0])?.parent()?.to_path_buf();
        self.works(&folder).then_some(folder)
    }

    /// All programs are there and the first says the wanted version.
    fn works(&self, folder: &Path) -> bool {
        let file = |name: &str| folder.join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
        let flag = if self.mute { "--help" } else { "--version" };
        self.programs.iter().all(|name| file(name).is_file())
            && output(command(file(self.programs[0])).arg(flag))
                .is_some_and(|said| self.mute || said.split_whitespace().any(|word| word == self.version))
    }
}
