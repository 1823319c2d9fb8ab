//! Why it failed, and what would mend it.

use super::addresses::{address, list, plural};
use super::reasons::{HopWords, place};
use crate::cluster::Phase;
use crate::manifest::ObjectRef;
use crate::proxy::{SourceClass, Via};
use crate::routing::reason::Census;
use crate::routing::{Hop, Reason};

/// Hops at which a request ends badly.
pub(super) fn words(hop: &Hop) -> Option<HopWords> {
    refusals(hop).or_else(|| balancers(hop)).or_else(|| controllers(hop))
}

fn refusals(hop: &Hop) -> Option<HopWords> {
    Some(match &hop.reason {
        Reason::NoEndpoints { node, service, census } => {
            let (why, fix) = why_no_endpoint(service, census);
            HopWords::failing(
                format!("{node}’s rules refuse"),
                format!("{} has no usable endpoint anywhere: refused at once. {why}", service.name),
                fix,
            )
        }
        Reason::NoLocalEndpoint { node, service, via, elsewhere } => {
            let policy =
                if *via == Via::ClusterIp { "internalTrafficPolicy" } else { "externalTrafficPolicy" };
            HopWords::failing(
                format!("{node}’s rules drop it"),
                format!(
                    "{policy} is Local and {node} runs no ready pod of {}; {} elsewhere may not be used. Dropped, so the client waits in vain.",
                    service.name,
                    plural(*elsewhere, "pod")
                ),
                format!("Set {policy}: Cluster, or run a pod on every node (a DaemonSet)."),
            )
        }
        Reason::SourceRanges { node, service, source, class } => {
            let who = if *class == SourceClass::Pod { " Pods are subject to it too." } else { "" };
            HopWords::failing(
                format!("{node}’s rules drop it"),
                format!(
                    "{} is in none of the loadBalancerSourceRanges of {}.{who} They guard the load balancer’s address only: node ports and the cluster IP stay open.",
                    address(*source),
                    service.name
                ),
                "Add the client’s range to spec.loadBalancerSourceRanges.",
            )
        }
        Reason::NoSuchServicePort { service, port, protocol, ports, is_target_port } => {
            let has: Vec<String> = ports.iter().map(|(n, p)| format!("{n}/{}", p.name())).collect();
            let mut why = format!(
                "No rule is about {port}/{} of {}: it has {}. Nobody owns a cluster IP, so nobody answers.",
                protocol.name(),
                service.name,
                list(&has)
            );
            if *is_target_port {
                why += &format!(" {port} is the pods’ own port (targetPort), not the Service’s.");
            }
            let fix = match ports.first() {
                Some((n, _)) => format!("Ask for port {n}, or add port {port} to spec.ports."),
                None => format!("Add port {port} to spec.ports."),
            };
            HopWords::failing("No such port", why, fix)
        }
        Reason::ClusterIpFromOutside { service } => HopWords::failing(
            "No way in",
            format!(
                "The cluster IP of {} exists only in the rules of the cluster’s nodes: no route leads there from outside.",
                service.name
            ),
            "Give the Service type NodePort or LoadBalancer, or put an Ingress in front.",
        ),
        Reason::PodIpFromOutside { pod } => HopWords::failing(
            "No way in",
            format!("The address of pod {} is known on the pod network only.", pod.name),
            "Put a Service of type NodePort or LoadBalancer in front of it.",
        ),
        Reason::UnusedAddress { ip, pod_range } => HopWords::failing(
            "Nobody there",
            if *pod_range {
                format!(
                    "{} is an address for pods, and no pod has it: perhaps one that is gone.",
                    address(*ip)
                )
            } else {
                format!("Nobody has {}.", address(*ip))
            },
            if *pod_range { "Pods come and go: ask for a Service instead." } else { "Check the address." },
        ),
        Reason::NodePortClosed { node, port, perhaps } => {
            let mut why = format!("Nothing on {node} listens on {port}.");
            if let Some(service) = perhaps {
                why += &format!(
                    " {port} is the port of {} behind its cluster IP; nodes listen on its nodePort.",
                    service.name
                );
            }
            HopWords::failing(
                format!("{node} refuses"),
                why,
                "Ask for a node port (30000 to 32767 by default).",
            )
        }
        Reason::PodNotListening { pod, port, protocol, listens, headless } => {
            let mut why = format!(
                "Nothing in it listens on {port}/{}: it declares {}.",
                protocol.name(),
                list(listens)
            );
            let fix = match (headless, listens.first()) {
                (Some(service), Some(n)) => {
                    why += &format!(
                        " {} is headless, and headless Services map no ports: {port} is its port, not the pod’s.",
                        service.name
                    );
                    format!("Ask for port {n}.")
                }
                (_, Some(n)) => format!("Ask for port {n}, or point targetPort at it."),
                (_, None) => "Let a container listen on it.".into(),
            };
            HopWords::failing(format!("{} refuses", pod.name), why, fix)
        }
        Reason::PodNotRunning { pod, phase } => {
            let why = match phase {
                Phase::Pending => "Its containers have not started: nothing listens yet.",
                _ => "Its containers have ended: nothing listens any more.",
            };
            HopWords::failing(
                format!("{} refuses", pod.name),
                why,
                "Wait until it is ready, or ask for a Service.",
            )
        }
        _ => return None,
    })
}

