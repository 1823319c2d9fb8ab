//! Maps and sets whose keys come from the text at hand: nobody attacks them, so a short
//! and quick hash does. Their order is no order: nothing visible may depend on it.

use std::hash::{BuildHasherDefault, Hasher};

/// A map with the quick hash.
pub type Map<K, V> = std::collections::HashMap<K, V, BuildHasherDefault<Quick>>;
/// A set with the quick hash.
pub type Set<K> = std::collections::HashSet<K, BuildHasherDefault<Quick>>;

/// A multiplying hash (as Firefox and rustc use), the same in every run.
#[derive(Clone, Copy, Debug, Default)]
pub struct Quick(u64);

impl Quick {
    fn add(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(0x517c_c1b7_2722_0a95);
    }
}

impl Hasher for Quick {
    fn write(&mut self, bytes: &[u8]) {
        let mut words = bytes.chunks_exact(8);
        for word in &mut words {
            self.add(word.iter().rev().fold(0, |all, &byte| all << 8 | u64::from(byte)));
        }
        let rest = words.remainder();
        if !rest.is_empty() {
            self.add(rest.iter().rev().fold(0, |all, &byte| all << 8 | u64::from(byte)));
        }
    }

    fn write_u8(&mut self, n: u8) {
        self.add(n.into());
    }

    fn write_u16(&mut self, n: u16) {
        self.add(n.into());
    }

    fn write_u32(&mut self, n: u32) {
        self.add(n.into());
    }

    fn write_u64(&mut self, n: u64) {
        self.add(n);
    }

    fn write_usize(&mut self, n: usize) {
        self.add(n as u64);
    }

    // The table takes its place from the low bits, where a product mixes least.
    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::hash::{BuildHasher, Hash};

    fn hash(value: impl Hash) -> u64 {
        BuildHasherDefault::<Quick>::default().hash_one(value)
    }

    #[test]
    fn keys_that_differ_a_little_fall_apart() {
        let low: Set<u64> = (0..1000_u32).map(|n| hash(format!("10.96.0.{n}")) & 0xffff).collect();
        assert!(low.len() > 950, "{}", low.len());
        assert_eq!(hash(("a", 1)), hash(("a", 1)));
        assert_ne!(hash(("ab", "c")), hash(("a", "bc")));
    }
}
