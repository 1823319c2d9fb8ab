//! Edits of objects that the cluster has already: what is refused stays as it was.
use super::*;
use crate::cluster::Service;
use crate::diagnostic::Severity;

const WEB: &str = "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec:\n  selector: {app: web}\n  ports: [{port: 80}]\n";
const POD: &str = "apiVersion: v1\nkind: Pod\nmetadata: {name: web, labels: {app: web}}\nspec:\n  containers:\n  - name: web\n    image: nginx\n    ports: [{containerPort: 80}]\n";

fn open(text: &str) -> Session {
    let session = Session::open(text, None, 7);
    assert_eq!(told(&session), []);
    session
}

fn both() -> String {
    format!("{WEB}---\n{POD}")
}

fn edit(session: Session, text: &str) -> Session {
    session.reduce(Action::Edit(text.into()))
}

fn service(session: &Session) -> &Service {
    session.network().cluster().service("default", "web").expect("it is there")
}

/// Code, message and what is underlined, of all that is worse than a remark.
fn told(session: &Session) -> Vec<(&'static str, String, String)> {
    let under = |p: &Diagnostic| session.text[p.span.start as usize..p.span.end as usize].to_owned();
    let bad = session.problems.iter().filter(|p| p.severity < Severity::Info);
    bad.map(|p| (p.code, p.message.clone(), under(p))).collect()
}

#[test]
fn an_address_that_is_typed_into_a_service_is_refused_and_the_service_stays() {
    let session = open(&both());
    let before = service(&session).clone();
    let mut session = session;
    let typed = "  clusterIP: 10.96.0.12\n";
    for end in 3..=typed.len() {
        session = edit(session, &format!("{WEB}{}\n---\n{POD}", &typed[..end]));
        assert_eq!(*service(&session), before, "{}", &typed[..end]);
    }
    let ip = "spec.clusterIPs[0]: Invalid value: [\"10.96.0.12\"]: may not change once set";
    assert_eq!(told(&session), [("validation/immutable", ip.to_owned(), "10.96.0.12".to_owned())]);
    assert_eq!(*session.stale, std::slice::from_ref(&before.id));
    assert!(session.locate(&FieldRef::new(&before.id, "spec.clusterIP")).is_none());
    let problem = &session.problems[0];
    assert!(problem.hint.contains("stays as it was"), "{}", problem.hint);
    assert!(problem.fixes[0].recreates());
    // Taken back, all is well.
    let undone = edit(session.clone(), &both());
    assert!(undone.problems.is_empty() && undone.stale.is_empty());
    assert_eq!(*service(&undone), before);
    // Made anew, it is what the text says.
    let anew = session.reduce(Action::Recreate(before.id.clone()));
    assert!(anew.problems.is_empty() && anew.stale.is_empty(), "{:#?}", anew.problems);
    assert_eq!(service(&anew).cluster_ips[0].to_string(), "10.96.0.12");
}

#[test]
fn a_service_that_is_being_written_is_compared_with_nothing() {
    let mut session = open(POD);
    let written = WEB.replace("  ports", "  clusterIP: None\n  ports");
    let whole = format!("{POD}---\n{written}");
    for end in POD.len()..=whole.len() {
        session = edit(session, &whole[..end]);
        assert!(!session.problems.iter().any(|p| p.code == "validation/immutable"), "{}", &whole[..end]);
    }
    // Lines may come in any order, as long as the person stays with it.
    session = edit(session, &whole.replace("  clusterIP: None\n", ""));
    session = edit(session, &whole);
    assert!(session.problems.is_empty(), "{:#?}", session.problems);
    assert!(service(&session).is_headless());
    // From something else on it is there.
    session = edit(session, &whole.replacen("app: web", "app: wob", 1));
    let with_address = whole.replacen("app: web", "app: wob", 1).replace("  clusterIP: None\n", "");
    session = edit(session, &with_address);
    assert!(service(&session).is_headless(), "what the text leaves out stays");
    session = edit(session, &with_address.replace("\n  ports", "\n  clusterIP: 10.96.0.7\n  ports"));
    assert_eq!(told(&session)[0].0, "validation/immutable");
    assert!(service(&session).is_headless());
}

