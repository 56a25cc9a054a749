//! What only a browser can do.

pub(super) mod photos;
pub(super) mod position;

use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Element, Event, EventTarget};

/// The first element inside `root` that matches, as the type asked for.
fn find<T: JsCast>(root: &Element, selector: &str) -> Option<T> {
    root.query_selector(selector).ok().flatten()?.dyn_into().ok()
}

/// What an element says in a data attribute.
fn data(element: &Element, name: &str) -> String {
    element.get_attribute(name).unwrap_or_default()
}

/// Listens as long as the page lives.
fn listen(target: &EventTarget, event: &str, act: impl FnMut(Event) + 'static) {
    let listener = Closure::<dyn FnMut(Event)>::new(act);
    let _ = target.add_event_listener_with_callback(event, listener.as_ref().unchecked_ref());
    listener.forget();
}
