//! Ingresses, their classes and the controllers that serve them.
//!
//! Where the text has IngressClasses, those are all there are. Where it has none, the
//! playground supplies what Ingresses name. A class that is served needs a running
//! controller: one of the text, or a supplied one.

use super::selector::matches_map;
use super::{Ingress, IngressClass, IngressController, Origin};
use crate::manifest::metadata::{Labels, label};
use crate::manifest::pod::{Container, ContainerPort, PodSpec};
use crate::manifest::service::{IntOrString, ServicePort};
use crate::manifest::workload::{LabelSelector, Workload, WorkloadKind};
use crate::manifest::{self, Body, Metadata, Object, ObjectRef, Service, Tree, Value};
use crate::source::Span;
use std::rc::Rc;

/// The controller that is supplied where nothing says which one.
const DEFAULT_CONTROLLER: &str = "k8s.io/ingress-nginx";

const LEGACY_CLASS: &str = "kubernetes.io/ingress.class";

/// spec.controller of classes by the names that people give them.
const KNOWN_CLASSES: [(&str, &str); 8] = [
    ("nginx", DEFAULT_CONTROLLER),
    ("traefik", "traefik.io/ingress-controller"),
    ("haproxy", "haproxy.org/ingress-controller/haproxy"),
    ("kong", "ingress-controllers.konghq.com/kong"),
    ("alb", "ingress.k8s.aws/alb"),
    ("cilium", "cilium.io/ingress-controller"),
    ("istio", "istio.io/ingress-controller"),
    ("contour", "projectcontour.io/contour"),
];

/// Everything about Ingresses, and the objects to be added for it.
#[derive(Default)]
pub(super) struct Plan {
    pub(super) ingresses: Vec<Ingress>,
    pub(super) classes: Vec<IngressClass>,
    pub(super) controllers: Vec<IngressController>,
    pub(super) supplied: Vec<Rc<Object>>,
}

/// Decides who serves which Ingress.
pub(super) fn plan(objects: &[(u32, Rc<Object>)]) -> Plan {
    let mut plan = Plan::default();
    for (_, object) in objects {
        if let Body::IngressClass(class) = &object.body {
            let (id, class) = (object.id.clone(), class.clone());
            plan.classes.push(IngressClass { id, origin: Origin::Text, class });
        }
    }
    let closed = !plan.classes.is_empty();
    let default = default_class(objects);
    for (order, (_, object)) in objects.iter().enumerate() {
        let Body::Ingress(ingress) = &object.body else { continue };
        let named = ingress.ingress_class_name.as_ref();
        let legacy = label(&object.metadata.annotations, LEGACY_CLASS);
        let class = named.or(legacy).filter(|c| !c.is_empty()).or(default.as_ref()).cloned();
        if let Some(class) = class.as_ref().filter(|_| !closed) {
            plan.supply_class(class);
        }
        let controller = match &class {
            Some(class) => {
                plan.classes.iter().find(|c| c.id.name == *class).map(|c| c.class.controller.clone())
            }
            None if closed => None,
            None => Some(Some(DEFAULT_CONTROLLER.into())),
        };
        let controller = controller.map(|name| {
            let name = name.unwrap_or_else(|| DEFAULT_CONTROLLER.into());
            plan.controller(&name, objects)
        });
        let created = object.metadata.creation_timestamp.clone();
        plan.ingresses.push(Ingress {
            id: object.id.clone(),
            metadata: object.metadata.clone(),
            ingress: ingress.clone(),
            class,
            controller,
            // What has no time yet is made now: after all that have one.
            age: (created.unwrap_or_else(|| "~".into()), order as u32),
        });
    }
    crate::sort::by(&mut plan.ingresses, |a, b| a.age.cmp(&b.age));
    for controller in &mut plan.controllers {
        let served = |class: &&IngressClass| {
            class.class.controller.as_deref().unwrap_or(DEFAULT_CONTROLLER) == &*controller.controller
        };
        controller.classes = plan.classes.iter().filter(served).map(|c| c.id.name.clone()).collect();
    }
    plan
}

/// The class for Ingresses that name none: the newest one marked as default, by name among equals.
/// Models plugin/pkg/admission/network/defaultingressclass `getDefaultClass`.
fn default_class(objects: &[(u32, Rc<Object>)]) -> Option<Rc<str>> {
    let marked = objects.iter().map(|(_, object)| object);
    let marked = marked.filter(|o| matches!(&o.body, Body::IngressClass(class) if class.is_default));
    let newest_first = |a: &&Rc<Object>, b: &&Rc<Object>| {
        let time = |o: &Object| o.metadata.creation_timestamp.clone().unwrap_or_else(|| "~".into());
        time(b).cmp(&time(a)).then_with(|| a.id.name.cmp(&b.id.name))
    };
    marked.min_by(newest_first).map(|object| object.id.name.clone())
}

impl Plan {
    fn supply_class(&mut self, name: &Rc<str>) {
        if self.classes.iter().any(|class| class.id.name == *name) {
            return;
        }
        let known = KNOWN_CLASSES.iter().find(|(known, _)| *known == &**name);
        let controller = known.map_or(DEFAULT_CONTROLLER, |(_, controller)| controller);
        self.classes.push(IngressClass {
            id: ObjectRef { kind: "IngressClass".into(), namespace: "".into(), name: name.clone() },
            origin: Origin::Supplied,
            class: manifest::IngressClass { controller: Some(controller.into()), ..Default::default() },
        });
    }

