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
use std::collections::{BTreeMap, BTreeSet};

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
    lock_people(engine, tx, &BTreeSet::from([person_id])).await
}

/// The same for several people.
pub(crate) async fn lock_people(engine: Engine, tx: &mut Tx, people: &BTreeSet<&str>) -> Result<(), sqlx::Error> {
    let keys: Vec<String> = people.iter().map(|person_id| format!("appointment:{person_id}")).collect();
    dialect::lock_keys(engine, tx, &keys).await
}

/// Locks the places of these days of a hall.
pub(crate) async fn lock_days(engine: Engine, tx: &mut Tx, hall: &Hall, days: &[Date]) -> Result<(), sqlx::Error> {
    lock_days_of(engine, tx, &days.iter().map(|day| (hall.id.as_str(), *day)).collect()).await
}

/// The same for days of several halls.
pub(crate) async fn lock_days_of(
    engine: Engine,
    tx: &mut Tx,
    days: &BTreeSet<(&str, Date)>,
) -> Result<(), sqlx::Error> {
    let keys: Vec<String> = days.iter().map(|(hall_id, day)| format!("places:{hall_id}:{day}")).collect();
    dialect::lock_keys(engine, tx, &keys).await
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

/// What came of taking places.
pub(crate) enum Taken {
    /// They are taken.
    Places(Places),
    /// There were none, and nothing was taken.
    Nothing,
    /// Some of several in a row were taken when the next was gone: nothing must be kept of this transaction.
    Some,
}

/// Finds and takes places. The database refuses what is full whatever was seen before.
pub(crate) async fn take(
    tx: &mut Tx,
    hall: &Hall,
    offers: &Offers,
    time: &TimeOffer,
    quota: Quota,
    preferred: Option<&str>,
    now: Timestamp,
) -> Result<Taken, sqlx::Error> {
    if offers.slots == 1 {
        // Nothing has to be found first: what takes a place says whether there was one.
        let ends_at = time.starts_at + slot_length(hall);
        for window in in_order(offers, preferred) {
            if let Some(slot_id) = slots::take_at(tx, window, (time.starts_at, ends_at), quota, now).await? {
                return Ok(Taken::Places(Places { window: window.clone(), slot_ids: vec![slot_id] }));
            }
        }
        return Ok(Taken::Nothing);
    }
    let Some(places) = find(tx, hall, offers, time, quota, preferred, now).await? else { return Ok(Taken::Nothing) };
    for slot_id in &places.slot_ids {
        if !slots::take(tx, slot_id, quota, now).await? {
            return Ok(Taken::Some);
        }
    }
    Ok(Taken::Places(places))
}

/// Consecutive places that somebody wants.
pub(crate) struct Wish<'a> {
    /// Where.
    pub hall: &'a Hall,
    /// What the hall offers for the visit.
    pub offers: &'a Offers,
    /// When.
    pub time: &'a TimeOffer,
    /// The window to begin with.
    pub preferred: Option<&'a str>,
}

impl Wish<'_> {
    /// The slots of the visit, each from when to when.
    fn spans(&self) -> Vec<(Timestamp, Timestamp)> {
        let length = slot_length(self.hall);
        let mut starts_at = self.time.starts_at;
        let mut spans = Vec::with_capacity(self.offers.slots);
        for _ in 0..self.offers.slots {
            spans.push((starts_at, starts_at + length));
            starts_at += length;
        }
        spans
    }
}

/// Takes places for several visits, those who come first in `wishes` first: one statement sees what is free, one takes it all.
/// Each gets `None` where nothing is free for it. The days are locked by the caller; should a slot be fuller than was seen all the same,
/// the database refuses it, and it is `None` for all: nothing must be kept of this transaction then.
pub(crate) async fn take_all(
    tx: &mut Tx,
    wishes: &[Wish<'_>],
    quota: Quota,
    now: Timestamp,
) -> Result<Option<Vec<Option<Places>>>, sqlx::Error> {
    let spans: Vec<_> = wishes.iter().map(Wish::spans).collect();
    let windows = wishes.iter().flat_map(|wish| &wish.offers.windows).map(|window| window.id.as_str()).collect();
    let times = spans.iter().flatten().map(|(starts_at, _)| starts_at.as_microsecond()).collect();
    let mut room = slots::room(tx, (&windows, &times), quota, now).await?;
    let mut wanted: BTreeMap<slots::SlotKey, slots::Wanted<'_>> = BTreeMap::new();
    let mut chosen = Vec::with_capacity(wishes.len());
    for (wish, spans) in wishes.iter().zip(&spans) {
        let keys_at = |window: &ServiceWindow| -> Vec<slots::SlotKey> {
            spans.iter().map(|(starts_at, _)| (window.id.clone(), starts_at.as_microsecond())).collect()
        };
        let mut is_free = |window: &ServiceWindow, keys: &[slots::SlotKey]| {
            keys.iter().all(|key| *room.entry(key.clone()).or_insert_with(|| quota.capacity(window)) > 0)
        };
        let mut windows = in_order(wish.offers, wish.preferred).map(|window| (window, keys_at(window)));
        let Some((window, keys)) = windows.find(|(window, keys)| is_free(window, keys)) else {
            chosen.push(None);
            continue;
        };
        for (key, span) in keys.iter().zip(spans) {
            room.entry(key.clone()).and_modify(|room| *room -= 1);
            let one = slots::Wanted { window, span: *span, places: 0 };
            wanted.entry(key.clone()).or_insert(one).places += 1;
        }
        chosen.push(Some((window, keys)));
    }
    let wanted: Vec<slots::Wanted<'_>> = wanted.into_values().collect();
    let taken = slots::take_each(tx, &wanted, quota, now).await?;
    if taken.len() < wanted.len() {
        return Ok(None);
    }
    let places = |(window, keys): (&ServiceWindow, Vec<slots::SlotKey>)| {
        let slot_ids = keys.iter().filter_map(|key| taken.get(key).cloned()).collect();
        Places { window: window.clone(), slot_ids }
    };
    Ok(Some(chosen.into_iter().map(|found| found.map(places)).collect()))
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
