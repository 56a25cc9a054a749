//! The steps in a report's life: each asks for permission, is judged by the table in `app::reports::life`, and is one
//! transaction in which the database lets exactly one of several through.

mod check;
mod effects;
mod tell;

pub use check::{handlers, past};
pub use tell::message_args;

use super::{
    clocks,
    events::{self, Event, NewEvent, What},
    moved,
    store::{self, Change, Report},
};
use crate::{
    audit, clock,
    db::dialect,
    http::{Ctx, Error},
    people::store::PersonBrief,
    photos::store::{self as photos, OF_REPORT_EVENT},
};
use app::{
    people::Action,
    reports::{Step, life, moved::Why},
};

/// A step as somebody asks for it.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// Which.
    pub step: Step,
    /// Number of the last event on the page from which it is asked; `None`: whatever it is now.
    pub seen: Option<i64>,
    /// Words for everybody, or for those who work on it: see [`Step::is_public`].
    pub text: String,
    /// Words for those who work on the report.
    pub internal: String,
    /// For dispatch: id of the person who is sent.
    pub to: String,
    /// Photos that were sent for this step.
    pub photos: Vec<String>,
    /// For an extension: hours asked for, as typed.
    pub hours: String,
    /// For a merge: code of the report as which it goes on.
    pub into: String,
    /// For another category: its code.
    pub category: String,
    /// For a rating: stars, as typed.
    pub stars: String,
    /// A key that the phone made for this step: sent again, it is the same step. Empty: none.
    pub key: String,
}

impl Wanted {
    /// A step without anything more.
    pub fn new(step: Step) -> Wanted {
        Wanted {
            step,
            seen: None,
            text: String::new(),
            internal: String::new(),
            to: String::new(),
            photos: Vec::new(),
            hours: String::new(),
            into: String::new(),
            category: String::new(),
            stars: String::new(),
            key: String::new(),
        }
    }

    /// Id of the event that this step becomes, if its sender gave it a key: another one for each person, report and step.
    fn event_id(&self, ctx: &Ctx, report: &Report) -> Option<String> {
        let actor = ctx.actor.as_ref().filter(|_| !self.key.is_empty())?;
        Some(
            ctx.app
                .secrets
                .link_token("report-step", &format!("{}:{}:{}:{}", actor.id, report.id, self.step.code(), self.key)),
        )
    }
}

/// Whether this very step was taken before: a phone that did not hear the answer sends it again.
pub async fn taken_before(ctx: &Ctx, report: &Report, wanted: &Wanted) -> Result<bool, sqlx::Error> {
    Ok(taken_as(ctx, report, wanted).await?.is_some())
}

/// Number of the event that this very step became, if it was taken and its sender gave it a key.
pub async fn taken_as(ctx: &Ctx, report: &Report, wanted: &Wanted) -> Result<Option<i64>, sqlx::Error> {
    match wanted.event_id(ctx, report) {
        Some(id) => events::seq_of(&ctx.app.db, &id).await,
        None => Ok(None),
    }
}

