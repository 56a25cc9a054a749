//! A resident answers a time that the hall proposed.

use crate::{
    audit,
    http::{Ctx, Error, Result},
    people::inbox,
    windows::{
        service::{
            booking::inbox_words,
            places::{lock_days, lock_person},
        },
        store::{
            Appointment, Hall, appointments, halls,
            rebooking::{self, OpenProposal},
        },
    },
};
use app::{people::Action, time::day_of, windows::parse_code};
use jiff::Timestamp;

/// A booking of the signed-in person's with the open proposal for it.
pub struct Asked {
    /// The booking.
    pub appointment: Appointment,
    /// Its hall.
    pub hall: Hall,
    /// The proposal; `None`: there is none, or it was answered or lapsed.
    pub proposal: Option<OpenProposal>,
}

/// The proposal for the signed-in person's own booking.
pub async fn asked(ctx: &Ctx, code: &str) -> Result<Asked> {
    let actor = ctx.actor()?;
    let code = parse_code(code).ok_or(Error::NotFound)?;
    let db = &ctx.app.db;
    let appointment = appointments::by_code(db, &code).await?.ok_or(Error::NotFound)?;
    if appointment.person_id != actor.id {
        return Err(Error::NotFound);
    }
    let hall = halls::by_code(db, &appointment.hall_code).await?.ok_or(Error::NotFound)?;
    actor.require(Action::AppointmentBook, &hall.path)?;
    let proposal = rebooking::open_proposal(db.read(), &appointment.id, ctx.now).await?;
    Ok(Asked { appointment, hall, proposal })
}

/// Accepts or declines. `false`: there is no open proposal (any more), and nothing was changed.
pub async fn answer(ctx: &Ctx, code: &str, accept: bool) -> Result<bool> {
    let Asked { appointment, hall, proposal } = asked(ctx, code).await?;
    let actor = ctx.actor()?;
    let db = &ctx.app.db;
    let mut tx = db.begin().await?;
    lock_person(db.engine(), &mut tx, &appointment.person_id).await?;
    // As it stands now, under the lock: it may have been changed or cancelled since the page was read.
    let appointment = appointments::by_code_in(&mut tx, &appointment.code).await?.ok_or(Error::NotFound)?;
    let proposed = proposal.and_then(|open| Timestamp::from_microsecond(open.starts_at).ok());
    let days: Vec<_> = proposed.into_iter().chain([appointment.starts()]).map(day_of).collect();
    lock_days(db.engine(), &mut tx, &hall, &days).await?;
    let Some(open) = rebooking::open_proposal(&mut *tx, &appointment.id, ctx.now).await? else { return Ok(false) };
    let word = if accept { "accepted" } else { "declined" };
    let Some(slot_ids) = rebooking::answer(&mut tx, &open, word, ctx.now).await? else { return Ok(false) };
    let (quota,): (String,) =
        sqlx::query_as("SELECT quota FROM appointment WHERE id = $1").bind(&appointment.id).fetch_one(&mut *tx).await?;
    rebooking::release(&mut tx, &appointment.id, &quota).await?;
    let done = if accept {
        for slot_id in &slot_ids {
            if !rebooking::take(&mut tx, slot_id, &quota, ctx.now).await? {
                return Ok(false);
            }
        }
        let at = |micros| Timestamp::from_microsecond(micros).unwrap_or(Timestamp::UNIX_EPOCH);
        let span = (at(open.starts_at), at(open.ends_at));
        let to = rebooking::Target { window_id: &open.window_id, slot_ids: &slot_ids, span };
        rebooking::relocate(&mut tx, &appointment.id, &to, ctx.now).await?
    } else {
        rebooking::cancel(&mut tx, &appointment.id, "", ctx.now).await?
    };
    if !done {
        return Ok(false);
    }
    let entry = audit::Entry {
        by: audit::By::Person(&actor.id),
        action: if accept { "appointment.accept_move" } else { "appointment.decline_move" },
        object_kind: "appointment",
        object_id: &appointment.id,
        detail: serde_json::json!({}),
        request_id: &ctx.request_id,
    };
    audit::write(&mut tx, entry, ctx.now).await?;
    if !accept {
        let told = inbox::Message {
            person_id: &actor.id,
            text_key: "inbox-appointment-cancelled",
            text_args: inbox_words((&appointment.title, &appointment.title_en), &hall, appointment.starts(), ctx.now),
            href: &format!("/appointments/{}", appointment.code),
            dedupe_key: &format!("appointment-cancelled:{}", appointment.id),
        };
        inbox::send(&mut tx, told, ctx.now).await?;
    }
    tx.commit().await?;
    Ok(true)
}
