//! Another time for a booking that stands: in one transaction, so that a person never has both times and never none.

use super::{
    availability::{Offers, TimeOffer, offers},
    booking::{BookError, NEXT_FREE, inbox_words, keep_limits, keeper, titles, use_hold},
    places::{self, lock_days_as_seen, lock_person},
    ticket::{Ticket, Viewer, own_or_linked},
};
use crate::{
    audit,
    http::{Ctx, Error},
    people::inbox,
    windows::store::{Quota, appointments, items, items::StoredItem},
};
use app::{
    time::day_of,
    windows::{AppointmentState, SlotRef},
};
use jiff::SignedDuration;

/// Why a booking was not changed.
#[derive(Debug, thiserror::Error)]
pub enum ChangeError {
    /// It begins too soon, or has begun.
    #[error("too late to change online")]
    TooLate,
    /// The person has come already, or it is over, or cancelled.
    #[error("no longer a booking that stands")]
    NotStanding,
    /// One of its items is no longer offered: it stands as it is, and there is no other time for it.
    #[error("an item of it is no longer offered")]
    Retired,
    /// The new time is not to be had.
    #[error(transparent)]
    Book(#[from] BookError),
}

impl From<Error> for ChangeError {
    fn from(error: Error) -> ChangeError {
        ChangeError::Book(error.into())
    }
}

impl From<sqlx::Error> for ChangeError {
    fn from(error: sqlx::Error) -> ChangeError {
        ChangeError::Book(error.into())
    }
}

impl From<anyhow::Error> for ChangeError {
    fn from(error: anyhow::Error) -> ChangeError {
        ChangeError::Book(error.into())
    }
}

/// A booking that may be changed, with what its hall offers instead.
pub struct Changing {
    /// The ticket.
    pub ticket: Ticket,
    /// The other times.
    pub offers: Offers,
}

/// The booking with this code for its owner or whoever has its link, with the other times.
pub async fn changing(ctx: &Ctx, code: &str, token: Option<&str>) -> Result<Changing, ChangeError> {
    let ticket = own_or_linked(ctx, code, token).await?;
    may_still(ctx, &ticket)?;
    let stored: Vec<StoredItem> = ticket.items.iter().map(|item| item.stored.clone()).collect();
    let offers = offers(&ctx.app, &ticket.hall, &stored, Quota::Public, ctx.now).await?;
    Ok(Changing { ticket, offers })
}

fn may_still(ctx: &Ctx, ticket: &Ticket) -> Result<(), ChangeError> {
    match ticket.appointment.state() {
        AppointmentState::Booked => {}
        _ => return Err(ChangeError::NotStanding),
    }
    if ticket.appointment.starts() < latest(ctx, ticket) {
        return Err(ChangeError::TooLate);
    }
    if ticket.is_retired() { Err(ChangeError::Retired) } else { Ok(()) }
}

fn latest(ctx: &Ctx, ticket: &Ticket) -> jiff::Timestamp {
    ctx.now + SignedDuration::from_mins(ticket.hall.limits().cancel_minutes.clamp(0, 60 * 24 * 30))
}

/// Moves the booking to another time of its hall and gives its code. Moving it to where it is changes nothing, so that a
/// second tap is answered like the first.
pub async fn change(ctx: &Ctx, code: &str, token: Option<&str>, slot: &str) -> Result<String, ChangeError> {
    loop {
        if let Some(code) = attempt(ctx, code, token, slot).await? {
            return Ok(code);
        }
    }
}

/// `None`: the hall's settings were saved meanwhile, and everything has to be looked at again.
async fn attempt(ctx: &Ctx, code: &str, token: Option<&str>, slot: &str) -> Result<Option<String>, ChangeError> {
    let Changing { ticket, offers } = match changing(ctx, code, token).await {
        Ok(changing) => changing,
        Err(error) => return Err(error),
    };
    let Ticket { appointment, hall, items: visit, .. } = &ticket;
    let Ok(slot) = slot.parse::<SlotRef>() else { return Err(BookError::NotOffered(Vec::new()).into()) };
    if slot.hall != hall.code {
        return Err(Error::NotFound.into());
    }
    if slot.starts_at() == appointment.starts() {
        return Ok(Some(appointment.code.clone()));
    }
    let Some(time) = offers.time(&slot).cloned() else {
        return Err(BookError::NotOffered(offers.next_free(slot.starts_at(), NEXT_FREE)).into());
    };
    let stored: Vec<StoredItem> = visit.iter().map(|item| item.stored.clone()).collect();
    let db = &ctx.app.db;
    let latest = latest(ctx, &ticket);

    let mut tx = db.begin().await?;
    lock_person(db.engine(), &mut tx, &appointment.person_id).await?;
    // As it stands now, under the lock: somebody may have changed or cancelled it since the page was read.
    let now = appointments::by_code_in(&mut tx, &appointment.code).await?.ok_or(Error::NotFound)?;
    if now.state() != AppointmentState::Booked {
        return Err(ChangeError::NotStanding);
    }
    if slot.starts_at() == now.starts() {
        return Ok(Some(now.code));
    }
    if now.starts() < latest {
        return Err(ChangeError::TooLate);
    }
    if !items::keep(&mut tx, db.engine(), &stored).await? {
        return Err(BookError::NotOffered(Vec::new()).into());
    }
    let whose = (now.person_id.as_str(), "");
    let mut standing = appointments::standing(&mut tx, &[whose], places::span_of(slot.at.date()), ctx.now).await?;
    let standing = standing.remove(whose.0).unwrap_or_default();
    keep_limits(hall, &standing, &stored, &time, Some(&now.id), ctx.now)?;
    if !lock_days_as_seen(db.engine(), &mut tx, hall, &[slot.at.date(), day_of(now.starts())]).await? {
        return Ok(None);
    }
    let preferred = use_hold(&mut tx, hall, &keeper(ctx), &time, ctx.now).await?;
    let preferred = preferred.map(|hold| hold.window_id);
    let old = appointments::slots_of(&mut tx, &now.id).await?;
    // Someone whom staff booked out of the assisted places moves to a public one.
    let taken = places::take(&mut tx, hall, &offers, &time, Quota::Public, preferred.as_deref(), ctx.now).await?;
    let places::Taken::Places(places) = taken else {
        drop(tx);
        return Err(BookError::Full(free_now(ctx, &ticket, &stored, &time).await?).into());
    };
    let span = (time.starts_at, time.ends_at);
    let window = (places.window.id.as_str(), Quota::Public);
    if !appointments::move_to(&mut tx, &now.id, window, &places.slot_ids, span, latest, ctx.now).await? {
        return Err(ChangeError::NotStanding);
    }
    places::give_back(&mut tx, hall, &old, now.quota(), now.starts(), ctx.now).await?;
    let entry = audit::Entry {
        by: ctx.actor.as_ref().map_or(audit::By::Visitor, |actor| audit::By::Person(&actor.id)),
        action: "appointment.change",
        object_kind: "appointment",
        object_id: &now.id,
        detail: serde_json::json!({
            "by": if ticket.viewer == Viewer::Owner { "owner" } else { "link" },
            "from": now.starts().to_string(), "to": time.starts_at.to_string(),
        }),
        request_id: &ctx.request_id,
    };
    audit::write(&mut tx, entry, ctx.now).await?;
    let told = inbox::Message {
        person_id: &now.person_id,
        text_key: "inbox-appointment-changed",
        text_args: inbox_words(titles(&stored), hall, time.starts_at, ctx.now),
        href: &format!("/appointments/{}", now.code),
        dedupe_key: &format!("appointment-changed:{}:{}", now.id, now.sequence + 1),
    };
    inbox::send(&mut tx, told, ctx.now).await?;
    tx.commit().await?;
    Ok(Some(now.code))
}

async fn free_now(
    ctx: &Ctx,
    ticket: &Ticket,
    stored: &[StoredItem],
    time: &TimeOffer,
) -> Result<Vec<TimeOffer>, ChangeError> {
    let offers = offers(&ctx.app, &ticket.hall, stored, Quota::Public, ctx.now).await?;
    Ok(offers.next_free(time.starts_at, NEXT_FREE))
}
