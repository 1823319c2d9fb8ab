//! Text → tokens, as libyaml (and so go-yaml, and so `kubectl`) cuts them.
//!
//! Works on bytes: every character that means something to YAML is ASCII, and a token
//! never ends inside another character. Where a block starts and ends is worked out from
//! columns; a key is known for one only at its colon, so tokens wait in a queue until then.
// Models go-yaml v2 scannerc.go

use super::super::limits;
use super::syntax::{self, Broken};
use std::borrow::Cow;
use std::collections::VecDeque;

/// What a token is.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind<'a> {
    /// The end of the text.
    End,
    /// A block list starts.
    BlockListStart,
    /// A block map starts.
    BlockMapStart,
    /// A block ends.
    BlockEnd,
    /// `[`
    FlowListStart,
    /// `]`
    FlowListEnd,
    /// `{`
    FlowMapStart,
    /// `}`
    FlowMapEnd,
    /// `-`
    BlockEntry,
    /// `,`
    FlowEntry,
    /// In front of a key.
    Key,
    /// `:`
    Value,
    /// `*name`
    Alias(&'a str),
    /// `&name`
    Anchor(&'a str),
    /// `!!str`
    Tag(&'a str),
    /// Text; whether it is plain (neither quoted nor a block).
    Scalar(Cow<'a, str>, bool),
}

/// A token and its bytes.
#[derive(Clone, Debug)]
pub struct Token<'a> {
    /// What it is.
    pub kind: Kind<'a>,
    /// Its first byte.
    pub start: usize,
    /// One past its last.
    pub end: usize,
}

#[derive(Clone, Copy, Default)]
struct SimpleKey {
    possible: bool,
    required: bool,
    number: usize,
    at: usize,
    line: usize,
    column: usize,
}

/// Keys longer than this cannot be told from values, says YAML.
const KEY_BYTES_MAX: usize = 1024;

/// Cuts a text into tokens.
pub struct Scanner<'a> {
    pub(super) text: &'a str,
    pub(super) bytes: &'a [u8],
    pub(super) at: usize,
    pub(super) line: usize,
    pub(super) line_start: usize,
    pub(super) indent: isize,
    indents: Vec<isize>,
    pub(super) flow: usize,
    pub(super) key_allowed: bool,
    keys: Vec<SimpleKey>,
    tokens: VecDeque<Token<'a>>,
    taken: usize,
    ended: bool,
    /// Whether the first token in the queue is what it will be.
    settled: bool,
}

impl<'a> Scanner<'a> {
    /// Starts at the beginning of a text, to cut it into tokens.
    pub fn new(text: &'a str) -> Self {
        Self { keys: vec![SimpleKey::default()], ..Self::bare(text) }
    }

    /// The same, for who looks at bytes and scalars and asks for no token.
    pub(super) fn bare(text: &'a str) -> Self {
        Self {
            text,
            bytes: text.as_bytes(),
            at: 0,
            line: 0,
            line_start: 0,
            indent: -1,
            indents: Vec::new(),
            flow: 0,
            key_allowed: true,
            keys: Vec::new(),
            tokens: VecDeque::new(),
            taken: 0,
            ended: false,
            settled: false,
        }
    }

    /// The next token, which stays where it is.
    pub fn peek(&mut self) -> Result<&Token<'a>, Broken> {
        if !self.settled {
            while self.needs_more()? {
                self.fetch()?;
            }
            self.settled = true;
        }
        // The last token is always `End`, and it is never taken.
        self.tokens.front().ok_or_else(|| syntax::error(self.at, self.at, "the text ends too early"))
    }

    /// Takes the token that `peek` has shown.
    pub fn take(&mut self) -> Option<Token<'a>> {
        self.taken += 1;
        self.settled = false;
        self.tokens.pop_front()
    }

    fn needs_more(&mut self) -> Result<bool, Broken> {
        if self.ended {
            return Ok(false);
        }
        if self.tokens.is_empty() {
            return Ok(true);
        }
        self.drop_stale_keys()?;
        Ok(self.keys.iter().any(|key| key.possible && key.number == self.taken))
    }

    /// The byte `ahead` places on; 0 at the end (text with NUL is never scanned).
    pub(super) fn byte(&self, ahead: usize) -> u8 {
        self.bytes.get(self.at + ahead).copied().unwrap_or(0)
    }

    pub(super) fn column(&self) -> usize {
        self.at - self.line_start
    }

    /// Goes over one line break: `\n`, `\r\n` or `\r`.
    pub(super) fn skip_break(&mut self) {
        self.at += if self.byte(0) == b'\r' && self.byte(1) == b'\n' { 2 } else { 1 };
        self.line += 1;
        self.line_start = self.at;
    }

    pub(super) fn skip_line(&mut self) {
        self.skip_to(class::BREAK);
    }

    pub(super) fn skip_spaces(&mut self) {
        self.skip_to(class::NOT_SPACE);
    }

    /// Goes on to the next byte of one of these classes, or to the end.
    pub(super) fn skip_to(&mut self, classes: u8) {
        let rest = &self.bytes[self.at..];
        let stops = |&byte: &u8| class::OF[usize::from(byte)] & classes != 0;
        self.at += rest.iter().position(stops).unwrap_or(rest.len());
    }

    fn push(&mut self, kind: Kind<'a>, start: usize) {
        let end = self.at;
        self.tokens.push_back(Token { kind, start, end });
    }

    fn fetch(&mut self) -> Result<(), Broken> {
        self.skip_to_token();
        self.drop_stale_keys()?;
        self.unroll(self.column() as isize);
        let start = self.at;
        let (byte, next) = (self.byte(0), self.byte(1));
        match byte {
            0 => {
                self.unroll(-1);
                self.forget_key()?;
                self.key_allowed = false;
                self.ended = true;
                self.push(Kind::End, start);
            }
            b'%' if self.column() == 0 => return Err(syntax::directive(self.text, start)),
            b'[' => self.flow_start(Kind::FlowListStart)?,
            b'{' => self.flow_start(Kind::FlowMapStart)?,
            b']' => self.flow_end(Kind::FlowListEnd)?,
            b'}' => self.flow_end(Kind::FlowMapEnd)?,
            b',' => {
                self.forget_key()?;
                self.key_allowed = true;
                self.at += 1;
                self.push(Kind::FlowEntry, start);
            }
            b'-' if is_blank_or_end(next) => {
                if self.flow == 0 {
                    if !self.key_allowed {
                        return Err(syntax::entry_not_allowed(self.text, start));
                    }
                    self.roll(self.column(), None, Kind::BlockListStart, start);
                }
                self.forget_key()?;
                self.key_allowed = true;
                self.at += 1;
                self.push(Kind::BlockEntry, start);
            }
            b'?' if is_blank_or_end(next) => {
                if self.flow == 0 {
                    if !self.key_allowed {
                        return Err(syntax::error(start, start + 1, "a key cannot start here"));
                    }
                    self.roll(self.column(), None, Kind::BlockMapStart, start);
                }
                self.forget_key()?;
                self.key_allowed = self.flow == 0;
                self.at += 1;
                self.push(Kind::Key, start);
            }
            b':' if self.flow > 0 || is_blank_or_end(next) => self.value()?,
            b'*' | b'&' => self.anchor()?,
            b'!' => {
                self.save_key()?;
                self.key_allowed = false;
                self.tag()?;
            }
            b'|' | b'>' if self.flow == 0 => {
                self.forget_key()?;
                self.key_allowed = true;
                let text = self.block_scalar()?;
                let end = self.text[..self.at].trim_end().len().max(start + 1);
                self.tokens.push_back(Token { kind: Kind::Scalar(text, false), start, end });
            }
            b'\'' | b'"' => {
                self.save_key()?;
                self.key_allowed = false;
                let text = self.quoted_scalar()?;
                let end = self.at;
                self.key_or_value(Token { kind: Kind::Scalar(text, false), start, end });
            }
            _ if starts_plain(byte, next, self.flow > 0) => {
                self.save_key()?;
                self.key_allowed = false;
                let (text, end) = self.plain_scalar()?;
                self.key_or_value(Token { kind: Kind::Scalar(text, true), start, end });
            }
            _ => return Err(syntax::cannot_start(self.text, start)),
        }
        Ok(())
    }

    /// Goes over blanks, comments and line breaks.
    fn skip_to_token(&mut self) {
        loop {
            loop {
                self.skip_spaces();
                if self.byte(0) != b'\t' || self.flow == 0 && self.key_allowed {
                    break;
                }
                self.at += 1;
            }
            if self.byte(0) == b'#' {
                self.skip_line();
            }
            if !matches!(self.byte(0), b'\n' | b'\r') {
                return;
            }
            self.skip_break();
            if self.flow == 0 {
                self.key_allowed = true;
            }
        }
    }

    fn flow_start(&mut self, kind: Kind<'a>) -> Result<(), Broken> {
        let start = self.at;
        self.save_key()?;
        if self.flow >= limits::DEPTH_MAX {
            return Err(syntax::too_deep(start));
        }
        self.flow += 1;
        self.keys.push(SimpleKey::default());
        self.key_allowed = true;
        self.at += 1;
        self.push(kind, start);
        Ok(())
    }

    fn flow_end(&mut self, kind: Kind<'a>) -> Result<(), Broken> {
        let start = self.at;
        self.forget_key()?;
        if self.flow > 0 {
            self.flow -= 1;
            self.keys.pop();
        }
        self.key_allowed = false;
        self.at += 1;
        self.push(kind, start);
        Ok(())
    }

    fn value(&mut self) -> Result<(), Broken> {
        let start = self.at;
        match self.keys.last_mut() {
            Some(key) if key.possible => {
                key.possible = false;
                let key = *key;
                let index = key.number.saturating_sub(self.taken).min(self.tokens.len());
                self.tokens.insert(index, Token { kind: Kind::Key, start: key.at, end: key.at });
                self.roll(key.column, Some(index), Kind::BlockMapStart, key.at);
                self.key_allowed = false;
            }
            _ => {
                if self.flow == 0 {
                    if !self.key_allowed {
                        return Err(syntax::value_not_allowed(self.text, start));
                    }
                    self.roll(self.column(), None, Kind::BlockMapStart, start);
                }
                self.key_allowed = self.flow == 0;
            }
        }
        self.at += 1;
        self.push(Kind::Value, start);
        Ok(())
    }

    /// Puts text into the queue. Where its colon follows at once, as it does nearly always, it is
    /// known for a key here and now, and what [`Scanner::value`] would put in front of it later
    /// goes in front of it at once.
    fn key_or_value(&mut self, text: Token<'a>) {
        let (start, end) = (text.start, text.end);
        let colon = self.at == end
            && self.byte(0) == b':'
            && (self.flow > 0 || is_blank_or_end(self.byte(1)))
            && end - start <= KEY_BYTES_MAX;
        let key = self
            .keys
            .last()
            .copied()
            .filter(|key| colon && key.possible && key.at == start && key.line == self.line);
        let Some(key) = key else {
            self.tokens.push_back(text);
            return;
        };
        if let Some(last) = self.keys.last_mut() {
            last.possible = false;
        }
        self.roll(key.column, None, Kind::BlockMapStart, start);
        self.tokens.push_back(Token { kind: Kind::Key, start, end: start });
        self.tokens.push_back(text);
        self.at += 1;
        self.push(Kind::Value, end);
    }

    fn anchor(&mut self) -> Result<(), Broken> {
        let start = self.at;
        self.save_key()?;
        self.key_allowed = false;
        self.at += 1;
        while matches!(self.byte(0), b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'_' | b'-') {
            self.at += 1;
        }
        let name = &self.text[start + 1..self.at];
        let next = self.byte(0);
        if name.is_empty()
            || !(is_blank_or_end(next)
                || matches!(next, b'?' | b':' | b',' | b']' | b'}' | b'%' | b'@' | b'`'))
        {
            return Err(syntax::anchor(self.text, start));
        }
        self.push(if self.bytes[start] == b'*' { Kind::Alias(name) } else { Kind::Anchor(name) }, start);
        Ok(())
    }

    fn tag(&mut self) -> Result<(), Broken> {
        let start = self.at;
        let verbatim = self.byte(1) == b'<';
        while !is_blank_or_end(self.byte(0))
            && (verbatim || self.flow == 0 || !matches!(self.byte(0), b',' | b'[' | b']' | b'{' | b'}'))
        {
            self.at += 1;
        }
        self.push(Kind::Tag(&self.text[start..self.at]), start);
        Ok(())
    }

    /// Starts a block where the column is deeper than the block around it.
    fn roll(&mut self, column: usize, index: Option<usize>, kind: Kind<'a>, at: usize) {
        if self.flow > 0 || self.indent >= column as isize {
            return;
        }
        self.indents.push(self.indent);
        self.indent = column as isize;
        let index = index.unwrap_or(self.tokens.len());
        self.tokens.insert(index, Token { kind, start: at, end: at });
    }

    /// Ends blocks that are deeper than the column.
    fn unroll(&mut self, column: isize) {
        if self.flow > 0 {
            return;
        }
        while self.indent > column {
            self.push(Kind::BlockEnd, self.at);
            self.indent = self.indents.pop().unwrap_or(-1);
        }
    }

    fn save_key(&mut self) -> Result<(), Broken> {
        if !self.key_allowed {
            return Ok(());
        }
        self.forget_key()?;
        let column = self.column();
        let key = SimpleKey {
            possible: true,
            required: self.flow == 0 && self.indent == column as isize,
            number: self.taken + self.tokens.len(),
            at: self.at,
            line: self.line,
            column,
        };
        if let Some(last) = self.keys.last_mut() {
            *last = key;
        }
        Ok(())
    }

    fn forget_key(&mut self) -> Result<(), Broken> {
        if let Some(key) = self.keys.last_mut() {
            if key.possible && key.required {
                return Err(syntax::no_colon(self.text, key.at));
            }
            key.possible = false;
        }
        Ok(())
    }

    /// A key is on one line, and not too long.
    fn drop_stale_keys(&mut self) -> Result<(), Broken> {
        for key in &mut self.keys {
            if key.possible && (key.line < self.line || key.at + KEY_BYTES_MAX < self.at) {
                if key.required {
                    return Err(syntax::no_colon(self.text, key.at));
                }
                key.possible = false;
            }
        }
        Ok(())
    }
}

