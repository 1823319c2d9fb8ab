//! The sheet that answers *why not*.

use crate::lint::why_not::{Answered, NameTable, RuleRow, Standing, Verdict};
use crate::manifest::ObjectRef;

/// Opens the sheet.
pub const WHY_NOT: &str = "Why not?";
/// Names the kinds of question.
pub const KINDS: &str = "What to ask of";
/// A Service and a pod.
pub const POD: &str = "Pod";
/// An Ingress and a request.
pub const REQUEST: &str = "Request";
/// A name.
pub const NAME: &str = "Name";
/// A field of the sheet.
pub const SERVICE: &str = "Service";
/// A field of the sheet.
pub const A_POD: &str = "Pod";
/// A field of the sheet.
pub const HOST: &str = "Host";
/// A field of the sheet.
pub const PATH: &str = "Path";
/// A field of the sheet.
pub const ASKED_IN: &str = "From namespace";
/// A field of the sheet.
pub const ASKS_FOR: &str = "Name";
/// Head of a column.
pub const CONDITION: &str = "Condition";
/// Head of a column.
pub const WANTED: &str = "Wanted";
/// Head of a column.
pub const FOUND: &str = "Found";
/// Head of a column.
pub const ASKED: &str = "Asked for";
/// Head of a column.
pub const ANSWER: &str = "Answer";
/// A cluster without Services or pods.
pub const NOTHING_TO_ASK: &str = "There is no Service, or no pod, to ask about.";
/// A cluster without Ingresses.
pub const NO_INGRESS: &str = "There is no Ingress: no request comes in by host and path.";
/// No name is typed.
pub const NO_NAME: &str = "Type a name.";
/// Names that may have been meant.
pub const NEARBY: &str = "Did you mean";
/// On a Service, a pod, an Ingress.
pub const ASK: &str = "Why not…";
/// On a pod.
pub const SERVICES: &str = "Behind which Services, and why not the others";

/// What it comes to.
#[must_use]
pub fn pod(service: &ObjectRef, standing: &Standing) -> String {
    let (pod, service) = (&standing.pod.name, &service.name);
    match (standing.selected, standing.listed, standing.ready) {
        (_, _, true) if standing.first.is_some() => {
            format!("{pod} is an endpoint of {service}, but not for every port.")
        }
        (_, _, true) => format!("{pod} is an endpoint of {service}."),
        (_, true, false) => format!("{pod} is an endpoint of {service}, and takes no new connections."),
        (true, false, _) => format!("{service} selects {pod}, which is no endpoint."),
        (false, ..) => format!("{service} does not select {pod}."),
    }
}

/// What it comes to.
#[must_use]
pub fn request(rows: &[RuleRow]) -> String {
    let takes: Vec<&RuleRow> = rows.iter().filter(|row| row.verdict == Verdict::Takes).collect();
    match takes[..] {
        [] => "No rule takes this request: the controller answers 404.".to_owned(),
        [row, ..] => match row.checks.iter().find(|check| !check.holds) {
            None => format!("{} takes it, and {} answers.", row.ingress.name, row.backend),
            Some(_) => format!("{} takes it, and {} cannot answer: 503.", row.ingress.name, row.backend),
        },
    }
}

/// What it comes to.
#[must_use]
pub fn name(table: &NameTable) -> String {
    let found = table.questions.iter().find(|tried| matches!(tried.answer, Answered::Found { .. }));
    match found {
        Some(tried) => format!("Found as {}.", tried.name.trim_end_matches('.')),
        None if table.questions.iter().any(|tried| tried.answer == Answered::NoData) => {
            "It exists, and has no address.".to_owned()
        }
        None => "There is no such name.".to_owned(),
    }
}

/// More than are listed.
#[must_use]
pub fn more(count: usize) -> String {
    format!("and {count} more")
}
