//! The page on which staff add pictures and files to a draft, and the address where readers download a file.

use super::{AddError, Added, What, store};
use crate::{
    clock, files,
    http::{Ctx, Error, FormBody, Page, Result, see_other_with},
    notices::{store as notices, writing::for_writing},
    photos::intake::PhotoForm,
};
use app::{
    files::AttachedFile,
    notices::{
        NoticeState,
        pages::{self, AttachedPicture, Attachments},
    },
    people::Action,
    ui::shell::Tab,
};
use axum::{
    Json,
    extract::{FromRequest, Path, Request},
    http::{HeaderMap, Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use std::collections::BTreeMap;

pub(in crate::notices) async fn page(ctx: Ctx, Path(id): Path<String>) -> Result {
    let notice = for_writing(&ctx, &id).await?;
    if notice.state() != NoticeState::Draft {
        return Err(Error::Conflict("notice-conflict-not-draft"));
    }
    show(&ctx, &id, BTreeMap::new(), String::new()).await
}

/// The page, with what was typed and what is wrong with it.
async fn show(ctx: &Ctx, id: &str, errors: BTreeMap<&'static str, String>, alt: String) -> Result {
    let notice = for_writing(ctx, id).await?;
    let db = &ctx.app.db;
    let texts = [&notice.body, &notice.body_en];
    let pictures = store::pictures(db, id).await?.into_iter().map(|picture| AttachedPicture {
        thumb: format!("/photos/{}/thumb", picture.photo_id),
        full: format!("/photos/{}/full", picture.photo_id),
        used: texts.iter().any(|text| text.contains(&format!("(picture:{})", picture.number))),
        number: picture.number,
        alt: picture.alt,
    });
    let files = store::files(db, id).await?.into_iter().map(|file| AttachedFile {
        href: format!("/notices/{id}/files/{}", file.number),
        number: file.number,
        name: file.name,
        bytes: file.bytes,
    });
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let shown = Attachments { id: id.to_owned(), pictures: pictures.collect(), files: files.collect(), errors, alt };
    let title = ctx.w.t("notice-attach");
    Ok(Page::new(ctx, title)
        .tab(Tab::StaffNotices)
        .back(format!("/staff/notices/{id}/edit"))
        .status(status)
        .render(pages::attachments(ctx.w, shown)))
}

/// Whether the editor's script asks, which wants an answer it can read.
fn is_script(headers: &HeaderMap) -> bool {
    headers.get(header::ACCEPT).is_some_and(|value| value.as_bytes() == b"application/json")
}

async fn answer(
    ctx: &Ctx,
    id: &str,
    script: bool,
    (done, alt): (std::result::Result<Added, AddError>, String),
    flash: &'static str,
) -> Result {
    match done {
        Ok(added) if script => {
            let told = serde_json::json!({ "number": added.number, "version": added.version, "alt": alt });
            Ok((StatusCode::CREATED, Json(told)).into_response())
        }
        Ok(_) => Ok(see_other_with(ctx, &format!("/staff/notices/{id}/files"), flash)),
        Err(AddError::Refused(_, key)) if script => {
            let told = serde_json::json!({ "detail": ctx.w.t(key) });
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Json(told)).into_response())
        }
        Err(AddError::Refused(field, key)) => show(ctx, id, BTreeMap::from([(field, ctx.w.t(key))]), alt).await,
        Err(AddError::Failed(error)) => Err(error),
    }
}

/// Takes a picture: field `picture`, and `alt`, what it shows. Permission is asked for before the body is read.
pub(in crate::notices) async fn picture(ctx: Ctx, Path(id): Path<String>, request: Request) -> Result {
    for_writing(&ctx, &id).await?;
    let script = is_script(request.headers());
    let form = PhotoForm::from_request(request, &()).await?;
    let alt = form.get("alt").to_owned();
    let done = match form.files.into_iter().find(|file| file.field == "picture") {
        Some(file) => super::add_picture(&ctx, &id, (file.bytes, &alt), &clock::new_id(ctx.now)).await,
        None => Err(AddError::Refused("picture", "notice-picture-missing")),
    };
    answer(&ctx, &id, script, (done, alt.trim().to_owned()), "flash-notice-picture-added").await
}

/// Takes a PDF: field `file`.
pub(in crate::notices) async fn file(ctx: Ctx, Path(id): Path<String>, request: Request) -> Result {
    for_writing(&ctx, &id).await?;
    let script = is_script(request.headers());
    let form = PhotoForm::from_request(request, &()).await?;
    let done = match form.files.into_iter().find(|file| file.field == "file") {
        Some(file) => super::add_file(&ctx, &id, (file.bytes, &file.name), &clock::new_id(ctx.now)).await,
        None => Err(AddError::Refused("file", "ui-file-missing")),
    };
    answer(&ctx, &id, script, (done, String::new()), "flash-notice-file-added").await
}

/// The forms beside each picture and file.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::notices) struct ChangeForm {
    /// `picture` or `file`.
    what: String,
    number: i64,
    /// `remove`, or `describe` for a picture.
    action: String,
    alt: String,
}

pub(in crate::notices) async fn change(
    ctx: Ctx,
    Path(id): Path<String>,
    FormBody(form): FormBody<ChangeForm>,
) -> Result {
    for_writing(&ctx, &id).await?;
    let what = match form.what.as_str() {
        "picture" => What::Picture,
        "file" => What::File,
        _ => return Err(Error::BadRequest("what is changed?".into())),
    };
    let (done, flash) = match (form.action.as_str(), what) {
        ("remove", _) => (super::remove(&ctx, &id, what, form.number).await, "flash-notice-attachment-removed"),
        ("describe", What::Picture) => {
            (super::describe(&ctx, &id, form.number, &form.alt).await, "flash-notice-picture-described")
        }
        _ => return Err(Error::BadRequest("what is to be done?".into())),
    };
    match done {
        Ok(()) => Ok(see_other_with(&ctx, &format!("/staff/notices/{id}/files"), flash)),
        Err(AddError::Refused(_, key)) => {
            show(&ctx, &id, BTreeMap::from([("described", ctx.w.t(key))]), String::new()).await
        }
        Err(AddError::Failed(error)) => Err(error),
    }
}

/// A file of a notice: for everybody once it is out, before that for staff who may see it.
pub(in crate::notices) async fn download(
    ctx: Ctx,
    Path((id, number)): Path<(String, String)>,
    method: Method,
    headers: HeaderMap,
) -> Result<Response> {
    let notice = notices::by_id(&ctx.app.db, &id).await?.ok_or(Error::NotFound)?;
    let public = notice.state().is_public();
    if !public && !ctx.actor().is_ok_and(|actor| actor.require(Action::NoticeRead, &notice.source_path).is_ok()) {
        return Err(Error::NotFound);
    }
    let number: i64 = number.parse().map_err(|_| Error::NotFound)?;
    let all = store::files(&ctx.app.db, &id).await?;
    let file = all.iter().find(|file| file.number == number).ok_or(Error::NotFound)?;
    files::download(&ctx.app, file, ("notice", public), (&method, &headers)).await
}
