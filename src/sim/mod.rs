//! Clock, event queue, seed, actions and history.
//!
//! A [`Simulation`] holds what has happened so far: moments (the cluster changed) and
//! flights (a request was sent), each with what came after it. Everything follows from
//! the actions, their times and the seed, so that any moment can be looked at again
//! ([`Simulation::network_at`]) and an action taken in the past starts a new future from
//! there ([`Simulation::rewind`]). Time is an argument; nothing here knows a wall clock.

mod lifecycle;

use crate::cluster::{Cluster, PodFates};
use crate::manifest::{Body, Manifest, ObjectRef};
use crate::proxy::Tables;
use crate::routing::{Network, Request, Trace};
use lifecycle::Lifecycle;
use std::rc::Rc;

pub use lifecycle::{GRACE_MS, STARTUP_MS};

/// Simulated milliseconds since the session began.
pub type Millis = u64;

/// Requests that are kept; older ones are forgotten.
pub const FLIGHTS_MAX: usize = 4_000;
/// Changes of the cluster that are kept; older ones are forgotten.
pub const MOMENTS_MAX: usize = 200;
/// Edits that come this close to each other count as one change.
pub const EDIT_PAUSE_MS: Millis = 1_500;

/// Something that a person does to the cluster.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// The text has become this.
    Apply(Rc<Manifest>),
    /// The text has become this, and it is the same change as the one before that goes on.
    Amend(Rc<Manifest>),
    /// Another text has taken this one's place: all its objects are made anew.
    Replace(Rc<Manifest>),
    /// `kubectl replace --force`: the object is deleted and made anew from this text.
    Recreate(Rc<Manifest>, ObjectRef),
    /// `kubectl delete pod`
    DeletePod(ObjectRef),
    /// The readiness probe answers this way from now on; `None`: as the text says.
    SetReady(ObjectRef, Option<bool>),
    /// Send a request.
    Send(Request),
    /// Let the traffic that the cluster invites run by itself, one request each so many milliseconds; `None`: stop.
    Traffic(Option<u32>),
}

impl Action {
    /// Whether it brings a text of its own.
    #[must_use]
    pub fn has_text(&self) -> bool {
        matches!(self, Self::Apply(_) | Self::Amend(_) | Self::Replace(_) | Self::Recreate(..))
    }
}

/// A request that was sent.
#[derive(Clone, Debug, PartialEq)]
pub struct Flight {
    /// Numbered from 1 in the order of departure.
    pub number: u32,
    /// When it was sent.
    pub departed_ms: Millis,
    /// Whether a person sent it.
    pub by_hand: bool,
    /// The way it takes.
    pub trace: Rc<Trace>,
    after: Cursor,
}

/// What kind of change a moment is, for the timeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// The session began.
    Began,
    /// The text was edited.
    Edited,
    /// A person deleted an object and made it anew.
    Recreated(ObjectRef),
    /// A person deleted a pod.
    Deleted(ObjectRef),
    /// A person changed a pod's readiness.
    Readiness(ObjectRef),
    /// Pods started or ended by themselves.
    Lifecycle,
    /// Traffic was switched on or off.
    Traffic,
}

/// A change of the cluster.
#[derive(Clone, Debug)]
pub struct Moment {
    /// When.
    pub at_ms: Millis,
    /// What.
    pub change: Change,
    /// The cluster from then on, ready for routing.
    pub network: Rc<Network>,
    manifest: Rc<Manifest>,
    fates: Rc<PodFates>,
    lifecycle: Lifecycle,
    invited: Rc<Vec<Request>>,
    after: Cursor,
}

/// What a text is compared with, where the cluster has its objects already.
enum Against<'a> {
    /// The cluster as it is.
    Latest,
    /// The cluster as it was before the change that goes on.
    Before,
    /// The cluster as it is, without one object.
    Without(&'a ObjectRef),
    /// Nothing: all is made anew.
    Nothing,
}