/// Why a step was not taken.
#[derive(Debug, thiserror::Error)]
pub enum StepError {
    /// Something in the form: field and catalogue key.
    #[error("the form has mistakes")]
    Mistakes(Vec<(&'static str, &'static str)>),
    /// Somebody was quicker, or the state does not allow it. The last thing that happened says who and what.
    #[error("not possible in this state")]
    Stale(Option<Box<Event>>),
    /// The state would allow it, but not what happened before: catalogue key of the reason.
    #[error("not possible for this report")]
    Obstacle(&'static str),
    /// They handled it themselves: another pair of eyes is needed.
    #[error("handlers do not verify their own work")]
    OwnWork,
    /// Anything else.
    #[error(transparent)]
    Failed(#[from] Error),
}

impl From<sqlx::Error> for StepError {
    fn from(error: sqlx::Error) -> StepError {
        StepError::Failed(error.into())
    }
}

/// What a checked step names.
#[derive(Default)]
struct Named {
    /// The person who is sent, or to whom it goes back.
    owner: Option<PersonBrief>,
    /// The report as which it goes on.
    into: Option<Report>,
    /// Hours of an extension.
    hours: i64,
    /// Stars of a rating.
    stars: i64,
}

/// Takes a step. `token` is the link token of a reporter without an account.
pub async fn take(ctx: &Ctx, report: &Report, wanted: &Wanted, token: Option<&str>) -> Result<(), StepError> {
    let mut fresh: Option<Report> = None;
    loop {
        if taken_before(ctx, report, wanted).await? {
            return Ok(());
        }
        let at = fresh.as_ref().unwrap_or(report);
        match attempt(ctx, at, wanted, token).await {
            // The same step was a moment faster.
            Err(StepError::Stale(_)) if taken_before(ctx, report, wanted).await? => return Ok(()),
            // Its time may have moved while this was on its way: nobody was quicker.
            Err(StepError::Stale(last)) => {
                let next = store::by_id(&ctx.app.db, &at.id).await?.filter(|next| next.version > at.version);
                match next {
                    Some(next) if events::only_moved_since(&ctx.app.db, &at.id, at.version).await? => {
                        fresh = Some(next);
                    }
                    _ => return Err(StepError::Stale(last)),
                }
            }
            done => return done,
        }
    }
}

async fn attempt(ctx: &Ctx, report: &Report, wanted: &Wanted, token: Option<&str>) -> Result<(), StepError> {
    check::permit(ctx, report, wanted.step, token).await?;
    let state = report.state();
    let current = match wanted.seen {
        Some(seen) if seen != report.version => events::only_moved_since(&ctx.app.db, &report.id, seen).await?,
        _ => true,
    };
    let Some(to) = life::next(state, wanted.step).filter(|_| current) else {
        return Err(stale(ctx, report).await?);
    };
    let past = past(&ctx.app.db, report, ctx.now).await?;
    if let Some(key) = life::obstacle(wanted.step, past) {
        // What stands in the way may have come while this was on its way: then somebody was quicker.
        let now = store::by_id(&ctx.app.db, &report.id).await?;
        if now.is_some_and(|now| now.version != report.version) {
            return Err(stale(ctx, report).await?);
        }
        return Err(StepError::Obstacle(key));
    }
    let named = check::check(ctx, report, wanted).await?;
    let told = tell::readers(ctx, report, wanted.step, past).await?;

    let actor_id = ctx.actor.as_ref().map(|actor| actor.id.as_str());
    let owner_id = match wanted.step {
        Step::Dispatch | Step::SendBack => named.owner.as_ref().map(|person| person.id.as_str()),
        _ if !to.has_owner() => None,
        _ => report.owner_id.as_deref(),
    };
    let (handled_by, verified_by) = match wanted.step {
        Step::Finish => (actor_id, None),
        Step::VerifyPass => (report.handled_by.as_deref(), actor_id),
        Step::VerifyFail | Step::Reopen => (None, None),
        _ => (report.handled_by.as_deref(), report.verified_by.as_deref()),
    };
    let mut tx = ctx.app.db.begin().await?;
    if wanted.step == Step::Merge {
        // Two reports must not be merged into each other.
        dialect::lock_key(ctx.app.db.engine(), &mut tx, "report-merge").await?;
    }
    let change = Change {
        id: &report.id,
        from: state,
        version: report.version,
        to,
        owner_id,
        handled_by,
        verified_by,
        reworks: i64::from(wanted.step == Step::VerifyFail),
        returns: i64::from(wanted.step == Step::Return),
        reopened: i64::from(wanted.step == Step::Reopen),
    };
    let Some(seq) = store::change(&mut tx, change, ctx.now).await? else {
        drop(tx);
        return Err(stale(ctx, report).await?);
    };
    let (public_text, internal_text) =
        if wanted.step.is_public() { (wanted.text.trim(), wanted.internal.trim()) } else { ("", wanted.text.trim()) };
    let event_id = wanted.event_id(ctx, report).unwrap_or_else(|| clock::new_id(ctx.now));
    let event = NewEvent {
        id: &event_id,
        report_id: &report.id,
        seq,
        actor_id,
        actor_kind: actor_kind(wanted.step),
        what: What::Step(wanted.step),
        from: Some(state),
        to,
        to_person: named.owner.as_ref().map(|person| person.id.as_str()),
        public_text,
        internal_text,
    };
    events::insert(&mut tx, event, ctx.now).await?;
    let role = match wanted.step {
        Step::Finish => "after",
        step if step.action().is_none() => photos::ADDED,
        _ => "progress",
    };
    for (position, photo) in wanted.photos.iter().enumerate() {
        if !photos::attach(&mut tx, photo, (OF_REPORT_EVENT, &event_id), role, position).await? {
            return Err(StepError::Mistakes(vec![("photos", "reports-error-photo-gone")]));
        }
    }
    effects::apply(&mut tx, ctx, report, wanted, &named).await?;
    let wound = clocks::wind(&mut tx, &ctx.app.calendar, &report.id).await?;
    if !to.is_over() {
        moved::note(&mut tx, &report.id, &wound, Why::of(wanted.step), ctx.now).await?;
    }
    let action = format!("report.{}", wanted.step.code());
    let entry = audit::Entry {
        by: actor_id.map_or(audit::By::Visitor, audit::By::Person),
        action: &action,
        object_kind: "report",
        object_id: &report.id,
        detail: serde_json::json!({ "code": report.code, "from": state.code(), "to": to.code() }),
        request_id: &ctx.request_id,
    };
    audit::write(&mut tx, entry, ctx.now).await?;
    tell::tell(&mut tx, ctx, report, wanted, (&named, &told), seq).await?;
    tx.commit().await?;
    Ok(())
}

fn actor_kind(step: Step) -> &'static str {
    match step.action() {
        None => "reporter",
        Some(Action::ReportHandle) => "handler",
        Some(Action::ReportVerify) => "verifier",
        Some(_) => "staff",
    }
}

/// Somebody was quicker: what they did.
async fn stale(ctx: &Ctx, report: &Report) -> Result<StepError, StepError> {
    Ok(StepError::Stale(events::last_done(&ctx.app.db, &report.id).await?.map(Box::new)))
}
