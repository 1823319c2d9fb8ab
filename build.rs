//! Reads the first example and makes its cluster, and writes down both as code: the page draws its
//! first picture before the reader and the control plane are there (src/session/first.rs).
//!
//! What `{:?}` prints of a value is nearly the code that makes it. [`Translator`] does the rest, for the
//! types that the example needs; it stops the build at any other.

use portolan_making::cluster::{CONTROL_PLANE, Cluster, PodFates};
use portolan_making::manifest::{self, Manifest};
use std::fmt::{Debug, Write};
use std::path::Path;

const EXAMPLE: &str = "static/examples/stable-name.yaml";

fn main() {
    println!("cargo::rerun-if-changed={EXAMPLE}");
    println!("cargo::rerun-if-changed=build.rs");
    let text = std::fs::read_to_string(EXAMPLE).expect("the first example");
    let manifest = manifest::parse(&text, &Manifest::default());
    let cluster = Cluster::next(&Cluster::ruled_by(&CONTROL_PLANE), &manifest, &PodFates::default());
    let open: Vec<String> = [
        ("problems", cluster.problems.is_empty() && manifest.problems().is_empty()),
        ("Ingresses", cluster.ingresses.is_empty() && cluster.ingress_classes.is_empty()),
        ("kinds that are not simulated", cluster.not_simulated.is_empty()),
        ("objects without a name", manifest.documents.iter().all(|(_, d)| d.nameless.is_empty())),
    ]
    .iter()
    .filter(|(_, fine)| !fine)
    .map(|(what, _)| format!("{EXAMPLE} has {what}: build.rs must learn to write them down"))
    .collect();
    assert!(open.is_empty(), "{}", open.join("; "));

    let mut code = String::new();
    code.push_str("fn read() -> Manifest {\n    let documents = vec![\n");
    for (at, document) in &manifest.documents {
        let objects = translated(&document.objects);
        let range = *at as usize..*at as usize + document.text.len();
        assert_eq!(text.get(range.clone()), Some(&*document.text));
        let _ = writeln!(code, "        document({at}, {range:?}, {objects}),");
    }
    code.push_str("    ];\n    Manifest { documents, diagnostics: Vec::new() }\n}\n\n");
    code.push_str("fn made(cluster: &mut Cluster) {\n");
    for (field, value) in [
        ("nodes", translated(&cluster.nodes)),
        ("namespaces", translated(&cluster.namespaces)),
        ("services", translated(&cluster.services)),
        ("pods", translated(&cluster.pods)),
        ("slices", translated(&cluster.slices)),
        ("workloads", translated(&cluster.workloads)),
    ] {
        let _ = writeln!(code, "    cluster.{field} = {value};");
    }
    code.push_str("}\n");
    let out = std::env::var_os("OUT_DIR").expect("OUT_DIR, which Cargo sets");
    std::fs::write(Path::new(&out).join("first.rs"), code).expect("the code of the first example");
}

fn translated(value: &impl Debug) -> String {
    let text = format!("{value:?}");
    let mut translator = Translator { rest: &text };
    let code = translator.value(&Around::default());
    assert!(translator.rest.is_empty(), "not translated: {}", translator.rest);
    code
}

/// Where a value stands.
#[derive(Clone, Copy, Default)]
struct Around<'a> {
    /// The struct or variant.
    within: &'a str,
    /// The field.
    field: &'a str,
    /// Whether that struct is one of the cluster: it has an identity.
    made: bool,
}

struct Translator<'a> {
    rest: &'a str,
}

impl<'a> Translator<'a> {
    fn skip(&mut self, what: &str) -> bool {
        let Some(rest) = self.rest.strip_prefix(what) else { return false };
        self.rest = rest;
        true
    }

    fn expect(&mut self, what: &str) {
        assert!(self.skip(what), "{what:?} expected: {:.80}", self.rest);
    }

    fn take(&mut self, count: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at(count);
        self.rest = rest;
        taken
    }

