//! Tokens → events: what starts, what ends, what is a value.
//!
//! A machine with its own stack of states, so that no text is too deep for it.
// Models go-yaml v2 parserc.go

use super::scan::{Kind, Scanner, Token};
use super::syntax::{self, Broken};
use std::borrow::Cow;
use std::mem::discriminant;

/// What comes next in a document.
#[derive(Debug, PartialEq)]
pub enum Event<'a> {
    /// The end of the document.
    End,
    /// `*name`
    Alias(&'a str),
    /// Text, and whether it is plain.
    Scalar(Cow<'a, str>, bool),
    /// A list starts.
    ListStart,
    /// A list ends.
    ListEnd,
    /// A map starts.
    MapStart,
    /// A map ends.
    MapEnd,
}

/// An event with its bytes and what stands in front of it.
#[derive(Debug)]
pub struct Placed<'a> {
    /// The event.
    pub event: Event<'a>,
    /// First byte.
    pub start: usize,
    /// One past the last; for the end of a block the same as `start`.
    pub end: usize,
    /// `&name`
    pub anchor: Option<&'a str>,
    /// `!!str`
    pub tag: Option<&'a str>,
}

#[derive(Clone, Copy, Debug)]
enum State {
    Start,
    End,
    BlockEntry,
    IndentlessEntry,
    BlockKey,
    BlockValue,
    FlowEntry { first: bool },
    FlowPairKey,
    FlowPairValue,
    FlowPairEnd,
    FlowKey { first: bool },
    FlowValue,
    FlowNoValue,
}

/// Reads events from a text.
pub struct Events<'a> {
    scanner: Scanner<'a>,
    state: State,
    after: Vec<State>,
    /// Where the open flow collections start.
    brackets: Vec<usize>,
}

impl<'a> Events<'a> {
    /// Starts at the beginning of a document.
    pub fn new(text: &'a str) -> Self {
        Self { scanner: Scanner::new(text), state: State::Start, after: Vec::new(), brackets: Vec::new() }
    }

