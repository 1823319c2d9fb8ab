//! Tables, row by row.

use super::*;
use crate::cluster::PodFates;
use crate::manifest::{Manifest, parse};
use crate::words::lints as words;

fn cluster(text: &str) -> Cluster {
    let manifest = parse(text, &Manifest::default());
    Cluster::next(&Cluster::default(), &manifest, &PodFates::default())
}

const SHOP: &str = "
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec:
  selector: {app: web, tier: front}
  ports:
  - {name: http, port: 80, targetPort: http}
  - {name: admin, port: 81, targetPort: 9000}
---
apiVersion: v1
kind: Pod
metadata: {name: good, namespace: shop, labels: {app: web, tier: front}}
spec: {containers: [{name: a, image: a, ports: [{name: http, containerPort: 8080}, {containerPort: 9000}]}]}
---
apiVersion: v1
kind: Pod
metadata: {name: other, namespace: shop, labels: {app: api}}
spec: {containers: [{name: a, image: a}]}
---
apiVersion: v1
kind: Pod
metadata: {name: away, labels: {app: web, tier: front}}
spec: {containers: [{name: a, image: a, ports: [{name: http, containerPort: 8080}]}]}
---
apiVersion: v1
kind: Pod
metadata: {name: portless, namespace: shop, labels: {app: web, tier: front}}
spec: {containers: [{name: a, image: a, ports: [{containerPort: 8080}]}]}
---
apiVersion: v1
kind: Pod
metadata: {name: sick, namespace: shop, labels: {app: web, tier: front}}
spec: {containers: [{name: a, image: a, ports: [{name: http, containerPort: 8080}]}]}
status: {phase: Running, podIP: 10.244.7.7, conditions: [{type: Ready, status: 'False'}]}
";

fn rows(pod: &str, namespace: &str) -> Vec<String> {
    let cluster = cluster(SHOP);
    let service = cluster.service("shop", "web").expect("the Service");
    let pod = cluster.pod(namespace, pod).expect("the pod");
    service_pod(&cluster, service, pod).iter().filter(|row| !row.holds).map(words::why_not).collect()
}

#[test]
fn a_pod_and_a_service_label_by_label() {
    assert!(rows("good", "shop").is_empty());
    assert_eq!(rows("other", "shop")[..2], ["app is “api”, not “web”", "has no label tier (wanted “front”)"]);
    assert_eq!(rows("away", "default")[0], "is in namespace default, not shop");
    assert_eq!(
        rows("portless", "shop"),
        [
            "no container has a port “http”, which port http leads to",
            "port admin leads to 9000; the containers list 8080",
        ]
    );
    assert_eq!(rows("sick", "shop")[0], "is not ready");
}

#[test]
fn rows_cite_both_sides() {
    let cluster = cluster(SHOP);
    let service = cluster.service("shop", "web").expect("the Service");
    let pod = cluster.pod("shop", "other").expect("the pod");
    let table = service_pod(&cluster, service, pod);
    let row = table.iter().find(|row| row.ask == Ask::Label("app".into())).expect("the row");
    let fields: Vec<String> = row.fields.iter().map(|f| format!("{}:{}", f.object.kind, f.path)).collect();
    assert_eq!(fields, ["Service:spec.selector[app]", "Pod:metadata.labels[app]"]);
    assert_eq!((&*row.wanted, row.found.as_deref()), ("web", Some("api")));
}

#[test]
fn standings_tell_the_first_reason() {
    let cluster = cluster(SHOP);
    let service = cluster.service("shop", "web").expect("the Service");
    let all: Vec<_> = service_pods(&cluster, service)
        .into_iter()
        .map(|s| (s.pod.name.to_string(), s.selected, s.listed, s.ready, s.first.map(|row| row.ask)))
        .collect();
    let of = |name: &str| all.iter().find(|row| row.0 == name).expect("the pod").clone();
    assert_eq!(of("good"), ("good".into(), true, true, true, None));
    assert_eq!(of("other"), ("other".into(), false, false, false, Some(Ask::Label("app".into()))));
    assert_eq!(of("away"), ("away".into(), false, false, false, Some(Ask::SameNamespace)));
    assert_eq!(of("sick"), ("sick".into(), true, true, false, Some(Ask::Ready)));
    assert_eq!(of("portless"), ("portless".into(), true, true, true, Some(Ask::TargetPort("http".into()))));
}

