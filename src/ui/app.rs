//! The whole page: its panels and its own state (what is open, how it looks).

use super::composer::ComposerProps;
use super::desk::{Desk, Panel};
use super::editor::EditorPane;
use super::editor::bridge::EditorHandle;
use super::keys::{self, Wish};
use super::notice::{self, Notice};
use super::picker::Pick;
use super::preferences::Theme;
use super::route::Route;
use super::same::Same;
use super::side_tabs::{self, SideTab};
use super::stage::Stage;
use super::stage_pane::{caption, note as note_of};
use super::storage;
use super::store::Store;
use super::tools::Tools;
use super::topbar::{self, TopBar};
use crate::lint::why_not::Question;
use crate::session::draft::{CLIENT_OUTSIDE, Draft};
use crate::session::examples::FIRST;
use crate::session::{Action, Session};
use crate::words::ui as words;
use gloo::events::{EventListener, EventListenerOptions};
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent};
use yew::prelude::*;

/// What chance makes of a session: the same on every visit, so that what one person sees another can.
const SEED: u64 = 2026;

/// The session that the page begins with, and whether its text is the one of last time.
fn begin() -> (Store, Option<Rc<str>>) {
    let own = storage::text().filter(|text| text != FIRST.text);
    let session = match &own {
        // Read when the checks have come.
        Some(text) => Session::open_with("", None, SEED, None).reduce(Action::Edit(text.as_str().into())),
        None => Session::open_with(FIRST.text, Some(FIRST.id.into()), SEED, None),
    };
    (Store::new(session), own.map(Into::into))
}

