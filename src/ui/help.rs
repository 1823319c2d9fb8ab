//! The help: how to read the chart, and the keys.

use super::icons;
use crate::words::ui as words;
use web_sys::HtmlDialogElement;
use yew::prelude::*;

/// Properties of [`Help`].
#[derive(Properties, PartialEq)]
pub struct HelpProps {
    /// Whether it is open.
    pub open: bool,
    /// Closes it.
    pub on_close: Callback<()>,
}

/// A dialog over the page.
#[component]
pub fn Help(props: &HelpProps) -> Html {
    let dialog = use_node_ref();
    use_effect_with(props.open, {
        let dialog = dialog.clone();
        move |open| {
            let Some(dialog) = dialog.cast::<HtmlDialogElement>() else { return };
            if *open && !dialog.open() {
                // Only a dialog that is already open cannot be opened.
                let _ = dialog.show_modal();
            } else if !*open && dialog.open() {
                dialog.close();
            }
        }
    });
    let close = {
        let on_close = props.on_close.clone();
        Callback::from(move |_: MouseEvent| on_close.emit(()))
    };
    let onclose = {
        let on_close = props.on_close.clone();
        Callback::from(move |_: Event| on_close.emit(()))
    };
    html! {
        <dialog class="help" ref={dialog} aria-labelledby="help-title" {onclose}>
            <div class="help-head">
                <h2 id="help-title">{ words::HELP_TITLE }</h2>
                <button type="button" class="ghost square" aria-label={words::CLOSE} onclick={close}>{ icons::cross() }</button>
            </div>
            for text in words::HELP_TEXT { <p>{ *text }</p> }
            <h3>{ words::KEYS }</h3>
            <dl class="keys">
                for (keys, what) in words::KEY_LIST {
                    <div>
                        <dt>for key in keys.split("  ") { <kbd>{ key }</kbd> }</dt>
                        <dd>{ *what }</dd>
                    </div>
                }
            </dl>
        </dialog>
    }
}
