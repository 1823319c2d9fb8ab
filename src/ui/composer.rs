//! The request form.

use super::desk::use_desk;
use super::same::Same;
use crate::cluster::Cluster;
use crate::routing::{Request, Source};
use crate::session::Action;
use crate::session::draft::{CLIENT_OUTSIDE, Draft, Flaw, sources};
use crate::session::suggest::destinations;
use crate::words::ui as words;
use std::rc::Rc;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

/// Properties of [`Composer`].
#[derive(Properties, PartialEq)]
pub struct ComposerProps {
    /// The cluster to choose from.
    pub cluster: Same<Cluster>,
    /// What is typed.
    pub draft: Rc<Draft>,
    /// Whether a person has typed it: then its flaws are shown.
    pub on_draft: Callback<Draft>,
    /// The followed request, to be asked again.
    pub followed: Option<Request>,
    /// Whether invited traffic runs.
    pub traffic: bool,
}

#[derive(Clone, Copy)]
enum Field {
    To,
    Port,
    Protocol,
    Host,
    Path,
}

impl Field {
    fn put(self, draft: &mut Draft, value: String) {
        *match self {
            Self::To => &mut draft.to,
            Self::Port => &mut draft.port,
            Self::Protocol => &mut draft.protocol,
            Self::Host => &mut draft.host,
            Self::Path => &mut draft.path,
        } = value;
    }
}

/// The form, and the switch of the cluster's own traffic.
#[component]
pub fn Composer(props: &ComposerProps) -> Html {
    let desk = use_desk();
    let tried = use_state(|| None::<Flaw>);
    let draft = props.draft.clone();
    // A flaw that was shown goes as soon as it is mended.
    let flaw = tried.as_ref().and_then(|_| draft.request().err());
    let change = {
        let (draft, on_draft) = (draft.clone(), props.on_draft.clone());
        move |field: Field| {
            let (draft, on_draft) = (draft.clone(), on_draft.clone());
            Callback::from(move |event: InputEvent| {
                let mut next = (*draft).clone();
                field.put(&mut next, event.target_unchecked_into::<HtmlInputElement>().value());
                on_draft.emit(next);
            })
        }
    };
    let onsubmit = {
        let (desk, draft, tried) = (desk.clone(), draft.clone(), tried.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            match draft.request() {
                Ok(request) => {
                    tried.set(None);
                    desk.dispatch(Action::Send(request));
                }
                Err(flaw) => tried.set(Some(flaw)),
            }
        })
    };
    let again = props.followed.clone().map(|request| {
        let desk = desk.clone();
        move |_: MouseEvent| desk.dispatch(Action::Send(request.clone()))
    });
    let flaw_at = |wanted: Flaw| {
        (flaw == Some(wanted))
            .then(|| html! { <span class="flaw" role="alert">{ words::flaw(wanted) }</span> })
    };
    let invalid = |wanted: Flaw| (flaw == Some(wanted)).then_some("true");
    let needed = |flaw: Option<Flaw>| matches!(flaw, Some(Flaw::Port | Flaw::Protocol | Flaw::Host));
    let traffic = {
        let (desk, on) = (desk.clone(), !props.traffic);
        move |_: MouseEvent| desk.dispatch(Action::Traffic(on))
    };
    let more_input = |field: Field,
                      label: &'static str,
                      value: &str,
                      empty: &'static str,
                      wanted: Option<Flaw>| {
        html! {
            <label class="field">
                <span>{ label }</span>
                <input type="text" value={value.to_owned()} placeholder={empty} oninput={change(field)} autocomplete="off"
                    autocapitalize="off" spellcheck="false" aria-invalid={wanted.and_then(invalid)}/>
                { wanted.and_then(flaw_at).unwrap_or_default() }
            </label>
        }
    };
    html! {
        <form class="composer" aria-label={words::COMPOSER} novalidate=true {onsubmit}>
            { from(&props.cluster, &draft, &props.on_draft) }
            { flaw_at(Flaw::From).unwrap_or_default() }
            <div class="composer-row">
                <label class="field to">
                    <span>{ words::TO }</span>
                    <input id="composer-to" type="text" list="composer-names" value={draft.to.clone()} placeholder={words::TO_EMPTY}
                        oninput={change(Field::To)} autocomplete="off" autocapitalize="off" spellcheck="false"
                        inputmode="url" aria-invalid={invalid(Flaw::To)}/>
                </label>
                <button type="submit" class="button primary">{ words::SEND }</button>
            </div>
            { flaw_at(Flaw::To).unwrap_or_default() }
            { names(&props.cluster) }
            <div class="composer-more">
                <details class="more" open={needed(flaw)}>
                    <summary>{ words::MORE_FIELDS }</summary>
                    <div class="more-fields">
                        { more_input(Field::Port, words::PORT, &draft.port, words::PORT_EMPTY, Some(Flaw::Port)) }
                        <label class="field">
                            <span>{ words::PROTOCOL }</span>
                            <select onchange={
                                let (draft, on_draft) = (draft.clone(), props.on_draft.clone());
                                move |event: Event| {
                                    let mut next = (*draft).clone();
                                    Field::Protocol.put(&mut next, event.target_unchecked_into::<HtmlSelectElement>().value());
                                    on_draft.emit(next);
                                }
                            }>
                                for name in ["TCP", "UDP", "SCTP"] {
                                    <option value={name} selected={draft.protocol == name || draft.protocol.is_empty() && name == "TCP"}>
                                        { name }
                                    </option>
                                }
                            </select>
                            { flaw_at(Flaw::Protocol).unwrap_or_default() }
                        </label>
                        { more_input(Field::Host, words::HOST, &draft.host, "", Some(Flaw::Host)) }
                        { more_input(Field::Path, words::PATH, &draft.path, "/", None) }
                    </div>
                </details>
                <button type="button" class="button small" disabled={again.is_none()} onclick={again}>{ words::AGAIN }</button>
            </div>
            <div class="composer-foot">
                <button type="button" class="switch" role="switch" aria-checked={props.traffic.to_string()} onclick={traffic}>
                    <span class="knob" aria-hidden="true"/>
                    <span>{ words::TRAFFIC }</span>
                    <span class="switch-state" aria-hidden="true">{ if props.traffic { words::ON } else { words::OFF } }</span>
                </button>
            </div>
        </form>
    }
}

