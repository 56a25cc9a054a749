//! Who signed up for an activity, for those at its door.

use crate::{
    http::{
        Ctx, Params, Result,
        api::{Listed, Paging, listed, read},
    },
    notices::{
        activity::{routes::door_file, service},
        reading::instant_of,
    },
};
use axum::{
    extract::{Path, Request},
    http::StatusCode,
    response::IntoResponse,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A sign-up, for those at the door.
#[derive(Debug, Serialize, ToSchema)]
pub struct DoorItem {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Number, masked.
    pub phone: String,
    /// How many they are.
    pub people: i64,
    /// `signed`, `waiting` or `cancelled`.
    pub state: &'static str,
    /// RFC 3339, UTC.
    pub asked_at: String,
    /// RFC 3339, UTC: when they came.
    pub came_at: Option<String>,
}

/// Who signed up for the activity of a notice. Each look is in the audit log.
#[utoipa::path(get, tag = "notice-desk", path = "/api/v1/staff/notices/{id}/sign-ups",
    params(("id" = String, Path, description = "Id"), Paging), responses((status = 200, body = Listed<DoorItem>)))]
pub async fn list(ctx: Ctx, Path(id): Path<String>, Params(paging): Params<Paging>) -> Result {
    let (page, next) = paging.cut(service::at_the_door(&ctx, &id, false).await?.list)?;
    let items = page
        .into_iter()
        .map(|row| DoorItem {
            state: row.state().code(),
            asked_at: instant_of(row.asked_at).to_string(),
            came_at: row.came_at.map(|at| instant_of(at).to_string()),
            id: row.id,
            name: row.name,
            phone: row.phone_masked,
            people: row.people,
        })
        .collect();
    Ok(listed(&ctx, items, next))
}

/// The same as a file for the door, with heads in the language of the request. That it is taken out is in the audit log.
#[utoipa::path(get, tag = "notice-desk", path = "/api/v1/staff/notices/{id}/sign-ups.csv",
    params(("id" = String, Path, description = "Id")),
    responses((status = 200, description = "The file", content_type = "text/csv", body = String)))]
pub async fn file(ctx: Ctx, id: Path<String>) -> Result {
    door_file(ctx, id).await
}

/// Whether somebody came.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(example = json!({"came": true}))]
pub struct CameIn {
    /// They are here.
    pub came: bool,
}

/// Ticks somebody who came, or takes the tick back.
#[utoipa::path(post, tag = "notice-desk", path = "/api/v1/staff/notices/{id}/sign-ups/{sign_up}", request_body = CameIn,
    params(("id" = String, Path, description = "Id"), ("sign_up" = String, Path, description = "id of the sign-up")),
    responses((status = 204, description = "Noted")))]
pub async fn tick(ctx: Ctx, Path((id, sign_up)): Path<(String, String)>, request: Request) -> Result {
    service::for_answering(&ctx, &id).await?;
    let body: CameIn = read(request).await?;
    service::tick(&ctx, &id, &sign_up, body.came).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
