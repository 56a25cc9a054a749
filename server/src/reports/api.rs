//! The JSON API of reports: categories, filing, the public view; lists, one's own, the desk and tasks in rooms below.

pub(crate) mod lists;
pub(crate) mod own;
mod refused;
pub(crate) mod settings;
pub(crate) mod staff;
pub(crate) mod tasks;

use super::{
    categories, events,
    file::{self, FileError, Source, System},
    join, public,
    service::Viewer,
    store::{self, instant},
    view,
};
use crate::{
    http::{
        Ctx, Error, FieldProblem, Params, Result, Writer,
        api::{self, OnceKey},
    },
    photos, places,
};
use app::{
    people::Scope,
    reports::{call::MAX_FOREIGN, form::ReportForm},
};
use axum::{
    Json,
    extract::{Path, Request},
    http::StatusCode,
    response::IntoResponse,
};
use serde::{Deserialize, Serialize};

/// A minor category.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct CategoryOut {
    /// Code, to be named when a report is filed.
    pub code: String,
    /// Name in the reader's language.
    pub name: String,
    /// Code of its major.
    pub major: String,
    /// Name of its major in the reader's language.
    pub major_name: String,
    /// Words that residents use for it.
    pub hints: Vec<String>,
    /// `urgent` (hours round the clock), `working_hours` or `working_days`.
    pub limit_kind: String,
    /// Hours or days.
    pub limit_amount: i64,
}

/// What reports can be about.
#[utoipa::path(get, path = "/api/v1/categories", tag = "reports", responses((status = 200, body = [CategoryOut])))]
pub(crate) async fn categories(ctx: Ctx) -> Result {
    let all = categories::all(&ctx.app.db).await?;
    let all: Vec<CategoryOut> = all
        .into_iter()
        .map(|category| CategoryOut {
            name: ctx.w.pick(&category.name, &category.name_en).to_owned(),
            major_name: ctx.w.pick(&category.major_name, &category.major_name_en).to_owned(),
            hints: category.hints(),
            code: category.code,
            major: category.major,
            limit_kind: category.limit_kind,
            limit_amount: category.limit_amount,
        })
        .collect();
    Ok(Json(all).into_response())
}

/// A report to be filed.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct ReportIn {
    /// Made by the sender, 16 to 64 of `A–Z a–z 0–9 - _`: however often it is sent, one report is filed. The header
    /// `Idempotency-Key` does the same.
    #[serde(default)]
    pub idempotency_key: Option<String>,
    /// Code of the community.
    pub community: String,
    /// Code of the category.
    pub category: String,
    /// What is wrong there; at most 1,000 characters.
    pub description: String,
    /// Code of the building or landmark.
    #[serde(default)]
    pub building: Option<String>,
    /// The place in words; at most 100 characters.
    #[serde(default)]
    pub place: Option<String>,
    /// Degrees east, WGS-84.
    #[serde(default)]
    pub longitude: Option<f64>,
    /// Degrees north, WGS-84.
    #[serde(default)]
    pub latitude: Option<f64>,
    /// Ids of photos sent before, in order; at most 9.
    #[serde(default)]
    pub photos: Vec<String>,
    /// Handlers do not learn the reporter's name.
    #[serde(default)]
    pub name_hidden: bool,
    /// Staff do not learn it either.
    #[serde(default)]
    pub unknown_to_staff: bool,
    /// Telephone number, for reporters without an account.
    #[serde(default)]
    pub contact: Option<String>,
    /// For other systems: the number that they have for it; at most 40 characters.
    #[serde(default)]
    pub foreign_number: Option<String>,
    /// Answer 409 instead of filing when open reports of the same kind are near (`/api/v1/reports/nearby` shows
    /// them).
    #[serde(default)]
    pub ask_nearby: bool,
}

impl ReportIn {
    /// As the page's form would have sent it, with this key.
    pub fn form(&self, key: String) -> ReportForm {
        let degrees = |value: Option<f64>| value.map(|value| value.to_string()).unwrap_or_default();
        ReportForm {
            key,
            category: self.category.clone(),
            building: self.building.clone().unwrap_or_default(),
            place: self.place.clone().unwrap_or_default(),
            longitude: degrees(self.longitude),
            latitude: degrees(self.latitude),
            description: self.description.clone(),
            name_hidden: self.name_hidden,
            unknown_to_staff: self.unknown_to_staff,
            contact: self.contact.clone().unwrap_or_default(),
        }
    }
}

/// Why a report was not filed, as the API says it: fields with words.
pub fn problem(ctx: &Ctx, error: FileError) -> Error {
    match error {
        FileError::Failed(error) => error,
        FileError::OtherContent(_) => Error::KeyReused,
        FileError::Mistakes(mistakes) => {
            Error::Fields(mistakes.iter().map(|(field, key)| FieldProblem::of(field, ctx.w.t(key))).collect())
        }
    }
}

/// A report that was filed.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ReportFiled {
    /// Its code.
    pub code: String,
    /// Its status page; for reporters without an account with the token that lets them come back.
    pub href: String,
}

