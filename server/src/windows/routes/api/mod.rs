//! `/api/v1`: items, free times, booking, an appointment; keeping a time is in [`holds`], changing, cancelling and the
//! waiting list in [`visits`], numbers of the day in [`day`] and [`mine`], the staff's in [`counter`] and [`staff`].

pub mod changes;
pub mod counter;
pub mod day;
pub mod desk;
pub mod figures;
pub mod holds;
pub mod kiosk;
pub mod mine;
pub mod missing;
pub mod settings;
pub mod staff;
pub mod visits;

use super::views::{Fields, Segment};
use crate::{
    http::{
        Ctx, Error, Result,
        api::{OnceKey, created, problem, read as read_body},
    },
    windows::{
        service::{self, BookError, BookRequest, ChosenItem, DayState, TimeOffer},
        store::{Appointment, Quota},
    },
};
use app::{
    time::{day_of, zone},
    windows::{Answers, ClosedReason, MAX_QUERY, ServiceItem, search},
};
use axum::{
    Json,
    extract::Request,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// A service item.
#[derive(Serialize, ToSchema)]
pub struct ApiItem {
    /// Stable code.
    pub code: String,
    /// Field of work: social, civil, family or mass.
    pub area: &'static str,
    /// Title in everyday words, in the language of the request.
    pub title: String,
    /// Official name.
    pub official_name: String,
    /// Minutes at the window for one person.
    pub minutes: i64,
    /// Questions that settle what to bring: code and text.
    pub questions: Vec<ApiNamed>,
    /// Everything that may have to be brought.
    pub materials: Vec<ApiMaterial>,
}

/// Something with a code and a name.
#[derive(Serialize, ToSchema)]
pub struct ApiNamed {
    /// Code.
    pub code: String,
    /// Name or text.
    pub text: String,
}

/// Something to bring.
#[derive(Serialize, ToSchema)]
pub struct ApiMaterial {
    /// Code, for booking.
    pub code: String,
    /// Name.
    pub name: String,
    /// Only if this question…
    pub only_if_question: Option<String>,
    /// …is answered so.
    pub only_if_answer: Option<bool>,
}

/// A day.
#[derive(Serialize, ToSchema)]
pub struct ApiDay {
    /// The date.
    #[schema(value_type = String, format = Date)]
    pub date: Date,
    /// `open`, `day_off`, `holiday`, `closed` or `unknown` (the year's holidays are not published).
    pub state: &'static str,
    /// Its times, full ones included.
    pub times: Vec<ApiTime>,
}

/// A time.
#[derive(Serialize, ToSchema)]
pub struct ApiTime {
    /// Name of the slot, for booking.
    pub slot: String,
    /// Begin, RFC 3339 with offset.
    pub starts_at: String,
    /// End.
    pub ends_at: String,
    /// Places left.
    pub left: i64,
}

/// A booking to be made.
#[derive(Deserialize, ToSchema)]
pub struct BookBody {
    /// Code of the item.
    pub item: String,
    /// Name of the slot.
    pub slot: String,
    /// Codes of the materials that are ready.
    #[serde(default)]
    pub materials: Vec<String>,
    /// Answers to the item's questions: yes or no by code.
    #[serde(default)]
    pub answers: BTreeMap<String, bool>,
    /// Further items of the same visit.
    #[serde(default)]
    pub with: Vec<ApiVisitItem>,
    /// Id of a hold of this time, see `POST /api/v1/holds`; one's own is found without.
    #[serde(default)]
    pub hold: Option<String>,
    /// Chosen by the caller, 1 to 100 characters: sending it twice books once. The header `Idempotency-Key` does the same.
    #[serde(default)]
    pub idempotency_key: Option<String>,
}

/// A further item of a visit.
#[derive(Deserialize, ToSchema)]
pub struct ApiVisitItem {
    /// Code of the item.
    pub item: String,
    /// Codes of the materials that are ready.
    #[serde(default)]
    pub materials: Vec<String>,
    /// Answers to the item's questions: yes or no by code.
    #[serde(default)]
    pub answers: BTreeMap<String, bool>,
}

/// An appointment.
#[derive(Serialize, ToSchema)]
pub struct ApiAppointment {
    /// Short code.
    pub code: String,
    /// `booked`, `checked_in`, `cancelled`, `done` or `no_show`.
    pub state: String,
    /// Code of the item.
    pub item: String,
    /// Code of the hall.
    pub hall: String,
    /// Number of the window.
    pub window: i64,
    /// Begin, RFC 3339 with offset.
    pub starts_at: String,
    /// End.
    pub ends_at: String,
    /// Codes of the materials that are ready.
    pub materials: Vec<String>,
}

fn instant(at: Timestamp) -> String {
    at.to_zoned_datetime(zone()).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

fn api_time(time: &TimeOffer) -> ApiTime {
    ApiTime {
        slot: time.slot.to_string(),
        starts_at: instant(time.starts_at),
        ends_at: instant(time.ends_at),
        left: time.left,
    }
}

fn api_item(ctx: &Ctx, item: &ServiceItem) -> ApiItem {
    let pick = |zh: &str, en: &str| ctx.w.pick(zh, en).to_owned();
    ApiItem {
        code: item.code.clone(),
        area: item.area.code(),
        title: pick(&item.title, &item.title_en),
        official_name: pick(&item.official_name, &item.official_name_en),
        minutes: item.minutes,
        questions: item
            .questions
            .iter()
            .map(|question| ApiNamed { code: question.code.clone(), text: pick(&question.text, &question.text_en) })
            .collect(),
        materials: item
            .materials
            .iter()
            .map(|material| ApiMaterial {
                code: material.code.clone(),
                name: pick(&material.name, &material.name_en),
                only_if_question: material.only_if.as_ref().map(|condition| condition.question.clone()),
                only_if_answer: material.only_if.as_ref().map(|condition| condition.answer),
            })
            .collect(),
    }
}

/// The service items of a hall.
#[utoipa::path(get, path = "/api/v1/services", tag = "services", responses((status = 200, body = Vec<ApiItem>)),
    params(("q" = Option<String>, Query, description = "everyday words, official name or pinyin initials"),
        ("hall" = Option<String>, Query, description = "code of a hall; the reader's own by default")))]
