//! How wide a text will be, and how to shorten it so that it fits.
//!
//! Geometry must not ask a browser, so widths are estimated from the number of
//! characters, a little on the wide side.

/// A typeface of the chart, as far as widths go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Face {
    /// Addresses and code: every character is as wide as the next.
    Mono,
    /// Words.
    Sans,
    /// Words in bold.
    Bold,
}

impl Face {
    /// Width of a character in parts of the font size; those of a wide face (DejaVu Sans),
    /// so that narrower ones fit as well.
    #[must_use]
    pub const fn advance(self, c: char) -> f32 {
        let (narrow, slim, usual, wide, broad) = match self {
            Self::Mono => (0.605, 0.605, 0.605, 0.605, 0.605),
            Self::Sans => (0.3, 0.41, 0.62, 0.9, 1.0),
            Self::Bold => (0.37, 0.49, 0.69, 1.0, 1.05),
        };
        match c {
            'i' | 'j' | 'l' | 'I' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' | '·' => narrow,
            'f' | 't' | 'r' | ' ' | '-' | '/' | '(' | ')' | '[' | ']' => slim,
            'm' | 'w' | 'M' | 'W' | '@' | '%' => wide,
            '\u{2010}'..='\u{27bf}' => broad,
            // East Asian characters and pictures.
            c if c >= '\u{1100}' => 1.1,
            _ => usual,
        }
    }
}

/// The width that `text` takes at `size_px`.
#[must_use]
pub fn width(text: &str, face: Face, size_px: f32) -> f32 {
    text.chars().map(|c| face.advance(c)).sum::<f32>() * size_px
}

/// `text`, or as much of its beginning and end as fits in `room_px` with `…` between.
/// Empty where not even that fits.
#[must_use]
pub fn fit(text: &str, face: Face, size_px: f32, room_px: f32) -> String {
    if width(text, face, size_px) <= room_px {
        return text.to_owned();
    }
    let chars: Vec<char> = text.chars().collect();
    // No character is narrower than this; the rest is found by trying.
    let columns = (room_px / (0.3 * size_px)).max(0.0) as usize;
    let mut keep = columns.min(chars.len().saturating_sub(1));
    loop {
        // The end of a name tells more pods apart than its beginning.
        let tail = keep / 2;
        let head = keep - tail;
        let mut short: String = chars[..head].iter().collect();
        short.push('…');
        short.extend(&chars[chars.len() - tail..]);
        if keep == 0 {
            return String::new();
        }
        if width(&short, face, size_px) <= room_px {
            return short;
        }
        keep -= 1;
    }
}

/// `base-suffix`, with the base shortened before the suffix is.
#[must_use]
pub fn fit_name(base: &str, suffix: &str, face: Face, size_px: f32, room_px: f32) -> String {
    let whole = if suffix.is_empty() { base.to_owned() } else { [base, "-", suffix].concat() };
    if suffix.is_empty() || width(&whole, face, size_px) <= room_px {
        return fit(&whole, face, size_px, room_px);
    }
    let mut short = String::new();
    for keep in (3..base.chars().count().min(64)).rev() {
        short.clear();
        short.extend(base.chars().take(keep));
        short.push('…');
        short.push_str(suffix);
        if width(&short, face, size_px) <= room_px {
            return short;
        }
    }
    fit(&whole, face, size_px, room_px)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_what_fits_and_shortens_the_middle() {
        assert_eq!(fit("web", Face::Mono, 10.0, 100.0), "web");
        assert_eq!(fit("198.51.100.20", Face::Mono, 10.0, 50.0), "198.….20");
        assert_eq!(fit("web", Face::Mono, 10.0, 7.0), "");
        assert_eq!(fit_name("checkout", "x2k4q", Face::Mono, 10.0, 62.0), "chec…x2k4q");
        assert_eq!(fit_name("db", "0", Face::Mono, 10.0, 62.0), "db-0");
    }

    #[test]
    fn never_wider_than_its_room() {
        for text in ["", "a", "résumé-service-with-a-name", "日本語のサービス名前", "😀😀😀😀", "x"]
        {
            for room in 0..120 {
                for face in [Face::Mono, Face::Sans, Face::Bold] {
                    assert!(width(&fit(text, face, 11.0, room as f32), face, 11.0) <= room as f32);
                    assert!(
                        width(&fit_name(text, "k2f9x", face, 11.0, room as f32), face, 11.0) <= room as f32
                    );
                }
            }
        }
    }
}
