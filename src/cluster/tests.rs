//! Clusters of small texts.

use super::{Cluster, Origin, Phase, PodFate, PodFates};
use crate::manifest::{Manifest, parse};

fn cluster(text: &str) -> Cluster {
    after(&Cluster::default(), text, &PodFates::default())
}

fn after(previous: &Cluster, text: &str, fates: &PodFates) -> Cluster {
    Cluster::next(previous, &parse(text, &Manifest::default()), fates)
}

fn fate(name: &str, fate: PodFate) -> PodFates {
    PodFates::from_iter([(("default".into(), name.into()), fate)])
}

fn makers(kind: &str, name: &str, replicas: u32) -> String {
    format!(
        "apiVersion: apps/v1\nkind: {kind}\nmetadata: {{name: {name}}}\nspec:\n  replicas: {replicas}\n  \
         serviceName: {name}\n  selector: {{matchLabels: {{app: {name}}}}}\n  template:\n    \
         metadata: {{labels: {{app: {name}}}}}\n    spec:\n      containers:\n      - name: c\n        \
         image: i\n        ports: [{{name: http, containerPort: 8080}}]\n---\n"
    )
}

fn service(name: &str, spec: &str) -> String {
    format!(
        "apiVersion: v1\nkind: Service\nmetadata: {{name: {name}}}\nspec: {{selector: {{app: {name}}}, \
         ports: [{{port: 80, targetPort: http}}]{spec}}}\n---\n"
    )
}

fn messages(cluster: &Cluster) -> Vec<&str> {
    cluster.problems.iter().map(|p| &*p.message).collect()
}

#[test]
fn a_deployment_behind_a_service_has_endpoints() {
    let cluster = cluster(&(makers("Deployment", "web", 3) + &service("web", ", type: LoadBalancer")));
    assert_eq!(cluster.problems, []);
    assert_eq!((cluster.nodes.len(), cluster.pods.len(), cluster.workloads.len()), (3, 3, 2));
    let service = cluster.service("default", "web").expect("admitted");
    assert_eq!((service.cluster_ips.len(), service.load_balancer_ips.len()), (1, 1));
    assert!(service.ports[0].node_port.is_some_and(|p| (30_000..32_768).contains(&p)));
    let slices: Vec<_> = cluster.slices_of(&service.id).collect();
    assert_eq!(slices.len(), 1);
    assert_eq!(slices[0].slice.endpoints.len(), 3);
    assert_eq!(slices[0].slice.ports[0].port, Some(8080));
    for pod in &cluster.pods {
        assert_eq!(cluster.pod_by_ip(pod.ips[0]).map(|p| &p.id), Some(&pod.id));
    }
}

#[test]
fn a_gone_pod_is_replaced_and_the_others_stay() {
    let text = makers("Deployment", "web", 3);
    let before = cluster(&text);
    let gone = before.pods[1].id.clone();
    let now = after(&before, &text, &fate(&gone.name, PodFate { gone: true, ..PodFate::default() }));
    assert_eq!(now.pods.len(), 3);
    assert_eq!((&now.pods[0], &now.pods[2]), (&before.pods[0], &before.pods[2]));
    assert_ne!(now.pods[1].id, gone);
    assert_ne!(now.pods[1].ips, before.pods[1].ips);

    let fates = fate(&gone.name, PodFate { terminating: true, ..PodFate::default() });
    let during = after(&before, &text, &fates);
    assert_eq!(during.pods.len(), 4);
    assert!(during.pods[1].terminating && during.pods[1].ips == before.pods[1].ips);
    assert_eq!(during.pods[2].id, now.pods[1].id);
}

