//! Which ports of a pod count for Services, and which of them a Service's port means.
//! The only walk over containers and sidecars that there is.

use crate::manifest::pod::{Container, ContainerPort, PodSpec};
use crate::manifest::service::IntOrString;

/// A port that a container declares, with its place in the pod.
#[derive(Clone, Copy, Debug)]
pub struct Declared<'a> {
    list: &'static str,
    container: usize,
    index: usize,
    /// As written.
    pub port: &'a ContainerPort,
}

impl<'a> Declared<'a> {
    /// `spec.containers[0].ports[1]`
    #[must_use]
    pub fn path(&self) -> String {
        format!("spec.{}[{}].ports[{}]", self.list, self.container, self.index)
    }

    /// `TCP` where none is written.
    #[must_use]
    pub fn protocol(&self) -> &'a str {
        self.port.protocol.as_deref().unwrap_or("TCP")
    }

    /// Whether it is the port of a name or number, whatever its protocol.
    #[must_use]
    pub fn is(&self, target: &IntOrString) -> bool {
        match target {
            IntOrString::Int(number) => self.port.container_port == *number,
            IntOrString::Name(name) => self.port.name.as_ref() == Some(name),
        }
    }
}

/// Containers whose ports count: the plain ones, then init containers that keep running.
/// With the name of their list below `spec`, and the place in it.
pub fn containers(spec: &PodSpec) -> impl Iterator<Item = (&'static str, usize, &Container)> {
    let plain = spec.containers.iter().enumerate().map(|(i, c)| ("containers", i, c));
    let all = spec.init_containers.iter().enumerate();
    let sidecars = all.filter(|(_, c)| c.restart_policy.as_deref() == Some("Always"));
    plain.chain(sidecars.map(|(i, c)| ("initContainers", i, c)))
}

/// Every declared port that counts, in the order in which they are looked through.
pub fn declared(spec: &PodSpec) -> impl Iterator<Item = Declared<'_>> {
    containers(spec).flat_map(|(list, container, one)| {
        one.ports.iter().enumerate().map(move |(index, port)| Declared { list, container, index, port })
    })
}

/// The declared port that a Service's port means: for a name the one whose number is used, for
/// a number (which is used as it is) the one that says that somebody listens there.
/// Models kubernetes/endpointslice util/controller_utils.go `FindPort`: containers first, then sidecars.
#[must_use]
pub fn find<'a>(spec: &'a PodSpec, target: &IntOrString, protocol: &str) -> Option<Declared<'a>> {
    declared(spec).find(|one| one.is(target) && one.protocol() == protocol)
}
