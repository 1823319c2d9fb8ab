//! Marks of requests under way, on real examples.

use portolan::playback::{Ending, Frames, Lens, Mark, Phase, Timeline, UnderWay};
use portolan::proxy::Tables;
use portolan::routing::Trace;
use portolan::scene::{Frame, Options, Scene};
use portolan::session::Session;
use portolan::session::examples::ALL;
use std::rc::Rc;

fn traces(text: &str) -> (Rc<Scene>, Vec<Trace>) {
    let session = Session::open(text, None, 7);
    let network = session.network();
    let frame = Frame { width: 724.0, height: 784.0 };
    let scene = Rc::new(Scene::new(network.cluster(), &frame, &Options::default()));
    let asked = network.invited();
    let traces = asked.iter().map(|r| network.route(r, &Tables::default(), 7, 0).0).collect();
    (scene, traces)
}

fn one(
    frames: &mut Frames,
    lens: Lens,
    still: bool,
    trace: &Trace,
    timeline: &Timeline,
    since_ms: u32,
) -> Option<Mark> {
    let mut marks = Vec::new();
    let it = UnderWay { trace, timeline, since_ms, chosen: true, number: 1 };
    frames.marks(lens, still, [it], &mut marks);
    marks.pop()
}

#[test]
fn a_request_moves_without_jumps_from_its_departure_to_its_end() {
    for example in ALL {
        let (scene, traces) = traces(example.text);
        assert!(!traces.is_empty(), "{}", example.id);
        let mut frames = Frames::new(scene);
        for trace in &traces {
            let timeline = Timeline::new(trace);
            for lens in [Lens::Concept, Lens::Packet] {
                let mut last: Option<Mark> = None;
                for since_ms in (0..timeline.duration_ms).step_by(8) {
                    let Some(mark) = one(&mut frames, lens, false, trace, &timeline, since_ms) else {
                        panic!("{}: nowhere at {since_ms} ms in {lens:?}", example.id);
                    };
                    if let Some(last) = &last {
                        let far = last.at.distance(mark.at);
                        assert!(
                            far < 60.0,
                            "{}: {far} units at {since_ms} ms in {lens:?}: {:?}",
                            example.id,
                            trace.request
                        );
                    }
                    assert_eq!(mark.ending.is_some(), mark.phase == Phase::End);
                    last = Some(mark);
                }
                let ending = last.and_then(|m| m.ending);
                assert_eq!(ending, Some(Ending::of(&trace.outcome)), "{} in {lens:?}", example.id);
                assert!(one(&mut frames, lens, false, trace, &timeline, timeline.duration_ms).is_none());
            }
        }
    }
}

#[test]
fn without_motion_a_mark_stands_still_within_a_leg() {
    let (scene, traces) = traces(ALL[0].text);
    let mut frames = Frames::new(scene);
    let timeline = Timeline::new(&traces[0]);
    let mut places: Vec<(i32, i32)> = Vec::new();
    for since_ms in 0..timeline.duration_ms {
        let mark = one(&mut frames, Lens::Concept, true, &traces[0], &timeline, since_ms).expect("somewhere");
        assert!(mark.wake.is_empty());
        let place = (mark.at.x as i32, mark.at.y as i32);
        if places.last() != Some(&place) {
            places.push(place);
        }
    }
    assert!(places.len() <= traces[0].hops.len(), "{places:?}");
}

#[test]
fn the_chosen_one_is_drawn_last_and_all_are_drawn() {
    let (scene, traces) = traces(ALL[0].text);
    let mut frames = Frames::new(scene);
    let timeline = Timeline::new(&traces[0]);
    let all = (0..500).map(|number| UnderWay {
        trace: &traces[0],
        timeline: &timeline,
        since_ms: number * timeline.duration_ms / 500,
        chosen: number == 3,
        number,
    });
    let mut marks = Vec::new();
    frames.marks(Lens::Packet, false, all, &mut marks);
    assert_eq!(marks.len(), 500);
    assert!(marks[499].chosen && marks[..499].iter().all(|m| !m.chosen));
    assert!(marks.iter().all(|m| m.at.x.is_finite() && m.at.y.is_finite()));
}
