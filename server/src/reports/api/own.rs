//! What reporters do to what is theirs, and joining what somebody else reported.

use super::refused;
use crate::{
    http::{
        Ctx, Error, FieldProblem, Params, Result,
        api::{IfMatch, read, read_or_empty},
    },
    photos::store::Uploader,
    reports::{
        join, own, public,
        service::Viewer,
        status,
        steps::Wanted,
        store::{self, Report},
    },
};
use app::people::Action;
use axum::{
    Json,
    extract::{Path, Request},
    http::StatusCode,
    response::IntoResponse,
};
use serde::{Deserialize, Serialize};

/// A step of whoever filed the report.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[schema(example = json!({"step": "rate", "stars": 5, "version": 7}))]
pub struct OwnStepIn {
    /// `answer`, `add`, `confirm`, `reopen`, `rate` or `withdraw`.
    pub step: String,
    /// Words.
    #[serde(default)]
    pub text: String,
    /// For a rating: 1 to 5; below 3 with words.
    #[serde(default)]
    pub stars: Option<u8>,
    /// Ids of photos sent before.
    #[serde(default)]
    pub photos: Vec<String>,
    /// Number of the last thing that happened, as the reporter saw it; `If-Match` says the same.
    #[serde(default)]
    pub version: Option<i64>,
    /// Token of the report's link, instead of signing in.
    #[serde(default)]
    pub t: Option<String>,
}

/// How a report stands after a step.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct StepTaken {
    /// Its code.
    pub code: String,
    /// Its state.
    pub state: String,
    /// Number of the last thing that happened.
    pub version: i64,
}

/// How a report stands now.
pub async fn taken(ctx: &Ctx, report: &Report) -> Result {
    let now = store::by_id(&ctx.app.db, &report.id).await?.ok_or(Error::NotFound)?;
    Ok(Json(StepTaken { code: now.code, state: now.state, version: now.version }).into_response())
}

/// The report for whoever filed it.
async fn reporters(ctx: &Ctx, code: &str, token: Option<&str>) -> Result<Report> {
    let report = public::find(ctx, code).await?;
    if !Viewer::of(ctx, &report, token).reporter {
        return Err(if ctx.actor.is_some() { Error::Forbidden } else { Error::SignIn });
    }
    if let Some(actor) = &ctx.actor {
        actor.require(Action::ReportFile, &report.path)?;
    }
    Ok(report)
}

/// Takes a step of whoever filed the report: answers a question, adds something, confirms, reopens, rates, withdraws. The
/// same step sent again is the same step.
#[utoipa::path(post, path = "/api/v1/reports/{code}/steps", tag = "reports", request_body = OwnStepIn,
    params(("code" = String, Path), ("If-Match" = Option<String>, Header, description = "the version, as `ETag` says it")),
    responses((status = 200, body = StepTaken), (status = 409, description = "the state does not allow it; with `state` and `version`"))
)]
pub(crate) async fn step(ctx: Ctx, if_match: IfMatch, Path(code): Path<String>, request: Request) -> Result {
    // Nobody without any account, browser or link has filed anything.
    if Uploader::of(&ctx) == Uploader::default() && ctx.actor.is_none() && !has_body(&request) {
        return Err(Error::SignIn);
    }
    let body: OwnStepIn = read(request).await?;
    let token = body.t.as_deref();
    let report = reporters(&ctx, &code, token).await?;
    let wanted = Wanted {
        seen: if_match.or(body.version)?,
        text: body.text,
        stars: body.stars.map(|stars| stars.to_string()).unwrap_or_default(),
        photos: body.photos,
        ..Wanted::new(refused::step(&body.step, |step| step.action().is_none())?)
    };
    match status::take_own(&ctx, &report, wanted, token).await {
        Ok(_) => taken(&ctx, &report).await,
        Err(refused) => refused::refused(&ctx, &report, *refused, if_match).await,
    }
}

fn has_body(request: &Request) -> bool {
    request.headers().contains_key("content-type")
}

/// The reporter's words, put right.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[schema(example = json!({"description": "7 号楼西侧路灯不亮"}))]
pub struct WordsIn {
    /// What is wrong there; at most 1,000 characters.
    pub description: String,
    /// Token of the report's link, instead of signing in.
    #[serde(default)]
    pub t: Option<String>,
}

/// Puts the reporter's words right, while nobody works by them.
#[utoipa::path(post, path = "/api/v1/reports/{code}/words", tag = "reports", request_body = WordsIn,
    params(("code" = String, Path)),
    responses((status = 200, body = StepTaken), (status = 409, description = "somebody works by them already")))]
pub(crate) async fn words(ctx: Ctx, Path(code): Path<String>, request: Request) -> Result {
    let body: WordsIn = read(request).await?;
    let report = reporters(&ctx, &code, body.t.as_deref()).await?;
    if let Err(key) = own::check_words(&body.description) {
        return Err(Error::Fields(vec![FieldProblem::of("description", ctx.w.t(key))]));
    }
    own::write_words(&ctx, &report, body.description.trim(), true).await?;
    taken(&ctx, &report).await
}

/// The token of a report's link.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct Link {
    /// Token of the report's link, instead of signing in.
    pub t: Option<String>,
}

/// Takes the reporter's words away again. What happened stays.
#[utoipa::path(delete, path = "/api/v1/reports/{code}/words", tag = "reports", params(("code" = String, Path), Link),
    responses((status = 204, description = "gone")))]
pub(crate) async fn remove_words(ctx: Ctx, Path(code): Path<String>, Params(link): Params<Link>) -> Result {
    let report = reporters(&ctx, &code, link.t.as_deref()).await?;
    own::write_words(&ctx, &report, "", false).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Takes one of the reporter's own photos away again.
#[utoipa::path(delete, path = "/api/v1/reports/{code}/photos/{id}", tag = "reports",
    params(("code" = String, Path), ("id" = String, Path), Link), responses((status = 204, description = "gone")))]
pub(crate) async fn remove_photo(
    ctx: Ctx,
    Path((code, id)): Path<(String, String)>,
    Params(link): Params<Link>,
) -> Result {
    let report = reporters(&ctx, &code, link.t.as_deref()).await?;
    own::remove_photo(&ctx, &report, &id).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Joining.
#[derive(Debug, Default, Deserialize, utoipa::ToSchema)]
#[serde(default)]
pub struct JoinIn {
    /// Token of the report's link, if one has it.
    pub t: Option<String>,
}

/// 我也遇到: joins a report, and hears of it from then on. Twice is once. For everybody with an account or a browser that has
/// opened a page.
#[utoipa::path(post, path = "/api/v1/reports/{code}/join", tag = "reports", request_body = Option<JoinIn>,
    params(("code" = String, Path)),
    responses((status = 204, description = "joined"), (status = 409, description = "it is over, or one's own")))]
pub(crate) async fn join(ctx: Ctx, Path(code): Path<String>, request: Request) -> Result {
    join::follower(&ctx).ok_or(Error::SignIn)?;
    let body: JoinIn = read_or_empty(request).await?;
    join::set(&ctx, &code, body.t.as_deref().unwrap_or_default(), true).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Leaves a report that one joined.
#[utoipa::path(delete, path = "/api/v1/reports/{code}/join", tag = "reports", params(("code" = String, Path)),
    responses((status = 204, description = "left")))]
pub(crate) async fn leave(ctx: Ctx, Path(code): Path<String>) -> Result {
    join::set(&ctx, &code, "", false).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
