//! What happens to pods by themselves: a new one needs time to start, a deleted one has
//! time to end.

use super::Millis;
use crate::cluster::PodFates;
use crate::manifest::ObjectRef;

/// From being made to being Ready.
pub const STARTUP_MS: Millis = 3_000;
/// From being deleted to being gone; long enough to be seen.
pub const GRACE_MS: Millis = 4_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Due {
    Started,
    Gone,
}

/// What is due, earliest first.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Lifecycle {
    queue: Vec<(Millis, ObjectRef, Due)>,
}

impl Lifecycle {
    /// When something is due next.
    pub(super) fn next_ms(&self) -> Option<Millis> {
        self.queue.first().map(|&(at_ms, ..)| at_ms)
    }

    /// A pod is deleted now. `false` where it already is.
    pub(super) fn delete(&mut self, pod: &ObjectRef, now_ms: Millis, fates: &mut PodFates) -> bool {
        let fate = fates.get_or_default((pod.namespace.clone(), pod.name.clone()));
        if fate.terminating || fate.gone {
            return false;
        }
        fate.terminating = true;
        self.queue.retain(|(_, other, _)| other != pod);
        self.due(now_ms + GRACE_MS, pod, Due::Gone);
        true
    }

    /// A pod was made now.
    pub(super) fn start(&mut self, pod: &ObjectRef, now_ms: Millis, fates: &mut PodFates) {
        fates.get_or_default((pod.namespace.clone(), pod.name.clone())).starting = true;
        self.due(now_ms + STARTUP_MS, pod, Due::Started);
    }

    /// Does all that is due up to `now_ms`.
    pub(super) fn run(&mut self, now_ms: Millis, fates: &mut PodFates) {
        let due = self.queue.partition_point(|&(at_ms, ..)| at_ms <= now_ms);
        for (_, pod, what) in self.queue.drain(..due) {
            let fate = fates.get_or_default((pod.namespace, pod.name));
            match what {
                Due::Started => fate.starting = false,
                Due::Gone => fate.gone = true,
            }
        }
    }

    fn due(&mut self, at_ms: Millis, pod: &ObjectRef, what: Due) {
        let place = self.queue.partition_point(|&(other, ..)| other <= at_ms);
        self.queue.insert(place, (at_ms, pod.clone(), what));
    }
}
