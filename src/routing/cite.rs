//! Which fields decided: references that the editor can light up.

use crate::cluster::{Origin, Pod, Service};
use crate::manifest::{FieldPath, FieldRef, ObjectRef};

/// Fields in order, the deciding one first. What the text does not hold is left out.
#[derive(Default)]
pub(super) struct Fields(pub Vec<FieldRef>);

impl Fields {
    pub fn none() -> Vec<FieldRef> {
        Vec::new()
    }

    pub fn service(mut self, service: &Service, path: &str) -> Self {
        if service.origin == Origin::Text {
            self.0.push(FieldRef::new(&service.id, path));
        }
        self
    }

    /// A field of a Service's port: `spec.ports[1].targetPort`.
    pub fn port(mut self, service: &Service, index: usize, field: &str) -> Self {
        if service.origin == Origin::Text {
            let path = FieldPath::default().field("spec").field("ports").index(index).field(field);
            self.0.push(FieldRef { object: service.id.clone(), path });
        }
        self
    }

    pub fn object(mut self, object: &ObjectRef, path: &str) -> Self {
        self.0.push(FieldRef::new(object, path));
        self
    }

    /// A field of a pod, where its text stands: in itself or in its workload's template.
    pub fn pod(mut self, pod: &Pod, path: FieldPath) -> Self {
        if pod.origin != Origin::Supplied {
            let (object, before) = &pod.written_in;
            let steps = before.0.iter().chain(&path.0).cloned().collect();
            self.0.push(FieldRef { object: object.clone(), path: FieldPath(steps) });
        }
        self
    }

    /// The labels of a pod that a selector asks for.
    pub fn labels(mut self, pod: &Pod, service: &Service) -> Self {
        for (key, _) in service.selector().into_iter().flatten() {
            let path = FieldPath::default().field("metadata").field("labels").key(key);
            self = self.pod(pod, path);
        }
        self
    }

    /// The declaration of a pod's port, if there is one.
    pub fn container_port(self, pod: &Pod, number: u16) -> Self {
        let containers = pod.spec.containers.iter().enumerate();
        for (c, container) in containers {
            for (p, port) in container.ports.iter().enumerate() {
                if port.container_port == i64::from(number) {
                    let path = FieldPath::default().field("spec").field("containers").index(c);
                    return self.pod(pod, path.field("ports").index(p).field("containerPort"));
                }
            }
        }
        self
    }

    pub fn when(self, condition: bool, more: impl FnOnce(Self) -> Self) -> Self {
        if condition { more(self) } else { self }
    }
}