/// What goes on from one event to the next.
#[derive(Clone, Debug, Default, PartialEq)]
struct Cursor {
    tables: Tables,
    /// Number of the latest flight.
    number: u32,
    traffic: Option<Traffic>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Traffic {
    every_ms: u32,
    next_ms: Millis,
    turn: u32,
}

/// All that has happened, up to now.
#[derive(Clone, Debug)]
pub struct Simulation {
    seed: u64,
    now_ms: Millis,
    moments: Vec<Moment>,
    flights: Vec<Rc<Flight>>,
}

impl Simulation {
    /// Begins at time 0 with a text. `seed` decides all that Kubernetes leaves to chance.
    #[must_use]
    pub fn begin(manifest: &Rc<Manifest>, seed: u64) -> Self {
        let cluster = Cluster::next(&Cluster::default(), manifest, &PodFates::default());
        Self::begin_in(cluster, manifest, seed)
    }

    /// As [`Simulation::begin`], where the cluster that the text makes is there already.
    #[must_use]
    pub fn begin_in(cluster: Cluster, manifest: &Rc<Manifest>, seed: u64) -> Self {
        let network = Rc::new(Network::new(Rc::new(cluster)));
        let first = Moment {
            at_ms: 0,
            change: Change::Began,
            invited: Rc::new(network.invited()),
            network,
            manifest: manifest.clone(),
            fates: Rc::default(),
            lifecycle: Lifecycle::default(),
            after: Cursor::default(),
        };
        Self { seed, now_ms: 0, moments: vec![first], flights: Vec::new() }
    }

    /// What decides all that is left to chance.
    #[must_use]
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// How far it has been simulated.
    #[must_use]
    pub fn now_ms(&self) -> Millis {
        self.now_ms
    }

    /// Changes of the cluster, oldest first; never empty.
    #[must_use]
    pub fn moments(&self) -> &[Moment] {
        &self.moments
    }

    /// Requests, oldest first.
    #[must_use]
    pub fn flights(&self) -> &[Rc<Flight>] {
        &self.flights
    }

    /// The requests that the cluster invites now.
    #[must_use]
    pub fn invited(&self) -> &[Request] {
        &self.latest().invited
    }

    /// The text that the cluster is made of now.
    #[must_use]
    pub fn manifest(&self) -> &Rc<Manifest> {
        &self.latest().manifest
    }

    /// How often traffic runs by itself; `None`: not at all.
    #[must_use]
    pub fn traffic_every_ms(&self) -> Option<u32> {
        self.cursor().traffic.map(|t| t.every_ms)
    }

    /// The cluster at a time; for times before the first kept moment, that one.
    #[must_use]
    pub fn network_at(&self, t_ms: Millis) -> &Rc<Network> {
        let after = self.moments.partition_point(|m| m.at_ms <= t_ms);
        &self.moments[after.saturating_sub(1)].network
    }

    /// Forgets all that happened after `t_ms`; the future can be another one from there.
    pub fn rewind(&mut self, t_ms: Millis) {
        if t_ms >= self.now_ms {
            return;
        }
        let keep = self.moments.partition_point(|m| m.at_ms <= t_ms).max(1);
        self.moments.truncate(keep);
        let keep = self.flights.partition_point(|f| f.departed_ms <= t_ms);
        self.flights.truncate(keep);
        self.now_ms = t_ms.max(self.moments[0].at_ms);
    }

    /// Lets time go on to `t_ms`: pods start and end, invited requests depart. The steps
    /// in which a time is reached make no difference.
    pub fn advance(&mut self, t_ms: Millis) {
        while let Some(at_ms) = self.next_event_ms().filter(|&at_ms| at_ms <= t_ms) {
            self.now_ms = self.now_ms.max(at_ms);
            if self.latest().lifecycle.next_ms() == Some(at_ms) {
                let mut lifecycle = self.latest().lifecycle.clone();
                let mut fates = (*self.latest().fates).clone();
                lifecycle.run(at_ms, &mut fates);
                let manifest = self.latest().manifest.clone();
                self.change(Against::Before, Change::Lifecycle, manifest, fates, lifecycle);
            } else {
                self.depart_invited(at_ms);
            }
        }
        self.now_ms = self.now_ms.max(t_ms);
    }

