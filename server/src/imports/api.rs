//! Imports of tables through the API: sent, looked at, taken over or dropped.

use super::{
    routes::{received, refused_lines, template_of},
    service::{self, Look, Taken},
    store::Run,
};
use crate::http::{
    Ctx, Error, FieldProblem, Params, Result,
    api::{OnceKey, Paging, created, next_address, problem, read, wrong_fields},
};
use app::imports::{Counts, Verdict};
use axum::{
    Json,
    extract::{Path, Request},
    http::{HeaderValue, StatusCode, header},
    response::IntoResponse,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// An import.
#[derive(Serialize, ToSchema)]
pub struct ImportItem {
    /// Id.
    pub id: String,
    /// Its kind, as `template` takes it.
    pub kind: String,
    /// Name of the file.
    pub file: String,
    /// Name of who sent it; empty: the operator.
    pub by: String,
    /// When it was sent.
    #[schema(value_type = String, format = DateTime)]
    pub sent_at: Timestamp,
    /// `checking`, `shown`, `applying`, `done` or `dropped`.
    pub state: String,
    /// Lines of the file.
    pub lines: i64,
    /// Lines that this state is through with.
    pub through: i64,
    /// Lines that add something.
    pub added: i64,
    /// Lines that change something.
    pub changed: i64,
    /// Lines that change nothing.
    pub same: i64,
    /// Lines with mistakes.
    pub refused: i64,
}

fn item(run: &Run, counts: Counts) -> ImportItem {
    ImportItem {
        id: run.id.clone(),
        kind: run.kind.clone(),
        file: run.file_name.clone(),
        by: run.person_name.clone(),
        sent_at: Timestamp::from_microsecond(run.created_at).unwrap_or_default(),
        state: run.state.clone(),
        lines: run.lines,
        through: run.through,
        added: counts.added,
        changed: counts.changed,
        same: counts.same,
        refused: counts.refused,
    }
}

/// The latest imports that the reader may look at, at most 50.
#[utoipa::path(get, path = "/api/v1/staff/imports", tag = "administration", responses((status = 200, body = Vec<ImportItem>)))]
pub async fn list(ctx: Ctx) -> Result {
    let all: Vec<ImportItem> = service::list(&ctx).await?.into_iter().map(|(run, counts)| item(&run, counts)).collect();
    Ok(Json(all).into_response())
}

/// An import that was sent.
#[derive(Serialize, ToSchema)]
pub struct ImportSent {
    /// Its id.
    pub id: String,
}

/// Sends a table: field `kind`, and `file`, a CSV or xlsx file, or GeoJSON for places. It is looked at, and nothing more.
#[utoipa::path(post, path = "/api/v1/staff/imports", tag = "administration", responses((status = 201, body = ImportSent)))]
pub async fn send(ctx: Ctx, once: OnceKey, request: Request) -> Result {
    match received(&ctx, &once.id(&ctx), request).await? {
        Ok(id) => Ok(created(&format!("/api/v1/staff/imports/{id}"), ImportSent { id })),
        Err((_, field, words)) => Err(wrong_fields([(field, words)])),
    }
}

/// Of which kind.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct OfKind {
    /// `organisations`, `buildings`, `people`, `items` or `categories`.
    pub kind: String,
}

/// A file to begin with: the headings of a kind and two lines as examples.
#[utoipa::path(get, path = "/api/v1/staff/imports/template", tag = "administration", params(OfKind),
    responses((status = 200, description = "The file", content_type = "text/csv", body = String)))]
pub async fn template(ctx: Ctx, Params(of): Params<OfKind>) -> Result {
    template_of(&ctx, &of.kind)
}

/// Which lines.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct WhichLines {
    /// `refused`, `add`, `change` or `same`; the first of these that has lines without it.
    pub show: String,
    /// Where the page begins: as an answer's `next` gives it.
    pub cursor: Option<String>,
}

