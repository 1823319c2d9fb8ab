//! Maps and sets in the order of insertion, whose keys come from the text at hand: nobody
//! attacks them, so a short and quick hash does.
//!
//! Small in a program that has many kinds of them: finding a place, growing and telling
//! collisions apart know nothing of keys and values and exist once, in `Places`.

use std::borrow::Borrow;
use std::fmt;
use std::hash::{Hash, Hasher};

/// So many keys are compared one by one: a table, and hashes for it, pay off for more.
const FEW: usize = 8;

/// Where entries stand: an open table of positions, with the hash of each entry. Empty as long as
/// there are few.
#[derive(Clone, Default)]
struct Places {
    /// Position + 1 in the list of entries, 0 where nothing is; a power of two, at most half full.
    slots: Vec<u32>,
    /// The hash of each entry, in the order of the entries.
    hashes: Vec<u32>,
}

impl Places {
    fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }

    /// The next entry with this hash, from slot `at` on; `at` is then the one after it.
    fn next(&self, hash: u32, at: &mut usize) -> Option<usize> {
        // Slices: an index into a vector is a call where the program is built to be small.
        let (slots, hashes) = (self.slots.as_slice(), self.hashes.as_slice());
        let mask = slots.len() - 1;
        loop {
            *at &= mask;
            let entry = (slots[*at] as usize).checked_sub(1)?;
            *at += 1;
            if hashes[entry] == hash {
                return Some(entry);
            }
        }
    }

    /// Takes in one more entry.
    fn push(&mut self, hash: u32) {
        self.hashes.push(hash);
        if self.hashes.len() * 2 > self.slots.len() {
            self.lay_out();
        } else {
            self.set(self.hashes.len() - 1);
        }
    }

    /// Forgets an entry; those after it move up.
    fn remove(&mut self, entry: usize) {
        if !self.is_empty() {
            self.hashes.remove(entry);
            self.lay_out();
        }
    }

    fn lay_out(&mut self) {
        // Room for twice as many, or every other table of this size is laid out again at once.
        let wanted = (self.hashes.len() * 3).next_power_of_two();
        self.slots.clear();
        self.slots.resize(wanted, 0);
        for entry in 0..self.hashes.len() {
            self.set(entry);
        }
    }

    fn set(&mut self, entry: usize) {
        let hash = self.hashes[entry];
        let slots = self.slots.as_mut_slice();
        let mask = slots.len() - 1;
        let mut at = hash as usize & mask;
        while slots[at] != 0 {
            at = (at + 1) & mask;
        }
        slots[at] = entry as u32 + 1;
    }
}

/// A map in the order of insertion.
#[derive(Clone)]
pub struct Map<K, V> {
    places: Places,
    entries: Vec<(K, V)>,
}

impl<K, V> Default for Map<K, V> {
    fn default() -> Self {
        Self { places: Places::default(), entries: Vec::new() }
    }
}

impl<K, V> Map<K, V> {
    /// An empty map.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// How many entries there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is no entry.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Entries in the order in which their keys came.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (&K, &V)> {
        self.entries.iter().map(|(key, value)| (key, value))
    }

    /// Keys in the order in which they came.
    pub fn keys(&self) -> impl DoubleEndedIterator<Item = &K> {
        self.entries.iter().map(|(key, _)| key)
    }

    /// Values in the order of their keys.
    pub fn values(&self) -> impl DoubleEndedIterator<Item = &V> {
        self.entries.iter().map(|(_, value)| value)
    }

    /// Values in the order of their keys, to be changed.
    pub fn values_mut(&mut self) -> impl DoubleEndedIterator<Item = &mut V> {
        self.entries.iter_mut().map(|(_, value)| value)
    }
}

fn hash<Q: Hash + ?Sized>(key: &Q) -> u32 {
    let mut quick = Quick::default();
    key.hash(&mut quick);
    quick.finish() as u32
}

impl<K: Hash + Eq, V> Map<K, V> {
    fn position<Q: Hash + Eq + ?Sized>(&self, key: &Q) -> Option<usize>
    where
        K: Borrow<Q>,
    {
        if self.places.is_empty() {
            return self.entries.iter().position(|(known, _)| known.borrow() == key);
        }
        let hash = hash(key);
        let mut at = hash as usize;
        loop {
            let entry = self.places.next(hash, &mut at)?;
            if self.entries[entry].0.borrow() == key {
                return Some(entry);
            }
        }
    }

