//! The JSON API of this room.

use super::{
    publish,
    service::{self, Form, Refused},
    store::{Row, Stored, Texts},
};
use crate::http::{
    Access, Ctx, Error, FieldProblem, Params, Result, Routes,
    api::{IfMatch, Listed, OnceKey, Paging, created, listed, read, read_or_empty, versioned, wrong_fields},
};
use app::people::Action;
use axum::{
    Json,
    extract::{Path, Request},
    http::StatusCode,
    response::IntoResponse,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};

/// The description of this room's operations.
#[derive(OpenApi)]
#[openapi(paths(list, make, one, change, remove, figures, send, reopen, correct, public))]
pub struct Doc;

/// The routes under `/api/v1`.
pub fn routes() -> Routes {
    let read = Access::Needs(Action::NetRead);
    let write = Access::Needs(Action::BulletinWrite);
    Routes::new()
        .get("/api/v1/staff/bulletins", read, list)
        .post("/api/v1/staff/bulletins", write, make)
        .get("/api/v1/staff/bulletins/{id}", read, one)
        .post("/api/v1/staff/bulletins/{id}", write, change)
        .delete("/api/v1/staff/bulletins/{id}", write, remove)
        .post("/api/v1/staff/bulletins/{id}/figures", write, figures)
        .post("/api/v1/staff/bulletins/{id}/publish", write, send)
        .post("/api/v1/staff/bulletins/{id}/reopen", write, reopen)
        .post("/api/v1/staff/bulletins/{id}/correct", write, correct)
        .get("/api/v1/bulletins/{id}", Access::Public, public)
}

/// A bulletin in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct BulletinItem {
    /// Id.
    pub id: String,
    /// Code of its organisation.
    pub place: String,
    /// `week` or `month`.
    pub kind: String,
    /// First day.
    pub from: String,
    /// Last day.
    pub to: String,
    /// Title in the reader's language.
    pub title: String,
    /// `draft`, `review`, `returned`, `published` or `withdrawn`.
    pub state: &'static str,
    /// The lock of its text.
    pub version: i64,
}

fn item(ctx: &Ctx, row: Row) -> BulletinItem {
    BulletinItem {
        title: ctx.w.pick(&row.title, &row.title_en).to_owned(),
        state: row.state().code(),
        id: row.id,
        place: row.code,
        kind: row.kind,
        from: row.first_day,
        to: row.last_day,
        version: row.version,
    }
}

/// A bulletin.
#[derive(Debug, Serialize, ToSchema)]
pub struct BulletinOut {
    /// Id.
    pub id: String,
    /// Code of its organisation.
    pub place: String,
    /// `week` or `month`.
    pub kind: String,
    /// First day.
    pub from: String,
    /// Last day.
    pub to: String,
    /// Title.
    pub title: String,
    /// English title, may be empty.
    pub title_en: String,
    /// Markdown.
    pub body: String,
    /// English Markdown, may be empty.
    pub body_en: String,
    /// `draft`, `review`, `returned`, `published` or `withdrawn`.
    pub state: &'static str,
    /// The lock of its text.
    pub version: i64,
    /// When its numbers were counted.
    #[schema(value_type = String, format = DateTime)]
    pub counted_at: Timestamp,
    /// Its numbers with their definitions: `now` and `before`, `parts`, `categories`, `course`, `improved`, `hard`.
    #[schema(value_type = Object)]
    pub figures: serde_json::Value,
    /// Its notice.
    pub notice: Option<String>,
    /// The bulletin that it corrects.
    pub corrects: Option<String>,
}

/// `codes`: for staff, with the codes of hard cases.
fn out(found: Stored, codes: bool) -> Result<BulletinOut> {
    let mut bulletin = found.bulletin()?;
    if !codes {
        for hard in &mut bulletin.hard {
            hard.code.clear();
        }
    }
    Ok(BulletinOut {
        state: found.state().code(),
        counted_at: Timestamp::from_microsecond(found.counted_at).unwrap_or_default(),
        figures: serde_json::to_value(bulletin).map_err(anyhow::Error::new)?,
        id: found.id,
        place: found.code,
        kind: found.kind,
        from: found.first_day,
        to: found.last_day,
        title: found.title,
        title_en: found.title_en,
        body: found.body,
        body_en: found.body_en,
        version: found.version,
        notice: found.notice_id,
        corrects: found.corrects_id,
    })
}

