//! Moving the queue: call next, every step of a ticket, undo. Each movement is one transaction that begins with the
//! hall's day, so that the movements of one hall happen one after the other on both engines and on every server.

use crate::{
    app_state::App,
    audit, clock,
    db::Tx,
    http::{Ctx, Error},
    people::inbox,
    windows::store::{
        Hall,
        moves::{self, Before, Change},
        tickets::{self, Desk, StepRow, Ticket},
    },
};
use app::{
    people::Action,
    time::day_of,
    windows::queue::{Outcome, Place, RANK_FRONT, Step, TicketState, UNDO_SECONDS, after},
};
use jiff::{SignedDuration, Timestamp};

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
    /// The window is not staffed: open it first.
    #[error("the window is not open")]
    NotOpen,
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

/// What a step needs to know besides its ticket.
#[derive(Clone, Debug, Default)]
pub struct Extra {
    /// Transfer: the window that shall call it; `None` leaves it to all.
    pub to_window: Option<String>,
    /// Transfer: the item it is for from now on.
    pub to_item: Option<String>,
    /// Finish: how it ended.
    pub outcome: Option<Outcome>,
    /// The clerk's note; `None` keeps the one there is.
    pub note: Option<String>,
}

/// Makes one step of a ticket at a window and gives the ticket as it is then. What the state does not allow is
/// [`QueueError::NotNow`]; a ticket that another window has called or serves is not this window's to move.
pub async fn act(
    mover: &Mover<'_>,
    hall: &Hall,
    window_id: Option<&str>,
    (ticket_id, step): (&str, Step),
    extra: &Extra,
    key: &str,
) -> Result<String, QueueError> {
    let key = own_key(mover, key)?;
    let mut tx = mover.app.db.begin().await?;
    moves::bump(&mut tx, &hall.id, &mover.day()).await?;
    if let Some(ticket_id) = repeated(&mut tx, key.as_deref()).await? {
        return Ok(ticket_id);
    }
    let ticket = tickets::by_id(&mut *tx, ticket_id).await?.filter(|ticket| ticket.hall_id == hall.id);
    let ticket = ticket.ok_or(Error::NotFound)?;
    if ticket.day != mover.day() {
        return Err(QueueError::NotNow);
    }
    step_in(&mut tx, mover, hall, &ticket, window_id, step, extra, key.as_deref()).await?;
    tx.commit().await?;
    Ok(ticket.id)
}

