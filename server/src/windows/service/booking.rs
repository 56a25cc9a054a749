//! Booking: one submit is one booking, the database refuses the k+1-th, limits hold however fast one taps.

use super::{
    availability::{TimeOffer, offers, offers_on},
    places::{self, lock_days_as_seen, lock_person, span_of},
};
use crate::{
    app_state::App,
    audit, clock,
    db::Tx,
    deliver::outbox::{self, Urgency},
    http::{Ctx, Error},
    people::inbox,
    windows::store::{
        ForWhom, Hall, Hold, Keeper, NewAppointment, NewVisitItem, Quota,
        appointments::{self, Standing},
        blocks::{self, Block},
        halls, holds, items,
        items::StoredItem,
        waiting,
    },
};
use app::{
    i18n::Lang,
    people::Action,
    time::date_time,
    windows::{Answers, CODE_LENGTH, ForWhomForm, MAX_ITEMS, SlotRef},
};
use jiff::Timestamp;
use std::collections::BTreeMap;

/// Longest idempotency key.
pub const MAX_KEY: usize = 100;

/// Free times named to somebody who came too late.
pub(super) const NEXT_FREE: usize = 6;

/// An item of a visit with what was ticked and answered.
#[derive(Clone, Debug, Default)]
pub struct ChosenItem {
    /// Code of the item.
    pub code: String,
    /// Codes of the ticked materials; unknown ones are dropped.
    pub materials: Vec<String>,
    /// Answers to the item's questions.
    pub answers: Answers,
}

/// What somebody wants to book.
#[derive(Clone, Debug, Default)]
pub struct BookRequest {
    /// The items, 1 to [`MAX_ITEMS`]; a second one with the same code is dropped.
    pub items: Vec<ChosenItem>,
    /// The slot, as a [`SlotRef`] in text.
    pub slot: String,
    /// One submit's own key: a second submit with it gives the first one's booking.
    pub key: String,
    /// For whom, and what is needed.
    pub for_whom: ForWhomForm,
    /// A hold that was offered by the waiting list; holds of one's own are found without.
    pub hold: Option<String>,
}