    /// The value of a key.
    pub fn get<Q: Hash + Eq + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        self.position(key).map(|entry| &self.entries[entry].1)
    }

    /// The value of a key, to be changed.
    pub fn get_mut<Q: Hash + Eq + ?Sized>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
    {
        self.position(key).map(|entry| &mut self.entries[entry].1)
    }

    /// Whether there is such a key.
    pub fn contains_key<Q: Hash + Eq + ?Sized>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.position(key).is_some()
    }

    /// Sets a value; gives the one before.
    pub fn insert(&mut self, key: K, value: V) -> Option<V> {
        if let Some(entry) = self.position(&key) {
            return Some(std::mem::replace(&mut self.entries[entry].1, value));
        }
        self.push(key, value);
        None
    }

    /// The value of a key, made where there is none.
    pub fn get_or_insert_with(&mut self, key: K, make: impl FnOnce() -> V) -> &mut V {
        let entry = match self.position(&key) {
            Some(entry) => entry,
            None => self.push(key, make()),
        };
        &mut self.entries[entry].1
    }

    /// The value of a key, this one where there is none.
    pub fn get_or_insert(&mut self, key: K, value: V) -> &mut V {
        self.get_or_insert_with(key, || value)
    }

    /// The value of a key, the default where there is none.
    pub fn get_or_default(&mut self, key: K) -> &mut V
    where
        V: Default,
    {
        self.get_or_insert_with(key, V::default)
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// Takes a key out; those after it move up. As slow as the map is long.
    pub fn remove<Q: Hash + Eq + ?Sized>(&mut self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        let entry = self.position(key)?;
        self.places.remove(entry);
        Some(self.entries.remove(entry).1)
    }

    /// Takes in a key that is not there.
    fn push(&mut self, key: K, value: V) -> usize {
        let place = self.entries.len();
        if place == FEW && self.places.is_empty() {
            self.places.hashes.reserve(FEW * 2);
            self.entries.iter().for_each(|(known, _)| self.places.hashes.push(hash(known)));
        }
        if place >= FEW || !self.places.is_empty() {
            self.places.push(hash(&key));
        }
        self.entries.push((key, value));
        place
    }
}

impl<K: Hash + Eq, V, Q: Hash + Eq + ?Sized> std::ops::Index<&Q> for Map<K, V>
where
    K: Borrow<Q>,
{
    type Output = V;

    fn index(&self, key: &Q) -> &V {
        self.get(key).expect("a key of the map")
    }
}

/// The same keys with the same values, in whatever order.
impl<K: Hash + Eq, V: PartialEq> PartialEq for Map<K, V> {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && self.iter().all(|(key, value)| other.get(key) == Some(value))
    }
}

impl<K: Hash + Eq, V: Eq> Eq for Map<K, V> {}

impl<K: fmt::Debug, V: fmt::Debug> fmt::Debug for Map<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

impl<K: Hash + Eq, V> Extend<(K, V)> for Map<K, V> {
    fn extend<I: IntoIterator<Item = (K, V)>>(&mut self, entries: I) {
        for (key, value) in entries {
            self.insert(key, value);
        }
    }
}

impl<K: Hash + Eq, V> FromIterator<(K, V)> for Map<K, V> {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> Self {
        let mut map = Self::default();
        map.extend(entries);
        map
    }
}

impl<K: Hash + Eq, V, const N: usize> From<[(K, V); N]> for Map<K, V> {
    fn from(entries: [(K, V); N]) -> Self {
        entries.into_iter().collect()
    }
}

impl<K, V> IntoIterator for Map<K, V> {
    type Item = (K, V);
    type IntoIter = std::vec::IntoIter<(K, V)>;

    fn into_iter(self) -> Self::IntoIter {
        self.entries.into_iter()
    }
}

/// A set in the order of insertion.
#[derive(Clone)]
pub struct Set<K>(Map<K, ()>);

impl<K> Default for Set<K> {
    fn default() -> Self {
        Self(Map::default())
    }
}

impl<K> Set<K> {
    /// An empty set.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All, in the order in which they came.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &K> {
        self.0.keys()
    }
}

impl<K: Hash + Eq> Set<K> {
    /// Takes one in; says whether it is new.
    pub fn insert(&mut self, key: K) -> bool {
        self.0.insert(key, ()).is_none()
    }

    /// Whether it is there.
    pub fn contains<Q: Hash + Eq + ?Sized>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.0.contains_key(key)
    }
}

impl<K: Hash + Eq> PartialEq for Set<K> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl<K: fmt::Debug> fmt::Debug for Set<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

impl<K: Hash + Eq> Extend<K> for Set<K> {
    fn extend<I: IntoIterator<Item = K>>(&mut self, keys: I) {
        for key in keys {
            self.insert(key);
        }
    }
}

