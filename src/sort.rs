//! Sorting in one small copy: the standard library's sort is compiled anew, in full, for
//! every type and order, which a page that is loaded over a network pays for.

use std::cmp::Ordering;

/// Sorts; equal items stay in their order.
pub fn by<T>(items: &mut [T], mut compare: impl FnMut(&T, &T) -> Ordering) {
    let Some(mut places) = places(items.len(), &mut |a, b| compare(&items[a], &items[b])) else { return };
    for i in 0..items.len() {
        while places[i] != i {
            let to = places[i];
            items.swap(i, to);
            places.swap(i, to);
        }
    }
}

/// Sorts by a key; equal items stay in their order.
pub fn by_key<T, K: Ord>(items: &mut [T], key: impl Fn(&T) -> K) {
    by(items, |a, b| key(a).cmp(&key(b)));
}

/// Sorts items that have an order of their own.
pub fn plain<T: Ord>(items: &mut [T]) {
    by(items, T::cmp);
}

/// Where each item goes; `None` if all stay. A merge sort, as it keeps equal items.
fn places(len: usize, compare: &mut dyn FnMut(usize, usize) -> Ordering) -> Option<Vec<usize>> {
    if (1..len).all(|i| compare(i - 1, i) != Ordering::Greater) {
        return None;
    }
    let mut from: Vec<usize> = (0..len).collect();
    let mut to = vec![0; len];
    let mut run = 1;
    while run < len {
        let mut start = 0;
        while start < len {
            let middle = len.min(start + run);
            let end = len.min(middle + run);
            let (mut left, mut right) = (start, middle);
            for next in &mut to[start..end] {
                let takes_right =
                    left == middle || right < end && compare(from[right], from[left]) == Ordering::Less;
                let taken = if takes_right { &mut right } else { &mut left };
                *next = from[*taken];
                *taken += 1;
            }
            start = end;
        }
        std::mem::swap(&mut from, &mut to);
        run *= 2;
    }
    for (place, &item) in from.iter().enumerate() {
        to[item] = place;
    }
    Some(to)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sorts_as_the_standard_library_does() {
        let mut seed = 7_u32;
        for len in 0..70 {
            let items: Vec<(u32, usize)> = (0..len)
                .map(|i| {
                    seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    (seed >> 24 & 7, i)
                })
                .collect();
            let (mut ours, mut theirs) = (items.clone(), items.clone());
            by_key(&mut ours, |item| item.0);
            theirs.sort_by_key(|item| item.0);
            assert_eq!(ours, theirs);
            let (mut ours, mut theirs) = (items.clone(), items);
            by(&mut ours, |a, b| b.cmp(a));
            theirs.sort_by(|a, b| b.cmp(a));
            assert_eq!(ours, theirs);
            plain(&mut ours);
            assert!(ours.is_sorted());
        }
    }
}
