//! 候补: waiting for a place on a full day. When a place frees, the first who waits is offered it for a while, then the
//! next.

use super::{
    availability::offers,
    booking::{BookError, BookRequest, ChosenItem, inbox_words, items_by_code, titles},
    places::{self, WAITING_FIRST, lock_days_as_seen, lock_person, span_of},
};
use crate::{
    app_state::App,
    audit, clock,
    deliver::outbox::{self, Urgency},
    http::{Ctx, Error, Result},
    jobs::{self, Job},
    people::inbox,
    windows::store::{
        Hall, Keeper, Quota, halls, holds,
        holds::NewHold,
        items,
        items::StoredItem,
        slots, waiting,
        waiting::{NewEntry, WaitEntry},
    },
};
use app::{people::Action, time::day_of, windows::Answers};
use jiff::{SignedDuration, Timestamp, civil::Date};
use std::collections::{BTreeMap, BTreeSet};

/// Puts the signed-in person on the waiting list of a day that is full, once; gives the entry's id. [`Error::Conflict`]
/// when the day has free times.
pub async fn wait(ctx: &Ctx, hall: &str, day: &str, chosen: &[ChosenItem]) -> Result<String> {
    let actor = ctx.actor()?;
    let db = &ctx.app.db;
    let codes: Vec<String> = chosen.iter().map(|chosen| chosen.code.clone()).collect();
    let stored = items_by_code(ctx, &codes).await?;
    let hall = halls::by_code(db, hall).await?.ok_or(Error::NotFound)?;
    actor.require(Action::AppointmentBook, &hall.path)?;
    let day: Date = day.parse().map_err(|_| Error::NotFound)?;
    let offers = offers(&ctx.app, &hall, &stored, Quota::Public, ctx.now).await?;
    let offered = offers.day(day).filter(|day| !day.times().is_empty()).ok_or(Error::NotFound)?;
    if offered.left() > 0 {
        return Err(Error::Conflict("booking-wait-not-full"));
    }
    let codes: Vec<String> = stored.iter().map(|stored| stored.item.code.clone()).collect();
    let answers: BTreeMap<&str, &Answers> = chosen.iter().map(|one| (one.code.as_str(), &one.answers)).collect();
    let ticked: BTreeMap<&str, &Vec<String>> = chosen.iter().map(|one| (one.code.as_str(), &one.materials)).collect();
    let mut tx = db.begin().await?;
    lock_person(db.engine(), &mut tx, &actor.id).await?;
    if let Some(id) = waiting::open_on(&mut tx, &actor.id, &hall.id, day).await? {
        return Ok(id);
    }
    let id = clock::new_id(ctx.now);
    let new = NewEntry {
        id: &id,
        person_id: &actor.id,
        hall_id: &hall.id,
        day,
        items: &codes,
        answers: serde_json::to_string(&answers).map_err(anyhow::Error::from)?,
        materials: serde_json::to_string(&ticked).map_err(anyhow::Error::from)?,
    };
    waiting::insert(&mut tx, new, ctx.now).await?;
    audit(&mut tx, ctx, "waiting.join", &id).await?;
    tx.commit().await?;
    Ok(id)
}

async fn audit(tx: &mut crate::db::Tx, ctx: &Ctx, action: &str, id: &str) -> Result<()> {
    let entry = audit::Entry {
        by: audit::By::Person(&ctx.actor()?.id),
        action,
        object_kind: "wait_entry",
        object_id: id,
        detail: serde_json::json!({}),
        request_id: &ctx.request_id,
    };
    audit::write(tx, entry, ctx.now).await?;
    Ok(())
}

/// An entry as its person sees it.
pub struct WaitingFor {
    /// The entry.
    pub entry: WaitEntry,
    /// Its hall.
    pub hall: Hall,
    /// Its items.
    pub items: Vec<StoredItem>,
    /// The offered time, as it is named in forms, its begin and end; while the offer stands.
    pub offer: Option<(String, Timestamp, Timestamp)>,
}

