//! Every example is a text without problems, in which every document is an object.

use portolan::manifest::{Body, Manifest, parse};
use portolan::session::examples::{ALL, by_id};

#[test]
fn every_example_reads_whole() {
    for example in ALL {
        let manifest = parse(example.text, &Manifest::default());
        assert_eq!(manifest.problems(), [], "{}", example.id);
        assert!(manifest.documents.iter().all(|(_, document)| !document.broken), "{}", example.id);
        let documents = example.text.split("\n---\n").count();
        assert_eq!(manifest.objects().count(), documents, "{}", example.id);
        for (_, object) in manifest.objects() {
            assert_ne!(object.body, Body::Other, "{}: {}", example.id, object.id.kind);
        }
    }
}

#[test]
fn the_shop_has_ten_services() {
    let manifest = parse(by_id("shop").expect("the shop").text, &Manifest::default());
    assert_eq!(manifest.objects().filter(|(_, o)| matches!(o.body, Body::Service(_))).count(), 10);
}