/// The community with this code, or 422.
pub async fn community(ctx: &Ctx, code: &str) -> Result<places::Organisation> {
    let found = places::store::community_by_code(&ctx.app.db, code).await?;
    found.ok_or_else(|| Error::Fields(vec![FieldProblem::of("community", "there is no such community")]))
}

/// Files a report. The same key with the same content answers 200 with the same report.
#[utoipa::path(post, path = "/api/v1/reports", tag = "reports", request_body = ReportIn, responses(
    (status = 201, body = ReportFiled),
    (status = 200, body = ReportFiled, description = "it was filed before with this key"),
    (status = 409, description = "similar ones are open nearby, and that was asked"),
    (status = 422, description = "a field is wrong, or the key was used for other content"),
    (status = 412, description = "the header `linli-who` names another session than this one"),
    (status = 429, description = "too many"),
))]
pub(crate) async fn file(ctx: Ctx, writer: Writer, once: OnceKey, request: Request) -> Result {
    writer.is_here(&ctx)?;
    let body: ReportIn = api::read(request).await?;
    let community = community(&ctx, &body.community).await?;
    let form = body.form(once.or(&ctx, body.idempotency_key.as_deref()));
    if body.ask_nearby
        && store::by_key(&ctx.app.db, &form.key).await?.is_none()
        && !join::near_form(&ctx, &form, &community).await?.is_empty()
    {
        return Err(Error::Conflict("reports-more-nearby"));
    }
    let foreign = body.foreign_number.as_deref().unwrap_or_default();
    if foreign.chars().count() > MAX_FOREIGN {
        return Err(Error::Fields(vec![FieldProblem::of(
            "foreign_number",
            format!("at most {MAX_FOREIGN} characters"),
        )]));
    }
    let system = System { foreign, caller: "", number: None };
    let source = if ctx.key.is_some() { Source::System(&system) } else { Source::Reporter };
    let filed =
        file::file_from(&ctx, &form, &community, &body.photos, source).await.map_err(|error| problem(&ctx, error))?;
    let status = if filed.again { StatusCode::OK } else { StatusCode::CREATED };
    let answer = ReportFiled { href: public::status_address(&ctx, &filed.code), code: filed.code };
    Ok((status, Json(answer)).into_response())
}

/// How a report stands, for everybody who knows its code.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ReportOut {
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
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due_at: Option<String>,
    /// Addresses of photos that staff released.
    pub photos: Vec<String>,
    /// What happened, newest first.
    pub events: Vec<EventOut>,
    /// Number of the last thing that happened.
    pub version: i64,
    /// The reporter's words, for whoever filed it, those who work on it, and other systems that may read them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// How many have joined.
    pub followers: i64,
    /// The reader is one of them.
    pub joined: bool,
    /// Steps that the reader may take as whoever filed it.
    pub steps: Vec<String>,
}

/// Something that happened.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct EventOut {
    /// RFC 3339.
    pub at: String,
    /// What.
    pub title: String,
    /// Words for everybody.
    pub text: String,
}

/// The public view of a report.
#[utoipa::path(get, path = "/api/v1/reports/{code}", tag = "reports", params(("code" = String, Path), own::Link),
    responses((status = 200, body = ReportOut), (status = 404)))]
pub(crate) async fn status(ctx: Ctx, Path(code): Path<String>, Params(link): Params<own::Link>) -> Result {
    let report = public::find(&ctx, &code).await?;
    let shots = photos::store::of_report(&ctx.app.db, &report.id).await?;
    let events = events::of_report(&ctx.app.db, &report.id).await?;
    let viewer = Viewer::of(&ctx, &report, link.t.as_deref());
    let reads = ctx.key.as_ref().is_some_and(|key| key.may(Scope::ReportsRead, &report.path));
    let knows = viewer.reporter || viewer.sees_everything() || reads;
    let reader = if viewer.reporter { view::Reader::Reporter("") } else { view::Reader::Public };
    let public = view::happened(&ctx, &events, &shots, reader);
    let steps = if viewer.reporter { super::status::possible(&ctx, &report).await? } else { Vec::new() };
    let follower = join::follower(&ctx).unwrap_or_default();
    let (followers, joined) = super::open::followers(&ctx.app.db, &report.id, &follower).await?;
    let released: Vec<_> = view::before(&shots, Viewer::default(), "")
        .into_iter()
        .chain(view::after(&shots, Viewer::default()))
        .map(|shot| format!("/photos/{}/full", shot.id))
        .collect();
    let answer = ReportOut {
        state: report.state.clone(),
        summary: view::say(ctx.w, &report),
        category: view::category(ctx.w, &report),
        place: view::whole_place(ctx.w, &report),
        filed_at: instant(report.filed_at).to_string(),
        due_at: report.due().map(|due| due.to_string()),
        photos: released,
        events: public
            .into_iter()
            .map(|event| EventOut {
                at: event.at,
                title: event.title,
                text: event.notes.into_iter().next().unwrap_or_default(),
            })
            .collect(),
        version: report.version,
        description: knows.then_some(report.description),
        followers,
        joined,
        steps: steps.into_iter().map(|step| step.code().to_owned()).collect(),
        code: report.code,
    };
    Ok(api::versioned(report.version, answer))
}
