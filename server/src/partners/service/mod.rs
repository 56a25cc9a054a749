//! What is done in this room. Each write has its entry in the audit log.

pub mod agreements;
pub mod certificates;
pub mod hours;
pub mod joining;
pub mod members;
pub mod remind;
pub mod teams;

use super::store;
use crate::{
    audit::{self, By},
    db::Tx,
    http::{Ctx, Error, FieldErrors},
    places::{self, Organisation, OrganisationKind},
};
use app::{notices::form, partners::LINE_CHARS, people::Action, places::Waiting, time};
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

impl From<anyhow::Error> for Refused {
    fn from(error: anyhow::Error) -> Refused {
        Refused::Other(error.into())
    }
}

/// What became of a form.
pub type Done<T> = Result<T, Refused>;

/// Reads the fields of a form and notes what is wrong with them.
pub struct Reader<'a> {
    ctx: &'a Ctx,
    /// What is wrong so far.
    pub errors: FieldErrors,
}

impl<'a> Reader<'a> {
    /// Nothing was read yet.
    pub fn new(ctx: &'a Ctx) -> Reader<'a> {
        Reader { ctx, errors: FieldErrors::new() }
    }

    /// Notes a mistake.
    pub fn wrong(&mut self, field: &'static str, key: &'static str) {
        self.errors.add(field, self.ctx.w.t(key));
    }

    fn sized(&mut self, field: &'static str, text: String, (most, needed): (usize, bool)) -> String {
        if needed && text.trim().is_empty() {
            self.wrong(field, "partners-error-empty");
        } else if text.chars().count() > most {
            self.errors.add(field, self.ctx.w.tf("partners-error-long", &[("count", most.into())]));
        }
        text
    }

    /// One line of at most so many characters.
    pub fn line(&mut self, field: &'static str, typed: &str, most: usize, needed: bool) -> String {
        self.sized(field, form::one_line(typed), (most, needed))
    }

    /// Several lines.
    pub fn text(&mut self, field: &'static str, typed: &str, most: usize, needed: bool) -> String {
        self.sized(field, form::lines(typed).trim().to_owned(), (most, needed))
    }

    /// A day of this century, `2026-11-25`.
    pub fn day(&mut self, field: &'static str, typed: &str) -> Date {
        let day = typed.trim().parse::<Date>().ok().filter(|day| (2000..=2099).contains(&day.year()));
        if day.is_none() {
            self.wrong(field, "partners-error-day");
        }
        day.unwrap_or(Date::ZERO)
    }

    /// Hours, as minutes.
    pub fn minutes(&mut self, field: &'static str, typed: &str) -> i64 {
        let minutes = app::partners::hours::minutes_of(typed);
        if minutes.is_none() {
            self.wrong(field, "partners-error-hours");
        }
        minutes.unwrap_or(0)
    }

    /// One of several codes.
    pub fn one_of<T>(&mut self, field: &'static str, found: Option<T>) -> Option<T> {
        if found.is_none() {
            self.wrong(field, "partners-error-choose");
        }
        found
    }

    /// Goes on only when nothing was wrong.
    pub fn done(self) -> Done<()> {
        if self.errors.is_empty() { Ok(()) } else { Err(Refused::Invalid(self.errors)) }
    }
}

/// A reason that must be given.
pub(super) fn reason(ctx: &Ctx, typed: &str) -> Done<String> {
    let mut reader = Reader::new(ctx);
    let reason = reader.line("reason", typed, LINE_CHARS, true);
    reader.done()?;
    Ok(reason)
}

/// The key of a form, bound to who sends it.
pub(super) fn form_key(ctx: &Ctx, key: &str) -> Result<String, Error> {
    let plain = (1..=100).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_graphic());
    if !plain {
        return Err(Error::BadRequest("the form's key is missing".into()));
    }
    Ok(format!("{}:{key}", ctx.actor()?.id))
}

/// Today in the deployment's zone.
pub fn today(ctx: &Ctx) -> Date {
    time::day_of(ctx.now)
}

/// The scopes in which the reader looks after this room.
pub fn scopes(ctx: &Ctx) -> Result<Vec<&str>, Error> {
    let actor = ctx.actor()?;
    actor.require_somewhere(Action::PartnerManage)?;
    Ok(actor.scopes(Action::PartnerManage))
}

/// Communities in which the reader may make something.
pub async fn communities(ctx: &Ctx) -> Result<Vec<Organisation>, Error> {
    let mut all: Vec<Organisation> = Vec::new();
    for scope in scopes(ctx)? {
        for place in places::store::under(&ctx.app.db, scope, OrganisationKind::Community).await? {
            if all.iter().all(|one| one.id != place.id) {
                all.push(place);
            }
        }
    }
    Ok(all)
}

/// The community of a form, by its code; the only one where there is no choice.
pub(super) async fn community(ctx: &Ctx, reader: &mut Reader<'_>, code: &str) -> Result<Option<Organisation>, Error> {
    let mut all = communities(ctx).await?;
    if all.len() == 1 && code.is_empty() {
        return Ok(all.pop());
    }
    let found = all.into_iter().find(|place| place.code == code);
    Ok(reader.one_of("community", found))
}

/// An entry in the audit log.
pub(super) async fn note(
    tx: &mut Tx,
    ctx: &Ctx,
    action: &str,
    (object_kind, object_id): (&str, &str),
    detail: serde_json::Value,
) -> Result<(), Error> {
    let entry = audit::Entry {
        by: By::Person(&ctx.actor()?.id),
        action,
        object_kind,
        object_id,
        detail,
        request_id: &ctx.request_id,
    };
    audit::write(tx, entry, ctx.now).await?;
    Ok(())
}

/// Somebody changed it a moment ago.
pub(super) const CHANGED: Error = Error::Conflict("error-conflict-text");

/// How many registrations and entries of hours wait for the reader.
pub async fn waiting_counts(ctx: &Ctx) -> Result<(i64, i64), Error> {
    let scopes = scopes(ctx)?;
    let db = &ctx.app.db;
    let count = |len: usize| i64::try_from(len).unwrap_or(i64::MAX);
    let members = store::members::waiting(db, &scopes).await?.len();
    let hours = store::hours::waiting(db, &scopes).await?.len();
    Ok((count(members), count(hours)))
}

/// What waits for the reader as staff, for `/staff`: registrations, hours, tasks that are late or due today.
pub async fn waiting(ctx: &Ctx) -> Result<Vec<Waiting>, Error> {
    let scopes = ctx.actor()?.scopes(Action::PartnerManage);
    if scopes.is_empty() {
        return Ok(Vec::new());
    }
    let (db, w) = (&ctx.app.db, ctx.w);
    let (registrations, hours) = waiting_counts(ctx).await?;
    let due = store::tasks::due(db, &scopes, today(ctx)).await?;
    let late = due.first().is_some_and(|task| task.due() < today(ctx));
    let row = |key: &str, count: i64, late: bool, href: &str| Waiting {
        title: w.t(key),
        note: None,
        count,
        late,
        href: href.to_owned(),
    };
    let rows = [
        row("partners-waiting-tasks", i64::try_from(due.len()).unwrap_or(i64::MAX), late, "/staff/partners"),
        row("partners-waiting-members", registrations, false, "/staff/partners?tab=waiting"),
        row("partners-waiting-hours", hours, false, "/staff/partners?tab=hours"),
    ];
    Ok(rows.into_iter().filter(|row| row.count > 0).collect())
}
