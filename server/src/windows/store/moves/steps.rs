//! What was done with a ticket, and what an undo puts back.

use super::{chain::last_interval, papers::Papers};
use crate::{db::Tx, windows::store::tickets::Ticket};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

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
    /// The item that a transfer took out of the visit, with what was found of its papers.
    #[serde(default)]
    pub replaced: Option<Papers>,
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
            replaced: None,
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
