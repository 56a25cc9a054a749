//! Findings and earlier calls through the API.

use crate::{
    http::{
        Ctx, Error, Params, Result,
        api::{Paging, listed, private, read, wrong_fields},
    },
    patrol::{
        calls,
        intake::{self, Refused, Said, Sent},
        store::intake::{self as store, Finding},
    },
};
use app::people::Action;
use axum::{
    Json,
    extract::{Path, Request},
    http::StatusCode,
    response::IntoResponse,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a vehicle, a camera or a sensor has found.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(example = json!({"source": "camera", "foreign_number": "CAM-17-0001", "community": "wutong", "category": "garbage-pile",
    "description": "垃圾堆放", "longitude": 120.1, "latitude": 30.2, "confidence": 87, "photos": []}))]
pub struct IntakeIn {
    /// `vehicle`, `camera` or `sensor`.
    pub source: String,
    /// The number that the system has for it, at most 60 characters: sent again with the same content, it is the same.
    pub foreign_number: String,
    /// Code of the community.
    pub community: String,
    /// Code of the category.
    pub category: String,
    /// What it is; at most 1,000 characters.
    pub description: String,
    /// The place in words; at most 100 characters.
    #[serde(default)]
    pub place: String,
    /// Degrees east, WGS-84.
    #[serde(default)]
    pub longitude: Option<f64>,
    /// Degrees north, WGS-84.
    #[serde(default)]
    pub latitude: Option<f64>,
    /// How sure the system is, in percent.
    pub confidence: i64,
    /// When it was found; now without it, at most 30 days ago.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub found_at: Option<Timestamp>,
    /// Ids of photos sent before with the same key; at most 9.
    #[serde(default)]
    pub photos: Vec<String>,
}

/// What became of a finding, for the system that sent it.
#[derive(Serialize, ToSchema)]
pub struct IntakeSent {
    /// Id.
    pub id: String,
    /// The system's number.
    pub foreign_number: String,
    /// `waiting`, `filing`, `confirmed`, `joined` or `refused`.
    pub state: String,
    /// Code of the report; absent until there is one.
    pub report: Option<String>,
    /// Why it was refused.
    pub reason: Option<String>,
}

fn some(text: String) -> Option<String> {
    Some(text).filter(|text| !text.is_empty())
}

fn of_sender(finding: Finding) -> IntakeSent {
    IntakeSent {
        id: finding.id,
        foreign_number: finding.foreign_code,
        state: finding.state,
        report: some(finding.report_code),
        reason: some(finding.reason),
    }
}

fn refused(refused: Refused) -> Error {
    match refused {
        Refused::Invalid(errors) => wrong_fields(errors.into_map()),
        Refused::OtherContent => Error::KeyReused,
        Refused::Other(error) => error,
    }
}

/// Takes in what another system has found, with a key that may file reports. A person looks at it before it is a report.
#[utoipa::path(post, path = "/api/v1/intake", tag = "net", request_body = IntakeIn, responses(
    (status = 201, body = IntakeSent),
    (status = 200, body = IntakeSent, description = "it came before with this number"),
    (status = 403, description = "not a key, or not of this place"),
    (status = 422, description = "a field is wrong, or the number came with other content"),
))]
pub async fn send(ctx: Ctx, request: Request) -> Result {
    intake::may_send(&ctx)?;
    let body: IntakeIn = read(request).await?;
    let position = match (body.longitude, body.latitude) {
        (Some(longitude), Some(latitude)) => Some((longitude, latitude)),
        (None, None) => None,
        _ => return Err(wrong_fields([("longitude", ctx.w.t("patrol-error-position"))])),
    };
    let sent = Sent {
        source: body.source,
        foreign: body.foreign_number,
        community: body.community,
        category: body.category,
        description: body.description,
        place: body.place,
        position,
        confidence: body.confidence,
        found_at: body.found_at,
        photos: body.photos,
    };
    let (finding, again) = intake::take(&ctx, &sent).await.map_err(refused)?;
    let status = if again { StatusCode::OK } else { StatusCode::CREATED };
    Ok((status, Json(of_sender(finding))).into_response())
}

