//! How much detail fits: the plan of the land, before anything has its place.

use super::{Detail, Rect};

/// Between two doors, where there is room.
pub(super) const DOOR_PITCH_PX: f32 = 25.0;
/// Between two nodes, side by side.
pub(super) const GAP_COLUMNS_PX: f32 = 24.0;

/// Distances that every chart keeps.
#[derive(Clone, Copy, Debug)]
pub(super) struct Gaps {
    /// Space round the land.
    pub(super) margin: f32,
    /// Height of the resolver's row at the top of the land.
    pub(super) top: f32,
    /// Height of a node's head: name, address, zone.
    pub(super) head: f32,
    /// Between a node's head and its first pods.
    pub(super) brow: f32,
    /// Under a node's last pods.
    pub(super) foot: f32,
    /// Between two nodes, one above the other.
    pub(super) nodes: f32,
    /// Between Services and nodes.
    pub(super) hub: f32,
    /// At the right end of a node.
    end: f32,
    /// Under the last node.
    pub(super) shore: f32,
    /// Height of a pod's card that has its name alone, and the way above it.
    pod: (f32, f32),
}

/// As charts usually are.
pub(super) const ROOMY: Gaps = Gaps {
    margin: 8.0,
    top: 40.0,
    head: 27.0,
    brow: 6.0,
    foot: 10.0,
    nodes: 14.0,
    hub: 22.0,
    end: 12.0,
    shore: 16.0,
    pod: (24.0, 9.0),
};
/// For a low frame in somebody else's page.
pub(super) const TIGHT: Gaps = Gaps {
    margin: 4.0,
    top: 28.0,
    head: 22.0,
    brow: 3.0,
    foot: 6.0,
    nodes: 8.0,
    hub: 14.0,
    end: 8.0,
    shore: 7.0,
    pod: (20.0, 7.0),
};
/// For phones, which scroll: a finger wants more than a name is high.
pub(super) const FINGERS: Gaps = Gaps { pod: (40.0, 9.0), ..ROOMY };

/// The room on land.
#[derive(Clone, Copy, Debug)]
pub(super) struct Room {
    pub(super) left: f32,
    pub(super) right: f32,
    pub(super) top: f32,
    /// Open where the chart may grow.
    pub(super) bottom: Option<f32>,
    pub(super) gaps: &'static Gaps,
}

/// Equal cells in rows.
#[derive(Clone, Debug, Default)]
pub(super) struct Grid {
    pub(super) columns: usize,
    pub(super) w: f32,
    pub(super) h: f32,
    pub(super) gap_x: f32,
    pub(super) gap_y: f32,
}

impl Grid {
    fn new(room: f32, size: &Cell) -> Self {
        let columns = (((room + size.gap_x) / (size.min_w + size.gap_x)).floor() as usize).max(1);
        let w = (room - size.gap_x * (columns - 1) as f32) / columns as f32;
        Self {
            columns,
            w: w.max(size.min_w.min(room.max(4.0))).min(size.max_w),
            h: size.h,
            gap_x: size.gap_x,
            gap_y: size.gap_y,
        }
    }

    /// The cell of a number.
    pub(super) fn cell(&self, x: f32, y: f32, i: usize) -> Rect {
        let (column, row) = ((i % self.columns) as f32, (i / self.columns) as f32);
        Rect::new(x + (self.w + self.gap_x) * column, y + (self.h + self.gap_y) * row, self.w, self.h)
    }

    /// Height of `n` cells.
    fn height(&self, n: usize) -> f32 {
        let rows = n.div_ceil(self.columns) as f32;
        (rows * (self.h + self.gap_y) - self.gap_y).max(0.0)
    }
}

/// Measures of a cell.
struct Cell {
    min_w: f32,
    max_w: f32,
    h: f32,
    gap_x: f32,
    gap_y: f32,
}

const fn service_cell(detail: Detail) -> Cell {
    match detail {
        Detail::Full => Cell { min_w: 164.0, max_w: 320.0, h: 96.0, gap_x: 14.0, gap_y: 16.0 },
        Detail::Compact => Cell { min_w: 128.0, max_w: 230.0, h: 42.0, gap_x: 12.0, gap_y: 12.0 },
        Detail::Mark | Detail::Dot => Cell { min_w: 92.0, max_w: 170.0, h: 22.0, gap_x: 8.0, gap_y: 8.0 },
    }
}

