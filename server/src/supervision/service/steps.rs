//! The steps in a letter's life: judged by the table in `app::supervision::life`, each one transaction in which the database lets
//! exactly one of several through.

use super::{
    Errors, answers_for,
    draft::hours,
    one,
    photos::are_own,
    tell::{self, of_step},
    write_down,
};
use crate::{
    http::{Ctx, Error},
    photos::store as photos,
    supervision::store::{
        self, Finding, Letter, OF_ANSWER,
        write::{self, NewEvent},
    },
};
use app::{
    people::Action,
    reports::worktime::WorkTime,
    supervision::{
        Side, State, Step, form,
        letter::{MOST_DAYS, PHOTOS, TEXT_CHARS, Wish, extended, sign},
        life,
    },
    time,
};
use jiff::{Timestamp, civil::Time};
use std::collections::BTreeMap;

/// An answer to a finding as it was sent.
#[derive(Clone, Debug, Default)]
pub struct Answered {
    /// What was written.
    pub text: String,
    /// Ids of photos.
    pub photos: Vec<String>,
}

/// A step as somebody asks for it.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// Which.
    pub step: Step,
    /// The version on the page from which it is asked; `None`: whatever it is now.
    pub version: Option<i64>,
    /// Why.
    pub text: String,
    /// Working days, as typed.
    pub days: String,
    /// Or the day, as typed.
    pub day: String,
    /// Answers by the finding's number.
    pub answers: BTreeMap<i64, Answered>,
}

impl Wanted {
    /// A step without anything more.
    pub fn new(step: Step) -> Wanted {
        Wanted {
            step,
            version: None,
            text: String::new(),
            days: String::new(),
            day: String::new(),
            answers: BTreeMap::new(),
        }
    }
}

