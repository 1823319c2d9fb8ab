//! The sheet that answers *why not*: for a Service and a pod, a request and every rule, a name.

pub mod table;

use super::desk::{Desk, use_desk};
use super::same::Same;
use crate::cluster::Cluster;
use crate::dns::Upstream;
use crate::lint::why_not::{
    Answered, NameTable, Question, RuleRow, Verdict, dns_name, ingress_request, service_pod, standing,
};
use crate::manifest::ObjectRef;
use crate::routing::Network;
use crate::session::Action;
use crate::words::{lints, ui, why as words};
use std::rc::Rc;
use table::{HEADS, Row, of_pod, of_rule, table};
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

/// Objects that a list offers, and rules that are shown.
const LISTED: usize = 200;

/// Properties of [`WhyNot`].
#[derive(Properties, PartialEq)]
pub struct WhyNotProps {
    /// What is asked; `None`: what lies nearest.
    pub question: Option<Question>,
    /// The object chosen on the stage.
    pub selected: Option<ObjectRef>,
    /// The cluster, ready for routing.
    pub network: Same<Network>,
    /// The text, in which fields are placed: they move with it.
    pub text: Same<str>,
}

/// The sheet.
#[component]
pub fn WhyNot(props: &WhyNotProps) -> Html {
    let desk = use_desk();
    let cluster = props.network.cluster();
    let nearest = || {
        let selected = props.selected.as_ref().and_then(|object| Question::about(object, cluster));
        selected.unwrap_or(Question::Pod { service: None, pod: None })
    };
    let question = props.question.clone().unwrap_or_else(nearest);
    let kinds = [
        (words::POD, matches!(question, Question::Pod { .. }), first_pod as fn(&Cluster) -> Question),
        (words::REQUEST, matches!(question, Question::Request { .. }), first_request),
        (words::NAME, matches!(question, Question::Name { .. }), first_name),
    ];
    html! {
        <div class="details why-sheet">
            <div class="segments" role="group" aria-label={words::KINDS}>
                for (word, open, first) in kinds {
                    <button type="button" aria-pressed={open.to_string()} onclick={
                        let (desk, cluster) = (desk.clone(), cluster.clone());
                        move |_| if !open { desk.dispatch(Action::Ask(first(&cluster))) }
                    }>{ word }</button>
                }
            </div>
            { match &question {
                Question::Pod { service, pod } => pod_sheet(&desk, cluster, service.as_ref(), pod.as_ref()),
                Question::Request { host, path } => request_sheet(&desk, cluster, host, path),
                Question::Name { namespace, name } => {
                    name_sheet(&desk, cluster, namespace, name, &props.network.internet)
                }
            } }
        </div>
    }
}

fn first_pod(_: &Cluster) -> Question {
    Question::Pod { service: None, pod: None }
}

fn first_request(cluster: &Cluster) -> Question {
    let first = cluster.ingresses.first().and_then(|ingress| Question::about(&ingress.id, cluster));
    first.unwrap_or_else(|| Question::Request { host: "".into(), path: "/".into() })
}

fn first_name(cluster: &Cluster) -> Question {
    let namespace = cluster.pods.first().map_or("default", |pod| &pod.id.namespace);
    let name = cluster.services.first().map(|service| service.id.name.clone());
    Question::Name { namespace: namespace.into(), name: name.unwrap_or_default() }
}

fn verdict(good: bool, text: String) -> Html {
    html! { <p class={classes!("verdict", if good { "good" } else { "bad" })} role="status">{ text }</p> }
}

/// A choice among objects.
fn choice(
    label: &'static str,
    all: &mut dyn Iterator<Item = &ObjectRef>,
    chosen: &ObjectRef,
    on_choice: Callback<ObjectRef>,
) -> Html {
    let mut listed: Vec<ObjectRef> = all.take(LISTED).cloned().collect();
    if !listed.contains(chosen) {
        listed.insert(0, chosen.clone());
    }
    let listed = Rc::new(listed);
    let onchange = {
        let listed = listed.clone();
        Callback::from(move |event: Event| {
            let at = event.target_unchecked_into::<HtmlSelectElement>().selected_index();
            if let Some(object) = usize::try_from(at).ok().and_then(|at| listed.get(at)) {
                on_choice.emit(object.clone());
            }
        })
    };
    html! {
        <label class="field">
            <span>{ label }</span>
            <select {onchange}>
                for object in listed.iter() {
                    <option selected={object == chosen}>{ ui::name(object) }</option>
                }
            </select>
        </label>
    }
}

