//! One leg of the log.

use super::Fields;
use crate::playback::Lens;
use crate::routing::{HopKind, Packet};
use crate::session::{Action, Course, LegState};
use crate::ui::desk::use_desk;
use crate::ui::same::Same;
use crate::words::{reasons, ui as words};
use std::net::IpAddr;
use yew::prelude::*;

/// Properties of [`Leg`].
#[derive(Properties, PartialEq)]
pub struct LegProps {
    /// The request.
    pub course: Same<Course>,
    /// Which hop of it.
    pub hop: usize,
    /// As it is numbered in the lens.
    pub number: usize,
    /// Where it is in time.
    pub state: LegState,
    /// The lens: addresses belong to the Packet lens.
    pub lens: Lens,
    /// The text, in which fields are placed.
    pub text: Same<str>,
}

/// What happened, why, the packet before and after, the fields that decided.
#[component]
pub fn Leg(props: &LegProps) -> Html {
    let desk = use_desk();
    let trace = &props.course.flight.trace;
    let Some(hop) = trace.hops.get(props.hop) else { return html! {} };
    let leg = reasons::hop(trace, hop);
    let failed = hop.kind == HopKind::Fail;
    let class = match props.state {
        LegState::Done => "done",
        LegState::Current => "current",
        LegState::ToCome => "to-come",
    };
    let point = {
        let (desk, at) = (desk.clone(), props.hop);
        Callback::from(move |()| desk.dispatch(Action::PointAt(Some(at))))
    };
    let onclick = {
        let point = point.clone();
        Callback::from(move |_: MouseEvent| point.emit(()))
    };
    let packets = hop.before.as_ref().zip(hop.after.as_ref()).filter(|(before, after)| before != after);
    html! {
        <li class={classes!("leg", class, failed.then_some("failed"))}>
            <span class="leg-number" aria-hidden="true">{ props.number }</span>
            <div class="leg-head">
                <button type="button" class="leg-title" {onclick}
                    aria-current={(props.state == LegState::Current).then_some("step")}>{ words::leg_title(trace, hop, props.lens) }</button>
                if let Some((before, after)) = packets.filter(|_| props.lens == Lens::Packet && hop.kind == HopKind::Rewrite) {
                    { kinds(before, after) }
                }
            </div>
            if !leg.why.is_empty() {
                <p class="why">{ &leg.why }</p>
            }
            if let Some((before, after)) = packets.filter(|_| props.lens == Lens::Packet) {
                <Translation before={before.clone()} after={after.clone()}/>
            }
            if !leg.fix.is_empty() {
                <p class="mend"><b>{ words::FIX }</b>{ " " }{ &leg.fix }</p>
            }
            <Fields fields={hop.fields.clone()} text={props.text.clone()}/>
        </li>
    }
}

/// Properties of [`Translation`].
#[derive(Properties, PartialEq)]
struct TranslationProps {
    before: Packet,
    after: Packet,
}

#[component]
fn Translation(props: &TranslationProps) -> Html {
    let (before, after) = (&props.before, &props.after);
    html! {
        <p class="nat">
            <span class="spoken">{ words::BEFORE }</span>
            <s>{ packet(before) }</s>
            <span class="spoken">{ words::AFTER }</span>
            <span class="now">{ packet(after) }</span>
        </p>
    }
}

/// Which addresses were changed.
fn kinds(before: &Packet, after: &Packet) -> Html {
    let to = |p: &Packet| (p.destination_ip, p.destination_port);
    let kinds = [
        (words::DNAT, words::DNAT_MORE, to(before) != to(after)),
        (words::SNAT, words::SNAT_MORE, before.source_ip != after.source_ip),
    ];
    html! {
        <span class="nat-kinds">
            for (word, more, _) in kinds.into_iter().filter(|(_, _, holds)| *holds) {
                <abbr title={more}>{ word }</abbr>
            }
        </span>
    }
}

fn packet(packet: &Packet) -> Html {
    let to = match packet.destination_ip {
        IpAddr::V6(ip) => format!("[{ip}]:{}", packet.destination_port),
        IpAddr::V4(ip) => format!("{ip}:{}", packet.destination_port),
    };
    html! { <>{ packet.source_ip.to_string() }{ " → " }<wbr/>{ to }</> }
}
