//! What was saved of a notice, and the way back.

use super::{NoticeNow, draft::Draft, now, steps::VersionIn};
use crate::{
    http::{
        Ctx, Error, Params, Result,
        api::{IfMatch, Listed, Paging, listed, read_or_empty},
    },
    notices::{staff::versions::bring_back, store, writing},
};
use axum::{
    Json,
    extract::{Path, Request},
    response::IntoResponse,
};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

/// A save.
#[derive(Debug, Serialize, ToSchema)]
pub struct NoticeVersion {
    /// The version that it made.
    pub version: i64,
    /// Name of who saved it.
    pub by: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// It saved itself.
    pub auto: bool,
}

/// What was saved of a notice, the newest first.
#[utoipa::path(get, tag = "notice-desk", path = "/api/v1/staff/notices/{id}/versions",
    params(("id" = String, Path, description = "Id"), Paging), responses((status = 200, body = Listed<NoticeVersion>)))]
pub async fn list(ctx: Ctx, Path(id): Path<String>, Params(paging): Params<Paging>) -> Result {
    writing::for_reading(&ctx, &id).await?;
    let (page, next) = paging.cut(store::versions::of(&ctx.app.db, &id).await?)?;
    let items = page
        .into_iter()
        .map(|one| NoticeVersion {
            at: Timestamp::from_microsecond(one.saved_at).unwrap_or_default(),
            auto: one.auto != 0,
            version: one.version,
            by: one.name,
        })
        .collect();
    Ok(listed(&ctx, items, next))
}

fn number(text: &str) -> Result<i64> {
    text.parse().map_err(|_| Error::NotFound)
}

/// The words of a version.
#[utoipa::path(get, tag = "notice-desk", path = "/api/v1/staff/notices/{id}/versions/{version}",
    params(("id" = String, Path, description = "Id"), ("version" = String, Path, description = "number of the version")),
    responses((status = 200, body = Draft)))]
pub async fn one(ctx: Ctx, Path((id, version)): Path<(String, String)>) -> Result {
    writing::for_reading(&ctx, &id).await?;
    let version = number(&version)?;
    let all = store::versions::of(&ctx.app.db, &id).await?;
    let found = all.iter().find(|one| one.version == version).ok_or(Error::NotFound)?;
    Ok(Json(Draft::of(found.form())).into_response())
}

/// Saves an earlier version anew: nothing that was written after it is lost.
#[utoipa::path(post, tag = "notice-desk", path = "/api/v1/staff/notices/{id}/versions/{version}/restore", request_body = Option<VersionIn>,
    params(("id" = String, Path, description = "Id"), ("version" = String, Path, description = "number of the version"),
        ("If-Match" = Option<String>, Header, description = "the version that the draft has now, as `ETag` says it")),
    responses((status = 200, body = NoticeNow), (status = 409, description = "it is no draft (any more), somebody else saved it, or places of that version are gone")))]
pub async fn restore(
    ctx: Ctx,
    if_match: IfMatch,
    Path((id, version)): Path<(String, String)>,
    request: Request,
) -> Result {
    let notice = writing::for_writing(&ctx, &id).await?;
    let wanted = number(&version)?;
    let body: VersionIn = read_or_empty(request).await?;
    let current = if_match.or(body.version)?.unwrap_or(notice.version);
    bring_back(&ctx, &id, wanted, current.to_string()).await.map_err(|error| match error {
        Error::Conflict("notice-conflict-changed") => if_match.blame(error),
        error => error,
    })?;
    Ok(Json(now(&ctx, &id).await?).into_response())
}
