//! Route, details, or why not: the leaves of the panel on the right.

use crate::manifest::ObjectRef;
use crate::words::{ui as words, why};
use yew::prelude::*;

/// A leaf of the panel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SideTab {
    /// The log of the followed request.
    Route,
    /// The chosen object.
    Details,
    /// The sheet that answers *why not*.
    WhyNot,
}

/// The choice: which leaf is open, and what the second one shows.
pub fn tabs(tab: SideTab, selected: Option<&ObjectRef>, on_tab: &Callback<SideTab>) -> Html {
    let open = tab;
    let details = selected.map_or_else(|| words::DETAILS.to_owned(), words::object);
    let tabs = [
        (SideTab::Route, words::ROUTE.to_owned()),
        (SideTab::Details, details),
        (SideTab::WhyNot, why::WHY_NOT.to_owned()),
    ];
    html! {
        <div class="side-tabs" role="group" aria-label={words::PANELS}>
            for (tab, word) in tabs {
                <button type="button" aria-pressed={(open == tab).to_string()}
                    onclick={let on_tab = on_tab.clone(); move |_| on_tab.emit(tab)}>{ word }</button>
            }
        </div>
    }
}
