//! From objects to a cluster.

use super::admission::Admitted;
use super::allocate::Allocator;
use super::control_plane::{Compared, ControlPlane, Ruler};
use super::endpointslices::{self, MAX_ENDPOINTS_PER_SLICE, Selecting, Topology};
use super::history::{Before, History};
use super::index::PodsByLabel;
use super::limits::{self, Room};
use super::pods::{self, PlannedPod};
use super::{Cluster, EndpointSlice, Index, Origin, PodFates, ServiceType, nodes, workloads};
use crate::manifest::{Body, Manifest, Object, ObjectRef};
use crate::map::{Map, Set};
use crate::source::Span;
use crate::words::limits as words;
use std::rc::Rc;

impl Cluster {
    /// A cluster without objects.
    #[must_use]
    pub fn ruled_by(control_plane: &'static ControlPlane) -> Self {
        Self { ruler: Ruler(Some(control_plane)), ..Self::default() }
    }

    /// A cluster that somebody else has put together, with its look-ups. Nobody rules it: whatever
    /// is asked of it, it stays as it is.
    #[must_use]
    pub fn assembled(mut self) -> Self {
        self.ruler = Ruler(None);
        self.index = Index::of(&self);
        self
    }

    /// The cluster that follows `previous` when the text is `manifest` and pods
    /// have met their `fates`. Addresses of objects that `previous` had stay.
    /// The text is a new change: what `previous` has is updated.
    #[must_use]
    pub fn next(previous: &Self, manifest: &Manifest, fates: &PodFates) -> Self {
        Self::make(previous, (&previous.taken, &previous.taken), None, manifest, fates)
    }

    /// As [`Cluster::next`], where the text belongs to the change that `previous` came from,
    /// or has not changed: objects are compared with what they were before that change.
    #[must_use]
    pub fn again(previous: &Self, manifest: &Manifest, fates: &PodFates) -> Self {
        Self::make(previous, (&previous.before.0, &previous.taken), None, manifest, fates)
    }

    /// As [`Cluster::next`], where one object is deleted first, and so is made anew.
    #[must_use]
    pub fn recreated(previous: &Self, manifest: &Manifest, fates: &PodFates, object: &ObjectRef) -> Self {
        Self::make(previous, (&previous.taken, &previous.taken), Some(object), manifest, fates)
    }

    /// As [`Cluster::next`], where all objects are deleted first. Addresses are kept for those
    /// that come again.
    #[must_use]
    pub fn anew(previous: &Self, manifest: &Manifest, fates: &PodFates) -> Self {
        let nothing = Rc::default();
        Self::make(previous, (&nothing, &nothing), None, manifest, fates)
    }

    fn make(
        previous: &Self,
        compared: Compared<'_>,
        gone: Option<&ObjectRef>,
        manifest: &Manifest,
        fates: &PodFates,
    ) -> Self {
        match previous.ruler.0 {
            Some(control_plane) => (control_plane.make)(previous, compared, gone, manifest, fates),
            None => previous.clone(),
        }
    }

    pub(super) fn compared(
        previous: &Self,
        (before, latest): Compared<'_>,
        gone: Option<&ObjectRef>,
        manifest: &Manifest,
        fates: &PodFates,
    ) -> Self {
        let mut history = History::new(before, latest, gone);
        let mut admitted = Admitted::of(manifest, &mut history);
        let plan = super::ingress::plan(&admitted.objects);
        for object in &plan.supplied {
            admitted.supply(object);
        }

        let mut allocator = Allocator::new(&previous.allocations);
        let mut nodes = nodes::nodes(&admitted.objects, &mut allocator);
        allocator.services(&mut admitted.services, &nodes::families(&admitted.objects));
        let services = admitted.take_services(&mut history);
        let taken = Rc::new(admitted.taken(&services));
        let objects = &admitted.objects;

        let made = workloads::make(objects, &nodes, fates);
        let written = objects.iter().filter_map(|(_, object)| PlannedPod::written(object, fates));
        let planned = written.chain(made.pods).collect();
        let pods: Vec<_> =
            pods::place(planned, &nodes, &mut allocator, fates).into_iter().map(Rc::new).collect();
        for node in &mut nodes {
            // More blocks may have been needed.
            if let Some(blocks) = allocator.more_blocks(&node.id.name, &node.pod_cidrs) {
                node.pod_cidrs = blocks;
            }
        }
        let mut workloads = made.workloads;
        let supplied: Set<&ObjectRef> = plan.supplied.iter().map(|o| &o.id).collect();
        for workload in workloads.iter_mut().filter(|w| supplied.contains(&w.id)) {
            workload.origin = Origin::Supplied;
        }

        let mut cluster = Self {
            nodes: nodes.into_iter().map(Rc::new).collect(),
            namespaces: namespaces(objects),
            services,
            pods,
            workloads: workloads.into_iter().map(Rc::new).collect(),
            ingresses: plan.ingresses.into_iter().map(Rc::new).collect(),
            ingress_classes: plan.classes.into_iter().map(Rc::new).collect(),
            ingress_controllers: plan.controllers,
            not_simulated: not_simulated(objects),
            taken,
            before: Before(before.clone()),
            ruler: previous.ruler,
            allocations: allocator.finish(),
            ..Self::default()
        };
        let mut room = Room::new();
        cluster.slices = slices(&cluster, objects, &mut room).into_iter().map(Rc::new).collect();
        cluster.problems = admitted.problems;
        cluster.stale = admitted.stale;
        if made.left_out > 0 {
            let said = words::pods(workloads::PODS_LIMIT, made.left_out);
            cluster.problems.push(limits::problem("limit/pods", None, "", Span::default(), said));
        }
        cluster.problems.extend(room.problem());
        cluster.share(previous);
        cluster.index = Index::of(&cluster);
        cluster
    }

