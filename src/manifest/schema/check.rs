//! Strict decoding: unknown fields and values of the wrong type, each at its place.
//!
//! Every problem is reported, where the API server stops at the first value of a wrong type.
//! Recursion is as deep as the tree, which [`limits::DEPTH_MAX`] bounds.

use super::near::nearest;
use super::words;
use super::{Field, Of, Schema, Shape, Type, schema};
use crate::diagnostic::{Diagnostic, Fix, Severity};
use crate::manifest::path::FieldPath;
use crate::manifest::tree::{Entry, Tree, Value};
use crate::manifest::{Object, ObjectRef, limits};
use crate::source::Span;
use std::rc::Rc;

/// Problems of an object's fields, by its type where the schema has it; spans count from its document's
/// first byte.
// Models apimachinery/pkg/runtime/serializer/json strict decoding, sigs.k8s.io/json
#[must_use]
pub fn check(object: &Object, type_: Option<&'static Type>) -> Vec<Diagnostic> {
    let schema = schema();
    let mut check = Check { schema, object: &object.id, problems: Vec::new() };
    if let Some(type_) = type_ {
        check.fields(type_, &object.tree, None);
    } else if let (Some(type_), Some(entry)) = (schema.metadata(), object.tree.entry("metadata")) {
        let here = Way { above: None, step: StepRef::Field(&entry.key) };
        check.fields(type_, &entry.value, Some(&here));
    }
    check.problems
}

/// The way down to a value, kept on the stack; a path is made of it only for a problem.
#[derive(Clone, Copy)]
struct Way<'a> {
    above: Option<&'a Way<'a>>,
    step: StepRef<'a>,
}

#[derive(Clone, Copy)]
enum StepRef<'a> {
    Field(&'a Rc<str>),
    Key(&'a Rc<str>),
    Index(usize),
}

impl Way<'_> {
    fn path(way: Option<&Self>) -> FieldPath {
        let mut path = FieldPath::default();
        for step in Self::steps(way) {
            path = match step {
                StepRef::Field(name) => path.any_field(name),
                StepRef::Key(key) => path.key(key),
                StepRef::Index(index) => path.index(index),
            };
        }
        path
    }

    /// The path as the API server writes it, odd names and all.
    fn said(way: &Self) -> FieldPath {
        let above = Self::path(way.above);
        match way.step {
            StepRef::Field(name) => above.field(name),
            _ => Self::path(Some(way)),
        }
    }

    fn steps<'a>(way: Option<&'a Way<'a>>) -> Vec<StepRef<'a>> {
        let mut steps = Vec::new();
        let mut here = way;
        while let Some(way) = here {
            steps.push(way.step);
            here = way.above;
        }
        steps.reverse();
        steps
    }
}

struct Check<'a> {
    schema: &'static Schema,
    object: &'a ObjectRef,
    problems: Vec<Diagnostic>,
}

