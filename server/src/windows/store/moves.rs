//! Movements of the queue: each in a transaction whose first statement is [`bump`], which puts the movements of one
//! hall in one order on both engines.

use super::tickets::Ticket;
use crate::{clock, db::Tx};
use app::windows::queue::{Place, RANK_BOOKED, RANK_EARLY, TicketState};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Begins a movement: nobody else moves this hall's queue until the transaction ends, and pages that look at it learn
/// that something has changed. Gives the new version.
pub async fn bump(tx: &mut Tx, hall_id: &str, day: &str) -> Result<i64, sqlx::Error> {
    let (version,): (i64,) = sqlx::query_as(
        "INSERT INTO hall_day (hall_id, day, version) VALUES ($1, $2, 1) \
         ON CONFLICT (hall_id, day) DO UPDATE SET version = hall_day.version + 1 RETURNING version",
    )
    .bind(hall_id)
    .bind(day)
    .fetch_one(&mut **tx)
    .await?;
    Ok(version)
}

/// The next number of a letter on a day.
pub async fn next_number(tx: &mut Tx, hall_id: &str, day: &str, letter: &str) -> Result<i64, sqlx::Error> {
    let (last,): (i64,) = sqlx::query_as(
        "INSERT INTO ticket_number (hall_id, day, letter, last) VALUES ($1, $2, $3, 1) \
         ON CONFLICT (hall_id, day, letter) DO UPDATE SET last = ticket_number.last + 1 RETURNING last",
    )
    .bind(hall_id)
    .bind(day)
    .bind(letter)
    .fetch_one(&mut **tx)
    .await?;
    Ok(last)
}

/// A ticket to be written down.
pub struct NewTicket<'a> {
    /// Id.
    pub id: &'a str,
    /// Hall and day.
    pub hall_id: &'a str,
    /// The day, YYYY-MM-DD.
    pub day: &'a str,
    /// Letter and number.
    pub number: (&'a str, i64),
    /// The booking it comes from.
    pub appointment_id: Option<&'a str>,
    /// Whose it is.
    pub person_id: Option<&'a str>,
    /// Hash of the browser that drew it.
    pub device_hash: &'a str,
    /// Name for the clerk.
    pub name: &'a str,
    /// Where it was drawn.
    pub channel: &'a str,
    /// Priority class.
    pub class: &'a str,
    /// What it is for: the ids of its items with the JSON of their answers; the first is what it is called for.
    pub items: &'a [(String, String)],
    /// What the person needs.
    pub need: &'a str,
    /// Issued from afar, or waiting.
    pub state: TicketState,
    /// Place in the line.
    pub place: Place,
    /// Begin of the booked time.
    pub booked_for: Option<i64>,
    /// One submit's own key.
    pub key: Option<&'a str>,
    /// Who issued it.
    pub staff_id: Option<&'a str>,
}

/// Writes a ticket down with its items and the first interval of its chain.
pub async fn insert(tx: &mut Tx, new: &NewTicket<'_>, now: Timestamp) -> anyhow::Result<()> {
    let item_id =
        new.items.first().map(|(id, _)| id.as_str()).ok_or_else(|| anyhow::anyhow!("a ticket for nothing"))?;
    sqlx::query(
        "INSERT INTO ticket (id, hall_id, day, letter, number, appointment_id, person_id, device_hash, name, channel, \
         class, item_id, need, state, rank, order_at, booked_for, issued_at, idempotency_key) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)",
    )
    .bind(new.id)
    .bind(new.hall_id)
    .bind(new.day)
    .bind(new.number.0)
    .bind(new.number.1)
    .bind(new.appointment_id)
    .bind(new.person_id)
    .bind(new.device_hash)
    .bind(new.name)
    .bind(new.channel)
    .bind(new.class)
    .bind(item_id)
    .bind(new.need)
    .bind(new.state.code())
    .bind(new.place.rank)
    .bind(new.place.order_at)
    .bind(new.booked_for)
    .bind(now.as_microsecond())
    .bind(new.key)
    .execute(&mut **tx)
    .await?;
    for (position, (item_id, answers)) in new.items.iter().enumerate() {
        sqlx::query("INSERT INTO ticket_item (ticket_id, position, item_id, answers) VALUES ($1, $2, $3, $4)")
            .bind(new.id)
            .bind(i64::try_from(position)?)
            .bind(item_id)
            .bind(answers)
            .execute(&mut **tx)
            .await?;
    }
    let first = Interval { state: new.state, item_id, window_id: None, staff_id: new.staff_id };
    open_interval(tx, (new.id, new.hall_id, new.day), 0, &first, now.as_microsecond()).await?;
    Ok(())
}

