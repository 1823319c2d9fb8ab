//! The bar at the top.

use super::desk::Desk;
use super::icons;
use super::picker::{Pick, PickerProps};
use super::preferences::Theme;
use crate::playback::Lens;
use crate::session::Action;
use crate::session::examples::FIRST;
use crate::words::ui as words;
use std::rc::Rc;
use yew::prelude::*;

/// What the bar shows, and what it calls.
pub struct TopBar {
    /// The example that is open.
    pub example: Option<Rc<str>>,
    /// Whether an own text is kept.
    pub own: bool,
    /// The lens.
    pub lens: Lens,
    /// Whether the page is in present mode.
    pub present: bool,
    /// The theme.
    pub theme: Theme,
    /// Whether the note of what to look for is closed and can be opened.
    pub note_closed: bool,
    /// Picks an example.
    pub on_pick: Callback<Pick>,
    /// Present mode on or off.
    pub on_present: Callback<()>,
    /// The next theme.
    pub on_theme: Callback<()>,
    /// Opens the note.
    pub on_note: Callback<()>,
    /// Opens the help.
    pub on_help: Callback<()>,
}

/// The bar.
pub fn bar(desk: &Desk, props: &TopBar) -> Html {
    let emit = |callback: &Callback<()>| {
        let callback = callback.clone();
        move |_: MouseEvent| callback.emit(())
    };
    html! {
        <header class="topbar">
            <h1 class="brand">{ icons::compass() }<span class="brand-name">{ words::NAME }</span></h1>
            { match desk.tools {
                Some(tools) => (tools.picker)(PickerProps {
                    example: props.example.clone(), own: props.own, on_pick: props.on_pick.clone(),
                }),
                // Looks as it will; there is nothing to pick from yet.
                None => html! {
                    <div class="picker"><button type="button" class="picker-button" disabled=true>
                        <span class="picker-title">{ props.example.as_ref().map_or(words::OWN_TEXT, |_| FIRST.title) }</span>
                        { icons::down() }
                    </button></div>
                },
            } }
            if props.note_closed {
                <button type="button" class="ghost note-open" title={words::LOOK_FOR} onclick={emit(&props.on_note)}>
                    { icons::eye() }<span class="word">{ words::LOOK_FOR }</span>
                </button>
            }
            { lens_switch(desk, props.lens) }
            <span class="space"/>
            <button type="button" class="ghost present-button" aria-pressed={props.present.to_string()}
                title={words::PRESENT_MORE} onclick={emit(&props.on_present)}>
                { icons::screen() }<span class="word">{ words::PRESENT }</span>
            </button>
            <button type="button" class="ghost square" title={props.theme.name()} aria-label={props.theme.name()}
                onclick={emit(&props.on_theme)}>{ icons::theme(props.theme.id()) }</button>
            <button type="button" class="ghost square" title={words::HELP} aria-label={words::HELP}
                onclick={emit(&props.on_help)}><span aria-hidden="true">{ "?" }</span></button>
        </header>
    }
}

fn lens_switch(desk: &Desk, chosen: Lens) -> Html {
    let lenses = [
        (Lens::Concept, words::CONCEPT, words::CONCEPT_MORE),
        (Lens::Packet, words::PACKET, words::PACKET_MORE),
    ];
    html! {
        <div class="segments lens" role="group" aria-label={words::LENS}>
            for (lens, word, more) in lenses {
                <button type="button" aria-pressed={(chosen == lens).to_string()} title={more}
                    onclick={let desk = desk.clone(); move |_| desk.dispatch(Action::Lens(lens))}>{ word }</button>
            }
        </div>
    }
}