    /// The next event.
    pub fn next(&mut self) -> Result<Placed<'a>, Broken> {
        match self.state {
            State::Start => {
                if self.at(&Kind::End)? {
                    return self.end_of_document();
                }
                self.after.push(State::End);
                self.node(true, false)
            }
            State::End => self.end_of_document(),
            State::BlockEntry => self.block_entry(),
            State::IndentlessEntry => self.indentless_entry(),
            State::BlockKey => self.block_key(),
            State::BlockValue => self.block_value(),
            State::FlowEntry { first } => self.flow_entry(first),
            State::FlowPairKey => {
                if self.one_of(|k| matches!(k, Kind::Value | Kind::FlowEntry | Kind::FlowListEnd))? {
                    self.empty(State::FlowPairValue)
                } else {
                    self.after.push(State::FlowPairValue);
                    self.node(false, false)
                }
            }
            State::FlowPairValue => {
                if self.at(&Kind::Value)? {
                    self.scanner.take();
                    if !self.one_of(|k| matches!(k, Kind::FlowEntry | Kind::FlowListEnd))? {
                        self.after.push(State::FlowPairEnd);
                        return self.node(false, false);
                    }
                }
                self.empty(State::FlowPairEnd)
            }
            State::FlowPairEnd => {
                self.state = State::FlowEntry { first: false };
                let at = self.scanner.peek()?.start;
                Ok(placed(Event::MapEnd, at, at))
            }
            State::FlowKey { first } => self.flow_key(first),
            State::FlowValue => {
                if self.at(&Kind::Value)? {
                    self.scanner.take();
                    if !self.one_of(|k| matches!(k, Kind::FlowEntry | Kind::FlowMapEnd))? {
                        self.after.push(State::FlowKey { first: false });
                        return self.node(false, false);
                    }
                }
                self.empty(State::FlowKey { first: false })
            }
            State::FlowNoValue => self.empty(State::FlowKey { first: false }),
        }
    }

    /// Whether a token of this kind is next, whatever it says.
    fn at(&mut self, kind: &Kind<'_>) -> Result<bool, Broken> {
        Ok(discriminant(&self.scanner.peek()?.kind) == discriminant(kind))
    }

    fn one_of(&mut self, test: fn(&Kind<'_>) -> bool) -> Result<bool, Broken> {
        Ok(test(&self.scanner.peek()?.kind))
    }

    fn back(&mut self) {
        self.state = self.after.pop().unwrap_or(State::End);
    }

    /// A value that is not written.
    fn empty(&mut self, next: State) -> Result<Placed<'a>, Broken> {
        self.state = next;
        let at = self.scanner.peek()?.start;
        Ok(placed(Event::Scalar(Cow::Borrowed(""), true), at, at))
    }

    fn end_of_document(&mut self) -> Result<Placed<'a>, Broken> {
        let text = self.scanner.text;
        let token = self.scanner.peek()?;
        if token.kind == Kind::End {
            return Ok(placed(Event::End, token.start, token.end));
        }
        Err(syntax::after_document(text, token.start, token.end))
    }

    fn node(&mut self, block: bool, indentless: bool) -> Result<Placed<'a>, Broken> {
        let (mut anchor, mut tag) = (None, None);
        let mut start = None;
        loop {
            let text = self.scanner.text;
            let flow = self.brackets.last().copied();
            let token = self.scanner.peek()?;
            let from = *start.get_or_insert(token.start);
            let (token_start, token_end) = (token.start, token.end);
            let here = |event| Placed { event, start: token_start, end: token_end, anchor, tag };
            match &token.kind {
                Kind::Alias(name) if anchor.is_none() && tag.is_none() => {
                    let event = Event::Alias(name);
                    self.scanner.take();
                    self.back();
                    return Ok(placed(event, token_start, token_end));
                }
                Kind::Anchor(name) if anchor.is_none() => {
                    anchor = Some(*name);
                    self.scanner.take();
                }
                Kind::Tag(name) if tag.is_none() => {
                    tag = Some(*name);
                    self.scanner.take();
                }
                Kind::BlockEntry if indentless => {
                    self.state = State::IndentlessEntry;
                    return Ok(here(Event::ListStart));
                }
                Kind::Scalar(..) => {
                    let Some(Token { kind: Kind::Scalar(value, plain), .. }) = self.scanner.take() else {
                        return Err(syntax::error(from, token_end, "a value is missing here"));
                    };
                    self.back();
                    return Ok(Placed {
                        event: Event::Scalar(value, plain),
                        start: token_start,
                        end: token_end,
                        anchor,
                        tag,
                    });
                }
                Kind::FlowListStart => {
                    let event = here(Event::ListStart);
                    self.scanner.take();
                    self.brackets.push(token_start);
                    self.state = State::FlowEntry { first: true };
                    return Ok(event);
                }
                Kind::FlowMapStart => {
                    let event = here(Event::MapStart);
                    self.scanner.take();
                    self.brackets.push(token_start);
                    self.state = State::FlowKey { first: true };
                    return Ok(event);
                }
                Kind::BlockListStart if block => {
                    let event = here(Event::ListStart);
                    self.scanner.take();
                    self.state = State::BlockEntry;
                    return Ok(event);
                }
                Kind::BlockMapStart if block => {
                    let event = here(Event::MapStart);
                    self.scanner.take();
                    self.state = State::BlockKey;
                    return Ok(event);
                }
                _ if anchor.is_some() || tag.is_some() => {
                    let event = Event::Scalar(Cow::Borrowed(""), true);
                    self.back();
                    return Ok(Placed { event, start: from, end: from, anchor, tag });
                }
                Kind::End => return Err(syntax::bracket_not_closed(text, flow.unwrap_or(token_start))),
                _ => return Err(syntax::no_value(text, token_start, token_end)),
            }
        }
    }

    fn block_entry(&mut self) -> Result<Placed<'a>, Broken> {
        let text = self.scanner.text;
        let token = self.scanner.peek()?;
        let (start, end) = (token.start, token.end);
        match token.kind {
            Kind::BlockEntry => {
                self.scanner.take();
                if self.one_of(|k| matches!(k, Kind::BlockEntry | Kind::BlockEnd))? {
                    return self.empty(State::BlockEntry);
                }
                self.after.push(State::BlockEntry);
                self.node(true, false)
            }
            Kind::BlockEnd => {
                self.scanner.take();
                self.back();
                Ok(placed(Event::ListEnd, start, start))
            }
            _ => Err(syntax::no_entry(text, start, end)),
        }
    }

    fn indentless_entry(&mut self) -> Result<Placed<'a>, Broken> {
        if self.at(&Kind::BlockEntry)? {
            self.scanner.take();
            let none =
                self.one_of(|k| matches!(k, Kind::BlockEntry | Kind::Key | Kind::Value | Kind::BlockEnd))?;
            if none {
                return self.empty(State::IndentlessEntry);
            }
            self.after.push(State::IndentlessEntry);
            return self.node(true, false);
        }
        self.back();
        let at = self.scanner.peek()?.start;
        Ok(placed(Event::ListEnd, at, at))
    }

    fn block_key(&mut self) -> Result<Placed<'a>, Broken> {
        let text = self.scanner.text;
        let token = self.scanner.peek()?;
        let (start, end) = (token.start, token.end);
        match token.kind {
            Kind::Key => {
                self.scanner.take();
                if self.one_of(|k| matches!(k, Kind::Key | Kind::Value | Kind::BlockEnd))? {
                    return self.empty(State::BlockValue);
                }
                self.after.push(State::BlockValue);
                self.node(true, true)
            }
            // A value without a key: `: value`.
            Kind::Value => self.empty(State::BlockValue),
            Kind::BlockEnd => {
                self.scanner.take();
                self.back();
                Ok(placed(Event::MapEnd, start, start))
            }
            _ => Err(syntax::no_key(text, start, end)),
        }
    }

    fn block_value(&mut self) -> Result<Placed<'a>, Broken> {
        if self.at(&Kind::Value)? {
            self.scanner.take();
            if !self.one_of(|k| matches!(k, Kind::Key | Kind::Value | Kind::BlockEnd))? {
                self.after.push(State::BlockKey);
                return self.node(true, true);
            }
        }
        self.empty(State::BlockKey)
    }

    /// Goes over the comma in front of an entry of a flow collection that is not its first.
    fn comma(&mut self, first: bool, close: &Kind<'_>) -> Result<(), Broken> {
        if first || self.at(close)? {
            return Ok(());
        }
        if self.at(&Kind::FlowEntry)? {
            self.scanner.take();
            return Ok(());
        }
        let text = self.scanner.text;
        let open = self.brackets.last().copied().unwrap_or(0);
        let token = self.scanner.peek()?;
        if token.kind == Kind::End {
            return Err(syntax::bracket_not_closed(text, open));
        }
        Err(syntax::no_comma(text, open, token.start, token.end))
    }

    fn flow_close(&mut self, event: Event<'a>) -> Result<Placed<'a>, Broken> {
        let token = self.scanner.peek()?;
        let (start, end) = (token.start, token.end);
        self.scanner.take();
        self.brackets.pop();
        self.back();
        Ok(placed(event, start, end))
    }

    fn flow_entry(&mut self, first: bool) -> Result<Placed<'a>, Broken> {
        self.comma(first, &Kind::FlowListEnd)?;
        let token = self.scanner.peek()?;
        let start = token.start;
        match token.kind {
            Kind::FlowListEnd => self.flow_close(Event::ListEnd),
            Kind::Key => {
                self.scanner.take();
                self.state = State::FlowPairKey;
                Ok(placed(Event::MapStart, start, start))
            }
            _ => {
                self.after.push(State::FlowEntry { first: false });
                self.node(false, false)
            }
        }
    }

    fn flow_key(&mut self, first: bool) -> Result<Placed<'a>, Broken> {
        self.comma(first, &Kind::FlowMapEnd)?;
        match self.scanner.peek()?.kind {
            Kind::FlowMapEnd => self.flow_close(Event::MapEnd),
            Kind::Key => {
                self.scanner.take();
                if self.one_of(|k| matches!(k, Kind::Value | Kind::FlowEntry | Kind::FlowMapEnd))? {
                    return self.empty(State::FlowValue);
                }
                self.after.push(State::FlowValue);
                self.node(false, false)
            }
            // A value without a key: `{: value}`.
            Kind::Value => self.empty(State::FlowValue),
            _ => {
                self.after.push(State::FlowNoValue);
                self.node(false, false)
            }
        }
    }
}

fn placed(event: Event<'_>, start: usize, end: usize) -> Placed<'_> {
    Placed { event, start, end, anchor: None, tag: None }
}
