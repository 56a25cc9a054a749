//! Resolutions: made in a session, carried out by a member, looked at by others.

use super::{Asks, Judged, Refused, day, form_key, note, seat, session, sessions::locked, tell, today, typed};
use crate::{
    http::{Ctx, Error, FieldErrors},
    meetings::store::{
        ballots, bodies,
        resolutions::{self as store, NewResolution, Note, Resolution},
    },
    reports,
};
use app::{
    i18n::Lang,
    meetings::{BallotState, Onlooker, ResolutionState, ResolutionStep, limits},
    people::Action,
    time,
};
use serde_json::json;

/// A resolution as a form describes it.
#[derive(Clone, Debug, Default)]
pub struct ResolutionForm {
    /// What is to be done.
    pub text: String,
    /// Membership of who does it.
    pub owner: String,
    /// The last day.
    pub due: String,
    /// Id of the ballot that it comes from, may be empty.
    pub ballot: String,
    /// Code of a report about the same, may be empty.
    pub report: String,
    /// One form makes one.
    pub key: String,
}

/// Writes a resolution down; its owner is told. Sent twice it is one.
pub async fn make(ctx: &Ctx, id: &str, form: &ResolutionForm) -> Judged<()> {
    let session = session(ctx, id, Action::MeetingManage).await?;
    let db = &ctx.app.db;
    let mut errors = FieldErrors::new();
    let asks = Asks { most: limits::TEXT, empty: Some("meeting-error-text"), lines: true };
    let text = typed(ctx, &mut errors, "resolution_text", &form.text, asks);
    let due = day(&form.due).filter(|due| *due >= today(ctx));
    if due.is_none() {
        errors.add("resolution_due", ctx.w.t("meeting-error-due"));
    }
    let owner = bodies::member(db, &session.meeting_id, &form.owner).await?;
    let owner = owner.filter(|member| member.sits(today(ctx)) && member.rights().execute);
    if owner.is_none() {
        errors.add("resolution_owner", ctx.w.t("meeting-error-owner"));
    }
    let ballot = match form.ballot.as_str() {
        "" => None,
        ballot => {
            // What is not over has decided nothing, and a draft may still be taken away.
            let found = ballots::by_id(db, id, ballot).await?.filter(|found| found.state() == BallotState::Closed);
            if found.is_none() {
                errors.add("resolution_ballot", ctx.w.t("meeting-error-choose"));
            }
            found.map(|found| found.id)
        }
    };
    let mut report = form.report.trim().to_uppercase();
    if !report.is_empty() {
        let found = reports::store::by_code(db, &report).await?;
        match found.filter(|found| found.path.starts_with(&session.path)) {
            Some(found) => report = found.code,
            None => errors.add("resolution_report", ctx.w.t("meeting-error-report")),
        }
    }
    let (Some(due), Some(owner), true) = (due, owner, errors.is_empty()) else { return Err(errors.into()) };
    let form_key = form_key(ctx, &form.key)?;
    let (mut tx, state) = locked(ctx, id).await?;
    if !state.is_written() {
        return Err(Error::Conflict("meeting-conflict-state").into());
    }
    let new = NewResolution {
        session: (id, &session.path),
        ballot: ballot.as_deref(),
        text: &text,
        owner: (&owner.id, &owner.person_id),
        due,
        report: &report,
        form_key: &form_key,
    };
    let Some(made) = store::insert(&mut tx, new, ctx.now).await? else { return Ok(()) };
    let short: String = text.chars().take(60).collect();
    let args = json!({ "text": short, "due": time::date(Lang::Zh, due), "due_en": time::date(Lang::En, due) });
    let (href, dedupe) = (format!("/meetings/resolutions/{made}"), format!("meeting-resolution:{made}"));
    tell(&mut tx, ctx, &[&owner.person_id], ("inbox-meeting-task", args), (&href, &dedupe)).await?;
    note(&mut tx, ctx, "meeting.resolve", ("meeting_resolution", &made), json!({ "session": id })).await?;
    tx.commit().await?;
    Ok(())
}

/// A resolution and as whom the reader looks at it: its owner, members with the right of supervision, staff of the place.
pub async fn one(ctx: &Ctx, id: &str) -> Result<(Resolution, Onlooker), Error> {
    let actor = ctx.actor()?;
    let found = store::by_id(&ctx.app.db, id).await?.ok_or(Error::NotFound)?;
    let seat = seat(ctx, &found.meeting_id).await?;
    let who = Onlooker {
        owner: found.person_id == actor.id,
        supervises: seat.is_some_and(|seat| seat.rights().supervise),
        staff: actor.require(Action::MeetingManage, &found.path).is_ok(),
    };
    let reads = actor.require(Action::NetRead, &found.path).is_ok();
    if who.owner || who.supervises || who.staff || reads { Ok((found, who)) } else { Err(Error::NotFound) }
}

