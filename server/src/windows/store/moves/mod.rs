//! Movements of the queue: each in a transaction whose first statement is [`bump`], which puts the movements of one
//! hall in one order on both engines.

mod chain;
mod issue;
mod papers;
mod steps;

pub use chain::{chain, unchain};
pub use issue::{NewTicket, insert};
pub use papers::{Papers, check_materials, put_back_item, replace_item};
pub use steps::{Before, NewStep, insert_step, mark_undone};

use super::tickets::Ticket;
use crate::{clock, db::Tx};
use app::windows::queue::{Place, RANK_BOOKED, RANK_EARLY, TicketState};
use jiff::Timestamp;

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

/// Keeps the clerk's note. It moves nothing: a step before it can still be undone.
pub async fn set_note(tx: &mut Tx, ticket_id: &str, note: &str) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE ticket SET note = $2 WHERE id = $1").bind(ticket_id).bind(note).execute(&mut **tx).await?;
    Ok(())
}

/// Sets class and place of a ticket (by reception).
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
