//! On the page of a report, for whoever filed it: put one's words right, take words and photos away.

use super::Shot;
use crate::{i18n::Words, reports::MAX_TEXT, ui::parts::*};
use leptos::prelude::*;

/// What it shows.
pub struct OwnBox {
    /// Words.
    pub w: Words,
    /// Where its forms go.
    pub action: String,
    /// The reporter's words; empty when they took them away.
    pub description: String,
    /// The words may still be changed.
    pub edits: bool,
    /// The reporter's own photos.
    pub photos: Vec<Shot>,
}

fn fold(label: String, body: AnyView) -> AnyView {
    view! {
        <details class="confirm">
            <summary class="button small">{label}</summary>
            <div class="card">{body}</div>
        </details>
    }
    .into_any()
}

/// The forms, folded.
pub fn own_box(page: OwnBox) -> AnyView {
    let OwnBox { w, action, description, edits, photos } = page;
    if !edits && description.is_empty() && photos.is_empty() {
        return ().into_any();
    }
    let form = |what: &'static str, inside: AnyView| {
        view! {
            <form method="post" action=action.clone() enctype="multipart/form-data" class="form">
                <input r#type="hidden" name="do" value=what/>
                {inside}
            </form>
        }
        .into_any()
    };
    let edit = edits.then(|| {
        let inside = view! {
            <TextArea
                w=w
                name="description"
                label=w.t("reports-description")
                value=description.clone()
                maxlength=u32::try_from(MAX_TEXT).unwrap_or(1000)
                rows=3
            />
            <Buttons><Button label=w.t("reports-more-own-edit-send")/></Buttons>
        };
        fold(w.t("reports-more-own-edit"), form("edit", inside.into_any()))
    });
    let remove_words = (!description.is_empty()).then(|| {
        let inside = view! {
            <p>{w.t("reports-more-own-remove-words-text")}</p>
            <Buttons><Button label=w.t("reports-more-own-remove-words") weight=Weight::Danger/></Buttons>
        };
        fold(w.t("reports-more-own-remove-words"), form("remove-words", inside.into_any()))
    });
    let remove_photos = (!photos.is_empty()).then(|| {
        let tiles = photos
            .iter()
            .enumerate()
            .map(|(n, shot)| {
                let picture = shot.photo(w, n + 1);
                view! {
                    <li class="photo">
                        <img src=picture.thumb alt=picture.alt loading="lazy"/>
                        <div class="photo-tools">
                            <button class="icon-button" name="remove" value=shot.id.clone()>
                                {icon("trash")}
                                <span class="sr">{w.t("reports-photo-remove")} " " {n + 1}</span>
                            </button>
                        </div>
                    </li>
                }
            })
            .collect_view();
        let inside = view! {
            <p>{w.t("reports-more-own-photos-text")}</p>
            <ul class="photo-grid">{tiles}</ul>
        };
        fold(w.t("reports-more-own-photos"), form("remove-photo", inside.into_any()))
    });
    view! {
        <details class="more">
            <summary>{w.t("reports-more-own")}</summary>
            <div class="more-body stack tight">{edit}{remove_words}{remove_photos}</div>
        </details>
    }
    .into_any()
}