    fn value(&mut self, around: &Around<'_>) -> String {
        if self.rest.starts_with('"') {
            let end = 1 + self.rest[1..].find('"').expect("the end of a text");
            let text = self.take(end + 1);
            assert!(!text.contains('\\'), "a text with a backslash: {text}");
            return format!("constant({text})");
        }
        if self.skip("[") {
            return self.list(around);
        }
        if self.skip("(") {
            return self.pair(around);
        }
        let word_end = self.rest.find([' ', ',', ')', ']', '}', '(']).unwrap_or(self.rest.len());
        let word = self.take(word_end);
        if word.chars().all(|c| c.is_ascii_digit()) || matches!(word, "true" | "false" | "None") {
            return word.to_owned();
        }
        if word.contains(':') || word.chars().all(|c| c.is_ascii_digit() || c == '.') {
            return format!("ip({word:?})");
        }
        if self.skip(" { ") {
            return self.fields(word, around);
        }
        if self.skip("(") {
            let inner = self.value(&Around { within: word, ..*around });
            self.expect(")");
            return match (word, around.within) {
                ("Some", _) => format!("Some({inner})"),
                ("Controller", _) => format!("Origin::Controller({inner})"),
                ("Service" | "Pod", _) => format!("Body::{word}({inner})"),
                ("Workload", _) => format!("Body::Workload(Rc::new({inner}))"),
                ("Text" | "Int" | "Map" | "List", "Tree") => format!("Value::{word}({inner})"),
                ("Int", _) => format!("IntOrString::Int({inner})"),
                _ => panic!("build.rs does not know the variant {word}"),
            };
        }
        match word {
            "Supplied" | "Text" => format!("Origin::{word}"),
            "Running" => format!("Phase::{word}"),
            "Tcp" => format!("Protocol::{word}"),
            "Deployment" | "ReplicaSet" => format!("WorkloadKind::{word}"),
            _ => panic!("build.rs does not know the word {word}"),
        }
    }

    fn list(&mut self, around: &Around<'_>) -> String {
        let mut items = Vec::new();
        while !self.skip("]") {
            items.push(self.value(around));
            self.skip(", ");
        }
        let list = format!("vec![{}]", items.join(", "));
        match (around.within, around.field) {
            ("Pod", "labels") => format!("Rc::new({list})"),
            ("Pod", "ips") => format!("{list}.into()"),
            _ => list,
        }
    }

    fn pair(&mut self, around: &Around<'_>) -> String {
        let first = self.value(around);
        self.expect(", ");
        if around.field == "written_in" {
            let end = self.rest.find(')').expect("the end of a pair");
            let path = self.take(end);
            self.expect(")");
            return format!("({first}, FieldPath::of({path:?}))");
        }
        let second = self.value(around);
        self.expect(")");
        format!("({first}, {second})")
    }

    fn fields(&mut self, name: &str, around: &Around<'_>) -> String {
        let made = self.rest.starts_with("id: ");
        let mut fields = Vec::new();
        loop {
            let end = self.rest.find(": ").expect("the end of a field's name");
            let field = self.take(end);
            self.expect(": ");
            let value = self.value(&Around { within: name, field, made });
            fields.push(format!("{field}: {value}"));
            if !self.skip(", ") {
                break;
            }
        }
        self.expect(" }");
        let room = match name {
            "Node" | "Service" | "Pod" | "EndpointSlice" | "Workload" if made => "cluster",
            "ServicePort" if around.made => "cluster",
            "ObjectRef" | "Object" | "Metadata" | "Tree" => "manifest",
            "Span" => "source",
            "Entry" => "manifest::tree",
            "OwnerReference" => "manifest::metadata",
            "Service" | "ServiceSpec" | "ServiceStatus" | "ServicePort" => "manifest::service",
            "Pod" | "PodSpec" | "PodStatus" | "Container" | "ContainerPort" => "manifest::pod",
            "Workload" | "LabelSelector" => "manifest::workload",
            "EndpointSlice" | "Endpoint" | "EndpointConditions" | "EndpointPort" | "TargetRef" => {
                "manifest::endpoints"
            }
            _ => panic!("build.rs does not know the type {name}"),
        };
        let code = format!("{room}::{name} {{ {} }}", fields.join(", "));
        // What many share.
        let shared = match (name, around.field) {
            ("Object", _) | (_, "" | "tree" | "template" | "workload") => true,
            ("Metadata", "metadata") => true,
            ("PodSpec", "spec") => around.made,
            _ => false,
        };
        if shared { format!("Rc::new({code})") } else { code }
    }
}
