//! The examples that the page offers, one click each. Their texts are files under
//! `static/examples/`, small enough to travel inside the program.

/// A text to start from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Example {
    /// Stable, for links: the name of its file.
    pub id: &'static str,
    /// Title.
    pub title: &'static str,
    /// What to look for, in two or three sentences.
    pub look_for: &'static str,
    /// The manifests.
    pub text: &'static str,
}

/// An example whose text is the file of its id.
macro_rules! example {
    ($id:literal, $title:literal, $look_for:literal) => {
        Example {
            id: $id,
            title: $title,
            look_for: $look_for,
            text: include_str!(concat!("../../static/examples/", $id, ".yaml")),
        }
    };
}

/// The one that the page opens on.
pub const FIRST: Example = example!(
    "stable-name",
    "A stable name for pods that come and go",
    "Delete a web pod: another takes its place, with a new name and a new address. \
     A client that kept the old address fails. A client that asks for the name web \
     does not, because the Service's address stays and its endpoints follow the label."
);

/// All examples, in the order in which they teach; the page opens on the first.
pub const ALL: &[Example] = &[
    FIRST,
    example!(
        "cluster-ip",
        "ClusterIP",
        "Both frontends ask for api. The name stands for one address, and rules on the \
         caller's own node pick one of the three pods, by chance and anew for each \
         connection. From the internet no way leads to that address: try it."
    ),
    example!(
        "node-port",
        "NodePort",
        "Port 30080 is open on every node, also on a node without a web pod: the request \
         is then sent on to a pod of another node. The pod sees the address of the node \
         that sent it on, not the client's."
    ),
    example!(
        "load-balancer",
        "LoadBalancer",
        "The cloud gives the Service an address outside and passes each connection to some \
         node, whose rules pick a pod, perhaps on another node. The shell that calls the \
         same address never leaves the cluster: its own node recognises it."
    ),
    example!(
        "external-name",
        "ExternalName",
        "The resolver answers billing with another name, and that is all the Service does: \
         no address, no rules, no ports. stock leads in the same way to a Service of the \
         namespace depot, which does have an address and a pod."
    ),
    example!(
        "ingress",
        "Ingress with two hosts and three paths",
        "One controller answers for both hosts, and the longest matching path wins. \
         /api/v1 goes to api but /apis to web, because Prefix compares whole parts of the \
         path; /guide/ is a 404, because Exact means exact. The controller connects \
         straight to a pod and leaves the cluster IPs aside."
    ),
    example!(
        "external-database",
        "Service without a selector (external database)",
        "The Service db has an address like any other; its endpoints are the two that its \
         EndpointSlice lists, both outside the cluster. When the database moves, only the \
         slice changes. Take its label away and connections to db are refused at once."
    ),
    example!(
        "other-namespace",
        "Another namespace",
        "Both namespaces have a Service api. From the shell in blue, api means blue's own \
         and api.green the other one. A selector never looks beyond its namespace, although \
         both pods carry the label app: api."
    ),
    example!(
        "headless",
        "Headless",
        "The name db stands for the addresses of all ready pods, and the client picks one; \
         db-1.db stands for one pod and still does after that pod was replaced. No rule is \
         in between, so that no port is mapped: ask for the port the pods listen on."
    ),
    example!(
        "two-ports",
        "Two ports, one named",
        "The target port is the name http, and each pod says which number that is: 8080 in \
         old, 9090 in new. So both serve port 80 while one takes over from the other. \
         stats is UDP, and a TCP connection to 8125 finds nobody."
    ),
    example!(
        "selector-typo",
        "A selector that matches nothing",
        "The Service selects app: apj, the pods say app: api. The name still resolves, since \
         the Service has its address; but without endpoints every connection is refused at \
         once. Correct the letter and the endpoints appear."
    ),
    example!(
        "session-affinity",
        "Session affinity",
        "The first connection of each client goes to a pod picked by chance; the next ones \
         go to the same pod, until ten minutes pass without any. What counts is the client's \
         address, not a cookie, and each node remembers on its own."
    ),
    example!(
        "traffic-policy-local",
        "External traffic policy Local",
        "From outside, a node hands requests to its own pods only, and they see the client's \
         own address. The load balancer skips the node without a web pod; a request straight \
         to that node's port waits in vain. The shell is inside, so it reaches every pod."
    ),
    example!(
        "shop",
        "A small shop of ten services",
        "Customers come in by the Ingress, by chat's load balancer and by a node port for \
         admin; pay and db lie outside. Choose a Service to see its pods, delete a pod, \
         break a selector, and follow one request through the crowd."
    ),
];

/// The example of an id.
#[must_use]
pub fn by_id(id: &str) -> Option<&'static Example> {
    ALL.iter().find(|example| example.id == id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn ids_and_titles_are_unique_and_found() {
        assert_eq!(ALL.len(), 14);
        assert_eq!(ALL.iter().map(|e| e.id).collect::<BTreeSet<_>>().len(), ALL.len());
        assert_eq!(ALL.iter().map(|e| e.title).collect::<BTreeSet<_>>().len(), ALL.len());
        for example in ALL {
            assert_eq!(by_id(example.id), Some(example));
        }
        assert_eq!(by_id("none such"), None);
    }

    #[test]
    fn texts_are_small_and_fit_a_projector() {
        for example in ALL {
            let limit = if example.id == "shop" { 6 * 1024 } else { 1536 };
            assert!(example.text.len() <= limit, "{}: {} bytes", example.id, example.text.len());
            assert!(example.text.ends_with('\n') && !example.text.contains('\t'), "{}", example.id);
            for line in example.text.lines() {
                assert!(line.len() <= 60, "{}: {line}", example.id);
                assert_eq!(line, line.trim_end(), "{}", example.id);
            }
        }
    }

    #[test]
    fn every_file_is_an_example() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/static/examples");
        let files: BTreeSet<String> = std::fs::read_dir(folder)
            .expect("the folder of examples")
            .map(|file| file.expect("a file").file_name().to_string_lossy().into_owned())
            .collect();
        assert_eq!(files, ALL.iter().map(|e| format!("{}.yaml", e.id)).collect());
    }
}