/// The step itself, inside a movement.
#[expect(clippy::too_many_arguments, reason = "one step, made in one place")]
pub(super) async fn step_in(
    tx: &mut Tx,
    mover: &Mover<'_>,
    hall: &Hall,
    ticket: &Ticket,
    window_id: Option<&str>,
    step: Step,
    extra: &Extra,
    key: Option<&str>,
) -> Result<(), QueueError> {
    let state = after(ticket.state(), step).ok_or(QueueError::NotNow)?;
    if ticket.state().is_at_window() && window_id.is_some() && ticket.window_id.as_deref() != window_id {
        return Err(QueueError::NotNow);
    }
    if step == Step::Recall && ticket.calls >= app::windows::queue::MAX_CALLS {
        return Err(QueueError::CalledOften);
    }
    let before = Before::of(tx, ticket).await?;
    let note: Option<String> = extra.note.as_ref().map(|note| note.trim().chars().take(MAX_NOTE).collect());
    let mut change = Change {
        state,
        item_id: &ticket.item_id,
        window_id: ticket.window_id.as_deref(),
        only_window_id: ticket.only_window_id.as_deref(),
        place: Place { rank: ticket.rank, order_at: ticket.order_at },
        calls: ticket.calls,
        called_at: ticket.called_at,
        result: &ticket.result,
        note: note.as_deref().unwrap_or(&ticket.note),
    };
    let now = mover.now.as_microsecond();
    match step {
        Step::Recall => {
            change.calls += 1;
            change.called_at = Some(now);
        }
        Step::RecallPassed => {
            change.place = Place { rank: RANK_FRONT, order_at: now };
            change.window_id = None;
        }
        Step::CheckIn => {
            let class = ticket.class();
            change.place = app::windows::queue::place(class, ticket.booked_for, now, hall.limits().late_minutes);
        }
        Step::Transfer => {
            change.window_id = None;
            change.only_window_id = extra.to_window.as_deref();
            if let Some(item) = &extra.to_item {
                change.item_id = item;
            }
        }
        Step::Unpark | Step::Park => change.window_id = None,
        Step::Finish => change.result = extra.outcome.unwrap_or(Outcome::Done).code(),
        Step::Call | Step::Pass | Step::Start | Step::NoShow | Step::Leave => {}
    }
    // A recall is the same interval: the person is still called.
    let at = if step == Step::Recall {
        now
    } else {
        let has_it = if state.is_at_window() { change.window_id } else { None };
        moves::chain(tx, ticket, (state, change.item_id, has_it), mover.person, mover.now).await?
    };
    let ended = (!state.is_open()).then_some(at);
    if !moves::change(tx, ticket, &change, ended).await? {
        return Err(QueueError::NotNow);
    }
    if let (Some(id), false) = (&ticket.appointment_id, state.is_open()) {
        let booking = if state == TicketState::Done { "done" } else { "no_show" };
        // Who came and left again was there: only somebody who never answered has missed the visit.
        let booking = if state == TicketState::Left { "done" } else { booking };
        moves::set_appointment(tx, id, booking, mover.now).await?;
    }
    note_step(tx, mover, ticket, (step, state), window_id, &before, key, at).await?;
    if step == Step::Recall {
        let again = tickets::by_id(&mut **tx, &ticket.id).await?.ok_or(Error::NotFound)?;
        tell_called(tx, mover, &again, hall).await?;
    }
    Ok(())
}

/// Whether `step` can still be undone by `person` at `now`, as far as the step itself tells.
pub fn may_undo(step: &StepRow, person: &str, now: Timestamp) -> bool {
    let limit = SignedDuration::from_secs(UNDO_SECONDS);
    let made = Timestamp::from_microsecond(step.at).unwrap_or(Timestamp::UNIX_EPOCH);
    step.undone_at.is_none() && step.staff_id.as_deref() == Some(person) && now.duration_since(made) <= limit
}

/// Undoes the newest step of a ticket, within [`UNDO_SECONDS`], by the clerk who made it. Undoing twice is like once.
pub async fn undo(mover: &Mover<'_>, hall: &Hall, step_id: &str) -> Result<String, QueueError> {
    let mut tx = mover.app.db.begin().await?;
    moves::bump(&mut tx, &hall.id, &mover.day()).await?;
    let step = tickets::step(&mut *tx, step_id).await?.ok_or(Error::NotFound)?;
    let ticket = tickets::by_id(&mut *tx, &step.ticket_id).await?.filter(|ticket| ticket.hall_id == hall.id);
    let ticket = ticket.ok_or(Error::NotFound)?;
    let person = mover.person.ok_or(Error::SignIn)?;
    if step.undone_at.is_some() && step.staff_id.as_deref() == Some(person) {
        return Ok(ticket.id);
    }
    let before: Before = serde_json::from_str(&step.before).map_err(anyhow::Error::new)?;
    let newest = tickets::newest_step(&mut *tx, &ticket.id).await?.is_some_and(|newest| newest.id == step.id);
    if !newest || !may_undo(&step, person, mover.now) || ticket.version != before.version_after {
        return Err(QueueError::NoUndo);
    }
    let state = TicketState::from_code(&before.state).ok_or(QueueError::NoUndo)?;
    if let (true, Some(window)) = (state.is_at_window(), &before.window_id) {
        // The window may have called somebody else since.
        let there = moves::at_window(&mut tx, &ticket.day, window).await?;
        if there.is_some_and(|id| id != ticket.id) {
            return Err(QueueError::Busy);
        }
    }
    if !moves::mark_undone(&mut tx, &step.id, mover.now).await? {
        return Err(QueueError::NoUndo);
    }
    let change = Change {
        state,
        item_id: &before.item_id,
        window_id: before.window_id.as_deref(),
        only_window_id: before.only_window_id.as_deref(),
        place: Place { rank: before.rank, order_at: before.order_at },
        calls: before.calls,
        called_at: before.called_at,
        result: &before.result,
        note: &before.note,
    };
    if !moves::change(&mut tx, &ticket, &change, None).await? {
        return Err(QueueError::NoUndo);
    }
    moves::unchain(&mut tx, &ticket.id, before.position).await?;
    if let (Some(id), Some(state)) = (&ticket.appointment_id, &before.appointment) {
        moves::set_appointment(&mut tx, id, state, mover.now).await?;
    }
    mover.audit(&mut tx, "ticket.undo", &ticket.id, serde_json::json!({"step": step.action})).await?;
    tx.commit().await?;
    Ok(ticket.id)
}