const FRONT: &str = "
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: front}
spec:
  defaultBackend: {service: {name: rest, port: {number: 80}}}
  rules:
  - host: shop.example.com
    http:
      paths:
      - {path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}
      - {path: /api, pathType: Prefix, backend: {service: {name: api, port: {name: http}}}}
      - {path: /api, pathType: Exact, backend: {service: {name: exact, port: {number: 80}}}}
  - host: docs.example.com
    http:
      paths:
      - {path: /, pathType: Prefix, backend: {service: {name: docs, port: {number: 80}}}}
  - http:
      paths:
      - {path: /, pathType: Prefix, backend: {service: {name: any, port: {number: 80}}}}
";

fn verdicts(host: &str, path: &str) -> Vec<(String, String)> {
    let cluster = cluster(FRONT);
    ingress_request(&cluster, host, path)
        .into_iter()
        .map(|row| (row.backend, words::verdict(&row.verdict)))
        .collect()
}

#[test]
fn a_request_and_every_rule() {
    let of = |backend: &str, rows: &[(String, String)]| {
        rows.iter().find(|row| row.0 == backend).expect("the row").1.clone()
    };
    let rows = verdicts("shop.example.com", "/api/v1");
    assert_eq!(of("api:http", &rows), "takes the request");
    assert_eq!(of("web:80", &rows), "matches; front spec.rules[0].http.paths[1].path is more exact or older");
    assert_eq!(of("exact:80", &rows), "its path does not match");
    assert_eq!(of("docs:80", &rows), "is for another host");
    assert_eq!(of("rest:80", &rows), "for what no rule takes");
    assert_eq!(of("exact:80", &verdicts("shop.example.com", "/api")), "takes the request");
    assert_eq!(of("web:80", &verdicts("shop.example.com", "/apis")), "takes the request");
    assert_eq!(of("any:80", &verdicts("elsewhere.example.com", "/")), "takes the request");
    for rows in [verdicts("", ""), verdicts("*", "?"), verdicts("ä.example.com:80", "//%2f")] {
        assert!(rows.iter().filter(|row| row.1 == "takes the request").count() <= 1);
    }
}

#[test]
fn a_name_question_by_question() {
    let cluster = cluster(SHOP);
    let table = dns_name(&cluster, "default", "web.shop", &());
    let asked: Vec<_> = table.questions.iter().map(|q| (&*q.name, words::answered(&q.answer))).collect();
    assert_eq!(asked[0], ("web.shop.default.svc.cluster.local.", "no such name".to_owned()));
    assert_eq!(asked[1].0, "web.shop.svc.cluster.local.");
    assert!(matches!(table.questions[1].answer, Answered::Found { .. }));
    assert_eq!(table.questions[2].answer, Answered::NotAsked);
    assert!(table.nearby.is_empty());

    let near = |namespace: &str, name: &str| -> Vec<String> {
        dns_name(&cluster, namespace, name, &()).nearby.into_iter().map(|n| n.name).collect()
    };
    assert_eq!(near("default", "web"), ["web.shop"], "the same name elsewhere");
    assert_eq!(near("shop", "wbe"), ["web"]);
    assert_eq!(near("default", "wbe.shop.svc.cluster.local"), ["web.shop"]);
    assert_eq!(near("shop", "..."), Vec::<String>::new());
}

/// Condition, whether it holds, what was wanted and found.
fn checks(text: &str, host: &str, path: &str, backend: &str) -> Vec<(&'static str, bool, String, String)> {
    let rows = ingress_request(&cluster(text), host, path);
    let row = rows.iter().find(|row| row.backend == backend).expect("the row");
    let check = |check: &RuleCheck| {
        (words::rule_ask(check.ask), check.holds, words::rule_wanted(check), words::rule_found(check))
    };
    row.checks.iter().map(check).collect()
}

