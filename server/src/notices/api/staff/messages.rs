//! How a notice's messages fare, and sending again what failed.

use crate::{
    http::{Ctx, Result, api::read_or_empty},
    notices::{
        outgoing::{staff::send_again, store::figures},
        writing,
    },
};
use axum::{
    Json,
    extract::{Path, Request},
    response::IntoResponse,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How a notice's messages fare.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeliveriesOut {
    /// People who have it in their inbox so far; absent before it goes out.
    pub people: Option<i64>,
    /// Everybody was told.
    pub all: bool,
    /// By way and state.
    pub ways: Vec<DeliveryCount>,
}

/// So many messages on one way in one state.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeliveryCount {
    /// `push`, `email` or `sms`.
    pub channel: String,
    /// `created`, `sending`, `delivered` or `failed`.
    pub state: String,
    /// What kind of failure; empty: none.
    pub failure: String,
    /// How many.
    pub count: i64,
}

/// How a notice's messages fare, by way and state.
#[utoipa::path(get, tag = "notice-desk", path = "/api/v1/staff/notices/{id}/deliveries",
    params(("id" = String, Path, description = "Id")), responses((status = 200, body = DeliveriesOut)))]
pub async fn deliveries(ctx: Ctx, Path(id): Path<String>) -> Result {
    let notice = writing::for_reading(&ctx, &id).await?;
    let told = figures::told(&ctx.app.db, &notice.id).await?;
    let ways = figures::counts(&ctx.app.db, &notice.id).await?;
    Ok(Json(DeliveriesOut {
        people: told.as_ref().map(|told| told.people),
        all: told.is_some_and(|told| told.all),
        ways: ways
            .into_iter()
            .map(|row| DeliveryCount { channel: row.channel, state: row.state, failure: row.failure, count: row.count })
            .collect(),
    })
    .into_response())
}

/// Which messages are sent again.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct SendAgainIn {
    /// Those of which nobody knows whether they went; else those that were refused or given up.
    pub unsure: bool,
}

/// How many are sent again.
#[derive(Debug, Serialize, ToSchema)]
pub struct SentAgain {
    /// Messages.
    pub messages: u64,
}

/// Sends a notice's failed messages again.
#[utoipa::path(post, tag = "notice-desk", path = "/api/v1/staff/notices/{id}/deliveries", request_body = Option<SendAgainIn>,
    params(("id" = String, Path, description = "Id")),
    responses((status = 200, body = SentAgain), (status = 409, description = "it is not out")))]
pub async fn again(ctx: Ctx, Path(id): Path<String>, request: Request) -> Result {
    writing::for_writing(&ctx, &id).await?;
    let body: SendAgainIn = read_or_empty(request).await?;
    let messages = send_again(&ctx, &id, body.unsure).await?;
    Ok(Json(SentAgain { messages }).into_response())
}
