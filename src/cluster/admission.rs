//! What the API server does with an object before it is stored: a name where only a
//! prefix is given, defaults, validation. What it refuses goes no further; where it refuses
//! an update, the object stays as it was.

use super::allocate::{MISMATCH, StagedService};
use super::hash::{Hash, suffixed};
use super::history::{History, Taken, same};
use super::validate::ip::parse_sloppy;
use super::validate::{self, FieldError, Gates, service_update};
use super::{IpMode, Origin, Protocol, Service, ServicePort, defaults, limits};
use crate::diagnostic::{Diagnostic, Fix, Severity};
use crate::manifest::{self, Body, FieldPath, Manifest, Object, ObjectRef};
use crate::map::{Map, Set};
use crate::words::updates as words;
use std::rc::Rc;

/// The objects that are accepted, and the problems of the others.
#[derive(Default)]
pub(super) struct Admitted {
    /// With the byte their document starts at.
    pub(super) objects: Vec<(u32, Rc<Object>)>,
    /// Defaulted, in the order of the text.
    pub(super) services: Vec<StagedService>,
    pub(super) problems: Vec<Diagnostic>,
    /// Objects that stay as they were, because their update is refused.
    pub(super) stale: Vec<ObjectRef>,
    /// How many of `objects` are of the text, the first ones.
    written: usize,
    /// Service → position in `objects`.
    places: Map<ObjectRef, usize>,
    /// Fields that updates dropped without a word, by position in `objects`.
    cleared: Vec<(usize, Rc<[&'static str]>)>,
}

/// An object as it goes in, and what an update dropped of it.
struct Accepted {
    staged: Option<StagedService>,
    cleared: Option<Rc<[&'static str]>>,
}

/// Why an object does not go in.
#[derive(Default)]
struct Refused {
    errors: Vec<FieldError>,
    /// Errors that only an update has.
    immutable: Vec<FieldError>,
}

impl Admitted {
    /// Reads a text.
    pub(super) fn of(manifest: &Manifest, history: &mut History) -> Self {
        let mut admitted = Self::default();
        let mut seen: Set<ObjectRef> = Set::new();
        let mut unnamed: Map<Rc<str>, u64> = Map::new();
        let mut places = None;
        for (place, (offset, object)) in manifest.objects().enumerate() {
            let object = named(object, &mut unnamed);
            if matches!(object.body, Body::Other) {
                admitted.objects.push((offset, object));
                continue;
            }
            let mut latest = history.latest.find(&object.id);
            // Of two of one name only that which the cluster has is compared with what it has: a
            // second one never is, and a first one not if it is refused as it stands.
            let alone = |object| judge(object, &mut History::none());
            let twice = seen.contains(&object.id);
            let changed = latest.is_some_and(|latest| !same(&latest.object, &object));
            let other = changed && {
                let places = places.get_or_insert_with(|| last_places(manifest, history));
                places.get(&object.id).is_some_and(|&last| last > place)
            };
            let refused = if other { alone(&object).err() } else { None };
            if twice || refused.is_some() {
                latest = None;
            }
            let verdict = match refused {
                Some(refused) => Err(refused),
                None if twice => alone(&object),
                None => judge(&object, history),
            };
            let (object, accepted) = match (verdict, latest) {
                (Ok(accepted), _) => (object, accepted),
                (Err(refused), None) => {
                    admitted.refuse(&object, offset, &refused, false);
                    continue;
                }
                (Err(refused), Some(latest)) => {
                    admitted.refuse(&object, offset, &refused, true);
                    admitted.stale.push(object.id.clone());
                    let service = latest.service.as_ref().map(|service| service.stored.clone());
                    let staged = service.map(|s| StagedService::new(&latest.object, s, Origin::Text));
                    (latest.object.clone(), Accepted { staged, cleared: latest.cleared.clone() })
                }
            };
            if !seen.insert(object.id.clone()) {
                admitted.problems.push(already_exists(&object, offset));
                continue;
            }
            let at = admitted.objects.len();
            if let Some(mut staged) = accepted.staged {
                staged.service.spec.ports.truncate(limits::SERVICE_PORTS);
                admitted.problems.extend(limits::too_many_ports(&object, offset));
                staged.standing = latest.and_then(|latest| latest.service.clone());
                admitted.places.insert(object.id.clone(), at);
                admitted.services.push(staged);
            }
            if let Some(cleared) = accepted.cleared {
                admitted.problems.extend(dropped(&object, offset, &cleared));
                admitted.cleared.push((at, cleared));
            }
            admitted.objects.push((offset, object));
        }
        admitted.written = admitted.objects.len();
        admitted
    }

    /// Says why. `stays`: the cluster has it as it was.
    fn refuse(&mut self, object: &Object, offset: u32, refused: &Refused, stays: bool) {
        let mut problems = validate::diagnose(object, offset, &refused.immutable);
        for problem in &mut problems {
            problem.code = IMMUTABLE;
            problem.hint = words::immutable(&object.id);
            problem.fixes.push(Fix::recreate(words::recreate(&object.id)));
        }
        let mut others = validate::diagnose(object, offset, &refused.errors);
        if stays {
            for problem in &mut others {
                problem.hint = words::stays(&object.id);
            }
        }
        self.problems.extend(problems);
        self.problems.extend(others);
    }

    /// An object that the playground supplies.
    pub(super) fn supply(&mut self, object: &Rc<Object>) {
        self.services.extend(supplied(object));
        self.objects.push((0, object.clone()));
    }

    /// Services whose addresses could be allocated; the others are refused, or stay as they were.
    pub(super) fn take_services(&mut self, history: &mut History) -> Vec<Rc<Service>> {
        let mut services = Vec::with_capacity(self.services.len());
        for staged in std::mem::take(&mut self.services) {
            if let Some((at, (offset, object))) =
                self.places.get(&staged.id).and_then(|&at| Some((at, self.objects.get(at)?)))
            {
                let mut problems = validate::diagnose(object, *offset, &staged.refusals);
                for problem in &mut problems {
                    if problem.message.ends_with(MISMATCH) {
                        problem.hint =
                            "Cluster IPs here come from 10.96.0.0/12 and fd00:10:96::/112.".to_owned();
                    } else if staged.stays {
                        problem.hint = words::stays(&staged.id);
                    }
                }
                self.problems.append(&mut problems);
                if let Some((path, message)) = staged.exhausted {
                    let message = format!("Internal error occurred: {message}");
                    self.problems.push(problem(object, *offset, "admission/exhausted", path, message));
                }
                if staged.stays
                    && let Some(latest) = history.latest.find(&staged.id)
                {
                    self.objects[at].1 = latest.object.clone();
                    self.stale.push(staged.id.clone());
                }
            }
            if staged.exhausted.is_none() && (staged.stays || staged.refusals.is_empty()) {
                services.push(Rc::new(stored(staged)));
            }
        }
        services
    }

    /// What the next change is compared with.
    pub(super) fn taken(&self, services: &[Rc<Service>]) -> Vec<Taken> {
        let mut services = services.iter().peekable();
        let mut cleared = self.cleared.iter().peekable();
        let written = self.objects.iter().take(self.written).enumerate();
        let taken = written.filter_map(|(at, (_, object))| {
            let cleared = cleared.next_if(|(of, _)| *of == at).map(|(_, all)| all.clone());
            let service = match &object.body {
                Body::Other => return None,
                Body::Service(_) => Some(services.next_if(|service| service.id == object.id)?.clone()),
                _ => None,
            };
            Some(Taken { object: object.clone(), service, cleared })
        });
        taken.collect()
    }
}

const IMMUTABLE: &str = "validation/immutable";

/// What the API server says to an object: as to a new one, or as to a change of one that it has.
fn judge(object: &Rc<Object>, history: &mut History) -> Result<Accepted, Refused> {
    let before = history.before.find(&object.id);
    if let Some(before) = before.filter(|before| same(&before.object, object)) {
        // What has not changed is not sent again.
        let service = before.service.as_ref().map(|service| service.stored.clone());
        let staged = service.map(|service| StagedService::new(object, service, Origin::Text));
        return Ok(Accepted { staged, cleared: before.cleared.clone() });
    }
    let mut refused = Refused::default();
    let mut accepted = Accepted { staged: None, cleared: None };
    let Body::Service(written) = &object.body else {
        refused.errors = validate::object(object);
        if let Some(before) = before {
            validate::update::forgive(&before.object, object, &mut refused.errors);
            refused.immutable = validate::update::immutable(&before.object, object);
        }
        return refused.or(accepted);
    };
    let mut service = written.clone();
    defaults::service(&mut service);
    let mut gates = Gates::default();
    if let Some(old) = before.and_then(|before| before.service.as_ref()).map(|service| &service.stored) {
        service_update::patch(old, written, &mut service);
        let cleared = service_update::clear(old, &mut service);
        accepted.cleared = (!cleared.is_empty()).then(|| cleared.into());
        refused.immutable = service_update::immutable(old, &service);
        place(&mut refused.immutable, written);
        // A name that was good when the Service was made stays good.
        gates.relaxed_service_names = true;
    }
    let staged = StagedService::new(object, service, Origin::Text);
    refused.errors = validate::service::create(&metadata(object), &staged.as_allocated(), gates);
    accepted.staged = Some(staged);
    refused.or(accepted)
}

/// A supplied Service, with its defaults; `None` for any other object.
fn supplied(object: &Rc<Object>) -> Option<StagedService> {
    let Body::Service(written) = &object.body else { return None };
    let mut service = written.clone();
    defaults::service(&mut service);
    Some(StagedService::new(object, service, Origin::Supplied))
}

impl Refused {
    fn or(self, accepted: Accepted) -> Result<Accepted, Self> {
        if self.errors.is_empty() && self.immutable.is_empty() { Ok(accepted) } else { Err(self) }
    }
}

/// clusterIPs is a copy of clusterIP where the text has that one alone.
fn place(errors: &mut [FieldError], written: &manifest::Service) {
    if !written.spec.cluster_ips.is_empty() {
        return;
    }
    for error in errors.iter_mut().filter(|error| error.field.starts_with("spec.clusterIPs")) {
        error.at = Some(FieldPath::of("spec.clusterIP"));
    }
}

/// Fields of the text that the type no longer has, and that an update drops without a word.
fn dropped(object: &Object, offset: u32, cleared: &[&'static str]) -> Vec<Diagnostic> {
    let Body::Service(service) = &object.body else { return Vec::new() };
    let mut problems = Vec::new();
    let mut say = |path: String| {
        let type_ = service.spec.type_.as_deref().unwrap_or("ClusterIP");
        let mut problem = problem(object, offset, "admission/cleared", &path, words::cleared(&path, type_));
        if object.tree.at(&problem.path).is_some() {
            problem.severity = Severity::Info;
            problem.hint = words::cleared_hint();
            problems.push(problem);
        }
    };
    for field in cleared {
        match *field {
            "ports[*].nodePort" => {
                for i in 0..service.spec.ports.len() {
                    say(format!("spec.ports[{i}].nodePort"));
                }
            }
            "status.loadBalancer" => {}
            field => say(format!("spec.{field}")),
        }
    }
    problems
}

/// Of names that stand more than once in a text: the last place where the very object stands
/// that the cluster has.
fn last_places(manifest: &Manifest, history: &mut History) -> Map<ObjectRef, usize> {
    let mut seen = Set::new();
    let mut twice = Set::new();
    for (_, object) in manifest.objects() {
        if !seen.insert(&object.id) {
            twice.insert(&object.id);
        }
    }
    let mut places = Map::new();
    for (place, (_, object)) in manifest.objects().enumerate().filter(|(_, (_, o))| twice.contains(&o.id)) {
        if history.latest.find(&object.id).is_some_and(|latest| same(&latest.object, object)) {
            places.insert(object.id.clone(), place);
        }
    }
    places
}

/// metadata with its namespace written in.
fn metadata(object: &Object) -> crate::manifest::Metadata {
    let mut metadata = (*object.metadata).clone();
    metadata.namespace = (!object.id.namespace.is_empty()).then(|| object.id.namespace.clone());
    metadata.name = object.id.name.clone();
    metadata
}

/// The server makes a name of metadata.generateName and five letters.
fn named(object: &Rc<Object>, unnamed: &mut Map<Rc<str>, u64>) -> Rc<Object> {
    let Some(prefix) =
        object.metadata.generate_name.as_ref().filter(|p| !p.is_empty() && object.id.name.is_empty())
    else {
        return object.clone();
    };
    let number = unnamed.get_or_default(prefix.clone());
    *number += 1;
    let hash = Hash::new().text(&object.id.kind).text(&object.id.namespace).text(prefix).number(*number);
    let mut object = (**object).clone();
    object.id.name = suffixed(prefix, "", hash.finish());
    Rc::new(object)
}

fn already_exists(object: &Object, offset: u32) -> Diagnostic {
    let kind = object.id.kind.to_ascii_lowercase();
    let plural = if kind.ends_with('s') { format!("{kind}es") } else { format!("{kind}s") };
    let plural = if kind == "endpoints" { kind } else { plural };
    let message = format!("{plural} \"{}\" already exists", object.id.name);
    let mut problem = problem(object, offset, "admission/already-exists", "metadata.name", message);
    problem.hint = "The first one of this name counts.".to_owned();
    problem
}

fn problem(object: &Object, offset: u32, code: &'static str, path: &str, message: String) -> Diagnostic {
    let path = FieldPath::parse(path);
    Diagnostic {
        code,
        severity: Severity::Error,
        message,
        hint: String::new(),
        object: Some(object.id.clone()),
        span: object.tree.locate(&path).shifted(offset),
        path,
        related: Vec::new(),
        fixes: Vec::new(),
    }
}

fn stored(staged: StagedService) -> Service {
    let spec = &staged.service.spec;
    let balancer = spec.type_.as_deref() == Some("LoadBalancer");
    let ingress = staged.service.status.load_balancer_ingress.iter().filter(|_| balancer);
    let load_balancer_ips = ingress
        .filter_map(|i| {
            let mode = if i.ip_mode.as_deref() == Some("Proxy") { IpMode::Proxy } else { IpMode::Vip };
            Some((parse_sloppy(i.ip.as_ref()?)?, mode))
        })
        .collect();
    let ports = spec.ports.iter().filter_map(|port| {
        Some(ServicePort {
            name: port.name.clone().unwrap_or_else(|| manifest::constant("")),
            protocol: Protocol::parse(port.protocol.as_deref()?)?,
            port: u16::try_from(port.port).ok()?,
            target_port: port.target_port.clone()?,
            node_port: port.node_port.and_then(|p| u16::try_from(p).ok()).filter(|p| *p != 0),
        })
    });
    let external = spec.type_.as_deref() == Some("ExternalName");
    Service {
        cluster_ips: spec
            .cluster_ips
            .iter()
            .filter(|_| !external)
            .filter_map(|ip| parse_sloppy(ip))
            .collect(),
        load_balancer_ips,
        external_ips: spec.external_ips.iter().filter_map(|ip| parse_sloppy(ip)).collect(),
        ports: ports.collect(),
        id: staged.id,
        origin: staged.origin,
        metadata: staged.metadata,
        stored: staged.service,
    }
}
