//! `endpointslices.json`: pods → endpoints, conditions, ports, labels, packing, hints.

use crate::objects::{complete, id, object, rows, text};
use crate::score::{Score, same};
use portolan::cluster::endpointslices::{self as slices, MAX_ENDPOINTS_PER_SLICE, Topology};
use portolan::cluster::index::PodsByLabel;
use portolan::cluster::{EndpointSlice, Node, Origin, Pod, pods};
use portolan::manifest::endpoints::Endpoint;
use portolan::manifest::metadata::Labels;
use portolan::manifest::{self, Body, Object, ObjectRef};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::rc::Rc;

pub fn run(table: &Value, score: &mut Score) {
    type Check = fn(&Value) -> Result<(), String>;
    let sections: [(&str, Check); 15] = [
        ("podToEndpoint", pod_to_endpoint),
        ("findPort", find_port),
        ("endpointPorts", endpoint_ports),
        ("newSliceMetadata", new_slice_metadata),
        ("setSliceLabels", set_slice_labels),
        ("addressTypes", address_types),
        ("topologyAnnotation", topology_annotation),
        ("shouldPodBeInEndpoints", should_pod_be_in_endpoints),
        ("shouldSetHostname", should_set_hostname),
        ("podServiceMembership", pod_service_membership),
        ("trafficDistributionHints", traffic_distribution_hints),
        ("reconcile1Pod", reconcile_pods),
        ("packing", packing),
        ("podMissingNode", pod_missing_node),
        ("trafficDistributionReconcile", traffic_distribution_reconcile),
    ];
    for (section, check) in sections {
        for (index, row) in rows(table, section).iter().enumerate() {
            score.case(id(section, index, row), || check(row));
        }
    }
    for (index, row) in rows(table, "headlessNoPorts").iter().enumerate() {
        score.case(id("headlessNoPorts", index, row), || headless_no_ports(row));
    }
}

fn service_of(object: &Object) -> Result<&manifest::Service, String> {
    match &object.body {
        Body::Service(service) => Ok(service),
        _ => Err("no Service".to_owned()),
    }
}

fn pod(value: &Value) -> Result<Pod, String> {
    pods::as_written(&*object(value, "v1", "Pod")?).ok_or_else(|| "no Pod".to_owned())
}

/// A pod spec of the tables: containers may be lists of ports.
fn pod_spec(value: &Value) -> Value {
    let containers = |key: &str| -> Value {
        rows(value, key)
            .iter()
            .map(|c| if c.is_array() { json!({ "ports": c }) } else { c.clone() })
            .collect()
    };
    json!({ "spec": { "containers": containers("containers"), "initContainers": containers("initContainers") } })
}

fn node(name: &str, zone: &str, ready: bool) -> Node {
    let labels: Labels = vec![("topology.kubernetes.io/zone".into(), zone.into())];
    Node {
        id: ObjectRef::new("Node", "", name),
        origin: Origin::Text,
        labels,
        zone: zone.into(),
        addresses: Vec::new(),
        pod_cidrs: Vec::new(),
        schedulable: true,
        ready,
    }
}

/// A node of the tables: its name and zone alone, or a whole Node.
fn stated_node(value: &Value) -> Node {
    let metadata = &value["metadata"];
    let either =
        |one: &'_ str, other: &'_ str| if one.is_empty() { other.to_owned() } else { one.to_owned() };
    let labels = if value["labels"].is_object() { &value["labels"] } else { &metadata["labels"] };
    let name = either(text(value, "name"), text(metadata, "name"));
    let zone = either(text(value, "zone"), text(labels, "topology.kubernetes.io/zone"));
    node(&name, &zone, value["ready"] != false)
}

fn nodes(row: &Value) -> Vec<Node> {
    rows(row, "nodes").iter().map(stated_node).collect()
}

/// An endpoint in the tables' form: absent rather than null, hints in one place.
fn endpoint_json(endpoint: &Endpoint) -> Value {
    let mut value = serde_json::to_value(endpoint).unwrap_or_default();
    if let Some(fields) = value.as_object_mut() {
        let mut hints = Map::new();
        for (key, list) in [("forZones", &endpoint.for_zones), ("forNodes", &endpoint.for_nodes)] {
            if let Some(names) = list {
                hints.insert(key.to_owned(), names.iter().map(|n| json!({ "name": &**n })).collect());
            }
        }
        if !hints.is_empty() {
            fields.insert("hints".to_owned(), Value::Object(hints));
        }
    }
    value
}

fn labels_json(labels: &Labels) -> Value {
    labels.iter().map(|(k, v)| (k.to_string(), Value::from(&**v))).collect::<Map<_, _>>().into()
}

