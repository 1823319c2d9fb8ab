//! Which kinds the API server of Kubernetes 1.37 serves in which version.

use super::near::nearest;

/// What is wrong with a kind in a version, if anything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// It was there once: the version of Kubernetes that removed it and where it went.
    Removed {
        /// `1.22`
        in_version: &'static str,
        /// `networking.k8s.io/v1`; empty where nothing took its place.
        now: &'static str,
    },
    /// Its group's version never had it; the version that has the kind, or a similar kind.
    Unknown {
        /// `apps/v1`; empty where it is not known.
        version: &'static str,
        /// `Service`; empty where nothing is near.
        kind: &'static str,
    },
}

const SERVED: &[(&str, &str)] = &[
    (
        "v1",
        "Binding ComponentStatus ConfigMap Endpoints Event LimitRange List Namespace Node PersistentVolume \
         PersistentVolumeClaim Pod PodTemplate ReplicationController ResourceQuota Secret Service ServiceAccount",
    ),
    ("apps/v1", "ControllerRevision DaemonSet Deployment ReplicaSet StatefulSet"),
    ("batch/v1", "CronJob Job"),
    ("autoscaling/v1", "HorizontalPodAutoscaler Scale"),
    ("autoscaling/v2", "HorizontalPodAutoscaler"),
    ("networking.k8s.io/v1", "IPAddress Ingress IngressClass NetworkPolicy ServiceCIDR"),
    ("discovery.k8s.io/v1", "EndpointSlice"),
    ("policy/v1", "Eviction PodDisruptionBudget"),
    ("rbac.authorization.k8s.io/v1", "ClusterRole ClusterRoleBinding Role RoleBinding"),
    (
        "storage.k8s.io/v1",
        "CSIDriver CSINode CSIStorageCapacity StorageClass VolumeAttachment VolumeAttributesClass",
    ),
    ("scheduling.k8s.io/v1", "PriorityClass"),
    ("coordination.k8s.io/v1", "Lease"),
];

const REMOVED: &[(&str, &str, &str, &str)] = &[
    ("extensions/v1beta1", "Ingress", "1.22", "networking.k8s.io/v1"),
    ("networking.k8s.io/v1beta1", "Ingress", "1.22", "networking.k8s.io/v1"),
    ("networking.k8s.io/v1beta1", "IngressClass", "1.22", "networking.k8s.io/v1"),
    ("extensions/v1beta1", "NetworkPolicy", "1.16", "networking.k8s.io/v1"),
    ("extensions/v1beta1", "Deployment", "1.16", "apps/v1"),
    ("extensions/v1beta1", "DaemonSet", "1.16", "apps/v1"),
    ("extensions/v1beta1", "ReplicaSet", "1.16", "apps/v1"),
    ("extensions/v1beta1", "PodSecurityPolicy", "1.16", ""),
    ("apps/v1beta1", "Deployment", "1.16", "apps/v1"),
    ("apps/v1beta1", "StatefulSet", "1.16", "apps/v1"),
    ("apps/v1beta2", "Deployment", "1.16", "apps/v1"),
    ("apps/v1beta2", "DaemonSet", "1.16", "apps/v1"),
    ("apps/v1beta2", "ReplicaSet", "1.16", "apps/v1"),
    ("apps/v1beta2", "StatefulSet", "1.16", "apps/v1"),
    ("discovery.k8s.io/v1beta1", "EndpointSlice", "1.25", "discovery.k8s.io/v1"),
    ("batch/v1beta1", "CronJob", "1.25", "batch/v1"),
    ("policy/v1beta1", "PodDisruptionBudget", "1.25", "policy/v1"),
    ("policy/v1beta1", "PodSecurityPolicy", "1.25", ""),
    ("autoscaling/v2beta1", "HorizontalPodAutoscaler", "1.25", "autoscaling/v2"),
    ("autoscaling/v2beta2", "HorizontalPodAutoscaler", "1.26", "autoscaling/v2"),
    ("rbac.authorization.k8s.io/v1beta1", "Role", "1.22", "rbac.authorization.k8s.io/v1"),
    ("rbac.authorization.k8s.io/v1beta1", "RoleBinding", "1.22", "rbac.authorization.k8s.io/v1"),
    ("rbac.authorization.k8s.io/v1beta1", "ClusterRole", "1.22", "rbac.authorization.k8s.io/v1"),
    ("rbac.authorization.k8s.io/v1beta1", "ClusterRoleBinding", "1.22", "rbac.authorization.k8s.io/v1"),
];

/// What is wrong with a kind in a version; `None` where it is served, or is of a group
/// that this list does not hold (a custom resource).
#[must_use]
pub fn problem(api_version: &str, kind: &str) -> Option<Problem> {
    let of_version = |(version, kinds): &(&str, &str)| {
        *version == api_version && kinds.split_ascii_whitespace().any(|k| k == kind)
    };
    if SERVED.iter().any(of_version) {
        return None;
    }
    if let Some(&(_, _, in_version, now)) = REMOVED.iter().find(|(v, k, ..)| *v == api_version && *k == kind)
    {
        return Some(Problem::Removed { in_version, now });
    }
    let ours = SERVED.iter().any(|(version, _)| *version == api_version)
        || matches!(
            api_version.split_once('/').map_or("", |(group, _)| group),
            "" | "apps" | "batch" | "autoscaling" | "policy" | "extensions"
        );
    if !ours || kind.ends_with("List") {
        return None;
    }
    let elsewhere = SERVED
        .iter()
        .rev()
        .find_map(|(version, kinds)| Some((*version, kinds.split_ascii_whitespace().find(|k| *k == kind)?)));
    if let Some((version, kind)) = elsewhere {
        return Some(Problem::Unknown { version, kind });
    }
    let all = || SERVED.iter().flat_map(|(_, kinds)| kinds.split_ascii_whitespace());
    if SERVED.iter().any(|(version, _)| *version == api_version) {
        let kind = nearest(kind, all()).unwrap_or("");
        return Some(Problem::Unknown { version: "", kind });
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_schema_has_is_served() {
        for (kind, version, _) in &super::super::schema().kinds {
            assert_eq!(problem(version, kind), None, "{version} {kind}");
        }
    }

    #[test]
    fn knows_what_is_served_where() {
        assert_eq!(problem("v1", "Service"), None);
        assert_eq!(problem("gateway.networking.k8s.io/v1", "HTTPRoute"), None);
        assert_eq!(problem("acme.io/v1", "Service"), None);
        assert_eq!(
            problem("extensions/v1beta1", "Ingress"),
            Some(Problem::Removed { in_version: "1.22", now: "networking.k8s.io/v1" })
        );
        assert_eq!(
            problem("v1", "Deployment"),
            Some(Problem::Unknown { version: "apps/v1", kind: "Deployment" })
        );
        assert_eq!(problem("v1", "service"), Some(Problem::Unknown { version: "", kind: "Service" }));
        assert_eq!(problem("v1", "Widget"), Some(Problem::Unknown { version: "", kind: "" }));
    }
}
