//! Names and what became of them, in words.

use super::addresses::{address, plural};
use super::failures::why_no_endpoint;
use super::reasons::HopWords;
use crate::dns::search::Resolver;
use crate::routing::reason::{Named, Tried, TriedAnswer};
use crate::routing::{Hop, Place, Reason, Trace};

/// The cluster's zone, as it ends names.
const ZONE: &str = ".cluster.local.";

/// Hops that are about names.
pub(super) fn words(trace: &Trace, hop: &Hop) -> Option<HopWords> {
    Some(match &hop.reason {
        Reason::Resolved { tried, named, addresses, chosen, .. } => {
            let outside = matches!(hop.from, Place::Internet(_));
            let found = tried.last().map_or("", |t| &*t.name).trim_end_matches('.');
            let mut why = match named {
                Named::Service(service) => format!(
                    "{found} is Service {}: its cluster IP, whether or not a pod is ready.",
                    service.name
                ),
                Named::Headless(service) if addresses.len() > 1 => format!(
                    "{} is headless: the name stands for its {}. The client takes one, {}.",
                    service.name,
                    plural(addresses.len() as u32, "ready pod"),
                    address(*chosen)
                ),
                Named::Headless(service) => {
                    format!("{} is headless: the name stands for its one ready pod.", service.name)
                }
                Named::Endpoint(service) => {
                    format!("The name of one pod behind {}: the pod’s own address.", service.name)
                }
                Named::Alias { service, target } => format!(
                    "{} is an ExternalName: the answer is an alias, {target}. From here on no Service is involved; its ports play no part.",
                    service.name
                ),
                Named::Pod => "A name made of a pod’s address.".into(),
                Named::IngressHost { ingress, service } => format!(
                    "Public DNS: Ingress {} is for this host, so its record is taken to lead to the controller’s Service, {}.",
                    ingress.name, service.name
                ),
                Named::LoadBalancer(service) => {
                    format!("Public DNS: the name that the cloud gave the load balancer of {}.", service.name)
                }
                Named::Outside => format!(
                    "No name of the cluster, so public DNS is asked. Portolan asks nobody: it takes {found} for the name of a host that answers, and makes up the address."
                ),
            };
            let misses = tried.len().saturating_sub(1);
            if misses > 0 {
                why += &format!(
                    " {} before that: with fewer than 5 dots the search list comes first.",
                    match misses {
                        1 => "One name in vain".to_owned(),
                        n => format!("{n} names in vain"),
                    }
                );
            }
            let title = if outside { "Public DNS" } else { "Cluster DNS" };
            HopWords::new(format!("{title} → {}", address(*chosen)), why)
        }
        Reason::NoSuchName { name, resolver, tried, perhaps, no_namespace } => {
            let mut why = match resolver {
                None => {
                    "Public DNS has no such name: names of Services mean nothing outside the cluster.".into()
                }
                Some(Resolver::Cluster) => {
                    let outside =
                        |one: &&Tried| !one.name.ends_with(ZONE) && one.name.matches('.').count() > 1;
                    let mut why = format!("Cluster DNS knows none of {}.", tried_names(tried));
                    if let Some(one) = tried.iter().find(outside) {
                        why += &format!(
                            " It passes {} on to public DNS, which is taken not to know it: it does not end as public names do.",
                            one.name.trim_end_matches('.')
                        );
                    }
                    why
                }
                Some(Resolver::Node) => {
                    "This client asks the node’s resolver, which knows nothing of the cluster’s names.".into()
                }
                Some(Resolver::Nobody) => {
                    "dnsPolicy is None: the pod has no resolver but what dnsConfig says.".to_owned()
                }
            };
            if let (Some(namespace), Some(Resolver::Cluster)) = (no_namespace, resolver) {
                why = format!("There is no namespace {namespace}. {why}");
            }
            let fix = match (perhaps, resolver) {
                (Some(service), Some(Resolver::Cluster)) if !service.name.is_empty() => format!(
                    "There is a Service {} in namespace {}: ask for {}.{}.",
                    service.name, service.namespace, service.name, service.namespace
                ),
                (Some(service), Some(Resolver::Node)) => format!(
                    "Set dnsPolicy: ClusterFirstWithHostNet, or ask for the cluster IP of {}.",
                    service.name
                ),
                (_, None) => "Ask for a load balancer’s address, a node port or an Ingress host.".into(),
                _ => format!(
                    "Make a Service called {}, or correct the name.",
                    name.split('.').next().unwrap_or("")
                ),
            };
            HopWords::failing("No such name", why, fix)
        }
        Reason::HeadlessWithoutReady { service, census, .. } => {
            let (why, fix) = why_no_endpoint(service, census);
            HopWords::failing(
                "No such name",
                format!("{} is headless, and its name stands for ready pods only. {why}", service.name),
                fix,
            )
        }
        Reason::NoController { name, ingress, class } => {
            let class = match class {
                Some(class) => format!("its class is {class}, and no controller serves that"),
                None => "it has no class, and none is the default".into(),
            };
            HopWords::failing(
                "No such name",
                format!(
                    "Ingress {} is for {name}, but {class}: an Ingress alone does nothing.",
                    ingress.name
                ),
                "Set spec.ingressClassName to a class with a running controller.",
            )
        }
        Reason::NoAddress { name, .. } => HopWords::failing(
            "No address",
            format!("{name} exists, without an address of the client’s family."),
            "Make the Service dual-stack (spec.ipFamilyPolicy), or ask from a client of its family.",
        ),
        Reason::NoClient => {
            let _ = trace;
            HopWords::failing(
                "Nobody there",
                "The client is no pod or node of this cluster.",
                "Choose another client.",
            )
        }
        Reason::ClientNotRunning { .. } => HopWords::failing(
            "The client does not run",
            "It has no address yet: its containers have not started, or no node takes it.",
            "Wait for it, or choose another client.",
        ),
        Reason::NoFamily { destination } => HopWords::failing(
            "No way",
            format!(
                "The client has no {} address to send from.",
                if destination.is_ipv4() { "IPv4" } else { "IPv6" }
            ),
            "Ask for an address of the client’s family.",
        ),
        _ => return None,
    })
}

fn tried_names(tried: &[Tried]) -> String {
    let names: Vec<&str> = tried
        .iter()
        .filter(|t| t.answer != TriedAnswer::Found)
        .map(|t| t.name.trim_end_matches('.'))
        .collect();
    super::addresses::list(&names)
}
