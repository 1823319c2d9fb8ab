//! The bar at the bottom: time, and what came of all requests.

mod scrubber;

use super::desk::{Desk, use_desk};
use super::icons;
use crate::session::{Action, SPEEDS_PERCENT, Tally};
use crate::words::ui as words;
use scrubber::Scrubber;
use web_sys::{Element, HtmlSelectElement};
use yew::prelude::*;

/// The bar.
pub fn bar(desk: &Desk, playing: bool, speed_percent: u32, tally: Tally) -> Html {
    let on = |action: Action| {
        let desk = desk.clone();
        move |_: MouseEvent| desk.dispatch(action.clone())
    };
    let speed = {
        let desk = desk.clone();
        Callback::from(move |event: Event| {
            let value = event.target_unchecked_into::<HtmlSelectElement>().value();
            desk.dispatch(Action::Speed(value.parse().unwrap_or(100)));
        })
    };
    let play_word = if playing { words::PAUSE } else { words::PLAY };
    let tally = [
        ("▪", "served", tally.served, words::SERVED),
        ("✕", "refused", tally.refused, words::REFUSED),
        ("◌", "dropped", tally.dropped, words::DROPPED),
    ];
    html! {
        <footer class="timeline" aria-label={words::TIME}>
            <div class="transport">
                <button type="button" class="button square" aria-label={words::STEP_BACK} title={words::STEP_BACK}
                    onclick={on(Action::StepBack)}>{ icons::back() }</button>
                <button type="button" class="button square primary" aria-label={play_word} title={play_word}
                    onclick={on(Action::Play(!playing))}>
                    { if playing { icons::pause() } else { icons::play() } }
                </button>
                <button type="button" class="button square" aria-label={words::STEP_FORWARD} title={words::STEP_FORWARD}
                    onclick={on(Action::StepForward)}>{ icons::forward() }</button>
            </div>
            <Clock/>
            <Scrubber/>
            <select class="speed" aria-label={words::SPEED} title={words::SPEED} onchange={speed}>
                for percent in SPEEDS_PERCENT {
                    <option value={percent.to_string()} selected={percent == speed_percent}>{ words::speed(percent) }</option>
                }
            </select>
            <p class="tally" aria-label={words::TALLY} role="group">
                for (sign, class, count, word) in tally {
                    <span class={classes!("tally-part", class, (count == 0).then_some("zero"))} title={word}>
                        <span class="sign" aria-hidden="true">{ sign }</span>
                        <span class="number">{ count }</span>
                        <span class="word">{ word }</span>
                    </span>
                }
            </p>
        </footer>
    }
}

/// The clock writes itself: it changes with every frame.
#[component]
fn Clock() -> Html {
    let desk: Desk = use_desk();
    let place = use_node_ref();
    use_effect_with((), {
        let place = place.clone();
        move |()| {
            let shown = std::cell::Cell::new(u64::MAX);
            let subscription = desk.store.on_frame(move |session, _| {
                if shown.replace(session.shown_ms) != session.shown_ms
                    && let Some(place) = place.cast::<Element>()
                {
                    place.set_text_content(Some(&words::clock(session.shown_ms)));
                }
                false
            });
            move || drop(subscription)
        }
    });
    html! { <span class="clock" ref={place} aria-hidden="true">{ words::clock(0) }</span> }
}
