//! The words of the page itself: buttons, labels, notices.

use super::reasons;
use crate::manifest::ObjectRef;
use crate::playback::Lens;
use crate::routing::{Hop, HopKind, Place, Trace};
use crate::session::draft::Flaw;
use crate::sim::{Change, Millis};
use crate::source::Position;

/// Name of the page.
pub const NAME: &str = "Portolan";
/// Label of the bar at the top.
pub const EXAMPLES: &str = "Example";
/// Entry of the picker for a text of one's own.
pub const OWN_TEXT: &str = "Your text";
/// What the entry leads to.
pub const OWN_TEXT_MORE: &str = "As you left it";
/// Button that opens the note of an example.
pub const LOOK_FOR: &str = "What to look for";
/// Lenses.
pub const LENS: &str = "Lens";
/// The lens client → Service → Pod.
pub const CONCEPT: &str = "Concept";
/// What it shows.
pub const CONCEPT_MORE: &str = "Client, Service, pod: how a Service is meant";
/// The lens of rules and addresses.
pub const PACKET: &str = "Packet";
/// What it shows.
pub const PACKET_MORE: &str = "Names, rules and addresses: what really happens";
/// For a projector.
pub const PRESENT: &str = "Present";
/// What it does.
pub const PRESENT_MORE: &str = "Bigger type, no editor: for a projector";
/// Theme as the system has it.
pub const THEME_AUTO: &str = "Colours: as the system has them";
/// Light theme.
pub const THEME_LIGHT: &str = "Colours: light";
/// Dark theme.
pub const THEME_DARK: &str = "Colours: dark";
/// Help.
pub const HELP: &str = "Help";
/// Closes a dialog or a note.
pub const CLOSE: &str = "Close";
/// Where the stage is on a small screen.
pub const STAGE: &str = "Stage";
/// The editor's panel.
pub const TEXT: &str = "Text";
/// The route panel.
pub const ROUTE: &str = "Route";
/// The details panel.
pub const DETAILS: &str = "Details";
/// Names the choice of panels.
pub const PANELS: &str = "Panels";
/// Names the editor.
pub const EDITOR: &str = "Manifests, as YAML or JSON";
/// Names the request form.
pub const COMPOSER: &str = "Send a request";
/// From.
pub const FROM: &str = "From";
/// To.
pub const TO: &str = "To";
/// Port.
pub const PORT: &str = "Port";
/// Protocol.
pub const PROTOCOL: &str = "Protocol";
/// Host header.
pub const HOST: &str = "Host header";
/// Path.
pub const PATH: &str = "Path";
/// Address of a client outside.
pub const CLIENT_ADDRESS: &str = "Address of the client";
/// Stands in an empty port field.
pub const PORT_EMPTY: &str = "80";
/// Stands in an empty `to` field.
pub const TO_EMPTY: &str = "name, address or URL";
/// Sends.
pub const SEND: &str = "Send";
/// Sends the same once more.
pub const AGAIN: &str = "Ask again";
/// Opens the fields that are seldom needed.
pub const MORE_FIELDS: &str = "Port, host, path";
/// The cloud's, in the title of a leg.
pub const LOAD_BALANCER: &str = "load balancer";
/// Group of sources.
pub const OUTSIDE: &str = "Outside";
/// The source outside.
pub const INTERNET: &str = "the internet";
/// Group of sources.
pub const PODS: &str = "Pods";
/// Group of sources.
pub const NODES: &str = "Nodes";
/// Switch of the cluster's own traffic.
pub const TRAFFIC: &str = "The cluster’s own requests";
/// Says that it is on.
pub const ON: &str = "on";
/// Says that it is off.
pub const OFF: &str = "off";
/// Time.
pub const TIME: &str = "Time";
/// Step back.
pub const STEP_BACK: &str = "Step back";
/// Step forward.
pub const STEP_FORWARD: &str = "Step forward";
/// Play.
pub const PLAY: &str = "Play";
/// Pause.
pub const PAUSE: &str = "Pause";
/// Speed.
pub const SPEED: &str = "Speed";
/// Nobody is under way yet.
pub const NO_ROUTE: &str = "No request yet";
/// What to do about it.
pub const NO_ROUTE_MORE: &str = "Send one above, or let the cluster's own requests run.";
/// Names the legs.
pub const LEGS: &str = "The way of the request";
/// Back to following whoever leads.
pub const FOLLOW_LEAD: &str = "Follow the next request";
/// Above what would mend a failure.
pub const FIX: &str = "What would mend it";
/// Destination translation.
pub const DNAT: &str = "DNAT";
/// In full.
pub const DNAT_MORE: &str = "The destination address is changed";
/// In full.
pub const SNAT_MORE: &str = "The source address is changed";
/// Source translation.
pub const SNAT: &str = "SNAT";
/// Before the old addresses, for screen readers.
pub const BEFORE: &str = "before";
/// Before the new addresses, for screen readers.
pub const AFTER: &str = "after";
/// The problems list.
pub const PROBLEMS: &str = "Problems";
/// No problem at all.
pub const NO_PROBLEMS: &str = "No problems";
/// Severities.
pub const ERROR: &str = "Error";
/// Severities.
pub const WARNING: &str = "Warning";
/// Severities.
pub const INFO: &str = "Note";
/// A pod's button.
pub const DELETE_POD: &str = "Delete pod";
/// A pod's button.
pub const MAKE_UNREADY: &str = "Make it not ready";
/// A pod's button.
pub const MAKE_READY: &str = "Make it ready";
/// A pod's button.
pub const SEND_FROM_HERE: &str = "Send requests from here";
/// A Service's button.
pub const SEND_TO_IT: &str = "Ask for it";
/// Opens the place in the text.
pub const SHOW_IN_TEXT: &str = "Show in the text";
/// Takes the choice away.
pub const UNSELECT: &str = "Choose nothing";
/// Nothing is selected.
pub const NOTHING_SELECTED: &str = "Choose a Service, a pod or a node on the stage.";
/// Labels.
pub const LABELS: &str = "Labels";
/// Node.
pub const NODE: &str = "Node";
/// Address.
pub const ADDRESSES: &str = "Addresses";
/// Ports.
pub const PORTS: &str = "Ports";
/// Selector.
pub const SELECTOR: &str = "Selector";
/// No selector.
pub const NO_SELECTOR: &str = "none: its endpoints are written by hand";
/// Type.
pub const TYPE: &str = "Type";
/// Endpoints.
pub const ENDPOINTS: &str = "Endpoints";
/// No endpoints.
pub const NO_ENDPOINTS: &str = "none";
/// The table of pods that are not endpoints.
pub const WHY_NOT: &str = "Which pods, and why not the others";
/// In that table.
pub const IS_ENDPOINT: &str = "is an endpoint";
/// Zone.
pub const ZONE: &str = "Zone";
/// State.
pub const STATE: &str = "State";
/// Class.
pub const CLASS: &str = "Class";
/// No class.
pub const NO_CLASS: &str = "none: nobody serves it";
/// Rules.
pub const RULES: &str = "Rules";
/// What the API server would store.
pub const STORED: &str = "As the API server stores it";
/// Nothing.
pub const NONE: &str = "none";
/// A pod or endpoint that takes requests.
pub const READY: &str = "ready";
/// One that does not.
pub const NOT_READY: &str = "not ready";
/// One that ends.
pub const TERMINATING: &str = "ending";
/// One that begins.
pub const STARTING: &str = "starting";
/// One that is over.
pub const ENDED: &str = "ended";
/// One that nobody runs.
pub const PENDING: &str = "waiting for a node";
/// An object that is not in the cluster.
pub const GONE: &str = "It is not in the cluster at this time.";
/// A Service without an address.
pub const HEADLESS: &str = "ClusterIP, headless";
/// The door of a Service on every node.
pub const NODE_PORT: &str = "node port";
/// Opens a table.
pub const ALL_CONDITIONS: &str = "all";
/// In full.
pub const ALL_CONDITIONS_MORE: &str = "All conditions of this pod";
/// Who answers for an Ingress.
pub const SERVED_BY: &str = "Served by";
/// Served.
pub const SERVED: &str = "served";
/// Refused.
pub const REFUSED: &str = "refused";
/// Dropped.
pub const DROPPED: &str = "dropped";
/// Names the tally.
pub const TALLY: &str = "How requests ended";
/// A text was restored.
pub const RESTORED: &str = "This is your text from last time.";
/// Way back to the example.
pub const BACK_TO_EXAMPLE: &str = "Back to the example";
/// Way back to the own text.
pub const BACK_TO_OWN: &str = "Back to your text";
/// An example has replaced a text.
pub const OWN_KEPT: &str = "Your text is kept.";
/// Storage does not take it.
pub const NOT_STORED: &str = "This browser does not keep your text: copy it before you leave the page.";
/// The editor did not come.
pub const PLAIN_EDITOR: &str = "The editor could not be loaded. This plain field works as well.";
/// The second module did not come.
pub const TOOLS_MISSING: &str = "Part of the page could not be loaded: there are no problems, no details and no help. \
                                 This plain field works; reload the page to try again.";
