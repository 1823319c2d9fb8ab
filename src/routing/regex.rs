//! The little of regular expressions that paths of an Ingress use, without a library:
//! groups, alternatives, classes, repetition, `^` and `$`. Letters match in either case,
//! as ingress-nginx has it (`location ~*`).

/// How many steps one match may take before it counts as none.
const STEPS_MAX: u32 = 50_000;
/// How long a pattern may be.
const LENGTH_MAX: usize = 512;
/// How deep groups may nest.
const DEPTH_MAX: u32 = 24;

#[derive(Debug, Clone)]
enum Node {
    Char(char),
    Any,
    Start,
    End,
    Class(Vec<(char, char)>, bool),
    Group(Vec<Vec<Node>>),
    Repeat(Box<Node>, u32, u32),
}

/// A pattern.
#[derive(Debug, Clone)]
pub struct Regex(Vec<Vec<Node>>);

impl Regex {
    /// Reads a pattern; `None` where it uses something else or is broken.
    #[must_use]
    pub fn parse(pattern: &str) -> Option<Self> {
        let chars: Vec<char> = pattern.chars().take(LENGTH_MAX + 1).collect();
        if chars.len() > LENGTH_MAX {
            return None;
        }
        let mut parser = Parser { chars: &chars, at: 0 };
        let alternatives = parser.alternatives(0)?;
        (parser.at == chars.len()).then_some(Self(alternatives))
    }

    /// Whether the beginning of a text matches.
    #[must_use]
    pub fn matches_start(&self, text: &str) -> bool {
        let chars: Vec<char> = text.chars().map(lower).collect();
        let mut steps = 0;
        self.0.iter().any(|sequence| run(sequence, &chars, 0, &mut steps, &mut |_| true))
    }
}

struct Parser<'a> {
    chars: &'a [char],
    at: usize,
}

impl Parser<'_> {
    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += 1;
        Some(c)
    }

    fn alternatives(&mut self, depth: u32) -> Option<Vec<Vec<Node>>> {
        if depth > DEPTH_MAX {
            return None;
        }
        let mut all = vec![Vec::new()];
        while let Some(c) = self.peek() {
            match c {
                ')' => break,
                '|' => {
                    self.at += 1;
                    all.push(Vec::new());
                }
                _ => {
                    let atom = self.atom(depth)?;
                    let atom = self.repeated(atom)?;
                    all.last_mut()?.push(atom);
                }
            }
        }
        Some(all)
    }

    fn atom(&mut self, depth: u32) -> Option<Node> {
        Some(match self.next()? {
            '.' => Node::Any,
            '^' => Node::Start,
            '$' => Node::End,
            '(' => {
                if self.peek() == Some('?') {
                    // Only groups that do not capture, or have a name, are understood.
                    self.at += 1;
                    match self.next()? {
                        ':' => {}
                        '<' => while self.next()? != '>' {},
                        'P' => while self.next()? != '>' {},
                        _ => return None,
                    }
                }
                let inner = self.alternatives(depth + 1)?;
                (self.next()? == ')').then_some(())?;
                Node::Group(inner)
            }
            '[' => self.class()?,
            '\\' => escaped(self.next()?),
            '*' | '+' | '?' => return None,
            c => Node::Char(lower(c)),
        })
    }

    fn class(&mut self) -> Option<Node> {
        let negated = self.peek() == Some('^');
        self.at += usize::from(negated);
        let mut ranges = Vec::new();
        let mut first = true;
        loop {
            let c = match self.next()? {
                ']' if !first => break,
                '\\' => match escaped(self.next()?) {
                    Node::Class(more, false) => {
                        ranges.extend(more);
                        first = false;
                        continue;
                    }
                    Node::Char(c) => c,
                    _ => return None,
                },
                c => c,
            };
            first = false;
            let range_end = self.chars.get(self.at + 1).copied().filter(|&e| e != ']');
            match (self.peek(), range_end) {
                (Some('-'), Some(end)) => {
                    self.at += 2;
                    ranges.push((c, end));
                }
                _ => ranges.push((c, c)),
            }
        }
        let both: Vec<_> = ranges
            .iter()
            .flat_map(|&(a, b)| [(a, b), (lower(a), lower(b))])
            .filter(|(a, b)| a <= b)
            .collect();
        Some(Node::Class(both, negated))
    }

    fn repeated(&mut self, atom: Node) -> Option<Node> {
        let (min, max) = match self.peek() {
            Some('*') => (0, u32::MAX),
            Some('+') => (1, u32::MAX),
            Some('?') => (0, 1),
            Some('{') => {
                let close = self.chars[self.at..].iter().position(|&c| c == '}')? + self.at;
                let inside: String = self.chars[self.at + 1..close].iter().collect();
                self.at = close;
                match inside.split_once(',') {
                    None => inside.parse().ok().map(|n: u32| (n, n))?,
                    Some((min, "")) => (min.parse().ok()?, u32::MAX),
                    Some((min, max)) => (min.parse().ok()?, max.parse().ok()?),
                }
            }
            _ => return Some(atom),
        };
        self.at += 1;
        // Lazy and possessive marks change what is captured, not whether it matches from the start.
        if matches!(self.peek(), Some('?' | '+')) {
            self.at += 1;
        }
        Some(Node::Repeat(Box::new(atom), min, max))
    }
}

