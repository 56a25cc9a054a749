//! Bookings and the day of a hall for its staff, through the API.

use super::{ApiAppointment, ApiTime, api_time, instant, of_stored};
use crate::{
    http::{
        Ctx, Error, FieldProblem, Params, Result,
        api::{Listed, OnceKey, Paging, created, listed, problem, read},
    },
    windows::{
        routes::views::{Fields, Segment},
        service::{self, AssistRequest, BookError, CheckInError, ChosenItem, Mover, managers::today},
    },
};
use app::{
    people::Action,
    time::{date, day_of},
    windows::queue::PriorityClass,
};
use axum::{
    Json,
    extract::Request,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A booking as staff see it.
#[derive(Serialize, ToSchema)]
pub struct ApiBooking {
    /// The visit.
    #[serde(flatten)]
    pub visit: ApiAppointment,
    /// Who comes.
    pub person: String,
    /// Their number, as shown on screen.
    pub phone: String,
    /// What is needed, may be empty.
    pub need: String,
}

/// A day's bookings of a hall in which the reader may see them, by time and window.
#[utoipa::path(get, path = "/api/v1/staff/appointments", tag = "counter",
    params(("hall" = Option<String>, Query, description = "code of the hall; the first of the reader's without it"),
        ("date" = Option<String>, Query, description = "YYYY-MM-DD; today without it"), Paging),
    responses((status = 200, body = Listed<ApiBooking>)))]
pub async fn bookings(ctx: Ctx, fields: Fields, Params(paging): Params<Paging>) -> Result {
    let date = match fields.get("date") {
        None | Some("") => None,
        Some(text) => Some(text.parse::<Date>().map_err(|_| Error::BadRequest("date: YYYY-MM-DD".into()))?),
    };
    let desk = service::desk(&ctx, fields.get("hall"), date).await?;
    let (page, next) = paging.cut(desk.list)?;
    let items = page
        .into_iter()
        .map(|(appointment, _)| ApiBooking {
            person: appointment.person_name.clone(),
            phone: appointment.phone_masked.clone(),
            need: appointment.need.clone(),
            visit: of_stored(appointment),
        })
        .collect();
    Ok(listed(&ctx, items, next))
}

/// A booking for a resident.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"hall": "hall-wutong", "items": ["worker-aid"], "slot": "hall-wutong.20261127T1000",
    "phone": "19900000001", "name": "林晓禾"}))]
pub struct AssistBody {
    /// Code of the hall.
    pub hall: String,
    /// Codes of the items.
    pub items: Vec<String>,
    /// Name of the slot.
    pub slot: String,
    /// The resident's number.
    pub phone: String,
    /// The resident's name; kept if the person has none.
    #[serde(default)]
    pub name: String,
    /// What is needed.
    #[serde(default)]
    pub need: String,
}

/// A booking that was made for a resident.
#[derive(Serialize, ToSchema)]
pub struct Assisted {
    /// Its short code.
    pub code: String,
    /// A limit or block that it passed over, in words.
    pub warning: Option<String>,
}

/// Books for a resident, who is found or made by the number and told of it.
#[utoipa::path(post, path = "/api/v1/staff/appointments", tag = "counter", request_body = AssistBody,
    responses((status = 201, body = Assisted), (status = 409, description = "full, with `next_free`")))]
pub async fn book_for(ctx: Ctx, once: OnceKey, request: Request) -> Result {
    ctx.actor()?.require_somewhere(Action::AppointmentAssist)?;
    let body: AssistBody = read(request).await?;
    let request = AssistRequest {
        hall: body.hall,
        items: body.items.into_iter().map(|code| ChosenItem { code, ..ChosenItem::default() }).collect(),
        slot: body.slot,
        phone: body.phone,
        name: body.name,
        need: body.need,
        key: once.or(&ctx, None),
    };
    match service::book_for(&ctx, &request).await {
        Ok(done) => {
            let warning = done.warning.map(|key| ctx.w.t(key));
            Ok(created(&format!("/api/v1/appointments/{}", done.code), Assisted { code: done.code, warning }))
        }
        Err(BookError::Http(error)) => Err(error),
        Err(BookError::Form(mistakes)) => {
            Err(Error::Fields(mistakes.iter().map(|(field, key)| FieldProblem::of(field, ctx.w.t(key))).collect()))
        }
        Err(error) => Ok(super::refused(&ctx, &error)),
    }
}

/// Somebody has come.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"hall": "hall-wutong", "code": "K7Q2M9"}))]
pub struct CheckInBody {
    /// Code of the hall.
    pub hall: String,
    /// Code of the booking.
    pub code: String,
    /// `ordinary`, `senior`, `disabled`, `pregnant` or `veteran`.
    #[serde(default)]
    pub class: String,
}

/// Checks somebody in by the code of their booking.
#[utoipa::path(post, path = "/api/v1/staff/check-in", tag = "counter", request_body = CheckInBody,
    responses((status = 200, body = ApiAppointment), (status = 409, description = "another hall or day, cancelled, or over")))]
