//! Which rule of which Ingress a request belongs to.

use super::regex::Regex;
use crate::cluster::Ingress;
use crate::manifest::ingress::{IngressPath, IngressRule};
use crate::manifest::metadata::label;
use crate::map::{Map, Set};
use std::rc::Rc;

const USE_REGEX: &str = "nginx.ingress.kubernetes.io/use-regex";
const REWRITE: &str = "nginx.ingress.kubernetes.io/rewrite-target";

/// The rules of one controller, made of its Ingresses, oldest first.
#[derive(Clone, Debug, Default)]
pub struct RuleTable {
    servers: Map<Rc<str>, Server>,
}

/// A host and its paths.
#[derive(Clone, Debug, Default)]
struct Server {
    locations: Vec<Location>,
    /// Paths and types that are taken.
    known: Set<(Rc<str>, i64)>,
    /// One path that is a regular expression makes all paths of the host so.
    regex: bool,
}

#[derive(Clone, Debug)]
struct Location {
    path: Rc<str>,
    path_type: PathType,
    pattern: Option<Regex>,
    backend: Option<Backend>,
    /// The host's last resort, which any path of an Ingress replaces.
    is_default: bool,
}

/// What strconv.ParseBool takes for true.
const TRUE: [&str; 6] = ["1", "t", "T", "true", "TRUE", "True"];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum PathType {
    Exact,
    Prefix,
}

/// Where a backend is written: position of the Ingress, and of the rule and its path;
/// no rule: spec.defaultBackend.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Backend {
    /// Position in the list that the table was made of.
    pub ingress: usize,
    /// Positions in spec.rules and its http.paths.
    pub rule: Option<(usize, usize)>,
}

/// What a request found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Its backend.
    pub backend: Backend,
    /// How many other paths of the host match it too, and are less exact.
    pub others: u32,
}

/// What came of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lookup {
    /// A rule or a default backend.
    Found(Found),
    /// Nothing; whether the host at least is one of some Ingress.
    Nothing {
        /// Whether some rule is for this host by name.
        host_known: bool,
    },
}

/// Whether its annotations make a path of an Ingress, and all others of its host, regular expressions.
fn is_pattern(ingress: &Ingress, path: &str) -> bool {
    let annotations = &ingress.metadata.annotations;
    let rewrite = label(annotations, REWRITE).filter(|target| !target.is_empty());
    label(annotations, USE_REGEX).is_some_and(|word| TRUE.contains(&&**word))
        || rewrite.is_some_and(|target| **target != *path)
}

/// Without a path of its own it is that of everything.
fn text_of(path: &IngressPath) -> Rc<str> {
    path.path.clone().filter(|text| !text.is_empty()).unwrap_or_else(|| "/".into())
}

/// Whether a rule makes all paths of its host regular expressions, those of other Ingresses too.
#[must_use]
pub fn makes_patterns(ingress: &Ingress, rule: &IngressRule) -> bool {
    rule.paths.iter().flatten().any(|path| is_pattern(ingress, &text_of(path)))
}

/// Whether a path that is a regular expression cannot be read here: it matches nothing.
#[must_use]
pub fn is_unread_pattern(path: &str) -> bool {
    Regex::parse(&format!("^{path}")).is_none()
}

