//! How a period went: reports filed day by day, week by week or month by month, and how many of them are closed by now.

use super::{Row, days::day_of};
use crate::reports::State;
use jiff::{ToSpan, civil::Date};
use std::collections::BTreeMap;

/// A part of a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
    /// Filed in it.
    pub filed: i64,
    /// Of these, closed by now.
    pub closed: i64,
}

/// Days up to 31, weeks (from Monday) up to 26, months beyond; the first and last part end where the period ends.
pub fn course(rows: &[Row], from: Date, to: Date) -> Vec<Span> {
    let mut days: BTreeMap<Date, (i64, i64)> = BTreeMap::new();
    for row in rows {
        let day = days.entry(day_of(row.filed_at)).or_default();
        day.0 += 1;
        day.1 += i64::from(row.state == State::Closed);
    }
    course_of_days(&days, from, to)
}

/// The same from how many were filed on each day, and how many of these are closed by now.
pub fn course_of_days(filed: &BTreeMap<Date, (i64, i64)>, from: Date, to: Date) -> Vec<Span> {
    let days = from.until(to).map_or(0, |span| span.get_days());
    let mut spans = Vec::new();
    let mut day = from;
    while day <= to {
        let end = match days {
            0..=30 => day,
            31..=181 => day.saturating_add((7 - i32::from(day.weekday().to_monday_one_offset())).days()),
            _ => day.last_of_month(),
        };
        let end = end.min(to);
        let (all, closed) = filed.range(day..=end).fold((0, 0), |sum, (_, day)| (sum.0 + day.0, sum.1 + day.1));
        spans.push(Span { from: day, to: end, filed: all, closed });
        let Ok(next) = end.tomorrow() else { break };
        day = next;
    }
    spans
}
