//! Addresses of photos.

use super::{blobs::Variant, intake::PhotoForm, redact, service, store::Uploader};
use crate::http::{Access, Ctx, Error, Result, Routes, Writer, middleware::POLICY_OF_FILES};
use axum::{
    Json,
    body::Body,
    extract::{Path, Query},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};

/// The routes of this room.
pub fn routes() -> Routes {
    Routes::new()
        .get("/photos/{id}/{variant}", Access::Public, show)
        .post("/api/v1/photos", Access::Public, upload)
        .delete("/api/v1/photos/{id}", Access::Public, take_back)
}

/// The picture without what is blacked out; every look at it is in the audit log.
const ORIGINAL: &str = "original";

#[derive(Deserialize)]
struct Link {
    t: Option<String>,
}

/// One photo, `full` or `thumb`.
async fn show(
    ctx: Ctx,
    Path((id, variant)): Path<(String, String)>,
    Query(link): Query<Link>,
    headers: HeaderMap,
) -> Result {
    let name = variant.trim_end_matches(".jpg");
    let (photo, variant) = if name == ORIGINAL {
        (redact::original(&ctx, &id).await?, Variant::Full)
    } else {
        let variant = Variant::from_name(name).ok_or(Error::NotFound)?;
        let photo = service::see(&ctx, &id, link.t.as_deref()).await?;
        let variant = if photo.redacted_at.is_some() { variant.redacted() } else { variant };
        (photo, variant)
    };
    let etag = format!("\"{}-{}-{}\"", photo.sha256, variant.name(), photo.redacted_at.unwrap_or_default());
    // Asked for again each time: what staff hide or black out is gone at once.
    let cache = match (name, photo.released) {
        (ORIGINAL, _) => "no-store",
        (_, 1) => "public, no-cache",
        _ => "private, no-cache",
    };
    let known = headers.get(header::IF_NONE_MATCH).is_some_and(|value| value.as_bytes() == etag.as_bytes());
    let mut response = if known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let bytes = ctx.app.blobs.get(&photo.id, variant).await?.ok_or(Error::NotFound)?;
        Response::new(Body::from(bytes))
    };
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("image/jpeg"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY_OF_FILES));
    headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_static("inline"));
    if let Ok(etag) = HeaderValue::from_str(&etag) {
        headers.insert(header::ETAG, etag);
    }
    Ok(response)
}

/// A photo that was taken in.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct UploadedPhoto {
    /// Its id, to be named when the report is filed.
    pub id: String,
    /// Address of the thumbnail.
    pub thumb: String,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Where the camera was, if the file said so; a suggestion for the report's place, kept nowhere.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suggested_position: Option<SuggestedPosition>,
}

/// A position, WGS-84.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct SuggestedPosition {
    /// Degrees east.
    pub longitude: f64,
    /// Degrees north.
    pub latitude: f64,
}

/// Sends one photo (multipart, one file) for a report that will name it within 24 hours. A field `key` before the file
/// (16 to 64 of `A-Z a-z 0-9 - _`, made by the sender) makes it safe to send again: the same key is the same photo.
#[utoipa::path(post, path = "/api/v1/photos", tag = "photos", responses(
    (status = 201, body = UploadedPhoto),
    (status = 200, body = UploadedPhoto, description = "it was sent before with this key"),
    (status = 401, description = "neither signed in nor a browser that opened a page before"),
    (status = 422, description = "not a picture that can be taken; the detail says why"),
    (status = 412, description = "the header `linli-who` names another session than this one"),
    (status = 429, description = "too many"),
))]
pub(crate) async fn upload(ctx: Ctx, writer: Writer, form: PhotoForm) -> Result {
    writer.is_here(&ctx)?;
    let who = Uploader::of(&ctx);
    if who == Uploader::default() {
        return Err(Error::SignIn);
    }
    service::limit(&ctx).await?;
    let key = form.get("key").to_owned();
    let file = form.files.into_iter().next().ok_or(Error::Unprocessable("no photo was sent".into()))?;
    let taken = match file.bytes {
        Ok(bytes) if key.is_empty() => service::take(&ctx.app, &who, bytes, ctx.now).await,
        Ok(bytes) => service::take_again(&ctx.app, &who, bytes, &key, ctx.now).await,
        Err(refused) => Err(refused.into()),
    };
    let taken = match taken {
        Ok(taken) => taken,
        Err(service::TakeError::Refused(refused)) => return Err(Error::Unprocessable(ctx.w.t(refused.key()).into())),
        Err(service::TakeError::Failed(error)) => return Err(error),
    };
    let again = taken.again;
    let answer = UploadedPhoto {
        thumb: format!("/photos/{}/thumb", taken.id),
        id: taken.id,
        width: taken.width,
        height: taken.height,
        suggested_position: taken.position.map(|p| SuggestedPosition { longitude: p.longitude, latitude: p.latitude }),
    };
    Ok((if again { StatusCode::OK } else { StatusCode::CREATED }, Json(answer)).into_response())
}

/// Takes back a photo that no report names yet.
#[utoipa::path(delete, path = "/api/v1/photos/{id}", tag = "photos", params(("id" = String, Path)), responses(
    (status = 204), (status = 404), (status = 409, description = "a report has it already"),
))]
pub(crate) async fn take_back(ctx: Ctx, Path(id): Path<String>) -> Result {
    service::take_back(&ctx, &id).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
