//! The chart at all sizes of clusters and screens.

mod chart;

use chart::{Size, cluster};
use portolan::cluster::Cluster;
use portolan::playback::Lens;
use portolan::proxy::Tables;
use portolan::routing::Place;
use portolan::scene::{Detail, Frame, Options, Rect, Scene, draw};
use portolan::session::Session;
use portolan::session::examples::ALL;
use std::collections::HashMap;
use std::rc::Rc;

const FRAMES: [(f32, f32); 9] = [
    (360.0, 640.0),
    (390.0, 844.0),
    (639.0, 700.0),
    (640.0, 360.0),
    (724.0, 784.0),
    (1024.0, 768.0),
    (1280.0, 720.0),
    (1440.0, 900.0),
    (1920.0, 1080.0),
];

const SIZES: [Size; 11] = [
    Size { nodes: 0, services: 0, pods: 0 },
    Size { nodes: 0, services: 2, pods: 3 },
    Size { nodes: 1, services: 1, pods: 1 },
    Size { nodes: 3, services: 1, pods: 3 },
    Size { nodes: 3, services: 2, pods: 9 },
    Size { nodes: 3, services: 10, pods: 24 },
    Size { nodes: 5, services: 20, pods: 60 },
    Size { nodes: 12, services: 5, pods: 40 },
    Size { nodes: 3, services: 60, pods: 120 },
    Size { nodes: 3, services: 10, pods: 1000 },
    Size { nodes: 60, services: 10, pods: 200 },
];

fn scenes(check: impl Fn(&Cluster, &Scene, &str)) {
    for size in SIZES {
        let cluster = cluster(size);
        for (width, height) in FRAMES {
            let scene = Scene::new(&cluster, &Frame { width, height }, &Options::default());
            check(&cluster, &scene, &format!("{size:?} in {width}×{height}"));
        }
    }
}

/// All boxes that must not touch each other.
fn boxes(scene: &Scene) -> Vec<(String, Rect)> {
    let mut all = vec![("resolver".to_owned(), scene.resolver.rect)];
    all.extend(scene.services.iter().map(|c| (c.facts.id.name.to_string(), c.rect)));
    all.extend(scene.ingresses.iter().map(|c| (c.facts.id.name.to_string(), c.rect)));
    all.extend(scene.nodes.iter().map(|n| (n.name.to_string(), n.rect)));
    all.extend(scene.unplaced.map(|r| ("unplaced".to_owned(), r)));
    all
}

#[test]
fn cards_do_not_overlap() {
    scenes(|_, scene, what| {
        let all = boxes(scene);
        for (i, (a, ra)) in all.iter().enumerate() {
            for (b, rb) in &all[i + 1..] {
                assert!(!ra.overlaps(rb), "{what}: {a} {ra:?} and {b} {rb:?}");
            }
        }
        for (i, a) in scene.pods.iter().enumerate() {
            for b in &scene.pods[i + 1..] {
                assert!(!a.rect.overlaps(&b.rect), "{what}: {:?} and {:?}", a.facts.id, b.facts.id);
            }
        }
        for (i, a) in scene.sea.iter().enumerate() {
            for b in &scene.sea[i + 1..] {
                assert!(
                    a.at.distance(b.at) >= (a.radius + b.radius) * 0.9,
                    "{what}: {} {}",
                    a.label,
                    b.label
                );
            }
        }
    });
}

#[test]
fn everything_is_on_the_chart_and_every_pod_on_its_node() {
    scenes(|cluster, scene, what| {
        let whole = Rect::new(0.0, 0.0, scene.size.width + 0.1, scene.size.height + 0.1);
        let within = |outer: &Rect, r: &Rect| {
            r.x >= outer.x
                && r.y >= outer.y
                && r.right() <= outer.right() + 0.1
                && r.bottom() <= outer.bottom() + 0.1
        };
        for (name, rect) in boxes(scene) {
            assert!(within(&whole, &rect) && within(&scene.land, &rect), "{what}: {name} {rect:?}");
        }
        assert_eq!(scene.pods.len(), cluster.pods.len(), "{what}");
        for pod in &scene.pods {
            let node = cluster.pod_node(&pod.facts.id.name);
            let home = node.and_then(|n| scene.node(&n).map(|n| n.rect)).or(scene.unplaced).expect("a home");
            assert!(within(&home, &pod.rect), "{what}: {:?} {:?} in {home:?}", pod.facts.id, pod.rect);
        }
        for item in &scene.sea {
            assert!(whole.contains(item.at), "{what}: {}", item.label);
        }
        assert!(scene.size.height * scene.scale >= scene.frame.height - 0.5, "{what}");
        assert!((scene.size.width * scene.scale - scene.frame.width).abs() < 0.5, "{what}");
    });
}

trait PodNode {
    fn pod_node(&self, name: &str) -> Option<Rc<str>>;
}

impl PodNode for Cluster {
    fn pod_node(&self, name: &str) -> Option<Rc<str>> {
        self.pods.iter().find(|p| &*p.id.name == name).and_then(|p| p.node.clone())
    }
}

