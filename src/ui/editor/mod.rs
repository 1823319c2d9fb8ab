//! The pane with the manifests: a plain field at once, the real editor when it has come.

pub mod bridge;
pub mod offers;

use super::desk::{Desk, use_desk};
use super::same::Same;
use super::storage;
use super::tools;
use crate::diagnostic::{Diagnostic, Severity};
use crate::manifest::{Manifest, ObjectRef};
use crate::session::{Action, View};
use crate::words::ui as words;
use bridge::{CodeEditor, object};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{Element, HtmlTextAreaElement};
use yew::prelude::*;

/// How long typing rests before the text is saved.
const SAVE_AFTER_MS: u32 = 400;

/// Properties of [`EditorPane`].
#[derive(Properties, PartialEq)]
pub struct EditorPaneProps {
    /// The text.
    pub text: Same<str>,
    /// The text, read.
    pub manifest: Same<Manifest>,
    /// Its problems.
    pub problems: Same<Vec<Diagnostic>>,
    /// Objects that stand for a broken document.
    pub stale: Same<Vec<ObjectRef>>,
    /// Called when the browser does not keep the text.
    pub on_not_stored: Callback<()>,
}

/// What the editor's callbacks share.
pub struct Shared {
    desk: Desk,
    /// The text as the editor has it.
    known: RefCell<Rc<str>>,
    save: RefCell<Option<gloo::timers::callback::Timeout>>,
    gone: Cell<bool>,
    on_not_stored: Callback<()>,
}

impl Shared {
    fn typed(self: &Rc<Self>, text: String) {
        let text: Rc<str> = text.into();
        *self.known.borrow_mut() = text.clone();
        self.keep(&text);
        self.desk.store.typed(text);
    }

    fn keep(&self, text: &Rc<str>) {
        storage::remember(text);
        let failed = self.on_not_stored.clone();
        let save = gloo::timers::callback::Timeout::new(SAVE_AFTER_MS, move || {
            if !storage::save() {
                failed.emit(());
            }
        });
        // Dropping the timer before cancels it.
        self.save.replace(Some(save));
    }
}

/// A question about a place of a text, in UTF-16.
type Ask = dyn FnMut(String, u32) -> JsValue;

/// Closures that JavaScript holds while the editor lives.
pub struct Bound {
    _on_change: Closure<dyn FnMut(String)>,
    _ask: [Closure<Ask>; 2],
    _on_recreate: Closure<dyn FnMut(String, String, String)>,
}

