//! The page's entry. Natively there is nothing to show.

#[cfg(target_arch = "wasm32")]
fn main() {
    portolan::ui::start();
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {
    println!("Portolan runs in a browser: cargo xtask serve");
}
