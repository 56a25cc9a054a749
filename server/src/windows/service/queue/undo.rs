//! Undo, for a few seconds.

use super::{Mover, QueueError};
use crate::{
    http::Error,
    windows::store::{
        Hall,
        moves::{self, Before, Change},
        tickets::{self, StepRow},
    },
};
use app::windows::queue::{Place, TicketState, UNDO_SECONDS};
use jiff::{SignedDuration, Timestamp};

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
        // What was written stays written.
        note: &ticket.note,
    };
    if !moves::change(&mut tx, &ticket, &change, None).await? {
        return Err(QueueError::NoUndo);
    }
    moves::unchain(&mut tx, &ticket.id, before.position).await?;
    if let Some(papers) = &before.replaced {
        moves::put_back_item(&mut tx, &ticket.id, papers).await?;
    }
    if let (Some(id), Some(state)) = (&ticket.appointment_id, &before.appointment) {
        moves::set_appointment(&mut tx, id, state, mover.now).await?;
    }
    mover.audit(&mut tx, "ticket.undo", &ticket.id, serde_json::json!({"step": step.action})).await?;
    tx.commit().await?;
    Ok(ticket.id)
}