    /// When something happens by itself next; `None`: nothing is due.
    #[must_use]
    pub fn next_event_ms(&self) -> Option<Millis> {
        let pods = self.latest().lifecycle.next_ms();
        let traffic = self.cursor().traffic.filter(|_| !self.invited().is_empty()).map(|t| t.next_ms);
        pods.into_iter().chain(traffic).min()
    }

    /// Something is done, now.
    pub fn act(&mut self, action: Action) {
        let (manifest, lifecycle) = (self.latest().manifest.clone(), self.latest().lifecycle.clone());
        let fates = (*self.latest().fates).clone();
        match action {
            Action::Apply(_) | Action::Amend(_) | Action::Replace(_) => {
                let (against, manifest) = match action {
                    Action::Amend(manifest) => (Against::Before, manifest),
                    Action::Apply(manifest) => (Against::Latest, manifest),
                    Action::Replace(manifest) => (Against::Nothing, manifest),
                    _ => return,
                };
                let mut fates = fates;
                self.make_bare_pods_again(&mut fates);
                let latest = self.latest();
                let same_edit = latest.change == Change::Edited
                    && self.now_ms - latest.at_ms < EDIT_PAUSE_MS
                    && self.flights.last().is_none_or(|f| f.departed_ms < latest.at_ms);
                if same_edit {
                    let previous = self.moments.pop().expect("there is always a moment");
                    if self.moments.is_empty() {
                        self.moments.push(previous);
                    } else {
                        // The cluster that was popped still hands its allocations on.
                        let from = &previous.network;
                        self.change_from(from, against, Change::Edited, manifest, fates, lifecycle);
                        return;
                    }
                }
                self.change(against, Change::Edited, manifest, fates, lifecycle);
            }
            Action::Recreate(manifest, object) => {
                let change = Change::Recreated(object.clone());
                self.change(Against::Without(&object), change, manifest, fates, lifecycle);
            }
            Action::DeletePod(pod) => {
                let (mut fates, mut lifecycle) = (fates, lifecycle);
                if !lifecycle.delete(&pod, self.now_ms, &mut fates) {
                    return;
                }
                self.change(Against::Before, Change::Deleted(pod), manifest.clone(), fates, lifecycle);
                // A replacement has come into being with the change: it needs time to start.
                let born = self.newborn();
                if !born.is_empty() {
                    let latest = self.latest();
                    let mut fates = (*latest.fates).clone();
                    let mut lifecycle = latest.lifecycle.clone();
                    for pod in &born {
                        lifecycle.start(pod, self.now_ms, &mut fates);
                    }
                    let change = latest.change.clone();
                    let with_newborn = self.moments.pop().expect("just pushed");
                    let from = &with_newborn.network;
                    self.change_from(from, Against::Before, change, manifest, fates, lifecycle);
                }
            }
            Action::SetReady(pod, ready) => {
                let mut fates = fates;
                fates.get_or_default((pod.namespace.clone(), pod.name.clone())).ready = ready;
                self.change(Against::Before, Change::Readiness(pod), manifest, fates, lifecycle);
            }
            Action::Send(request) => self.depart(&request, true),
            Action::Traffic(every_ms) => {
                let traffic = every_ms.map(|every_ms| Traffic {
                    every_ms: every_ms.max(1),
                    next_ms: self.now_ms,
                    turn: self.cursor().traffic.map_or(0, |t| t.turn),
                });
                let cursor = Cursor { traffic, ..self.cursor().clone() };
                let mut moment = self.latest().clone();
                moment.at_ms = self.now_ms;
                moment.change = Change::Traffic;
                moment.after = cursor;
                self.push(moment);
            }
        }
    }

    fn latest(&self) -> &Moment {
        self.moments.last().expect("there is always a moment")
    }

