//! Documents as nearly all are written, read in one go: blocks of plain keys, values on the
//! line or below, lists, brackets, text in quotes or in a block.
//!
//! Whatever is rarer (anchors, tags, merges, keys that are there twice, empty items, tabs
//! between words) and whatever is wrong is left to the whole reader: this one gives up, and
//! says nothing. What it reads is, place by place, what the whole reader reads.

use super::super::tree::{Entry, Tree, Value};
use super::scan::{Scanner, is_blank_or_end, starts_plain};
use super::{Words, key_word, repeated};
use crate::manifest::scalar;
use crate::source::Span;
use std::borrow::Cow;
use std::rc::Rc;

/// Deeper documents are for the whole reader, which needs no stack for them.
const DEPTH_MAX: usize = 40;
/// Longer keys cannot be told from values, says YAML.
const KEY_BYTES_MAX: usize = 1024;

struct Quick<'a, 'w> {
    scanner: Scanner<'a>,
    words: &'w mut Words,
    open: Open,
    depth: usize,
}

/// Entries and items of what is open; those of the innermost come last.
#[derive(Debug, Default)]
pub(super) struct Open {
    entries: Vec<Entry>,
    items: Vec<Tree>,
}

/// Text, whether it is plain, and its bytes.
struct Scalar<'a> {
    text: Cow<'a, str>,
    plain: bool,
    start: usize,
    end: usize,
}

/// Reads a document; `None` where it takes the whole reader to read it, or to say what is wrong.
pub(super) fn read(text: &str, words: &mut Words) -> Option<Tree> {
    // The same room for all documents: it has grown to what they need.
    let open = std::mem::take(&mut words.open);
    let mut quick = Quick { scanner: Scanner::bare(text), words, open, depth: 0 };
    quick.content()?;
    let tree = quick.block(-1)?;
    let ended = quick.ended();
    words.open = quick.open;
    ended.then_some(tree)
}

