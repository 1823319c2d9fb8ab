//! What holds for every text: no panic, places inside the text, the same with and without memory.
#![cfg(not(target_arch = "wasm32"))]

use portolan::manifest::{Manifest, Tree, Value, parse};
use portolan::source::Span;
use proptest::prelude::*;

const PIECES: &[&str] = &[
    "apiVersion: v1\n",
    "kind: Service\n",
    "kind: Pod\n",
    "kind: List\n",
    "items:\n",
    "- ",
    "  ",
    "    ",
    "\n",
    "metadata:\n",
    "name: a\n",
    "metadata: {name: é}\n",
    "spec:\n",
    "ports:\n",
    "port: 80\n",
    "port: \"x\"\n",
    "selectors: {a: b}\n",
    "---\n",
    "--- x\n",
    "...\n",
    "{",
    "}",
    "[",
    "]",
    ",",
    ": ",
    "\"",
    "'",
    "#",
    "&a ",
    "*a",
    "<<: *a\n",
    "|\n",
    ">-\n",
    "\t",
    "\r\n",
    "\u{feff}",
    "\u{1f600}",
    "\0",
    "!!int ",
    "? ",
    "yes",
    "012",
    "~",
    "{\"kind\":\"Pod\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"b\"}}",
    "apiVersion: v1\nkind: Service\nmetadata: {name: s}\nspec: {ports: [{port: 1, Port: 2}], selector: {a: 1}}\n",
];

fn text() -> impl Strategy<Value = String> {
    prop::collection::vec(
        prop_oneof![
            8 => (0..PIECES.len()).prop_map(|i| PIECES[i].to_owned()),
            1 => any::<char>().prop_map(|c| c.to_string()),
        ],
        0..40,
    )
    .prop_map(|pieces| pieces.concat())
}

fn inside(text: &str, span: Span) {
    assert!(span.start <= span.end, "{span:?} in {text:?}");
    assert!(text.get(span.start as usize..span.end as usize).is_some(), "{span:?} in {text:?}");
}

fn inside_tree(text: &str, offset: u32, tree: &Tree) {
    inside(text, tree.span.shifted(offset));
    match &tree.value {
        Value::List(items) => items.iter().for_each(|item| inside_tree(text, offset, item)),
        Value::Map(entries) => {
            for entry in entries {
                inside(text, entry.key_span.shifted(offset));
                inside_tree(text, offset, &entry.value);
            }
        }
        _ => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(
        std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(1000)
    ))]

    #[test]
    fn every_place_is_inside_the_text(text in text()) {
        let manifest = parse(&text, &Manifest::default());
        for (offset, object) in manifest.objects() {
            inside_tree(&text, offset, &object.tree);
        }
        for problem in manifest.problems() {
            inside(&text, problem.span);
            for (span, _) in problem.fixes.iter().flat_map(|fix| &fix.edits) {
                inside(&text, *span);
            }
        }
    }

    #[test]
    fn memory_changes_nothing(before in text(), after in text()) {
        let both = format!("{before}\n---\n{after}");
        let known = parse(&both, &Manifest::default());
        for text in [&after, &before, &both] {
            let fresh = parse(text, &Manifest::default());
            prop_assert_eq!(format!("{:?}", parse(text, &known)), format!("{fresh:?}"));
        }
    }
}
