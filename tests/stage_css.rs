//! The chart's style sheet: sizes that the geometry reckons with, and enough contrast.

use portolan::scene::draw::Style;
use std::collections::HashMap;

const SHEET: &str = include_str!("../static/stage.css");

#[test]
fn type_has_the_sizes_that_widths_are_reckoned_with() {
    for style in Style::ALL {
        let (class, size, _) = style.measures();
        let rule = SHEET.lines().find(|l| l.starts_with(&format!(".map .{class} {{"))).expect(class);
        assert!(rule.contains(&format!(" {size}px ")), "{rule} is not {size}px");
    }
}

/// Colours by token of the light theme and of both writings of the dark one.
fn themes() -> Vec<HashMap<String, [f32; 3]>> {
    let blocks = SHEET.split(":root").skip(1).filter(|b| b.contains("--deep:"));
    let themes: Vec<_> = blocks
        .map(|block| {
            let body = block.split_once('{').unwrap().1.split('}').next().unwrap();
            let mut tokens = HashMap::new();
            for declaration in body.split(';') {
                let Some((name, value)) = declaration.split_once(':') else { continue };
                let value = value.trim();
                if value.len() == 7 && value.starts_with('#') {
                    let part = |i: usize| {
                        u8::from_str_radix(&value[i..i + 2], 16).map(f32::from).unwrap_or(0.0) / 255.0
                    };
                    tokens
                        .insert(name.trim().trim_start_matches('-').to_owned(), [part(1), part(3), part(5)]);
                }
            }
            tokens
        })
        .collect();
    assert_eq!(themes.len(), 3);
    assert_eq!(themes[1], themes[2], "the dark theme is written twice and must be the same");
    themes
}

/// Models WCAG 2.1 relative luminance and contrast ratio.
fn contrast(a: [f32; 3], b: [f32; 3]) -> f32 {
    let luminance = |c: [f32; 3]| {
        let [r, g, b] = c.map(|x| if x <= 0.03928 { x / 12.92 } else { ((x + 0.055) / 1.055).powf(2.4) });
        0.2126 * r + 0.7152 * g + 0.0722 * b
    };
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

#[test]
fn text_stands_out_from_what_it_stands_on() {
    let everywhere: &[&str] = &["paper", "deep", "shoal", "shoal-2", "land", "land-2"];
    let pairs: &[(&str, &[&str])] = &[
        ("ink", everywhere),
        ("ink-2", everywhere),
        ("ink-3", &["paper", "deep", "shoal"]),
        ("water", &["deep", "shoal", "shoal-2"]),
        ("course", &["paper", "deep", "shoal", "shoal-2", "land", "land-2"]),
        ("ok", &["paper", "deep"]),
        ("bad", &["paper", "deep", "land-2"]),
        ("hold", &["paper", "deep", "land", "land-2"]),
        ("paper", &["ink", "course"]),
    ];
    for theme in themes() {
        for (text, grounds) in pairs {
            for ground in *grounds {
                let ratio = contrast(theme[*text], theme[*ground]);
                assert!(ratio >= 4.5, "{text} on {ground}: {ratio:.2}");
            }
        }
    }
}
