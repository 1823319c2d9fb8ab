//! The page: Yew components, editor bridge, canvas, storage, location. No Kubernetes logic.

use yew::prelude::*;

/// Mounts the page in `#app`.
pub fn start() {
    let root = gloo::utils::document().get_element_by_id("app");
    match root {
        Some(root) => yew::Renderer::<App>::with_root(root).render(),
        None => yew::Renderer::<App>::new().render(),
    };
}

/// The whole page.
#[component]
pub fn App() -> Html {
    html! { <main><h1>{ "Portolan" }</h1></main> }
}
