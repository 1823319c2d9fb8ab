//! Bad manifests, what is said of them, and that the fix makes it go away.

use super::{all, rules};
use crate::cluster::{Cluster, PodFates};
use crate::diagnostic::{Diagnostic, Severity};
use crate::manifest::{Manifest, parse};

fn lint(text: &str) -> Vec<Diagnostic> {
    let manifest = parse(text, &Manifest::default());
    let cluster = Cluster::next(&Cluster::default(), &manifest, &PodFates::default());
    all(&manifest, &cluster)
}

fn under<'a>(text: &'a str, problem: &Diagnostic) -> &'a str {
    text.get(problem.span.start as usize..problem.span.end as usize).expect("a span inside the text")
}

fn apply(text: &str, problem: &Diagnostic) -> Option<String> {
    let fix = problem.fixes.first()?;
    let mut edits = fix.edits.clone();
    edits.sort_by_key(|(span, _)| std::cmp::Reverse(span.start));
    let mut text = text.to_owned();
    for (span, new) in edits {
        text.replace_range(span.start as usize..span.end as usize, &new);
    }
    Some(text)
}

/// One lint and no other that is worse than a remark, under `expected`; with a fix if
/// `fixed` names what the text holds afterwards.
#[track_caller]
fn check(rule: rules::Rule, expected: &str, fixed: Option<&str>, text: &str) -> Diagnostic {
    let found = lint(text);
    let of_rule: Vec<_> = found.iter().filter(|problem| problem.code == rule.code).collect();
    let [problem] = of_rule[..] else { panic!("{}: {found:#?}", rule.code) };
    assert_eq!(under(text, problem), expected, "{}", problem.message);
    let others: Vec<_> =
        found.iter().filter(|p| p.code != rule.code && p.severity < Severity::Info).collect();
    assert!(others.is_empty(), "{others:#?}");
    assert!(!problem.message.is_empty() && !problem.hint.is_empty());
    let mended = apply(text, problem);
    assert_eq!(mended.is_some(), fixed.is_some(), "{:?}", problem.fixes);
    if let (Some(mended), Some(part)) = (mended, fixed) {
        assert!(mended.contains(part), "{mended}");
        let left: Vec<_> = lint(&mended).into_iter().filter(|p| p.severity < Severity::Info).collect();
        assert!(left.is_empty(), "{mended}\n{left:#?}");
        let manifest = parse(&mended, &Manifest::default());
        assert!(manifest.problems().is_empty(), "{mended}\n{:#?}", manifest.problems());
    }
    problem.clone()
}

fn quiet(text: &str) {
    let found = lint(text);
    assert!(found.is_empty(), "{found:#?}");
}

const WEB: &str = "
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 3
  selector: {matchLabels: {app: web}}
  template:
    metadata:
      labels: {app: web, tier: front}
    spec:
      containers:
      - name: web
        image: nginx:1.29
        ports:
        - {name: http, containerPort: 8080}
";

fn service(spec: &str) -> String {
    format!("apiVersion: v1\nkind: Service\nmetadata:\n  name: web\nspec:\n{spec}{WEB}")
}

#[test]
fn a_good_manifest_is_quiet() {
    quiet(&service("  selector: {app: web}\n  ports: [{port: 80, targetPort: http}]"));
    quiet(&service("  selector: {app: web}\n  ports: [{port: 80, targetPort: 8080}]"));
    quiet("");
    quiet("kind: Nothing\napiVersion: none/v1\n");
}

#[test]
fn a_selector_that_matches_nothing() {
    let text = service("  selector:\n    app: wbe\n  ports: [{port: 80, targetPort: 8080}]");
    let problem = check(rules::SELECTOR_MATCHES_NOTHING, "wbe", Some("app: web\n  ports"), &text);
    assert_eq!(problem.related.len(), 1);
    assert!(
        problem.hint.contains("Deployment web comes nearest: app is “web”, not “wbe”"),
        "{}",
        problem.hint
    );

    let text = service("  selector: {App: web}\n  ports: [{port: 80, targetPort: 8080}]");
    check(rules::SELECTOR_MATCHES_NOTHING, "web", Some("selector: {app: web}"), &text);

    let text =
        service("  selector:\n    app: web\n    release: old\n  ports: [{port: 80, targetPort: 8080}]");
    check(rules::SELECTOR_MATCHES_NOTHING, "old", Some("app: web\n  ports"), &text);

    // Nothing looks like it: no guess.
    let text = service("  selector: {component: database}\n  ports: [{port: 80}]");
    check(rules::SELECTOR_MATCHES_NOTHING, "database", None, &text);

    // The value in quotes stays in quotes.
    let text = service("  selector: {app: 'wbe'}\n  ports: [{port: 80, targetPort: 8080}]");
    check(rules::SELECTOR_MATCHES_NOTHING, "'wbe'", Some("{app: 'web'}"), &text);
}

