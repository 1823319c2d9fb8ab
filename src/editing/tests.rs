//! Readable cases: a text with `‸` for the cursor, and what is offered or said there.

use super::*;
use crate::cluster::{Cluster, PodFates};
use crate::manifest::{Manifest, parse};

/// Documents that stand before the one that is being written.
const PODS: &str = "\
apiVersion: v1
kind: Pod
metadata:
  name: web-0
  labels: {app: web, tier: front}
spec:
  containers:
  - name: c
    image: i
    ports:
    - {name: http, containerPort: 8080}
---
apiVersion: v1
kind: Pod
metadata:
  name: api-0
  labels: {app: api, canary: \"true\"}
spec:
  containers: [{name: c, image: i, ports: [{containerPort: 9000}]}]
---
apiVersion: v1
kind: Service
metadata: {name: api}
spec:
  selector: {app: api}
  ports:
  - {name: web, port: 80, targetPort: 9000}
  - {name: stats, port: 81, targetPort: 9000}
---
";

fn cluster(text: &str) -> (Manifest, Cluster) {
    let manifest = parse(text, &Manifest::default());
    let cluster = Cluster::next(&Cluster::default(), &manifest, &PodFates::default());
    (manifest, cluster)
}

fn completions(marked: &str) -> Option<(String, Completions)> {
    let offset = marked.find('‸').expect("a cursor");
    let text = [PODS, &marked.replacen('‸', "", 1)].concat();
    let (manifest, cluster) = cluster(PODS);
    let found = complete(&text, (PODS.len() + offset) as u32, &manifest, &cluster)?;
    Some((text, found))
}

/// All labels, parted by spaces.
fn labels(marked: &str) -> String {
    completions(marked).map_or_else(String::new, |(_, found)| {
        found.items.iter().map(|item| item.label.as_str()).collect::<Vec<_>>().join(" ")
    })
}

/// The text after a label was chosen.
fn chosen(marked: &str, label: &str) -> String {
    let (text, found) = completions(marked).expect("completions");
    let item = found.items.iter().find(|item| item.label == label).expect("the label");
    let cursor = PODS.len() + marked.find('‸').expect("a cursor");
    [&text[PODS.len()..found.from as usize], &item.insert, &text[cursor..]].concat()
}

const HEAD: &str = "apiVersion: v1\nkind: Service\nmetadata:\n  name: x\n";

fn in_spec(rest: &str) -> String {
    [HEAD, "spec:\n", rest].concat()
}

#[test]
fn offers_whole_objects_where_nothing_is() {
    for empty in ["‸", "\n\n‸\n", "# a comment\n‸", "Serv‸"] {
        assert!(labels(empty).starts_with("Service Deployment Pod Ingress "), "{empty:?}");
    }
    for object in snippets::all() {
        let (manifest, cluster) = cluster(&object.insert);
        assert_eq!(manifest.problems(), [], "{}", object.label);
        assert_eq!(cluster.problems, [], "{}", object.label);
        assert_eq!(manifest.objects().count(), 1, "{}", object.label);
    }
}

#[test]
fn offers_keys_that_are_not_there_yet() {
    assert_eq!(labels("apiVersion: v1\nkind: Service\n‸"), "metadata spec status");
    assert_eq!(labels("kind: Service\n‸\nspec:\n  type: NodePort\n"), "apiVersion metadata status");
    assert_eq!(labels("‸\nkind: Service\nmetadata:\n"), "apiVersion spec status");
    let spec = labels(&in_spec("  ‸"));
    assert!(spec.starts_with("type selector ports clusterIP "), "{spec}");
    let rest = labels(&in_spec("  type: NodePort\n  ‸\n  ports:\n  - port: 80\n"));
    assert!(rest.starts_with("selector clusterIP "), "{rest}");
    let ports = "port targetPort name protocol nodePort appProtocol";
    assert_eq!(labels(&in_spec("  ports:\n  - ‸\n")), ports);
    assert_eq!(labels(&in_spec("  ports:\n    -\n      ‸\n")), ports);
    assert_eq!(
        labels(&in_spec("  ports:\n  - port: 80\n    ‸")),
        "targetPort name protocol nodePort appProtocol"
    );
    assert_eq!(
        labels(&in_spec("  ports:\n  - po‸\n    name: x\n")),
        "port targetPort protocol nodePort appProtocol"
    );
    assert_eq!(
        labels(&in_spec("  ports: [{port: 80, ‸}]\n")),
        "targetPort name protocol nodePort appProtocol"
    );
    assert_eq!(
        labels(&in_spec("  ports: [{na‸: x, port: 80}]\n")),
        "targetPort name protocol nodePort appProtocol"
    );
}

#[test]
fn offers_keys_in_lists_of_objects_and_in_templates() {
    let list =
        "apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Service\n  spec:\n    ports:\n    - ‸";
    assert!(labels(list).starts_with("port targetPort "));
    let template = "apiVersion: apps/v1\nkind: Deployment\nspec:\n  template:\n    spec:\n      containers:\n      - ports:\n        - ‸";
    assert_eq!(labels(template), "containerPort name protocol hostPort hostIP");
}

#[test]
fn offers_keys_in_braces() {
    let kyaml = "{\n  apiVersion: \"v1\",\n  kind: \"Service\",\n  spec: {\n    ports: [{\n      ‸\n    }],\n  },\n}\n";
    assert!(labels(kyaml).starts_with("port targetPort name"), "{}", labels(kyaml));
    let json = "{\"apiVersion\": \"v1\", \"kind\": \"Service\", \"spec\": {\"type\": \"‸\"}}";
    assert_eq!(labels(json), "ClusterIP NodePort LoadBalancer ExternalName");
    let key = "{\"apiVersion\": \"v1\", \"kind\": \"Service\", \"spec\": {\"ty‸\"}}";
    assert!(labels(key).starts_with("type selector"));
}

#[test]
fn offers_words_of_a_list() {
    assert_eq!(labels(&in_spec("  type: ‸\n  ports: []\n")), "ClusterIP NodePort LoadBalancer ExternalName");
    assert_eq!(labels(&in_spec("  type: Node‸\n")), "ClusterIP NodePort LoadBalancer ExternalName");
    assert_eq!(labels(&in_spec("  publishNotReadyAddresses: ‸")), "true false");
    assert_eq!(labels(&in_spec("  ipFamilies:\n  - ‸")), "IPv4 IPv6");
    assert_eq!(labels(&in_spec("  ipFamilies: [‸]")), "IPv4 IPv6");
    assert_eq!(labels(&in_spec("  ports: [{protocol: ‸}]")), "TCP UDP SCTP");
    assert_eq!(labels("kind: ‸"), labels("kind: \"‸\""));
    assert_eq!(labels("kind: Deployment\napiVersion: ‸"), "apps/v1");
    let path = "apiVersion: networking.k8s.io/v1\nkind: Ingress\nspec:\n  rules:\n  - http:\n      paths:\n      - pathType: ‸";
    assert_eq!(labels(path), "Exact Prefix ImplementationSpecific");
}

#[test]
fn offers_labels_that_exist() {
    assert_eq!(labels(&in_spec("  selector:\n    ‸")), "app canary tier");
    assert_eq!(labels(&in_spec("  selector: {app: web, ‸}")), "canary tier");
    assert_eq!(labels(&in_spec("  selector:\n    app: ‸\n")), "api web");
    assert_eq!(labels(&in_spec("  selector: {app: ‸}")), "api web");
    assert_eq!(
        chosen(&in_spec("  selector: {canary: ‸}"), "true"),
        in_spec("  selector: {canary: \"true\"}")
    );
    let elsewhere = "kind: Service\nmetadata: {namespace: blue}\nspec:\n  selector:\n    ‸";
    assert_eq!(labels(elsewhere), "");
    assert_eq!(labels("kind: Pod\nmetadata:\n  labels:\n    app: ‸"), "api");
    let own = "kind: Deployment\nspec:\n  selector:\n    matchLabels:\n      app: ‸\n  template:\n    metadata:\n      labels:\n        app: shop\n";
    assert_eq!(labels(own), "shop");
    let slice = "apiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\nmetadata:\n  labels:\n    ";
    assert_eq!(labels(&[slice, "‸"].concat()), "kubernetes.io/service-name");
    assert_eq!(labels(&[slice, "kubernetes.io/service-name: ‸"].concat()), "api");
}

#[test]
fn offers_names_that_exist() {
    assert_eq!(labels(&in_spec("  selector: {app: web}\n  ports:\n  - targetPort: ‸")), "http 8080");
    assert_eq!(labels(&in_spec("  ports: [{targetPort: ‸}]\n  selector: {app: api}")), "9000");
    let backend = "apiVersion: networking.k8s.io/v1\nkind: Ingress\nspec:\n  defaultBackend:\n    service:\n      name: ";
    assert_eq!(labels(&[backend, "‸"].concat()), "api");
    assert_eq!(labels(&[backend, "api\n      port: {name: ‸}"].concat()), "web stats");
    assert_eq!(labels(&[backend, "api\n      port:\n        number: ‸"].concat()), "80 81");
    assert_eq!(labels("kind: Pod\nspec:\n  nodeName: ‸"), "node-a node-b node-c");
    assert_eq!(labels("kind: Pod\nmetadata:\n  namespace: ‸"), "default");
    let probe = "kind: Pod\nspec:\n  containers:\n  - ports: [{name: http, containerPort: 80}]\n    readinessProbe:\n      httpGet:\n        port: ‸";
    assert_eq!(labels(probe), "http");
}

#[test]
fn offers_nothing_where_nothing_fits() {
    for nothing in
        ["# a ‸comment", "  name: x ‸", "  clusterIP: 10.0.0.1\n      ‸", "  externalName: |\n    ‸x\n"]
    {
        assert_eq!(labels(&in_spec(nothing)), "", "{nothing:?}");
    }
    assert_eq!(labels("kind: ConfigMap\ndata:\n  x: |\n    spec:\n      ‸\n"), "");
    assert_eq!(labels("--- ‸"), "");
}

#[test]
fn writes_with_the_right_indentation() {
    assert_eq!(chosen(&in_spec("  ‸"), "selector"), in_spec("  selector:\n    "));
    assert_eq!(chosen(&in_spec("  ‸"), "ports"), in_spec("  ports:\n  - "));
    assert_eq!(chosen(&in_spec("  ty‸"), "type"), in_spec("  type: "));
    assert_eq!(chosen(&in_spec("  ty‸: NodePort"), "type"), in_spec("  type: NodePort"));
    assert_eq!(chosen(&in_spec("  type:‸"), "NodePort"), in_spec("  type: NodePort"));
    assert_eq!(chosen(&in_spec("  ports:\n  -‸"), "port"), in_spec("  ports:\n  - port: "));
    assert_eq!(chosen(&in_spec("  ports:\n  ‸"), "- port"), in_spec("  ports:\n  - port: "));
    assert_eq!(chosen(&in_spec("  ports:\n    ‸"), "- port"), in_spec("  ports:\n    - port: "));
    assert_eq!(
        chosen(&in_spec("  ports:\n  - port: 80\n  ‸"), "- port"),
        in_spec("  ports:\n  - port: 80\n  - port: ")
    );
    assert_eq!(chosen(&in_spec("  ports: [‸]"), "{port"), in_spec("  ports: [{port: }]"));
    assert_eq!(chosen(&in_spec("  ipFamilies:\n  ‸"), "IPv6"), in_spec("  ipFamilies:\n  - IPv6"));
    assert_eq!(
        chosen(&in_spec(" ‸\n  type: NodePort"), "selector"),
        in_spec("  selector:\n    \n  type: NodePort")
    );
}

fn said(marked: &str) -> Option<Hover> {
    let offset = marked.find('‸').expect("a cursor");
    let text = marked.replacen('‸', "", 1);
    let (manifest, cluster) = cluster(&text);
    let hover = hover(&text, offset as u32, &manifest, &cluster)?;
    assert!(
        text.get(hover.span.start as usize..hover.span.end as usize).is_some_and(|word| !word.is_empty())
    );
    Some(hover)
}

#[test]
fn says_what_fields_are() {
    let hover = said(&in_spec("  ports:\n  - tar‸getPort: 80\n")).expect("words");
    assert_eq!(hover.title, "Service spec.ports[].targetPort · integer or string");
    assert!(hover.text.contains("Where missing: the same number as port."), "{}", hover.text);
    assert!(said("kind: Deployment\nspec:\n  template:\n    spec:\n      hostNet‸work: true\n").is_some());
    assert_eq!(said("# kind‸\n"), None);
    assert_eq!(said(&in_spec("  nonse‸nse: 1\n")), None);
}

#[test]
fn says_what_the_cluster_makes_of_it() {
    let with_pods = |text: &str| said(&[PODS, text].concat()).expect("words").text;
    assert!(with_pods(&in_spec("  sel‸ector: {app: web}\n")).contains("Selects now: 1 pod (web-0)."));
    assert!(with_pods(&in_spec("  selector: {app: w‸eb}\n")).starts_with("Selects now: 1 pod (web-0)."));
    assert!(with_pods(&in_spec("  selector: {app: w‸ebb}\n")).starts_with("Selects now: 0 pods."));
    let port = with_pods(&in_spec("  selector: {app: web}\n  ports: [{port: 80, targetPort: ht‸tp}]\n"));
    assert!(port.starts_with("Port 8080: 1 pod (web-0)."), "{port}");
    let name = with_pods(
        "apiVersion: v1\nkind: Service\nmetadata: {name: w‸eb}\nspec: {selector: {app: web}, ports: [{port: 80}]}\n",
    );
    assert!(name.starts_with("web.default.svc.cluster.local. Address: 10."), "{name}");
    assert!(name.contains("Ready: 1 endpoint ("), "{name}");
    let backend = "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: x}\nspec:\n  defaultBackend: {service: {name: nob‸ody, port: {number: 80}}}\n";
    assert!(with_pods(backend).starts_with("There is no Service nobody in namespace default."));
    let label = with_pods(
        "apiVersion: v1\nkind: Pod\nmetadata: {name: x, labels: {app: a‸pi}}\nspec: {containers: [{name: c, image: i}]}\n",
    );
    assert!(label.starts_with("Selected now by: 1 Service (api)."), "{label}");
}

#[cfg(not(target_arch = "wasm32"))]
mod any_text {
    use super::*;
    use proptest::prelude::*;

    fn survives(text: &str, offset: u32) {
        let (manifest, cluster) = cluster(PODS);
        let end = text.len().min(offset as usize) as u32;
        if let Some(found) = complete(text, offset, &manifest, &cluster) {
            assert!(found.from <= end && text.is_char_boundary(found.from as usize));
            assert!(!found.items.is_empty());
        }
        if let Some(hover) = hover(text, offset, &manifest, &cluster) {
            assert!(text.get(hover.span.start as usize..hover.span.end as usize).is_some());
            assert!(!hover.span.is_empty() && !hover.title.is_empty());
        }
    }

    proptest! {
        #[test]
        fn any_characters_are_survived(text in "\\PC{0,60}", offset in 0_u32..80) {
            survives(&text, offset);
        }

        #[test]
        fn anything_like_yaml_is_survived(
            parts in proptest::collection::vec(proptest::sample::select(vec![
                "kind: Service\n", "spec:", "\n", "  ", "- ", "-", ": ", ":", "{", "}", "[", "]", ",", "#", " ",
                "\"", "'", "|", ">", "ports", "selector", "\t", "\r\n", "ä", "𝄞", "---\n", "...", "&a ", "*a", "\\",
                "items:\n", "kind: List\n", "metadata: ", "\u{feff}",
            ]), 0..40),
            at in 0.0..1.1_f64,
        ) {
            let text = parts.concat();
            survives(&text, (text.len() as f64 * at) as u32);
        }
    }
}

/// One document of a large text is read, not all.
#[test]
#[allow(clippy::disallowed_methods, reason = "a test of speed")]
fn is_quick_in_a_large_text() {
    let mut text = String::new();
    for i in 0..500 {
        text.push_str(&format!("apiVersion: v1\nkind: Pod\nmetadata: {{name: p{i}, labels: {{app: a{i}}}}}\nspec: {{containers: [{{name: c, image: i}}]}}\n---\n"));
        text.push_str(&format!("apiVersion: v1\nkind: Service\nmetadata: {{name: s{i}}}\nspec:\n  selector: {{app: a{i}}}\n  ports: [{{port: 80}}]\n---\n"));
    }
    let (manifest, cluster) = cluster(&text);
    text.push_str(&in_spec("  selector:\n    "));
    let start = std::time::Instant::now();
    let rounds = 20;
    for _ in 0..rounds {
        let found = complete(&text, text.len() as u32, &manifest, &cluster).expect("labels");
        assert_eq!(found.items[0].label, "app");
        let at = text.rfind("selector").expect("a selector") as u32;
        assert!(hover(&text, at, &manifest, &cluster).is_some());
    }
    // Unoptimised code takes several times as long as what is shipped.
    let limit_ms = if cfg!(debug_assertions) { 50 } else { 5 };
    assert!(start.elapsed().as_millis() / rounds < limit_ms, "{:?}", start.elapsed() / rounds as u32);
}

/// Where the text is YAML, the forgiving reading finds the very fields that the parser finds.
fn agrees_with_the_parser(text: &str, name: &str) {
    use super::outline::Outline;
    use super::place::Place;
    use crate::manifest::{FieldPath, Tree, Value};

    fn keys(tree: &Tree, path: &FieldPath, found: &mut Vec<(Span, FieldPath)>) {
        match &tree.value {
            Value::Map(entries) => {
                for entry in entries {
                    let path = path.any_field(&entry.key);
                    found.push((entry.key_span, path.clone()));
                    keys(&entry.value, &path, found);
                }
            }
            Value::List(items) => {
                for (number, item) in items.iter().enumerate() {
                    keys(item, &path.index(number), found);
                }
            }
            _ => {}
        }
    }

    let manifest = parse(text, &Manifest::default());
    for (offset, object) in manifest.objects() {
        let mut found = Vec::new();
        keys(&object.tree, &FieldPath::default(), &mut found);
        for (span, path) in found {
            let byte = span.shifted(offset).start + 1;
            let outline = Outline::around(text, byte);
            let at = outline.word_at(byte).map(|(node, ..)| {
                let place = Place::of(&outline, node);
                (place.kind.to_owned(), place.path())
            });
            assert_eq!(at, Some((object.id.kind.to_string(), path)), "{name}");
        }
    }
}

#[test]
fn finds_the_fields_that_the_parser_finds() {
    for example in crate::session::examples::ALL {
        agrees_with_the_parser(example.text, example.id);
    }
    let kyaml = "---\n{\n  apiVersion: \"v1\",\n  kind: \"Service\",\n  metadata: {\n    name: \"x\", # a comment\n  },\n  \
                 spec: {\n    selector: { app: \"a: b\", \"t/x\": 'it''s' },\n    ports: [{\n      port: 80,\n    }, {\n      \
                 port: 81,\n      name: \"y\",\n    }],\n  },\n}\n";
    agrees_with_the_parser(kyaml, "kyaml");
    let block = "apiVersion: v1\nkind: List\nitems:\n- kind: ConfigMap\n  apiVersion: v1\n  metadata: {name: a}\n  data:\n    x: |\n      \
                 spec:\n        ports: 1\n    \"y z\" : >-\n      k: v\n- apiVersion: v1\n  kind: Service\n  metadata:\n    name: b\n  spec:\n    \
                 ports:\n      -\n        port: 80 # x\n      - name: \"a # b\"\n        port: 81\n";
    agrees_with_the_parser(block, "block");
}

/// Whatever is chosen on a new line, at whatever column the cursor is: the text stays YAML
/// and nothing that was there becomes another field.
#[test]
fn what_is_chosen_breaks_nothing() {
    let mut tried = 0;
    for id in ["stable-name", "headless", "external-database", "ingress", "two-ports"] {
        let example = crate::session::examples::by_id(id).expect("the example").text;
        let (manifest, cluster) = cluster(example);
        for (end, _) in example.match_indices('\n') {
            for column in 0..12 {
                let blank = ["\n", &" ".repeat(column)].concat();
                let text = [&example[..end], &blank, &example[end..]].concat();
                let cursor = end + blank.len();
                let Some(found) = complete(&text, cursor as u32, &manifest, &cluster) else { continue };
                for item in found.items.iter().filter(|item| item.kind != Kind::Object).take(3) {
                    let after = [&text[..found.from as usize], &item.insert, &text[cursor..]].concat();
                    tried += 1;
                    let problems = parse(&after, &Manifest::default()).problems();
                    let bad = problems.iter().find(|p| p.code != "schema/wrong-type");
                    assert_eq!(bad, None, "{after}");
                }
            }
        }
    }
    assert!(tried > 300, "{tried}");
}
