//! Tasks of volunteers, grid workers and units through the API.

use super::{
    own::taken,
    refused,
    staff::{
        WorkItem, item,
        one::{WorkReport, whole},
    },
};
use crate::{
    http::{
        Ctx, Error, Params, Result, Writer,
        api::{IfMatch, Listed, OnceKey, Paging, listed, read},
    },
    reports::{steps::Wanted, store, tasks},
};
use app::people::Action;
use axum::extract::{Path, Request};
use serde::Deserialize;

/// Which tasks.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct Which {
    /// Those that are finished instead of those to be done.
    pub done: bool,
}

/// What the signed-in person has to handle, the most urgent first; or what they have finished, the newest first.
#[utoipa::path(get, path = "/api/v1/tasks", tag = "tasks", params(Which, Paging), responses(
    (status = 200, body = Listed<WorkItem>),
))]
pub(crate) async fn list(ctx: Ctx, Params(which): Params<Which>, Params(paging): Params<Paging>) -> Result {
    let actor = ctx.actor()?;
    actor.require_somewhere(Action::ReportHandle)?;
    let all = store::by_owner(&ctx.app.db, &actor.id, which.done).await?;
    let (page, next) = paging.cut(all)?;
    let items = page.into_iter().map(|report| item(&ctx, report)).collect();
    Ok(listed(&ctx, items, next))
}

/// One task.
#[utoipa::path(get, path = "/api/v1/tasks/{code}", tag = "tasks", params(("code" = String, Path)),
    responses((status = 200, body = WorkReport)))]
pub(crate) async fn show(ctx: Ctx, Path(code): Path<String>) -> Result {
    let report = tasks::mine(&ctx, &code).await?;
    // Handlers get the name only where the reporter lets them have it.
    let reporter = report.reporter_name.clone().filter(|_| report.name_hidden == 0 && report.unknown_to_staff == 0);
    whole(&ctx, report, reporter, true).await
}

/// A step of the handler.
#[derive(Debug, Default, Deserialize, utoipa::ToSchema)]
#[schema(example = json!({"step": "take", "version": 3}))]
#[serde(default)]
pub struct TaskStepIn {
    /// Code of the step, one of the task's `steps`.
    pub step: String,
    /// Number of the last thing that happened, as the caller saw it; `If-Match` says the same.
    pub version: Option<i64>,
    /// Words.
    pub text: String,
    /// For an extension: working hours asked for.
    pub hours: Option<i64>,
    /// Ids of photos sent before.
    pub photos: Vec<String>,
}

/// Takes, notes progress, hands back, asks for an extension, finishes. With an `Idempotency-Key` it is one step however often it
/// is sent.
#[utoipa::path(post, path = "/api/v1/tasks/{code}/steps", tag = "tasks", request_body = TaskStepIn,
    params(("code" = String, Path), ("If-Match" = Option<String>, Header, description = "the version, as `ETag` says it")),
    responses((status = 200, body = super::own::StepTaken),
        (status = 409, description = "the state does not allow it, or it went elsewhere; with `state` and `version`")))]
pub(crate) async fn step(
    ctx: Ctx,
    (writer, if_match, once): (Writer, IfMatch, OnceKey),
    Path(code): Path<String>,
    request: Request,
) -> Result {
    writer.is_here(&ctx)?;
    let report = match tasks::mine(&ctx, &code).await {
        Err(Error::Forbidden) if tasks::was_mine(&ctx, &code).await? => {
            return Err(Error::Conflict("error-conflict-text"));
        }
        mine => mine?,
    };
    let body: TaskStepIn = read(request).await?;
    let wanted = Wanted {
        seen: if_match.or(body.version)?,
        text: body.text,
        hours: body.hours.map(|hours| hours.to_string()).unwrap_or_default(),
        photos: body.photos,
        key: once.or(&ctx, None),
        ..Wanted::new(refused::step(&body.step, |step| step.action() == Some(Action::ReportHandle))?)
    };
    match refused::take(&ctx, &report, wanted, (None, if_match)).await? {
        None => taken(&ctx, &report).await,
        Some(refused) => Ok(refused),
    }
}
