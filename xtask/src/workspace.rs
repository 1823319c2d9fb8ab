//! Where things are: the checkout and the cache of tools outside it.

use std::env;
use std::path::{Path, PathBuf};

/// The checkout this xtask was built from.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}

/// The cache of tools, shared by all clones: `$XDG_CACHE_HOME/portolan/tools` or `~/.cache/portolan/tools`.
pub fn tools() -> Result<PathBuf, String> {
    let base = match env::var_os("XDG_CACHE_HOME").filter(|v| Path::new(v).is_absolute()) {
        Some(cache) => PathBuf::from(cache),
        None => match env::var_os("HOME").or_else(|| env::var_os("USERPROFILE")) {
            Some(home) => PathBuf::from(home).join(".cache"),
            None => return Err("neither XDG_CACHE_HOME nor HOME is set".into()),
        },
    };
    Ok(base.join("portolan").join("tools"))
}

/// The first file called `name` in the folders of PATH.
pub fn on_path(name: &str) -> Option<PathBuf> {
    let name = format!("{name}{}", env::consts::EXE_SUFFIX);
    env::split_paths(&env::var_os("PATH")?).map(|folder| folder.join(&name)).find(|file| file.is_file())
}

/// True where nobody looks at a screen: no browser is opened there.
pub fn headless() -> bool {
    let set = |name| env::var_os(name).is_some_and(|v| !v.is_empty());
    set("CI")
        || set("SSH_CONNECTION")
        || (cfg!(target_os = "linux") && !set("DISPLAY") && !set("WAYLAND_DISPLAY"))
}
