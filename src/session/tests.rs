//! Sessions as a person would have them, without a page.
use super::*;

fn open(text: &str) -> Session {
    Session::open(text, None, 7)
}

fn run(mut session: Session, ms: u32) -> Session {
    for _ in 0..ms / 20 {
        session = session.reduce(Action::Tick { elapsed_ms: 20.0 });
    }
    session
}

#[test]
fn an_empty_text_is_a_session_too() {
    let session = run(open(""), 5_000);
    assert!(session.followed().is_none());
    let session = session.reduce(Action::StepForward).reduce(Action::StepBack).reduce(Action::Seek(0));
    assert_eq!(session.shown_ms, 0);
    assert!(!session.playing);
}

#[test]
fn ticks_that_are_not_numbers_do_not_count() {
    let session = open("").reduce(Action::Tick { elapsed_ms: f64::NAN });
    assert_eq!(session.shown_ms, 0);
    let session = session.reduce(Action::Tick { elapsed_ms: -5.0 }).reduce(Action::Tick { elapsed_ms: 1e9 });
    assert_eq!(session.shown_ms, 1_000);
}

fn example(id: &str) -> Session {
    let example = examples::by_id(id).expect("an example");
    Session::open(example.text, Some(id.into()), 7)
}

fn pods(session: &Session, workload: &str) -> Vec<String> {
    let cluster = session.network().cluster();
    let of = |name: &str| name.starts_with(&format!("{workload}-"));
    cluster.pods.iter().filter(|p| of(&p.id.name)).map(|p| p.id.name.to_string()).collect()
}

#[test]
fn traffic_runs_by_itself_and_one_request_is_in_the_lead() {
    let session = run(example("stable-name"), 10_000);
    assert!(session.courses().len() >= 3, "{} requests", session.courses().len());
    let leads: Vec<_> = session.courses().iter().filter(|c| c.leads).collect();
    assert!(leads.windows(2).all(|pair| pair[0].ended_ms() <= pair[1].flight.departed_ms));
    assert!(session.followed().is_some() && session.followed_hop().is_some());
    assert!(session.tally().served >= 1, "{:?}", session.tally());
}

#[test]
fn the_steps_in_which_time_passes_make_no_difference() {
    let slow = run(example("shop"), 9_000);
    let mut fast = example("shop");
    for _ in 0..9 {
        fast = fast.reduce(Action::Tick { elapsed_ms: 1_000.0 });
    }
    assert_eq!(slow.shown_ms, fast.shown_ms);
    let traces = |s: &Session| s.courses().iter().map(|c| c.flight.trace.clone()).collect::<Vec<_>>();
    assert_eq!(traces(&slow), traces(&fast));
}

#[test]
fn looking_back_changes_nothing_and_acting_there_starts_another_future() {
    let session = run(example("stable-name"), 12_000);
    let numbers = |s: &Session| s.courses().iter().map(|c| c.flight.number).collect::<Vec<_>>();
    let before = numbers(&session);
    let session = session.reduce(Action::Seek(4_000));
    assert_eq!(numbers(&session), before);
    let session = session.reduce(Action::Traffic(false));
    assert!(session.courses().iter().all(|c| c.flight.departed_ms <= 4_000));
    assert_eq!(session.simulation.now_ms(), 4_000);
}

#[test]
fn steps_go_on_from_decision_to_decision_and_back_again() {
    let mut session = example("stable-name").reduce(Action::Play(false)).reduce(Action::Lens(Lens::Packet));
    let mut times = Vec::new();
    for _ in 0..12 {
        session = session.reduce(Action::StepForward);
        times.push(session.shown_ms);
    }
    assert!(times.windows(2).all(|pair| pair[0] < pair[1]), "{times:?}");
    for &t_ms in times.iter().rev().skip(1) {
        session = session.reduce(Action::StepBack);
        assert_eq!(session.shown_ms, t_ms);
    }
}

