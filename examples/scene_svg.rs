//! Writes charts as SVG files to look at: every example with a request on its way, in
//! both lenses, and clusters of many sizes; at several sizes of screen, light and dark.
//! `cargo run --example scene_svg`, then open `target/scenes/`.

#[path = "../tests/chart/mod.rs"]
mod chart;

use chart::{Size, cluster};
use portolan::cluster::Cluster;
use portolan::lint::why_not::service_pods;
use portolan::manifest::ObjectRef;
use portolan::playback::Lens;
use portolan::proxy::Tables;
use portolan::routing::{HopKind, Trace};
use portolan::scene::draw::{self, Look, WhyNot};
use portolan::scene::{Frame, Options, Scene};
use portolan::session::Session;
use portolan::session::examples::ALL;
use portolan::words::{concept, reasons};
use std::path::Path;
use std::rc::Rc;
use std::{fs, io};

const SHEET: &str = include_str!("../static/stage.css");
const FRAMES: [(&str, f32, f32); 5] = [
    ("desk", 724.0, 784.0),
    ("tablet", 1024.0, 768.0),
    ("phone", 390.0, 844.0),
    ("embed", 640.0, 360.0),
    ("wall", 1920.0, 1080.0),
];
const SIZES: [(&str, Size); 4] = [
    ("nodes", Size { nodes: 12, services: 5, pods: 40 }),
    ("services", Size { nodes: 3, services: 60, pods: 120 }),
    ("large", Size { nodes: 3, services: 10, pods: 1000 }),
    ("empty", Size { nodes: 3, services: 0, pods: 0 }),
];
const THEMES: [&str; 2] = ["light", "dark"];

fn main() -> io::Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/scenes");
    fs::create_dir_all(&folder)?;
    for (frame_name, width, height) in FRAMES {
        let frame = Frame { width, height };
        for (name, size) in SIZES {
            let cluster = cluster(size);
            for theme in THEMES {
                let svg = draw_one(&cluster, &frame, theme, Lens::Packet, None, None);
                fs::write(folder.join(format!("{name}-{frame_name}-{theme}.svg")), svg)?;
            }
        }
        for example in ALL {
            let session = Session::open(example.text, None, 7);
            let network = session.network();
            let request = network.invited().into_iter().next();
            let trace = request.map(|r| network.route(&r, &Tables::default(), 7, 0).0);
            for theme in THEMES {
                for (lens, lens_name) in [(Lens::Packet, "packet"), (Lens::Concept, "concept")] {
                    let selected =
                        (lens == Lens::Concept).then(|| network.cluster().services.first()).flatten();
                    let id = selected.map(|s| &s.id);
                    let svg = draw_one(network.cluster(), &frame, theme, lens, trace.as_ref(), id);
                    fs::write(
                        folder.join(format!("{}-{frame_name}-{theme}-{lens_name}.svg", example.id)),
                        svg,
                    )?;
                }
            }
        }
    }
    println!("{}", folder.display());
    Ok(())
}

fn draw_one(
    cluster: &Cluster,
    frame: &Frame,
    theme: &str,
    lens: Lens,
    trace: Option<&Trace>,
    selected: Option<&ObjectRef>,
) -> String {
    let clients = "203.0.113.9".parse().into_iter().collect();
    let scene = Scene::new(cluster, frame, &Options { clients, ..Options::default() });
    let mut look = Look { selected: selected.cloned(), ..Look::default() };
    if let Some(service) = selected.and_then(|id| cluster.service(&id.namespace, &id.name)) {
        let standings = service_pods(cluster, service).into_iter();
        let why = standings.filter_map(|s| Some((s.pod.clone(), WhyNot::of(s.first.as_ref()?))));
        look.why_not = Rc::new(why.collect());
    }
    let mut course = Vec::new();
    if let Some(trace) = trace {
        look.on_course = Rc::new(draw::visited(trace, lens));
        // The hop at which most is to be seen: the last decision, in the other theme the end.
        let decision = trace.hops.iter().rposition(|h| matches!(h.kind, HopKind::Rewrite | HopKind::Proxy));
        let last = trace.hops.len().saturating_sub(1);
        let at = if theme == "dark" { last } else { decision.unwrap_or(last) };
        let decision = trace.hops.get(at).map(|hop| concept::decision(trace, hop, lens)).unwrap_or_default();
        let request = reasons::request_title(&trace.request);
        let captions = draw::Captions { request: &request, decision: &decision };
        course = draw::course(&scene, lens, trace, at, captions);
    }
    let mut pieces = vec![draw::ground(&scene)];
    pieces.extend(draw::objects(&scene, &look));
    pieces.extend(course);
    let class = if lens == Lens::Concept { "lens-concept" } else { "lens-packet" };
    draw::document(&scene, &pieces, SHEET, theme, class)
}
