//! Photos: chosen, shrunk on a canvas, sent with progress, ordered, removed.

use super::{data, find, listen};
use js_sys::Reflect;
use leptos::prelude::{document, window};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    Blob, Element, Event, FormData, HtmlCanvasElement, HtmlElement, HtmlInputElement, HtmlTemplateElement,
    ProgressEvent, XmlHttpRequest,
};

/// Long side of what is sent, in pixels: what the server keeps.
const SIDE: f64 = 2048.0;
/// JPEG quality of what is sent.
const QUALITY: f64 = 0.85;

/// Property of a tile with the bytes that are sent, for another try and for the outbox, which keeps them.
const BLOB: &str = "blob";
/// Property of a tile with what the server answered, as text.
const ANSWER: &str = "answer";

/// Takes hold of the photo areas, each once.
pub fn start() {
    while let Ok(Some(area)) = document().query_selector(".photos[data-max]:not([data-live])") {
        let _ = area.set_attribute("data-live", "");
        take_hold(area);
    }
}

fn take_hold(area: Element) {
    let Some(input) = find::<HtmlInputElement>(&area, "input[type=file]") else { return };
    let (photos, files) = (area.clone(), input.clone());
    listen(&input, "change", move |_| chosen(&photos, &files));
    let photos = area.clone();
    listen(&area, "click", move |event| {
        let button =
            event.target().and_then(|t| t.dyn_into::<Element>().ok()).and_then(|t| t.closest("button").ok()?);
        let Some(button) = button else { return };
        let Some(tile) = button.closest(".photo").ok().flatten() else { return };
        event.prevent_default();
        match data(&button, "name").as_str() {
            "up" => {
                if let Some(before) = tile.previous_element_sibling() {
                    let _ = before.before_with_node_1(&tile);
                }
            }
            "remove" => take_back(&tile),
            _ => send(&photos, tile),
        }
        number(&photos);
    });
    // A form is not sent while a photo is on its way: it would go without it.
    if let Some(form) = input.form() {
        listen(&form, "submit", move |event| {
            if find::<Element>(&area, "[data-state=sending]").is_some() {
                event.prevent_default();
                say(&area, &data(&area, "data-wait"));
            }
        });
    }
}

fn say(area: &Element, text: &str) {
    if let Some(status) = find::<Element>(area, "[role=status]") {
        status.set_text_content(Some(text));
    }
}

/// Tiles that show a photo.
fn tiles(area: &Element) -> Vec<Element> {
    let Ok(all) = area.query_selector_all(".photo") else { return Vec::new() };
    (0..all.length()).filter_map(|n| all.get(n)?.dyn_into().ok()).collect()
}

fn most(area: &Element) -> usize {
    data(area, "data-max").parse().unwrap_or(9)
}

/// Numbers the tiles anew, and hides the way to add one when there are enough.
fn number(area: &Element) {
    let tiles = tiles(area);
    for (n, tile) in tiles.iter().enumerate() {
        let n = (n + 1).to_string();
        if let Ok(numbers) = tile.query_selector_all(".n") {
            (0..numbers.length()).filter_map(|at| numbers.get(at)).for_each(|node| node.set_text_content(Some(&n)));
        }
        if let Some(image) = find::<Element>(tile, "img") {
            let _ = image.set_attribute("alt", &data(area, "data-photo").replace("{n}", &n));
        }
    }
    if let Some(add) = find::<HtmlElement>(area, ".photo-adds") {
        add.set_hidden(tiles.len() >= most(area));
    }
    changed(area);
}

/// Tells the outbox that photos came, went, moved or arrived.
fn changed(area: &Element) {
    if let Ok(event) = Event::new("photos") {
        let _ = area.dispatch_event(&event);
    }
}

/// A key for a photo that nobody else has, under which it may be sent again: thirty digits.
fn new_key() -> String {
    let part = || ((1.0 + js_sys::Math::random() * 3.0) * 1e9) as u32;
    [part().to_string(), part().to_string(), part().to_string()].concat()
}

/// Takes the files that were just chosen, shows and sends them, and empties the input, so that the form does not send
/// them once more.
fn chosen(area: &Element, input: &HtmlInputElement) {
    let Some(files) = input.files() else { return };
    let template = find::<HtmlTemplateElement>(area, "template");
    let Some(model) = template.and_then(|template| template.content().first_element_child()) else { return };
    let Some(adds) = find::<Element>(area, ".photo-adds") else { return };
    say(area, "");
    let mut room = most(area).saturating_sub(tiles(area).len());
    for file in (0..files.length()).filter_map(|n| files.get(n)) {
        if room == 0 {
            say(area, &data(area, "data-full"));
            break;
        }
        room -= 1;
        let Some(tile) = model.clone_node_with_deep(true).ok().and_then(|node| node.dyn_into::<Element>().ok()) else {
            return;
        };
        let _ = tile.set_attribute("data-key", &new_key());
        if let (Some(image), Ok(preview)) =
            (find::<Element>(&tile, "img"), web_sys::Url::create_object_url_with_blob(&file))
        {
            let _ = image.set_attribute("src", &preview);
        }
        let _ = Reflect::set(&tile, &BLOB.into(), &file);
        let _ = adds.before_with_node_1(&tile);
        send(area, tile);
    }
    number(area);
    input.set_value("");
}

/// Shows where a tile stands.
fn become_state(tile: &Element, state: &str, text: &str) {
    let _ = tile.set_attribute("data-state", state);
    if let Some(words) = find::<HtmlElement>(tile, ".photo-say") {
        words.set_text_content(Some(text));
        words.set_hidden(state == "ready");
    }
    // A photo that is refused would be refused again: no other try, only its way out.
    for (selector, shown) in [("progress", "sending"), (".photo-retry", "failed")] {
        if let Some(part) = find::<HtmlElement>(tile, selector) {
            part.set_hidden(state != shown);
        }
    }
}