/// Where the attempt was made: what its page shows again.
pub struct Attempt {
    /// The items.
    pub items: Vec<StoredItem>,
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
    /// Booking online is blocked after missed visits.
    #[error("booking online is blocked")]
    Blocked(Box<Block>),
    /// Something about for whom it is: field and catalogue key.
    #[error("not acceptable: {0:?}")]
    Form(Vec<(&'static str, &'static str)>),
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

/// The items with these codes, each once; [`Error::NotFound`] when one is unknown, or when there are none or too many.
pub async fn items_by_code(ctx: &Ctx, codes: &[String]) -> Result<Vec<StoredItem>, Error> {
    let mut found: Vec<StoredItem> = Vec::new();
    for code in codes {
        if found.iter().any(|stored| stored.item.code == *code) {
            continue;
        }
        if found.len() == MAX_ITEMS {
            return Err(Error::BadRequest("too many items in one visit".into()));
        }
        let stored = super::guide::item_by_code(ctx, code).await?;
        found.push(stored);
    }
    if found.is_empty() { Err(Error::NotFound) } else { Ok(found) }
}

/// What is written down of the chosen items: only materials that an item has.
pub(super) fn visit_items(stored: &[StoredItem], chosen: &[ChosenItem]) -> Vec<NewVisitItem> {
    let of = |stored: &StoredItem| {
        let chosen = chosen.iter().find(|chosen| chosen.code == stored.item.code).cloned().unwrap_or_default();
        let known = |code: &String| stored.item.materials.iter().any(|material| material.code == *code);
        let mut materials: Vec<String> = chosen.materials.into_iter().filter(known).collect();
        materials.sort();
        materials.dedup();
        NewVisitItem { item_id: stored.id.clone(), materials, answers: chosen.answers }
    };
    stored.iter().map(of).collect()
}

/// Who asks: the person who is signed in, and the browser.
pub(super) fn keeper(ctx: &Ctx) -> Keeper {
    Keeper {
        person_id: ctx.actor.as_ref().map(|actor| actor.id.clone()),
        device_hash: if ctx.device.is_empty() { String::new() } else { crate::auth::secrets::sha256(&ctx.device) },
    }
}

/// Books a visit for the signed-in person and gives the appointment's code. A time that this person or browser holds
/// is taken from its hold; when the hold has ended it is booked all the same if places are free.
pub async fn book(ctx: &Ctx, request: &BookRequest) -> Result<String, BookError> {
    let codes: Vec<String> = request.items.iter().map(|chosen| chosen.code.clone()).collect();
    loop {
        let stored = items_by_code(ctx, &codes).await?;
        if let Some(code) = attempt(ctx, request, &stored).await? {
            return Ok(code);
        }
    }
}

/// The same for items that were read a moment ago: a page reads them to understand its form.
pub async fn book_seen(ctx: &Ctx, request: &BookRequest, stored: &[StoredItem]) -> Result<String, BookError> {
    match attempt(ctx, request, stored).await? {
        Some(code) => Ok(code),
        None => book(ctx, request).await,
    }
}

/// `None`: the hall's settings were saved meanwhile, and everything has to be looked at again.
async fn attempt(ctx: &Ctx, request: &BookRequest, stored: &[StoredItem]) -> Result<Option<String>, BookError> {
    let actor = ctx.actor()?;
    if request.key.is_empty() || request.key.len() > MAX_KEY {
        return Err(Error::BadRequest("idempotency_key: 1 to 100 characters".into()).into());
    }
    let mistakes = request.for_whom.mistakes();
    if !mistakes.is_empty() {
        return Err(BookError::Form(mistakes));
    }
    let db = &ctx.app.db;
    let Ok(slot) = request.slot.parse::<SlotRef>() else { return Err(BookError::NotOffered(Vec::new())) };
    let hall = halls::by_code(db, &slot.hall).await?.ok_or(Error::NotFound)?;
    actor.require(Action::AppointmentBook, &hall.path)?;
    let that_day = offers_on(&ctx.app, &hall, stored, (Quota::Public, slot.at.date()), ctx.now).await?;
    if that_day.windows.is_empty() {
        return Err(Error::NotFound.into());
    }
    let block = blocks::standing(db, &actor.id, &hall.id, ctx.now).await?;
    let time = that_day.time(&slot).cloned();
    let keeper = keeper(ctx);

    let mut tx = db.begin().await?;
    lock_person(db.engine(), &mut tx, &actor.id).await?;
    let whose = (actor.id.as_str(), request.key.as_str());
    let standing = appointments::standing(&mut tx, whose, span_of(slot.at.date()), ctx.now).await?;
    if let Some(same) = standing.iter().find(|standing| standing.same_key == 1) {
        return Ok(Some(same.code.clone()));
    }
    if let Some(block) = block {
        return Err(BookError::Blocked(Box::new(block)));
    }
    let Some(time) = time else {
        drop(tx);
        let all = offers(&ctx.app, &hall, stored, Quota::Public, ctx.now).await?;
        return Err(BookError::NotOffered(all.next_free(slot.starts_at(), NEXT_FREE)));
    };
    if !items::keep(&mut tx, db.engine(), stored).await? {
        return Err(BookError::NotOffered(Vec::new()));
    }
    keep_limits(&hall, &standing, stored, &time, None, ctx.now)?;
    if !lock_days_as_seen(db.engine(), &mut tx, &hall, &[slot.at.date()]).await? {
        return Ok(None);
    }
    let hold = use_hold(&mut tx, &hall, &keeper, &time, request.hold.as_deref(), ctx.now).await?;
    if let Some(hold) = &hold {
        end_waiting(&mut tx, ctx, &hold.id).await?;
    }
    let preferred = hold.map(|hold| hold.window_id);
    let free = if time.left > 0 || preferred.is_some() {
        places::take(&mut tx, &hall, &that_day, &time, Quota::Public, preferred.as_deref(), ctx.now).await?
    } else {
        None
    };
    let Some(places) = free else {
        drop(tx);
        let now_free = offers(&ctx.app, &hall, stored, Quota::Public, ctx.now).await?;
        return Err(BookError::Full(now_free.next_free(time.starts_at, NEXT_FREE)));
    };
    let whom = &request.for_whom;
    let text = |text: &str| if whom.relative { text.trim().to_owned() } else { String::new() };
    let written = Booking {
        person_id: &actor.id,
        booked_by: None,
        hall: &hall,
        stored,
        items: &visit_items(stored, &request.items),
        time: &time,
        places: &places,
        quota: Quota::Public,
        for_whom: &ForWhom {
            name: text(&whom.name),
            relation: text(&whom.relation),
            need: whom.need.trim().to_owned(),
        },
        key: &request.key,
    };
    let code = write(&mut tx, &ctx.app, &written, &ctx.request_id, ctx.now).await?;
    tx.commit().await?;
    metrics::counter!("linli_appointments_booked_total").increment(1);
    Ok(Some(code))
}

/// A hold that was an offer of the waiting list: its entry ends with the booking, in one transaction.
async fn end_waiting(tx: &mut Tx, ctx: &Ctx, hold_id: &str) -> Result<(), Error> {
    let Some(entry_id) = waiting::taken(tx, hold_id, ctx.now).await? else { return Ok(()) };
    let entry = audit::Entry {
        by: audit::By::Person(&ctx.actor()?.id),
        action: "waiting.accept",
        object_kind: "wait_entry",
        object_id: &entry_id,
        detail: serde_json::json!({}),
        request_id: &ctx.request_id,
    };
    audit::write(tx, entry, ctx.now).await?;
    Ok(())
}

/// Ends the keeper's hold of this time (or the one named), if one stands, and gives it.
pub(super) async fn use_hold(
    tx: &mut Tx,
    hall: &Hall,
    keeper: &Keeper,
    time: &TimeOffer,
    named: Option<&str>,
    now: Timestamp,
) -> Result<Option<Hold>, sqlx::Error> {
    let mut ids = holds::of_keeper(tx, keeper, now).await?;
    ids.extend(named.map(str::to_owned));
    for id in ids {
        let Some(hold) = holds::by_id_in(tx, &id).await? else { continue };
        let same_time = hold.hall_id == hall.id && hold.starts_at == time.starts_at.as_microsecond();
        if same_time && hold.is_of(keeper) && holds::end(tx, &id, now).await?.is_some() {
            return Ok(Some(hold));
        }
    }
    Ok(None)
}

/// A booking whose places are taken, to be written down.
pub(super) struct Booking<'a> {
    pub(super) person_id: &'a str,
    pub(super) booked_by: Option<&'a str>,
    pub(super) hall: &'a Hall,
    pub(super) stored: &'a [StoredItem],
    pub(super) items: &'a [NewVisitItem],
    pub(super) time: &'a TimeOffer,
    pub(super) places: &'a places::Places,
    pub(super) quota: Quota,
    pub(super) for_whom: &'a ForWhom,
    pub(super) key: &'a str,
}

