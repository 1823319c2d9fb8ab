//! One function per lint: the facts go in, the sentences come out.

use super::short::name;
use super::{Never, Read, Said};
use crate::cluster::ServicePort;
use crate::lint::rules::{self, Rule};
use crate::manifest::ingress::{IngressPath, IngressServiceBackend};
use crate::manifest::{Labels, ObjectRef};
use std::rc::Rc;

fn list(words: &[impl AsRef<str>]) -> String {
    const SHOWN: usize = 4;
    let mut text = words.iter().take(SHOWN).map(AsRef::as_ref).collect::<Vec<_>>().join(", ");
    if words.len() > SHOWN {
        text.push_str(&format!(" and {} more", words.len() - SHOWN));
    }
    text
}

fn labels(selector: &Labels) -> String {
    list(&selector.iter().map(|(key, value)| format!("{key}: {value}")).collect::<Vec<_>>())
}

/// `rows`: label by label what the nearest miss has instead (key, wanted, found).
#[must_use]
pub fn selector_matches_nothing(
    service: &ObjectRef,
    selector: &Labels,
    nearest: Option<&ObjectRef>,
    rows: &[(&str, &str, Option<&str>)],
) -> Said {
    let message = format!("no pod in namespace {} has the labels {}", service.namespace, labels(selector));
    let refused = "The Service has no endpoints, so that every connection to it is refused.";
    let hint = match nearest {
        Some(maker) => {
            let wrong: Vec<String> = rows
                .iter()
                .map(|(key, wanted, found)| match found {
                    Some(found) => format!("{key} is “{found}”, not “{wanted}”"),
                    None => format!("there is no label {key}"),
                })
                .collect();
            format!("{refused} {} comes nearest: {}.", name(maker), wrong.join("; "))
        }
        None => refused.to_owned(),
    };
    Said::new(message, hint)
}

/// See the rule.
#[must_use]
pub fn selector_other_namespace(service: &ObjectRef, maker: &ObjectRef, namespaces: &[&str]) -> Said {
    Said::new(
        format!(
            "the pods that this selects are in namespace {}, the Service in {}",
            list(namespaces),
            service.namespace
        ),
        format!(
            "A Service selects pods of its own namespace alone: {} is not among its endpoints, and every connection is refused.",
            name(maker)
        ),
    )
}

/// See the rule.
#[must_use]
pub fn selector_several_workloads(service: &ObjectRef, one: &ObjectRef, other: &ObjectRef) -> Said {
    Said::new(
        format!("this selects the pods of {} and of {}", name(one), name(other)),
        format!(
            "A connection to {} goes to any of them by chance, though they run different programs. Select a label that only one of them has.",
            service.name
        ),
    )
}

fn leads(port: &ServicePort, wanted: &str) -> String {
    let shown =
        if port.name.is_empty() { port.port.to_string() } else { format!("{} ({})", port.name, port.port) };
    format!("port {shown} leads to {wanted}")
}

/// `protocol`: the one under which the port is listed, if that alone is wrong.
#[must_use]
pub fn port_unknown_name(
    service: &ObjectRef,
    port: &ServicePort,
    wanted: &str,
    maker: &ObjectRef,
    declared: &[String],
    everywhere: bool,
    protocol: Option<&str>,
) -> Said {
    let message =
        format!("{}, and no container of {} has a port of that name", leads(port, wanted), name(maker));
    let who = if everywhere {
        "The Service has no endpoint for this port: connections to it are refused."
    } else {
        "These pods get no connections for this port."
    };
    let hint = match protocol {
        Some(protocol) => {
            format!("{who} There is one for {protocol}, and the Service asks for {}.", port.protocol.name())
        }
        None if declared.is_empty() => format!("{who} Its containers list no ports at all."),
        None => format!("{who} There: {}.", list(declared)),
    };
    let _ = service;
    Said::new(message, hint)
}

/// See the rule.
#[must_use]
pub fn port_nobody_listens(
    service: &ObjectRef,
    port: &ServicePort,
    wanted: &str,
    maker: &ObjectRef,
    declared: &[String],
    protocol: Option<&str>,
) -> Said {
    let message = format!("{}, and no container of {} lists that port", leads(port, wanted), name(maker));
    let fate = format!(
        "A connection to {} still goes to {wanted}, and is refused there if nobody listens.",
        service.name
    );
    let hint = match protocol {
        Some(protocol) => {
            format!("{fate} It is listed for {protocol}, and the Service sends {}.", port.protocol.name())
        }
        None => format!("{fate} Listed: {}.", list(declared)),
    };
    Said::new(message, hint)
}