#[test]
fn a_text_without_any_pod_is_a_part_of_something() {
    let text = "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {selector: {app: web}, ports: [{port: 80}]}\n";
    let found = lint(text);
    assert!(found.iter().all(|p| p.severity == Severity::Info), "{found:#?}");
    assert_eq!(found.len(), 1);
}

#[test]
fn pods_in_another_namespace() {
    let text = format!(
        "apiVersion: v1\nkind: Service\nmetadata:\n  name: web\n  namespace: shop\nspec:\n  selector: {{app: web}}\n  ports: [{{port: 80, targetPort: 8080}}]{WEB}"
    );
    check(rules::SELECTOR_OTHER_NAMESPACE, "selector", Some("namespace: default"), &text);
    let text = service("  selector: {app: web}\n  ports: [{port: 80, targetPort: 8080}]")
        .replace("metadata: {name: web}", "metadata: {name: web, namespace: shop}");
    check(rules::SELECTOR_OTHER_NAMESPACE, "selector", Some("  namespace: shop\n  name: web"), &text);
}

#[test]
fn pods_of_two_programs_behind_one_service() {
    let other =
        WEB.replace("name: web", "name: db").replace("app: web", "app: db").replace("nginx:1.29", "mysql:9");
    let text = service("  selector: {tier: front}\n  ports: [{port: 80, targetPort: 9000}]")
        .replace("8080", "9000")
        + &other.replace("8080", "9000").replace("{name: http, ", "{");
    let found = lint(&text);
    let problem = found.iter().find(|p| p.code == rules::SELECTOR_SEVERAL_WORKLOADS.code);
    let problem = problem.unwrap_or_else(|| panic!("{found:#?}"));
    let titles: Vec<_> = problem.fixes.iter().map(|fix| &*fix.title).collect();
    assert_eq!(titles, ["Select Deployment web alone: app: web", "Select Deployment db alone: app: db"]);
    assert!(apply(&text, problem).is_some_and(|text| text.contains("selector: {app: web, tier: front}")));
    // A canary is two versions of one program.
    let canary = WEB.replace("name: web}", "name: web-canary}").replace("app: web", "app: web-canary");
    quiet(
        &(service("  selector: {tier: front}\n  ports: [{port: 80, targetPort: 8080}]")
            + &canary.replace("nginx:1.29", "nginx:1.30")),
    );
}

#[test]
fn ports_that_lead_nowhere() {
    let text = service("  selector: {app: web}\n  ports:\n  - port: 80\n    targetPort: htpp");
    check(rules::PORT_UNKNOWN_NAME, "htpp", Some("targetPort: http"), &text);
    let text = service("  selector: {app: web}\n  ports:\n  - port: 80\n    targetPort: 8081");
    check(rules::PORT_NOBODY_LISTENS, "8081", Some("targetPort: 8080"), &text);
    let text = service("  selector: {app: web}\n  ports:\n  - port: 80");
    check(rules::PORT_NOBODY_LISTENS, "80", None, &text);
    let text = service("  selector: {app: web}\n  ports:\n  - {port: 80, targetPort: http, protocol: UDP}");
    let problem = check(rules::PORT_UNKNOWN_NAME, "http", None, &text);
    assert!(problem.hint.contains("UDP"), "{}", problem.hint);
    let text =
        service("  clusterIP: None\n  selector: {app: web}\n  ports:\n  - {port: 80, targetPort: 8080}");
    check(rules::HEADLESS_PORT, "80", None, &text);
    // Nothing is listed: anything may listen.
    quiet(
        &service("  selector: {app: web}\n  ports:\n  - port: 80")
            .replace("        ports:\n        - {name: http, containerPort: 8080}\n", ""),
    );
}

