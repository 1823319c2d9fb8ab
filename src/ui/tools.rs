//! What comes with the editor and not with the stage: problems, completion, the request
//! form, all examples but the first, details, why not, help, the probe.
//!
//! A release build puts all that only [`bring`] reaches into a wasm module of its own (the
//! `split` feature, see `xtask/web/split.mjs`); the page asks for it after its first frames.
//! The rest of the page must reach these things through [`Tools`] alone: a direct call
//! anywhere else would put them into the first module.

use super::composer::{Composer, ComposerProps};
use super::desk::Desk;
use super::details;
use super::editor::{self, offers};
use super::help::Help;
use super::picker::{Picker, PickerProps};
use super::probe::{self, Probe};
use super::problems::Problems;
use super::same::Same;
use super::stage::{WhyNots, reasons_against};
use super::timeline;
use super::why::WhyNot;
use crate::cluster::Cluster;
use crate::diagnostic::Diagnostic;
use crate::lint::why_not::Question;
use crate::manifest::ObjectRef;
use crate::routing::{Hop, Trace};
use crate::session::examples::{self, Example};
use crate::session::{self, Checks, Session, Tally, View};
use yew::prelude::*;

/// The tools, once they are there.
#[derive(Clone, Copy)]
pub struct Tools {
    /// What a session needs to take in any text.
    pub checks: &'static Checks,
    /// Problems in the editor's terms.
    pub for_editor: fn(&Session, &[Diagnostic]) -> js_sys::Array,
    /// Makes an editor of the fetched module.
    pub assemble: editor::Assemble,
    /// All examples.
    pub examples: &'static [Example],
    /// The choice of an example.
    pub picker: fn(PickerProps) -> Html,
    /// The request form.
    pub composer: fn(ComposerProps) -> Html,
    /// Why pods are not among the chosen Service's endpoints.
    pub reasons_against: fn(&Cluster, &ObjectRef) -> WhyNots,
    /// The list of problems.
    pub problems: fn(&Same<Vec<Diagnostic>>, &Same<str>) -> Html,
    /// The bar of time.
    pub timeline: fn(&Desk, bool, u32, Tally) -> Html,
    /// Details of the chosen object.
    pub details: Details,
    /// The sheet that answers *why not*.
    pub why_not: fn(&View) -> Html,
    /// What a failed leg makes one ask.
    pub question: fn(&Trace, &Hop) -> Option<Question>,
    /// The help.
    pub help: fn(bool, &Callback<()>) -> Html,
    /// Puts `window.portolan` in place.
    pub probe: fn(&Desk) -> Probe,
}

type Details =
    fn(&Desk, Option<&ObjectRef>, &Same<Cluster>, &Same<str>, &Callback<String>, &Callback<String>) -> Html;

impl PartialEq for Tools {
    /// There is one set of tools.
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

/// The tools could not be fetched.
#[derive(Clone, Copy, Debug)]
pub struct Missing;

#[cfg(feature = "split")]
impl From<wasm_split_helpers::SplitLoaderError> for Missing {
    fn from(_: wasm_split_helpers::SplitLoaderError) -> Self {
        Self
    }
}

/// Fetches the tools. Asking again after a failure tries again.
#[cfg(feature = "split")]
#[wasm_split_helpers::wasm_split(tools, fallible)]
pub fn bring() -> Result<Tools, Missing> {
    Ok(TOOLS)
}

/// The tools, which are part of the program.
#[cfg(not(feature = "split"))]
#[expect(clippy::unused_async, reason = "with the feature `split` they are fetched")]
pub async fn bring() -> Result<Tools, Missing> {
    Ok(TOOLS)
}

const TOOLS: Tools = Tools {
    checks: &session::CHECKS,
    timeline: timeline::bar,
    for_editor: offers::problems,
    assemble: editor::assemble,
    examples: examples::ALL,
    picker: |props| html! { <Picker ..props/> },
    composer: |props| html! { <Composer ..props/> },
    reasons_against,
    problems: |problems, text| html! { <Problems problems={problems.clone()} text={text.clone()}/> },
    details: details::details,
    why_not: |view| {
        html! {
            <WhyNot question={view.question.clone()} selected={view.selected.clone()}
                network={Same(view.network.clone())} text={Same(view.text.clone())}/>
        }
    },
    question: Question::of_hop,
    help: |open, on_close| html! { <Help {open} on_close={on_close.clone()}/> },
    probe: probe::install,
};