fn labels(value: &Value) -> Labels {
    let pairs = value.as_object().into_iter().flatten();
    pairs.map(|(k, v)| (k.as_str().into(), v.as_str().unwrap_or("").into())).collect()
}

fn reconcile(
    service: &Value,
    pods: &[Pod],
    nodes: &[Node],
    max: usize,
) -> Result<(Vec<EndpointSlice>, usize), String> {
    let object = object(service, "v1", "Service")?;
    let spec = &service_of(&object)?.spec;
    let pods: Vec<&Pod> = pods.iter().collect();
    Ok(slices::reconcile(&object.id, &object.metadata, spec, &pods, &Topology::of(nodes.iter()), max))
}

fn pod_to_endpoint(row: &Value) -> Result<(), String> {
    let object = object(&row["service"], "v1", "Service")?;
    let spec = &service_of(&object)?.spec;
    let got_pod = pod(&row["pod"])?;
    let node = row.get("node").filter(|n| n.is_object()).map(stated_node);
    let got = slices::pod_to_endpoint(&got_pod, node.as_ref(), &object.id, spec, text(row, "addressType"));
    same(&endpoint_json(&got), &row["expectEndpoint"])
}

fn service_ports(ports: &Value) -> Result<Vec<manifest::service::ServicePort>, String> {
    let object = object(&json!({ "spec": { "ports": ports } }), "v1", "Service")?;
    Ok(service_of(&object)?.spec.ports.clone())
}

fn find_port(row: &Value) -> Result<(), String> {
    let ports = service_ports(&json!([row["servicePort"]]))?;
    let got = slices::find_port(&pod(&pod_spec(&row["pod"]))?.spec, ports.first().ok_or("no port")?);
    same(got, row["expect"]["port"].as_i64())
}

fn endpoint_ports(row: &Value) -> Result<(), String> {
    let ports = service_ports(&row["servicePorts"])?;
    let got = slices::endpoint_ports(&ports, &pod(&pod_spec(&row["podSpec"]))?.spec);
    same(&serde_json::to_value(got).unwrap_or_default(), &row["expectPorts"])
}

/// What the controller gives a new slice, seen at a Service that selects no pod.
fn new_slice_metadata(row: &Value) -> Result<(), String> {
    let (made, _) = reconcile(&row["service"], &[], &[], MAX_ENDPOINTS_PER_SLICE)?;
    let slice = made.first().ok_or("no slice")?;
    let expect = &row["expect"];
    same(&labels_json(&slice.labels), &expect["labels"])?;
    same(&*slice.id.namespace, text(expect, "namespace"))?;
    let Origin::Controller(owner) = &slice.origin else { return Err("no owner".to_owned()) };
    same(&*owner.kind, text(&expect["ownerReference"], "kind"))?;
    same(&*owner.name, text(&expect["ownerReference"], "name"))?;
    let prefix = text(expect, "generateName");
    same(&*slices::generate_name(&owner.name), prefix)?;
    let suffix = slice.id.name.strip_prefix(prefix).ok_or("another prefix")?;
    same(suffix.len(), 5)
}

fn set_slice_labels(row: &Value) -> Result<(), String> {
    let name: Rc<str> = text(row, "serviceName").into();
    let (service, slice) = (labels(&row["serviceLabels"]), labels(&row["sliceLabels"]));
    let got = slices::slice_labels(&name, &service, row["headless"] == true);
    same(&labels_json(&got), &row["expect"]["labels"])?;
    let free = |labels: &Labels| labels_json(&slices::free_labels(labels));
    same(free(&slice) != free(&service), row["expect"]["updated"] == true)
}

fn address_types(row: &Value) -> Result<(), String> {
    let object = object(&json!({ "spec": row["serviceSpec"] }), "v1", "Service")?;
    // Upstream has a set of them.
    let mut got = slices::address_types(&service_of(&object)?.spec).into_owned();
    got.sort();
    let mut expected: Vec<&str> = rows(row, "expectAddressTypes").iter().filter_map(Value::as_str).collect();
    expected.sort_unstable();
    same(json!(got), json!(expected))
}

fn topology_annotation(row: &Value) -> Result<(), String> {
    same(slices::wants_auto_hints(&labels(&row["annotations"])), row["expectAutoHints"] == true)
}

fn should_pod_be_in_endpoints(row: &Value) -> Result<(), String> {
    let got = slices::should_pod_be_in_endpoints(&pod(&row["pod"])?, row["includeTerminating"] == true);
    same(got, row["expect"] == true)
}

fn should_set_hostname(row: &Value) -> Result<(), String> {
    let stated = &row["pod"];
    let got_pod = pod(&json!({
        "metadata": { "namespace": stated["namespace"], "name": "pod" },
        "spec": { "hostname": stated["hostname"], "subdomain": stated["subdomain"] },
    }))?;
    let service =
        ObjectRef::new("Service", text(&row["service"], "namespace"), text(&row["service"], "name"));
    same(slices::should_set_hostname(&got_pod, &service), row["expect"] == true)
}

