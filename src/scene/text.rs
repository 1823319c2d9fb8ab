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
    /// Width of a character, in parts of the font size.
    #[must_use]
    pub const fn advance(self) -> f32 {
        match self {
            Self::Mono => 0.605,
            Self::Sans => 0.585,
            Self::Bold => 0.665,
        }
    }
}

/// The width that `text` takes at `size_px`. East Asian characters count double.
#[must_use]
pub fn width(text: &str, face: Face, size_px: f32) -> f32 {
    let columns: f32 = text
        .chars()
        .map(|c| if c >= '\u{1100}' && c != '…' && c != '→' && !is_mark(c) { 1.7 } else { 1.0 })
        .sum();
    columns * face.advance() * size_px
}

/// Arrows, dashes and shapes that are as wide as a letter.
const fn is_mark(c: char) -> bool {
    matches!(c, '\u{2010}'..='\u{27bf}')
}

/// `text`, or as much of its beginning and end as fits in `room_px` with `…` between.
/// Empty where not even that fits.
#[must_use]
pub fn fit(text: &str, face: Face, size_px: f32, room_px: f32) -> String {
    if width(text, face, size_px) <= room_px {
        return text.to_owned();
    }
    let columns = (room_px / (face.advance() * size_px)).floor();
    if columns < 2.0 {
        return String::new();
    }
    let chars: Vec<char> = text.chars().collect();
    let mut keep = (columns as usize - 1).min(chars.len());
    loop {
        // The end of a name tells more pods apart than its beginning.
        let tail = keep / 2;
        let head = keep - tail;
        let mut short: String = chars[..head].iter().collect();
        short.push('…');
        short.extend(&chars[chars.len() - tail..]);
        if width(&short, face, size_px) <= room_px {
            return short;
        }
        if keep == 0 {
            return String::new();
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
    let rest = room_px - width(suffix, face, size_px) - 2.0 * face.advance() * size_px;
    let fitting = (rest / (face.advance() * size_px)).floor();
    if fitting >= 3.0 {
        let mut short: String = base.chars().take(fitting as usize).collect();
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
        assert_eq!(fit_name("checkout", "x2k4q", Face::Mono, 10.0, 62.0), "che…x2k4q");
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
