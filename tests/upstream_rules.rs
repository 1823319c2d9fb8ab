//! Rules of upstream that no row of its tables is about, each as its source says.

use portolan::cluster::selector::{Operator, Requirement};
use portolan::cluster::{Cluster, PodFates, defaults};
use portolan::dns::{Config, Dns, Rcode, Type, name};
use portolan::manifest::{Body, Manifest, parse};
use portolan::proxy::{self, Cidr, NodeView, Rules, Verdict};
use std::net::IpAddr;
use std::rc::Rc;

fn cluster(text: &str) -> Cluster {
    let cluster =
        Cluster::next(&Cluster::default(), &parse(text, &Manifest::default()), &PodFates::default());
    assert!(cluster.problems.is_empty(), "{:?}", cluster.problems);
    cluster
}

const WORLD: &str = "
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {clusterIP: 10.96.0.77, ports: [{name: http, port: 80}]}
---
apiVersion: v1
kind: Service
metadata: {name: alias}
spec: {type: ExternalName, externalName: web.default.svc.cluster.local}
";

fn answers(asked: &str, kind: Type) -> (Rcode, Vec<String>, Vec<String>) {
    let dns = Dns::new(&cluster(WORLD), Config { ttl: 5, ..Config::default() });
    let answer = dns.query(asked, kind, &());
    let text = |records: &[portolan::dns::Record]| records.iter().map(|r| r.text()).collect();
    (answer.rcode, text(&answer.records), text(&answer.additional))
}

// coredns plugin/kubernetes/handler_case_test.go TestPreserveCase
#[test]
fn an_answer_keeps_the_letters_of_the_zone_in_the_question() {
    let (_, records, additional) = answers("_HtTp._TcP.WeB.default.sVc.cLuStEr.LoCaL.", Type::Srv);
    assert_eq!(
        records,
        ["_HtTp._TcP.WeB.default.sVc.cLuStEr.LoCaL. 5 IN SRV 0 100 80 web.default.svc.cLuStEr.LoCaL."]
    );
    assert_eq!(additional, ["web.default.svc.cLuStEr.LoCaL. 5 IN A 10.96.0.77"]);
    let (_, records, _) = answers("Cluster.local.", Type::Soa);
    assert_eq!(
        records,
        ["Cluster.local. 5 IN SOA ns.dns.Cluster.local. hostmaster.Cluster.local. 1 7200 1800 86400 5"]
    );
    let (_, records, _) = answers("in-addr.arpa.", Type::Soa);
    assert_eq!(records.len(), 1, "reverse zones have one too");
}

// coredns plugin/kubernetes/kubernetes.go Services: what is an alias is taken out of SRV
#[test]
fn an_external_name_has_no_srv_record() {
    let (rcode, records, additional) = answers("alias.default.svc.cluster.local.", Type::Srv);
    assert_eq!((rcode, records.len(), additional.len()), (Rcode::NoError, 0, 0));
    let (rcode, ..) = answers("_http._tcp.alias.default.svc.cluster.local.", Type::Srv);
    assert_eq!(rcode, Rcode::NxDomain, "no port below it either");
}

// coredns plugin/kubernetes/kubernetes.go Services, handler.go ServeDNS
#[test]
fn types_that_nothing_has_are_told_from_names_that_nobody_has() {
    let rcode = |asked: &str, kind| answers(asked, kind).0;
    assert_eq!(
        rcode("default.svc.cluster.local.", Type::Txt),
        Rcode::NxDomain,
        "a namespace holds no record"
    );
    assert_eq!(rcode("web.default.svc.cluster.local.", Type::Txt), Rcode::NoError);
    assert_eq!(rcode("nobody.default.svc.cluster.local.", Type::Soa), Rcode::NoError, "nothing is looked up");
    assert_eq!(rcode("nobody.default.svc.cluster.local.", Type::A), Rcode::NxDomain);
    assert_eq!(rcode("77.0.96.10.in-addr.arpa.", Type::Ptr), Rcode::NoError);
    assert_eq!(rcode("77.0.96.10.in-addr.arpa.", Type::A), Rcode::NxDomain, "only PTR is asked there");
}

