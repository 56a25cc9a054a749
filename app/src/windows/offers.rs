//! Which times are offered: opening rules − closures − the past − what is taken, for visits of one or several slots.
//! A pure function of rules, use, zone and now.

use super::{Closure, DayHours, OpeningRules, slots_of};
use crate::time::{HolidayCalendar, at_time_in};
use jiff::{
    SignedDuration, Timestamp,
    civil::{Date, Time},
    tz::TimeZone,
};

/// Most items in one visit.
pub const MAX_ITEMS: usize = 5;

/// Slots that a visit takes: its items' minutes together, rounded up to whole slots; at least one.
pub fn slots_needed(minutes: impl IntoIterator<Item = i64>, slot_minutes: i64) -> usize {
    let slot = slot_minutes.max(1);
    let sum = minutes.into_iter().map(|minutes| minutes.clamp(0, 24 * 60)).sum::<i64>();
    usize::try_from((sum + slot - 1) / slot).unwrap_or(1).max(1)
}

/// A slot of a day that exists: by the zone's clock it begins and ends when it says and lasts as long as a slot does,
/// which the hour that is skipped or repeated in a zone with daylight saving does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DaySlot {
    /// Begin by the zone's clock.
    pub from: Time,
    /// Begin.
    pub starts_at: Timestamp,
    /// End.
    pub ends_at: Timestamp,
}

/// The slots of an open day, in order; closures are left out by instant.
pub fn day_slots(
    zone: &TimeZone,
    date: Date,
    hours: &[super::Hours],
    minutes: i64,
    closures: &[Closure],
) -> Vec<DaySlot> {
    let length = SignedDuration::from_mins(minutes.clamp(1, 24 * 60));
    let shows = |at: Timestamp, time: Time| at.to_zoned_datetime(zone.clone()).datetime() == date.to_datetime(time);
    slots_of(hours, minutes)
        .into_iter()
        .map(|slot| (slot, at_time_in(zone, date, slot.from), at_time_in(zone, date, slot.to)))
        .filter(|(slot, begin, end)| {
            shows(*begin, slot.from)
                && shows(*end, slot.to)
                && end.duration_since(*begin) == length
                && closures.iter().all(|closure| closure.to <= *begin || *end <= closure.from)
        })
        .map(|(slot, starts_at, ends_at)| DaySlot { from: slot.from, starts_at, ends_at })
        .collect()
}

/// A time at which a visit can begin: its first slot, the end of its last one, and places over all windows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Offered {
    /// Begin by the zone's clock.
    pub from: Time,
    /// Begin.
    pub starts_at: Timestamp,
    /// End of the last slot.
    pub ends_at: Timestamp,
    /// Visits that can still begin then.
    pub left: i64,
    /// Visits that could if nothing were taken.
    pub places: i64,
}

/// What is asked of a day.
pub struct DayQuestion<'a> {
    /// The zone whose clock the rules mean.
    pub zone: &'a TimeZone,
    /// When the hall is open.
    pub rules: &'a OpeningRules,
    /// Statutory holidays.
    pub calendar: &'a HolidayCalendar,
    /// Length of a slot, in minutes.
    pub slot_minutes: i64,
    /// Consecutive slots that the visit takes, all at one window, never over a break.
    pub slots: usize,
    /// Times that have begun are not offered.
    pub now: Timestamp,
}

/// The times of a day, full ones included, or why it is closed. `room` gives capacity and taken places of each window
/// in the slot that begins at an instant; windows come in one order, always the same.
pub fn offered(
    question: &DayQuestion<'_>,
    date: Date,
    windows: usize,
    room: impl Fn(usize, Timestamp) -> (i64, i64),
) -> Result<Vec<Offered>, super::ClosedReason> {
    let hours = match question.rules.day_in(question.zone, date, question.calendar) {
        DayHours::Open(hours) => hours,
        DayHours::Closed(reason) => return Err(reason),
    };
    let slots = day_slots(question.zone, date, &hours, question.slot_minutes, &question.rules.closures);
    let count = question.slots.max(1);
    let runs = slots.windows(count).filter(|run| {
        run[0].starts_at > question.now && run.windows(2).all(|pair| pair[0].ends_at == pair[1].starts_at)
    });
    Ok(runs
        .map(|run| {
            let (mut left, mut places) = (0, 0);
            for window in 0..windows {
                let each = run.iter().map(|slot| room(window, slot.starts_at));
                let (mut least_free, mut least) = (i64::MAX, i64::MAX);
                for (capacity, taken) in each {
                    least_free = least_free.min((capacity - taken).max(0));
                    least = least.min(capacity);
                }
                left += least_free;
                places += least;
            }
            Offered { from: run[0].from, starts_at: run[0].starts_at, ends_at: run[count - 1].ends_at, left, places }
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use super::slots_needed;

    #[test]
    fn minutes_add_up_to_whole_slots() {
        assert_eq!(slots_needed([10], 30), 1);
        assert_eq!(slots_needed([10, 20], 30), 1);
        assert_eq!(slots_needed([15, 20], 30), 2);
        assert_eq!(slots_needed([], 30), 1);
        assert_eq!(slots_needed([i64::MAX, i64::MIN], 0), 1440, "nonsense stays bounded");
    }
}
