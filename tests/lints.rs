//! Lints on real texts: the examples and other people's manifests are right, and so nothing
//! worse than a remark is said of them; and whatever a text is, every span lies inside it.

use portolan::cluster::{Cluster, PodFates};
use portolan::diagnostic::{Diagnostic, Severity};
use portolan::lint;
use portolan::manifest::{Manifest, parse};
use std::path::{Path, PathBuf};

fn problems(text: &str) -> Vec<Diagnostic> {
    let manifest = parse(text, &Manifest::default());
    let cluster = Cluster::next(&Cluster::default(), &manifest, &PodFates::default());
    let mut all = lint::all(&manifest, &cluster);
    all.extend(cluster.problems.iter().cloned());
    all
}

fn texts(folder: &Path, found: &mut Vec<(PathBuf, String)>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    let mut paths: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            texts(&path, found);
        } else if path.extension().is_some_and(|e| e == "yaml" || e == "yml" || e == "json")
            && let Ok(text) = std::fs::read_to_string(&path)
        {
            found.push((path, text));
        }
    }
}

fn examples() -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    texts(&Path::new(env!("CARGO_MANIFEST_DIR")).join("static/examples"), &mut found);
    assert!(found.len() >= 10, "the examples are gone");
    found
}

#[test]
fn examples_are_quiet_but_for_the_one_that_teaches() {
    for (path, text) in examples() {
        let loud: Vec<_> = problems(&text).into_iter().filter(|p| p.severity < Severity::Info).collect();
        let codes: Vec<_> = loud.iter().map(|p| p.code).collect();
        if path.ends_with("selector-typo.yaml") {
            assert_eq!(codes, ["lint/selector-matches-nothing"]);
            assert_eq!(loud[0].fixes.len(), 1);
        } else {
            assert!(loud.is_empty(), "{}: {loud:#?}", path.display());
        }
    }
}

/// Text to be filled in by hand: these files are refused as they stand.
const PLACEHOLDERS: [&str; 2] = ["__INGRESS_HOST__", "<your domain>"];

#[test]
fn real_manifests_are_quiet() {
    let folder = std::env::var_os("PORTOLAN_MANIFESTS")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/manifests"), PathBuf::from);
    let mut found = Vec::new();
    texts(&folder, &mut found);
    if found.is_empty() {
        println!("skipped: no manifests in {}", folder.display());
        return;
    }
    for (path, text) in found {
        if PLACEHOLDERS.iter().any(|placeholder| text.contains(placeholder)) {
            continue;
        }
        let loud: Vec<_> = problems(&text).into_iter().filter(|p| p.severity < Severity::Info).collect();
        assert!(loud.is_empty(), "{}: {loud:#?}", path.display());
    }
}

fn inside(text: &str, problem: &Diagnostic) {
    let related = problem.related.iter().map(|r| r.span);
    let edits = problem.fixes.iter().flat_map(|fix| &fix.edits).map(|(span, _)| *span);
    for span in std::iter::once(problem.span).chain(related).chain(edits) {
        let range = span.start as usize..span.end as usize;
        assert!(text.get(range).is_some(), "{span:?} is not inside a text of {} bytes", text.len());
    }
}

/// Breaks every example in many ways: a line less, a line twice, the end cut off, letters swapped.
#[test]
fn spans_stay_inside_whatever_the_text() {
    for (_, text) in examples() {
        let lines: Vec<&str> = text.split_inclusive('\n').collect();
        for at in 0..lines.len() {
            let without: String =
                lines.iter().enumerate().filter(|(i, _)| *i != at).map(|(_, l)| *l).collect();
            let cut: String = lines[..at].concat() + &lines[at][..lines[at].len() / 2];
            let odd = without.replace("app:", "äpp:").replace("80", "0x8𝄞");
            // One way a line keeps the test short.
            let ways = [without, cut, odd];
            for broken in &ways[at % 3..=at % 3] {
                for problem in problems(broken) {
                    inside(broken, &problem);
                }
            }
        }
    }
}

/// Every fix leaves a text that still reads.
#[test]
fn fixes_leave_texts_that_read() {
    for (path, text) in examples() {
        for (from, to) in
            [("app: ", "app: x"), ("port: 80", "port: 81"), ("8080", "8081"), ("name: w", "name: W_")]
        {
            let broken = text.replacen(from, to, 1);
            for fix in problems(&broken).iter().flat_map(|p| &p.fixes) {
                let mut edits = fix.edits.clone();
                edits.sort_by_key(|(span, _)| std::cmp::Reverse(span.start));
                let mut mended = broken.clone();
                for (span, new) in edits {
                    mended.replace_range(span.start as usize..span.end as usize, &new);
                }
                let manifest = parse(&mended, &Manifest::default());
                let broken = manifest.documents.iter().any(|(_, document)| document.broken);
                assert!(!broken, "{}: {}\n{mended}", path.display(), fix.title);
            }
        }
    }
}
