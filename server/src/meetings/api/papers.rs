//! Files of items.

use super::refused;
use crate::{
    http::{
        Ctx, Result,
        api::{OnceKey, created},
    },
    meetings::{routes::papers as pages, service::papers},
    photos::intake::PhotoForm,
};
use axum::{
    extract::{FromRequest, Path, Request},
    http::{HeaderMap, Method, StatusCode},
    response::IntoResponse,
};
use serde::Serialize;
use utoipa::ToSchema;

/// A file of an item.
#[derive(Serialize, ToSchema)]
pub struct MeetingPaper {
    /// Its number.
    pub number: i64,
    /// What it is called.
    pub name: String,
    /// Its size.
    pub bytes: i64,
    /// Its address.
    pub href: String,
}

/// A file was added.
#[derive(Serialize, ToSchema)]
pub struct MeetingPaperAdded {
    /// Its number.
    pub number: i64,
    /// Its address.
    pub href: String,
}

/// Gives an item a PDF: field `file`. At most five an item, and only until the session is over.
#[utoipa::path(post, path = "/api/v1/staff/meetings/{id}/papers/{item}", tag = "governance",
    params(("id" = String, Path, description = "id"), ("item" = String, Path, description = "id of the item")),
    responses((status = 201, body = MeetingPaperAdded), (status = 409, description = "the session is over")))]
pub async fn add(ctx: Ctx, once: OnceKey, Path((id, item)): Path<(String, String)>, request: Request) -> Result {
    papers::for_changing(&ctx, &id, &item).await?;
    let form = PhotoForm::from_request(request, &()).await?;
    let file = form.files.into_iter().find(|file| file.field == "file");
    let number = papers::add(&ctx, (&id, &item), file, &once.or(&ctx, None)).await.map_err(refused)?;
    let href = format!("/api/v1/meetings/{id}/papers/{item}/{number}");
    Ok(created(&href.clone(), MeetingPaperAdded { number, href }))
}

/// Takes a file from an item, until the session is over.
#[utoipa::path(delete, path = "/api/v1/staff/meetings/{id}/papers/{item}/{number}", tag = "governance",
    params(("id" = String, Path, description = "id"), ("item" = String, Path, description = "id of the item"),
        ("number" = String, Path, description = "its number")),
    responses((status = 204, description = "Gone"), (status = 409, description = "the session is over")))]
pub async fn remove(ctx: Ctx, Path((id, item, number)): Path<(String, String, String)>) -> Result {
    papers::remove(&ctx, (&id, &item), &number).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// A file of an item, for whoever may read the agenda.
#[utoipa::path(get, path = "/api/v1/meetings/{id}/papers/{item}/{number}", tag = "governance",
    params(("id" = String, Path, description = "id"), ("item" = String, Path, description = "id of the item"),
        ("number" = String, Path, description = "its number")),
    responses((status = 200, description = "The file", content_type = "application/pdf", body = String)))]
pub async fn fetch(ctx: Ctx, path: Path<(String, String, String)>, method: Method, headers: HeaderMap) -> Result {
    pages::download(ctx, path, method, headers).await
}