struct Interval<'a> {
    state: TicketState,
    item_id: &'a str,
    window_id: Option<&'a str>,
    staff_id: Option<&'a str>,
}

async fn open_interval(
    tx: &mut Tx,
    (ticket_id, hall_id, day): (&str, &str, &str),
    position: i64,
    interval: &Interval<'_>,
    at: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO ticket_interval (id, ticket_id, hall_id, day, position, state, item_id, window_id, staff_id, starts_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(clock::new_id(Timestamp::from_microsecond(at).unwrap_or_default()))
    .bind(ticket_id)
    .bind(hall_id)
    .bind(day)
    .bind(position)
    .bind(interval.state.code())
    .bind(interval.item_id)
    .bind(interval.window_id)
    .bind(interval.staff_id)
    .bind(at)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// The last interval of a ticket: its position and begin, whether or not it is open.
async fn last_interval(tx: &mut Tx, ticket_id: &str) -> Result<(i64, i64, Option<i64>), sqlx::Error> {
    sqlx::query_as(
        "SELECT position, starts_at, ends_at FROM ticket_interval WHERE ticket_id = $1 ORDER BY position DESC LIMIT 1",
    )
    .bind(ticket_id)
    .fetch_one(&mut **tx)
    .await
}

/// Claims the first in line for a window: one conditional statement. `None`: nobody waits for it. The order is that of
/// [`app::windows::queue`], and a test compares the two.
pub async fn claim_next(
    tx: &mut Tx,
    (hall_id, day): (&str, &str),
    window_id: &str,
    early_minutes: i64,
    now: Timestamp,
) -> Result<Option<String>, sqlx::Error> {
    let callable = now.as_microsecond().saturating_add(early_minutes.saturating_mul(60_000_000));
    let sql = format!(
        "UPDATE ticket SET state = 'called', window_id = $3, calls = 1, called_at = $4, version = version + 1 \
         WHERE state = 'waiting' AND id = (SELECT t.id FROM ticket t \
         WHERE t.hall_id = $1 AND t.day = $2 AND t.state = 'waiting' \
         AND (t.only_window_id = $3 OR (t.only_window_id IS NULL AND EXISTS \
         (SELECT 1 FROM window_item x WHERE x.window_id = $3 AND x.item_id = t.item_id))) \
         ORDER BY CASE WHEN t.rank = {RANK_BOOKED} AND t.booked_for > $5 THEN {RANK_EARLY} ELSE t.rank END, \
         t.order_at, t.issued_at, t.id LIMIT 1) RETURNING id"
    );
    let row: Option<(String,)> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(hall_id)
        .bind(day)
        .bind(window_id)
        .bind(now.as_microsecond())
        .bind(callable)
        .fetch_optional(&mut **tx)
        .await?;
    Ok(row.map(|(id,)| id))
}

/// What a ticket becomes.
pub struct Change<'a> {
    /// Its state.
    pub state: TicketState,
    /// What it is for.
    pub item_id: &'a str,
    /// The window that has it.
    pub window_id: Option<&'a str>,
    /// The only window that may call it.
    pub only_window_id: Option<&'a str>,
    /// Its place in the line.
    pub place: Place,
    /// How often it was called.
    pub calls: i64,
    /// When it was called last.
    pub called_at: Option<i64>,
    /// How it ended.
    pub result: &'a str,
    /// The clerk's note.
    pub note: &'a str,
}

/// Writes the change of a ticket that is still at `version`. `false`: it has changed since.
pub async fn change(
    tx: &mut Tx,
    ticket: &Ticket,
    change: &Change<'_>,
    ended_at: Option<i64>,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE ticket SET state = $3, item_id = $4, window_id = $5, only_window_id = $6, rank = $7, order_at = $8, \
         calls = $9, called_at = $10, result = $11, note = $12, ended_at = $13, version = version + 1 \
         WHERE id = $1 AND version = $2",
    )
    .bind(&ticket.id)
    .bind(ticket.version)
    .bind(change.state.code())
    .bind(change.item_id)
    .bind(change.window_id)
    .bind(change.only_window_id)
    .bind(change.place.rank)
    .bind(change.place.order_at)
    .bind(change.calls)
    .bind(change.called_at)
    .bind(change.result)
    .bind(change.note)
    .bind(ended_at)
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Continues a ticket's chain: ends the open interval and begins the next one at the same instant, which is never
/// before the last one began, whatever the clocks of several servers say. An ended ticket gets no further interval.
/// Gives the instant.
pub async fn chain(
    tx: &mut Tx,
    ticket: &Ticket,
    (state, item_id, window_id): (TicketState, &str, Option<&str>),
    staff_id: Option<&str>,
    now: Timestamp,
) -> Result<i64, sqlx::Error> {
    let (position, starts_at, _) = last_interval(tx, &ticket.id).await?;
    let at = now.as_microsecond().max(starts_at);
    sqlx::query("UPDATE ticket_interval SET ends_at = $2 WHERE ticket_id = $1 AND ends_at IS NULL")
        .bind(&ticket.id)
        .bind(at)
        .execute(&mut **tx)
        .await?;
    if state.is_open() {
        let next = Interval { state, item_id, window_id, staff_id };
        open_interval(tx, (&ticket.id, &ticket.hall_id, &ticket.day), position + 1, &next, at).await?;
    }
    Ok(at)
}

/// What an undo puts back, kept as JSON with the step.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Before {
    /// State.
    pub state: String,
    /// Item.
    pub item_id: String,
    /// Window.
    pub window_id: Option<String>,
    /// The only window.
    pub only_window_id: Option<String>,
    /// Rank.
    pub rank: i64,
    /// Order within the rank.
    pub order_at: i64,
    /// Calls.
    pub calls: i64,
    /// Last call.
    pub called_at: Option<i64>,
    /// Result.
    pub result: String,
    /// Note.
    pub note: String,
    /// Position of the interval that was open.
    pub position: i64,
    /// State of the booking.
    pub appointment: Option<String>,
    /// The ticket's version after the step: an undo is for exactly that.
    pub version_after: i64,
}

