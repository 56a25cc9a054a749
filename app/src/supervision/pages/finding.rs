//! A finding with its photos, and the answers beside it.

use crate::{i18n::Words, ui::parts::*};
use leptos::prelude::*;

/// An answer to a finding.
pub struct AnswerView {
    /// In which round.
    pub round: i64,
    /// What was written.
    pub text: String,
    /// When, in words.
    pub when: String,
    /// Photos of how it is now.
    pub photos: Vec<Photo>,
}

/// A finding.
pub struct FindingView {
    /// Id.
    pub id: String,
    /// Its number on the letter.
    pub number: i64,
    /// What was found.
    pub text: String,
    /// Photos of how it was, with their ids.
    pub photos: Vec<(String, Photo)>,
    /// Its answers, the newest first.
    pub answers: Vec<AnswerView>,
}

/// What the browser may choose as a photo.
pub(super) const PHOTO_KINDS: &str = "image/jpeg,image/png,image/webp,image/heic,image/heif";

/// A finding of the letter at `here`.
pub(super) fn finding_view(w: Words, here: &str, version: i64, edits: bool, finding: FindingView) -> AnyView {
    let FindingView { id, number, text, photos, answers } = finding;
    let removing = edits && !photos.is_empty();
    let names: Vec<String> = photos.iter().map(|(photo, _)| photo.clone()).collect();
    let before = (!photos.is_empty()).then(|| {
        let photos = photos.into_iter().map(|(_, photo)| photo).collect();
        view! {
            <div>
                <p class="small muted">{w.t("supervision-before")}</p>
                <Thumbs photos=photos/>
            </div>
        }
    });
    let remove = removing.then(|| {
        let rows = names
            .into_iter()
            .enumerate()
            .map(|(nth, photo)| {
                let label = w.tf("supervision-photo-remove", &[("number", (nth + 1).into())]);
                view! {
                    <form method="post" action=format!("{here}/photos/remove")>
                        <input r#type="hidden" name="version" value=version.to_string()/>
                        <input r#type="hidden" name="photo" value=photo/>
                        <Button label=label weight=Weight::Quiet small=true/>
                    </form>
                }
            })
            .collect_view();
        view! { <div class="cluster">{rows}</div> }
    });
    let add = edits.then(|| {
        let field = format!("photos-{number}");
        view! {
            <form class="stack tight" method="post" action=format!("{here}/photos") enctype="multipart/form-data">
                <input r#type="hidden" name="version" value=version.to_string()/>
                <input r#type="hidden" name="finding" value=id.clone()/>
                <label class="small" r#for=field.clone()>{w.tf("supervision-photo-add", &[("number", number.into())])}</label>
                <input class="input" id=field name="photos" r#type="file" accept=PHOTO_KINDS multiple=true/>
                <Button label=w.t("supervision-photo-send") small=true/>
            </form>
        }
    });
    let none = answers.is_empty();
    let answers = answers
        .into_iter()
        .map(|answer| {
            let photos = (!answer.photos.is_empty()).then(|| {
                view! {
                    <p class="small muted">{w.t("supervision-after")}</p>
                    <Thumbs photos=answer.photos/>
                }
            });
            let meta = w.tf("supervision-answered-in", &[("count", answer.round.into()), ("when", answer.when.into())]);
            view! {
                <div class="supervision-answer">
                    <p class="small muted">{meta}</p>
                    <p class="letter-text">{answer.text}</p>
                    {photos}
                </div>
            }
        })
        .collect_view();
    view! {
        <li class="supervision-finding">
            <div class="stack tight">
                <p class="letter-text">{text}</p>
                {before}
                {remove}
                {add}
            </div>
            <div class="stack tight">
                {(none && !edits).then(|| view! { <p class="muted">{w.t("supervision-unanswered")}</p> })}
                {answers}
            </div>
        </li>
    }
    .into_any()
}

/// A photo of a letter.
pub fn photo(w: Words, id: &str, number: usize) -> Photo {
    Photo {
        thumb: format!("/photos/{id}/thumb"),
        full: format!("/photos/{id}/full"),
        alt: w.tf("supervision-photo", &[("number", number.into())]),
    }
}