impl Check<'_> {
    fn fields(&mut self, type_: &'static Type, tree: &Tree, above: Option<&Way<'_>>) {
        let Value::Map(entries) = &tree.value else { return };
        for entry in entries {
            let here = Way { above, step: StepRef::Field(&entry.key) };
            match type_.field(&entry.key) {
                Some(field) => self.field(type_, field, &entry.value, &here),
                None => self.unknown(type_, entry, tree, &here),
            }
        }
    }

    fn field(&mut self, in_type: &'static Type, field: &'static Field, tree: &Tree, way: &Way<'_>) {
        if matches!(tree.value, Value::Null) {
            return;
        }
        match (field.shape, &tree.value) {
            (Shape::One, _) => self.value(in_type, field, tree, way),
            (Shape::List, Value::List(items)) => {
                for (index, item) in items.iter().enumerate() {
                    let here = Way { above: Some(way), step: StepRef::Index(index) };
                    self.value(in_type, field, item, &here);
                }
            }
            (Shape::Map, Value::Map(entries)) => {
                for entry in entries {
                    let here = Way { above: Some(way), step: StepRef::Key(&entry.key) };
                    self.value(in_type, field, &entry.value, &here);
                }
            }
            _ => self.wrong(in_type, field, field.shape, tree, way),
        }
    }

    fn value(&mut self, in_type: &'static Type, field: &'static Field, tree: &Tree, way: &Way<'_>) {
        let fits = match (&tree.value, field.of) {
            (Value::Null, _)
            | (_, Of::Any)
            | (Value::Text(_), Of::Text | Of::Time | Of::IntOrString)
            | (Value::Int(_), Of::Int64)
            | (Value::Float(_), Of::Quantity)
            | (Value::Int(_), Of::Quantity)
            | (Value::Bool(_), Of::Boolean) => true,
            (Value::Int(number), Of::Int32 | Of::IntOrString) => i32::try_from(*number).is_ok(),
            (Value::Text(text), Of::Quantity) => {
                if is_quantity(text) {
                    return;
                }
                let message = "quantities must match the regular expression \
                               '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
                let hint = "Write a number with a unit, as in 500m, 128Mi or 2.";
                self.add("schema/wrong-type", message.into(), hint.into(), tree.span, way, Vec::new());
                return;
            }
            (Value::Map(_), Of::Fields(at)) => {
                if let Some(type_) = self.schema.types.get(at as usize) {
                    self.fields(type_, tree, Some(way));
                }
                true
            }
            _ => false,
        };
        if !fits {
            self.wrong(in_type, field, Shape::One, tree, way);
        }
    }

    fn wrong(
        &mut self,
        in_type: &'static Type,
        field: &'static Field,
        shape: Shape,
        tree: &Tree,
        way: &Way<'_>,
    ) {
        if self.problems.len() >= limits::PROBLEMS_MAX {
            return;
        }
        let found = match &tree.value {
            Value::Null => "null".into(),
            Value::Bool(_) => "bool".into(),
            Value::Int(number) if shape == Shape::One && field.of == Of::Int32 => format!("number {number}"),
            Value::Float(number) if shape == Shape::One && matches!(field.of, Of::Int32 | Of::Int64) => {
                format!("number {number}")
            }
            Value::Int(_) | Value::Float(_) => "number".into(),
            Value::Text(_) => "string".into(),
            Value::List(_) => "array".into(),
            Value::Map(_) => "object".to_owned(),
        };
        let path = Way::path(Some(way));
        let go_type = self.go_type(in_type, field, shape);
        let message = match field.of {
            Of::Time | Of::IntOrString if shape == Shape::One => {
                let go_type = if field.of == Of::Time { "string" } else { "int32" };
                format!("json: cannot unmarshal {found} into Go value of type {go_type}")
            }
            _ => {
                let dotted = without_items(way);
                let name = in_type.name;
                format!(
                    "json: cannot unmarshal {found} into Go struct field {name}.{dotted} of type {go_type}"
                )
            }
        };
        let hint = format!("{path} must be {}; this is {}.", self.wanted(field, shape), said(&tree.value));
        let fixes = mend(field, shape, tree);
        self.add("schema/wrong-type", message, hint, tree.span, way, fixes);
    }

    fn unknown(&mut self, type_: &'static Type, entry: &Entry, tree: &Tree, way: &Way<'_>) {
        if self.problems.len() >= limits::PROBLEMS_MAX {
            return;
        }
        let message = format!("unknown field \"{}\"", Way::said(way));
        let mut hint = String::new();
        let mut fixes = Vec::new();
        let near = nearest(&entry.key, type_.fields.iter().map(|f| f.name));
        if let Some(near) = near.filter(|name| tree.get(name).is_none()) {
            hint = format!("Did you mean {near}?");
            let quote = if entry.key_span.len() as usize == entry.key.len() + 2 { "\"" } else { "" };
            fixes.push(Fix {
                title: format!("Change to \"{near}\""),
                edits: vec![(entry.key_span, [quote, near, quote].concat())],
            });
        } else if let Some(deeper) = self.deeper(type_, &entry.key) {
            hint = format!("{} stands one level deeper, in {deeper}.", entry.key);
        } else if let Some(higher) = self.higher(way, &entry.key) {
            hint = format!("{} stands further out, in {higher}: check the indentation.", entry.key);
        }
        self.add("schema/unknown-field", message, hint, entry.key_span, way, fixes);
    }

    /// The field of this type that has such a field itself.
    fn deeper(&self, type_: &'static Type, name: &str) -> Option<&'static str> {
        let has = |field: &&Field| match field.of {
            Of::Fields(at) => self.schema.types.get(at as usize).is_some_and(|t| t.field(name).is_some()),
            _ => false,
        };
        type_.fields.iter().filter(|field| field.name != "status").find(has).map(|field| field.name)
    }

    /// The nearest place further out whose type has such a field.
    fn higher(&self, way: &Way<'_>, name: &str) -> Option<String> {
        let path = Way::steps(way.above);
        let mut best = None;
        let kind = self.schema.types.iter().find(|t| *t.name == *self.object.kind)?;
        let mut here = kind;
        let mut so_far = FieldPath::default();
        for step in path {
            if here.field(name).is_some() {
                best = Some(so_far.clone());
            }
            so_far = match step {
                StepRef::Field(name) => so_far.any_field(name),
                StepRef::Key(key) => so_far.key(key),
                StepRef::Index(index) => so_far.index(index),
            };
            if let StepRef::Field(step) = step {
                let Of::Fields(at) = here.field(step)?.of else { break };
                here = self.schema.types.get(at as usize)?;
            }
        }
        let best = best?;
        Some(if best.as_str().is_empty() { kind.name } else { best.as_str() }.to_owned())
    }

    /// The type as Go names it.
    fn go_type(&self, in_type: &Type, field: &Field, shape: Shape) -> String {
        let one = match field.of {
            Of::Text => words::go_type(in_type.name, field.name).unwrap_or("string").to_owned(),
            Of::Time => "v1.Time".into(),
            Of::Int32 => "int32".into(),
            Of::Int64 => "int64".into(),
            Of::Boolean => "bool".into(),
            Of::Quantity => "resource.Quantity".into(),
            Of::IntOrString => "intstr.IntOrString".into(),
            Of::Any => "interface {}".into(),
            Of::Fields(at) => self
                .schema
                .types
                .get(at as usize)
                .map_or_else(String::new, |t| [t.version, ".", t.name].concat()),
        };
        match shape {
            Shape::One => one,
            Shape::List => ["[]", &one].concat(),
            Shape::Map if field.of == Of::Quantity => "v1.ResourceList".into(),
            Shape::Map => ["map[string]", &one].concat(),
        }
    }

    fn wanted(&self, field: &Field, shape: Shape) -> &'static str {
        match (shape, field.of) {
            (Shape::List, _) => "a list",
            (Shape::Map, _) | (_, Of::Fields(_)) => "a map",
            (_, Of::Text) => "text",
            (_, Of::Int32) => "a whole number of at most 32 bits",
            (_, Of::Int64) => "a whole number",
            (_, Of::Boolean) => "true or false",
            (_, Of::Time) => "a time in quotes",
            (_, Of::Quantity) => "a quantity",
            (_, Of::IntOrString) => "a number or a name",
            (_, Of::Any) => "anything",
        }
    }

    fn add(
        &mut self,
        code: &'static str,
        message: String,
        hint: String,
        span: Span,
        way: &Way<'_>,
        fixes: Vec<Fix>,
    ) {
        if self.problems.len() >= limits::PROBLEMS_MAX {
            return;
        }
        self.problems.push(Diagnostic {
            code,
            severity: Severity::Error,
            message,
            hint,
            object: Some(self.object.clone()),
            path: Way::path(Some(way)),
            span,
            related: Vec::new(),
            fixes,
        });
    }
}

