//! Platforms through the API.

use crate::{
    http::{
        Ctx, Error, Result,
        api::{IfMatch, OnceKey, created, private, read, read_or_empty, versioned, wrong_fields},
    },
    matters::{
        outside,
        service::{self, PlatformForm, Refused},
        store::{instant, platforms::Platform},
    },
};
use app::people::Action;
use axum::{
    Json,
    extract::{Path, Request},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// An upper platform.
#[derive(Serialize, ToSchema)]
pub struct MatterPlatformOut {
    /// Id.
    pub id: String,
    /// Path of its organisation: who is there or below may send to it.
    pub path: String,
    /// Name.
    pub name: String,
    /// `webhook` or `open311`.
    pub way: &'static str,
    /// Where it is.
    pub url: String,
    /// Code of the service under which requests are filed; Open311 only.
    pub service: String,
    /// Jurisdiction; Open311 only.
    pub jurisdiction: String,
    /// It has a key for Open311, which is never shown.
    pub has_api_key: bool,
    /// Nothing is sent or taken.
    pub paused: bool,
    /// Messages that were given up.
    pub dead: i64,
    /// Where it sends its own messages.
    pub answers_to: String,
    /// The lock of its settings.
    pub version: i64,
}

fn item(ctx: &Ctx, platform: Platform) -> MatterPlatformOut {
    MatterPlatformOut {
        way: platform.way().code(),
        answers_to: outside::address(&ctx.app, &platform.id),
        has_api_key: !platform.api_key_sealed.is_empty(),
        paused: platform.paused == 1,
        id: platform.id,
        path: platform.path,
        name: platform.name,
        url: platform.url,
        service: platform.service,
        jurisdiction: platform.jurisdiction,
        dead: platform.dead,
        version: platform.version,
    }
}

/// The platforms of the reader's organisations.
#[utoipa::path(get, path = "/api/v1/staff/matters/platforms", tag = "net",
    responses((status = 200, body = Vec<MatterPlatformOut>)))]
pub async fn list(ctx: Ctx) -> Result {
    let all: Vec<MatterPlatformOut> =
        service::platforms(&ctx).await?.into_iter().map(|platform| item(&ctx, platform)).collect();
    Ok(Json(all).into_response())
}

async fn shown(ctx: &Ctx, id: &str) -> Result {
    let platform = service::platform(ctx, id).await?;
    Ok(versioned(platform.version, item(ctx, platform)))
}

/// One platform.
#[utoipa::path(get, path = "/api/v1/staff/matters/platforms/{id}", tag = "net",
    params(("id" = String, Path, description = "id")), responses((status = 200, body = MatterPlatformOut)))]
pub async fn one(ctx: Ctx, Path(id): Path<String>) -> Result {
    shown(&ctx, &id).await
}

/// A platform that is wanted.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(example = json!({"organisation": "lanxi", "name": "市级平台", "way": "webhook", "url": "https://hooks.example/matters"}))]
#[serde(default)]
pub struct MatterPlatformIn {
    /// Code of the organisation; stays as it is when a platform is changed.
    pub organisation: String,
    /// Name, at most 60 characters.
    pub name: String,
    /// `webhook` or `open311`; stays as it is when a platform is changed.
    pub way: String,
    /// Where it is: https, and no address of a local network. For Open311 the address before `/requests.json`.
    pub url: String,
    /// Key for Open311; empty: none, or the one before.
    pub api_key: String,
    /// Code of the service under which requests are filed; Open311 only.
    pub service: String,
    /// Jurisdiction; Open311 only.
    pub jurisdiction: String,
    /// The version that was looked at; `If-Match` says the same.
    pub version: Option<i64>,
}

impl MatterPlatformIn {
    fn form(self, key: String) -> PlatformForm {
        PlatformForm {
            organisation: self.organisation,
            name: self.name,
            way: self.way,
            url: self.url,
            api_key: self.api_key,
            service: self.service,
            jurisdiction: self.jurisdiction,
            key,
        }
    }
}

/// Secrets, shown this once.
#[derive(Serialize, ToSchema)]
pub struct MatterPlatformSecrets {
    /// Id of the platform.
    pub id: String,
    /// What our messages to it are signed with.
    pub out: String,
    /// What its messages to us are to be signed with.
    pub back: String,
}

fn refused(refused: Refused) -> Error {
    match refused {
        Refused::Invalid(errors) => wrong_fields(errors.into_map()),
        Refused::Again(_) => Error::Conflict("flash-matter-platform-again"),
        Refused::Other(error) => error,
    }
}

fn unkept(mut response: Response) -> Response {
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    response
}

/// Sets up a platform. Its secrets are shown in this answer only.
#[utoipa::path(post, path = "/api/v1/staff/matters/platforms", tag = "net",
    request_body = MatterPlatformIn,
    responses((status = 201, body = MatterPlatformSecrets), (status = 409, description = "this request has made one before")))]
pub async fn make(ctx: Ctx, once: OnceKey, request: Request) -> Result {
    ctx.actor()?.require_somewhere(Action::WebhookManage)?;
    let body: MatterPlatformIn = read(request).await?;
    let form = body.form(once.or(&ctx, None));
    let (id, (out, back)) = service::make(&ctx, &form).await.map_err(refused)?;
    let location = format!("/api/v1/staff/matters/platforms/{id}");
    Ok(unkept(created(&location, MatterPlatformSecrets { id, out, back })))
}

