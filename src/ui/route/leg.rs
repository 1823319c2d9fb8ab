//! One leg of the log.

use super::fields;
use crate::playback::Lens;
use crate::routing::{HopKind, Packet, Trace};
use crate::session::{Action, LegState};
use crate::ui::desk::Desk;
use crate::words::{concept, reasons, ui as words, why as why_words};
use std::net::IpAddr;
use yew::prelude::*;

/// What happened, why, the packet before and after, the fields that decided.
pub fn leg(desk: &Desk, trace: &Trace, at: usize, number: usize, state: LegState, lens: Lens) -> Html {
    let Some(hop) = trace.hops.get(at) else { return html! {} };
    let leg = reasons::hop(trace, hop);
    let why = concept::why(trace, hop, lens);
    let failed = hop.kind == HopKind::Fail;
    let class = match state {
        LegState::Done => "done",
        LegState::Current => "current",
        LegState::ToCome => "to-come",
    };
    let onclick = {
        let desk = desk.clone();
        move |_: MouseEvent| desk.dispatch(Action::PointAt(Some(at)))
    };
    let packets = hop.before.as_ref().zip(hop.after.as_ref()).filter(|(before, after)| before != after);
    html! {
        <li key={at} class={classes!("leg", class, failed.then_some("failed"))}>
            <span class="leg-number" aria-hidden="true">{ number }</span>
            <div class="leg-head">
                <button type="button" class="leg-title" {onclick}
                    aria-current={(state == LegState::Current).then_some("step")}>{ words::leg_title(trace, hop, lens) }</button>
                if let Some((before, after)) = packets.filter(|_| lens == Lens::Packet && hop.kind == HopKind::Rewrite) {
                    { kinds(before, after) }
                }
            </div>
            if !why.is_empty() {
                <p class="why">{ why }</p>
            }
            if let Some((before, after)) = packets.filter(|_| lens == Lens::Packet) {
                { translation(before, after) }
            }
            if !leg.fix.is_empty() {
                <p class="mend"><b>{ words::FIX }</b>{ " " }{ &leg.fix }</p>
            }
            if failed {
                if let Some(question) = desk.tools.and_then(|tools| (tools.question)(trace, hop)) {
                    <p class="asks"><button type="button" class="button small" onclick={
                        let ask = desk.ask.clone();
                        move |_| ask.emit(question.clone())
                    }>{ why_words::WHY_NOT }</button></p>
                }
            }
            { fields(desk, &hop.fields) }
        </li>
    }
}

fn translation(before: &Packet, after: &Packet) -> Html {
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
