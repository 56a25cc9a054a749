//! One step of a ticket.

use super::{MAX_NOTE, Mover, QueueError, note_step, own_key, repeated, tell_called};
use crate::{
    db::Tx,
    http::Error,
    windows::{
        service::kept_words,
        store::{
            Hall,
            moves::{self, Before, Change},
            tickets::{self, Ticket},
        },
    },
};
use app::windows::queue::{Outcome, Place, RANK_FRONT, Step, TicketState, after};

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
pub(in crate::windows::service) async fn step_in(
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
    let mut before = Before::of(tx, ticket).await?;
    let note = match &extra.note {
        Some(note) => Some(kept_words(note, MAX_NOTE).ok_or(QueueError::Long)?),
        None => None,
    };
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
                // Other papers are to be brought for it: what was found of the old ones says nothing.
                before.replaced = moves::replace_item(tx, &ticket.id, (&ticket.item_id, item)).await?;
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
