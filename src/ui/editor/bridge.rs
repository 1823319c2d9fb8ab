//! The JavaScript side of the editor. Everything here counts UTF-16 code units.

use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::HtmlTextAreaElement;

#[wasm_bindgen(inline_js = "export function portolanImport(url) { return import(url); }")]
extern "C" {
    /// The module behind an address.
    #[wasm_bindgen(js_name = portolanImport)]
    pub fn import(url: &str) -> js_sys::Promise;
}

// What goes wrong in the editor is caught here: an exception that ran through the page's own
// frames would leave it without ever drawing again.
#[wasm_bindgen]
extern "C" {
    /// What `createEditor` gives back.
    #[derive(Clone)]
    pub type CodeEditor;
    #[wasm_bindgen(method, catch, js_name = setText)]
    fn set_text(this: &CodeEditor, text: &str) -> Result<(), JsValue>;
    #[wasm_bindgen(method, catch, js_name = setProblems)]
    fn set_problems(this: &CodeEditor, problems: &js_sys::Array) -> Result<(), JsValue>;
    #[wasm_bindgen(method, catch, js_name = setCourse)]
    fn set_course(this: &CodeEditor, ranges: &js_sys::Array, scroll: bool) -> Result<(), JsValue>;
    #[wasm_bindgen(method, catch)]
    fn reveal(this: &CodeEditor, from: u32, to: u32) -> Result<(), JsValue>;
    #[wasm_bindgen(method)]
    fn focus(this: &CodeEditor);
    #[wasm_bindgen(method)]
    fn destroy(this: &CodeEditor);
}

/// Says in the console what the editor could not do; the page goes on.
fn told(outcome: Result<(), JsValue>) {
    if let Err(error) = outcome {
        web_sys::console::error_1(&error);
    }
}

/// Whichever editor there is.
#[derive(Clone, Default)]
enum Now {
    #[default]
    Nothing,
    Plain(HtmlTextAreaElement),
    Code(CodeEditor),
}

/// A handle on the editor, empty until it is there.
#[derive(Clone, Default)]
pub struct EditorHandle(Rc<RefCell<Now>>);

impl PartialEq for EditorHandle {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl EditorHandle {
    /// The plain field is the editor now.
    pub fn use_plain(&self, field: HtmlTextAreaElement) {
        self.set(Now::Plain(field));
    }

    /// The real editor is there.
    pub fn use_code(&self, editor: CodeEditor) {
        self.set(Now::Code(editor));
    }

    /// There is no editor any more.
    pub fn leave(&self) {
        self.set(Now::Nothing);
    }

    fn set(&self, now: Now) {
        let before = self.0.replace(now);
        if let Now::Code(editor) = before {
            editor.destroy();
        }
    }

    fn now(&self) -> Now {
        self.0.borrow().clone()
    }

    /// Replaces the text.
    pub fn set_text(&self, text: &str) {
        match self.now() {
            Now::Code(editor) => told(editor.set_text(text)),
            Now::Plain(field) => field.set_value(text),
            Now::Nothing => {}
        }
    }

    /// Marks problems.
    pub fn set_problems(&self, problems: &js_sys::Array) {
        if let Now::Code(editor) = self.now() {
            told(editor.set_problems(problems));
        }
    }

    /// Lights up the fields that decided: start, end, whether it is the deciding one.
    pub fn set_course(&self, ranges: &[(u32, u32, bool)], scroll: bool) {
        let Now::Code(editor) = self.now() else { return };
        let ranges = ranges.iter().map(|&(from, to, strong)| {
            object(&[("from", from.into()), ("to", to.into()), ("strong", strong.into())])
        });
        told(editor.set_course(&ranges.collect(), scroll));
    }

    /// Brings a range into view and selects it.
    pub fn reveal(&self, from: u32, to: u32) {
        match self.now() {
            Now::Code(editor) => {
                told(editor.reveal(from, to));
                editor.focus();
            }
            Now::Plain(field) => {
                // A field that is not shown has no selection; then there is nothing to reveal.
                let _ = field.focus();
                let _ = field.set_selection_range(from, to);
            }
            Now::Nothing => {}
        }
    }

    /// Puts the cursor there.
    pub fn focus(&self) {
        match self.now() {
            Now::Code(editor) => editor.focus(),
            Now::Plain(field) => {
                let _ = field.focus();
            }
            Now::Nothing => {}
        }
    }
}

/// A JavaScript object.
#[must_use]
pub fn object(entries: &[(&str, JsValue)]) -> JsValue {
    let object = js_sys::Object::new();
    for (key, value) in entries {
        // A fresh object takes every property.
        let _ = js_sys::Reflect::set(&object, &JsValue::from_str(key), value);
    }
    object.into()
}
