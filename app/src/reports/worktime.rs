//! Working time: the hours of an organisation on the days that the statutory calendar calls working, 调休 included.

use super::due::LimitKind;
use crate::time::{DayKind, HolidayCalendar, at_time, day_of};
use jiff::{SignedDuration, Timestamp, civil::Time};

/// The hours of an organisation that has not said others: 8:30 to 17:30.
pub const DEFAULT_HOURS: [(Time, Time); 1] = [(Time::constant(8, 30, 0, 0), Time::constant(17, 30, 0, 0))];
/// Longest limit, extension or dispatch limit, in hours or days: nobody promises more, and no sum overflows.
pub const MOST: i64 = 2000;
/// An instant is looked for so many days ahead at most.
const HORIZON: usize = 1500;

/// Working time of one organisation.
#[derive(Clone, Copy, Debug)]
pub struct WorkTime<'a> {
    /// The statutory calendar.
    pub calendar: &'a HolidayCalendar,
    /// Opening and closing time of the parts of a working day, in order, not overlapping.
    pub hours: &'a [(Time, Time)],
}

impl WorkTime<'_> {
    /// The open parts of the days from `from` on; `Err` at the first day of a year that is not published.
    fn parts(&self, from: Timestamp) -> impl Iterator<Item = Result<(Timestamp, Timestamp), Unknown>> {
        let days = day_of(from).series(jiff::Span::new().days(1)).take(HORIZON);
        days.flat_map(move |day| match self.calendar.kind(day) {
            DayKind::Unknown => vec![Err(Unknown)],
            DayKind::Rest => Vec::new(),
            DayKind::Working => {
                let open = self.hours.iter().map(|(opens, closes)| (at_time(day, *opens), at_time(day, *closes)));
                open.filter(|(_, closes)| *closes > from).map(|(o, c)| Ok((o.max(from), c))).collect()
            }
        })
    }

    /// The instant at which `amount` of working time has gone by since `from`. `None` when the way there leads
    /// through a year whose holidays are not published.
    pub fn add(&self, from: Timestamp, amount: SignedDuration) -> Option<Timestamp> {
        if amount <= SignedDuration::ZERO {
            return Some(from);
        }
        let mut left = amount;
        for part in self.parts(from) {
            let (opens, closes) = part.ok()?;
            let open = closes.duration_since(opens);
            if left <= open {
                return Some(opens + left);
            }
            left -= open;
        }
        None
    }

    /// The working time between two instants; nothing when `to` is not after `from`. `None` when a year between them
    /// is not published.
    pub fn between(&self, from: Timestamp, to: Timestamp) -> Option<SignedDuration> {
        let mut sum = SignedDuration::ZERO;
        if to <= from {
            return Some(sum);
        }
        for part in self.parts(from) {
            // A year that begins after the end does not matter.
            let Ok((opens, closes)) = part else {
                return (self.calendar.kind(day_of(to)) != DayKind::Unknown).then_some(sum);
            };
            if opens >= to {
                break;
            }
            sum += closes.min(to).duration_since(opens);
        }
        Some(sum)
    }

    /// The time between two instants as a limit of this kind counts it: round the clock, or working time.
    pub fn measure(&self, kind: LimitKind, from: Timestamp, to: Timestamp) -> Option<SignedDuration> {
        match kind {
            LimitKind::Urgent => Some(to.duration_since(from).max(SignedDuration::ZERO)),
            _ => self.between(from, to),
        }
    }

    /// `by` later, as a limit of this kind counts it.
    pub fn later(&self, kind: LimitKind, from: Timestamp, by: SignedDuration) -> Option<Timestamp> {
        match kind {
            LimitKind::Urgent => Some(from + by),
            _ => self.add(from, by),
        }
    }

    /// When something that began at `from` is due. `None` when the way there leads through a year whose holidays have
    /// not been published: that is said, never guessed.
    pub fn due(&self, from: Timestamp, kind: LimitKind, amount: i64) -> Option<Timestamp> {
        let amount = amount.clamp(0, MOST);
        match kind {
            LimitKind::Urgent => Some(from + SignedDuration::from_hours(amount)),
            LimitKind::WorkingHours => self.add(from, SignedDuration::from_hours(amount)),
            LimitKind::WorkingDays => {
                let mut left = amount.max(1);
                let closes = self.hours.last().map_or(DEFAULT_HOURS[0].1, |(_, closes)| *closes);
                for day in day_of(from).series(jiff::Span::new().days(1)).skip(1).take(HORIZON * 2) {
                    match self.calendar.kind(day) {
                        DayKind::Unknown => return None,
                        DayKind::Rest => {}
                        DayKind::Working => left -= 1,
                    }
                    if left == 0 {
                        return Some(at_time(day, closes));
                    }
                }
                None
            }
        }
    }
}

/// A day of a year that is not published.
#[derive(Clone, Copy, Debug)]
struct Unknown;