#[test]
fn stateful_pods_keep_their_names() {
    let text = makers("StatefulSet", "db", 2);
    let before = cluster(&text);
    let now = after(&before, &text, &fate("db-1", PodFate { gone: true, ..PodFate::default() }));
    let again = after(&now, &text, &fate("db-1", PodFate { earlier: 2, ..PodFate::default() }));
    let ip = |c: &Cluster| c.pod("default", "db-1").expect("a pod").ips[0];
    assert!(ip(&before) != ip(&now) && ip(&now) != ip(&again));
    assert_eq!(now.pods[0], before.pods[0]);
    assert_eq!(now.pods[1].spec.hostname.as_deref(), Some("db-1"));
    assert_eq!(now.pods[1].spec.subdomain.as_deref(), Some("db"));
}

#[test]
fn a_daemon_set_has_one_pod_on_each_node() {
    let cluster = cluster(&makers("DaemonSet", "agent", 1));
    let nodes: Vec<_> = cluster.pods.iter().map(|p| p.node.as_deref()).collect();
    assert_eq!(nodes, [Some("node-a"), Some("node-b"), Some("node-c")]);
}

#[test]
fn live_pods_are_not_made_again() {
    let live = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web-5d9c7b8f6-abcde\n  labels: {app: web, \
                pod-template-hash: 5d9c7b8f6}\n  ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, \
                name: web-5d9c7b8f6, uid: u, controller: true}]\nspec: {nodeName: worker-7, containers: \
                [{name: c, image: i}]}\nstatus: {phase: Running, podIP: 10.9.8.7, conditions: [{type: Ready, \
                status: 'True'}]}\n";
    let cluster = cluster(&(makers("Deployment", "web", 2) + live));
    assert_eq!(messages(&cluster), [""; 0]);
    assert_eq!(cluster.nodes.iter().map(|n| &*n.id.name).collect::<Vec<_>>(), ["worker-7"]);
    assert_eq!(cluster.pods.len(), 2);
    assert!(cluster.pods.iter().all(|p| p.id.name.starts_with("web-5d9c7b8f6-")));
    let live = cluster.pod("default", "web-5d9c7b8f6-abcde").expect("it is in the text");
    assert_eq!((live.ips[0].to_string().as_str(), live.ready), ("10.9.8.7", true));
}

#[test]
fn what_fits_nowhere_waits() {
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {nodeSelector: {gpu: 'yes'}, containers: \
               [{name: c, image: i}]}\n";
    let cluster = cluster(pod);
    let pod = &cluster.pods[0];
    assert_eq!((pod.phase, pod.node.as_ref(), pod.ips.len(), pod.ready), (Phase::Pending, None, 0, false));
}

#[test]
fn taken_and_foreign_requests_are_refused() {
    let port = |number| format!(", type: NodePort, ports: [{{port: 80, nodePort: {number}}}]");
    let of =
        |name, number| service(name, &port(number)).replace("ports: [{port: 80, targetPort: http}], ", "");
    let cluster = cluster(&(of("a", 30080) + &of("b", 30080) + &of("c", 80)));
    assert_eq!(cluster.services.len(), 1);
    assert_eq!(
        messages(&cluster),
        [
            "spec.ports[0].nodePort: Invalid value: 30080: provided port is already allocated",
            "spec.ports[0].nodePort: Invalid value: 80: provided port is not in the valid range. \
             The range of valid ports is 30000-32767",
        ]
    );
    let cluster =
        self::cluster(&(service("a", ", clusterIP: 10.96.0.50") + &service("b", ", clusterIP: 10.96.0.50")));
    assert_eq!(
        messages(&cluster),
        ["spec.clusterIPs: Invalid value: [\"10.96.0.50\"]: failed to allocate IP 10.96.0.50: \
          provided IP is already allocated"]
    );
}