    /// What did not change is the very same object as before, so that others can tell quickly.
    fn share(&mut self, previous: &Self) {
        share(&mut self.nodes, &previous.nodes);
        share(&mut self.services, &previous.services);
        share(&mut self.pods, &previous.pods);
        share(&mut self.slices, &previous.slices);
        share(&mut self.workloads, &previous.workloads);
        share(&mut self.ingresses, &previous.ingresses);
        share(&mut self.ingress_classes, &previous.ingress_classes);
    }
}

/// Most objects keep their position, or all move by one edit's length: where the same
/// position does not fit, the one after the last match is tried.
fn share<T: PartialEq>(now: &mut [Rc<T>], before: &[Rc<T>]) {
    let mut expected = 0;
    let from_end = before.len() as isize - now.len() as isize;
    for (index, item) in now.iter_mut().enumerate() {
        let shifted = usize::try_from(index as isize + from_end).unwrap_or(usize::MAX);
        for position in [expected, index, shifted] {
            if let Some(old) = before.get(position).filter(|old| **old == *item) {
                *item = old.clone();
                expected = position + 1;
                break;
            }
        }
    }
}

fn namespaces(objects: &[(u32, Rc<Object>)]) -> Vec<Rc<str>> {
    let mut seen: Set<&str> = Set::new();
    let mut all: Vec<Rc<str>> = Vec::new();
    for (_, object) in objects {
        let name = match object.body {
            Body::Namespace => &object.id.name,
            _ => &object.id.namespace,
        };
        if !name.is_empty() && seen.insert(name) {
            all.push(name.clone());
        }
    }
    if seen.insert("default") {
        all.push("default".into());
    }
    all
}

/// Slices of the text first, then those of Services with a selector.
fn slices(cluster: &Cluster, objects: &[(u32, Rc<Object>)], room: &mut Room) -> Vec<EndpointSlice> {
    let by_label = PodsByLabel::of(&cluster.pods);
    let topology = Topology::of(cluster.nodes.iter().map(|node| &**node));
    let mut services = Set::new();
    let mut selecting = Map::new();
    let mut selected = Vec::new();
    for service in &cluster.services {
        let key = (&*service.id.namespace, &*service.id.name);
        services.insert(key);
        // An ExternalName selects nothing, whatever it says.
        if service.service_type() == ServiceType::ExternalName {
            continue;
        }
        let Some(selector) = service.selector() else { continue };
        let has_pods = by_label.selected(key.0, selector).next().is_some();
        selecting.insert(key, Selecting { has_pods });
        selected.push((service, selector));
    }
    let written = endpointslices::written(objects, &selecting, &services);
    let mut slices = written.slices;
    room.fit(&mut slices);
    for (service, selector) in selected {
        if !written.stated.contains(&(service.id.namespace.clone(), service.id.name.clone())) {
            let (id, metadata, spec) = (&service.id, &service.metadata, &service.stored.spec);
            let max = MAX_ENDPOINTS_PER_SLICE;
            // One more than there is room for tells that there are more.
            let most = room.most(service.ports.len()) + 1;
            let mut pods: Vec<_> = by_label.selected(&id.namespace, selector).take(most).collect();
            pods.truncate(room.take(pods.len(), service.ports.len()));
            slices.extend(endpointslices::reconcile(id, metadata, spec, &pods, &topology, max).0);
        }
    }
    slices
}

fn not_simulated(objects: &[(u32, Rc<Object>)]) -> Vec<(Rc<str>, u32)> {
    let mut kinds: Map<Rc<str>, u64> = Map::new();
    for (_, object) in objects.iter().filter(|(_, o)| matches!(o.body, Body::Other)) {
        *kinds.get_or_default(object.id.kind.clone()) += 1;
    }
    kinds.iter().map(|(kind, &count)| (kind.clone(), count as u32)).collect()
}
