//! What is done with a notice: written, looked at by a second person, sent, corrected, taken back, thrown away.

use super::{NoticeNow, draft::Draft, now, refused};
use crate::{
    http::{
        Ctx, Error, FieldProblem, Result,
        api::{IfMatch, OnceKey, created, read, read_or_empty},
    },
    notices::{
        changing, review,
        writing::{self, Sent},
    },
};
use app::people::Action;
use axum::{
    Json,
    extract::{Path, Request},
    http::StatusCode,
    response::IntoResponse,
};
use serde::Deserialize;
use utoipa::ToSchema;

/// Writes a new draft.
#[utoipa::path(post, tag = "notice-desk", path = "/api/v1/staff/notices", request_body = Draft,
    responses((status = 201, body = NoticeNow)))]
pub async fn create(ctx: Ctx, once: OnceKey, request: Request) -> Result {
    ctx.actor()?.require_somewhere(Action::NoticeWrite)?;
    let draft: Draft = read(request).await?;
    match writing::create(&ctx, &draft.form(once.or(&ctx, None), None)).await {
        Ok(id) => Ok(created(&format!("/api/v1/staff/notices/{id}"), now(&ctx, &id).await?)),
        Err(error) => refused(&ctx, error, IfMatch::Any),
    }
}

/// Overwrites a draft that nobody else has changed meanwhile.
#[utoipa::path(post, tag = "notice-desk", path = "/api/v1/staff/notices/{id}", request_body = Draft,
    params(("id" = String, Path, description = "Id"), ("If-Match" = Option<String>, Header, description = "the version, as `ETag` says it")),
    responses((status = 200, body = NoticeNow), (status = 409, description = "it is no draft (any more), or somebody else saved it; with `version`")))]
pub async fn save(ctx: Ctx, if_match: IfMatch, Path(id): Path<String>, request: Request) -> Result {
    writing::for_writing(&ctx, &id).await?;
    let draft: Draft = read(request).await?;
    let version = if_match.or(draft.version)?;
    match writing::save(&ctx, &id, &draft.form(String::new(), version)).await {
        Ok(_) => Ok(Json(now(&ctx, &id).await?).into_response()),
        Err(error) => refused(&ctx, error, if_match),
    }
}

/// The version that is meant.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct VersionIn {
    /// The version that was looked at; `If-Match` says the same.
    pub version: Option<i64>,
}

async fn sent(ctx: &Ctx, id: &str, sent: Sent) -> Result {
    match sent {
        Sent::Lacking(missing) => {
            let fields = missing.iter().map(|missing| FieldProblem::of(missing.field(), ctx.w.t(missing.key())));
            Err(Error::Fields(fields.collect()))
        }
        Sent::Out | Sent::Scheduled | Sent::Asked => Ok(Json(now(ctx, id).await?).into_response()),
    }
}

async fn version(ctx: &Ctx, id: &str, if_match: IfMatch, request: Request) -> Result<String> {
    let body: VersionIn = read_or_empty(request).await?;
    let version = match if_match.or(body.version)? {
        Some(version) => version,
        None => writing::for_reading(ctx, id).await?.version,
    };
    Ok(version.to_string())
}

/// Publishes a draft: it goes out now or at its time, or a second person is asked where the organisation wants that.
#[utoipa::path(post, tag = "notice-desk", path = "/api/v1/staff/notices/{id}/publish", request_body = Option<VersionIn>,
    params(("id" = String, Path, description = "Id"), ("If-Match" = Option<String>, Header, description = "the version, as `ETag` says it")),
    responses((status = 200, body = NoticeNow), (status = 422, description = "something is wanting")))]
pub async fn publish(ctx: Ctx, if_match: IfMatch, Path(id): Path<String>, request: Request) -> Result {
    writing::for_writing(&ctx, &id).await?;
    let version = version(&ctx, &id, if_match, request).await?;
    let done = writing::publish(&ctx, &id, &version).await?;
    sent(&ctx, &id, done).await
}

