//! A pod, and what can be done to it.

use super::{codes, fact, labels};
use crate::cluster::{Phase, Pod};
use crate::lint::why_not::declared_ports;
use crate::session::Action;
use crate::ui::desk::Desk;
use crate::words::ui as words;
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
pub fn details(desk: &Desk, pod: &Pod, on_from: &Callback<String>) -> Html {
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
            </p>
            <dl class="facts">
                { fact(words::STATE, html! { { state(pod) } }) }
                { fact(words::NODE, html! { { pod.node.as_deref().unwrap_or(words::NONE) } }) }
                { fact(words::ADDRESSES, codes(pod.ips.iter().map(ToString::to_string).collect())) }
                { fact(words::PORTS, codes(declared_ports(&pod.spec))) }
                { fact(words::LABELS, labels(pod.labels.iter().map(|(k, v)| (&**k, &**v)))) }
            </dl>
        </>
    }
}
