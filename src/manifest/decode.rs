//! Small words for taking typed values out of a tree. A field of the wrong type is
//! taken as missing; `schema` reports it.

use super::constant;
use super::metadata::Labels;
use super::service::IntOrString;
use super::tree::{Tree, Value};
use std::rc::Rc;

/// A field that is a map; `None` where it is missing, null or something else.
pub fn map<'a>(tree: &'a Tree, key: &str) -> Option<&'a Tree> {
    tree.get(key).filter(|field| matches!(field.value, Value::Map(_)))
}

/// A field's text.
pub fn text(tree: &Tree, key: &str) -> Option<Rc<str>> {
    tree.get(key)?.text().cloned()
}

/// A field's text, empty where missing.
pub fn text_or_empty(tree: &Tree, key: &str) -> Rc<str> {
    text(tree, key).unwrap_or_else(|| constant(""))
}

/// A whole number.
pub fn whole(tree: &Tree) -> Option<i64> {
    match tree.value {
        Value::Int(number) => Some(number),
        _ => None,
    }
}

/// A field's whole number.
pub fn int(tree: &Tree, key: &str) -> Option<i64> {
    whole(tree.get(key)?)
}

/// A truth value.
pub fn truth(tree: &Tree) -> Option<bool> {
    match tree.value {
        Value::Bool(truth) => Some(truth),
        _ => None,
    }
}

/// A field's truth value.
pub fn boolean(tree: &Tree, key: &str) -> Option<bool> {
    truth(tree.get(key)?)
}

/// A field's list.
pub fn items<'a>(tree: &'a Tree, key: &str) -> &'a [Tree] {
    tree.get(key).map_or(&[], Tree::items)
}

/// A field's list of objects, decoded.
pub fn list<T>(tree: &Tree, key: &str, decode: impl Fn(&Tree) -> T) -> Vec<T> {
    items(tree, key).iter().map(decode).collect()
}

/// A field's list of texts.
pub fn texts(tree: &Tree, key: &str) -> Vec<Rc<str>> {
    items(tree, key).iter().filter_map(|item| item.text().cloned()).collect()
}

/// A field that maps text to text; `None` where it is missing or null.
pub fn labels(tree: &Tree, key: &str) -> Option<Labels> {
    match &tree.get(key)?.value {
        Value::Map(entries) => Some(
            entries
                .iter()
                .filter_map(|entry| Some((entry.key.clone(), entry.value.text()?.clone())))
                .collect(),
        ),
        _ => None,
    }
}

/// A field that is a number or a name.
pub fn int_or_string(tree: &Tree, key: &str) -> Option<IntOrString> {
    match &tree.get(key)?.value {
        Value::Int(number) => Some(IntOrString::Int(*number)),
        Value::Text(name) => Some(IntOrString::Name(name.clone())),
        _ => None,
    }
}