/// After a panic.
pub const CRASH: &str = "Portolan has stopped. That is our mistake, not yours.";
/// After a panic.
pub const CRASH_MORE: &str = "Your text is kept and stands below. Reload the page to go on with it.";
/// After a panic.
pub const RELOAD: &str = "Reload";
/// Heading of the help.
pub const HELP_TITLE: &str = "How to read the chart";
/// The help.
pub const HELP_TEXT: &[&str] = &[
    "On the left stand the manifests, in the middle the cluster that they make. Every request takes the way \
     that Kubernetes 1.37 would send it; the log on the right says, leg by leg, what decided.",
    "Change the text and the cluster follows. Choose a Service to see its pods and why others are not \
     among them. Delete a pod, or make it unready, and watch where requests go.",
    "The Concept lens shows client, Service and pod. The Packet lens shows what really happens: names, rules \
     on the nodes, and addresses that change.",
];
/// Heading of the keys.
pub const KEYS: &str = "Keys";
/// Keys and what they do.
pub const KEY_LIST: &[(&str, &str)] = &[
    ("Space", "play or pause"),
    ("→  ←", "step to the next or previous leg"),
    ("Home  End", "to the beginning, to now"),
    ("L", "switch the lens"),
    ("P", "present"),
    ("T", "the cluster’s own requests on or off"),
    ("/", "to the text"),
    ("Esc", "leave the text, close, choose nothing, end presenting"),
    ("?", "this help"),
];
/// Words of the editor that differ from its own English ones.
pub const EDITOR_PHRASES: &[(&str, &str)] = &[("Control character", "Control character")];