fn balancers(hop: &Hop) -> Option<HopWords> {
    Some(match &hop.reason {
        Reason::LoadBalancerPort { service, port, ports } => HopWords::failing(
            "Load balancer has no such port",
            format!("The load balancer of {} listens on {} alone, not on {port}.", service.name, list(ports)),
            format!("Add port {port} to spec.ports, or ask for {}.", list(ports)),
        ),
        Reason::LoadBalancerSource { service, source } => HopWords::failing(
            "Load balancer lets nothing in",
            format!("{} is in none of the loadBalancerSourceRanges of {}.", address(*source), service.name),
            "Add the client’s range to spec.loadBalancerSourceRanges.",
        ),
        Reason::NoHealthyNode { service, local: true } => HopWords::failing(
            "No node passes the health check",
            format!(
                "externalTrafficPolicy is Local: only nodes with a ready pod of {} count, and there is none.",
                service.name
            ),
            "Get a pod of it ready, or set externalTrafficPolicy: Cluster.",
        ),
        Reason::NoHealthyNode { .. } => {
            HopWords::failing("No node to go to", "No node of the cluster is ready.", "Get a node ready.")
        }
        Reason::NoNodePort { service } => HopWords::failing(
            "Load balancer cannot go on",
            format!("This kind of balancer connects to node ports, and {} has none.", service.name),
            "Set allocateLoadBalancerNodePorts: true.",
        ),
        _ => return None,
    })
}

fn controllers(hop: &Hop) -> Option<HopWords> {
    Some(match &hop.reason {
        Reason::NoIngressRule { host, path, host_known } => HopWords::failing(
            "Controller answers 404",
            if *host_known {
                format!(
                    "Rules exist for {host}, but none of their paths matches {path}, and there is no default backend."
                )
            } else {
                format!("No Ingress of this controller is for host {host}, and none is for any host.")
            },
            if *host_known {
                "Add a path, for instance / with pathType: Prefix."
            } else {
                "Add a rule for the host."
            },
        ),
        Reason::BackendMissing { ingress, name } => HopWords::failing(
            "Controller answers 503",
            format!(
                "There is no Service {name} in namespace {}: backends are looked for beside their Ingress.",
                ingress.namespace
            ),
            format!("Make the Service in namespace {}, or correct the name.", ingress.namespace),
        ),
        Reason::BackendPortMissing { service, port, ports, .. } => HopWords::failing(
            "Controller answers 503",
            format!(
                "{} has no port {port}: a backend names a port of the Service, not of the pod; it has {}.",
                service.name,
                list(ports)
            ),
            match ports.first() {
                Some(n) => format!("Set the backend’s port number: {n}."),
                None => format!("Give {} a port.", service.name),
            },
        ),
        Reason::BackendWithoutEndpoints { service, census, .. } => {
            let (why, fix) = why_no_endpoint(service, census);
            HopWords::failing(
                "Controller answers 503",
                format!("{} has no ready endpoint for {}. {why}", service.name, place(&hop.from)),
                fix,
            )
        }
        _ => return None,
    })
}

/// Why a Service has no endpoint, and what would give it one.
pub(super) fn why_no_endpoint(service: &ObjectRef, census: &Census) -> (String, String) {
    if !census.has_selector {
        let why = match census.endpoints {
            0 => "It has no selector, so nobody makes endpoints for it.",
            _ => "It has no selector, and none of the endpoints written for it is ready.",
        };
        let fix = format!(
            "Give it a selector, or write an EndpointSlice with the label kubernetes.io/service-name: {}.",
            service.name
        );
        return (why.into(), fix);
    }
    let (what, fix) = match census {
        Census { matching: 0, .. } => (
            "Its selector matches no pod in its namespace.".to_owned(),
            "Make the selector equal to the pods’ labels.",
        ),
        Census { without_port, matching, .. } if *without_port > 0 => (
            format!(
                "{} of {} matching lack a container port of the name that targetPort asks for.",
                plural(*without_port, "pod"),
                matching
            ),
            "Name the container port so, or set targetPort to its number.",
        ),
        Census { pending, matching, .. } if pending == matching => (
            format!("{} matching, none started yet.", plural(*matching, "pod")),
            "Wait for the pods to start.",
        ),
        Census { matching, not_ready, .. } => (
            format!("{} matching, {not_ready} not ready.", plural(*matching, "pod")),
            "Get a pod ready: its readiness probe must pass.",
        ),
    };
    (what, fix.into())
}
