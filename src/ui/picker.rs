//! The choice of an example: a button with a list box.

use super::icons;
use crate::session::examples::ALL;
use crate::words::ui as words;
use std::rc::Rc;
use web_sys::HtmlElement;
use yew::prelude::*;

/// What can be picked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pick {
    /// An example, by id.
    Example(&'static str),
    /// The own text, as it was left.
    Own,
}

/// Properties of [`Picker`].
#[derive(Properties, PartialEq)]
pub struct PickerProps {
    /// The example that is open; `None`: an own text.
    pub example: Option<Rc<str>>,
    /// Whether an own text is kept.
    pub own: bool,
    /// Called with the choice.
    pub on_pick: Callback<Pick>,
}

struct Entry {
    pick: Pick,
    title: &'static str,
    more: &'static str,
}

fn entries(own: bool) -> Vec<Entry> {
    let examples = ALL.iter().map(|example| Entry {
        pick: Pick::Example(example.id),
        title: example.title,
        more: first_sentence(example.look_for),
    });
    let own = own.then_some(Entry { pick: Pick::Own, title: words::OWN_TEXT, more: words::OWN_TEXT_MORE });
    own.into_iter().chain(examples).collect()
}

fn first_sentence(text: &'static str) -> &'static str {
    text.find([':', '.']).map_or(text, |end| &text[..end])
}

/// The picker.
#[component]
pub fn Picker(props: &PickerProps) -> Html {
    let open = use_state(|| false);
    let at = use_state(|| 0_usize);
    let list = use_node_ref();
    let button = use_node_ref();
    let entries = Rc::new(entries(props.own));
    let chosen = entries.iter().position(|entry| match (&entry.pick, &props.example) {
        (Pick::Example(id), Some(example)) => **id == **example,
        (Pick::Own, None) => true,
        _ => false,
    });
    let title = chosen.map_or(words::OWN_TEXT, |i| entries[i].title);

    use_effect_with((*open, *at), {
        let list = list.clone();
        move |(open, at)| {
            let Some(list) = list.cast::<HtmlElement>().filter(|_| *open) else { return };
            // Focus and scrolling are for comfort; a list that is gone needs neither.
            let _ = list.focus();
            if let Some(option) = list.children().item(*at as u32) {
                option.scroll_into_view_with_bool(false);
            }
        }
    });
    let toggle = {
        let (open, at) = (open.clone(), at.clone());
        Callback::from(move |_: MouseEvent| {
            at.set(chosen.unwrap_or(0));
            open.set(!*open);
        })
    };
    let close = {
        let (open, button) = (open.clone(), button.clone());
        Callback::from(move |()| {
            open.set(false);
            if let Some(button) = button.cast::<HtmlElement>() {
                let _ = button.focus();
            }
        })
    };
    let pick = {
        let (close, on_pick, entries) = (close.clone(), props.on_pick.clone(), entries.clone());
        Callback::from(move |i: usize| {
            close.emit(());
            if let Some(entry) = entries.get(i) {
                on_pick.emit(entry.pick.clone());
            }
        })
    };
    let onkeydown = {
        let (at, close, pick, entries) = (at.clone(), close.clone(), pick.clone(), entries.clone());
        Callback::from(move |event: KeyboardEvent| {
            event.stop_propagation();
            let last = entries.len() - 1;
            let key = event.key();
            match key.as_str() {
                "ArrowDown" => at.set((*at + 1).min(last)),
                "ArrowUp" => at.set(at.saturating_sub(1)),
                "Home" => at.set(0),
                "End" => at.set(last),
                "Enter" | " " => pick.emit(*at),
                "Escape" | "Tab" => close.emit(()),
                _ => {
                    let wanted = key.to_ascii_lowercase();
                    let starts = |i: &usize| entries[*i].title.to_ascii_lowercase().starts_with(&wanted);
                    match (*at + 1..=last).chain(0..=*at).find(starts) {
                        Some(i) if key.chars().count() == 1 => at.set(i),
                        _ => return,
                    }
                }
            }
            event.prevent_default();
        })
    };
    let onblur = {
        let (open, button) = (open.clone(), button.clone());
        Callback::from(move |event: FocusEvent| {
            let to = event.related_target();
            // The button closes the list itself.
            if to.is_none() || to != button.get().map(Into::into) {
                open.set(false);
            }
        })
    };
    html! {
        <div class="picker">
            <button type="button" ref={button} class="picker-button" aria-haspopup="listbox"
                aria-expanded={open.to_string()} aria-label={format!("{}: {title}", words::EXAMPLES)} onclick={toggle}>
                <span class="picker-title">{ title }</span>
                { icons::down() }
            </button>
            if *open {
                <ul class="picker-list" role="listbox" tabindex="-1" ref={list} aria-label={words::EXAMPLES}
                    aria-activedescendant={format!("example-{}", *at)} {onkeydown} {onblur}>
                    for (i, entry) in entries.iter().enumerate() {
                        <li id={format!("example-{i}")} role="option" aria-selected={(chosen == Some(i)).to_string()}
                            class={classes!((*at == i).then_some("at"))}
                            onpointerdown={Callback::from(|event: PointerEvent| event.prevent_default())}
                            onclick={let pick = pick.clone(); move |_| pick.emit(i)}>
                            <span class="picker-entry">{ entry.title }</span>
                            <span class="picker-more">{ entry.more }</span>
                        </li>
                    }
                </ul>
            }
        </div>
    }
}