/// Where the request starts.
fn from(cluster: &Cluster, draft: &Rc<Draft>, on_draft: &Callback<Draft>) -> Html {
    let starts = sources(cluster);
    let outside = draft.from.strip_prefix("internet/").map(ToOwned::to_owned);
    let put = {
        let (draft, on_draft) = (draft.clone(), on_draft.clone());
        move |from: String| on_draft.emit(Draft { from, ..(*draft).clone() })
    };
    let onchange = {
        let put = put.clone();
        Callback::from(move |event: Event| put(event.target_unchecked_into::<HtmlSelectElement>().value()))
    };
    let oninput = Callback::from(move |event: InputEvent| {
        put(format!("internet/{}", event.target_unchecked_into::<HtmlInputElement>().value()));
    });
    let is_there = outside.is_some() || starts.iter().any(|start| start.id == draft.from);
    let gone = (!is_there && !draft.from.is_empty()).then(|| {
        let name = draft.from.rsplit('/').next().unwrap_or_default().to_owned();
        html! { <option value={draft.from.clone()} selected=true>{ name }</option> }
    });
    let option = |id: &str, name: String| {
        html! { <option value={id.to_owned()} selected={draft.from == id}>{ name }</option> }
    };
    let pods = starts.iter().filter_map(|start| match &start.source {
        Source::Pod { namespace, name } if &**namespace == "default" => {
            Some(option(&start.id, name.to_string()))
        }
        Source::Pod { namespace, name } => Some(option(&start.id, format!("{namespace}/{name}"))),
        _ => None,
    });
    let nodes = starts.iter().filter_map(|start| match &start.source {
        Source::Node { name } => Some(option(&start.id, name.to_string())),
        _ => None,
    });
    let internet = format!("internet/{}", outside.as_deref().unwrap_or(CLIENT_OUTSIDE));
    html! {
        <div class="composer-row">
            <label class="field from">
                <span>{ words::FROM }</span>
                <select {onchange}>
                    { gone.unwrap_or_default() }
                    <optgroup label={words::OUTSIDE}>
                        <option value={internet} selected={outside.is_some()}>{ words::INTERNET }</option>
                    </optgroup>
                    <optgroup label={words::PODS}>{ for pods }</optgroup>
                    <optgroup label={words::NODES}>{ for nodes }</optgroup>
                </select>
            </label>
            if let Some(address) = outside {
                <input class="client-address" type="text" value={address} {oninput} aria-label={words::CLIENT_ADDRESS}
                    autocomplete="off" spellcheck="false"/>
            }
        </div>
    }
}

/// What is offered while somebody types.
fn names(cluster: &Cluster) -> Html {
    html! {
        <datalist id="composer-names">
            for name in destinations(cluster) { <option value={name}/> }
        </datalist>
    }
}
