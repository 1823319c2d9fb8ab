//! One YAML (or JSON) document → a [`Tree`], or the one place where it is broken.
//!
//! Reads what go-yaml v2 reads, as `kubectl` does: YAML 1.1 with its laxness (a bracket
//! may close in the column of its key). Built from events on an own stack: no recursion on
//! the depth of the input. Byte positions throughout.

mod events;
mod quick;
mod scalars;
mod scan;
mod syntax;

use super::tree::{Entry, Tree, Value};
use super::{decimal, limits, scalar};
use crate::source::Span;
use events::{Event, Events, Placed};
use std::borrow::Cow;
use std::rc::Rc;

pub use syntax::Broken;

/// A key that is there twice: the place of the second one.
#[derive(Clone, Debug, PartialEq)]
pub struct Duplicate {
    /// The key.
    pub key: Rc<str>,
    /// Where it stands again.
    pub span: Span,
}

/// A document, read. `None`: nothing but comments.
#[derive(Debug, Default)]
pub struct Reading {
    /// The value.
    pub tree: Option<Tree>,
    /// Keys that are there twice.
    pub duplicates: Vec<Duplicate>,
}

/// What is kept from one document of a text to the next: one copy of short texts that come again
/// and again (`name`, `metadata`, `TCP`), and room.
#[derive(Debug)]
pub struct Words {
    /// Position + 1 in `words` of the word of a slot; 0 where none is yet.
    slots: Vec<u16>,
    words: Vec<Rc<str>>,
    open: quick::Open,
}

const WORD_SLOTS: usize = 512;
const WORD_BYTES_MAX: usize = 48;

impl Default for Words {
    fn default() -> Self {
        Self { slots: vec![0; WORD_SLOTS], words: Vec::new(), open: quick::Open::default() }
    }
}

impl Words {
    /// The shared copy of a word.
    pub fn share(&mut self, word: &str) -> Rc<str> {
        if word.len() > WORD_BYTES_MAX {
            return word.into();
        }
        let mut hash = 0x811c_9dc5_u32;
        for &byte in word.as_bytes() {
            hash = (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
        }
        let slot = &mut self.slots[(hash ^ (hash >> 15)) as usize % WORD_SLOTS];
        if let Some(place) = usize::from(*slot).checked_sub(1) {
            let shared = &mut self.words[place];
            if **shared != *word {
                *shared = word.into();
            }
            return shared.clone();
        }
        let new: Rc<str> = word.into();
        self.words.push(new.clone());
        *slot = self.words.len() as u16;
        new
    }
}

enum Frame<'a> {
    Map {
        start: usize,
        anchor: Option<&'a str>,
        entries: Vec<Entry>,
        key: Option<(Rc<str>, Span)>,
        merges: bool,
    },
    List {
        start: usize,
        anchor: Option<&'a str>,
        items: Vec<Tree>,
    },
}

struct Anchored<'a> {
    name: &'a str,
    tree: Tree,
    depth: usize,
    nodes: usize,
}

struct Builder<'a, 'w> {
    text: &'a str,
    words: &'w mut Words,
    stack: Vec<Frame<'a>>,
    anchors: Vec<Anchored<'a>>,
    copied: usize,
    reading: Reading,
}

/// Reads one document.
///
/// # Errors
/// The first thing that is not YAML, or a limit that the document goes beyond.
pub fn read(text: &str, words: &mut Words) -> Result<Reading, Broken> {
    match quick::read(text, words) {
        Some(tree) => Ok(Reading { tree: Some(tree), duplicates: Vec::new() }),
        None => read_whole(text, words),
    }
}

/// The reader for all that YAML is; [`quick`] is for what nearly all documents are.
fn read_whole(text: &str, words: &mut Words) -> Result<Reading, Broken> {
    let mut events = Events::new(text);
    let mut builder = Builder {
        text,
        words,
        stack: Vec::new(),
        anchors: Vec::new(),
        copied: 0,
        reading: Reading::default(),
    };
    loop {
        let Placed { event, start, end, anchor, tag } = events.next()?;
        match event {
            Event::End => return Ok(builder.reading),
            Event::Scalar(value, plain) => builder.scalar(value, plain, anchor, tag, start, end)?,
            Event::ListStart => builder.open(Frame::List { start, anchor, items: Vec::new() }, start)?,
            Event::MapStart => builder
                .open(Frame::Map { start, anchor, entries: Vec::new(), key: None, merges: false }, start)?,
            Event::ListEnd | Event::MapEnd => builder.close(end)?,
            Event::Alias(name) => builder.alias(name, start, end)?,
        }
    }
}