/// See the rule.
#[must_use]
pub fn headless_port(service: &ObjectRef, port: &ServicePort, target: i64) -> Said {
    Said::new(
        format!("a headless Service maps no ports: {} is not turned into {target}", port.port),
        format!(
            "A client that asks for {}:{} goes straight to a pod's own port {} and is refused there. Clients must use {target}.",
            service.name, port.port, port.port
        ),
    )
}

/// See the rule.
#[must_use]
pub fn no_selector(service: &ObjectRef) -> Said {
    Said::new(
        "this Service has no selector, and nobody has written endpoints for it",
        format!(
            "Every connection to it is refused. Give it a selector, or write an EndpointSlice with the label kubernetes.io/service-name: {}.",
            service.name
        ),
    )
}

/// See the rule.
#[must_use]
pub fn no_pods(service: &ObjectRef, maker: &ObjectRef) -> Said {
    Said::new(
        format!("{} makes no pods, so that this selects none", name(maker)),
        format!("Every connection to {} is refused.", service.name),
    )
}

/// `reasons`: pod and why.
#[must_use]
pub fn no_ready_endpoint(service: &ObjectRef, reasons: &[(&str, String)]) -> Said {
    let each: Vec<String> = reasons.iter().map(|(pod, why)| format!("{pod} {why}")).collect();
    Said::new(
        format!("none of the pods that this selects is ready: {}", list(&each)),
        format!("Connections to {} are refused until one is.", service.name),
    )
}

/// See the rule.
#[must_use]
pub fn local_without_endpoint(service: &ObjectRef, nodes: &[Rc<str>], outside: bool, balanced: bool) -> Said {
    let message = format!("no endpoint of {} is on {}", service.name, list(nodes));
    let hint = if !outside {
        "A pod there that connects to the Service gets no answer: with internalTrafficPolicy Local, only endpoints of its own node are used."
    } else if balanced {
        "The load balancer's health check leaves these nodes out; whoever sends to their node ports directly gets no answer."
    } else {
        "A request from outside to the node port of such a node gets no answer: with externalTrafficPolicy Local it is not passed on to another node."
    };
    Said::new(message, hint)
}

/// See the rule.
#[must_use]
pub fn endpoints_deprecated() -> Said {
    Said::new(
        "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice",
        "It still works: it is copied into an EndpointSlice, which is what the proxies read.",
    )
}

/// See the rule.
#[must_use]
pub fn slice_without_service(key: &str) -> Said {
    Said::new(
        format!("this EndpointSlice has no label {key}"),
        "Without it, it belongs to no Service, and no request ever comes here.",
    )
}

/// See the rule.
#[must_use]
pub fn endpoints_collide(endpoints: &ObjectRef, service: &ObjectRef, overwritten: bool) -> Said {
    let hint = if overwritten {
        "The control plane writes this object itself from the pods that the selector selects: what stands here is lost."
    } else {
        "Connections go to these addresses and to the selected pods alike. Remove the selector, or this."
    };
    Said::new(format!("{} has a selector, and {} is written by hand", name(service), name(endpoints)), hint)
}

/// See the rule.
#[must_use]
pub fn endpoints_orphan(endpoints: &ObjectRef, service: &str, near: Option<&str>) -> Said {
    let meant = near.map(|near| format!(" Did you mean {near}?")).unwrap_or_default();
    Said::new(
        format!("there is no Service {service} in namespace {}", endpoints.namespace),
        format!("Without it no request ever comes to these addresses.{meant}"),
    )
}

/// See the rule.
#[must_use]
pub fn endpoints_port_name(service: &ObjectRef, found: &str, names: &[&str]) -> Said {
    let show = |n: &str| if n.is_empty() { "(no name)".to_owned() } else { n.to_owned() };
    let names: Vec<String> = names.iter().map(|n| show(n)).collect();
    Said::new(
        format!("{} has no port named {}", name(service), show(found)),
        format!(
            "Ports are tied together by name, so that no connection uses this one. There: {}.",
            list(&names)
        ),
    )
}