#[test]
fn no_endpoint_is_ready() {
    let good = service("  selector: {app: web}\n  ports: [{port: 80, targetPort: 8080}]");
    let text = good.replace("replicas: 3", "replicas: 0");
    check(rules::NO_READY_ENDPOINT, "selector", None, &text);
    let pod = "\n---\napiVersion: v1\nkind: Pod\nmetadata: {name: one, labels: {app: solo}}\nspec: {containers: [{name: a, image: a}]}\nstatus: {phase: Running, podIP: 10.244.9.9, conditions: [{type: Ready, status: 'False'}]}\n";
    let text = format!(
        "apiVersion: v1\nkind: Service\nmetadata: {{name: solo}}\nspec: {{selector: {{app: solo}}, ports: [{{port: 80}}]}}{pod}"
    );
    let problem = check(rules::NO_READY_ENDPOINT, "selector", None, &text);
    assert!(problem.message.contains("one is not ready"), "{}", problem.message);
}

#[test]
fn endpoints_by_hand() {
    let bare = service("  ports: [{port: 80}]");
    check(rules::NO_SELECTOR, "spec", None, &bare);
    let slice = |name: &str, port: &str| {
        format!(
            "\n---\napiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\nmetadata:\n  name: web-1\n  labels: {{kubernetes.io/service-name: {name}}}\naddressType: IPv4\nports:\n- {port}\nendpoints:\n- addresses: [192.0.2.1]\n"
        )
    };
    quiet(&(bare.clone() + &slice("web", "port: 80")));
    let text = service("  selector: {app: web}\n  ports: [{port: 80, targetPort: 8080}]");
    check(rules::ENDPOINTS_COLLIDE, "web", None, &(text.clone() + &slice("web", "port: 80")));
    check(rules::ENDPOINTS_ORPHAN, "far-away", None, &(text.clone() + &slice("far-away", "port: 80")));
    let near = lint(&(text + &slice("wbe", "port: 80")));
    assert_eq!(near[0].fixes[0].title, "Change to web", "{near:#?}");
    check(
        rules::ENDPOINTS_PORT_NAME,
        "http",
        Some("- {port: 80}"),
        &(bare.clone() + &slice("web", "{port: 80, name: http}")),
    );
    let endpoints = "\n---\napiVersion: v1\nkind: Endpoints\nmetadata: {name: web}\nsubsets: [{addresses: [{ip: 192.0.2.1}], ports: [{port: 80}]}]\n";
    let problem = check(rules::ENDPOINTS_DEPRECATED, "Endpoints", None, &(bare + endpoints));
    assert_eq!(
        problem.message,
        "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice"
    );
}

#[test]
fn fields_that_do_not_do_what_they_seem_to() {
    let external = |more: &str| {
        format!(
            "apiVersion: v1\nkind: Service\nmetadata: {{name: bills}}\nspec:\n  type: ExternalName\n{more}"
        )
    };
    quiet(&external("  externalName: bills.example.com\n"));
    check(rules::EXTERNAL_NAME_IP, "192.0.2.7", None, &external("  externalName: 192.0.2.7\n"));
    check(
        rules::EXTERNAL_NAME_PORTS,
        "ports",
        Some("externalName: bills.example.com"),
        &external("  externalName: bills.example.com\n  ports: [{port: 80}]\n"),
    );
    check(
        rules::EXTERNAL_NAME_SELECTOR,
        "selector",
        Some("  type: ExternalName\n  externalName"),
        &external("  selector: {app: web}\n  externalName: bills.example.com\n"),
    );
    let headless =
        "  clusterIP: None\n  sessionAffinity: ClientIP\n  selector: {app: web}\n  ports: [{port: 8080}]";
    check(rules::HEADLESS_AFFINITY, "ClientIP", Some("clusterIP: None\n  selector"), &service(headless));
    let ips = "  externalIPs: [192.0.2.1]\n  selector: {app: web}\n  ports: [{port: 8080}]";
    check(rules::EXTERNAL_IPS, "externalIPs", None, &service(ips));
    let close = "  trafficDistribution: PreferClose\n  selector: {app: web}\n  ports: [{port: 8080}]";
    check(rules::WARNED, "PreferClose", Some("PreferSameZone"), &service(close));
    let local =
        "  type: NodePort\n  externalTrafficPolicy: Local\n  selector: {app: web}\n  ports: [{port: 8080}]";
    let text = service(local).replace("replicas: 3", "replicas: 1");
    let found = lint(&text);
    assert!(found.iter().any(|p| p.code == rules::LOCAL_WITHOUT_ENDPOINT.code), "{found:#?}");
}

