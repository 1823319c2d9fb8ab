//! `allocation.json`: which band automatic allocation prefers.

use crate::objects::{id, rows, text};
use crate::score::{Score, same};
use portolan::cluster::allocate::{Cidr, PortRange};
use serde_json::{Value, json};

pub fn run(table: &Value, score: &mut Score) {
    for (index, row) in rows(table, "rows").iter().enumerate() {
        score.case(id(text(row, "kind"), index, row), || check(row));
    }
}

fn check(row: &Value) -> Result<(), String> {
    let reserved = row["reservedForStatic"].as_u64().ok_or("no reservedForStatic")?;
    match text(row, "kind") {
        "clusterIPStaticBand" => same(cidr(row)?.static_band(), reserved),
        "nodePortStaticBand" => {
            let number = |key: &str| row[key].as_u64().ok_or("no such range");
            let base = u16::try_from(number("base")?).map_err(|_| "no such port")?;
            // Ports end at 65,535: a range from 0 on holds one more than a u16 counts.
            let size = u16::try_from(number("size")?).unwrap_or(u16::MAX);
            let range = PortRange { base, size };
            same(u64::from(range.static_band()), reserved)
        }
        "clusterIPBandExample" => {
            let range = cidr(row)?;
            same(range.static_band(), reserved)?;
            same(json!(range.static_range()), row["staticRange"].clone())?;
            same(json!(range.dynamic_range()), row["dynamicRange"].clone())
        }
        "nodePortBandExample" => {
            let (base, last) = text(row, "range").split_once('-').ok_or("no range")?;
            let base: u16 = base.parse().map_err(|_| "no number")?;
            let last: u16 = last.parse().map_err(|_| "no number")?;
            let range = PortRange { base, size: (last - base).saturating_add(1) };
            same(u64::from(range.static_band()), reserved)?;
            same(json!(range.static_range()), row["staticRange"].clone())?;
            same(json!(range.dynamic_range()), row["dynamicRange"].clone())
        }
        other => Err(format!("unknown kind {other}")),
    }
}

fn cidr(row: &Value) -> Result<Cidr, String> {
    Cidr::parse(text(row, "cidr")).ok_or_else(|| format!("{} is no CIDR", row["cidr"]))
}