/// The signed-in person's entry.
pub async fn entry(ctx: &Ctx, id: &str) -> Result<WaitingFor> {
    let actor = ctx.actor()?;
    let db = &ctx.app.db;
    let entry = waiting::by_id(db, id).await?.filter(|entry| entry.person_id == actor.id).ok_or(Error::NotFound)?;
    let hall = halls::by_id(db, &entry.hall_id).await?.ok_or(Error::NotFound)?;
    let items = items_by_code(ctx, &entry.item_codes()).await?;
    let offer = match entry.hold_id.as_deref().filter(|_| entry.is_offered(ctx.now)) {
        Some(hold_id) => holds::by_id(db.read(), hold_id).await?.filter(|hold| hold.stands(ctx.now)).map(|hold| {
            let at = |micros| Timestamp::from_microsecond(micros).unwrap_or(Timestamp::UNIX_EPOCH);
            let (from, to) = (at(hold.starts_at), at(hold.ends_at));
            let local = from.to_zoned_datetime(app::time::zone()).datetime();
            (app::windows::SlotRef { hall: hall.code.clone(), at: local }.to_string(), from, to)
        }),
        None => None,
    };
    Ok(WaitingFor { entry, hall, items, offer })
}

/// Takes the offer: books it as it was asked for. A second tap gives the same booking.
pub async fn accept(ctx: &Ctx, id: &str) -> std::result::Result<String, BookError> {
    let waiting = entry(ctx, id).await?;
    let answers: BTreeMap<String, Answers> = serde_json::from_str(&waiting.entry.answers).unwrap_or_default();
    let ticked: BTreeMap<String, Vec<String>> = serde_json::from_str(&waiting.entry.materials).unwrap_or_default();
    let slot = match &waiting.offer {
        Some((slot, _, _)) => slot.clone(),
        // Perhaps it was taken a moment ago: the key below finds that booking. Else it is not offered any more.
        None => format!("{}.20000101T0000", waiting.hall.code),
    };
    let request = BookRequest {
        items: waiting
            .entry
            .item_codes()
            .into_iter()
            .map(|code| ChosenItem {
                materials: ticked.get(&code).cloned().unwrap_or_default(),
                answers: answers.get(&code).cloned().unwrap_or_default(),
                code,
            })
            .collect(),
        slot,
        key: format!("wait-{}", waiting.entry.id),
        hold: waiting.entry.hold_id.clone(),
        ..BookRequest::default()
    };
    let code = super::booking::book(ctx, &request).await?;
    let mut tx = ctx.app.db.begin().await?;
    if waiting::end(&mut tx, &waiting.entry.id, &["offered", "waiting", "expired"], "booked", ctx.now).await? {
        audit(&mut tx, ctx, "waiting.accept", &waiting.entry.id).await?;
        tx.commit().await?;
    }
    Ok(code)
}