fn pod_cell(detail: Detail, gaps: &Gaps) -> Cell {
    let (name_h, name_gap) = gaps.pod;
    match detail {
        Detail::Full => Cell { min_w: 103.0, max_w: 134.0, h: 60.0, gap_x: 10.0, gap_y: 14.0 },
        Detail::Compact => Cell { min_w: 92.0, max_w: 132.0, h: name_h, gap_x: 8.0, gap_y: name_gap },
        Detail::Mark => Cell { min_w: 14.0, max_w: 14.0, h: 14.0, gap_x: 6.0, gap_y: 6.0 },
        Detail::Dot => Cell { min_w: 8.0, max_w: 8.0, h: 8.0, gap_x: 4.0, gap_y: 4.0 },
    }
}

fn node_min_w(pod: Detail, gaps: &Gaps) -> f32 {
    match pod {
        Detail::Compact if gaps.head < ROOMY.head => 184.0,
        Detail::Full => 216.0,
        Detail::Compact => 204.0,
        Detail::Mark | Detail::Dot => 150.0,
    }
}

/// How many things want a place.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Counts {
    /// Services and Ingresses.
    pub(super) cards: usize,
    /// Seats by node.
    pub(super) seats: Vec<usize>,
    /// Pods on no node.
    pub(super) waiting: usize,
    /// Node ports.
    pub(super) doors: usize,
}

impl Counts {
    fn most(&self) -> usize {
        self.seats.iter().copied().max().unwrap_or(0)
    }
}

/// What was chosen.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    pub(super) service: Detail,
    pub(super) pod: Detail,
    /// Services and Ingresses.
    pub(super) band: Grid,
    /// The middle of the free way between Services and nodes.
    pub(super) hub_y: f32,
    pub(super) nodes_y: f32,
    pub(super) columns: usize,
    pub(super) node_w: f32,
    pub(super) node_h: f32,
    pub(super) node_gap: f32,
    /// Where pods begin within a node.
    pub(super) spine: f32,
    /// Where the rules are within a node.
    pub(super) rules_dx: f32,
    pods: Grid,
    /// Pods that no node has taken.
    pub(super) waiting: Grid,
    pub(super) unplaced_y: Option<f32>,
    pub(super) bottom: f32,
    pub(super) room: Room,
    /// What it was made for.
    counts: Counts,
}

impl Plan {
    /// Height of a pod's card.
    pub(super) fn seat_h(&self) -> f32 {
        self.pods.h
    }

    /// How the pods of a node with so many seats are drawn: where they are too many for
    /// this plan, this node alone says less of each, and nothing else has to move.
    pub(super) fn seats(&self, count: usize) -> (Detail, Grid) {
        let high = self.node_h - self.room.gaps.head - self.room.gaps.brow;
        let wide = self.node_w - self.spine - self.room.gaps.end;
        let mut last = (self.pod, self.pods.clone());
        for pod in [Compact, Mark, Dot] {
            if last.1.height(count) <= high {
                break;
            }
            if pod < self.pod {
                last = (pod, Grid::new(wide, &pod_cell(pod, self.room.gaps)));
            }
        }
        last
    }

    /// Whether everything can keep its place although the counts have changed.
    pub(super) fn serves(&self, counts: &Counts) -> bool {
        let fits = |&count: &usize| {
            let (pod, grid) = self.seats(count);
            pod >= self.pod.min(Compact)
                && grid.height(count) <= self.node_h - self.room.gaps.head - self.room.gaps.brow
        };
        counts.seats.len() == self.counts.seats.len()
            && counts.waiting == self.counts.waiting
            && counts.doors == self.counts.doors
            && counts.cards.min(1) == self.counts.cards.min(1)
            && self.band.height(counts.cards) == self.band.height(self.counts.cards)
            // Much room for few pods is worth a new chart.
            && counts.most() * 2 >= self.counts.most()
            && counts.seats.iter().all(fits)
    }
}

use Detail::{Compact, Dot, Full, Mark};
/// From the most that can be said to the least.
const CHOICES: [(Detail, Detail); 9] = [
    (Full, Full),
    (Compact, Full),
    (Full, Compact),
    (Compact, Compact),
    (Mark, Compact),
    (Compact, Mark),
    (Mark, Mark),
    (Compact, Dot),
    (Mark, Dot),
];
/// How many of the choices name every pod.
const WITH_NAMES: usize = 5;

/// The first of the choices that fits, in as few columns of nodes as will do.
pub(super) fn fit(room: &Room, counts: &Counts, names: bool) -> Option<Plan> {
    let choices = if names { &CHOICES[..WITH_NAMES] } else { &CHOICES[..] };
    choices.iter().find_map(|&choice| fit_choice(room, counts, choice))
}

/// The plan that says so much, where it fits.
pub(super) fn fit_choice(room: &Room, counts: &Counts, (service, pod): (Detail, Detail)) -> Option<Plan> {
    let bottom = room.bottom?;
    for columns in 1..=counts.seats.len().clamp(1, 12) {
        let node_w = node_width(room, columns);
        if columns > 1 && node_w < node_min_w(pod, room.gaps) {
            break;
        }
        let plan = lay(room, counts, service, pod, columns);
        if plan.bottom <= bottom {
            return Some(spread(plan, bottom));
        }
    }
    None
}