/// The editor with its problems.
#[component]
pub fn EditorPane(props: &EditorPaneProps) -> Html {
    let desk = use_desk();
    let field = use_node_ref();
    let place = use_node_ref();
    let is_code = use_state(|| false);
    let failed = use_state(|| None::<&'static str>);
    let shared = {
        let (desk, on_not_stored) = (desk.clone(), props.on_not_stored.clone());
        let text = props.text.0.clone();
        use_memo((), move |()| {
            Rc::new(Shared {
                desk,
                known: RefCell::new(text),
                save: RefCell::default(),
                gone: Cell::new(false),
                on_not_stored,
            })
        })
    };
    let shared: Rc<Shared> = (*shared).clone();

    use_effect_with((), {
        let (field, place, shared) = (field.clone(), place.clone(), shared.clone());
        let (is_code, failed) = (is_code.clone(), failed.clone());
        move |()| {
            let bound: Rc<RefCell<Option<Bound>>> = Rc::default();
            if let Some(field) = field.cast::<HtmlTextAreaElement>() {
                field.set_value(&shared.known.borrow());
                shared.desk.editor.use_plain(field);
            }
            let (on_end, bound_too) = (shared.clone(), bound.clone());
            // The stage comes first: the editor is fetched after the first frames.
            let start = gloo::timers::callback::Timeout::new(60, move || {
                wasm_bindgen_futures::spawn_local(async move {
                    let editor = create(&place, &shared, &bound).await;
                    if shared.gone.get() {
                        return;
                    }
                    match editor {
                        Ok(editor) => {
                            let had_focus = has_focus(&field);
                            shared.desk.editor.use_code(editor);
                            is_code.set(true);
                            if had_focus {
                                shared.desk.editor.focus();
                            }
                        }
                        Err(why) => failed.set(Some(why)),
                    }
                });
            });
            move || {
                drop(start);
                on_end.gone.set(true);
                on_end.desk.editor.leave();
                bound_too.replace(None);
            }
        }
    });

    use_effect_with(props.text.clone(), {
        let (shared, desk) = (shared.clone(), desk.clone());
        move |text| {
            if !shared.desk.store.has_typed() && *shared.known.borrow() != text.0 {
                *shared.known.borrow_mut() = text.0.clone();
                shared.desk.editor.set_text(text);
                // An example is there anyway; everything else is somebody's own.
                if desk.is_own(text) {
                    shared.keep(&text.0);
                }
            }
        }
    });
    use_effect_with((props.problems.clone(), *is_code), {
        let desk = desk.clone();
        move |(problems, _)| {
            if let Some(tools) = desk.tools {
                desk.editor.set_problems(&(tools.for_editor)(&desk.store.session(), problems));
            }
        }
    });
    use_course(&desk, *is_code);

    let oninput = {
        let shared = shared.clone();
        Callback::from(move |event: InputEvent| {
            shared.typed(event.target_unchecked_into::<HtmlTextAreaElement>().value());
        })
    };
    let broken = props.manifest.documents.iter().any(|(_, d)| d.broken);
    let banner = broken.then(|| {
        let line = props.problems.iter().find(|p| p.severity == Severity::Error).map_or(1, |p| {
            let session = desk.store.session();
            session.lines.position(&session.text, p.span.start).line
        });
        html! { <p class="banner" role="status">{ words::stale(line, &props.stale) }</p> }
    });
    let network = desk.store.view().network;
    let others = &network.cluster().not_simulated;
    let others = (!others.is_empty())
        .then(|| html! { <p class="others" role="note">{ words::not_simulated(others) }</p> });
    // Every part keeps its slot, there or not: where a part is added with `for`, those before it are made
    // anew, and the editor lives in one of them.
    html! {
        <section class="editor" aria-label={words::TEXT}>
            <div class="editor-place">
                <div class="editor-code" ref={place} hidden={!*is_code}/>
                if !*is_code {
                    <textarea ref={field} class="editor-plain" aria-label={words::EDITOR} spellcheck="false"
                        autocapitalize="off" autocomplete="off" wrap="off" {oninput}/>
                }
            </div>
            if let Some(why) = *failed {
                <p class="banner" role="status">{ why }</p>
            }
            { banner.unwrap_or_default() }
            { others.unwrap_or_default() }
            { match desk.tools {
                Some(tools) => (tools.problems)(&props.problems, &props.text),
                None => html! { <section class="problems" aria-busy="true"><div class="problems-head"/></section> },
            } }
        </section>
    }
}

fn has_focus(field: &NodeRef) -> bool {
    let active = gloo::utils::document().active_element();
    active.is_some() && active == field.cast::<Element>()
}

/// Fetches the tools and the editor; or says what is missing.
async fn create(
    place: &NodeRef,
    shared: &Rc<Shared>,
    bound: &RefCell<Option<Bound>>,
) -> Result<CodeEditor, &'static str> {
    let base = gloo::utils::document().base_uri().ok().flatten().unwrap_or_default();
    let url = format!("{}static/editor.js", &base[..base.rfind('/').map_or(0, |i| i + 1)]);
    // Both are on their way at the same time.
    let module = wasm_bindgen_futures::JsFuture::from(bridge::import(&url));
    let tools = tools::bring().await.map_err(|tools::Missing| words::TOOLS_MISSING)?;
    shared.desk.equip.emit(tools);
    let module = module.await.map_err(|_| words::PLAIN_EDITOR)?;
    (tools.assemble)(&module, place, shared, bound).ok_or(words::PLAIN_EDITOR)
}

/// [`assemble`], once it is there.
pub type Assemble = fn(&JsValue, &NodeRef, &Rc<Shared>, &RefCell<Option<Bound>>) -> Option<CodeEditor>;