impl Before {
    /// What `ticket` is before a step.
    pub async fn of(tx: &mut Tx, ticket: &Ticket) -> Result<Before, sqlx::Error> {
        let (position, ..) = last_interval(tx, &ticket.id).await?;
        let appointment: Option<(String,)> = match &ticket.appointment_id {
            Some(id) => {
                sqlx::query_as("SELECT state FROM appointment WHERE id = $1").bind(id).fetch_optional(&mut **tx).await?
            }
            None => None,
        };
        Ok(Before {
            state: ticket.state_code.clone(),
            item_id: ticket.item_id.clone(),
            window_id: ticket.window_id.clone(),
            only_window_id: ticket.only_window_id.clone(),
            rank: ticket.rank,
            order_at: ticket.order_at,
            calls: ticket.calls,
            called_at: ticket.called_at,
            result: ticket.result.clone(),
            note: ticket.note.clone(),
            position,
            appointment: appointment.map(|(state,)| state),
            version_after: ticket.version + 1,
        })
    }
}

/// A step to be written down.
pub struct NewStep<'a> {
    /// Id.
    pub id: &'a str,
    /// The ticket.
    pub ticket_id: &'a str,
    /// Code of the step.
    pub action: &'a str,
    /// State before and after.
    pub states: (&'a str, &'a str),
    /// Who.
    pub staff_id: Option<&'a str>,
    /// At which window.
    pub window_id: Option<&'a str>,
    /// What an undo puts back.
    pub before: &'a Before,
    /// One tap's own key.
    pub key: Option<&'a str>,
}

