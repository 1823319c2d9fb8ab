//! Who sits where: each pod keeps its seat on its node while others come and go.

use super::Frame;
use super::plan::Plan;
use crate::manifest::ObjectRef;
use crate::map::{Map, Set};
use std::rc::Rc;

/// Seats by node (empty name: on no node). An empty seat waits for the next newcomer.
#[derive(Clone, Debug, Default)]
pub struct Seats {
    by_node: Map<Rc<str>, Vec<Option<ObjectRef>>>,
    /// How the land was divided, and for which frame: it stays so while it serves.
    pub(super) land: Option<Rc<Land>>,
    /// Whether somebody sat here before.
    pub(super) kept: bool,
}

/// A division of the land.
#[derive(Debug)]
pub(super) struct Land {
    pub(super) frame: Frame,
    pub(super) large: bool,
    pub(super) scale: f32,
    pub(super) plan: Plan,
}

impl PartialEq for Seats {
    fn eq(&self, other: &Self) -> bool {
        self.by_node == other.by_node
    }
}

impl Seats {
    /// Seats newcomers, after those who stay. `pods` are in the cluster's order.
    /// The answer is an index into `pods` for each seat.
    pub(super) fn take(&mut self, before: &Self, node: &Rc<str>, pods: &[&ObjectRef]) -> Vec<Option<usize>> {
        let here: Map<&ObjectRef, usize> = pods.iter().enumerate().map(|(i, id)| (*id, i)).collect();
        let old = before.by_node.get(node).map_or(&[][..], Vec::as_slice);
        let mut seats: Vec<Option<usize>> =
            old.iter().map(|seat| seat.as_ref().and_then(|id| here.get(id).copied())).collect();
        let stay: Set<usize> = seats.iter().flatten().copied().collect();
        if stay.is_empty() {
            // Nobody to remember: the cluster's own order is the clearest.
            seats.clear();
        } else {
            self.kept = true;
        }
        let mut newcomers = (0..pods.len()).filter(|i| !stay.contains(i));
        for seat in &mut seats {
            if seat.is_none() {
                *seat = newcomers.next();
            }
        }
        seats.extend(newcomers.map(Some));
        while seats.last().is_some_and(Option::is_none) {
            seats.pop();
        }
        if seats.len() > 2 * pods.len() + 4 {
            seats = (0..pods.len()).map(Some).collect();
        }
        let kept = seats.iter().map(|s| s.map(|i| pods[i].clone())).collect();
        self.by_node.insert(node.clone(), kept);
        seats
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(names: &[&str]) -> Vec<ObjectRef> {
        names.iter().map(|n| ObjectRef::new("Pod", "default", n)).collect()
    }

    fn take(before: &Seats, names: &[&str]) -> (Seats, Vec<Option<String>>) {
        let ids = ids(names);
        let mut next = Seats::default();
        let seats = next.take(before, &"a".into(), &ids.iter().collect::<Vec<_>>());
        let names = seats.into_iter().map(|s| s.map(|i| names[i].to_owned())).collect();
        (next, names)
    }

    #[test]
    fn those_who_stay_keep_their_seats() {
        let some = |n: &str| Some(n.to_owned());
        let (seats, order) = take(&Seats::default(), &["a1", "a2", "b1"]);
        assert_eq!(order, [some("a1"), some("a2"), some("b1")]);
        let (seats, order) = take(&seats, &["a1", "a2", "a3", "b1"]);
        assert_eq!(order, [some("a1"), some("a2"), some("b1"), some("a3")]);
        let (seats, order) = take(&seats, &["a1", "a3", "b1"]);
        assert_eq!(order, [some("a1"), None, some("b1"), some("a3")]);
        let (seats, order) = take(&seats, &["a1", "new", "a3", "b1"]);
        assert_eq!(order, [some("a1"), some("new"), some("b1"), some("a3")]);
        let (_, order) = take(&seats, &["c1"]);
        assert_eq!(order, [some("c1")]);
    }
}
