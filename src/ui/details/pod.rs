//! A pod, and what can be done to it.

use super::{codes, fact, labels, why_button};
use crate::cluster::{Cluster, Phase, Pod, ServiceType};
use crate::lint::why_not::{Question, declared_ports, standing};
use crate::session::Action;
use crate::ui::desk::Desk;
use crate::words::{lints, ui as words, why};
use yew::prelude::*;

/// How a pod is, in a word.
fn state(pod: &Pod) -> &'static str {
    match pod.phase {
        Phase::Succeeded | Phase::Failed => words::ENDED,
        _ if pod.terminating => words::TERMINATING,
        Phase::Pending if pod.node.is_none() => words::PENDING,
        Phase::Pending => words::STARTING,
        Phase::Running if pod.ready => words::READY,
        Phase::Running => words::NOT_READY,
    }
}

/// A pod.
pub fn details(desk: &Desk, pod: &Pod, cluster: &Cluster, on_from: &Callback<String>) -> Html {
    let id = pod.id.clone();
    let delete = {
        let (desk, id) = (desk.clone(), id.clone());
        move |_: MouseEvent| desk.dispatch(Action::DeletePod(id.clone()))
    };
    let turn = {
        let (desk, id, ready) = (desk.clone(), id.clone(), pod.ready);
        move |_: MouseEvent| desk.dispatch(Action::SetReady(id.clone(), Some(!ready)))
    };
    let from = {
        let (on_from, id) = (on_from.clone(), format!("pod/{}/{}", id.namespace, id.name));
        move |_: MouseEvent| on_from.emit(id.clone())
    };
    let running = pod.phase == Phase::Running && !pod.terminating;
    html! {
        <>
            <p class="actions">
                <button type="button" class="button small" disabled={pod.ips.is_empty()} onclick={from}>{ words::SEND_FROM_HERE }</button>
                <button type="button" class="button small" disabled={!running} onclick={turn}>
                    { if pod.ready { words::MAKE_UNREADY } else { words::MAKE_READY } }
                </button>
                <button type="button" class="button small" disabled={pod.terminating} onclick={delete}>{ words::DELETE_POD }</button>
                { why_button(desk, &pod.id, cluster) }
            </p>
            <dl class="facts">
                { fact(words::STATE, html! { { state(pod) } }) }
                { fact(words::NODE, html! { { pod.node.as_deref().unwrap_or(words::NONE) } }) }
                { fact(words::ADDRESSES, codes(pod.ips.iter().map(ToString::to_string).collect())) }
                { fact(words::PORTS, codes(declared_ports(&pod.spec))) }
                { fact(words::LABELS, labels(pod.labels.iter().map(|(k, v)| (&**k, &**v)))) }
            </dl>
            { services(desk, pod, cluster) }
        </>
    }
}

/// Services that are listed.
const LISTED: usize = 50;

/// Behind which Services of its namespace it is, and why it is not behind the others.
fn services(desk: &Desk, pod: &Pod, cluster: &Cluster) -> Html {
    let here = cluster.services.iter().filter(|service| {
        service.id.namespace == pod.id.namespace && service.service_type() != ServiceType::ExternalName
    });
    let rows: Vec<Html> = here
        .take(LISTED)
        .map(|service| {
            let standing = standing(cluster, service, pod);
            let (sign, class) = match (standing.ready, standing.listed) {
                (true, _) => ("✓", "ok"),
                (_, true) => ("○", "not"),
                _ => ("–", "not"),
            };
            let said = match &standing.first {
                Some(row) => lints::why_not(row),
                None => words::IS_ENDPOINT.to_owned(),
            };
            let question = Question::Pod { service: Some(service.id.clone()), pod: Some(pod.id.clone()) };
            let (select, ask) = ((desk.clone(), service.id.clone()), desk.ask.clone());
            html! {
                <li class={classes!("standing", class)}>
                    <span class="sign" aria-hidden="true">{ sign }</span>
                    <button type="button" class="link" onclick={move |_| select.0.dispatch(Action::Select(Some(select.1.clone())))}>
                        { words::name(&service.id) }
                    </button>
                    <span class="standing-why">{ said }</span>
                    <button type="button" class="ghost small" aria-label={words::ALL_CONDITIONS_MORE} title={words::ALL_CONDITIONS_MORE}
                        onclick={move |_| ask.emit(question.clone())}>{ words::ALL_CONDITIONS }</button>
                </li>
            }
        })
        .collect();
    if rows.is_empty() {
        return html! {};
    }
    html! { <><h3>{ why::SERVICES }</h3><ul class="why-not">{ for rows }</ul></> }
}