/// A field to type into.
fn typed(label: &'static str, value: &str, on_input: Callback<String>) -> Html {
    let oninput = Callback::from(move |event: InputEvent| {
        on_input.emit(event.target_unchecked_into::<HtmlInputElement>().value());
    });
    html! {
        <label class="field">
            <span>{ label }</span>
            <input type="text" value={value.to_owned()} {oninput} autocomplete="off" autocapitalize="off" spellcheck="false"/>
        </label>
    }
}

fn ask<T: 'static>(desk: &Desk, question: impl Fn(T) -> Question + 'static) -> Callback<T> {
    let desk = desk.clone();
    Callback::from(move |it: T| desk.dispatch(Action::Ask(question(it))))
}

fn pod_sheet(desk: &Desk, cluster: &Cluster, service: Option<&ObjectRef>, pod: Option<&ObjectRef>) -> Html {
    let Some((service, pod)) = Question::pair(cluster, service, pod) else {
        return html! { <p class="sub">{ words::NOTHING_TO_ASK }</p> };
    };
    let to_service = {
        let pod = pod.id.clone();
        ask(desk, move |service| Question::Pod { service: Some(service), pod: Some(pod.clone()) })
    };
    let to_pod = {
        let service = service.id.clone();
        ask(desk, move |pod| Question::Pod { service: Some(service.clone()), pod: Some(pod) })
    };
    // Those of the same namespace come first: the others are never behind it.
    let near = |namespace: &Rc<str>| {
        let namespace = namespace.clone();
        move |id: &&ObjectRef| id.namespace == namespace
    };
    let (near_pods, near_services) = (near(&service.id.namespace), near(&pod.id.namespace));
    let pods = || cluster.pods.iter().map(|pod| &pod.id);
    let services = || cluster.services.iter().map(|service| &service.id);
    let mut all_pods = pods().filter(|id| near_pods(id)).chain(pods().filter(|id| !near_pods(id)));
    let mut all_services =
        services().filter(|id| near_services(id)).chain(services().filter(|id| !near_services(id)));
    let standing = standing(cluster, service, pod);
    html! {
        <>
            <div class="why-form">
                { choice(words::SERVICE, &mut all_services, &service.id, to_service) }
                { choice(words::A_POD, &mut all_pods, &pod.id, to_pod) }
            </div>
            { verdict(standing.ready && standing.first.is_none(), words::pod(&service.id, &standing)) }
            { table(desk, &HEADS, of_pod(&service_pod(cluster, service, pod))) }
        </>
    }
}

fn request_sheet(desk: &Desk, cluster: &Cluster, host: &Rc<str>, path: &Rc<str>) -> Html {
    if cluster.ingresses.is_empty() {
        return html! { <p class="sub">{ words::NO_INGRESS }</p> };
    }
    let on_host = {
        let path = path.clone();
        ask(desk, move |host: String| Question::Request { host: host.into(), path: path.clone() })
    };
    let on_path = {
        let host = host.clone();
        ask(desk, move |path: String| Question::Request { host: host.clone(), path: path.into() })
    };
    let mut rows = ingress_request(cluster, host.trim(), path.trim());
    let good = rows.iter().any(|row| row.verdict == Verdict::Takes && row.checks.iter().all(|c| c.holds));
    let said = words::request(&rows);
    // The one that takes it first, then those that came near.
    crate::sort::by_key(&mut rows, |row| match row.verdict {
        Verdict::Takes => 0,
        Verdict::Beaten(_) => 1,
        Verdict::OtherPath => 2,
        Verdict::HostTakenByName => 3,
        Verdict::LastResort => 4,
        Verdict::OtherHost => 5,
        Verdict::NotServed => 6,
    });
    let more = rows.len().saturating_sub(LISTED);
    rows.truncate(LISTED);
    html! {
        <>
            <div class="why-form">
                { typed(words::HOST, host, on_host) }
                { typed(words::PATH, path, on_path) }
            </div>
            { verdict(good, said) }
            <ol class="rules">for row in rows { { rule(desk, &row) } }</ol>
            if more > 0 { <p class="sub">{ words::more(more) }</p> }
        </>
    }
}

