//! # Portolan: the map
//!
//! A Kubernetes Services playground that runs whole in a browser tab.
//!
//! ## One idea: a session is a list of actions
//!
//! ```text
//! manifests + actions with times + a seed  ──►  World at t  ──►  what the page shows
//! ```
//!
//! The simulation is a pure function of its inputs: one clock (simulated milliseconds),
//! one seed, one queue of events. A request is routed to a **trace**, a list of hops; the
//! stage animates hops, the route panel prints them, the editor lights up their fields,
//! the tests compare them. No other part of the program knows how Kubernetes routes.
//!
//! ## Rooms
//!
//! ```text
//! ui → session → {playback, scene, lint, editing} → sim → routing → {dns, proxy} → cluster → manifest → source
//! ```
//!
//! | room | what happens there | what never does |
//! |---|---|---|
//! | [`source`] | text, byte ranges, line index, UTF-16 at the edge | knowing YAML |
//! | [`diagnostic`] | code, severity, message, object, field path, range, hint | printing |
//! | [`manifest`] | YAML/JSON text → objects with the place of every key and value | failing as a whole; defaulting |
//! | [`cluster`] | admission, validation, allocation, controllers, indexes | a screen, a clock of its own |
//! | [`dns`] | names → records and answers, search path | routing |
//! | [`proxy`] | what each node's proxy does with a packet; affinity as explicit values | choosing by a hidden random |
//! | [`routing`] | one request → one trace; ingress controllers | drawing |
//! | [`lint`] | objects and cluster → problems that teach; tables of *why not* | refusing an object |
//! | [`editing`] | what the editor offers at the cursor and says about a word | changing the text |
//! | [`sim`] | clock, event queue, seed, actions, history | wall-clock time |
//! | [`scene`] | cluster → geometry, at several levels of detail | measuring the DOM |
//! | [`playback`] | trace → timeline → frame at t | setting timing from pixels |
//! | [`session`] | state, action, reducer, view data | effects |
//! | [`words`] | every sentence a person reads, made from facts | deciding anything |
//! | [`map`] | maps and sets in the order of insertion, for all rooms | a random order |
//! | `ui` | Yew components, editor bridge, canvas, storage | Kubernetes logic |
//!
//! ## Two modules
//!
//! A release build is cut in two after linking. The first module draws the stage and plays the
//! first example, which was read, and made into a cluster, when the program was built
//! (`build.rs`). The second one holds what only `ui/tools.rs` reaches: the reader of YAML, the
//! control plane that makes clusters ([`session::Checks`]), lints, completion, the request form,
//! details. The page asks for it after its first frames and plays its session again with it. No
//! text is read before: what is shown is always judged.
//!
//! ## Packages
//!
//! All rooms lie in `src/`. Those that a key press waits for are packages of their own, so that a
//! release can build them for speed, and the rest to be small. Their root files are in `src/` as
//! well, their manifests in `crates/`:
//!
//! | package | rooms | built |
//! |---|---|---|
//! | `portolan-reading` (`reading.rs`) | [`source`], [`diagnostic`], [`map`], [`manifest`] | for speed |
//! | `portolan-making` (`making.rs`) | [`cluster`] | for speed |
//! | `portolan-routing` (`routes.rs`) | [`dns`], [`proxy`], [`routing`] | small: it is above them, and below lints |
//! | `portolan-judging` (`judging.rs`) | [`lint`] | for speed |
//! | `portolan` (`lib.rs`) | all others, and the page | small |
//!
//! What is built for speed is in the second module, so that a first visit does not pay for it. It
//! has copies of the small functions of the first that it calls most (`xtask/web/leaves.mjs`).
//!
//! Invariants: everything below `ui` is pure and builds natively; the page's dependencies
//! exist for `wasm32` alone, so that a native `cargo test` cannot reach a browser. Parsing
//! never fails. Looking never changes anything.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

pub use portolan_judging::lint;
pub use portolan_making::cluster;
pub use portolan_reading::{diagnostic, manifest, map, source};
pub use portolan_routing::{dns, proxy, routing};

use portolan_reading::sort;

pub mod editing;
pub mod playback;
pub mod scene;
pub mod session;
pub mod sim;
pub mod words;

#[cfg(target_arch = "wasm32")]
pub mod ui;
