//! Which strings may be names, labels and ports, with the API server's own messages.
//!
//! Models apimachinery pkg/util/validation/validation.go and
//! pkg/api/validate/content/kube.go; written by hand, without regular expressions.

use crate::manifest::joined;
use std::fmt::Display;
use std::rc::Rc;

const LABEL_MAX: usize = 63;
const SUBDOMAIN_MAX: usize = 253;
const PORT_NAME_MAX: usize = 15;

const DNS_1123_LABEL: &str = "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const DNS_1123_SUBDOMAIN: &str = "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const DNS_1035_LABEL: &str = "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";
const WILDCARD: &str = "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character (e.g. '*.example.com', regex used for validation is '\\*\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const KEY_PART: &str = "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const LABEL_VALUE: &str = "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";
const HTTP_PATH: &str = "Invalid path (regex used for validation is '[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+')";

fn too_long(max: usize) -> String {
    format!("must be no more than {max} characters")
}

// The content package, which holds the rules of labels since 1.34, counts aloud in bytes.
fn too_long_bytes(max: usize) -> String {
    format!("must be no more than {max} bytes")
}

/// What is said of a number out of its range.
#[must_use]
pub fn range_error(low: impl Display, high: impl Display) -> String {
    format!("must be between {low} and {high}, inclusive")
}

fn is_lower(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit()
}

/// Bytes of `inner` throughout, with the first and last of `edge`; never empty.
fn shaped(value: &str, edge: fn(u8) -> bool, inner: fn(u8) -> bool) -> bool {
    let bytes = value.as_bytes();
    match (bytes.first(), bytes.last()) {
        (Some(&first), Some(&last)) => edge(first) && edge(last) && bytes.iter().all(|&b| inner(b)),
        _ => false,
    }
}

fn label_shape(value: &str) -> bool {
    shaped(value, is_lower, |b| is_lower(b) || b == b'-')
}

fn subdomain_shape(value: &str) -> bool {
    value.split('.').all(label_shape)
}

fn key_shape(value: &str) -> bool {
    shaped(
        value,
        |b| b.is_ascii_alphanumeric(),
        |b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'),
    )
}

/// A label of a DNS name (RFC 1123): namespaces, ports of Services, hostnames. Models `IsDNS1123Label`.
#[must_use]
pub fn dns1123_label(value: &str) -> Vec<String> {
    let mut errors = Vec::new();
    if value.len() > LABEL_MAX {
        errors.push(too_long(LABEL_MAX));
    }
    if !label_shape(value) {
        let dots_alone = subdomain_shape(value);
        errors.push(if dots_alone { "must not contain dots" } else { DNS_1123_LABEL }.to_owned());
    }
    errors
}

/// Labels with dots between (RFC 1123): names of most objects, hosts. Models `IsDNS1123Subdomain`.
#[must_use]
pub fn dns1123_subdomain(value: &str) -> Vec<String> {
    let mut errors = Vec::new();
    if value.len() > SUBDOMAIN_MAX {
        errors.push(too_long(SUBDOMAIN_MAX));
    }
    if !subdomain_shape(value) {
        errors.push(DNS_1123_SUBDOMAIN.to_owned());
    }
    errors
}

/// A label that begins with a letter (RFC 1035): names of Services up to 1.35. Models `IsDNS1035Label`.
#[must_use]
pub fn dns1035_label(value: &str) -> Vec<String> {
    let mut errors = Vec::new();
    if value.len() > LABEL_MAX {
        errors.push(too_long(LABEL_MAX));
    }
    if !(label_shape(value) && value.as_bytes().first().is_some_and(u8::is_ascii_lowercase)) {
        errors.push(DNS_1035_LABEL.to_owned());
    }
    errors
}

/// `*.` and a subdomain. Models `IsWildcardDNS1123Subdomain`.
#[must_use]
pub fn wildcard_subdomain(value: &str) -> Vec<String> {
    let mut errors = Vec::new();
    if value.len() > SUBDOMAIN_MAX {
        errors.push(too_long(SUBDOMAIN_MAX));
    }
    if !value.strip_prefix("*.").is_some_and(subdomain_shape) {
        errors.push(WILDCARD.to_owned());
    }
    errors
}

/// The name of a container's port, or of one in targetPort (RFC 6335). Models `IsValidPortName`.
#[must_use]
pub fn port_name(value: &str) -> Vec<String> {
    let mut errors = Vec::new();
    let bytes = value.as_bytes();
    if bytes.len() > PORT_NAME_MAX {
        errors.push(too_long(PORT_NAME_MAX));
    }
    let mut say = |wrong: bool, what: &str| {
        if wrong {
            errors.push(what.to_owned());
        }
    };
    say(
        bytes.is_empty() || !bytes.iter().all(|&b| is_lower(b) || b == b'-'),
        "must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)",
    );
    say(!bytes.iter().any(u8::is_ascii_lowercase), "must contain at least one letter (a-z)");
    say(value.contains("--"), "must not contain consecutive hyphens");
    say(value.starts_with('-') || value.ends_with('-'), "must not begin or end with a hyphen");
    errors
}

/// 1 to 65535. Models `IsValidPortNum`.
#[must_use]
pub fn port_number(value: i64) -> Vec<String> {
    if (1..=65535).contains(&value) { Vec::new() } else { vec![range_error(1, 65535)] }
}

