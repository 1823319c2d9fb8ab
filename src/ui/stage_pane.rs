//! The middle of the page: the note of what to look for, the stage, a caption.

use super::icons;
use super::same::Same;
use crate::playback::Lens;
use crate::session::Course;
use crate::words::{reasons, ui as words};
use yew::prelude::*;

/// Properties of [`Note`].
#[derive(Properties, PartialEq)]
pub struct NoteProps {
    /// What to look for.
    pub text: &'static str,
    /// Closes it.
    pub on_close: Callback<()>,
}

/// What to look for in an example.
#[component]
pub fn Note(props: &NoteProps) -> Html {
    let close = {
        let on_close = props.on_close.clone();
        Callback::from(move |_: MouseEvent| on_close.emit(()))
    };
    html! {
        <aside class="note" aria-label={words::LOOK_FOR}>
            <p><b>{ words::LOOK_FOR }</b>{ " " }{ props.text }</p>
            <button type="button" class="ghost square" aria-label={words::CLOSE} onclick={close}>{ icons::cross() }</button>
        </aside>
    }
}

/// Properties of [`Caption`].
#[derive(Properties, PartialEq)]
pub struct CaptionProps {
    /// The followed request.
    pub course: Option<Same<Course>>,
    /// Its hop.
    pub hop: Option<usize>,
    /// The lens.
    pub lens: Lens,
    /// Whether time runs: then nothing is read out.
    pub playing: bool,
}

/// The current leg in one line: where the route panel has no room, and for screen
/// readers while somebody steps.
#[component]
pub fn Caption(props: &CaptionProps) -> Html {
    let words = props.course.as_ref().zip(props.hop).and_then(|(course, at)| {
        let trace = &course.flight.trace;
        let legs = crate::session::legs(trace, props.lens);
        let number = legs.iter().position(|&leg| leg == at)? + 1;
        let hop = trace.hops.get(at)?;
        Some((number, legs.len(), words::leg_title(trace, hop, props.lens), reasons::hop(trace, hop).why))
    });
    let spoken = words
        .as_ref()
        .filter(|_| !props.playing)
        .map(|(number, of, title, why)| words::leg_spoken(*number, *of, title, why));
    html! {
        <>
            <p class="caption" aria-hidden="true">
                if let Some((number, _, title, why)) = &words {
                    <span class="leg-number">{ *number }</span>
                    <span class="caption-text"><b>{ title }</b>{ " " }{ why }</span>
                }
            </p>
            <p class="spoken" aria-live="polite">{ spoken.unwrap_or_default() }</p>
        </>
    }
}
