//! Pictures and files: where staff add them to a draft, and how a notice shows its files.

use crate::{
    files::{AttachedFile, downloads, pdf_field, size},
    i18n::Words,
    notices::limits::{FILES, PICTURE_ALT_CHARS, PICTURES},
    ui::parts::*,
};
use leptos::prelude::*;
use std::collections::BTreeMap;

/// A picture of a draft.
pub struct AttachedPicture {
    /// What the text calls it.
    pub number: i64,
    /// What it shows.
    pub alt: String,
    /// Address of the small form.
    pub thumb: String,
    /// Address of the whole.
    pub full: String,
    /// The text says where it stands.
    pub used: bool,
}

/// What `/staff/notices/{id}/files` shows.
pub struct Attachments {
    /// Id of the draft.
    pub id: String,
    /// Its pictures.
    pub pictures: Vec<AttachedPicture>,
    /// Its files.
    pub files: Vec<AttachedFile>,
    /// What was wrong with what was sent, by field.
    pub errors: BTreeMap<&'static str, String>,
    /// What was typed about the picture that was refused.
    pub alt: String,
}

/// The files of a notice, to download.
pub fn file_list(w: Words, files: Vec<AttachedFile>) -> AnyView {
    let list = downloads(w, files);
    list.map(|list| view! { <section class="notice-files"><h2>{w.t("notice-files")}</h2>{list}</section> }).into_any()
}

/// The page, under the frame's heading.
pub fn attachments(w: Words, page: Attachments) -> impl IntoView {
    let Attachments { id, pictures, files, errors, alt } = page;
    let base = format!("/staff/notices/{id}/files");
    let summary = errors.iter().map(|(field, text)| ((*field).to_owned(), text.clone())).collect::<Vec<_>>();
    let (picture_room, file_room) = (pictures.len() < PICTURES, files.len() < FILES);
    let shown = pictures.into_iter().map(|picture| picture_card(w, &base, picture)).collect_view();
    let listed = files.into_iter().map(|file| file_row(w, &base, file)).collect_view();
    let picture_form = picture_room.then(|| add_picture(w, format!("{base}/picture"), &errors, alt));
    let file_form = file_room.then(|| add_file(w, format!("{base}/file"), &errors));
    view! {
        <ErrorSummary w=w errors=summary/>
        <Section title=w.t("notice-pictures")>
            <p class="hint">{w.t("notice-pictures-hint")}</p>
            <ul class="attached" id="described" tabindex="-1">{shown}</ul>
            {picture_form}
        </Section>
        <Section title=w.t("notice-files")>
            <p class="hint">{w.t("notice-files-hint")}</p>
            <ul class="attached">{listed}</ul>
            {file_form}
        </Section>
        <ActionBar>
            <LinkButton href=format!("/staff/notices/{id}/edit") label=w.t("notice-attach-done") weight=Weight::Primary/>
        </ActionBar>
    }
}

fn picture_card(w: Words, base: &str, picture: AttachedPicture) -> AnyView {
    let AttachedPicture { number, alt, thumb, full, used } = picture;
    let mark = format!("![{alt}](picture:{number})");
    let field = format!("alt-{number}");
    let place = if used { "notice-picture-in-text" } else { "notice-picture-at-end" };
    view! {
        <li class="card">
            <a href=full><img src=thumb alt=alt.clone() width="240" height="180" loading="lazy"/></a>
            <div class="stack tight">
                <form method="post" action=base.to_owned() class="stack tight">
                    <input type="hidden" name="what" value="picture"/>
                    <input type="hidden" name="number" value=number.to_string()/>
                    <label class="label" r#for=field.clone()>{w.tf("notice-picture-number", &[("number", number.into())])}</label>
                    <input class="input" id=field name="alt" value=alt maxlength=PICTURE_ALT_CHARS.to_string()/>
                    <div class="buttons">
                        <Button label=w.t("notice-picture-describe") sends=("action", "describe".to_owned()) small=true/>
                        <Button
                            label=w.t("notice-attachment-remove")
                            weight=Weight::Danger
                            sends=("action", "remove".to_owned())
                            small=true
                        />
                    </div>
                </form>
                <p class="small muted">{w.t(place)} " " <code>{mark}</code></p>
            </div>
        </li>
    }
    .into_any()
}

fn file_row(w: Words, base: &str, file: AttachedFile) -> AnyView {
    view! {
        <li class="card between">
            <span><a href=file.href>{file.name}</a> " " <span class="small muted">{size(file.bytes)}</span></span>
            <form method="post" action=base.to_owned()>
                <input type="hidden" name="what" value="file"/>
                <input type="hidden" name="number" value=file.number.to_string()/>
                <Button
                    label=w.t("notice-attachment-remove")
                    weight=Weight::Danger
                    sends=("action", "remove".to_owned())
                    small=true
                />
            </form>
        </li>
    }
    .into_any()
}

fn add_picture(w: Words, action: String, errors: &BTreeMap<&'static str, String>, alt: String) -> AnyView {
    let (error, alt_error) = (errors.get("picture").cloned(), errors.get("alt").cloned());
    let described = error.is_some().then_some("picture-error");
    view! {
        <form method="post" action=action enctype="multipart/form-data" class="form card">
            <Field w=w name="picture" label=w.t("notice-picture-file") error=error>
                <input
                    class="input"
                    id="picture"
                    name="picture"
                    type="file"
                    accept="image/jpeg,image/png,image/webp,image/heic,image/heif"
                    aria-describedby=described
                    required
                />
            </Field>
            <TextField
                w=w
                name="alt"
                label=w.t("notice-picture-alt")
                hint=w.t("notice-picture-alt-hint")
                value=alt
                error=alt_error
                maxlength=u32::try_from(PICTURE_ALT_CHARS).unwrap_or(u32::MAX)
            />
            <Button label=w.t("notice-picture-add") icon_name="photo"/>
        </form>
    }
    .into_any()
}

fn add_file(w: Words, action: String, errors: &BTreeMap<&'static str, String>) -> AnyView {
    let field = pdf_field("file".to_owned(), w.t("notice-file"), w.t("notice-file-hint"), errors.get("file").cloned());
    view! {
        <form method="post" action=action enctype="multipart/form-data" class="form card">
            {field}
            <Button label=w.t("notice-file-add") icon_name="plus"/>
        </form>
    }
    .into_any()
}
