//! What every family of lints looks at: the text, the cluster, and who makes pods.

use super::text::{Finding, Text};
use crate::cluster::selector::matches_map;
use crate::cluster::{Cluster, Origin, Pod, Service};
use crate::diagnostic::Diagnostic;
use crate::manifest::metadata::label;
use crate::manifest::pod::PodSpec;
use crate::manifest::{FieldPath, FieldRef, Labels, Manifest, ObjectRef};
use crate::map::{Map, Set};
use std::rc::Rc;

/// Somebody in the text who makes pods: a workload, or a Pod itself.
pub(super) struct Maker<'a> {
    pub(super) id: &'a ObjectRef,
    /// In front of `metadata.labels` and `spec`.
    front: &'static str,
    pub(super) labels: &'a Labels,
    pub(super) spec: &'a PodSpec,
    /// Its pods, as many as there are now.
    pub(super) pods: Vec<&'a Rc<Pod>>,
}

impl Maker<'_> {
    /// A field of its pods, where it is written.
    pub(super) fn field(&self, path: impl Into<FieldPath>) -> FieldRef {
        let path = FieldPath::of(self.front).join(&path.into());
        FieldRef { object: self.id.clone(), path }
    }

    /// A label of its pods; all labels where it has none of the key.
    pub(super) fn label_field(&self, key: &str) -> FieldRef {
        let mut field = self.field("metadata.labels");
        if label(self.labels, key).is_some() {
            field.path = field.path.key(key);
        }
        field
    }
}

pub(super) struct Context<'a> {
    pub(super) text: Text<'a>,
    pub(super) cluster: &'a Cluster,
    pub(super) makers: Vec<Maker<'a>>,
    by_label: Map<(&'a str, &'a str, &'a str), Vec<usize>>,
    anywhere: Map<(&'a str, &'a str), Vec<usize>>,
    populated: Set<&'a str>,
    out: Vec<Diagnostic>,
}

impl<'a> Context<'a> {
    pub(super) fn new(manifest: &'a Manifest, cluster: &'a Cluster) -> Self {
        let mut makers: Vec<Maker<'a>> = cluster
            .workloads
            .iter()
            .filter(|workload| workload.origin == Origin::Text)
            .map(|workload| Maker {
                id: &workload.id,
                front: "spec.template",
                labels: &workload.workload.template_metadata.labels,
                spec: &workload.workload.template,
                pods: Vec::new(),
            })
            .collect();
        let mut place: Map<&ObjectRef, usize> = makers.iter().enumerate().map(|(i, m)| (m.id, i)).collect();
        for pod in &cluster.pods {
            if pod.origin == Origin::Text {
                place.insert(&pod.id, makers.len());
                let (labels, spec) = (&pod.labels, &pod.spec);
                makers.push(Maker { id: &pod.id, front: "", labels, spec, pods: vec![pod] });
            } else if let Some(&i) = place.get(&pod.written_in.0) {
                makers[i].pods.push(pod);
            }
        }
        let mut by_label: Map<_, Vec<usize>> = Map::new();
        let mut anywhere: Map<_, Vec<usize>> = Map::new();
        for (i, maker) in makers.iter().enumerate() {
            for (key, value) in maker.labels {
                by_label.get_or_default((&*maker.id.namespace, &**key, &**value)).push(i);
                anywhere.get_or_default((&**key, &**value)).push(i);
            }
        }
        let populated = makers.iter().map(|m| &*m.id.namespace).collect();
        Self { text: Text::new(manifest), cluster, makers, by_label, anywhere, populated, out: Vec::new() }
    }

    /// How many pods are looked at closely for one Service. A lint is no place to spend
    /// seconds: in a text of many Services the first pods must do.
    pub(super) fn look_at(&self) -> usize {
        const PAIRS: usize = 20_000;
        (PAIRS / self.cluster.services.len().max(1)).clamp(20, 2000)
    }

    /// Who makes the pods that a selector selects, the first ones.
    pub(super) fn selected(&self, namespace: &str, selector: &Labels) -> Vec<usize> {
        let mut shortest: Option<&[usize]> = None;
        for (key, value) in selector {
            let makers = self.by_label.get(&(namespace, &**key, &**value)).map_or(&[][..], |v| v);
            if shortest.is_none_or(|known| makers.len() < known.len()) {
                shortest = Some(makers);
            }
        }
        let shortest = shortest.unwrap_or_default();
        let all = |i: &&usize| matches_map(selector, self.makers[**i].labels);
        shortest.iter().filter(all).copied().take(self.look_at()).collect()
    }

    /// Who, outside a namespace, makes pods that a selector would select there; a few of them.
    pub(super) fn elsewhere(&self, namespace: &str, selector: &Labels) -> Vec<&Maker<'a>> {
        const LOOK_AT: usize = 100;
        let Some((key, value)) = selector.first() else { return Vec::new() };
        let candidates = self.anywhere.get(&(&**key, &**value)).map_or(&[][..], |v| v);
        let all = |maker: &&Maker| matches_map(selector, maker.labels);
        let outside = |maker: &&Maker| *maker.id.namespace != *namespace;
        let makers = candidates.iter().take(LOOK_AT).map(|&i| &self.makers[i]);
        makers.filter(outside).filter(all).collect()
    }

    /// Whether the text makes any pod in a namespace: where it makes none, it is
    /// taken for a part of something larger, and what is missing is only mentioned.
    pub(super) fn makes_pods_in(&self, namespace: &str) -> bool {
        self.populated.contains(namespace)
    }

    /// The Services of the text with who makes their pods.
    pub(super) fn services(&self) -> impl Iterator<Item = &'a Rc<Service>> + use<'a> {
        self.cluster.services.iter().filter(|service| service.origin == Origin::Text)
    }

    pub(super) fn found(&mut self, finding: Finding) {
        self.out.extend(self.text.report(finding));
    }

    /// In the order of the text.
    pub(super) fn finish(mut self) -> Vec<Diagnostic> {
        crate::sort::by_key(&mut self.out, |problem| (problem.span, problem.code));
        self.out
    }
}

/// A field of a Service.
pub(super) fn field(service: &Service, path: impl Into<FieldPath>) -> FieldRef {
    FieldRef::new(&service.id, path)
}

/// One label of a Service's selector.
pub(super) fn selector_field(service: &Service, key: &str) -> FieldRef {
    FieldRef { object: service.id.clone(), path: FieldPath::of("spec.selector").key(key) }
}
