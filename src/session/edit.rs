//! An edit: what the cluster makes of a text of which parts may be broken.

use super::Session;
use crate::diagnostic::Diagnostic;
use crate::manifest::{Document, Manifest, ObjectRef};
use crate::map::Set;
use crate::sim;
use crate::source::LineIndex;
use std::rc::Rc;

impl Session {
    pub(super) fn edit(&mut self, text: &str) {
        if *text == *self.text {
            return;
        }
        let anew = replaced(&self.text, text);
        if anew {
            // What there was to look for is gone with the example.
            self.example = None;
        }
        self.text = text.into();
        self.lines = Rc::new(LineIndex::new(text));
        let Some(checks) = self.checks else {
            self.unread = true;
            return;
        };
        let now = Rc::new((checks.read)(text, &self.manifest));
        let (applied, stale) = with_last_good(&now, &self.applied);
        let edited = the_edited(&now, &self.manifest);
        // A change that was looked back beyond is not the one that goes on.
        let goes_on = edited.is_some() && self.writing == edited && self.shown_ms == self.simulation.now_ms();
        self.manifest = now;
        if applied.documents != self.applied.documents {
            self.applied = Rc::new(applied);
            let applied = self.applied.clone();
            self.act(match (anew, goes_on) {
                (true, _) => sim::Action::Replace(applied),
                (_, true) => sim::Action::Amend(applied),
                _ => sim::Action::Apply(applied),
            });
        }
        self.writing = edited;
        self.settle(stale);
    }

    /// Deletes an object and makes it anew from the text.
    pub(super) fn recreate(&mut self, object: ObjectRef) {
        self.act(sim::Action::Recreate(self.applied.clone(), object));
        let (_, stale) = with_last_good(&self.manifest, &self.applied);
        self.settle(stale);
    }

    /// After a change: what is not as the text says, and why.
    fn settle(&mut self, mut stale: Vec<ObjectRef>) {
        stale.extend(self.network().cluster().stale.iter().cloned());
        self.stale = Rc::new(stale);
        self.judge();
    }

    /// Collects all problems of the text and of the cluster it makes.
    pub(super) fn judge(&mut self) {
        let Some(checks) = self.checks else { return };
        let mut problems = (checks.judge)(&self.manifest, &self.applied, self.network().cluster());
        for Diagnostic { span, .. } in &mut problems {
            let inside = |at: u32| self.text.floor_char_boundary(at as usize) as u32;
            span.start = inside(span.start);
            span.end = inside(span.end).max(span.start);
        }
        self.problems = Rc::new(problems);
    }
}

/// Whether a text took another one's place (somebody pasted over it), so that objects which
/// happen to have the same names are not meant to be the same ones.
fn replaced(before: &str, now: &str) -> bool {
    let least = before.len().min(now.len());
    let same = |pair: &(&u8, &u8)| pair.0 == pair.1;
    let ahead = before.as_bytes().iter().zip(now.as_bytes()).take_while(same).count();
    let both = before.as_bytes().iter().rev().zip(now.as_bytes().iter().rev()).take(least - ahead);
    // An edit in one place leaves the most part in front of it and behind it as it is…
    if 4 * (ahead + both.take_while(same).count()) >= least {
        return false;
    }
    // …and one in several places most lines. Lines that every manifest has are short.
    let lines: Set<&str> = before.lines().collect();
    let kept: usize = now.lines().filter(|line| lines.contains(line)).map(str::len).sum();
    2 * kept < least
}

/// The one document that an edit changed, by its place; `None` where there are more of them.
fn the_edited(now: &Manifest, before: &Manifest) -> Option<usize> {
    let (ahead, behind) = alike(now, before);
    let changed = |manifest: &Manifest| manifest.documents.len() - ahead - behind;
    (changed(now) == 1 && changed(before) <= 1).then_some(ahead)
}

/// How many documents in front of, and behind, an edit are the same.
fn alike(now: &Manifest, before: &Manifest) -> (usize, usize) {
    let (now, before) = (&now.documents, &before.documents);
    let same = |a: &(u32, Rc<Document>), b: &(u32, Rc<Document>)| a.1.text == b.1.text;
    let ahead = now.iter().zip(before).take_while(|(a, b)| same(a, b)).count();
    let rest = now.len().min(before.len()) - ahead;
    let behind = now.iter().rev().zip(before.iter().rev()).take(rest);
    (ahead, behind.take_while(|(a, b)| same(a, b)).count())
}

/// `now` with each broken document replaced by the last good version of it that
/// `before` has, and the objects that stand there in its stead.
fn with_last_good(now: &Manifest, before: &Manifest) -> (Manifest, Vec<ObjectRef>) {
    if !now.documents.iter().any(|(_, d)| d.broken) {
        return (now.clone(), Vec::new());
    }
    let (_, behind) = alike(now, before);
    let good: Set<&ObjectRef> = now.objects().map(|(_, o)| &o.id).collect();
    let mut applied = now.clone();
    let mut stale = Vec::new();
    for (i, place) in applied.documents.iter_mut().enumerate().filter(|(_, (_, d))| d.broken) {
        // Documents around an edit are the same; those between them pair up in order.
        let from_end = now.documents.len() - i;
        let partner = if i < before.documents.len() - behind {
            before.documents.get(i)
        } else {
            before.documents.len().checked_sub(from_end).and_then(|j| before.documents.get(j))
        };
        let Some((_, last_good)) = partner else { continue };
        if last_good.broken
            || last_good.objects.is_empty()
            || last_good.objects.iter().any(|o| good.contains(&o.id))
        {
            continue;
        }
        stale.extend(last_good.objects.iter().map(|o| o.id.clone()));
        place.1 = last_good.clone();
    }
    (applied, stale)
}
