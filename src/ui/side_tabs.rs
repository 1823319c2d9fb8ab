//! Route or details: the two leaves of the panel on the right.

use crate::manifest::ObjectRef;
use crate::words::ui as words;
use yew::prelude::*;

/// A leaf of the panel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SideTab {
    /// The log of the followed request.
    Route,
    /// The chosen object.
    Details,
}

/// Properties of [`SideTabs`].
#[derive(Properties, PartialEq)]
pub struct SideTabsProps {
    /// The leaf that is open.
    pub tab: SideTab,
    /// The chosen object.
    pub selected: Option<ObjectRef>,
    /// Opens a leaf.
    pub on_tab: Callback<SideTab>,
}

/// The choice.
#[component]
pub fn SideTabs(props: &SideTabsProps) -> Html {
    let details = props.selected.as_ref().map_or_else(|| words::DETAILS.to_owned(), words::object);
    let tabs = [(SideTab::Route, words::ROUTE.to_owned()), (SideTab::Details, details)];
    html! {
        <div class="side-tabs" role="group" aria-label={words::PANELS}>
            for (tab, word) in tabs {
                <button type="button" aria-pressed={(props.tab == tab).to_string()}
                    onclick={let on_tab = props.on_tab.clone(); move |_| on_tab.emit(tab)}>{ word }</button>
            }
        </div>
    }
}
