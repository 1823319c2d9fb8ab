//! The table of a question: a condition, what was wanted, what was found, in which field.

use crate::lint::why_not::{Condition, RuleCheck};
use crate::manifest::FieldRef;
use crate::ui::desk::Desk;
use crate::ui::route::{breakable, fields};
use crate::words::{lints, why as words};
use yew::prelude::*;

/// A condition.
pub struct Row {
    /// Whether it holds; `None`: it was not asked.
    pub holds: Option<bool>,
    /// The condition.
    pub title: String,
    /// What was wanted, and what was found.
    pub cells: Vec<String>,
    /// What it means that it does not hold.
    pub note: String,
    /// The fields on both sides.
    pub fields: Vec<FieldRef>,
}

/// The conditions of a pod.
pub fn of_pod(rows: &[Condition]) -> Vec<Row> {
    let row = |row: &Condition| {
        let note = if row.holds {
            String::new()
        } else {
            format!("{}. {}", lints::why_not(row), lints::effect(row.effect))
        };
        Row {
            holds: Some(row.holds),
            title: lints::ask(&row.ask),
            cells: vec![lints::wanted(row), lints::found(row)],
            note,
            fields: row.fields.clone(),
        }
    };
    rows.iter().map(row).collect()
}

/// The conditions of a rule.
pub fn of_rule(checks: &[RuleCheck]) -> Vec<Row> {
    let row = |check: &RuleCheck| Row {
        holds: Some(check.holds),
        title: lints::rule_ask(check.ask).to_owned(),
        cells: vec![lints::rule_wanted(check), lints::rule_found(check)],
        note: if check.holds { String::new() } else { lints::rule_effect(check).to_owned() },
        fields: check.fields.clone(),
    };
    checks.iter().map(row).collect()
}

/// The table. `heads` names its columns, the first one the condition. A table of names has
/// one column less.
pub fn table(desk: &Desk, heads: &[&'static str], rows: Vec<Row>) -> Html {
    let columns = heads.len().to_string();
    html! {
        <table class={classes!("conditions", (heads.len() < HEADS.len()).then_some("names"))}>
            <thead><tr>for head in heads { <th scope="col">{ *head }</th> }</tr></thead>
            for row in rows {
                <tbody class={match row.holds { Some(true) => "holds", Some(false) => "fails", None => "unasked" }}>
                    <tr>
                        <th scope="row">
                            <span class="sign" aria-hidden="true">{ match row.holds { Some(true) => "✓", Some(false) => "✕", None => "·" } }</span>
                            { breakable(&row.title) }
                        </th>
                        for cell in row.cells { <td>{ cell }</td> }
                    </tr>
                    if !row.note.is_empty() || !row.fields.is_empty() {
                        <tr class="decided"><td colspan={columns.clone()}>
                            if !row.note.is_empty() { <p>{ row.note }</p> }
                            { fields(desk, &row.fields) }
                        </td></tr>
                    }
                </tbody>
            }
        </table>
    }
}

/// Condition, wanted, found.
pub const HEADS: [&str; 3] = [words::CONDITION, words::WANTED, words::FOUND];