impl RuleTable {
    /// The table for Ingresses in order of age, given with the position they are known by.
    // Models ingress-nginx internal/ingress/controller createServers, getBackendServers
    #[must_use]
    pub fn new<'a>(ingresses: impl Iterator<Item = (usize, &'a Ingress)> + Clone) -> Self {
        let mut table = Self::default();
        table.servers.insert("".into(), Server::with_default(None));
        for (at, ingress) in ingresses.clone() {
            let default = ingress
                .ingress
                .default_backend
                .as_ref()
                .filter(|b| b.service.is_some())
                .map(|_| Backend { ingress: at, rule: None });
            if ingress.ingress.rules.is_empty()
                && let Some(last_resort) = table.servers.get_mut("").and_then(|s| s.locations.first_mut())
            {
                last_resort.backend = last_resort.backend.or(default);
            }
            // The oldest Ingress with a host says what becomes of paths that nobody claims.
            for rule in &ingress.ingress.rules {
                let host = rule.host.as_deref().unwrap_or("").to_ascii_lowercase();
                table.servers.get_or_insert_with(host.into(), || Server::with_default(default));
            }
        }
        for (at, ingress) in ingresses {
            table.add_paths(at, ingress);
        }
        for server in table.servers.values_mut() {
            server.finish();
        }
        table
    }

    fn add_paths(&mut self, at: usize, ingress: &Ingress) {
        for (r, rule) in ingress.ingress.rules.iter().enumerate() {
            let host = rule.host.as_deref().unwrap_or("").to_ascii_lowercase();
            let Some(server) = self.servers.get_mut(&*host) else { continue };
            server.regex |= makes_patterns(ingress, rule);
            for (p, path) in rule.paths.iter().flatten().enumerate() {
                let text = text_of(path);
                // Models ingress-nginx internal/k8s/main.go SetDefaultNGINXPathType: whatever is
                // left to the controller is a Prefix.
                let path_type = match path.path_type.as_deref() {
                    Some("Exact") => PathType::Exact,
                    _ => PathType::Prefix,
                };
                let backend = Some(Backend { ingress: at, rule: Some((r, p)) });
                // The same path in two Ingresses: the oldest keeps it.
                if !server.known.insert((text.clone(), path_type as i64)) {
                    continue;
                }
                if path_type == PathType::Prefix && *text == *"/" {
                    // Takes the place of the last resort.
                    server.locations.retain(|l| !l.is_default);
                }
                server.locations.push(Location {
                    path: text,
                    path_type,
                    pattern: None,
                    backend,
                    is_default: false,
                });
            }
        }
    }

    /// The rule for a host and path. A port after the host does not count.
    // Host: the exact one, else a wildcard for exactly one label, else rules without host.
    #[must_use]
    pub fn find(&self, host: &str, path: &str) -> Lookup {
        let host = host.to_ascii_lowercase();
        let host = match host.rsplit_once(':') {
            Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) && !name.contains(':') => name,
            _ => &host,
        };
        let host = host.trim_end_matches('.');
        let wildcard = || host.split_once('.').and_then(|(_, rest)| self.servers.get(&*format!("*.{rest}")));
        let named = if host.is_empty() { None } else { self.servers.get(host).or_else(wildcard) };
        let Some(server) = named.or_else(|| self.servers.get("")) else {
            return Lookup::Nothing { host_known: false };
        };
        let path = path.split(['?', '#']).next().unwrap_or("");
        let path = if path.is_empty() { "/" } else { path };
        match server.find(path) {
            Some(found) => Lookup::Found(found),
            None => Lookup::Nothing { host_known: named.is_some() },
        }
    }

    /// The hosts that rules name; wildcards with their star.
    pub fn hosts(&self) -> impl Iterator<Item = &Rc<str>> {
        self.servers.keys().filter(|h| !h.is_empty())
    }
}

impl Server {
    fn with_default(backend: Option<Backend>) -> Self {
        let location = Location {
            path: "/".into(),
            path_type: PathType::Prefix,
            pattern: None,
            backend,
            is_default: true,
        };
        Self { locations: vec![location], known: Set::default(), regex: false }
    }

    fn finish(&mut self) {
        self.known = Set::default();
        // Longest first; of the same length an exact one first, the last resort last.
        crate::sort::by(&mut self.locations, |a, b| {
            let key =
                |l: &Location| (l.is_default, std::cmp::Reverse(l.weight()), l.path_type != PathType::Exact);
            key(a).cmp(&key(b)).then_with(|| b.path.cmp(&a.path))
        });
        if self.regex {
            for location in &mut self.locations {
                location.pattern = Regex::parse(&format!("^{}", location.path));
            }
        }
    }

    fn find(&self, path: &str) -> Option<Found> {
        let mut matching = self.locations.iter().filter(|l| l.matches(path, self.regex));
        let backend = matching.next()?.backend?;
        Some(Found { backend, others: matching.filter(|l| !l.is_default).count() as u32 })
    }
}

impl Location {
    /// How much of a path it pins down: a trailing slash of a Prefix says nothing.
    fn weight(&self) -> usize {
        match self.path_type {
            PathType::Prefix => self.path.trim_end_matches('/').len(),
            _ => self.path.len(),
        }
    }

    fn matches(&self, path: &str, regex: bool) -> bool {
        if self.is_default {
            return true;
        }
        if regex {
            return self.pattern.as_ref().is_some_and(|p| p.matches_start(path));
        }
        match self.path_type {
            PathType::Exact => path == &*self.path,
            // Whole elements.
            PathType::Prefix => {
                let prefix = self.path.trim_end_matches('/');
                path.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            }
        }
    }
}