#[test]
fn addresses_and_ports_that_cannot_be_had() {
    let door = |number: u32| {
        format!(
            "  type: NodePort\n  selector: {{app: web}}\n  ports:\n  - port: 8080\n    nodePort: {number}\n"
        )
    };
    let problem = check(rules::NODE_PORT_RANGE, "8080", Some("- port: 8080\n"), &service(&door(8080)));
    assert!(problem.hint.contains("30000 to 32767"), "{}", problem.hint);
    let other = "\n---\napiVersion: v1\nkind: Service\nmetadata: {name: other}\nspec: {type: NodePort, clusterIP: 10.96.0.9, selector: {app: web}, ports: [{port: 8080, nodePort: 30001}]}\n---\n";
    let text =
        format!("{}{other}", other.replace("other", "first").replace("10.96.0.9", "10.96.0.8")) + &WEB[4..];
    let problem = check(rules::NODE_PORT_TAKEN, "30001", Some("ports: [{port: 8080}]"), &text);
    assert_eq!(&*problem.related[0].object.name, "first");
    let text = text.replacen("nodePort: 30001", "nodePort: 30002", 1).replace("10.96.0.8", "10.96.0.9");
    let problem = check(rules::CLUSTER_IP_TAKEN, "10.96.0.9", Some("{type: NodePort, selector"), &text);
    assert_eq!(&*problem.related[0].object.name, "first");
    assert_eq!(problem.object.map(|id| id.name), Some("other".into()));
}

#[test]
fn names_that_dns_cannot_say() {
    let text =
        service("  selector: {app: web}\n  ports: [{port: 8080}]").replacen("name: web", "name: My_Web", 1);
    check(rules::SERVICE_NAME, "My_Web", Some("name: my-web"), &text);
}

#[test]
fn values_that_yaml_reads_as_something_else() {
    for (written, quoted) in [("yes", "\"yes\""), ("1.10", "\"1.10\""), ("012", "\"012\""), ("~", "\"~\"")] {
        let text = WEB.replace("tier: front", &format!("tier: {written}"));
        let problem = check(rules::LABEL_NOT_TEXT, written, Some(quoted), &text);
        assert!(
            problem.message.starts_with(&format!("tier: YAML reads {written} as ")),
            "{}",
            problem.message
        );
    }
    quiet(&WEB.replace("tier: front", "tier: \"yes\""));
}