/// A label's key: a name, perhaps behind `subdomain/`. Models `IsQualifiedName`, now `IsLabelKey`.
#[must_use]
pub fn qualified_name(value: &str) -> Vec<String> {
    let mut errors = Vec::new();
    let mut parts = value.split('/');
    let (first, second, third) = (parts.next().unwrap_or(""), parts.next(), parts.next());
    if third.is_some() {
        return vec![format!(
            "a valid label key {KEY_PART} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')"
        )];
    }
    let name = match second {
        Some(name) => {
            if first.is_empty() {
                errors.push("prefix part must be non-empty".to_owned());
            }
            if first.len() > SUBDOMAIN_MAX {
                errors.push(format!("prefix part {}", too_long_bytes(SUBDOMAIN_MAX)));
            }
            if !first.is_empty() && !subdomain_shape(first) {
                errors.push(format!("prefix part {DNS_1123_SUBDOMAIN}"));
            }
            name
        }
        None => first,
    };
    if name.is_empty() {
        errors.push("name part must be non-empty".to_owned());
    } else if name.len() > LABEL_MAX {
        errors.push(format!("name part {}", too_long_bytes(LABEL_MAX)));
    }
    if !key_shape(name) {
        errors.push(format!("name part {KEY_PART}"));
    }
    errors
}

/// A label's value. Models `IsValidLabelValue`, now `IsLabelValue`.
#[must_use]
pub fn label_value(value: &str) -> Vec<String> {
    let mut errors = Vec::new();
    if value.len() > LABEL_MAX {
        errors.push(too_long_bytes(LABEL_MAX));
    }
    if !value.is_empty() && !key_shape(value) {
        errors.push(LABEL_VALUE.to_owned());
    }
    errors
}

/// A domain name with a dot inside and perhaps one at the end. Models `IsFullyQualifiedDomainName`:
/// what is wrong, and with which part of it.
#[must_use]
pub fn fully_qualified_domain_name(value: &str) -> Option<(String, String)> {
    let name = value.strip_suffix('.').unwrap_or(value);
    let errors = dns1123_subdomain(name);
    if !errors.is_empty() {
        return Some((name.to_owned(), errors.join(",")));
    }
    if !name.contains('.') {
        let why = "should be a domain with at least two segments separated by dots";
        return Some((name.to_owned(), why.to_owned()));
    }
    name.split('.').find_map(|label| {
        let errors = dns1123_label(label);
        (!errors.is_empty()).then(|| (label.to_owned(), errors.join(",")))
    })
}

/// `acme.io/foo`: what is wrong, and with which part. Models `IsDomainPrefixedPath`.
#[must_use]
pub fn domain_prefixed_path(value: &str) -> Vec<(String, String)> {
    let (host, path) = match value.split_once('/') {
        Some((host, path)) if !host.is_empty() && !path.is_empty() => (host, path),
        _ => {
            let why = "must be a domain-prefixed path (such as \"acme.io/foo\")";
            return vec![(value.to_owned(), why.to_owned())];
        }
    };
    let mut errors: Vec<_> = dns1123_subdomain(host).into_iter().map(|e| (host.to_owned(), e)).collect();
    if !path.bytes().all(|b| b.is_ascii_alphanumeric() || b"/-._~%!$&'()*+,;=:".contains(&b)) {
        errors.push((path.to_owned(), HTTP_PATH.to_owned()));
    }
    errors
}

/// A name that can stand in a URL's path. Models `IsValidPathSegmentName`.
#[must_use]
pub fn path_segment(value: &str) -> Vec<String> {
    match value {
        "." | ".." => vec![format!("may not be '{value}'")],
        _ => ["/", "%"]
            .iter()
            .filter(|part| value.contains(**part))
            .map(|part| format!("may not contain '{part}'"))
            .collect(),
    }
}

/// A generated name's front, judged as if letters followed a last dash. Models `maskTrailingDash`.
#[must_use]
pub fn mask_trailing_dash(prefix: &str) -> Rc<str> {
    match prefix.strip_suffix('-') {
        // The last character before the dash goes as well: that is upstream's rule.
        Some(rest) if !rest.is_empty() => {
            let mut kept = rest.chars();
            kept.next_back();
            joined(&[kept.as_str(), "a"])
        }
        _ => prefix.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_count_bytes() {
        assert_eq!(dns1123_label(&"a".repeat(64)), ["must be no more than 63 characters"]);
        assert_eq!(label_value(&"ä".repeat(40)).len(), 2, "80 bytes, and not ASCII");
        assert!(qualified_name(&format!("{}/x", "a".repeat(253))).is_empty());
        assert_eq!(
            qualified_name(&format!("{}/x", "a".repeat(254))),
            ["prefix part must be no more than 253 bytes"]
        );
    }

    #[test]
    fn a_prefix_may_end_with_a_dash() {
        assert_eq!(&*mask_trailing_dash("web-"), "wea");
        assert_eq!(&*mask_trailing_dash("-"), "-");
        assert!(dns1123_label(&mask_trailing_dash("web-")).is_empty());
    }

    #[test]
    fn domains_need_two_parts() {
        assert!(fully_qualified_domain_name("example.com.").is_none());
        assert!(fully_qualified_domain_name("example").is_some());
        assert!(fully_qualified_domain_name("").is_some());
    }
}