fn pod_service_membership(row: &Value) -> Result<(), String> {
    let pods = [Rc::new(pod(&row["pod"])?)];
    let by_label = PodsByLabel::of(&pods);
    let mut got = Vec::new();
    for service in rows(row, "services") {
        let object = object(service, "v1", "Service")?;
        let selector = service_of(&object)?.spec.selector.clone().unwrap_or_default();
        let selected = by_label.selected(&object.id.namespace, &selector).next().is_some();
        if selected {
            got.push(format!("{}/{}", object.id.namespace, object.id.name));
        }
    }
    same(&json!(got), &row["expectServices"])
}

fn traffic_distribution_hints(row: &Value) -> Result<(), String> {
    let distribution = row["trafficDistribution"].as_str();
    // Gives hints to the endpoints of one slice, as the tables write it.
    let hinted = |slice: &Value| -> Result<Value, String> {
        let value = json!({ "addressType": "IPv4", "endpoints": slice, "ports": [] });
        let object = object(&value, "discovery.k8s.io/v1", "EndpointSlice")?;
        let Body::EndpointSlice(slice) = &object.body else { return Err("no slice".to_owned()) };
        let mut endpoints = slice.endpoints.clone();
        slices::traffic_hints(distribution, &mut endpoints.iter_mut().collect::<Vec<_>>());
        Ok(endpoints.iter().map(endpoint_json).collect())
    };
    let all = |key: &str| rows(&row["in"], key).iter().map(hinted).collect::<Result<Vec<_>, _>>();
    let (create, mut update, mut unchanged) = (all("slicesToCreate")?, all("slicesToUpdate")?, Vec::new());
    for (before, after) in rows(&row["in"], "slicesUnchanged").iter().zip(all("slicesUnchanged")?) {
        if *before == after { unchanged.push(after) } else { update.push(after) }
    }
    let got = json!({ "slicesToCreate": create, "slicesToUpdate": update, "slicesUnchanged": unchanged });
    same(&got, &row["expect"])
}

fn reconcile_pods(row: &Value) -> Result<(), String> {
    let pods: Vec<Pod> = rows(row, "pods").iter().map(pod).collect::<Result<_, _>>()?;
    let (made, _) = reconcile(&row["service"], &pods, &nodes(row), MAX_ENDPOINTS_PER_SLICE)?;
    let as_row = |slice: &EndpointSlice| {
        json!({
            "addressType": slice.slice.address_type,
            "labels": labels_json(&slice.labels),
            "ports": slice.slice.ports,
            "endpoints": slice.slice.endpoints.iter().map(endpoint_json).collect::<Vec<_>>(),
        })
    };
    same(&made.iter().map(as_row).collect::<Value>(), &row["expectSlices"])
}

/// The tables' pods: labelled `foo: bar`, each with its own address and on its own node.
fn numbered_pod(index: usize, ready: bool, port: Option<&Value>) -> Result<Pod, String> {
    let ip = format!("10.{}.{}.{}", index / 65536, index / 256 % 256, index % 256);
    let ports = port.map(|port| json!([{ "name": "p", "containerPort": port, "protocol": "TCP" }]));
    pod(&json!({
        "metadata": { "namespace": "test", "name": format!("pod{index}"), "labels": { "foo": "bar" } },
        "spec": { "nodeName": "node-1", "containers": [{ "name": "c", "ports": ports }] },
        "status": {
            "phase": "Running",
            "podIP": ip,
            "conditions": [{ "type": "Ready", "status": if ready { "True" } else { "False" } }],
        },
    }))
}

fn packing(row: &Value) -> Result<(), String> {
    let count = row["pods"].as_u64().ok_or("no pods")? as usize;
    let every = row["unreadyEvery"].as_u64().unwrap_or(0) as usize;
    let named = rows(row, "namedPortValues");
    let pods: Vec<Pod> = (0..count)
        .map(|i| {
            let ready = every == 0 || i % every != 0;
            numbered_pod(i, ready, (!named.is_empty()).then(|| &named[i % named.len()]))
        })
        .collect::<Result<_, _>>()?;
    let target = if named.is_empty() { json!(80) } else { json!("p") };
    let service = json!({
        "metadata": { "namespace": "test", "name": "foo" },
        "spec": {
            "selector": { "foo": "bar" },
            "ipFamilies": ["IPv4"],
            "ports": [{ "protocol": "TCP", "port": 80, "targetPort": target }],
            "publishNotReadyAddresses": row["publishNotReadyAddresses"] == true,
        },
    });
    let max = row["maxEndpointsPerSlice"].as_u64().map_or(MAX_ENDPOINTS_PER_SLICE, |n| n as usize);
    let (made, _) = reconcile(&service, &pods, &[node("node-1", "z", true)], max)?;
    let mut lengths: Vec<usize> = made.iter().map(|s| s.slice.endpoints.len()).collect();
    lengths.sort_unstable_by(|a, b| b.cmp(a));
    same(&json!(lengths), &row["expectSliceLengths"])?;
    if let Some(expected) = row.get("expectSlicePorts") {
        let ports: Vec<Value> = made.iter().map(|s| json!(s.slice.ports)).collect();
        same(&json!(ports), expected)?;
    }
    if row["expectAllReady"] == true {
        let ready = |e: &Endpoint| e.conditions.ready == Some(true);
        same(made.iter().flat_map(|s| &s.slice.endpoints).all(ready), true)?;
    }
    Ok(())
}