fn refused(refused: Refused) -> Error {
    match refused {
        Refused::Invalid(errors) => wrong_fields(errors.into_map()),
        Refused::Stale(_) => Error::Conflict("bulletins-conflict-changed"),
        Refused::Lacking(what) => Error::Fields(vec![FieldProblem::of("body", what)]),
        Refused::Other(error) => error,
    }
}

async fn shown(ctx: &Ctx, id: &str) -> Result {
    let found = service::one(ctx, id).await?;
    Ok(versioned(found.version, out(found, true)?))
}

/// Bulletins of the reader's places, the latest period first.
#[utoipa::path(get, path = "/api/v1/staff/bulletins", tag = "net", params(Paging), responses((status = 200, body = Listed<BulletinItem>)))]
pub async fn list(ctx: Ctx, Params(paging): Params<Paging>) -> Result {
    let all: Vec<BulletinItem> = service::list(&ctx).await?.into_iter().map(|row| item(&ctx, row)).collect();
    let (page, after) = paging.cut(all)?;
    Ok(listed(&ctx, page, after))
}

/// A bulletin that is wanted.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(example = json!({"organisation": "wutong", "period": "2026-W47"}))]
#[serde(default)]
pub struct BulletinIn {
    /// Code of the district, subdistrict or community.
    pub organisation: String,
    /// A week (`2026-W47`, ISO 8601) or month (`2026-10`) that is over.
    pub period: String,
}

/// Counts a week or month and writes a draft from it.
#[utoipa::path(post, path = "/api/v1/staff/bulletins", tag = "net", request_body = BulletinIn,
    responses((status = 201, body = BulletinOut)))]
pub async fn make(ctx: Ctx, once: OnceKey, request: Request) -> Result {
    ctx.actor()?.require_somewhere(Action::BulletinWrite)?;
    let body: BulletinIn = read(request).await?;
    let form = Form { organisation: body.organisation, period: body.period, key: once.or(&ctx, None) };
    let id = service::make(&ctx, &form).await.map_err(refused)?;
    let found = service::one(&ctx, &id).await?;
    Ok(created(&format!("/api/v1/staff/bulletins/{id}"), out(found, true)?))
}

/// A bulletin in any state.
#[utoipa::path(get, path = "/api/v1/staff/bulletins/{id}", tag = "net", params(("id" = String, Path, description = "id")),
    responses((status = 200, body = BulletinOut)))]
pub async fn one(ctx: Ctx, Path(id): Path<String>) -> Result {
    shown(&ctx, &id).await
}

/// The text of a bulletin; what is missing stays as it is.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(example = json!({"title": "梧桐社区第 47 周治理简报", "body": "## 总体情况\n\n……"}))]
#[serde(default)]
pub struct BulletinText {
    /// Title.
    pub title: Option<String>,
    /// English title.
    pub title_en: Option<String>,
    /// Markdown.
    pub body: Option<String>,
    /// English Markdown.
    pub body_en: Option<String>,
    /// The version that was looked at; `If-Match` says the same.
    pub version: Option<i64>,
}

/// Changes the text of a draft.
#[utoipa::path(post, path = "/api/v1/staff/bulletins/{id}", tag = "net", request_body = BulletinText,
    params(("id" = String, Path, description = "id"), ("If-Match" = Option<String>, Header, description = "the version, as `ETag` says it")),
    responses((status = 200, body = BulletinOut), (status = 409, description = "it is fixed, or somebody else changed it")))]
pub async fn change(ctx: Ctx, if_match: IfMatch, Path(id): Path<String>, request: Request) -> Result {
    let found = service::for_writing(&ctx, &id).await?;
    let body: BulletinText = read(request).await?;
    let version = if_match.or(body.version)?.unwrap_or(found.version);
    let texts = Texts {
        title: body.title.unwrap_or(found.title),
        title_en: body.title_en.unwrap_or(found.title_en),
        body: body.body.unwrap_or(found.body),
        body_en: body.body_en.unwrap_or(found.body_en),
    };
    service::save(&ctx, &id, version, &texts).await.map_err(|error| if_match.blame(refused(error)))?;
    shown(&ctx, &id).await
}

/// Throws a draft away.
#[utoipa::path(delete, path = "/api/v1/staff/bulletins/{id}", tag = "net",
    params(("id" = String, Path, description = "id"), ("If-Match" = Option<String>, Header, description = "the version, as `ETag` says it")),
    responses((status = 204, description = "It is gone"), (status = 409, description = "it is fixed")))]
