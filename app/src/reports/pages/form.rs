//! `/report`: photos first, then where, what, and a line about it.

use super::{map_box, outbox_panel};
use crate::{
    i18n::Words,
    reports::{
        MAX_PHOTOS, MAX_PLACE, MAX_TEXT,
        form::ReportForm,
        islands::{PhotoPicker, PositionButton},
    },
    ui::{parts::*, summary::ErrorSummary},
};
use leptos::prelude::*;

/// What the form shows.
pub struct FormPage {
    /// Words.
    pub w: Words,
    /// What was typed so far.
    pub form: ReportForm,
    /// Code of the community.
    pub community: String,
    /// Its name.
    pub community_name: String,
    /// Its hotline, may be empty.
    pub hotline: String,
    /// Grids with their buildings, and the landmarks: (code, name).
    pub places: Vec<(String, Vec<(String, String)>)>,
    /// Majors with their minors: (code, name with words that residents use for it).
    pub majors: Vec<(String, Vec<(String, String)>)>,
    /// Ids of photos that the server has.
    pub photos: Vec<String>,
    /// What is wrong with a photo that was sent.
    pub photo_troubles: Vec<String>,
    /// Why nothing was filed although nothing is wrong with it, in a sentence.
    pub trouble: Option<String>,
    /// Field and words.
    pub errors: Vec<(String, String)>,
    /// Has an account: no telephone number is asked.
    pub signed_in: bool,
}

/// One photo with its tools. Without JavaScript they send the form, which comes back changed. An empty id is the model
/// from which the island makes tiles for photos that are on their way.
fn tile(w: Words, name: &'static str, n: usize, id: &str) -> AnyView {
    let waiting = id.is_empty();
    let src = (!waiting).then(|| format!("/photos/{id}/thumb"));
    view! {
        <li class="photo" data-state=if waiting { "sending" } else { "ready" }>
            <img src=src alt=w.t("reports-photo-number").replace("{n}", &n.to_string())/>
            <span class="photo-no n">{n}</span>
            <input r#type="hidden" name=name value=id.to_owned() disabled=waiting/>
            <p class="photo-say" hidden=!waiting></p>
            <progress max="100" value="0" hidden=!waiting></progress>
            <div class="photo-tools">
                <button class="icon-button photo-retry" r#type="button" hidden=true>{w.t("reports-photo-retry")}</button>
                <button class="icon-button" formnovalidate=true name="up" value=id.to_owned()>
                    {icon("move-up")}
                    <span class="sr">{w.t("reports-photo-up")} " " <span class="n">{n}</span></span>
                </button>
                <button class="icon-button" formnovalidate=true name="remove" value=id.to_owned()>
                    {icon("trash")}
                    <span class="sr">{w.t("reports-photo-remove")} " " <span class="n">{n}</span></span>
                </button>
            </div>
        </li>
    }
    .into_any()
}

/// Photos with what is wrong with them.
pub fn photo_field(w: Words, photos: &[String], troubles: Vec<String>, label: String, hint: Option<String>) -> AnyView {
    photo_field_named(w, ("photo", "photos", "photos-label"), photos, troubles, label, hint)
}

