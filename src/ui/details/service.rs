//! A Service: what it is called, where it leads, and why some pods are not behind it.

use super::{codes, fact, labels, why_button};
use crate::cluster::{Cluster, Service};
use crate::lint::why_not::{Standing, service_pod, service_pods};
use crate::manifest::service::IntOrString;
use crate::session::Action;
use crate::ui::desk::{Desk, use_desk};
use crate::ui::same::Same;
use crate::ui::why::table::{HEADS, of_pod, table};
use crate::words::{lints, ui as words};
use yew::prelude::*;

/// Nobody reads more rows than this.
const ROWS_MAX: usize = 100;

/// A Service.
pub fn details(
    desk: &Desk,
    service: &Same<Service>,
    cluster: &Same<Cluster>,
    text: &Same<str>,
    on_to: &Callback<String>,
) -> Html {
    let spec = &service.stored.spec;
    let kind = match spec.type_.as_deref().unwrap_or("ClusterIP") {
        "ClusterIP" if service.is_headless() => words::HEADLESS.to_owned(),
        kind => kind.to_owned(),
    };
    let mut addresses: Vec<String> = service.cluster_ips.iter().map(ToString::to_string).collect();
    addresses.extend(service.load_balancer_ips.iter().map(|(ip, _)| words::outside(&ip.to_string())));
    addresses.extend(service.external_ips.iter().map(|ip| words::outside(&ip.to_string())));
    addresses.extend(spec.external_name.as_deref().map(words::another_name));
    let ports = service.ports.iter().map(|port| {
        let target = match &port.target_port {
            IntOrString::Int(number) => number.to_string(),
            IntOrString::Name(name) => name.to_string(),
        };
        let name = if port.name.is_empty() { String::new() } else { format!("{} ", port.name) };
        let door = port.node_port.map_or_else(String::new, |door| format!(" ({} {door})", words::NODE_PORT));
        format!("{name}{}/{} → {target}{door}", port.port, port.protocol.name())
    });
    let selector = match service.selector() {
        Some(selector) => labels(selector.iter().map(|(k, v)| (&**k, &**v))),
        None => html! { { words::NO_SELECTOR } },
    };
    let all = || cluster.slices_of(&service.id).flat_map(|slice| &slice.slice.endpoints);
    let more_endpoints = all().count().saturating_sub(ROWS_MAX);
    let endpoints: Vec<Html> = all()
        .take(ROWS_MAX)
        .map(|endpoint| {
            let ready = endpoint.conditions.ready.unwrap_or(true);
            let address = endpoint.addresses.first().map_or("", |a| a);
            let name = endpoint.target_ref.as_ref().map_or("", |t| &t.name);
            html! {
                <span class="endpoint">
                    <span class={classes!("dot", ready.then_some("ok"))} aria-hidden="true">{ if ready { "●" } else { "○" } }</span>
                    <code>{ address }</code>{ " " }{ name }
                    <span class="quiet">{ if ready { "" } else { words::NOT_READY } }</span>
                </span>
            }
        })
        .collect();
    let ask = {
        let (on_to, id) = (on_to.clone(), service.id.clone());
        let port = service.ports.first().map(|p| p.port).filter(|&p| p != 80);
        move |_: MouseEvent| {
            let port = port.map_or_else(String::new, |p| format!(":{p}"));
            on_to.emit(format!("{}.{}{port}", id.name, id.namespace));
        }
    };
    let mut standings = service_pods(cluster, service);
    let more_standings = standings.len().saturating_sub(ROWS_MAX);
    if more_standings > 0 {
        crate::sort::by_key(&mut standings, |s| s.ready);
        standings.truncate(ROWS_MAX);
    }
    html! {
        <>
            <p class="actions">
                <button type="button" class="button small" onclick={ask}>{ words::SEND_TO_IT }</button>
                { why_button(desk, &service.id, cluster) }
            </p>
            <dl class="facts">
                { fact(words::TYPE, html! { { kind } }) }
                { fact(words::ADDRESSES, codes(addresses)) }
                { fact(words::PORTS, codes(ports.collect())) }
                { fact(words::SELECTOR, selector) }
                { fact(words::ENDPOINTS, if endpoints.is_empty() { html! { { words::NO_ENDPOINTS } } } else { html! { <>{ for endpoints }{ more(more_endpoints) }</> } }) }
            </dl>
            if service.selector().is_some() && !standings.is_empty() {
                <h3>{ words::WHY_NOT }</h3>
                <ul class="why-not">
                    for standing in standings {
                        <li><PodRow {standing} service={service.clone()} cluster={cluster.clone()} text={text.clone()}/></li>
                    }
                </ul>
                { more(more_standings) }
            }
        </>
    }
}

/// Says how many rows are left out.
fn more(rows: usize) -> Html {
    if rows == 0 {
        html! {}
    } else {
        html! { <p class="quiet">{ words::more_rows(rows) }</p> }
    }
}

/// Properties of [`PodRow`].
#[derive(Properties, PartialEq)]
struct PodRowProps {
    standing: Standing,
    service: Same<Service>,
    cluster: Same<Cluster>,
    text: Same<str>,
}

/// A pod, and the first reason why it is not an endpoint; all conditions on request.
#[component]
fn PodRow(props: &PodRowProps) -> Html {
    let desk = use_desk();
    let open = use_state(|| false);
    let standing = &props.standing;
    let (sign, class, word) = if standing.ready {
        ("✓", "ok", words::IS_ENDPOINT.to_owned())
    } else {
        let why = standing.first.as_ref().map(lints::why_not).unwrap_or_default();
        (if standing.listed { "○" } else { "–" }, "not", why)
    };
    let rows = if *open {
        let pod = props.cluster.pod(&standing.pod.namespace, &standing.pod.name);
        pod.map(|pod| service_pod(&props.cluster, &props.service, pod)).unwrap_or_default()
    } else {
        Vec::new()
    };
    let toggle = {
        let open = open.clone();
        move |_: MouseEvent| open.set(!*open)
    };
    let select = {
        let desk = desk.clone();
        let pod = standing.pod.clone();
        move |_: MouseEvent| desk.dispatch(Action::Select(Some(pod.clone())))
    };
    html! {
        <>
            <p class={classes!("standing", class)}>
                <span class="sign" aria-hidden="true">{ sign }</span>
                <span>
                    <button type="button" class="link" onclick={select}>{ words::name(&standing.pod) }</button>{ " " }
                    <span class="standing-why">{ word }</span>
                </span>
                <button type="button" class="ghost small" aria-expanded={open.to_string()} aria-label={words::ALL_CONDITIONS_MORE} title={words::ALL_CONDITIONS_MORE} onclick={toggle}>{ words::ALL_CONDITIONS }</button>
            </p>
            if !rows.is_empty() {
                { table(&desk, &HEADS, of_pod(&rows)) }
            }
        </>
    }
}
