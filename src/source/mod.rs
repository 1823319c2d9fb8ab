//! Text, byte ranges and the line index.
//!
//! Everything inside the program counts bytes; only the edge towards JavaScript
//! (the editor counts UTF-16 code units) converts, once, through [`LineIndex`].
//! This room does not know YAML.

use serde::Serialize;

/// A half-open byte range `start..end` in some text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The range from `start` to `end`, in bytes.
    #[must_use]
    pub const fn new(start: u32, end: u32) -> Self {
        Self { start, end }
    }

    /// The same range, `offset` bytes further on: from document to text.
    #[must_use]
    pub const fn shifted(self, offset: u32) -> Self {
        Self { start: self.start + offset, end: self.end + offset }
    }

    /// Length in bytes.
    #[must_use]
    pub const fn len(self) -> u32 {
        self.end - self.start
    }

    /// Whether it covers no byte.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.start == self.end
    }
}

/// A place as a person counts: line and column from 1, columns in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub struct Position {
    /// Line, from 1.
    pub line: u32,
    /// Column, from 1, in characters.
    pub column: u32,
}

/// Where each line of a text begins; turns bytes into lines, columns and UTF-16.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LineIndex {
    /// Byte and UTF-16 offset of the first character of each line.
    starts: Vec<(u32, u32)>,
    ascii: bool,
}

impl LineIndex {
    /// Reads `text` once.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let ascii = text.is_ascii();
        let mut starts = vec![(0, 0)];
        if ascii {
            starts.extend(
                text.bytes().zip(1_u32..).filter(|&(byte, _)| byte == b'\n').map(|(_, next)| (next, next)),
            );
        } else {
            let mut utf16 = 0;
            for (byte, character) in (0_u32..).zip(text.char_indices()).map(|(_, pair)| pair) {
                utf16 += character.len_utf16() as u32;
                if character == '\n' {
                    starts.push((byte as u32 + 1, utf16));
                }
            }
        }
        Self { starts, ascii }
    }

    fn line_of(&self, byte: u32) -> usize {
        self.starts.partition_point(|&(start, _)| start <= byte) - 1
    }

    /// Line and column of a byte offset in `text`, which must be the indexed text.
    /// An offset past the end is the end; one inside a character is that character.
    #[must_use]
    pub fn position(&self, text: &str, byte: u32) -> Position {
        let byte = floor_boundary(text, byte);
        let line = self.line_of(byte);
        let start = self.starts[line].0;
        let column = if self.ascii {
            byte - start
        } else {
            text[start as usize..byte as usize].chars().count() as u32
        };
        Position { line: line as u32 + 1, column: column + 1 }
    }

    /// The UTF-16 offset of a byte offset, for the editor.
    #[must_use]
    pub fn utf16(&self, text: &str, byte: u32) -> u32 {
        let byte = floor_boundary(text, byte);
        if self.ascii {
            return byte;
        }
        let (start, utf16) = self.starts[self.line_of(byte)];
        utf16 + text[start as usize..byte as usize].encode_utf16().count() as u32
    }

    /// The byte offset of a UTF-16 offset, from the editor. Inside a surrogate
    /// pair it is the character's first byte; past the end it is the end.
    #[must_use]
    pub fn byte(&self, text: &str, utf16: u32) -> u32 {
        if self.ascii {
            return utf16.min(text.len() as u32);
        }
        let line = self.starts.partition_point(|&(_, start)| start <= utf16) - 1;
        let (start, mut seen) = self.starts[line];
        for (offset, character) in text[start as usize..].char_indices() {
            if seen + character.len_utf16() as u32 > utf16 {
                return start + offset as u32;
            }
            seen += character.len_utf16() as u32;
        }
        text.len() as u32
    }

    /// How many lines there are; an empty text has one.
    #[must_use]
    pub fn lines(&self) -> u32 {
        self.starts.len() as u32
    }
}

fn floor_boundary(text: &str, byte: u32) -> u32 {
    let mut byte = (byte as usize).min(text.len());
    while !text.is_char_boundary(byte) {
        byte -= 1;
    }
    byte as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_bytes_lines_columns_and_utf16() {
        let text = "ä: 1\n𝄞: x\nlast";
        let index = LineIndex::new(text);
        assert_eq!(index.lines(), 3);
        assert_eq!(index.position(text, 2), Position { line: 1, column: 2 });
        assert_eq!(index.position(text, 6), Position { line: 2, column: 1 });
        assert_eq!(index.position(text, 10), Position { line: 2, column: 2 });
        assert_eq!(index.utf16(text, 10), 7);
        assert_eq!(index.byte(text, 7), 10);
        assert_eq!(index.byte(text, 6), 6, "inside a surrogate pair");
        assert_eq!(index.position(text, 999), Position { line: 3, column: 5 });
        assert_eq!(index.byte(text, 999), text.len() as u32);
    }

    #[test]
    fn round_trips_in_ascii_text() {
        let text = "a: b\nc: d\n";
        let index = LineIndex::new(text);
        for byte in 0..=text.len() as u32 {
            assert_eq!(index.byte(text, index.utf16(text, byte)), byte);
        }
    }
}