    /// Whichever came later, the latest flight or the latest moment, has the cursor.
    fn cursor(&self) -> &Cursor {
        let moment = &self.latest().after;
        match self.flights.last() {
            Some(flight) if flight.number > moment.number => &flight.after,
            _ => moment,
        }
    }

    /// Applying a text makes the Pods it names once more; a workload's pods stay gone.
    fn make_bare_pods_again(&self, fates: &mut PodFates) {
        for (_, object) in self.latest().manifest.objects().filter(|(_, o)| matches!(o.body, Body::Pod(_))) {
            let key = (object.id.namespace.clone(), object.id.name.clone());
            if fates.get(&key).is_some_and(|fate| fate.gone) {
                fates.remove(&key);
            }
        }
    }

    fn newborn(&self) -> Vec<ObjectRef> {
        let [.., before, after] = self.moments.as_slice() else { return Vec::new() };
        let old = before.network.cluster();
        after
            .network
            .cluster()
            .pods
            .iter()
            .filter(|pod| old.pod(&pod.id.namespace, &pod.id.name).is_none())
            .map(|pod| pod.id.clone())
            .collect()
    }

    fn change(
        &mut self,
        against: Against,
        change: Change,
        manifest: Rc<Manifest>,
        fates: PodFates,
        lifecycle: Lifecycle,
    ) {
        let previous = self.latest().network.clone();
        self.change_from(&previous, against, change, manifest, fates, lifecycle);
    }

    fn change_from(
        &mut self,
        previous: &Rc<Network>,
        against: Against,
        change: Change,
        manifest: Rc<Manifest>,
        fates: PodFates,
        lifecycle: Lifecycle,
    ) {
        let previous = previous.cluster();
        let cluster = match against {
            Against::Latest => Cluster::next(previous, &manifest, &fates),
            Against::Before => Cluster::again(previous, &manifest, &fates),
            Against::Nothing => Cluster::anew(previous, &manifest, &fates),
            Against::Without(object) => Cluster::recreated(previous, &manifest, &fates, object),
        };
        let network = Rc::new(Network::new(Rc::new(cluster)));
        let after = self.cursor().clone();
        let invited = Rc::new(network.invited());
        let fates = Rc::new(fates);
        let at_ms = self.now_ms;
        self.push(Moment { at_ms, change, network, manifest, fates, lifecycle, invited, after });
    }

    fn push(&mut self, moment: Moment) {
        self.moments.push(moment);
        if self.moments.len() > MOMENTS_MAX {
            self.moments.remove(0);
        }
    }

    fn depart_invited(&mut self, at_ms: Millis) {
        let Some(traffic) = self.cursor().traffic else { return };
        let invited = self.latest().invited.clone();
        if invited.is_empty() {
            return;
        }
        let request = &invited[traffic.turn as usize % invited.len()];
        self.depart(request, false);
        if let Some(flight) = self.flights.last_mut().map(Rc::make_mut) {
            flight.after.traffic = Some(Traffic {
                next_ms: at_ms + Millis::from(traffic.every_ms),
                turn: traffic.turn.wrapping_add(1),
                ..traffic
            });
        }
    }

    fn depart(&mut self, request: &Request, by_hand: bool) {
        let cursor = self.cursor().clone();
        let number = cursor.number.wrapping_add(1);
        let seed = mix(self.seed, u64::from(number));
        let (trace, tables) = self.latest().network.route(request, &cursor.tables, seed, self.now_ms);
        self.flights.push(Rc::new(Flight {
            number,
            departed_ms: self.now_ms,
            by_hand,
            trace: Rc::new(trace),
            after: Cursor { tables, number, traffic: cursor.traffic },
        }));
        if self.flights.len() > FLIGHTS_MAX {
            self.flights.drain(..FLIGHTS_MAX / 4);
        }
    }
}

/// One seed for each request, so that a request's chances do not hang on others.
fn mix(seed: u64, number: u64) -> u64 {
    let mut z = seed ^ number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
