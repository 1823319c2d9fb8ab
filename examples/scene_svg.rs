//! Writes the chart of several clusters, at several sizes, light and dark, as SVG files
//! to look at: `cargo run --example scene_svg`, then open `target/scenes/`.

#[path = "../tests/chart/mod.rs"]
mod chart;

use chart::{Size, cluster};
use portolan::cluster::{Cluster, Protocol};
use portolan::playback::Lens;
use portolan::routing::{Destination, Hop, HopKind, Outcome, Packet, Place, Reason, Request, Source, Trace};
use portolan::scene::draw::{self, Look};
use portolan::scene::{Frame, Options, Scene};
use std::fs;
use std::net::IpAddr;
use std::path::Path;
use std::rc::Rc;

const SHEET: &str = include_str!("../static/stage.css");
const FRAMES: [(&str, f32, f32); 5] = [
    ("desk", 724.0, 784.0),
    ("tablet", 1024.0, 768.0),
    ("phone", 390.0, 844.0),
    ("embed", 640.0, 360.0),
    ("wall", 1920.0, 1080.0),
];
const SIZES: [(&str, Size); 5] = [
    ("small", Size { nodes: 3, services: 2, pods: 5 }),
    ("shop", Size { nodes: 3, services: 10, pods: 24 }),
    ("nodes", Size { nodes: 12, services: 5, pods: 40 }),
    ("large", Size { nodes: 3, services: 60, pods: 1000 }),
    ("empty", Size { nodes: 3, services: 0, pods: 0 }),
];

fn main() -> std::io::Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/scenes");
    fs::create_dir_all(&folder)?;
    for (name, size) in SIZES {
        let cluster = cluster(size);
        for (frame_name, width, height) in FRAMES {
            let clients = vec!["203.0.113.9".parse().expect("an address")];
            let options = Options { clients, ..Options::default() };
            let scene = Scene::new(&cluster, &Frame { width, height }, &options);
            for theme in ["light", "dark"] {
                for (lens, lens_name) in [(Lens::Packet, "packet"), (Lens::Concept, "concept")] {
                    let svg = chart_of(&scene, &cluster, theme, lens, lens_name);
                    fs::write(folder.join(format!("{name}-{frame_name}-{theme}-{lens_name}.svg")), svg)?;
                }
            }
        }
    }
    println!("{}", folder.display());
    Ok(())
}

fn chart_of(scene: &Scene, cluster: &Cluster, theme: &str, lens: Lens, lens_name: &str) -> String {
    let trace = trace(cluster);
    let mut look = Look::default();
    let mut pieces = vec![draw::ground(scene)];
    let mut course = Vec::new();
    if let Some((trace, hop)) = &trace {
        look.on_course = Rc::new(draw::visited(trace, lens));
        course = draw::course(scene, lens, trace, *hop, "node-b: 1 pod of 3, by chance");
    }
    if lens == Lens::Concept {
        look.selected = cluster.services.first().map(|s| s.id.clone());
        let others = cluster.pods.iter().map(|p| (p.id.clone(), "app=api, not web".to_owned()));
        look.why_not = Rc::new(others.collect());
    }
    pieces.extend(draw::objects(scene, &look));
    pieces.extend(course);
    draw::document(scene, &pieces, SHEET, theme, &format!("lens-{lens_name}"))
}

/// From the internet through the first Service to a pod on another node.
fn trace(cluster: &Cluster) -> Option<(Trace, usize)> {
    let service = cluster.services.first()?;
    let pod = cluster
        .pods
        .iter()
        .find(|p| p.node.as_deref() == Some("node-c") && p.labels[0].1 == service.id.name)?;
    let client: IpAddr = "203.0.113.9".parse().ok()?;
    let packet = |to: &str, port| Packet {
        source_ip: client,
        source_port: 50_000,
        destination_ip: to.parse().unwrap_or(client),
        destination_port: port,
        protocol: Protocol::Tcp,
    };
    let b: Rc<str> = "node-b".into();
    let web = service.id.clone();
    let (outside, end) = (Place::Internet(client), Place::Pod(pod.id.clone()));
    let hop = |kind, from: &Place, to: &Place, concept: Option<(Place, Place)>| Hop {
        kind,
        from: from.clone(),
        to: to.clone(),
        before: Some(packet("198.51.100.20", 80)),
        after: Some(packet("198.51.100.20", 80)),
        reason: Reason::Start,
        fields: vec![],
        concept,
    };
    let (lb, door, rules) =
        (Place::LoadBalancer(web.clone()), Place::NodePort(b.clone(), 30080), Place::Rules(b));
    let mut decide =
        hop(HopKind::Rewrite, &door, &rules, Some((outside.clone(), Place::Service(web.clone()))));
    decide.after = Some(packet("10.244.2.7", 8080));
    let trace = Trace {
        request: Request {
            from: Source::Internet { ip: client },
            to: Destination::Ip("198.51.100.20".parse().ok()?),
            port: 80,
            protocol: Protocol::Tcp,
            host: None,
            path: "/".into(),
        },
        hops: vec![
            hop(HopKind::Travel, &outside, &lb, None),
            hop(HopKind::Travel, &lb, &door, None),
            decide,
            hop(HopKind::Travel, &rules, &end, Some((Place::Service(web), end.clone()))),
            hop(HopKind::Answer, &end, &end, Some((end.clone(), end.clone()))),
        ],
        outcome: Outcome::Served { pod: pod.id.clone(), status: 200 },
    };
    Some((trace, 2))
}
