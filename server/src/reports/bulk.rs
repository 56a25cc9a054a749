//! Several reports at once: the same step for each, through the same use case as one alone, and what became of each.

use super::{
    public, staff,
    steps::{self, StepError, Wanted},
    store::Report,
    view,
};
use crate::http::{Ctx, Error, FormBody, Page, Result};
use app::{
    people::{Action, Role},
    reports::{
        Step,
        pages::{BulkDone, BulkPage, Handler, bulk_page},
    },
    ui::shell::Tab,
};
use serde::Deserialize;

/// Most reports in one go.
const MOST: usize = 50;
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
    /// Empty at first: then the form for the words is shown with the message that residents get.
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
        _ if body.sure.is_empty() => None,
        Step::Dispatch if body.to.is_empty() => Some("reports-error-handler"),
        step if step.needs_reason() && body.text.trim().is_empty() => Some("reports-error-reason"),
        _ => None,
    };
    if body.sure.is_empty() || missing.is_some() {
        let message = reports.iter().find(|(report, _)| report.reporter_id.is_some());
        let page = BulkPage {
            step: Some(step),
            picks: body.pick.clone(),
            titles: reports.iter().map(|(report, _)| view::title(w, report)).collect(),
            handlers: if step == Step::Dispatch { common_handlers(&ctx, &reports).await? } else { Vec::new() },
            to: body.to.clone(),
            text: body.text.clone(),
            message: message.and_then(|(report, _)| view::message(w, report, step, &body.text)),
            trouble: missing.map(|key| w.t(key)),
            ..BulkPage::new(w)
        };
        return Ok(shown(&ctx, page, missing.is_some()));
    }
    let mut done = Vec::new();
    for (report, seen) in &reports {
        let wanted = Wanted { seen: *seen, text: body.text.clone(), to: body.to.clone(), ..plain(step) };
        let why = match steps::take(&ctx, report, &wanted, None).await {
            Ok(()) => None,
            Err(error) => Some(why(&ctx, wanted, error)?),
        };
        done.push(BulkDone { code: report.code.clone(), title: view::title(w, report), why });
    }
    Ok(shown(&ctx, BulkPage { step: Some(step), done, ..BulkPage::new(w) }, false))
}

fn shown(ctx: &Ctx, page: BulkPage, invalid: bool) -> axum::response::Response {
    let answer = Page::new(ctx, ctx.w.t("desk-bulk")).tab(Tab::StaffReports).back("/staff/reports");
    if invalid { answer.invalid().render(bulk_page(page)) } else { answer.render(bulk_page(page)) }
}

/// A step without anything more.
fn plain(step: Step) -> Wanted {
    Wanted::new(step)
}

/// Why a step was not taken, in words. What broke is an error of the whole page: nothing is hidden.
fn why(ctx: &Ctx, wanted: Wanted, error: StepError) -> std::result::Result<String, Error> {
    match error {
        StepError::Mistakes(mistakes) => Ok(mistakes.iter().map(|(_, key)| ctx.w.t(key)).collect::<Vec<_>>().join(" ")),
        StepError::Failed(Error::Forbidden) => Ok(ctx.w.t("desk-bulk-forbidden")),
        other => Ok(staff::after(ctx, wanted, other)?.say().0.unwrap_or_default()),
    }
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
