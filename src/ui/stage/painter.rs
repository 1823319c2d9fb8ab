//! Requests under way, on one canvas: drawn once a frame from the session, with shapes
//! that differ in more than colour. Under `prefers-reduced-motion` marks stand at the
//! end of their leg.

use super::scroll_top;
use crate::playback::{Ending, Frames, Mark, Phase, UnderWay};
use crate::scene::Scene;
use crate::session::Session;
use std::cell::Cell;
use std::f64::consts::TAU;
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, MediaQueryList};
use yew::NodeRef;

/// Frames between two looks at what others set: colours and sizes.
const LOOK_FRAMES: u32 = 30;

/// A colour of the style sheet.
#[derive(Clone, Copy, PartialEq)]
enum Ink {
    Plain,
    Paper,
    Course,
    CourseSoft,
    Ok,
    Bad,
    Hold,
}

/// The tokens, in the order of [`Ink`].
const TOKENS: [&str; 7] = ["--ink", "--paper", "--course", "--course-soft", "--ok", "--bad", "--hold"];

/// What is asked of the page once in a while: each question makes the browser lay it out.
struct Measures {
    ratio: f64,
    width: f64,
    height: f64,
    top: f64,
}

/// Draws marks.
pub struct Painter {
    canvas: HtmlCanvasElement,
    context: CanvasRenderingContext2d,
    root: NodeRef,
    reduced: Option<MediaQueryList>,
    frames: Option<Frames>,
    marks: Vec<Mark>,
    inks: [String; TOKENS.len()],
    /// What the canvas fills and strokes with now: naming a colour anew is slow.
    fill: Cell<Option<Ink>>,
    stroke: Cell<Option<Ink>>,
    measures: Option<Measures>,
    age: u32,
    blank: bool,
}

impl Painter {
    /// On a canvas that covers the part of the stage that is in view.
    pub fn new(canvas: &NodeRef, root: &NodeRef) -> Option<Self> {
        let canvas: HtmlCanvasElement = canvas.cast()?;
        let context = canvas.get_context("2d").ok().flatten()?.dyn_into().ok()?;
        let reduced = gloo::utils::window().match_media("(prefers-reduced-motion: reduce)").ok().flatten();
        Some(Self {
            canvas,
            context,
            root: root.clone(),
            reduced,
            frames: None,
            marks: Vec::new(),
            inks: Default::default(),
            fill: Cell::new(None),
            stroke: Cell::new(None),
            measures: None,
            age: LOOK_FRAMES,
            blank: true,
        })
    }

    /// From now on marks are placed on this scene.
    pub fn set_scene(&mut self, scene: &Rc<Scene>) {
        self.frames = Some(Frames::new(scene.clone()));
        self.measures = None;
    }

    /// Somebody has scrolled.
    pub fn scrolled(&mut self) {
        self.measures = None;
    }

    /// Draws what is under way.
    pub fn draw(&mut self, session: &Session) {
        let Some(frames) = &mut self.frames else { return };
        let followed = session.followed().map(|c| c.flight.number);
        let under_way = session.under_way().filter_map(|course| {
            Some(UnderWay {
                trace: &course.flight.trace,
                timeline: &course.timeline,
                since_ms: course.since_departure(session.shown_ms)?,
                chosen: followed == Some(course.flight.number),
                number: course.flight.number,
            })
        });
        let still = self.reduced.as_ref().is_some_and(MediaQueryList::matches);
        frames.marks(session.lens, still, under_way, &mut self.marks);
        let scale = f64::from(frames.scene().scale);
        if self.marks.is_empty() && self.blank {
            return;
        }
        self.prepare(scale);
        for mark in &self.marks {
            if mark.chosen {
                self.chosen(mark);
            } else {
                self.other(mark);
            }
        }
        self.blank = self.marks.is_empty();
    }

    /// Clears, and takes in the canvas' size, the scroll position and the colours.
    fn prepare(&mut self, scale: f64) {
        self.age += 1;
        if self.age > LOOK_FRAMES {
            self.age = 0;
            self.measures = None;
            self.read_inks();
        }
        let (canvas, root) = (&self.canvas, &self.root);
        let &mut Measures { ratio, width, height, top } = self.measures.get_or_insert_with(|| Measures {
            ratio: gloo::utils::window().device_pixel_ratio().max(1.0).min(3.0),
            width: canvas.client_width().into(),
            height: canvas.client_height().into(),
            top: scroll_top(root),
        });
        let (w, h) = ((width * ratio).round() as u32, (height * ratio).round() as u32);
        if self.canvas.width() != w || self.canvas.height() != h {
            self.canvas.set_width(w);
            self.canvas.set_height(h);
            // A canvas of another size has forgotten everything.
            self.fill.set(None);
            self.stroke.set(None);
        }
        // None of these can fail for finite numbers.
        let _ = self.context.set_transform(1.0, 0.0, 0.0, 1.0, 0.0, 0.0);
        self.context.clear_rect(0.0, 0.0, f64::from(w), f64::from(h));
        let zoom = ratio * scale;
        let _ = self.context.set_transform(zoom, 0.0, 0.0, zoom, 0.0, -top * ratio);
    }

