//! The one session of the page, outside the component tree.
//!
//! Components read it through [`View`], which changes only when something that they show
//! has changed; what changes with every frame (the clock, the stage) hangs on
//! [`Store::on_frame`] and writes to its nodes itself. The frame loop sleeps while
//! nothing moves.

use super::frames::Frames;
use crate::session::{Action, Checks, Session, View};
use std::cell::{Cell, Ref, RefCell};
use std::rc::Rc;

/// Called once a frame with the session and the real time in milliseconds; says whether
/// it wants another frame even if nothing happens.
type FrameListener = Rc<dyn Fn(&Session, f64) -> bool>;
type ViewListener = Rc<dyn Fn(&View)>;

/// A handle on the session; all clones are the same one.
#[derive(Clone)]
pub struct Store(Rc<Inner>);

struct Inner {
    session: RefCell<Session>,
    /// What was typed and is not yet in the session.
    typed: RefCell<Option<Rc<str>>>,
    view: RefCell<View>,
    view_listeners: RefCell<Vec<(u32, ViewListener)>>,
    frame_listeners: RefCell<Vec<(u32, FrameListener)>>,
    next_id: Cell<u32>,
    frames: Frames,
    last_frame_ms: Cell<Option<f64>>,
}

impl PartialEq for Store {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

/// Ends a subscription when it is dropped.
pub struct Subscription {
    store: Store,
    id: u32,
}

impl Drop for Subscription {
    fn drop(&mut self) {
        self.store.0.view_listeners.borrow_mut().retain(|(id, _)| *id != self.id);
        self.store.0.frame_listeners.borrow_mut().retain(|(id, _)| *id != self.id);
    }
}

impl Store {
    /// Takes a session in.
    #[must_use]
    pub fn new(session: Session) -> Self {
        let view = session.view();
        let inner = Rc::new_cyclic(|weak: &std::rc::Weak<Inner>| {
            let weak = weak.clone();
            Inner {
                session: RefCell::new(session),
                typed: RefCell::default(),
                view: RefCell::new(view),
                view_listeners: RefCell::default(),
                frame_listeners: RefCell::default(),
                next_id: Cell::new(0),
                frames: Frames::new(move |now_ms| {
                    weak.upgrade().is_some_and(|inner| Self(inner).frame(now_ms))
                }),
                last_frame_ms: Cell::new(None),
            }
        });
        let store = Self(inner);
        store.0.frames.request();
        store
    }

    /// The session as it is.
    #[must_use]
    pub fn session(&self) -> Ref<'_, Session> {
        self.0.session.borrow()
    }

    /// What components show.
    #[must_use]
    pub fn view(&self) -> View {
        self.0.view.borrow().clone()
    }

    /// Does something.
    pub fn dispatch(&self, action: Action) {
        self.settle();
        self.0.session.borrow_mut().update(action);
        self.publish();
        self.0.frames.request();
    }

    /// The text is now this. Taken in with the next frame, so that keys that come faster
    /// than frames cost one reading.
    pub fn typed(&self, text: Rc<str>) {
        *self.0.typed.borrow_mut() = Some(text);
        self.0.frames.request();
    }

    /// Whether something was typed that is not yet taken in.
    #[must_use]
    pub fn has_typed(&self) -> bool {
        self.0.typed.borrow().is_some()
    }

    /// Takes in what was typed.
    pub fn settle(&self) {
        let typed = self.0.typed.borrow_mut().take();
        if let Some(text) = typed {
            self.0.session.borrow_mut().update(Action::Edit(text));
            self.publish();
        }
    }

    /// Calls back when what components show has changed.
    #[must_use]
    pub fn on_view(&self, listener: impl Fn(&View) + 'static) -> Subscription {
        let id = self.next_id();
        self.0.view_listeners.borrow_mut().push((id, Rc::new(listener)));
        Subscription { store: self.clone(), id }
    }

    /// Calls back once a frame, after the session has moved on.
    #[must_use]
    pub fn on_frame(&self, listener: impl Fn(&Session, f64) -> bool + 'static) -> Subscription {
        let id = self.next_id();
        self.0.frame_listeners.borrow_mut().push((id, Rc::new(listener)));
        self.0.frames.request();
        Subscription { store: self.clone(), id }
    }

    /// Asks for a frame, where something other than the session has changed what is drawn.
    pub fn request_frame(&self) {
        self.0.frames.request();
    }

    /// Stops time while the page is not to be seen.
    pub fn set_hidden(&self, hidden: bool) {
        self.0.last_frame_ms.set(None);
        if hidden {
            self.settle();
            self.0.frames.cancel();
        } else {
            self.0.frames.request();
        }
    }

    /// Draws a frame as if it were now; for the loop and for measuring.
    pub fn draw(&self, now_ms: f64) -> bool {
        let listeners: Vec<_> = self.0.frame_listeners.borrow().iter().map(|(_, l)| l.clone()).collect();
        let session = self.0.session.borrow();
        // Each of them draws, also when one before it already wants another frame.
        let mut more = false;
        for listener in &listeners {
            more |= listener(&session, now_ms);
        }
        more
    }

    /// The checks have come.
    pub fn check_with(&self, checks: &'static Checks) {
        self.settle();
        self.0.session.borrow_mut().check_with(checks);
        self.publish();
        self.0.frames.request();
    }

    /// Puts another session in place of this one, for measuring.
    pub fn exchange(&self, session: Session) -> Session {
        let before = self.0.session.replace(session);
        self.publish();
        before
    }

    fn frame(&self, now_ms: f64) -> bool {
        let elapsed_ms = self.0.last_frame_ms.replace(Some(now_ms)).map_or(0.0, |last| now_ms - last);
        self.settle();
        let playing = self.session().playing;
        if playing {
            self.0.session.borrow_mut().update(Action::Tick { elapsed_ms });
            self.publish();
        }
        let more = self.draw(now_ms) || self.session().playing;
        if !more {
            self.0.last_frame_ms.set(None);
        }
        more
    }

    fn publish(&self) {
        let view = self.session().view();
        if *self.0.view.borrow() == view {
            return;
        }
        *self.0.view.borrow_mut() = view.clone();
        let listeners: Vec<_> = self.0.view_listeners.borrow().iter().map(|(_, l)| l.clone()).collect();
        for listener in listeners {
            listener(&view);
        }
    }

    fn next_id(&self) -> u32 {
        let id = self.0.next_id.get();
        self.0.next_id.set(id.wrapping_add(1));
        id
    }
}
