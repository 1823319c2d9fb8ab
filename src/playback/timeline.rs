//! When each hop of a trace starts, arrives and ends.

use super::Lens;
use crate::routing::{HopKind, Place, Trace};

/// How long a request takes from one place to the next, in milliseconds.
const TRAVEL_MS: u32 = 650;
/// How long it rests where a rule decides, so that the rule can be read.
const DECIDE_MS: u32 = 900;
/// How long it rests where nothing is decided.
const PASS_MS: u32 = 120;
/// How long the end stays in view.
const END_MS: u32 = 1_100;

/// The times of one hop, in milliseconds from departure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Leg {
    /// It leaves `from`.
    pub start_ms: u32,
    /// It is at `to`; until `end_ms` what decided is in view.
    pub arrive_ms: u32,
    /// The next hop starts.
    pub end_ms: u32,
}

/// The times of a whole trace.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Timeline {
    /// One for each hop.
    pub legs: Vec<Leg>,
    /// When it is over.
    pub duration_ms: u32,
}

/// What a request does at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// On its way from one place to another.
    Travel,
    /// At a place where something is decided.
    Decide,
    /// At its end, served or failed.
    End,
}

/// A pair of places that a hop joins in one lens.
pub type Between<'a> = (&'a Place, &'a Place);

/// Where a request is at a moment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Position<'a> {
    /// Which hop, from 0.
    pub hop: usize,
    /// Between which places, in the lens that was asked for.
    pub between: Between<'a>,
    /// How far from the first to the second, 0 to 1.
    pub progress: f32,
    /// What it does there.
    pub phase: Phase,
}

impl Timeline {
    /// The timeline of a trace.
    #[must_use]
    pub fn new(trace: &Trace) -> Self {
        let mut now_ms = 0;
        let legs = trace
            .hops
            .iter()
            .map(|hop| {
                let start_ms = now_ms;
                let arrive_ms = start_ms + if hop.from == hop.to { 0 } else { TRAVEL_MS };
                let end_ms = arrive_ms
                    + match hop.kind {
                        HopKind::Travel => PASS_MS,
                        HopKind::Resolve | HopKind::Rewrite | HopKind::Proxy => DECIDE_MS,
                        HopKind::Answer | HopKind::Fail => END_MS,
                    };
                now_ms = end_ms;
                Leg { start_ms, arrive_ms, end_ms }
            })
            .collect();
        Self { legs, duration_ms: now_ms }
    }

    /// The hop in progress `t_ms` after departure; `None` when it is over.
    #[must_use]
    pub fn hop_at(&self, t_ms: u32) -> Option<usize> {
        (t_ms < self.duration_ms).then(|| self.legs.partition_point(|leg| leg.end_ms <= t_ms))
    }

    /// Where the request of `trace` is `t_ms` after departure; `None` when it is over.
    ///
    /// In the Concept lens the time of a hidden hop belongs to the next hop that is
    /// shown (or, after the last of them, to that one), so that nothing stands still
    /// for no reason that is in view.
    #[must_use]
    pub fn position<'a>(&self, trace: &'a Trace, lens: Lens, t_ms: u32) -> Option<Position<'a>> {
        let hop = self.hop_at(t_ms)?;
        if lens == Lens::Packet {
            let it = trace.hops.get(hop)?;
            return Some(self.within(hop, self.legs[hop].start_ms, (&it.from, &it.to), it.kind, t_ms));
        }
        let shown = |i: &usize| trace.hops[*i].concept.is_some();
        let at = (hop..trace.hops.len()).find(shown).or_else(|| (0..hop).rev().find(shown))?;
        let (from, to) = trace.hops[at].concept.as_ref()?;
        let start_ms = (0..at).rev().find(shown).map_or(0, |before| self.legs[before].end_ms);
        Some(self.within(at, start_ms, (from, to), trace.hops[at].kind, t_ms))
    }

    fn within<'a>(
        &self,
        hop: usize,
        start_ms: u32,
        between: Between<'a>,
        kind: HopKind,
        t_ms: u32,
    ) -> Position<'a> {
        let leg = self.legs[hop];
        // A hop that moves in this lens but not in the other still needs time to move.
        let arrive_ms = if between.0 == between.1 {
            leg.start_ms
        } else {
            leg.arrive_ms.max((start_ms + TRAVEL_MS).min(leg.end_ms))
        };
        let over = t_ms >= arrive_ms;
        let progress = if over || arrive_ms <= start_ms {
            1.0
        } else {
            (t_ms.saturating_sub(start_ms)) as f32 / (arrive_ms - start_ms) as f32
        };
        let phase = match kind {
            HopKind::Answer | HopKind::Fail if over => Phase::End,
            _ if over => Phase::Decide,
            _ => Phase::Travel,
        };
        Position { hop, between, progress: ease(progress), phase }
    }
}

