//! One's own inbox through the API.

use crate::{
    http::{Ctx, Result},
    people::service::mine,
};
use axum::{Json, http::header, response::IntoResponse};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

/// A message.
#[derive(Serialize, ToSchema)]
pub struct InboxItem {
    /// Id.
    pub id: String,
    /// Text in the reader's language.
    pub text: String,
    /// Path it leads to.
    pub href: String,
    /// When it was sent.
    #[schema(value_type = String, format = DateTime)]
    pub sent_at: Timestamp,
    /// Whether it was read.
    pub read: bool,
}

/// How much is unread.
#[derive(Serialize, ToSchema)]
pub struct Unread {
    /// Unread messages.
    pub unread: i64,
}

/// The signed-in person's messages, newest first, at most 100.
#[utoipa::path(get, path = "/api/v1/me/inbox", tag = "me", responses(
    (status = 200, description = "The messages", body = Vec<InboxItem>),
    (status = 401, description = "Nobody is signed in"),
))]
pub async fn inbox(ctx: Ctx) -> Result {
    let items: Vec<InboxItem> = mine::messages(&ctx)
        .await?
        .into_iter()
        .map(|message| InboxItem {
            text: message.text(ctx.w),
            sent_at: Timestamp::from_microsecond(message.created_at).unwrap_or_default(),
            read: message.read_at.is_some(),
            id: message.id,
            href: message.href,
        })
        .collect();
    Ok(private(Json(items)))
}

/// How many messages the signed-in person has not read.
#[utoipa::path(get, path = "/api/v1/me/unread", tag = "me", responses(
    (status = 200, description = "The number", body = Unread),
    (status = 401, description = "Nobody is signed in"),
))]
pub async fn unread(ctx: Ctx) -> Result {
    ctx.actor()?;
    Ok(private(Json(Unread { unread: ctx.unread })))
}

/// Nobody's cache may keep what is one person's.
fn private(body: impl IntoResponse) -> axum::response::Response {
    ([(header::CACHE_CONTROL, "private, no-store")], body).into_response()
}
