//! What only a browser can do: read chosen files, shrink them on a canvas, send them with progress, locate.

use super::{PositionWords, Tile, words};
use leptos::prelude::*;
use std::cell::RefCell;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Blob, FormData, HtmlCanvasElement, HtmlInputElement, ProgressEvent, XmlHttpRequest};

/// Long side of what is sent, in pixels: what the server keeps.
const SIDE: f64 = 2048.0;
/// JPEG quality of what is sent.
const QUALITY: f64 = 0.85;

thread_local! {
    /// What is on its way, for another try.
    static FILES: RefCell<Vec<(u32, Blob)>> = RefCell::default();
    static NEXT_KEY: RefCell<u32> = const { RefCell::new(1000) };
}

fn input(name: &str) -> Option<HtmlInputElement> {
    document().get_element_by_id(name)?.dyn_into().ok()
}

/// Takes the files that were just chosen, shows and sends them, and empties the input, so that the form does not send
/// them once more.
pub(super) fn chosen(
    name: &str,
    tiles: RwSignal<Vec<Tile>>,
    say: RwSignal<String>,
    max: usize,
    full: &str,
    failed: String,
) {
    let Some(input) = input(name) else { return };
    let Some(files) = input.files() else { return };
    say.set(String::new());
    for index in 0..files.length() {
        let Some(file) = files.get(index) else { continue };
        if tiles.read_untracked().len() >= max {
            say.set(full.to_owned());
            break;
        }
        let key = NEXT_KEY.with_borrow_mut(|key| {
            *key += 1;
            *key
        });
        let preview = web_sys::Url::create_object_url_with_blob(&file).unwrap_or_default();
        let tile = Tile::new(key, String::new(), preview);
        FILES.with_borrow_mut(|all| all.push((key, file.into())));
        tiles.update(|tiles| tiles.push(tile));
        send(tile, failed.clone());
    }
    input.set_value("");
}

/// Shrinks and sends a photo.
pub(super) fn send(tile: Tile, failed: String) {
    tile.trouble.set(String::new());
    tile.sent.set(0);
    spawn_local(async move {
        let Some(original) =
            FILES.with_borrow(|all| all.iter().find(|(key, _)| *key == tile.key).map(|(_, file)| file.clone()))
        else {
            return;
        };
        // What this browser cannot draw, the server may know.
        let blob = shrink(&original).await.unwrap_or(original);
        if upload(tile, &blob, failed.clone()).is_err() {
            tile.trouble.set(failed);
        }
    });
}

/// Draws the photo, upright, at most [`SIDE`] pixels long, and gives it as JPEG.
async fn shrink(file: &Blob) -> Result<Blob, JsValue> {
    let bitmap = window().create_image_bitmap_with_blob(file)?;
    let bitmap: web_sys::ImageBitmap = JsFuture::from(bitmap).await?.dyn_into()?;
    let (width, height) = (f64::from(bitmap.width()), f64::from(bitmap.height()));
    let scale = (SIDE / width.max(height)).min(1.0);
    let (width, height) = (width * scale, height * scale);
    let canvas: HtmlCanvasElement = document().create_element("canvas")?.dyn_into()?;
    canvas.set_width(width as u32);
    canvas.set_height(height as u32);
    let context: web_sys::CanvasRenderingContext2d = canvas.get_context("2d")?.ok_or(JsValue::NULL)?.dyn_into()?;
    context.draw_image_with_image_bitmap_and_dw_and_dh(&bitmap, 0.0, 0.0, width, height)?;
    bitmap.close();
    let promise = js_sys::Promise::new(&mut |done, _| {
        let _ = canvas.to_blob_with_type_and_encoder_options(&done, "image/jpeg", &QUALITY.into());
    });
    JsFuture::from(promise).await?.dyn_into()
}

