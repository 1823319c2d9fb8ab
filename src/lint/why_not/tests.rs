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
