//! The route panel: the followed request as a ship's log.

mod fields;
mod leg;

use super::desk::use_desk;
use super::same::Same;
use crate::playback::Lens;
use crate::session::{Action, Course, LegState, legs};
use crate::words::{reasons, ui as words};
pub use fields::{breakable, fields};
use leg::leg;
use web_sys::HtmlElement;
use yew::prelude::*;

/// Properties of [`Route`].
#[derive(Properties, PartialEq)]
pub struct RouteProps {
    /// The followed request.
    pub course: Option<Same<Course>>,
    /// Its hop to look at.
    pub hop: Option<usize>,
    /// The lens.
    pub lens: Lens,
    /// Whether a person has chosen it.
    pub chosen: bool,
    /// The text, in which fields are placed: they move with it.
    pub text: Same<str>,
}

/// The log.
#[component]
pub fn Route(props: &RouteProps) -> Html {
    let desk = use_desk();
    let scroller = use_node_ref();
    use_effect_with(props.course.clone(), {
        let scroller = scroller.clone();
        move |_| {
            if let Some(scroller) = scroller.cast::<HtmlElement>() {
                scroller.set_scroll_top(0);
            }
        }
    });
    use_effect_with((props.course.clone(), props.hop), {
        let scroller = scroller.clone();
        move |_| {
            if let Some(scroller) = scroller.cast::<HtmlElement>() {
                keep_in_view(&scroller);
            }
        }
    });
    let Some(course) = &props.course else {
        return html! {
            <div class="route" ref={scroller}>
                <h2>{ words::NO_ROUTE }</h2>
                <p class="sub">{ words::NO_ROUTE_MORE }</p>
            </div>
        };
    };
    let trace = &course.flight.trace;
    let shown = legs(trace, props.lens);
    let current = props.hop.and_then(|hop| shown.iter().position(|&leg| leg == hop));
    let state = |number: usize| match current {
        Some(current) if number < current => LegState::Done,
        Some(current) if number == current => LegState::Current,
        _ => LegState::ToCome,
    };
    let lead = props.chosen.then(|| {
        let desk = desk.clone();
        html! {
            <button type="button" class="ghost follow" onclick={move |_| desk.dispatch(Action::Choose(None))}>
                { words::FOLLOW_LEAD }
            </button>
        }
    });
    html! {
        <div class="route" ref={scroller}>
            <h2>{ reasons::request_title(&trace.request) }</h2>
            <p class="sub">{ reasons::request_subtitle(&trace.request) }</p>
            <ol class="legs" aria-label={words::LEGS}>
                for (i, hop) in shown.iter().enumerate() {
                    { leg(&desk, trace, *hop, i + 1, state(i), props.lens) }
                }
            </ol>
            { lead.unwrap_or_default() }
        </div>
    }
}

/// Scrolls the log, and nothing else, so that the current leg is in view.
fn keep_in_view(scroller: &HtmlElement) {
    let Ok(Some(leg)) = scroller.query_selector(".leg.current") else { return };
    let (frame, leg) = (scroller.get_bounding_client_rect(), leg.get_bounding_client_rect());
    let beyond = if leg.top() < frame.top() {
        leg.top() - frame.top() - 8.0
    } else if leg.bottom() > frame.bottom() {
        (leg.bottom() - frame.bottom() + 8.0).min(leg.top() - frame.top() - 8.0)
    } else {
        return;
    };
    scroller.set_scroll_top(scroller.scroll_top() + beyond as i32);
}
