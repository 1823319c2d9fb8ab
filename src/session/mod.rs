//! State, action, reducer and view data of one sitting in front of the page.
//!
//! [`Session::reduce`] (in place: [`Session::update`]) is the only way in which a session
//! changes: the same session and action give the same session, so that a
//! session can be replayed, compared and tested without a page. The page keeps one
//! session, hands it actions and draws what the view methods say. Effects (storage,
//! clipboard, location) are the page's; so is the wall clock, which comes in as
//! [`Action::Tick`].

mod course;
pub mod draft;
mod edit;
pub mod examples;
mod first;
pub mod suggest;
mod view;

use crate::cluster::{CONTROL_PLANE, Cluster, ControlPlane, PodFates};
use crate::diagnostic::Diagnostic;
use crate::lint::why_not::Question;
use crate::manifest::{FieldRef, Manifest, ObjectRef};
use crate::playback::Lens;
use crate::routing::{Network, Request};
use crate::sim::{self, Millis, Simulation};
use crate::source::{LineIndex, Span};
use std::rc::Rc;

pub use crate::diagnostic::mended;
pub use course::{Course, Tally};
pub use view::{LegState, Mark, MarkKind, View, legs, reach_ms};

/// How often the cluster's own traffic sends a request.
pub const TRAFFIC_EVERY_MS: u32 = 2_600;

/// Speeds that the page offers, in hundredths of real time.
pub const SPEEDS_PERCENT: [u32; 5] = [25, 50, 100, 200, 400];

/// What a person can do.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// The text is now this.
    Edit(Rc<str>),
    /// Begin anew with another text (an example, a file): the clock starts at 0.
    Open {
        /// The text.
        text: Rc<str>,
        /// The example it is, where it is one.
        example: Option<Rc<str>>,
    },
    /// So much real time has gone by.
    Tick {
        /// In milliseconds, at most a second is counted.
        elapsed_ms: f64,
    },
    /// Let time run, or stop it.
    Play(bool),
    /// Look at another time.
    Seek(Millis),
    /// On to the next decision of the chosen request; time stops there.
    StepForward,
    /// Back to the decision before.
    StepBack,
    /// Real time to simulated time, in percent.
    Speed(u32),
    /// Look through another lens.
    Lens(Lens),
    /// Choose an object on the stage; `None`: none.
    Select(Option<ObjectRef>),
    /// Ask why something is, or is not, so.
    Ask(Question),
    /// Follow one request, by number; `None`: follow whichever is in the lead.
    Choose(Option<u32>),
    /// Look at one hop of the followed request; `None`: at the one in progress.
    PointAt(Option<usize>),
    /// Send a request now and follow it.
    Send(Request),
    /// The cluster's own traffic on or off.
    Traffic(bool),
    /// `kubectl delete pod`
    DeletePod(ObjectRef),
    /// Make a pod's readiness probe answer; `None`: as the text says.
    SetReady(ObjectRef, Option<bool>),
    /// Delete an object and make it anew from the text (`kubectl replace --force`).
    Recreate(ObjectRef),
}

/// What a session needs to take in a text: without it, it can only show the first example. A
/// page fetches it after its first frames.
pub struct Checks {
    /// Reads a text; documents of the one before are kept.
    pub read: fn(&str, &Manifest) -> Manifest,
    /// Makes clusters.
    pub control_plane: &'static ControlPlane,
    /// Finds the problems of a text: the text as read, as the cluster has it, and the cluster.
    pub judge: fn(&Manifest, &Manifest, &Cluster) -> Vec<Diagnostic>,
}

/// All checks.
pub static CHECKS: Checks =
    Checks { read: crate::manifest::parse, control_plane: &CONTROL_PLANE, judge: crate::lint::problems };

impl std::fmt::Debug for Checks {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Checks")
    }
}