    /// The running controller of a name: found before, in the text, or supplied now.
    fn controller(&mut self, name: &Rc<str>, objects: &[(u32, Rc<Object>)]) -> usize {
        if let Some(index) = self.controllers.iter().position(|c| c.controller == *name) {
            return index;
        }
        let (origin, service) = match found(name, objects) {
            Some(service) => (Origin::Text, service),
            None => (Origin::Supplied, self.supply(name, objects)),
        };
        self.controllers.push(IngressController {
            controller: name.clone(),
            classes: Vec::new(),
            origin,
            service,
        });
        self.controllers.len() - 1
    }

    fn supply(&mut self, controller: &str, objects: &[(u32, Rc<Object>)]) -> ObjectRef {
        let (namespace, name) = if controller == DEFAULT_CONTROLLER {
            ("ingress-nginx".to_owned(), "ingress-nginx-controller".to_owned())
        } else {
            let slug = slug(controller);
            (slug.clone(), slug)
        };
        let in_use = |name: &str| {
            let same = |o: &Rc<Object>| *o.id.namespace == *namespace && *o.id.name == *name;
            objects.iter().any(|(_, o)| same(o)) || self.supplied.iter().any(same)
        };
        let mut name = name;
        while in_use(&name) {
            name.push_str("-supplied");
        }
        let labels: Labels = vec![
            ("app.kubernetes.io/component".into(), "controller".into()),
            ("app.kubernetes.io/instance".into(), name.as_str().into()),
            ("app.kubernetes.io/name".into(), namespace.as_str().into()),
        ];
        let deployment = Body::Workload(
            Workload {
                kind: WorkloadKind::Deployment,
                replicas: Some(1),
                selector: LabelSelector { match_labels: labels.clone(), match_expressions: Vec::new() },
                template_metadata: Metadata { labels: labels.clone(), ..Metadata::default() },
                template: controller_pod().into(),
                service_name: None,
            }
            .into(),
        );
        let service = Body::Service(controller_service(labels));
        self.supplied.push(Rc::new(object("apps/v1", "Deployment", &namespace, &name, deployment)));
        self.supplied.push(Rc::new(object("v1", "Service", &namespace, &name, service)));
        ObjectRef::new("Service", &namespace, &name)
    }
}

const CONTROLLER_PORTS: [(&str, i64); 2] = [("http", 80), ("https", 443)];

fn controller_pod() -> PodSpec {
    let ports = CONTROLLER_PORTS.map(|(name, number)| ContainerPort {
        name: Some(name.into()),
        container_port: number,
        ..ContainerPort::default()
    });
    let container = Container { name: "controller".into(), ports: ports.into(), ..Container::default() };
    PodSpec { containers: vec![container], ..PodSpec::default() }
}

fn controller_service(selector: Labels) -> Service {
    let mut service = Service::default();
    service.spec.type_ = Some("LoadBalancer".into());
    service.spec.external_traffic_policy = Some("Cluster".into());
    service.spec.selector = Some(selector);
    let ports = CONTROLLER_PORTS.map(|(name, number)| ServicePort {
        name: Some(name.into()),
        app_protocol: Some(name.into()),
        port: number,
        target_port: Some(IntOrString::Name(name.into())),
        ..ServicePort::default()
    });
    service.spec.ports = ports.into();
    service
}

fn object(api_version: &str, kind: &str, namespace: &str, name: &str, body: Body) -> Object {
    Object {
        id: ObjectRef::new(kind, namespace, name),
        api_version: api_version.into(),
        metadata: Metadata { name: name.into(), namespace: Some(namespace.into()), ..Metadata::default() }
            .into(),
        body,
        tree: Rc::new(Tree { span: Span::default(), value: Value::Null }),
    }
}

/// `example.com/ingress` → `example-com-ingress`
fn slug(controller: &str) -> String {
    let letter = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
    let slug: String = controller.chars().take(40).map(letter).collect();
    let slug = slug.trim_matches('-');
    if slug.is_empty() { "ingress-controller".to_owned() } else { slug.to_owned() }
}

/// A controller of the text: a Service open to the outside whose pods are labelled with
/// a part of the controller's name.
fn found(controller: &str, objects: &[(u32, Rc<Object>)]) -> Option<ObjectRef> {
    let names = |labels: &Labels| {
        ["app.kubernetes.io/name", "app", "k8s-app"].iter().any(|key| {
            label(labels, key).is_some_and(|v| {
                let twin = &**v == "nginx-ingress" && controller == "nginx.org/ingress-controller";
                twin || v.len() > 3 && controller.contains(&**v)
            })
        })
    };
    let labels = objects.iter().filter_map(|(_, object)| match &object.body {
        Body::Pod(_) => Some((&object.id.namespace, &object.metadata.labels)),
        Body::Workload(workload) => Some((&object.id.namespace, &workload.template_metadata.labels)),
        _ => None,
    });
    let candidates: Vec<_> = labels.filter(|(_, labels)| names(labels)).collect();
    let mut best: Option<&Rc<Object>> = None;
    for (_, object) in objects.iter().filter(|_| !candidates.is_empty()) {
        let Body::Service(service) = &object.body else { continue };
        let kind = service.spec.type_.as_deref();
        let Some(selector) = service.spec.selector.as_ref().filter(|s| !s.is_empty()) else { continue };
        if !matches!(kind, Some("LoadBalancer" | "NodePort")) {
            continue;
        }
        let serves = |(namespace, labels): &(&Rc<str>, &Labels)| {
            **namespace == object.id.namespace && matches_map(selector, labels)
        };
        if candidates.iter().any(serves) && (best.is_none() || kind == Some("LoadBalancer")) {
            best = Some(object);
            if kind == Some("LoadBalancer") {
                break;
            }
        }
    }
    best.map(|object| object.id.clone())
}
