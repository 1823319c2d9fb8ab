//! Real manifests of well-known projects load without a false problem.

use portolan::diagnostic::Severity;
use portolan::manifest::{Manifest, parse};
use portolan::source::LineIndex;
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> Option<PathBuf> {
    let root = std::env::var_os("PORTOLAN_MANIFESTS")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/manifests"), PathBuf::from);
    root.is_dir().then_some(root)
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|e| e == "yaml" || e == "yml" || e == "json") {
            found.push(path);
        }
    }
}

/// Files that the API server refuses as well.
const TRUE_PROBLEMS: [(&str, &str); 1] = [(
    "kubernetes_ingress-nginx/docs/examples/auth/oauth-external-auth/vouch-proxy.yaml",
    "schema/wrong-type", // an environment variable's value is `true` without quotes
)];

#[test]
fn real_manifests_load_without_a_false_problem() {
    let Some(root) = root() else {
        println!("skipped: there is no folder of manifests");
        return;
    };
    let mut paths = Vec::new();
    files(&root, &mut paths);
    assert!(paths.len() > 100, "only {} files", paths.len());
    let mut wrong = String::new();
    let mut objects = 0;
    for path in paths {
        let name = path.strip_prefix(&root).unwrap().display().to_string();
        if name.ends_with(".helm.values.yaml") {
            continue; // values for Helm's templates are no objects
        }
        let text = fs::read_to_string(&path).unwrap();
        let manifest = parse(&text, &Manifest::default());
        let index = LineIndex::new(&text);
        objects += manifest.objects().count();
        for problem in manifest.problems() {
            if problem.severity == Severity::Info {
                continue;
            }
            let place = index.position(&text, problem.span.start);
            if TRUE_PROBLEMS.contains(&(&*name, problem.code)) {
                continue;
            }
            wrong +=
                &format!("{name}:{}:{} {} {}\n", place.line, place.column, problem.code, problem.message);
        }
    }
    println!("{objects} objects");
    assert!(wrong.is_empty(), "{wrong}");
}
