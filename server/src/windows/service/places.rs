//! Places of a hall's day: locking the day, finding consecutive places at one window, giving them back.
//!
//! Whoever moves places takes locks in this order: the keeper (a person, or a browser), the address, the items, then the
//! days by hall and date. Within a day nothing else has to be ordered, and no transaction waits for another in a circle.

use super::availability::{Offers, TimeOffer};
use crate::{
    clock,
    db::{Engine, Tx, dialect},
    jobs::{self, Job},
    windows::store::{Hall, Quota, ServiceWindow, settings, slots, waiting},
};
use app::time::{at_time, day_of, start_of};
use jiff::{
    SignedDuration, Span, Timestamp,
    civil::{Date, Time},
};

/// A freed place goes to the waiting list first: it stays closed to others for so long after its time.
pub(super) const WAITING_FIRST: SignedDuration = SignedDuration::from_secs(60);

/// Consecutive places at one window.
pub(crate) struct Places {
    /// The window.
    pub window: ServiceWindow,
    /// Its slots, in order of time.
    pub slot_ids: Vec<String>,
}

/// Locks what a person does with bookings: one thing after the other, so that limits are counted and then hold.
pub(crate) async fn lock_person(engine: Engine, tx: &mut Tx, person_id: &str) -> Result<(), sqlx::Error> {
    dialect::lock_key(engine, tx, &format!("appointment:{person_id}")).await
}

/// Locks the places of these days of a hall.
pub(crate) async fn lock_days(engine: Engine, tx: &mut Tx, hall: &Hall, days: &[Date]) -> Result<(), sqlx::Error> {
    let mut days = days.to_vec();
    days.sort();
    days.dedup();
    for day in days {
        dialect::lock_key(engine, tx, &format!("places:{}:{day}", hall.id)).await?;
    }
    Ok(())
}

/// The same, and whether the hall's settings are still those that it was read with. `false`: they were saved meanwhile, and
/// times that were worked out before may not be there any more; whoever saves locks every day, see [`lock_every_day`].
pub(crate) async fn lock_days_as_seen(
    engine: Engine,
    tx: &mut Tx,
    hall: &Hall,
    days: &[Date],
) -> Result<bool, sqlx::Error> {
    lock_days(engine, tx, hall, days).await?;
    Ok(settings::newest(&mut **tx, ("hall", &hall.id)).await? == hall.settings_version)
}

/// Days on which something can be booked at the most: today, and as many ahead as a hall may allow.
const BOOKABLE_DAYS: usize = 1 + 60;

/// Locks the places of every day of a hall on which something can be booked, in the order of [`lock_days`].
pub(crate) async fn lock_every_day(engine: Engine, tx: &mut Tx, hall: &Hall, today: Date) -> Result<(), sqlx::Error> {
    let days: Vec<Date> = today.series(Span::new().days(1)).take(BOOKABLE_DAYS).collect();
    lock_days(engine, tx, hall, &days).await
}

/// The instants of a day, as `from..to`.
pub(super) fn span_of(day: Date) -> (Timestamp, Timestamp) {
    (start_of(day), at_time(day, Time::MAX))
}

/// Finds free consecutive places for a time at one window, `preferred` first. The day is locked by the caller; slots
/// get their rows, nothing is taken.
pub(crate) async fn find(
    tx: &mut Tx,
    hall: &Hall,
    offers: &Offers,
    time: &TimeOffer,
    quota: Quota,
    preferred: Option<&str>,
    now: Timestamp,
) -> Result<Option<Places>, sqlx::Error> {
    let length = slot_length(hall);
    'windows: for window in in_order(offers, preferred) {
        let mut slot_ids = Vec::with_capacity(offers.slots);
        let mut starts_at = time.starts_at;
        for _ in 0..offers.slots {
            let slot_id = slots::lock(tx, window, starts_at, starts_at + length, now).await?;
            if !slots::has_room(tx, &slot_id, quota, now).await? {
                continue 'windows;
            }
            slot_ids.push(slot_id);
            starts_at += length;
        }
        return Ok(Some(Places { window: window.clone(), slot_ids }));
    }
    Ok(None)
}

fn slot_length(hall: &Hall) -> SignedDuration {
    SignedDuration::from_mins(hall.slot_minutes.clamp(1, 24 * 60))
}

fn in_order<'a>(offers: &'a Offers, preferred: Option<&'a str>) -> impl Iterator<Item = &'a ServiceWindow> {
    let is_preferred = move |window: &&ServiceWindow| preferred == Some(window.id.as_str());
    let others = offers.windows.iter().filter(move |window| !is_preferred(window));
    offers.windows.iter().filter(is_preferred).chain(others)
}

/// Finds and takes places. The database refuses what is full whatever was seen before: then nothing must be kept of
/// this transaction.
pub(crate) async fn take(
    tx: &mut Tx,
    hall: &Hall,
    offers: &Offers,
    time: &TimeOffer,
    quota: Quota,
    preferred: Option<&str>,
    now: Timestamp,
) -> Result<Option<Places>, sqlx::Error> {
    if offers.slots == 1 {
        // Nothing has to be found first: what takes a place says whether there was one.
        let ends_at = time.starts_at + slot_length(hall);
        for window in in_order(offers, preferred) {
            if let Some(slot_id) = slots::take_at(tx, window, (time.starts_at, ends_at), quota, now).await? {
                return Ok(Some(Places { window: window.clone(), slot_ids: vec![slot_id] }));
            }
        }
        return Ok(None);
    }
    let Some(places) = find(tx, hall, offers, time, quota, preferred, now).await? else { return Ok(None) };
    for slot_id in &places.slot_ids {
        if !slots::take(tx, slot_id, quota, now).await? {
            return Ok(None);
        }
    }
    Ok(Some(places))
}

/// Gives the places of a visit back. They are offered again after a random time, so that nobody can hand them over;
/// whoever waits for the day is asked first.
pub(crate) async fn give_back(
    tx: &mut Tx,
    hall: &Hall,
    slot_ids: &[String],
    quota: Quota,
    starts_at: Timestamp,
    now: Timestamp,
) -> anyhow::Result<()> {
    let reopens = reopens_at(hall, now);
    let day = day_of(starts_at);
    let somebody_waits = waiting::anybody(tx, &hall.id, day).await?;
    let until = if somebody_waits { reopens + WAITING_FIRST } else { reopens };
    for slot_id in slot_ids {
        slots::free(tx, slot_id, quota).await?;
        slots::reserve(tx, slot_id, quota, until, None, now).await?;
    }
    if somebody_waits {
        let job = Job::OfferPlaces { hall_id: hall.id.clone(), day: day.to_string() };
        jobs::queue(tx, &job, reopens, None, now).await?;
    }
    Ok(())
}

/// When a place that is freed now is offered again.
fn reopens_at(hall: &Hall, now: Timestamp) -> Timestamp {
    let limits = hall.limits();
    let least = limits.reopen_min_minutes.clamp(0, 24 * 60);
    let span = (limits.reopen_max_minutes.clamp(0, 24 * 60) - least).max(0) * 60;
    let extra = clock::random_below(u64::try_from(span).unwrap_or(0) + 1);
    let seconds = least * 60 + i64::try_from(extra).unwrap_or(0);
    now + SignedDuration::from_secs(seconds.clamp(0, 86_400))
}