#[test]
fn ingresses() {
    let ingress = |path: &str, service: &str, port: &str| {
        format!(
            "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {{name: front}}\nspec:\n  rules:\n  - host: a.example.com\n    http:\n      paths:\n      - path: {path}\n        pathType: Prefix\n        backend: {{service: {{name: {service}, port: {port}}}}}\n---\n{}",
            super::tests::service(
                "  selector: {app: web}\n  ports: [{name: http, port: 80, targetPort: 8080}]"
            )
        )
    };
    quiet(&ingress("/", "web", "{number: 80}"));
    quiet(&ingress("/", "web", "{name: http}"));
    check(
        rules::INGRESS_SERVICE_MISSING,
        "wbe",
        Some("name: web, port"),
        &ingress("/", "wbe", "{number: 80}"),
    );
    check(rules::INGRESS_PORT_MISSING, "8080", Some("number: 80"), &ingress("/", "web", "{number: 8080}"));
    check(rules::INGRESS_PORT_MISSING, "htp", Some("name: http"), &ingress("/", "web", "{name: htp}"));
    check(rules::INGRESS_PATH_NEVER, "/a/*", Some("path: /a/\n"), &ingress("/a/*", "web", "{number: 80}"));
    let query = ingress("'/a?b=c'", "web", "{number: 80}");
    check(rules::INGRESS_PATH_NEVER, "'/a?b=c'", Some("path: '/a'\n"), &query);
    check(rules::INGRESS_PATH_NEVER, "/*/a", None, &ingress("/*/a", "web", "{number: 80}"));
    let pattern = |path: &str| {
        let annotated = "{name: front, annotations: {nginx.ingress.kubernetes.io/use-regex: 'true'}}";
        ingress(path, "web", "{number: 80}")
            .replace("{name: front}", annotated)
            .replace("pathType: Prefix", "pathType: ImplementationSpecific")
    };
    quiet(&pattern("/a/[0-9]+"));
    check(rules::INGRESS_PATH_NEVER, "/(?!a).*", None, &pattern("/(?!a).*"));
    let off = pattern("/a*").replace("'true'", "'false'");
    check(rules::INGRESS_PATH_NEVER, "/a*", Some("path: /a\n"), &off);
    // What one Ingress asks for holds for the host, in others too.
    let other = ingress("/b*", "web", "{number: 80}").replace("name: front", "name: second");
    quiet(&(pattern("/a*") + "\n---\n" + other.split("\n---").next().unwrap_or("")));
    let twice = ingress("/", "web", "{number: 80}")
        + "\n---\n"
        + ingress("/", "web", "{number: 80}")
            .split("---")
            .next()
            .unwrap_or("")
            .replace("front", "second")
            .as_str();
    check(rules::INGRESS_DUPLICATE_PATH, "/", None, &twice);
    let class = "\n---\napiVersion: networking.k8s.io/v1\nkind: IngressClass\nmetadata: {name: nginx}\nspec: {controller: k8s.io/ingress-nginx}\n";
    let named =
        ingress("/", "web", "{number: 80}").replacen("spec:\n", "spec:\n  ingressClassName: ngnix\n", 1);
    check(rules::INGRESS_CLASS_MISSING, "ngnix", Some("ingressClassName: nginx"), &(named + class));
}

#[test]
fn workloads() {
    let text = WEB.replace("matchLabels: {app: web}", "matchLabels: {app: wbe}");
    check(rules::WORKLOAD_SELECTOR, "wbe", Some("matchLabels: {app: web}"), &text);
    let set = WEB
        .replace("kind: Deployment", "kind: StatefulSet")
        .replace("  replicas: 3", "  serviceName: wbe\n  replicas: 3");
    let text = format!(
        "apiVersion: v1\nkind: Service\nmetadata: {{name: web}}\nspec: {{clusterIP: None, selector: {{app: web}}, ports: [{{port: 8080}}]}}{set}"
    );
    check(rules::STATEFULSET_SERVICE, "wbe", Some("serviceName: web"), &text);
    let text = WEB.to_owned() + WEB;
    let problem = check(rules::DUPLICATE_OBJECT, "web", None, &text);
    assert_eq!(problem.related.len(), 1);
}

#[test]
#[allow(clippy::disallowed_methods, reason = "a test of speed")]
fn many_mistakes_take_bounded_time() {
    let mut text = String::new();
    for i in 0..1000 {
        text.push_str(&format!(
            "---\napiVersion: v1\nkind: Service\nmetadata: {{name: s{i}}}\nspec: {{selector: {{app: web-number-{i}}}, ports: [{{port: 80}}]}}\n---\napiVersion: v1\nkind: Pod\nmetadata: {{name: p{i}, labels: {{app: wbe-number-{i}}}}}\nspec: {{containers: [{{name: a, image: a}}]}}\n"
        ));
    }
    let manifest = parse(&text, &Manifest::default());
    let cluster = Cluster::next(&Cluster::default(), &manifest, &PodFates::default());
    let start = std::time::Instant::now();
    let found = all(&manifest, &cluster);
    assert_eq!(found.len(), 1000);
    // Without optimisation, on a busy machine.
    assert!(start.elapsed().as_secs() < 20, "{:?}", start.elapsed());
}

/// Every rule has a fixture above that finds it.
#[test]
fn every_rule_has_a_fixture() {
    let source = include_str!("tests.rs");
    for rule in rules::ALL {
        let found = source.contains(&format!("rules::{}", constant(rule.code)));
        assert!(found, "no fixture for {}", rule.code);
    }
}

fn constant(code: &str) -> String {
    let name = match code.trim_start_matches("lint/") {
        "ignored-field" => "warned",
        "no-selector-no-endpoints" => "no-selector",
        other => other,
    };
    name.to_uppercase().replace('-', "_")
}