#[test]
fn a_refused_value_leaves_the_latest_good_one() {
    let session = open(&both());
    let session = edit(session, &both().replace("port: 80}]\n---", "port: 81}]\n---"));
    assert_eq!(service(&session).ports[0].port, 81);
    let session = edit(session, &both().replace("port: 80}]\n---", "port: 81000}]\n---"));
    assert_eq!(service(&session).ports[0].port, 81);
    assert_eq!(session.stale.len(), 1);
    assert!(session.problems.iter().all(|p| p.hint.contains("stays as it was")), "{:#?}", session.problems);
    let session = edit(session, &both().replace("port: 80}]\n---", "port: 810}]\n---"));
    assert_eq!(service(&session).ports[0].port, 810);
    assert!(session.stale.is_empty());
}

#[test]
fn a_class_can_be_typed_letter_by_letter_and_not_changed_later() {
    let lb = both().replace("spec:\n  selector", "spec:\n  type: LoadBalancer\n  selector");
    let with = |class: &str| lb.replacen("  ports", &format!("  loadBalancerClass: {class}\n  ports"), 1);
    let mut session = open(&both());
    for class in ["a", "a.b", "a.b/c"] {
        session = edit(session, &with(class));
        assert!(session.stale.is_empty(), "{class}: {:#?}", session.problems);
    }
    assert_eq!(service(&session).stored.spec.load_balancer_class.as_deref(), Some("a.b/c"));
    let touched = with("a.b/c").replace("image: nginx", "image: httpd");
    session = edit(session, &touched);
    session = edit(session, &touched.replace("a.b/c", "a.b/d"));
    let message = "spec.loadBalancerClass: Invalid value: \"a.b/d\": may not change once set";
    assert_eq!(told(&session), [("validation/immutable", message.to_owned(), "a.b/d".to_owned())]);
}

#[test]
fn what_a_change_of_type_drops_is_said_and_stays_dropped() {
    let node_port = both()
        .replace("spec:\n  selector", "spec:\n  type: NodePort\n  externalTrafficPolicy: Local\n  selector")
        .replace("{port: 80}", "{port: 80, nodePort: 30080}");
    let session = open(&node_port);
    let plain = node_port.replace("type: NodePort", "type: ClusterIP");
    let mut session = edit(session, &plain);
    for _ in 0..2 {
        assert!(session.stale.is_empty(), "{:#?}", session.problems);
        let infos = session.problems.iter().map(|p| (p.code, p.path.to_string()));
        let infos: Vec<_> = infos.filter(|(code, _)| code.starts_with("admission/")).collect();
        let cleared = |path: &str| ("admission/cleared", path.to_owned());
        assert_eq!(infos, [cleared("spec.externalTrafficPolicy"), cleared("spec.ports[0].nodePort")]);
        assert_eq!(service(&session).ports[0].node_port, None);
        assert_eq!(service(&session).stored.spec.external_traffic_policy, None);
        // Something else is edited: the Service is not sent again.
        session = edit(session, &plain.replace("image: nginx", "image: httpd"));
    }
    // Now it is sent again, and the API server sees a node port that the Service never had.
    session = edit(session, &plain.replace("port: 80,", "port: 81,").replace("image: nginx", "image: httpd"));
    let forbidden = "spec.ports[0].nodePort: Forbidden: may not be used when `type` is 'ClusterIP'";
    assert!(told(&session).iter().any(|(_, message, _)| message == forbidden), "{:#?}", told(&session));
    assert_eq!(service(&session).ports[0].port, 80);
}

#[test]
fn a_pods_ports_do_not_change_and_its_labels_and_image_do() {
    let session = open(&both());
    let session = edit(session, &both().replace("containerPort: 80", "containerPort: 8080"));
    let [(code, message, under)] = &told(&session)[..] else { panic!("{:#?}", told(&session)) };
    assert_eq!((*code, &**under), ("validation/immutable", "8080"));
    assert!(message.starts_with("spec: Forbidden: pod updates may not change fields other than `spec.cont"));
    let session = edit(
        session,
        &both().replace("image: nginx", "image: httpd").replace("{app: web}}\nspec", "{app: api}}\nspec"),
    );
    assert!(session.stale.is_empty());
    let pod = session.network().cluster().pod("default", "web").expect("there").clone();
    assert_eq!(&*pod.labels[0].1, "api");
    let defaults = both()
        .replace("containerPort: 80", "containerPort: 80, protocol: TCP")
        .replace("spec:\n  cont", "spec:\n  restartPolicy: Always\n  cont");
    let session = edit(session, &defaults);
    assert!(session.stale.is_empty(), "a default that is written down is no change: {:#?}", session.problems);
}

