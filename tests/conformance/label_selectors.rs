//! `label_selectors.json`: reading, printing, validating and matching selectors.

use crate::objects::{id, object, rows, text};
use crate::score::{Score, same};
use portolan::cluster::selector::{self, Operator, Requirement, Selector};
use portolan::manifest::Body;
use portolan::manifest::metadata::Labels;
use serde_json::{Value, json};
use std::rc::Rc;

pub fn run(table: &Value, score: &mut Score) {
    type Check = fn(&Value) -> Result<(), String>;
    let sections: [(&str, Check); 8] = [
        ("parse", parse),
        ("parseSetBased", parse),
        ("match", matches),
        ("matchLabelsMap", matches_map),
        ("matchRequirements", matches_requirements),
        ("toString", to_string),
        ("requirementValidation", validation),
        ("labelSelector", label_selector),
    ];
    for (section, check) in sections {
        for (index, row) in rows(table, section).iter().enumerate() {
            score.case(id(section, index, row), || check(row));
        }
    }
}

fn labels(value: &Value) -> Labels {
    let pairs = value.as_object().into_iter().flatten();
    pairs.map(|(k, v)| (k.as_str().into(), v.as_str().unwrap_or("").into())).collect()
}

fn values(row: &Value) -> Vec<Rc<str>> {
    rows(row, "values").iter().map(|v| v.as_str().unwrap_or("").into()).collect()
}

fn requirements(row: &Value) -> Result<Selector, String> {
    let one = |row: &Value| {
        let operator = Operator::parse(text(row, "operator")).ok_or("unknown operator")?;
        Requirement::new(text(row, "key"), operator, values(row)).map_err(|e| format!("{e:?}"))
    };
    rows(row, "requirements").iter().map(one).collect::<Result<_, String>>().map(Selector)
}

fn parse(row: &Value) -> Result<(), String> {
    let got = Selector::parse(text(row, "selector"));
    same(got.is_ok(), row["valid"] == true).map_err(|why| format!("{why}: {got:?}"))?;
    let Ok(got) = got else { return Ok(()) };
    if let Some(expected) = row["expectString"].as_str() {
        same(got.to_string().as_str(), expected)?;
    }
    if let Some(expected) = row["expectRequirements"].as_array() {
        let as_row =
            |r: &Requirement| json!({"key": *r.key, "operator": r.operator.name(), "values": r.values});
        same(&got.0.iter().map(as_row).collect(), expected)?;
    }
    Ok(())
}

fn matches(row: &Value) -> Result<(), String> {
    let selector = Selector::parse(text(row, "selector"))?;
    same(selector.matches(&labels(&row["labels"])), row["match"] == true)
}

fn matches_map(row: &Value) -> Result<(), String> {
    let selector = labels(&row["selectorMap"]);
    same(selector::matches_map(&selector, &labels(&row["labels"])), row["match"] == true)
}

fn matches_requirements(row: &Value) -> Result<(), String> {
    same(requirements(row)?.matches(&labels(&row["labels"])), row["match"] == true)
}

fn to_string(row: &Value) -> Result<(), String> {
    same(requirements(row)?.to_string().as_str(), text(row, "expectString"))
}

fn validation(row: &Value) -> Result<(), String> {
    let got = Requirement::of_word(text(row, "key"), text(row, "operator"), values(row));
    let Some(expected) = row["expectError"].as_object() else {
        return got.map(drop).map_err(|e| format!("{e:?}"));
    };
    let errors = got.err().unwrap_or_default();
    let got: Vec<Value> = errors
        .iter()
        .map(|e| json!({"type": format!("{:?}", e.kind), "field": e.field.to_string()}))
        .collect();
    same(got, vec![Value::Object(expected.clone())])
}

fn label_selector(row: &Value) -> Result<(), String> {
    // A missing selector selects nothing: there is no Selector to speak of.
    let stated = &row["labelSelector"];
    if stated.is_null() {
        return same(&row["expectString"], &Value::Null);
    }
    let set = json!({"metadata": {"name": "x"}, "spec": {"selector": stated}});
    let object = object(&set, "apps/v1", "ReplicaSet")?;
    let Body::Workload(workload) = &object.body else { return Err("no ReplicaSet".to_owned()) };
    let got = Selector::of(&workload.selector);
    if row["expectError"] == true {
        return if got.is_err() { Ok(()) } else { Err(format!("{got:?} is no error")) };
    }
    same(got?.to_string().as_str(), text(row, "expectString"))
}
