//! Plain, quoted and block text of YAML: folding, escapes, indentation.
// Models go-yaml v2 scannerc.go yaml_parser_scan_{plain,flow,block}_scalar

use super::scan::{Scanner, class, is_blank_or_end, is_break_or_end};
use super::syntax::{self, Broken};
use std::borrow::Cow;

impl<'a> Scanner<'a> {
    /// Text without quotes, and where it ends (blanks behind it do not belong to it).
    pub(super) fn plain_scalar(&mut self) -> Result<(Cow<'a, str>, usize), Broken> {
        let start = self.at;
        let mut text = Cow::Borrowed("");
        let mut end = start;
        let mut leading = false;
        let mut breaks = 0;
        let flow = if self.flow > 0 { class::FLOW } else { 0 };
        let stops = class::BREAK | class::BLANK | class::COLON | flow;
        loop {
            if self.byte(0) == b'#' {
                break;
            }
            let from = self.at;
            loop {
                self.skip_to(stops);
                // A colon inside a word is a letter like any other.
                if self.byte(0) != b':'
                    || is_blank_or_end(self.byte(1))
                    || self.flow > 0 && is_flow(self.byte(1))
                {
                    break;
                }
                self.at += 1;
            }
            if self.at == from {
                break;
            }
            if end == start {
                text = Cow::Borrowed(&self.text[from..self.at]);
            } else if breaks == 0 && matches!(text, Cow::Borrowed(_)) {
                text = Cow::Borrowed(&self.text[start..self.at]);
            } else {
                let whole = text.to_mut();
                match breaks {
                    0 => whole.push_str(&self.text[end..from]),
                    1 => whole.push(' '),
                    more => whole.extend(std::iter::repeat_n('\n', more - 1)),
                }
                whole.push_str(&self.text[from..self.at]);
            }
            end = self.at;
            leading = false;
            if !is_blank_or_end(self.byte(0)) || self.byte(0) == 0 {
                break;
            }
            breaks = 0;
            loop {
                match self.byte(0) {
                    b'\t' if leading && (self.column() as isize) < self.indent + 1 && self.flow == 0 => {
                        return Err(syntax::tab(self.text, self.at));
                    }
                    b' ' | b'\t' => self.at += 1,
                    b'\n' | b'\r' => {
                        self.skip_break();
                        leading = true;
                        breaks += 1;
                    }
                    _ => break,
                }
            }
            if self.flow == 0 && (self.column() as isize) < self.indent + 1 {
                break;
            }
        }
        if leading {
            self.key_allowed = true;
        }
        Ok((text, end))
    }

