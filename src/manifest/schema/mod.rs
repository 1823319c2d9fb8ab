//! Which fields Kubernetes 1.37 knows, and of which type: the strict decoding of the
//! API server ([`check`]), and what an editor may offer ([`fields`]).
//!
//! The facts stand in `kubernetes.txt`, made by `examples/schema_text.rs` from the
//! OpenAPI document of Kubernetes v1.37.0 (Apache-2.0; names and types only). One line
//! is one type: its name, then its fields in alphabetical order, as `name`, `name:T` or
//! `name:*T` (list) or `name:%T` (map); `!` in front means required. A type is `i`nt32,
//! `l`ong, `b`oolean, `t`ime, `q`uantity, int-or-string (`x`), `a`nything, `s`tring (also
//! where none is given) or another line's name. `@ package` begins a package; `= Kind
//! version package` names a kind.
//!
//! What this room does not do: say which values are allowed. That is validation (`cluster/`).

mod check;
pub mod kinds;
pub mod near;
pub mod words;

use crate::manifest::path::{FieldPath, Step};
use std::sync::OnceLock;

pub use check::check;

/// One value, or several.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// One value.
    One,
    /// A list of them.
    List,
    /// A map from text to them.
    Map,
}

/// What one value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    /// Text.
    Text,
    /// 32-bit whole number.
    Int32,
    /// 64-bit whole number.
    Int64,
    /// Truth value.
    Boolean,
    /// RFC 3339 text.
    Time,
    /// `500m`, `1Gi`, 2.
    Quantity,
    /// A number or a name.
    IntOrString,
    /// Anything.
    Any,
    /// A map with known fields: position in [`Schema::types`].
    Fields(u16),
}

/// A field of a type.
#[derive(Debug)]
pub struct Field {
    /// Its name.
    pub name: &'static str,
    /// Whether the API server wants a value.
    pub required: bool,
    /// One value or several.
    pub shape: Shape,
    /// What one value is.
    pub of: Of,
}

/// A map with known fields.
#[derive(Debug)]
pub struct Type {
    /// Its Go name: `ServiceSpec`.
    pub name: &'static str,
    /// Its Go package: `v1`.
    pub version: &'static str,
    /// Its fields by name.
    pub fields: Vec<Field>,
}

impl Type {
    /// The field of a name.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&Field> {
        let at = self.fields.binary_search_by(|field| field.name.cmp(name)).ok()?;
        self.fields.get(at)
    }
}

/// All types.
#[derive(Debug)]
pub struct Schema {
    /// Types; [`Of::Fields`] points here.
    pub types: Vec<Type>,
    kinds: Vec<(&'static str, &'static str, u16)>,
    metadata: u16,
}

impl Schema {
    /// The type of a kind in a version; `None` where the schema does not hold it.
    #[must_use]
    pub fn kind(&self, api_version: &str, kind: &str) -> Option<&Type> {
        let (_, _, at) = self.kinds.iter().find(|(k, v, _)| *k == kind && *v == api_version)?;
        self.types.get(*at as usize)
    }

    /// The type of `metadata`.
    #[must_use]
    pub fn metadata(&self) -> Option<&Type> {
        self.types.get(self.metadata as usize)
    }

    fn read(text: &'static str) -> Self {
        let mut types = Vec::new();
        let mut packages = Vec::new();
        let mut package = "";
        for line in text.lines() {
            if let Some(name) = line.strip_prefix("@ ") {
                package = name;
            } else if !line.starts_with('=')
                && let Some(name) = line.split(' ').next()
            {
                let version = package.rsplit('.').next().unwrap_or("");
                types.push(Type { name, version, fields: Vec::new() });
                packages.push(package);
            }
        }
        let find = |name: &str, package: &str| {
            let same = |at: &usize| types.get(*at).is_some_and(|t: &Type| t.name == name);
            let near = (0..types.len()).filter(same).find(|at| packages[*at] == package);
            near.or_else(|| (0..types.len()).find(same)).unwrap_or(0) as u16
        };
        let mut fields = Vec::new();
        let mut kinds = Vec::new();
        for line in text.lines() {
            let mut words = line.split(' ');
            match words.next() {
                Some("@") => package = words.next().unwrap_or(""),
                Some("=") => {
                    if let (Some(kind), Some(version), Some(package)) =
                        (words.next(), words.next(), words.next())
                    {
                        kinds.push((kind, version, find(kind, package)));
                    }
                }
                _ => fields.push(words.map(|word| field(word, |name| find(name, package))).collect()),
            }
        }
        let metadata = find("ObjectMeta", "");
        for (type_, fields) in types.iter_mut().zip(fields) {
            type_.fields = fields;
        }
        Self { types, kinds, metadata }
    }
}

