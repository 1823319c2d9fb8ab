//! The nearest of several words, for "did you mean".

/// The word that was probably meant: equal but for case, or at most two letters off
/// (one in short words).
#[must_use]
pub fn nearest<'a>(word: &str, among: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let limit = if word.len() < 5 { 1 } else { 2 };
    let mut best: Option<(usize, &str)> = None;
    for candidate in among {
        let distance =
            if candidate.eq_ignore_ascii_case(word) { 0 } else { distance(word, candidate, limit) };
        if distance <= limit && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// Letters to insert, remove, change or swap; more than `limit` where it is more.
fn distance(a: &str, b: &str, limit: usize) -> usize {
    const LENGTH_MAX: usize = 48;
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len().abs_diff(b.len()) > limit || a.len() > LENGTH_MAX || b.len() >= LENGTH_MAX {
        return limit + 1;
    }
    let mut before = [0_usize; LENGTH_MAX + 1];
    let mut above: [usize; LENGTH_MAX + 1] = std::array::from_fn(|i| i);
    for (i, &x) in a.iter().enumerate() {
        let mut row = [0_usize; LENGTH_MAX + 1];
        row[0] = i + 1;
        for (j, &y) in b.iter().enumerate() {
            let change = above[j] + usize::from(!x.eq_ignore_ascii_case(&y));
            row[j + 1] = change.min(above[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && x == b[j - 1] && a[i - 1] == y {
                row[j + 1] = row[j + 1].min(before[j - 1] + 1);
            }
        }
        before = above;
        above = row;
    }
    above[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_was_meant() {
        let among = ["selector", "ports", "port", "type", "clusterIP", "targetPort"];
        let near = |word| nearest(word, among.into_iter());
        assert_eq!(near("selectors"), Some("selector"));
        assert_eq!(near("Port"), Some("port"));
        assert_eq!(near("tragetPort"), Some("targetPort"));
        assert_eq!(near("clusterIp"), Some("clusterIP"));
        assert_eq!(near("typ"), Some("type"));
        assert_eq!(near("replicas"), None);
        assert_eq!(near("é"), None);
    }
}
