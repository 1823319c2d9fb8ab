//! One matter, one problem: where the API server's own error stands at the place of a lint,
//! the error stays, since that is what a person will meet, and takes over the lint's help.

use crate::diagnostic::{Diagnostic, Severity};
use crate::manifest::{FieldPath, ObjectRef};
use crate::map::{Map, Set};

/// Errors of one object that a lint is compared with; an object with more is beyond help.
const ERRORS_MAX: usize = 50;

/// Adds lints to what there is already, but for those that say again what an error says, and
/// those about objects that are `stale`: the cluster has them otherwise than the text.
pub fn add(problems: &mut Vec<Diagnostic>, lints: Vec<Diagnostic>, stale: &[ObjectRef]) {
    let mut errors: Map<ObjectRef, Vec<usize>> = Map::default();
    for (i, problem) in problems.iter().enumerate() {
        if let (Severity::Error, Some(object)) = (problem.severity, &problem.object) {
            errors.get_or_default(object.clone()).push(i);
        }
    }
    let stale: Set<&ObjectRef> = stale.iter().collect();
    for lint in lints {
        let is_stale = lint.object.as_ref().is_some_and(|object| stale.contains(object));
        if is_stale && lint.severity > Severity::Error {
            continue;
        }
        let of_object = lint.object.as_ref().and_then(|object| errors.get(object));
        let mut of_object = of_object.into_iter().flatten().copied().take(ERRORS_MAX);
        match of_object.find(|&i| same_matter(&problems[i], &lint)) {
            Some(i) => help(&mut problems[i], lint),
            None if is_stale => {}
            None => problems.push(lint),
        }
    }
}

/// Whether an error of the same object stands at a lint's place; for a lint that foretells an
/// error, also at a place that it involves (the API server blames one side, the lint the other).
fn same_matter(error: &Diagnostic, lint: &Diagnostic) -> bool {
    let at = |path: &FieldPath, span: crate::source::Span| {
        let touch = error.span.start <= span.end && span.start <= error.span.end;
        (error.span == span || touch) && one_in_the_other(&error.path, path)
    };
    let foretold = lint.severity == Severity::Error;
    at(&lint.path, lint.span)
        || foretold
            && lint.related.iter().any(|r| Some(&r.object) == error.object.as_ref() && at(&r.path, r.span))
}

/// Whether two paths are the same, or one leads on from the other.
fn one_in_the_other(one: &FieldPath, other: &FieldPath) -> bool {
    // A key of a map of labels is a field to the schema.
    one.steps().zip(other.steps()).all(|(a, b)| a.name() == b.name())
}

fn help(error: &mut Diagnostic, lint: Diagnostic) {
    if error.hint.is_empty() {
        error.hint = lint.hint;
    }
    if error.fixes.is_empty() {
        error.fixes = lint.fixes;
    }
    error.related.extend(lint.related);
}

#[cfg(test)]
mod tests {
    use crate::diagnostic::{Diagnostic, Severity, mended};
    use crate::lint::problems::of;

    fn problems(text: &str) -> Vec<Diagnostic> {
        of(text).1
    }

    fn only(text: &str) -> Diagnostic {
        let found = problems(text);
        let [one] = &found[..] else { panic!("{found:#?}") };
        one.clone()
    }

    #[test]
    fn a_name_that_the_server_refuses_is_told_once_with_the_fix_of_the_lint() {
        let text = "apiVersion: v1\nkind: Service\nmetadata:\n  name: My_Web\nspec:\n  type: ExternalName\n  externalName: example.com\n";
        let error = only(text);
        assert_eq!((error.code, error.severity), ("validation/invalid", Severity::Error));
        assert!(error.message.starts_with("metadata.name: Invalid value: \"My_Web\""), "{}", error.message);
        assert!(mended(text, &error.fixes[0]).contains("name: my-web"));
        assert!(problems(&mended(text, &error.fixes[0])).is_empty());
    }

    #[test]
    fn a_value_of_the_wrong_type_is_told_once() {
        let text = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\n  labels: {on: yes, version: 1.10}\nspec:\n  containers: [{name: a, image: b}]\n";
        let found = problems(text);
        assert_eq!(found.len(), 2, "{found:#?}");
        for error in found {
            assert_eq!(error.code, "schema/wrong-type");
            assert!(!error.hint.is_empty());
            assert!(mended(text, &error.fixes[0]).contains("\""), "{:?}", error.fixes);
        }
    }

    #[test]
    fn the_server_blames_the_template_and_the_lint_shows_the_label() {
        let text = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  selector: {matchLabels: {app: wbe}}\n  template:\n    metadata: {labels: {app: web}}\n    spec: {containers: [{name: web, image: nginx}]}\n";
        let error = only(text);
        assert_eq!(error.code, "validation/invalid");
        assert!(error.message.contains("`selector` does not match template `labels`"));
        assert!(mended(text, &error.fixes[0]).contains("matchLabels: {app: web}"));
    }

    #[test]
    fn two_of_one_name_are_told_once_each() {
        let web = "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {type: ExternalName, externalName: example.com}\n";
        let error = only(&format!("{web}---\n{web}"));
        assert_eq!(error.code, "admission/already-exists");
        assert_eq!(error.related.len(), 1, "where the first one is");
    }

    #[test]
    fn a_node_port_that_cannot_be_had_is_told_once_with_who_has_it() {
        let web = "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {type: NodePort, ports: [{port: 80, nodePort: 30080}]}\n";
        let errors = |text: &str| -> Vec<Diagnostic> {
            problems(text).into_iter().filter(|p| p.severity == Severity::Error).collect()
        };
        let text = format!("{web}---\n{}", web.replace("web", "api"));
        let [error] = &errors(&text)[..] else { panic!("{:#?}", errors(&text)) };
        assert!(error.message.ends_with("provided port is already allocated"), "{}", error.message);
        assert_eq!(&*error.related[0].object.name, "web");
        assert!(errors(&mended(&text, &error.fixes[0])).is_empty());
        let text = web.replace("30080", "80");
        let [error] = &errors(&text)[..] else { panic!("{:#?}", errors(&text)) };
        assert!(error.message.contains("provided port is not in the valid range"));
        assert!(errors(&mended(&text, &error.fixes[0])).is_empty());
    }

    #[test]
    fn what_stands_elsewhere_is_told_too() {
        let text = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: -a\n  labels: {on: yes}\nspec:\n  containers: [{name: a, image: b}]\n";
        let codes: Vec<_> = problems(text).iter().map(|p| p.code).collect();
        assert_eq!(codes, ["validation/invalid", "schema/wrong-type"]);
    }
}