/// Makes an editor of the fetched module.
pub fn assemble(
    module: &JsValue,
    place: &NodeRef,
    shared: &Rc<Shared>,
    bound: &RefCell<Option<Bound>>,
) -> Option<CodeEditor> {
    let make: js_sys::Function =
        js_sys::Reflect::get(module, &"createEditor".into()).ok()?.dyn_into().ok()?;
    if shared.gone.get() {
        return None;
    }
    if let Some(text) = js_sys::Reflect::get(module, &"fieldWords".into()).ok()?.as_string() {
        crate::words::fields::learn(text.leak());
    }
    let typed = shared.clone();
    let on_change = Closure::<dyn FnMut(String)>::new(move |text: String| typed.typed(text));
    let ask = [offers::complete, offers::hover].map(|answer| {
        let store = shared.desk.store.clone();
        Closure::<Ask>::new(move |text: String, offset| {
            let session = store.session();
            answer(&text, offset, &session.manifest, session.network().cluster())
        })
    });
    let desk = shared.desk.clone();
    let on_recreate = Closure::<dyn FnMut(String, String, String)>::new(
        move |kind: String, namespace: String, name: String| {
            desk.dispatch(Action::Recreate(ObjectRef::new(&kind, &namespace, &name)));
        },
    );
    let phrases: Vec<_> = words::EDITOR_PHRASES.iter().map(|&(en, own)| (en, own.into())).collect();
    let options = object(&[
        ("doc", JsValue::from_str(&shared.known.borrow())),
        ("readOnly", false.into()),
        ("label", words::EDITOR.into()),
        ("onChange", on_change.as_ref().clone()),
        ("complete", ask[0].as_ref().clone()),
        ("hover", ask[1].as_ref().clone()),
        ("onRecreate", on_recreate.as_ref().clone()),
        ("phrases", object(&phrases)),
    ]);
    let parent = place.cast::<Element>()?;
    let editor = make.call2(&JsValue::UNDEFINED, &parent, &options).ok()?;
    bound.replace(Some(Bound { _on_change: on_change, _ask: ask, _on_recreate: on_recreate }));
    Some(editor.unchecked_into())
}

/// Keeps the fields of the current leg lit up in the editor.
#[hook]
fn use_course(desk: &Desk, is_code: bool) {
    let subscription = use_mut_ref(|| None);
    use_effect_with(is_code, {
        let desk = desk.clone();
        move |_| {
            let lit = Rc::new(RefCell::new(None));
            let (again, lit_too) = (desk.clone(), lit.clone());
            light(&desk, &desk.store.view(), &lit);
            let listening = desk.store.on_view(move |view| light(&again, view, &lit_too));
            subscription.replace(Some(listening));
            move || drop(subscription.replace(None))
        }
    });
}

/// Ranges that are lit up, and whether they were brought into view.
type Lit = Option<(Vec<(u32, u32, bool)>, bool)>;

fn light(desk: &Desk, view: &View, lit: &RefCell<Lit>) {
    let ranges = {
        let session = desk.store.session();
        let fields = view
            .followed
            .as_ref()
            .zip(view.current())
            .and_then(|(course, hop)| course.flight.trace.hops.get(hop))
            .map_or(&[][..], |hop| &hop.fields);
        let spans = fields.iter().enumerate().filter_map(|(i, f)| Some((session.locate(f)?, i == 0)));
        spans
            .map(|(span, strong)| {
                let utf16 = |byte| session.lines.utf16(&session.text, byte);
                (utf16(span.start), utf16(span.end), strong)
            })
            .collect::<Vec<_>>()
    };
    // While time runs the text stays where the reader left it.
    let next = Some((ranges, !view.playing));
    if *lit.borrow() != next {
        if let Some((ranges, scroll)) = &next {
            desk.editor.set_course(ranges, *scroll && !typing());
        }
        lit.replace(next);
    }
}

fn typing() -> bool {
    let active = gloo::utils::document().active_element();
    active.is_some_and(|e| e.closest(".editor").ok().flatten().is_some())
}