impl<'a> Builder<'a, '_> {
    fn open(&mut self, frame: Frame<'a>, start: usize) -> Result<(), Broken> {
        if self.stack.len() >= limits::DEPTH_MAX {
            return Err(syntax::too_deep(start));
        }
        if let Some(Frame::Map { key: None, .. }) = self.stack.last() {
            return Err(syntax::no_such_key(self.text, start));
        }
        self.stack.push(frame);
        Ok(())
    }

    fn close(&mut self, end: usize) -> Result<(), Broken> {
        let Some(frame) = self.stack.pop() else { return Ok(()) };
        let (tree, anchor) = match frame {
            Frame::List { start, anchor, items } => {
                let last = items.last().map_or(start, |item| item.span.end as usize);
                let span = self.collection_span(start, end, last);
                (Tree { span, value: Value::List(items) }, anchor)
            }
            Frame::Map { start, anchor, mut entries, merges, .. } => {
                let last = entries.last().map_or(start, |e| e.value.span.end.max(e.key_span.end) as usize);
                let span = self.collection_span(start, end, last);
                self.settle(&mut entries, merges)?;
                (Tree { span, value: Value::Map(entries) }, anchor)
            }
        };
        self.place(tree, anchor)
    }

    /// A flow collection ends with its bracket, a block one with its last value.
    fn collection_span(&self, start: usize, end: usize, last: usize) -> Span {
        let flow = matches!(self.text.as_bytes().get(start), Some(b'{' | b'['))
            && end > start
            && matches!(self.text.as_bytes().get(end - 1), Some(b'}' | b']'));
        Span::new(start as u32, if flow { end } else { last.max(start) } as u32)
    }

    fn scalar(
        &mut self,
        value: Cow<'_, str>,
        plain: bool,
        anchor: Option<&'a str>,
        tag: Option<&str>,
        start: usize,
        end: usize,
    ) -> Result<(), Broken> {
        let mut span = Span::new(start as u32, end as u32);
        if let Some(Frame::Map { key, merges, .. }) = self.stack.last_mut() {
            match key {
                None => {
                    *merges |= plain && value == "<<";
                    let word = key_word(&value, plain && tag.is_none())
                        .ok_or_else(|| syntax::error(start, end, "a key must not be null"))?;
                    *key = Some((self.words.share(&word), span));
                    return Ok(());
                }
                // An empty value stands right behind its key's colon.
                Some((_, key_span)) if start == end => {
                    let after = key_span.end as usize;
                    let rest = self.text.get(after..start).unwrap_or("");
                    let colon = rest.find(':').map_or(after, |c| after + c + 1);
                    span = Span::new(colon as u32, colon as u32);
                }
                Some(_) => {}
            }
        }
        let value = self.scalar_value(&value, plain, tag, span)?;
        self.place(Tree { span, value }, anchor)
    }

    fn scalar_value(
        &mut self,
        value: &str,
        plain: bool,
        tag: Option<&str>,
        span: Span,
    ) -> Result<Value, Broken> {
        let kind = match tag {
            None if !plain => "str",
            None => "",
            Some(tag) => tag
                .strip_prefix("!!")
                .or_else(|| tag.strip_prefix("!<tag:yaml.org,2002:")?.strip_suffix('>'))
                .unwrap_or("str"),
        };
        let resolved = if kind == "str" { None } else { scalar::resolve(value) };
        match (kind, resolved) {
            ("", Some(value))
            | ("bool", Some(value @ Value::Bool(_)))
            | ("int", Some(value @ Value::Int(_)))
            | ("float", Some(value @ (Value::Float(_) | Value::Int(_))))
            | ("null", Some(value @ Value::Null)) => Ok(value),
            ("bool" | "int" | "float" | "null", _) => Err(syntax::error(
                span.start as usize,
                span.end as usize,
                &format!("cannot decode `{value}` as a !!{kind}"),
            )),
            _ => Ok(Value::Text(self.words.share(value))),
        }
    }

    fn alias(&mut self, name: &str, start: usize, end: usize) -> Result<(), Broken> {
        let Some(found) = self.anchors.iter().rev().find(|a| a.name == name) else {
            return Err(syntax::unknown_alias(start, end, name));
        };
        self.copied += found.nodes;
        if self.copied > limits::ALIAS_NODES_MAX {
            return Err(syntax::limit(
                start,
                format!("aliases expand to more than {} values", limits::ALIAS_NODES_MAX),
            ));
        }
        if self.stack.len() + found.depth > limits::DEPTH_MAX {
            return Err(syntax::too_deep(start));
        }
        let mut tree = found.tree.clone();
        tree.span = Span::new(start as u32, end as u32);
        if let Some(Frame::Map { key: key @ None, .. }) = self.stack.last_mut() {
            let Value::Text(word) = tree.value else {
                return Err(syntax::error(start, end, "only text can be a key"));
            };
            *key = Some((word, tree.span));
            return Ok(());
        }
        self.place(tree, None)
    }

    /// Puts a finished value where it belongs, and remembers it where it has an anchor.
    fn place(&mut self, tree: Tree, anchor: Option<&'a str>) -> Result<(), Broken> {
        if let Some(name) = anchor {
            let (nodes, depth) = measure(&tree);
            self.copied += nodes;
            if self.copied > limits::ALIAS_NODES_MAX {
                return Err(syntax::limit(
                    tree.span.start as usize,
                    format!("anchors hold more than {} values", limits::ALIAS_NODES_MAX),
                ));
            }
            self.anchors.push(Anchored { name, tree: tree.clone(), depth, nodes });
        }
        match self.stack.last_mut() {
            None => self.reading.tree = Some(tree),
            Some(Frame::List { items, .. }) => items.push(tree),
            Some(Frame::Map { entries, key, .. }) => {
                if let Some((key, key_span)) = key.take() {
                    entries.push(Entry { key, key_span, value: tree });
                }
            }
        }
        Ok(())
    }

    /// Resolves merge keys and finds keys that are there twice; the last one counts.
    fn settle(&mut self, entries: &mut Vec<Entry>, merges: bool) -> Result<(), Broken> {
        if merges {
            self.merge(entries)?;
        }
        let twice = repeated(entries);
        if twice.is_empty() {
            return Ok(());
        }
        let mut gone = Vec::new();
        for (first, again) in twice {
            gone.push(first);
            if self.reading.duplicates.len() < limits::PROBLEMS_MAX {
                let entry = &entries[again];
                self.reading.duplicates.push(Duplicate { key: entry.key.clone(), span: entry.key_span });
            }
        }
        crate::sort::plain(&mut gone);
        let mut at = 0;
        entries.retain(|_| {
            at += 1;
            gone.binary_search(&(at - 1)).is_err()
        });
        Ok(())
    }

    /// Puts in what `<<` names, at its place: a later key of the same name wins, be it
    /// the map's own or a merged one.
    // Models go-yaml v2 decode.go mapping, merge
    fn merge(&mut self, entries: &mut Vec<Entry>) -> Result<(), Broken> {
        let mut whole: Vec<(Entry, bool)> = Vec::with_capacity(entries.len());
        for entry in std::mem::take(entries) {
            if &*entry.key != "<<" {
                whole.push((entry, false));
                continue;
            }
            match entry.value.value {
                Value::Map(entries) => whole.extend(entries.into_iter().map(|entry| (entry, true))),
                // Earlier maps of the list win.
                Value::List(items) if items.iter().all(|i| matches!(i.value, Value::Map(_))) => {
                    for item in items.into_iter().rev() {
                        if let Value::Map(entries) = item.value {
                            whole.extend(entries.into_iter().map(|entry| (entry, true)));
                        }
                    }
                }
                _ => {
                    return Err(syntax::error(
                        entry.value.span.start as usize,
                        entry.value.span.end as usize,
                        "map merge requires map or sequence of maps as the value",
                    ));
                }
            }
        }
        // Of equal keys the last wins; the map's own stay, to be found as repeated.
        let mut order: Vec<usize> = (0..whole.len()).collect();
        crate::sort::by(&mut order, |&a, &b| whole[a].0.key.cmp(&whole[b].0.key));
        let mut gone = vec![false; whole.len()];
        for same in order.chunk_by(|&a, &b| whole[a].0.key == whole[b].0.key) {
            if let [others @ .., last] = same {
                for &other in others {
                    gone[other] = whole[*last].1 || whole[other].1;
                }
            }
        }
        let kept = whole.into_iter().zip(gone).filter(|(_, gone)| !gone);
        entries.extend(kept.map(|((entry, _), _)| entry));
        Ok(())
    }
}