/// A rule: open where it takes the request or came near.
fn rule(desk: &Desk, row: &RuleRow) -> Html {
    let takes = row.verdict == Verdict::Takes;
    let near = takes || matches!(row.verdict, Verdict::NotServed | Verdict::Beaten(_));
    html! {
        <li key={format!("{} {}", row.ingress.name, lints::rule_title(row))}>
            <details class={classes!("rule", takes.then_some("takes"))} open={near}>
                <summary>
                    <code>{ lints::rule_title(row) }</code>
                    <span class="quiet">{ format!("{}: {}", ui::name(&row.ingress), lints::verdict(&row.verdict)) }</span>
                </summary>
                { table(desk, &HEADS, of_rule(&row.checks)) }
            </details>
        </li>
    }
}

fn name_sheet(
    desk: &Desk,
    cluster: &Cluster,
    namespace: &Rc<str>,
    name: &Rc<str>,
    upstream: &dyn Upstream,
) -> Html {
    let to_namespace = {
        let name = name.clone();
        ask(desk, move |object: ObjectRef| Question::Name { namespace: object.name, name: name.clone() })
    };
    let to_name = {
        let namespace = namespace.clone();
        ask(desk, move |name: String| Question::Name { namespace: namespace.clone(), name: name.into() })
    };
    let namespaces: Vec<ObjectRef> =
        cluster.namespaces.iter().map(|name| ObjectRef::new("Namespace", "", name)).collect();
    let asked = name.trim();
    let form = html! {
        <div class="why-form">
            { choice(words::ASKED_IN, &mut namespaces.iter(), &ObjectRef::new("Namespace", "", namespace), to_namespace) }
            { typed(words::ASKS_FOR, name, to_name) }
        </div>
    };
    if asked.is_empty() {
        return html! { <>{ form }<p class="sub">{ words::NO_NAME }</p></> };
    }
    let answers = dns_name(cluster, namespace, &asked.to_ascii_lowercase(), upstream);
    let found = answers.questions.iter().any(|tried| matches!(tried.answer, Answered::Found { .. }));
    html! {
        <>
            { form }
            { verdict(found, words::name(&answers)) }
            { nearby(desk, namespace, &answers) }
            { table(desk, &[words::ASKED, words::ANSWER], rows(&answers, found)) }
        </>
    }
}

fn rows(answers: &NameTable, found: bool) -> Vec<Row> {
    let rows = answers.questions.iter().map(|tried| Row {
        holds: match tried.answer {
            Answered::Found { .. } => Some(true),
            // Names before the one that is found are missed as a matter of course.
            _ if found => None,
            _ => Some(false),
        },
        title: tried.name.trim_end_matches('.').to_owned(),
        cells: vec![lints::answered(&tried.answer)],
        note: lints::tried(tried),
        fields: tried.fields.clone(),
    });
    rows.collect()
}

/// Names that may have been meant: each can be asked for.
fn nearby(desk: &Desk, namespace: &Rc<str>, answers: &NameTable) -> Html {
    if answers.nearby.is_empty() {
        return html! {};
    }
    html! {
        <p class="nearby">
            <span>{ words::NEARBY }</span>
            for near in answers.nearby.iter() {
                <button type="button" class="button small" onclick={
                    let (on_name, name) = (
                        ask(desk, {
                            let namespace = namespace.clone();
                            move |name: String| Question::Name { namespace: namespace.clone(), name: name.into() }
                        }),
                        near.name.clone(),
                    );
                    move |_| on_name.emit(name.clone())
                }>{ &near.name }</button>
            }
        </p>
    }
}