impl<'a> Quick<'a, '_> {
    fn ended(&self) -> bool {
        self.scanner.byte(0) == 0
    }

    /// The column of what comes next; -1 at the end.
    fn column(&self) -> isize {
        if self.ended() { -1 } else { self.scanner.column() as isize }
    }

    fn at_item(&self) -> bool {
        self.scanner.byte(0) == b'-' && is_blank_or_end(self.scanner.byte(1))
    }

    /// Goes over blanks, comments and breaks.
    fn content(&mut self) -> Option<()> {
        loop {
            self.scanner.skip_spaces();
            match self.scanner.byte(0) {
                b'\t' => return None,
                b'#' => self.scanner.skip_line(),
                b'\n' | b'\r' => self.scanner.skip_break(),
                _ => return Some(()),
            }
        }
    }

    /// The same, behind a value of a block, which has the rest of its line for itself.
    fn after(&mut self, end: usize) -> Option<()> {
        self.content()?;
        (self.ended() || self.scanner.line_start >= end).then_some(())
    }

    /// What stands deeper than the column `around`.
    fn block(&mut self, around: isize) -> Option<Tree> {
        if self.depth == DEPTH_MAX {
            return None;
        }
        self.depth += 1;
        self.scanner.indent = around;
        let column = self.column();
        let tree = if self.at_item() {
            self.list(column)
        } else if matches!(self.scanner.byte(0), b'{' | b'[' | b'|' | b'>') {
            self.inline()
        } else {
            let line = self.scanner.line;
            let scalar = self.scalar()?;
            if self.is_key(&scalar, line) { self.map(column, scalar) } else { self.whole(scalar) }
        };
        self.depth -= 1;
        tree
    }

    fn list(&mut self, column: isize) -> Option<Tree> {
        let start = self.scanner.at;
        let from = self.open.items.len();
        loop {
            self.scanner.at += 1;
            self.content()?;
            if self.column() <= column {
                return None;
            }
            let item = self.block(column)?;
            self.open.items.push(item);
            if self.column() != column || !self.at_item() {
                break;
            }
        }
        let items: Vec<Tree> = self.open.items.drain(from..).collect();
        let end = items.last().map_or(start as u32, |item| item.span.end);
        Some(Tree { span: Span::new(start as u32, end), value: Value::List(items) })
    }

    fn map(&mut self, column: isize, first: Scalar<'a>) -> Option<Tree> {
        let start = first.start as u32;
        let from = self.open.entries.len();
        let mut next = first;
        loop {
            let (key, key_span) = self.key(&next)?;
            let colon = self.scanner.at as u32 + 1;
            self.scanner.at += 1;
            self.scanner.indent = column;
            let line = self.scanner.line;
            self.content()?;
            let here = self.column();
            let value = if self.scanner.line == line && here >= 0 {
                self.inline()?
            } else if here > column {
                self.block(column)?
            } else if here == column && self.at_item() {
                self.list(column)?
            } else {
                Tree { span: Span::new(colon, colon), value: Value::Null }
            };
            self.open.entries.push(Entry { key, key_span, value });
            if self.column() != column {
                break;
            }
            self.scanner.indent = column;
            let line = self.scanner.line;
            next = self.scalar()?;
            if !self.is_key(&next, line) {
                return None;
            }
        }
        let entries = self.take_entries(from)?;
        let end = entries.last().map_or(start, |e| e.value.span.end.max(e.key_span.end));
        Some(Tree { span: Span::new(start, end), value: Value::Map(entries) })
    }

    fn take_entries(&mut self, from: usize) -> Option<Vec<Entry>> {
        let entries: Vec<Entry> = self.open.entries.drain(from..).collect();
        repeated(&entries).is_empty().then_some(entries)
    }

    /// A value of a block on the line of its key or dash.
    fn inline(&mut self) -> Option<Tree> {
        let start = self.scanner.at;
        match self.scanner.byte(0) {
            b'{' | b'[' => {
                let tree = self.flow()?;
                self.after(tree.span.end as usize)?;
                Some(tree)
            }
            b'|' | b'>' => {
                let text = self.scanner.block_scalar().ok()?;
                let end = self.scanner.text[..self.scanner.at].trim_end().len().max(start + 1);
                self.content()?;
                Some(self.value(&Scalar { text, plain: false, start, end }))
            }
            _ => {
                let scalar = self.scalar()?;
                self.whole(scalar)
            }
        }
    }

    fn whole(&mut self, scalar: Scalar<'a>) -> Option<Tree> {
        self.after(scalar.end)?;
        Some(self.value(&scalar))
    }

    fn scalar(&mut self) -> Option<Scalar<'a>> {
        let start = self.scanner.at;
        let (byte, next) = (self.scanner.byte(0), self.scanner.byte(1));
        if matches!(byte, b'\'' | b'"') {
            let text = self.scanner.quoted_scalar().ok()?;
            return Some(Scalar { text, plain: false, start, end: self.scanner.at });
        }
        if byte == 0 || !starts_plain(byte, next, self.scanner.flow > 0) {
            return None;
        }
        let (text, end) = self.scanner.plain_scalar().ok()?;
        Some(Scalar { text, plain: true, start, end })
    }

    /// Whether text that began on `line` has its colon right behind it.
    fn is_key(&self, scalar: &Scalar, line: usize) -> bool {
        self.scanner.line == line
            && self.scanner.at == scalar.end
            && self.scanner.byte(0) == b':'
            && (self.scanner.flow > 0 || is_blank_or_end(self.scanner.byte(1)))
            && scalar.end - scalar.start <= KEY_BYTES_MAX
    }

    fn key(&mut self, scalar: &Scalar) -> Option<(Rc<str>, Span)> {
        if scalar.plain && scalar.text == "<<" {
            return None;
        }
        let word = key_word(&scalar.text, scalar.plain)?;
        Some((self.words.share(&word), Span::new(scalar.start as u32, scalar.end as u32)))
    }

    fn value(&mut self, scalar: &Scalar) -> Tree {
        let resolved = if scalar.plain { scalar::resolve(&scalar.text) } else { None };
        let value = resolved.unwrap_or_else(|| Value::Text(self.words.share(&scalar.text)));
        Tree { span: Span::new(scalar.start as u32, scalar.end as u32), value }
    }

    /// A collection in brackets.
    fn flow(&mut self) -> Option<Tree> {
        if self.depth == DEPTH_MAX {
            return None;
        }
        self.depth += 1;
        self.scanner.flow += 1;
        let start = self.scanner.at;
        let close = if self.scanner.byte(0) == b'{' { b'}' } else { b']' };
        let (from_entry, from_item) = (self.open.entries.len(), self.open.items.len());
        self.scanner.at += 1;
        self.content()?;
        while self.scanner.byte(0) != close {
            if close == b'}' {
                let line = self.scanner.line;
                let scalar = self.scalar()?;
                if !self.is_key(&scalar, line) {
                    return None;
                }
                let (key, key_span) = self.key(&scalar)?;
                self.scanner.at += 1;
                let value = self.flow_value()?;
                self.open.entries.push(Entry { key, key_span, value });
            } else {
                let item = self.flow_value()?;
                self.open.items.push(item);
            }
            match self.scanner.byte(0) {
                b',' => {
                    self.scanner.at += 1;
                    self.content()?;
                }
                byte if byte == close => {}
                _ => return None,
            }
        }
        self.scanner.at += 1;
        self.scanner.flow -= 1;
        self.depth -= 1;
        let value = if close == b'}' {
            Value::Map(self.take_entries(from_entry)?)
        } else {
            Value::List(self.open.items.drain(from_item..).collect())
        };
        Some(Tree { span: Span::new(start as u32, self.scanner.at as u32), value })
    }

    /// A value in brackets, with the blanks around it.
    fn flow_value(&mut self) -> Option<Tree> {
        self.content()?;
        let tree = if matches!(self.scanner.byte(0), b'{' | b'[') {
            self.flow()?
        } else {
            let scalar = self.scalar()?;
            self.value(&scalar)
        };
        self.content()?;
        Some(tree)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Words, read_whole};
    use super::read;

    /// Whether a document is for this reader; what it reads must be what the whole one reads.
    fn quick(text: &str) -> bool {
        let Some(tree) = read(text, &mut Words::default()) else { return false };
        let whole = read_whole(text, &mut Words::default()).unwrap_or_else(|b| panic!("{text:?}: {b:?}"));
        assert_eq!(whole.tree, Some(tree), "{text:?}");
        assert!(whole.duplicates.is_empty(), "{text:?}");
        true
    }

    #[test]
    fn examples_are_read_quickly_and_alike() {
        let (mut documents, mut read) = (0, 0);
        for example in
            std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../../static/examples")).unwrap()
        {
            let text = std::fs::read_to_string(example.unwrap().path()).unwrap();
            for document in text.split("\n---") {
                documents += 1;
                read += u32::from(quick(document));
            }
        }
        assert!(documents > 50 && read == documents, "{read} of {documents}");
    }

    #[test]
    fn reads_what_is_common_and_leaves_the_rest() {
        for text in [
            "a: 1\nb:\n  c: x # y\n  d:\nlist:\n- x\n- - y\n  - z\n- k: v\n  l: [1, {a: b}, ]\nlast: 'it''s'\n",
            "-\n  a: b\n-   c: d\n    e: |\n      text\n\n      more\n    f: >-\n      g\n      h\n",
            "{\n \"a\": [\"b\",\n\"c\"], d: {e: f}\n}\n",
            "a: one\n  two\n\n  three # c\nb: \"x\n  y\"\nc: http://x:80/y#z",
            " # only a comment in front\n  a:\n    b: ~\n\n# c\n",
            "a:\n  - b\n  -  c: [x]\n",
        ] {
            assert!(quick(text), "{text:?}");
        }
        for text in [
            "",
            "# c\n",
            "a: &x 1\n",
            "a: *x\n",
            "!!map {}\n",
            "a: 1\na: 2\n",
            "<<: {a: 1}\n",
            "- \n- a\n",
            "a:\tb\n",
            "a: b: c\n",
            "a: [b\n",
            "a\nb: c\n",
            "a: 'b' c\n",
            "  a: 1\n b: 2\n",
            "? a\n: b\n",
            "[a: b]\n",
            "a: x\n  y: z\n",
            "a : b\n",
            "{a, b}\n",
            "a: {b: }\n",
            "~: x\n",
            "a: |x\n",
            "'a\nb': c\n",
        ] {
            assert!(!quick(text), "{text:?}");
        }
    }

    #[test]
    fn whatever_is_read_is_read_alike() {
        const PIECES: [&str; 48] = [
            "a",
            "b",
            "cc: ",
            "a: ",
            "b: ",
            "\"k\": ",
            "'q': ",
            "c:\n",
            "\n",
            "\n",
            "\n  ",
            "\n  ",
            "\n    ",
            "\n ",
            "- ",
            "- ",
            "-\n",
            "  ",
            " ",
            "[",
            "]",
            "{",
            "}",
            ", ",
            ",",
            ": ",
            ":",
            "'s'",
            "\"d\"",
            "'",
            "\"",
            " #c\n",
            "#",
            "|\n",
            ">\n",
            "|-\n  x\n",
            ">+\n  x\n  y\n\n",
            "? ",
            "é",
            "&x ",
            "!!str ",
            "\t",
            "\\",
            "\r\n",
            "<<: ",
            "1",
            "~",
            "x: y\n",
        ];
        let mut seed = 1_u64;
        let mut next = || {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (seed >> 33) as usize
        };
        let mut read = 0;
        for _ in 0..60_000 {
            let text: String = (0..1 + next() % 14).map(|_| PIECES[next() % PIECES.len()]).collect();
            read += u32::from(quick(&text));
        }
        assert!(read > 3_000, "{read}");
    }
}
