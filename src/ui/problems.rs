//! The list of problems below the editor.

use super::desk::{Desk, use_desk};
use super::icons;
use super::same::Same;
use crate::cluster::Cluster;
use crate::diagnostic::{Diagnostic, Related, Severity};
use crate::lint::why_not::Question;
use crate::session::{Action, mended};
use crate::source::Span;
use crate::words::{ui as words, why};
use yew::prelude::*;

/// Properties of [`Problems`].
#[derive(Properties, PartialEq)]
pub struct ProblemsProps {
    /// The problems, worst first.
    pub problems: Same<Vec<Diagnostic>>,
    /// The text they are placed in.
    pub text: Same<str>,
}

/// A sign, a class and a word for a severity.
fn severity(severity: Severity) -> (&'static str, &'static str, &'static str) {
    match severity {
        Severity::Error => ("✕", "error", words::ERROR),
        Severity::Warning => ("▲", "warning", words::WARNING),
        Severity::Info => ("●", "info", words::INFO),
    }
}

/// All problems, or that there is none.
#[component]
pub fn Problems(props: &ProblemsProps) -> Html {
    let desk = use_desk();
    let open = use_state(|| true);
    let toggle = {
        let open = open.clone();
        Callback::from(move |_: MouseEvent| open.set(!*open))
    };
    let count = |wanted| props.problems.iter().filter(|p| p.severity == wanted).count();
    let counts = [Severity::Error, Severity::Warning, Severity::Info].map(|s| (s, count(s)));
    let none = props.problems.is_empty();
    let network = desk.store.view().network;
    html! {
        <section class="problems" aria-label={words::PROBLEMS}>
            <button type="button" class="problems-head" aria-expanded={(*open && !none).to_string()}
                disabled={none} onclick={toggle}>
                if none {
                    <span class="sign ok" aria-hidden="true">{ "✓" }</span>
                }
                for (level, count) in counts.into_iter().filter(|(_, count)| *count > 0) {
                    <span class={classes!("count", severity(level).1)} title={severity(level).2}>
                        <span aria-hidden="true">{ severity(level).0 }</span>{ format!(" {count}") }
                    </span>
                }
                <span class="problems-word" role="status">{ words::problems(props.problems.len()) }</span>
                if !none { { icons::down() } }
            </button>
            if *open && !none {
                <ul class="problems-list">
                    for problem in props.problems.iter() {
                        <li>{ one(&desk, problem, &props.text, network.cluster()) }</li>
                    }
                </ul>
            }
        </section>
    }
}

fn one(desk: &Desk, problem: &Diagnostic, text: &str, cluster: &Cluster) -> Html {
    let at = desk.store.session().lines.position(text, problem.span.start);
    let (sign, class, word) = severity(problem.severity);
    let span = problem.span;
    let reveal = {
        let desk = desk.clone();
        Callback::from(move |_: MouseEvent| desk.reveal(span))
    };
    let question = Question::of_problem(problem, cluster);
    let name = format!("{word}, {}: {}", words::position_spoken(at), problem.message);
    html! {
        <div class={classes!("problem", class)}>
            <button type="button" class="problem-jump" onclick={reveal} aria-label={name}>
                <span class={classes!("sign", class)} aria-hidden="true">{ sign }</span>
                <span class="problem-message">{ &problem.message }</span>
                <span class="place" aria-hidden="true">{ words::position(at) }</span>
            </button>
            if !problem.hint.is_empty() {
                <p class="hint">{ &problem.hint }</p>
            }
            if !problem.related.is_empty() {
                <ul class="fields">
                    for related in problem.related.iter() { { other(desk, related, text) } }
                </ul>
            }
            if !problem.fixes.is_empty() || question.is_some() {
                <p class="fixes">
                    for fix in problem.fixes.iter() {
                        <button type="button" class="button small" onclick={
                            let (desk, fix, object) = (desk.clone(), fix.clone(), problem.object.clone());
                            move |_| {
                                let action = match &object {
                                    Some(object) if fix.recreates() => Action::Recreate(object.clone()),
                                    _ => Action::Edit(mended(&desk.store.session().text, &fix).into()),
                                };
                                desk.dispatch(action);
                            }
                        }>{ &fix.title }</button>
                    }
                    if let Some(question) = question {
                        <button type="button" class="button small" onclick={
                            let ask = desk.ask.clone();
                            move |_| ask.emit(question.clone())
                        }>{ why::WHY_NOT }</button>
                    }
                </p>
            }
        </div>
    }
}

/// Another field that takes part: what part, and where.
fn other(desk: &Desk, related: &Related, text: &str) -> Html {
    // What is not as the text says may have stood further down.
    let end = text.len() as u32;
    let span = Span::new(related.span.start.min(end), related.span.end.min(end));
    let at = desk.store.session().lines.position(text, span.start);
    let (object, path) = (words::object(&related.object), related.path.to_string());
    html! {
        <li>
            <button type="button" class="field-ref" onclick={let desk = desk.clone(); move |_| desk.reveal(span)}
                aria-label={format!("{}: {object} {path}, {}", related.message, words::position_spoken(at))}>
                <span class="field-path">{ &related.message }</span>
                <span class="place">{ words::position(at) }</span>
            </button>
        </li>
    }
}