fn upload(tile: Tile, blob: &Blob, failed: String) -> Result<(), JsValue> {
    let form = FormData::new()?;
    form.append_with_blob_and_filename("photo", blob, "photo.jpg")?;
    let request = XmlHttpRequest::new()?;
    request.open("POST", "/api/v1/photos")?;
    let progress = Closure::<dyn FnMut(ProgressEvent)>::new(move |event: ProgressEvent| {
        if event.total() > 0.0 {
            tile.sent.set((event.loaded() / event.total() * 100.0) as u32);
        }
    });
    request.upload()?.set_onprogress(Some(progress.as_ref().unchecked_ref()));
    let answer = request.clone();
    let ended = Closure::once_into_js(move || {
        // The progress listener lives as long as the request.
        drop(progress);
        let body = answer.response_text().ok().flatten().unwrap_or_default();
        let text = |name: &str| -> Option<String> {
            let value = js_sys::JSON::parse(&body).ok()?;
            js_sys::Reflect::get(&value, &name.into()).ok()?.as_string()
        };
        match (answer.status(), text("id")) {
            (Ok(201), Some(id)) => {
                FILES.with_borrow_mut(|all| all.retain(|(key, _)| *key != tile.key));
                tile.id.set(id);
            }
            // Answers in the 400s say why, in the reader's words.
            _ => tile.trouble.set(text("detail").filter(|detail| !detail.is_empty()).unwrap_or(failed)),
        }
    });
    request.set_onloadend(Some(ended.unchecked_ref()));
    request.send_with_opt_form_data(Some(&form))
}

/// Forgets a photo, here and on the server.
pub(super) fn take_back(tile: Tile) {
    FILES.with_borrow_mut(|all| all.retain(|(key, _)| *key != tile.key));
    let id = tile.id.get_untracked();
    if id.is_empty() {
        return;
    }
    if let Ok(request) = XmlHttpRequest::new()
        && request.open("DELETE", &format!("/api/v1/photos/{id}")).is_ok()
    {
        let _ = request.send();
    }
}

/// A form is not sent while a photo is on its way: it would go without it.
pub(super) fn hold_back_while_sending(tiles: RwSignal<Vec<Tile>>, say: RwSignal<String>, wait: String, name: String) {
    Effect::new(move || {
        let Some(form) = input(&name).and_then(|input| input.form()) else { return };
        let wait = wait.clone();
        let listener = Closure::<dyn FnMut(web_sys::Event)>::new(move |event: web_sys::Event| {
            if tiles.read_untracked().iter().any(|tile| untrack(|| tile.state()) == "sending") {
                event.prevent_default();
                say.set(wait.clone());
            }
        });
        let _ = form.add_event_listener_with_callback("submit", listener.as_ref().unchecked_ref());
        // As long as the page.
        listener.forget();
    });
}

/// Asks the phone where it is.
pub(super) fn locate(
    longitude: RwSignal<String>,
    latitude: RwSignal<String>,
    say: RwSignal<String>,
    words: PositionWords,
) {
    let word = |which: usize| words.get(which).cloned().unwrap_or_default();
    say.set(word(words::ASKING));
    let found = word(words::FOUND);
    let failed = word(words::NOT_FOUND);
    let no_answer = failed.clone();
    // By name: web-sys has the answer's type among its unstable parts only.
    let success = Closure::once_into_js(move |position: JsValue| {
        let get = |from: &JsValue, name: &str| js_sys::Reflect::get(from, &name.into()).ok();
        let coords = get(&position, "coords").unwrap_or_default();
        // As the browser writes it: formatting numbers ourselves would be ten kilobytes.
        let number = |name: &str| {
            let value = get(&coords, name).filter(|value| value.as_f64().is_some())?;
            js_sys::JsString::from(js_sys::Object::from(value).to_string()).as_string()
        };
        match (number("longitude"), number("latitude")) {
            (Some(east), Some(north)) => {
                longitude.set(east);
                latitude.set(north);
                say.set(found);
            }
            _ => say.set(no_answer),
        }
    });
    let failure = Closure::once_into_js(move || say.set(failed));
    let asked = window().navigator().geolocation().and_then(|geolocation| {
        geolocation.get_current_position_with_error_callback(success.unchecked_ref(), Some(failure.unchecked_ref()))
    });
    if asked.is_err() {
        say.set(word(words::NOT_FOUND));
    }
}
