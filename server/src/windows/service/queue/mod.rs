//! Moving the queue: call next, every step of a ticket, undo. Each movement is one transaction that begins with the
//! hall's day, so that the movements of one hall happen one after the other on both engines and on every server.

mod hours;
mod step;
mod undo;

pub use hours::{end_past_days, staff_window};
pub(super) use step::step_in;
pub use step::{Extra, act};
pub use undo::{may_undo, undo};

use crate::{
    app_state::App,
    audit, clock,
    db::Tx,
    http::{Ctx, Error},
    people::inbox,
    windows::store::{
        Hall,
        moves::{self, Before},
        tickets::{self, Ticket},
    },
};
use app::{
    people::Action,
    time::day_of,
    windows::queue::{Step, TicketState},
};
use jiff::Timestamp;

/// Longest note of a clerk, in characters.
pub const MAX_NOTE: usize = 500;

/// Who moves the queue, when, and in which request.
#[derive(Clone, Copy)]
pub struct Mover<'a> {
    /// The application.
    pub app: &'a App,
    /// When.
    pub now: Timestamp,
    /// The clerk or resident; `None`: somebody without an account.
    pub person: Option<&'a str>,
    /// The request's id.
    pub request_id: &'a str,
}

impl<'a> Mover<'a> {
    /// The reader of a page, whoever they are.
    pub fn of(ctx: &'a Ctx) -> Mover<'a> {
        let person = ctx.actor.as_ref().map(|actor| actor.id.as_str());
        Mover { app: &ctx.app, now: ctx.now, person, request_id: &ctx.request_id }
    }

    /// The signed-in clerk, who may serve at this hall.
    pub fn clerk(ctx: &'a Ctx, hall: &Hall) -> Result<Mover<'a>, Error> {
        ctx.actor()?.require(Action::QueueServe, &hall.path)?;
        Ok(Mover::of(ctx))
    }

    /// The day that is moved.
    pub fn day(&self) -> String {
        day_of(self.now).to_string()
    }

    /// Writes what was done to a ticket into the audit log.
    pub(super) async fn audit(
        &self,
        tx: &mut Tx,
        action: &str,
        ticket_id: &str,
        detail: serde_json::Value,
    ) -> Result<(), sqlx::Error> {
        let entry = audit::Entry {
            by: self.person.map_or(audit::By::Visitor, audit::By::Person),
            action,
            object_kind: "ticket",
            object_id: ticket_id,
            detail,
            request_id: self.request_id,
        };
        audit::write(tx, entry, self.now).await
    }
}

/// Why nothing moved.
#[derive(Debug, thiserror::Error)]
pub enum QueueError {
    /// Nobody waits for this window.
    #[error("nobody waits for this window")]
    Nobody,
    /// The window has somebody already: finish with them first.
    #[error("the window is busy")]
    Busy,
    /// The ticket's state does not allow it (any more): a colleague was quicker.
    #[error("not possible in this state")]
    NotNow,
    /// The number was called as often as it may be.
    #[error("called often enough")]
    CalledOften,
    /// Too late to undo, or something happened after it, or somebody else did it.
    #[error("cannot be undone")]
    NoUndo,
    /// The time to check in with this number is over.
    #[error("the number has lapsed")]
    Lapsed,
    /// The window is not staffed: open it first.
    #[error("the window is not open")]
    NotOpen,
    /// The note has more than [`MAX_NOTE`] characters.
    #[error("the note is too long")]
    Long,
    /// Anything else.
    #[error(transparent)]
    Http(#[from] Error),
}

impl From<sqlx::Error> for QueueError {
    fn from(error: sqlx::Error) -> QueueError {
        QueueError::Http(error.into())
    }
}

impl From<anyhow::Error> for QueueError {
    fn from(error: anyhow::Error) -> QueueError {
        QueueError::Http(error.into())
    }
}

/// One tap's own key, bound to who tapped; `None` when the form sent none.
fn own_key(mover: &Mover<'_>, key: &str) -> Result<Option<String>, Error> {
    match key {
        "" => Ok(None),
        key if key.len() > super::MAX_KEY => Err(Error::BadRequest("key: at most 100 characters".into())),
        key => Ok(Some(format!("{}:{key}", mover.person.unwrap_or_default()))),
    }
}

/// The ticket of the step that was made with this key, if there is one: a repeated tap is answered like the first.
async fn repeated(tx: &mut Tx, key: Option<&str>) -> Result<Option<String>, sqlx::Error> {
    let Some(key) = key else { return Ok(None) };
    Ok(tickets::step_by_key(&mut **tx, key).await?.map(|step| step.ticket_id))
}

/// Calls the first in line for a window; gives the ticket's id. Of several windows that call at once none gets the
/// same person.
pub async fn call_next(mover: &Mover<'_>, hall: &Hall, window_id: &str, key: &str) -> Result<String, QueueError> {
    let key = own_key(mover, key)?;
    let day = mover.day();
    let mut tx = mover.app.db.begin().await?;
    moves::bump(&mut tx, &hall.id, &day).await?;
    if let Some(ticket_id) = repeated(&mut tx, key.as_deref()).await? {
        return Ok(ticket_id);
    }
    if moves::at_window(&mut tx, &day, window_id).await?.is_some() {
        return Err(QueueError::Busy);
    }
    let early = hall.limits().early_call_minutes;
    let Some(id) = moves::claim_next(&mut tx, (&hall.id, &day), window_id, early, mover.now).await? else {
        return Err(QueueError::Nobody);
    };
    let called = tickets::by_id(&mut *tx, &id).await?.ok_or(Error::NotFound)?;
    // What an undo puts back is what the claim replaced: a waiting ticket has no window and no calls that count.
    let mut before = Before::of(&mut tx, &called).await?;
    before.state = TicketState::Waiting.code().to_owned();
    before.window_id = None;
    before.calls = 0;
    before.called_at = None;
    before.version_after = called.version;
    let next = (TicketState::Called, called.item_id.as_str(), Some(window_id));
    let at = moves::chain(&mut tx, &called, next, mover.person, mover.now).await?;
    note_step(&mut tx, mover, &called, (Step::Call, TicketState::Called), Some(window_id), &before, key.as_deref(), at)
        .await?;
    tell_called(&mut tx, mover, &called, hall).await?;
    tx.commit().await?;
    metrics::counter!("linli_queue_calls_total").increment(1);
    Ok(id)
}

#[expect(clippy::too_many_arguments, reason = "one row, written in one place")]
async fn note_step(
    tx: &mut Tx,
    mover: &Mover<'_>,
    ticket: &Ticket,
    (step, to): (Step, TicketState),
    window_id: Option<&str>,
    before: &Before,
    key: Option<&str>,
    at: i64,
) -> anyhow::Result<String> {
    let id = clock::new_id(mover.now);
    let new = moves::NewStep {
        id: &id,
        ticket_id: &ticket.id,
        action: step.code(),
        states: (&before.state, to.code()),
        staff_id: mover.person,
        window_id,
        before,
        key,
    };
    moves::insert_step(tx, &new, at).await?;
    let detail = serde_json::json!({"from": before.state, "to": to.code(), "window": window_id});
    mover.audit(tx, &format!("ticket.{}", step.code()), &ticket.id, detail).await?;
    Ok(id)
}

/// Tells the person in their inbox that they are called; the ticket page shows it anyway.
async fn tell_called(tx: &mut Tx, mover: &Mover<'_>, ticket: &Ticket, hall: &Hall) -> Result<(), sqlx::Error> {
    let (Some(person_id), Some(number)) = (&ticket.person_id, ticket.window_number) else { return Ok(()) };
    let message = inbox::Message {
        person_id,
        text_key: "inbox-ticket-called",
        text_args: serde_json::json!({
            "number": ticket.label(), "window": number.to_string(), "hall": hall.name,
            "hall_en": app::i18n::Lang::En.pick(&hall.name, &hall.name_en),
        }),
        href: &ticket_path(ticket),
        dedupe_key: &format!("ticket-called:{}:{}", ticket.id, ticket.version),
    };
    inbox::send(tx, message, mover.now).await
}

/// The page of a ticket for its owner.
pub fn ticket_path(ticket: &Ticket) -> String {
    match &ticket.appointment_code {
        Some(code) => format!("/appointments/{code}"),
        None => format!("/tickets/{}", ticket.id),
    }
}
