//! Service hours for staff through the API: one entry after another, never summed up.

use super::{PartnersDecisionIn, PartnersMade, answer, unknown};
use crate::{
    http::{
        Ctx, Params, Result,
        api::{IfMatch, Listed, OnceKey, Paging, created, listed, private, read, versioned},
    },
    partners::{
        service::{
            hours::{self as service_of, HourForm, Verdict},
            members,
        },
        store::hours::Hour,
    },
};
use axum::extract::{Path, Request};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// An entry of service hours.
#[derive(Serialize, ToSchema)]
pub struct PartnersHourOut {
    /// Id.
    pub id: String,
    /// Name of the volunteer; empty in their own record.
    pub name: String,
    /// Which day.
    pub day: String,
    /// How long, in minutes.
    pub minutes: i64,
    /// `activity`, `report` or `other`.
    pub source: &'static str,
    /// What was done, in words.
    pub words: String,
    /// Code of the report.
    pub report: Option<String>,
    /// Id of the activity.
    pub activity: Option<String>,
    /// Id of the team.
    pub team: Option<String>,
    /// `proposed`, `confirmed`, `declined`, `withdrawn` or `taken_back`.
    pub state: &'static str,
    /// Why it was declined or taken back.
    pub reason: String,
    /// The lock.
    pub version: i64,
}

/// An entry as the API says it.
pub fn hour_out(hour: Hour) -> PartnersHourOut {
    PartnersHourOut {
        day: hour.day().to_string(),
        source: hour.source().code(),
        state: hour.state().code(),
        id: hour.id,
        name: hour.name,
        minutes: hour.minutes,
        words: hour.words,
        report: hour.report,
        activity: hour.activity_id,
        team: hour.team_id,
        reason: hour.reason,
        version: hour.version,
    }
}

/// Hours as they are told.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(example = json!({"day": "2026-11-21", "hours": "1.5", "words": "陪老人看病"}))]
#[serde(default)]
pub struct PartnersHourIn {
    /// Code of a report that the volunteer handled; for their own hours.
    pub report: String,
    /// Id of the team; for their own hours that were for no report.
    pub team: String,
    /// Which day, `YYYY-MM-DD`.
    pub day: String,
    /// How many hours, such as `1.5`.
    pub hours: String,
    /// What was done; may be empty for a report.
    pub words: String,
}

impl PartnersHourIn {
    /// As a form.
    pub fn form(self, key: String) -> HourForm {
        let PartnersHourIn { report, team, day, hours, words } = self;
        HourForm { report, team, day, hours, words, key }
    }
}

/// Writes hours down for somebody in a team and confirms them at once.
#[utoipa::path(post, path = "/api/v1/staff/partners/members/{member}/hours", tag = "governance", request_body = PartnersHourIn,
    params(("member" = String, Path)), responses((status = 201, body = PartnersMade)))]
pub async fn write_for(ctx: Ctx, once: OnceKey, Path(id): Path<String>, request: Request) -> Result {
    members::permit(&ctx, &id).await?;
    let body: PartnersHourIn = read(request).await?;
    let made = answer(service_of::write_for(&ctx, &id, &body.form(once.or(&ctx, None))).await)?;
    Ok(created(&format!("/api/v1/staff/partners/hours/{made}"), PartnersMade { id: made.clone() }))
}

/// Entries that wait, the oldest first. Looking at them is written in the audit log.
#[utoipa::path(get, path = "/api/v1/staff/partners/hours", tag = "governance", params(Paging),
    responses((status = 200, body = Listed<PartnersHourOut>)))]
pub async fn waiting(ctx: Ctx, Params(paging): Params<Paging>) -> Result {
    let (waiting, _) = service_of::for_staff(&ctx).await?;
    let (rows, after) = paging.cut(waiting.into_iter().map(hour_out).collect())?;
    Ok(private(listed(&ctx, rows, after)))
}

/// An entry. Looking at it is written in the audit log.
#[utoipa::path(get, path = "/api/v1/staff/partners/hours/{hour}", tag = "governance", params(("hour" = String, Path)),
    responses((status = 200, body = PartnersHourOut)))]
pub async fn one(ctx: Ctx, Path(id): Path<String>) -> Result {
    let hour = service_of::hour(&ctx, &id).await?;
    Ok(private(versioned(hour.version, hour_out(hour))))
}

/// Decides on an entry: `confirm`, `decline` or `take-back`.
#[utoipa::path(post, path = "/api/v1/staff/partners/hours/{hour}", tag = "governance", request_body = PartnersDecisionIn,
    params(("hour" = String, Path), ("If-Match" = Option<String>, Header, description = "the version, as `ETag` says it")),
    responses((status = 200, body = PartnersHourOut)))]
pub async fn decide(ctx: Ctx, if_match: IfMatch, Path(id): Path<String>, request: Request) -> Result {
    service_of::permit(&ctx, &id).await?;
    let body: PartnersDecisionIn = read(request).await?;
    let verdict = Verdict::from_code(&body.decision).ok_or_else(|| unknown("decision"))?;
    let version = match if_match.or(body.version)? {
        Some(version) => version,
        None => service_of::hour(&ctx, &id).await?.version,
    };
    answer(service_of::decide(&ctx, &id, verdict, version, &body.reason).await)
        .map_err(|error| if_match.blame(error))?;
    let hour = service_of::hour(&ctx, &id).await?;
    Ok(private(versioned(hour.version, hour_out(hour))))
}