#[test]
fn a_deleted_pod_is_replaced_under_another_name_and_address() {
    let session = run(example("stable-name"), 1_000);
    let before = pods(&session, "web");
    assert_eq!(before.len(), 3);
    let victim = session.network().cluster().pod("default", &before[0]).expect("there").clone();
    let session = session.reduce(Action::DeletePod(victim.id.clone()));
    let cluster = session.network().cluster().clone();
    assert!(cluster.pod("default", &before[0]).expect("in its grace period").terminating);
    assert_eq!(pods(&session, "web").len(), 4, "the replacement exists at once");
    let session = run(session, 6_000);
    let after = pods(&session, "web");
    assert_eq!(after.len(), 3);
    assert!(!after.contains(&before[0]));
    let cluster = session.network().cluster();
    let newcomer = after.iter().find(|n| !before.contains(n)).expect("a replacement");
    let newcomer = cluster.pod("default", newcomer).expect("there");
    assert!(newcomer.ready && !newcomer.ips.is_empty());
    assert_ne!(newcomer.ips, victim.ips);
    for kept in &before[1..] {
        assert!(after.contains(kept), "the others stay");
    }
}

#[test]
fn a_client_that_kept_the_address_fails_and_one_that_asks_for_the_name_does_not() {
    let session = run(example("stable-name").reduce(Action::Traffic(false)), 1_000);
    let victim =
        session.network().cluster().pod("default", &pods(&session, "web")[0]).expect("there").clone();
    let ask = |to: &str, port: &str| draft::Draft {
        from: "pod/default/shell".into(),
        to: to.into(),
        port: port.into(),
        ..draft::Draft::default()
    };
    let by_address = ask(&victim.ips[0].to_string(), "8080").request().expect("a request");
    let by_name = ask("web", "").request().expect("a request");
    let outcome = |s: &Session| s.courses().last().expect("sent").flight.trace.outcome.clone();
    let session = session.reduce(Action::Send(by_address.clone()));
    assert!(matches!(outcome(&session), crate::routing::Outcome::Served { .. }));
    let session = run(session.reduce(Action::DeletePod(victim.id.clone())), 8_000);
    let session = session.reduce(Action::Send(by_address));
    assert_eq!(outcome(&session), crate::routing::Outcome::TimedOut);
    let session = session.reduce(Action::Send(by_name));
    assert!(matches!(outcome(&session), crate::routing::Outcome::Served { .. }));
}

#[test]
fn a_broken_document_leaves_its_last_good_version_and_the_others_live() {
    let good = "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {selector: {app: web}, ports: [{port: 80}]}\n---\napiVersion: v1\nkind: Pod\nmetadata: {name: a, labels: {app: web}}\nspec: {containers: [{name: a, image: a}]}\n";
    let session = open(good);
    assert!(session.network().cluster().service("default", "web").is_some());
    let broken = good.replace("{app: web}, ports", "{app: web, ports");
    let session = session.reduce(Action::Edit(broken.as_str().into()));
    assert!(session.network().cluster().service("default", "web").is_some(), "the last good version stays");
    assert_eq!(session.stale.len(), 1);
    assert!(session.problems.iter().any(|p| p.code == "yaml/syntax"), "{:?}", session.problems);
    let session = session.reduce(Action::Edit(broken.replace("name: a,", "name: b,").as_str().into()));
    assert!(session.network().cluster().service("default", "web").is_some());
    assert!(session.network().cluster().pod("default", "b").is_some(), "other documents are live");
    assert!(session.network().cluster().pod("default", "a").is_none());
    let session = session.reduce(Action::Edit(good.into()));
    assert!(session.stale.is_empty() && session.problems.is_empty(), "{:?}", session.problems);
}

#[test]
fn an_edit_keeps_the_addresses_of_all_else() {
    let session = example("shop");
    let addresses = |s: &Session| {
        let cluster = s.network().cluster();
        let pods = cluster.pods.iter().map(|p| (p.id.clone(), p.ips.clone(), p.node.clone()));
        pods.collect::<std::collections::BTreeSet<_>>()
    };
    let before = addresses(&session);
    let more = format!(
        "apiVersion: v1\nkind: Pod\nmetadata: {{name: extra}}\nspec: {{containers: [{{name: a, image: a}}]}}\n---\n{}",
        session.text
    );
    let session = session.reduce(Action::Edit(more.as_str().into()));
    let after = addresses(&session);
    assert!(before.is_subset(&after));
    assert_eq!(after.len(), before.len() + 1);
}