fn field(word: &'static str, find: impl Fn(&str) -> u16) -> Field {
    let (required, word) = match word.strip_prefix('!') {
        Some(rest) => (true, rest),
        None => (false, word),
    };
    let (name, type_) = word.split_once(':').unwrap_or((word, "s"));
    let (shape, type_) = match type_.as_bytes().first() {
        Some(b'*') => (Shape::List, &type_[1..]),
        Some(b'%') => (Shape::Map, &type_[1..]),
        _ => (Shape::One, type_),
    };
    let of = match type_ {
        "s" => Of::Text,
        "i" => Of::Int32,
        "l" => Of::Int64,
        "b" => Of::Boolean,
        "t" => Of::Time,
        "q" => Of::Quantity,
        "x" => Of::IntOrString,
        "a" => Of::Any,
        name => Of::Fields(find(name)),
    };
    Field { name, required, shape, of }
}

/// The schema of Kubernetes 1.37, read once.
pub fn schema() -> &'static Schema {
    static SCHEMA: OnceLock<Schema> = OnceLock::new();
    SCHEMA.get_or_init(|| Schema::read(include_str!("kubernetes.txt")))
}

/// What an editor may offer below a path: the field, and the words it may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// The field's name.
    pub name: &'static str,
    /// Its type for a person: `[]ServicePort`, `map[string]string`, `integer`.
    pub type_name: String,
    /// Whether the API server wants a value.
    pub required: bool,
    /// The words it may be; empty where there is no such list.
    pub words: &'static [&'static str],
}

/// The fields that may stand at a path of a kind; empty for what the schema does not hold.
#[must_use]
pub fn fields(api_version: &str, kind: &str, path: &FieldPath) -> Vec<Offer> {
    let schema = schema();
    let Some(mut here) = schema.kind(api_version, kind) else { return Vec::new() };
    // Inside a list or map there are no fields, only items and keys.
    let mut inside = Shape::One;
    for step in path.steps() {
        match step {
            Step::Field(name) if inside == Shape::One => {
                let Some(field) = here.field(name) else { return Vec::new() };
                let Of::Fields(at) = field.of else { return Vec::new() };
                let Some(type_) = schema.types.get(at as usize) else { return Vec::new() };
                here = type_;
                inside = field.shape;
            }
            _ if inside != Shape::One => inside = Shape::One,
            _ => return Vec::new(),
        }
    }
    if inside != Shape::One {
        return Vec::new();
    }
    here.fields
        .iter()
        .map(|field| Offer {
            name: field.name,
            type_name: type_name(field),
            required: field.required,
            words: words::of(here.name, field.name),
        })
        .collect()
}

fn type_name(field: &Field) -> String {
    let one = match field.of {
        Of::Text => "string",
        Of::Int32 | Of::Int64 => "integer",
        Of::Boolean => "boolean",
        Of::Time => "time",
        Of::Quantity => "quantity",
        Of::IntOrString => "integer or string",
        Of::Any => "any",
        Of::Fields(at) => schema().types.get(at as usize).map_or("", |t| t.name),
    };
    match field.shape {
        Shape::One => one.into(),
        Shape::List => ["[]", one].concat(),
        Shape::Map => ["map[string]", one].concat(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holds_every_kind_with_sorted_fields() {
        let schema = schema();
        assert_eq!(schema.kinds.len(), 23);
        assert_eq!(schema.types.len(), 290);
        for type_ in &schema.types {
            assert!(!type_.fields.is_empty(), "{}", type_.name);
            assert!(type_.fields.is_sorted_by_key(|f| f.name), "{}", type_.name);
        }
    }

    #[test]
    fn offers_fields_with_types_and_words() {
        let offers = fields("v1", "Service", &FieldPath::of("spec.ports[0]"));
        let names: Vec<_> = offers.iter().map(|o| o.name).collect();
        assert_eq!(names, ["appProtocol", "name", "nodePort", "port", "protocol", "targetPort"]);
        assert!(offers[3].required);
        assert_eq!(offers[4].words, ["TCP", "UDP", "SCTP"]);
        assert_eq!(offers[5].type_name, "integer or string");
        let slice = fields("discovery.k8s.io/v1", "EndpointSlice", &FieldPath::of("ports[0]"));
        assert_eq!(slice.len(), 4, "discovery's EndpointPort, not core's");
        assert!(fields("v1", "Service", &FieldPath::of("spec.ports")).is_empty());
        assert!(fields("v1", "Service", &FieldPath::of("spec.selector")).is_empty());
    }
}
