//! The steps in a report's life: each asks for permission, is judged by the table in `app::reports::life`, and is one
//! transaction in which the database lets exactly one of several through.

use super::{
    events::{self, Event, NewEvent},
    store::{self, Change, Report},
};
use crate::{
    audit, clock,
    db::Tx,
    http::{Ctx, Error},
    people::{self, inbox, store::PersonBrief},
    photos::store::{self as photos, OF_REPORT_EVENT, Uploader},
};
use app::{
    people::{Action, Role},
    reports::{MAX_PHOTOS, MAX_TEXT, Step, life},
};

/// A step as somebody asks for it.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// Which.
    pub step: Step,
    /// Number of the last event on the page from which it is asked; `None`: whatever it is now.
    pub seen: Option<i64>,
    /// Words for everybody (for a return: for the dispatcher).
    pub text: String,
    /// Words for those who work on the report.
    pub internal: String,
    /// For dispatch: id of the person who is sent.
    pub to: String,
    /// Photos that were sent for this step.
    pub photos: Vec<String>,
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

/// Takes a step. `token` is the link token of a reporter without an account.
pub async fn take(ctx: &Ctx, report: &Report, wanted: &Wanted, token: Option<&str>) -> Result<(), StepError> {
    permit(ctx, report, wanted.step, token).await?;
    let state = report.state();
    let Some(to) = life::next(state, wanted.step).filter(|_| wanted.seen.is_none_or(|seen| seen == report.version))
    else {
        return Err(stale(ctx, report).await?);
    };
    let owner = check(ctx, report, wanted).await?;

    let actor_id = ctx.actor.as_ref().map(|actor| actor.id.as_str());
    let owner_id = match wanted.step {
        Step::Dispatch => owner.as_ref().map(|person| person.id.as_str()),
        Step::Return => None,
        _ => report.owner_id.as_deref(),
    };
    let (handled_by, verified_by) = match wanted.step {
        Step::Finish => (actor_id, None),
        Step::VerifyPass => (report.handled_by.as_deref(), actor_id),
        Step::VerifyFail => (None, None),
        _ => (report.handled_by.as_deref(), report.verified_by.as_deref()),
    };
    // What is handed back or finished waits for staff.
    let staff = match wanted.step {
        Step::Return | Step::Finish => {
            people::store::with_role_around(&ctx.app.db, Role::CommunityStaff, &report.path).await?
        }
        _ => Vec::new(),
    };
    let mut tx = ctx.app.db.begin().await?;
    let change = Change {
        id: &report.id,
        from: state,
        version: report.version,
        to,
        owner_id,
        handled_by,
        verified_by,
        reworks: i64::from(wanted.step == Step::VerifyFail),
    };
    let Some(seq) = store::change(&mut tx, change, ctx.now).await? else {
        drop(tx);
        return Err(stale(ctx, report).await?);
    };
    let (public_text, internal_text) =
        if wanted.step.is_public() { (wanted.text.trim(), wanted.internal.trim()) } else { ("", wanted.text.trim()) };
    let event_id = clock::new_id(ctx.now);
    let event = NewEvent {
        id: &event_id,
        report_id: &report.id,
        seq,
        actor_id,
        actor_kind: actor_kind(wanted.step),
        step: Some(wanted.step),
        from: Some(state),
        to,
        to_person: owner.as_ref().map(|person| person.id.as_str()),
        public_text,
        internal_text,
    };
    events::insert(&mut tx, event, ctx.now).await?;
    let role = if wanted.step == Step::Finish { "after" } else { "progress" };
    for (position, photo) in wanted.photos.iter().enumerate() {
        if !photos::attach(&mut tx, photo, (OF_REPORT_EVENT, &event_id), role, position).await? {
            return Err(StepError::Mistakes(vec![("photos", "reports-error-photo-gone")]));
        }
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
    tell(&mut tx, ctx, report, wanted, (owner.as_ref(), &staff), seq).await?;
    tx.commit().await?;
    Ok(())
}

/// Asks for permission.
async fn permit(ctx: &Ctx, report: &Report, step: Step, token: Option<&str>) -> Result<(), StepError> {
    let Some(action) = step.action() else {
        let viewer = super::service::Viewer::of(ctx, report, token);
        return match (viewer.reporter, ctx.actor.is_some()) {
            (true, _) => Ok(()),
            (false, true) => Err(Error::Forbidden.into()),
            (false, false) => Err(Error::SignIn.into()),
        };
    };
    let actor = ctx.actor()?;
    match action {
        Action::ReportHandle => {
            // A report without a grid may lie above the handler's own: being its one owner is the scope.
            actor.require_somewhere(action)?;
            if report.owner_id.as_deref() != Some(&actor.id) {
                return Err(Error::Forbidden.into());
            }
        }
        Action::ReportVerify => {
            actor.require(action, &report.path)?;
            if events::has_handled(&ctx.app.db, &report.id, &actor.id).await? {
                return Err(StepError::OwnWork);
            }
        }
        _ => actor.require(action, &report.path)?,
    }
    Ok(())
}

/// Checks what was typed, and finds the person who is sent.
async fn check(ctx: &Ctx, report: &Report, wanted: &Wanted) -> Result<Option<PersonBrief>, StepError> {
    let mut mistakes = Vec::new();
    let is_long = |text: &str| text.chars().count() > MAX_TEXT;
    if wanted.step.needs_reason() && wanted.text.trim().is_empty() {
        mistakes.push(("text", "reports-error-reason"));
    }
    if is_long(&wanted.text) {
        mistakes.push(("text", "reports-error-text-long"));
    }
    if is_long(&wanted.internal) {
        mistakes.push(("internal", "reports-error-text-long"));
    }
    if wanted.photos.len() > MAX_PHOTOS {
        mistakes.push(("photos", "reports-error-too-many-photos"));
    }
    if wanted.step == Step::Finish && report.photo_needed == 1 && wanted.photos.is_empty() {
        mistakes.push(("photos", "reports-error-photo-needed"));
    }
    let who = Uploader::of(ctx);
    for photo in &wanted.photos {
        let found = photos::by_id(&ctx.app.db, photo).await?;
        if !found.is_some_and(|photo| photo.is_by(&who) && photo.owner_id.is_none()) {
            mistakes.push(("photos", "reports-error-photo-gone"));
        }
    }
    let mut owner = None;
    if wanted.step == Step::Dispatch {
        owner = handlers(ctx, &report.path).await?.into_iter().map(|(_, person)| person).find(|p| p.id == wanted.to);
        if owner.is_none() {
            mistakes.push(("to", "reports-error-handler"));
        }
    }
    if mistakes.is_empty() { Ok(owner) } else { Err(StepError::Mistakes(mistakes)) }
}

/// Who can be sent to a place: volunteers, grid workers, units; each person once.
pub async fn handlers(ctx: &Ctx, path: &str) -> Result<Vec<(Role, PersonBrief)>, Error> {
    let mut found: Vec<(Role, PersonBrief)> = Vec::new();
    for role in [Role::GridWorker, Role::Volunteer, Role::Unit] {
        for person in people::store::with_role_around(&ctx.app.db, role, path).await? {
            if !found.iter().any(|(_, other)| other.id == person.id) {
                found.push((role, person));
            }
        }
    }
    Ok(found)
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
    let last = events::of_report(&ctx.app.db, &report.id).await?.into_iter().next();
    Ok(StepError::Stale(last.map(Box::new)))
}

/// The arguments of a message about a report.
pub fn message_args(report: &Report, text: &str) -> serde_json::Value {
    serde_json::json!({
        "code": report.code,
        "category": report.category_name,
        "category_en": report.category_name_en,
        "text": text.trim(),
    })
}

/// Puts the news into the inboxes of those whom it concerns.
async fn tell(
    tx: &mut Tx,
    ctx: &Ctx,
    report: &Report,
    wanted: &Wanted,
    (sent, staff): (Option<&PersonBrief>, &[PersonBrief]),
    seq: i64,
) -> Result<(), sqlx::Error> {
    let dedupe_key = format!("report:{}:{seq}", report.id);
    let actor_id = ctx.actor.as_ref().map(|actor| actor.id.as_str());
    let mut messages: Vec<(&str, &'static str, String)> = Vec::new();
    if let (Some(reporter), Some(key)) = (&report.reporter_id, wanted.step.reporter_key()) {
        messages.push((reporter, key, format!("/reports/{}", report.code)));
    }
    let task = format!("/volunteer/reports/{}", report.code);
    if let Some(person) = sent {
        messages.push((&person.id, "inbox-report-task", task.clone()));
    }
    if let (Step::VerifyFail, Some(owner)) = (wanted.step, &report.owner_id) {
        messages.push((owner, "inbox-report-rework", task));
    }
    let staff_key = if wanted.step == Step::Return { "inbox-report-returned" } else { "inbox-report-finished" };
    messages
        .extend(staff.iter().map(|person| (person.id.as_str(), staff_key, format!("/staff/reports/{}", report.code))));
    for (person_id, text_key, href) in messages.into_iter().filter(|(person, ..)| Some(*person) != actor_id) {
        let text_args = message_args(report, &wanted.text);
        inbox::send(
            tx,
            inbox::Message { person_id, text_key, text_args, href: &href, dedupe_key: &dedupe_key },
            ctx.now,
        )
        .await?;
    }
    Ok(())
}
