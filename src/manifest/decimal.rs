//! Decimal text to a number. The standard library's way is faster, by tables that every
//! visitor of the page would have to load.

use std::cmp::Ordering;

/// More digits than these can change nothing but that there are more.
const DIGITS_MAX: usize = 800;

/// A number with a fraction as the text of a key: `word` is how it was written, `number` what
/// it was read as. Digits beyond a float's own are kept.
// Models sigs.k8s.io/yaml yaml.go convertToJSONableObject (strconv.FormatFloat 'g')
#[must_use]
pub fn key(word: &str, number: f64) -> String {
    if !number.is_finite() {
        return if number.is_nan() {
            ".nan"
        } else if number > 0.0 {
            ".inf"
        } else {
            "-.inf"
        }
        .to_owned();
    }
    let (mantissa, exponent) = word.split_once(['e', 'E']).unwrap_or((word, "0"));
    let mut digits: Vec<u8> = Vec::new();
    // Where the point stands, in digits from the first.
    let mut point = exponent.parse::<i32>().unwrap_or(0);
    let mut is_fraction = false;
    for byte in mantissa.bytes() {
        match byte {
            b'.' => is_fraction = true,
            b'0'..=b'9' => {
                let leads = byte == b'0' && digits.is_empty();
                point += i32::from(!leads && !is_fraction) - i32::from(leads && is_fraction);
                if !leads {
                    digits.push(byte);
                }
            }
            _ => {}
        }
    }
    while digits.last() == Some(&b'0') {
        digits.pop();
    }
    let digits: String = digits.into_iter().map(char::from).collect();
    let sign = if mantissa.starts_with('-') { "-" } else { "" };
    let at = digits.len();
    match point {
        _ if digits.is_empty() => format!("{sign}0"),
        -3..=0 => format!("{sign}0.{:0<zeros$}{digits}", "", zeros = point.unsigned_abs() as usize),
        1..=6 if (point as usize) < at => {
            let (whole, rest) = digits.split_at(point as usize);
            format!("{sign}{whole}.{rest}")
        }
        1..=6 => format!("{sign}{digits:0<whole$}", whole = point as usize),
        _ => {
            let (first, rest) = digits.split_at(1);
            let dot = if rest.is_empty() { "" } else { "." };
            let direction = if point < 1 { '-' } else { '+' };
            format!("{sign}{first}{dot}{rest}e{direction}{:02}", (point - 1).unsigned_abs())
        }
    }
}

/// The nearest number to a decimal such as `-12.5e-3`, as it stands in YAML and JSON: digits,
/// at most one point, at most one exponent. Infinite where it is too large.
#[must_use]
pub fn parse(word: &str) -> f64 {
    let (negative, word) = match word.as_bytes() {
        [b'-', ..] => (true, &word[1..]),
        [b'+', ..] => (false, &word[1..]),
        _ => (false, word),
    };
    let (digits, exponent) = word.split_once(['e', 'E']).unwrap_or((word, "0"));
    // A number without end has no digits that could make up for it.
    let far = if exponent.starts_with('-') { -1_000_000 } else { 1_000_000 };
    let mut exponent: i32 = exponent.parse().map_or(far, |e: i32| e.clamp(-1_000_000, 1_000_000));
    let mut whole = Large::default();
    let (mut count, mut is_fraction, mut short) = (0, false, 0_u64);
    for digit in digits.bytes() {
        if digit == b'.' {
            is_fraction = true;
            continue;
        }
        let digit = u32::from(digit.wrapping_sub(b'0'));
        if is_fraction {
            exponent -= 1;
        }
        if count < DIGITS_MAX {
            whole.multiply_add(10, digit);
            short = short.wrapping_mul(10).wrapping_add(u64::from(digit));
            count += usize::from(count > 0 || digit > 0);
        } else {
            exponent += 1;
            if digit > 0
                && let Some(low) = whole.0.first_mut()
            {
                // Not zero is all that counts: the last of so many digits stands for the rest.
                *low |= 1;
            }
        }
    }
    let size = exponent.saturating_add(count as i32);
    let number = if count == 0 || size < -330 {
        0.0
    } else if size > 310 {
        f64::INFINITY
    } else if count <= 15 && exponent.abs() <= 22 {
        // Both are exact, and so is one step with them.
        let ten = (0..exponent.abs()).fold(1.0, |ten: f64, _| ten * 10.0);
        if exponent < 0 { short as f64 / ten } else { short as f64 * ten }
    } else {
        let mut below = Large(vec![1]);
        let scaled = if exponent < 0 { &mut below } else { &mut whole };
        for _ in 0..exponent.abs() {
            scaled.multiply_add(10, 0);
        }
        quotient(whole, below)
    };
    if negative { -number } else { number }
}