    fn read_inks(&mut self) {
        let style = gloo::utils::window().get_computed_style(&self.canvas).ok().flatten();
        let ink = |name: &str| {
            let value = style.as_ref().and_then(|s| s.get_property_value(name).ok()).unwrap_or_default();
            value.trim().to_owned()
        };
        self.inks = TOKENS.map(ink);
        self.fill.set(None);
        self.stroke.set(None);
    }

    fn fill_with(&self, ink: Ink) {
        if self.fill.replace(Some(ink)) != Some(ink) {
            self.context.set_fill_style_str(&self.inks[ink as usize]);
        }
    }

    fn stroke_with(&self, ink: Ink) {
        if self.stroke.replace(Some(ink)) != Some(ink) {
            self.context.set_stroke_style_str(&self.inks[ink as usize]);
        }
    }

    fn disc(&self, x: f64, y: f64, r: f64) {
        self.context.begin_path();
        let _ = self.context.arc(x, y, r, 0.0, TAU);
    }

    /// A neutral mark; at its end, its fate as a shape.
    fn other(&self, mark: &Mark) {
        let (x, y) = (f64::from(mark.at.x), f64::from(mark.at.y));
        let Some(ending) = mark.ending else {
            let r = if mark.phase == Phase::Decide { 4.6 } else { 3.8 };
            self.disc(x, y, r);
            self.fill_with(Ink::Plain);
            self.context.fill();
            self.stroke_with(Ink::Paper);
            self.context.set_line_width(1.3);
            self.context.stroke();
            return;
        };
        self.ending(x, y, 5.2, ending);
    }

    fn ending(&self, x: f64, y: f64, r: f64, ending: Ending) {
        let c = &self.context;
        self.disc(x, y, r);
        self.fill_with(Ink::Paper);
        c.set_line_width(1.7);
        match ending {
            Ending::Served => {
                self.fill_with(Ink::Ok);
                self.stroke_with(Ink::Paper);
                c.fill();
                c.stroke();
            }
            Ending::Refused | Ending::NoName => {
                self.stroke_with(Ink::Bad);
                c.fill();
                let d = r * 0.62;
                c.begin_path();
                c.move_to(x - d, y - d);
                c.line_to(x + d, y + d);
                c.move_to(x + d, y - d);
                c.line_to(x - d, y + d);
                c.stroke();
            }
            Ending::Dropped => {
                self.stroke_with(Ink::Hold);
                c.fill();
                let dashes = js_sys::Array::of2(&JsValue::from_f64(2.4), &JsValue::from_f64(2.4));
                let _ = c.set_line_dash(&dashes);
                c.stroke();
                let _ = c.set_line_dash(&js_sys::Array::new());
            }
        }
    }

    /// The followed one: in the colour of the course, with a wake.
    fn chosen(&self, mark: &Mark) {
        let c = &self.context;
        let (x, y) = (f64::from(mark.at.x), f64::from(mark.at.y));
        let mut from: Option<(f64, f64)> = None;
        let last = mark.wake.len() as f64;
        self.stroke_with(Ink::Course);
        c.set_line_cap("round");
        let points = mark.wake.iter().map(|p| (f64::from(p.x), f64::from(p.y))).chain([(x, y)]);
        for (i, to) in points.enumerate() {
            if let Some(from) = from {
                let part = i as f64 / last.max(1.0);
                c.set_global_alpha(0.12 + 0.5 * part);
                c.set_line_width(2.0 + 5.0 * part);
                c.begin_path();
                c.move_to(from.0, from.1);
                c.line_to(to.0, to.1);
                c.stroke();
            }
            from = Some(to);
        }
        c.set_global_alpha(1.0);
        let halo = if mark.phase == Phase::Travel { 11.0 } else { 16.0 };
        self.disc(x, y, halo);
        self.fill_with(Ink::CourseSoft);
        c.fill();
        if let Some(ending) = mark.ending {
            self.ending(x, y, 7.0, ending);
            return;
        }
        self.disc(x, y, 6.2);
        self.fill_with(Ink::Course);
        c.fill();
        self.stroke_with(Ink::Paper);
        c.set_line_width(1.4);
        c.stroke();
    }
}
