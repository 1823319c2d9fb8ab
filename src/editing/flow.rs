//! Flow style for the outline: braces and brackets, JSON and KYAML among them.

use super::block::Reader;
use super::outline::{Id, Role};

/// Braces within braces that are followed; deeper ones are passed over.
const DEPTH_MAX: usize = 100;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Next {
    Key,
    Colon(Id),
    Value(Id),
    Item,
    Comma,
}

struct Open {
    node: Id,
    map: bool,
    next: Next,
}

/// Reads from an opening brace on; gives the start of the line after the closing one.
/// Where it does not close, it ends at the first line that is indented no deeper than
/// `outer` and does not begin with a closing brace; `None`: at the document's end.
pub(super) fn read(reader: &mut Reader<'_>, start: usize, node: Id, outer: Option<usize>) -> usize {
    let mut stack: Vec<Open> = Vec::new();
    let mut at = start;
    let mut gap = start;
    while at < reader.end {
        let byte = reader.byte(at);
        if matches!(byte, b' ' | b'\t' | b'\r') {
            at += 1;
            continue;
        }
        let comment = byte == b'#' && at > start && matches!(reader.byte(at - 1), b' ' | b'\t' | b'\n');
        if byte == b'\n' || comment {
            space(reader, &stack, gap, if comment { at } else { reader.line_end(at) });
            let next = reader.next_line(at);
            let first = reader.skip_blanks(next);
            let blank = first >= reader.line_end(next);
            let leaves = outer.is_some_and(|outer| first - next <= outer)
                && !matches!(reader.byte(first), b'}' | b']' | b'#');
            if next >= reader.end || (!blank && leaves) {
                return next;
            }
            at = next;
            gap = next;
            continue;
        }
        space(reader, &stack, gap, at);
        match byte {
            b'{' | b'[' => {
                let inner = match stack.last_mut() {
                    None => node,
                    Some(top) => match top.next {
                        Next::Value(node) => {
                            top.next = Next::Comma;
                            node
                        }
                        Next::Item => {
                            top.next = Next::Comma;
                            reader.out.add_item(top.node)
                        }
                        _ => top.node,
                    },
                };
                if stack.len() >= DEPTH_MAX {
                    return reader.next_line(at);
                }
                let map = byte == b'{';
                stack.push(Open { node: inner, map, next: if map { Next::Key } else { Next::Item } });
                at += 1;
            }
            b'}' | b']' => {
                stack.pop();
                at += 1;
                if stack.is_empty() {
                    return reader.next_line(at);
                }
            }
            b',' => {
                if let Some(top) = stack.last_mut() {
                    top.next = if top.map { Next::Key } else { Next::Item };
                }
                at += 1;
            }
            b':' if matches!(stack.last(), Some(Open { next: Next::Colon(_), .. })) => {
                if let Some(top) = stack.last_mut()
                    && let Next::Colon(key) = top.next
                {
                    top.next = Next::Value(key);
                }
                at += 1;
            }
            _ => at = word(reader, &mut stack, at),
        }
        gap = at;
    }
    space(reader, &stack, gap, reader.end);
    reader.end
}

/// Notes the cursor between words.
fn space(reader: &mut Reader<'_>, stack: &[Open], start: usize, end: usize) {
    if !reader.cursor_in(start, end) {
        return;
    }
    let Some(top) = stack.last() else { return };
    let structural = matches!(reader.byte(start.wrapping_sub(1)), b'{' | b'[' | b',' | b':' | b'\n');
    if !structural && reader.cursor == start {
        return;
    }
    let (node, role) = match top.next {
        Next::Key => (top.node, Role::Inside),
        Next::Value(key) => (key, Role::Value),
        Next::Item => (top.node, Role::Item),
        Next::Colon(_) | Next::Comma => return,
    };
    let before = reader.byte(start.wrapping_sub(1));
    let lead = u32::from(reader.cursor == start && matches!(before, b':' | b','));
    let cursor = reader.cursor;
    let spot = reader.spot(node, role, cursor);
    spot.flow = true;
    spot.lead = lead;
}

/// Reads a word: a key, a value or an item.
fn word(reader: &mut Reader<'_>, stack: &mut [Open], start: usize) -> usize {
    let line_end = reader.line_end(start);
    let first = reader.byte(start);
    let (inner, end, after) = if matches!(first, b'"' | b'\'') {
        match reader.close_quote(start, first, line_end) {
            Some(close) => (start + 1, close, close + 1),
            None => (start + 1, line_end, line_end),
        }
    } else {
        let mut end = start;
        while end < line_end {
            let ends = match reader.byte(end) {
                b',' | b'{' | b'}' | b'[' | b']' => true,
                b':' => matches!(reader.byte(end + 1), b' ' | b'\t' | b'\r' | b'\n' | b',' | b'}' | b']'),
                b'#' => end > start && matches!(reader.byte(end - 1), b' ' | b'\t'),
                _ => false,
            };
            if ends {
                break;
            }
            end += 1;
        }
        let after = end.max(start + 1).min(reader.end);
        while end > start && matches!(reader.byte(end - 1), b' ' | b'\t') {
            end -= 1;
        }
        (start, end, after)
    };
    let span = reader.span(inner, end);
    let Some(top) = stack.last_mut() else { return after };
    let (node, role, own) = match top.next {
        Next::Key => {
            let key = reader.out.add_key(top.node, span);
            top.next = Next::Colon(key);
            (top.node, Role::Inside, Some(key))
        }
        Next::Value(key) => {
            reader.out.nodes[key].value = Some(span);
            top.next = Next::Comma;
            (key, Role::Value, None)
        }
        Next::Item => {
            let item = reader.out.add_item(top.node);
            reader.out.nodes[item].value = Some(span);
            top.next = Next::Comma;
            (item, Role::Inside, None)
        }
        Next::Colon(_) | Next::Comma => return after,
    };
    if reader.cursor_in(inner, end) {
        let spot = reader.spot(node, role, inner);
        spot.flow = true;
        spot.own = own;
        spot.quoted = inner > start;
    }
    after
}