#[test]
fn an_ingress_without_a_controller_gets_one() {
    let ingress = |class: &str| {
        format!(
            "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {{name: i}}\nspec: {{{class}defaultBackend: \
             {{service: {{name: web, port: {{number: 80}}}}}}}}\n---\n"
        )
    };
    let cluster = self::cluster(&ingress(""));
    assert_eq!(messages(&cluster), [""; 0]);
    let controller = &cluster.ingress_controllers[0];
    assert_eq!((controller.origin.clone(), cluster.ingresses[0].controller), (Origin::Supplied, Some(0)));
    let service = cluster.service("ingress-nginx", "ingress-nginx-controller").expect("supplied");
    assert_eq!(service.id, controller.service);
    assert_eq!(service.origin, Origin::Supplied);
    assert_eq!(cluster.slices_of(&service.id).map(|s| s.slice.endpoints.len()).sum::<usize>(), 1);

    let class = "apiVersion: networking.k8s.io/v1\nkind: IngressClass\nmetadata: {name: other}\nspec: \
                 {controller: example.com/other}\n---\n";
    let closed = self::cluster(&(class.to_owned() + &ingress("ingressClassName: nginx, ")));
    assert_eq!((closed.ingresses[0].controller, closed.ingress_controllers.len()), (None, 0));
    let served = self::cluster(&(class.to_owned() + &ingress("ingressClassName: other, ")));
    assert_eq!(&*served.ingress_controllers[0].controller, "example.com/other");
    assert_eq!(served.ingresses[0].controller, Some(0));
}

#[test]
fn endpoints_of_a_service_without_selector_are_mirrored() {
    let text = "apiVersion: v1\nkind: Service\nmetadata: {name: db}\nspec: {ports: [{port: 5432}]}\n---\n\
                apiVersion: v1\nkind: Endpoints\nmetadata: {name: db}\nsubsets: [{addresses: [{ip: 192.0.2.42}], \
                notReadyAddresses: [{ip: 192.0.2.43}], ports: [{port: 5432}]}]\n";
    let cluster = cluster(text);
    let service = cluster.service("default", "db").expect("admitted");
    let slices: Vec<_> = cluster.slices_of(&service.id).collect();
    assert_eq!(slices.len(), 1);
    let ready: Vec<_> = slices[0].slice.endpoints.iter().map(|e| e.conditions.ready).collect();
    assert_eq!(ready, [Some(true), Some(false)]);
    assert!(matches!(&slices[0].origin, Origin::Controller(owner) if *owner.kind == *"Endpoints"));
}

#[test]
fn live_slices_count_only_without_their_pods() {
    let slice = "apiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\nmetadata: {name: web-x, labels: \
                 {kubernetes.io/service-name: web, endpointslice.kubernetes.io/managed-by: \
                 endpointslice-controller.k8s.io}}\naddressType: IPv4\nendpoints: [{addresses: [10.9.9.9]}]\n\
                 ports: [{name: '', port: 8080}]\n---\n";
    let first = |c: &Cluster| {
        let service = c.service("default", "web").expect("admitted");
        let slices: Vec<_> = c.slices_of(&service.id).collect();
        assert_eq!(slices.len(), 1);
        slices[0].slice.endpoints[0].addresses[0].clone()
    };
    let alone = cluster(&(service("web", "") + slice));
    assert_eq!(&*first(&alone), "10.9.9.9");
    let with_pods = cluster(&(service("web", "") + slice + &makers("Deployment", "web", 1)));
    assert_eq!(&*first(&with_pods), with_pods.pods[0].ips[0].to_string());
}

#[test]
fn families_follow_the_policy() {
    let cluster = cluster(
        &(service("one", "")
            + &service("two", ", ipFamilyPolicy: PreferDualStack")
            + &service("six", ", ipFamilies: [IPv6]")),
    );
    assert_eq!(messages(&cluster), [""; 0]);
    let families = |name| {
        let ips = &cluster.service("default", name).expect("admitted").cluster_ips;
        ips.iter().map(|ip| ip.is_ipv6()).collect::<Vec<_>>()
    };
    assert_eq!(
        (families("one"), families("two"), families("six")),
        (vec![false], vec![false, true], vec![true])
    );
}