// coredns plugin/kubernetes/reverse.go serviceRecordForIP
#[test]
fn every_endpoint_has_a_name_to_its_address() {
    const PODS: &str = "
apiVersion: v1
kind: Service
metadata: {name: db}
spec: {clusterIP: None, selector: {app: db}, ports: [{port: 5432}]}
---
apiVersion: v1
kind: Pod
metadata: {name: db-a, labels: {app: db}}
spec: {containers: [{name: db, image: postgres}]}
status: {phase: Running, podIP: 10.244.1.9, conditions: [{type: Ready, status: 'True'}]}
";
    let dns = Dns::new(&cluster(PODS), Config { ttl: 5, ..Config::default() });
    let answer = dns.query("9.1.244.10.in-addr.arpa.", Type::Ptr, &());
    let records: Vec<_> = answer.records.iter().map(|r| r.text()).collect();
    assert_eq!(records, ["9.1.244.10.in-addr.arpa. 5 IN PTR 10-244-1-9.db.default.svc.cluster.local."]);
}

// coredns plugin/kubernetes endpointHostname: no label ends with a dash
#[test]
fn an_address_that_ends_with_colons_gets_a_zero() {
    let hostname = |ip: &str| name::endpoint_hostname(ip.parse().unwrap(), "", "", false);
    assert_eq!(hostname("2001:db8::"), "2001-db8--0");
    assert_eq!(hostname("2001:db8::1"), "2001-db8--1");
    assert_eq!(name::dashed("2001-db8--0"), "2001:db8::".parse::<IpAddr>().ok(), "and back");
}

// k8s.io/apimachinery/pkg/labels/selector.go NewRequirement, validateLabelKey, validateLabelValue
#[test]
fn all_that_is_wrong_with_a_key_is_one_error() {
    let long = "!".repeat(64);
    let errors = Requirement::new(&long, Operator::In, vec![format!("-{long}").into()]).unwrap_err();
    let fields: Vec<String> = errors.iter().map(|e| e.field.to_string()).collect();
    assert_eq!(fields, ["key".to_owned(), format!("values[0][{long}]")]);
    for error in errors {
        assert!(error.detail.contains("; "), "{}", error.detail);
    }
}

// pkg/api/v1/service/util.go ExternallyAccessible
#[test]
fn external_addresses_of_an_alias_bring_no_policy() {
    let policy = |spec: &str| {
        let text = format!(
            "{{apiVersion: v1, kind: Service, metadata: {{name: s}}, spec: {{externalIPs: [192.0.2.1], {spec}}}}}"
        );
        let manifest = parse(&text, &Manifest::default());
        let (_, object) = manifest.objects().next().expect("a Service");
        let Body::Service(service) = &object.body else { panic!("no Service") };
        let mut service = service.clone();
        defaults::service(&mut service);
        service.spec.external_traffic_policy.as_deref().map(str::to_owned)
    };
    assert_eq!(policy("type: ExternalName, externalName: a.example"), None);
    assert_eq!(policy("type: ClusterIP").as_deref(), Some("Cluster"));
}

// pkg/proxy/util/nodeport_addresses.go NewNodePortAddresses
#[test]
fn node_port_ranges_count_by_family_and_all_is_all() {
    let cluster = cluster(
        "{apiVersion: v1, kind: Service, metadata: {name: s}, spec: {type: NodePort, ports: [{port: 80, nodePort: 30080}]}}
---
{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: {name: s-1, labels: {kubernetes.io/service-name: s}}, addressType: IPv4, endpoints: [{addresses: [10.244.9.9]}], ports: [{port: 80}]}",
    );
    let forwards = |ranges: &[&str], to: &str| {
        let ranges = ranges.iter().filter_map(|r| Cidr::parse(r)).collect();
        let config = proxy::Config { node_port_addresses: ranges, ..proxy::Config::of(&cluster) };
        let node = NodeView {
            name: Rc::from("n"),
            zone: "".into(),
            ips: vec!["192.0.2.1".parse().unwrap()],
            other_ips: vec!["192.0.2.99".parse().unwrap()],
        };
        let rules = Rules::with(config, vec![node], &cluster.services, &cluster.slices);
        let (from, to): (IpAddr, IpAddr) = ("203.0.113.5".parse().unwrap(), to.parse().unwrap());
        let verdict = rules.verdict(0, from, to, 30_080, portolan::cluster::Protocol::Tcp);
        matches!(verdict, Verdict::Dnat { .. })
    };
    assert!(forwards(&[], "192.0.2.99"));
    assert!(forwards(&["2001:db8::/64"], "192.0.2.99"), "a range of the other family says nothing");
    assert!(forwards(&["2001:db8::/64"], "127.0.0.1"));
    assert!(forwards(&["0.0.0.0/0"], "192.0.2.99"));
    assert!(!forwards(&["192.0.2.0/24"], "192.0.2.99"), "no address of an interface");
    assert!(forwards(&["192.0.2.0/24"], "192.0.2.1"));
    assert!(!forwards(&["198.51.100.0/24"], "192.0.2.1"));
    assert!(!forwards(&["192.0.2.0/24"], "127.0.0.1"));
}
