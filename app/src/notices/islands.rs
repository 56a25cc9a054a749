//! Islands of the editor.

use leptos::prelude::*;

/// Shows Markdown as residents will see it while it is typed: asks `POST /api/v1/notices/preview` whenever the typing
/// rests. Without JavaScript it says which button shows the same.
#[island]
pub fn MarkdownPreview(
    /// Id of the textarea.
    target: String,
    /// What stands here before anything was shown.
    hint: String,
) -> impl IntoView {
    let shown = RwSignal::new(String::new());
    #[cfg(feature = "hydrate")]
    Effect::new(move || browser::watch(&target, shown));
    #[cfg(not(feature = "hydrate"))]
    let _ = target;
    view! {
        <p class="muted small" hidden=move || !shown.read().is_empty()>{hint}</p>
        <div class="prose" inner_html=move || shown.get()></div>
    }
}

#[cfg(feature = "hydrate")]
mod browser {
    use crate::notices::{PreviewAnswer, PreviewRequest};
    use leptos::{leptos_dom::helpers::debounce, prelude::*};
    use std::{cell::Cell, rc::Rc, time::Duration};
    use wasm_bindgen::{JsCast, JsValue, closure::Closure};
    use web_sys::{HtmlTextAreaElement, XmlHttpRequest};

    /// Typing rests when nothing came for so long.
    const REST: Duration = Duration::from_millis(400);

    pub(super) fn watch(target: &str, shown: RwSignal<String>) {
        let area = document().get_element_by_id(target).and_then(|e| e.dyn_into::<HtmlTextAreaElement>().ok());
        let Some(area) = area else { return };
        // Numbers the questions: an answer that comes after a later one is dropped.
        let asked = Rc::new(Cell::new(0_u32));
        let ask = {
            let area = area.clone();
            move || {
                asked.set(asked.get() + 1);
                // A preview that cannot be asked for is not shown; the button still does it.
                let _ = send(area.value(), asked.clone(), shown);
            }
        };
        if !area.value().trim().is_empty() {
            ask();
        }
        let mut rested = debounce(REST, move |()| ask());
        let typed = Closure::<dyn FnMut()>::new(move || rested(()));
        let _ = area.add_event_listener_with_callback("input", typed.as_ref().unchecked_ref());
        typed.forget();
    }

    fn send(markdown: String, asked: Rc<Cell<u32>>, shown: RwSignal<String>) -> Result<(), JsValue> {
        let number = asked.get();
        let request = XmlHttpRequest::new()?;
        request.open("POST", "/api/v1/notices/preview")?;
        request.set_request_header("content-type", "application/json")?;
        let answered = {
            let request = request.clone();
            Closure::once_into_js(move || {
                let text = request.response_text().ok().flatten().unwrap_or_default();
                if asked.get() == number
                    && request.status() == Ok(200)
                    && let Ok(answer) = serde_json::from_str::<PreviewAnswer>(&text)
                {
                    shown.set(answer.html);
                }
            })
        };
        request.set_onload(Some(answered.unchecked_ref()));
        let body = serde_json::to_string(&PreviewRequest { markdown }).unwrap_or_default();
        request.send_with_opt_str(Some(&body))
    }
}
