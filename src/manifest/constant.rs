//! Words that the program itself writes into objects: defaults, kinds, label keys.

use std::cell::RefCell;
use std::rc::Rc;

thread_local! {
    static KNOWN: RefCell<Vec<(&'static str, Rc<str>)>> = const { RefCell::new(Vec::new()) };
}

/// One shared copy of a word of the program (`TCP`, `ClusterIP`): thousands of objects hold it.
/// For literals alone: every one is kept.
#[must_use]
pub fn constant(word: &'static str) -> Rc<str> {
    KNOWN.with_borrow_mut(|known| {
        // The same literal has the same address; where it has two, two copies do no harm.
        if let Some((_, shared)) = known.iter().find(|(literal, _)| std::ptr::eq(*literal, word)) {
            return shared.clone();
        }
        let shared: Rc<str> = word.into();
        known.push((word, shared.clone()));
        shared
    })
}

/// Texts behind each other. Names are made of such parts by the hundred: short ones go straight
/// to where they stay.
#[must_use]
pub fn joined(parts: &[&str]) -> Rc<str> {
    let mut text = [0; 64];
    let mut at = 0;
    for part in parts {
        let Some(room) = text.get_mut(at..at + part.len()) else { return parts.concat().into() };
        room.copy_from_slice(part.as_bytes());
        at += part.len();
    }
    std::str::from_utf8(&text[..at]).unwrap_or_default().into()
}

#[cfg(test)]
mod tests {
    use super::{constant, joined};
    use std::rc::Rc;

    #[test]
    fn parts_stand_behind_each_other() {
        let long = "ä".repeat(40);
        for parts in [&["web", "-", "x"][..], &[], &["", "é"], &["a", &long, "b"], &[&long[..62], "ab"]] {
            assert_eq!(&*joined(parts), parts.concat());
        }
    }

    #[test]
    fn one_literal_is_kept_once() {
        const WORD: &str = "ClusterFirst";
        let (one, other) = (constant(WORD), constant(WORD));
        assert_eq!(&*one, WORD);
        assert!(Rc::ptr_eq(&one, &other));
        // The beginning of a literal is another word.
        assert_eq!(&*constant(&WORD[..7]), "Cluster");
    }
}