/// Shrinks and sends a photo.
fn send(area: &Element, tile: Element) {
    become_state(&tile, "sending", &data(area, "data-sending"));
    let (failed, heic) = (data(area, "data-failed"), data(area, "data-heic"));
    let area = area.clone();
    spawn_local(async move {
        let kept = Reflect::get(&tile, &BLOB.into()).ok().and_then(|blob| blob.dyn_into::<Blob>().ok());
        let Some(original) = kept else { return };
        // What the outbox kept was shrunk before.
        let is_small = Reflect::has(&tile, &"kept".into()).unwrap_or_default();
        let small = if is_small { None } else { shrink(&original).await.ok() };
        if small.is_none() && !is_small {
            // There is no preview of what cannot be drawn.
            if let Some(image) = find::<Element>(&tile, "img") {
                let _ = image.remove_attribute("src");
            }
            // Nobody here can draw a HEIC, this phone no more than the server: it says so before it costs any data.
            if is_heic(&original).await {
                return refuse(&area, &tile, &heic);
            }
        }
        // The server may know what this browser cannot draw.
        let blob = small.unwrap_or(original);
        let _ = Reflect::set(&tile, &BLOB.into(), &blob);
        changed(&area);
        if upload(&area, &tile, &blob, failed.clone()).is_err() {
            become_state(&tile, "failed", &failed);
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
    // Letters in the picture stay readable: without it pixels in between are left out.
    Reflect::set(&context, &"imageSmoothingQuality".into(), &"high".into())?;
    context.draw_image_with_image_bitmap_and_dw_and_dh(&bitmap, 0.0, 0.0, width, height)?;
    bitmap.close();
    let promise = js_sys::Promise::new(&mut |done, _| {
        let _ = canvas.to_blob_with_type_and_encoder_options(&done, "image/jpeg", &QUALITY.into());
    });
    JsFuture::from(promise).await?.dyn_into()
}

fn upload(area: &Element, tile: &Element, blob: &Blob, failed: String) -> Result<(), JsValue> {
    let form = FormData::new()?;
    form.append_with_str("key", &data(tile, "data-key"))?;
    form.append_with_blob_and_filename("photo", blob, "photo.jpg")?;
    let request = XmlHttpRequest::new()?;
    request.open("POST", "/api/v1/photos")?;
    let bar = find::<Element>(tile, "progress");
    let progress = Closure::<dyn FnMut(ProgressEvent)>::new(move |event: ProgressEvent| {
        if let Some(bar) = &bar {
            let percent = event.loaded() / event.total() * 100.0;
            let _ = Reflect::set(bar, &"value".into(), &percent.into());
        }
    });
    request.upload()?.set_onprogress(Some(progress.as_ref().unchecked_ref()));
    let (answer, tile, area) = (request.clone(), tile.clone(), area.clone());
    let ended = Closure::once_into_js(move || {
        // The progress listener lives as long as the request.
        drop(progress);
        let body = answer.response_text().ok().flatten().unwrap_or_default();
        let text = |name: &str| -> Option<String> {
            let value = js_sys::JSON::parse(&body).ok()?;
            Reflect::get(&value, &name.into()).ok()?.as_string()
        };
        match text("id") {
            Some(id) => {
                let _ = Reflect::set(&tile, &ANSWER.into(), &body.as_str().into());
                arrived(&tile, &id);
            }
            // Refusals say why, in the reader's words.
            None => match (answer.status(), text("detail")) {
                (Ok(413 | 422), Some(why)) => return refuse(&area, &tile, &why),
                (_, why) => become_state(&tile, "failed", &why.unwrap_or(failed)),
            },
        }
        changed(&area);
    });
    request.set_onloadend(Some(ended.unchecked_ref()));
    request.send_with_opt_form_data(Some(&form))
}

/// A photo that goes nowhere: it says why, nothing keeps it, and the others go on.
fn refuse(area: &Element, tile: &Element, why: &str) {
    let _ = Reflect::set(tile, &BLOB.into(), &JsValue::UNDEFINED);
    become_state(tile, "refused", why);
    changed(area);
}

/// Whether a file is a phone's HEIC, by its first bytes: what it is called says little.
async fn is_heic(file: &Blob) -> bool {
    let head = async {
        let head = file.slice_with_i32_and_i32(4, 12).ok()?;
        let bytes = JsFuture::from(head.array_buffer()).await.ok()?;
        Some(js_sys::Uint8Array::new(&bytes).to_vec())
    };
    let Some(head) = head.await else { return false };
    const BRANDS: [&[u8; 4]; 7] = [b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1"];
    head.starts_with(b"ftyp") && BRANDS.iter().any(|brand| head.ends_with(*brand))
}

/// The server has the photo under this id: the form names it.
fn arrived(tile: &Element, id: &str) {
    if let Some(input) = find::<HtmlInputElement>(tile, "input") {
        input.set_value(id);
        input.set_disabled(false);
    }
    become_state(tile, "ready", "");
}

/// Forgets a photo, here and on the server.
fn take_back(tile: &Element) {
    let id = find::<HtmlInputElement>(tile, "input").map(|input| input.value()).unwrap_or_default();
    if !id.is_empty()
        && let Ok(request) = XmlHttpRequest::new()
        && request.open("DELETE", &["/api/v1/photos/", &id].concat()).is_ok()
    {
        let _ = request.send();
    }
    tile.remove();
}