fn pod_missing_node(row: &Value) -> Result<(), String> {
    let mut pods = Vec::new();
    for (index, node) in rows(row, "podsOnNodes").iter().enumerate() {
        let mut pod = numbered_pod(index, true, None)?;
        pod.node = node.as_str().map(Into::into);
        pods.push(pod);
    }
    let existing: Vec<Node> =
        rows(row, "existingNodes").iter().map(|n| node(n.as_str().unwrap_or(""), "z", true)).collect();
    let service = json!({
        "metadata": { "namespace": "test", "name": "foo" },
        "spec": {
            "selector": { "foo": "bar" },
            "ipFamilies": ["IPv4"],
            "ports": [{ "port": 80, "targetPort": 80 }],
            "publishNotReadyAddresses": row["publishNotReadyAddresses"],
        },
    });
    let (made, left_out) = reconcile(&service, &pods, &existing, MAX_ENDPOINTS_PER_SLICE)?;
    let endpoints: usize = made.iter().map(|s| s.slice.endpoints.len()).sum();
    same(json!(endpoints), row["expectEndpoints"].clone())?;
    same(left_out > 0, row["expectRetryError"] == true)
}

fn traffic_distribution_reconcile(row: &Value) -> Result<(), String> {
    let mut pods = Vec::new();
    for (index, stated) in rows(row, "pods").iter().enumerate() {
        let mut pod = numbered_pod(index, true, None)?;
        pod.node = stated["node"].as_str().map(Into::into);
        pods.push(pod);
    }
    let mut service = complete(&json!({}), "v1", "Service");
    service["metadata"] = json!({ "namespace": "test", "name": "foo" });
    let mode = text(row, "topologyAnnotation");
    if !mode.is_empty() {
        service["metadata"]["annotations"] = json!({ "service.kubernetes.io/topology-mode": mode });
    }
    service["spec"] = json!({
        "selector": { "foo": "bar" },
        "ipFamilies": ["IPv4"],
        "ports": [{ "port": 80, "targetPort": 80 }],
        "trafficDistribution": row["trafficDistribution"],
    });
    let (made, _) = reconcile(&service, &pods, &nodes(row), MAX_ENDPOINTS_PER_SLICE)?;
    let endpoints: Vec<&Endpoint> = made.iter().flat_map(|s| &s.slice.endpoints).collect();
    let mut by_zone: BTreeMap<&str, u64> = BTreeMap::new();
    let mut by_node: BTreeMap<&str, u64> = BTreeMap::new();
    let mut crossing = 0_u64;
    for endpoint in &endpoints {
        match endpoint.for_zones.as_deref() {
            Some(zones) => {
                for zone in zones {
                    *by_zone.entry(zone).or_default() += 1;
                    crossing += u64::from(endpoint.zone.as_ref() != Some(zone));
                }
            }
            None => *by_zone.entry("").or_default() += 1,
        }
        for node in endpoint.for_nodes.iter().flatten() {
            *by_node.entry(node).or_default() += 1;
        }
    }
    same(&json!(by_zone), &row["expectZoneHintCounts"])?;
    let by_node = if by_node.is_empty() { Value::Null } else { json!(by_node) };
    same(&by_node, &row["expectNodeHintCounts"])?;
    same(json!(crossing), row["expectCrossZoneHints"].clone())
}

fn headless_no_ports(row: &Value) -> Result<(), String> {
    let pods: Vec<Pod> = rows(row, "pods").iter().map(pod).collect::<Result<_, _>>()?;
    let nodes: Vec<Node> =
        pods.iter().filter_map(|p| p.node.as_deref()).map(|name| node(name, "z", true)).collect();
    let (made, _) = reconcile(&row["service"], &pods, &nodes, MAX_ENDPOINTS_PER_SLICE)?;
    same(json!(made.len()), row["expectSliceCount"].clone())?;
    same(&json!(made.first().ok_or("no slice")?.slice.ports), &row["expectPorts"])
}