/// One sitting.
#[derive(Clone, Debug)]
pub struct Session {
    /// The text as it is in the editor.
    pub text: Rc<str>,
    /// Its lines.
    pub lines: Rc<LineIndex>,
    /// The text, read.
    pub manifest: Rc<Manifest>,
    /// The text as the cluster has it: broken documents replaced by their last good version.
    pub applied: Rc<Manifest>,
    /// Objects on the stage that are not as the text says: their document is broken now, or
    /// what it says is refused as an update.
    pub stale: Rc<Vec<ObjectRef>>,
    /// All problems, worst first, then in the order of the text.
    pub problems: Rc<Vec<Diagnostic>>,
    /// The example that was opened, where it was one.
    pub example: Option<Rc<str>>,
    /// What has happened.
    pub simulation: Simulation,
    /// The time that is looked at; the simulation may be further.
    pub shown_ms: Millis,
    /// Whether time runs.
    pub playing: bool,
    /// Real time to simulated time, in percent.
    pub speed_percent: u32,
    /// The lens.
    pub lens: Lens,
    /// The object chosen on the stage.
    pub selected: Option<ObjectRef>,
    /// What a person asks *why not* of.
    pub question: Option<Question>,
    /// The request chosen by number.
    pub chosen: Option<u32>,
    /// The hop pointed at.
    pub pointed_hop: Option<usize>,
    /// `None`: not there yet.
    checks: Option<&'static Checks>,
    /// Whether the text is not read: it came before the checks.
    unread: bool,
    courses: Vec<Rc<Course>>,
    /// The document that the latest edits were made in: they are one change. `None`: the next edit is another one.
    writing: Option<usize>,
    /// Part of a millisecond that a tick left over.
    rest_ms: f64,
}

impl Session {
    /// Opens a text. Traffic runs and time goes on from the first tick.
    #[must_use]
    pub fn open(text: &str, example: Option<Rc<str>>, seed: u64) -> Self {
        Self::open_with(text, example, seed, Some(&CHECKS))
    }

    /// Opens a text where the checks may come later ([`Session::check_with`]). Without them
    /// only the first example is there, as it was read and made when the program was built; any
    /// other text is read when they have come.
    #[must_use]
    pub fn open_with(
        text: &str,
        example: Option<Rc<str>>,
        seed: u64,
        checks: Option<&'static Checks>,
    ) -> Self {
        let text: Rc<str> = text.into();
        let (manifest, cluster, unread) = match checks {
            Some(checks) => {
                let manifest = (checks.read)(&text, &Manifest::default());
                let empty = Cluster::ruled_by(checks.control_plane);
                let cluster = Cluster::next(&empty, &manifest, &PodFates::default());
                (manifest, cluster, false)
            }
            None if *text == *examples::FIRST.text => (first::manifest(), first::cluster(), false),
            None => (Manifest::default(), first::empty_cluster(), !text.is_empty()),
        };
        let manifest = Rc::new(manifest);
        let mut simulation = Simulation::begin_in(cluster, &manifest, seed);
        simulation.act(sim::Action::Traffic(Some(TRAFFIC_EVERY_MS)));
        let mut session = Self {
            lines: Rc::new(LineIndex::new(&text)),
            text,
            applied: manifest.clone(),
            manifest,
            stale: Rc::default(),
            problems: Rc::default(),
            example,
            simulation,
            shown_ms: 0,
            playing: true,
            speed_percent: 100,
            lens: Lens::default(),
            selected: None,
            question: None,
            chosen: None,
            pointed_hop: None,
            checks,
            unread,
            courses: Vec::new(),
            writing: None,
            rest_ms: 0.0,
        };
        session.judge();
        session.run_to(0);
        session
    }

    /// The session after an action.
    #[must_use]
    pub fn reduce(mut self, action: Action) -> Self {
        self.update(action);
        self
    }

