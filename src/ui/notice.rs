//! A notice above the stage: what happened to the text, and the way back.

use super::icons;
use crate::words::ui as words;
use yew::prelude::*;

/// What there is to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notice {
    /// The text of last time is back.
    Restored,
    /// An example has taken the place of an own text, which is kept.
    OwnKept,
    /// The browser does not keep the text.
    NotStored,
}

/// The notice as a bar. It answers true: do what it offers; false: close it.
pub fn bar(notice: Notice, on_answer: &Callback<bool>) -> Html {
    let (text, offer) = match notice {
        Notice::Restored => (words::RESTORED, Some(words::BACK_TO_EXAMPLE)),
        Notice::OwnKept => (words::OWN_KEPT, Some(words::BACK_TO_OWN)),
        Notice::NotStored => (words::NOT_STORED, None),
    };
    let answer = |act: bool| {
        let on_answer = on_answer.clone();
        move |_: MouseEvent| on_answer.emit(act)
    };
    html! {
        <div class="notice" role="status">
            <span>{ text }</span>
            if let Some(offer) = offer {
                <button type="button" class="link" onclick={answer(true)}>{ offer }</button>
            }
            <span class="space"/>
            <button type="button" class="ghost square" aria-label={words::CLOSE} onclick={answer(false)}>{ icons::cross() }</button>
        </div>
    }
}
