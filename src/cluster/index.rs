//! Finding things by name, by address and by label.

use super::selector::matches_map;
use super::{Cluster, EndpointSlice, Index, Node, Pod, Service};
use crate::manifest::ObjectRef;
use crate::manifest::metadata::Labels;
use crate::map::Map;
use std::net::IpAddr;
use std::rc::Rc;

impl Cluster {
    /// The Service of a name.
    #[must_use]
    pub fn service(&self, namespace: &str, name: &str) -> Option<&Rc<Service>> {
        self.index.services.get(namespace)?.get(name).map(|&i| &self.services[i])
    }

    /// The pod of a name.
    #[must_use]
    pub fn pod(&self, namespace: &str, name: &str) -> Option<&Rc<Pod>> {
        self.index.pods.get(namespace)?.get(name).map(|&i| &self.pods[i])
    }

    /// The node of a name.
    #[must_use]
    pub fn node(&self, name: &str) -> Option<&Rc<Node>> {
        self.index.nodes.get(name).map(|&i| &self.nodes[i])
    }

    /// The pod that has an address. Pods on the host network share their node's and are not found this way.
    #[must_use]
    pub fn pod_by_ip(&self, ip: IpAddr) -> Option<&Rc<Pod>> {
        self.index.pod_ips.get(&ip).map(|&i| &self.pods[i])
    }

    /// The node that has an address.
    #[must_use]
    pub fn node_by_ip(&self, ip: IpAddr) -> Option<&Rc<Node>> {
        self.index.node_ips.get(&ip).map(|&i| &self.nodes[i])
    }

    /// The slices that belong to a Service by their label.
    pub fn slices_of<'a>(&'a self, service: &ObjectRef) -> impl Iterator<Item = &'a Rc<EndpointSlice>> {
        self.index
            .slices_of
            .get(&(service.namespace.clone(), service.name.clone()))
            .into_iter()
            .flatten()
            .map(|&i| &self.slices[i])
    }
}

impl Index {
    /// Reads a finished cluster. Where two have one address, the first is found.
    pub(super) fn of(cluster: &Cluster) -> Self {
        let mut index = Self::default();
        for (i, service) in cluster.services.iter().enumerate() {
            index.services.get_or_default(service.id.namespace.clone()).insert(service.id.name.clone(), i);
        }
        for (i, pod) in cluster.pods.iter().enumerate() {
            index.pods.get_or_default(pod.id.namespace.clone()).insert(pod.id.name.clone(), i);
            if !pod.spec.host_network {
                for ip in pod.ips.iter() {
                    index.pod_ips.get_or_insert(*ip, i);
                }
            }
        }
        for (i, node) in cluster.nodes.iter().enumerate() {
            index.nodes.insert(node.id.name.clone(), i);
            for ip in &node.addresses {
                index.node_ips.get_or_insert(*ip, i);
            }
        }
        for (i, slice) in cluster.slices.iter().enumerate() {
            if let Some(service) = &slice.service_name {
                index.slices_of.get_or_default((slice.id.namespace.clone(), service.clone())).push(i);
            }
        }
        index
    }
}

/// Pods by label, so that a selector looks at few of them.
pub struct PodsByLabel<'a> {
    pods: &'a [Rc<Pod>],
    pairs: Map<(&'a str, &'a str, &'a str), Vec<usize>>,
}

impl<'a> PodsByLabel<'a> {
    /// Reads all pods once.
    #[must_use]
    pub fn of(pods: &'a [Rc<Pod>]) -> Self {
        let mut pairs: Map<_, Vec<usize>> = Map::default();
        for (i, pod) in pods.iter().enumerate() {
            for (key, value) in pod.labels.iter() {
                pairs.get_or_default((&*pod.id.namespace, &**key, &**value)).push(i);
            }
        }
        Self { pods, pairs }
    }

    /// The pods of a namespace that have every pair of a selector that is not empty, in order.
    pub fn selected<'s>(
        &'s self,
        namespace: &'s str,
        selector: &'s Labels,
    ) -> impl Iterator<Item = &'a Pod> + use<'a, 's> {
        let mut shortest: Option<&'s [usize]> = None;
        for (key, value) in selector {
            let list = self.pairs.get(&(namespace, &**key, &**value)).map_or(&[][..], Vec::as_slice);
            if shortest.is_none_or(|known| list.len() < known.len()) {
                shortest = Some(list);
            }
        }
        let shortest = shortest.unwrap_or_default();
        shortest.iter().map(|&i| &*self.pods[i]).filter(|pod| matches_map(selector, &pod.labels))
    }
}
