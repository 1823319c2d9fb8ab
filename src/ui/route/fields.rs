//! Fields that decided, as buttons that lead to them.

use crate::manifest::FieldRef;
use crate::ui::desk::Desk;
use crate::words::ui as words;
use yew::prelude::*;

/// A list of fields; nothing where there is none.
pub fn fields(desk: &Desk, fields: &[FieldRef]) -> Html {
    if fields.is_empty() {
        return html! {};
    }
    let session = desk.store.session();
    let placed = fields.iter().map(|field| {
        let span = session.locate(field);
        let at = span.map(|span| session.lines.position(&session.text, span.start));
        (field, span.zip(at))
    });
    html! {
        <ul class="fields">
            for (field, place) in placed {
                <li>
                    if let Some((span, at)) = place {
                        <button type="button" class="field-ref" onclick={
                            let desk = desk.clone();
                            move |_| desk.reveal(span)
                        } aria-label={format!("{} {}, {}", words::object(&field.object), field.path, words::position_spoken(at))}>
                            <span class="field-path">{ words::name(&field.object) }{ " · " }<wbr/>{ breakable(&field.path.to_string()) }</span>
                            <span class="place">{ words::position(at) }</span>
                        </button>
                    } else {
                        <span class="field-ref still">
                            <span class="field-path">{ words::object(&field.object) }{ " · " }<wbr/>{ breakable(&field.path.to_string()) }</span>
                        </span>
                    }
                </li>
            }
        </ul>
    }
}

/// A path or name that may break before its dots and brackets.
pub fn breakable(path: &str) -> Html {
    let mut parts = Vec::new();
    let mut rest = path;
    while let Some(at) = rest.char_indices().skip(1).find(|(_, c)| matches!(c, '.' | '[')).map(|(i, _)| i) {
        parts.push(&rest[..at]);
        rest = &rest[at..];
    }
    parts.push(rest);
    html! { for part in parts { { part }<wbr/> } }
}
