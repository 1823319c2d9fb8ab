//! Objects → YAML, as `kubectl get -o yaml` writes them: keys in alphabetical order.
//!
//! For stored objects (after admission) and for what controllers make. Never used to
//! change the person's own text.

use super::{EndpointSlice, Labels, Metadata, ObjectRef, Service};
use serde::Serialize;
use serde_yaml::{Mapping, Value};

/// Any value as YAML, keys in alphabetical order.
#[must_use]
pub fn to_yaml(value: &impl Serialize) -> String {
    text(tree(value))
}

/// A Service as the API server stores it.
#[must_use]
pub fn service(id: &ObjectRef, metadata: &Metadata, stored: &Service) -> String {
    let mut whole = Mapping::new();
    put(&mut whole, "apiVersion", Value::from("v1"));
    put(&mut whole, "kind", Value::from("Service"));
    let mut metadata = tree(metadata);
    if let Value::Mapping(fields) = &mut metadata {
        put(fields, "namespace", Value::from(&*id.namespace));
    }
    put(&mut whole, "metadata", metadata);
    put(&mut whole, "spec", tree(&stored.spec));
    put(&mut whole, "status", tree(&stored.status));
    text(Value::Mapping(whole))
}

/// An EndpointSlice; `owner` is the Service that its controller made it for.
#[must_use]
pub fn endpoint_slice(
    id: &ObjectRef,
    labels: &Labels,
    owner: Option<&ObjectRef>,
    slice: &EndpointSlice,
) -> String {
    let mut whole = match tree(slice) {
        Value::Mapping(fields) => fields,
        _ => Mapping::new(),
    };
    if let Some(Value::Sequence(endpoints)) = whole.get_mut("endpoints") {
        for (written, endpoint) in endpoints.iter_mut().zip(&slice.endpoints) {
            let mut hints = Mapping::new();
            for (key, names) in [("forZones", &endpoint.for_zones), ("forNodes", &endpoint.for_nodes)] {
                if let Some(names) = names {
                    put(&mut hints, key, names.iter().map(|name| one("name", name)).collect());
                }
            }
            if let (Value::Mapping(fields), false) = (written, hints.is_empty()) {
                put(fields, "hints", Value::Mapping(hints));
            }
        }
    }
    put(&mut whole, "apiVersion", Value::from("discovery.k8s.io/v1"));
    put(&mut whole, "kind", Value::from("EndpointSlice"));
    let mut metadata = Mapping::new();
    put(&mut metadata, "name", Value::from(&*id.name));
    put(&mut metadata, "namespace", Value::from(&*id.namespace));
    if !labels.is_empty() {
        let labels = labels.iter().map(|(key, value)| (Value::from(&**key), Value::from(&**value)));
        put(&mut metadata, "labels", Value::Mapping(labels.collect()));
    }
    if let Some(owner) = owner {
        let mut reference = Mapping::new();
        put(&mut reference, "apiVersion", Value::from("v1"));
        put(&mut reference, "blockOwnerDeletion", Value::from(true));
        put(&mut reference, "controller", Value::from(true));
        put(&mut reference, "kind", Value::from(&*owner.kind));
        put(&mut reference, "name", Value::from(&*owner.name));
        put(&mut metadata, "ownerReferences", Value::Sequence(vec![Value::Mapping(reference)]));
    }
    put(&mut whole, "metadata", Value::Mapping(metadata));
    text(Value::Mapping(whole))
}

fn one(key: &str, value: &str) -> Value {
    let mut fields = Mapping::new();
    put(&mut fields, key, Value::from(value));
    Value::Mapping(fields)
}

fn put(fields: &mut Mapping, key: &str, value: Value) {
    fields.insert(Value::from(key), value);
}

/// The objects of this program are plain structs: writing them cannot fail, and an
/// empty value is the calm answer if it did.
fn tree(value: &impl Serialize) -> Value {
    serde_yaml::to_value(value).unwrap_or(Value::Null)
}

fn text(value: Value) -> String {
    let mut text = String::new();
    block(&value, 0, &mut text);
    text
}

