//! Drawing primitives as SVG elements.

use crate::scene::draw::{Align, Piece, Shape};
use crate::ui::same::Same;
use std::borrow::Cow;
use yew::prelude::*;
use yew::virtual_dom::VNode;

/// With more pods than this, pods are no tab stops of their own: the details list them.
pub const TAB_STOPS_MAX: usize = 60;

/// Properties of [`Pieces`].
#[derive(Properties, PartialEq)]
pub struct PiecesProps {
    /// What to draw, the lowest first.
    pub pieces: Same<Vec<Piece>>,
    /// Whether there are too many pods for a tab stop each.
    #[prop_or_default]
    pub crowded: bool,
}

/// Parts of the chart.
#[component]
pub fn Pieces(props: &PiecesProps) -> Html {
    let all = props.pieces.iter().enumerate();
    all.map(|(index, piece)| group(index, piece, props.crowded)).collect()
}

fn group(index: usize, piece: &Piece, crowded: bool) -> VNode {
    let shapes: Html = piece.shapes.iter().map(shape).collect();
    let class = text(&piece.class);
    let title = if piece.label.is_empty() {
        html! {}
    } else {
        html! { <title>{ piece.label.clone() }</title> }
    };
    if piece.target.is_some() {
        let is_pod = piece.key.starts_with("pod/");
        let pressed = piece.class.contains(" is-selected").to_string();
        html! {
            <g key={piece.key.clone()} {class} data-piece={index.to_string()} role="button" aria-pressed={pressed}
                tabindex={if crowded && is_pod { "-1" } else { "0" }} aria-label={piece.label.clone()}>
                { shapes }{ title }
            </g>
        }
    } else if piece.label.is_empty() {
        html! { <g key={piece.key.clone()} {class} aria-hidden="true">{ shapes }</g> }
    } else {
        html! { <g key={piece.key.clone()} {class} role="img" aria-label={piece.label.clone()}>{ shapes }{ title }</g> }
    }
}

#[allow(clippy::ptr_arg, reason = "a fixed class stays fixed")]
fn text(value: &Cow<'static, str>) -> AttrValue {
    match value {
        Cow::Borrowed(fixed) => AttrValue::Static(fixed),
        Cow::Owned(made) => AttrValue::from(made.clone()),
    }
}

fn number(x: f32) -> AttrValue {
    AttrValue::from(crate::scene::short(x).to_string())
}

fn shape(shape: &Shape) -> VNode {
    match shape {
        Shape::Rect(r, round, class) => html! {
            <rect x={number(r.x)} y={number(r.y)} width={number(r.w)} height={number(r.h)} rx={number(*round)} class={text(class)}/>
        },
        Shape::Circle(at, r, class) => html! {
            <circle cx={number(at.x)} cy={number(at.y)} r={number(*r)} class={text(class)}/>
        },
        Shape::Path(d, class) => html! { <path d={d.clone()} class={text(class)}/> },
        Shape::Text { at, text: words, style, align, class } => {
            let anchor = match align {
                Align::Start => "start",
                Align::Middle => "middle",
                Align::End => "end",
            };
            let (type_class, ..) = style.measures();
            let class = if class.is_empty() {
                AttrValue::Static(type_class)
            } else {
                AttrValue::from([type_class, " ", class].concat())
            };
            html! {
                <text x={number(at.x)} y={number(at.y)} text-anchor={anchor} {class}>{ words.clone() }</text>
            }
        }
    }
}
