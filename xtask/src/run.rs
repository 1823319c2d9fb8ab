//! Starting other programs, and saying what goes on.

use std::env;
use std::ffi::OsStr;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Instant;

use crate::workspace;

/// What a task returns: a sentence for the person when it fails.
pub type Outcome<T = ()> = Result<T, String>;

/// Prints `[2/6] Trunk 0.21.14 …` and counts.
pub struct Steps {
    total: usize,
    done: usize,
}

impl Steps {
    /// Steps out of `total`.
    pub fn new(total: usize) -> Self {
        Steps { total, done: 0 }
    }

    /// Runs one step; says what it is before and how it went after.
    pub fn step<T>(&mut self, what: &str, work: impl FnOnce() -> Outcome<(T, String)>) -> Outcome<T> {
        self.done += 1;
        println!("[{}/{}] {what} …", self.done, self.total);
        let start = Instant::now();
        let (value, how) = work()?;
        println!("      {how}, {:.1} s", start.elapsed().as_secs_f32());
        Ok(value)
    }
}

/// A command that runs in the checkout, without standard input.
pub fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(workspace::root()).stdin(Stdio::null());
    command
}

/// The cargo that runs this xtask.
pub fn cargo() -> Command {
    command(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// A program of npm: on Windows it is a script with another ending.
pub fn npm() -> Command {
    command(if cfg!(windows) { "npm.cmd" } else { "npm" })
}

/// Runs a command to its end; its output goes to the terminal.
pub fn run(command: &mut Command) -> Outcome {
    let name = describe(command);
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("`{name}` failed ({status})")),
        Err(error) => Err(format!("`{name}` did not start: {error}")),
    }
}

/// What a command prints, when it succeeds.
pub fn output(command: &mut Command) -> Option<String> {
    let output = command.stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_string())
}

fn describe(command: &Command) -> String {
    let mut words = vec![command.get_program().to_string_lossy().into_owned()];
    words.extend(command.get_args().map(|a| a.to_string_lossy().into_owned()));
    words.join(" ")
}

/// PATH with these folders in front.
pub fn path_with(folders: &[PathBuf]) -> Outcome<std::ffi::OsString> {
    let old = env::var_os("PATH").unwrap_or_default();
    let all = folders.iter().cloned().chain(env::split_paths(&old));
    env::join_paths(all).map_err(|e| format!("PATH cannot be extended: {e}"))
}
