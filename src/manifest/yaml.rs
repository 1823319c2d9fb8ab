//! One YAML document → a [`Tree`], or the one place where it is broken.
//!
//! Built from the parser's events on an own stack: no recursion on the depth of the
//! input. What the parser counts in characters becomes bytes here.

use super::limits;
use super::scalar;
use super::tree::{Entry, Tree, Value};
use crate::source::Span;
use saphyr_parser::{Event, Parser, ScalarStyle, Tag};
use std::rc::Rc;

/// Why a document is broken: a code, words and the place.
#[derive(Clone, Debug, PartialEq)]
pub struct Broken {
    /// `yaml/syntax`, `yaml/limit`…
    pub code: &'static str,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub hint: String,
    /// Where.
    pub span: Span,
}

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

/// Keeps one copy of short texts that come again and again (`name`, `metadata`, `TCP`).
#[derive(Debug)]
pub struct Words {
    slots: Vec<Option<Rc<str>>>,
}

const WORD_SLOTS: usize = 1024;
const WORD_BYTES_MAX: usize = 48;

impl Default for Words {
    fn default() -> Self {
        Self { slots: vec![None; WORD_SLOTS] }
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
        match slot {
            Some(shared) if &**shared == word => shared.clone(),
            _ => {
                let new: Rc<str> = word.into();
                *slot = Some(new.clone());
                new
            }
        }
    }
}

/// Characters → bytes; quick where the text is ASCII or the next place is near.
struct Cursor<'a> {
    text: &'a str,
    ascii: bool,
    characters: usize,
    bytes: usize,
}

impl<'a> Cursor<'a> {
    fn new(text: &'a str) -> Self {
        Self { text, ascii: text.is_ascii(), characters: 0, bytes: 0 }
    }

    fn byte(&mut self, character: usize) -> usize {
        if self.ascii {
            return character.min(self.text.len());
        }
        if character >= self.characters {
            for c in self.text[self.bytes..].chars().take(character - self.characters) {
                self.bytes += c.len_utf8();
                self.characters += 1;
            }
        } else {
            for c in self.text[..self.bytes].chars().rev().take(self.characters - character) {
                self.bytes -= c.len_utf8();
                self.characters -= 1;
            }
        }
        self.bytes
    }
}

enum Frame {
    Map { start: usize, anchor: usize, entries: Vec<Entry>, key: Option<(Rc<str>, Span)> },
    List { start: usize, anchor: usize, items: Vec<Tree> },
}

struct Anchored {
    id: usize,
    tree: Tree,
    depth: usize,
    nodes: usize,
}

struct Builder<'a> {
    text: &'a str,
    words: &'a mut Words,
    stack: Vec<Frame>,
    anchors: Vec<Anchored>,
    copied: usize,
    reading: Reading,
}

/// Reads one document.
///
/// # Errors
/// The first thing that is not YAML, or a limit that the document goes beyond.
pub fn read(text: &str, words: &mut Words) -> Result<Reading, Broken> {
    let mut cursor = Cursor::new(text);
    let mut parser = Parser::new_from_str(text);
    let mut builder = Builder {
        text,
        words,
        stack: Vec::new(),
        anchors: Vec::new(),
        copied: 0,
        reading: Reading::default(),
    };
    let mut documents = 0;
    while let Some(event) = parser.next_event() {
        let (event, span) = match event {
            Ok(event) => event,
            Err(error) => {
                let at = cursor.byte(error.marker().index());
                return Err(super::syntax::explain(text, at, error.info()));
            }
        };
        let start = cursor.byte(span.start.index());
        let end = cursor.byte(span.end.index()).max(start);
        match event {
            Event::DocumentStart(_) => {
                documents += 1;
                if documents > 1 {
                    return Err(syntax(start, start, "expected the end of the document here"));
                }
            }
            Event::Scalar(value, style, anchor, tag) => {
                builder.scalar(&value, style, anchor, tag.as_deref(), start, end)?;
            }
            Event::SequenceStart(anchor, _) => {
                builder.open(Frame::List { start, anchor, items: Vec::new() }, start)?;
            }
            Event::MappingStart(anchor, _) => {
                builder.open(Frame::Map { start, anchor, entries: Vec::new(), key: None }, start)?;
            }
            Event::SequenceEnd | Event::MappingEnd => builder.close(end)?,
            Event::Alias(id) => builder.alias(id, start, end)?,
            Event::StreamEnd => break,
            _ => {}
        }
    }
    Ok(builder.reading)
}