/// Opens a window for the clerk, or closes it. A window with somebody at it stays open.
pub async fn staff_window(mover: &Mover<'_>, hall: &Hall, desk: &Desk, open: bool) -> Result<(), QueueError> {
    let day = mover.day();
    let person = mover.person.ok_or(Error::SignIn)?;
    let mut tx = mover.app.db.begin().await?;
    moves::bump(&mut tx, &hall.id, &day).await?;
    let changed = if open {
        moves::open_window(&mut tx, &desk.id, person, mover.now).await?
    } else {
        if moves::at_window(&mut tx, &day, &desk.id).await?.is_some() {
            return Err(QueueError::Busy);
        }
        moves::close_window(&mut tx, &desk.id, mover.now).await?
    };
    if changed {
        let entry = audit::Entry {
            by: audit::By::Person(person),
            action: if open { "window.open" } else { "window.close" },
            object_kind: "window",
            object_id: &desk.id,
            detail: serde_json::json!({}),
            request_id: mover.request_id,
        };
        audit::write(&mut tx, entry, mover.now).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// Ends what was left open on days before today: the hall has closed. Numbers that never came and people who still
/// waited have left; who was called and did not come missed it; who was being served is done.
pub async fn end_past_days(app: &App) -> anyhow::Result<()> {
    let now = app.clock.now();
    let today = day_of(now).to_string();
    let open: Vec<(String, String, String)> = sqlx::query_as(
        "SELECT t.id, t.hall_id, h.code FROM ticket t JOIN hall h ON h.id = t.hall_id \
         WHERE t.day < $1 AND t.state NOT IN ('done', 'no_show', 'left') LIMIT 1000",
    )
    .bind(&today)
    .fetch_all(app.db.read())
    .await?;
    for (id, _, hall) in open {
        let Some(hall) = crate::windows::store::halls::by_code(&app.db, &hall).await? else { continue };
        let mut tx = app.db.begin().await?;
        let Some(ticket) = tickets::by_id(&mut *tx, &id).await? else { continue };
        moves::bump(&mut tx, &hall.id, &ticket.day).await?;
        let end = ticket.day.parse::<jiff::civil::Date>().ok().and_then(|day| day.tomorrow().ok());
        let end = end.map_or(now, app::time::start_of);
        let mover = Mover { app, now: end, person: None, request_id: "" };
        let step = match ticket.state() {
            TicketState::Called | TicketState::Passed => Step::NoShow,
            TicketState::Serving => Step::Finish,
            _ => Step::Leave,
        };
        match step_in(&mut tx, &mover, &hall, &ticket, None, step, &Extra::default(), None).await {
            Ok(()) => tx.commit().await?,
            Err(QueueError::Http(error)) => return Err(anyhow::Error::new(error)),
            Err(_) => {}
        }
    }
    let mut tx = app.db.begin().await?;
    sqlx::query("UPDATE window_session SET closed_at = $1 WHERE closed_at IS NULL AND opened_at < $2")
        .bind(now.as_microsecond())
        .bind(app::time::start_of(day_of(now)).as_microsecond())
        .execute(&mut *tx)
        .await?;
    tx.commit().await?;
    Ok(())
}
