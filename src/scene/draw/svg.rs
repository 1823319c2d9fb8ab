//! Pieces as a standalone SVG document.

use super::{Align, Piece, Shape};
use crate::scene::{Scene, short};
use std::fmt::Write;

/// A document of `pieces`, one above the other, with a style sheet. `theme` is the value
/// of the root's `data-theme`.
#[must_use]
pub fn document(scene: &Scene, pieces: &[Piece], style_sheet: &str, theme: &str, class: &str) -> String {
    let mut out = String::with_capacity(4_096 + 400 * pieces.len());
    let (w, h) = (short(scene.size.width), short(scene.size.height));
    let _ = write!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"map {class}\" data-theme=\"{theme}\" \
         viewBox=\"0 0 {w} {h}\" width=\"{}\" height=\"{}\"><style>",
        short(scene.size.width * scene.scale),
        short(scene.size.height * scene.scale)
    );
    escape(&mut out, style_sheet);
    out.push_str("</style>");
    for piece in pieces {
        let _ = write!(out, "<g class=\"{}\">", piece.class);
        if !piece.label.is_empty() {
            out.push_str("<title>");
            escape(&mut out, &piece.label);
            out.push_str("</title>");
        }
        piece.shapes.iter().for_each(|shape| put(&mut out, shape));
        out.push_str("</g>");
    }
    out.push_str("</svg>");
    out
}

fn put(out: &mut String, shape: &Shape) {
    let _ = match shape {
        Shape::Rect(r, round, class) => write!(
            out,
            "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"{round}\" class=\"{class}\"/>",
            short(r.x),
            short(r.y),
            short(r.w),
            short(r.h)
        ),
        Shape::Circle(at, r, class) => write!(
            out,
            "<circle cx=\"{}\" cy=\"{}\" r=\"{}\" class=\"{class}\"/>",
            short(at.x),
            short(at.y),
            short(*r)
        ),
        Shape::Path(d, class) => write!(out, "<path d=\"{d}\" class=\"{class}\"/>"),
        Shape::Text { at, text, style, align, class } => {
            let anchor = match align {
                Align::Start => "start",
                Align::Middle => "middle",
                Align::End => "end",
            };
            let (type_class, ..) = style.measures();
            let _ = write!(
                out,
                "<text x=\"{}\" y=\"{}\" text-anchor=\"{anchor}\" class=\"{type_class} {class}\">",
                short(at.x),
                short(at.y)
            );
            escape(out, text);
            out.write_str("</text>")
        }
    };
}

fn escape(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            // Not allowed in XML at all.
            '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {
                out.push('\u{fffd}')
            }
            c => out.push(c),
        }
    }
}