/// nginx compares bytes: beyond ASCII, case counts.
fn lower(c: char) -> char {
    c.to_ascii_lowercase()
}

fn escaped(c: char) -> Node {
    let digit = ('0', '9');
    let word = [('a', 'z'), ('A', 'Z'), digit, ('_', '_')];
    let space = [(' ', ' '), ('\t', '\r')];
    match c {
        'd' => Node::Class(vec![digit], false),
        'D' => Node::Class(vec![digit], true),
        'w' => Node::Class(word.to_vec(), false),
        'W' => Node::Class(word.to_vec(), true),
        's' => Node::Class(space.to_vec(), false),
        'S' => Node::Class(space.to_vec(), true),
        c => Node::Char(lower(c)),
    }
}

type Then<'a> = &'a mut dyn FnMut(usize) -> bool;

fn run(sequence: &[Node], text: &[char], at: usize, steps: &mut u32, then: Then) -> bool {
    let Some((node, rest)) = sequence.split_first() else { return then(at) };
    *steps += 1;
    if *steps > STEPS_MAX {
        return false;
    }
    match node {
        Node::Start => at == 0 && run(rest, text, at, steps, then),
        Node::End => at == text.len() && run(rest, text, at, steps, then),
        Node::Group(alternatives) => {
            for inner in alternatives {
                // The rest is tried wherever the group may end.
                let mut ends = Vec::new();
                run(inner, text, at, steps, &mut |end| {
                    ends.push(end);
                    false
                });
                if ends.into_iter().any(|end| run(rest, text, end, steps, then)) {
                    return true;
                }
            }
            false
        }
        Node::Repeat(inner, min, max) => {
            let mut ends = vec![at];
            let mut reached = vec![at];
            let mut count = 0;
            let mut possible: Vec<usize> = if *min == 0 { vec![at] } else { Vec::new() };
            while count < *max && !reached.is_empty() {
                let mut next = Vec::new();
                for &from in &reached {
                    run(std::slice::from_ref(inner), text, from, steps, &mut |end| {
                        if !next.contains(&end) {
                            next.push(end);
                        }
                        false
                    });
                }
                count += 1;
                if count >= *min {
                    next.retain(|end| count == *min || !possible.contains(end));
                    possible
                        .extend(next.iter().filter(|e| !possible.contains(e)).copied().collect::<Vec<_>>());
                }
                if *steps > STEPS_MAX || (next == ends && count >= *min) {
                    break;
                }
                ends.clone_from(&next);
                reached = next;
            }
            possible.into_iter().rev().any(|end| run(rest, text, end, steps, then))
        }
        single => {
            let Some(&c) = text.get(at) else { return false };
            let fits = match single {
                Node::Char(wanted) => c == *wanted,
                Node::Class(ranges, negated) => ranges.iter().any(|&(a, b)| a <= c && c <= b) != *negated,
                _ => true,
            };
            fits && run(rest, text, at + 1, steps, then)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn matches_what_nginx_would() {
        let m = |p: &str, t: &str| Regex::parse(p).unwrap().matches_start(t);
        assert!(m("^/id/[0-9]+", "/id/123a"));
        assert!(!m("^/id/[0-9]+$", "/id/123a"));
        assert!(m("^/something(/|$)(.*)", "/something/new"));
        assert!(m("^/something(/|$)(.*)", "/Something"));
        assert!(!m("^/something(/|$)(.*)", "/somethingelse"));
        assert!(m("^/(a|b){2,3}/\\d?x", "/abA/x"));
        assert!(!m("^/(a|b){2,3}/x", "/a/x"));
        assert!(m("^/[^/]+/[\\w-]+$", "/a/b-c"));
        assert!(Regex::parse("/(").is_none() && Regex::parse("/[a").is_none() && Regex::parse("*").is_none());
        // Nothing runs away.
        assert!(!m("^(a*)*(a*)*(a*)*b", &"a".repeat(200)));
    }
}
