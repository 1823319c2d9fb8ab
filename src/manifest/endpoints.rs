//! v1 Endpoints and discovery.k8s.io/v1 EndpointSlice, as written.

use super::decode::{boolean, int, list, map, text, text_or_empty, texts};
use super::tree::{Tree, Value};
use serde::Serialize;
use std::rc::Rc;

/// An EndpointSlice, written by hand or made by the controller.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EndpointSlice {
    /// `IPv4`, `IPv6`, `FQDN`
    pub address_type: Rc<str>,
    /// Endpoints.
    pub endpoints: Vec<Endpoint>,
    /// Ports.
    pub ports: Vec<EndpointPort>,
}

/// endpoints[]
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Endpoint {
    /// Addresses; kube-proxy uses the first.
    pub addresses: Vec<Rc<str>>,
    /// conditions
    pub conditions: EndpointConditions,
    /// hostname
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hostname: Option<Rc<str>>,
    /// nodeName
    #[serde(skip_serializing_if = "Option::is_none")]
    pub node_name: Option<Rc<str>>,
    /// zone
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zone: Option<Rc<str>>,
    /// targetRef
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target_ref: Option<TargetRef>,
    /// hints.forZones[].name; `None` where there are no hints.
    #[serde(skip)]
    pub for_zones: Option<Vec<Rc<str>>>,
    /// hints.forNodes[].name
    #[serde(skip)]
    pub for_nodes: Option<Vec<Rc<str>>>,
}

/// endpoints[].conditions; `None` where missing.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct EndpointConditions {
    /// `None` means true.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ready: Option<bool>,
    /// `None` means as `ready`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub serving: Option<bool>,
    /// `None` means false.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub terminating: Option<bool>,
}

/// endpoints[].targetRef
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct TargetRef {
    /// `Pod`
    pub kind: Rc<str>,
    /// Its namespace.
    pub namespace: Rc<str>,
    /// Its name.
    pub name: Rc<str>,
}

/// ports[] of an EndpointSlice or of an Endpoints subset.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EndpointPort {
    /// The Service port's name; `None` or empty for an unnamed one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<Rc<str>>,
    /// `None` means TCP.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub protocol: Option<Rc<str>>,
    /// `None` means all ports (not used by kube-proxy).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub port: Option<i64>,
    /// appProtocol
    #[serde(skip_serializing_if = "Option::is_none")]
    pub app_protocol: Option<Rc<str>>,
}

/// v1 Endpoints
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Endpoints {
    /// subsets
    pub subsets: Vec<EndpointSubset>,
}

/// subsets[]
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EndpointSubset {
    /// Ready addresses.
    pub addresses: Vec<EndpointAddress>,
    /// Not ready ones.
    pub not_ready_addresses: Vec<EndpointAddress>,
    /// Ports.
    pub ports: Vec<EndpointPort>,
}

/// addresses[] of a subset
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EndpointAddress {
    /// ip
    pub ip: Rc<str>,
    /// hostname
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hostname: Option<Rc<str>>,
    /// nodeName
    #[serde(skip_serializing_if = "Option::is_none")]
    pub node_name: Option<Rc<str>>,
    /// targetRef
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target_ref: Option<TargetRef>,
}

impl EndpointSlice {
    /// Reads a whole EndpointSlice.
    #[must_use]
    pub fn decode(tree: &Tree) -> Self {
        Self {
            address_type: text_or_empty(tree, "addressType"),
            endpoints: list(tree, "endpoints", Endpoint::decode),
            ports: list(tree, "ports", EndpointPort::decode),
        }
    }
}

impl Endpoint {
    fn decode(tree: &Tree) -> Self {
        let conditions = map(tree, "conditions");
        let condition = |name: &str| conditions.and_then(|c| boolean(c, name));
        Self {
            addresses: texts(tree, "addresses"),
            conditions: EndpointConditions {
                ready: condition("ready"),
                serving: condition("serving"),
                terminating: condition("terminating"),
            },
            hostname: text(tree, "hostname"),
            node_name: text(tree, "nodeName"),
            zone: text(tree, "zone"),
            target_ref: target_ref(tree),
            for_zones: hints(tree, "forZones"),
            for_nodes: hints(tree, "forNodes"),
        }
    }
}

fn hints(tree: &Tree, key: &str) -> Option<Vec<Rc<str>>> {
    let hints = map(tree, "hints")?.get(key)?;
    match &hints.value {
        Value::List(items) => Some(items.iter().map(|item| text_or_empty(item, "name")).collect()),
        _ => None,
    }
}

fn target_ref(tree: &Tree) -> Option<TargetRef> {
    let target = map(tree, "targetRef")?;
    Some(TargetRef {
        kind: text_or_empty(target, "kind"),
        namespace: text_or_empty(target, "namespace"),
        name: text_or_empty(target, "name"),
    })
}

impl EndpointPort {
    fn decode(tree: &Tree) -> Self {
        Self {
            name: text(tree, "name"),
            protocol: text(tree, "protocol"),
            port: int(tree, "port"),
            app_protocol: text(tree, "appProtocol"),
        }
    }
}

impl Endpoints {
    /// Reads a whole Endpoints object.
    #[must_use]
    pub fn decode(tree: &Tree) -> Self {
        Self {
            subsets: list(tree, "subsets", |subset| EndpointSubset {
                addresses: list(subset, "addresses", EndpointAddress::decode),
                not_ready_addresses: list(subset, "notReadyAddresses", EndpointAddress::decode),
                ports: list(subset, "ports", EndpointPort::decode),
            }),
        }
    }
}

impl EndpointAddress {
    fn decode(tree: &Tree) -> Self {
        Self {
            ip: text_or_empty(tree, "ip"),
            hostname: text(tree, "hostname"),
            node_name: text(tree, "nodeName"),
            target_ref: target_ref(tree),
        }
    }
}
