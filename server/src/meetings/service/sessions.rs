//! Sessions: planned, invited, open, closed; their agenda, the roll call, the notes.

use super::{Asks, Judged, Refused, body, form_key, note, session, session_lock, tell, today, typed};
use crate::{
    db::{Tx, dialect},
    http::{Ctx, Error, FieldErrors},
    meetings::store::{
        ballots,
        bodies::{self, Member},
        sessions::{self as store, NewSession, Session},
    },
};
use app::{
    meetings::{Mode, Presence, ProposalState, SessionState, SessionStep, limits},
    people::Action,
    time,
};
use jiff::{Timestamp, civil::DateTime};
use serde_json::json;

/// A session as a form describes it.
#[derive(Clone, Debug, Default)]
pub struct SessionForm {
    /// Title.
    pub title: String,
    /// When, `2026-11-25T10:00` in the deployment's zone.
    pub starts: String,
    /// Where.
    pub place: String,
    /// Code of a mode.
    pub mode: String,
    /// One form makes one.
    pub key: String,
}

/// The instant that `2026-11-25T10:00` names; `None` for none between 2000 and 2200.
pub(super) fn moment(text: &str) -> Option<Timestamp> {
    let at: DateTime = text.trim().parse().ok()?;
    (2000..2200).contains(&at.year()).then(|| time::at_time(at.date(), at.time()))
}

/// Plans a session; `None` when this form has made one before.
pub async fn make(ctx: &Ctx, body_id: &str, form: &SessionForm) -> Judged<Option<String>> {
    let body = body(ctx, body_id, Action::MeetingManage).await?;
    let mut errors = FieldErrors::new();
    let asks = Asks { most: limits::TITLE, empty: Some("meeting-error-title"), lines: false };
    let title = typed(ctx, &mut errors, "session_title", &form.title, asks);
    let asks = Asks { most: limits::SHORT, empty: Some("meeting-error-place"), lines: false };
    let place = typed(ctx, &mut errors, "session_place", &form.place, asks);
    let starts = moment(&form.starts);
    if starts.is_none() {
        errors.add("session_starts", ctx.w.t("meeting-error-when"));
    }
    let mode = Mode::from_code(&form.mode);
    if mode.is_none() {
        errors.add("session_mode", ctx.w.t("meeting-error-choose"));
    }
    let (Some(starts), Some(mode), true) = (starts, mode, errors.is_empty()) else { return Err(errors.into()) };
    let form_key = form_key(ctx, &form.key)?;
    let mut tx = ctx.app.db.begin().await?;
    let new =
        NewSession { body: (&body.id, &body.path), title: &title, starts, place: &place, mode, form_key: &form_key };
    let Some(id) = store::insert(&mut tx, new, ctx.now).await? else { return Ok(None) };
    note(&mut tx, ctx, "meeting.plan", ("meeting_session", &id), json!({ "meeting": body.id })).await?;
    tx.commit().await?;
    Ok(Some(id))
}

/// Latest sessions of the places that the reader may read.
pub async fn list(ctx: &Ctx) -> Result<Vec<Session>, Error> {
    let actor = ctx.actor()?;
    actor.require_somewhere(Action::NetRead)?;
    let mut all: Vec<Session> = Vec::new();
    for scope in actor.scopes(Action::NetRead) {
        for one in store::under(&ctx.app.db, scope).await? {
            if all.iter().all(|known| known.id != one.id) {
                all.push(one);
            }
        }
    }
    Ok(all)
}

/// Begins a transaction that holds the session's lock and sees its state.
pub(super) async fn locked(ctx: &Ctx, id: &str) -> Result<(Tx, SessionState), Error> {
    let mut tx = ctx.app.db.begin().await?;
    dialect::lock_key(ctx.app.db.engine(), &mut tx, &session_lock(id)).await?;
    let state = store::state_in(&mut tx, id).await?.ok_or(Error::NotFound)?;
    Ok((tx, state))
}

/// Invites, opens or closes a session. It is not closed while a ballot is open.
pub async fn step(ctx: &Ctx, id: &str, step: SessionStep) -> Result<(), Error> {
    let session = session(ctx, id, Action::MeetingManage).await?;
    let (mut tx, _) = locked(ctx, id).await?;
    if step == SessionStep::Close && ballots::any_open(&mut tx, id).await? {
        return Err(Error::Conflict("meeting-conflict-ballot-open"));
    }
    if !store::advance(&mut tx, id, step.way(), ctx.now).await? {
        return Err(Error::Conflict("meeting-conflict-state"));
    }
    if step == SessionStep::Invite {
        let members = bodies::sitting(&mut tx, &session.meeting_id, today(ctx)).await?;
        let people: Vec<&str> = members.iter().map(|member| member.person_id.as_str()).collect();
        let when = time::date_time(app::i18n::Lang::Zh, session.starts(), ctx.now);
        let when_en = time::date_time(app::i18n::Lang::En, session.starts(), ctx.now);
        let args = json!({ "title": session.title, "when": when, "when_en": when_en });
        let (href, dedupe) = (format!("/meetings/{id}"), format!("meeting:{id}"));
        tell(&mut tx, ctx, &people, ("inbox-meeting-invited", args), (&href, &dedupe)).await?;
    }
    note(&mut tx, ctx, "meeting.step", ("meeting_session", id), json!({ "step": step.code() })).await?;
    tx.commit().await?;
    Ok(())
}

