//! Sessions as a person would have them, without a page.
use super::*;

fn open(text: &str) -> Session {
    Session::open(text, None, 7)
}

fn run(mut session: Session, ms: u32) -> Session {
    for _ in 0..ms / 20 {
        session = session.reduce(Action::Tick { elapsed_ms: 20.0 });
    }
    session
}

#[test]
fn an_empty_text_is_a_session_too() {
    let session = run(open(""), 5_000);
    assert!(session.followed().is_none());
    let session = session.reduce(Action::StepForward).reduce(Action::StepBack).reduce(Action::Seek(0));
    assert_eq!(session.shown_ms, 0);
    assert!(!session.playing);
}

#[test]
fn ticks_that_are_not_numbers_do_not_count() {
    let session = open("").reduce(Action::Tick { elapsed_ms: f64::NAN });
    assert_eq!(session.shown_ms, 0);
    let session = session.reduce(Action::Tick { elapsed_ms: -5.0 }).reduce(Action::Tick { elapsed_ms: 1e9 });
    assert_eq!(session.shown_ms, 1_000);
}