/// Writes a value in lines of its own, as go-yaml lays them out (lists are not indented).
/// Text is quoted where YAML 1.1 would read it as something else, which serde_yaml's own
/// writing leaves out: `on`, `yes`, `0o12`.
fn block(value: &Value, indent: usize, text: &mut String) {
    match value {
        Value::Mapping(fields) if !fields.is_empty() => {
            let mut entries: Vec<(&str, &Value)> =
                fields.iter().filter_map(|(key, value)| Some((key.as_str()?, value))).collect();
            crate::sort::by_key(&mut entries, |(key, _)| *key);
            for (position, (key, value)) in entries.into_iter().enumerate() {
                if position > 0 || !text.ends_with("- ") {
                    spaces(indent, text);
                }
                word(key, None, text);
                text.push(':');
                match value {
                    Value::Mapping(fields) if !fields.is_empty() => {
                        text.push('\n');
                        block(value, indent + 2, text);
                    }
                    Value::Sequence(items) if !items.is_empty() => {
                        text.push('\n');
                        block(value, indent, text);
                    }
                    _ => {
                        text.push(' ');
                        scalar(value, indent, text);
                    }
                }
            }
        }
        Value::Sequence(items) if !items.is_empty() => {
            for (position, item) in items.iter().enumerate() {
                if position > 0 || !text.ends_with("- ") {
                    spaces(indent, text);
                }
                text.push_str("- ");
                block(item, indent + 2, text);
            }
        }
        _ => scalar(value, indent, text),
    }
}

fn spaces(count: usize, text: &mut String) {
    text.extend(std::iter::repeat_n(' ', count));
}

fn scalar(value: &Value, indent: usize, text: &mut String) {
    match value {
        Value::Null => text.push_str("null"),
        Value::Bool(truth) => text.push_str(if *truth { "true" } else { "false" }),
        Value::Number(number) => text.push_str(&number.to_string()),
        Value::String(string) => word(string, Some(indent), text),
        Value::Sequence(_) => text.push_str("[]"),
        Value::Mapping(_) => text.push_str("{}"),
        Value::Tagged(tagged) => return scalar(&tagged.value, indent, text),
    }
    text.push('\n');
}

/// Text: plain where it can be, else in quotes; a value of several lines as a block.
fn word(string: &str, indent: Option<usize>, text: &mut String) {
    let lines = string.strip_suffix('\n').unwrap_or(string);
    if let Some(indent) = indent
        && lines.contains('\n')
        && !lines.ends_with('\n')
        && !lines.starts_with([' ', '\n'])
        && is_printable(lines)
    {
        text.push_str(if lines.len() == string.len() { "|-" } else { "|" });
        for line in lines.split('\n') {
            text.push('\n');
            if !line.is_empty() {
                spaces(indent + 2, text);
                text.push_str(line);
            }
        }
    } else if string.contains('\n') || !is_printable(string) {
        text.push('"');
        for character in string.chars() {
            match character {
                '"' | '\\' => text.extend(['\\', character]),
                '\n' => text.push_str("\\n"),
                '\t' => text.push_str("\\t"),
                c if c.is_control() || c == '\u{feff}' => text.push_str(&format!("\\u{:04x}", u32::from(c))),
                c => text.push(c),
            }
        }
        text.push('"');
    } else if super::scalar::resolve(string).is_some() {
        text.extend(["\"", string, "\""]);
    } else if is_plain(string) {
        text.push_str(string);
    } else {
        text.push('\'');
        text.push_str(&string.replace('\'', "''"));
        text.push('\'');
    }
}

fn is_printable(string: &str) -> bool {
    string.chars().all(|c| c == '\n' || !c.is_control() && c != '\u{feff}')
}

