//! The ticket page, cancelling, my appointments.

use super::{
    booking::{inbox_words, titles},
    places::{self, lock_days, lock_person},
};
use crate::{
    audit,
    auth::limit::Limit,
    http::{Ctx, Error, Result},
    people::{inbox, store::id_by_phone},
    windows::store::{
        Appointment, Hall, appointments, appointments::VisitRow, blocks, blocks::Block, halls, items,
        items::StoredItem, waiting, waiting::WaitEntry,
    },
};
use app::{
    people::{Action, Phone},
    time::day_of,
    windows::{Answers, AppointmentState, parse_code},
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

/// An item of a visit.
#[derive(Clone)]
pub struct VisitItem {
    /// The item as it is now.
    pub stored: StoredItem,
    /// Codes of the ticked materials.
    pub ticked: Vec<String>,
    /// Answers given when booking.
    pub answers: Answers,
}

impl VisitItem {
    /// The item of a row, if it is among `stored`.
    pub fn of(row: &VisitRow, stored: &[StoredItem]) -> Option<VisitItem> {
        Some(VisitItem {
            stored: stored.iter().find(|stored| stored.id == row.item_id)?.clone(),
            ticked: serde_json::from_str(&row.materials).unwrap_or_default(),
            answers: serde_json::from_str(&row.answers).unwrap_or_default(),
        })
    }
}

/// A ticket.
pub struct Ticket {
    /// The appointment.
    pub appointment: Appointment,
    /// Its items as they are now, with what was ticked; at least one.
    pub items: Vec<VisitItem>,
    /// Its hall.
    pub hall: Hall,
    /// Who looks.
    pub viewer: Viewer,
}

impl Ticket {
    /// Whether one of its items is no longer offered. The visit stands; there is no other time for it.
    pub fn is_retired(&self) -> bool {
        self.items.iter().any(|item| item.stored.retired)
    }
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

impl From<anyhow::Error> for CancelError {
    fn from(error: anyhow::Error) -> CancelError {
        CancelError::Http(error.into())
    }
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
    let items = visit_items(ctx, &appointment).await?;
    Ok(Ticket { appointment, items, hall, viewer })
}

/// The items of an appointment.
async fn visit_items(ctx: &Ctx, appointment: &Appointment) -> Result<Vec<VisitItem>> {
    let rows = appointments::items_of(&ctx.app.db, &appointment.id).await?;
    let ids: Vec<&str> = rows.iter().map(|row| row.item_id.as_str()).collect();
    let stored = items::by_ids(&ctx.app.db, &ids).await?;
    Ok(rows.iter().filter_map(|row| VisitItem::of(row, &stored)).collect())
}

/// The ticket with this code for those who may change it: its owner, and whoever has the link's token. Staff do it
/// elsewhere.
pub(super) async fn own_or_linked(ctx: &Ctx, code: &str, token: Option<&str>) -> Result<Ticket> {
    let hidden = || if ctx.actor.is_some() { Error::NotFound } else { Error::SignIn };
    let code = parse_code(code).ok_or_else(hidden)?;
    let by_link = token.is_some_and(|token| ctx.app.secrets.check_link_token(LINK, &code, token));
    if ctx.actor.is_none() && !by_link {
        return Err(Error::SignIn);
    }
    let appointment = appointments::by_code(&ctx.app.db, &code).await?.ok_or_else(hidden)?;
    let hall = halls::by_code(&ctx.app.db, &appointment.hall_code).await?.ok_or_else(hidden)?;
    let viewer = match &ctx.actor {
        Some(actor) if actor.id == appointment.person_id => {
            actor.require(Action::AppointmentBook, &hall.path)?;
            Viewer::Owner
        }
        _ if by_link => Viewer::Link,
        _ => return Err(hidden()),
    };
    let items = visit_items(ctx, &appointment).await?;
    Ok(Ticket { appointment, items, hall, viewer })
}

/// Looking for a booking by number and code: by browser, by address, and by number.
const FIND: [Limit; 3] = [
    Limit { what: "find-device", max: 10, seconds: 3600 },
    Limit { what: "find-address", max: 60, seconds: 3600 },
    Limit { what: "find-phone", max: 10, seconds: 3600 },
];

/// The address of the ticket that belongs to a phone number and a code; `None` when they do not belong together,
/// whichever of the two is wrong.
pub async fn find(ctx: &Ctx, phone: &str, code: &str) -> Result<Option<String>> {
    let phone = Phone::parse(phone).ok();
    let phone_hash = phone.as_ref().map(|phone| ctx.app.secrets.phone_hash(phone));
    for (limit, whom) in FIND.iter().zip([ctx.device.as_str(), &ctx.ip, phone_hash.as_deref().unwrap_or_default()]) {
        if !whom.is_empty() {
            limit.take(&ctx.app.db, whom, ctx.now).await?;
        }
    }
    let (Some(phone), Some(code)) = (phone, parse_code(code)) else { return Ok(None) };
    let person = id_by_phone(&ctx.app.db, &ctx.app.secrets, &phone).await?;
    let appointment = appointments::by_code(&ctx.app.db, &code).await?;
    Ok(appointment
        .filter(|found| Some(&found.person_id) == person.as_ref())
        .map(|found| format!("/appointments/{}?t={}", found.code, ctx.app.secrets.link_token(LINK, &found.code))))
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

/// How a booking is cancelled.
#[derive(Clone, Debug, Default)]
pub struct CancelRequest {
    /// Why, in the person's words; may be empty.
    pub reason: String,
    /// Token of the ticket's link, instead of signing in.
    pub token: Option<String>,
    /// "I can't come", the answer to a reminder: good until the visit begins. Better late than a missed visit.
    pub late: bool,
}

/// Cancels a booking for its owner or whoever has its link, and gives its places back, in one transaction; gives its
/// code. A booking that is cancelled already stays so: a second tap is answered like the first.
pub async fn cancel(ctx: &Ctx, code: &str, request: &CancelRequest) -> std::result::Result<String, CancelError> {
    let ticket = own_or_linked(ctx, code, request.token.as_deref()).await?;
    let Ticket { appointment, hall, items, viewer } = &ticket;
    let minutes = if request.late { 0 } else { hall.limits().cancel_minutes.clamp(0, 60 * 24 * 30) };
    let latest = ctx.now + SignedDuration::from_mins(minutes);
    let db = &ctx.app.db;
    let mut tx = db.begin().await?;
    lock_person(db.engine(), &mut tx, &appointment.person_id).await?;
    let now = appointments::by_code_in(&mut tx, &appointment.code).await?.ok_or(Error::NotFound)?;
    match now.state() {
        AppointmentState::Cancelled => return Ok(now.code),
        AppointmentState::Booked => {}
        _ => return Err(CancelError::NotStanding),
    }
    lock_days(db.engine(), &mut tx, hall, &[day_of(now.starts())]).await?;
    if !appointments::cancel(&mut tx, &now.id, &request.reason, latest, ctx.now).await? {
        // Only a check-in does not wait for the person's lock.
        let now = appointments::by_code_in(&mut tx, &appointment.code).await?.ok_or(Error::NotFound)?;
        return Err(if now.state() == AppointmentState::Booked {
            CancelError::TooLate
        } else {
            CancelError::NotStanding
        });
    }
    let slot_ids = appointments::slots_of(&mut tx, &now.id).await?;
    places::give_back(&mut tx, hall, &slot_ids, now.quota(), now.starts(), ctx.now).await?;
    let entry = audit::Entry {
        by: ctx.actor.as_ref().map_or(audit::By::Visitor, |actor| audit::By::Person(&actor.id)),
        action: "appointment.cancel",
        object_kind: "appointment",
        object_id: &now.id,
        detail: serde_json::json!({"by": if *viewer == Viewer::Owner { "owner" } else { "link" }}),
        request_id: &ctx.request_id,
    };
    audit::write(&mut tx, entry, ctx.now).await?;
    let stored: Vec<StoredItem> = items.iter().map(|item| item.stored.clone()).collect();
    let told = inbox::Message {
        person_id: &now.person_id,
        text_key: "inbox-appointment-cancelled",
        text_args: inbox_words(titles(&stored), hall, now.starts(), ctx.now),
        href: &format!("/appointments/{}", now.code),
        dedupe_key: &format!("appointment-cancelled:{}", now.id),
    };
    inbox::send(&mut tx, told, ctx.now).await?;
    tx.commit().await?;
    Ok(now.code)
}

/// A person's appointments.
pub struct Mine {
    /// Those that stand and are not over, the next one first.
    pub upcoming: Vec<(Appointment, Hall)>,
    /// The others, the latest first.
    pub past: Vec<(Appointment, Hall)>,
    /// Days for which the person waits, with the hall and the items' titles.
    pub waiting: Vec<(WaitEntry, Hall)>,
    /// Blocks of booking online.
    pub blocks: Vec<(Block, Hall)>,
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
    let find = |id: &str| halls.iter().find(|hall| hall.id == id).cloned();
    let waiting = waiting::of_person(&ctx.app.db, &actor.id, day_of(ctx.now)).await?;
    let blocks = blocks::of_person(&ctx.app.db, &actor.id, ctx.now).await?;
    Ok(Mine {
        waiting: waiting.into_iter().filter_map(|entry| Some((entry.clone(), find(&entry.hall_id)?))).collect(),
        blocks: blocks.into_iter().filter_map(|block| Some((block.clone(), find(&block.hall_id)?))).collect(),
        upcoming: with_hall(appointments::upcoming(&ctx.app.db, &actor.id, ctx.now).await?),
        past: with_hall(appointments::past(&ctx.app.db, &actor.id, ctx.now).await?),
    })
}