#[test]
fn a_rule_condition_by_condition() {
    let text = |found: (&str, bool, &str, &str)| {
        (found.0.to_owned(), found.1, found.2.to_owned(), found.3.to_owned())
    };
    let of = |host: &str, path: &str, backend: &str| -> Vec<_> {
        let all = checks(FRONT, host, path, backend);
        all.into_iter().map(|(ask, holds, wanted, found)| (ask.to_owned(), holds, wanted, found)).collect()
    };
    let other_host = of("shop.example.com", "/", "docs:80");
    assert_eq!(other_host.len(), 2, "what comes after is not asked: {other_host:#?}");
    assert_eq!(other_host[1], text(("host", false, "docs.example.com", "shop.example.com")));
    let other_path = of("shop.example.com", "/api/v1", "exact:80");
    assert_eq!(other_path[2], text(("path", false, "Exact /api", "/api/v1")));
    let beaten = of("shop.example.com", "/api/v1", "web:80");
    assert_eq!(
        beaten[3],
        text(("comes first", false, "no better match", "front spec.rules[0].http.paths[1].path"))
    );
    let takes = of("shop.example.com", "/api/v1", "api:http");
    assert!(takes[..4].iter().all(|check| check.1));
    assert_eq!(takes[4..], [text(("its Service exists", false, "api in default", "none"))]);

    let service = |namespace: &str, port: &str| {
        format!(
            "{FRONT}---\napiVersion: v1\nkind: Service\nmetadata: {{name: api, namespace: {namespace}}}\nspec: {{selector: {{app: api}}, ports: [{port}]}}\n"
        )
    };
    let last = |text: &str| checks(text, "shop.example.com", "/api/v1", "api:http").pop().expect("a check");
    let found = last(&service("other", "{port: 80, name: http}"));
    assert_eq!((found.0, found.1, &*found.3), ("its Service exists", false, "api in other"));
    let found = last(&service("default", "{port: 80, name: web}"));
    assert_eq!(
        (found.0, found.1, &*found.2, &*found.3),
        ("the Service has the port", false, "http", "80 (web)")
    );
    let found = last(&service("default", "{port: 80, name: http}"));
    assert_eq!((found.0, found.1, &*found.3), ("an endpoint is ready", false, "0 of 0"));
    let pod = "---\napiVersion: v1\nkind: Pod\nmetadata: {name: api, labels: {app: api}}\nspec: {containers: [{name: a, image: a}]}\n";
    let found = last(&format!("{}{pod}", service("default", "{port: 80, name: http}")));
    assert_eq!((found.0, found.1, &*found.3), ("an endpoint is ready", true, "1 of 1"));
}

#[test]
fn a_name_says_what_is_not_there() {
    let text = format!(
        "{SHOP}---\napiVersion: v1\nkind: Service\nmetadata: {{name: none}}\nspec: {{clusterIP: None, selector: {{app: none}}, ports: [{{port: 80}}]}}\n"
    );
    let cluster = cluster(&text);
    let said = |name: &str| -> Vec<String> {
        dns_name(&cluster, "default", name, &()).questions.iter().map(words::tried).collect()
    };
    assert_eq!(said("web.shp")[1], "there is no namespace shp");
    assert_eq!(said("wbe.shop")[1], "there is no Service wbe in namespace shop");
    assert!(said("wbe.shop")[3].starts_with("passed on to public DNS"));
    assert_eq!(said("none")[0], "Service none is headless, and none of its pods is ready");
    assert_eq!(said("web-0.none")[1], "there is no namespace none");
    let found = dns_name(&cluster, "shop", "web", &());
    let fields: Vec<_> = found.questions[0].fields.iter().map(|f| f.path.to_string()).collect();
    assert_eq!(fields, ["metadata.name"]);
}

