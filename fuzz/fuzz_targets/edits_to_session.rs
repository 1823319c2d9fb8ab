//! Any texts after each other, as somebody types them: a session that goes on, whose clock
//! runs and is turned back, with a chart of each cluster. Texts are parted by a byte 1.
//!
//! `cargo +nightly fuzz run edits_to_session`
#![no_main]

use libfuzzer_sys::fuzz_target;
use portolan::scene::{Frame, Options, Scene};
use portolan::session::{Action, Session};
use std::rc::Rc;

const TEXTS_MAX: usize = 6;
const FRAME: Frame = Frame { width: 700.0, height: 500.0 };

fn look(session: &Session, seats: &mut Options) {
    for problem in &*session.problems {
        let at = problem.span.start as usize..problem.span.end as usize;
        assert!(session.text.get(at).is_some(), "{problem:?}");
    }
    let view = session.view();
    let scene = Scene::new(view.network.cluster(), &FRAME, seats);
    for pod in &view.network.cluster().pods {
        let _ = scene.pod(&pod.id);
    }
    seats.seats = scene.seats.clone();
    let _ = session.marks();
    if let Some(course) = &view.followed {
        for field in course.flight.trace.hops.iter().flat_map(|hop| &hop.fields) {
            if let Some(span) = session.locate(field) {
                assert!(span.end as usize <= session.text.len());
            }
        }
    }
}

fuzz_target!(|text: &str| {
    let mut texts = text.split('\u{1}').take(TEXTS_MAX);
    let mut session = Session::open(texts.next().unwrap_or(""), None, 7);
    let mut seats = Options::default();
    look(&session, &mut seats);
    for (at, text) in texts.enumerate() {
        session.update(Action::Tick { elapsed_ms: 700.0 });
        session.update(Action::Edit(text.into()));
        look(&session, &mut seats);
        let pods = &session.network().cluster().pods;
        let (pod, service) =
            (pods.first().map(|p| p.id.clone()), session.network().cluster().services.first().map(|s| s.id.clone()));
        match (at % 4, pod, service) {
            (0, Some(pod), _) => session.update(Action::DeletePod(pod)),
            (1, Some(pod), _) => session.update(Action::SetReady(pod, Some(false))),
            (2, _, Some(service)) => session.update(Action::Recreate(service)),
            _ => session.update(Action::Seek(300)),
        }
        for _ in 0..3 {
            session.update(Action::Tick { elapsed_ms: 900.0 });
        }
        look(&session, &mut seats);
    }
    // The same again is the same session.
    let again = session.clone().reduce(Action::Edit(Rc::clone(&session.text)));
    assert_eq!(again.problems, session.problems);
});