/// What was done about it, the latest first.
pub async fn notes(ctx: &Ctx, resolution: &Resolution) -> Result<Vec<Note>, Error> {
    Ok(store::notes(&ctx.app.db, &resolution.id).await?)
}

/// A step as a form describes it.
#[derive(Clone, Debug, Default)]
pub struct StepForm {
    /// Code of the step.
    pub step: String,
    /// The words.
    pub text: String,
    /// The version that was looked at.
    pub version: i64,
    /// One form is one step.
    pub key: String,
}

/// Moves a resolution on, or says something about it. Sent twice it is once.
pub async fn step(ctx: &Ctx, id: &str, form: &StepForm) -> Judged<()> {
    let (found, who) = one(ctx, id).await?;
    let actor = ctx.actor()?;
    let step = ResolutionStep::from_code(&form.step);
    let step = step.ok_or(Error::Unprocessable("there is no such step".into()))?;
    let mut errors = FieldErrors::new();
    let asks = Asks { most: limits::TEXT, empty: step.needs_words().then_some("meeting-error-text"), lines: true };
    let text = typed(ctx, &mut errors, "text", &form.text, asks);
    if !errors.is_empty() {
        return Err(Refused::Invalid(errors));
    }
    let form_key = form_key(ctx, &form.key)?;
    let mut tx = ctx.app.db.begin().await?;
    if !store::add_note(&mut tx, (id, &actor.id), (step, &text), &form_key, ctx.now).await? {
        return Ok(());
    }
    let Some(to) = step.leads(found.state(), who) else {
        return Err(Error::Conflict("meeting-conflict-step").into());
    };
    // Where it leads was judged from what was read: that has to be the version that is moved on.
    if found.version != form.version || !store::advance(&mut tx, (id, form.version), to, ctx.now).await? {
        return Err(Error::Conflict("error-conflict-text").into());
    }
    if !who.owner {
        let short: String = found.text.chars().take(60).collect();
        let dedupe = format!("meeting-resolution:{id}:{}", form.version);
        let message = ("inbox-meeting-task-moved", json!({ "text": short }));
        let href = format!("/meetings/resolutions/{id}");
        tell(&mut tx, ctx, &[&found.person_id], message, (&href, &dedupe)).await?;
    }
    note(&mut tx, ctx, "meeting.carry_out", ("meeting_resolution", id), json!({ "step": step.code() })).await?;
    tx.commit().await?;
    Ok(())
}

/// What the reader has to carry out, and what they may look at as a member with the right of supervision.
pub async fn mine(ctx: &Ctx) -> Result<(Vec<Resolution>, Vec<Resolution>), Error> {
    let actor = ctx.actor()?;
    let own = store::of_person(&ctx.app.db, &actor.id).await?;
    let mut others: Vec<Resolution> = Vec::new();
    for (body, _) in bodies::seats(&ctx.app.db, &actor.id).await? {
        if seat(ctx, &body).await?.is_some_and(|seat| seat.rights().supervise) {
            others.extend(store::of_body(&ctx.app.db, &body).await?);
        }
    }
    others.retain(|one| one.person_id != actor.id);
    others.sort_by(|a, b| (&a.due_day, &a.id).cmp(&(&b.due_day, &b.id)));
    others.dedup_by(|a, b| a.id == b.id);
    Ok((own, others))
}

/// Resolutions that are not over, of the places that the reader may read as staff.
pub async fn open(ctx: &Ctx) -> Result<Vec<Resolution>, Error> {
    let mut all: Vec<Resolution> = Vec::new();
    for scope in ctx.actor()?.scopes(Action::NetRead) {
        for one in store::under(&ctx.app.db, scope).await? {
            if all.iter().all(|known| known.id != one.id) {
                all.push(one);
            }
        }
    }
    all.sort_by(|a, b| (&a.due_day, &a.id).cmp(&(&b.due_day, &b.id)));
    Ok(all)
}

/// Whether somebody still has it to do: for lists of tasks.
pub fn is_task(one: &Resolution) -> bool {
    one.state() == ResolutionState::Open
}
