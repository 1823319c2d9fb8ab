//! The page: Yew components, editor bridge, canvas, storage, location. No Kubernetes logic.

mod app;
mod composer;
mod crash;
mod desk;
mod details;
mod editor;
mod frames;
mod help;
mod icons;
mod keys;
mod notice;
mod picker;
mod preferences;
mod probe;
mod problems;
mod route;
mod same;
mod side_tabs;
mod stage;
mod stage_pane;
mod storage;
pub mod store;
mod timeline;
mod tools;
mod topbar;
mod why;

pub use app::App;

/// Mounts the page in `#app`.
pub fn start() {
    crash::install();
    let root = gloo::utils::document().get_element_by_id("app");
    match root {
        Some(root) => yew::Renderer::<App>::with_root(root).render(),
        None => yew::Renderer::<App>::new().render(),
    };
}