/// Writes a step down.
pub async fn insert_step(tx: &mut Tx, step: &NewStep<'_>, at: i64) -> anyhow::Result<()> {
    sqlx::query(
        "INSERT INTO ticket_step (id, ticket_id, action, from_state, to_state, staff_id, window_id, at, before, \
         idempotency_key, version) SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, d.version \
         FROM ticket t JOIN hall_day d ON d.hall_id = t.hall_id AND d.day = t.day WHERE t.id = $2",
    )
    .bind(step.id)
    .bind(step.ticket_id)
    .bind(step.action)
    .bind(step.states.0)
    .bind(step.states.1)
    .bind(step.staff_id)
    .bind(step.window_id)
    .bind(at)
    .bind(serde_json::to_string(step.before)?)
    .bind(step.key)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Marks a step as undone. `false`: it was already.
pub async fn mark_undone(tx: &mut Tx, step_id: &str, now: Timestamp) -> Result<bool, sqlx::Error> {
    let done = sqlx::query("UPDATE ticket_step SET undone_at = $2 WHERE id = $1 AND undone_at IS NULL")
        .bind(step_id)
        .bind(now.as_microsecond())
        .execute(&mut **tx)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Puts a ticket's chain back: what came after `position` goes, and that interval is open again.
pub async fn unchain(tx: &mut Tx, ticket_id: &str, position: i64) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM ticket_interval WHERE ticket_id = $1 AND position > $2")
        .bind(ticket_id)
        .bind(position)
        .execute(&mut **tx)
        .await?;
    sqlx::query("UPDATE ticket_interval SET ends_at = NULL WHERE ticket_id = $1 AND position = $2")
        .bind(ticket_id)
        .bind(position)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Sets the state of the booking behind a ticket.
pub async fn set_appointment(tx: &mut Tx, id: &str, state: &str, now: Timestamp) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE appointment SET state = $2, no_show_at = CASE WHEN $2 = 'no_show' THEN $3 ELSE NULL END WHERE id = $1",
    )
    .bind(id)
    .bind(state)
    .bind(now.as_microsecond())
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// The ticket that keeps a window busy.
pub async fn at_window(tx: &mut Tx, day: &str, window_id: &str) -> Result<Option<String>, sqlx::Error> {
    let row: Option<(String,)> = sqlx::query_as(
        "SELECT id FROM ticket WHERE window_id = $1 AND day = $2 AND state IN ('called', 'serving') LIMIT 1",
    )
    .bind(window_id)
    .bind(day)
    .fetch_optional(&mut **tx)
    .await?;
    Ok(row.map(|(id,)| id))
}

/// A clerk begins to work at a window; whoever worked there has gone. Opening twice is like once.
pub async fn open_window(tx: &mut Tx, window_id: &str, staff_id: &str, now: Timestamp) -> Result<bool, sqlx::Error> {
    let open: Option<(String,)> =
        sqlx::query_as("SELECT staff_id FROM window_session WHERE window_id = $1 AND closed_at IS NULL")
            .bind(window_id)
            .fetch_optional(&mut **tx)
            .await?;
    if open.is_some_and(|(there,)| there == staff_id) {
        return Ok(false);
    }
    close_window(tx, window_id, now).await?;
    sqlx::query("INSERT INTO window_session (id, window_id, staff_id, opened_at) VALUES ($1, $2, $3, $4)")
        .bind(clock::new_id(now))
        .bind(window_id)
        .bind(staff_id)
        .bind(now.as_microsecond())
        .execute(&mut **tx)
        .await?;
    Ok(true)
}

/// Nobody works at a window any more.
pub async fn close_window(tx: &mut Tx, window_id: &str, now: Timestamp) -> Result<bool, sqlx::Error> {
    let done = sqlx::query("UPDATE window_session SET closed_at = $2 WHERE window_id = $1 AND closed_at IS NULL")
        .bind(window_id)
        .bind(now.as_microsecond())
        .execute(&mut **tx)
        .await?;
    Ok(done.rows_affected() > 0)
}

/// Notes what was found at the counter for one item of a ticket: JSON arrays of material codes.
pub async fn check_materials(
    tx: &mut Tx,
    ticket_id: &str,
    item_code: &str,
    (seen, missing): (&str, &str),
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE ticket_item SET seen = $3, missing = $4, checked_at = $5 WHERE ticket_id = $1 \
         AND item_id = (SELECT id FROM service_item WHERE code = $2)",
    )
    .bind(ticket_id)
    .bind(item_code)
    .bind(seen)
    .bind(missing)
    .bind(now.as_microsecond())
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Sets class and place of a ticket (by reception), and the clerk's note if given.
pub async fn set_class(tx: &mut Tx, ticket_id: &str, class: &str, place: Place) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE ticket SET class = $2, rank = $3, order_at = $4, version = version + 1 WHERE id = $1")
        .bind(ticket_id)
        .bind(class)
        .bind(place.rank)
        .bind(place.order_at)
        .execute(&mut **tx)
        .await?;
    Ok(())
}