/// What bytes mean where they are gone over quickly.
pub(super) mod class {
    pub const BREAK: u8 = 1;
    pub const BLANK: u8 = 2;
    pub const COLON: u8 = 4;
    pub const FLOW: u8 = 8;
    pub const NOT_SPACE: u8 = 16;

    pub const OF: [u8; 256] = {
        let mut of = [NOT_SPACE; 256];
        of[b' ' as usize] = BLANK;
        of[b'\t' as usize] |= BLANK;
        of[b'\n' as usize] |= BREAK;
        of[b'\r' as usize] |= BREAK;
        of[b':' as usize] |= COLON;
        let mut at = 0;
        while at < 5 {
            of[b",[]{}"[at] as usize] |= FLOW;
            at += 1;
        }
        of
    };
}

pub(super) fn is_break_or_end(byte: u8) -> bool {
    matches!(byte, 0 | b'\n' | b'\r')
}

pub(super) fn is_blank_or_end(byte: u8) -> bool {
    matches!(byte, 0 | b' ' | b'\t' | b'\n' | b'\r')
}

pub(super) fn starts_plain(byte: u8, next: u8, flow: bool) -> bool {
    match byte {
        b'-' => !is_blank_or_end(next),
        b'?' | b':' => !flow && !is_blank_or_end(next) || flow && byte == b'?' && !is_blank_or_end(next),
        b',' | b'[' | b']' | b'{' | b'}' | b'#' | b'&' | b'*' | b'!' | b'|' | b'>' | b'\'' | b'"' | b'%'
        | b'@' | b'`' | b'\t' => false,
        _ => true,
    }
}