/// An item as a form describes it.
#[derive(Clone, Debug, Default)]
pub struct ItemForm {
    /// Title; empty: the proposal's.
    pub title: String,
    /// Paper, Markdown, may be empty.
    pub paper: String,
    /// Id of a proposal that waits; may be empty.
    pub proposal: String,
    /// One form makes one.
    pub key: String,
}

/// Puts an item on the agenda; who proposed it is told. Sent twice it is one item.
pub async fn add_item(ctx: &Ctx, id: &str, form: &ItemForm) -> Judged<()> {
    let session = session(ctx, id, Action::MeetingManage).await?;
    let mut errors = FieldErrors::new();
    let proposal = match form.proposal.as_str() {
        "" => None,
        proposal => {
            let found = bodies::proposal(&ctx.app.db, proposal).await?;
            let found = found.filter(|one| one.meeting_id == session.meeting_id);
            if found.is_none() {
                errors.add("item_proposal", ctx.w.t("meeting-error-choose"));
            }
            found
        }
    };
    let given = match (&proposal, form.title.trim()) {
        (Some(proposal), "") => proposal.title.as_str(),
        (_, title) => title,
    };
    let asks = Asks { most: limits::TITLE, empty: Some("meeting-error-title"), lines: false };
    let title = typed(ctx, &mut errors, "item_title", given, asks);
    let asks = Asks { most: limits::PAPER, empty: None, lines: true };
    let paper = typed(ctx, &mut errors, "item_paper", &form.paper, asks);
    if !errors.is_empty() {
        return Err(Refused::Invalid(errors));
    }
    let form_key = form_key(ctx, &form.key)?;
    let (mut tx, state) = locked(ctx, id).await?;
    if !state.takes_items() {
        return Err(Error::Conflict("meeting-conflict-state").into());
    }
    let what = (title.as_str(), paper.as_str(), proposal.as_ref().map(|one| one.id.as_str()));
    let Some(item) = store::add_item(&mut tx, id, what, &form_key, ctx.now).await? else { return Ok(()) };
    if let Some(proposal) = &proposal {
        let to = (ProposalState::Agenda, "");
        if !bodies::decide(&mut tx, &proposal.id, to, &ctx.actor()?.id, ctx.now).await? {
            return Err(Error::Conflict("meeting-conflict-decided").into());
        }
        let message = ("inbox-meeting-agenda", json!({ "title": proposal.title, "session": session.title }));
        let dedupe = format!("meeting-proposal:{}", proposal.id);
        tell(&mut tx, ctx, &[&proposal.person_id], message, ("/meetings#proposals", &dedupe)).await?;
    }
    note(&mut tx, ctx, "meeting.add_item", ("meeting_session", id), json!({ "item": item })).await?;
    tx.commit().await?;
    Ok(())
}

/// Who belongs to a session: those who sit in its body on its day, and those of whom the roll call says something.
pub async fn members(ctx: &Ctx, session: &Session) -> Result<Vec<(Member, Option<Presence>)>, Error> {
    let day = time::day_of(session.starts());
    let noted = store::attendance(&ctx.app.db, &session.id).await?;
    let presence = |member: &Member| {
        let state = noted.iter().find(|(id, _)| *id == member.id).map(|(_, state)| state.as_str());
        state.and_then(Presence::from_code)
    };
    let all = bodies::members(&ctx.app.db, &session.meeting_id).await?;
    let with_presence = all.into_iter().map(|member| {
        let presence = presence(&member);
        (member, presence)
    });
    Ok(with_presence.filter(|(member, presence)| presence.is_some() || member.sits(day)).collect())
}

/// Notes whether a member is there, until the minutes are approved. It says nothing of votes.
pub async fn roll(ctx: &Ctx, id: &str, member: &str, presence: Presence) -> Result<(), Error> {
    let session = session(ctx, id, Action::MeetingManage).await?;
    let all = members(ctx, &session).await?;
    if all.iter().all(|(one, _)| one.id != member) {
        return Err(Error::NotFound);
    }
    let (mut tx, state) = locked(ctx, id).await?;
    if !state.is_written() {
        return Err(Error::Conflict("meeting-conflict-state"));
    }
    store::note_presence(&mut tx, (id, member), presence, &ctx.actor()?.id, ctx.now).await?;
    let detail = json!({ "member": member, "presence": presence.code() });
    note(&mut tx, ctx, "meeting.roll", ("meeting_session", id), detail).await?;
    tx.commit().await?;
    Ok(())
}

/// Saves the notes of a session that still is as the reader saw it.
pub async fn set_notes(ctx: &Ctx, id: &str, version: i64, notes: &str) -> Judged<()> {
    session(ctx, id, Action::MeetingManage).await?;
    let mut errors = FieldErrors::new();
    let asks = Asks { most: limits::PAPER, empty: None, lines: true };
    let notes = typed(ctx, &mut errors, "notes", notes, asks);
    if !errors.is_empty() {
        return Err(Refused::Invalid(errors));
    }
    let mut tx = ctx.app.db.begin().await?;
    if !store::set_notes(&mut tx, (id, version), &notes).await? {
        return Err(Error::Conflict("error-conflict-text").into());
    }
    note(&mut tx, ctx, "meeting.notes", ("meeting_session", id), json!({})).await?;
    tx.commit().await?;
    Ok(())
}