#[test]
fn problems_lead_to_their_table() {
    let ask = |text: &str, code: &str| {
        let (cluster, problems) = crate::lint::problems::of(text);
        let problem = problems.iter().find(|p| p.code == code).unwrap_or_else(|| panic!("{problems:#?}"));
        Question::of_problem(problem, &cluster)
    };
    let service = |name: &str| Some(ObjectRef::new("Service", "shop", name));
    let typo = SHOP.replace("{app: web, tier: front}\n  ports", "{app: wob, tier: front}\n  ports");
    let Some(Question::Pod { service: asked, pod: Some(pod) }) = ask(&typo, "lint/selector-matches-nothing")
    else {
        panic!("a pod is involved")
    };
    assert_eq!((asked, &*pod.namespace), (service("web"), "shop"));
    let Some(Question::Request { host, path }) = ask(FRONT, "lint/ingress-service-missing") else { panic!() };
    assert_eq!((&*host, &*path), ("any.example.com", "/"), "the first one is the default backend");
    let twice = FRONT.replace("path: /api, pathType: Exact", "path: /api, pathType: Prefix");
    let Some(Question::Request { host, path }) = ask(&twice, "lint/ingress-duplicate-path") else { panic!() };
    assert_eq!((&*host, &*path), ("shop.example.com", "/api"));
    let set = "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: db}\nspec:\n  serviceName: db\n  selector: {matchLabels: {app: db}}\n  template:\n    metadata: {labels: {app: db}}\n    spec: {containers: [{name: db, image: x}]}\n";
    let name = Question::Name { namespace: "default".into(), name: "db-0.db".into() };
    assert_eq!(ask(set, "lint/statefulset-service"), Some(name));
}

#[test]
fn what_a_question_leaves_open_is_the_nearest_miss() {
    let cluster = cluster(SHOP);
    let web = ObjectRef::new("Service", "shop", "web");
    let (service, pod) = Question::pair(&cluster, Some(&web), None).expect("a pair");
    assert_eq!((&service.id, &*pod.id.name), (&web, "portless"), "it fails one condition");
    let other = ObjectRef::new("Pod", "shop", "other");
    assert_eq!(Question::pair(&cluster, None, Some(&other)).map(|(s, _)| s.id.clone()), Some(web));
    assert!(Question::pair(&Cluster::default(), None, None).is_none());
}

#[test]
fn failed_legs_lead_to_their_table() {
    use crate::cluster::Protocol;
    use crate::routing::{Destination, Network, Request, Source};
    let text = format!("{SHOP}---\n{FRONT}");
    let network = Network::new(Rc::new(cluster(&text)));
    let ask = |to: &str, path: &str, outside: bool| {
        let from = match outside {
            true => Source::Internet { ip: [203, 0, 113, 9].into() },
            false => Source::Pod { namespace: "shop".into(), name: "good".into() },
        };
        let to = Destination::Name(to.into());
        let request = Request { from, to, port: 80, protocol: Protocol::Tcp, host: None, path: path.into() };
        let (trace, _) = network.route(&request, &crate::proxy::Tables::default(), 1, 1);
        let failed = trace.hops.last().expect("a hop");
        Question::of_hop(&trace, failed)
    };
    let name = |name: &str| Some(Question::Name { namespace: "shop".into(), name: name.into() });
    assert_eq!(ask("wbe", "/", false), name("wbe"));
    assert_eq!(ask("web.red", "/", false), name("web.red"));
    assert_eq!(ask("wbe", "/", true), None, "names of Services mean nothing outside");
    let request = Question::Request { host: "docs.example.com".into(), path: "/a".into() };
    assert_eq!(ask("docs.example.com", "/a", true), Some(request), "its Service is missing");
}

#[test]
fn the_quick_answer_is_that_of_the_table() {
    let examples = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../../static/examples")).unwrap();
    let examples = examples.map(|example| std::fs::read_to_string(example.unwrap().path()).unwrap());
    let (mut yes, mut no) = (0, 0);
    for text in examples.chain([SHOP.to_owned()]) {
        let cluster = cluster(&text);
        for (service, pod) in cluster.services.iter().flat_map(|s| cluster.pods.iter().map(move |p| (s, p))) {
            let ready = standing(&cluster, service, pod).ready;
            assert_eq!(takes_connections(service, pod), ready, "{:?} {:?}", service.id, pod.id);
            *if ready { &mut yes } else { &mut no } += 1;
        }
    }
    assert!(yes > 20 && no > 20, "{yes} {no}");
}