    /// Text in quotes.
    pub(super) fn quoted_scalar(&mut self) -> Result<Cow<'a, str>, Broken> {
        let start = self.at;
        let quote = self.byte(0);
        self.at += 1;
        let from = self.at;
        // Most have neither escapes nor breaks, and are then a part of the text as they are.
        let special = self.bytes[from..]
            .iter()
            .position(|&b| b == quote || matches!(b, b'\n' | b'\r') || b == b'\\' && quote == b'"');
        let plain_until = from + special.unwrap_or(self.bytes.len() - from);
        if self.bytes.get(plain_until) == Some(&quote)
            && (quote == b'"' || self.bytes.get(plain_until + 1) != Some(&b'\''))
        {
            self.at = plain_until + 1;
            return Ok(Cow::Borrowed(&self.text[from..plain_until]));
        }
        let mut text = String::new();
        loop {
            match self.byte(0) {
                0 => return Err(syntax::quote_not_closed(self.text, start)),
                b'\'' if quote == b'\'' => {
                    self.at += 1;
                    if self.byte(0) != b'\'' {
                        break;
                    }
                    text.push('\'');
                    self.at += 1;
                }
                b'"' if quote == b'"' => {
                    self.at += 1;
                    break;
                }
                b'\\' if quote == b'"' => self.escape(&mut text)?,
                b' ' | b'\t' | b'\n' | b'\r' => self.fold_quoted(&mut text),
                _ => {
                    let from = self.at;
                    while !matches!(self.byte(0), 0 | b'\'' | b'"' | b'\\' | b' ' | b'\t' | b'\n' | b'\r') {
                        self.at += 1;
                    }
                    if self.at == from {
                        self.at += 1; // the other kind of quote, or a backslash in single quotes
                    }
                    text.push_str(&self.text[from..self.at]);
                }
            }
        }
        Ok(Cow::Owned(text))
    }

    /// Blanks stay; a break with the blanks around it becomes a space, more breaks become breaks.
    fn fold_quoted(&mut self, text: &mut String) {
        let from = self.at;
        let mut breaks = 0;
        loop {
            match self.byte(0) {
                b' ' | b'\t' => self.at += 1,
                b'\n' | b'\r' => {
                    self.skip_break();
                    breaks += 1;
                }
                _ => break,
            }
        }
        match breaks {
            0 => text.push_str(&self.text[from..self.at]),
            1 => text.push(' '),
            more => text.extend(std::iter::repeat_n('\n', more - 1)),
        }
    }

    fn escape(&mut self, text: &mut String) -> Result<(), Broken> {
        let start = self.at;
        let letter = self.byte(1);
        let digits = match letter {
            b'x' => 2,
            b'u' => 4,
            b'U' => 8,
            _ => 0,
        };
        if digits > 0 {
            self.at += 2;
            let mut code = self.hexadecimal(digits, start)?;
            // JSON writes what is beyond 16 bits as two halves.
            if (0xd800..0xdc00).contains(&code) && self.byte(0) == b'\\' && self.byte(1) == b'u' {
                self.at += 2;
                let low = self.hexadecimal(4, start)?;
                code = 0x10000 + ((code - 0xd800) << 10) + (low.wrapping_sub(0xdc00) & 0x3ff);
            }
            text.push(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
            return Ok(());
        }
        if matches!(letter, b'\n' | b'\r') {
            self.at += 1;
            self.skip_break();
            loop {
                match self.byte(0) {
                    b' ' | b'\t' => self.at += 1,
                    b'\n' | b'\r' => {
                        self.skip_break();
                        text.push('\n');
                    }
                    _ => return Ok(()),
                }
            }
        }
        text.push(match letter {
            b'0' => '\0',
            b'a' => '\u{7}',
            b'b' => '\u{8}',
            b't' | b'\t' => '\t',
            b'n' => '\n',
            b'v' => '\u{b}',
            b'f' => '\u{c}',
            b'r' => '\r',
            b'e' => '\u{1b}',
            b' ' => ' ',
            b'"' => '"',
            b'\'' => '\'',
            b'/' => '/',
            b'\\' => '\\',
            b'N' => '\u{85}',
            b'_' => '\u{a0}',
            b'L' => '\u{2028}',
            b'P' => '\u{2029}',
            _ => return Err(syntax::escape(self.text, start)),
        });
        self.at += 2;
        Ok(())
    }

    fn hexadecimal(&mut self, digits: usize, start: usize) -> Result<u32, Broken> {
        let mut code = 0_u32;
        for _ in 0..digits {
            let Some(digit) = (self.byte(0) as char).to_digit(16) else {
                return Err(syntax::escape(self.text, start));
            };
            code = (code << 4) | digit;
            self.at += 1;
        }
        Ok(code)
    }

    /// `|` and `>` with the lines below.
    pub(super) fn block_scalar(&mut self) -> Result<Cow<'a, str>, Broken> {
        let start = self.at;
        let literal = self.byte(0) == b'|';
        self.at += 1;
        let (mut keep, mut strip, mut increment) = (false, false, 0);
        for _ in 0..2 {
            match self.byte(0) {
                b'+' if !keep && !strip => keep = true,
                b'-' if !keep && !strip => strip = true,
                digit @ b'1'..=b'9' if increment == 0 => increment = isize::from(digit as i8 - b'0' as i8),
                _ => break,
            }
            self.at += 1;
        }
        while matches!(self.byte(0), b' ' | b'\t') {
            self.at += 1;
        }
        if self.byte(0) == b'#' {
            self.skip_line();
        }
        if !is_break_or_end(self.byte(0)) {
            return Err(syntax::block_header(self.text, start, self.at));
        }
        if self.byte(0) != 0 {
            self.skip_break();
        }
        let base = self.indent.max(0);
        let mut indent = if increment > 0 { base + increment } else { 0 };
        let mut text = String::new();
        let mut waiting = 0; // breaks of empty lines, not yet written
        self.empty_lines(&mut indent, &mut waiting)?;
        let mut leading_break = false;
        let mut leading_blank = false;
        while self.column() as isize == indent && self.byte(0) != 0 {
            let blank = matches!(self.byte(0), b' ' | b'\t');
            if leading_break && !literal && !leading_blank && !blank {
                if waiting == 0 {
                    text.push(' ');
                }
            } else if leading_break {
                text.push('\n');
            }
            text.extend(std::iter::repeat_n('\n', waiting));
            waiting = 0;
            leading_blank = blank;
            let from = self.at;
            self.skip_line();
            text.push_str(&self.text[from..self.at]);
            leading_break = self.byte(0) != 0;
            if leading_break {
                self.skip_break();
            }
            self.empty_lines(&mut indent, &mut waiting)?;
        }
        if !strip && leading_break {
            text.push('\n');
        }
        if keep {
            text.extend(std::iter::repeat_n('\n', waiting));
        }
        Ok(Cow::Owned(text))
    }

    /// Goes over empty lines to the next text; finds the indentation where it is not known yet.
    fn empty_lines(&mut self, indent: &mut isize, breaks: &mut usize) -> Result<(), Broken> {
        let mut deepest = 0;
        loop {
            while (*indent == 0 || (self.column() as isize) < *indent) && self.byte(0) == b' ' {
                self.at += 1;
            }
            deepest = deepest.max(self.column() as isize);
            if self.byte(0) == b'\t' && (*indent == 0 || (self.column() as isize) < *indent) {
                return Err(syntax::tab(self.text, self.at));
            }
            if !matches!(self.byte(0), b'\n' | b'\r') {
                break;
            }
            self.skip_break();
            *breaks += 1;
        }
        if *indent == 0 {
            *indent = deepest.max(self.indent + 1).max(1);
        }
        Ok(())
    }
}

fn is_flow(byte: u8) -> bool {
    matches!(byte, b',' | b'[' | b']' | b'{' | b'}')
}
