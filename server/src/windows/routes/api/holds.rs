//! `/api/v1/holds`: keeping a time while its form is filled in.

use super::{ApiTime, api_time, instant};
use crate::{
    http::{
        Ctx, Error, Result,
        api::{created, problem, read as read_body},
    },
    windows::{
        routes::views::Segment,
        service::{self, HoldError, HoldRequest, TimeOffer},
        store::{Hold, halls},
    },
};
use app::windows::{SlotRef, WORK_BITS};
use axum::{
    Json,
    extract::Request,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A time to be kept.
#[derive(Deserialize, ToSchema)]
pub struct HoldBody {
    /// Codes of the items of the visit.
    pub items: Vec<String>,
    /// Name of the slot, as `GET /api/v1/services/{item}/slots` gives it.
    pub slot: String,
    /// Under pressure: the challenge of the answer 429…
    #[serde(default)]
    pub challenge: Option<String>,
    /// …and a text such that SHA-256 of `challenge:answer` begins with `bits` zero bits.
    #[serde(default)]
    pub answer: Option<String>,
}

/// A kept time.
#[derive(Serialize, ToSchema)]
pub struct ApiHold {
    /// Its id.
    pub id: String,
    /// Name of the slot, for booking.
    pub slot: String,
    /// Begin, RFC 3339 with offset.
    pub starts_at: String,
    /// End.
    pub ends_at: String,
    /// Until when it is kept.
    pub until: String,
    /// It can be kept longer once.
    pub renewable: bool,
}

async fn shown(ctx: &Ctx, hold: &Hold) -> Result<ApiHold> {
    let hall = halls::by_id(&ctx.app.db, &hold.hall_id).await?.ok_or(Error::NotFound)?;
    let at = |micros| jiff::Timestamp::from_microsecond(micros).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    let local = at(hold.starts_at).to_zoned_datetime(app::time::zone()).datetime();
    Ok(ApiHold {
        id: hold.id.clone(),
        slot: SlotRef { hall: hall.code, at: local }.to_string(),
        starts_at: instant(at(hold.starts_at)),
        ends_at: instant(at(hold.ends_at)),
        until: instant(hold.expires()),
        renewable: hold.renewals == 0,
    })
}

/// Keeps a time for the signed-in person, or for this browser. One keeps one time at a time: another one releases it, the
/// same one again is answered like the first. Without an account a browser is known by its cookie, which any page sets.
#[utoipa::path(post, path = "/api/v1/holds", tag = "appointments", request_body = HoldBody,
    responses((status = 201, body = ApiHold), (status = 401, description = "neither an account nor a browser's cookie"),
        (status = 409, description = "full, with `next_free`"), (status = 422, description = "not offered, with `next_free`"),
        (status = 429, description = "too often; or under pressure: sign in, or solve `challenge` to `bits` zero bits")))]
pub async fn keep(ctx: Ctx, request: Request) -> Result {
    let body: HoldBody = read_body(request).await?;
    let wanted =
        HoldRequest { items: body.items, slot: body.slot, appointment_id: None, work: body.challenge.zip(body.answer) };
    match service::keep(&ctx, &wanted).await {
        Ok(hold) => Ok(created(&format!("/api/v1/holds/{}", hold.id), shown(&ctx, &hold).await?)),
        Err(HoldError::Http(error)) => Err(error),
        Err(HoldError::Full(next)) => {
            Ok(next_free(&ctx, StatusCode::CONFLICT, "slot-full", "windows-trouble-full", &next))
        }
        Err(HoldError::NotOffered(next)) => {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            Ok(next_free(&ctx, status, "slot-not-offered", "windows-trouble-not-offered", &next))
        }
        Err(HoldError::Pressure(challenge)) => {
            let more = match challenge {
                Some(challenge) => serde_json::json!({"challenge": challenge, "bits": WORK_BITS}),
                None => serde_json::json!({}),
            };
            Ok(problem(&ctx, StatusCode::TOO_MANY_REQUESTS, "pressure", ctx.w.t("booking-pressure"), more))
        }
    }
}

fn next_free(ctx: &Ctx, status: StatusCode, kind: &str, key: &str, next: &[TimeOffer]) -> Response {
    let next: Vec<ApiTime> = next.iter().map(api_time).collect();
    problem(ctx, status, kind, ctx.w.t(key), serde_json::json!({ "next_free": next }))
}

/// Keeps a time longer, once.
#[utoipa::path(post, path = "/api/v1/holds/{id}/renew", tag = "appointments",
    responses((status = 200, body = ApiHold), (status = 404, description = "none of yours"),
        (status = 409, description = "it has ended, or was renewed before")),
    params(("id" = String, Path, description = "id of the hold")))]
pub async fn renew(ctx: Ctx, Segment(id): Segment) -> Result {
    match service::renew(&ctx, &id).await? {
        Some(hold) => Ok(Json(shown(&ctx, &hold).await?).into_response()),
        None => {
            let text = ctx.w.t("flash-hold-ended");
            Ok(problem(&ctx, StatusCode::CONFLICT, "hold-ended", text, serde_json::json!({})))
        }
    }
}

/// Releases a time; one that has ended as well.
#[utoipa::path(delete, path = "/api/v1/holds/{id}", tag = "appointments",
    responses((status = 204, description = "released"), (status = 404, description = "none of yours")),
    params(("id" = String, Path, description = "id of the hold")))]
pub async fn release(ctx: Ctx, Segment(id): Segment) -> Result {
    service::release(&ctx, &id).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
