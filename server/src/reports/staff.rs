//! One report for staff, with everything that may be done to it. The list is in `desk.rs`.

mod open;
mod page;

pub use open::{Open, after, forms, quicker};
pub use page::{facts, look_at_reporter, note_look, same, with_caller};

use super::{
    answers, public,
    service::Viewer,
    steps::{self, Wanted},
    store::Report,
};
use crate::{
    audit,
    http::{Ctx, Error, FormBody, Result, see_other_with},
    photos,
};
use app::{
    people::Action,
    reports::{Step, answers::fill},
};
use axum::extract::{Path, Query};
use page::render;
use serde::Deserialize;

/// Which step's form stands open.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    step: String,
}

/// `/staff/reports/{code}`.
pub async fn show(ctx: Ctx, Path(code): Path<String>, Query(asked): Query<Asked>) -> Result {
    let report = readable(&ctx, &code).await?;
    render(&ctx, &report, Open { step: Step::from_code(&asked.step), ..Open::default() }).await
}

/// The report with this code, if the reader works on reports of its place.
pub async fn readable(ctx: &Ctx, code: &str) -> std::result::Result<Report, Error> {
    let actor = ctx.actor()?;
    actor.require_somewhere(Action::ReportRead)?;
    let report = public::find(ctx, code).await?;
    actor.require(Action::ReportRead, &report.path)?;
    Ok(report)
}

/// A step as a staff form sends it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct StepBody {
    step: String,
    version: Option<i64>,
    text: String,
    internal: String,
    to: String,
    into: String,
    category: String,
    /// `1`: shows the message; `answer`: puts an answer into the words.
    preview: String,
    answer: String,
}

/// `POST /staff/reports/{code}`: takes a step, or shows what the resident would get.
pub async fn step(ctx: Ctx, Path(code): Path<String>, FormBody(body): FormBody<StepBody>) -> Result {
    let report = readable(&ctx, &code).await?;
    let Some(step) = Step::from_code(&body.step).filter(|step| step.action().is_some()) else {
        return Err(Error::BadRequest("there is no such step".into()));
    };
    let wanted = Wanted {
        seen: body.version,
        text: fill(&body.text, &answers::values(ctx.w, &report, ctx.now)),
        internal: body.internal,
        to: body.to,
        into: body.into,
        category: body.category,
        ..Wanted::new(step)
    };
    if !body.preview.is_empty() {
        let answer = if body.preview == "answer" { body.answer } else { String::new() };
        return render(&ctx, &report, Open { step: Some(step), wanted: Some(wanted), answer, ..Open::default() }).await;
    }
    match steps::take(&ctx, &report, &wanted, None).await {
        Ok(()) => Ok(see_other_with(&ctx, &format!("/staff/reports/{}", report.code), "flash-report-step")),
        Err(error) => {
            let open = after(&ctx, wanted, error)?;
            // As it is now: somebody may have been quicker.
            let report = readable(&ctx, &code).await?;
            render(&ctx, &report, open).await
        }
    }
}

/// Which photo to show to the public, or no longer.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ReleaseBody {
    photo: String,
    release: String,
}

/// `POST /staff/reports/{code}/photos`.
pub async fn release(ctx: Ctx, Path(code): Path<String>, FormBody(body): FormBody<ReleaseBody>) -> Result {
    let report = readable(&ctx, &code).await?;
    ctx.actor()?.require(Action::ReportManage, &report.path)?;
    let released = body.release == "1";
    set_released(&ctx, &report, &body.photo, released).await?;
    let flash = if released { "flash-report-photo-released" } else { "flash-report-photo-hidden" };
    Ok(see_other_with(&ctx, &format!("/staff/reports/{}", report.code), flash))
}

/// Shows a photo of a report to everybody, or no longer.
pub async fn set_released(ctx: &Ctx, report: &Report, id: &str, released: bool) -> std::result::Result<(), Error> {
    let actor = ctx.actor()?;
    actor.require(Action::ReportManage, &report.path)?;
    let photos = photos::store::of_report(&ctx.app.db, &report.id).await?;
    let photo = photos.iter().find(|photo| photo.id == id).ok_or(Error::NotFound)?;
    let mut tx = ctx.app.db.begin().await?;
    photos::store::set_released(&mut tx, &photo.id, released).await?;
    let entry = audit::Entry {
        by: audit::By::Person(&actor.id),
        action: if released { "report.release_photo" } else { "report.hide_photo" },
        object_kind: "photo",
        object_id: &photo.id,
        detail: serde_json::json!({ "code": report.code }),
        request_id: &ctx.request_id,
    };
    audit::write(&mut tx, entry, ctx.now).await?;
    tx.commit().await?;
    Ok(())
}

/// Whether the reader may see this report as its handler.
pub fn is_handler(ctx: &Ctx, report: &Report) -> bool {
    Viewer::of(ctx, report, None).handler
}
