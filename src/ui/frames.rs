//! The animation frame loop: runs while it is wanted, sleeps otherwise, ends when dropped.

use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

/// A loop of animation frames.
pub struct Frames {
    pending: Rc<Cell<Option<i32>>>,
    callback: Rc<Closure<dyn FnMut(f64)>>,
}

impl Frames {
    /// A loop that does this each frame, as long as it returns true.
    #[must_use]
    pub fn new(frame: impl Fn(f64) -> bool + 'static) -> Self {
        let pending: Rc<Cell<Option<i32>>> = Rc::default();
        let callback = Rc::new_cyclic(|weak: &std::rc::Weak<Closure<dyn FnMut(f64)>>| {
            let (weak, pending) = (weak.clone(), pending.clone());
            Closure::new(move |now_ms: f64| {
                pending.set(None);
                if frame(now_ms)
                    && let Some(callback) = weak.upgrade()
                {
                    request(&pending, &callback);
                }
            })
        });
        Self { pending, callback }
    }

    /// Asks for a frame, unless one is on its way.
    pub fn request(&self) {
        request(&self.pending, &self.callback);
    }

    /// Stops the loop until the next request.
    pub fn cancel(&self) {
        if let Some(id) = self.pending.take()
            && let Some(window) = web_sys::window()
        {
            // A frame that cannot be cancelled finds nobody to call.
            let _ = window.cancel_animation_frame(id);
        }
    }
}

fn request(pending: &Cell<Option<i32>>, callback: &Closure<dyn FnMut(f64)>) {
    if pending.get().is_none()
        && let Some(window) = web_sys::window()
    {
        pending.set(window.request_animation_frame(callback.as_ref().unchecked_ref()).ok());
    }
}

impl Drop for Frames {
    fn drop(&mut self) {
        self.cancel();
    }
}
