//! Requests as the page follows them: which one is in the lead, where the followed one
//! is, what has come of all of them.

use super::Session;
use crate::playback::Timeline;
use crate::routing::Outcome;
use crate::sim::{Flight, Millis};
use std::rc::Rc;

/// A request with its times.
#[derive(Clone, Debug, PartialEq)]
pub struct Course {
    /// The request and its trace.
    pub flight: Rc<Flight>,
    /// Its times, counted from departure.
    pub timeline: Timeline,
    /// Whether the page follows it when nobody has chosen: it departed when no other was in the lead.
    pub leads: bool,
    /// What had come of all earlier ones and of it.
    tally: Tally,
}

/// How requests ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Answered, by a pod or outside.
    pub served: u32,
    /// Refused at once, or answered with an HTTP error, or without a name.
    pub refused: u32,
    /// Dropped: the client waited in vain.
    pub dropped: u32,
}

impl Tally {
    fn and(mut self, outcome: &Outcome) -> Self {
        match outcome {
            Outcome::Served { .. } | Outcome::ServedOutside { .. } | Outcome::ServedByNode { .. } => {
                self.served += 1;
            }
            Outcome::TimedOut => self.dropped += 1,
            Outcome::NotSent => self.refused += 1,
            Outcome::HttpError { .. } | Outcome::Refused | Outcome::NxDomain | Outcome::NoData => {
                self.refused += 1;
            }
        }
        self
    }
}

impl Course {
    /// When it is over, in session time.
    #[must_use]
    pub fn ended_ms(&self) -> Millis {
        self.flight.departed_ms + Millis::from(self.timeline.duration_ms)
    }

    /// Milliseconds since departure at a session time; `None` before it.
    #[must_use]
    pub fn since_departure(&self, t_ms: Millis) -> Option<u32> {
        t_ms.checked_sub(self.flight.departed_ms).map(|ms| ms.min(u64::from(u32::MAX)) as u32)
    }
}

impl Session {
    /// All kept requests, oldest first.
    #[must_use]
    pub fn courses(&self) -> &[Rc<Course>] {
        &self.courses
    }

    /// The requests under way at the time that is looked at.
    pub fn under_way(&self) -> impl Iterator<Item = &Rc<Course>> {
        let from = self.courses.partition_point(|c| c.flight.departed_ms + LONGEST_MS < self.shown_ms);
        self.courses[from..]
            .iter()
            .take_while(|c| c.flight.departed_ms <= self.shown_ms)
            .filter(|c| c.ended_ms() > self.shown_ms)
    }

    /// The request that the page follows: the chosen one; else the one in the lead.
    #[must_use]
    pub fn followed(&self) -> Option<&Rc<Course>> {
        if let Some(number) = self.chosen
            && let Some(course) = self.courses.iter().rev().find(|c| c.flight.number == number)
            && course.flight.departed_ms <= self.shown_ms
        {
            return Some(course);
        }
        let departed = self.courses.partition_point(|c| c.flight.departed_ms <= self.shown_ms);
        self.courses[..departed].iter().rev().find(|c| c.leads)
    }

    /// The hop of the followed request to look at: the one pointed at, else the one in
    /// progress, else the last.
    #[must_use]
    pub fn followed_hop(&self) -> Option<usize> {
        let course = self.followed()?;
        let last = course.flight.trace.hops.len().checked_sub(1)?;
        if let Some(hop) = self.pointed_hop {
            return Some(hop.min(last));
        }
        let since = course.since_departure(self.shown_ms)?;
        Some(course.timeline.hop_at(since).unwrap_or(last))
    }

    /// What has come of all requests that are over at the time that is looked at.
    #[must_use]
    pub fn tally(&self) -> Tally {
        let departed = self.courses.partition_point(|c| c.flight.departed_ms <= self.shown_ms);
        let Some(latest) = departed.checked_sub(1).map(|i| &self.courses[i]) else { return Tally::default() };
        let mut tally = latest.tally;
        for course in self.courses[..departed].iter().rev() {
            if course.flight.departed_ms + LONGEST_MS < self.shown_ms {
                break;
            }
            if course.ended_ms() > self.shown_ms {
                let own = Tally::default().and(&course.flight.trace.outcome);
                tally.served -= own.served;
                tally.refused -= own.refused;
                tally.dropped -= own.dropped;
            }
        }
        tally
    }