    /// [`Session::reduce`] in place: the page does this sixty times a second.
    pub fn update(&mut self, action: Action) {
        match action {
            Action::Edit(text) => self.edit(&text),
            Action::Open { text, example } => match self.checks {
                Some(checks) => *self = self.opened(&text, example, checks),
                None => {
                    self.edit(&text);
                    self.example = example;
                }
            },
            Action::Tick { elapsed_ms } => self.tick(elapsed_ms),
            Action::Play(playing) => {
                self.playing = playing;
                if playing {
                    self.pointed_hop = None;
                }
            }
            Action::Seek(t_ms) => {
                self.pointed_hop = None;
                self.run_to(t_ms.max(self.first_ms()));
            }
            Action::StepForward => self.step_forward(),
            Action::StepBack => self.step_back(),
            Action::Speed(percent) => self.speed_percent = percent.clamp(10, 1_000),
            Action::Lens(lens) => self.lens = lens,
            Action::Select(object) => {
                self.selected = object;
                self.question = None;
            }
            Action::Ask(question) => self.question = Some(question),
            Action::Choose(number) => {
                self.chosen = number;
                self.pointed_hop = None;
            }
            Action::PointAt(hop) => {
                // Pointing at a hop of a request means that request, also when another takes the lead.
                if hop.is_some() {
                    self.chosen = self.followed().map(|c| c.flight.number).or(self.chosen);
                }
                self.pointed_hop = hop;
            }
            Action::Send(request) => {
                self.act(sim::Action::Send(request));
                self.chosen = self.courses.last().map(|c| c.flight.number);
                self.pointed_hop = None;
                self.playing = true;
            }
            Action::Traffic(on) => self.act(sim::Action::Traffic(on.then_some(TRAFFIC_EVERY_MS))),
            Action::DeletePod(pod) => self.act(sim::Action::DeletePod(pod)),
            Action::SetReady(pod, ready) => self.act(sim::Action::SetReady(pod, ready)),
            Action::Recreate(object) => self.recreate(object),
        }
    }

    /// The checks have come. The session is played again with them, up to now: a session is a
    /// function of its text and its seed.
    pub fn check_with(&mut self, checks: &'static Checks) {
        let mut next = self.opened(&self.text, self.example.clone(), checks);
        if !self.unread {
            next.run_to(self.shown_ms);
            next.selected = self.selected.take();
            next.chosen = self.chosen;
            next.pointed_hop = self.pointed_hop;
        }
        *self = next;
    }

    /// Another text, looked at in the same way.
    fn opened(&self, text: &str, example: Option<Rc<str>>, checks: &'static Checks) -> Self {
        let mut next = Self::open_with(text, example, self.simulation.seed(), Some(checks));
        next.lens = self.lens;
        next.playing = self.playing;
        next.speed_percent = self.speed_percent;
        if self.simulation.traffic_every_ms().is_none() {
            next.simulation.act(sim::Action::Traffic(None));
        }
        next
    }

    /// The cluster at the time that is looked at, ready for routing.
    #[must_use]
    pub fn network(&self) -> &Rc<Network> {
        self.simulation.network_at(self.shown_ms)
    }

    /// The earliest time that can be looked at.
    #[must_use]
    pub fn first_ms(&self) -> Millis {
        self.simulation.moments()[0].at_ms
    }

    /// Where a field stands in the text as it is in the editor.
    #[must_use]
    pub fn locate(&self, field: &FieldRef) -> Option<Span> {
        let span = self.applied.locate(field)?;
        let end = self.text.len() as u32;
        (!self.stale.contains(&field.object)).then(|| Span::new(span.start.min(end), span.end.min(end)))
    }

    /// Whether the traffic that the cluster invites runs.
    #[must_use]
    pub fn traffic(&self) -> bool {
        self.simulation.traffic_every_ms().is_some()
    }

    fn act(&mut self, action: sim::Action) {
        self.writing = None;
        self.simulation.rewind(self.shown_ms);
        // What was typed after this time still stands in the editor: it holds from here on.
        if !action.has_text() && !Rc::ptr_eq(self.simulation.manifest(), &self.applied) {
            self.simulation.act(sim::Action::Apply(self.applied.clone()));
        }
        self.simulation.act(action);
        self.follow_flights();
    }

    fn tick(&mut self, elapsed_ms: f64) {
        if !self.playing || !elapsed_ms.is_finite() {
            return;
        }
        let passed = elapsed_ms.max(0.0).min(1_000.0) * f64::from(self.speed_percent) / 100.0 + self.rest_ms;
        self.rest_ms = passed.fract();
        self.run_to(self.shown_ms + passed as Millis);
    }

    fn run_to(&mut self, t_ms: Millis) {
        self.shown_ms = t_ms;
        if t_ms > self.simulation.now_ms() || self.courses.is_empty() {
            self.simulation.advance(t_ms);
            self.follow_flights();
        }
    }
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod update_tests;