/// The same under other names: of the ids, of the files, and of the label.
pub fn photo_field_named(
    w: Words,
    (name, files, label_id): (&'static str, &'static str, &'static str),
    photos: &[String],
    troubles: Vec<String>,
    label: String,
    hint: Option<String>,
) -> AnyView {
    let full = photos.len() >= MAX_PHOTOS;
    let tiles = photos.iter().enumerate().map(|(n, id)| tile(w, name, n + 1, id)).collect_view();
    let invalid = (!troubles.is_empty()).then_some("");
    let troubles = troubles.into_iter().map(|text| view! { <p class="error">{text}</p> }).collect_view();
    view! {
        <div class="field" data-invalid=invalid role="group" aria-labelledby=label_id>
            <p class="label" id=label_id>{label}</p>
            {hint.map(|hint| view! { <p class="hint">{hint}</p> })}
            {troubles}
            <div
                class="photos"
                data-name=name
                data-max=MAX_PHOTOS.to_string()
                data-photo=w.t("reports-photo-number")
                data-sending=w.t("reports-photo-sending")
                data-failed=w.t("reports-photo-failed")
                data-heic=w.t("reports-photo-heic")
                data-wait=w.t("reports-photo-wait")
                data-full=w.t("reports-photo-full").replace("{n}", &MAX_PHOTOS.to_string())
            >
                <ul class="photo-grid">
                    {tiles}
                    <li class="photo-adds" hidden=full>
                        <PhotoInput name=files label=w.t("reports-photo-add")/>
                    </li>
                </ul>
                <template>{tile(w, name, 0, "")}</template>
                <p class="small" role="status"></p>
            </div>
            <PhotoPicker/>
        </div>
    }
    .into_any()
}

pub(super) fn groups(groups: Vec<(String, Vec<(String, String)>)>, chosen: &str) -> AnyView {
    groups
        .into_iter()
        .map(|(label, entries)| {
            let entries = entries
                .into_iter()
                .map(|(code, name)| {
                    let selected = code == chosen;
                    view! { <option value=code selected=selected>{name}</option> }
                })
                .collect_view();
            view! { <optgroup label=label>{entries}</optgroup> }
        })
        .collect_view()
        .into_any()
}

/// The phone's position, by a button; and, above it, the place that is proposed from a photo or from where the phone is.
pub(super) fn position_field(w: Words, form: &ReportForm, community: &str) -> AnyView {
    view! {
        <div class="proposal" role="status" hidden=true></div>
        <div
            class="position cluster"
            data-asking=w.t("reports-position-asking")
            data-found=w.t("reports-position-found")
            data-failed=w.t("reports-position-failed")
            data-place=format!("/api/v1/communities/{community}/place")
            data-photo=w.t("reports-position-photo")
            data-phone=w.t("reports-position-phone")
            data-use=w.t("reports-position-use")
            data-no=w.t("reports-position-no")
            data-used=w.t("reports-position-used")
        >
            <input r#type="hidden" name="longitude" value=form.longitude.clone()/>
            <input r#type="hidden" name="latitude" value=form.latitude.clone()/>
            <button class="button small" r#type="button" hidden=true>
                {icon("pin")}
                {w.t("reports-position-ask")}
            </button>
            <span class="small" role="status">{form.position().map(|_| w.t("reports-position-found"))}</span>
        </div>
        <PositionButton/>
    }
    .into_any()
}

/// The page.
pub fn form_page(page: FormPage) -> AnyView {
    let FormPage {
        w,
        form,
        community,
        community_name,
        hotline,
        places,
        majors,
        photos,
        photo_troubles,
        trouble,
        errors,
        signed_in,
    } = page;
    let error = |field: &str| errors.iter().find(|(name, _)| name == field).map(|(_, text)| text.clone());
    let (building_error, category_error) = (error("building"), error("category"));
    let (place_error, description_error, contact_error) = (error("place"), error("description"), error("contact"));
    let mut troubles = photo_troubles;
    troubles.extend(error("photos"));
    let mut summary = errors.clone();
    summary.extend(
        error("photos").is_none().then(|| troubles.first()).flatten().map(|t| ("photos".to_owned(), t.clone())),
    );
    let building = form.building.clone();
    let category = form.category.clone();
    let urgent = (!hotline.is_empty()).then(|| {
        view! {
            <p class="small urgent">
                {w.t("reports-form-urgent")} " "
                <a href=format!("tel:{hotline}")>{hotline.clone()}</a>
            </p>
        }
    });
    let trouble = trouble.map(|text| view! { <div role="alert"><Note tone=Tone::Warn><p>{text}</p></Note></div> });
    let plan = format!("/api/v1/communities/{community}/plan.geojson");
    let contact = (!signed_in).then(|| {
        view! {
            <TextField
                w=w
                name="contact"
                label=w.t("reports-contact")
                value=form.contact.clone()
                hint=w.t("reports-contact-hint")
                error=contact_error
                optional=true
                kind="tel"
                inputmode="tel"
                autocomplete="tel"
                width="w-mid"
            />
        }
    });
    let names = signed_in.then(|| {
        view! {
            <fieldset class="field">
                <legend class="label">{w.t("reports-privacy")}</legend>
                <p class="hint">{w.t("reports-privacy-hint")}</p>
                <div class="stack tight">
                    <CheckBox
                        name="name_hidden"
                        label=w.t("reports-name-hidden")
                        note=w.t("reports-name-hidden-note")
                        checked=form.name_hidden
                    />
                    <CheckBox
                        name="unknown_to_staff"
                        label=w.t("reports-unknown")
                        note=w.t("reports-unknown-note")
                        checked=form.unknown_to_staff
                    />
                </div>
            </fieldset>
        }
    });
    view! {
        <ErrorSummary w=w errors=summary/>
        {trouble}
        {urgent}
        {outbox_panel(w, true)}
        <form method="post" action="/report" enctype="multipart/form-data" class="form" data-outbox="form">
            // The first button of a form is what the Enter key presses.
            <button class="sr" tabindex="-1" aria-hidden="true">{w.t("reports-form-send")}</button>
            <input r#type="hidden" name="key" value=form.key.clone()/>
            <input r#type="hidden" name="community" value=community.clone()/>
            {photo_field(w, &photos, troubles, w.t("reports-photos"), Some(w.t("reports-photos-hint")))}
            <div class="field" data-invalid=building_error.is_some().then_some("")>
                <label class="label" r#for="building">{w.t("reports-where")}</label>
                <p class="hint" id="building-hint">
                    {w.tf("reports-where-hint", &[("community", community_name.into())])}
                </p>
                {building_error.clone().map(|text| view! { <p class="error" id="building-error">{text}</p> })}
                <select class="input" id="building" name="building" aria-describedby="building-hint">
                    <option value="">{w.t("reports-building-none")}</option>
                    {groups(places, &building)}
                </select>
                {position_field(w, &form, &community)}
                {map_box(w, plan, true)}
            </div>
            <TextField
                w=w
                name="place"
                label=w.t("reports-place")
                value=form.place.clone()
                hint=w.t("reports-place-hint")
                error=place_error
                optional=true
                maxlength=u32::try_from(MAX_PLACE).unwrap_or(100)
            />
            <TextArea
                w=w
                name="description"
                label=w.t("reports-description")
                value=form.description.clone()
                hint=w.t("reports-description-hint")
                error=description_error
                maxlength=u32::try_from(MAX_TEXT).unwrap_or(1000)
                rows=3
            />
            <div class="field" data-invalid=category_error.is_some().then_some("")>
                <label class="label" r#for="category">{w.t("reports-category")}</label>
                <p class="hint" id="category-hint">{w.t("reports-category-hint")}</p>
                {category_error.clone().map(|text| view! { <p class="error" id="category-error">{text}</p> })}
                <select class="input" id="category" name="category" required=true aria-describedby="category-hint">
                    <option value="">{w.t("reports-category-none")}</option>
                    {groups(majors, &category)}
                </select>
                <p
                    class="suggest small"
                    role="status"
                    hidden=true
                    data-label=w.t("reports-more-suggest")
                    data-because=w.t("reports-more-suggest-because")
                    data-another=w.t("reports-more-suggest-another")
                ></p>
            </div>
            <section class="nearby stack" aria-live="polite" hidden=true></section>
            {names}
            {contact}
            <ActionBar>
                <Button label=w.t("reports-form-send") weight=Weight::Primary/>
            </ActionBar>
        </form>
    }
    .into_any()
}
