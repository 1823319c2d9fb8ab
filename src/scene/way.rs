//! The way from one place to the next: bends over water, quiet ways between cards on
//! land. Every place has a dock; every dock knows the free way to a trunk (a channel on
//! a node, a lane along the coast, a gap between cards).

use super::{Curve, Form, Point, Scene};
use crate::routing::Place;

/// Where a place is, and how one gets away from it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Dock {
    pub(super) at: Point,
    pub(super) shore: Shore,
}

/// What is around a dock.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Shore {
    /// Water.
    Sea,
    /// A node's coast side.
    West { node: usize },
    /// A node's rules or network, by its channel.
    Inland { node: usize },
    /// A pod: up to its gutter, along it to the channel.
    Pod { node: usize, gutter_y: f32 },
    /// A card above the nodes: down to its gutter, along it to the gap.
    Band { gutter_y: f32, gap_x: f32 },
}

/// Ways that share a channel keep to their right-hand side of it, so that there and back
/// can be told apart.
fn keep_right(mut points: Vec<Point>) -> Vec<Point> {
    points.dedup_by(|a, b| a.distance(*b) < 0.5);
    let whole = points.clone();
    let last = whole.len().saturating_sub(1);
    for i in 1..last {
        for (k, from, to) in [(i - 1, whole[i - 1], whole[i]), (i, whole[i], whole[i + 1])] {
            // The first and the last stretch lead to their place and stay.
            if k == 0 || k + 1 == last {
                continue;
            }
            if (from.x - to.x).abs() < 0.5 {
                points[i].x = whole[i].x - ASIDE.0 * (to.y - from.y).signum();
            } else {
                points[i].y = whole[i].y + ASIDE.1 * (to.x - from.x).signum();
            }
        }
    }
    points
}

/// How far ways keep aside, in upright and in level channels.
const ASIDE: (f32, f32) = (4.0, 2.0);

impl Scene {
    pub(super) fn dock(&self, place: &Place) -> Dock {
        if let Some(dock) = self.docks.get(place) {
            return *dock;
        }
        // A place that this cluster does not have (any more): the nearest that makes sense.
        let stand_in = match place {
            Place::NodePort(node, _) | Place::Rules(node) => self.docks.get(&Place::Node(node.clone())),
            Place::Internet(_) => self.sea.first().and_then(|item| self.docks.get(&item.place)),
            Place::Nowhere(_) | Place::External(_) => Some(&self.nowhere),
            Place::LoadBalancer(service) => self.docks.get(&Place::Service(service.clone())),
            _ => None,
        };
        stand_in.copied().unwrap_or(Dock {
            at: Point::new(self.land.x + self.land.w / 2.0, self.hub_y),
            shore: Shore::Sea,
        })
    }

    /// The way between two places; the same every time.
    #[must_use]
    pub fn curve(&self, from: &Place, to: &Place) -> Curve {
        if from == to {
            return Curve::point(self.anchor(from));
        }
        let (a, b) = (self.dock(from), self.dock(to));
        match (a.shore, b.shore) {
            (Shore::Sea, Shore::Sea) if self.form == Form::Wide && (a.at.x - b.at.x).abs() > 40.0 => {
                let x = self.sea_lane();
                Curve::through(&[a.at, Point::new(x, a.at.y), Point::new(x, b.at.y), b.at])
            }
            (Shore::Sea, Shore::Sea) => {
                let upright = (a.at.y - b.at.y).abs() > (a.at.x - b.at.x).abs();
                Curve::bend(a.at, b.at, upright)
            }
            (Shore::Sea, _) => self.landfall(a.at, b),
            (_, Shore::Sea) => self.landfall(b.at, a).reversed(),
            (Shore::West { node: n }, Shore::Inland { node: m })
            | (Shore::Inland { node: n }, Shore::West { node: m })
                if n == m =>
            {
                let (west, rules) = if a.at.x < b.at.x { (a.at, b.at) } else { (b.at, a.at) };
                let curve = self.inward(n, west, rules);
                if a.at.x < b.at.x { curve } else { curve.reversed() }
            }
            _ => self.overland(a, b),
        }
    }

    /// The free way up and down between what is outside and what is at the edge.
    fn sea_lane(&self) -> f32 {
        self.land.x * super::sea::LANE
    }

    /// From a node's coast side to its rules.
    fn inward(&self, node: usize, west: Point, rules: Point) -> Curve {
        let card = &self.nodes[node];
        if west.x <= card.rect.x + 1.0 {
            return Curve::bend(west, rules, false);
        }
        // The mooring lies beside the node's name: down first, then in.
        if card.doors.len() < 2 {
            return Curve::bend(west, rules, true);
        }
        // Between the name and the numbers of the doors.
        let (y, x) = (card.rect.y + card.head - 1.5, rules.x - 20.0);
        Curve::through(&[west, Point::new(west.x, y), Point::new(x, y), Point::new(x, rules.y), rules])
    }