#[test]
fn checks_that_come_late_change_nothing_of_a_good_text() {
    let example = examples::FIRST;
    let open = |checks| Session::open_with(example.text, Some(example.id.into()), 3, checks);
    let tick = |session: Session| session.reduce(Action::Tick { elapsed_ms: 900.0 });
    let mut late = (0..8).fold(open(None), |session, _| tick(session)).reduce(Action::Lens(Lens::Packet));
    let early =
        (0..8).fold(open(Some(&CHECKS)), |session, _| tick(session)).reduce(Action::Lens(Lens::Packet));
    assert!(late.followed().is_some());
    late.check_with(&CHECKS);
    assert_eq!(late.view().network.cluster(), early.view().network.cluster());
    assert_eq!(
        (late.shown_ms, late.followed(), late.tally()),
        (early.shown_ms, early.followed(), early.tally())
    );
    assert_eq!(late.problems, early.problems);
}

#[test]
fn a_text_that_comes_before_the_checks_is_read_when_they_have_come() {
    let text = "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {ports: [{port: 99999}]}\n";
    let mut session = Session::open_with("", None, 3, None).reduce(Action::Edit(text.into()));
    assert_eq!(&*session.text, text);
    assert_eq!(session.network().cluster().services.iter().filter(|s| &*s.id.name == "web").count(), 0);
    session.check_with(&CHECKS);
    assert_eq!(*session.problems, *Session::open(text, None, 3).problems);
    assert!(!session.problems.is_empty());
}

#[test]
fn what_was_refused_of_a_document_is_not_said_while_the_document_is_broken() {
    let text = "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: shop}\nspec:\n  rules:\n  - http: \
                {paths: [{path: /, backend: {service: {name: web, port: {number: 80}}}}]}\n";
    let session = Session::open(text, None, 3);
    let says = |session: &Session| session.problems.iter().any(|p| p.message.contains("pathType"));
    assert!(says(&session));
    let broken = text.replace("kind: Ingress", "kind: [Ingress # é");
    let session = session.reduce(Action::Edit(broken.as_str().into()));
    assert!(session.problems.iter().any(|p| p.code == "yaml/syntax"));
    assert!(!says(&session), "{:?}", session.problems);
    // Another document that has the object is judged.
    let session = session.reduce(Action::Edit(format!("{broken}---\n{text}").into()));
    assert!(says(&session));
    let session = session.reduce(Action::Edit(text.into()));
    assert!(says(&session));
}

#[test]
fn a_text_pasted_over_an_example_is_no_example_and_an_edited_one_still_is() {
    let example = examples::FIRST;
    let session = Session::open(example.text, Some(example.id.into()), 3);
    let edited =
        session.clone().reduce(Action::Edit(example.text.replace("replicas: 3", "replicas: 2").into()));
    assert_eq!(edited.example.as_deref(), Some(example.id));
    let other = "apiVersion: v1\nkind: Service\nmetadata: {name: db, namespace: prod}\nspec: {clusterIP: None, ports: [{port: 5432}]}\n";
    let pasted = edited.reduce(Action::Edit(other.into()));
    assert_eq!(pasted.example, None);
    let shop = examples::by_id("shop").expect("the shop");
    let opened = pasted.reduce(Action::Open { text: shop.text.into(), example: Some(shop.id.into()) });
    assert_eq!(opened.example.as_deref(), Some("shop"));
    // Before the checks are there, too.
    let early = Session::open_with("", None, 3, None).reduce(Action::Edit(other.into()));
    let back = early.reduce(Action::Open { text: example.text.into(), example: Some(example.id.into()) });
    assert_eq!(back.example.as_deref(), Some(example.id));
}

#[test]
fn what_was_typed_holds_when_somebody_acts_at_a_time_before_it() {
    let example = examples::FIRST;
    let typed = example.text.replace("replicas: 3", "replicas: 2");
    let session = run(self::example(example.id), 2_000).reduce(Action::Edit(typed.as_str().into()));
    let session = run(session, 4_000);
    assert_eq!(pods(&session, "web").len(), 2);
    let past = session.reduce(Action::Seek(1_000));
    assert_eq!(pods(&past, "web").len(), 3, "looking back changes nothing");
    let request = past.simulation.invited()[0].clone();
    let acted = run(past.reduce(Action::Send(request)), 4_000);
    assert_eq!(&*acted.text, typed.as_str());
    assert_eq!(pods(&acted, "web").len(), 2, "the cluster is what the editor says");
    assert!(Rc::ptr_eq(acted.simulation.manifest(), &acted.applied));
}
