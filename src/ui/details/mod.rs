//! What there is to know about the chosen object.

mod pod;
mod service;
mod simple;

use super::desk::Desk;
use super::icons;
use super::same::Same;
use crate::cluster::Cluster;
use crate::lint::why_not::Question;
use crate::manifest::{FieldRef, ObjectRef};
use crate::session::Action;
use crate::words::{ui as words, why};
use yew::prelude::*;

/// Details of the chosen object.
pub fn details(
    desk: &Desk,
    selected: Option<&ObjectRef>,
    cluster: &Same<Cluster>,
    text: &Same<str>,
    on_from: &Callback<String>,
    on_to: &Callback<String>,
) -> Html {
    let Some(id) = selected else {
        return html! { <div class="details"><p class="sub">{ words::NOTHING_SELECTED }</p></div> };
    };
    let place = desk.store.session().locate(&FieldRef::new(id, ""));
    let reveal = place.map(|span| {
        let desk = desk.clone();
        html! {
            <button type="button" class="button small" onclick={move |_| desk.reveal(span)}>{ words::SHOW_IN_TEXT }</button>
        }
    });
    let body = match &*id.kind {
        "Service" => cluster
            .service(&id.namespace, &id.name)
            .map(|service| service::details(desk, &Same(service.clone()), cluster, text, on_to)),
        "Pod" => cluster.pod(&id.namespace, &id.name).map(|pod| pod::details(desk, pod, cluster, on_from)),
        "Node" => cluster.node(&id.name).map(|node| simple::node(node, on_from)),
        "Ingress" => cluster
            .ingresses
            .iter()
            .find(|i| i.id == *id)
            .map(|ingress| simple::ingress(desk, ingress, cluster)),
        _ => None,
    };
    let desk = desk.clone();
    let unselect = move |_: MouseEvent| desk.dispatch(Action::Select(None));
    html! {
        <div class="details">
            <div class="details-head">
                <h2>{ words::name(id) }</h2>
                <span class="kind">{ &*id.kind }</span>
                <span class="space"/>
                { reveal.unwrap_or_default() }
                <button type="button" class="ghost square" aria-label={words::UNSELECT} title={words::UNSELECT} onclick={unselect}>
                    { icons::cross() }
                </button>
            </div>
            { body.unwrap_or_else(|| html! { <p class="sub">{ words::GONE }</p> }) }
        </div>
    }
}

/// A row of a list of facts.
pub(super) fn fact(name: &'static str, value: Html) -> Html {
    html! { <div><dt>{ name }</dt><dd>{ value }</dd></div> }
}

/// Opens the sheet that answers *why not* of an object.
pub(super) fn why_button(desk: &Desk, id: &ObjectRef, cluster: &Cluster) -> Html {
    let Some(question) = Question::about(id, cluster) else { return html! {} };
    let ask = desk.ask.clone();
    html! {
        <button type="button" class="button small" onclick={move |_| ask.emit(question.clone())}>{ why::ASK }</button>
    }
}

/// Labels as chips.
pub(super) fn labels<'a>(labels: impl Iterator<Item = (&'a str, &'a str)>) -> Html {
    let chips: Vec<Html> =
        labels.map(|(k, v)| html! { <code class="chip">{ k }{ "=" }{ v }</code> }).collect();
    if chips.is_empty() {
        return html! { { words::NONE } };
    }
    html! { for chip in chips { { chip } } }
}

/// Lines of code, one below the other.
pub(super) fn codes(lines: Vec<String>) -> Html {
    if lines.is_empty() {
        return html! { { words::NONE } };
    }
    html! { for line in lines { <code class="line">{ line }</code> } }
}
