//! Photos of an entry or an inspection, and the forms that add one and take one away.

use crate::{i18n::Words, ui::parts::*};
use leptos::prelude::*;

/// What the browser may choose as a photo.
const PHOTO_KINDS: &str = "image/jpeg,image/png,image/webp,image/heic,image/heif";

/// Photos with their ids; `add`: where new ones go, for whoever may add some. `field`: id of the file input, once on a page.
pub fn evidence(w: Words, photos: Vec<String>, add: Option<String>, field: String, error: Option<String>) -> AnyView {
    let shown: Vec<Photo> = photos
        .iter()
        .enumerate()
        .map(|(nth, id)| Photo {
            thumb: format!("/photos/{id}/thumb"),
            full: format!("/photos/{id}/full"),
            alt: w.tf("property-photo", &[("number", (nth + 1).into())]),
        })
        .collect();
    let remove = (add.is_some() && !photos.is_empty()).then(|| {
        let rows = photos
            .into_iter()
            .enumerate()
            .map(|(nth, id)| {
                let label = w.tf("property-photo-remove", &[("number", (nth + 1).into())]);
                view! {
                    <form method="post" action=format!("/staff/property/photos/{id}/remove")>
                        <Button label=label weight=Weight::Quiet small=true/>
                    </form>
                }
            })
            .collect_view();
        view! { <div class="cluster">{rows}</div> }
    });
    let add = add.map(|action| {
        let open = error.is_some();
        let wrong = error.map(|text| view! { <p class="error">{text}</p> });
        view! {
            <details class="more" open=open>
                <summary>{w.t("property-photos-add")}</summary>
                <div class="more-body">
                    <form class="stack tight" method="post" action=action enctype="multipart/form-data">
                        <label class="small" r#for=field.clone()>{w.t("property-photos-label")}</label>
                        {wrong}
                        <input class="input" id=field name="photos" r#type="file" accept=PHOTO_KINDS multiple=true/>
                        <Button label=w.t("property-photos-send") small=true/>
                    </form>
                    {remove}
                </div>
            </details>
        }
    });
    let thumbs = (!shown.is_empty()).then(|| view! { <Thumbs photos=shown/> });
    view! { {thumbs}{add} }.into_any()
}