fn places(cluster: &Cluster) -> Vec<Place> {
    let mut all = vec![
        Place::Internet("203.0.113.9".parse().unwrap()),
        Place::External("db.example.com".into()),
        Place::External("unknown.example.com".into()),
        Place::Resolver,
        Place::Nowhere("10.96.9.9".into()),
        Place::Node("no-such-node".into()),
        Place::NodePort("no-such-node".into(), 30000),
    ];
    for service in cluster.services.iter().take(7) {
        all.push(Place::Service(service.id.clone()));
        all.push(Place::LoadBalancer(service.id.clone()));
    }
    for node in cluster.nodes.iter().take(4).chain(cluster.nodes.last()) {
        all.push(Place::Node(node.id.name.clone()));
        all.push(Place::Rules(node.id.name.clone()));
        all.push(Place::NodePort(node.id.name.clone(), 30080));
        all.push(Place::NodePort(node.id.name.clone(), 31999));
    }
    all.extend(cluster.pods.iter().take(9).chain(cluster.pods.last()).map(|p| Place::Pod(p.id.clone())));
    all
}

#[test]
fn every_place_has_an_anchor_and_every_pair_a_way() {
    scenes(|cluster, scene, what| {
        let places = places(cluster);
        let whole = Rect::new(-0.1, -0.1, scene.size.width + 0.2, scene.size.height + 0.2);
        for from in &places {
            let at = scene.anchor(from);
            assert!(whole.contains(at), "{what}: {from:?} at {at:?}");
            for to in &places {
                let curve = scene.curve(from, to);
                assert!(curve.start().distance(at) < 0.01, "{what}: {from:?} → {to:?}");
                assert!(curve.end().distance(scene.anchor(to)) < 0.01, "{what}: {from:?} → {to:?}");
                for i in 0..=8 {
                    let p = curve.point_at(i as f32 / 8.0);
                    assert!(whole.contains(p), "{what}: {from:?} → {to:?} passes {p:?}");
                }
                assert_eq!(curve, scene.curve(from, to));
            }
        }
    });
}

#[test]
fn those_who_stay_keep_their_places() {
    let before = cluster(Size { nodes: 3, services: 2, pods: 9 });
    let frame = Frame { width: 724.0, height: 784.0 };
    let first = Scene::new(&before, &frame, &Options::default());
    let mut after = before.clone();
    let newcomer = cluster(Size { nodes: 3, services: 2, pods: 12 }).pods.split_off(9);
    // In the middle of the list, as when a workload grows.
    for pod in newcomer {
        after.pods.insert(3, pod);
    }
    let second = Scene::new(&after, &frame, &Options { seats: first.seats.clone(), ..Options::default() });
    for pod in &first.pods {
        assert_eq!(second.pod(&pod.facts.id).expect("still there").rect, pod.rect, "{:?}", pod.facts.id);
    }
    let mut fewer = after.clone();
    fewer.pods.remove(0);
    let third = Scene::new(&fewer, &frame, &Options { seats: second.seats.clone(), ..Options::default() });
    for pod in &third.pods {
        assert_eq!(second.pod(&pod.facts.id).expect("was there").rect, pod.rect, "{:?}", pod.facts.id);
    }
}

#[test]
fn a_node_with_more_pods_says_less_of_each_and_nothing_else_moves() {
    let before = cluster(Size { nodes: 3, services: 1, pods: 6 });
    let frame = Frame { width: 705.0, height: 712.0 };
    let first = Scene::new(&before, &frame, &Options::default());
    assert!(first.pods.iter().all(|p| p.detail == Detail::Full));
    let mut after = before.clone();
    // All newcomers sit on the first node.
    let home = before.nodes[0].id.name.clone();
    for pod in cluster(Size { nodes: 3, services: 1, pods: 9 }).pods.split_off(6) {
        let mut pod = (*pod).clone();
        pod.node = Some(home.clone());
        after.pods.push(pod.into());
    }
    let second = Scene::new(&after, &frame, &Options { seats: first.seats.clone(), ..Options::default() });
    assert_eq!((second.scale, second.size), (first.scale, first.size));
    for (a, b) in first.nodes.iter().zip(&second.nodes) {
        assert_eq!((a.rect, a.rules), (b.rect, b.rules));
    }
    assert_eq!(first.services[0].rect, second.services[0].rect);
    for pod in &first.pods {
        let now = second.pod(&pod.facts.id).expect("still there");
        let elsewhere = before.pod_node(&pod.facts.id.name).as_ref() != Some(&home);
        assert_eq!(now.rect == pod.rect, elsewhere, "{:?}", pod.facts.id);
        assert_eq!(now.detail == Detail::Full, elsewhere);
    }
    // And back again, when they have gone.
    let third = Scene::new(&before, &frame, &Options { seats: second.seats.clone(), ..Options::default() });
    assert_eq!(first.pods, third.pods);
}

