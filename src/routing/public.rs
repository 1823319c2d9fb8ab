//! Which names public DNS is taken to know. The playground asks nobody: it goes by how a
//! name ends, so that `api.red` is what it most probably is, a namespace that does not
//! exist, and `api.example.com` is a host somewhere.

/// Ends of names that are public beyond doubt, whatever stands in front.
const SURE: &str = " com org net edu gov mil int info biz arpa ";

/// Ends of names that are often met, and are words that a namespace might have, too.
const LIKELY: &str =
    " dev app cloud page tech xyz online site store shop blog news wiki pro name google amazon ";

/// How a name looks that public DNS is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Look {
    /// As a public one.
    Public,
    /// As a public one, if it is not a name of the cluster that went wrong.
    Perhaps,
    /// As no public name at all.
    Never,
}

/// How a name (in lower case, without its last dot) looks.
pub(super) fn look(name: &str) -> Look {
    let Some((front, last)) = name.rsplit_once('.') else { return Look::Never };
    let listed = |list: &str| list.split(' ').any(|word| word == last && !word.is_empty());
    // Countries have two letters, and ends in other scripts are written so.
    let country = last.len() == 2 && last.bytes().all(|b| b.is_ascii_lowercase());
    if front.is_empty() {
        Look::Never
    } else if listed(SURE) || last.starts_with("xn--") {
        Look::Public
    } else if listed(LIKELY) || country {
        // Of a Service only two labels are written: its name and a namespace.
        if front.contains('.') { Look::Public } else { Look::Perhaps }
    } else {
        Look::Never
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_look_as_they_end() {
        for name in ["example.com", "api.example.com", "a.b.dev", "www.gov.uk", "xn--p1ai.xn--p1ai"] {
            assert_eq!(look(name), Look::Public, "{name}");
        }
        for name in ["api.shop", "web.dev", "api.io", "db.qa"] {
            assert_eq!(look(name), Look::Perhaps, "{name}");
        }
        for name in ["web", "api.red", "web.default.svc", "x.local", "a.b.internal", ".com", "api.", ""] {
            assert_eq!(look(name), Look::Never, "{name}");
        }
    }
}
