//! Steps through the API: what is sent, and why one was not taken.

use crate::{
    http::{
        Ctx, Error, FieldProblem, Result,
        api::{IfMatch, problem},
    },
    reports::{
        staff,
        steps::{self, StepError, Wanted},
        store::{self, Report},
    },
};
use app::reports::Step;
use axum::{http::StatusCode, response::Response};

/// The step with this code, if it is one of `which`; 422 for any other.
pub fn step(code: &str, which: impl Fn(Step) -> bool) -> Result<Step> {
    Step::from_code(code).filter(|step| which(*step)).ok_or_else(|| {
        let codes: Vec<&str> = Step::ALL.into_iter().filter(|step| which(*step)).map(|step| step.code()).collect();
        Error::Fields(vec![FieldProblem::of("step", format!("one of {}", codes.join(", ")))])
    })
}

/// Takes a step; `None` when it was taken, else the answer that says why not: 422 with the fields, 409 (412 after
/// `If-Match`) where the state does not allow it (any more), with the state and version as they are now.
pub async fn take(
    ctx: &Ctx,
    report: &Report,
    wanted: Wanted,
    (token, if_match): (Option<&str>, IfMatch),
) -> Result<Option<Response>> {
    match steps::take(ctx, report, &wanted, token).await {
        Ok(()) => Ok(None),
        Err(error) => refused(ctx, report, (wanted, error), if_match).await.map(Some),
    }
}

/// Why a step was not taken.
pub async fn refused(
    ctx: &Ctx,
    report: &Report,
    (wanted, error): (Wanted, StepError),
    if_match: IfMatch,
) -> Result<Response> {
    let kind = match &error {
        StepError::Failed(error) => return Err(error.clone()),
        StepError::Mistakes(mistakes) => {
            let fields = mistakes.iter().map(|(field, key)| FieldProblem::of(field, ctx.w.t(key)));
            return Err(Error::Fields(fields.collect()));
        }
        StepError::Obstacle(_) => "obstacle",
        StepError::OwnWork => "own-work",
        StepError::Stale(_) => "changed",
    };
    let now = store::by_id(&ctx.app.db, &report.id).await?.ok_or(Error::NotFound)?;
    let words = staff::after(ctx, wanted, error)?.say().0.unwrap_or_default();
    let more = serde_json::json!({ "state": now.state, "version": now.version });
    let conflict = problem(ctx, StatusCode::CONFLICT, kind, words, more);
    if kind == "changed" { if_match.stale(conflict) } else { Ok(conflict) }
}
