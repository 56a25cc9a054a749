//! When an organisation works, through the API.

use super::answers::At;
use crate::{
    http::{
        Ctx, Params, Result,
        api::{problem, read, wrong_fields},
    },
    reports::{
        clocks::{self, in_force},
        hours, settings,
    },
};
use app::{
    people::Action,
    reports::hours::{hh_mm, read as read_parts},
};
use axum::{Json, extract::Request, http::StatusCode, response::IntoResponse};
use serde::{Deserialize, Serialize};

/// A part of a working day.
#[derive(Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(example = json!({"opens": "08:30", "closes": "12:00"}))]
pub struct DayPart {
    /// `HH:MM`.
    pub opens: String,
    /// `HH:MM`.
    pub closes: String,
}

/// When an organisation works.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct HoursOut {
    /// Its code.
    pub organisation: String,
    /// The parts of a working day that are in force.
    pub hours: Vec<DayPart>,
    /// They are its own; else those of an organisation above it, or the deployment's.
    pub own: bool,
    /// Its own hours in a line: sent back, it keeps a change from overwriting somebody else's.
    pub seen: String,
}

/// When an organisation works: deadlines in working time count by it.
#[utoipa::path(get, path = "/api/v1/staff/settings/hours", tag = "settings", params(At), responses((status = 200, body = HoursOut)))]
pub(crate) async fn show(ctx: Ctx, Params(at): Params<At>) -> Result {
    let place = settings::chosen(&ctx, &at.at).await?;
    let seen = hours::own_line(&ctx, &place).await?;
    let all = clocks::own_hours(&mut *ctx.app.db.read().acquire().await?, &place.path).await?;
    let (now, whose) = in_force(&all, &place.path);
    let hours = now.iter().map(|(opens, closes)| DayPart { opens: hh_mm(*opens), closes: hh_mm(*closes) }).collect();
    let own = whose == Some(place.path.as_str());
    Ok(Json(HoursOut { organisation: place.code, hours, own, seen }).into_response())
}

/// Other hours.
#[derive(Debug, Default, Deserialize, utoipa::ToSchema)]
#[schema(example = json!({"at": "wutong", "hours": [{"opens": "08:30", "closes": "12:00"}, {"opens": "13:30", "closes": "17:30"}]}))]
#[serde(default)]
pub struct HoursIn {
    /// Code of the organisation; the first of the reader's without it.
    pub at: String,
    /// The parts of a working day, at most ten; left out, it has none of its own any more.
    pub hours: Option<Vec<DayPart>>,
    /// What it was when it was looked at; left out, whatever it is now is overwritten.
    pub seen: Option<String>,
    /// Only says what would become of open deadlines.
    pub look: bool,
}

/// What a change does to open deadlines.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct HoursEffectOut {
    /// In a sentence.
    pub summary: String,
    /// The first of those that move, those that become late before the others.
    pub moved: Vec<MovedDeadline>,
}

/// A deadline that moves.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct MovedDeadline {
    /// Category and code of the report.
    pub title: String,
    /// Deadline now, in words.
    pub before: String,
    /// Deadline then, in words.
    pub after: String,
    /// It would be overdue at once.
    pub late: bool,
}

/// Says what other hours would do to open deadlines (`look`), or saves them; a job tells the deadlines again.
#[utoipa::path(post, path = "/api/v1/staff/settings/hours", tag = "settings", request_body = HoursIn,
    responses((status = 200, body = HoursEffectOut, description = "what it would do"), (status = 204, description = "Saved"),
        (status = 409, description = "somebody else changed them; with `seen`")))]
pub(crate) async fn set(ctx: Ctx, request: Request) -> Result {
    ctx.actor()?.require_somewhere(Action::ReportSettings)?;
    let body: HoursIn = read(request).await?;
    let place = settings::chosen(&ctx, &body.at).await?;
    let typed = body.hours.map(|parts| {
        parts.into_iter().take(10).map(|part| (part.opens, part.closes)).collect::<Vec<(String, String)>>()
    });
    let parts = match typed.as_deref().map(read_parts).transpose() {
        Ok(parts) => parts,
        Err((row, key)) => return Err(wrong_fields([(format!("hours/{row}"), ctx.w.t(key))])),
    };
    if body.look {
        let effect = hours::effect(&ctx, &place, parts).await?;
        let moved = effect.rows.into_iter().map(|row| MovedDeadline {
            title: row.title,
            before: row.before,
            after: row.after,
            late: row.late,
        });
        return Ok(Json(HoursEffectOut { summary: effect.sum, moved: moved.collect() }).into_response());
    }
    let seen = match body.seen {
        Some(seen) => seen,
        None => hours::own_line(&ctx, &place).await?,
    };
    match hours::put(&ctx, &place, parts.as_ref(), &seen).await? {
        None => Ok(StatusCode::NO_CONTENT.into_response()),
        Some(now) => {
            let more = serde_json::json!({ "seen": now });
            Ok(problem(&ctx, StatusCode::CONFLICT, "changed", ctx.w.t("hours-conflict"), more))
        }
    }
}