/// `m:ss.mmm`
#[must_use]
pub fn clock(t_ms: Millis) -> String {
    format!("{}:{:02}.{:03}", t_ms / 60_000, t_ms / 1_000 % 60, t_ms % 1_000)
}

/// A time for a screen reader: whole seconds.
#[must_use]
pub fn clock_spoken(t_ms: Millis) -> String {
    match t_ms / 60_000 {
        0 => format!("{} s", t_ms / 1_000),
        minutes => format!("{minutes} min {} s", t_ms / 1_000 % 60),
    }
}

/// A speed.
#[must_use]
pub fn speed(percent: u32) -> String {
    match percent {
        25 => "¼×".to_owned(),
        50 => "½×".to_owned(),
        percent if percent % 100 == 0 => format!("{}×", percent / 100),
        percent => format!("{percent} %"),
    }
}

/// `12:7`
#[must_use]
pub fn position(at: Position) -> String {
    format!("{}:{}", at.line, at.column)
}

/// For a screen reader: where a button leads.
#[must_use]
pub fn position_spoken(at: Position) -> String {
    format!("line {}, column {}", at.line, at.column)
}

/// `3 problems`
#[must_use]
pub fn problems(count: usize) -> String {
    match count {
        0 => NO_PROBLEMS.to_owned(),
        1 => "1 problem".to_owned(),
        count => format!("{count} problems"),
    }
}

/// In place of rows that are left out.
#[must_use]
pub fn more_rows(count: usize) -> String {
    format!("and {count} more")
}

/// Says that the stage shows an older version.
#[must_use]
pub fn stale(line: u32, objects: &[ObjectRef]) -> String {
    let names: Vec<String> = objects.iter().map(object).collect();
    if names.is_empty() {
        return format!("Line {line} cannot be read.");
    }
    format!(
        "Line {line} cannot be read; the stage still shows the last good version of {}.",
        names.join(", ")
    )
}

