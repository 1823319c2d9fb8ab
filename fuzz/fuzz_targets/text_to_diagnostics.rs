//! Any text: no panic, every place inside the text, the same with and without memory.
//!
//! `cargo +nightly fuzz run text_to_diagnostics`
#![no_main]

use libfuzzer_sys::fuzz_target;
use portolan::cluster::{Cluster, PodFates};
use portolan::diagnostic::Diagnostic;
use portolan::manifest::{Manifest, parse};
use portolan::session::mended;
use portolan::source::{LineIndex, Span};
use portolan::{editing, lint};

/// Places of the cursor that are tried.
const CURSORS_MAX: usize = 8;

fn problems(manifest: &Manifest, cluster: &Cluster) -> Vec<Diagnostic> {
    let mut all = manifest.problems();
    all.extend(cluster.problems.iter().cloned());
    all.extend(lint::all(manifest, cluster));
    all
}

fuzz_target!(|text: &str| {
    let inside = |span: Span| {
        assert!(text.get(span.start as usize..span.end as usize).is_some(), "{span:?}");
    };
    let manifest = parse(text, &Manifest::default());
    let cluster = Cluster::next(&Cluster::default(), &manifest, &PodFates::default());
    let found = problems(&manifest, &cluster);
    for problem in &found {
        inside(problem.span);
        problem.related.iter().for_each(|other| inside(other.span));
        for fix in &problem.fixes {
            fix.edits.iter().for_each(|(span, _)| inside(*span));
            let _ = mended(text, fix);
        }
    }

    // Once more, remembering; and remembering only half of it.
    let half = text.char_indices().nth(text.chars().count() / 2).map_or(0, |(at, _)| at);
    for known in [&manifest, &parse(&text[..half], &Manifest::default())] {
        let again = parse(text, known);
        let cluster = Cluster::next(&Cluster::default(), &again, &PodFates::default());
        assert_eq!(problems(&again, &cluster), found);
    }

    let lines = LineIndex::new(text);
    let step = text.len() / CURSORS_MAX + 1;
    for at in (0..=text.len()).step_by(step).filter(|&at| text.is_char_boundary(at)) {
        let at = at as u32;
        assert_eq!(lines.byte(text, lines.utf16(text, at)), at);
        if let Some(hover) = editing::hover(text, at, &manifest, &cluster) {
            inside(hover.span);
        }
        if let Some(offer) = editing::complete(text, at, &manifest, &cluster) {
            inside(Span::new(offer.from, at));
        }
    }
});
