//! What comes with the editor and not with the stage: problems, completion, details, help,
//! the probe.
//!
//! A release build puts all that only [`bring`] reaches into a wasm module of its own (the
//! `split` feature, see `xtask/web/split.mjs`); the page asks for it after its first frames.
//! The rest of the page must reach these things through [`Tools`] alone: a direct call
//! anywhere else would put them into the first module.

use super::desk::Desk;
use super::details;
use super::editor::offers;
use super::help::Help;
use super::probe::{self, Probe};
use super::problems::Problems;
use super::same::Same;
use crate::cluster::Cluster;
use crate::diagnostic::Diagnostic;
use crate::manifest::{Manifest, ObjectRef};
use crate::session::{self, Judge, Session};
use wasm_bindgen::JsValue;
use yew::prelude::*;

/// What the editor asks about a place of a text, in UTF-16.
pub type Answer = fn(&str, u32, &Manifest, &Cluster) -> JsValue;

/// The tools, once they are there.
#[derive(Clone, Copy)]
pub struct Tools {
    /// Finds problems.
    pub judge: Judge,
    /// Problems in the editor's terms.
    pub for_editor: fn(&Session, &[Diagnostic]) -> js_sys::Array,
    /// What may be written at a place.
    pub complete: Answer,
    /// What there is to say about a word.
    pub hover: Answer,
    /// Takes in the fields' words.
    pub learn: fn(String),
    /// The list of problems.
    pub problems: fn(&Same<Vec<Diagnostic>>, &Same<str>) -> Html,
    /// Details of the chosen object.
    pub details: Details,
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
    judge: session::judge,
    for_editor: offers::problems,
    complete: offers::complete,
    hover: offers::hover,
    learn: |text| crate::words::fields::learn(text.leak()),
    problems: |problems, text| html! { <Problems problems={problems.clone()} text={text.clone()}/> },
    details: details::details,
    help: |open, on_close| html! { <Help {open} on_close={on_close.clone()}/> },
    probe: probe::install,
};
