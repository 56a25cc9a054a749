//! Pictures and files of a draft.

use crate::{
    http::{
        Ctx, Error, Result,
        api::{OnceKey, created, read, wrong_fields},
    },
    notices::{
        attachments::{self, AddError, Added, What, store},
        writing,
    },
    photos::intake::PhotoForm,
};
use axum::{
    Json,
    extract::{FromRequest, Path, Request},
    http::StatusCode,
    response::IntoResponse,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What is attached to a notice.
#[derive(Debug, Serialize, ToSchema)]
pub struct AttachedOut {
    /// Pictures; the text shows one by `![…](picture:1)`.
    pub pictures: Vec<PictureItem>,
    /// Files.
    pub files: Vec<AttachedFileItem>,
}

/// A picture.
#[derive(Debug, Serialize, ToSchema)]
pub struct PictureItem {
    /// Its number.
    pub number: i64,
    /// What it shows.
    pub alt: String,
    /// Its address.
    pub href: String,
}

/// A file.
#[derive(Debug, Serialize, ToSchema)]
pub struct AttachedFileItem {
    /// Its number.
    pub number: i64,
    /// What it is called.
    pub name: String,
    /// Its size.
    pub bytes: i64,
    /// Its address.
    pub href: String,
}

/// Pictures and files of a notice.
#[utoipa::path(get, tag = "notice-desk", path = "/api/v1/staff/notices/{id}/attachments",
    params(("id" = String, Path, description = "Id")), responses((status = 200, body = AttachedOut)))]
pub async fn all(ctx: Ctx, Path(id): Path<String>) -> Result {
    writing::for_reading(&ctx, &id).await?;
    let pictures = store::pictures(&ctx.app.db, &id).await?.into_iter().map(|picture| PictureItem {
        href: format!("/photos/{}/full", picture.photo_id),
        number: picture.number,
        alt: picture.alt,
    });
    let files = store::files(&ctx.app.db, &id).await?.into_iter().map(|file| AttachedFileItem {
        href: format!("/notices/{id}/files/{}", file.number),
        number: file.number,
        name: file.name,
        bytes: file.bytes,
    });
    Ok(Json(AttachedOut { pictures: pictures.collect(), files: files.collect() }).into_response())
}

/// Something was added.
#[derive(Debug, Serialize, ToSchema)]
pub struct AddedOut {
    /// Its number in the notice.
    pub number: i64,
    /// The version that the draft has now.
    pub version: i64,
}

fn refused(ctx: &Ctx, error: AddError) -> Error {
    match error {
        AddError::Refused(field, key) => wrong_fields([(field, ctx.w.t(key))]),
        AddError::Failed(error) => error,
    }
}

fn added(ctx: &Ctx, id: &str, done: std::result::Result<Added, AddError>) -> Result {
    let Added { number, version } = done.map_err(|error| refused(ctx, error))?;
    Ok(created(&format!("/api/v1/staff/notices/{id}/attachments"), AddedOut { number, version }))
}

/// Adds a picture to a draft: field `picture`, and `alt`, what it shows, before it. All metadata is removed.
#[utoipa::path(post, tag = "notice-desk", path = "/api/v1/staff/notices/{id}/pictures", params(("id" = String, Path, description = "Id")),
    responses((status = 201, body = AddedOut), (status = 409, description = "it is no draft (any more), or somebody else saved it")))]
pub async fn add_picture(ctx: Ctx, once: OnceKey, Path(id): Path<String>, request: Request) -> Result {
    writing::for_writing(&ctx, &id).await?;
    let form = PhotoForm::from_request(request, &()).await?;
    let alt = form.get("alt").to_owned();
    let done = match form.files.into_iter().find(|file| file.field == "picture") {
        Some(file) => attachments::add_picture(&ctx, &id, (file.bytes, &alt), &once.id(&ctx)).await,
        None => Err(AddError::Refused("picture", "notice-picture-missing")),
    };
    added(&ctx, &id, done)
}

/// Adds a PDF to a draft: field `file`.
#[utoipa::path(post, tag = "notice-desk", path = "/api/v1/staff/notices/{id}/files", params(("id" = String, Path, description = "Id")),
    responses((status = 201, body = AddedOut), (status = 409, description = "it is no draft (any more), or somebody else saved it")))]
pub async fn add_file(ctx: Ctx, once: OnceKey, Path(id): Path<String>, request: Request) -> Result {
    writing::for_writing(&ctx, &id).await?;
    let form = PhotoForm::from_request(request, &()).await?;
    let done = match form.files.into_iter().find(|file| file.field == "file") {
        Some(file) => attachments::add_file(&ctx, &id, (file.bytes, &file.name), &once.id(&ctx)).await,
        None => Err(AddError::Refused("file", "ui-file-missing")),
    };
    added(&ctx, &id, done)
}

/// What a picture shows.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(example = json!({"alt": "停水范围：5 号楼到 9 号楼"}))]
pub struct AltIn {
    /// In words, for those who do not see it.
    pub alt: String,
}

fn number(text: &str) -> Result<i64> {
    text.parse().map_err(|_| Error::NotFound)
}

/// Says anew what a picture of a draft shows.
#[utoipa::path(post, tag = "notice-desk", path = "/api/v1/staff/notices/{id}/pictures/{number}", request_body = AltIn,
    params(("id" = String, Path, description = "Id"), ("number" = String, Path, description = "its number")),
    responses((status = 204, description = "Saved")))]
pub async fn describe(ctx: Ctx, Path((id, which)): Path<(String, String)>, request: Request) -> Result {
    writing::for_writing(&ctx, &id).await?;
    let which = number(&which)?;
    let body: AltIn = read(request).await?;
    attachments::describe(&ctx, &id, which, &body.alt).await.map_err(|error| refused(&ctx, error))?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

async fn remove(ctx: &Ctx, id: &str, what: What, which: &str) -> Result {
    writing::for_writing(ctx, id).await?;
    attachments::remove(ctx, id, what, number(which)?).await.map_err(|error| refused(ctx, error))?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Takes a picture from a draft.
#[utoipa::path(delete, tag = "notice-desk", path = "/api/v1/staff/notices/{id}/pictures/{number}",
    params(("id" = String, Path, description = "Id"), ("number" = String, Path, description = "its number")),
    responses((status = 204, description = "Gone")))]
pub async fn remove_picture(ctx: Ctx, Path((id, which)): Path<(String, String)>) -> Result {
    remove(&ctx, &id, What::Picture, &which).await
}

/// Takes a file from a draft.
#[utoipa::path(delete, tag = "notice-desk", path = "/api/v1/staff/notices/{id}/files/{number}",
    params(("id" = String, Path, description = "Id"), ("number" = String, Path, description = "its number")),
    responses((status = 204, description = "Gone")))]
pub async fn remove_file(ctx: Ctx, Path((id, which)): Path<(String, String)>) -> Result {
    remove(&ctx, &id, What::File, &which).await
}