/// Whether text means itself without quotes.
fn is_plain(string: &str) -> bool {
    let bytes = string.as_bytes();
    let (Some(first), Some(last)) = (bytes.first(), bytes.last()) else { return false };
    let lone = |byte| bytes == [byte] || bytes.get(1) == Some(&b' ');
    !(matches!(
        first,
        b' ' | b','
            | b'['
            | b']'
            | b'{'
            | b'}'
            | b'#'
            | b'&'
            | b'*'
            | b'!'
            | b'|'
            | b'>'
            | b'\''
            | b'"'
            | b'%'
            | b'@'
            | b'`'
            | b'?'
            | b':'
            | b'='
    ) || *first == b'-' && lone(b'-')
        || string.starts_with("---")
        || string.starts_with("...")
        || string == "<<"
        || *last == b' '
        || *last == b':'
        || string.contains(": ")
        || string.contains(" #"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest::{Body, Manifest, parse};

    #[test]
    fn writes_a_service_that_reads_back_the_same() {
        let text = "\
apiVersion: v1
kind: Service
metadata:
  labels:
    version: \"1.10\"
  name: web
  namespace: shop
spec:
  clusterIP: 10.96.0.10
  clusterIPs:
  - 10.96.0.10
  ports:
  - name: http
    nodePort: 30080
    port: 80
    protocol: TCP
    targetPort: web
  publishNotReadyAddresses: true
  selector:
    app: web
    \"on\": \"yes\"
  sessionAffinity: ClientIP
  sessionAffinityConfig:
    clientIP:
      timeoutSeconds: 10800
  type: LoadBalancer
status:
  loadBalancer:
    ingress:
    - ip: 203.0.113.1
      ipMode: VIP
";
        let manifest = parse(text, &Manifest::default());
        let (_, object) = manifest.objects().next().expect("an object");
        let Body::Service(stored) = &object.body else { panic!("a Service") };
        let written = service(&object.id, &object.metadata, stored);
        let again = parse(&written, &Manifest::default());
        assert_eq!(again.problems(), [], "{written}");
        let (_, read) = again.objects().next().expect("an object");
        assert_eq!((&read.id, &read.metadata, &read.body), (&object.id, &object.metadata, &object.body));
        assert_eq!(written, text);
    }

    #[test]
    fn writes_text_that_reads_back_the_same() {
        for string in [
            "",
            "a",
            "yes",
            "012",
            "1_000",
            "~",
            "null",
            " a",
            "a ",
            "a: b",
            "a #b",
            "- a",
            "-a",
            "*.x",
            "a\nb",
            "a\nb\n",
            "a\n\n b\n\n",
            "\n",
            "it's",
            "\"q\"",
            "\u{1}",
            "tab\there",
            "é",
            "{",
            "<<",
            "---",
            "a:",
            "=",
            "12:30",
            "2001-01-01",
            "%",
            "\u{feff}",
            "\r",
            "a\r\nb",
            "\\",
            "? a",
            "?",
            ".5",
            "0x1",
            "k8s.io/a",
        ] {
            let map = Labels::from([(string.into(), string.into())]);
            let text = to_yaml(&crate::manifest::Metadata { labels: map, ..Default::default() });
            let reading = crate::manifest::yaml::read(&text, &mut Default::default()).expect(&text);
            let tree = reading.tree.expect("a value");
            let entry = &tree.get("labels").expect("labels").entries()[0];
            assert_eq!((&*entry.key, entry.value.text().map(|t| &**t)), (string, Some(string)), "{text}");
        }
    }

    #[test]
    fn writes_a_slice_with_hints_and_its_owner() {
        let text = "\
addressType: IPv4
apiVersion: discovery.k8s.io/v1
endpoints:
- addresses:
  - 10.244.1.2
  conditions:
    ready: true
    serving: true
    terminating: false
  hints:
    forZones:
    - name: zone-a
  nodeName: node-a
  targetRef:
    kind: Pod
    name: web-0
    namespace: default
  zone: zone-a
kind: EndpointSlice
metadata:
  labels:
    kubernetes.io/service-name: web
  name: web-abcde
  namespace: default
  ownerReferences:
  - apiVersion: v1
    blockOwnerDeletion: true
    controller: true
    kind: Service
    name: web
ports:
- name: http
  port: 8080
  protocol: TCP
";
        let manifest = parse(text, &Manifest::default());
        assert_eq!(manifest.problems(), []);
        let (_, object) = manifest.objects().next().expect("an object");
        let Body::EndpointSlice(slice) = &object.body else { panic!("an EndpointSlice") };
        let owner = ObjectRef::new("Service", "default", "web");
        assert_eq!(endpoint_slice(&object.id, &object.metadata.labels, Some(&owner), slice), text);
    }
}
