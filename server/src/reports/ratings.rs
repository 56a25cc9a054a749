//! What reporters say of how it was dealt with, and the community's answers: `/staff/reports/ratings`. A bad rating is
//! answered within [`ANSWER_DAYS`] working days. The answer is a step in the report's life, for the reporter's eyes.

use super::{
    answers, public,
    queue::{self, Reach},
    steps::{self, StepError, Wanted},
    store::{self, Report, instant},
    view,
};
use crate::{
    app_state::App,
    http::{Ctx, Error, FormBody, Page, Result, see_other_with},
};
use app::{
    people::Action,
    places::Waiting,
    reports::{Step, answers::fill, life::ANSWER_DAYS},
    time::{date, day_of},
    ui::{nav::Way, shell::Tab},
    windows::{
        pages::{RatingRow, RatingsPage, ratings_page},
        queue::REASON_BELOW,
    },
};
use axum::{extract::Path, http::StatusCode};
use jiff::{Timestamp, civil::Date};
use serde::Deserialize;

/// The page.
pub const PAGE: &str = "/staff/reports/ratings";

/// The last day on which an answer to a bad rating is in time. `None`: no working day is known.
pub fn answer_due(app: &App, rated_at: Timestamp) -> Option<Date> {
    (0..ANSWER_DAYS).try_fold(day_of(rated_at), |day, _| app.calendar.next_working_day(day))
}

/// Ratings of visits and of reports as two ways, where the reader answers both.
pub fn kinds(ctx: &Ctx, reports: bool) -> std::result::Result<Vec<Way>, Error> {
    let actor = ctx.actor()?;
    let both = [Action::HallManage, Action::ReportManage].into_iter().all(|action| !actor.scopes(action).is_empty());
    if !both {
        return Ok(Vec::new());
    }
    Ok(vec![
        Way::new("/staff/ratings", ctx.w.t("reports-ratings-visits"), !reports),
        Way::new(PAGE, ctx.w.t("reports-ratings-reports"), reports),
    ])
}

/// For those who answer: how many bad ratings wait for it.
pub(super) async fn waiting(ctx: &Ctx, reach: &Reach) -> std::result::Result<Option<Waiting>, Error> {
    let (count, oldest) = queue::ratings_waiting(&ctx.app.db, reach).await?;
    let Some(oldest) = oldest else { return Ok(None) };
    let due = answer_due(&ctx.app, instant(oldest));
    let w = ctx.w;
    Ok(Some(Waiting {
        title: w.t("reports-ratings-waiting"),
        note: due.map(|due| w.tf("queue-ratings-waiting-note", &[("date", date(w.lang, due).into())])),
        count,
        late: due.is_some_and(|due| due < day_of(ctx.now)),
        href: PAGE.to_owned(),
    }))
}

/// An answer that was not taken: the report's code, what was typed, and why.
struct Wrong {
    code: String,
    text: String,
    why: String,
    status: StatusCode,
}

/// `/staff/reports/ratings`.
pub async fn list(ctx: Ctx) -> Result {
    render(&ctx, None).await
}

async fn render(ctx: &Ctx, wrong: Option<Wrong>) -> Result {
    let actor = ctx.actor()?;
    actor.require_somewhere(Action::ReportManage)?;
    let reach = Reach::of(&ctx.app.db, &actor.scopes(Action::ReportManage), "").await?;
    let reports = queue::rated(&ctx.app.db, &reach).await?;
    let rows: Vec<RatingRow> = reports.iter().map(|report| row(ctx, report, wrong.as_ref())).collect();
    let status = wrong.as_ref().map_or(StatusCode::OK, |wrong| wrong.status);
    // Where its form is gone, what was typed stands on top.
    let trouble = wrong.filter(|_| rows.iter().all(|row| row.wrong.is_none())).map(|wrong| (wrong.why, wrong.text));
    let page = RatingsPage {
        w: ctx.w,
        kinds: kinds(ctx, true)?,
        halls: Vec::new(),
        who: "reports-said-community",
        trouble,
        rows,
    };
    Ok(Page::new(ctx, ctx.w.t("reports-ratings")).tab(Tab::StaffRatings).status(status).render(ratings_page(page)))
}

fn row(ctx: &Ctx, report: &Report, wrong: Option<&Wrong>) -> RatingRow {
    let w = ctx.w;
    let rated = report.rated_at.map_or(ctx.now, instant);
    let stars = report.stars.unwrap_or(0);
    let waits = stars < REASON_BELOW && report.stars_answered_at.is_none();
    let due = answer_due(&ctx.app, rated).filter(|_| waits);
    let late = due.and_then(|due| day_of(ctx.now).since(due).ok()).map_or(0, |span| span.get_days());
    let again = wrong.filter(|wrong| wrong.code == report.code && report.stars_answered_at.is_none());
    RatingRow {
        id: report.code.clone(),
        action: format!("/staff/reports/{}/rating", report.code),
        sends: report.rated_at.map(|at| ("rated", at.to_string())),
        what: format!("{} · {} · {}", date(w.lang, day_of(rated)), report.code, view::title(w, report)),
        href: Some(format!("/staff/reports/{}", report.code)),
        rated: (stars, report.stars_reason.clone(), report.stars_answer.clone()),
        due: due.map(|due| date(w.lang, due)),
        late: i64::from(late.max(0)),
        wrong: again.map(|wrong| (wrong.text.clone(), wrong.why.clone())),
    }
}

/// What the form of an answer sends.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Body {
    answer: String,
    /// When it was rated, in microseconds: the rating that was on the page.
    rated: Option<i64>,
}

/// `POST /staff/reports/{code}/rating`: answers a rating. The same answer sent twice is one.
pub async fn answer(ctx: Ctx, Path(code): Path<String>, FormBody(body): FormBody<Body>) -> Result {
    let actor = ctx.actor()?;
    actor.require_somewhere(Action::ReportManage)?;
    let report = public::find(&ctx, &code).await?;
    actor.require(Action::ReportManage, &report.path)?;
    let text = fill(body.answer.trim(), &answers::values(ctx.w, &report, ctx.now));
    let done = || see_other_with(&ctx, PAGE, "flash-queue-answered");
    let wrong = |why: String, status| Wrong { code: report.code.clone(), text: text.clone(), why, status };
    if body.rated.is_some() && body.rated != report.rated_at {
        return render(&ctx, Some(wrong(ctx.w.t("reports-ratings-conflict"), StatusCode::CONFLICT))).await;
    }
    let wanted = Wanted { text: text.clone(), ..Wanted::new(Step::RateAnswer) };
    match steps::take(&ctx, &report, &wanted, None).await {
        Ok(()) => Ok(done()),
        Err(StepError::Failed(error)) => Err(error),
        Err(StepError::Mistakes(mistakes)) => {
            let why = mistakes.first().map_or_else(String::new, |(_, key)| ctx.w.t(key));
            render(&ctx, Some(wrong(why, StatusCode::UNPROCESSABLE_ENTITY))).await
        }
        Err(StepError::Obstacle(_) | StepError::Stale(_) | StepError::OwnWork) => {
            let fresh = store::by_id(&ctx.app.db, &report.id).await?;
            if fresh.is_some_and(|fresh| fresh.stars_answered_at.is_some() && fresh.stars_answer == text) {
                return Ok(done());
            }
            render(&ctx, Some(wrong(ctx.w.t("reports-ratings-conflict"), StatusCode::CONFLICT))).await
        }
    }
}