pub async fn remove(ctx: Ctx, if_match: IfMatch, Path(id): Path<String>) -> Result {
    let found = service::for_writing(&ctx, &id).await?;
    let version = if_match.or(None)?.unwrap_or(found.version);
    service::discard(&ctx, &id, version).await.map_err(|error| if_match.blame(refused(error)))?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// How a draft is to be counted anew.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct BulletinAnew {
    /// The template writes the text again as well: what was written is lost.
    pub text: bool,
    /// The version that was looked at; `If-Match` says the same.
    pub version: Option<i64>,
}

/// Counts a draft anew.
#[utoipa::path(post, path = "/api/v1/staff/bulletins/{id}/figures", tag = "net", request_body = Option<BulletinAnew>,
    params(("id" = String, Path, description = "id"), ("If-Match" = Option<String>, Header, description = "the version, as `ETag` says it")),
    responses((status = 200, body = BulletinOut), (status = 409, description = "it is fixed, or somebody else changed it")))]
pub async fn figures(ctx: Ctx, if_match: IfMatch, Path(id): Path<String>, request: Request) -> Result {
    let found = service::for_writing(&ctx, &id).await?;
    let body: BulletinAnew = read_or_empty(request).await?;
    let version = if_match.or(body.version)?.unwrap_or(found.version);
    service::anew(&ctx, &id, version, body.text).await.map_err(|error| if_match.blame(refused(error)))?;
    shown(&ctx, &id).await
}

/// The version that is meant.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct BulletinVersion {
    /// The version that was looked at; `If-Match` says the same.
    pub version: Option<i64>,
}

/// Publishes a bulletin as a notice of its organisation, or puts that before a second person where notices are reviewed. Twice is
/// once.
#[utoipa::path(post, path = "/api/v1/staff/bulletins/{id}/publish", tag = "net", request_body = Option<BulletinVersion>,
    params(("id" = String, Path, description = "id"), ("If-Match" = Option<String>, Header, description = "the version, as `ETag` says it")),
    responses((status = 200, body = BulletinOut), (status = 409, description = "somebody else changed it"),
    (status = 422, description = "something is missing")))]
pub async fn send(ctx: Ctx, if_match: IfMatch, Path(id): Path<String>, request: Request) -> Result {
    let found = service::for_writing(&ctx, &id).await?;
    let body: BulletinVersion = read_or_empty(request).await?;
    let version = if_match.or(body.version)?.unwrap_or(found.version);
    publish::publish(&ctx, &id, version).await.map_err(|error| if_match.blame(refused(error)))?;
    shown(&ctx, &id).await
}

/// Takes a bulletin back whose notice was given back or called back from review: it may be changed again.
#[utoipa::path(post, path = "/api/v1/staff/bulletins/{id}/reopen", tag = "net", params(("id" = String, Path, description = "id")),
    responses((status = 200, body = BulletinOut), (status = 409, description = "it is out, or in review")))]
pub async fn reopen(ctx: Ctx, Path(id): Path<String>) -> Result {
    publish::reopen(&ctx, &id).await?;
    shown(&ctx, &id).await
}

/// Begins a correction of a published bulletin: a new draft that refers to it.
#[utoipa::path(post, path = "/api/v1/staff/bulletins/{id}/correct", tag = "net", params(("id" = String, Path, description = "id")),
    responses((status = 201, body = BulletinOut), (status = 409, description = "it is not out, or was corrected already")))]
pub async fn correct(ctx: Ctx, once: OnceKey, Path(id): Path<String>) -> Result {
    let new = publish::correct(&ctx, &id, &once.or(&ctx, None)).await?;
    let found = service::one(&ctx, &new).await?;
    Ok(created(&format!("/api/v1/staff/bulletins/{new}"), out(found, true)?))
}

/// A published bulletin.
#[utoipa::path(get, path = "/api/v1/bulletins/{id}", tag = "net", params(("id" = String, Path, description = "id")),
    responses((status = 200, body = BulletinOut), (status = 404, description = "there is none, or it is not out")))]
pub async fn public(ctx: Ctx, Path(id): Path<String>) -> Result {
    let found = service::published(&ctx, &id).await?;
    Ok(Json(out(found, false)?).into_response())
}
