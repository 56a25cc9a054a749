//! Which times are free. Reading only: a slot gets its row when its first place is taken.

use crate::{
    app_state::App,
    http::Result,
    windows::store::{Hall, Quota, ServiceWindow, halls, items::StoredItem, slots},
};
use app::{
    time::{at_time, day_of, start_of, zone},
    windows::{ClosedReason, DayQuestion, OpeningRules, SlotRef, booking_window, offered, slots_needed},
};
use jiff::{
    Span, Timestamp,
    civil::{Date, Time},
};
use std::collections::HashMap;

/// A time that can be booked, over all windows that serve the items.
#[derive(Clone, Debug)]
pub struct TimeOffer {
    /// Its name in forms and the API.
    pub slot: SlotRef,
    /// Begin.
    pub starts_at: Timestamp,
    /// End, of the last slot that the visit takes.
    pub ends_at: Timestamp,
    /// Places left.
    pub left: i64,
    /// Places in all.
    pub places: i64,
}

/// What a day offers.
#[derive(Clone, Debug)]
pub enum DayState {
    /// The hall is open: its times, full ones included.
    Open(Vec<TimeOffer>),
    /// The hall is closed.
    Closed(ClosedReason),
}

/// A day inside the booking window.
#[derive(Clone, Debug)]
pub struct DayOffer {
    /// The day.
    pub date: Date,
    /// What it offers.
    pub state: DayState,
    /// Why its hours are unusual, in Chinese and English.
    pub remark: Option<(String, String)>,
}

impl DayOffer {
    /// Its times; none when closed.
    pub fn times(&self) -> &[TimeOffer] {
        match &self.state {
            DayState::Open(times) => times,
            DayState::Closed(_) => &[],
        }
    }

    /// Places of the day when nothing is taken.
    pub fn places(&self) -> i64 {
        self.times().iter().map(|time| time.places).sum()
    }

    /// Places left on the day.
    pub fn left(&self) -> i64 {
        self.times().iter().map(|time| time.left).sum()
    }
}

/// What a hall offers for a visit.
#[derive(Clone, Debug)]
pub struct Offers {
    /// The days of the booking window, in order.
    pub days: Vec<DayOffer>,
    /// The windows that serve all items, in the order in which places are taken.
    pub windows: Vec<ServiceWindow>,
    /// Consecutive slots that the visit takes.
    pub slots: usize,
}

impl Offers {
    /// The day, if it is inside the booking window.
    pub fn day(&self, date: Date) -> Option<&DayOffer> {
        self.days.iter().find(|day| day.date == date)
    }

    /// The time that a reference names, if it is offered, full or not.
    pub fn time(&self, slot: &SlotRef) -> Option<&TimeOffer> {
        self.day(slot.at.date())?.times().iter().find(|time| time.slot == *slot)
    }

    /// The next `count` free times after `wanted`; earlier ones where there are too few.
    pub fn next_free(&self, wanted: Timestamp, count: usize) -> Vec<TimeOffer> {
        let free = || self.days.iter().flat_map(DayOffer::times).filter(|time| time.left > 0);
        let mut next: Vec<TimeOffer> = free().filter(|time| time.starts_at >= wanted).take(count).cloned().collect();
        if next.len() < count {
            let earlier: Vec<TimeOffer> = free().filter(|time| time.starts_at < wanted).cloned().collect();
            let from = earlier.len().saturating_sub(count - next.len());
            next.splice(0..0, earlier[from..].iter().cloned());
        }
        next
    }
}

/// What a hall offers at `now` for a visit with these items, out of one quota.
pub async fn offers(app: &App, hall: &Hall, items: &[StoredItem], quota: Quota, now: Timestamp) -> Result<Offers> {
    let (first, last) = bookable(hall, quota, now);
    let pool = app.db.read();
    let ids: Vec<&str> = items.iter().map(|stored| stored.id.as_str()).collect();
    let timetable = Timetable {
        rules: halls::rules(pool, &hall.id, first).await?,
        windows: halls::windows(pool, &hall.id, &ids).await?,
    };
    let windows = &timetable.windows;
    let span = (start_of(first), at_time(last, Time::MAX));
    let window_ids: Vec<&str> = windows.iter().map(|window| window.id.as_str()).collect();
    let used: HashMap<(usize, i64), (i64, i64)> = slots::used(pool, &window_ids, span, quota, now)
        .await?
        .into_iter()
        .filter_map(|slot| {
            let window = window_ids.iter().position(|id| *id == slot.window_id)?;
            Some(((window, slot.starts_at), (slot.capacity, slot.taken)))
        })
        .collect();
    let room = |window: usize, at: Timestamp| {
        let known = used.get(&(window, at.as_microsecond())).copied();
        known.unwrap_or_else(|| (quota.capacity(&windows[window]), 0))
    };
    Ok(timetable.between(app, hall, items, (first, last), room, now))
}

/// First and last day on which something of a quota can be had at `now`.
fn bookable(hall: &Hall, quota: Quota, now: Timestamp) -> (Date, Date) {
    let today = day_of(now);
    let (first, last) = booking_window(today, &hall.limits());
    // Somebody at the desk may be given a time of today.
    (if quota == Quota::Assisted { first.min(today) } else { first }, last)
}

/// When a hall is open, and which of its windows serve a visit.
pub(super) struct Timetable {
    /// The hours.
    pub rules: OpeningRules,
    /// The windows, see [`halls::windows`].
    pub windows: Vec<ServiceWindow>,
}

impl Timetable {
    /// What a single day offers as if nothing were taken: for whoever takes places, which shows what is left.
    pub(super) fn on(
        &self,
        app: &App,
        (hall, items): (&Hall, &[StoredItem]),
        (quota, day): (Quota, Date),
        now: Timestamp,
    ) -> Offers {
        let (first, last) = bookable(hall, quota, now);
        let room = |window: usize, _| (quota.capacity(&self.windows[window]), 0);
        // Nothing is left of a span that does not hold the day.
        self.between(app, hall, items, (first.max(day), last.min(day)), room, now)
    }

    /// What these days offer; `room` gives places and how many of them are taken, of a window at a time.
    fn between(
        &self,
        app: &App,
        hall: &Hall,
        items: &[StoredItem],
        (first, last): (Date, Date),
        room: impl Fn(usize, Timestamp) -> (i64, i64),
        now: Timestamp,
    ) -> Offers {
        let zone = zone();
        let slots = slots_needed(items.iter().map(|stored| stored.item.minutes), hall.slot_minutes);
        let question = DayQuestion {
            zone: &zone,
            rules: &self.rules,
            calendar: &app.calendar,
            slot_minutes: hall.slot_minutes,
            slots,
            now,
        };
        let mut days = Vec::new();
        for date in first.series(Span::new().days(1)).take_while(|date| *date <= last) {
            let state = match offered(&question, date, self.windows.len(), &room) {
                Err(reason) => DayState::Closed(reason),
                Ok(times) => DayState::Open(
                    times
                        .into_iter()
                        .map(|time| TimeOffer {
                            slot: SlotRef { hall: hall.code.clone(), at: date.to_datetime(time.from) },
                            starts_at: time.starts_at,
                            ends_at: time.ends_at,
                            left: time.left,
                            places: time.places,
                        })
                        .collect(),
                ),
            };
            let remark = self.rules.remark(date).map(|(zh, en)| (zh.to_owned(), en.to_owned()));
            days.push(DayOffer { date, state, remark });
        }
        Offers { days, windows: self.windows.clone(), slots }
    }
}