/// Writes a booking, its audit entry and the message about it; gives its code.
pub(super) async fn write(
    tx: &mut Tx,
    app: &App,
    booking: &Booking<'_>,
    request_id: &str,
    now: Timestamp,
) -> Result<String, BookError> {
    let Booking { person_id, hall, stored, time, places, .. } = booking;
    let id = clock::new_id(now);
    let new = NewAppointment {
        id: &id,
        person_id,
        items: booking.items,
        hall_id: &hall.id,
        window_id: &places.window.id,
        slot_ids: &places.slot_ids,
        span: (time.starts_at, time.ends_at),
        for_whom: booking.for_whom,
        quota: booking.quota,
        booked_by: booking.booked_by,
        key: booking.key,
    };
    let code = loop {
        let code = clock::short_code(CODE_LENGTH);
        if appointments::insert(tx, &new, &code, now).await? {
            break code;
        }
    };
    let codes: Vec<&str> = stored.iter().map(|stored| stored.item.code.as_str()).collect();
    let entry = audit::Entry {
        by: audit::By::Person(booking.booked_by.unwrap_or(person_id)),
        action: if booking.booked_by.is_some() { "appointment.assist" } else { "appointment.book" },
        object_kind: "appointment",
        object_id: &id,
        detail: serde_json::json!({"items": codes, "hall": hall.code, "window": places.window.number}),
        request_id,
    };
    audit::write(tx, entry, now).await?;
    let href = format!("/appointments/{code}");
    let told = inbox::Message {
        person_id,
        text_key: "inbox-appointment-booked",
        text_args: inbox_words(titles(stored), hall, time.starts_at, now),
        href: &href,
        dedupe_key: &format!("appointment-booked:{id}"),
    };
    if booking.booked_by.is_some() {
        // They were not there: tell them outside as well.
        let link = format!("{href}?t={}", app.secrets.link_token(super::ticket::LINK, &code));
        outbox::reach(tx, app, told, &link, Urgency::Now, now).await?;
    } else {
        inbox::send(tx, told, now).await?;
    }
    Ok(code)
}

