//! `/api/v1/appointments/{code}/…` and `/api/v1/waiting`: another time, cancelling, the waiting list.

use super::{ApiVisitItem, chosen, instant, read, refused};
use crate::{
    http::{
        Ctx, Error, Result,
        api::{created, private, problem, read as read_body, read_or_empty, wrong_fields},
    },
    windows::{
        routes::views::Segment,
        service::{self, BookError, CancelError, CancelRequest, ChangeError},
    },
};
use app::windows::MAX_CANCEL_REASON;
use axum::{
    Json,
    extract::Request,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Another time.
#[derive(Deserialize, ToSchema)]
pub struct ChangeBody {
    /// Name of the slot.
    pub slot: String,
    /// Token of the ticket's link, instead of signing in.
    #[serde(default)]
    pub t: Option<String>,
}

/// A cancellation.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct CancelBody {
    /// Why, at most 200 characters; may be empty.
    pub reason: String,
    /// Token of the ticket's link, instead of signing in.
    pub t: Option<String>,
}

/// What somebody waits for.
#[derive(Deserialize, ToSchema)]
pub struct WaitBody {
    /// Items of the visit.
    pub items: Vec<ApiVisitItem>,
    /// Code of the hall.
    pub hall: String,
    /// The day, YYYY-MM-DD.
    pub date: String,
}

/// A place on the waiting list.
#[derive(Serialize, ToSchema)]
pub struct ApiWaiting {
    /// Its id.
    pub id: String,
    /// `waiting`, `offered`, `booked`, `declined`, `expired` or `left`.
    pub state: String,
    /// Code of the hall.
    pub hall: String,
    /// The day.
    pub date: String,
    /// Codes of the items.
    pub items: Vec<String>,
    /// The offered time, while the offer stands.
    pub offer: Option<ApiOffer>,
}

/// A time that the waiting list offers.
#[derive(Serialize, ToSchema)]
pub struct ApiOffer {
    /// Name of the slot.
    pub slot: String,
    /// Begin, RFC 3339 with offset.
    pub starts_at: String,
    /// End.
    pub ends_at: String,
    /// Until when it is kept.
    pub until: String,
}

fn conflict(ctx: &Ctx, kind: &str, key: &str) -> Response {
    problem(ctx, StatusCode::CONFLICT, kind, ctx.w.t(key), serde_json::json!({}))
}

/// Moves an appointment to another time of its hall, in one step: one never has both times and never none. To where it is
/// already changes nothing, so sending it twice is like once.
#[utoipa::path(post, path = "/api/v1/appointments/{code}/change", tag = "appointments", request_body = ChangeBody,
    responses((status = 200, body = super::ApiAppointment), (status = 404, description = "none that you may change"),
        (status = 409, description = "full (with `next_free`), too late, no longer offered, or it does not stand any more"),
        (status = 422, description = "not offered, with `next_free`")),
    params(("code" = String, Path, description = "short code")))]
pub async fn change(ctx: Ctx, Segment(code): Segment, request: Request) -> Result {
    let body: ChangeBody = read_body(request).await?;
    match service::change(&ctx, &code, body.t.as_deref(), &body.slot).await {
        Ok(code) => Ok(Json(read(&ctx, &code, body.t.as_deref()).await?).into_response()),
        Err(ChangeError::TooLate) => Ok(conflict(&ctx, "too-late", "flash-change-too-late")),
        Err(ChangeError::NotStanding) => Ok(conflict(&ctx, "not-standing", "flash-change-not-standing")),
        Err(ChangeError::Retired) => Ok(conflict(&ctx, "not-offered", "flash-change-retired")),
        Err(ChangeError::Book(BookError::Http(error))) => Err(error),
        Err(ChangeError::Book(error)) => Ok(refused(&ctx, &error)),
    }
}

/// Cancels an appointment; one that is cancelled already stays so.
#[utoipa::path(post, path = "/api/v1/appointments/{code}/cancel", tag = "appointments", request_body = CancelBody,
    responses((status = 200, body = super::ApiAppointment), (status = 404, description = "none that you may cancel"),
        (status = 409, description = "too late, or it does not stand any more"),
        (status = 422, description = "the reason is too long")),
    params(("code" = String, Path, description = "short code")))]
pub async fn cancel(ctx: Ctx, Segment(code): Segment, request: Request) -> Result {
    let body: CancelBody = read_or_empty(request).await?;
    let reason = body.reason.trim().to_owned();
    if reason.chars().count() > MAX_CANCEL_REASON {
        return Err(Error::Unprocessable(format!("reason: at most {MAX_CANCEL_REASON} characters").into()));
    }
    let request = CancelRequest { reason, token: body.t.clone(), late: false };
    match service::cancel(&ctx, &code, &request).await {
        Ok(code) => Ok(Json(read(&ctx, &code, body.t.as_deref()).await?).into_response()),
        Err(CancelError::Http(error)) => Err(error),
        Err(CancelError::TooLate) => Ok(conflict(&ctx, "too-late", "flash-change-too-late")),
        Err(CancelError::NotStanding) => Ok(conflict(&ctx, "not-standing", "windows-cancel-not-standing")),
    }
}

