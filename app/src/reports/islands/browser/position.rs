//! Where the phone is.

use super::{data, find, listen};
use leptos::prelude::{document, window};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{Element, HtmlElement, HtmlInputElement};

/// Shows the button and asks when it is pressed.
pub fn start() {
    let Some(place) = document().query_selector(".position").ok().flatten() else { return };
    let Some(button) = find::<HtmlElement>(&place, "button") else { return };
    button.set_hidden(false);
    listen(&button, "click", move |_| locate(&place));
}

fn say(place: &Element, attribute: &str) {
    if let Some(status) = find::<Element>(place, "[role=status]") {
        status.set_text_content(Some(&data(place, attribute)));
    }
}

fn locate(place: &Element) {
    say(place, "data-asking");
    let found = place.clone();
    // By name: web-sys has the answer's type among its unstable parts only.
    let success = Closure::once_into_js(move |position: JsValue| {
        let coords = js_sys::Reflect::get(&position, &"coords".into()).unwrap_or_default();
        let fill = |name: &str, input: &str| {
            let value = js_sys::Reflect::get(&coords, &name.into()).ok().filter(|value| value.as_f64().is_some());
            match (value, find::<HtmlInputElement>(&found, input)) {
                // JavaScript writes the number: a float printer in WebAssembly would weigh more than all of this.
                (Some(value), Some(input)) => js_sys::Reflect::set(&input, &"value".into(), &value).is_ok(),
                _ => false,
            }
        };
        let ok = fill("longitude", "[name=longitude]") && fill("latitude", "[name=latitude]");
        say(&found, if ok { "data-found" } else { "data-failed" });
        // The outbox keeps it, and asks what is near.
        if let Ok(event) = web_sys::Event::new("position") {
            let _ = found.dispatch_event(&event);
        }
    });
    let Ok(geolocation) = window().navigator().geolocation() else { return say(place, "data-failed") };
    let place = place.clone();
    let failure = Closure::once_into_js(move || say(&place, "data-failed"));
    let _ =
        geolocation.get_current_position_with_error_callback(success.unchecked_ref(), Some(failure.unchecked_ref()));
}
