//! Photos on a page: thumbnails that open, before and after side by side, and the input that takes them.

use super::icon::icon;
use leptos::prelude::*;

/// One photo.
#[derive(Clone, Debug)]
pub struct Photo {
    /// Address of the small form.
    pub thumb: String,
    /// Address of the whole picture.
    pub full: String,
    /// What it shows, e.g. "第 1 张照片".
    pub alt: String,
}

/// Thumbnails; each opens the whole picture.
#[component]
pub fn Thumbs(
    /// The photos in their order.
    photos: Vec<Photo>,
) -> impl IntoView {
    let photos = photos
        .into_iter()
        .map(|photo| {
            view! {
                <li>
                    <a href=photo.full>
                        <img src=photo.thumb alt=photo.alt width="160" height="160" loading="lazy"/>
                    </a>
                </li>
            }
        })
        .collect_view();
    view! { <ul class="thumbs">{photos}</ul> }
}

/// Before and after, side by side: photo and caption of each.
#[component]
pub fn BeforeAfter(
    /// How it was.
    before: (Photo, String),
    /// How it is now.
    after: (Photo, String),
) -> impl IntoView {
    let figure = |(photo, caption): (Photo, String)| {
        view! {
            <figure>
                <a href=photo.full><img src=photo.thumb alt=photo.alt width="400" height="300"/></a>
                <figcaption>{caption}</figcaption>
            </figure>
        }
    };
    view! { <div class="pair">{figure(before)}{figure(after)}</div> }
}

/// Takes photos without JavaScript: one large area that opens the camera or the album. The island in
/// `reports/islands.rs` grows previews, order and progress around the same input.
#[component]
pub fn PhotoInput(
    /// Name in the multipart form and id in the page.
    name: &'static str,
    /// 拍照或选照片
    #[prop(into)]
    label: String,
    /// More than one at a time.
    #[prop(default = true)]
    multiple: bool,
) -> impl IntoView {
    view! {
        <label class="photo-add" r#for=name>
            {icon("photo")}
            <span>{label}</span>
            <input
                class="photo-input"
                id=name
                name=name
                r#type="file"
                accept="image/jpeg,image/png,image/webp,image/heic,image/heif"
                multiple=multiple
            />
        </label>
    }
}