    /// From the water to a dock on land.
    fn landfall(&self, from: Point, to: Dock) -> Curve {
        let mut curve = Curve::point(from);
        // From the edge the way goes along the coast, clear of what is written in the water.
        let coasting = self.form == Form::Wide && from.x > self.land.x * 0.6;
        let edge = self.sea.iter().any(|item| item.at.x > self.land.x * 0.6);
        let sea_lane = self.sea_lane();
        let mut reach = |y: f32| match self.form {
            Form::Wide if coasting => {
                curve.follow(&[Point::new(self.lane_x, from.y), Point::new(self.lane_x, y)])
            }
            Form::Wide if edge => {
                let (out, there) = (Point::new(sea_lane, from.y), Point::new(sea_lane, y));
                curve.follow(&[out, there, Point::new(self.lane_x, y)]);
            }
            Form::Wide => curve.bend_to(Point::new(self.lane_x, y), false),
            Form::Tall => curve.bend_to(Point::new(self.lane_x, self.land.y.min(y)), true),
        };
        let lane = |x: f32, y: f32| Point::new(x, y);
        match to.shore {
            Shore::West { node } => {
                let lane_x = self.nodes[node].lane_x;
                if lane_x > self.lane_x + 1.0 {
                    let gap_y = self.nodes[node].gap_y;
                    reach(gap_y);
                    curve.follow(&[
                        lane(self.lane_x, gap_y),
                        lane(lane_x, gap_y),
                        lane(lane_x, to.at.y),
                        to.at,
                    ]);
                } else if coasting {
                    let lane_x = self.lane_x;
                    curve.follow(&[lane(lane_x, from.y), lane(lane_x, to.at.y), to.at]);
                } else if self.form == Form::Wide && edge {
                    curve.follow(&[lane(sea_lane, from.y), lane(sea_lane, to.at.y), to.at]);
                } else if self.form == Form::Wide {
                    curve.bend_to(to.at, false);
                } else {
                    reach(to.at.y);
                    curve.follow(&[lane(self.lane_x, to.at.y), to.at]);
                }
            }
            Shore::Band { gutter_y, .. } => {
                reach(gutter_y);
                curve.follow(&[lane(self.lane_x, gutter_y), lane(to.at.x, gutter_y), to.at]);
            }
            Shore::Inland { node } | Shore::Pod { node, .. } => {
                let gap_y = self.nodes.get(node).map_or(self.hub_y, |n| n.gap_y);
                reach(gap_y);
                let mut points = vec![lane(self.lane_x, gap_y)];
                let (inner, trunk_x) = self.to_trunk(to);
                points.push(lane(trunk_x, gap_y));
                points.extend(inner.into_iter().rev());
                curve.follow(&points);
            }
            Shore::Sea => curve.bend_to(to.at, false),
        }
        curve
    }

    fn overland(&self, a: Dock, b: Dock) -> Curve {
        if let (Shore::Pod { node: n, gutter_y: y }, Shore::Pod { node: m, gutter_y: z }) = (a.shore, b.shore)
            && n == m
            && (y - z).abs() < 0.5
        {
            // Neighbours in one row: no need to go round by the channel.
            return Curve::through(&[a.at, Point::new(a.at.x, y), Point::new(b.at.x, y), b.at]);
        }
        let (mut points, trunk_a) = self.to_trunk(a);
        let (inner, trunk_b) = self.to_trunk(b);
        if (trunk_a - trunk_b).abs() > 1.0 {
            let cross_y = match (a.shore, b.shore) {
                (Shore::Band { .. }, Shore::Band { gutter_y, .. }) => gutter_y,
                (Shore::Band { .. }, _) | (_, Shore::Band { .. }) => self.hub_y,
                _ => self.node_of(b).map_or(self.hub_y, |n| n.gap_y),
            };
            points.push(Point::new(trunk_a, cross_y));
            points.push(Point::new(trunk_b, cross_y));
        }
        points.extend(inner.into_iter().rev());
        Curve::through(&keep_right(points))
    }

    fn node_of(&self, dock: Dock) -> Option<&super::NodeCard> {
        match dock.shore {
            Shore::West { node } | Shore::Inland { node } | Shore::Pod { node, .. } => self.nodes.get(node),
            Shore::Sea | Shore::Band { .. } => None,
        }
    }

    /// The points from a dock to its trunk, and where the trunk is.
    fn to_trunk(&self, dock: Dock) -> (Vec<Point>, f32) {
        let at = dock.at;
        match dock.shore {
            Shore::Sea => (vec![at], at.x),
            Shore::West { node } => {
                let x = self.nodes[node].lane_x;
                (vec![at, Point::new(x, at.y)], x)
            }
            Shore::Inland { node } => {
                let x = self.nodes[node].channel_x;
                (vec![at, Point::new(x, at.y)], x)
            }
            Shore::Pod { node, gutter_y } => {
                // Pods on no node have the first node's channel.
                let x = self.nodes.get(node).map_or(self.lane_x, |n| n.channel_x);
                (vec![at, Point::new(at.x, gutter_y), Point::new(x, gutter_y)], x)
            }
            Shore::Band { gutter_y, gap_x } => {
                (vec![at, Point::new(at.x, gutter_y), Point::new(gap_x, gutter_y)], gap_x)
            }
        }
    }
}
