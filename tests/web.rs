//! Runs in a real browser: `cargo xtask test wasm`. A native `cargo test` finds nothing here.
#![cfg(target_arch = "wasm32")]

use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

/// Yew renders after the current turn of the event loop.
async fn rendered() {
    gloo::timers::future::TimeoutFuture::new(50).await;
}

#[wasm_bindgen_test]
async fn the_page_mounts_into_app() {
    let document = gloo::utils::document();
    let app = document.create_element("div").expect("an element");
    app.set_id("app");
    gloo::utils::body().append_child(&app).expect("a body");
    portolan::ui::start();
    rendered().await;
    assert!(app.child_element_count() > 0, "the page is empty");
    assert!(app.text_content().unwrap_or_default().contains("Portolan"));
}
