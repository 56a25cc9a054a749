//! How a period went: reports filed day by day, week by week or month by month, and how many of them are closed by now.

use super::{Measure, Period, Row};
use crate::{reports::State, time};
use jiff::{ToSpan, civil::Date};

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
        spans.push(Span { from: day, to: end, filed: 0, closed: 0 });
        let Ok(next) = end.tomorrow() else { break };
        day = next;
    }
    for span in &mut spans {
        let next = span.to.tomorrow().unwrap_or(span.to);
        let period =
            Period { from: time::start_of(span.from).as_microsecond(), to: time::start_of(next).as_microsecond() };
        for row in rows.iter().filter(|row| Measure::Filed.counts(row, period, i64::MAX)) {
            span.filed += 1;
            span.closed += i64::from(row.state == State::Closed);
        }
    }
    spans
}