/// The details of choice number `i`, of those that name every pod.
pub(super) fn choice_with_names(i: usize) -> Option<(Detail, Detail)> {
    CHOICES[..WITH_NAMES].get(i).copied()
}

/// A plan for a chart that grows downwards.
pub(super) fn grow(room: &Room, counts: &Counts) -> Plan {
    let most = counts.most();
    if room.bottom.is_none() {
        // It may grow: the detail follows from how much there is to say.
        let service = if counts.cards <= 4 {
            Full
        } else if counts.cards <= 40 {
            Compact
        } else {
            Mark
        };
        let pod = match most {
            0..=6 => Full,
            7..=16 => Compact,
            17..=120 => Mark,
            _ => Dot,
        };
        return lay(room, counts, service, pod, 1);
    }
    // Too much for one look: the smallest form that still has names.
    let pod = if most <= 12 {
        Compact
    } else if most <= 150 {
        Mark
    } else {
        Dot
    };
    let service = if counts.cards <= 24 { Compact } else { Mark };
    let columns = (1..=counts.seats.len().max(1))
        .take_while(|&c| c == 1 || node_width(room, c) >= node_min_w(pod, room.gaps))
        .last();
    lay(room, counts, service, pod, columns.unwrap_or(1))
}

fn node_width(room: &Room, columns: usize) -> f32 {
    (room.right - room.left - GAP_COLUMNS_PX * (columns - 1) as f32) / columns as f32
}

fn lay(room: &Room, counts: &Counts, service: Detail, pod: Detail, columns: usize) -> Plan {
    let inner = room.right - room.left;
    let gaps = room.gaps;
    let mut cell = service_cell(service);
    if service == Full && inner >= 400.0 {
        // Where there is room for two, they have room for a whole address.
        cell.min_w = 192.0;
    }
    let band = Grid::new(inner, &cell);
    let band_h = if counts.cards == 0 { 34.0 } else { band.height(counts.cards) };
    let node_w = node_width(room, columns);
    let (spine, rules_dx) = match node_w {
        w if w >= 380.0 => (146.0, 94.0),
        _ if gaps.head < ROOMY.head => (92.0, 60.0),
        _ => (104.0, 67.0),
    };
    let pods = Grid::new(node_w - spine - gaps.end, &pod_cell(pod, gaps));
    let least = if pod == Full { 96.0 } else { gaps.head + 41.0 };
    let node_h = (gaps.head + gaps.brow + pods.height(counts.most()) + gaps.foot)
        .max(least)
        .max(gaps.head + 8.0 + counts.doors as f32 * 9.0);
    let nodes_y = room.top + band_h + gaps.hub;
    let rows = counts.seats.len().div_ceil(columns);
    let mut bottom = nodes_y + rows as f32 * (node_h + gaps.nodes) - if rows > 0 { gaps.nodes } else { 0.0 };
    let waiting = Grid::new(inner - 24.0, &pod_cell(pod, gaps));
    let mut unplaced_y = None;
    if counts.waiting > 0 {
        let y = bottom + gaps.nodes;
        unplaced_y = Some(y);
        bottom = y + gaps.head + waiting.height(counts.waiting) + gaps.foot;
    }
    Plan {
        service,
        pod,
        band,
        hub_y: nodes_y - gaps.hub / 2.0,
        nodes_y,
        columns,
        node_w,
        node_h,
        node_gap: gaps.nodes,
        spine,
        rules_dx,
        pods,
        waiting,
        unplaced_y,
        bottom,
        room: *room,
        counts: counts.clone(),
    }
}

/// Uses the height that is left.
fn spread(mut plan: Plan, bottom: f32) -> Plan {
    let rows = plan.counts.seats.len().div_ceil(plan.columns);
    if rows == 0 {
        return plan;
    }
    let row_h = plan.pods.h + plan.pods.gap_y;
    let left = bottom - plan.bottom;
    // Room for one more row of pods: the next one moves nothing.
    let more = (left / rows as f32).min(row_h.max(26.0) + 22.0);
    plan.node_h += more;
    let rest = left - more * rows as f32;
    let widen = if rows > 1 { (rest / (rows - 1) as f32).min(14.0) } else { 0.0 };
    plan.node_gap += widen;
    let moved = more * rows as f32 + widen * (rows - 1) as f32;
    plan.bottom += moved;
    plan.unplaced_y = plan.unplaced_y.map(|y| y + moved);
    plan
}
