//! Which fields decided: references that the editor can light up.

use super::Network;
use crate::cluster::{Ingress, Origin, Pod, Service};
use crate::manifest::{FieldPath, FieldRef, ObjectRef};
use crate::map::Map;
use std::cell::RefCell;
use std::rc::Rc;

/// What was cited before: the same decisions are met again and again.
#[derive(Clone, Debug, Default)]
pub(super) struct Cited(RefCell<Map<Key, Rc<[FieldRef]>>>);

/// What is cited. Objects count by their place in memory, which the cluster keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Key {
    Service(usize, &'static str),
    Port(usize, usize, &'static str),
    Labels(usize, usize),
    ContainerPort(usize, u16),
    IngressPath(usize, usize, usize),
}

/// Fields in order, the deciding one first. What the text does not hold is left out.
pub(super) struct Fields<'a> {
    net: &'a Network,
    pub all: Vec<FieldRef>,
}

impl<'a> Fields<'a> {
    pub fn of(net: &'a Network) -> Self {
        Self { net, all: Vec::new() }
    }

    pub fn none() -> Vec<FieldRef> {
        Vec::new()
    }

    fn cite(mut self, key: Key, make: impl FnOnce(Self) -> Self) -> Self {
        if let Some(known) = self.net.cited.0.borrow().get(&key) {
            self.all.extend_from_slice(known);
            return self;
        }
        let made: Rc<[FieldRef]> = make(Self::of(self.net)).all.into();
        self.all.extend_from_slice(&made);
        self.net.cited.0.borrow_mut().insert(key, made);
        self
    }

    fn add(mut self, object: &ObjectRef, path: FieldPath) -> Self {
        if !self.net.supplied.contains(object) {
            self.all.push(FieldRef { object: object.clone(), path });
        }
        self
    }

    pub fn service(self, service: &Service, path: &'static str) -> Self {
        if service.origin != Origin::Text {
            return self;
        }
        self.cite(Key::Service(place(service), path), |f| f.object(&service.id, path))
    }

    /// A field of a Service's port: `spec.ports[1].targetPort`.
    pub fn port(self, service: &Service, index: usize, field: &'static str) -> Self {
        if service.origin != Origin::Text {
            return self;
        }
        self.cite(Key::Port(place(service), index, field), |f| {
            f.add(&service.id, FieldPath::of("spec.ports").index(index).field(field))
        })
    }

    pub fn object(self, object: &ObjectRef, path: impl Into<FieldPath>) -> Self {
        self.add(object, path.into())
    }

    /// What makes a path of an Ingress fit: the path, its type, the host if it has one, the backend.
    pub fn ingress_path(self, ingress: &Ingress, rule: usize, path: usize, host: bool) -> Self {
        self.cite(Key::IngressPath(place(ingress), rule, path), |f| {
            let rules = FieldPath::of("spec.rules").index(rule);
            let at = rules.field("http").field("paths").index(path);
            f.add(&ingress.id, at.field("path"))
                .add(&ingress.id, at.field("pathType"))
                .when(host, |f| f.add(&ingress.id, rules.field("host")))
                .add(&ingress.id, at.field("backend").field("service"))
        })
    }

    /// A field of a pod, where its text stands: in itself or in its workload's template.
    fn pod(self, pod: &Pod, path: &FieldPath) -> Self {
        if pod.origin == Origin::Supplied {
            return self;
        }
        let (object, before) = &pod.written_in;
        self.add(object, before.join(path))
    }

    /// The labels of a pod that a selector asks for.
    pub fn labels(self, pod: &Pod, service: &Service) -> Self {
        self.cite(Key::Labels(place(pod), place(service)), |mut f| {
            let labels = FieldPath::of("metadata.labels");
            for (key, _) in service.selector().into_iter().flatten() {
                f = f.pod(pod, &labels.key(key));
            }
            f
        })
    }

    /// The declaration of a pod's port, if there is one.
    pub fn container_port(self, pod: &Pod, number: u16) -> Self {
        self.cite(Key::ContainerPort(place(pod), number), |f| {
            let containers = pod.spec.containers.iter().enumerate();
            for (c, container) in containers {
                for (p, port) in container.ports.iter().enumerate() {
                    if port.container_port == i64::from(number) {
                        let path = FieldPath::of("spec.containers").index(c);
                        return f.pod(pod, &path.field("ports").index(p).field("containerPort"));
                    }
                }
            }
            f
        })
    }

    pub fn when(self, condition: bool, more: impl FnOnce(Self) -> Self) -> Self {
        if condition { more(self) } else { self }
    }
}

fn place<T>(object: &T) -> usize {
    std::ptr::from_ref(object).addr()
}