#[test]
fn selectors_of_workloads_do_not_change() {
    let workload = |kind: &str, app: &str, rest: &str| {
        format!(
            "apiVersion: apps/v1\nkind: {kind}\nmetadata: {{name: web}}\nspec:\n  {rest}\n  selector: {{matchLabels: {{app: {app}}}}}\n  template:\n    metadata: {{labels: {{app: {app}}}}}\n    spec: {{containers: [{{name: web, image: nginx}}]}}\n"
        )
    };
    for kind in ["Deployment", "ReplicaSet", "DaemonSet"] {
        let session = edit(
            open(&workload(kind, "web", "minReadySeconds: 1")),
            &workload(kind, "api", "minReadySeconds: 1"),
        );
        let message = "spec.selector: Invalid value: {\"matchLabels\":{\"app\":\"api\"}}: field is immutable";
        assert_eq!(
            told(&session),
            [("validation/immutable", message.to_owned(), "api".to_owned())],
            "{kind}"
        );
        assert!(session.network().cluster().pods.iter().all(|pod| &*pod.labels[0].1 == "web"));
        let anew = session.reduce(Action::Recreate(ObjectRef::new(kind, "default", "web")));
        assert!(anew.stale.is_empty());
        assert!(anew.network().cluster().pods.iter().all(|pod| &*pod.labels[0].1 == "api"));
    }
    let session = open(&workload("StatefulSet", "web", "serviceName: a"));
    let session = edit(session, &workload("StatefulSet", "web", "serviceName: b"));
    let told = told(&session);
    assert!(
        told[0]
            .1
            .starts_with("spec: Forbidden: updates to statefulset spec for fields other than 'replicas'")
    );
    assert_eq!(told[0].2, "b");
    let session = edit(
        session,
        &workload("StatefulSet", "web", "{serviceName: a, replicas: 2}")
            .replace("  {serviceName: a, replicas: 2}", "  serviceName: a\n  replicas: 2"),
    );
    assert!(session.stale.is_empty(), "{:#?}", session.problems);
}

#[test]
fn nobody_takes_what_another_service_has() {
    let session = open(&both());
    let ip = service(&session).cluster_ips[0];
    let other =
        WEB.replace("name: web", "name: api").replace("spec:\n", &format!("spec:\n  clusterIP: {ip}\n"));
    let session = edit(session, &format!("{other}---\n{}", both()));
    assert_eq!(service(&session).cluster_ips[0], ip);
    let message = format!(
        "spec.clusterIPs: Invalid value: [\"{ip}\"]: failed to allocate IP {ip}: provided IP is already allocated"
    );
    assert_eq!(told(&session), [("validation/invalid", message, ip.to_string())]);
    assert!(session.network().cluster().service("default", "api").is_none());
}

#[test]
fn a_node_port_moves_only_where_nobody_is() {
    let door = |name: &str, number: u32| {
        WEB.replace("{name: web}", &format!("{{name: {name}}}"))
            .replace("spec:\n", "spec:\n  type: NodePort\n")
            .replace("{port: 80}", &format!("{{port: 80, nodePort: {number}}}"))
    };
    let text = |a: u32, b: u32| format!("{}---\n{}---\n{POD}", door("web", a), door("api", b));
    let session = edit(open(&text(30080, 30081)), &text(30081, 30081));
    assert_eq!(service(&session).ports[0].node_port, Some(30080), "it stays where it was");
    assert_eq!(*session.stale, [ObjectRef::new("Service", "default", "web")]);
    assert_eq!(
        told(&session)[0].1,
        "spec.ports[0].nodePort: Invalid value: 30081: provided port is already allocated"
    );
    let session = edit(session, &text(30082, 30081));
    assert_eq!(service(&session).ports[0].node_port, Some(30082));
    let session = edit(session, &text(30082, 30080));
    assert!(session.stale.is_empty(), "given back: {:#?}", session.problems);
}

#[test]
fn what_the_server_chose_outlives_the_line_that_asked_for_it() {
    let text = both().replace("spec:\n  selector", "spec:\n  clusterIP: 10.96.9.9\n  selector");
    let session = edit(open(&text), &both());
    assert_eq!(service(&session).cluster_ips[0].to_string(), "10.96.9.9");
    // By name, also when the number changes.
    let door = both().replace("spec:\n  selector", "spec:\n  type: NodePort\n  selector");
    let session = open(&door);
    let number = service(&session).ports[0].node_port;
    let session = edit(session, &door.replace("{port: 80}", "{port: 8080}"));
    assert_eq!(service(&session).ports[0].node_port, number);
}

