//! The figures from counts per day, so that they need not be counted from every report each time.
//!
//! A report is counted on up to three days: when it was filed; when its deadline lies; and, once it is closed, when it was
//! *settled*, which is the later of deadline and closing. A report is closed of the due ones of a period exactly when it was
//! settled in it. And what is due at the end of a period but not settled by then is all that was ever due before the end
//! less all that was settled before it: a sum over days, too. So the figures of whole days are sums, whatever the period.

use super::{Figures, Measure, Row, tenths};
use crate::{reports::State, time};
use jiff::{Timestamp, civil::Date};
use std::collections::BTreeMap;

/// The counts of a day, as columns are named, in the order of [`Day::counts`].
pub const COLUMNS: [&str; 13] = [
    // Filed on the day, and of these closed by now.
    "filed",
    "filed_closed",
    // With a deadline on the day, unless rejected, withdrawn or merged; of these with an extension, handed back, standing still.
    "due",
    "due_extended",
    "due_returned",
    "standing",
    // Settled on the day; of these closed in time, with a failed verification, with an extension, handed back, with a
    // rating, with a good one.
    "settled",
    "on_time",
    "reworked",
    "settled_extended",
    "settled_returned",
    "rated",
    "satisfied",
];

/// What is counted on one day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Day {
    /// In the order of [`COLUMNS`].
    pub counts: [i64; COLUMNS.len()],
    /// Of the settled ones: tenths of hours from filing to closing, and how many took so long.
    pub tenths: BTreeMap<i64, i64>,
}

impl Day {
    /// Adds `times` times what another has; what cancels out is gone.
    pub fn add(&mut self, other: &Day, times: i64) {
        for (count, more) in self.counts.iter_mut().zip(other.counts) {
            *count += times * more;
        }
        for (tenths, more) in &other.tenths {
            *self.tenths.entry(*tenths).or_default() += times * more;
        }
        self.tenths.retain(|_, count| *count != 0);
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.counts.iter().all(|count| *count == 0) && self.tenths.is_empty()
    }
}

/// The day of an instant in microseconds.
pub(super) fn day_of(at: i64) -> Date {
    time::day_of(Timestamp::from_microsecond(at).unwrap_or_default())
}

/// On which days a report is counted as what; up to three.
pub fn of_day(row: &Row) -> Vec<(Date, Day)> {
    let closed_at = row.closed_at.filter(|_| row.state == State::Closed);
    let counted = |columns: &[(&str, bool)]| {
        let mut day = Day::default();
        for (count, column) in day.counts.iter_mut().zip(COLUMNS) {
            *count = i64::from(columns.iter().any(|(name, holds)| *name == column && *holds));
        }
        day
    };
    let filed = counted(&[("filed", true), ("filed_closed", row.state == State::Closed)]);
    let mut days = vec![(day_of(row.filed_at), filed)];
    let Some(deadline) = row.deadline.filter(|_| !row.state.is_over() || row.state == State::Closed) else {
        return days;
    };
    let (extended, returned) = (row.extended, row.returns > 0);
    let due = [
        ("due", true),
        ("due_extended", extended),
        ("due_returned", returned),
        ("standing", row.standing && closed_at.is_none()),
    ];
    days.push((day_of(deadline), counted(&due)));
    if let Some(closed_at) = closed_at {
        let mut settled = counted(&[
            ("settled", true),
            ("on_time", closed_at <= deadline),
            ("reworked", row.reworks > 0),
            ("settled_extended", extended),
            ("settled_returned", returned),
            ("rated", row.stars.is_some()),
            ("satisfied", row.stars.is_some_and(|stars| stars >= 4)),
        ]);
        settled.tenths.insert(tenths(row.filed_at, closed_at), 1);
        days.push((day_of(closed_at.max(deadline)), settled));
    }
    days
}

/// Sums over the days of a period, from which its figures follow.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sums {
    /// Of the days of the period.
    pub within: Day,
    /// Of all days up to the end of the period, or up to today if that comes first: due but not settled; of these with an
    /// extension, handed back, standing still.
    pub left: [i64; 4],
}

impl Sums {
    /// What a day adds to [`Sums::left`].
    pub const LEFT: [&'static str; 4] =
        ["due - settled", "due_extended - settled_extended", "due_returned - settled_returned", "standing"];

    /// The figures, as [`Figures::of`] counts them at the end of the last of these days.
    pub fn figures(self) -> Figures {
        let Sums { within, left: [left, left_extended, left_returned, standing] } = self;
        let [filed, _, _, _, _, _, settled, on_time, reworked, extended, returned, rated, satisfied] = within.counts;
        let count = |measure| match measure {
            Measure::Filed => filed,
            Measure::Due => settled + left,
            Measure::Closed => settled,
            Measure::OnTime => on_time,
            Measure::Suspended => standing,
            Measure::Overdue => left - standing,
            Measure::Reworked => reworked,
            Measure::Extended => extended + left_extended,
            Measure::Returned => returned + left_returned,
            Measure::Rated => rated,
            Measure::Satisfied => satisfied,
        };
        Figures { counts: Measure::ALL.map(count), tenths: within.tenths }
    }
}
