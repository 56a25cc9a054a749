//! Times that could be proposed instead.

use super::{HallSettings, Standing, WindowSettings};
use crate::{
    time::{HolidayCalendar, at_time, day_of},
    windows::{DayHours, slots_of},
};
use jiff::Timestamp;

/// Places at a window that are taken in a span, of one quota.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// Id of the window.
    pub window_id: String,
    /// Of the assisted quota.
    pub assisted: bool,
    /// Begin.
    pub from: Timestamp,
    /// End.
    pub to: Timestamp,
    /// How many.
    pub places: i64,
}

/// A time that could be proposed instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// Id of the window.
    pub window_id: String,
    /// Number of the window.
    pub number: i64,
    /// Its slots, in order, without gaps.
    pub slots: Vec<(Timestamp, Timestamp)>,
}

impl Proposal {
    /// As a form sends it: begin in microseconds, and the window's number.
    pub fn value(&self) -> String {
        format!("{}w{}", self.from().as_microsecond(), self.number)
    }

    /// Begin.
    pub fn from(&self) -> Timestamp {
        self.slots.first().map_or(Timestamp::MIN, |slot| slot.0)
    }

    /// End.
    pub fn to(&self) -> Timestamp {
        self.slots.last().map_or(Timestamp::MIN, |slot| slot.1)
    }
}

/// The next free times for a booking by new settings, after `now`, from the booking's own time on and then the
/// earlier ones; at most `count`.
pub fn proposals(
    settings: &HallSettings,
    calendar: &HolidayCalendar,
    taken: &[Taken],
    booking: &Standing,
    (now, count): (Timestamp, usize),
) -> Vec<Proposal> {
    let rules = settings.rules();
    let minutes = settings.slot_minutes.max(1);
    let needed = slots_needed(booking, minutes);
    let windows: Vec<&WindowSettings> = settings
        .windows
        .iter()
        .filter(|window| !window.closed && !window.id.is_empty())
        .filter(|window| booking.items.iter().all(|item| window.items.contains(item)))
        .collect();
    let first = day_of(now).tomorrow().unwrap_or(day_of(now));
    let wanted = day_of(booking.from).max(first);
    let later = wanted.series(jiff::Span::new().days(1)).take(30);
    let earlier = first.series(jiff::Span::new().days(1)).take_while(|day| *day < wanted).take(30);
    let mut found = Vec::new();
    for date in later.chain(earlier) {
        let DayHours::Open(spans) = rules.day(date, calendar) else { continue };
        for span in spans {
            let slots: Vec<(Timestamp, Timestamp)> = slots_of(&[span], minutes)
                .into_iter()
                .map(|slot| (at_time(date, slot.from), at_time(date, slot.to)))
                .collect();
            for run in slots.windows(needed) {
                let free = |window: &&&WindowSettings| {
                    let places = if booking.assisted { window.assisted } else { window.public };
                    run.iter().all(|(from, to)| {
                        let beside =
                            taken.iter().filter(|t| t.window_id == window.id && t.assisted == booking.assisted);
                        let busy = beside.filter(|t| t.from < *to && *from < t.to).map(|t| t.places).max();
                        busy.unwrap_or(0) < places
                    })
                };
                if let Some(window) = windows.iter().find(free) {
                    let (window_id, number) = (window.id.clone(), window.number);
                    found.push(Proposal { window_id, number, slots: run.to_vec() });
                    if found.len() >= count {
                        return found;
                    }
                }
            }
        }
    }
    found
}

/// The time that a form names (see [`Proposal::value`]), if the settings have it after `now` for this booking; whether
/// it is free the database decides.
pub fn proposal_named(
    settings: &HallSettings,
    calendar: &HolidayCalendar,
    booking: &Standing,
    value: &str,
    now: Timestamp,
) -> Option<Proposal> {
    let (from, number) = value.split_once('w')?;
    let from = Timestamp::from_microsecond(from.parse().ok()?).ok()?;
    if from <= now || from.duration_since(now).as_hours() > 24 * 366 {
        return None;
    }
    let number: i64 = number.parse().ok()?;
    let serves = |window: &&WindowSettings| {
        let items = booking.items.iter().all(|item| window.items.contains(item));
        window.number == number && !window.closed && !window.id.is_empty() && items
    };
    let window = settings.windows.iter().find(serves)?;
    let date = day_of(from);
    let DayHours::Open(spans) = settings.rules().day(date, calendar) else { return None };
    let minutes = settings.slot_minutes.max(1);
    let needed = slots_needed(booking, minutes);
    spans.into_iter().find_map(|span| {
        let slots = slots_of(&[span], minutes);
        let first = slots.iter().position(|slot| at_time(date, slot.from) == from)?;
        let run = slots.get(first..first + needed)?;
        let slots = run.iter().map(|slot| (at_time(date, slot.from), at_time(date, slot.to))).collect();
        Some(Proposal { window_id: window.id.clone(), number, slots })
    })
}

fn slots_needed(booking: &Standing, minutes: i64) -> usize {
    let length = booking.needs.unwrap_or_else(|| booking.to.duration_since(booking.from).as_mins()).max(1);
    usize::try_from((length + minutes - 1) / minutes).unwrap_or(1).clamp(1, 300)
}

/// Slots of the settings that a booking overlaps. Those that are not its own were cut by another length of slots or
/// other hours than it was made by: whoever serves it is taken in them too.
pub fn overlapped(
    settings: &HallSettings,
    calendar: &HolidayCalendar,
    booking: &Standing,
) -> Vec<(Timestamp, Timestamp)> {
    let date = day_of(booking.from);
    let DayHours::Open(spans) = settings.rules().day(date, calendar) else { return Vec::new() };
    let slots = slots_of(&spans, settings.slot_minutes);
    let slots: Vec<_> = slots.iter().map(|slot| (at_time(date, slot.from), at_time(date, slot.to))).collect();
    slots.into_iter().filter(|(from, to)| *from < booking.to && booking.from < *to).collect()
}
