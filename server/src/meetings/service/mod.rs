//! What people do with meetings. Each write has its entry in the audit log, but for a vote in a secret ballot: see
//! [`ballots::vote`].

pub mod ballots;
pub mod bodies;
pub mod minutes;
pub mod papers;
pub mod resolutions;
pub mod sessions;

use super::store::{
    bodies::{self as body_store, Body, Member},
    sessions::{self as session_store, Session},
};
use crate::{
    audit::{self, By},
    db::Tx,
    http::{Ctx, Error, FieldErrors},
    people::inbox,
};
use app::{
    meetings::SessionState,
    notices::form::{lines, one_line},
    people::Action,
    places::Waiting,
    time,
};
use jiff::civil::Date;

/// Why a form was not accepted.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// Something in it.
    #[error("the form has mistakes")]
    Invalid(FieldErrors),
    /// Anything else.
    #[error(transparent)]
    Other(#[from] Error),
}

impl From<sqlx::Error> for Refused {
    fn from(error: sqlx::Error) -> Refused {
        Refused::Other(error.into())
    }
}

impl From<FieldErrors> for Refused {
    fn from(errors: FieldErrors) -> Refused {
        Refused::Invalid(errors)
    }
}

/// What a use case with a form answers.
pub type Judged<T> = Result<T, Refused>;

/// How a text may be.
#[derive(Clone, Copy)]
struct Asks {
    /// Most characters.
    most: usize,
    /// What is said when nothing was typed; `None`: it may be empty.
    empty: Option<&'static str>,
    /// Several lines.
    lines: bool,
}

/// A text as it was typed, or a mistake at its field.
fn typed(ctx: &Ctx, errors: &mut FieldErrors, field: &'static str, text: &str, asks: Asks) -> String {
    let text = if asks.lines { lines(text).trim().to_owned() } else { one_line(text) };
    if let (true, Some(key)) = (text.is_empty(), asks.empty) {
        errors.add(field, ctx.w.t(key));
    }
    if text.chars().count() > asks.most {
        errors.add(field, ctx.w.tf("meeting-error-long", &[("count", asks.most.into())]));
    }
    text
}

/// The key of a form, which makes one thing of its person however often it is sent.
fn form_key(ctx: &Ctx, key: &str) -> Result<String, Error> {
    if key.is_empty() || key.len() > 100 || !key.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(Error::BadRequest("the form's key is missing".into()));
    }
    Ok(format!("{}:{key}", ctx.actor()?.id))
}

/// Today, where the deployment is.
pub fn today(ctx: &Ctx) -> Date {
    time::day_of(ctx.now)
}

/// A day that a form names; `None` for none between 2000 and 2200.
fn day(text: &str) -> Option<Date> {
    let day: Date = text.trim().parse().ok()?;
    (2000..2200).contains(&day.year()).then_some(day)
}

/// The lock under which a session changes.
fn session_lock(id: &str) -> String {
    format!("meeting-session:{id}")
}

async fn note(
    tx: &mut Tx,
    ctx: &Ctx,
    action: &str,
    (kind, id): (&str, &str),
    detail: serde_json::Value,
) -> Result<(), Error> {
    let entry = audit::Entry {
        by: By::Person(&ctx.actor()?.id),
        action,
        object_kind: kind,
        object_id: id,
        detail,
        request_id: &ctx.request_id,
    };
    audit::write(tx, entry, ctx.now).await?;
    Ok(())
}