pub async fn services(ctx: Ctx, fields: Fields) -> Result {
    let (all, _, _) = service::list(&ctx, fields.get("hall")).await?;
    let query: String = fields.get("q").unwrap_or_default().chars().take(MAX_QUERY).collect();
    let found = search(all.iter().map(|stored| &*stored.item), &query);
    Ok(Json(found.into_iter().map(|item| api_item(&ctx, item)).collect::<Vec<_>>()).into_response())
}

/// Days and times of an item at a hall.
#[utoipa::path(get, path = "/api/v1/services/{item}/slots", tag = "services",
    responses((status = 200, body = Vec<ApiDay>), (status = 404, description = "no such item or hall")),
    params(("item" = String, Path, description = "code of the item"),
        ("hall" = Option<String>, Query, description = "code of a hall; the reader's own by default"),
        ("with" = Option<Vec<String>>, Query, description = "codes of further items of the same visit"),
        ("from" = Option<String>, Query, description = "first day, YYYY-MM-DD; the first bookable one by default"),
        ("days" = Option<u32>, Query, description = "at most so many days")))]
pub async fn slots(ctx: Ctx, Segment(code): Segment, fields: Fields) -> Result {
    let from: Date = match fields.get("from") {
        Some(text) => text.parse().map_err(|_| Error::BadRequest("from: not a date such as 2026-11-26".into()))?,
        None => day_of(ctx.now),
    };
    let days: usize = match fields.get("days") {
        Some(text) => text.parse().map_err(|_| Error::BadRequest("days: not a number".into()))?,
        None => usize::MAX,
    };
    let guide = service::guide(&ctx, &code, fields.get("hall")).await?;
    let items = service::items_by_code(&ctx, &fields.item_codes(&code)).await?;
    let offers = service::offers(&ctx.app, &guide.hall, &items, Quota::Public, ctx.now).await?;
    let days: Vec<ApiDay> = offers
        .days
        .iter()
        .filter(|day| day.date >= from)
        .take(days)
        .map(|day| ApiDay {
            date: day.date,
            state: match &day.state {
                DayState::Open(_) => "open",
                DayState::Closed(ClosedReason::DayOff) => "day_off",
                DayState::Closed(ClosedReason::Holiday(..)) => "holiday",
                DayState::Closed(ClosedReason::Said(..)) => "closed",
                DayState::Closed(ClosedReason::Unknown) => "unknown",
            },
            times: day.times().iter().map(api_time).collect(),
        })
        .collect();
    Ok(Json(days).into_response())
}

