//! Photos of a report at the desk: shown to everybody or not, parts of them blacked out.

use crate::{
    http::{
        Ctx, Result,
        api::{read, wrong_fields},
    },
    photos::redact::{self, Redaction, Refused},
    reports::staff,
};
use app::people::Action;
use axum::{
    extract::{Path, Request},
    http::StatusCode,
    response::IntoResponse,
};
use serde::{Deserialize, Serialize};

/// Whether everybody may see a photo.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[schema(example = json!({"released": true}))]
pub struct ReleaseIn {
    /// Everybody may see it.
    pub released: bool,
}

/// Shows a photo to everybody, or no longer.
#[utoipa::path(post, path = "/api/v1/staff/reports/{code}/photos/{id}", tag = "dispatch", request_body = ReleaseIn,
    params(("code" = String, Path), ("id" = String, Path)), responses((status = 204, description = "done")))]
pub(crate) async fn release(ctx: Ctx, Path((code, id)): Path<(String, String)>, request: Request) -> Result {
    let report = staff::readable(&ctx, &code).await?;
    ctx.actor()?.require(Action::ReportManage, &report.path)?;
    let body: ReleaseIn = read(request).await?;
    staff::set_released(&ctx, &report, &id, body.released).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// A part of a photo, in percent of its width and height.
#[derive(Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct AreaIn {
    /// Its left edge.
    #[schema(minimum = 0, maximum = 100)]
    pub x: f64,
    /// Its upper edge.
    #[schema(minimum = 0, maximum = 100)]
    pub y: f64,
    /// Its width.
    #[schema(minimum = 0, maximum = 100)]
    pub width: f64,
    /// Its height.
    #[schema(minimum = 0, maximum = 100)]
    pub height: f64,
}

/// Parts to be blacked out.
#[derive(Debug, Default, Deserialize, utoipa::ToSchema)]
#[schema(example = json!({"areas": [{"x": 10, "y": 20, "width": 15, "height": 10}], "release": true}))]
#[serde(default)]
pub struct RedactionIn {
    /// The parts, besides those that are blacked out already.
    pub areas: Vec<AreaIn>,
    /// Shows the photo to everybody as well.
    pub release: bool,
}

/// Blacks out parts of a photo for everybody who is not of the desk. What is blacked out stays so.
#[utoipa::path(post, path = "/api/v1/staff/reports/{code}/photos/{id}/redaction", tag = "dispatch", request_body = RedactionIn,
    params(("code" = String, Path), ("id" = String, Path)), responses((status = 204, description = "done")))]
pub(crate) async fn redact(ctx: Ctx, Path((code, id)): Path<(String, String)>, request: Request) -> Result {
    let (report, photo) = redact::wanted(&ctx, &code, &id).await?;
    let body: RedactionIn = read(request).await?;
    let typed: Vec<[String; 4]> = body
        .areas
        .iter()
        .map(|area| [area.x, area.y, area.width, area.height].map(|percent| percent.to_string()))
        .collect();
    let asked = Redaction { typed: &typed, release: body.release };
    match redact::black_out(&ctx, (&report, &photo), &asked).await {
        Ok(()) => Ok(StatusCode::NO_CONTENT.into_response()),
        Err(Refused::Key(key)) => Err(wrong_fields([("areas", ctx.w.t(key))])),
        Err(Refused::Other(error)) => Err(error),
    }
}
