//! Water lines: the coast and the shoals before it. Irregular as coasts are, and the same every time.

use super::{Form, Frame, Point, Rect, curve::short};
use serde::Serialize;
use std::fmt::Write;

/// Outlines as SVG path data.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Coast {
    /// The land.
    pub land: String,
    /// Shallow water near the coast.
    pub shoal: String,
    /// The shallows between that and deep water.
    pub far_shoal: String,
    /// A depth line in deep water.
    pub depth: String,
}

const STEP_PX: f32 = 26.0;
const CORNER_PX: f32 = 12.0;

/// How far a water line strays at `t` along it.
fn stray(t: f32, size: f32, phase: f32) -> f32 {
    size * (sine(t / 97.0 + phase) + 0.62 * sine(t / 41.0 + 2.1 * phase) + 0.22 * sine(t / 17.0 + phase))
}

/// The sine, near enough for a coast: the exact one brings long tables with it.
fn sine(angle: f32) -> f32 {
    let turns = angle / std::f32::consts::TAU;
    // From -½ to ½ of a turn, and from there folded to the quarter where the series is good.
    let part = turns - turns.round();
    let part = if part.abs() > 0.25 { 0.5_f32.copysign(part) - part } else { part };
    let x = part * std::f32::consts::TAU;
    let square = x * x;
    x * (1.0 - square / 6.0 * (1.0 - square / 20.0 * (1.0 - square / 42.0 * (1.0 - square / 72.0))))
}

impl Coast {
    pub(super) fn new(form: Form, size: Frame, land: Rect) -> Self {
        let line = |at: f32, amount: f32, phase: f32| water(form, size, at, amount, phase);
        match form {
            Form::Wide => Self {
                land: shore(form, land),
                shoal: line(land.x * 0.795, 6.0, 1.1),
                far_shoal: line(land.x * 0.545, 8.0, 0.2),
                depth: open(form, size, land.x * 0.5, 8.5, 0.25),
            },
            Form::Tall => Self {
                land: shore(form, land),
                shoal: line(land.y - 26.0, 3.2, 1.1),
                far_shoal: line(land.y * 0.52, 4.0, 0.2),
                depth: open(form, size, land.y * 0.52 - 9.0, 4.2, 0.25),
            },
        }
    }
}

/// Points of a water line at `at` across the whole chart.
fn line(form: Form, size: Frame, at: f32, amount: f32, phase: f32) -> Vec<Point> {
    let along = if form == Form::Wide { size.height } else { size.width };
    let steps = (along / STEP_PX).ceil() as usize;
    (0..=steps)
        .map(|i| {
            let t = along * i as f32 / steps.max(1) as f32;
            let off = at + stray(t, amount, phase);
            if form == Form::Wide { Point::new(off, t) } else { Point::new(t, off) }
        })
        .collect()
}

/// All that is on the land's side of a water line.
fn water(form: Form, size: Frame, at: f32, amount: f32, phase: f32) -> String {
    let mut d = String::new();
    smooth(&mut d, &line(form, size, at, amount, phase));
    let _ = match form {
        Form::Wide => write!(d, "L{} {}V0Z", short(size.width), short(size.height)),
        Form::Tall => write!(d, "V{}H0Z", short(size.height)),
    };
    d
}

/// A line alone.
fn open(form: Form, size: Frame, at: f32, amount: f32, phase: f32) -> String {
    let mut d = String::new();
    smooth(&mut d, &line(form, size, at, amount, phase));
    d
}

/// The land's outline: a coast towards the water, straight where the chart ends.
fn shore(form: Form, land: Rect) -> String {
    let mut d = String::new();
    let (l, t, r, b, c) = (land.x, land.y, land.right(), land.bottom(), CORNER_PX);
    let down = |amount: f32| -> Vec<Point> {
        let steps = ((land.h - 2.0 * c) / STEP_PX).ceil().max(1.0) as usize;
        (0..=steps)
            .map(|i| {
                let y = b - c - (land.h - 2.0 * c) * i as f32 / steps as f32;
                Point::new(l + stray(y, amount, 0.7), y)
            })
            .collect()
    };
    match form {
        Form::Wide => {
            let west = down(3.4);
            smooth(&mut d, &west);
            let (x0, x1) = (west.last().map_or(l, |p| p.x), west.first().map_or(l, |p| p.x));
            let _ = write!(
                d,
                "Q{} {t} {} {t}H{}Q{r} {t} {r} {}V{}Q{r} {b} {} {b}H{}Q{} {b} {} {}Z",
                short(x0 + 1.0),
                short(x0 + c),
                short(r - c),
                short(t + c),
                short(b - c),
                short(r - c),
                short(x1 + c),
                short(x1 + 1.0),
                short(x1),
                short(b - c),
                r = short(r),
                b = short(b),
                t = short(t)
            );
        }
        Form::Tall => {
            let west = down(1.2);
            smooth(&mut d, &west);
            let steps = ((land.w - 2.0 * c) / STEP_PX).ceil().max(1.0) as usize;
            let north: Vec<Point> = (0..=steps)
                .map(|i| {
                    let x = l + c + (land.w - 2.0 * c) * i as f32 / steps as f32;
                    Point::new(x, t + stray(x, 2.2, 0.3))
                })
                .collect();
            let _ =
                write!(d, "Q{} {} {} {}", short(l), short(north[0].y), short(north[0].x), short(north[0].y));
            follow(&mut d, &north);
            let x1 = west.first().map_or(l, |p| p.x);
            let _ = write!(
                d,
                "Q{r} {} {r} {}V{}Q{r} {b} {} {b}H{}Q{} {b} {} {}Z",
                short(north[steps].y),
                short(t + c + 4.0),
                short(b - c),
                short(r - c),
                short(l + c),
                short(l),
                short(x1),
                short(b - c),
                r = short(r),
                b = short(b)
            );
        }
    }
    d
}

/// A smooth line through all points.
fn smooth(d: &mut String, points: &[Point]) {
    if let Some(first) = points.first() {
        let _ = write!(d, "M{} {}", short(first.x), short(first.y));
    }
    follow(d, points);
}

/// Catmull-Rom through the points after the first.
fn follow(d: &mut String, points: &[Point]) {
    for i in 1..points.len() {
        let p0 = points[i.saturating_sub(2)];
        let (p1, p2) = (points[i - 1], points[i]);
        let p3 = points[(i + 1).min(points.len() - 1)];
        let _ = write!(
            d,
            "C{} {} {} {} {} {}",
            short(p1.x + (p2.x - p0.x) / 6.0),
            short(p1.y + (p2.y - p0.y) / 6.0),
            short(p2.x - (p3.x - p1.x) / 6.0),
            short(p2.y - (p3.y - p1.y) / 6.0),
            short(p2.x),
            short(p2.y)
        );
    }
}
