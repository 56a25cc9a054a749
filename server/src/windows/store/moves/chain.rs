//! The chain of a ticket's intervals: every state from an instant to the next.

use crate::{clock, db::Tx, windows::store::tickets::Ticket};
use app::windows::queue::TicketState;
use jiff::Timestamp;

pub(super) struct Interval<'a> {
    pub(super) state: TicketState,
    pub(super) item_id: &'a str,
    pub(super) window_id: Option<&'a str>,
    pub(super) staff_id: Option<&'a str>,
}

pub(super) async fn open_interval(
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
pub(super) async fn last_interval(tx: &mut Tx, ticket_id: &str) -> Result<(i64, i64, Option<i64>), sqlx::Error> {
    sqlx::query_as(
        "SELECT position, starts_at, ends_at FROM ticket_interval WHERE ticket_id = $1 ORDER BY position DESC LIMIT 1",
    )
    .bind(ticket_id)
    .fetch_one(&mut **tx)
    .await
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
