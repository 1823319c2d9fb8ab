//! Finding a Chromium and its driver for the tests.

use std::env;
use std::path::{Path, PathBuf};

use crate::run::{Outcome, command, output, run};
use crate::workspace;

/// A browser for tests.
pub struct Browser {
    /// Chromium or Chrome.
    pub chromium: PathBuf,
    /// The WebDriver server of the same version.
    pub driver: PathBuf,
}

const NAMES: [&str; 5] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];
const PLACES: [&str; 6] = [
    "/usr/lib/chromium/chromium",
    "/usr/lib/chromium-browser/chromium-browser",
    "/opt/google/chrome/chrome",
    "/snap/bin/chromium",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];
const DRIVER_PLACES: [&str; 3] = [
    "/usr/lib/chromium/chromedriver",
    "/usr/lib/chromium-browser/chromedriver",
    "/opt/homebrew/bin/chromedriver",
];

fn find(variable: &str, names: &[&str], places: &[&str]) -> Option<PathBuf> {
    let named = env::var_os(variable).map(PathBuf::from).filter(|file| file.is_file());
    named
        .or_else(|| names.iter().find_map(|name| workspace::on_path(name)))
        .or_else(|| places.iter().map(PathBuf::from).find(|file| file.is_file()))
}

fn look() -> (Option<PathBuf>, Option<PathBuf>) {
    (find("CHROME", &NAMES, &PLACES), find("CHROMEDRIVER", &["chromedriver"], &DRIVER_PLACES))
}

/// The browser, installed from Debian where that is allowed.
pub fn ensure() -> Outcome<(Browser, String)> {
    if let (Some(chromium), Some(driver)) = look() {
        let version = output(command(&chromium).arg("--version")).unwrap_or_default();
        return Ok((Browser { chromium, driver }, version.trim().to_string()));
    }
    install()?;
    match look() {
        (Some(chromium), Some(driver)) => {
            Ok((Browser { chromium, driver }, "installed with apt-get".to_string()))
        }
        _ => Err(advice()),
    }
}

fn advice() -> String {
    "no Chromium with chromedriver found. Install both (Debian: apt-get install chromium chromium-driver; \
     macOS: brew install --cask chromium chromedriver), or name them in CHROME and CHROMEDRIVER"
        .to_string()
}

fn install() -> Outcome {
    if !Path::new("/etc/debian_version").is_file() || workspace::on_path("apt-get").is_none() {
        return Err(advice());
    }
    let root = output(command("id").arg("-u")).as_deref() == Some("0");
    if !root && output(command("sudo").args(["-n", "true"])).is_none() {
        return Err(advice());
    }
    let apt = |arguments: &[&str]| {
        let mut apt = if root { command("apt-get") } else { command("sudo") };
        if !root {
            apt.args(["-n", "env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]);
        }
        run(apt.env("DEBIAN_FRONTEND", "noninteractive").args(["-q", "-y"]).args(arguments))
    };
    println!("      apt-get install chromium chromium-driver");
    apt(&["update"])?;
    apt(&["install", "--no-install-recommends", "chromium", "chromium-driver"])
}