fn syntax(start: usize, end: usize, message: &str) -> Broken {
    Broken {
        code: "yaml/syntax",
        message: message.into(),
        hint: String::new(),
        span: Span::new(start as u32, end as u32),
    }
}

fn limit(start: usize, message: String) -> Broken {
    Broken { code: "yaml/limit", message, hint: String::new(), span: Span::new(start as u32, start as u32) }
}

impl Builder<'_> {
    fn open(&mut self, frame: Frame, start: usize) -> Result<(), Broken> {
        if self.stack.len() >= limits::DEPTH_MAX {
            return Err(limit(start, format!("nested deeper than {} levels", limits::DEPTH_MAX)));
        }
        if let Some(Frame::Map { key: None, .. }) = self.stack.last() {
            return Err(syntax(start, start, "a list or map cannot be a key"));
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
            Frame::Map { start, anchor, mut entries, .. } => {
                let last = entries.last().map_or(start, |e| e.value.span.end.max(e.key_span.end) as usize);
                let span = self.collection_span(start, end, last);
                self.settle(&mut entries)?;
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
        value: &str,
        style: ScalarStyle,
        anchor: usize,
        tag: Option<&Tag>,
        start: usize,
        end: usize,
    ) -> Result<(), Broken> {
        let trimmed = self.text[start..end].trim_end().len();
        let mut span = Span::new(start as u32, (start + trimmed) as u32);
        if let Some(Frame::Map { key, .. }) = self.stack.last_mut() {
            match key {
                None => {
                    let word = key_word(value, style, tag)
                        .ok_or_else(|| syntax(start, start + trimmed, "a key must not be null"))?;
                    *key = Some((self.words.share(&word), span));
                    return Ok(());
                }
                // An empty value stands right behind its key's colon.
                Some((_, key_span)) if trimmed == 0 && style == ScalarStyle::Plain => {
                    let after = key_span.end as usize;
                    let colon = self.text[after..start.max(after)].find(':').map_or(after, |c| after + c + 1);
                    span = Span::new(colon as u32, colon as u32);
                }
                Some(_) => {}
            }
        }
        let value = self.scalar_value(value, style, tag, span)?;
        self.place(Tree { span, value }, anchor)
    }

    fn scalar_value(
        &mut self,
        value: &str,
        style: ScalarStyle,
        tag: Option<&Tag>,
        span: Span,
    ) -> Result<Value, Broken> {
        let Some(tag) = tag else {
            if style == ScalarStyle::Plain
                && let Some(value) = scalar::resolve(value)
            {
                return Ok(value);
            }
            return Ok(Value::Text(self.words.share(value)));
        };
        let kind = if tag.handle == "tag:yaml.org,2002:" { tag.suffix.as_str() } else { "" };
        let resolved = scalar::resolve(value);
        match (kind, resolved) {
            ("bool", Some(value @ Value::Bool(_)))
            | ("int", Some(value @ Value::Int(_)))
            | ("float", Some(value @ (Value::Float(_) | Value::Int(_))))
            | ("null", Some(value @ Value::Null)) => Ok(value),
            ("bool" | "int" | "float" | "null", _) => Err(syntax(
                span.start as usize,
                span.end as usize,
                &format!("cannot decode `{value}` as a !!{kind}"),
            )),
            _ => Ok(Value::Text(self.words.share(value))),
        }
    }

    fn alias(&mut self, id: usize, start: usize, end: usize) -> Result<(), Broken> {
        let Some(found) = self.anchors.iter().find(|a| a.id == id) else {
            return Err(syntax(start, end, "this anchor contains itself"));
        };
        let mut tree = found.tree.clone();
        let (depth, nodes) = (found.depth, found.nodes);
        self.copied += nodes;
        if self.copied > limits::ALIAS_NODES_MAX {
            return Err(limit(
                start,
                format!("aliases expand to more than {} values", limits::ALIAS_NODES_MAX),
            ));
        }
        if self.stack.len() + depth > limits::DEPTH_MAX {
            return Err(limit(start, format!("nested deeper than {} levels", limits::DEPTH_MAX)));
        }
        tree.span = Span::new(start as u32, end as u32);
        if let Some(Frame::Map { key: key @ None, .. }) = self.stack.last_mut() {
            let Value::Text(word) = tree.value else {
                return Err(syntax(start, end, "only text can be a key"));
            };
            *key = Some((word, tree.span));
            return Ok(());
        }
        self.place(tree, 0)
    }

    /// Puts a finished value where it belongs, and remembers it where it has an anchor.
    fn place(&mut self, tree: Tree, anchor: usize) -> Result<(), Broken> {
        if anchor != 0 {
            let (nodes, depth) = measure(&tree);
            self.copied += nodes;
            if self.copied > limits::ALIAS_NODES_MAX {
                return Err(limit(
                    tree.span.start as usize,
                    format!("anchors hold more than {} values", limits::ALIAS_NODES_MAX),
                ));
            }
            self.anchors.push(Anchored { id: anchor, tree: tree.clone(), depth, nodes });
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
    fn settle(&mut self, entries: &mut Vec<Entry>) -> Result<(), Broken> {
        if entries.iter().any(|e| &*e.key == "<<") {
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
        gone.sort_unstable();
        let mut at = 0;
        entries.retain(|_| {
            at += 1;
            gone.binary_search(&(at - 1)).is_err()
        });
        Ok(())
    }

    // Models sigs.k8s.io/yaml goyaml.v2/decode.go mapping, merge
    fn merge(&mut self, entries: &mut Vec<Entry>) -> Result<(), Broken> {
        let mut merged: Vec<Entry> = Vec::new();
        let mut own = Vec::with_capacity(entries.len());
        for entry in std::mem::take(entries) {
            if &*entry.key != "<<" {
                own.push(entry);
                continue;
            }
            let span = entry.value.span;
            let sources = match entry.value.value {
                Value::Map(entries) => vec![entries],
                Value::List(items) if items.iter().all(|i| matches!(i.value, Value::Map(_))) => items
                    .into_iter()
                    .filter_map(
                        |item| if let Value::Map(entries) = item.value { Some(entries) } else { None },
                    )
                    .collect(),
                _ => {
                    return Err(syntax(
                        span.start as usize,
                        span.end as usize,
                        "map merge requires map or sequence of maps as the value",
                    ));
                }
            };
            for source in sources {
                for entry in source {
                    if !merged.iter().any(|e| e.key == entry.key) {
                        merged.push(entry);
                    }
                }
            }
        }
        merged.retain(|m| !own.iter().any(|o| o.key == m.key));
        merged.append(&mut own);
        *entries = merged;
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
        order.sort_by(|&a, &b| entries[a].key.cmp(&entries[b].key));
        for pair in order.windows(2) {
            if entries[pair[0]].key == entries[pair[1]].key {
                pairs.push((pair[0], pair[1]));
            }
        }
        pairs.sort_unstable();
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

/// The text of a key: numbers and truth values become text, as in JSON.
// Models sigs.k8s.io/yaml yaml.go convertToJSONableObject
fn key_word(value: &str, style: ScalarStyle, tag: Option<&Tag>) -> Option<String> {
    if style != ScalarStyle::Plain || tag.is_some() {
        return Some(value.into());
    }
    match scalar::resolve(value) {
        None => Some(value.into()),
        Some(Value::Null) => None,
        Some(Value::Bool(true)) => Some("true".into()),
        Some(Value::Bool(false)) => Some("false".into()),
        Some(Value::Int(number)) => Some(number.to_string()),
        Some(Value::Float(number)) => Some(number.to_string()),
        Some(_) => Some(value.into()),
    }
}
