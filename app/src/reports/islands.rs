//! Islands of the report form. Both render the very markup that works without JavaScript; in the browser they shrink
//! and send photos as soon as they are chosen, and ask the phone where it is.

use crate::ui::icon::icon;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

#[cfg(feature = "hydrate")]
mod browser;

/// What the photo picker says. `{n}` stands for a number.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct PickerWords {
    /// 拍照或选照片
    pub add: String,
    /// 第 {n} 张照片
    pub photo: String,
    /// 向前移
    pub up: String,
    /// 删除
    pub remove: String,
    /// 正在上传
    pub sending: String,
    /// 重试
    pub retry: String,
    /// 没有传上去
    pub failed: String,
    /// 照片还在上传
    pub wait: String,
    /// 最多 {n} 张
    pub full: String,
}

/// A photo that the server has.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Picked {
    /// Its id.
    pub id: String,
    /// Address of its thumbnail.
    pub thumb: String,
}

/// One photo in the grid.
#[derive(Clone, Copy)]
struct Tile {
    key: u32,
    /// The server's id; empty while it is on its way.
    id: RwSignal<String>,
    /// Address of what is shown.
    src: RwSignal<String>,
    /// Percent sent.
    sent: RwSignal<u32>,
    /// Why it was not taken; empty when nothing is wrong.
    trouble: RwSignal<String>,
}

impl Tile {
    fn new(key: u32, id: String, src: String) -> Tile {
        Tile {
            key,
            id: RwSignal::new(id),
            src: RwSignal::new(src),
            sent: RwSignal::new(0),
            trouble: RwSignal::new(String::new()),
        }
    }

    fn state(self) -> &'static str {
        if !self.id.read().is_empty() {
            "ready"
        } else if self.trouble.read().is_empty() {
            "sending"
        } else {
            "failed"
        }
    }
}

