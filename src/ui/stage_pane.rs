//! The middle of the page: the note of what to look for, the stage, a caption.

use super::icons;
use crate::playback::Lens;
use crate::session::Course;
use crate::words::{concept, ui as words};
use yew::prelude::*;

/// What to look for in an example.
pub fn note(text: &'static str, on_close: Callback<()>) -> Html {
    let close = move |_: MouseEvent| on_close.emit(());
    html! {
        <aside class="note" aria-label={words::LOOK_FOR}>
            <p><b>{ words::LOOK_FOR }</b>{ " " }{ text }</p>
            <button type="button" class="ghost square" aria-label={words::CLOSE} onclick={close}>{ icons::cross() }</button>
        </aside>
    }
}

/// The current leg in one line: where the route panel has no room, and for screen
/// readers while somebody steps.
pub fn caption(course: Option<&Course>, hop: Option<usize>, lens: Lens, playing: bool) -> Html {
    let words = course.zip(hop).and_then(|(course, at)| {
        let trace = &course.flight.trace;
        let legs = crate::session::legs(trace, lens);
        let number = legs.iter().position(|&leg| leg == at)? + 1;
        let hop = trace.hops.get(at)?;
        Some((number, legs.len(), words::leg_title(trace, hop, lens), concept::why(trace, hop, lens)))
    });
    let spoken = words
        .as_ref()
        .filter(|_| !playing)
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
