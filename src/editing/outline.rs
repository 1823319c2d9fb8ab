//! A forgiving reading of one document: which keys and items stand where, even while
//! the text is not (yet) YAML. It goes by indentation, dashes, colons and braces, never
//! fails and decides nothing: what a text means is up to [`crate::manifest`].

use crate::source::Span;

/// Position of a node in [`Outline::nodes`]; the root is 0.
pub(super) type Id = usize;

/// A key with its value, or an item of a list.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub parent: Id,
    /// The key without its quotes; empty for the root and for items.
    pub key: Span,
    /// Its number, where it is an item of a list.
    pub item: Option<u32>,
    /// The value without its quotes, where it is a single one.
    pub value: Option<Span>,
    /// Nothing in block style can follow below: it has a single value, or braces.
    pub closed: bool,
    /// Column of the dash, where it is an item in block style.
    pub dash: Option<u32>,
    /// Children in order: the first, and the next of the same parent.
    first: Option<Id>,
    last: Option<Id>,
    next: Option<Id>,
    children: u32,
}

/// What may stand at the cursor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// A key of the node's map; for an item also the item itself.
    Inside,
    /// The node's value.
    Value,
    /// An item of the node's list.
    Item,
}

/// What the cursor is at.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spot {
    pub node: Id,
    pub role: Role,
    /// First byte of the word at the cursor.
    pub from: u32,
    /// The node whose key is the word at the cursor: it does not count as there.
    pub own: Option<Id>,
    /// A block list that may begin, or go on, on this blank line.
    pub list: Option<Id>,
    /// Spaces that are missing in front of the word.
    pub lead: u32,
    /// Column at which keys of the node stand, in block style.
    pub column: u32,
    /// Whether the word is in quotes.
    pub quoted: bool,
    /// Whether it is within braces or brackets.
    pub flow: bool,
}

/// A document's keys and items.
#[derive(Debug)]
pub(super) struct Outline<'a> {
    pub text: &'a str,
    pub nodes: Vec<Node>,
    pub spot: Option<Spot>,
}

impl<'a> Outline<'a> {
    /// Reads the document of `text` around `cursor`.
    pub fn around(text: &'a str, cursor: u32) -> Self {
        let mut cursor = (cursor as usize).min(text.len());
        while !text.is_char_boundary(cursor) {
            cursor -= 1;
        }
        let outline = Self { text, nodes: vec![Node::new(0, Span::default(), None)], spot: None };
        match document(text, cursor) {
            Some((start, end)) => super::block::read(outline, start, end, cursor),
            None => outline,
        }
    }

    /// The text of a span.
    pub fn slice(&self, span: Span) -> &'a str {
        self.text.get(span.start as usize..span.end as usize).unwrap_or("")
    }

    /// A node's key, empty for items.
    pub fn key(&self, id: Id) -> &'a str {
        self.slice(self.nodes[id].key)
    }

    /// A node's single value.
    pub fn value(&self, id: Id) -> Option<&'a str> {
        self.nodes[id].value.map(|span| self.slice(span))
    }

    /// The children of a node in order.
    pub fn children(&self, id: Id) -> impl Iterator<Item = Id> + '_ {
        std::iter::successors(self.nodes[id].first, |&child| self.nodes[child].next)
    }

    /// The child with a key.
    pub fn child(&self, id: Id, key: &str) -> Option<Id> {
        self.children(id).find(|&child| self.nodes[child].item.is_none() && self.key(child) == key)
    }

    /// The node below another one, key by key.
    pub fn at(&self, id: Id, keys: &[&str]) -> Option<Id> {
        keys.iter().try_fold(id, |here, key| self.child(here, key))
    }

    /// The single value below a node, key by key.
    pub fn value_at(&self, id: Id, keys: &[&str]) -> Option<&'a str> {
        self.value(self.at(id, keys)?)
    }

    /// Keys and single values of a map of labels.
    pub fn pairs(&self, id: Id) -> Vec<(&'a str, &'a str)> {
        self.children(id).map(|child| (self.key(child), self.value(child).unwrap_or(""))).collect()
    }

    /// The nodes from the root, which is left out, to a node, which is the last.
    pub fn lineage(&self, id: Id) -> Vec<Id> {
        let mut all = Vec::new();
        let mut here = id;
        while here != 0 {
            all.push(here);
            here = self.nodes[here].parent;
        }
        all.reverse();
        all
    }

    /// The node whose key or single value a byte is in, and whether it is the value.
    pub fn word_at(&self, byte: u32) -> Option<(Id, Span, bool)> {
        let within = |span: Span| !span.is_empty() && span.start <= byte && byte <= span.end;
        self.nodes.iter().enumerate().find_map(|(id, node)| {
            if within(node.key) {
                return Some((id, node.key, false));
            }
            node.value.filter(|&value| within(value)).map(|value| (id, value, true))
        })
    }

    /// Adds a key to a map.
    pub fn add_key(&mut self, parent: Id, key: Span) -> Id {
        self.add(Node::new(parent, key, None))
    }

    /// Adds an item to a list.
    pub fn add_item(&mut self, parent: Id) -> Id {
        let number = self.nodes[parent].children;
        self.add(Node::new(parent, Span::default(), Some(number)))
    }

    fn add(&mut self, node: Node) -> Id {
        let id = self.nodes.len();
        let parent = node.parent;
        self.nodes.push(node);
        match self.nodes[parent].last {
            Some(before) => self.nodes[before].next = Some(id),
            None => self.nodes[parent].first = Some(id),
        }
        self.nodes[parent].last = Some(id);
        self.nodes[parent].children += 1;
        id
    }

    /// Whether a node has neither a value nor children.
    pub fn is_bare(&self, id: Id) -> bool {
        !self.nodes[id].closed && self.nodes[id].first.is_none()
    }

    /// Whether a node's children are items.
    pub fn is_list(&self, id: Id) -> bool {
        self.nodes[id].first.is_some_and(|first| self.nodes[first].item.is_some())
    }
}

impl Node {
    fn new(parent: Id, key: Span, item: Option<u32>) -> Self {
        Self {
            parent,
            key,
            item,
            value: None,
            closed: false,
            dash: None,
            first: None,
            last: None,
            next: None,
            children: 0,
        }
    }
}

/// The bytes of the document around a byte: between the lines that part documents;
/// `None` in such a line.
fn document(text: &str, cursor: usize) -> Option<(usize, usize)> {
    let parts = |line: &str| {
        (line.starts_with("---") || line.starts_with("..."))
            && matches!(line.as_bytes().get(3), None | Some(b' ' | b'\t' | b'\r' | b'\n'))
    };
    let line_start = |at: usize| text[..at].rfind('\n').map_or(0, |n| n + 1);
    let mut start = line_start(cursor);
    if parts(&text[start..]) {
        return None;
    }
    loop {
        if parts(&text[start..]) {
            start = text[start..].find('\n').map_or(text.len(), |n| start + n + 1);
            break;
        }
        if start == 0 {
            if text.starts_with('\u{feff}') {
                start = 3;
            }
            break;
        }
        start = line_start(start - 1);
    }
    let mut end = start;
    while end < text.len() && !parts(&text[end..]) {
        end = text[end..].find('\n').map_or(text.len(), |n| end + n + 1);
    }
    Some((start, end))
}
