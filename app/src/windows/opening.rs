//! When a hall is open.
//!
//! Four sources say something of a day; the **stronger** one wins, always in this order:
//!
//! 1. **closures** (spans of time: repairs, a power cut) close whatever they cover;
//! 2. a **dated exception** replaces the hours of its date, even on a statutory holiday (a duty day) and even in a year
//!    whose holidays are not known, because the hall itself has decided it;
//! 3. the **statutory calendar**: a holiday is closed; a make-up working day has the hours of [`MAKE_UP_WEEKDAY`]; a
//!    year whose arrangement has not been published is unknown, which is said and never guessed;
//! 4. the **weekly hours**. Ordinary weekend days are open exactly when the weekly hours say so.

use crate::time::{DayKind, HolidayCalendar, at_time, at_time_in, zone};
use jiff::{
    Timestamp,
    civil::{Date, Time, Weekday},
    tz::TimeZone,
};

/// On a make-up working day (调休) a hall keeps the hours of this weekday. The State Council's notices do not say
/// which weekday a make-up day stands for; the first working day of the week is the convention here.
pub const MAKE_UP_WEEKDAY: Weekday = Weekday::Monday;

/// A span of a day, half-open: `from` is inside, `to` is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hours {
    /// Begin.
    pub from: Time,
    /// End.
    pub to: Time,
}

/// Hours of a weekday.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WeeklyHours {
    /// The weekday.
    pub weekday: Weekday,
    /// A span on it.
    pub hours: Hours,
}

/// The hours of one date instead of its ordinary ones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exception {
    /// The date.
    pub date: Date,
    /// Its spans; none for closed.
    pub hours: Vec<Hours>,
    /// Why, in Chinese and English; may be empty.
    pub reason: (String, String),
}

/// A span of time in which the hall is closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closure {
    /// First instant of it.
    pub from: Timestamp,
    /// First instant after it.
    pub to: Timestamp,
    /// Why, in Chinese and English.
    pub reason: (String, String),
}

/// Why a hall is closed on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClosedReason {
    /// The hall does not work on this weekday.
    DayOff,
    /// A statutory holiday: its Chinese and English name.
    Holiday(String, String),
    /// The hall says so itself: its Chinese and English words, may be empty.
    Said(String, String),
    /// The statutory calendar of the year is not known yet.
    Unknown,
}

/// What a day is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DayHours {
    /// Open in these spans: in order, not empty, not touching each other wrongly.
    Open(Vec<Hours>),
    /// Closed all day.
    Closed(ClosedReason),
}

/// Everything that says when a hall is open.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OpeningRules {
    /// Weekly hours, in any order.
    pub weekly: Vec<WeeklyHours>,
    /// Dated exceptions.
    pub exceptions: Vec<Exception>,
    /// Closures.
    pub closures: Vec<Closure>,
}

impl OpeningRules {
    /// What `date` is, by the precedence above.
    pub fn day(&self, date: Date, calendar: &HolidayCalendar) -> DayHours {
        self.day_in(&zone(), date, calendar)
    }

    /// The same where the clock is another zone's.
    pub fn day_in(&self, zone: &TimeZone, date: Date, calendar: &HolidayCalendar) -> DayHours {
        let ordinary = match self.exceptions.iter().find(|exception| exception.date == date) {
            Some(exception) if exception.hours.is_empty() => {
                let (zh, en) = exception.reason.clone();
                return DayHours::Closed(ClosedReason::Said(zh, en));
            }
            Some(exception) => exception.hours.clone(),
            None => match self.by_calendar(date, calendar) {
                Ok(hours) => hours,
                Err(reason) => return DayHours::Closed(reason),
            },
        };
        let ordinary = in_order(ordinary);
        if ordinary.is_empty() {
            return DayHours::Closed(ClosedReason::DayOff);
        }
        let mut open = ordinary;
        for closure in &self.closures {
            open = open.into_iter().flat_map(|hours| without(zone, hours, date, closure)).collect();
            if open.is_empty() {
                let (zh, en) = closure.reason.clone();
                return DayHours::Closed(ClosedReason::Said(zh, en));
            }
        }
        DayHours::Open(open)
    }

    /// Why the hours of an open `date` are not the ordinary ones: the words of its exception or closure.
    pub fn remark(&self, date: Date) -> Option<(&str, &str)> {
        let exception = self.exceptions.iter().find(|exception| exception.date == date).map(|e| &e.reason);
        let closure = self
            .closures
            .iter()
            .find(|closure| closure.from < at_time(date, Time::MAX) && closure.to > at_time(date, Time::midnight()));
        exception
            .or(closure.map(|closure| &closure.reason))
            .filter(|(zh, _)| !zh.is_empty())
            .map(|(zh, en)| (zh.as_str(), en.as_str()))
    }

    fn by_calendar(&self, date: Date, calendar: &HolidayCalendar) -> Result<Vec<Hours>, ClosedReason> {
        if calendar.kind(date) == DayKind::Unknown {
            return Err(ClosedReason::Unknown);
        }
        if let Some((zh, en)) = calendar.holiday(date) {
            return Err(ClosedReason::Holiday(zh.to_owned(), en.to_owned()));
        }
        let weekday = if calendar.is_make_up_day(date) { MAKE_UP_WEEKDAY } else { date.weekday() };
        Ok(self.weekly.iter().filter(|weekly| weekly.weekday == weekday).map(|weekly| weekly.hours).collect())
    }
}

/// Sorts spans, drops empty ones and joins those that overlap or touch.
fn in_order(mut hours: Vec<Hours>) -> Vec<Hours> {
    hours.retain(|hours| hours.from < hours.to);
    hours.sort();
    let mut joined: Vec<Hours> = Vec::with_capacity(hours.len());
    for next in hours {
        match joined.last_mut() {
            Some(last) if next.from <= last.to => last.to = last.to.max(next.to),
            _ => joined.push(next),
        }
    }
    joined
}

/// What a closure leaves of a span: nothing, one piece or two.
fn without(zone: &TimeZone, hours: Hours, date: Date, closure: &Closure) -> Vec<Hours> {
    let (begin, end) = (at_time_in(zone, date, hours.from), at_time_in(zone, date, hours.to));
    if closure.to <= begin || closure.from >= end {
        return vec![hours];
    }
    let clock = |at: Timestamp| at.to_zoned_datetime(zone.clone()).time();
    let mut left = Vec::new();
    if closure.from > begin {
        left.push(Hours { from: hours.from, to: clock(closure.from) });
    }
    if closure.to < end {
        left.push(Hours { from: clock(closure.to), to: hours.to });
    }
    left
}