#[test]
fn another_text_is_another_cluster() {
    let session = open(&both());
    let text = both().replace("spec:\n  selector", "spec:\n  clusterIP: 10.96.9.9\n  selector");
    let session = session.reduce(Action::Open { text: text.as_str().into(), example: None });
    assert!(session.problems.is_empty());
    assert_eq!(service(&session).cluster_ips[0].to_string(), "10.96.9.9");
}

#[test]
fn a_broken_document_that_was_refused_before_is_refused_still() {
    let with_ip = both().replace("spec:\n  selector", "spec:\n  clusterIP: 10.96.9.9\n  selector");
    let session = open(&both());
    let ip = service(&session).cluster_ips[0];
    let session = edit(session, &with_ip);
    let session = edit(session, &with_ip.replacen("{app: web}", "{app: web", 1));
    assert_eq!(service(&session).cluster_ips[0], ip);
    assert!(session.stale.contains(&ObjectRef::new("Service", "default", "web")));
}

#[test]
fn a_text_pasted_over_another_is_made_anew() {
    let session = open(&both());
    let other = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\n  labels:\n    app: web\n    tier: front\nspec:\n  containers:\n  - name: other\n    image: httpd\n    ports:\n    - containerPort: 8080\n---\napiVersion: v1\nkind: Service\nmetadata:\n  name: web\nspec:\n  clusterIP: None\n  selector:\n    app: web\n  ports:\n  - port: 8080\n";
    let session = edit(session, other);
    assert_eq!(told(&session), []);
    assert!(session.stale.is_empty() && service(&session).is_headless());
    // From here on it is there like any other.
    let session = edit(session, &other.replace("containerPort: 8080", "containerPort: 8081"));
    assert_eq!(told(&session)[0].0, "validation/immutable");
}

#[test]
fn a_session_of_updates_replays_exactly() {
    let with_ip = both().replace("spec:\n  selector", "spec:\n  clusterIP: 10.96.9.9\n  selector");
    let node_port = both().replace("spec:\n  selector", "spec:\n  type: NodePort\n  selector");
    let actions = [
        Action::Edit(with_ip.as_str().into()),
        Action::Tick { elapsed_ms: 900.0 },
        Action::Edit(node_port.as_str().into()),
        Action::Tick { elapsed_ms: 1_000.0 },
        Action::Edit(with_ip.as_str().into()),
        Action::Recreate(ObjectRef::new("Service", "default", "web")),
        Action::Tick { elapsed_ms: 1_000.0 },
        Action::DeletePod(ObjectRef::new("Pod", "default", "web")),
        Action::Seek(1_000),
        Action::Edit(node_port.replace("containerPort: 80", "containerPort: 81").into()),
        Action::Tick { elapsed_ms: 1_000.0 },
    ];
    let (mut one, mut other) = (open(&both()), open(&both()));
    for action in actions {
        one = one.reduce(action.clone());
        // Looking in between changes nothing.
        let now = other.shown_ms;
        other = other.reduce(Action::Seek(now / 2)).reduce(Action::Seek(now)).reduce(action);
        assert_eq!(one.network().cluster(), other.network().cluster());
        assert_eq!((&one.problems, &one.stale), (&other.problems, &other.stale));
    }
    // Looked back beyond the recreation, and edited there: it is as it was then.
    assert_eq!(*one.stale, [ObjectRef::new("Pod", "default", "web")]);
    assert_ne!(service(&one).cluster_ips[0].to_string(), "10.96.9.9");
}

#[test]
fn the_same_text_again_changes_nothing_where_one_name_stands_twice() {
    // What is refused the first time is no update of the other one the second time.
    let broken = POD.replace("name: web\n    image: nginx", "image: nginx");
    let other = POD.replace("80", "81");
    for text in [
        format!("{broken}---\n{POD}"),
        format!("{POD}---\n{broken}"),
        format!("{broken}---\n{POD}---\n{broken}"),
        format!("{POD}---\n{other}"),
        format!("{broken}---\n{POD}---\n{other}"),
    ] {
        let first = Session::open(&text, None, 7);
        let codes = |session: &Session| session.problems.iter().map(|p| p.code).collect::<Vec<_>>();
        if text.contains(&broken) {
            assert_eq!(codes(&first)[0], "validation/required");
        }
        assert!(!codes(&first).contains(&"validation/immutable"));
        assert_eq!(first.network().cluster().pods.len(), 1);
        let again = edit(first.clone(), &format!("{text}# a remark\n"));
        assert_eq!(codes(&again), codes(&first));
        assert!(again.stale.is_empty());
        assert_eq!(again.network().cluster().pods, first.network().cluster().pods);
    }
}

