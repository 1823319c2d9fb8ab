//! The words that fields of type text may be, where Kubernetes keeps a list of them,
//! and the name of that list's Go type (which the API server's messages name).

/// The words a field may be; empty where there is no list.
#[must_use]
pub fn of(type_name: &str, field: &str) -> &'static [&'static str] {
    find(type_name, field).map_or(&[], |(_, words)| words)
}

/// The Go type of a field, where it is a list of words: `v1.ServiceType`.
#[must_use]
pub fn go_type(type_name: &str, field: &str) -> Option<&'static str> {
    find(type_name, field).map(|(go, _)| go)
}

fn find(type_name: &str, field: &str) -> Option<(&'static str, &'static [&'static str])> {
    Some(match (type_name, field) {
        ("ServiceSpec", "type") => {
            ("v1.ServiceType", &["ClusterIP", "NodePort", "LoadBalancer", "ExternalName"])
        }
        ("ServiceSpec", "sessionAffinity") => ("v1.ServiceAffinity", &["None", "ClientIP"]),
        ("ServiceSpec", "externalTrafficPolicy") => {
            ("v1.ServiceExternalTrafficPolicy", &["Cluster", "Local"])
        }
        ("ServiceSpec", "internalTrafficPolicy") => {
            ("v1.ServiceInternalTrafficPolicy", &["Cluster", "Local"])
        }
        ("ServiceSpec", "ipFamilyPolicy") => {
            ("v1.IPFamilyPolicy", &["SingleStack", "PreferDualStack", "RequireDualStack"])
        }
        ("ServiceSpec", "ipFamilies") => ("v1.IPFamily", &["IPv4", "IPv6"]),
        ("ServiceSpec", "trafficDistribution") => {
            ("string", &["PreferSameZone", "PreferSameNode", "PreferClose"])
        }
        ("ServicePort" | "ContainerPort" | "EndpointPort" | "NetworkPolicyPort", "protocol") => {
            ("v1.Protocol", &["TCP", "UDP", "SCTP"])
        }
        ("LoadBalancerIngress", "ipMode") => ("v1.LoadBalancerIPMode", &["VIP", "Proxy"]),
        ("EndpointSlice", "addressType") => ("v1.AddressType", &["IPv4", "IPv6", "FQDN"]),
        ("HTTPIngressPath", "pathType") => ("v1.PathType", &["Exact", "Prefix", "ImplementationSpecific"]),
        ("PodSpec", "dnsPolicy") => {
            ("v1.DNSPolicy", &["ClusterFirst", "ClusterFirstWithHostNet", "Default", "None"])
        }
        ("PodSpec", "restartPolicy") => ("v1.RestartPolicy", &["Always", "OnFailure", "Never"]),
        ("Container", "imagePullPolicy") => ("v1.PullPolicy", &["Always", "IfNotPresent", "Never"]),
        ("Container", "restartPolicy") => ("v1.ContainerRestartPolicy", &["Always", "OnFailure", "Never"]),
        ("PodStatus", "phase") => ("v1.PodPhase", &["Pending", "Running", "Succeeded", "Failed", "Unknown"]),
        ("PodCondition" | "NodeCondition", "status") => ("v1.ConditionStatus", &["True", "False", "Unknown"]),
        ("NodeAddress", "type") => {
            ("v1.NodeAddressType", &["InternalIP", "ExternalIP", "Hostname", "InternalDNS", "ExternalDNS"])
        }
        ("Taint" | "Toleration", "effect") => {
            ("v1.TaintEffect", &["NoSchedule", "PreferNoSchedule", "NoExecute"])
        }
        ("Toleration", "operator") => ("v1.TolerationOperator", &["Exists", "Equal"]),
        ("LabelSelectorRequirement", "operator") => {
            ("v1.LabelSelectorOperator", &["In", "NotIn", "Exists", "DoesNotExist"])
        }
        ("DeploymentStrategy", "type") => ("v1.DeploymentStrategyType", &["RollingUpdate", "Recreate"]),
        ("StatefulSetUpdateStrategy", "type") => {
            ("v1.StatefulSetUpdateStrategyType", &["RollingUpdate", "OnDelete"])
        }
        ("DaemonSetUpdateStrategy", "type") => {
            ("v1.DaemonSetUpdateStrategyType", &["RollingUpdate", "OnDelete"])
        }
        ("StatefulSetSpec", "podManagementPolicy") => {
            ("v1.PodManagementPolicyType", &["OrderedReady", "Parallel"])
        }
        ("HTTPGetAction", "scheme") => ("v1.URIScheme", &["HTTP", "HTTPS"]),
        ("NetworkPolicySpec", "policyTypes") => ("v1.PolicyType", &["Ingress", "Egress"]),
        _ => return None,
    })
}
