//! What the page's components show, as one value that is cheap to compare: the page
//! renders when it has changed, and only then.

use super::{Course, Session, Tally};
use crate::diagnostic::Diagnostic;
use crate::lint::why_not::Question;
use crate::manifest::{Manifest, ObjectRef};
use crate::playback::Lens;
use crate::routing::{Network, Trace};
use crate::sim::{Change, Millis};
use std::rc::Rc;

/// All that components show, the clock aside. Shared parts are compared by identity.
#[derive(Clone, Debug)]
pub struct View {
    /// The text in the editor.
    pub text: Rc<str>,
    /// The text, read.
    pub manifest: Rc<Manifest>,
    /// The example that was opened.
    pub example: Option<Rc<str>>,
    /// The cluster at the time that is looked at.
    pub network: Rc<Network>,
    /// All problems.
    pub problems: Rc<Vec<Diagnostic>>,
    /// Objects that stand for a broken document.
    pub stale: Rc<Vec<ObjectRef>>,
    /// The followed request.
    pub followed: Option<Rc<Course>>,
    /// Its hop to look at.
    pub hop: Option<usize>,
    /// Whether a person points at that hop.
    pub pointed: bool,
    /// Whether a person has chosen the followed request.
    pub chosen: bool,
    /// The chosen object.
    pub selected: Option<ObjectRef>,
    /// What is asked *why not* of.
    pub question: Option<Question>,
    /// Whether time runs.
    pub playing: bool,
    /// Real time to simulated time.
    pub speed_percent: u32,
    /// The lens.
    pub lens: Lens,
    /// Whether invited traffic runs.
    pub traffic: bool,
    /// What has come of all requests.
    pub tally: Tally,
}

impl PartialEq for View {
    fn eq(&self, other: &Self) -> bool {
        let same_course = match (&self.followed, &other.followed) {
            (Some(a), Some(b)) => Rc::ptr_eq(a, b),
            (None, None) => true,
            _ => false,
        };
        same_course
            && self.hop == other.hop
            && self.playing == other.playing
            && self.tally == other.tally
            && self.pointed == other.pointed
            && self.chosen == other.chosen
            && self.speed_percent == other.speed_percent
            && self.lens == other.lens
            && self.traffic == other.traffic
            && Rc::ptr_eq(&self.text, &other.text)
            && Rc::ptr_eq(&self.manifest, &other.manifest)
            && Rc::ptr_eq(&self.network, &other.network)
            && Rc::ptr_eq(&self.problems, &other.problems)
            && Rc::ptr_eq(&self.stale, &other.stale)
            && self.selected == other.selected
            && self.question == other.question
            && self.example == other.example
    }
}

/// Where a leg is in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LegState {
    /// Done.
    Done,
    /// The one to look at.
    Current,
    /// Still to come.
    ToCome,
}

/// What a mark on the timeline stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MarkKind {
    /// The cluster changed.
    Changed(Change),
    /// A request departed, by number.
    Departed(u32),
    /// A person sent a request, by number.
    Sent(u32),
}

/// A mark on the timeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// When.
    pub at_ms: Millis,
    /// What.
    pub kind: MarkKind,
}

impl Session {
    /// What components show now.
    #[must_use]
    pub fn view(&self) -> View {
        View {
            text: self.text.clone(),
            manifest: self.manifest.clone(),
            example: self.example.clone(),
            network: self.network().clone(),
            problems: self.problems.clone(),
            stale: self.stale.clone(),
            followed: self.followed().cloned(),
            hop: self.followed_hop(),
            pointed: self.pointed_hop.is_some(),
            chosen: self.chosen.is_some(),
            selected: self.selected.clone(),
            question: self.question.clone(),
            playing: self.playing,
            speed_percent: self.speed_percent,
            lens: self.lens,
            traffic: self.traffic(),
            tally: self.tally(),
        }
    }

    /// The marks of the timeline, in time order within each kind.
    #[must_use]
    pub fn marks(&self) -> Vec<Mark> {
        let changed = self
            .simulation
            .moments()
            .iter()
            .map(|m| Mark { at_ms: m.at_ms, kind: MarkKind::Changed(m.change.clone()) });
        let departed = self.courses().iter().map(|c| Mark {
            at_ms: c.flight.departed_ms,
            kind: if c.flight.by_hand {
                MarkKind::Sent(c.flight.number)
            } else {
                MarkKind::Departed(c.flight.number)
            },
        });
        changed.chain(departed).collect()
    }
}

impl View {
    /// The hops of the followed request that are shown in the lens, by index.
    #[must_use]
    pub fn legs(&self) -> Vec<usize> {
        self.followed.as_ref().map_or_else(Vec::new, |c| legs(&c.flight.trace, self.lens))
    }

    /// The hop of [`View::legs`] that is the current one: a hop that the lens hides belongs to the next one shown.
    #[must_use]
    pub fn current(&self) -> Option<usize> {
        let hop = self.hop?;
        let legs = self.legs();
        legs.iter().copied().find(|&leg| leg >= hop).or_else(|| legs.last().copied())
    }
}

/// The hops of a trace that are shown in a lens, by index.
#[must_use]
pub fn legs(trace: &Trace, lens: Lens) -> Vec<usize> {
    let hops = trace.hops.iter().enumerate();
    hops.filter(|(_, hop)| lens == Lens::Packet || hop.concept.is_some()).map(|(i, _)| i).collect()
}

/// How far the timeline reaches for a session that has come to `now_ms`: in steps, so that
/// marks keep their places while time goes on.
#[must_use]
pub fn reach_ms(now_ms: Millis) -> Millis {
    let mut reach = 30_000;
    while reach < now_ms.saturating_add(now_ms / 20) {
        reach *= 2;
    }
    reach
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::Action;

    #[test]
    fn a_tick_that_shows_nothing_new_changes_no_view() {
        let session = Session::open("", None, 7);
        let before = session.view();
        let session = session.reduce(Action::Tick { elapsed_ms: 16.0 });
        assert_eq!(session.view(), before);
        let session = session.reduce(Action::Play(false));
        assert_ne!(session.view(), before);
    }

    #[test]
    fn the_timeline_reaches_beyond_now() {
        for now in [0, 1, 29_000, 60_000, 3_600_000] {
            assert!(reach_ms(now) > now);
        }
        assert_eq!(reach_ms(0), 30_000);
    }
}