#[test]
fn a_first_object_that_is_refused_is_no_change_of_type_of_the_second() {
    // As an update of the second it would pass: the policy goes with the type.
    let of = |spec: &str| {
        format!(
            "apiVersion: v1\nkind: Service\nmetadata: {{name: web}}\nspec: {{{spec}, ports: [{{port: 80}}]}}\n"
        )
    };
    let text = format!(
        "{}---\n{}",
        of("externalTrafficPolicy: Local"),
        of("type: LoadBalancer, externalTrafficPolicy: Local")
    );
    let first = Session::open(&text, None, 7);
    assert_eq!(service(&first).service_type(), crate::cluster::ServiceType::LoadBalancer);
    let again = edit(first.clone(), &format!("{text}# a remark\n"));
    assert_eq!(service(&again), service(&first));
    assert_eq!(told(&again), told(&first));
}

#[test]
fn very_many_changes_at_once_hide_no_second_object_of_one_name() {
    let broken = POD.replace("name: web\n    image: nginx", "image: nginx");
    let many: String = (0..150)
        .map(|n| format!("{}---\n", POD.replace("metadata: {name: web", &format!("metadata: {{name: p{n}"))))
        .collect();
    let text = format!("{many}{broken}---\n{POD}");
    let first = Session::open(&text, None, 7);
    let web = |session: &Session| session.network().cluster().pod("default", "web").cloned();
    assert!(web(&first).is_some());
    let again = edit(first.clone(), &text.replacen("image: nginx", "image: httpd", 150));
    assert!(again.stale.is_empty(), "{:?}", again.stale);
    assert!(!again.problems.iter().any(|p| p.code == "validation/immutable"));
    assert_eq!(web(&again), web(&first));
}

#[test]
fn a_class_beside_the_annotation_is_refused_in_a_new_ingress_alone() {
    let ingress = |annotation: &str| {
        format!(
            "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {{name: front{annotation}}}\nspec: {{ingressClassName: nginx, \
             defaultBackend: {{service: {{name: web, port: {{number: 80}}}}}}}}\n"
        )
    };
    let both = ingress(", annotations: {kubernetes.io/ingress.class: other}");
    assert!(!Session::open(&both, None, 3).network().cluster().problems.is_empty());
    let before = Session::open(&ingress(""), None, 3);
    let after = before.reduce(Action::Edit(both.as_str().into()));
    assert!(after.network().cluster().problems.is_empty(), "{:?}", after.network().cluster().problems);
    assert_eq!(after.network().cluster().ingresses[0].metadata.annotations.len(), 1);
}

#[test]
fn ports_of_one_number_share_a_node_port_only_in_a_new_service() {
    let dns = |type_: &str| {
        format!(
            "apiVersion: v1\nkind: Service\nmetadata: {{name: web}}\nspec: {{type: {type_}, selector: {{app: web}}, ports: \
             [{{name: u, port: 53, protocol: UDP}}, {{name: t, port: 53}}]}}\n"
        )
    };
    let node_ports =
        |session: &Session| service(session).ports.iter().map(|p| p.node_port).collect::<Vec<_>>();
    let new = Session::open(&dns("NodePort"), None, 7);
    assert_eq!(node_ports(&new)[0], node_ports(&new)[1]);
    let changed = edit(Session::open(&dns("ClusterIP"), None, 7), &dns("NodePort"));
    let ports = node_ports(&changed);
    assert!(ports[0].is_some() && ports[1].is_some() && ports[0] != ports[1], "{ports:?}");
    assert_eq!(node_ports(&edit(changed, &format!("{}# a remark\n", dns("NodePort")))), ports);
    let clash =
        dns("NodePort").replace("port: 53, protocol: UDP", "port: 53, protocol: UDP, nodePort: 30053");
    let clash = clash.replace("port: 53}", "port: 54, nodePort: 30053}");
    let problems = Session::open(&clash, None, 7).network().cluster().problems.clone();
    assert_eq!(
        problems[0].message,
        "spec.ports[1].nodePort: Invalid value: 30053: provided port is already allocated"
    );
    // A live one was admitted by its own cluster, perhaps as an update.
    let live = clash.replace("{name: web}", "{name: web, creationTimestamp: '2026-01-01T00:00:00Z'}");
    let live = Session::open(&live, None, 7);
    assert_eq!(node_ports(&live), [Some(30_053), Some(30_053)]);
}
