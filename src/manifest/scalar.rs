//! What a plain scalar means, by the rules that `kubectl` reads YAML with.
//!
//! `kubectl` turns YAML into JSON with sigs.k8s.io/yaml, which reads YAML 1.1 with a
//! copy of go-yaml v2: `yes`, `on` and `y` are truth values, `012` and `0o12` are ten,
//! `1_000` is a thousand, `12:30` is text, and so are timestamps.

use super::tree::Value;

/// The value of a plain (unquoted, untagged) scalar; `None` where it is text.
// Models sigs.k8s.io/yaml goyaml.v2/resolve.go resolve
#[must_use]
pub fn resolve(word: &str) -> Option<Value> {
    let Some(&first) = word.as_bytes().first() else { return Some(Value::Null) };
    match first {
        b'y' | b'Y' | b'n' | b'N' | b't' | b'T' | b'f' | b'F' | b'o' | b'O' | b'~' => word_value(word),
        b'.' => match word {
            ".nan" | ".NaN" | ".NAN" => Some(Value::Float(f64::NAN)),
            ".inf" | ".Inf" | ".INF" => Some(Value::Float(f64::INFINITY)),
            _ if is_float(word) => number(word),
            _ => None,
        },
        b'+' | b'-' | b'0'..=b'9' => match word {
            "+.inf" | "+.Inf" | "+.INF" => Some(Value::Float(f64::INFINITY)),
            "-.inf" | "-.Inf" | "-.INF" => Some(Value::Float(f64::NEG_INFINITY)),
            _ if is_timestamp(word) => None,
            _ if word.contains('_') => numeric(&word.replace('_', "")),
            _ => numeric(word),
        },
        _ => None,
    }
}

/// The word of YAML 1.1 that is a truth value or null.
fn word_value(word: &str) -> Option<Value> {
    // By length first: `name` and `nodePort` are looked at here as often as any word.
    let truth = match (word.len(), word) {
        (1, "~") | (4, "null" | "Null" | "NULL") => return Some(Value::Null),
        (1, "y" | "Y") | (2, "on" | "On" | "ON") | (3, "yes" | "Yes" | "YES") => true,
        (1, "n" | "N") | (2, "no" | "No" | "NO") | (3, "off" | "Off" | "OFF") => false,
        (4, "true" | "True" | "TRUE") => true,
        (5, "false" | "False" | "FALSE") => false,
        _ => return None,
    };
    Some(Value::Bool(truth))
}

fn numeric(word: &str) -> Option<Value> {
    integer(word).or_else(|| if is_float(word) { number(word) } else { None })
}

/// A number that JSON would carry. One without a fraction is whole there, as
/// Go writes the float 80.0 as `80`.
fn number(word: &str) -> Option<Value> {
    let number = super::decimal::parse(word);
    if !number.is_finite() {
        return None;
    }
    if number.fract() == 0.0 && number.abs() < 9.0e18 {
        return Some(Value::Int(number as i64));
    }
    Some(Value::Float(number))
}

/// Go's strconv.ParseInt with base 0: `0x`, `0o`, `0b` and a leading zero for octal.
/// What does not fit into 64 bits comes out as a float.
fn integer(word: &str) -> Option<Value> {
    let (negative, digits) = match word.as_bytes().first()? {
        b'-' => (true, &word[1..]),
        b'+' => (false, &word[1..]),
        _ => (false, word),
    };
    let bytes = digits.as_bytes();
    let (base, digits) = match bytes {
        [b'0', b'x' | b'X', ..] => (16, &digits[2..]),
        [b'0', b'o' | b'O', ..] => (8, &digits[2..]),
        [b'0', b'b' | b'B', ..] => (2, &digits[2..]),
        [b'0', _, ..] => (8, &digits[1..]),
        _ => (10, digits),
    };
    if digits.is_empty() {
        return None;
    }
    let mut whole: i128 = 0;
    let mut huge = 0.0_f64;
    for &byte in digits.as_bytes() {
        let digit = (byte as char).to_digit(base)?;
        huge = huge * f64::from(base) + f64::from(digit);
        whole = if huge < 1.0e30 { whole * i128::from(base) + i128::from(digit) } else { i128::MAX / 2 };
    }
    let whole = if negative { -whole } else { whole };
    Some(match i64::try_from(whole) {
        Ok(whole) => Value::Int(whole),
        Err(_) if huge < 1.0e30 => Value::Float(whole as f64),
        Err(_) => Value::Float(if negative { -huge } else { huge }),
    })
}

/// `^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$`
fn is_float(word: &str) -> bool {
    let bytes = word.as_bytes();
    let digits = |from: usize| bytes[from..].iter().take_while(|b| b.is_ascii_digit()).count();
    let mut at = usize::from(matches!(bytes.first(), Some(b'+' | b'-')));
    let whole = digits(at);
    at += whole;
    if bytes.get(at) == Some(&b'.') {
        let fraction = digits(at + 1);
        if whole + fraction == 0 {
            return false;
        }
        at += 1 + fraction;
    } else if whole == 0 {
        return false;
    }
    if matches!(bytes.get(at), Some(b'e' | b'E')) {
        at += 1;
        at += usize::from(matches!(bytes.get(at), Some(b'+' | b'-')));
        let exponent = digits(at);
        if exponent == 0 {
            return false;
        }
        at += exponent;
    }
    at == bytes.len()
}

/// Whether go-yaml would read it as a time: that stays text. Only `2001-1-2` matters
/// here, as nothing else that begins so could be a number.
fn is_timestamp(word: &str) -> bool {
    let bytes = word.as_bytes();
    bytes.len() > 4 && bytes[4] == b'-' && bytes[..4].iter().all(u8::is_ascii_digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_words_as_kubectl_does() {
        for (word, value) in [
            ("", Value::Null),
            ("~", Value::Null),
            ("null", Value::Null),
            ("yes", Value::Bool(true)),
            ("y", Value::Bool(true)),
            ("On", Value::Bool(true)),
            ("off", Value::Bool(false)),
            ("N", Value::Bool(false)),
            ("FALSE", Value::Bool(false)),
            ("80", Value::Int(80)),
            ("-1", Value::Int(-1)),
            ("+7", Value::Int(7)),
            ("012", Value::Int(10)),
            ("0o12", Value::Int(10)),
            ("0x1F", Value::Int(31)),
            ("0b101", Value::Int(5)),
            ("-0b101", Value::Int(-5)),
            ("1_000", Value::Int(1000)),
            ("08", Value::Int(8)),
            ("80.0", Value::Int(80)),
            ("1.10", Value::Float(1.1)),
            (".5", Value::Float(0.5)),
            ("1e3", Value::Int(1000)),
            ("1.5e-3", Value::Float(0.0015)),
            ("9223372036854775807", Value::Int(i64::MAX)),
            ("9223372036854775808", Value::Float(9_223_372_036_854_775_808.0)),
            (".inf", Value::Float(f64::INFINITY)),
        ] {
            assert_eq!(resolve(word), Some(value), "{word}");
        }
    }

    #[test]
    fn leaves_the_rest_text() {
        for word in [
            "yEs",
            "TRue",
            "nUll",
            "none",
            "1.2.3",
            "12:30",
            "2001-01-02",
            "0x",
            "0xg",
            "1e",
            ".",
            "-",
            "+",
            "10.96.0.10",
            "1Gi",
            "100m",
            "5%",
            "-a",
            "e3",
            "0b2",
            "99999a",
            "1_000x",
            "nan",
            "inf",
        ] {
            assert_eq!(resolve(word), None, "{word}");
        }
    }
}
