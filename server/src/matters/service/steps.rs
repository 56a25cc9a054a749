//! Steps that staff take.

use super::{
    moves::{self, Move, Who},
    permit,
};
use crate::{
    http::{Ctx, Error, FieldErrors},
    matters::store::{self, Matter},
};
use app::{
    matters::{
        MORE_DAYS, REASON,
        life::{self, Around, Side, Step},
    },
    notices::form,
};

/// A step as a form or the API asks for it.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// Which.
    pub step: Step,
    /// The version that was looked at.
    pub version: i64,
    /// What is said.
    pub text: String,
    /// Working days, as typed.
    pub days: String,
}

/// Why a step was not taken.
#[derive(Debug, thiserror::Error)]
pub enum StepError {
    /// Something in the form.
    #[error("the form has mistakes")]
    Mistakes(FieldErrors),
    /// What stands in its way: a catalogue key.
    #[error("not possible now: {0}")]
    Obstacle(&'static str),
    /// Somebody was quicker.
    #[error("stale")]
    Stale,
    /// Anything else.
    #[error(transparent)]
    Other(#[from] Error),
}

impl From<sqlx::Error> for StepError {
    fn from(error: sqlx::Error) -> StepError {
        StepError::Other(error.into())
    }
}

/// The steps that somebody on these sides may take now, each with what stands in its way.
pub async fn possible(ctx: &Ctx, matter: &Matter, sides: &[Side]) -> Result<Vec<(Step, Option<&'static str>)>, Error> {
    if sides.is_empty() {
        return Ok(Vec::new());
    }
    // Nothing is written; what is read belongs together.
    let mut tx = ctx.app.db.snapshot().await?;
    let around = moves::around(&mut tx, matter, ctx.now).await?;
    let all = Step::ALL.into_iter().filter(|step| {
        step.is_taken()
            && step.side().is_none_or(|side| sides.contains(&side))
            && life::next(matter.state(), matter.back(), *step).is_some()
    });
    Ok(all.map(|step| (step, life::obstacle(step, around))).collect())
}

/// What was typed, checked: words and working days.
fn check(ctx: &Ctx, wanted: &Wanted) -> Result<(String, i64), FieldErrors> {
    let w = ctx.w;
    let mut errors = FieldErrors::new();
    let text = form::lines(&wanted.text).trim().to_owned();
    if text.is_empty() && wanted.step.needs_words() {
        errors.add("text", w.t("matters-error-reason"));
    }
    if text.chars().count() > REASON {
        errors.add("text", w.tf("matters-error-long", &[("count", REASON.into())]));
    }
    let days = match wanted.step.needs_days() {
        false => 0,
        true => match wanted.days.trim().parse::<i64>() {
            Ok(days) if (1..=MORE_DAYS).contains(&days) => days,
            _ => {
                errors.add("days", w.tf("matters-error-days", &[("most", MORE_DAYS.into())]));
                0
            }
        },
    };
    if errors.is_empty() { Ok((text, days)) } else { Err(errors) }
}

/// Takes a step.
pub async fn take(ctx: &Ctx, id: &str, wanted: &Wanted) -> Result<(), StepError> {
    let (matter, sides) = permit::handled(ctx, id).await?;
    if !wanted.step.is_taken() {
        return Err(Error::BadRequest("no such step".into()).into());
    }
    let side = match wanted.step.side() {
        Some(side) if sides.contains(&side) => side,
        None => sides.first().copied().ok_or(Error::Forbidden)?,
        Some(_) => return Err(Error::Forbidden.into()),
    };
    let (text, days) = check(ctx, wanted).map_err(StepError::Mistakes)?;
    let actor = ctx.actor()?;
    let mut tx = ctx.app.db.begin().await?;
    moves::lock(&ctx.app, &mut tx, &matter).await?;
    // As it is now that nobody else moves it.
    let matter = store::by_id_in(&mut tx, id).await?.ok_or(Error::NotFound)?;
    if matter.version != wanted.version || life::next(matter.state(), matter.back(), wanted.step).is_none() {
        return Err(StepError::Stale);
    }
    let around: Around = moves::around(&mut tx, &matter, ctx.now).await?;
    if let Some(why) = life::obstacle(wanted.step, around) {
        return Err(StepError::Obstacle(why));
    }
    let step = Move { step: wanted.step, side: Some(side), text, days, who: Who::Person(&actor.id, &ctx.request_id) };
    moves::take(&mut tx, &ctx.app, &matter, step, ctx.now).await?;
    tx.commit().await?;
    Ok(())
}
