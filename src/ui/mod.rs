//! The page: Yew components, editor bridge, canvas, storage, location. No Kubernetes logic.
