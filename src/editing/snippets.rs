//! Whole objects to begin with: small, accepted by the API server as they are.

use super::{Completion, Kind};

/// Kind, apiVersion, what it is for, and what follows `metadata.name`.
const OBJECTS: &[(&str, &str, &str, &str)] = &[
    (
        "Service",
        "v1",
        "one name and address for many pods",
        "  name: web\nspec:\n  selector:\n    app: web\n  ports:\n  - port: 80\n    targetPort: 8080\n",
    ),
    (
        "Deployment",
        "apps/v1",
        "keeps a number of equal pods",
        "  name: web\nspec:\n  replicas: 3\n  selector:\n    matchLabels:\n      app: web\n  template:\n    \
         metadata:\n      labels:\n        app: web\n    spec:\n      containers:\n      - name: web\n        \
         image: nginx\n        ports:\n        - containerPort: 8080\n",
    ),
    (
        "Pod",
        "v1",
        "containers that share an address",
        "  name: web\n  labels:\n    app: web\nspec:\n  containers:\n  - name: web\n    image: nginx\n    \
         ports:\n    - containerPort: 8080\n",
    ),
    (
        "Ingress",
        "networking.k8s.io/v1",
        "hosts and paths to Services",
        "  name: web\nspec:\n  ingressClassName: nginx\n  rules:\n  - host: www.example.com\n    http:\n      \
         paths:\n      - path: /\n        pathType: Prefix\n        backend:\n          service:\n            \
         name: web\n            port:\n              number: 80\n",
    ),
    (
        "StatefulSet",
        "apps/v1",
        "pods with names that stay",
        "  name: db\nspec:\n  serviceName: db\n  replicas: 3\n  selector:\n    matchLabels:\n      app: db\n  \
         template:\n    metadata:\n      labels:\n        app: db\n    spec:\n      containers:\n      \
         - name: db\n        image: postgres\n        ports:\n        - containerPort: 5432\n",
    ),
    (
        "DaemonSet",
        "apps/v1",
        "one pod on each node",
        "  name: agent\nspec:\n  selector:\n    matchLabels:\n      app: agent\n  template:\n    metadata:\n      \
         labels:\n        app: agent\n    spec:\n      containers:\n      - name: agent\n        image: agent\n        \
         ports:\n        - containerPort: 9100\n",
    ),
    (
        "EndpointSlice",
        "discovery.k8s.io/v1",
        "endpoints by hand, for a Service without a selector",
        "  name: db-1\n  labels:\n    kubernetes.io/service-name: db\naddressType: IPv4\nports:\n- port: 5432\n\
         endpoints:\n- addresses:\n  - 192.0.2.10\n",
    ),
    (
        "IngressClass",
        "networking.k8s.io/v1",
        "which controller serves an Ingress",
        "  name: nginx\nspec:\n  controller: k8s.io/ingress-nginx\n",
    ),
    ("Namespace", "v1", "a room for names", "  name: shop\n"),
    (
        "Node",
        "v1",
        "a machine; with one of them, only those are there",
        "  name: node-1\n  labels:\n    topology.kubernetes.io/zone: zone-a\n",
    ),
    (
        "ReplicaSet",
        "apps/v1",
        "what a Deployment makes",
        "  name: web\nspec:\n  replicas: 3\n  selector:\n    matchLabels:\n      app: web\n  template:\n    \
         metadata:\n      labels:\n        app: web\n    spec:\n      containers:\n      - name: web\n        \
         image: nginx\n",
    ),
    ("Endpoints", "v1", "the old form of EndpointSlice", "  name: db\nsubsets: []\n"),
];

/// All objects, whole.
pub(super) fn all() -> Vec<Completion> {
    OBJECTS
        .iter()
        .filter(|(kind, ..)| *kind != "Endpoints")
        .map(|(kind, version, what, rest)| Completion {
            label: (*kind).to_owned(),
            detail: (*what).to_owned(),
            insert: ["apiVersion: ", version, "\nkind: ", kind, "\nmetadata:\n", rest].concat(),
            kind: Kind::Object,
        })
        .collect()
}

/// The version of a kind that is simulated; empty for others.
pub(super) fn version_of(kind: &str) -> &'static str {
    OBJECTS.iter().find(|(k, ..)| *k == kind).map_or("", |(_, version, ..)| version)
}

/// Kinds with their versions.
pub(super) fn kinds() -> impl Iterator<Item = (&'static str, &'static str)> {
    OBJECTS.iter().map(|(kind, version, ..)| (*kind, *version))
}
