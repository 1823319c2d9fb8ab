//! The stage: the chart as SVG, and one canvas above it for all that moves.
//!
//! Structure is drawn when it has changed; requests under way are drawn by the
//! [`Painter`], once a frame, without the component tree.

mod painter;
mod pieces;
mod resize;

use super::desk::use_desk;
use super::same::Same;
use crate::cluster::Cluster;
use crate::lint::why_not::service_pods;
use crate::manifest::ObjectRef;
use crate::map::Map;
use crate::playback::Lens;
use crate::scene::draw::{self, Look, Piece, WhyNot};
use crate::scene::{Frame, Options, Rect, Scene, Seats, short};
use crate::session::draft::CLIENT_OUTSIDE;
use crate::session::{Action, Course};
use crate::words::{concept, reasons, stage as words};
use painter::Painter;
use pieces::Pieces;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};
use yew::prelude::*;

/// Properties of [`Stage`].
#[derive(Properties, PartialEq)]
pub struct StageProps {
    /// The cluster at the time that is looked at.
    pub cluster: Same<Cluster>,
    /// The lens.
    pub lens: Lens,
    /// The chosen object.
    pub selected: Option<ObjectRef>,
    /// Objects whose document is broken in the text.
    pub stale: Same<Vec<ObjectRef>>,
    /// The followed request.
    pub course: Option<Same<Course>>,
    /// Its hop to look at.
    pub hop: Option<usize>,
    /// Whether it is for a projector.
    pub large: bool,
}

/// The stage.
#[component]
pub fn Stage(props: &StageProps) -> Html {
    let desk = use_desk();
    let (root, canvas) = (use_node_ref(), use_node_ref());
    let frame = use_state_eq(|| Frame { width: 724.0, height: 784.0 });
    use_effect_with((), {
        let (root, frame) = (root.clone(), frame.setter());
        move |()| {
            let watch =
                root.cast::<Element>().map(|element| resize::Watch::new(&element, move |now| frame.set(now)));
            move || drop(watch)
        }
    });

    let seats = use_mut_ref(Seats::default).clone();
    let scene = use_memo((props.cluster.clone(), *frame, props.large), |(cluster, frame, large)| {
        let before = Rc::new(seats.borrow().clone());
        let clients = CLIENT_OUTSIDE.parse().into_iter().collect();
        let scene = Rc::new(Scene::new(cluster, frame, &Options { clients, seats: before, large: *large }));
        *seats.borrow_mut() = (*scene.seats).clone();
        scene
    });
    let why_not = use_memo(
        (props.cluster.clone(), props.selected.clone(), desk.tools),
        |(cluster, selected, tools)| {
            let chosen = selected.as_ref().zip(tools.as_ref());
            Rc::new(chosen.map(|(id, tools)| (tools.reasons_against)(cluster, id)).unwrap_or_default())
        },
    );
    let trace = props.course.as_ref().map(|c| c.flight.trace.clone());
    let on_course = use_memo((props.course.clone(), props.lens), |(course, lens)| {
        Rc::new(course.as_ref().map(|c| draw::visited(&c.flight.trace, *lens)).unwrap_or_default())
    });
    let scene_key = Same((*scene).clone());
    let ground = use_memo(scene_key.clone(), |scene| Rc::new(vec![draw::ground(scene)]));
    let look = Look {
        selected: props.selected.clone(),
        why_not: (*why_not).clone(),
        stale: props.stale.0.clone(),
        on_course: (*on_course).clone(),
    };
    let objects = use_memo(
        (
            scene_key.clone(),
            Same((*why_not).clone()),
            Same((*on_course).clone()),
            props.stale.clone(),
            props.selected.clone(),
        ),
        |(scene, ..)| Rc::new(draw::objects(scene, &look)),
    );
    let course = use_memo(
        (scene_key.clone(), props.course.clone(), props.hop, props.lens),
        |(scene, _, hop, lens)| {
            let drawn = trace.as_ref().zip(*hop).map(|(trace, hop)| {
                let decision = trace.hops.get(hop).map(|h| concept::decision(trace, h, *lens));
                let captions = draw::Captions {
                    request: &reasons::request_title(&trace.request),
                    decision: &decision.unwrap_or_default(),
                };
                draw::course(scene, *lens, trace, hop, captions)
            });
            Rc::new(drawn.unwrap_or_default())
        },
    );

    // What moves: one listener for as long as the stage is there; it always has the latest scene.
    let painter = use_mut_ref(|| None::<Painter>);
    use_effect_with((), {
        let (desk, canvas, root, painter) = (desk.clone(), canvas.clone(), root.clone(), painter.clone());
        move |()| {
            *painter.borrow_mut() = Painter::new(&canvas, &root);
            let painter = painter.clone();
            let subscription = desk.store.on_frame(move |session, _| {
                if let Some(painter) = painter.borrow_mut().as_mut() {
                    painter.draw(session);
                }
                false
            });
            move || drop(subscription)
        }
    });
    use_effect_with(scene_key.clone(), {
        let (desk, painter) = (desk.clone(), painter.clone());
        move |scene| {
            if let Some(painter) = painter.borrow_mut().as_mut() {
                painter.set_scene(&scene.0);
            }
            desk.store.request_frame();
        }
    });

    // Where the chart is higher than its frame, it follows the request, unless somebody looks elsewhere.
    let astray = use_mut_ref(|| false);
    use_effect_with(props.course.clone(), {
        let astray = astray.clone();
        move |_| *astray.borrow_mut() = false
    });
    use_effect_with((scene_key.clone(), props.course.clone(), props.hop, props.lens), {
        let (root, astray) = (root.clone(), astray.clone());
        move |(scene, course, hop, lens)| {
            let leg = course.as_ref().zip(*hop).filter(|_| !*astray.borrow());
            let wanted = leg.and_then(|(course, hop)| draw::in_view(scene, *lens, &course.flight.trace, hop));
            if let Some((element, wanted)) = root.cast::<HtmlElement>().zip(wanted) {
                keep_in_view(&element, wanted, scene.scale);
            }
        }
    });
    let on_look = Callback::from(move |()| *astray.borrow_mut() = true);
    let (onwheel, ontouchmove) = (on_look.reform(|_: WheelEvent| ()), on_look.reform(|_: TouchEvent| ()));

    let choose = {
        let (desk, objects) = (desk.clone(), objects.clone());
        Rc::new(move |target: Option<web_sys::EventTarget>| {
            let wanted = piece_at(target, &objects);
            let session = desk.store.session();
            let next = if wanted == session.selected { None } else { wanted };
            drop(session);
            desk.dispatch(Action::Select(next));
        })
    };
    let onclick = {
        let choose = choose.clone();
        Callback::from(move |event: MouseEvent| choose(event.target()))
    };
    let onkeydown = Callback::from(move |event: KeyboardEvent| {
        if matches!(event.key().as_str(), "Enter" | " ") {
            event.prevent_default();
            choose(event.target());
        }
    });
    let onscroll = {
        let (desk, painter) = (desk.clone(), painter.clone());
        Callback::from(move |_: Event| {
            if let Some(painter) = painter.borrow_mut().as_mut() {
                painter.scrolled();
            }
            desk.store.request_frame();
        })
    };
    let size = scene.size;
    let (width, height) = (size.width * scene.scale, size.height * scene.scale);
    let fits = height <= frame.height + 0.5;
    let lens = match props.lens {
        Lens::Concept => "map lens-concept",
        Lens::Packet => "map lens-packet",
    };
    let view_box = format!("0 0 {} {}", short(size.width), short(size.height));
    let label = words::chart_label(scene.nodes.len(), scene.services.len(), scene.pods.len());
    html! {
        <div class="stage">
            <div class={if fits { "stage-scroll fits" } else { "stage-scroll" }} ref={root} {onscroll} {onwheel} {ontouchmove}>
                <svg class={lens} viewBox={view_box} width={short(width).to_string()} height={short(height).to_string()}
                    role="group" aria-label={label} {onclick} {onkeydown}>
                    <Pieces pieces={Same((*ground).clone())}/>
                    <Pieces pieces={Same((*objects).clone())} crowded={scene.pods.len() > pieces::TAB_STOPS_MAX}/>
                    <g class="course" aria-hidden="true"><Pieces pieces={Same((*course).clone())}/></g>
                </svg>
            </div>
            <canvas class="stage-canvas" ref={canvas} aria-hidden="true"></canvas>
        </div>
    }
}