/// What became of a finding, for the system that sent it.
#[utoipa::path(get, path = "/api/v1/intake/{id}", tag = "net", params(("id" = String, Path, description = "id")),
    responses((status = 200, body = IntakeSent)))]
pub async fn sent(ctx: Ctx, Path(id): Path<String>) -> Result {
    Ok(private(Json(of_sender(intake::sent(&ctx, &id).await?))))
}

/// A finding, for staff.
#[derive(Serialize, ToSchema)]
pub struct IntakeItem {
    /// Id.
    pub id: String,
    /// Name of the system.
    pub system: String,
    /// `vehicle`, `camera` or `sensor`.
    pub source: String,
    /// The system's number.
    pub foreign_number: String,
    /// Code of the category.
    pub category: String,
    /// What it is.
    pub description: String,
    /// The place in words.
    pub place: String,
    /// Degrees east, WGS-84.
    pub longitude: Option<f64>,
    /// Degrees north, WGS-84.
    pub latitude: Option<f64>,
    /// In percent.
    pub confidence: i64,
    /// When it was found.
    #[schema(value_type = String, format = DateTime)]
    pub found_at: Timestamp,
    /// `waiting`, `filing`, `confirmed`, `joined` or `refused`.
    pub state: String,
    /// Code of the report.
    pub report: Option<String>,
    /// Why it was refused.
    pub reason: Option<String>,
}

fn item(finding: Finding) -> IntakeItem {
    IntakeItem {
        id: finding.id,
        system: finding.system,
        source: finding.source,
        foreign_number: finding.foreign_code,
        category: finding.category,
        description: finding.description,
        place: finding.place,
        longitude: finding.longitude,
        latitude: finding.latitude,
        confidence: finding.confidence,
        found_at: Timestamp::from_microsecond(finding.found_at).unwrap_or_default(),
        state: finding.state,
        report: some(finding.report_code),
        reason: some(finding.reason),
    }
}

/// Which findings are asked for.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct IntakeQuery {
    /// `waiting` (without it) or `decided`.
    pub state: Option<String>,
    /// Where the page begins.
    pub cursor: Option<String>,
    /// Rows at most, 1 to 100.
    pub limit: Option<usize>,
}

/// Findings of the reader's places, newest first.
#[utoipa::path(get, path = "/api/v1/staff/intake", tag = "net", params(IntakeQuery),
    responses((status = 200, body = crate::http::api::Listed<IntakeItem>)))]
pub async fn list(ctx: Ctx, Params(query): Params<IntakeQuery>) -> Result {
    ctx.actor()?.require_somewhere(Action::IntakeConfirm)?;
    let paging = Paging { cursor: query.cursor, limit: query.limit };
    let rows = paging.rows()?;
    let open = match query.state.as_deref() {
        None | Some("" | "waiting") => true,
        Some("decided") => false,
        Some(_) => return Err(wrong_fields([("state", "waiting, decided".to_owned())])),
    };
    let after = paging.after(|text| {
        let (at, id) = text.split_once('_')?;
        Some((at.parse::<i64>().ok()?, id.to_owned()))
    })?;
    let after = after.as_ref().map(|(at, id)| (*at, id.as_str()));
    let mut found = intake::list(&ctx, open, after, rows + 1).await?;
    let more = found.len() > rows;
    found.truncate(rows);
    let next = found.last().filter(|_| more).map(|last| format!("{}_{}", last.received_at, last.id));
    Ok(listed(&ctx, found.into_iter().map(item).collect(), next))
}

/// A finding with its photos.
#[derive(Serialize, ToSchema)]
pub struct IntakeWhole {
    /// The finding.
    #[serde(flatten)]
    pub finding: IntakeItem,
    /// Addresses of its photos.
    pub photos: Vec<String>,
}

/// One finding.
#[utoipa::path(get, path = "/api/v1/staff/intake/{id}", tag = "net", params(("id" = String, Path, description = "id")),
    responses((status = 200, body = IntakeWhole)))]
pub async fn one(ctx: Ctx, Path(id): Path<String>) -> Result {
    let finding = intake::one(&ctx, &id).await?;
    let photos = store::photos(&ctx.app.db, &id).await?;
    let photos = photos.into_iter().map(|photo| format!("/photos/{photo}")).collect();
    Ok(Json(IntakeWhole { finding: item(finding), photos }).into_response())
}

