//! Islands of the report form. Both render the very markup that works without JavaScript; in the browser they shrink
//! and send photos as soon as they are chosen, and ask the phone where it is.

use crate::ui::icon::icon;
use leptos::prelude::*;

#[cfg(feature = "hydrate")]
mod browser;

/// What the photo picker says, in the order of the constants beside it. A list, because reading a list on the phone
/// costs less WebAssembly than reading a struct. `{n}` stands for a number.
pub type PickerWords = Vec<String>;

/// Places of the words in [`PickerWords`] and [`PositionWords`].
pub mod words {
    /// 拍照或选照片
    pub const ADD: usize = 0;
    /// 第 {n} 张照片
    pub const PHOTO: usize = 1;
    /// 向前移
    pub const UP: usize = 2;
    /// 删除
    pub const REMOVE: usize = 3;
    /// 正在上传
    pub const SENDING: usize = 4;
    /// 重试
    pub const RETRY: usize = 5;
    /// 没有传上去
    pub const FAILED: usize = 6;
    /// 照片还在上传
    pub const WAIT: usize = 7;
    /// 最多 {n} 张
    pub const FULL: usize = 8;
    /// 用手机定位
    pub const ASK: usize = 0;
    /// 正在定位
    pub const ASKING: usize = 1;
    /// 已取得位置
    pub const FOUND: usize = 2;
    /// 没有取得位置
    pub const NOT_FOUND: usize = 3;
}

/// One photo in the grid.
#[derive(Clone, Copy)]
struct Tile {
    #[cfg_attr(not(feature = "hydrate"), expect(dead_code, reason = "the browser's own, for what is on its way"))]
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

    /// `ready`, `sending` or `failed`.
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
///
/// The grid has a place for each of `max` photos, and hides the empty ones: that is a quarter less WebAssembly than a
/// list that grows.
#[island]
pub fn PhotoPicker(
    /// Ids of photos that the server has already.
    photos: Vec<String>,
    /// Most photos.
    max: usize,
    /// Id and name of the file input.
    name: String,
    /// Its words.
    words: PickerWords,
) -> impl IntoView {
    let first: Vec<Tile> = (0_u32..)
        .zip(photos)
        .map(|(key, id)| {
            let thumb = format!("/photos/{id}/thumb");
            Tile::new(key, id, thumb)
        })
        .collect();
    let tiles = RwSignal::new(first);
    let say = RwSignal::new(String::new());
    let words = StoredValue::new(words);
    let word = move |which: usize| words.with_value(|words| words.get(which).cloned().unwrap_or_default());
    let full = word(words::FULL).replace("{n}", &max.to_string());

    #[cfg(feature = "hydrate")]
    browser::hold_back_while_sending(tiles, say, word(words::WAIT), name.clone());

    let choose = {
        let (name, full) = (name.clone(), full.clone());
        move |_| {
            #[cfg(feature = "hydrate")]
            browser::chosen(&name, tiles, say, max, &full, word(words::FAILED));
            #[cfg(not(feature = "hydrate"))]
            let _ = (&name, &full, max);
        }
    };
    let places = (0..max).map(|place| photo_place(place, tiles, words)).collect_view();
    view! {
        <div class="photos">
            <ul class="photo-grid">
                {places}
                <li hidden=move || tiles.read().len() >= max>
                    <label class="photo-add" r#for=name.clone()>
                        {icon("photo")}
                        <span>{word(words::ADD)}</span>
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

/// One place of the grid; hidden while it has no photo.
fn photo_place(place: usize, tiles: RwSignal<Vec<Tile>>, words: StoredValue<PickerWords>) -> impl IntoView {
    let word = move |which: usize| words.with_value(|words| words.get(which).cloned().unwrap_or_default());
    let tile = move || tiles.read().get(place).copied();
    let id = move || tile().map(|tile| tile.id.get()).unwrap_or_default();
    let state = move || tile().map_or("empty", Tile::state);
    let say = move || {
        let trouble = tile().map(|tile| tile.trouble.get()).unwrap_or_default();
        if trouble.is_empty() { word(words::SENDING) } else { trouble }
    };
    let up = move |event: leptos::ev::MouseEvent| {
        event.prevent_default();
        tiles.update(|tiles| {
            if place > 0 && place < tiles.len() {
                tiles.swap(place, place - 1);
            }
        });
    };
    let remove = move |event: leptos::ev::MouseEvent| {
        event.prevent_default();
        let Some(_tile) = untrack(tile) else { return };
        #[cfg(feature = "hydrate")]
        browser::take_back(_tile);
        tiles.update(|tiles| {
            tiles.remove(place);
        });
    };
    let again = move |_| {
        #[cfg(feature = "hydrate")]
        if let Some(tile) = untrack(tile) {
            browser::send(tile, word(words::FAILED));
        }
    };
    let number = (place + 1).to_string();
    view! {
        <li class="photo" data-state=state hidden=move || tile().is_none()>
            <img
                src=move || tile().map(|tile| tile.src.get())
                alt=word(words::PHOTO).replace("{n}", &number)
            />
            <span class="photo-no">{number.clone()}</span>
            <input r#type="hidden" name="photo" value=id disabled=move || id().is_empty()/>
            <p class="photo-say" hidden=move || state() == "ready">{say}</p>
            <progress
                max="100"
                value=move || tile().map(|tile| tile.sent.get().to_string())
                hidden=move || state() != "sending"
            ></progress>
            <div class="photo-tools">
                <button class="icon-button" r#type="button" hidden=move || state() != "failed" on:click=again>
                    {word(words::RETRY)}
                </button>
                <button
                    class="icon-button"
                    r#type="submit"
                    formnovalidate=true
                    name="up"
                    value=id
                    hidden=place == 0
                    on:click=up
                >
                    {icon("move-up")}
                    <span class="sr">{word(words::UP)}" "{number.clone()}</span>
                </button>
                <button class="icon-button" r#type="submit" formnovalidate=true name="remove" value=id on:click=remove>
                    {icon("trash")}
                    <span class="sr">{word(words::REMOVE)}" "{number}</span>
                </button>
            </div>
        </li>
    }
}

/// What the position button says, in the order of the constants in [`words`].
pub type PositionWords = Vec<String>;

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
    let found = if longitude.is_empty() { String::new() } else { words[words::FOUND].clone() };
    let longitude = RwSignal::new(longitude);
    let latitude = RwSignal::new(latitude);
    let say = RwSignal::new(found);
    let shown = RwSignal::new(false);
    #[cfg(feature = "hydrate")]
    Effect::new(move || shown.set(true));
    let ask = words[words::ASK].clone();
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