/// Changes name and address of a platform, and what only Open311 needs.
#[utoipa::path(post, path = "/api/v1/staff/matters/platforms/{id}", tag = "net",
    request_body = MatterPlatformIn,
    params(("id" = String, Path, description = "id"), ("If-Match" = Option<String>, Header, description = "the version, as `ETag` says it")),
    responses((status = 200, body = MatterPlatformOut)))]
pub async fn change(ctx: Ctx, if_match: IfMatch, Path(id): Path<String>, request: Request) -> Result {
    let platform = service::platform(&ctx, &id).await?;
    let body: MatterPlatformIn = read(request).await?;
    let version = if_match.or(body.version)?.unwrap_or(platform.version);
    match service::change(&ctx, &id, version, &body.form(String::new())).await {
        Ok(()) => shown(&ctx, &id).await,
        Err(error) => Err(if_match.blame(refused(error))),
    }
}

/// Whether a platform is to stand still.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(example = json!({"paused": true}))]
pub struct MatterPlatformPauseIn {
    /// Nothing is sent or taken.
    pub paused: bool,
}

/// Stops a platform, or lets it go on. What was held back meanwhile is sent again by hand.
#[utoipa::path(post, path = "/api/v1/staff/matters/platforms/{id}/pause", tag = "net",
    request_body = MatterPlatformPauseIn,
    params(("id" = String, Path, description = "id")), responses((status = 200, body = MatterPlatformOut)))]
pub async fn pause(ctx: Ctx, Path(id): Path<String>, request: Request) -> Result {
    service::platform(&ctx, &id).await?;
    let body: MatterPlatformPauseIn = read(request).await?;
    service::pause(&ctx, &id, body.paused).await?;
    shown(&ctx, &id).await
}

/// The version that is meant.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct MatterPlatformVersionIn {
    /// The version that was looked at; `If-Match` says the same.
    pub version: Option<i64>,
}

/// Gives a platform other secrets, shown in this answer only. The ones before are void at once.
#[utoipa::path(post, path = "/api/v1/staff/matters/platforms/{id}/rotate", tag = "net",
    request_body = Option<MatterPlatformVersionIn>,
    params(("id" = String, Path, description = "id"), ("If-Match" = Option<String>, Header, description = "the version, as `ETag` says it")),
    responses((status = 200, body = MatterPlatformSecrets)))]
pub async fn rotate(ctx: Ctx, if_match: IfMatch, Path(id): Path<String>, request: Request) -> Result {
    let platform = service::platform(&ctx, &id).await?;
    let body: MatterPlatformVersionIn = read_or_empty(request).await?;
    let version = if_match.or(body.version)?.unwrap_or(platform.version);
    let (out, back) = service::rotate(&ctx, &id, version).await.map_err(|error| if_match.blame(error))?;
    Ok(private(Json(MatterPlatformSecrets { id, out, back })))
}

/// Removes a platform. Its matters stay.
#[utoipa::path(delete, path = "/api/v1/staff/matters/platforms/{id}", tag = "net",
    params(("id" = String, Path, description = "id")), responses((status = 204, description = "It is gone")))]
pub async fn remove(ctx: Ctx, Path(id): Path<String>) -> Result {
    service::remove(&ctx, &id).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// A message to a platform.
#[derive(Serialize, ToSchema)]
pub struct MatterPlatformMessage {
    /// Id, the receiver's `webhook-id`.
    pub id: String,
    /// Number of the matter.
    pub number: String,
    /// Code of the step it tells; empty: the matter is sent.
    pub step: String,
    /// `queued`, `done`, `dead` or `held`.
    pub state: String,
    /// How often it was tried in this round.
    pub attempts: i64,
    /// Status of the last answer; 0: none came.
    pub status: i64,
    /// What went wrong last; may be empty.
    pub error: String,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub made_at: Timestamp,
    /// When it was last tried.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub tried_at: Option<Timestamp>,
}

/// The latest messages to a platform.
#[utoipa::path(get, path = "/api/v1/staff/matters/platforms/{id}/messages", tag = "net",
    params(("id" = String, Path, description = "id")), responses((status = 200, body = Vec<MatterPlatformMessage>)))]
pub async fn messages(ctx: Ctx, Path(id): Path<String>) -> Result {
    let platform = service::platform(&ctx, &id).await?;
    let all: Vec<MatterPlatformMessage> = service::log(&ctx, &platform)
        .await?
        .into_iter()
        .map(|row| MatterPlatformMessage {
            made_at: instant(row.created_at),
            tried_at: row.tried_at.map(instant),
            id: row.id,
            number: row.number,
            step: row.step,
            state: row.state,
            attempts: row.attempts,
            status: row.status,
            error: row.error,
        })
        .collect();
    Ok(Json(all).into_response())
}

/// Sends a message again that was given up or held back.
#[utoipa::path(post, path = "/api/v1/staff/matters/platforms/{id}/messages/{message}/again", tag = "net",
    params(("id" = String, Path, description = "id"), ("message" = String, Path, description = "id of the message")),
    responses((status = 204, description = "It is queued, or needs no other try"), (status = 409, description = "the platform stands still")))]
pub async fn again(ctx: Ctx, Path((id, message)): Path<(String, String)>) -> Result {
    service::again(&ctx, &id, &message).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
