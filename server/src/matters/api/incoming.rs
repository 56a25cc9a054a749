//! What platforms send.

use crate::{
    http::{Ctx, Error, Result, api::private, body},
    matters::outside::incoming::{self, MatterMessageIn},
};
use axum::{
    Json,
    extract::{Path, Request},
    http::StatusCode,
    response::IntoResponse,
};
use serde::Serialize;
use utoipa::ToSchema;

/// Longest message, in bytes.
const MOST: usize = 64 * 1024;

/// What became of a message.
#[derive(Serialize, ToSchema)]
pub struct MatterTaken {
    /// Our number of the matter.
    pub number: String,
    /// State, as it is now.
    pub state: &'static str,
    /// Grows with every step.
    pub version: i64,
}

/// Takes a message of an upper platform: a matter that it hands down, or a step in one. It is signed as Standard Webhooks has
/// it, with the secret that was made for its messages: `webhook-id`, `webhook-timestamp` (not older than five minutes) and
/// `webhook-signature`, HMAC-SHA-256 of `id.timestamp.body`. The same `webhook-id` is refused the second time; the same
/// `reference` is the same matter.
#[utoipa::path(post, path = "/api/v1/matters/platform/{id}/events", tag = "net", request_body = MatterMessageIn,
    params(("id" = String, Path, description = "id of the platform"),
        ("webhook-id" = String, Header, description = "id of the message"),
        ("webhook-timestamp" = i64, Header, description = "seconds since 1970"),
        ("webhook-signature" = String, Header, description = "`v1,` and the signature in base64")),
    responses((status = 200, body = MatterTaken), (status = 201, description = "a new matter", body = MatterTaken),
        (status = 403, description = "the signature is wrong, missing or too old"),
        (status = 409, description = "taken before, not possible now, or the platform stands still")))]
pub async fn receive(ctx: Ctx, Path(id): Path<String>, request: Request) -> Result {
    let (parts, body) = request.into_parts();
    let json = parts.headers.get("content-type").and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !json.to_ascii_lowercase().starts_with("application/json") {
        // Whoever cannot sign learns nothing of what could be sent.
        return Err(Error::Forbidden);
    }
    let body = body::read(body, MOST).await?;
    let taken = incoming::receive(&ctx, &id, &parts.headers, &body).await?;
    let told = MatterTaken {
        number: taken.matter.number.clone(),
        state: taken.matter.state().code(),
        version: taken.matter.version,
    };
    let status = if taken.new { StatusCode::CREATED } else { StatusCode::OK };
    Ok(private((status, Json(told)).into_response()))
}
