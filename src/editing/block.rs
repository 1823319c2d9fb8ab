//! Block style for the [`Outline`]: lines, indentation, dashes, `key: value`.

use super::flow;
use super::outline::{Id, Outline, Role, Spot};
use crate::source::Span;

/// A map or list that is open, by its column.
struct Frame {
    column: usize,
    node: Id,
    list: bool,
    /// The key or item that deeper lines belong to.
    last: Id,
}

pub(super) struct Reader<'a> {
    pub out: Outline<'a>,
    pub end: usize,
    pub cursor: usize,
    frames: Vec<Frame>,
}

/// Reads the bytes `start..end` into an outline.
pub(super) fn read(out: Outline<'_>, start: usize, end: usize, cursor: usize) -> Outline<'_> {
    let mut reader = Reader { out, end, cursor, frames: Vec::new() };
    let mut at = start;
    while at < end {
        at = reader.line(at);
    }
    // After the last newline there is one more line, which is blank.
    let blank = cursor == end && cursor >= start && (end == start || reader.byte(end - 1) == b'\n');
    if blank && reader.out.spot.is_none() {
        reader.blank(cursor, 0);
    }
    reader.out
}

impl Reader<'_> {
    pub(super) fn byte(&self, at: usize) -> u8 {
        if at < self.end { self.out.text.as_bytes()[at] } else { b'\n' }
    }

    /// End of the line that a byte is in, without `\r\n`.
    pub(super) fn line_end(&self, at: usize) -> usize {
        let at = at.min(self.end);
        let end = self.out.text[at..self.end].find('\n').map_or(self.end, |n| at + n);
        if end > at && self.byte(end - 1) == b'\r' { end - 1 } else { end }
    }

    pub(super) fn next_line(&self, at: usize) -> usize {
        let at = at.min(self.end);
        self.out.text[at..self.end].find('\n').map_or(self.end, |n| at + n + 1)
    }

    pub(super) fn skip_blanks(&self, mut at: usize) -> usize {
        while at < self.end && matches!(self.byte(at), b' ' | b'\t') {
            at += 1;
        }
        at
    }

    pub(super) fn span(&self, start: usize, end: usize) -> Span {
        Span::new(start as u32, end.max(start) as u32)
    }

    pub(super) fn spot(&mut self, node: Id, role: Role, from: usize) -> &mut Spot {
        let line = self.out.text[..from].rfind('\n').map_or(0, |n| n + 1);
        self.out.spot.insert(Spot {
            node,
            role,
            from: from as u32,
            own: None,
            list: None,
            lead: 0,
            column: (from - line) as u32,
            quoted: false,
            flow: false,
        })
    }

    pub(super) fn cursor_in(&self, start: usize, end: usize) -> bool {
        start <= self.cursor && self.cursor <= end
    }

    fn is_dash(&self, at: usize) -> bool {
        self.byte(at) == b'-' && matches!(self.byte(at + 1), b' ' | b'\t' | b'\r' | b'\n')
    }

    /// Reads the line that begins at a byte (or more, for flow and block scalars);
    /// gives the byte at which to go on.
    fn line(&mut self, start: usize) -> usize {
        let at = self.skip_blanks(start);
        let end = self.line_end(start);
        let column = at - start;
        if at >= end {
            if self.cursor_in(start, end) {
                self.blank(self.cursor, self.cursor - start);
            }
            return self.next_line(start);
        }
        if matches!(self.byte(at), b'#' | b'%') {
            return self.next_line(start);
        }
        while self.frames.last().is_some_and(|top| top.column > column) {
            self.frames.pop();
        }
        if self.is_dash(at) {
            return self.dash_line(at, column);
        }
        while self.frames.last().is_some_and(|top| top.list && top.column == column) {
            self.frames.pop();
        }
        let container = match self.frames.last() {
            None => self.open(column, 0, false),
            Some(top) if top.column == column => top.node,
            Some(top) if !self.out.nodes[top.last].closed => self.open(column, top.last, false),
            // Deeper than a key that has its value: another line of it, or a slip.
            Some(top) if !top.list && self.key_end(at).is_some() => top.node,
            Some(_) => return self.next_line(start),
        };
        self.entry(at, container)
    }

    fn open(&mut self, column: usize, node: Id, list: bool) -> Id {
        self.frames.push(Frame { column, node, list, last: node });
        node
    }

    fn set_last(&mut self, node: Id) {
        if let Some(top) = self.frames.last_mut() {
            top.last = node;
        }
    }

    fn dash_line(&mut self, at: usize, column: usize) -> usize {
        let goes_on = self.frames.last().is_some_and(|top| top.list && top.column == column);
        if !goes_on {
            let owner = self.frames.last().map_or(0, |top| top.last);
            self.open(column, owner, true);
        }
        self.item(at, column)
    }

    /// Reads `- …`, also several dashes in one line; the list's frame is the last one.
    fn item(&mut self, mut at: usize, mut column: usize) -> usize {
        loop {
            let list = self.frames.last().map_or(0, |top| top.node);
            let item = self.out.add_item(list);
            self.out.nodes[item].dash = Some(column as u32);
            self.set_last(item);
            let content = self.skip_blanks(at + 1);
            let end = self.line_end(at);
            if content >= end || self.byte(content) == b'#' {
                if self.cursor_in(at + 1, content.min(end)) {
                    let lead = u32::from(self.cursor == at + 1);
                    let spot = self.spot(item, Role::Inside, self.cursor);
                    spot.lead = lead;
                    spot.column += lead;
                }
                return self.next_line(at);
            }
            column += content - at;
            at = content;
            if self.is_dash(at) && self.frames.len() < 100 {
                self.open(column, item, true);
                continue;
            }
            self.open(column, item, false);
            if self.key_end(at).is_some() {
                return self.entry(at, item);
            }
            return self.value(at, item, Role::Inside);
        }
    }

    /// Where the key that begins at a byte ends: after its closing quote, before its colon.
    fn key_end(&self, at: usize) -> Option<usize> {
        let end = self.line_end(at);
        let ends = |i: usize| {
            self.byte(i) == b':' && (i + 1 >= end || matches!(self.byte(i + 1), b' ' | b'\t' | b'\r'))
        };
        match self.byte(at) {
            b'{' | b'[' | b'&' | b'!' | b'*' | b'|' | b'>' => None,
            quote @ (b'"' | b'\'') => {
                let close = self.close_quote(at, quote, end)?;
                let colon = self.skip_blanks(close + 1);
                ends(colon).then_some(close + 1)
            }
            _ => {
                let comment =
                    |i: usize| self.byte(i) == b'#' && matches!(self.byte(i.wrapping_sub(1)), b' ' | b'\t');
                let stop = (at..end).find(|&i| ends(i) || comment(i))?;
                (self.byte(stop) == b':').then_some(stop)
            }
        }
    }

    /// The byte of the closing quote in the line.
    pub(super) fn close_quote(&self, at: usize, quote: u8, end: usize) -> Option<usize> {
        let mut i = at + 1;
        while i < end {
            match self.byte(i) {
                b'\\' if quote == b'"' => i += 1,
                b if b == quote && quote == b'\'' && self.byte(i + 1) == quote => i += 1,
                b if b == quote => return Some(i),
                _ => {}
            }
            i += 1;
        }
        None
    }

    /// Reads `key: value`, or a word that may become a key.
    fn entry(&mut self, at: usize, container: Id) -> usize {
        if matches!(self.byte(at), b'{' | b'[') {
            let column = self.frames.last().and_then(|top| top.column.checked_sub(1));
            return flow::read(self, at, container, column.filter(|_| container != 0));
        }
        let Some(key_end) = self.key_end(at) else {
            let quoted = usize::from(matches!(self.byte(at), b'"' | b'\''));
            let end = self.plain_end(at);
            let word = self.span(at + quoted, end);
            let node = self.out.add_key(container, word);
            self.set_last(node);
            if self.cursor_in(at + quoted, end) {
                let spot = self.spot(container, Role::Inside, at + quoted);
                spot.own = Some(node);
                spot.quoted = quoted == 1;
                spot.column -= quoted as u32;
            }
            return self.next_line(at);
        };
        let quoted = usize::from(matches!(self.byte(at), b'"' | b'\''));
        let key = self.span(at + quoted, key_end - quoted);
        let node = self.out.add_key(container, key);
        self.set_last(node);
        if self.cursor_in(at + quoted, key_end - quoted) {
            let spot = self.spot(container, Role::Inside, at + quoted);
            spot.own = Some(node);
            spot.quoted = quoted == 1;
            spot.column -= quoted as u32;
        }
        let colon = self.skip_blanks(key_end);
        self.value(colon + 1, node, Role::Value)
    }

    /// Where a plain word that begins at a byte ends in its line.
    fn plain_end(&self, at: usize) -> usize {
        let end = self.line_end(at);
        let comment =
            |i: &usize| self.byte(*i) == b'#' && *i > at && matches!(self.byte(*i - 1), b' ' | b'\t');
        let mut stop = (at..end).find(comment).unwrap_or(end);
        while stop > at && matches!(self.byte(stop - 1), b' ' | b'\t') {
            stop -= 1;
        }
        stop
    }

    /// Reads what follows a colon or a dash.
    fn value(&mut self, after: usize, node: Id, role: Role) -> usize {
        let end = self.line_end(after);
        let mut at = self.skip_blanks(after).min(end.max(after));
        // The column that further lines of the value must be beyond; an item's stands after its dash.
        let column = self.frames.last().map_or(0, |top| top.column);
        let outer = if role == Role::Inside { column.saturating_sub(2) } else { column };
        while matches!(self.byte(at), b'&' | b'!') {
            while at < end && !matches!(self.byte(at), b' ' | b'\t') {
                at += 1;
            }
            at = self.skip_blanks(at);
        }
        if at >= end || self.byte(at) == b'#' {
            if self.cursor_in(after, at.min(end)) {
                let lead = u32::from(self.cursor == after);
                self.spot(node, role, self.cursor).lead = lead;
            }
            return self.next_line(after);
        }
        self.out.nodes[node].closed = true;
        match self.byte(at) {
            b'{' | b'[' => flow::read(self, at, node, Some(outer)),
            b'|' | b'>' => {
                let mut line = self.next_line(at);
                while line < self.end {
                    let first = self.skip_blanks(line);
                    if first < self.line_end(line) && first - line <= outer {
                        break;
                    }
                    line = self.next_line(line);
                }
                self.out.nodes[node].value = Some(self.span(at, at + 1));
                line
            }
            quote @ (b'"' | b'\'') => {
                let close = self.close_quote(at, quote, end).unwrap_or(end);
                self.out.nodes[node].value = Some(self.span(at + 1, close));
                if self.cursor_in(at + 1, close) {
                    self.spot(node, role, at + 1).quoted = true;
                }
                self.next_line(at)
            }
            _ => {
                let stop = self.plain_end(at);
                self.out.nodes[node].value = Some(self.span(at, stop));
                if self.cursor_in(at, stop) {
                    self.spot(node, role, at);
                }
                self.next_line(at)
            }
        }
    }

    /// Indentation of the next line that says something, and whether it begins with a dash.
    fn ahead(&self, at: usize) -> Option<(usize, bool)> {
        let mut line = self.next_line(at);
        while line < self.end {
            let first = self.skip_blanks(line);
            if first < self.line_end(line) && self.byte(first) != b'#' {
                return Some((first - line, self.is_dash(first)));
            }
            line = self.next_line(line);
        }
        None
    }

    /// What may stand on a blank line, by the column of the cursor and the lines around.
    fn blank(&mut self, at: usize, cursor: usize) {
        // What stands between a key and its deeper lines can only go with those.
        let (next, dash) = self.ahead(at).unwrap_or((0, false));
        let column = cursor.max(next);
        while self.frames.last().is_some_and(|top| top.column > column) {
            self.frames.pop();
        }
        self.blank_at(at, column, dash && next == column);
        if let Some(spot) = &mut self.out.spot {
            spot.lead = (column - cursor) as u32;
            spot.column = column as u32;
        }
    }

    fn blank_at(&mut self, at: usize, column: usize, before_dash: bool) {
        let count = self.frames.len();
        let Some(top) = self.frames.last() else {
            self.spot(0, Role::Inside, at);
            return;
        };
        let (node, last) = (top.node, top.last);
        if self.out.nodes[node].closed {
            return;
        }
        if top.column < column {
            if !self.out.nodes[last].closed {
                let item = self.out.is_list(last) || before_dash;
                let role = if item { Role::Item } else { Role::Inside };
                let list = (item || !top.list).then_some(last);
                self.spot(last, role, at).list = list;
            }
            return;
        }
        if top.list {
            // Below a list stands the map whose key has it, often at the same column.
            let below = count.checked_sub(2).and_then(|i| self.frames.get(i));
            let map = below.filter(|map| map.column == column && !map.list && !before_dash);
            match map.map(|map| map.node) {
                Some(map) => self.spot(map, Role::Inside, at).list = Some(node),
                None => self.spot(node, Role::Item, at).list = Some(node),
            }
            return;
        }
        let may_list = last != node && self.out.is_bare(last);
        if may_list && before_dash {
            self.spot(last, Role::Item, at).list = Some(last);
        } else {
            self.spot(node, Role::Inside, at).list = may_list.then_some(last);
        }
    }
}