/// What the page of an attempt shows: the items, the hall, the time as it stands now and the next free times. What this
/// reader holds counts as free. [`Error::NotFound`] when items and hall do not belong together.
pub async fn look_again(ctx: &Ctx, codes: &[String], slot: &str) -> Result<Attempt, Error> {
    let db = &ctx.app.db;
    let items = items_by_code(ctx, codes).await?;
    let slot: SlotRef = slot.parse().map_err(|()| Error::NotFound)?;
    let hall = halls::by_code(db, &slot.hall).await?.ok_or(Error::NotFound)?;
    let offers = offers(&ctx.app, &hall, &items, Quota::Public, ctx.now).await?;
    if offers.windows.is_empty() {
        return Err(Error::NotFound);
    }
    let time = offers.time(&slot).cloned();
    let next = offers.next_free(slot.starts_at(), NEXT_FREE);
    Ok(Attempt { items, hall, time, next })
}

/// Keeps a person's limits: one open booking for an item, so many on a day, none at the same time. `except` is the
/// appointment that is being moved.
pub(super) fn keep_limits(
    hall: &Hall,
    standing: &[Standing],
    stored: &[StoredItem],
    time: &TimeOffer,
    except: Option<&str>,
    now: Timestamp,
) -> Result<(), BookError> {
    let limits = hall.limits();
    if except.is_none() {
        let now = now.as_microsecond();
        let open = |one: &&Standing| one.state == "booked" && one.ends_at > now;
        for stored in stored {
            let open: Vec<_> = standing.iter().filter(open).filter(|one| one.item_id == stored.id).collect();
            if i64::try_from(open.len()).unwrap_or(i64::MAX) >= limits.open_per_item
                && let Some(first) = open.first()
            {
                return Err(BookError::OpenForItem(first.code.clone()));
            }
        }
    }
    let (from, to) = span_of(time.slot.at.date());
    let of_day = from.as_microsecond()..to.as_microsecond();
    let that_day: BTreeMap<&str, (i64, i64)> = standing
        .iter()
        .filter(|one| matches!(one.state.as_str(), "booked" | "checked_in") && of_day.contains(&one.starts_at))
        .filter(|one| except != Some(one.id.as_str()))
        .map(|one| (one.id.as_str(), (one.starts_at, one.ends_at)))
        .collect();
    if i64::try_from(that_day.len()).unwrap_or(i64::MAX) >= limits.per_day {
        return Err(BookError::PerDay(limits.per_day));
    }
    let (from, to) = (time.starts_at.as_microsecond(), time.ends_at.as_microsecond());
    if that_day.values().any(|(begin, end)| *begin < to && from < *end) {
        return Err(BookError::Overlap);
    }
    Ok(())
}

/// Titles of a visit's items in Chinese and English.
pub(super) fn titles(stored: &[StoredItem]) -> (String, String) {
    let zh: Vec<&str> = stored.iter().map(|stored| stored.item.title.as_str()).collect();
    let en: Vec<&str> = stored.iter().map(|stored| Lang::En.pick(&stored.item.title, &stored.item.title_en)).collect();
    (zh.join("、"), en.join(", "))
}

/// Arguments of the inbox texts about an appointment, in both languages.
pub(super) fn inbox_words(
    (title, title_en): (impl AsRef<str>, impl AsRef<str>),
    hall: &Hall,
    starts_at: Timestamp,
    now: Timestamp,
) -> serde_json::Value {
    let (title, title_en) = (title.as_ref(), title_en.as_ref());
    serde_json::json!({
        "item": title,
        "item_en": Lang::En.pick(title, title_en),
        "when": date_time(Lang::Zh, starts_at, now),
        "when_en": date_time(Lang::En, starts_at, now),
        "hall": hall.name,
        "hall_en": Lang::En.pick(&hall.name, &hall.name_en),
    })
}
