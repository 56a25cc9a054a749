//! Booking: one submit is one booking, the database refuses the k+1-th, limits hold however fast one taps.

use super::availability::{Offers, TimeOffer, offers};
use crate::{
    audit, clock,
    db::{Tx, dialect},
    http::{Ctx, Error},
    people::inbox,
    windows::store::{Hall, NewAppointment, ServiceWindow, appointments, halls, items, items::StoredItem, slots},
};
use app::{
    i18n::Lang,
    people::Action,
    time::{at_time, date_time, start_of},
    windows::{Answers, CODE_LENGTH, SlotRef},
};
use jiff::{Timestamp, civil::Time};

/// Longest idempotency key.
pub const MAX_KEY: usize = 100;

/// Free times named to somebody who came too late.
const NEXT_FREE: usize = 6;

/// What somebody wants to book.
#[derive(Clone, Debug)]
pub struct BookRequest {
    /// Code of the item.
    pub item: String,
    /// The slot, as a [`SlotRef`] in text.
    pub slot: String,
    /// Codes of the ticked materials; unknown ones are dropped.
    pub materials: Vec<String>,
    /// Answers to the item's questions.
    pub answers: Answers,
    /// One submit's own key: a second submit with it gives the first one's booking.
    pub key: String,
}

/// Where the attempt was made: what its page shows again.
pub struct Attempt {
    /// The item.
    pub stored: StoredItem,
    /// The hall.
    pub hall: Hall,
    /// The time, if it is on offer at all.
    pub time: Option<TimeOffer>,
    /// The next free times.
    pub next: Vec<TimeOffer>,
}

