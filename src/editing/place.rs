//! Which field of which object a node of the outline is.

use super::outline::{Id, Outline};
use crate::manifest::{FieldPath, schema};

/// A field of an object of the text.
pub(super) struct Place<'o, 'a> {
    pub out: &'o Outline<'a>,
    /// The object's own node: the document's root, or an item of a `List`.
    pub root: Id,
    /// The object's kind, as written.
    pub kind: &'a str,
    /// Its apiVersion, as written or as its kind has it.
    pub version: &'a str,
    /// Its namespace, `default` where it names none.
    pub namespace: &'a str,
    /// Nodes from below the object's to the field's own; empty for the object itself.
    pub lineage: Vec<Id>,
}

impl<'o, 'a> Place<'o, 'a> {
    pub fn of(out: &'o Outline<'a>, node: Id) -> Self {
        let mut lineage = out.lineage(node);
        let mut root = 0;
        for _ in 0..4 {
            let list = out.value_at(root, &["kind"]).is_some_and(|kind| kind.ends_with("List"));
            let item = lineage.first().is_some_and(|&first| out.key(first) == "items")
                && lineage.get(1).is_some_and(|&item| out.nodes[item].item.is_some());
            if !list || !item {
                break;
            }
            root = lineage[1];
            lineage.drain(..2);
        }
        let kind = out.value_at(root, &["kind"]).unwrap_or("");
        let version = out.value_at(root, &["apiVersion"]).filter(|version| !version.is_empty());
        let namespace = out.value_at(root, &["metadata", "namespace"]).filter(|name| !name.is_empty());
        Self {
            out,
            root,
            kind,
            version: version.unwrap_or_else(|| super::snippets::version_of(kind)),
            namespace: namespace.unwrap_or("default"),
            lineage,
        }
    }

    /// The object's field path.
    pub fn path(&self) -> FieldPath {
        path_of(self.out, &self.lineage)
    }

    /// The path step by step, items as `[]`.
    pub fn steps(&self) -> Vec<&'a str> {
        let step = |&id: &Id| if self.out.nodes[id].item.is_some() { "[]" } else { self.out.key(id) };
        self.lineage.iter().map(step).collect()
    }

    /// Kind and steps as if a workload's template were a Pod.
    pub fn field(&self) -> (&'a str, Vec<&'a str>) {
        let mut steps = self.steps();
        if is_workload(self.kind) && steps.starts_with(&["spec", "template"]) && steps.len() > 2 {
            steps.drain(..2);
            return ("Pod", steps);
        }
        (self.kind, steps)
    }

    /// The schema's word on the field itself: for an item, on its list.
    pub fn offer(&self) -> Option<schema::Offer> {
        let is_field = |&id: &Id| self.out.nodes[id].item.is_none();
        let at = self.lineage.iter().rposition(is_field)?;
        let name = self.out.key(self.lineage[at]);
        schema::fields(self.version, self.kind, &path_of(self.out, &self.lineage[..at]))
            .into_iter()
            .find(|offer| offer.name == name)
    }

    /// The fields that may stand below.
    pub fn fields(&self) -> Vec<schema::Offer> {
        schema::fields(self.version, self.kind, &self.path())
    }

    /// Whether the field's own node is an item.
    pub fn is_item(&self) -> bool {
        self.lineage.last().is_some_and(|&id| self.out.nodes[id].item.is_some())
    }

    /// The place of a node above: `levels` up.
    pub fn above(&self, levels: usize) -> Option<Id> {
        match self.lineage.len().checked_sub(levels + 1) {
            Some(at) => Some(self.lineage[at]),
            None if self.lineage.len() == levels => Some(self.root),
            None => None,
        }
    }
}

fn path_of(out: &Outline<'_>, lineage: &[Id]) -> FieldPath {
    lineage.iter().fold(FieldPath::default(), |path, &id| match out.nodes[id].item {
        Some(number) => path.index(number as usize),
        None => path.any_field(out.key(id)),
    })
}

/// Deployment, ReplicaSet, StatefulSet, DaemonSet: those whose template is read.
pub(super) fn is_workload(kind: &str) -> bool {
    matches!(kind, "Deployment" | "ReplicaSet" | "StatefulSet" | "DaemonSet")
}

/// Steps as one text: `spec.ports[].port`.
pub(super) fn join(steps: &[&str]) -> String {
    let mut text = String::new();
    for step in steps {
        if *step != "[]" && !text.is_empty() {
            text.push('.');
        }
        text.push_str(step);
    }
    text
}
