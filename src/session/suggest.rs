//! What can be asked for: names, addresses and URLs of a cluster, to be offered while
//! somebody types.

use crate::cluster::{Cluster, Service, ServiceType};
use crate::map::Set;

/// Names, addresses and URLs that mean something to a cluster: for each Service its names,
/// then its addresses; URLs of ingress hosts; node ports; addresses of pods. No repeats.
#[must_use]
pub fn destinations(cluster: &Cluster) -> Vec<String> {
    let mut all = Vec::new();
    for service in &cluster.services {
        names(service, &mut all);
    }
    for ingress in &cluster.ingresses {
        for host in ingress.ingress.rules.iter().filter_map(|rule| rule.host.as_deref()) {
            all.push(format!("http://{}/", host.replacen('*', "any", 1)));
        }
    }
    for service in &cluster.services {
        addresses(cluster, service, &mut all);
    }
    all.extend(cluster.pods.iter().filter_map(|pod| pod.ips.first()).map(ToString::to_string));
    let mut seen = Set::new();
    all.retain(|destination| seen.insert(destination.clone()));
    all
}

fn names(service: &Service, all: &mut Vec<String>) {
    let (name, namespace) = (&service.id.name, &service.id.namespace);
    // A first port other than 80 is part of what a person asks for.
    let port = service.ports.first().map(|p| p.port).filter(|&p| p != 80);
    let port = port.map_or_else(String::new, |p| format!(":{p}"));
    if &**namespace == "default" {
        all.push(format!("{name}{port}"));
    }
    all.push(format!("{name}.{namespace}{port}"));
    all.push(format!("{name}.{namespace}.svc.cluster.local{port}"));
}

fn addresses(cluster: &Cluster, service: &Service, all: &mut Vec<String>) {
    let port = service.ports.first().map(|p| p.port);
    let with_port = |ip: &std::net::IpAddr, port: Option<u16>| match (ip, port.filter(|&p| p != 80)) {
        (ip, None) => ip.to_string(),
        (std::net::IpAddr::V6(ip), Some(port)) => format!("[{ip}]:{port}"),
        (ip, Some(port)) => format!("{ip}:{port}"),
    };
    all.extend(service.cluster_ips.iter().map(|ip| with_port(ip, port)));
    all.extend(service.load_balancer_ips.iter().map(|(ip, _)| with_port(ip, port)));
    all.extend(service.external_ips.iter().map(|ip| with_port(ip, port)));
    if service.service_type() != ServiceType::ClusterIp {
        for door in service.ports.iter().filter_map(|p| p.node_port) {
            let nodes = cluster.nodes.iter().filter_map(|node| node.addresses.first());
            all.extend(nodes.map(|ip| with_port(ip, Some(door))));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::Session;
    use crate::session::draft::{CLIENT_OUTSIDE, Draft};

    #[test]
    fn everything_that_is_offered_can_be_asked_for() {
        for example in crate::session::examples::ALL {
            let session = Session::open(example.text, None, 7);
            let offered = destinations(session.network().cluster());
            for to in &offered {
                let from = format!("internet/{CLIENT_OUTSIDE}");
                let draft = Draft { from, to: to.clone(), ..Draft::default() };
                assert!(draft.request().is_ok(), "{}: {to}", example.id);
            }
            let different: Set<_> = offered.iter().collect();
            assert_eq!(different.len(), offered.len(), "{}", example.id);
        }
    }
}
