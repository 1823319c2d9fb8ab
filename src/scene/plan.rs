//! How much detail fits: the plan of the land, before anything has its place.

use super::{Detail, Rect};

/// Height of a node's head: name, address, zone.
pub(super) const HEAD_PX: f32 = 27.0;
/// Between two doors, where there is room.
pub(super) const DOOR_PITCH_PX: f32 = 25.0;
/// Between two nodes, one above the other.
pub(super) const GAP_NODES_PX: f32 = 14.0;
/// Between two nodes, side by side.
pub(super) const GAP_COLUMNS_PX: f32 = 24.0;
/// Between Services and nodes.
const HUB_PX: f32 = 22.0;
/// At the right end of a node.
const NODE_END_PX: f32 = 12.0;

/// The room on land.
pub(super) struct Room {
    pub(super) left: f32,
    pub(super) right: f32,
    pub(super) top: f32,
    /// Open where the chart may grow.
    pub(super) bottom: Option<f32>,
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
            w: w.clamp(size.min_w.min(room.max(4.0)), size.max_w),
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

const fn pod_cell(detail: Detail) -> Cell {
    match detail {
        Detail::Full => Cell { min_w: 106.0, max_w: 134.0, h: 60.0, gap_x: 10.0, gap_y: 14.0 },
        Detail::Compact => Cell { min_w: 92.0, max_w: 132.0, h: 24.0, gap_x: 8.0, gap_y: 9.0 },
        Detail::Mark => Cell { min_w: 14.0, max_w: 14.0, h: 14.0, gap_x: 6.0, gap_y: 6.0 },
        Detail::Dot => Cell { min_w: 8.0, max_w: 8.0, h: 8.0, gap_x: 4.0, gap_y: 4.0 },
    }
}

const fn node_min_w(pod: Detail) -> f32 {
    match pod {
        Detail::Full => 216.0,
        Detail::Compact => 208.0,
        Detail::Mark | Detail::Dot => 150.0,
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
    pub(super) pods: Grid,
    /// Pods that no node has taken.
    pub(super) waiting: Grid,
    pub(super) unplaced_y: Option<f32>,
    pub(super) bottom: f32,
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

/// The plan that says the most in the room that there is. `pods` counts seats by node,
/// the last entry those on no node.
pub(super) fn choose(room: &Room, cards: usize, pods: &[usize], doors: usize) -> Plan {
    let nodes = pods.len().saturating_sub(1);
    let most = pods.iter().copied().max().unwrap_or(0);
    let Some(bottom) = room.bottom else {
        // It may grow: the detail follows from how much there is to say.
        let service = if cards <= 4 {
            Full
        } else if cards <= 16 {
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
        return lay(room, cards, pods, doors, service, pod, 1);
    };
    for (service, pod) in CHOICES {
        for columns in 1..=nodes.clamp(1, 12) {
            let node_w = node_width(room, columns);
            if columns > 1 && node_w < node_min_w(pod) {
                break;
            }
            let plan = lay(room, cards, pods, doors, service, pod, columns);
            if plan.bottom <= bottom {
                return spread(plan, bottom, nodes, pods.last().is_some_and(|&n| n > 0));
            }
        }
    }
    // Too much for one look: it grows downwards, in the smallest form that still has names.
    let pod = if most <= 12 {
        Compact
    } else if most <= 150 {
        Mark
    } else {
        Dot
    };
    let service = if cards <= 24 { Compact } else { Mark };
    let columns = (1..=nodes.max(1)).take_while(|&c| c == 1 || node_width(room, c) >= node_min_w(pod)).last();
    lay(room, cards, pods, doors, service, pod, columns.unwrap_or(1))
}

fn node_width(room: &Room, columns: usize) -> f32 {
    (room.right - room.left - GAP_COLUMNS_PX * (columns - 1) as f32) / columns as f32
}

fn lay(
    room: &Room,
    cards: usize,
    pods: &[usize],
    doors: usize,
    service: Detail,
    pod: Detail,
    columns: usize,
) -> Plan {
    let inner = room.right - room.left;
    let mut cell = service_cell(service);
    if service == Full && inner >= 400.0 {
        // Where there is room for two, they have room for a whole address.
        cell.min_w = 192.0;
    }
    let band = Grid::new(inner, &cell);
    let band_h = if cards == 0 { 34.0 } else { band.height(cards) };
    let node_w = node_width(room, columns);
    let (spine, rules_dx) = if node_w >= 380.0 { (146.0, 94.0) } else { (104.0, 70.0) };
    let grid = Grid::new(node_w - spine - NODE_END_PX, &pod_cell(pod));
    let (nodes, waiting) = match pods.split_last() {
        Some((waiting, nodes)) => (nodes, *waiting),
        None => (&[][..], 0),
    };
    let most = nodes.iter().copied().max().unwrap_or(0);
    let least = if pod == Full { 96.0 } else { 68.0_f32 };
    let node_h =
        (HEAD_PX + 6.0 + grid.height(most) + 10.0).max(least).max(HEAD_PX + 8.0 + doors as f32 * 9.0);
    let nodes_y = room.top + band_h + HUB_PX;
    let rows = nodes.len().div_ceil(columns);
    let mut bottom =
        nodes_y + rows as f32 * (node_h + GAP_NODES_PX) - if rows > 0 { GAP_NODES_PX } else { 0.0 };
    let waiting_grid = Grid::new(inner - 24.0, &pod_cell(pod));
    let mut unplaced_y = None;
    if waiting > 0 {
        let y = bottom + GAP_NODES_PX;
        unplaced_y = Some(y);
        bottom = y + HEAD_PX + waiting_grid.height(waiting) + 10.0;
    }
    Plan {
        service,
        pod,
        band,
        hub_y: nodes_y - HUB_PX / 2.0,
        nodes_y,
        columns,
        node_w,
        node_h,
        node_gap: GAP_NODES_PX,
        spine,
        rules_dx,
        pods: grid,
        waiting: waiting_grid,
        unplaced_y,
        bottom,
    }
}

/// Uses the height that is left.
fn spread(mut plan: Plan, bottom: f32, nodes: usize, waiting: bool) -> Plan {
    let rows = nodes.div_ceil(plan.columns);
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
    if waiting {
        plan.unplaced_y = plan.unplaced_y.map(|y| y + moved);
    }
    plan
}
