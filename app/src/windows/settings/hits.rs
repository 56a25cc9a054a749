//! Which bookings a change of settings hits.

use super::HallSettings;
use crate::{
    time::{HolidayCalendar, at_time, day_of},
    windows::{ClosedReason, DayHours},
};
use jiff::{Timestamp, civil::Date};
use std::collections::BTreeMap;

/// A booking that stands, as far as settings can hit it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Its short code.
    pub code: String,
    /// Id of its window.
    pub window_id: String,
    /// Begin.
    pub from: Timestamp,
    /// End.
    pub to: Timestamp,
    /// Codes of its items.
    pub items: Vec<String>,
    /// Whether it took places of the assisted quota.
    pub assisted: bool,
    /// When it was made: of too many, the latest are hit.
    pub made_at: i64,
    /// Minutes it would need, when that is more than it has: another time has to be so long.
    pub needs: Option<i64>,
}

/// Why a booking does not fit the settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hit {
    /// The hall is closed on its day.
    Closed(ClosedReason),
    /// The hall is open on its day, at other hours.
    Outside,
    /// Its window is closed.
    WindowClosed,
    /// Its window does not serve one of its items.
    NotServed,
    /// More bookings than places.
    OverCapacity,
    /// One of its items takes longer than the booking does.
    TooShort,
    /// One of its items is no longer offered.
    Retired,
}

impl Hit {
    /// The catalogue key of its words.
    pub fn key(&self) -> &'static str {
        match self {
            Hit::Closed(_) => "settings-hit-closed",
            Hit::Outside => "settings-hit-outside",
            Hit::WindowClosed => "settings-hit-window",
            Hit::NotServed => "settings-hit-item",
            Hit::OverCapacity => "settings-hit-capacity",
            Hit::TooShort => "settings-hit-short",
            Hit::Retired => "settings-hit-retired",
        }
    }
}

/// Which bookings do not fit the settings, by code.
pub fn misfits(settings: &HallSettings, calendar: &HolidayCalendar, standing: &[Standing]) -> BTreeMap<String, Hit> {
    let rules = settings.rules();
    let mut days: BTreeMap<Date, DayHours> = BTreeMap::new();
    let mut found = BTreeMap::new();
    let mut accepted: Vec<&Standing> = Vec::new();
    let mut by_age: Vec<&Standing> = standing.iter().collect();
    by_age.sort_by(|a, b| (a.made_at, &a.code).cmp(&(b.made_at, &b.code)));
    for booking in by_age {
        let date = day_of(booking.from);
        let hours = days.entry(date).or_insert_with(|| rules.day(date, calendar));
        let window = settings.windows.iter().find(|window| window.id == booking.window_id && !window.closed);
        let hit = match (hours, window) {
            (DayHours::Closed(reason), _) => Some(Hit::Closed(reason.clone())),
            (DayHours::Open(spans), _)
                if !spans
                    .iter()
                    .any(|span| at_time(date, span.from) <= booking.from && booking.to <= at_time(date, span.to)) =>
            {
                Some(Hit::Outside)
            }
            (_, None) => Some(Hit::WindowClosed),
            (_, Some(window)) if booking.items.iter().any(|item| !window.items.contains(item)) => Some(Hit::NotServed),
            (_, Some(window)) => {
                let places = if booking.assisted { window.assisted } else { window.public };
                (most_at_once(booking, &accepted) >= places).then_some(Hit::OverCapacity)
            }
        };
        match hit {
            Some(hit) => {
                found.insert(booking.code.clone(), hit);
            }
            None => accepted.push(booking),
        }
    }
    found
}

/// How many of `others` are at the window at once at some moment of `booking`.
fn most_at_once(booking: &Standing, others: &[&Standing]) -> i64 {
    let beside: Vec<&&Standing> = others
        .iter()
        .filter(|other| other.window_id == booking.window_id && other.assisted == booking.assisted)
        .filter(|other| other.from < booking.to && booking.from < other.to)
        .collect();
    let at = |moment: Timestamp| beside.iter().filter(|other| other.from <= moment && moment < other.to).count();
    let moments = beside.iter().map(|other| other.from.max(booking.from));
    moments.map(at).max().map_or(0, |most| i64::try_from(most).unwrap_or(i64::MAX))
}

/// What a change of settings or calendar hits: what fitted before and does not fit after it.
pub fn hits(
    (old, old_calendar): (&HallSettings, &HolidayCalendar),
    (new, new_calendar): (&HallSettings, &HolidayCalendar),
    standing: &[Standing],
) -> BTreeMap<String, Hit> {
    let before = misfits(old, old_calendar, standing);
    let mut after = misfits(new, new_calendar, standing);
    after.retain(|code, _| !before.contains_key(code));
    after
}
