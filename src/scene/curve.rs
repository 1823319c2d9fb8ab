//! Ways between places: smooth, measured by length.

use serde::Serialize;
use std::fmt::{self, Write};

/// A point in the scene's own units.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Point {
    /// To the right.
    pub x: f32,
    /// Down.
    pub y: f32,
}

impl Point {
    /// The point at `x`, `y`.
    #[must_use]
    pub const fn new(x: f32, y: f32) -> Self {
        Self { x, y }
    }

    /// How far it is to another point.
    #[must_use]
    pub fn distance(self, other: Self) -> f32 {
        (self.x - other.x).hypot(self.y - other.y)
    }

    /// The point `f` of the way to another.
    #[must_use]
    pub fn toward(self, other: Self, f: f32) -> Self {
        Self::new(self.x + (other.x - self.x) * f, self.y + (other.y - self.y) * f)
    }
}

/// How long the straight pieces are that stand for a bent one.
const PIECE_PX: f32 = 5.0;
/// How wide a turn is, where there is room.
const TURN_PX: f32 = 16.0;

/// A way from one place to another: cubic Béziers, and their length.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Curve {
    start: Point,
    /// Two control points and the end of each piece.
    cubics: Vec<[Point; 3]>,
    /// Points along the way with the length so far.
    steps: Vec<(Point, f32)>,
}

impl Curve {
    /// Stays where it is.
    #[must_use]
    pub fn point(at: Point) -> Self {
        Self { start: at, cubics: Vec::new(), steps: vec![(at, 0.0)] }
    }

    /// One bend that leaves and arrives along `x` (or along `y` where `upright`).
    #[must_use]
    pub fn bend(from: Point, to: Point, upright: bool) -> Self {
        let mut curve = Self::point(from);
        curve.bend_to(to, upright);
        curve
    }

    /// Through all points on straight lines with round turns.
    #[must_use]
    pub fn through(points: &[Point]) -> Self {
        let Some(&first) = points.first() else { return Self::default() };
        let mut curve = Self::point(first);
        curve.follow(&points[1..]);
        curve
    }

    /// Goes on to `to` in one bend.
    pub fn bend_to(&mut self, to: Point, upright: bool) {
        let from = self.end();
        if upright {
            let reach = (to.y - from.y) * 0.5;
            self.cubic([Point::new(from.x, from.y + reach), Point::new(to.x, to.y - reach), to]);
        } else {
            let reach = (to.x - from.x) * 0.5;
            self.cubic([Point::new(from.x + reach, from.y), Point::new(to.x - reach, to.y), to]);
        }
    }

    /// Goes on through `points` with round turns.
    pub fn follow(&mut self, points: &[Point]) {
        let mut line: Vec<Point> = vec![self.end()];
        for &p in points {
            if line.last().is_none_or(|last| last.distance(p) > 0.5) {
                line.push(p);
            }
        }
        for i in 1..line.len() {
            let Some(&next) = line.get(i + 1) else {
                self.line_to(line[i]);
                break;
            };
            let (before, turn) = (line[i - 1], line[i]);
            let (d1, d2) = (before.distance(turn), turn.distance(next));
            let r = TURN_PX.min(d1 / 2.0).min(d2 / 2.0);
            self.line_to(turn.toward(before, r / d1));
            let out = turn.toward(next, r / d2);
            let into = self.end();
            self.cubic([into.toward(turn, 0.6), out.toward(turn, 0.6), out]);
        }
    }

    fn line_to(&mut self, to: Point) {
        let from = self.end();
        let length = from.distance(to);
        if length > 0.01 {
            self.cubics.push([from.toward(to, 1.0 / 3.0), from.toward(to, 2.0 / 3.0), to]);
            let so_far = self.length();
            self.steps.push((to, so_far + length));
        }
    }

    fn cubic(&mut self, [a, b, to]: [Point; 3]) {
        let from = self.end();
        self.cubics.push([a, b, to]);
        let rough = from.distance(a) + a.distance(b) + b.distance(to);
        let pieces = (rough / PIECE_PX).max(5.0).min(80.0) as usize;
        for i in 1..=pieces {
            let t = i as f32 / pieces as f32;
            let u = 1.0 - t;
            let mix = |p: f32, q: f32, r: f32, s: f32| {
                u * u * u * p + 3.0 * u * u * t * q + 3.0 * u * t * t * r + t * t * t * s
            };
            let here = Point::new(mix(from.x, a.x, b.x, to.x), mix(from.y, a.y, b.y, to.y));
            let (last, so_far) = self.steps.last().copied().unwrap_or((from, 0.0));
            self.steps.push((here, so_far + last.distance(here)));
        }
    }

    /// Where it starts.
    #[must_use]
    pub fn start(&self) -> Point {
        self.start
    }

    /// Where it ends.
    #[must_use]
    pub fn end(&self) -> Point {
        self.cubics.last().map_or(self.start, |c| c[2])
    }

