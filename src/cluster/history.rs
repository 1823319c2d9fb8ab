//! What a text is compared with when it is applied once more: an object that the cluster
//! has is not made but updated, and what the API server refuses leaves it as it was.
//!
//! A text is typed letter by letter, and each letter applies it. Were each a change of its
//! own, nobody could type `loadBalancerClass`, which may not change once set. So the letters
//! typed into one document count as one change: they are compared with the object as it
//! stood before the first of them ([`History::before`]); what the cluster has is what the
//! latest accepted one made of it ([`History::latest`]). An object that is only coming into
//! being is compared with nothing, until the person turns to something else.

use super::Service;
use crate::manifest::{Object, ObjectRef};
use crate::map::Map;
use std::cell::OnceCell;
use std::rc::Rc;

/// An object that was accepted.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Taken {
    /// As the text had it.
    pub(crate) object: Rc<Object>,
    /// As it is stored, if it is a Service.
    pub(crate) service: Option<Rc<Service>>,
    /// Fields that its latest update dropped without a word.
    pub(crate) cleared: Option<Rc<[&'static str]>>,
}

/// What edits are compared with. It is no part of what a cluster is: clusters that are alike
/// in all else are equal.
#[derive(Clone, Debug, Default)]
pub(crate) struct Before(pub(crate) Rc<Vec<Taken>>);

impl PartialEq for Before {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

/// What the objects of a text are compared with.
pub(super) struct History<'a> {
    /// As objects stood before this change.
    pub(super) before: Finder<'a>,
    /// As objects stand now.
    pub(super) latest: Finder<'a>,
}

impl<'a> History<'a> {
    /// `gone`: an object that was deleted in between.
    pub(super) fn new(before: &'a [Taken], latest: &'a [Taken], gone: Option<&'a ObjectRef>) -> Self {
        Self { before: Finder::new(before, gone), latest: Finder::new(latest, gone) }
    }

    /// Nothing was there before.
    pub(super) fn none() -> Self {
        Self::new(&[], &[], None)
    }
}

/// Finds objects by name. Texts keep their order, so that the place where the last search
/// ended is looked at first.
pub(super) struct Finder<'a> {
    all: &'a [Taken],
    gone: Option<&'a ObjectRef>,
    expected: usize,
    by_id: OnceCell<Map<&'a ObjectRef, usize>>,
}

impl<'a> Finder<'a> {
    fn new(all: &'a [Taken], gone: Option<&'a ObjectRef>) -> Self {
        Self { all, gone, expected: 0, by_id: OnceCell::new() }
    }

    pub(super) fn find(&mut self, id: &ObjectRef) -> Option<&'a Taken> {
        let all = self.all;
        if all.is_empty() || self.gone == Some(id) {
            return None;
        }
        if all.get(self.expected).is_none_or(|taken| taken.object.id != *id) {
            let by_id = self
                .by_id
                .get_or_init(|| all.iter().enumerate().map(|(i, taken)| (&taken.object.id, i)).collect());
            self.expected = *by_id.get(id)?;
        }
        let found = &all[self.expected];
        self.expected += 1;
        Some(found)
    }
}

/// Whether two texts of an object say the same, wherever they stand.
pub(super) fn same(one: &Rc<Object>, other: &Rc<Object>) -> bool {
    Rc::ptr_eq(one, other)
        || one.body == other.body && one.metadata == other.metadata && one.tree.says_the_same(&other.tree)
}
