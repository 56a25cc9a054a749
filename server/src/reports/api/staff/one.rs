//! One report for those who work on it.

use super::{WorkItem, item};
use crate::{
    http::{Ctx, Result, api::versioned},
    photos::{self, store::OF_REPORT},
    reports::{
        events, staff,
        store::Report,
        view::{self, Reader},
    },
};
use app::people::Action;
use axum::{Json, extract::Path, response::IntoResponse};
use serde::Serialize;

/// A report for those who work on it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct WorkReport {
    /// What lists show.
    #[serde(flatten)]
    pub item: WorkItem,
    /// The place in the reporter's words.
    pub place_text: String,
    /// Who filed it, in words; numbers are masked. Every look at it is in the audit log. Absent for handlers where the reporter
    /// wants it so.
    pub reporter: Option<String>,
    /// The number that the other side gave it.
    pub foreign_number: String,
    /// Steps that the reader may take now.
    pub steps: Vec<String>,
    /// Its photos.
    pub photos: Vec<WorkPhoto>,
    /// What happened, the newest first.
    pub events: Vec<WorkEvent>,
}

/// A photo of a report.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct WorkPhoto {
    /// Its id.
    pub id: String,
    /// `before`, `progress`, `after` or `added`.
    pub role: String,
    /// Everybody may see it.
    pub released: bool,
    /// Its address.
    pub href: String,
}

/// Something that happened.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct WorkEvent {
    /// RFC 3339.
    pub at: String,
    /// State after it.
    pub state: String,
    /// What.
    pub title: String,
    /// Who and why.
    pub notes: Vec<String>,
}

/// The whole report for those who work on it. `reporter`: who filed it, as far as the reader may know.
pub async fn whole(ctx: &Ctx, report: Report, reporter: Option<String>, handles: bool) -> Result {
    let actor = ctx.actor()?;
    let photos = photos::store::of_report(&ctx.app.db, &report.id).await?;
    let events = events::of_report(&ctx.app.db, &report.id).await?;
    let forms = staff::forms(ctx, actor, &report, &staff::Open::default()).await?;
    let version = report.version;
    let answer = WorkReport {
        steps: forms
            .iter()
            .filter(|form| (form.step.action() == Some(Action::ReportHandle)) == handles)
            .map(|form| form.step.code().to_owned())
            .collect(),
        events: view::happened(ctx, &events, &photos, Reader::Works)
            .into_iter()
            .map(|event| WorkEvent {
                at: event.at,
                state: event.state.code().to_owned(),
                title: event.title,
                notes: event.notes,
            })
            .collect(),
        photos: photos
            .iter()
            .map(|photo| WorkPhoto {
                id: photo.id.clone(),
                role: if photo.owner_kind.as_deref() == Some(OF_REPORT) { "before" } else { photo.role.as_str() }
                    .to_owned(),
                released: photo.released == 1,
                href: format!("/photos/{}/full", photo.id),
            })
            .collect(),
        place_text: report.place_text.clone(),
        foreign_number: report.foreign_code.clone(),
        reporter,
        item: item(ctx, report),
    };
    Ok(versioned(version, answer))
}

/// One report, with who filed it, all photos and internal notes.
#[utoipa::path(get, path = "/api/v1/staff/reports/{code}", tag = "dispatch", params(("code" = String, Path)),
    responses((status = 200, body = WorkReport)))]
pub(crate) async fn show(ctx: Ctx, Path(code): Path<String>) -> Result {
    let report = staff::readable(&ctx, &code).await?;
    let reporter = staff::look_at_reporter(&ctx, ctx.actor()?, &report).await?;
    whole(&ctx, report, Some(reporter), false).await
}

/// Open reports that may be about the same as this one, the newest first, at most five. The step `merge` makes one of two.
#[utoipa::path(get, path = "/api/v1/staff/reports/{code}/alike", tag = "dispatch", params(("code" = String, Path)),
    responses((status = 200, body = Vec<WorkItem>)))]
pub(crate) async fn alike(ctx: Ctx, Path(code): Path<String>) -> Result {
    let report = staff::readable(&ctx, &code).await?;
    let found: Vec<WorkItem> = staff::same(&ctx, &report).await?.into_iter().map(|report| item(&ctx, report)).collect();
    Ok(Json(found).into_response())
}