/// Why nothing was booked.
#[derive(Debug, thiserror::Error)]
pub enum BookError {
    /// All places of the time are taken. With the next free times.
    #[error("the slot is full")]
    Full(Vec<TimeOffer>),
    /// The time is not on offer: passed, outside the booking window, or the hall is closed. With the next free times.
    #[error("the slot is not on offer")]
    NotOffered(Vec<TimeOffer>),
    /// The person has an open booking for the item. With its code.
    #[error("there is an open booking for this item")]
    OpenForItem(String),
    /// The person has as many bookings on the day as the hall allows.
    #[error("no more than {0} bookings on one day")]
    PerDay(i64),
    /// The person has another booking at that time.
    #[error("there is another booking at this time")]
    Overlap,
    /// Anything else.
    #[error(transparent)]
    Http(#[from] Error),
}

impl From<sqlx::Error> for BookError {
    fn from(error: sqlx::Error) -> BookError {
        BookError::Http(error.into())
    }
}

impl From<anyhow::Error> for BookError {
    fn from(error: anyhow::Error) -> BookError {
        BookError::Http(error.into())
    }
}

/// Books a slot for the signed-in person and gives the appointment's code.
pub async fn book(ctx: &Ctx, request: &BookRequest) -> Result<String, BookError> {
    let actor = ctx.actor()?;
    if request.key.is_empty() || request.key.len() > MAX_KEY {
        return Err(Error::BadRequest("idempotency_key: 1 to 100 characters".into()).into());
    }
    let db = &ctx.app.db;
    let stored = items::by_code(db, &request.item).await?.ok_or(Error::NotFound)?;
    let Ok(slot) = request.slot.parse::<SlotRef>() else { return Err(BookError::NotOffered(Vec::new())) };
    let hall = halls::by_code(db, &slot.hall).await?.ok_or(Error::NotFound)?;
    actor.require(Action::AppointmentBook, &hall.path)?;
    let offers = offers(&ctx.app, &hall, &stored.id, ctx.now).await?;
    if offers.windows.is_empty() {
        return Err(Error::NotFound.into());
    }
    let time = offers.time(&slot).cloned();

    let mut tx = db.begin().await?;
    // One person's bookings happen one after the other: the limits below are counted, and then they hold.
    dialect::lock_key(db.engine(), &mut tx, &format!("appointment:{}", actor.id)).await?;
    if let Some(code) = appointments::by_key(&mut tx, &actor.id, &request.key).await? {
        return Ok(code);
    }
    let Some(time) = time else {
        return Err(BookError::NotOffered(offers.next_free(slot.starts_at(), NEXT_FREE)));
    };
    keep_limits(&mut tx, &hall, &actor.id, &stored.id, &time, ctx.now).await?;
    let Some((window, slot_id)) = take_place(&mut tx, &offers, &time, ctx.now).await? else {
        drop(tx);
        let now_free = super::offers(&ctx.app, &hall, &stored.id, ctx.now).await?;
        return Err(BookError::Full(now_free.next_free(time.starts_at, NEXT_FREE)));
    };
    let known = |code: &&String| stored.item.materials.iter().any(|material| material.code == **code);
    let mut materials: Vec<String> = request.materials.iter().filter(known).cloned().collect();
    materials.sort();
    materials.dedup();
    let id = clock::new_id(ctx.now);
    let new = NewAppointment {
        id: &id,
        person_id: &actor.id,
        item_id: &stored.id,
        hall_id: &hall.id,
        window_id: &window.id,
        slot_id: &slot_id,
        span: (time.starts_at, time.ends_at),
        materials: &materials,
        answers: &request.answers,
        key: &request.key,
    };
    let code = loop {
        let code = clock::short_code(CODE_LENGTH);
        if appointments::insert(&mut tx, &new, &code, ctx.now).await? {
            break code;
        }
    };
    let entry = audit::Entry {
        by: audit::By::Person(&actor.id),
        action: "appointment.book",
        object_kind: "appointment",
        object_id: &id,
        detail: serde_json::json!({"item": stored.item.code, "hall": hall.code, "window": window.number}),
        request_id: &ctx.request_id,
    };
    audit::write(&mut tx, entry, ctx.now).await?;
    let title = (stored.item.title.as_str(), stored.item.title_en.as_str());
    let told = inbox::Message {
        person_id: &actor.id,
        text_key: "inbox-appointment-booked",
        text_args: inbox_words(title, &hall, time.starts_at, ctx.now),
        href: &format!("/appointments/{code}"),
        dedupe_key: &format!("appointment-booked:{id}"),
    };
    inbox::send(&mut tx, told, ctx.now).await?;
    tx.commit().await?;
    metrics::counter!("linli_appointments_booked_total").increment(1);
    Ok(code)
}

/// What the page of an attempt shows: the item, the hall, the time as it stands now and the next free times.
/// [`Error::NotFound`] when item and hall do not belong together.
pub async fn look_again(ctx: &Ctx, item: &str, slot: &str) -> Result<Attempt, Error> {
    let db = &ctx.app.db;
    let stored = items::by_code(db, item).await?.ok_or(Error::NotFound)?;
    let slot: SlotRef = slot.parse().map_err(|()| Error::NotFound)?;
    let hall = halls::by_code(db, &slot.hall).await?.ok_or(Error::NotFound)?;
    let offers = offers(&ctx.app, &hall, &stored.id, ctx.now).await?;
    if offers.windows.is_empty() {
        return Err(Error::NotFound);
    }
    let time = offers.time(&slot).cloned();
    let next = offers.next_free(slot.starts_at(), NEXT_FREE);
    Ok(Attempt { stored, hall, time, next })
}

async fn keep_limits(
    tx: &mut Tx,
    hall: &Hall,
    person_id: &str,
    item_id: &str,
    time: &TimeOffer,
    now: Timestamp,
) -> Result<(), BookError> {
    let limits = hall.limits();
    let open = appointments::open_for_item(tx, person_id, item_id, now).await?;
    if i64::try_from(open.len()).unwrap_or(i64::MAX) >= limits.open_per_item
        && let Some(code) = open.into_iter().next()
    {
        return Err(BookError::OpenForItem(code));
    }
    let date = time.slot.at.date();
    let span = (start_of(date), at_time(date, Time::MAX));
    let that_day = appointments::standing_between(tx, person_id, span).await?;
    if i64::try_from(that_day.len()).unwrap_or(i64::MAX) >= limits.per_day {
        return Err(BookError::PerDay(limits.per_day));
    }
    let (from, to) = (time.starts_at.as_microsecond(), time.ends_at.as_microsecond());
    if that_day.iter().any(|(begin, end)| *begin < to && from < *end) {
        return Err(BookError::Overlap);
    }
    Ok(())
}

/// Takes a place at the first window that has one. The windows are tried in one order for everybody: transactions
/// never wait for each other in a circle.
async fn take_place<'a>(
    tx: &mut Tx,
    offers: &'a Offers,
    time: &TimeOffer,
    now: Timestamp,
) -> Result<Option<(&'a ServiceWindow, String)>, sqlx::Error> {
    // Seen to be full a moment ago: nobody has to wait in line to hear it. A freed place is never free at once.
    if time.left == 0 {
        return Ok(None);
    }
    for window in &offers.windows {
        let slot_id = slots::hold(tx, window, time.starts_at, time.ends_at, now).await?;
        if slots::take_public(tx, &slot_id, now).await? {
            return Ok(Some((window, slot_id)));
        }
    }
    Ok(None)
}

/// Arguments of the inbox texts about an appointment, in both languages.
pub(super) fn inbox_words(
    (title, title_en): (&str, &str),
    hall: &Hall,
    starts_at: Timestamp,
    now: Timestamp,
) -> serde_json::Value {
    serde_json::json!({
        "item": title,
        "item_en": Lang::En.pick(title, title_en),
        "when": date_time(Lang::Zh, starts_at, now),
        "when_en": date_time(Lang::En, starts_at, now),
        "hall": hall.name,
        "hall_en": Lang::En.pick(&hall.name, &hall.name_en),
    })
}

/// When a place that is freed now is offered again: after a random time, so that nobody can hand it over.
pub(super) fn reopens_at(hall: &Hall, now: Timestamp) -> Timestamp {
    let limits = hall.limits();
    let span = (limits.reopen_max_minutes - limits.reopen_min_minutes).max(0) * 60;
    let extra = clock::random_below(u64::try_from(span).unwrap_or(0) + 1);
    let seconds = limits.reopen_min_minutes * 60 + i64::try_from(extra).unwrap_or(0);
    now + jiff::SignedDuration::from_secs(seconds.clamp(0, 86_400))
}
