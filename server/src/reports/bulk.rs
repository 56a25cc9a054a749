//! Several reports at once: the same step for each, through the same use case as one alone, and what became of each.

use super::{
    answers, public, staff,
    steps::{self, StepError, Wanted},
    store::Report,
    view,
};
use crate::http::{Ctx, Error, FormBody, Page, Result};
use app::{
    people::{Action, Role},
    reports::{
        Step,
        answers::fill,
        pages::{Answer, BulkDone, BulkPage, Handler, bulk_page},
    },
    ui::shell::Tab,
};
use serde::Deserialize;

/// Most reports in one go.
pub const MOST: usize = 50;
/// Steps that can be taken for several at once.
pub const STEPS: [Step; 4] = [Step::Accept, Step::Dispatch, Step::Reject, Step::Close];

/// What was ticked and what is to be done.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct BulkBody {
    /// Code and version, `K7Q2M9XA:3`.
    pick: Vec<String>,
    step: String,
    to: String,
    text: String,
    /// Id of an answer that is to be put into the words.
    answer: String,
    /// `1` to do it; `answer` to put an answer into the words. Empty at first: then the form for the words is shown with the message that residents get.
    sure: String,
}

/// `POST /staff/reports/bulk`.
pub async fn bulk(ctx: Ctx, FormBody(body): FormBody<BulkBody>) -> Result {
    let actor = ctx.actor()?;
    actor.require_somewhere(Action::ReportManage)?;
    let w = ctx.w;
    let step = Step::from_code(&body.step).filter(|step| STEPS.contains(step));
    let picked: Vec<(String, Option<i64>)> = body
        .pick
        .iter()
        .map(|pick| match pick.split_once(':') {
            Some((code, version)) => (code.to_owned(), version.parse().ok()),
            None => (pick.clone(), None),
        })
        .collect();
    let (Some(step), false) = (step, picked.is_empty()) else {
        let page = BulkPage { trouble: Some(w.t("desk-bulk-nothing")), ..BulkPage::new(w) };
        return Ok(shown(&ctx, page, true));
    };
    if picked.len() > MOST {
        return Err(Error::BadRequest("at most 50 reports at once".into()));
    }
    let mut reports = Vec::new();
    for (code, version) in picked {
        let report = public::find(&ctx, &code).await?;
        actor.require(Action::ReportRead, &report.path)?;
        reports.push((report, version));
    }
    let missing = match step {
        _ if body.sure != "1" => None,
        Step::Dispatch if body.to.is_empty() => Some("reports-error-handler"),
        step if step.needs_reason() && body.text.trim().is_empty() => Some("reports-error-reason"),
        _ => None,
    };
    if body.sure != "1" || missing.is_some() {
        let mut text = body.text.clone();
        let canned = common_answers(&ctx, &reports, step).await?;
        if !body.answer.is_empty() && body.sure == "answer" {
            text = answers::insert_into(&text, &canned, &body.answer);
        }
        let first = reports.iter().find(|(report, _)| report.reporter_id.is_some()).or(reports.first());
        let message = first.and_then(|(report, _)| {
            let values = answers::values(w, report, ctx.now);
            view::message(w, report, step, &fill(&text, &values), &values)
        });
        let page = BulkPage {
            step: Some(step),
            picks: body.pick.clone(),
            titles: reports.iter().map(|(report, _)| view::title(w, report)).collect(),
            handlers: if step == Step::Dispatch { common_handlers(&ctx, &reports).await? } else { Vec::new() },
            to: body.to.clone(),
            text,
            message,
            answers: canned,
            trouble: missing.map(|key| w.t(key)),
            ..BulkPage::new(w)
        };
        return Ok(shown(&ctx, page, missing.is_some()));
    }
    let mut done = Vec::new();
    for (report, seen) in &reports {
        let why = take(&ctx, (report, *seen), step, (&body.text, &body.to)).await?;
        done.push(BulkDone { code: report.code.clone(), title: view::title(w, report), why });
    }
    Ok(shown(&ctx, BulkPage { step: Some(step), done, ..BulkPage::new(w) }, false))
}