/// Slow at both ends: a request starts and stops at places.
pub(super) fn ease(x: f32) -> f32 {
    x * x * (3.0 - 2.0 * x)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::Protocol;
    use crate::manifest::ObjectRef;
    use crate::routing::{Destination, Hop, Outcome, Reason, Request, Source};

    fn trace() -> Trace {
        let place = |n: &str| Place::Node(n.into());
        let hop = |kind, from: &str, to: &str, concept: Option<(&str, &str)>| Hop {
            kind,
            from: place(from),
            to: place(to),
            before: None,
            after: None,
            reason: Reason::Start,
            fields: vec![],
            concept: concept.map(|(a, b)| (place(a), place(b))),
        };
        Trace {
            request: Request {
                from: Source::Node { name: "a".into() },
                to: Destination::Name("x".into()),
                port: 80,
                protocol: Protocol::Tcp,
                host: None,
                path: "/".into(),
            },
            hops: vec![
                hop(HopKind::Resolve, "a", "dns", None),
                hop(HopKind::Rewrite, "dns", "rules", Some(("a", "svc"))),
                hop(HopKind::Travel, "rules", "pod", Some(("svc", "pod"))),
                hop(HopKind::Answer, "pod", "pod", Some(("pod", "pod"))),
            ],
            outcome: Outcome::Served { pod: ObjectRef::new("Pod", "default", "p"), status: 200 },
        }
    }

    #[test]
    fn legs_follow_each_other_and_the_end_ends() {
        let timeline = Timeline::new(&trace());
        assert!(timeline.legs.windows(2).all(|pair| pair[0].end_ms == pair[1].start_ms));
        assert!(timeline.legs.iter().all(|l| l.start_ms <= l.arrive_ms && l.arrive_ms < l.end_ms));
        assert_eq!(timeline.hop_at(timeline.duration_ms), None);
        assert_eq!(timeline.hop_at(timeline.duration_ms - 1), Some(3));
    }

    #[test]
    fn both_lenses_are_somewhere_at_every_moment_and_move_without_jumps() {
        let trace = trace();
        let timeline = Timeline::new(&trace);
        for lens in [Lens::Concept, Lens::Packet] {
            let mut last: Option<(String, f32)> = None;
            for t_ms in (0..timeline.duration_ms).step_by(10) {
                let here = timeline.position(&trace, lens, t_ms).expect("somewhere");
                let between = format!("{:?}", here.between);
                if let Some((before, progress)) = last {
                    if before == between {
                        assert!(here.progress >= progress && here.progress - progress < 0.06);
                    } else {
                        assert!(progress > 0.98, "left {before} at {progress} in {lens:?}");
                    }
                }
                last = Some((between, here.progress));
            }
            assert_eq!(timeline.position(&trace, lens, timeline.duration_ms), None);
        }
    }

    #[test]
    fn the_concept_lens_skips_what_it_hides() {
        let trace = trace();
        let timeline = Timeline::new(&trace);
        let here = timeline.position(&trace, Lens::Concept, 10).unwrap();
        assert_eq!(here.hop, 1);
        assert_eq!(here.between.1, &Place::Node("svc".into()));
    }
}