/// Why not, in a few words, by pod.
pub type WhyNots = Map<ObjectRef, WhyNot>;

/// For each pod that a Service does not send requests to: why not, in a few words.
pub fn reasons_against(cluster: &Cluster, id: &ObjectRef) -> WhyNots {
    let service = (&*id.kind == "Service").then(|| cluster.service(&id.namespace, &id.name)).flatten();
    let Some(service) = service else { return Map::new() };
    let standings = service_pods(cluster, service).into_iter();
    standings.filter_map(|s| Some((s.pod.clone(), WhyNot::of(s.first.as_ref()?)))).collect()
}

/// The object under an event's target.
fn piece_at(target: Option<web_sys::EventTarget>, pieces: &[Piece]) -> Option<ObjectRef> {
    let element: Element = target?.dyn_into().ok()?;
    let group = element.closest("[data-piece]").ok().flatten()?;
    let index: usize = group.get_attribute("data-piece")?.parse().ok()?;
    pieces.get(index)?.target.clone()
}

/// Scrolls as little as shows this part of the chart; its end where it is too high.
fn keep_in_view(element: &HtmlElement, wanted: Rect, scale: f32) {
    const ROUND_PX: f32 = 34.0;
    let (top, bottom) = (wanted.y * scale - ROUND_PX, wanted.bottom() * scale + ROUND_PX);
    let (now, high) = (element.scroll_top() as f32, element.client_height() as f32);
    let next = now.max(bottom - high).min(top.max(bottom - high));
    if (next - now).abs() >= 1.0 {
        element.set_scroll_top(next as i32);
    }
}

/// The scrolled part of the stage.
fn scroll_top(root: &NodeRef) -> f64 {
    root.cast::<HtmlElement>().map_or(0.0, |e| f64::from(e.scroll_top()))
}