/// Leaves the list, or declines the offer: then the next one is asked.
pub async fn leave(ctx: &Ctx, id: &str) -> Result<()> {
    let waiting = entry(ctx, id).await?;
    let db = &ctx.app.db;
    let mut tx = db.begin().await?;
    lock_person(db.engine(), &mut tx, &waiting.entry.person_id).await?;
    if waiting::end(&mut tx, id, &["offered"], "declined", ctx.now).await? {
        if let Some(hold_id) = &waiting.entry.hold_id {
            holds::end(&mut tx, hold_id, ctx.now).await?;
        }
        let job = Job::OfferPlaces { hall_id: waiting.hall.id.clone(), day: waiting.entry.day.clone() };
        jobs::queue(&mut tx, &job, ctx.now, None, ctx.now).await?;
        audit(&mut tx, ctx, "waiting.decline", id).await?;
    } else if waiting::end(&mut tx, id, &["waiting"], "left", ctx.now).await? {
        audit(&mut tx, ctx, "waiting.leave", id).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Offers the free places of a day to those who wait for it, the first one first; offers that were not taken in time
/// end. Running it again changes nothing that stands.
pub async fn offer_places(app: &App, hall_id: &str, day: &str) -> anyhow::Result<()> {
    let now = app.clock.now();
    let Some(hall) = halls::by_id(&app.db, hall_id).await? else { return Ok(()) };
    let Ok(date) = day.parse::<Date>() else { return Ok(()) };
    let mut tx = app.db.begin().await?;
    for entry in waiting::expire(&mut tx, hall_id, day, now).await? {
        tell(&mut tx, &hall, &entry, "inbox-waiting-expired", now).await?;
    }
    tx.commit().await?;
    if date < day_of(now) {
        return Ok(());
    }
    let all = items::offered(&app.db).await?;
    // For these nothing is free: nobody else who waits for the same has to be asked about.
    let mut full: BTreeSet<Vec<String>> = BTreeSet::new();
    for entry in waiting::queue(&app.db, hall_id, day).await? {
        let codes = entry.item_codes();
        if full.contains(&codes) {
            continue;
        }
        let stored: Vec<StoredItem> =
            codes.iter().filter_map(|code| all.iter().find(|stored| stored.item.code == *code)).cloned().collect();
        if stored.is_empty() || stored.len() < codes.len() {
            continue;
        }
        let free = offer_one(app, &hall, date, &entry, &stored, now).await;
        if !free.map_err(|error| anyhow::anyhow!("{error:#}"))? {
            full.insert(codes);
        }
    }
    Ok(())
}

/// Offers the first free time to somebody who waits. `false`: there is none for what they want. [`Error::Conflict`]: the
/// hall's settings were saved meanwhile; the job is tried again.
async fn offer_one(
    app: &App,
    hall: &Hall,
    day: Date,
    entry: &WaitEntry,
    stored: &[StoredItem],
    now: Timestamp,
) -> Result<bool> {
    let db = &app.db;
    let offers = offers(app, hall, stored, Quota::Public, now + WAITING_FIRST).await?;
    let Some(times) = offers.day(day).map(|day| day.times().to_vec()) else { return Ok(false) };
    let mut tx = db.begin().await?;
    lock_person(db.engine(), &mut tx, &entry.person_id).await?;
    if !lock_days_as_seen(db.engine(), &mut tx, hall, &[day]).await? {
        return Err(Error::Conflict("error-conflict-text"));
    }
    // Places that were kept back for the list, see `places::give_back`.
    slots::open_freed(&mut tx, &hall.id, span_of(day), now + WAITING_FIRST).await?;
    for time in times.iter().filter(|time| time.left > 0) {
        let found = places::find(&mut tx, hall, &offers, time, Quota::Public, None, now).await?;
        let Some(places) = found else { continue };
        let until = now + SignedDuration::from_mins(hall.limits().offer_minutes.clamp(1, 24 * 60));
        let id = clock::new_id(now);
        let codes: Vec<String> = stored.iter().map(|stored| stored.item.code.clone()).collect();
        let new = NewHold {
            id: &id,
            hall_id: &hall.id,
            window_id: &places.window.id,
            span: (time.starts_at, time.ends_at),
            items: &codes,
            keeper: &Keeper { person_id: Some(entry.person_id.clone()), device_hash: String::new() },
            address_hash: "",
            appointment_id: None,
            expires_at: until,
        };
        holds::insert(&mut tx, new, now).await?;
        for slot_id in &places.slot_ids {
            slots::reserve(&mut tx, slot_id, Quota::Public, until, Some(&id), now).await?;
        }
        if !waiting::offer(&mut tx, &entry.id, &id, until).await? {
            // They left a moment ago.
            return Ok(true);
        }
        let audited = audit::Entry {
            by: audit::By::System,
            action: "waiting.offer",
            object_kind: "wait_entry",
            object_id: &entry.id,
            detail: serde_json::json!({"time": time.starts_at.to_string()}),
            request_id: "",
        };
        audit::write(&mut tx, audited, now).await?;
        let told = inbox::Message {
            person_id: &entry.person_id,
            text_key: "inbox-waiting-offer",
            text_args: inbox_words(titles(stored), hall, time.starts_at, now),
            href: &format!("/me/waiting/{}", entry.id),
            dedupe_key: &format!("waiting-offer:{id}"),
        };
        outbox::reach(&mut tx, app, told, &format!("/me/waiting/{}", entry.id), Urgency::Now, now).await?;
        let job = Job::OfferPlaces { hall_id: hall.id.clone(), day: day.to_string() };
        jobs::queue(&mut tx, &job, until, None, now).await?;
        tx.commit().await?;
        return Ok(true);
    }
    Ok(false)
}

async fn tell(
    tx: &mut crate::db::Tx,
    hall: &Hall,
    entry: &WaitEntry,
    text_key: &'static str,
    now: Timestamp,
) -> anyhow::Result<()> {
    let day: Date = entry.day.parse()?;
    let told = inbox::Message {
        person_id: &entry.person_id,
        text_key,
        text_args: serde_json::json!({
            "day": app::time::date(app::i18n::Lang::Zh, day), "day_en": app::time::date(app::i18n::Lang::En, day),
            "hall": hall.name, "hall_en": app::i18n::Lang::En.pick(&hall.name, &hall.name_en),
        }),
        href: "/me/appointments",
        dedupe_key: &format!("waiting-expired:{}", entry.id),
    };
    inbox::send(tx, told, now).await?;
    Ok(())
}
