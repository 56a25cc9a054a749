//! What only a browser can do.

use leptos::prelude::{document, set_interval, window};
use std::{cell::Cell, rc::Rc, time::Duration};
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Element, Event, EventTarget, PageTransitionEvent, UrlSearchParams, XmlHttpRequest};

/// What the server answers when a time is kept no longer.
const CONFLICT: u16 = 409;

pub(super) fn start() {
    let Some(hold) = document().query_selector(".hold-box[data-hold]").ok().flatten() else { return };
    let data = |name: &str| hold.get_attribute(name).unwrap_or_default();
    let (id, left, over, gone) = (data("data-hold"), data("data-left"), data("data-over"), data("data-gone"));
    let seconds = data("data-seconds").parse::<f64>().unwrap_or(0.0);
    let ends = Rc::new(Cell::new(js_sys::Date::now() + seconds * 1000.0));
    let part = |selector: &str| hold.query_selector(selector).ok().flatten();
    let (Some(clock), Some(said)) = (part(".hold"), part("[role=status]")) else { return };
    let last_said = Cell::new(i32::MAX);
    let (until, speaks) = (ends.clone(), said.clone());
    let tick = Rc::new(move || {
        let seconds = (((until.get() - js_sys::Date::now()) / 1000.0) as i32).max(0);
        if seconds == 0 {
            clock.set_text_content(Some(if until.get() == 0.0 { &gone } else { &over }));
        } else {
            let text = left.replace("%", &format!("{}:{:02}", seconds / 60, seconds % 60));
            clock.set_text_content(Some(&text));
            // Spoken at five minutes, two and one, not every second.
            let mark = [60, 120, 300].into_iter().find(|mark| seconds <= *mark).unwrap_or(i32::MAX);
            if mark < last_said.get() {
                if last_said.get() != i32::MAX || seconds > 295 {
                    speaks.set_text_content(Some(&text));
                }
                last_said.set(mark);
            }
        }
        let _ = clock.toggle_attribute_with_force("data-soon", seconds < 120);
    });
    tick();
    let ticks = tick.clone();
    let _ = set_interval(move || ticks(), Duration::from_secs(1));

    // Which loading of the page this is: loading it again says of the one before that it was left, perhaps late.
    let page = (js_sys::Date::now() as u64).to_string();
    let lost = data("data-gone");
    ask(&format!("/holds/{id}/here"), &page, move |status| {
        // It ended while the page was on its way.
        if status == CONFLICT {
            ends.set(0.0);
            tick();
            said.set_text_content(Some(&lost));
        }
    });

    // A form of this page or the door needs the time still; anything else gives it up.
    let keeps = Rc::new(Cell::new(false));
    let sent = keeps.clone();
    listen(&document(), "submit", move |_| sent.set(true));
    let clicked = keeps.clone();
    listen(&document(), "click", move |event| {
        let link = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let link = link.and_then(|target| target.closest("a[href]").ok().flatten());
        if let Some(href) = link.and_then(|link| link.get_attribute("href")) {
            clicked.set(href.starts_with("/login"));
        }
    });
    listen(&window(), "pagehide", move |_| {
        if !keeps.get() {
            say(&format!("/holds/{id}/release"), &page);
        }
    });
    // A page that the browser had put away knows nothing of what happened meanwhile.
    listen(&window(), "pageshow", |event| {
        if event.dyn_ref::<PageTransitionEvent>().is_some_and(PageTransitionEvent::persisted) {
            let _ = window().location().reload();
        }
    });
}

/// Tells the server about this loading of the page, and hears the answer's status.
fn ask(address: &str, page: &str, heard: impl FnOnce(u16) + 'static) {
    let (Ok(form), Ok(request)) = (UrlSearchParams::new(), XmlHttpRequest::new()) else { return };
    form.append("page", page);
    let answer = request.clone();
    let ended = Closure::once_into_js(move || heard(answer.status().unwrap_or(0)));
    request.set_onload(Some(ended.unchecked_ref()));
    if request.open("POST", address).is_ok() {
        let _ = request.send_with_opt_url_search_params(Some(&form));
    }
}

/// Tells the server about this loading of the page, whatever becomes of the page.
fn say(address: &str, page: &str) {
    let Ok(form) = UrlSearchParams::new() else { return };
    form.append("page", page);
    let _ = window().navigator().send_beacon_with_opt_url_search_params(address, Some(&form));
}

fn listen(target: &EventTarget, event: &str, act: impl FnMut(Event) + 'static) {
    let listener = Closure::<dyn FnMut(Event)>::new(act);
    let _ = target.add_event_listener_with_callback(event, listener.as_ref().unchecked_ref());
    listener.forget();
}