/// The page.
#[component]
pub fn App() -> Html {
    let beginning = use_memo((), |()| begin());
    let editor = use_memo((), |()| EditorHandle::default());
    let panel = use_state(|| Panel::Stage);
    let peek = use_state(|| false);
    let tools = use_state(|| None::<Tools>);
    let tab = use_state(|| SideTab::Route);
    let desk = Desk {
        store: beginning.0.clone(),
        editor: (*editor).clone(),
        tools: *tools,
        equip: {
            let (store, tools) = (beginning.0.clone(), tools.setter());
            use_callback((), move |brought: Tools, ()| {
                store.check_with(brought.checks);
                tools.set(Some(brought));
            })
        },
        show: {
            let (panel, peek) = (panel.setter(), peek.setter());
            use_callback((), move |wanted: Panel, ()| {
                panel.set(wanted);
                peek.set(wanted == Panel::Text);
            })
        },
        ask: {
            let (store, panel, tab) = (beginning.0.clone(), panel.setter(), tab.setter());
            use_callback((), move |question: Question, ()| {
                store.dispatch(Action::Ask(question));
                tab.set(SideTab::WhyNot);
                panel.set(Panel::Route);
            })
        },
    };
    let view = use_state(|| desk.store.view());
    let theme = use_state(Theme::kept);
    let present = use_state(|| false);
    let help = use_state(|| false);
    let note_closed = use_state(storage::note_closed);
    let own = use_state(|| beginning.1.clone());
    let notice = use_state(|| beginning.1.is_some().then_some(Notice::Restored));
    let typed_draft = use_state(|| None::<Draft>);

    use_effect_with((), {
        let (desk, view) = (desk.clone(), view.setter());
        move |()| {
            let subscription = desk.store.on_view(move |now| view.set(now.clone()));
            let document = gloo::utils::document();
            let store = desk.store.clone();
            let hide = EventListener::new(&document, "visibilitychange", move |_| {
                let hidden = gloo::utils::document().hidden();
                store.set_hidden(hidden);
                if hidden {
                    storage::save();
                }
            });
            let leave = EventListener::new(&gloo::utils::window(), "pagehide", |_| {
                storage::save();
            });
            move || drop((subscription, hide, leave))
        }
    });
    use_effect_with(tools.is_some(), {
        let desk = desk.clone();
        move |_| {
            let probe = desk.tools.map(|tools| (tools.probe)(&desk));
            move || drop(probe)
        }
    });
    use_effect_with(*theme, |theme| theme.apply());
    use_effect_with(view.selected.clone(), {
        let tab = tab.setter();
        move |selected| tab.set(if selected.is_some() { SideTab::Details } else { SideTab::Route })
    });

    let on_wish = {
        let (desk, present, peek, help) = (desk.clone(), present.clone(), peek.clone(), help.clone());
        Callback::from(move |wish: Wish| match wish {
            Wish::Present => {
                peek.set(false);
                present.set(!*present);
            }
            Wish::Help => help.set(true),
            Wish::Edit => {
                desk.show.emit(Panel::Text);
                // A panel that was hidden takes the focus once it is drawn.
                let editor = desk.editor.clone();
                gloo::timers::callback::Timeout::new(0, move || editor.focus()).forget();
            }
            Wish::Leave => {
                peek.set(false);
                let active =
                    gloo::utils::document().active_element().and_then(|e| e.dyn_into::<HtmlElement>().ok());
                match active.filter(|e| e.tag_name() != "BODY") {
                    Some(active) => {
                        let _ = active.blur();
                    }
                    None if *present && desk.store.session().selected.is_none() => present.set(false),
                    None => desk.dispatch(Action::Select(None)),
                }
            }
        })
    };
    use_effect_with((*present, *help), {
        let (desk, on_wish) = (desk.clone(), on_wish.clone());
        move |_| {
            let options = EventListenerOptions::enable_prevent_default();
            let listener =
                EventListener::new_with_options(&gloo::utils::document(), "keydown", options, move |event| {
                    if let Some(event) = event.dyn_ref::<KeyboardEvent>()
                        && let Some(wish) = keys::answer(&desk, event)
                    {
                        on_wish.emit(wish);
                    }
                });
            move || drop(listener)
        }
    });
    let wish = |wish: Wish| {
        let on_wish = on_wish.clone();
        Callback::from(move |()| on_wish.emit(wish))
    };

    let on_pick = {
        let (desk, own, notice, typed_draft) =
            (desk.clone(), own.clone(), notice.clone(), typed_draft.clone());
        Callback::from(move |pick: Pick| {
            desk.store.settle();
            let text = desk.store.session().text.clone();
            if desk.is_own(&text) {
                storage::save();
                own.set(Some(text.clone()));
            }
            typed_draft.set(None);
            match pick {
                Pick::Example(id) => {
                    let Some(example) = desk.examples().iter().find(|e| e.id == id) else { return };
                    desk.dispatch(Action::Open {
                        text: example.text.into(),
                        example: Some(example.id.into()),
                    });
                    notice.set(desk.is_own(&text).then_some(Notice::OwnKept));
                }
                Pick::Own => {
                    let Some(text) = (*own).clone() else { return };
                    desk.dispatch(Action::Open { text, example: None });
                    notice.set(None);
                }
            }
        })
    };
    let on_notice = {
        let (notice, on_pick) = (notice.clone(), on_pick.clone());
        Callback::from(move |act: bool| {
            match (*notice, act) {
                (Some(Notice::Restored), true) => on_pick.emit(Pick::Example(FIRST.id)),
                (Some(Notice::OwnKept), true) => on_pick.emit(Pick::Own),
                _ => notice.set(None),
            };
        })
    };
    let on_not_stored = {
        let notice = notice.setter();
        use_callback((), move |(), ()| notice.set(Some(Notice::NotStored)))
    };
    let set_note = |closed: bool| {
        let note_closed = note_closed.clone();
        Callback::from(move |()| {
            storage::set_note_closed(closed);
            note_closed.set(closed);
        })
    };
    let on_theme = {
        let theme = theme.clone();
        Callback::from(move |()| theme.set(theme.next()))
    };
    let on_help_close = {
        let help = help.setter();
        use_callback((), move |(), ()| help.set(false))
    };

    let draft = Rc::new((*typed_draft).clone().unwrap_or_else(|| {
        let session = desk.store.session();
        let outside = || Draft { from: format!("internet/{CLIENT_OUTSIDE}"), ..Draft::default() };
        session.simulation.invited().first().map_or_else(outside, Draft::of)
    }));
    let on_draft = {
        let typed_draft = typed_draft.setter();
        use_callback((), move |draft: Draft, ()| typed_draft.set(Some(draft)))
    };
    let compose = |change: fn(&mut Draft, String)| {
        let (draft, on_draft, show) = (draft.clone(), on_draft.clone(), desk.show.clone());
        Callback::from(move |value: String| {
            let mut next = (*draft).clone();
            change(&mut next, value);
            on_draft.emit(next);
            show.emit(Panel::Route);
            if let Some(field) = gloo::utils::document().get_element_by_id("composer-to") {
                // Out of sight it cannot have the focus, and does not need it.
                let _ = field.unchecked_into::<HtmlElement>().focus();
            }
        })
    };
    let on_from = compose(|draft, from| draft.from = from);
    let on_to = compose(|draft, to| {
        *draft = Draft { from: std::mem::take(&mut draft.from), to, ..Draft::default() };
    });

    let shown = view.example.as_deref().filter(|_| !view.text.trim().is_empty());
    let example = shown.and_then(|id| desk.examples().iter().find(|e| e.id == id));
    let note = example.map(|example| example.look_for);
    let course = view.followed.clone().map(Same);
    let current = view.current();
    let cluster = Same(view.network.cluster().clone());
    let text = Same(view.text.clone());
    let panels = [(Panel::Stage, words::STAGE), (Panel::Text, words::TEXT), (Panel::Route, words::ROUTE)];
    let on_tab = {
        let tab = tab.setter();
        Callback::from(move |wanted| tab.set(wanted))
    };
    let bar = TopBar {
        example: view.example.clone(),
        own: own.is_some(),
        lens: view.lens,
        present: *present,
        theme: *theme,
        note_closed: *note_closed && note.is_some(),
        on_pick,
        on_present: wish(Wish::Present),
        on_theme,
        on_note: set_note(false),
        on_help: wish(Wish::Help),
    };
    html! {
        <ContextProvider<Desk> context={desk.clone()}>
            <div class="page" data-panel={panel.id()} data-present={present.then_some("")} data-peek={peek.then_some("")}>
                { topbar::bar(&desk, &bar) }
                <nav class="panels" aria-label={words::PANELS}>
                    for (wanted, word) in panels {
                        <button type="button" class={classes!(wanted.id())} aria-pressed={(*panel == wanted).to_string()}
                            onclick={let show = desk.show.clone(); move |_| show.emit(wanted)}>{ word }</button>
                    }
                </nav>
                <EditorPane text={text.clone()} manifest={Same(view.manifest.clone())} problems={Same(view.problems.clone())}
                    stale={Same(view.stale.clone())} {on_not_stored}/>
                <main class="chart-place" aria-label={words::STAGE}>
                    if let Some(notice) = *notice {
                        { notice::bar(notice, &on_notice) }
                    }
                    if let Some(text) = note.filter(|_| !*note_closed) {
                        { note_of(text, set_note(true)) }
                    }
                    <div class="stage-place">
                        <Stage cluster={cluster.clone()} lens={view.lens} selected={view.selected.clone()}
                            stale={Same(view.stale.clone())} course={course.clone()} hop={current} large={*present}/>
                    </div>
                    { caption(course.as_deref(), current, view.lens, view.playing) }
                </main>
                <aside class="side" aria-label={words::ROUTE}>
                    { match desk.tools {
                        Some(tools) => (tools.composer)(ComposerProps {
                            cluster: cluster.clone(), draft, on_draft, traffic: view.traffic,
                            followed: view.followed.as_ref().map(|c| c.flight.trace.request.clone()),
                        }),
                        None => html! { <div class="composer" aria-busy="true"/> },
                    } }
                    { side_tabs::tabs(*tab, view.selected.as_ref(), &on_tab) }
                    { match (*tab, desk.tools) {
                        (SideTab::Route, _) => html! {
                            <Route {course} hop={current} lens={view.lens} chosen={view.chosen} {text}/>
                        },
                        (SideTab::Details, Some(tools)) => {
                            (tools.details)(&desk, view.selected.as_ref(), &cluster, &text, &on_from, &on_to)
                        }
                        (SideTab::WhyNot, Some(tools)) => (tools.why_not)(&view),
                        (_, None) => html! { <div class="details" aria-busy="true"/> },
                    } }
                </aside>
                { match desk.tools {
                    Some(tools) => (tools.timeline)(&desk, view.playing, view.speed_percent, view.tally),
                    None => html! { <footer class="timeline" aria-busy="true"/> },
                } }
                { desk.tools.map(|tools| (tools.help)(*help, &on_help_close)).unwrap_or_default() }
            </div>
        </ContextProvider<Desk>>
    }
}