/// Approves what a colleague wrote, in the version that was looked at.
#[utoipa::path(post, tag = "notice-desk", path = "/api/v1/staff/notices/{id}/approve", request_body = Option<VersionIn>,
    params(("id" = String, Path, description = "Id"), ("If-Match" = Option<String>, Header, description = "the version, as `ETag` says it")),
    responses((status = 200, body = NoticeNow), (status = 409, description = "one's own words, another version, or it is not in review")))]
pub async fn approve(ctx: Ctx, if_match: IfMatch, Path(id): Path<String>, request: Request) -> Result {
    review::for_review(&ctx, &id).await?;
    let version = version(&ctx, &id, if_match, request).await?;
    let done = review::approve(&ctx, &id, &version).await?;
    sent(&ctx, &id, done).await
}

/// A reason.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(example = json!({"reason": "时间写错了"}))]
#[serde(default)]
pub struct ReasonIn {
    /// In plain words.
    pub reason: String,
}

/// Gives a notice in review back to its author.
#[utoipa::path(post, tag = "notice-desk", path = "/api/v1/staff/notices/{id}/return", request_body = ReasonIn,
    params(("id" = String, Path, description = "Id")), responses((status = 200, body = NoticeNow)))]
pub async fn give_back(ctx: Ctx, Path(id): Path<String>, request: Request) -> Result {
    review::for_review(&ctx, &id).await?;
    let body: ReasonIn = read(request).await?;
    match review::give_back(&ctx, &id, &body.reason).await {
        Ok(()) => Ok(Json(now(&ctx, &id).await?).into_response()),
        Err(error) => refused(&ctx, error, IfMatch::Any),
    }
}

/// Begins a correction of a notice that is out: a new draft with its words.
#[utoipa::path(post, tag = "notice-desk", path = "/api/v1/staff/notices/{id}/correct",
    params(("id" = String, Path, description = "Id")),
    responses((status = 201, body = NoticeNow), (status = 409, description = "it is not out, or was taken back or corrected already")))]
pub async fn correct(ctx: Ctx, once: OnceKey, Path(id): Path<String>) -> Result {
    let draft = changing::correct(&ctx, &id, &once.or(&ctx, None)).await?;
    Ok(created(&format!("/api/v1/staff/notices/{draft}"), now(&ctx, &draft).await?))
}

/// Takes a notice that is out back, by a new one that says why.
#[utoipa::path(post, tag = "notice-desk", path = "/api/v1/staff/notices/{id}/withdraw", request_body = ReasonIn,
    params(("id" = String, Path, description = "Id")), responses((status = 200, body = NoticeNow)))]
pub async fn withdraw(ctx: Ctx, Path(id): Path<String>, request: Request) -> Result {
    writing::for_writing(&ctx, &id).await?;
    let body: ReasonIn = read(request).await?;
    match changing::withdraw(&ctx, &id, &body.reason).await {
        Ok(_) => Ok(Json(now(&ctx, &id).await?).into_response()),
        Err(error) => refused(&ctx, error, IfMatch::Any),
    }
}

/// Takes a notice that waits for its time back to the drafts.
#[utoipa::path(post, tag = "notice-desk", path = "/api/v1/staff/notices/{id}/unschedule",
    params(("id" = String, Path, description = "Id")), responses((status = 200, body = NoticeNow)))]
pub async fn unschedule(ctx: Ctx, Path(id): Path<String>) -> Result {
    writing::unschedule(&ctx, &id).await?;
    Ok(Json(now(&ctx, &id).await?).into_response())
}

/// Throws a draft away.
#[utoipa::path(delete, tag = "notice-desk", path = "/api/v1/staff/notices/{id}", params(("id" = String, Path, description = "Id")),
    responses((status = 204, description = "Gone")))]
pub async fn discard(ctx: Ctx, Path(id): Path<String>) -> Result {
    writing::discard(&ctx, &id).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Takes one's notice out of review again, to go on writing.
#[utoipa::path(post, tag = "notice-desk", path = "/api/v1/staff/notices/{id}/call-back",
    params(("id" = String, Path, description = "Id")),
    responses((status = 200, body = NoticeNow), (status = 409, description = "it is not in review (any more)")))]
pub async fn call_back(ctx: Ctx, Path(id): Path<String>) -> Result {
    review::call_back(&ctx, &id).await?;
    Ok(Json(now(&ctx, &id).await?).into_response())
}
