//! Dates and times: the zone of the deployment, working days, and how each language writes them.

mod format;
pub mod import;
mod workdays;

pub use format::{ago, date, date_long, date_time, time_of_day, weekday};
pub use workdays::{DayKind, HolidayCalendar, HolidayYear, NamedDay};

use jiff::{Timestamp, civil::Date, tz::TimeZone};

/// The zone every date on screen is meant in: China has one, without daylight saving.
pub const ZONE: &str = "Asia/Shanghai";

/// The zone as jiff knows it. The database of zones is compiled in; UTC+8 stands in should it be missing.
pub fn zone() -> TimeZone {
    TimeZone::get(ZONE).unwrap_or_else(|_| TimeZone::fixed(jiff::tz::offset(8)))
}

/// The day in [`zone`] on which `at` falls.
pub fn day_of(at: Timestamp) -> Date {
    at.to_zoned_datetime(zone()).date()
}

/// The instant at which `date` begins in [`zone`].
pub fn start_of(date: Date) -> Timestamp {
    at_time(date, jiff::civil::Time::midnight())
}

/// The instant at which the clock in [`zone`] shows `date` and `time`. In a gap of the zone's clock it is the
/// instant just after; dates outside jiff's range give the earliest instant.
pub fn at_time(date: Date, time: jiff::civil::Time) -> Timestamp {
    at_time_in(&zone(), date, time)
}

/// The same by the clock of another zone.
pub fn at_time_in(zone: &TimeZone, date: Date, time: jiff::civil::Time) -> Timestamp {
    date.to_datetime(time).to_zoned_datetime(zone.clone()).map(|zoned| zoned.timestamp()).unwrap_or(Timestamp::MIN)
}
