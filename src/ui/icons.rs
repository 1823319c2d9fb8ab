//! The few signs that the page draws.

use yew::prelude::*;

fn icon(path: &'static str, filled: bool) -> Html {
    let (fill, stroke) = if filled { ("currentColor", "none") } else { ("none", "currentColor") };
    html! {
        <svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
            <path d={path} {fill} {stroke} stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round"/>
        </svg>
    }
}

/// The compass of the brand.
pub fn compass() -> Html {
    html! {
        <svg class="compass" width="24" height="24" viewBox="-12 -12 24 24" aria-hidden="true" focusable="false">
            <circle r="11" fill="none" stroke="currentColor"/>
            <path d="M0-10 2-2 10 0 2 2 0 10-2 2-10 0-2-2Z" fill="currentColor"/>
            <path class="needle" d="M0-10 2-2 0 0Z"/>
        </svg>
    }
}

/// Play.
pub fn play() -> Html {
    icon("M4.5 2.6v10.8L13 8Z", true)
}

/// Pause.
pub fn pause() -> Html {
    icon("M4 2.5h3v11H4ZM9 2.5h3v11H9Z", true)
}

/// One leg back.
pub fn back() -> Html {
    icon("M3 3h1.8v10H3ZM13 3v10L5.6 8Z", true)
}

/// One leg on.
pub fn forward() -> Html {
    icon("M11.2 3H13v10h-1.8ZM3 3v10l7.4-5Z", true)
}

/// Opens downwards.
pub fn down() -> Html {
    icon("M4 6.5 8 10.5 12 6.5", false)
}

/// Close.
pub fn cross() -> Html {
    icon("M4 4 12 12M12 4 4 12", false)
}

/// What to look for.
pub fn eye() -> Html {
    icon("M1.5 8C4 4.2 12 4.2 14.5 8 12 11.8 4 11.8 1.5 8ZM8 6.4a1.6 1.6 0 1 0 .01 0Z", false)
}

/// A screen, for a projector.
pub fn screen() -> Html {
    icon("M2 3h12v7.5H2ZM8 10.5V14M5.5 14h5", false)
}

/// Light and dark.
pub fn theme(id: &str) -> Html {
    match id {
        "light" => icon(
            "M8 5a3 3 0 1 0 0 6a3 3 0 1 0 0-6ZM8 1v1.4M8 13.6V15M1 8h1.4M13.6 8H15M3 3l1 1M12 12l1 1M13 3l-1 1M4 12l-1 1",
            false,
        ),
        "dark" => icon("M13 9.8A5.6 5.6 0 0 1 6.2 3 5.6 5.6 0 1 0 13 9.8Z", false),
        _ => html! {
            <svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
                <circle cx="8" cy="8" r="5.6" fill="none" stroke="currentColor" stroke-width="1.6"/>
                <path d="M8 2.4a5.6 5.6 0 0 1 0 11.2Z" fill="currentColor"/>
            </svg>
        },
    }
}