    /// Keeps the courses in step with the simulation's flights.
    pub(super) fn follow_flights(&mut self) {
        let flights = self.simulation.flights();
        let first = flights.first().map_or(u32::MAX, |f| f.number);
        let forgotten = self.courses.partition_point(|c| c.flight.number < first);
        self.courses.drain(..forgotten);
        let same = self.courses.iter().zip(flights).take_while(|(c, f)| Rc::ptr_eq(&c.flight, f)).count();
        self.courses.truncate(same);
        for flight in &self.simulation.flights()[same..] {
            let last = self.courses.last();
            let lead = self.courses.iter().rev().find(|c| c.leads);
            let leads = flight.by_hand || lead.is_none_or(|lead| lead.ended_ms() <= flight.departed_ms);
            let tally = last.map_or_else(Tally::default, |c| c.tally).and(&flight.trace.outcome);
            let timeline = Timeline::new(&flight.trace);
            self.courses.push(Rc::new(Course { flight: flight.clone(), timeline, leads, tally }));
        }
    }

    /// On to the next decision of the followed request, or to the next request.
    pub(super) fn step_forward(&mut self) {
        self.playing = false;
        self.pointed_hop = None;
        let now = self.shown_ms;
        if let Some(next) = self.followed().and_then(|c| self.stops(c).into_iter().find(|&t| t > now)) {
            self.run_to(next);
            return;
        }
        self.chosen = None;
        let recorded = self.courses.iter().find(|c| c.flight.departed_ms > now && c.leads).cloned();
        let next = recorded.or_else(|| {
            // Nothing recorded: let time go on until somebody takes the lead.
            for _ in 0..STEP_EVENTS_MAX {
                let at_ms = self.simulation.next_event_ms()?;
                self.simulation.advance(at_ms);
                self.follow_flights();
                let last = self.courses.last()?;
                if last.leads && last.flight.departed_ms > now {
                    return Some(last.clone());
                }
            }
            None
        });
        if let Some(course) = next {
            let first = self.stops(&course).first().copied();
            self.run_to(first.unwrap_or(course.flight.departed_ms));
        }
    }

    /// Back to the decision before, or to the last one of the request before.
    pub(super) fn step_back(&mut self) {
        self.playing = false;
        self.pointed_hop = None;
        let now = self.shown_ms;
        if let Some(before) = self.followed().and_then(|c| self.stops(c).into_iter().rev().find(|&t| t < now))
        {
            self.run_to(before);
            return;
        }
        self.chosen = None;
        let earlier = |c: &&Rc<Course>| c.leads && self.stops(c).first().is_some_and(|&t| t < now);
        if let Some(course) = self.courses.iter().rev().find(earlier).cloned() {
            let last = self.stops(&course).into_iter().rev().find(|&t| t < now);
            self.run_to(last.unwrap_or(course.flight.departed_ms));
        } else {
            self.run_to(self.first_ms());
        }
    }

    /// The times at which a request is worth stopping: each hop that is shown in the lens, once it has arrived.
    fn stops(&self, course: &Course) -> Vec<Millis> {
        let hops = course.flight.trace.hops.iter().zip(&course.timeline.legs);
        hops.filter(|(hop, _)| self.lens == crate::playback::Lens::Packet || hop.concept.is_some())
            .map(|(_, leg)| {
                course.flight.departed_ms
                    + Millis::from(leg.arrive_ms.max(leg.end_ms.saturating_sub(STOP_MS)))
            })
            .collect()
    }
}

/// No request takes longer than this.
const LONGEST_MS: Millis = 120_000;
/// A step stops this long before the hop's end, when it has surely arrived in both lenses.
const STOP_MS: u32 = 60;
/// How many events a step looks ahead for the next request.
const STEP_EVENTS_MAX: u32 = 10_000;
