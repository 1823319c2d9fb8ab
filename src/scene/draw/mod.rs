//! The chart as drawing primitives: what the page and the SVG writer both draw.
//!
//! Colours and fonts are classes (`static/stage.css`); sizes of type are [`Style`]s, so
//! that widths can be reckoned here.

mod cards;
mod course;
mod land;
mod pods;
mod sea;
mod svg;

use super::text::{self, Face};
use super::{Form, Point, Rect, Scene};
use crate::lint::why_not::Condition;
use crate::manifest::ObjectRef;
use crate::map::Map;
use crate::words::{lints, stage as words};
use std::borrow::Cow;
use std::rc::Rc;

pub use course::{Captions, course, in_view, visited};
pub use land::ground;
pub use svg::document;

/// A class attribute.
pub type Class = Cow<'static, str>;

/// A primitive.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// A box with round corners.
    Rect(Rect, f32, Class),
    /// A circle.
    Circle(Point, f32, Class),
    /// SVG path data.
    Path(String, Class),
    /// A line of text.
    Text {
        /// Where its baseline starts, has its middle or ends.
        at: Point,
        /// The text.
        text: String,
        /// Type and alignment.
        style: Style,
        /// How it is aligned.
        align: Align,
        /// More classes.
        class: Class,
    },
}

/// Alignment of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// Starts there.
    Start,
    /// Has its middle there.
    Middle,
    /// Ends there.
    End,
}

/// A size and face of type; `static/stage.css` has a rule for each class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// A Service's name.
    Title,
    /// A pod's or node's name.
    Name,
    /// A name on a small card.
    SmallName,
    /// Words.
    Word,
    /// Addresses on a Service.
    Code,
    /// Addresses on a pod.
    SmallCode,
    /// Names of zones.
    Zone,
    /// Names of waters and lands.
    Water,
    /// Numbers of legs.
    Number,
}

impl Style {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Title,
        Self::Name,
        Self::SmallName,
        Self::Word,
        Self::Code,
        Self::SmallCode,
        Self::Zone,
        Self::Water,
        Self::Number,
    ];

    /// Class, size in units, face.
    #[must_use]
    pub const fn measures(self) -> (&'static str, f32, Face) {
        match self {
            Self::Title => ("t-title", 15.0, Face::Bold),
            Self::Name => ("t-name", 12.0, Face::Bold),
            Self::SmallName => ("t-small-name", 11.0, Face::Bold),
            Self::Word => ("t-word", 11.0, Face::Sans),
            Self::Code => ("t-code", 11.5, Face::Mono),
            Self::SmallCode => ("t-small-code", 10.5, Face::Mono),
            Self::Zone => ("t-zone", 12.0, Face::Sans),
            Self::Water => ("t-water", 13.0, Face::Bold),
            Self::Number => ("t-number", 11.0, Face::Bold),
        }
    }

    /// How wide a text is.
    #[must_use]
    pub fn width(self, text: &str) -> f32 {
        let (_, size, face) = self.measures();
        text::width(text, face, size)
    }

    /// As much of a text as fits.
    #[must_use]
    pub fn fit(self, text: &str, room_px: f32) -> String {
        let (_, size, face) = self.measures();
        text::fit(text, face, size, room_px)
    }
}

/// A part of the chart.
#[derive(Clone, Debug, PartialEq)]
pub struct Piece {
    /// Names it among all pieces.
    pub key: String,
    /// Class of the group.
    pub class: Class,
    /// The object it stands for: it can be chosen.
    pub target: Option<ObjectRef>,
    /// Read aloud and shown when pointed at; empty for what says nothing by itself.
    pub label: String,
    /// What it is made of.
    pub shapes: Vec<Shape>,
}

impl Piece {
    fn new(key: impl Into<String>, class: impl Into<Class>) -> Self {
        Self { key: key.into(), class: class.into(), target: None, label: String::new(), shapes: Vec::new() }
    }

    fn rect(&mut self, rect: Rect, round: f32, class: impl Into<Class>) {
        self.shapes.push(Shape::Rect(rect, round, class.into()));
    }

    /// Takes a finger where the sign itself is small: on phones.
    fn reach(&mut self, scene: &Scene, around: Rect) {
        const FINGER: f32 = 42.0;
        if scene.form == Form::Tall {
            let Point { x, y } = around.center();
            let (w, h) = (around.w.max(FINGER), around.h.max(FINGER));
            self.rect(Rect::new(x - w / 2.0, y - h / 2.0, w, h), 0.0, "reach-of-finger");
        }
    }

    fn circle(&mut self, at: Point, radius: f32, class: impl Into<Class>) {
        self.shapes.push(Shape::Circle(at, radius, class.into()));
    }

    fn path(&mut self, d: impl Into<String>, class: impl Into<Class>) {
        self.shapes.push(Shape::Path(d.into(), class.into()));
    }

    fn text(
        &mut self,
        at: Point,
        text: impl Into<String>,
        style: Style,
        align: Align,
        class: impl Into<Class>,
    ) {
        let text = text.into();
        if !text.is_empty() {
            self.shapes.push(Shape::Text { at, text, style, align, class: class.into() });
        }
    }
}

/// Why a pod is not behind the chosen Service.
#[derive(Clone, Debug, PartialEq)]
pub struct WhyNot {
    /// In a few words.
    pub words: String,
    /// In the room of a name.
    pub short: String,
    /// In two lines.
    pub lines: [String; 2],
}

impl WhyNot {
    /// The first condition that does not hold, in words.
    #[must_use]
    pub fn of(condition: &Condition) -> Self {
        Self {
            words: lints::why_not(condition),
            short: words::why_not_short(condition),
            lines: words::why_not_lines(condition),
        }
    }
}

/// What the chart is looked at with.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Look {
    /// The chosen object.
    pub selected: Option<ObjectRef>,
    /// For pods that the chosen Service does not take: why not.
    pub why_not: Rc<Map<ObjectRef, WhyNot>>,
    /// Objects whose document is broken in the text.
    pub stale: Rc<Vec<ObjectRef>>,
    /// Objects that the followed request visits.
    pub on_course: Rc<Vec<ObjectRef>>,
}

impl Look {
    fn is_selected(&self, id: &ObjectRef) -> bool {
        self.selected.as_ref() == Some(id)
    }

    fn classes(&self, base: &'static str, id: &ObjectRef) -> Class {
        let mut class = Cow::Borrowed(base);
        for (holds, name) in [
            (self.is_selected(id), " is-selected"),
            (self.stale.contains(id), " is-stale"),
            (self.on_course.contains(id), " is-course"),
        ] {
            if holds {
                class.to_mut().push_str(name);
            }
        }
        class
    }
}

/// All objects on the chart, without the ground and without the followed course.
#[must_use]
pub fn objects(scene: &Scene, look: &Look) -> Vec<Piece> {
    let mut pieces = Vec::with_capacity(16 + scene.pods.len() + scene.services.len());
    sea::pieces(scene, look, &mut pieces);
    land::pieces(scene, look, &mut pieces);
    cards::pieces(scene, look, &mut pieces);
    pods::pieces(scene, look, &mut pieces);
    pieces
}