/// Tells people of something, each once.
async fn tell(
    tx: &mut Tx,
    ctx: &Ctx,
    people: &[&str],
    (text_key, text_args): (&'static str, serde_json::Value),
    (href, dedupe_key): (&str, &str),
) -> Result<(), Error> {
    let message = inbox::Message { person_id: "", text_key, text_args, href, dedupe_key };
    inbox::send_all(tx, people, message, ctx.now).await?;
    Ok(())
}

/// The body with this id, for whoever may do `action` there.
pub async fn body(ctx: &Ctx, id: &str, action: Action) -> Result<Body, Error> {
    let actor = ctx.actor()?;
    actor.require_somewhere(action)?;
    let body = body_store::by_id(&ctx.app.db, id).await?.ok_or(Error::NotFound)?;
    actor.require(action, &body.path)?;
    Ok(body)
}

/// The session with this id, for whoever may do `action` there.
pub async fn session(ctx: &Ctx, id: &str, action: Action) -> Result<Session, Error> {
    let actor = ctx.actor()?;
    actor.require_somewhere(action)?;
    let session = session_store::by_id(&ctx.app.db, id).await?.ok_or(Error::NotFound)?;
    actor.require(action, &session.path)?;
    Ok(session)
}

/// The reader's seat in a body today.
pub async fn seat(ctx: &Ctx, body: &str) -> Result<Option<Member>, Error> {
    let Some(actor) = &ctx.actor else { return Ok(None) };
    let members = body_store::members(&ctx.app.db, body).await?;
    Ok(members.into_iter().find(|member| member.person_id == actor.id && member.sits(today(ctx))))
}

/// As whom somebody reads a session.
pub struct Reader {
    /// Their seat today.
    pub seat: Option<Member>,
    /// They may read it as staff.
    pub staff: bool,
    /// They run it.
    pub manages: bool,
}

impl Reader {
    /// Whether they see all of it, not only what is published.
    pub fn is_inside(&self) -> bool {
        self.seat.is_some() || self.staff
    }

    /// Whether they may approve minutes.
    pub fn approves(&self) -> bool {
        self.manages || self.seat.as_ref().is_some_and(|seat| seat.rights().supervise)
    }
}

/// A session for its members from the invitation on, for staff of the place, and, once its summary is published, for residents
/// of the community. For others there is none.
pub async fn attended(ctx: &Ctx, id: &str) -> Result<(Session, Reader), Error> {
    let actor = ctx.actor()?;
    let session = session_store::by_id(&ctx.app.db, id).await?.ok_or(Error::NotFound)?;
    let seat = seat(ctx, &session.meeting_id).await?;
    let reader = Reader {
        seat: seat.filter(|_| session.state() != SessionState::Planned),
        staff: actor.require(Action::NetRead, &session.path).is_ok(),
        manages: actor.require(Action::MeetingManage, &session.path).is_ok(),
    };
    let lives_there = actor.community_id.as_deref() == Some(session.community_id.as_str());
    if reader.is_inside() || (lives_there && session.published_at.is_some()) {
        Ok((session, reader))
    } else {
        Err(Error::NotFound)
    }
}

/// What waits for the reader as staff, for `/staff`: proposals, and resolutions that are late or wait for a look.
pub async fn waiting(ctx: &Ctx) -> Result<Vec<Waiting>, Error> {
    let Some(actor) = &ctx.actor else { return Ok(Vec::new()) };
    let (mut proposals, mut late, mut reported) = (0, 0, 0);
    for scope in actor.scopes(Action::MeetingManage) {
        proposals += body_store::waiting(&ctx.app.db, scope).await?;
        let open = super::store::resolutions::under(&ctx.app.db, scope).await?;
        late += open.iter().filter(|one| one.is_late(today(ctx))).count();
        reported += open.iter().filter(|one| one.state() == app::meetings::ResolutionState::Reported).count();
    }
    let count = |of: usize| i64::try_from(of).unwrap_or(i64::MAX);
    let lines = [
        ("meeting-waiting-proposals", proposals, false),
        ("meeting-waiting-late", count(late), true),
        ("meeting-waiting-reported", count(reported), false),
    ];
    let line = |(key, count, late): (&str, i64, bool)| Waiting {
        title: ctx.w.t(key),
        note: None,
        count,
        late,
        href: "/staff/meetings".to_owned(),
    };
    Ok(lines.into_iter().filter(|(_, count, _)| *count > 0).map(line).collect())
}