/// What staff say of a finding; what is left out stays as the system said.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct IntakeConfirmIn {
    /// Code of the category.
    pub category: Option<String>,
    /// The place in words.
    pub place: Option<String>,
    /// What it is.
    pub description: Option<String>,
}

/// The report that a finding became.
#[derive(Serialize, ToSchema)]
pub struct IntakeConfirmed {
    /// Its code.
    pub report: String,
}

/// Makes a report of a finding. Confirmed again, it is the same report.
#[utoipa::path(post, path = "/api/v1/staff/intake/{id}/confirm", tag = "net", request_body = Option<IntakeConfirmIn>,
    params(("id" = String, Path, description = "id")), responses((status = 200, body = IntakeConfirmed),
    (status = 409, description = "it was decided otherwise")))]
pub async fn confirm(ctx: Ctx, Path(id): Path<String>, request: Request) -> Result {
    let finding = intake::one(&ctx, &id).await?;
    let body: IntakeConfirmIn = crate::http::api::read_or_empty(request).await?;
    let said = Said {
        category: body.category.unwrap_or(finding.category),
        place: body.place.unwrap_or(finding.place),
        description: body.description.unwrap_or(finding.description),
    };
    let report = intake::confirm(&ctx, &id, &said).await.map_err(refused)?;
    Ok(Json(IntakeConfirmed { report }).into_response())
}

/// The report that says the same.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct IntakeJoinIn {
    /// Its code.
    pub report: String,
}

/// Says that another report says the same already.
#[utoipa::path(post, path = "/api/v1/staff/intake/{id}/join", tag = "net", request_body = IntakeJoinIn,
    params(("id" = String, Path, description = "id")), responses((status = 204, description = "written down"),
    (status = 409, description = "it was decided before")))]
pub async fn join(ctx: Ctx, Path(id): Path<String>, request: Request) -> Result {
    intake::one(&ctx, &id).await?;
    let body: IntakeJoinIn = read(request).await?;
    intake::join(&ctx, &id, &body.report).await.map_err(refused)?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Why a finding is refused.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct IntakeRefuseIn {
    /// In words; at most 300 characters.
    pub reason: String,
}

/// Refuses a finding, with a reason.
#[utoipa::path(post, path = "/api/v1/staff/intake/{id}/refuse", tag = "net", request_body = IntakeRefuseIn,
    params(("id" = String, Path, description = "id")), responses((status = 204, description = "written down"),
    (status = 409, description = "it was decided before")))]
pub async fn refuse(ctx: Ctx, Path(id): Path<String>, request: Request) -> Result {
    intake::one(&ctx, &id).await?;
    let body: IntakeRefuseIn = read(request).await?;
    intake::refuse(&ctx, &id, &body.reason).await.map_err(refused)?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// A number that calls.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct CallHistoryIn {
    /// 7 to 12 digits.
    pub number: String,
}

/// An earlier call.
#[derive(Serialize, ToSchema)]
pub struct CallHistoryItem {
    /// Code of the report.
    pub report: String,
    /// Code of the category.
    pub category: String,
    /// State of the report.
    pub state: String,
    /// When it was told.
    #[schema(value_type = String, format = DateTime)]
    pub filed_at: Timestamp,
}

/// What a number told before in the reader's places, newest first. Whoever looks is written down.
#[utoipa::path(post, path = "/api/v1/staff/calls/history", tag = "net", request_body = CallHistoryIn,
    responses((status = 200, body = [CallHistoryItem])))]
pub async fn history(ctx: Ctx, request: Request) -> Result {
    ctx.actor()?.require_somewhere(Action::IntakeConfirm)?;
    let body: CallHistoryIn = read(request).await?;
    let found = calls::history(&ctx, &body.number).await.map_err(|error| match error {
        calls::Refused::Invalid(errors) => wrong_fields(errors.into_map()),
        calls::Refused::Other(error) => error,
    })?;
    let found: Vec<CallHistoryItem> = found
        .into_iter()
        .map(|report| CallHistoryItem {
            filed_at: report.filed(),
            report: report.code,
            category: report.category,
            state: report.state,
        })
        .collect();
    Ok(private(Json(found)))
}