/// Takes the step for one of several; gives why not, in words. Each report's own code, place and time are filled in where the
/// words have room for them.
pub async fn take(
    ctx: &Ctx,
    (report, seen): (&Report, Option<i64>),
    step: Step,
    (text, to): (&str, &str),
) -> std::result::Result<Option<String>, Error> {
    let text = fill(text, &answers::values(ctx.w, report, ctx.now));
    let wanted = Wanted { seen, text, to: to.to_owned(), ..Wanted::new(step) };
    match steps::take(ctx, report, &wanted, None).await {
        Ok(()) => Ok(None),
        Err(error) => why(ctx, wanted, error).map(Some),
    }
}

fn shown(ctx: &Ctx, page: BulkPage, invalid: bool) -> axum::response::Response {
    let answer = Page::new(ctx, ctx.w.t("desk-bulk")).tab(Tab::StaffReports).back("/staff/reports");
    if invalid { answer.invalid().render(bulk_page(page)) } else { answer.render(bulk_page(page)) }
}

/// Why a step was not taken, in words. What broke is an error of the whole page: nothing is hidden.
fn why(ctx: &Ctx, wanted: Wanted, error: StepError) -> std::result::Result<String, Error> {
    match error {
        StepError::Mistakes(mistakes) => Ok(mistakes.iter().map(|(_, key)| ctx.w.t(key)).collect::<Vec<_>>().join(" ")),
        StepError::Failed(Error::Forbidden) => Ok(ctx.w.t("desk-bulk-forbidden")),
        other => Ok(staff::after(ctx, wanted, other)?.say().0.unwrap_or_default()),
    }
}

/// Answers that hold at all of these places, with the places in them still open: each report fills in its own.
async fn common_answers(
    ctx: &Ctx,
    reports: &[(Report, Option<i64>)],
    step: Step,
) -> std::result::Result<Vec<Answer>, Error> {
    let communities: std::collections::BTreeSet<&str> =
        reports.iter().map(|(report, _)| report.path.as_str()).collect();
    let mut common: Option<Vec<answers::Canned>> = None;
    for path in communities {
        let here = answers::at(&ctx.app.db, path).await?;
        common = Some(match common {
            None => here,
            Some(so_far) => so_far.into_iter().filter(|one| here.iter().any(|other| other.id == one.id)).collect(),
        });
    }
    Ok(common
        .unwrap_or_default()
        .into_iter()
        .filter(|canned| canned.step == step.code())
        .map(|canned| Answer {
            text: ctx.w.pick(&canned.text, &canned.text_en).to_owned(),
            id: canned.id,
            title: canned.title,
        })
        .collect())
}

/// Who can be sent to all of these places.
async fn common_handlers(ctx: &Ctx, reports: &[(Report, Option<i64>)]) -> std::result::Result<Vec<Handler>, Error> {
    let w = ctx.w;
    let mut common: Option<Vec<(Role, crate::people::store::PersonBrief)>> = None;
    let paths: std::collections::BTreeSet<&str> = reports.iter().map(|(report, _)| report.path.as_str()).collect();
    for path in paths {
        let here = steps::handlers(ctx, path).await?;
        common = Some(match common {
            None => here,
            Some(so_far) => {
                so_far.into_iter().filter(|(_, person)| here.iter().any(|(_, other)| other.id == person.id)).collect()
            }
        });
    }
    Ok(common
        .unwrap_or_default()
        .into_iter()
        .map(|(role, person)| {
            let unit = w.pick(&person.unit, &person.unit_en);
            let note = if unit.is_empty() { w.t(role.key()) } else { unit.to_owned() };
            Handler { id: person.id, name: person.name, note }
        })
        .collect())
}
