//! Webhooks through the API.

use super::{
    service::{self, Form, Refused},
    store::Webhook,
};
use crate::http::{
    Ctx, Error, Result,
    api::{IfMatch, OnceKey, created, private, read, read_or_empty, versioned, wrong_fields},
};
use app::{people::Action, places::webhook::events};
use axum::{
    Json,
    extract::{Path, Request},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

fn instant(micros: i64) -> Timestamp {
    Timestamp::from_microsecond(micros).unwrap_or_default()
}

/// A webhook.
#[derive(Serialize, ToSchema)]
pub struct WebhookItem {
    /// Id.
    pub id: String,
    /// Path of its organisation: it is told of what happens there and below.
    pub path: String,
    /// Name of the organisation in the reader's language.
    pub place: String,
    /// Where messages go.
    pub url: String,
    /// Codes of the events that it is told of.
    pub events: Vec<&'static str>,
    /// Nothing is sent.
    pub paused: bool,
    /// Messages that were given up.
    pub dead: i64,
    /// The lock of its settings.
    pub version: i64,
    /// After a rotation: until then the secret before signs as well.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub old_secret_until: Option<Timestamp>,
}

fn item(ctx: &Ctx, webhook: Webhook) -> WebhookItem {
    WebhookItem {
        place: ctx.w.pick(&webhook.name, &webhook.name_en).to_owned(),
        events: events(&webhook.events).into_iter().map(|event| event.code()).collect(),
        paused: webhook.paused == 1,
        old_secret_until: (webhook.old_until > ctx.now.as_microsecond()).then(|| instant(webhook.old_until)),
        id: webhook.id,
        path: webhook.path,
        url: webhook.url,
        dead: webhook.dead,
        version: webhook.version,
    }
}

/// The webhooks of the reader's organisations.
#[utoipa::path(get, path = "/api/v1/staff/webhooks", tag = "administration", responses((status = 200, body = Vec<WebhookItem>)))]
pub async fn list(ctx: Ctx) -> Result {
    let all: Vec<WebhookItem> = service::list(&ctx).await?.into_iter().map(|webhook| item(&ctx, webhook)).collect();
    Ok(Json(all).into_response())
}

async fn shown(ctx: &Ctx, id: &str) -> Result {
    let webhook = service::one(ctx, id).await?;
    Ok(versioned(webhook.version, item(ctx, webhook)))
}

/// One webhook.
#[utoipa::path(get, path = "/api/v1/staff/webhooks/{id}", tag = "administration", params(("id" = String, Path, description = "id")),
    responses((status = 200, body = WebhookItem)))]
pub async fn one(ctx: Ctx, Path(id): Path<String>) -> Result {
    shown(&ctx, &id).await
}

/// A webhook that is wanted.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(example = json!({"organisation": "wutong", "url": "https://hooks.example/linli", "events": ["report.filed"]}))]
#[serde(default)]
pub struct WebhookIn {
    /// Code of the organisation; stays as it is when a webhook is changed.
    pub organisation: String,
    /// Where messages are to go: https, and no address of a local network.
    pub url: String,
    /// Codes of events.
    pub events: Vec<String>,
    /// The version that was looked at; `If-Match` says the same.
    pub version: Option<i64>,
}

/// A secret, shown this once.
#[derive(Serialize, ToSchema)]
pub struct WebhookSecret {
    /// Id of the webhook.
    pub id: String,
    /// What its messages are signed with. It is not shown again.
    pub secret: String,
}

fn refused(refused: Refused) -> Error {
    match refused {
        Refused::Invalid(errors) => wrong_fields(errors.into_map()),
        Refused::Again => Error::Conflict("flash-webhook-again"),
        Refused::Other(error) => error,
    }
}

fn unkept(mut response: Response) -> Response {
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    response
}

/// Makes a webhook. Its secret is shown in this answer only.
#[utoipa::path(post, path = "/api/v1/staff/webhooks", tag = "administration", request_body = WebhookIn,
    responses((status = 201, body = WebhookSecret), (status = 409, description = "this request has made one before")))]
pub async fn make(ctx: Ctx, once: OnceKey, request: Request) -> Result {
    ctx.actor()?.require_somewhere(Action::WebhookManage)?;
    let body: WebhookIn = read(request).await?;
    let form = Form { organisation: body.organisation, url: body.url, events: body.events, key: once.or(&ctx, None) };
    let (id, secret) = service::make(&ctx, &form).await.map_err(refused)?;
    Ok(unkept(created(&format!("/api/v1/staff/webhooks/{id}"), WebhookSecret { id: id.clone(), secret })))
}

/// Changes address and events of a webhook.
#[utoipa::path(post, path = "/api/v1/staff/webhooks/{id}", tag = "administration", request_body = WebhookIn,
    params(("id" = String, Path, description = "id"), ("If-Match" = Option<String>, Header, description = "the version, as `ETag` says it")),
    responses((status = 200, body = WebhookItem)))]