/// The path as Go's JSON decoder names it: fields alone.
fn without_items(way: &Way<'_>) -> String {
    let mut names = String::new();
    for step in Way::steps(Some(way)) {
        if let StepRef::Field(name) = step {
            if !names.is_empty() {
                names.push('.');
            }
            names.push_str(name);
        }
    }
    names
}

fn said(value: &Value) -> &'static str {
    match value {
        Value::Null => "nothing",
        Value::Bool(_) => "true or false",
        Value::Int(_) => "a number",
        Value::Float(_) => "a number with a fraction",
        Value::Text(_) => "text",
        Value::List(_) => "a list",
        Value::Map(_) => "a map",
    }
}

fn mend(field: &Field, shape: Shape, tree: &Tree) -> Vec<Fix> {
    if shape != Shape::One {
        return Vec::new();
    }
    match (&tree.value, field.of) {
        (Value::Bool(_) | Value::Int(_) | Value::Float(_), Of::Text) => {
            let (start, end) = (tree.span.start, tree.span.end);
            vec![Fix {
                title: "Put it in quotes".into(),
                edits: vec![(Span::new(start, start), "\"".into()), (Span::new(end, end), "\"".into())],
            }]
        }
        (Value::Text(text), Of::Int32 | Of::Int64) if text.parse::<i32>().is_ok() => vec![Fix {
            title: format!("Change to {text} without quotes"),
            edits: vec![(tree.span, text.to_string())],
        }],
        (Value::Text(text), Of::Boolean) if matches!(&**text, "true" | "false") => vec![Fix {
            title: format!("Change to {text} without quotes"),
            edits: vec![(tree.span, text.to_string())],
        }],
        _ => Vec::new(),
    }
}

