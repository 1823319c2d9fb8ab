//! All that is wrong with a text: what reading it found, what the cluster says, and lints.

use super::{agree, all};
use crate::cluster::Cluster;
use crate::diagnostic::{Diagnostic, Severity};
use crate::manifest::{FieldPath, Manifest, ObjectRef};
use crate::map::Set;
use crate::source::Span;
use crate::words::lints as words;

/// Problems that are shown; a text with more says so in the last one.
const PROBLEMS_MAX: usize = 500;

/// All problems of a text (`manifest`), of what the cluster has of it (`applied`) and of the
/// cluster: worst first, then in the order of the text, no more than can be shown.
#[must_use]
pub fn problems(manifest: &Manifest, applied: &Manifest, cluster: &Cluster) -> Vec<Diagnostic> {
    let mut problems = manifest.problems();
    // What is not as the text says cannot be judged by its text.
    let broken = manifest.documents.iter().zip(&applied.documents).filter(|((_, d), _)| d.broken);
    let last_good: Set<&ObjectRef> =
        broken.flat_map(|(_, (_, last_good))| last_good.objects.iter().map(|o| &o.id)).collect();
    // Nor is there a place for what was refused of it, unless another document has the same object.
    let written: Set<&ObjectRef> = match last_good.is_empty() {
        true => Set::new(),
        false => manifest.objects().map(|(_, object)| &object.id).collect(),
    };
    let placed = |problem: &&Diagnostic| {
        problem.object.as_ref().is_none_or(|id| !last_good.contains(&id) || written.contains(&id))
    };
    problems.extend(cluster.problems.iter().filter(placed).cloned());
    let mut stale = cluster.stale.clone();
    stale.extend(last_good.iter().copied().cloned());
    agree::add(&mut problems, all(applied, cluster), &stale);
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

/// A text's cluster and all problems, as when it is opened.
#[cfg(test)]
pub(super) fn of(text: &str) -> (Cluster, Vec<Diagnostic>) {
    let manifest = crate::manifest::parse(text, &Manifest::default());
    let cluster = Cluster::next(&Cluster::default(), &manifest, &crate::cluster::PodFates::default());
    let problems = problems(&manifest, &manifest, &cluster);
    (cluster, problems)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn too_many_problems_are_counted_and_a_limit_is_said_first() {
        let text = "a: 1\n---\n".repeat(crate::manifest::limits::DOCUMENTS_MAX + 1);
        let problems = of(&text).1;
        assert_eq!(problems.len(), PROBLEMS_MAX);
        assert_eq!(problems[0].code, "yaml/limit");
        assert_eq!(problems[1].span.start, 0);
        let last = &problems[PROBLEMS_MAX - 1];
        let left_out = crate::manifest::limits::DOCUMENTS_MAX + 1 - (PROBLEMS_MAX - 1);
        assert_eq!(
            (last.code, &*last.message),
            ("text/more-problems", &*format!("{left_out} more problems"))
        );
    }
}