/// Says which kinds of the text are read and not simulated, with how many there are.
#[must_use]
pub fn not_simulated(kinds: &[(std::rc::Rc<str>, u32)]) -> String {
    let kinds: Vec<String> = kinds.iter().map(|(kind, count)| format!("{count} {kind}")).collect();
    format!("Read, not simulated: {}", kinds.join(", "))
}

/// `Service web`, with its namespace unless that is `default`.
#[must_use]
pub fn object(object: &ObjectRef) -> String {
    match &*object.namespace {
        "" | "default" => format!("{} {}", object.kind, object.name),
        namespace => format!("{} {namespace}/{}", object.kind, object.name),
    }
}

/// A name, with its namespace unless that is `default`.
#[must_use]
pub fn name(object: &ObjectRef) -> String {
    match &*object.namespace {
        "" | "default" => object.name.to_string(),
        namespace => format!("{namespace}/{}", object.name),
    }
}

/// What is wrong with a field of the request form.
#[must_use]
pub fn flaw(flaw: Flaw) -> &'static str {
    match flaw {
        Flaw::From => "Choose where the request starts; a client outside needs an address.",
        Flaw::To => "A name, an address or a URL.",
        Flaw::Port => "A number from 1 to 65535.",
        Flaw::Protocol => "TCP, UDP or SCTP.",
        Flaw::Host => "A host name.",
    }
}

/// What happened at a moment of the timeline.
#[must_use]
pub fn change(change: &Change) -> String {
    match change {
        Change::Began => "began".to_owned(),
        Change::Edited => "text edited".to_owned(),
        Change::Recreated(it) => format!("{} made anew", object(it)),
        Change::Deleted(pod) => format!("{} deleted", object(pod)),
        Change::Readiness(pod) => format!("readiness of {} changed", object(pod)),
        Change::Lifecycle => "pods started or ended".to_owned(),
        Change::Traffic => "requests switched on or off".to_owned(),
    }
}

/// What a leg is called: in the Concept lens after where it goes, else after what decides.
#[must_use]
pub fn leg_title(trace: &Trace, hop: &Hop, lens: Lens) -> String {
    match (&hop.concept, hop.kind) {
        (Some((from, to)), HopKind::Resolve | HopKind::Travel | HopKind::Rewrite | HopKind::Proxy)
            if lens == Lens::Concept && from != to =>
        {
            let name = |place: &Place| match place {
                // Whose it is says the rest of the leg.
                Place::LoadBalancer(_) => LOAD_BALANCER.to_owned(),
                place => reasons::place(place),
            };
            [name(from), " → ".to_owned(), name(to)].concat()
        }
        _ => reasons::hop(trace, hop).title,
    }
}

/// A leg for a screen reader: `Leg 3 of 5: …`.
#[must_use]
pub fn leg_spoken(number: usize, of: usize, title: &str, why: &str) -> String {
    format!("Leg {number} of {of}: {title}. {why}")
}

/// An address outside.
#[must_use]
pub fn outside(address: &str) -> String {
    format!("{address} (outside)")
}

/// Another name.
#[must_use]
pub fn another_name(name: &str) -> String {
    format!("the name {name}")
}

/// `2 of 3 ready`
#[must_use]
pub fn ready_of(ready: usize, all: usize) -> String {
    format!("{ready} of {all} ready")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_and_speeds_are_short() {
        assert_eq!(clock(12_480), "0:12.480");
        assert_eq!(clock(3_600_000), "60:00.000");
        assert_eq!(clock_spoken(61_999), "1 min 1 s");
        assert_eq!([25, 50, 100, 400, 30].map(speed), ["¼×", "½×", "1×", "4×", "30 %"]);
    }

    #[test]
    fn names_carry_the_namespace_where_it_matters() {
        assert_eq!(object(&ObjectRef::new("Service", "default", "web")), "Service web");
        assert_eq!(object(&ObjectRef::new("Service", "shop", "web")), "Service shop/web");
        assert_eq!(object(&ObjectRef::new("Node", "", "node-a")), "Node node-a");
        assert!(stale(3, &[ObjectRef::new("Service", "default", "web")]).ends_with("of Service web."));
    }
}
