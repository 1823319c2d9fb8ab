//! networking.k8s.io/v1 Ingress and IngressClass, as written.

use super::decode::{int, list, map, text, text_or_empty, texts};
use super::object::annotated;
use super::service::LoadBalancerIngress;
use super::tree::Tree;
use serde::Serialize;
use std::rc::Rc;

/// spec and status of an Ingress.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Ingress {
    /// spec.ingressClassName
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ingress_class_name: Option<Rc<str>>,
    /// spec.defaultBackend
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_backend: Option<IngressBackend>,
    /// spec.tls
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tls: Vec<IngressTls>,
    /// spec.rules
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<IngressRule>,
    /// status.loadBalancer.ingress
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub load_balancer_ingress: Vec<LoadBalancerIngress>,
}

/// spec.tls[]
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct IngressTls {
    /// hosts
    pub hosts: Vec<Rc<str>>,
    /// secretName
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret_name: Option<Rc<str>>,
}

/// spec.rules[]
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct IngressRule {
    /// `None` or empty: any host.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub host: Option<Rc<str>>,
    /// http.paths; `None` where there is no `http`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub paths: Option<Vec<IngressPath>>,
}

/// spec.rules[].http.paths[]
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct IngressPath {
    /// path
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<Rc<str>>,
    /// `Exact`, `Prefix`, `ImplementationSpecific`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path_type: Option<Rc<str>>,
    /// backend
    pub backend: IngressBackend,
}

/// A backend: a Service and a port of it, or another resource.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct IngressBackend {
    /// service
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service: Option<IngressServiceBackend>,
    /// resource
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource: Option<IngressResource>,
}

/// backend.resource
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct IngressResource {
    /// apiGroup
    #[serde(skip_serializing_if = "Option::is_none")]
    pub api_group: Option<Rc<str>>,
    /// kind
    pub kind: Rc<str>,
    /// name
    pub name: Rc<str>,
}

/// backend.service
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct IngressServiceBackend {
    /// name
    pub name: Rc<str>,
    /// port.name
    #[serde(skip_serializing_if = "Option::is_none")]
    pub port_name: Option<Rc<str>>,
    /// port.number
    #[serde(skip_serializing_if = "Option::is_none")]
    pub port_number: Option<i64>,
}

/// An IngressClass.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct IngressClass {
    /// spec.controller
    #[serde(skip_serializing_if = "Option::is_none")]
    pub controller: Option<Rc<str>>,
    /// Whether the annotation ingressclass.kubernetes.io/is-default-class is "true".
    pub is_default: bool,
    /// spec.parameters, only whether it is there.
    pub has_parameters: bool,
}

impl Ingress {
    /// Reads a whole Ingress.
    #[must_use]
    pub fn decode(tree: &Tree) -> Self {
        let mut ingress =
            Self { load_balancer_ingress: super::service::load_balancer_ingress(tree), ..Self::default() };
        if let Some(spec) = map(tree, "spec") {
            ingress.ingress_class_name = text(spec, "ingressClassName");
            ingress.default_backend = map(spec, "defaultBackend").map(IngressBackend::decode);
            ingress.tls = list(spec, "tls", |tls| IngressTls {
                hosts: texts(tls, "hosts"),
                secret_name: text(tls, "secretName"),
            });
            ingress.rules = list(spec, "rules", |rule| IngressRule {
                host: text(rule, "host"),
                paths: map(rule, "http").map(|http| list(http, "paths", IngressPath::decode)),
            });
        }
        ingress
    }
}

impl IngressPath {
    fn decode(tree: &Tree) -> Self {
        Self {
            path: text(tree, "path"),
            path_type: text(tree, "pathType"),
            backend: map(tree, "backend").map(IngressBackend::decode).unwrap_or_default(),
        }
    }
}

impl IngressBackend {
    fn decode(tree: &Tree) -> Self {
        Self {
            service: map(tree, "service").map(|service| {
                let port = map(service, "port");
                IngressServiceBackend {
                    name: text_or_empty(service, "name"),
                    port_name: port.and_then(|p| text(p, "name")),
                    port_number: port.and_then(|p| int(p, "number")),
                }
            }),
            resource: map(tree, "resource").map(|resource| IngressResource {
                api_group: text(resource, "apiGroup"),
                kind: text_or_empty(resource, "kind"),
                name: text_or_empty(resource, "name"),
            }),
        }
    }
}

impl IngressClass {
    /// Reads a whole IngressClass.
    #[must_use]
    pub fn decode(tree: &Tree) -> Self {
        let spec = map(tree, "spec");
        Self {
            controller: spec.and_then(|s| text(s, "controller")),
            is_default: annotated(tree, "ingressclass.kubernetes.io/is-default-class"),
            has_parameters: spec.is_some_and(|s| map(s, "parameters").is_some()),
        }
    }
}