/// Pairs of positions: a key and the next one that is equal.
fn repeated(entries: &[Entry]) -> Vec<(usize, usize)> {
    let mut pairs = Vec::new();
    if entries.len() <= 16 {
        for (i, entry) in entries.iter().enumerate() {
            if let Some(again) = entries[i + 1..].iter().position(|e| e.key == entry.key) {
                pairs.push((i, i + 1 + again));
            }
        }
    } else {
        let mut order: Vec<usize> = (0..entries.len()).collect();
        crate::sort::by(&mut order, |&a, &b| entries[a].key.cmp(&entries[b].key));
        for pair in order.windows(2) {
            if entries[pair[0]].key == entries[pair[1]].key {
                pairs.push((pair[0], pair[1]));
            }
        }
        crate::sort::plain(&mut pairs);
    }
    pairs
}

/// How many values and how many levels; the depth is limited by then.
fn measure(tree: &Tree) -> (usize, usize) {
    let (mut nodes, mut depth) = (1, 0);
    let mut add = |(n, d): (usize, usize)| {
        nodes += n;
        depth = depth.max(d + 1);
    };
    match &tree.value {
        Value::List(items) => items.iter().for_each(|item| add(measure(item))),
        Value::Map(entries) => entries.iter().for_each(|entry| add(measure(&entry.value))),
        _ => {}
    }
    (nodes, depth)
}

/// The text of a key: numbers and truth values become text, as in JSON. `None` for null.
// Models sigs.k8s.io/yaml yaml.go convertToJSONableObject
fn key_word(word: &str, plain: bool) -> Option<Cow<'_, str>> {
    if !plain {
        return Some(Cow::Borrowed(word));
    }
    Some(match scalar::resolve(word) {
        Some(Value::Null) => return None,
        Some(Value::Bool(true)) => Cow::Borrowed("true"),
        Some(Value::Bool(false)) => Cow::Borrowed("false"),
        Some(Value::Int(number)) => Cow::Owned(number.to_string()),
        Some(Value::Float(number)) => Cow::Owned(decimal::key(word, number)),
        _ => Cow::Borrowed(word),
    })
}