impl<'a, K: Hash + Eq + Copy + 'a> Extend<&'a K> for Set<K> {
    fn extend<I: IntoIterator<Item = &'a K>>(&mut self, keys: I) {
        self.extend(keys.into_iter().copied());
    }
}

impl<K: Hash + Eq> FromIterator<K> for Set<K> {
    fn from_iter<I: IntoIterator<Item = K>>(keys: I) -> Self {
        let mut set = Self::default();
        set.extend(keys);
        set
    }
}

/// A multiplying hash (as Firefox and rustc use), the same in every run.
#[derive(Clone, Copy, Debug, Default)]
pub struct Quick(u64);

const PRIME: u64 = 0x517c_c1b7_2722_0a95;

impl Quick {
    fn add(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(PRIME);
    }
}

impl Hasher for Quick {
    fn write(&mut self, mut bytes: &[u8]) {
        while let Some((word, rest)) = bytes.split_first_chunk() {
            self.add(u64::from_le_bytes(*word));
            bytes = rest;
        }
        if let Some((word, rest)) = bytes.split_first_chunk() {
            self.add(u32::from_le_bytes(*word).into());
            bytes = rest;
        }
        if !bytes.is_empty() {
            self.add(bytes.iter().fold(0, |all, &byte| all << 8 | u64::from(byte)));
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

    // The table takes its place from the low bits, which a product fills from below alone: the
    // last bytes of an address would never reach them without a second one.
    fn finish(&self) -> u64 {
        (self.0 ^ (self.0 >> 32)).wrapping_mul(PRIME) >> 32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbouring_addresses_fall_apart() {
        use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
        for make in [(|n: u32| IpAddr::V4(Ipv4Addr::from_bits(0x0a00_0000 + n))) as fn(u32) -> IpAddr, |n| {
            IpAddr::V6(Ipv6Addr::from_bits((0xfd00_u128 << 112) + u128::from(n)))
        }] {
            let mut low: Set<u32> = Set::new();
            (0..4096).for_each(|n| {
                low.insert(hash(&make(n)) & 0x1fff);
            });
            // As chance would have it in a table half full: 39 of 100 places.
            assert!(low.len() > 2900, "{}", low.len());
        }
    }

    #[test]
    fn keys_that_differ_a_little_fall_apart() {
        let low: Set<u32> = (0..1000_u32).map(|n| hash(&format!("10.96.0.{n}")) & 0xffff).collect();
        assert!(low.len() > 950, "{}", low.len());
        let address = |n: u16| std::net::Ipv6Addr::new(0xfd00, 0x10, 0x244, n / 250, 0, 0, 0, n % 250);
        let low: Set<u32> = (0..1000).map(|n| hash(&std::net::IpAddr::V6(address(n))) & 0xffff).collect();
        assert!(low.len() > 950, "{}", low.len());
        assert_eq!(hash(&("a", 1)), hash(&("a", 1)));
        assert_ne!(hash(&("ab", "c")), hash(&("a", "bc")));
    }

    /// The same as the standard library's map, but for the order.
    #[test]
    fn keeps_what_it_is_given() {
        let mut map: Map<String, u32> = Map::new();
        let mut wanted = std::collections::BTreeMap::new();
        let mut random = 7_u32;
        for _ in 0..20_000 {
            random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let (key, value) = (format!("key-{}", (random >> 8) % 300), random >> 20);
            match random >> 30 {
                0 => assert_eq!(map.remove(key.as_str()), wanted.remove(&key)),
                1 => {
                    *map.get_or_default(key.clone()) += 1;
                    *wanted.entry(key).or_default() += 1;
                }
                _ => assert_eq!(map.insert(key.clone(), value), wanted.insert(key, value)),
            }
            assert_eq!(map.len(), wanted.len());
        }
        assert!(wanted.iter().all(|(key, value)| map.get(key) == Some(value)));
        assert!(!map.contains_key("key-300"));
        assert_eq!(map.iter().count(), wanted.len());
        let again: Map<String, u32> = wanted.into_iter().collect();
        assert_eq!(map, again, "the order does not matter");
    }

    #[test]
    fn keeps_the_order_of_insertion() {
        let mut set: Set<&str> = ["c", "a", "b"].into_iter().collect();
        assert!(!set.insert("a"));
        assert_eq!(set.iter().copied().collect::<Vec<_>>(), ["c", "a", "b"]);
        let mut map: Map<&str, i32> = [("x", 1), ("y", 2), ("z", 3)].into_iter().collect();
        map.remove("x");
        map.insert("y", 5);
        assert_eq!(map.into_iter().collect::<Vec<_>>(), [("y", 5), ("z", 3)]);
    }
}
