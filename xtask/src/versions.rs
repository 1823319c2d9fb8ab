//! The one place where the versions of tools are pinned.
//!
//! Cargo.lock, Trunk.toml and package.json must agree; the tests below compare them.

/// Trunk builds and serves the page. 0.22 wants a newer rustc than ours.
pub const TRUNK: &str = "0.21.14";
/// Must equal the `wasm-bindgen` of Cargo.lock.
pub const WASM_BINDGEN: &str = "0.2.130";
/// `wasm-split-cli` of the package `wasm_split_cli_support`; goes with `wasm_split_helpers` in Cargo.toml.
pub const WASM_SPLIT: &str = "0.2.4";
/// npm's `binaryen`, for `wasm-opt`; as new as the Rust compiler that emits the wasm.
pub const BINARYEN: &str = "132.0.0";
/// The oldest Node that works.
pub const NODE_MAJOR: u32 = 20;
/// The target of the page.
pub const WASM_TARGET: &str = "wasm32-unknown-unknown";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace;

    fn read(file: &str) -> String {
        std::fs::read_to_string(workspace::root().join(file)).expect("a file of the project")
    }

    #[test]
    fn cargo_lock_has_the_pinned_wasm_bindgen() {
        let wanted = format!("name = \"wasm-bindgen\"\nversion = \"{WASM_BINDGEN}\"\n");
        assert!(read("Cargo.lock").replace("\r\n", "\n").contains(&wanted));
    }

    #[test]
    fn trunk_toml_has_the_pinned_wasm_bindgen() {
        assert!(read("Trunk.toml").contains(&format!("wasm_bindgen = \"{WASM_BINDGEN}\"")));
    }

    #[test]
    fn package_json_has_the_pinned_binaryen_and_only_exact_versions() {
        let text = read("package.json");
        assert!(text.contains(&format!("\"binaryen\": \"{BINARYEN}\"")));
        assert!(!text.contains("\"^") && !text.contains("\"~"), "package.json pins exact versions");
    }
}
