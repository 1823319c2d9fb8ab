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
            let number =
                |key: &str| row[key].as_u64().and_then(|n| u16::try_from(n).ok()).ok_or("no such range");
            let range = PortRange { base: number("base")?, size: number("size")? };
            same(u64::from(range.static_band()), reserved)
        }
        "clusterIPBandExample" => {
            let range = cidr(row)?;
            let texts = |range: Option<_>| range.map(|(a, b): (std::net::IpAddr, _)| json!([a, b]));
            same(range.static_band(), reserved)?;
            same(texts(range.static_range()), Some(row["staticRange"].clone()))?;
            same(texts(range.dynamic_range()), Some(row["dynamicRange"].clone()))
        }
        "nodePortBandExample" => {
            let (base, last) = text(row, "range").split_once('-').ok_or("no range")?;
            let base: u16 = base.parse().map_err(|_| "no number")?;
            let last: u16 = last.parse().map_err(|_| "no number")?;
            let range = PortRange { base, size: last - base + 1 };
            let band = range.static_band();
            same(u64::from(band), reserved)?;
            same(json!([base, base + band - 1]), row["staticRange"].clone())?;
            same(json!([base + band, range.last()]), row["dynamicRange"].clone())
        }
        other => Err(format!("unknown kind {other}")),
    }
}

fn cidr(row: &Value) -> Result<Cidr, String> {
    Cidr::parse(text(row, "cidr")).ok_or_else(|| format!("{} is no CIDR", row["cidr"]))
}