// Models apimachinery/pkg/api/resource/quantity.go ParseQuantity
fn is_quantity(text: &str) -> bool {
    let bytes = text.as_bytes();
    let mut at = usize::from(matches!(bytes.first(), Some(b'+' | b'-')));
    let digits = |from: usize| bytes[from..].iter().take_while(|b| b.is_ascii_digit()).count();
    let whole = digits(at);
    at += whole;
    let mut count = whole;
    if bytes.get(at) == Some(&b'.') {
        let fraction = digits(at + 1);
        at += 1 + fraction;
        count += fraction;
    }
    if count == 0 {
        return false;
    }
    match &text[at..] {
        "" | "n" | "u" | "m" | "k" | "M" | "G" | "T" | "P" | "E" | "Ki" | "Mi" | "Gi" | "Ti" | "Pi"
        | "Ei" => true,
        exponent => exponent.strip_prefix(['e', 'E']).is_some_and(|number| number.parse::<i32>().is_ok()),
    }
}

#[cfg(test)]
mod tests {
    use crate::manifest::{Manifest, parse};

    fn problems(text: &str) -> Vec<(String, String)> {
        parse(text, &Manifest::default())
            .problems()
            .into_iter()
            .map(|p| (text[p.span.start as usize..p.span.end as usize].to_owned(), p.message))
            .collect()
    }

    fn pair(place: &str, message: &str) -> (String, String) {
        (place.into(), message.into())
    }

    #[test]
    fn reports_unknown_fields_at_their_key() {
        let text = "\
apiVersion: v1
kind: Service
metadata: {name: a}
spec:
  selectors: {app: a}
  ports:
  - port: 80
    \"targetport\": 80
";
        assert_eq!(
            problems(text),
            [
                pair("selectors", "unknown field \"spec.selectors\""),
                pair("\"targetport\"", "unknown field \"spec.ports[0].targetport\""),
            ]
        );
        let fix = &parse(text, &Manifest::default()).problems()[1].fixes[0];
        assert_eq!(fix.edits[0].1, "\"targetPort\"");
    }

    #[test]
    fn says_where_a_lost_field_belongs() {
        let text = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\nspec:\n  template:\n    \
                    containers: []\n    metadata:\n      spec: {}\n";
        let hints: Vec<_> =
            parse(text, &Manifest::default()).problems().into_iter().map(|p| p.hint).collect();
        assert_eq!(
            hints,
            [
                "containers stands one level deeper, in spec.",
                "spec stands further out, in spec.template: check the indentation.",
            ]
        );
    }

    #[test]
    fn reports_wrong_types_as_the_api_server_does() {
        let text = "\
apiVersion: v1
kind: Service
metadata:
  name: a
  labels: {version: 1.10, on: yes}
spec:
  type: 5
  selector: [app]
  ports:
  - port: \"80\"
    nodePort: 99999999999
  - 80
  clusterIPs: none
";
        assert_eq!(
            problems(text),
            [
                pair(
                    "1.10",
                    "json: cannot unmarshal number into Go struct field ObjectMeta.metadata.labels of type string"
                ),
                pair(
                    "yes",
                    "json: cannot unmarshal bool into Go struct field ObjectMeta.metadata.labels of type string"
                ),
                pair(
                    "5",
                    "json: cannot unmarshal number into Go struct field ServiceSpec.spec.type of type v1.ServiceType"
                ),
                pair(
                    "[app]",
                    "json: cannot unmarshal array into Go struct field ServiceSpec.spec.selector of type map[string]string"
                ),
                pair(
                    "\"80\"",
                    "json: cannot unmarshal string into Go struct field ServicePort.spec.ports.port of type int32"
                ),
                pair(
                    "99999999999",
                    "json: cannot unmarshal number 99999999999 into Go struct field ServicePort.spec.ports.nodePort of type int32"
                ),
                pair(
                    "80",
                    "json: cannot unmarshal number into Go struct field ServiceSpec.spec.ports of type v1.ServicePort"
                ),
                pair(
                    "none",
                    "json: cannot unmarshal string into Go struct field ServiceSpec.spec.clusterIPs of type []string"
                ),
            ]
        );
    }

    #[test]
    fn takes_quantities_and_null() {
        let text = "\
apiVersion: v1
kind: Pod
metadata: {name: a, creationTimestamp: null, labels: }
spec:
  containers:
  - name: c
    resources: {requests: {cpu: 100m, memory: 1.5Gi}, limits: {cpu: 2, memory: 1e3, x: 12 MB}}
";
        let found = problems(text);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].0, "12 MB");
    }
}