/// See the rule.
#[must_use]
pub fn service_name(found: &str, slug: Option<&str>) -> Said {
    let meant = slug.map(|slug| format!(" {slug} can.")).unwrap_or_default();
    Said::new(
        format!("“{found}” cannot be a label of a DNS name"),
        format!(
            "A Service is found by its name in DNS: small letters, digits and dashes, 63 at most.{meant}"
        ),
    )
}

/// See the rule.
#[must_use]
pub fn external_name_ip(service: &ObjectRef, address: &str) -> Said {
    Said::new(
        format!("externalName {address} is an address, and DNS can only alias to a name"),
        format!(
            "Clients that ask for {} are sent to a name “{address}” that does not exist. For an address, use a Service without a selector and an EndpointSlice.",
            service.name
        ),
    )
}

/// See the rule.
#[must_use]
pub fn external_name_ports(service: &ObjectRef, to: &str) -> Said {
    Said::new(
        "an ExternalName Service maps no ports",
        format!(
            "It is an alias in DNS and nothing more: a client of {} connects to {to} with the port it chose.",
            service.name
        ),
    )
}

/// See the rule.
#[must_use]
pub fn external_name_selector(service: &ObjectRef) -> Said {
    Said::new(
        "the selector of an ExternalName Service selects nothing",
        format!("{} is an alias in DNS; no pod ever gets a request through it.", service.name),
    )
}

/// See the rule.
#[must_use]
pub fn headless_affinity(service: &ObjectRef) -> Said {
    Said::new(
        "spec.SessionAffinity is ignored for headless services",
        format!("Clients of {} choose one of the pods' addresses themselves, each time anew.", service.name),
    )
}

/// A warning of the API server, word by word.
#[must_use]
pub fn warned(message: &str, rule: Rule) -> Said {
    let hint = if rule == rules::EXTERNAL_IPS && message.contains("deprecated") {
        "Nobody checks who may claim an address. It is to be off by default in 1.40; use a LoadBalancer, or a Gateway."
    } else {
        "The API server takes the object and warns."
    };
    Said::new(message, hint)
}

/// See the rule.
#[must_use]
pub fn cluster_ip_taken(service: &ObjectRef, other: &ObjectRef, ip: &str) -> Said {
    Said::new(
        format!("{ip} is the address of {}", name(other)),
        format!(
            "The API server refuses {}: a connection to {ip} goes to {}. Leave the line out, and an address is chosen.",
            service.name, other.name
        ),
    )
}

/// See the rule.
#[must_use]
pub fn node_port_range(service: &ObjectRef, number: i64) -> Said {
    Said::new(
        format!("{number} is no node port"),
        format!(
            "The API server refuses {}, and no node opens the port. Node ports are 30000 to 32767; leave the line out, and one is chosen.",
            service.name
        ),
    )
}

/// See the rule.
#[must_use]
pub fn node_port_taken(service: &ObjectRef, other: &ObjectRef, number: i64) -> Said {
    Said::new(
        format!("node port {number} belongs to {}", name(other)),
        format!(
            "The API server refuses {}: a connection to port {number} of any node goes to {}. Leave the line out, and a free one is chosen.",
            service.name, other.name
        ),
    )
}

/// See the rule.
#[must_use]
pub fn ingress_class_missing(
    named: Option<&str>,
    near: Option<&str>,
    exists: bool,
    written: &[&str],
) -> Said {
    let nobody = "No controller serves this Ingress: requests never reach it.";
    match named {
        Some(name) if exists => Said::new(format!("nobody runs a controller for class {name}"), nobody),
        Some(name) => {
            let meant = match near {
                Some(near) => format!(" Did you mean {near}?"),
                None if written.is_empty() => String::new(),
                None => format!(" There: {}.", list(written)),
            };
            Said::new(format!("there is no IngressClass {name}"), format!("{nobody}{meant}"))
        }
        None => Said::new("this Ingress names no class, and no class is the default", nobody),
    }
}

/// See the rule.
#[must_use]
pub fn ingress_service_missing(
    service: &str,
    namespace: &str,
    near: Option<&str>,
    other: Option<&str>,
) -> Said {
    let more = match (near, other) {
        (_, Some(other)) => {
            format!(" There is one in namespace {other}, and an Ingress reaches only its own.")
        }
        (Some(near), None) => format!(" Did you mean {near}?"),
        _ => String::new(),
    };
    Said::new(
        format!("there is no Service {service} in namespace {namespace}"),
        format!("Requests that match are answered with 503.{more}"),
    )
}

