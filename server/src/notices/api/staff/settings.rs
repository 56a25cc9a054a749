//! Which organisations ask for a second person before a notice goes out.

use crate::{
    http::{Ctx, Result, api::read},
    notices::review,
};
use app::people::Action;
use axum::{Json, extract::Request, http::StatusCode, response::IntoResponse};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What an organisation asks for.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReviewItem {
    /// Code of the organisation.
    pub organisation: String,
    /// Its name in the reader's language.
    pub name: String,
    /// A second person approves its notices before they go out.
    pub review: bool,
}

/// The organisations of the reader, with whether they ask for review.
#[utoipa::path(get, tag = "settings", path = "/api/v1/staff/settings/notices", responses((status = 200, body = Vec<ReviewItem>)))]
pub async fn all(ctx: Ctx) -> Result {
    let all: Vec<ReviewItem> = review::settings(&ctx)
        .await?
        .into_iter()
        .map(|(one, review)| ReviewItem {
            name: ctx.w.pick(&one.name, &one.name_en).to_owned(),
            organisation: one.code,
            review,
        })
        .collect();
    Ok(Json(all).into_response())
}

/// What an organisation is to ask for.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(example = json!({"organisation": "wutong", "review": true}))]
pub struct ReviewIn {
    /// Code of the organisation.
    pub organisation: String,
    /// A second person approves its notices before they go out.
    pub review: bool,
}

/// Asks for review in an organisation, or no longer. Everybody who may review there is told.
#[utoipa::path(post, tag = "settings", path = "/api/v1/staff/settings/notices", request_body = ReviewIn,
    responses((status = 204, description = "Saved")))]
pub async fn set(ctx: Ctx, request: Request) -> Result {
    ctx.actor()?.require_somewhere(Action::NoticeSettings)?;
    let body: ReviewIn = read(request).await?;
    review::set(&ctx, &body.organisation, body.review).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
