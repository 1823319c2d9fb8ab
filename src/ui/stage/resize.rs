//! Tells how large an element is, and when that changes.

use crate::scene::Frame;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, ResizeObserver};

/// Watches until it is dropped.
pub struct Watch {
    observer: Option<ResizeObserver>,
    _callback: Closure<dyn FnMut()>,
}

impl Watch {
    /// Calls back with the size now and after each change.
    pub fn new(element: &Element, tell: impl Fn(Frame) + 'static) -> Self {
        let watched = element.clone();
        let say = move || {
            let (width, height) = (watched.client_width() as f32, watched.client_height() as f32);
            // A panel that is not shown has no size, and keeps its last one.
            if width > 0.0 && height > 0.0 {
                tell(Frame { width, height });
            }
        };
        say();
        let callback = Closure::<dyn FnMut()>::new(say);
        let observer = ResizeObserver::new(callback.as_ref().unchecked_ref()).ok();
        if let Some(observer) = &observer {
            observer.observe(element);
        }
        Self { observer, _callback: callback }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        if let Some(observer) = &self.observer {
            observer.disconnect();
        }
    }
}
