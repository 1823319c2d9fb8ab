//! The first example as it was when the program was built: read, and made into a cluster (see
//! `build.rs`). The page shows it before the reader and the control plane are there.

use super::examples::FIRST;
use crate::cluster::{self, Cluster, Origin, Phase, Protocol};
use crate::manifest::service::IntOrString;
use crate::manifest::workload::WorkloadKind;
use crate::manifest::{self, Body, Document, FieldPath, Manifest, Object, Value, constant};
use crate::source;
use std::net::IpAddr;
use std::ops::Range;
use std::rc::Rc;

include!(concat!(env!("OUT_DIR"), "/first.rs"));

fn document(at: u32, range: Range<usize>, objects: Vec<Rc<Object>>) -> (u32, Rc<Document>) {
    let mut document = Document::new(FIRST.text.get(range).unwrap_or_default());
    document.objects = objects;
    (at, Rc::new(document))
}

fn ip(text: &str) -> IpAddr {
    text.parse().unwrap_or(IpAddr::V4(std::net::Ipv4Addr::UNSPECIFIED))
}

/// What the text of the first example says.
pub(super) fn manifest() -> Manifest {
    read()
}

/// The cluster that it makes.
pub(super) fn cluster() -> Cluster {
    let mut cluster = Cluster::default();
    made(&mut cluster);
    cluster.assembled()
}

/// The same cluster without anything in it.
pub(super) fn empty_cluster() -> Cluster {
    let mut cluster = Cluster::default();
    made(&mut cluster);
    cluster.services.clear();
    cluster.pods.clear();
    cluster.slices.clear();
    cluster.workloads.clear();
    cluster.assembled()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::PodFates;

    /// All but what only the next cluster asks for.
    fn alike(ours: &Cluster, made: &Cluster) {
        assert_eq!(ours.nodes, made.nodes);
        assert_eq!(ours.namespaces, made.namespaces);
        assert_eq!(ours.services, made.services);
        assert_eq!(ours.pods, made.pods);
        assert_eq!(ours.slices, made.slices);
        assert_eq!(ours.workloads, made.workloads);
        assert_eq!(ours.ingresses, made.ingresses);
        assert_eq!(ours.ingress_classes, made.ingress_classes);
        assert_eq!(ours.ingress_controllers, made.ingress_controllers);
        assert_eq!(ours.not_simulated, made.not_simulated);
        assert_eq!((&ours.problems, &ours.stale), (&made.problems, &made.stale));
        for pod in &made.pods {
            assert_eq!(ours.pod(&pod.id.namespace, &pod.id.name), Some(pod));
        }
        for service in &made.services {
            assert_eq!(ours.slices_of(&service.id).count(), made.slices_of(&service.id).count());
        }
    }

    #[test]
    fn is_what_the_program_makes_of_the_text() {
        let read = manifest::parse(FIRST.text, &Manifest::default());
        assert_eq!(manifest(), read);
        assert_eq!(read.objects().count(), 3);
        let make = |manifest| Cluster::next(&Cluster::default(), manifest, &PodFates::default());
        alike(&cluster(), &make(&read));
        alike(&empty_cluster(), &make(&Manifest::default()));
    }
}
