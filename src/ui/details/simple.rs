//! Nodes and Ingresses.

use super::{codes, fact, labels, why_button};
use crate::cluster::{Cluster, Ingress, Node};
use crate::manifest::ingress::IngressBackend;
use crate::ui::desk::Desk;
use crate::words::ui as words;
use yew::prelude::*;

/// A node.
pub fn node(node: &Node, on_from: &Callback<String>) -> Html {
    let from = {
        let (on_from, id) = (on_from.clone(), format!("node/{}", node.id.name));
        move |_: MouseEvent| on_from.emit(id.clone())
    };
    let zone = if node.zone.is_empty() { words::NONE } else { &*node.zone };
    html! {
        <>
            <p class="actions"><button type="button" class="button small" onclick={from}>{ words::SEND_FROM_HERE }</button></p>
            <dl class="facts">
                { fact(words::STATE, html! { { if node.ready { words::READY } else { words::NOT_READY } } }) }
                { fact(words::ADDRESSES, codes(node.addresses.iter().map(ToString::to_string).collect())) }
                { fact(words::PODS, codes(node.pod_cidrs.iter().map(ToString::to_string).collect())) }
                { fact(words::ZONE, html! { { zone } }) }
                { fact(words::LABELS, labels(node.labels.iter().map(|(k, v)| (&**k, &**v)))) }
            </dl>
        </>
    }
}

/// An Ingress.
pub fn ingress(desk: &Desk, ingress: &Ingress, cluster: &Cluster) -> Html {
    let rules = ingress.ingress.rules.iter().flat_map(|rule| {
        let host = rule.host.as_deref().unwrap_or("*");
        rule.paths.iter().flatten().map(move |path| {
            let kind = path.path_type.as_deref().unwrap_or_default();
            format!("{host}{} ({kind}) → {}", path.path.as_deref().unwrap_or("/"), backend(&path.backend))
        })
    });
    let default = ingress.ingress.default_backend.as_ref().map(|b| format!("* → {}", backend(b)));
    let controller = ingress.controller.and_then(|i| cluster.ingress_controllers.get(i));
    html! {
        <>
        <p class="actions">{ why_button(desk, &ingress.id, cluster) }</p>
        <dl class="facts">
            { fact(words::CLASS, html! { { ingress.class.as_deref().unwrap_or(words::NO_CLASS) } }) }
            { fact(words::SERVED_BY, html! { { controller.map_or(words::NONE, |c| &c.controller) } }) }
            { fact(words::RULES, codes(rules.chain(default).collect())) }
        </dl>
        </>
    }
}

fn backend(backend: &IngressBackend) -> String {
    let Some(service) = &backend.service else {
        return backend.resource.as_ref().map_or_else(String::new, |r| format!("{} {}", r.kind, r.name));
    };
    let port =
        service.port_number.map(|n| n.to_string()).or_else(|| service.port_name.as_deref().map(Into::into));
    format!("{}:{}", service.name, port.unwrap_or_default())
}