/// The items of a visit as use cases take them.
async fn chosen(ctx: &Ctx, items: impl IntoIterator<Item = ApiVisitItem>) -> Result<Vec<ChosenItem>> {
    let mut found = Vec::new();
    for one in items {
        let guide = service::guide(ctx, &one.item, None).await?;
        let fields: Vec<(String, &str)> =
            one.answers.iter().map(|(code, yes)| (format!("q-{code}"), if *yes { "yes" } else { "no" })).collect();
        let pairs = fields.iter().map(|(name, value)| (name.as_str(), *value));
        let answers = Answers::from_pairs(&guide.stored.item, pairs);
        found.push(ChosenItem { code: one.item, materials: one.materials, answers });
    }
    Ok(found)
}

/// Books a slot for the signed-in person. A slot that is full is answered 409, one that is not offered 422, both with
/// the next free times in `next_free`.
#[utoipa::path(post, path = "/api/v1/appointments", tag = "appointments", request_body = BookBody,
    responses((status = 201, body = ApiAppointment), (status = 409, description = "full, or a limit was reached"),
        (status = 422, description = "not offered")))]
pub async fn book(ctx: Ctx, once: OnceKey, request: Request) -> Result {
    ctx.actor()?;
    let body: BookBody = read_body(request).await?;
    let first = ApiVisitItem { item: body.item, materials: body.materials, answers: body.answers };
    let items = chosen(&ctx, std::iter::once(first).chain(body.with)).await?;
    let request = BookRequest {
        items,
        slot: body.slot,
        key: once.or(&ctx, body.idempotency_key.as_deref()),
        hold: body.hold,
        ..BookRequest::default()
    };
    match service::book(&ctx, &request).await {
        Ok(code) => Ok(created(&format!("/api/v1/appointments/{code}"), read(&ctx, &code, None).await?)),
        Err(BookError::Http(error)) => Err(error),
        Err(error) => Ok(refused(&ctx, &error)),
    }
}

/// Problem details (RFC 9457) of a booking that was refused, with the next free times as an extension member.
fn refused(ctx: &Ctx, error: &BookError) -> Response {
    let w = ctx.w;
    let none = Vec::new();
    let (status, kind, detail, next) = match error {
        BookError::Full(next) => (StatusCode::CONFLICT, "slot-full", w.t("windows-trouble-full"), next),
        BookError::NotOffered(next) => {
            (StatusCode::UNPROCESSABLE_ENTITY, "slot-not-offered", w.t("windows-trouble-not-offered"), next)
        }
        BookError::OpenForItem(_) => (StatusCode::CONFLICT, "open-for-item", w.t("windows-trouble-open"), &none),
        BookError::PerDay(max) => {
            let text = w.tf("windows-trouble-per-day", &[("max", (*max).into())]);
            (StatusCode::CONFLICT, "per-day", text, &none)
        }
        BookError::Blocked(block) => {
            let until = app::time::date(w.lang, day_of(block.ends()));
            (StatusCode::CONFLICT, "blocked", w.tf("booking-trouble-blocked", &[("until", until.into())]), &none)
        }
        BookError::Form(mistakes) => {
            let text = mistakes.iter().map(|(_, key)| w.t(key)).collect::<Vec<_>>().join(" ");
            (StatusCode::UNPROCESSABLE_ENTITY, "not-acceptable", text, &none)
        }
        BookError::Overlap | BookError::Http(_) => {
            (StatusCode::CONFLICT, "overlap", w.t("windows-trouble-overlap"), &none)
        }
    };
    let next: Vec<ApiTime> = next.iter().map(api_time).collect();
    problem(ctx, status, kind, detail, serde_json::json!({ "next_free": next }))
}

/// An appointment, for its owner, the holder of its link (`t`) and staff of its hall.
#[utoipa::path(get, path = "/api/v1/appointments/{code}", tag = "appointments",
    responses((status = 200, body = ApiAppointment), (status = 404, description = "none that you may know of")),
    params(("code" = String, Path, description = "short code"),
        ("t" = Option<String>, Query, description = "token of the ticket's link")))]
pub async fn appointment(ctx: Ctx, Segment(code): Segment, fields: Fields) -> Result {
    Ok(Json(read(&ctx, &code, fields.get("t")).await?).into_response())
}

async fn read(ctx: &Ctx, code: &str, token: Option<&str>) -> Result<ApiAppointment> {
    Ok(of_stored(service::ticket(ctx, code, token).await?.appointment))
}

/// An appointment as it is told.
fn of_stored(appointment: Appointment) -> ApiAppointment {
    ApiAppointment {
        materials: appointment.ticked(),
        starts_at: instant(appointment.starts()),
        ends_at: instant(appointment.ends()),
        window: appointment.window_number,
        code: appointment.code,
        state: appointment.state_code,
        item: appointment.item_code,
        hall: appointment.hall_code,
    }
}
