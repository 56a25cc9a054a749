//! The editor: text on the left, how it will look on the right. Each part of the form is a file of its own.

mod audience;
mod english;
mod facts;
mod kind_fields;
mod publication;
mod text;

use super::{Changed, NoticeView, activity_fields, notice_body, review::returned_note, versions::differences};
use crate::{
    i18n::Words,
    notices::{NoticeForm, diff::Difference, form::Errors, limits::PICTURE_ALT_CHARS},
    ui::parts::*,
};
use jiff::Timestamp;
use leptos::prelude::*;

/// A place to aim at.
#[derive(Clone, Debug)]
pub struct Place {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// What it is or how many households it has, in small type.
    pub note: Option<String>,
}

/// Places that belong together.
#[derive(Clone, Debug)]
pub struct PlaceGroup {
    /// What they have in common; empty for the widest ones.
    pub title: String,
    /// The places.
    pub places: Vec<Place>,
}

/// What the editor shows.
pub struct Editor {
    /// Where the form goes.
    pub action: String,
    /// What was typed.
    pub form: NoticeForm,
    /// What is wrong with it.
    pub errors: Errors,
    /// Who may say it: code and name.
    pub organisations: Vec<(String, String)>,
    /// Whom it may be for.
    pub places: Vec<PlaceGroup>,
    /// How it will look, when that was asked for.
    pub preview: Option<NoticeView>,
    /// Somebody else saved in the meantime: from what they saved to what was typed.
    pub stale: Option<Vec<Difference>>,
    /// The notice it corrects.
    pub corrects: Option<Changed>,
    /// Id of the draft; none before it was saved.
    pub id: Option<String>,
    /// Whom the saved draft reaches, in a sentence.
    pub reach: Option<String>,
    /// It was given back by a reviewer: who, when, and why.
    pub returned: Option<(String, Timestamp, String)>,
}

/// The page of the editor, under the frame's heading.
pub fn editor(w: Words, now: Timestamp, page: Editor) -> impl IntoView {
    let Editor { action, form, errors, organisations, places, preview, stale, corrects, id, reach, returned } = page;
    let summary = errors.iter().map(|(field, text)| ((*field).to_owned(), text.clone())).collect::<Vec<_>>();
    let previewed = preview.is_some();
    view! {
        {stale.map(|changes| view! {
            <Note tone=Tone::Warn>
                <p><strong>{w.t("notice-stale-title")}</strong> " " {w.t("notice-stale-text")}</p>
                <details class="more" open>
                    <summary>{w.t("notice-stale-theirs")}</summary>
                    <div class="more-body">{differences(w, changes)}</div>
                </details>
            </Note>
        })}
        {corrects.map(|change| view! {
            <Note><p>{w.t("notice-corrects")} " " <a href=change.href>{change.title}</a> " " {w.t("notice-correct-hint")}</p></Note>
        })}
        {returned_note(w, now, returned)}
        <ErrorSummary w=w errors=summary/>
        <div class="editor">
            <form
                class="form notice-form"
                method="post"
                action=action
                data-script="/editor.js"
                data-notice=id
                data-saving=w.t("notice-auto-saving")
                data-saved=w.t("notice-auto-saved")
                data-untitled=w.t("notice-auto-untitled")
                data-offline=w.t("notice-auto-offline")
                data-stale=w.t("notice-auto-stale")
                data-look=w.t("notice-auto-look")
                data-signed-out=w.t("notice-auto-signed-out")
                data-kept=w.t("notice-auto-kept")
            >
                <input type="hidden" name="form_key" value=form.form_key.clone()/>
                <input type="hidden" name="version" value=form.version.clone()/>
                {kept(w)}
                {text::text(w, &form, &errors)}
                {kind_fields::kind_fields(w, &form, &errors)}
                <div data-for="activity">{activity_fields(w, &form, &errors)}</div>
                {audience::audience(w, &form, &errors, organisations, places, reach)}
                {facts::facts(w, &form, &errors)}
                {publication::publication(w, &form, &errors)}
                {english::english(w, &form, &errors)}
                <div class="buttons">
                    <Button label=w.t("notice-preview") sends=("action", "preview".to_owned())/>
                    <Button label=w.t("notice-attach") icon_name="photo" sends=("action", "files".to_owned())/>
                    <Button label=w.t("notice-save") sends=("action", "save".to_owned())/>
                </div>
                <ActionBar>
                    <p class="save-state small" role="status"></p>
                    <Button label=w.t("notice-next") weight=Weight::Primary sends=("action", "next".to_owned())/>
                </ActionBar>
            </form>
            <aside class="phone-preview" aria-labelledby="preview-title">
                <h2 id="preview-title">{w.t("notice-preview-title")}</h2>
                {(!previewed).then(|| view! {
                    <p class="muted small">{w.t("notice-preview-hint")}</p>
                    <div class="prose" data-preview></div>
                })}
                {preview.map(|view| view! {
                    <p class="preview-heading">{form.title.clone()}</p>
                    {notice_body(w, now, view)}
                })}
            </aside>
        </div>
        {picture_dialog(w)}
    }
}

/// What this phone kept of an edit that did not reach the server; shown by the script when there is something.
fn kept(w: Words) -> AnyView {
    view! {
        <div class="note local-copy" data-tone="warn" hidden>
            {icon("warning")}
            <div>
                <p></p>
                <div class="buttons">
                    <button class="button small" type="button" data-kept="restore">{w.t("notice-kept-restore")}</button>
                    <button class="button small quiet" type="button" data-kept="forget">{w.t("notice-kept-forget")}</button>
                </div>
            </div>
        </div>
    }
    .into_any()
}

/// Asks for a picture and what it shows, where the script can put it into the text at once.
fn picture_dialog(w: Words) -> AnyView {
    view! {
        <dialog class="dialog" id="picture-dialog" aria-labelledby="picture-dialog-title">
            <form method="dialog" class="form">
                <h2 id="picture-dialog-title">{w.t("notice-picture-add")}</h2>
                <p class="error" role="alert"></p>
                <div class="field">
                    <label class="label" r#for="picture-file">{w.t("notice-picture-file")}</label>
                    <input class="input" id="picture-file" type="file" accept="image/jpeg,image/png,image/webp,image/heic,image/heif"/>
                </div>
                <div class="field">
                    <label class="label" r#for="picture-alt">{w.t("notice-picture-alt")}</label>
                    <p class="hint" id="picture-alt-hint">{w.t("notice-picture-alt-hint")}</p>
                    <input
                        class="input"
                        id="picture-alt"
                        maxlength=PICTURE_ALT_CHARS.to_string()
                        aria-describedby="picture-alt-hint"
                    />
                </div>
                <div class="buttons">
                    <button class="button primary" value="send">{w.t("notice-picture-send")}</button>
                    <button class="button" value="cancel">{w.t("notice-picture-cancel")}</button>
                </div>
            </form>
        </dialog>
    }
    .into_any()
}
