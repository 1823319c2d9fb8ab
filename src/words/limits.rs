//! What is said where a text asks for more than is simulated: a sentence and what to do.

/// A Service with too many ports.
pub(crate) fn service_ports(most: usize, found: usize) -> (String, &'static str) {
    (format!("only the first {most} of {found} ports are simulated"), "Nobody answers at the others.")
}

/// Too many endpoints; `cut` Services or slices have fewer than they would.
pub(crate) fn endpoints(most: usize, cut: usize) -> (String, &'static str) {
    (
        format!("more than {most} endpoints: {cut} Services or EndpointSlices have only their first ones"),
        "Lower the number of pods, or let fewer Services select them.",
    )
}

/// Too many pods of workloads.
pub(crate) fn pods(most: usize, left_out: usize) -> (String, &'static str) {
    (
        format!("only the first {most} pods of workloads are made; {left_out} are left out"),
        "Lower spec.replicas.",
    )
}
