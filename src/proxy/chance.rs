//! Chance as an argument: a seed decides, so that the same run can be had again.

/// A small generator (splitmix64): a seed in, numbers out, the same everywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chance(u64);

impl Chance {
    /// Starts from a seed.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next number.
    pub const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// One of `0..n`, each as likely as the others; 0 for `n == 0`.
    pub fn below(&mut self, n: usize) -> usize {
        // The high half of the product: no bias that a person could measure, no loop.
        ((u128::from(self.next()) * n as u128) >> 64) as usize
    }
}

/// A number from text, for choices that must not change from run to run (FNV-1a).
#[must_use]
pub fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3))
}

/// What the rule of one of `n` endpoints left says: probability 1/n, ten digits.
// Models pkg/proxy/iptables/proxier.go computeProbability
#[must_use]
pub fn probability(n: usize) -> String {
    const ONE: u64 = 10_000_000_000;
    let n = n.max(1) as u64;
    let (whole, rest) = (ONE / n, ONE % n * 2);
    // Go rounds the binary number, which is exact, and then to even, for powers of two alone.
    let up = rest > n || rest == n && (whole % 2 == 1 || !n.is_power_of_two());
    let whole = whole + u64::from(up);
    format!("{}.{:010}", whole / ONE, whole % ONE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn probabilities_have_ten_digits() {
        for n in 1..60_000 {
            assert_eq!(probability(n), format!("{:.10}", 1.0 / n as f64), "{n}");
        }
    }

    #[test]
    fn chance_is_fair_and_repeats() {
        let mut counts = [0_u32; 3];
        let mut chance = Chance::new(7);
        for _ in 0..30_000 {
            counts[chance.below(3)] += 1;
        }
        // Standard deviation is 82; five of them.
        assert!(counts.iter().all(|&n| n.abs_diff(10_000) < 410), "{counts:?}");
        assert_eq!(Chance::new(7).next(), Chance::new(7).next());
        assert_eq!(Chance::new(7).below(0), 0);
    }
}
