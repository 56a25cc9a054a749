//! The dispatch desk through the API.

use super::{own::taken, refused};
use crate::{
    http::{
        Ctx, Error, FieldProblem, Params, Result,
        api::{IfMatch, Listed, Paging, listed, read, versioned},
    },
    photos::{self, store::OF_REPORT},
    reports::{
        answers, bulk, events, queue,
        queue::{Cursor, Reach},
        staff,
        steps::{self, Wanted},
        store::Report,
        view::{self, Reader},
    },
};
use app::{
    people::Action,
    reports::{Step, answers::fill},
};
use axum::{
    Json,
    extract::{Path, Request},
    http::StatusCode,
    response::IntoResponse,
};
use serde::{Deserialize, Serialize};

/// Filters of the queue.
#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct Filters {
    /// `open` (the default), `late`, `today`, `unassigned`, `verify`, `extension-1`, `extension-2`, `ordered`, `returned`, `all`, or a
    /// state.
    pub state: String,
    /// Code of a major category.
    pub kind: String,
    /// Code of a category.
    pub category: String,
    /// Code of a grid.
    pub grid: String,
    /// Id of the owner.
    pub owner: String,
    /// Channel: `resident`, `patrol`, `hotline`, `transfer`, `api`.
    pub channel: String,
    /// Words in description or place, or a code.
    pub q: String,
}

impl Filters {
    fn asked(self) -> queue::Asked {
        queue::Asked {
            state: if self.state.is_empty() { "open".to_owned() } else { self.state },
            major: self.kind,
            category: self.category,
            grid: self.grid,
            owner: self.owner,
            channel: self.channel,
            text: self.q.chars().take(100).collect(),
        }
    }
}

/// A report as those who work on it see it in a list.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct WorkItem {
    /// Its code.
    pub code: String,
    /// Its state.
    pub state: String,
    /// Number of the last thing that happened: the lock of the next step.
    pub version: i64,
    /// Code of the category.
    pub category: String,
    /// Its name in the reader's language.
    pub category_name: String,
    /// Community, grid and building.
    pub place: String,
    /// The reporter's words.
    pub description: String,
    /// Channel.
    pub channel: String,
    /// Who has it.
    pub owner: Option<String>,
    /// RFC 3339.
    pub filed_at: String,
    /// By when it is to be dealt with; RFC 3339.
    pub due_at: Option<String>,
    /// By when the owner is to be done; RFC 3339.
    pub owner_due_at: Option<String>,
    /// WGS-84 longitude and latitude.
    pub position: Option<(f64, f64)>,
}

/// A report in a list of work.
pub fn item(ctx: &Ctx, report: Report) -> WorkItem {
    WorkItem {
        category_name: view::category(ctx.w, &report),
        place: view::whole_place(ctx.w, &report),
        channel: report.channel().code().to_owned(),
        filed_at: report.filed().to_string(),
        due_at: report.due().map(|due| due.to_string()),
        owner_due_at: report.owner_due().map(|due| due.to_string()),
        position: report.at_longitude.zip(report.at_latitude),
        code: report.code,
        state: report.state,
        version: report.version,
        category: report.category,
        description: report.description,
        owner: report.owner_name,
    }
}

/// The queue of the reader's places, what is most urgent first; what is over by its last change.
#[utoipa::path(get, path = "/api/v1/staff/reports", tag = "dispatch", params(Filters, Paging), responses(
    (status = 200, body = Listed<WorkItem>),
))]
pub(crate) async fn list(ctx: Ctx, Params(filters): Params<Filters>, Params(paging): Params<Paging>) -> Result {
    let actor = ctx.actor()?;
    actor.require_somewhere(Action::ReportRead)?;
    let asked = filters.asked();
    let after = paging.after(Cursor::from_code)?;
    let reach = Reach::of(&ctx.app.db, &actor.scopes(Action::ReportRead), &asked.grid).await?;
    let what = (&asked, actor.id.as_str());
    let (rows, next) = queue::page_of(&ctx.app.db, &reach, what, (after.as_ref(), paging.rows()?), ctx.now).await?;
    let items = rows.into_iter().map(|report| item(&ctx, report)).collect();
    Ok(listed(&ctx, items, next.map(|cursor| cursor.code())))
}

/// How many reports wait.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Waiting {
    /// Open ones by state.
    pub states: Vec<StateCount>,
    /// There are more than are counted: each number is the least there are.
    pub at_least: bool,
    /// First extensions that the community decides on.
    pub extensions: i64,
    /// Second extensions that the street decides on.
    pub extensions_above: i64,
    /// Orders of supervision without an answer.
    pub ordered: i64,
    /// Handed back, and without an owner again.
    pub returned: i64,
}

/// Open reports in one state.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct StateCount {
    /// The state.
    pub state: String,
    /// All of them.
    pub all: i64,
    /// Past their deadline.
    pub late: i64,
    /// With a deadline today.
    pub today: i64,
    /// Without an owner.
    pub unassigned: i64,
    /// Handled by others than the reader.
    pub verify: i64,
}

/// How many reports wait in the reader's places, with the filters but `state`.
#[utoipa::path(get, path = "/api/v1/staff/reports/counts", tag = "dispatch", params(Filters), responses(
    (status = 200, body = Waiting),
))]
pub(crate) async fn counts(ctx: Ctx, Params(filters): Params<Filters>) -> Result {
    let actor = ctx.actor()?;
    actor.require_somewhere(Action::ReportRead)?;
    let asked = filters.asked();
    let db = &ctx.app.db;
    let reach = Reach::of(db, &actor.scopes(Action::ReportRead), &asked.grid).await?;
    let counts = queue::counts(db, &reach, (&asked, &actor.id), ctx.now).await?;
    let waits = queue::waits(db, &reach).await?;
    let states = counts.states.into_iter().map(|count| StateCount {
        state: count.state,
        all: count.all,
        late: count.late,
        today: count.today,
        unassigned: count.unassigned,
        verify: count.verify,
    });
    Ok(Json(Waiting {
        states: states.collect(),
        at_least: counts.more,
        extensions: waits.first,
        extensions_above: waits.second,
        ordered: waits.ordered,
        returned: waits.returned,
    })
    .into_response())
}

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
    responses((status = 200, body = super::own::StepTaken),
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
}

/// Who can be sent to a report's place.
#[utoipa::path(get, path = "/api/v1/staff/reports/{code}/handlers", tag = "dispatch", params(("code" = String, Path)),
    responses((status = 200, body = Vec<HandlerItem>)))]
pub(crate) async fn handlers(ctx: Ctx, Path(code): Path<String>) -> Result {
    let report = staff::readable(&ctx, &code).await?;
    let all: Vec<HandlerItem> = steps::handlers(&ctx, &report.path)
        .await?
        .into_iter()
        .map(|(role, person)| HandlerItem {
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

/// Whether everybody may see a photo.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[schema(example = json!({"released": true}))]
pub struct ReleaseIn {
    /// Everybody may see it.
    pub released: bool,
}

/// Shows a photo to everybody, or no longer.
#[utoipa::path(post, path = "/api/v1/staff/reports/{code}/photos/{id}", tag = "dispatch", request_body = ReleaseIn,
    params(("code" = String, Path), ("id" = String, Path)), responses((status = 204, description = "done")))]
pub(crate) async fn release(ctx: Ctx, Path((code, id)): Path<(String, String)>, request: Request) -> Result {
    let report = staff::readable(&ctx, &code).await?;
    ctx.actor()?.require(Action::ReportManage, &report.path)?;
    let body: ReleaseIn = read(request).await?;
    staff::set_released(&ctx, &report, &id, body.released).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
