//! Photos of entries and inspections through the API.

use super::{refused, staff::estate_shown, work::shown};
use crate::{
    http::{Ctx, Error, Result, api::read},
    property::{
        service::photos::{self, Of},
        store::photos::inspection,
    },
};
use axum::{
    extract::{Path, Request},
    http::StatusCode,
    response::IntoResponse,
};
use serde::Deserialize;
use utoipa::ToSchema;

/// Photos as evidence.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(example = json!({"photos": ["0198c0de-0000-7000-8000-000000000001"]}))]
#[serde(default)]
pub struct PropertyPhotosIn {
    /// Ids of photos that the reader sent to `/api/v1/photos` within 24 hours; all together at most 9.
    pub photos: Vec<String>,
}

/// Gives photos to an entry that its company has not answered.
#[utoipa::path(post, path = "/api/v1/staff/property/entries/{entry}/photos", tag = "net", request_body = PropertyPhotosIn,
    params(("entry" = String, Path, description = "id")),
    responses((status = 200, body = super::out_entry::PropertyEntryOneOut), (status = 409, description = "the company has answered, or it is decided")))]
pub async fn to_entry(ctx: Ctx, Path(id): Path<String>, request: Request) -> Result {
    photos::page_of(&ctx, Of::Entry, &id).await?;
    let body: PropertyPhotosIn = read(request).await?;
    photos::add(&ctx, Of::Entry, &id, &body.photos).await.map_err(refused)?;
    shown(&ctx, &id).await
}

/// Gives photos to an inspection.
#[utoipa::path(post, path = "/api/v1/staff/property/inspections/{inspection}/photos", tag = "net", request_body = PropertyPhotosIn,
    params(("inspection" = String, Path, description = "id")),
    responses((status = 200, body = super::out_estate::PropertyEstateOneOut)))]
pub async fn to_inspection(ctx: Ctx, Path(id): Path<String>, request: Request) -> Result {
    photos::page_of(&ctx, Of::Inspection, &id).await?;
    let body: PropertyPhotosIn = read(request).await?;
    photos::add(&ctx, Of::Inspection, &id, &body.photos).await.map_err(refused)?;
    let place = inspection(&ctx.app.db, &id).await?.ok_or(Error::NotFound)?;
    estate_shown(&ctx, &place.estate_id).await
}

/// Takes a photo away from an entry that its company has not answered, or from an inspection.
#[utoipa::path(delete, path = "/api/v1/staff/property/photos/{photo}", tag = "net",
    params(("photo" = String, Path, description = "id of the photo")), responses((status = 204, description = "It is gone")))]
pub async fn remove(ctx: Ctx, Path(photo): Path<String>) -> Result {
    photos::remove(&ctx, &photo).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
