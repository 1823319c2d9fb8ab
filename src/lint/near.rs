//! Did you mean: how far two words are apart.

/// Steps from one word to another: a letter changed, left out, added, or two swapped.
/// `None` where it takes more than `most`.
#[must_use]
pub fn distance(one: &str, other: &str, most: usize) -> Option<usize> {
    // Long words are never typing errors of each other as a whole; this bounds the work.
    const LONG: usize = 80;
    let (a, b): (Vec<char>, Vec<char>) =
        (one.chars().take(LONG + 1).collect(), other.chars().take(LONG + 1).collect());
    if a.len() > LONG || b.len() > LONG || a.len().abs_diff(b.len()) > most {
        return None;
    }
    let mut before = vec![0; b.len() + 1];
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1; b.len() + 1];
        for (j, y) in b.iter().enumerate() {
            let changed = last[j] + usize::from(x != y);
            row[j + 1] = changed.min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *x == b[j - 1] && a[i - 1] == *y {
                row[j + 1] = row[j + 1].min(before[j - 1] + 1);
            }
        }
        before = std::mem::replace(&mut last, row);
    }
    last.last().copied().filter(|&steps| steps <= most)
}

/// How far apart two words are if one may be a slip for the other.
#[must_use]
pub fn slip(one: &str, other: &str) -> Option<usize> {
    if one.eq_ignore_ascii_case(other) {
        return Some(usize::from(one != other));
    }
    let shorter = one.chars().count().min(other.chars().count());
    if shorter >= 3
        && let Some(steps) = distance(one, other, (shorter / 3).clamp(1, 3))
    {
        return Some(steps);
    }
    // A word left out: `api` for `shop-api`.
    let part = |whole: &str, part: &str| {
        part.len() > 1
            && ["-", ".", "_"].iter().any(|joint| {
                whole.strip_prefix(part).is_some_and(|rest| rest.starts_with(joint))
                    || whole.strip_suffix(part).is_some_and(|rest| rest.ends_with(joint))
            })
    };
    (part(one, other) || part(other, one)).then_some(4)
}

/// How many candidates are looked at: in a text with more, the first must do.
pub(super) const LOOK_AT: usize = 200;

/// The candidate that was probably meant; the first of equals.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    candidates
        .into_iter()
        .take(LOOK_AT)
        .filter(|candidate| *candidate != word)
        .filter_map(|candidate| Some((slip(word, candidate)?, candidate)))
        .min_by_key(|(steps, _)| *steps)
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_was_meant() {
        assert_eq!(nearest("fronted", ["backend", "frontend"]), Some("frontend"));
        assert_eq!(nearest("Web", ["web", "wet"]), Some("web"));
        assert_eq!(nearest("api", ["shop-api", "db"]), Some("shop-api"));
        assert_eq!(nearest("wbe", ["web"]), Some("web"), "swapped");
        assert_eq!(nearest("a", ["b"]), None);
        assert_eq!(nearest("web", ["database"]), None);
        assert_eq!(nearest("ä", [&*"x".repeat(1000)]), None);
    }
}