    /// How long it is.
    #[must_use]
    pub fn length(&self) -> f32 {
        self.steps.last().map_or(0.0, |s| s.1)
    }

    /// The point a part `f` of the length (0 to 1) from the start.
    #[must_use]
    pub fn point_at(&self, f: f32) -> Point {
        let want = self.length() * f.max(0.0).min(1.0);
        let i = self.steps.partition_point(|s| s.1 < want);
        let Some(&(after, at_after)) = self.steps.get(i) else { return self.end() };
        let Some(&(before, at_before)) = i.checked_sub(1).and_then(|j| self.steps.get(j)) else {
            return after;
        };
        let gap = at_after - at_before;
        if gap <= 0.0 { after } else { before.toward(after, (want - at_before) / gap) }
    }

    /// The way back.
    #[must_use]
    pub fn reversed(&self) -> Self {
        let mut back = Self::point(self.end());
        for (i, c) in self.cubics.iter().enumerate().rev() {
            let to = i.checked_sub(1).map_or(self.start, |j| self.cubics[j][2]);
            back.cubics.push([c[1], c[0], to]);
        }
        let length = self.length();
        back.steps = self.steps.iter().rev().map(|&(p, at)| (p, length - at)).collect();
        back
    }

    /// SVG path data of the part between two lengths from its ends (0, 0: all of it).
    #[must_use]
    pub fn path(&self, cut_start_px: f32, cut_end_px: f32) -> String {
        let mut d = String::new();
        if cut_start_px <= 0.0 && cut_end_px <= 0.0 {
            let _ = write!(d, "M{} {}", short(self.start.x), short(self.start.y));
            for [a, b, to] in &self.cubics {
                d.push('C');
                for p in [a, b, to] {
                    let _ = write!(d, "{} {} ", short(p.x), short(p.y));
                }
            }
            return d;
        }
        let length = self.length();
        let (from, to) = (cut_start_px.min(length / 2.0), length - cut_end_px.min(length / 2.0));
        let mut pen = 'M';
        let mut put = |p: Point| {
            let _ = write!(d, "{pen}{} {}", short(p.x), short(p.y));
            pen = 'L';
        };
        put(self.point_at(from / length.max(0.01)));
        for &(p, at) in &self.steps {
            if at > from && at < to {
                put(p);
            }
        }
        put(self.point_at(to / length.max(0.01)));
        d
    }
}

// Floats are held between bounds with `max` and `min` all over this room: `clamp` brings the
// library's writing of floats with its panic.

/// A coordinate with one decimal: enough for a screen, short in a document.
#[must_use]
pub fn short(x: f32) -> Short {
    Short { tenths: (x * 10.0).round() as i32 }
}

/// A number of tenths. Writes itself: the library's way of writing floats has tables that
/// every visitor would have to load.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Short {
    tenths: i32,
}

impl Short {
    /// The number.
    #[must_use]
    pub fn get(self) -> f32 {
        self.tenths as f32 / 10.0
    }
}

impl fmt::Display for Short {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let size = self.tenths.unsigned_abs();
        let sign = if self.tenths < 0 { "-" } else { "" };
        match size % 10 {
            0 => write!(f, "{sign}{}", size / 10),
            tenth => write!(f, "{sign}{}.{tenth}", size / 10),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn goes_from_start_to_end_at_even_speed() {
        let curve = Curve::through(&[
            Point::new(0.0, 0.0),
            Point::new(100.0, 0.0),
            Point::new(100.0, 80.0),
            Point::new(40.0, 80.0),
        ]);
        assert_eq!(curve.point_at(0.0), Point::new(0.0, 0.0));
        assert_eq!(curve.point_at(1.0), Point::new(40.0, 80.0));
        let step = curve.length() / 100.0;
        for i in 0..100 {
            let (a, b) = (curve.point_at(i as f32 / 100.0), curve.point_at((i + 1) as f32 / 100.0));
            assert!((a.distance(b) - step).abs() < step * 0.12, "{i}: {a:?} {b:?}");
        }
    }

    #[test]
    fn the_way_back_is_the_same_way() {
        let curve = Curve::bend(Point::new(3.0, 4.0), Point::new(90.0, 70.0), false);
        let back = curve.reversed();
        assert!((curve.length() - back.length()).abs() < 0.1);
        for i in 0..=10 {
            let f = i as f32 / 10.0;
            assert!(curve.point_at(f).distance(back.point_at(1.0 - f)) < 0.5);
        }
    }

    #[test]
    fn a_point_is_a_way_too() {
        let curve = Curve::through(&[Point::new(5.0, 5.0), Point::new(5.0, 5.0)]);
        assert_eq!(curve.point_at(0.5), Point::new(5.0, 5.0));
        assert!(!curve.path(3.0, 3.0).contains("NaN"));
    }
}
