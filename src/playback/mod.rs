//! Trace → timeline → where the request is at time t.
//!
//! Playback is a function of time: it can be asked about any moment, in any order, and
//! nothing waits for it. Durations come from the kind of hop alone, never from pixels,
//! and both lenses share one timeline, so that switching lens never moves the clock.

mod frame;
mod timeline;

pub use frame::{Ending, Frames, Mark, UnderWay};
pub use timeline::{Between, Leg, Phase, Position, Timeline};

/// Two ways of looking at one trace.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Lens {
    /// client → Service → Pod
    #[default]
    Concept,
    /// client → resolver → the client's node → pod
    Packet,
}