pub async fn change(ctx: Ctx, if_match: IfMatch, Path(id): Path<String>, request: Request) -> Result {
    let webhook = service::one(&ctx, &id).await?;
    let body: WebhookIn = read(request).await?;
    let version = if_match.or(body.version)?.unwrap_or(webhook.version);
    let form = Form { url: body.url, events: body.events, ..Form::default() };
    match service::change(&ctx, &id, version, &form).await {
        Ok(()) | Err(Refused::Again) => shown(&ctx, &id).await,
        Err(error) => Err(if_match.blame(refused(error))),
    }
}

/// Whether a webhook is to stand still.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(example = json!({"paused": true}))]
pub struct PauseIn {
    /// Nothing is sent.
    pub paused: bool,
}

/// Stops a webhook, or lets it go on. What happens while it stands still is not told later.
#[utoipa::path(post, path = "/api/v1/staff/webhooks/{id}/pause", tag = "administration", request_body = PauseIn,
    params(("id" = String, Path, description = "id")), responses((status = 200, body = WebhookItem)))]
pub async fn pause(ctx: Ctx, Path(id): Path<String>, request: Request) -> Result {
    service::one(&ctx, &id).await?;
    let body: PauseIn = read(request).await?;
    service::pause(&ctx, &id, body.paused).await?;
    shown(&ctx, &id).await
}

/// The version that is meant.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct WebhookVersionIn {
    /// The version that was looked at; `If-Match` says the same.
    pub version: Option<i64>,
}

/// Gives a webhook another secret, shown in this answer only. The one before signs as well for a day.
#[utoipa::path(post, path = "/api/v1/staff/webhooks/{id}/rotate", tag = "administration", request_body = Option<WebhookVersionIn>,
    params(("id" = String, Path, description = "id"), ("If-Match" = Option<String>, Header, description = "the version, as `ETag` says it")),
    responses((status = 200, body = WebhookSecret)))]
pub async fn rotate(ctx: Ctx, if_match: IfMatch, Path(id): Path<String>, request: Request) -> Result {
    let webhook = service::one(&ctx, &id).await?;
    let body: WebhookVersionIn = read_or_empty(request).await?;
    let version = if_match.or(body.version)?.unwrap_or(webhook.version);
    let secret = service::rotate(&ctx, &id, version).await.map_err(|error| if_match.blame(error))?;
    Ok(private(Json(WebhookSecret { id, secret })))
}

/// Removes a webhook.
#[utoipa::path(delete, path = "/api/v1/staff/webhooks/{id}", tag = "administration", params(("id" = String, Path, description = "id")),
    responses((status = 204, description = "It is gone")))]
pub async fn remove(ctx: Ctx, Path(id): Path<String>) -> Result {
    service::remove(&ctx, &id).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Sends a message that says nothing, to try the address.
#[utoipa::path(post, path = "/api/v1/staff/webhooks/{id}/test", tag = "administration", params(("id" = String, Path, description = "id")),
    responses((status = 204, description = "It is queued"), (status = 409, description = "the webhook stands still")))]
pub async fn test(ctx: Ctx, Path(id): Path<String>) -> Result {
    service::test(&ctx, &id).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// A message of a webhook.
#[derive(Serialize, ToSchema)]
pub struct WebhookDelivery {
    /// Id, the receiver's `webhook-id`.
    pub id: String,
    /// Code of the event.
    pub event: String,
    /// `queued`, `done`, `dead` or `held`.
    pub state: String,
    /// How often it was tried in this round.
    pub attempts: i64,
    /// Status of the last answer; 0: none came.
    pub status: i64,
    /// How long the last try took, in milliseconds.
    pub millis: i64,
    /// What went wrong last; may be empty.
    pub error: String,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub made_at: Timestamp,
    /// When it was last tried.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub tried_at: Option<Timestamp>,
}

/// The latest messages of a webhook.
#[utoipa::path(get, path = "/api/v1/staff/webhooks/{id}/deliveries", tag = "administration",
    params(("id" = String, Path, description = "id")), responses((status = 200, body = Vec<WebhookDelivery>)))]
pub async fn deliveries(ctx: Ctx, Path(id): Path<String>) -> Result {
    let webhook = service::one(&ctx, &id).await?;
    let all: Vec<WebhookDelivery> = service::log(&ctx, &webhook)
        .await?
        .into_iter()
        .map(|row| WebhookDelivery {
            made_at: instant(row.created_at),
            tried_at: row.tried_at.map(instant),
            id: row.id,
            event: row.event,
            state: row.state,
            attempts: row.attempts,
            status: row.status,
            millis: row.millis,
            error: row.error,
        })
        .collect();
    Ok(Json(all).into_response())
}

/// Sends a message again that was given up, held back or sent already.
#[utoipa::path(post, path = "/api/v1/staff/webhooks/{id}/deliveries/{delivery}/again", tag = "administration",
    params(("id" = String, Path, description = "id"), ("delivery" = String, Path, description = "id of the message")),
    responses((status = 204, description = "It is queued, or under way already"), (status = 409, description = "the webhook stands still")))]
pub async fn again(ctx: Ctx, Path((id, delivery)): Path<(String, String)>) -> Result {
    service::again(&ctx, &id, &delivery).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