/// The nearest number to a quotient of two that are not zero.
fn quotient(mut above: Large, mut below: Large) -> f64 {
    let mut power = above.bits() as i32 - below.bits() as i32;
    if power >= 0 {
        below.shift(power as usize)
    } else {
        above.shift(power.unsigned_abs() as usize)
    }
    if above.compare(&below) == Ordering::Less {
        above.shift(1);
        power -= 1;
    }
    // From here on, the quotient is at least one and less than two: bit by bit.
    let mut bits = 0_u64;
    for _ in 0..64 {
        bits <<= 1;
        if above.compare(&below) != Ordering::Less {
            above.subtract(&below);
            bits |= 1;
        }
        above.shift(1);
    }
    bits |= u64::from(above.bits() > 0);
    let mut number = bits as f64;
    // In steps that a number can hold.
    for _ in 0..(power - 63).unsigned_abs() {
        number *= if power < 63 { 0.5 } else { 2.0 };
    }
    number
}

/// A whole number of any size, the lowest part first.
#[derive(Default)]
struct Large(Vec<u32>);

impl Large {
    fn multiply_add(&mut self, factor: u32, summand: u32) {
        let mut carry = u64::from(summand);
        for part in &mut self.0 {
            carry += u64::from(*part) * u64::from(factor);
            *part = carry as u32;
            carry >>= 32;
        }
        if carry > 0 {
            self.0.push(carry as u32);
        }
    }

    fn shift(&mut self, bits: usize) {
        self.0.splice(0..0, std::iter::repeat_n(0, bits / 32));
        self.multiply_add(1 << (bits % 32), 0);
    }

    fn bits(&self) -> usize {
        let top = self.0.iter().rposition(|&part| part > 0);
        top.map_or(0, |top| 32 * (top + 1) - self.0[top].leading_zeros() as usize)
    }

    fn part(&self, at: usize) -> u32 {
        self.0.get(at).copied().unwrap_or(0)
    }

    fn compare(&self, other: &Self) -> Ordering {
        let parts = self.0.len().max(other.0.len());
        (0..parts)
            .rev()
            .map(|i| self.part(i).cmp(&other.part(i)))
            .find(|o| o.is_ne())
            .unwrap_or(Ordering::Equal)
    }

    /// Takes away what is not larger.
    fn subtract(&mut self, other: &Self) {
        let mut borrowed = false;
        for (i, part) in self.0.iter_mut().enumerate() {
            let (less, first) = part.overflowing_sub(other.part(i));
            let (less, second) = less.overflowing_sub(u32::from(borrowed));
            *part = less;
            borrowed = first || second;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{key, parse};

    #[test]
    fn writes_keys_as_go_does() {
        for (word, wanted) in [
            ("1.10", "1.1"),
            ("1.0", "1"),
            ("-0.5", "-0.5"),
            (".5", "0.5"),
            ("0.0001", "0.0001"),
            ("0.00001", "1e-05"),
            ("123456.5", "123456.5"),
            ("1234567.5", "1.2345675e+06"),
            ("1e3", "1000"),
            ("1.5e-3", "0.0015"),
            ("0.0", "0"),
            ("1e21", "1e+21"),
            ("100.0", "100"),
            (".inf", ".inf"),
        ] {
            let number = if word == ".inf" { f64::INFINITY } else { parse(word) };
            assert_eq!(key(word, number), wanted, "{word}");
        }
    }

    #[test]
    fn parses_as_the_standard_library_does() {
        let long = format!("{}.5e-790", "123456789".repeat(95));
        for word in [
            "0",
            "0.0",
            "-0",
            "1",
            "-1.5",
            ".5",
            "5.",
            "1e3",
            "1.5e-3",
            "80.0",
            "0.1",
            "3.14159265358979323846",
            "9007199254740993",
            "9007199254740992.9999999999",
            "9223372036854775808",
            "1e22",
            "1e23",
            "8.5e22",
            "1.7976931348623157e308",
            "1.7976931348623159e308",
            "1e309",
            "1e400",
            "1e99999999999",
            "1e-99999999999",
            "2.2250738585072014e-308",
            "1e-400",
            "123456789012345678901234567890",
            "6.02214076e23",
            "1e-7",
            "0e5",
            "0.000000000000000000000000000001",
            "7.2057594037927933e16",
            "-123456.789e-200",
            &long,
        ] {
            assert_eq!(parse(word).to_bits(), word.parse::<f64>().unwrap().to_bits(), "{word}");
        }
    }

    #[test]
    fn parses_numbers_of_all_sizes() {
        let mut seed = 1_u64;
        let mut next = || {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            seed >> 11
        };
        for _ in 0..3000 {
            let (whole, part, power) = (next() >> (next() % 50), next(), next() as i64 % 600 - 290);
            let power = power.clamp(-290, 280);
            for word in [
                format!("{whole}.{part}e{power}"),
                format!("{whole}e{}", power / 8),
                format!("{whole}.{part}"),
            ] {
                assert_eq!(parse(&word).to_bits(), word.parse::<f64>().unwrap().to_bits(), "{word}");
            }
        }
    }
}
