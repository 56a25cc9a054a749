//! Archives of communities through the API.

use super::{routes, runs};
use crate::{
    http::{
        Ctx, Result,
        api::{OnceKey, created, read, wrong_fields},
    },
    places,
};
use app::people::Action;
use axum::{
    Json,
    extract::{Path, Request},
    response::IntoResponse,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// An archive.
#[derive(Serialize, ToSchema)]
pub struct ArchiveItem {
    /// Id.
    pub id: String,
    /// Code of the community.
    pub community: String,
    /// Name of who asked for it.
    pub by: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub asked_at: Timestamp,
    /// With telephone numbers and mail addresses.
    pub contacts: bool,
    /// `waiting`, `done` (it can be fetched) or `gone`.
    pub state: String,
    /// Size of the file.
    pub bytes: i64,
}

/// The latest archives within the reader's scope.
#[utoipa::path(get, path = "/api/v1/staff/archives", tag = "administration", responses((status = 200, body = Vec<ArchiveItem>)))]
pub async fn list(ctx: Ctx) -> Result {
    let all: Vec<ArchiveItem> = runs::list(&ctx)
        .await?
        .into_iter()
        .map(|run| ArchiveItem {
            asked_at: Timestamp::from_microsecond(run.created_at).unwrap_or_default(),
            id: run.id,
            community: run.code,
            by: run.who,
            contacts: run.contacts == 1,
            state: run.state,
            bytes: run.bytes,
        })
        .collect();
    Ok(Json(all).into_response())
}

/// Which community.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(example = json!({"community": "wutong", "contacts": false}))]
#[serde(default)]
pub struct ArchiveIn {
    /// Its code.
    pub community: String,
    /// With telephone numbers and mail addresses.
    pub contacts: bool,
}

/// An archive that was asked for.
#[derive(Serialize, ToSchema)]
pub struct ArchiveAsked {
    /// Its id.
    pub id: String,
}

/// Asks for everything of a community as one file. A job makes it; it can be fetched for some days.
#[utoipa::path(post, path = "/api/v1/staff/archives", tag = "administration", request_body = ArchiveIn,
    responses((status = 201, body = ArchiveAsked)))]
pub async fn ask(ctx: Ctx, once: OnceKey, request: Request) -> Result {
    ctx.actor()?.require_somewhere(Action::DataArchive)?;
    let body: ArchiveIn = read(request).await?;
    let Some(community) = places::store::community_by_code(&ctx.app.db, &body.community).await? else {
        return Err(wrong_fields([("community", "there is no such community".to_owned())]));
    };
    let id = once.id(&ctx);
    runs::ask(&ctx, &community, body.contacts, &id).await?;
    Ok(created(&format!("/api/v1/staff/archives/{id}/linli.zip"), ArchiveAsked { id }))
}

/// Fetches an archive. Every fetch is in the audit log.
#[utoipa::path(get, path = "/api/v1/staff/archives/{id}/linli.zip", tag = "administration", params(("id" = String, Path, description = "id")),
    responses((status = 200, description = "The file", content_type = "application/zip", body = String),
        (status = 404, description = "none, not made yet, or gone")))]
pub async fn fetch(ctx: Ctx, Path(id): Path<String>) -> Result {
    routes::fetched(&ctx, &id).await
}