/// Puts the signed-in person on the waiting list of a full day. Somebody who waits for that day at that hall already gets
/// the same entry. A day with free times is answered 409.
#[utoipa::path(post, path = "/api/v1/waiting", tag = "appointments", request_body = WaitBody,
    responses((status = 201, body = ApiWaiting), (status = 404, description = "no such item, hall or day"),
        (status = 409, description = "the day has free times")))]
pub async fn join(ctx: Ctx, request: Request) -> Result {
    ctx.actor()?;
    let body: WaitBody = read_body(request).await?;
    let items = chosen(&ctx, body.items).await?;
    let id = service::wait(&ctx, &body.hall, &body.date, &items).await?;
    Ok(created(&format!("/api/v1/waiting/{id}"), entry_of(&ctx, &id).await?))
}

/// One's own place on a waiting list, with the offer.
#[utoipa::path(get, path = "/api/v1/waiting/{id}", tag = "appointments",
    responses((status = 200, body = ApiWaiting), (status = 404, description = "none of yours")),
    params(("id" = String, Path, description = "id of the entry")))]
pub async fn entry(ctx: Ctx, Segment(id): Segment) -> Result {
    Ok(Json(entry_of(&ctx, &id).await?).into_response())
}

/// Takes the offer; taking it twice gives the same appointment.
#[utoipa::path(post, path = "/api/v1/waiting/{id}/accept", tag = "appointments",
    responses((status = 200, body = super::ApiAppointment), (status = 404, description = "none of yours"),
        (status = 409, description = "a limit was reached"), (status = 422, description = "nothing is offered")),
    params(("id" = String, Path, description = "id of the entry")))]
pub async fn accept(ctx: Ctx, Segment(id): Segment) -> Result {
    match service::accept(&ctx, &id).await {
        Ok(code) => Ok(Json(read(&ctx, &code, None).await?).into_response()),
        Err(BookError::Http(error)) => Err(error),
        Err(error) => Ok(refused(&ctx, &error)),
    }
}

/// Leaves the list, or declines the offer.
#[utoipa::path(delete, path = "/api/v1/waiting/{id}", tag = "appointments",
    responses((status = 204, description = "left"), (status = 404, description = "none of yours")),
    params(("id" = String, Path, description = "id of the entry")))]
pub async fn leave(ctx: Ctx, Segment(id): Segment) -> Result {
    service::leave(&ctx, &id).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

async fn entry_of(ctx: &Ctx, id: &str) -> Result<ApiWaiting> {
    let waiting = service::entry(ctx, id).await?;
    let until = waiting.entry.offered_until.and_then(|at| jiff::Timestamp::from_microsecond(at).ok());
    let offer = waiting.offer.zip(until).map(|((slot, from, to), until)| ApiOffer {
        slot,
        starts_at: instant(from),
        ends_at: instant(to),
        until: instant(until),
    });
    Ok(ApiWaiting {
        id: waiting.entry.id.clone(),
        items: waiting.entry.item_codes(),
        state: waiting.entry.state,
        hall: waiting.hall.code,
        date: waiting.entry.day,
        offer,
    })
}

/// By what a booking is found.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(example = json!({"phone": "19900000001", "code": "K7Q2M9"}))]
#[serde(default)]
pub struct FindBody {
    /// The telephone number it was booked with.
    pub phone: String,
    /// Its code.
    pub code: String,
}

/// A booking that was found.
#[derive(Serialize, ToSchema)]
pub struct FoundVisit {
    /// Its code.
    pub code: String,
    /// The token of its link: `t` of the other operations, instead of signing in.
    pub t: String,
}

/// Finds a booking by the telephone number it was booked with and its code, without signing in.
#[utoipa::path(post, path = "/api/v1/appointments/find", tag = "appointments", request_body = FindBody,
    responses((status = 200, body = FoundVisit), (status = 422, description = "there is none with both")))]
pub async fn find(ctx: Ctx, request: Request) -> Result {
    let body: FindBody = read_body(request).await?;
    let short = |text: &str| text.chars().take(40).collect::<String>();
    let found = service::find(&ctx, &short(&body.phone), &short(&body.code)).await?;
    let found = found.as_deref().and_then(|address| address.strip_prefix("/appointments/")?.split_once("?t="));
    let Some((code, t)) = found else {
        return Err(wrong_fields([("code", ctx.w.t("booking-find-none-text"))]));
    };
    Ok(private(Json(FoundVisit { code: code.to_owned(), t: t.to_owned() })))
}