/// Why a step was not taken.
#[derive(Debug, thiserror::Error)]
pub enum StepError {
    /// Something in the form, by field, in words.
    #[error("the form has mistakes")]
    Mistakes(Errors),
    /// Somebody was quicker, or the state does not allow it.
    #[error("not possible in this state")]
    Stale,
    /// The state would allow it, but not what happened before: catalogue key of the reason.
    #[error("not possible for this letter")]
    Obstacle(&'static str),
    /// Anything else.
    #[error(transparent)]
    Failed(#[from] Error),
}

impl From<sqlx::Error> for StepError {
    fn from(error: sqlx::Error) -> StepError {
        StepError::Failed(error.into())
    }
}

impl From<StepError> for Error {
    fn from(error: StepError) -> Error {
        match error {
            StepError::Mistakes(errors) => crate::http::api::wrong_fields(errors),
            StepError::Stale => Error::Conflict("supervision-conflict-changed"),
            StepError::Obstacle(key) => Error::Conflict(key),
            StepError::Failed(error) => error,
        }
    }
}

/// What a checked step says.
#[derive(Default)]
struct Said {
    reason: String,
    days: i64,
    due: Option<Timestamp>,
    /// Finding, text, photos.
    answers: Vec<(Finding, String, Vec<String>)>,
}

/// Takes a step. Gives the letter as it is then.
pub async fn take(ctx: &Ctx, id: &str, wanted: &Wanted) -> Result<(), StepError> {
    let actor = ctx.actor()?;
    let (letter, _) = one(ctx, id).await?;
    match wanted.step.side() {
        Side::Issuer => actor.require(Action::SupervisionOrder, &letter.issuer_path)?,
        Side::Addressee if !answers_for(actor, &letter.addressee_path) => return Err(Error::Forbidden.into()),
        Side::Addressee => {}
    }
    if wanted.step == Step::Change {
        return Err(Error::BadRequest("a draft is changed by its form".into()).into());
    }
    let state = letter.state();
    let current = wanted.version.is_none_or(|version| version == letter.version);
    let Some(to) = life::next(state, wanted.step).filter(|_| current) else { return Err(StepError::Stale) };
    if let Some(key) = life::obstacle(wanted.step, letter.past(&actor.id, ctx.now)) {
        return Err(StepError::Obstacle(key));
    }
    let hours = hours(ctx, &letter.addressee_path).await?;
    let said = check(ctx, &letter, wanted, &hours).await?;
    let message = of_step(&letter, wanted.step, &said.reason, (said.days, said.due), ctx.now);
    let people = match &message {
        Some(message) => tell::people(&ctx.app, &letter, message.to).await?,
        None => Vec::new(),
    };
    let after = after(&letter, wanted.step, to, &said, &actor.id, ctx.now);
    let mut tx = ctx.app.db.begin().await?;
    if !write::advance(&mut tx, &letter, &after).await? {
        return Err(StepError::Stale);
    }
    let mut signed = letter.sign.clone();
    if wanted.step == Step::Issue {
        let year = i64::from(time::day_of(ctx.now).year());
        let number = write::next_number(&mut tx, &letter.issuer_id, letter.kind(), year).await?;
        signed = sign(&letter.issuer_name, letter.kind(), year, number);
        write::set_number(&mut tx, &letter.id, (year, number), &signed).await?;
    }
    for (finding, text, ids) in &said.answers {
        let answer = write::answer(&mut tx, (&letter.id, &finding.id, after.round), text, ctx.now).await?;
        for (nth, photo) in ids.iter().enumerate() {
            if !photos::attach(&mut tx, photo, (OF_ANSWER, &answer), "after", nth).await? {
                let wrong = (format!("photos-{}", finding.number), ctx.w.t("supervision-error-photo-gone"));
                return Err(StepError::Mistakes(Errors::from([wrong])));
            }
        }
    }
    let event = NewEvent {
        letter: &letter.id,
        seq: letter.version + 1,
        actor: &actor.id,
        step: wanted.step,
        from: Some(state),
        to,
        round: after.round,
        reason: &said.reason,
        days: said.days,
        due_at: after.due_at,
    };
    write::note(&mut tx, event, ctx.now).await?;
    if let Some(message) = &message {
        let people: Vec<String> = people.into_iter().filter(|person| *person != actor.id).collect();
        let event = (letter.version + 1).to_string();
        tell::send(&mut tx, (&letter, &event), message, &people, ctx.now).await?;
    }
    let action = format!("supervision.{}", wanted.step.code());
    let detail = serde_json::json!({ "sign": signed, "from": state.code(), "to": to.code() });
    write_down(ctx, &mut tx, (&action, &letter.id), detail).await?;
    tx.commit().await?;
    Ok(())
}

/// The letter after a step. Nothing is decided here.
fn after(letter: &Letter, step: Step, to: State, said: &Said, actor: &str, now: Timestamp) -> Letter {
    let at = now.as_microsecond();
    let mut after = Letter { state: to.code().to_owned(), ..letter.clone() };
    let due = said.due.map(Timestamp::as_microsecond);
    match step {
        Step::Change => {}
        Step::Issue => {
            (after.round, after.due_at, after.issued_at, after.listed_at) = (1, due, Some(at), at);
        }
        Step::Answer => {
            (after.answered_at, after.answered_by) = (Some(at), Some(actor.to_owned()));
            after.wait_days = 0;
            if letter.first_answered_at.is_none() {
                let in_time = letter.due_at.is_some_and(|due| at <= due);
                (after.first_answered_at, after.first_in_time) = (Some(at), Some(i64::from(in_time)));
            }
        }
        Step::Pass => after.done_at = Some(at),
        Step::SendBack => {
            (after.round, after.due_at, after.returns) = (letter.round + 1, due, letter.returns + 1);
            (after.answered_at, after.answered_by, after.wait_days, after.asks) = (None, None, 0, 0);
        }
        Step::ExtendAsk => (after.wait_days, after.asks) = (said.days, letter.asks + 1),
        Step::ExtendGrant => (after.wait_days, after.due_at) = (0, due),
        Step::ExtendRefuse => after.wait_days = 0,
        Step::Withdraw => (after.withdrawn_at, after.wait_days) = (Some(at), 0),
    }
    after
}

/// The deadline that would hold after a step as it stands on the page, for the message that is shown before it goes.
pub async fn due_after(ctx: &Ctx, letter: &Letter, step: Step, wish: Option<Wish>) -> Result<Option<Timestamp>, Error> {
    let hours = hours(ctx, &letter.addressee_path).await?;
    let work = WorkTime { calendar: &ctx.app.calendar, hours: &hours };
    Ok(match step {
        Step::Issue | Step::SendBack => wish.and_then(|wish| wish.due(&work, ctx.now).ok()),
        Step::ExtendGrant => letter.due().and_then(|due| extended(&work, due, letter.wait_days, ctx.now)),
        _ => letter.due(),
    })
}

/// Judges what a step says.
async fn check(ctx: &Ctx, letter: &Letter, wanted: &Wanted, hours: &[(Time, Time)]) -> Result<Said, StepError> {
    let w = ctx.w;
    let work = WorkTime { calendar: &ctx.app.calendar, hours };
    let mut errors = Errors::new();
    let mut said = Said { due: letter.due(), ..Said::default() };
    if wanted.step.needs_reason() {
        match form::text(&wanted.text, TEXT_CHARS, "supervision-error-reason") {
            Ok(text) => said.reason = text,
            Err(key) => {
                errors.insert("text".to_owned(), w.tf(key, &[("count", TEXT_CHARS.into())]));
            }
        }
    }
    match wanted.step {
        Step::Issue => {
            match letter.wish().ok_or(("days", "supervision-error-deadline")).and_then(|wish| wish.due(&work, ctx.now))
            {
                Ok(due) => said.due = Some(due),
                Err((field, key)) => {
                    errors.insert(field.to_owned(), w.t(key));
                }
            }
        }
        Step::SendBack => match Wish::read(&wanted.days, &wanted.day).and_then(|wish| wish.due(&work, ctx.now)) {
            Ok(due) => said.due = Some(due),
            Err((field, key)) => {
                errors.insert(field.to_owned(), w.t(key));
            }
        },
        Step::ExtendAsk => match wanted.days.trim().parse::<i64>() {
            Ok(days @ 1..=MOST_DAYS) => said.days = days,
            _ => {
                errors.insert("days".to_owned(), w.t("supervision-error-days"));
            }
        },
        Step::ExtendGrant => {
            said.days = letter.wait_days;
            let due = letter.due().and_then(|due| extended(&work, due, letter.wait_days, ctx.now));
            said.due = Some(due.ok_or(StepError::Obstacle("supervision-error-calendar"))?);
        }
        Step::ExtendRefuse => said.days = letter.wait_days,
        Step::Answer => said.answers = answers(ctx, letter, wanted, &mut errors).await?,
        Step::Change | Step::Pass | Step::Withdraw => {}
    }
    if errors.is_empty() { Ok(said) } else { Err(StepError::Mistakes(errors)) }
}

/// The answers, one for each finding.
async fn answers(
    ctx: &Ctx,
    letter: &Letter,
    wanted: &Wanted,
    errors: &mut Errors,
) -> Result<Vec<(Finding, String, Vec<String>)>, Error> {
    let w = ctx.w;
    let mut all = Vec::new();
    for finding in store::findings(&ctx.app.db, &letter.id).await? {
        let number = finding.number;
        let answered = wanted.answers.get(&number).cloned().unwrap_or_default();
        let text = form::text(&answered.text, TEXT_CHARS, "supervision-error-answer").unwrap_or_else(|key| {
            errors.insert(format!("answer-{number}"), w.tf(key, &[("count", TEXT_CHARS.into())]));
            String::new()
        });
        if answered.photos.len() > PHOTOS {
            errors.insert(format!("photos-{number}"), w.tf("supervision-photo-full", &[("count", PHOTOS.into())]));
        } else if !are_own(ctx, &answered.photos).await? {
            errors.insert(format!("photos-{number}"), w.t("supervision-error-photo-gone"));
        }
        all.push((finding, text, answered.photos));
    }
    Ok(all)
}
