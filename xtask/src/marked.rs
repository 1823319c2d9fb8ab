//! Text between `<!-- name:begin -->` and `<!-- name:end -->` in a Markdown file.

use std::fs;
use std::path::Path;

use crate::run::Outcome;

/// Replaces what stands between the marks.
pub fn write(file: &Path, name: &str, text: &str) -> Outcome {
    let old = read(file)?;
    let (start, end) = place(&old, name).ok_or_else(|| no_marks(file, name))?;
    let new = format!("{}\n\n{}\n\n{}", &old[..start], text.trim(), &old[end..]);
    fs::write(file, new).map_err(|e| format!("{}: {e}", file.display()))?;
    println!("{} is up to date", file.display());
    Ok(())
}

/// Fails when something else stands between the marks.
pub fn check(file: &Path, name: &str, text: &str, remedy: &str) -> Outcome {
    let old = read(file)?;
    let (start, end) = place(&old, name).ok_or_else(|| no_marks(file, name))?;
    if old[start..end].trim() == text.trim() {
        return Ok(());
    }
    Err(format!("{} is out of date: run `{remedy}`", file.display()))
}

fn read(file: &Path) -> Outcome<String> {
    fs::read_to_string(file).map_err(|e| format!("{}: {e}", file.display()))
}

fn no_marks(file: &Path, name: &str) -> String {
    format!("{} lacks the marks <!-- {name}:begin --> and <!-- {name}:end -->", file.display())
}

/// Byte offsets after the first and before the second mark.
fn place(text: &str, name: &str) -> Option<(usize, usize)> {
    let begin = format!("<!-- {name}:begin -->");
    let start = text.find(&begin)? + begin.len();
    let end = start + text[start..].find(&format!("<!-- {name}:end -->"))?;
    Some((start, end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_place_is_between_the_marks() {
        let text = "a <!-- x:begin -->old<!-- x:end --> b";
        let (start, end) = place(text, "x").expect("marks");
        assert_eq!(&text[start..end], "old");
        assert_eq!(place(text, "y"), None);
        assert_eq!(place("<!-- x:end --><!-- x:begin -->", "x"), None);
    }
}
