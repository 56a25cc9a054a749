//! Lists of reports: a community's, those nearby, one's own.

use super::community;
use crate::{
    http::{
        Ctx, Error, Params, Result,
        api::{Listed, Paging, listed},
    },
    reports::{
        join,
        open::{self, Cursor, OpenReport, Wish},
        store::{self, Report, instant},
        view,
    },
};
use app::{people::Action, reports::form::ReportForm};
use axum::{Json, response::IntoResponse};
use serde::{Deserialize, Serialize};

/// A report as everybody may see it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ReportItem {
    /// Its code.
    pub code: String,
    /// Its state.
    pub state: String,
    /// Code of the category.
    pub category: String,
    /// Its name in the reader's language.
    pub category_name: String,
    /// Grid and building, as far as known.
    pub place: String,
    /// RFC 3339.
    pub filed_at: String,
    /// RFC 3339, of the last thing that happened.
    pub changed_at: String,
    /// Address of a photo that staff released.
    pub photo: Option<String>,
    /// How many have joined.
    pub followers: i64,
    /// The newest words for everybody.
    pub said: Option<String>,
}

fn item(ctx: &Ctx, report: OpenReport) -> ReportItem {
    ReportItem {
        place: join::place(ctx, &report),
        category_name: ctx.w.pick(&report.category_name, &report.category_name_en).to_owned(),
        filed_at: instant(report.filed_at).to_string(),
        changed_at: instant(report.changed_at).to_string(),
        photo: report.photo.map(|id| format!("/photos/{id}/thumb")),
        code: report.code,
        state: report.state,
        category: report.category,
        followers: report.followers,
        said: report.said,
    }
}

/// What a community's list is asked for.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct Asked {
    /// Code of the community; the reader's own without it.
    pub community: String,
    /// Code of a major category.
    pub kind: String,
    /// `open` or `closed`; both without it.
    pub state: String,
    /// Code of a grid.
    pub grid: String,
    /// Filed within so many days; ever without it.
    pub days: Option<i64>,
}

/// Reports of a community, the newest first.
#[utoipa::path(get, path = "/api/v1/reports", tag = "reports", params(Asked, Paging), responses(
    (status = 200, body = Listed<ReportItem>), (status = 422, description = "no such community, or no such filter"),
))]
pub(crate) async fn list(ctx: Ctx, Params(asked): Params<Asked>, Params(paging): Params<Paging>) -> Result {
    let community = match (asked.community.as_str(), &ctx.community) {
        ("", Some(own)) => own.clone(),
        (code, _) => community(&ctx, code).await?,
    };
    if !matches!(asked.state.as_str(), "" | "open" | "closed") {
        return Err(Error::Unprocessable("state: open or closed".into()));
    }
    let days = asked.days.unwrap_or(0).clamp(0, 3650);
    let wish = Wish { major: asked.kind, state: asked.state, grid: asked.grid, days };
    let after = paging.after(Cursor::from_code)?;
    let page = (after.as_ref(), paging.rows()?);
    let (rows, next) = open::list(&ctx.app.db, &community.id, &wish, page, ctx.now).await?;
    let items = rows.into_iter().map(|report| item(&ctx, report)).collect();
    Ok(listed(&ctx, items, next.map(|cursor| cursor.code())))
}

/// What is about to be reported.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct About {
    /// Code of the community.
    pub community: String,
    /// Code of the category.
    pub category: String,
    /// Code of the building or landmark.
    pub building: String,
    /// Degrees east, WGS-84.
    pub longitude: Option<f64>,
    /// Degrees north, WGS-84.
    pub latitude: Option<f64>,
}

/// As much of a form as says what kind it is and where.
pub fn spot(category: String, building: String, (longitude, latitude): (Option<f64>, Option<f64>)) -> ReportForm {
    let degrees = |value: Option<f64>| value.map(|value| value.to_string()).unwrap_or_default();
    ReportForm {
        category,
        building,
        longitude: degrees(longitude),
        latitude: degrees(latitude),
        ..ReportForm::default()
    }
}

/// Open reports of the same kind near what is about to be reported: perhaps one of them is joined instead.
#[utoipa::path(get, path = "/api/v1/reports/nearby", tag = "reports", params(About), responses(
    (status = 200, body = Vec<ReportItem>), (status = 422, description = "no such community"),
))]
pub(crate) async fn nearby(ctx: Ctx, Params(about): Params<About>) -> Result {
    let community = community(&ctx, &about.community).await?;
    let form = spot(about.category, about.building, (about.longitude, about.latitude));
    let found = join::near(&ctx, &form, &community).await?;
    let found: Vec<ReportItem> = found.into_iter().map(|report| item(&ctx, report)).collect();
    Ok(Json(found).into_response())
}

/// One's own report in a list.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct OwnReportItem {
    /// Its code.
    pub code: String,
    /// Its state.
    pub state: String,
    /// How it stands, in one sentence.
    pub summary: String,
    /// Name of the category.
    pub category: String,
    /// Community, grid and building.
    pub place: String,
    /// RFC 3339.
    pub filed_at: String,
    /// RFC 3339; absent when the calendar does not reach so far.
    pub due_at: Option<String>,
    /// Number of the last thing that happened.
    pub version: i64,
}

/// A report that the reader filed.
pub fn own(ctx: &Ctx, report: Report) -> OwnReportItem {
    OwnReportItem {
        summary: view::say(ctx.w, &report),
        category: view::category(ctx.w, &report),
        place: view::whole_place(ctx.w, &report),
        filed_at: report.filed().to_string(),
        due_at: report.due().map(|due| due.to_string()),
        version: report.version,
        code: report.code,
        state: report.state,
    }
}

/// Reports that the signed-in person filed, the newest first, of the last 100.
#[utoipa::path(get, path = "/api/v1/me/reports", tag = "me", params(Paging), responses(
    (status = 200, body = Listed<OwnReportItem>),
))]
pub(crate) async fn mine(ctx: Ctx, Params(paging): Params<Paging>) -> Result {
    let actor = ctx.actor()?;
    actor.require_somewhere(Action::OwnThings)?;
    let all = store::by_reporter(&ctx.app.db, &actor.id).await?;
    let (page, next) = paging.cut(all)?;
    let items = page.into_iter().map(|report| own(&ctx, report)).collect();
    Ok(listed(&ctx, items, next))
}