#[test]
fn a_projector_gets_larger_type_and_a_low_frame_gets_it_all() {
    let small = cluster(Size { nodes: 3, services: 1, pods: 4 });
    let shown = |width: f32, height: f32, large: bool| {
        Scene::new(&small, &Frame { width, height }, &Options { large, ..Options::default() })
    };
    for (width, height) in [(700.0, 650.0), (930.0, 600.0), (1420.0, 860.0)] {
        let (usual, large) = (shown(width, height, false), shown(width, height, true));
        assert!(large.scale >= usual.scale && large.scale >= 1.2, "{width}×{height}: {}", large.scale);
        assert!(large.size.height * large.scale <= height + 0.5, "all of it in one look");
    }
    assert!(shown(1420.0, 860.0, true).scale >= 1.5);
    assert!(shown(390.0, 500.0, true).scale > 1.0, "on a phone too");
    let embedded = shown(640.0, 248.0, false);
    assert!(embedded.size.height * embedded.scale <= 248.5, "{:?}", embedded.size);
    assert!(embedded.pods.iter().all(|p| p.detail >= Detail::Compact), "with the pods' names");
}

/// Boxes of the texts of nodes and of the water.
fn written(scene: &Scene) -> Vec<(String, Rect)> {
    let mut all = Vec::new();
    for piece in draw::objects(scene, &draw::Look::default()) {
        if !["node/", "client/", "balancer/", "host/"].iter().any(|kind| piece.key.starts_with(kind)) {
            continue;
        }
        for shape in &piece.shapes {
            let draw::Shape::Text { at, text, style, align, .. } = shape else { continue };
            let w = style.width(text);
            let x = match align {
                draw::Align::Start => at.x,
                draw::Align::Middle => at.x - w / 2.0,
                draw::Align::End => at.x - w,
            };
            all.push((text.clone(), Rect::new(x, at.y - 9.0, w, 10.0)));
        }
    }
    all
}

#[test]
fn numbers_do_not_hide_what_is_written() {
    for example in ALL {
        let session = Session::open(example.text, None, 7);
        let network = session.network();
        for (width, height) in [(705.0, 712.0), (1107.0, 920.0)] {
            let scene = Scene::new(network.cluster(), &Frame { width, height }, &Options::default());
            let written = written(&scene);
            for request in network.invited() {
                let trace = network.route(&request, &Tables::default(), 7, 0).0;
                for lens in [Lens::Concept, Lens::Packet] {
                    for piece in draw::course(&scene, lens, &trace, 0, draw::Captions::default()) {
                        let Some(draw::Shape::Circle(at, r, _)) = piece.shapes.first() else { continue };
                        let badge = Rect::new(at.x - r, at.y - r, 2.0 * r, 2.0 * r);
                        for (text, there) in &written {
                            assert!(
                                !there.overlaps(&badge),
                                "{}: number at {at:?} on {text:?} {there:?} in {lens:?}, {request:?}",
                                example.id
                            );
                        }
                    }
                }
            }
        }
    }
}

#[test]
fn what_the_text_has_lost_is_not_drawn() {
    let session = Session::open(ALL[0].text, None, 7);
    let request = session.network().invited().remove(0);
    let trace = session.network().route(&request, &Tables::default(), 7, 0).0;
    let empty = cluster(Size { nodes: 3, services: 0, pods: 0 });
    let scene = Scene::new(&empty, &Frame { width: 705.0, height: 712.0 }, &Options::default());
    let asked = draw::Captions { request: "GET http://web/", decision: "by chance" };
    assert_eq!(draw::course(&scene, Lens::Concept, &trace, 0, asked), []);
}

#[test]
fn texts_fit_their_cards() {
    scenes(|_, scene, what| {
        let cards: HashMap<String, Rect> = scene
            .pods
            .iter()
            .map(|c| (format!("pod/{}/{}", c.facts.id.namespace, c.facts.id.name), c.rect))
            .chain(
                scene
                    .services
                    .iter()
                    .map(|c| (format!("service/{}/{}", c.facts.id.namespace, c.facts.id.name), c.rect)),
            )
            .chain(scene.nodes.iter().map(|n| (format!("node/{}", n.name), n.rect)))
            .collect();
        for piece in draw::objects(scene, &draw::Look::default()) {
            let Some(card) = cards.get(&piece.key) else { continue };
            for shape in &piece.shapes {
                let draw::Shape::Text { at, text, style, align, .. } = shape else { continue };
                let w = style.width(text);
                let left = match align {
                    draw::Align::Start => at.x,
                    draw::Align::Middle => at.x - w / 2.0,
                    draw::Align::End => at.x - w,
                };
                assert!(
                    left >= card.x && left + w <= card.right() && at.y <= card.bottom() && at.y >= card.y,
                    "{what}: {text:?} of {} at {at:?}, {w} wide, in {card:?}",
                    piece.key
                );
            }
        }
    });
}

#[test]
fn keys_are_unique() {
    scenes(|_, scene, what| {
        let mut seen = std::collections::HashSet::new();
        for piece in draw::objects(scene, &draw::Look::default()) {
            assert!(seen.insert(piece.key.clone()), "{what}: {} twice", piece.key);
        }
    });
}