/// An import with a page of its lines.
#[derive(Serialize, ToSchema)]
pub struct ImportOut {
    /// What lists show.
    #[serde(flatten)]
    pub import: ImportItem,
    /// Tells what was looked at: taking it over names it.
    pub mark: String,
    /// Which lines are shown.
    pub show: &'static str,
    /// They, a hundred at most.
    pub outcomes: Vec<ImportLine>,
    /// Address of the next page; absent on the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// What a line does.
#[derive(Serialize, ToSchema)]
pub struct ImportLine {
    /// Its number in the file, from 1.
    pub line: u64,
    /// What it is about.
    pub what: String,
    /// Why it is refused, in words.
    pub mistakes: Vec<String>,
}

/// An import with a page of its lines, as they were judged.
#[utoipa::path(get, path = "/api/v1/staff/imports/{id}", tag = "administration", params(("id" = String, Path, description = "id"), WhichLines),
    responses((status = 200, body = ImportOut)))]
pub async fn one(ctx: Ctx, Path(id): Path<String>, Params(which): Params<WhichLines>) -> Result {
    let show = match Verdict::from_code(&which.show) {
        None if !which.show.is_empty() => {
            // Whoever may not see it learns no more than that.
            service::look(&ctx, &id, None, 1).await?;
            let detail = "refused, add, change or same".to_owned();
            return Err(Error::Fields(vec![FieldProblem { pointer: "show".to_owned(), detail }]));
        }
        show => show,
    };
    let paging = Paging { cursor: which.cursor, limit: None };
    let page = paging.after(|text| text.parse::<u32>().ok())?.unwrap_or(1).clamp(1, 100_000);
    let Look { run, counts, show, outcomes, page: (page, pages) } = service::look(&ctx, &id, show, page).await?;
    let kind = run.kind()?;
    let outcomes = outcomes.into_iter().map(|outcome| ImportLine {
        mistakes: outcome
            .mistakes
            .iter()
            .map(|mistake| format!("{}: {}", mistake.heading(kind, ctx.w), mistake.words(ctx.w)))
            .collect(),
        line: outcome.line,
        what: outcome.what,
    });
    let answer = ImportOut {
        import: item(&run, counts),
        show: show.code(),
        outcomes: outcomes.collect(),
        next: (page < pages).then(|| next_address(&ctx, &(page + 1).to_string())),
        mark: run.mark,
    };
    let mut response = Json(answer).into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    Ok(response)
}

/// The refused lines of an import: line, column, value, reason.
#[utoipa::path(get, path = "/api/v1/staff/imports/{id}/refused.csv", tag = "administration", params(("id" = String, Path, description = "id")),
    responses((status = 200, description = "The file", content_type = "text/csv", body = String)))]
pub async fn refused(ctx: Ctx, Path(id): Path<String>) -> Result {
    refused_lines(&ctx, &id).await
}

/// How an import is taken over.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(example = json!({"mode": "good", "mark": "as reading the import gave it"}))]
#[serde(default)]
pub struct TakeIn {
    /// `all`: all lines or none; `good`: those without mistakes.
    pub mode: String,
    /// What was looked at.
    pub mark: String,
}

/// Takes an import over as it was looked at: at once where it is small, else by a job.
#[utoipa::path(post, path = "/api/v1/staff/imports/{id}/take", tag = "administration", request_body = TakeIn,
    params(("id" = String, Path, description = "id")),
    responses((status = 200, body = ImportItem), (status = 409, description = "it is not what was looked at any more")))]
pub async fn take(ctx: Ctx, Path(id): Path<String>, request: Request) -> Result {
    service::look(&ctx, &id, None, 1).await?;
    let body: TakeIn = read(request).await?;
    let w = ctx.w;
    match service::take(&ctx, &id, &body.mode, &body.mark).await? {
        Taken::Going => {
            let Look { run, counts, .. } = service::look(&ctx, &id, None, 1).await?;
            Ok(Json(item(&run, counts)).into_response())
        }
        Taken::Changed => {
            let text = w.t("imports-take-changed");
            Ok(problem(&ctx, StatusCode::CONFLICT, "changed", text, serde_json::json!({})))
        }
        Taken::Refused(count) => {
            Err(wrong_fields([("mode", w.tf("imports-mode-all-refused", &[("count", count.into())]))]))
        }
        Taken::NoMode => Err(wrong_fields([("mode", w.t("imports-error-mode"))])),
    }
}

/// Drops an import that was not taken over: what was sent is gone.
#[utoipa::path(delete, path = "/api/v1/staff/imports/{id}", tag = "administration", params(("id" = String, Path, description = "id")),
    responses((status = 204, description = "Gone")))]
pub async fn discard(ctx: Ctx, Path(id): Path<String>) -> Result {
    service::drop_it(&ctx, &id).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