/// See the rule.
#[must_use]
pub fn ingress_port_missing(
    service: &ObjectRef,
    wanted: &IngressServiceBackend,
    ports: &[ServicePort],
) -> Said {
    let asked = match (&wanted.port_name, wanted.port_number) {
        (Some(name), _) => format!("named {name}"),
        (None, number) => number.unwrap_or(0).to_string(),
    };
    let there: Vec<String> = ports
        .iter()
        .map(|p| if p.name.is_empty() { p.port.to_string() } else { format!("{} ({})", p.port, p.name) })
        .collect();
    Said::new(
        format!("{} has no port {asked}", name(service)),
        format!(
            "Requests that match are answered with 503. It must be a port of the Service, not of the pods; there: {}.",
            list(&there)
        ),
    )
}

/// See the rule.
#[must_use]
pub fn ingress_duplicate_path(host: &str, path: &IngressPath, first: &ObjectRef, same: bool) -> Said {
    let host = if host.is_empty() { "any host" } else { host };
    let text = path.path.as_deref().unwrap_or("");
    let (message, hint) = if same {
        (
            format!("{text} on {host} stands twice in this Ingress"),
            "The first one wins: no request ever comes here.".to_owned(),
        )
    } else {
        (
            format!("{} in namespace {} claims {text} on {host} as well", name(first), first.namespace),
            "The older Ingress wins: no request ever comes here.".to_owned(),
        )
    };
    Said::new(message, hint)
}

/// See the rule.
#[must_use]
pub fn ingress_path_never(path: &str, why: &Never) -> Said {
    let hint = match why {
        Never::Query => "What follows a question mark is the query, and no part of a path.",
        Never::Fragment => "What follows a # stays in the browser, and is no part of a path.",
        Never::Space => "A path has no white space; it is sent as %20.",
        Never::Star => {
            "A star is only a star here. With pathType Prefix, leave it out: everything below matches anyway."
        }
        Never::Pattern => {
            let message = format!("the regular expression {path} cannot be read here, so it matches nothing");
            let hint = "The Ingress's annotations make it one. Read are groups, alternatives, classes, repetition, ^ and \
                        $; nginx itself reads more, and does not start with a broken one.";
            return Said::new(message, hint);
        }
    };
    Said::new(format!("no request has the path {path}"), hint)
}

/// See the rule.
#[must_use]
pub fn label_not_text(key: &str, written: &str, read: &Read) -> Said {
    let read = match read {
        Read::Nothing => "nothing (null)".to_owned(),
        Read::Truth(truth) => format!("the truth value {truth}"),
        Read::Whole(number) => format!("the number {number}"),
        Read::Number(number) => format!("the number {number}"),
    };
    Said::new(
        format!("{key}: YAML reads {written} as {read}, and this must be text"),
        "The API server refuses the object. Put the value in quotes.",
    )
}

/// See the rule.
#[must_use]
pub fn workload_selector(workload: &ObjectRef, key: &str, wanted: &str, found: Option<&str>) -> Said {
    let found = match found {
        Some(found) => format!("has {key}: {found}"),
        None => format!("has no label {key}"),
    };
    Said::new(
        format!("the selector wants {key}: {wanted}, and the template {found}"),
        format!("The API server refuses {}: it would never find the pods that it makes.", name(workload)),
    )
}

/// See the rule.
#[must_use]
pub fn statefulset_no_service(workload: &ObjectRef, service: &str, near: Option<&str>) -> Said {
    let meant = near.map(|near| format!(" Did you mean {near}?")).unwrap_or_default();
    Said::new(
        format!("there is no Service {service} in namespace {}", workload.namespace),
        format!("Names such as {}-0.{service} do not exist in DNS.{meant}", workload.name),
    )
}

/// See the rule.
#[must_use]
pub fn statefulset_not_headless(workload: &ObjectRef, service: &str) -> Said {
    Said::new(
        format!("Service {service} is not headless"),
        format!(
            "A StatefulSet is meant to have a headless one; only then does {service} name every pod of {}.",
            workload.name
        ),
    )
}

/// See the rule.
#[must_use]
pub fn duplicate_object(id: &ObjectRef) -> Said {
    let place =
        if id.namespace.is_empty() { String::new() } else { format!(" in namespace {}", id.namespace) };
    Said::new(
        format!("there is another {}{place}", name(id)),
        "kubectl create refuses the second one; kubectl apply lets it overwrite the first.",
    )
}
