//! Any text: no panic, every place inside the text, the same with and without memory.
//!
//! `cargo +nightly fuzz run text_to_diagnostics`
#![no_main]

use libfuzzer_sys::fuzz_target;
use portolan::manifest::{Manifest, parse};

fuzz_target!(|text: &str| {
    let manifest = parse(text, &Manifest::default());
    for problem in manifest.problems() {
        let spans = problem.fixes.iter().flat_map(|fix| fix.edits.iter().map(|(span, _)| *span));
        for span in spans.chain([problem.span]) {
            assert!(text.get(span.start as usize..span.end as usize).is_some(), "{span:?}");
        }
    }
    let again = parse(text, &manifest);
    assert_eq!(again.problems(), manifest.problems());
});
