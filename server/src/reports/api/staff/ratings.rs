//! What reporters say of how it was dealt with, and answers to it.

use crate::{
    http::{
        Ctx, Params, Result,
        api::{IfMatch, Listed, Paging, listed, read},
    },
    reports::{
        answers,
        api::{own::taken, refused},
        queue::{self, Reach},
        ratings::answer_due,
        staff,
        steps::Wanted,
        store::instant,
    },
};
use app::{
    people::Action,
    reports::{Step, answers::fill},
    windows::queue::REASON_BELOW,
};
use axum::extract::{Path, Request};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A rating of a report.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ReportRating {
    /// Code of the report.
    pub code: String,
    /// 1 to 5.
    pub stars: i64,
    /// Why; may be empty.
    pub reason: String,
    /// RFC 3339.
    pub rated_at: Option<String>,
    /// What was answered; may be empty.
    pub answer: String,
    /// The last day for an answer to a bad one that has none.
    #[schema(value_type = Option<String>, format = Date)]
    pub answer_due: Option<Date>,
}

/// Ratings of reports in the reader's places: those that wait for an answer first.
#[utoipa::path(get, path = "/api/v1/staff/reports/ratings", tag = "dispatch", params(Paging),
    responses((status = 200, body = Listed<ReportRating>)))]
pub(crate) async fn list(ctx: Ctx, Params(paging): Params<Paging>) -> Result {
    let actor = ctx.actor()?;
    actor.require_somewhere(Action::ReportManage)?;
    let reach = Reach::of(&ctx.app.db, &actor.scopes(Action::ReportManage), "").await?;
    let (page, next) = paging.cut(queue::rated(&ctx.app.db, &reach).await?)?;
    let items = page
        .into_iter()
        .map(|report| {
            let stars = report.stars.unwrap_or(0);
            let rated = report.rated_at.map(instant);
            let waits = stars < REASON_BELOW && report.stars_answered_at.is_none();
            ReportRating {
                answer_due: rated.filter(|_| waits).and_then(|at| answer_due(&ctx.app, at)),
                rated_at: rated.map(|at| at.to_string()),
                stars,
                code: report.code,
                reason: report.stars_reason,
                answer: report.stars_answer,
            }
        })
        .collect();
    Ok(listed(&ctx, items, next))
}

/// An answer to a rating.
#[derive(Debug, Default, Deserialize, utoipa::ToSchema)]
#[schema(example = json!({"answer": "对不起，配件当天没有到。"}))]
#[serde(default)]
pub struct ReportRatingAnswer {
    /// In plain words, for whoever filed it; canned places such as `{code}` are filled in.
    pub answer: String,
    /// The report's version; `If-Match` says the same.
    pub version: Option<i64>,
}

/// Answers a rating of a report.
#[utoipa::path(post, path = "/api/v1/staff/reports/{code}/rating", tag = "dispatch", request_body = ReportRatingAnswer,
    params(("code" = String, Path), ("If-Match" = Option<String>, Header, description = "the version, as `ETag` says it")),
    responses((status = 200, body = crate::reports::api::own::StepTaken),
        (status = 409, description = "there is none, or it was answered before; with `state` and `version`")))]
pub(crate) async fn answer(ctx: Ctx, if_match: IfMatch, Path(code): Path<String>, request: Request) -> Result {
    let report = staff::readable(&ctx, &code).await?;
    ctx.actor()?.require(Action::ReportManage, &report.path)?;
    let body: ReportRatingAnswer = read(request).await?;
    let text = fill(body.answer.trim(), &answers::values(ctx.w, &report, ctx.now));
    let wanted = Wanted { seen: if_match.or(body.version)?, text, ..Wanted::new(Step::RateAnswer) };
    match refused::take(&ctx, &report, wanted, (None, if_match)).await? {
        None => taken(&ctx, &report).await,
        Some(refused) => Ok(refused),
    }
}
