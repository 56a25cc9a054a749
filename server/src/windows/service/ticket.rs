//! The ticket page, cancelling, my appointments.

use super::booking::{inbox_words, reopens_at};
use crate::{
    audit,
    http::{Ctx, Error, Result},
    people::inbox,
    windows::store::{Appointment, Hall, appointments, halls, items, items::StoredItem, slots},
};
use app::{
    people::Action,
    windows::{AppointmentState, parse_code},
};
use jiff::SignedDuration;

/// Who looks at a ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Viewer {
    /// The person who booked.
    Owner,
    /// Somebody with the link that carries the token.
    Link,
    /// Staff of the hall.
    Staff,
}

/// A ticket.
pub struct Ticket {
    /// The appointment.
    pub appointment: Appointment,
    /// Its item as it is now.
    pub stored: StoredItem,
    /// Its hall.
    pub hall: Hall,
    /// Who looks.
    pub viewer: Viewer,
}

/// Kind of the link tokens of tickets.
pub(super) const LINK: &str = "appointment";

/// Why a booking was not cancelled.
#[derive(Debug, thiserror::Error)]
pub enum CancelError {
    /// It begins too soon, or has begun.
    #[error("too late to cancel online")]
    TooLate,
    /// The person has come already, or it is over.
    #[error("no longer a booking that stands")]
    NotStanding,
    /// Anything else.
    #[error(transparent)]
    Http(#[from] Error),
}

impl From<sqlx::Error> for CancelError {
    fn from(error: sqlx::Error) -> CancelError {
        CancelError::Http(error.into())
    }
}

/// The absolute address of a ticket that opens without signing in.
pub fn ticket_address(ctx: &Ctx, code: &str) -> String {
    let public = ctx.app.config.public_url.as_str().trim_end_matches('/');
    format!("{public}/appointments/{code}?t={}", ctx.app.secrets.link_token(LINK, code))
}

/// The ticket with this code: for its owner, for whoever has the link's token, for staff of its hall. To everybody
/// else it does not exist; nobody who is not signed in learns whether it does.
pub async fn ticket(ctx: &Ctx, code: &str, token: Option<&str>) -> Result<Ticket> {
    let hidden = || if ctx.actor.is_some() { Error::NotFound } else { Error::SignIn };
    let code = parse_code(code).ok_or_else(hidden)?;
    let by_link = token.is_some_and(|token| ctx.app.secrets.check_link_token(LINK, &code, token));
    if ctx.actor.is_none() && !by_link {
        return Err(Error::SignIn);
    }
    let appointment = appointments::by_code(&ctx.app.db, &code).await?.ok_or_else(hidden)?;
    let hall = halls::by_code(&ctx.app.db, &appointment.hall_code).await?.ok_or_else(hidden)?;
    let viewer = match &ctx.actor {
        Some(actor) if actor.id == appointment.person_id => Viewer::Owner,
        Some(actor) if actor.may(Action::AppointmentRead, &hall.path) && !by_link => {
            actor.require(Action::AppointmentRead, &hall.path)?;
            note_the_look(ctx, &actor.id, &appointment.id).await?;
            Viewer::Staff
        }
        _ if by_link => Viewer::Link,
        _ => return Err(hidden()),
    };
    let stored = items::by_code(&ctx.app.db, &appointment.item_code).await?.ok_or_else(hidden)?;
    Ok(Ticket { appointment, stored, hall, viewer })
}

/// Every look at somebody else's data is in the audit log.
async fn note_the_look(ctx: &Ctx, actor_id: &str, appointment_id: &str) -> Result<()> {
    let mut tx = ctx.app.db.begin().await?;
    let entry = audit::Entry {
        by: audit::By::Person(actor_id),
        action: "appointment.look",
        object_kind: "appointment",
        object_id: appointment_id,
        detail: serde_json::json!({}),
        request_id: &ctx.request_id,
    };
    audit::write(&mut tx, entry, ctx.now).await?;
    tx.commit().await?;
    Ok(())
}

/// Cancels the signed-in person's own booking and gives its place back, in one transaction; gives its code. A booking that is
/// cancelled already stays so: a second tap is answered like the first.
pub async fn cancel(ctx: &Ctx, code: &str, reason: &str) -> std::result::Result<String, CancelError> {
    let actor = ctx.actor()?;
    let code = parse_code(code).ok_or(Error::NotFound)?;
    let appointment = appointments::by_code(&ctx.app.db, &code).await?.ok_or(Error::NotFound)?;
    if appointment.person_id != actor.id {
        return Err(Error::NotFound.into());
    }
    let hall = halls::by_code(&ctx.app.db, &appointment.hall_code).await?.ok_or(Error::NotFound)?;
    actor.require(Action::AppointmentBook, &hall.path)?;
    match appointment.state() {
        AppointmentState::Cancelled => return Ok(code),
        AppointmentState::Booked => {}
        _ => return Err(CancelError::NotStanding),
    }
    let latest = ctx.now + SignedDuration::from_mins(hall.limits().cancel_minutes.clamp(0, 60 * 24 * 30));
    let mut tx = ctx.app.db.begin().await?;
    let reopens = reopens_at(&hall, ctx.now);
    let freed = appointments::cancel(&mut tx, &appointment.id, reason, latest, reopens, ctx.now).await?;
    let Some(slot_id) = freed else {
        drop(tx);
        // Somebody was quicker, or it is too late: what it is now tells which.
        let now = appointments::by_code(&ctx.app.db, &code).await?.ok_or(Error::NotFound)?;
        return match now.state() {
            AppointmentState::Cancelled => Ok(code),
            AppointmentState::Booked => Err(CancelError::TooLate),
            _ => Err(CancelError::NotStanding),
        };
    };
    slots::free_public(&mut tx, &slot_id).await?;
    let entry = audit::Entry {
        by: audit::By::Person(&actor.id),
        action: "appointment.cancel",
        object_kind: "appointment",
        object_id: &appointment.id,
        detail: serde_json::json!({"by": "owner"}),
        request_id: &ctx.request_id,
    };
    audit::write(&mut tx, entry, ctx.now).await?;
    let told = inbox::Message {
        person_id: &actor.id,
        text_key: "inbox-appointment-cancelled",
        text_args: inbox_words((&appointment.title, &appointment.title_en), &hall, appointment.starts(), ctx.now),
        href: &format!("/appointments/{code}"),
        dedupe_key: &format!("appointment-cancelled:{}", appointment.id),
    };
    inbox::send(&mut tx, told, ctx.now).await?;
    tx.commit().await?;
    Ok(code)
}

/// A person's appointments.
pub struct Mine {
    /// Those that stand and are not over, the next one first.
    pub upcoming: Vec<(Appointment, Hall)>,
    /// The others, the latest first.
    pub past: Vec<(Appointment, Hall)>,
}

/// The signed-in person's appointments.
pub async fn mine(ctx: &Ctx) -> Result<Mine> {
    let actor = ctx.actor()?;
    actor.require(Action::OwnThings, "")?;
    let halls = halls::all(&ctx.app.db).await?;
    let with_hall = |list: Vec<Appointment>| -> Vec<(Appointment, Hall)> {
        list.into_iter()
            .filter_map(|appointment| {
                let hall = halls.iter().find(|hall| hall.code == appointment.hall_code)?.clone();
                Some((appointment, hall))
            })
            .collect()
    };
    Ok(Mine {
        upcoming: with_hall(appointments::upcoming(&ctx.app.db, &actor.id, ctx.now).await?),
        past: with_hall(appointments::past(&ctx.app.db, &actor.id, ctx.now).await?),
    })
}
