//! An edit: what the cluster makes of a text of which parts may be broken.

use super::Session;
use crate::cluster::Cluster;
use crate::diagnostic::{Diagnostic, Fix, Severity};
use crate::manifest::{Document, FieldPath, Manifest, ObjectRef};
use crate::map::Set;
use crate::sim;
use crate::source::{LineIndex, Span};
use crate::words::ui as words;
use std::rc::Rc;

/// Problems that are shown; a text with more says so in the last one.
const PROBLEMS_MAX: usize = 500;

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
        let end = self.text.len() as u32;
        for Diagnostic { span, .. } in &mut problems {
            span.start = span.start.min(end);
            span.end = span.end.clamp(span.start, end);
        }
        self.problems = Rc::new(problems);
    }
}

/// All problems of a text (`manifest`), of what the cluster has of it (`applied`) and of the
/// cluster: worst first, then in the order of the text, no more than can be shown.
#[must_use]
pub fn judge(manifest: &Manifest, applied: &Manifest, cluster: &Cluster) -> Vec<Diagnostic> {
    let mut problems = manifest.problems();
    problems.extend(cluster.problems.iter().cloned());
    // What is not as the text says cannot be judged by its text.
    let mut stale = cluster.stale.clone();
    let broken = manifest.documents.iter().zip(&applied.documents).filter(|((_, d), _)| d.broken);
    stale.extend(broken.flat_map(|(_, (_, last_good))| last_good.objects.iter().map(|o| o.id.clone())));
    crate::lint::agree::add(&mut problems, crate::lint::all(applied, cluster), &stale);
    // That a part of the text is not read at all must not be among what is left out.
    crate::sort::by_key(&mut problems, |p| (p.severity, p.code != "yaml/limit", p.span.start));
    problems.dedup();
    leave_out(&mut problems);
    problems
}

/// Cuts off what is too much; the last problem says so.
fn leave_out(problems: &mut Vec<Diagnostic>) {
    if problems.len() <= PROBLEMS_MAX {
        return;
    }
    let more = problems.len() - (PROBLEMS_MAX - 1);
    problems.truncate(PROBLEMS_MAX - 1);
    problems.push(Diagnostic {
        code: "text/more-problems",
        severity: Severity::Info,
        message: words::more_problems(more),
        hint: String::new(),
        object: None,
        path: FieldPath::default(),
        span: problems.last().map_or(Span::new(0, 0), |p| p.span),
        related: Vec::new(),
        fixes: Vec::new(),
    });
}

/// A text after a fix; edits that do not fit the text are left out.
#[must_use]
pub fn mended(text: &str, fix: &Fix) -> String {
    let mut edits: Vec<_> = fix.edits.iter().collect();
    crate::sort::by_key(&mut edits, |(span, _)| std::cmp::Reverse(span.start));
    let mut mended = text.to_owned();
    for (span, insert) in edits {
        let range = span.start as usize..span.end as usize;
        if mended.get(range.clone()).is_some() {
            mended.replace_range(range, insert);
        }
    }
    mended
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn too_many_problems_are_counted_and_a_limit_is_said_first() {
        let text = "a: 1\n---\n".repeat(crate::manifest::limits::DOCUMENTS_MAX + 1);
        let session = Session::open(&text, None, 1);
        assert_eq!(session.problems.len(), PROBLEMS_MAX);
        assert_eq!(session.problems[0].code, "yaml/limit");
        assert_eq!(session.problems[1].span.start, 0);
        let last = &session.problems[PROBLEMS_MAX - 1];
        let left_out = crate::manifest::limits::DOCUMENTS_MAX + 1 - (PROBLEMS_MAX - 1);
        assert_eq!(
            (last.code, &*last.message),
            ("text/more-problems", &*format!("{left_out} more problems"))
        );
    }

    #[test]
    fn a_fix_changes_all_its_places_and_nothing_else() {
        let edits = vec![
            (Span::new(0, 1), "xy".into()),
            (Span::new(3, 4), String::new()),
            (Span::new(90, 99), "!".into()),
        ];
        let fix = Fix { title: String::new(), edits };
        assert_eq!(mended("abcd", &fix), "xybc");
        let inside = Fix { title: String::new(), edits: vec![(Span::new(1, 2), "x".into())] };
        assert_eq!(mended("ä", &inside), "ä", "inside a character");
    }
}
