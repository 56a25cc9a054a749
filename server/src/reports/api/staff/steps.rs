//! What is done with reports at the desk.

use crate::{
    http::{
        Ctx, Error, FieldProblem, Result,
        api::{IfMatch, read},
    },
    partners::dispatch::prefer,
    reports::{
        answers,
        api::{own::taken, refused},
        bulk, staff,
        steps::{self, Wanted},
    },
};
use app::{
    people::Action,
    reports::{Step, answers::fill},
};
use axum::{
    Json,
    extract::{Path, Request},
    response::IntoResponse,
};
use serde::{Deserialize, Serialize};

/// A step of staff.
#[derive(Debug, Default, Deserialize, utoipa::ToSchema)]
#[schema(example = json!({"step": "accept", "version": 1}))]
#[serde(default)]
pub struct StaffStepIn {
    /// Code of the step, one of the report's `steps`.
    pub step: String,
    /// Number of the last thing that happened, as the caller saw it; `If-Match` says the same.
    pub version: Option<i64>,
    /// Words for whom the step speaks to; canned places such as `{code}` are filled in.
    pub text: String,
    /// Words for those who work on it.
    pub internal: String,
    /// For a dispatch: id of the person, see `…/handlers`.
    pub to: String,
    /// For a merge: code of the report as which it goes on.
    pub into: String,
    /// For another category: its code.
    pub category: String,
}

/// Takes a step: accept, ask, dispatch, reject, merge, verify, close, decide on an extension… The report's `steps` says which are
/// possible; the table of states decides.
#[utoipa::path(post, path = "/api/v1/staff/reports/{code}/steps", tag = "dispatch", request_body = StaffStepIn,
    params(("code" = String, Path), ("If-Match" = Option<String>, Header, description = "the version, as `ETag` says it")),
    responses((status = 200, body = crate::reports::api::own::StepTaken),
        (status = 409, description = "the state does not allow it, or somebody was quicker; with `state` and `version`")))]
pub(crate) async fn step(ctx: Ctx, if_match: IfMatch, Path(code): Path<String>, request: Request) -> Result {
    let report = staff::readable(&ctx, &code).await?;
    let body: StaffStepIn = read(request).await?;
    let wanted = Wanted {
        seen: if_match.or(body.version)?,
        text: fill(&body.text, &answers::values(ctx.w, &report, ctx.now)),
        internal: body.internal,
        to: body.to,
        into: body.into,
        category: body.category,
        ..Wanted::new(refused::step(&body.step, |step| step.action().is_some())?)
    };
    match refused::take(&ctx, &report, wanted, (None, if_match)).await? {
        None => taken(&ctx, &report).await,
        Some(refused) => Ok(refused),
    }
}

/// Somebody who can be sent.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct HandlerItem {
    /// Id, for a dispatch.
    pub id: String,
    /// Name.
    pub name: String,
    /// Unit, in the reader's language; may be empty.
    pub unit: String,
    /// `volunteer`, `grid_worker` or `unit`.
    pub role: &'static str,
    /// Why this volunteer stands first, in words: what they can do, that they serve there and have time.
    pub reason: Option<String>,
}

/// Who can be sent to a report's place.
#[utoipa::path(get, path = "/api/v1/staff/reports/{code}/handlers", tag = "dispatch", params(("code" = String, Path)),
    responses((status = 200, body = Vec<HandlerItem>)))]
pub(crate) async fn handlers(ctx: Ctx, Path(code): Path<String>) -> Result {
    let report = staff::readable(&ctx, &code).await?;
    let around = steps::handlers(&ctx, &report.path).await?;
    let all: Vec<HandlerItem> = prefer(&ctx, (&report.category, &report.major, &report.path), around)
        .await?
        .into_iter()
        .map(|(role, person, reason)| HandlerItem {
            reason,
            unit: ctx.w.pick(&person.unit, &person.unit_en).to_owned(),
            id: person.id,
            name: person.name,
            role: role.code(),
        })
        .collect();
    Ok(Json(all).into_response())
}

/// The same step for several reports.
#[derive(Debug, Default, Deserialize, utoipa::ToSchema)]
#[schema(example = json!({"step": "accept", "reports": [{"code": "K7Q2M9XA", "version": 1}]}))]
#[serde(default)]
pub struct BulkIn {
    /// `accept`, `dispatch`, `reject` or `close`.
    pub step: String,
    /// Words; each report's own code, place and time are filled in.
    pub text: String,
    /// For a dispatch: id of the person.
    pub to: String,
    /// At most 50.
    pub reports: Vec<Picked>,
}

/// A report that is meant.
#[derive(Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Picked {
    /// Its code.
    pub code: String,
    /// Its version, as the caller saw it.
    #[serde(default)]
    pub version: Option<i64>,
}

/// What became of one of several.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct BulkItem {
    /// Its code.
    pub code: String,
    /// The step was taken.
    pub done: bool,
    /// Why not, in words.
    pub reason: Option<String>,
}

/// Takes the same step for several reports, and says what became of each.
#[utoipa::path(post, path = "/api/v1/staff/reports/bulk", tag = "dispatch", request_body = BulkIn,
    responses((status = 200, body = Vec<BulkItem>)))]
pub(crate) async fn several(ctx: Ctx, request: Request) -> Result {
    ctx.actor()?.require_somewhere(Action::ReportManage)?;
    let body: BulkIn = read(request).await?;
    let step = refused::step(&body.step, |step| bulk::STEPS.contains(&step))?;
    if body.reports.is_empty() || body.reports.len() > bulk::MOST {
        return Err(Error::Fields(vec![FieldProblem::of("reports", format!("1 to {}", bulk::MOST))]));
    }
    if step == Step::Dispatch && body.to.is_empty() {
        return Err(Error::Fields(vec![FieldProblem::of("to", ctx.w.t("reports-error-handler"))]));
    }
    if step.needs_reason() && body.text.trim().is_empty() {
        return Err(Error::Fields(vec![FieldProblem::of("text", ctx.w.t("reports-error-reason"))]));
    }
    let mut reports = Vec::new();
    for picked in &body.reports {
        reports.push((staff::readable(&ctx, &picked.code).await?, picked.version));
    }
    let mut done = Vec::new();
    for (report, seen) in &reports {
        let reason = bulk::take(&ctx, (report, *seen), step, (&body.text, &body.to)).await?;
        done.push(BulkItem { code: report.code.clone(), done: reason.is_none(), reason });
    }
    Ok(Json(done).into_response())
}