/// Takes photos: from the camera or the album, in order, with a way to remove each. The form sends `photo` once for
/// each photo that the server has, and the input's own files where there is no JavaScript.
#[island]
pub fn PhotoPicker(
    /// Photos that the server has already.
    photos: Vec<Picked>,
    /// Most photos.
    max: usize,
    /// Id and name of the file input.
    name: String,
    /// Its words.
    words: PickerWords,
) -> impl IntoView {
    let first: Vec<Tile> = (0_u32..).zip(photos).map(|(key, photo)| Tile::new(key, photo.id, photo.thumb)).collect();
    let tiles = RwSignal::new(first);
    let say = RwSignal::new(String::new());
    let words = StoredValue::new(words);
    let word = move |pick: fn(&PickerWords) -> &String| words.with_value(|words| pick(words).clone());
    let full = word(|words| &words.full).replace("{n}", &max.to_string());

    #[cfg(feature = "hydrate")]
    browser::hold_back_while_sending(tiles, say, word(|words| &words.wait), name.clone());

    let choose = {
        let (name, full) = (name.clone(), full.clone());
        move |_| {
            #[cfg(feature = "hydrate")]
            browser::chosen(&name, tiles, say, max, &full, word(|words| &words.failed));
            #[cfg(not(feature = "hydrate"))]
            let _ = (&name, &full, max);
        }
    };
    view! {
        <div class="photos">
            <ul class="photo-grid">
                <For
                    each=move || tiles.get()
                    key=|tile| tile.key
                    children=move |tile| {
                        let number = move || tiles.read().iter().position(|t| t.key == tile.key).unwrap_or(0) + 1;
                        let up = move |event: leptos::ev::MouseEvent| {
                            event.prevent_default();
                            tiles.update(|tiles| {
                                if let Some(at @ 1..) = tiles.iter().position(|t| t.key == tile.key) {
                                    tiles.swap(at, at - 1);
                                }
                            });
                        };
                        let remove = move |event: leptos::ev::MouseEvent| {
                            event.prevent_default();
                            #[cfg(feature = "hydrate")]
                            browser::take_back(tile);
                            tiles.update(|tiles| tiles.retain(|t| t.key != tile.key));
                        };
                        let again = move |_| {
                            #[cfg(feature = "hydrate")]
                            browser::send(tile, word(|words| &words.failed));
                        };
                        view! {
                            <li class="photo" data-state=move || tile.state()>
                                <img
                                    src=move || tile.src.get()
                                    alt=move || word(|words| &words.photo).replace("{n}", &number().to_string())
                                />
                                <span class="photo-no">{number}</span>
                                <input r#type="hidden" name="photo" value=move || tile.id.get() disabled=move || tile.id.read().is_empty()/>
                                <p class="photo-say" hidden=move || !tile.id.read().is_empty()>
                                    {move || {
                                        let trouble = tile.trouble.get();
                                        if trouble.is_empty() { word(|words| &words.sending) } else { trouble }
                                    }}
                                </p>
                                <progress
                                    max="100"
                                    value=move || tile.sent.get().to_string()
                                    hidden=move || tile.state() != "sending"
                                ></progress>
                                <div class="photo-tools">
                                    <button
                                        class="icon-button"
                                        r#type="button"
                                        hidden=move || tile.state() != "failed"
                                        on:click=again
                                    >
                                        {word(|words| &words.retry)}
                                    </button>
                                    <button
                                        class="icon-button"
                                        r#type="submit"
                                        formnovalidate=true
                                        name="up"
                                        value=move || tile.id.get()
                                        on:click=up
                                    >
                                        {icon("move-up")}
                                        <span class="sr">{word(|words| &words.up)}" "{number}</span>
                                    </button>
                                    <button
                                        class="icon-button"
                                        r#type="submit"
                                        formnovalidate=true
                                        name="remove"
                                        value=move || tile.id.get()
                                        on:click=remove
                                    >
                                        {icon("trash")}
                                        <span class="sr">{word(|words| &words.remove)}" "{number}</span>
                                    </button>
                                </div>
                            </li>
                        }
                    }
                />
                <li hidden=move || tiles.read().len() >= max>
                    <label class="photo-add" r#for=name.clone()>
                        {icon("photo")}
                        <span>{word(|words| &words.add)}</span>
                        <input
                            class="photo-input"
                            id=name.clone()
                            name=name.clone()
                            r#type="file"
                            accept="image/jpeg,image/png,image/webp,image/heic,image/heif"
                            multiple=true
                            on:change=choose
                        />
                    </label>
                </li>
            </ul>
            <p class="small" role="status">{move || say.get()}</p>
        </div>
    }
}

/// What the position button says.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct PositionWords {
    /// 用手机定位
    pub ask: String,
    /// 正在定位
    pub asking: String,
    /// 已取得位置
    pub found: String,
    /// 没有取得位置
    pub failed: String,
}

/// Asks the phone where it is, and puts the answer into the form. Without JavaScript there is nothing to see.
#[island]
pub fn PositionButton(
    /// Degrees east, as the form had it.
    longitude: String,
    /// Degrees north, as the form had it.
    latitude: String,
    /// Its words.
    words: PositionWords,
) -> impl IntoView {
    let found = if longitude.is_empty() { String::new() } else { words.found.clone() };
    let longitude = RwSignal::new(longitude);
    let latitude = RwSignal::new(latitude);
    let say = RwSignal::new(found);
    let shown = RwSignal::new(false);
    #[cfg(feature = "hydrate")]
    Effect::new(move || shown.set(true));
    let ask = words.ask.clone();
    let locate = move |_| {
        #[cfg(feature = "hydrate")]
        browser::locate(longitude, latitude, say, words.clone());
        #[cfg(not(feature = "hydrate"))]
        let _ = &words;
    };
    view! {
        <div class="cluster">
            <input r#type="hidden" name="longitude" value=move || longitude.get()/>
            <input r#type="hidden" name="latitude" value=move || latitude.get()/>
            <button class="button small" r#type="button" hidden=move || !shown.get() on:click=locate>
                {icon("pin")}
                {ask}
            </button>
            <span class="small" role="status">{move || say.get()}</span>
        </div>
    }
}