pub async fn check_in(ctx: Ctx, request: Request) -> Result {
    ctx.actor()?.require_somewhere(Action::AppointmentCheckIn)?;
    let body: CheckInBody = read(request).await?;
    let w = ctx.w;
    let wrong = |key: &str| Err(Error::Fields(vec![FieldProblem::of("code", w.t(key))]));
    let conflict = |kind: &str, text: String| -> Result<Response> {
        Ok(problem(&ctx, StatusCode::CONFLICT, kind, text, serde_json::json!({})))
    };
    match service::check_in(&ctx, Some(&body.hall), &body.code, PriorityClass::from_code(&body.class)).await {
        Ok(appointment) => Ok(Json(of_stored(appointment)).into_response()),
        Err(CheckInError::Http(error)) => Err(error),
        Err(CheckInError::NotACode) => wrong("windows-check-in-not-a-code"),
        Err(CheckInError::Unknown) => wrong("windows-check-in-unknown"),
        Err(CheckInError::OtherHall(hall)) => {
            let name = w.pick(&hall.name, &hall.name_en).to_owned();
            conflict("other-hall", w.tf("windows-check-in-other-hall", &[("hall", name.into())]))
        }
        Err(CheckInError::OtherDay(appointment)) => {
            let day = date(w.lang, day_of(appointment.starts()));
            conflict("other-day", w.tf("windows-check-in-other-day", &[("date", day.into())]))
        }
        Err(CheckInError::Cancelled) => conflict("cancelled", w.t("windows-check-in-cancelled")),
        Err(CheckInError::Over) => conflict("over", w.t("windows-check-in-over")),
    }
}

/// Another class.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"ticket": "0193…", "hall": "hall-wutong", "class": "senior"}))]
pub struct ClassBody {
    /// Code of the hall.
    pub hall: String,
    /// Id of the ticket.
    pub ticket: String,
    /// `ordinary`, `senior`, `disabled`, `pregnant` or `veteran`.
    pub class: String,
}

/// Gives somebody who waits another priority class.
#[utoipa::path(post, path = "/api/v1/staff/reception/class", tag = "counter", request_body = ClassBody,
    responses((status = 204, description = "done"), (status = 409, description = "they do not wait (any more)")))]
pub async fn set_class(ctx: Ctx, request: Request) -> Result {
    ctx.actor()?.require_somewhere(Action::QueueServe)?;
    let body: ClassBody = read(request).await?;
    let hall = super::super::number::hall_of(&ctx, &body.hall).await?;
    let mover = Mover::clerk(&ctx, &hall)?;
    match service::set_class(&mover, &hall, &body.ticket, PriorityClass::from_code(&body.class)).await {
        Ok(_) => Ok(StatusCode::NO_CONTENT.into_response()),
        Err(service::QueueError::Http(error)) => Err(error),
        Err(_) => {
            let text = ctx.w.t("queue-trouble-not-now");
            Ok(problem(&ctx, StatusCode::CONFLICT, "not-now", text, serde_json::json!({})))
        }
    }
}

/// A hall's day at a glance.
#[derive(Serialize, ToSchema)]
pub struct ApiToday {
    /// Code of the hall.
    pub hall: String,
    /// Today's hours in words.
    pub hours: String,
    /// Who waits.
    pub waiting: usize,
    /// The longest wait so far, in minutes.
    pub longest_wait: Option<i64>,
    /// The wait of somebody who came now, in minutes, from and to.
    pub wait_minutes: Option<(i64, i64)>,
    /// Bookings that nobody has checked in yet.
    pub booked: i64,
    /// Bookings whose person has come.
    pub came: i64,
    /// Those who came late.
    pub late: i64,
    /// Overdue: their time has begun and they have not come.
    pub overdue: i64,
    /// Missed.
    pub no_show: i64,
    /// Cancelled.
    pub cancelled: i64,
    /// The hours to come.
    pub ahead: Vec<ApiHour>,
    /// Served so far.
    pub served: i64,
    /// Bad ratings that wait for an answer.
    pub ratings: i64,
}

/// An hour to come.
#[derive(Serialize, ToSchema)]
pub struct ApiHour {
    /// Begin, RFC 3339 with offset.
    pub from: String,
    /// Who is expected.
    pub expected: i64,
    /// Places.
    pub places: i64,
}

/// How the day goes at a hall.
#[utoipa::path(get, path = "/api/v1/staff/halls/{hall}/today", tag = "counter",
    params(("hall" = String, Path, description = "code of the hall")), responses((status = 200, body = ApiToday)))]
pub async fn hall_today(ctx: Ctx, Segment(code): Segment) -> Result {
    let day = today::today(&ctx, &code).await?;
    Ok(Json(ApiToday {
        waiting: day.line.waiting.len(),
        longest_wait: day.longest.map(|wait| wait.as_mins().max(0)),
        wait_minutes: day.line.wait_now(),
        booked: day.bookings.booked,
        came: day.bookings.came,
        late: day.bookings.late,
        overdue: day.bookings.overdue,
        no_show: day.bookings.no_show,
        cancelled: day.bookings.cancelled,
        ahead: day
            .ahead
            .iter()
            .map(|hour| ApiHour { from: instant(hour.from), expected: hour.expected, places: hour.places })
            .collect(),
        served: day.served.values().sum(),
        ratings: day.ratings,
        hours: day.hours,
        hall: day.hall.code,
    })
    .into_response())
}

/// Free times for a resident whom staff book for, out of both quotas.
#[utoipa::path(get, path = "/api/v1/staff/appointments/slots", tag = "counter",
    params(("hall" = Option<String>, Query, description = "code of the hall; the first of the reader's without it"),
        ("item" = String, Query, description = "code of the item")),
    responses((status = 200, body = Vec<ApiTime>)))]
pub async fn slots(ctx: Ctx, fields: Fields) -> Result {
    let assist = service::assist(&ctx, fields.get("hall"), fields.get("item")).await?;
    let (_, times) = assist
        .chosen
        .ok_or(Error::Fields(vec![FieldProblem { pointer: "item".to_owned(), detail: ctx.w.t("queue-not-served") }]))?;
    let times: Vec<ApiTime> = times.iter().map(api_time).collect();
    Ok(Json(times).into_response())
}
