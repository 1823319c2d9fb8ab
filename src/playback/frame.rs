//! Requests under way → marks on the chart at one moment: what the canvas draws.

use super::timeline::ease;
use super::{Leg, Lens, Phase, Position, Timeline};
use crate::map::Map;
use crate::routing::{Hop, Outcome, Place, Trace};
use crate::scene::{Curve, Point, Scene};
use std::rc::Rc;

/// How a request ends: a shape each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Ending {
    /// Answered.
    Served,
    /// ✕ Refused at once, or answered with an error.
    Refused,
    /// ◌ Dropped: the client waits in vain.
    Dropped,
    /// ? No such name, or a name without an address.
    NoName,
}

impl Ending {
    /// The ending of an outcome.
    #[must_use]
    pub const fn of(outcome: &Outcome) -> Self {
        match outcome {
            Outcome::Served { .. } | Outcome::ServedOutside { .. } | Outcome::ServedByNode { .. } => {
                Self::Served
            }
            Outcome::HttpError { .. } | Outcome::Refused | Outcome::NotSent => Self::Refused,
            Outcome::TimedOut => Self::Dropped,
            Outcome::NxDomain | Outcome::NoData => Self::NoName,
        }
    }
}

/// One request on the chart.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    /// Where it is, in the scene's units.
    pub at: Point,
    /// What it does there.
    pub phase: Phase,
    /// Whether it is the one that the page follows.
    pub chosen: bool,
    /// How it ends; `None` before its end.
    pub ending: Option<Ending>,
    /// Where it has just been, oldest first; only for the chosen one.
    pub wake: Vec<Point>,
}

/// A request under way.
#[derive(Clone, Copy, Debug)]
pub struct UnderWay<'a> {
    /// The way it takes.
    pub trace: &'a Trace,
    /// Its times.
    pub timeline: &'a Timeline,
    /// Milliseconds since it departed.
    pub since_ms: u32,
    /// Whether it is the one that the page follows.
    pub chosen: bool,
    /// Any number that stays with it: requests on the same way keep apart by it.
    pub number: u32,
}

/// Points in a wake.
const WAKE_POINTS: u16 = 7;
/// How long a wake is, in parts of a leg's length and at most in units.
const WAKE_MAX: (f32, f32) = (0.35, 64.0);
/// How far requests on the same way keep apart at most.
const APART: f32 = 4.5;

/// Where a request is that asks the resolver: a third of the time there, a third back.
fn round_trip<'a>(here: &mut Position<'a>, via: &'a Place, leg: &Leg, since_ms: u32) {
    let whole = leg.end_ms.saturating_sub(leg.start_ms).max(1) as f32;
    let f = since_ms.saturating_sub(leg.start_ms) as f32 / whole;
    let client = here.between.0;
    (here.between, here.progress, here.phase) = match f {
        f if f < 1.0 / 3.0 => ((client, via), ease(f * 3.0), Phase::Travel),
        f if f < 2.0 / 3.0 => ((client, via), 1.0, Phase::Decide),
        f => ((via, client), ease((f * 3.0 - 2.0).min(1.0)), Phase::Travel),
    };
}

/// Makes marks; remembers the ways of one scene.
#[derive(Debug)]
pub struct Frames {
    scene: Rc<Scene>,
    curves: Map<Place, Map<Place, Curve>>,
}

impl Frames {
    /// For one scene; make another when the scene changes.
    #[must_use]
    pub fn new(scene: Rc<Scene>) -> Self {
        Self { scene, curves: Map::new() }
    }

    /// The scene it was made for.
    #[must_use]
    pub fn scene(&self) -> &Rc<Scene> {
        &self.scene
    }

    /// Puts the marks of all requests `under_way` into `marks` (what was in it goes), the
    /// chosen one last, so that it is drawn on top. `still`: no motion between places,
    /// each mark is where its leg ends.
    pub fn marks<'a>(
        &mut self,
        lens: Lens,
        still: bool,
        under_way: impl IntoIterator<Item = UnderWay<'a>>,
        marks: &mut Vec<Mark>,
    ) {
        marks.clear();
        let mut chosen = None;
        for request in under_way {
            let Some(here) = request.timeline.position(request.trace, lens, request.since_ms) else {
                continue;
            };
            let mut here = here;
            let via = request.trace.hops.get(here.hop).filter(|_| lens == Lens::Packet).and_then(Hop::via);
            if let (Some(via), Some(leg)) = (&via, request.timeline.legs.get(here.hop)) {
                round_trip(&mut here, via, leg, request.since_ms);
            }
            let (from, to) = here.between;
            if !self.scene.holds(from) || !self.scene.holds(to) {
                // What it was on its way to is gone from the text.
                continue;
            }
            let curve = self.curve(from, to);
            let progress = if still { 1.0 } else { here.progress };
            let mut at = curve.point_at(progress);
            let mut wake = Vec::new();
            if request.chosen {
                if here.phase == Phase::Travel && !still {
                    let length = curve.length().max(0.01);
                    let back = (WAKE_MAX.1 / length).min(WAKE_MAX.0).min(progress);
                    let steps = f32::from(WAKE_POINTS);
                    wake.extend(
                        (0..WAKE_POINTS)
                            .map(|i| curve.point_at(progress - back * (1.0 - f32::from(i) / steps))),
                    );
                }
            } else {
                // Keep apart sideways, most in the middle of the way.
                let side = ((request.number.wrapping_mul(2_654_435_761) >> 16) & 0xff) as f32 / 127.5 - 1.0;
                let ahead = curve.point_at(progress + 0.01);
                let behind = curve.point_at(progress - 0.01);
                let long = behind.distance(ahead);
                if long > 0.0 {
                    let reach = APART * side * (4.0 * progress * (1.0 - progress)).max(0.35) / long;
                    at.x -= (ahead.y - behind.y) * reach;
                    at.y += (ahead.x - behind.x) * reach;
                }
            }
            let ending = (here.phase == Phase::End).then(|| Ending::of(&request.trace.outcome));
            let mark = Mark { at, phase: here.phase, chosen: request.chosen, ending, wake };
            if request.chosen { chosen = Some(mark) } else { marks.push(mark) }
        }
        marks.extend(chosen);
    }

    /// The way between two places, made once.
    fn curve(&mut self, from: &Place, to: &Place) -> &Curve {
        if self.curves.get(from).is_none_or(|ways| !ways.contains_key(to)) {
            let curve = self.scene.curve(from, to);
            self.curves.get_or_default(from.clone()).insert(to.clone(), curve);
        }
        &self.curves[from][to]
    }
}
