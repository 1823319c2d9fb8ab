//! `names.json`: which strings are names, labels, ports and addresses.

use crate::objects::text;
use crate::score::{Score, same};
use portolan::cluster::validate::{ip, names};
use serde_json::Value;

pub fn run(table: &Value, score: &mut Score) {
    for (section, format) in table.as_object().into_iter().flatten() {
        match section.as_str() {
            "meta" => {}
            "ip" => {
                for row in format["rows"].as_array().into_iter().flatten() {
                    let id = format!("ip {}: {}", text(row, "test"), text(row, "name"));
                    score.case(id, || address(row));
                }
            }
            _ => {
                for (list, good) in [("valid", true), ("invalid", false)] {
                    for value in format[list].as_array().into_iter().flatten() {
                        score.case(format!("{section} {list} {value}"), || name(section, value, good));
                    }
                }
            }
        }
    }
}

fn name(section: &str, value: &Value, good: bool) -> Result<(), String> {
    let string = value.as_str().unwrap_or("");
    let errors = match section {
        "dns1123Label" => names::dns1123_label(string),
        "dns1123Subdomain" => names::dns1123_subdomain(string),
        "dns1035Label" => names::dns1035_label(string),
        "portName" => names::port_name(string),
        "qualifiedName" => names::qualified_name(string),
        "labelValue" => names::label_value(string),
        "wildcardDNS1123Subdomain" => names::wildcard_subdomain(string),
        "portNum" => names::port_number(value.as_i64().ok_or("no number")?),
        other => return Err(format!("nobody knows the format {other}")),
    };
    same(errors.is_empty(), good).map_err(|why| format!("{why}: {errors:?}"))
}

fn address(row: &Value) -> Result<(), String> {
    let value = text(row, "in");
    match text(row, "test") {
        "TestIsValidIP" => three(row, ip::valid_ip(value), |strict| ip::legacy_ip(value, strict)),
        "TestIsValidCIDR" => three(row, ip::valid_cidr(value), |strict| ip::legacy_cidr(value, strict)),
        "TestIsValidInterfaceAddress" => expect("err", row, ip::valid_interface_address(value)),
        "TestGetWarningsForIP" => warns(row, ip::ip_warnings("field", text(row, "address"))),
        "TestGetWarningsForCIDR" => warns(row, ip::cidr_warnings("field", text(row, "cidr"))),
        other => Err(format!("nobody knows the test {other}")),
    }
}

fn three(row: &Value, got: Option<String>, legacy: impl Fn(bool) -> Option<String>) -> Result<(), String> {
    expect("err", row, got)?;
    expect("legacyErr", row, legacy(false))?;
    expect("legacyStrictErr", row, legacy(true))
}

/// As upstream: the expected text is part of the message; none expected, none wanted.
fn expect(key: &str, row: &Value, got: Option<String>) -> Result<(), String> {
    let fits = match (text(row, key), &got) {
        ("", got) => got.is_none(),
        (part, Some(got)) => got.contains(part),
        (_, None) => false,
    };
    if fits { Ok(()) } else { Err(format!("{key}: got {got:?}, expected {:?}", row.get(key))) }
}

/// The table says whether there are warnings, not which: `want: null` means none.
fn warns(row: &Value, got: Vec<String>) -> Result<(), String> {
    let none = row.get("want").is_some_and(Value::is_null);
    same(got.is_empty(), none).map_err(|why| format!("{why}: {got:?}"))
}
