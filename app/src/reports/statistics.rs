//! Figures about reports by the district's definitions, as a pure function over rows.
//!
//! For a period from its first to before its last instant (never later than now):
//! - **应结案 due**: reports whose deadline (the owner's, before there is an owner the resident's) lies in the period,
//!   and those whose deadline lay before it and that were not closed before it began. Rejected, withdrawn and merged
//!   reports are not counted. A report without a deadline (its year's holidays are not published) is never due.
//! - **结案 closed**: of these, closed before the period's end. 结案率 = closed ÷ due (54,540 ÷ 55,165 = 98.87 %).
//! - **按期结案 on time**: of these, closed no later than the deadline. 按期结案率 = on time ÷ (due − suspended), where
//!   挂账 suspended are those of the due ones that stand still now.
//! - **超期未结 overdue**: due, neither closed nor suspended. They stay in both denominators, so that no rate shows
//!   100 % while one of them is open.
//! - 返工率: closed ones with a failed verification ÷ closed. 延期率: due ones with a granted extension ÷ due. 退件率:
//!   due ones that an owner handed back ÷ due. Median: hours by the clock from filing to closing, in tenths. Satisfaction:
//!   closed ones with four or five stars ÷ closed ones with any.
//!
//! Rates are of units, places, kinds and channels; never of people.

mod course;
mod days;
#[cfg(test)]
mod tests;

pub use course::{Span, course, course_of_days};
pub use days::{COLUMNS, Day, Sums, of_day};

use super::{Channel, State};
use std::collections::BTreeMap;

/// What the figures need to know of a report. Instants are microseconds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Code of the report.
    pub code: String,
    /// State now.
    pub state: State,
    /// Filed.
    pub filed_at: i64,
    /// By when it is to be dealt with.
    pub deadline: Option<i64>,
    /// Closed; only for closed ones.
    pub closed_at: Option<i64>,
    /// Failed verifications.
    pub reworks: i64,
    /// Times that an owner handed it back.
    pub returns: i64,
    /// An extension was granted.
    pub extended: bool,
    /// The reporter's rating.
    pub stars: Option<i64>,
    /// Clocks stand still now.
    pub standing: bool,
    /// How it came in.
    pub channel: Channel,
    /// Names in the reader's language by which it can be grouped: community, grid, major, category, unit.
    pub community: String,
    /// Grid; empty when it lies in none.
    pub grid: String,
    /// Major category.
    pub major: String,
    /// Category.
    pub category: String,
    /// Unit of the owner; empty for the neighbourhood's own people, who are counted together.
    pub unit: String,
}

/// From the first microsecond to before the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// First.
    pub from: i64,
    /// Not in it any more.
    pub to: i64,
}

/// A number on the page, and the list behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Measure {
    /// 上报: filed in the period, whatever became of them.
    Filed,
    /// 应结案
    Due,
    /// 结案
    Closed,
    /// 按期结案
    OnTime,
    /// 挂账
    Suspended,
    /// 超期未结
    Overdue,
    /// 返工
    Reworked,
    /// 延期
    Extended,
    /// 退件
    Returned,
    /// 评价
    Rated,
    /// 满意
    Satisfied,
}

impl Measure {
    /// Every measure, in the order of the tables.
    pub const ALL: [Measure; 11] = [
        Measure::Filed,
        Measure::Due,
        Measure::Closed,
        Measure::OnTime,
        Measure::Suspended,
        Measure::Overdue,
        Measure::Reworked,
        Measure::Extended,
        Measure::Returned,
        Measure::Rated,
        Measure::Satisfied,
    ];

    /// As addresses say it.
    pub fn code(self) -> &'static str {
        match self {
            Measure::Filed => "filed",
            Measure::Due => "due",
            Measure::Closed => "closed",
            Measure::OnTime => "on-time",
            Measure::Suspended => "suspended",
            Measure::Overdue => "overdue",
            Measure::Reworked => "reworked",
            Measure::Extended => "extended",
            Measure::Returned => "returned",
            Measure::Rated => "rated",
            Measure::Satisfied => "satisfied",
        }
    }

    /// The measure with this code.
    pub fn from_code(code: &str) -> Option<Measure> {
        Measure::ALL.into_iter().find(|measure| measure.code() == code)
    }

    /// Catalogue key of its name.
    pub fn key(self) -> &'static str {
        match self {
            Measure::Filed => "desk-stat-filed",
            Measure::Due => "desk-stat-due",
            Measure::Closed => "desk-stat-closed",
            Measure::OnTime => "desk-stat-on-time",
            Measure::Suspended => "desk-stat-suspended",
            Measure::Overdue => "desk-stat-overdue",
            Measure::Reworked => "desk-stat-reworked",
            Measure::Extended => "desk-stat-extended",
            Measure::Returned => "desk-stat-returned",
            Measure::Rated => "desk-stat-rated",
            Measure::Satisfied => "desk-stat-satisfied",
        }
    }

    /// Whether a report counts for this measure in a period, seen from `now`.
    pub fn counts(self, row: &Row, period: Period, now: i64) -> bool {
        if self == Measure::Filed {
            return (period.from..period.to).contains(&row.filed_at);
        }
        let end = period.to.min(now);
        // Rejected, withdrawn, merged.
        if row.state.is_over() && row.state != State::Closed {
            return false;
        }
        let Some(deadline) = row.deadline.filter(|deadline| *deadline < end) else { return false };
        let closed_at = row.closed_at.filter(|_| row.state == State::Closed);
        if deadline < period.from && closed_at.is_some_and(|at| at < period.from) {
            return false;
        }
        let closed = closed_at.filter(|at| *at < end);
        let standing = closed_at.is_none() && row.standing;
        match self {
            Measure::Filed | Measure::Due => true,
            Measure::Closed => closed.is_some(),
            Measure::OnTime => closed.is_some_and(|at| at <= deadline),
            Measure::Suspended => standing,
            Measure::Overdue => closed.is_none() && !standing,
            Measure::Reworked => closed.is_some() && row.reworks > 0,
            Measure::Extended => row.extended,
            Measure::Returned => row.returns > 0,
            Measure::Rated => closed.is_some() && row.stars.is_some(),
            Measure::Satisfied => closed.is_some() && row.stars.is_some_and(|stars| stars >= 4),
        }
    }
}

/// The figures of some reports.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    counts: [i64; Measure::ALL.len()],
    /// Tenths of hours from filing to closing, and how many closed ones took so long.
    tenths: BTreeMap<i64, i64>,
}

impl Figures {
    /// Counts.
    pub fn of<'a>(rows: impl IntoIterator<Item = &'a Row>, period: Period, now: i64) -> Figures {
        let mut figures = Figures::default();
        for row in rows {
            figures.count_row(row, period, now, 1);
        }
        figures
    }

    /// Counts a report `times` times; -1 takes it out again.
    pub fn count_row(&mut self, row: &Row, period: Period, now: i64, times: i64) {
        for (count, measure) in self.counts.iter_mut().zip(Measure::ALL) {
            *count += times * i64::from(measure.counts(row, period, now));
        }
        if let Some(closed_at) = row.closed_at.filter(|_| Measure::Closed.counts(row, period, now)) {
            *self.tenths.entry(tenths(row.filed_at, closed_at)).or_default() += times;
        }
    }

    /// Adds other figures of the same period.
    pub fn add(&mut self, other: &Figures) {
        for (count, more) in self.counts.iter_mut().zip(other.counts) {
            *count += more;
        }
        for (tenths, more) in &other.tenths {
            *self.tenths.entry(*tenths).or_default() += more;
        }
    }

    /// Whether nothing was counted.
    pub fn is_empty(&self) -> bool {
        self.counts.iter().all(|count| *count == 0)
    }

    /// Median hours by the clock from filing to closing, each rounded to tenths; `None` when none was closed.
    pub fn median_hours(&self) -> Option<f64> {
        let many: i64 = self.tenths.values().sum();
        // The value that has `before` others before it.
        let at = |before: i64| {
            let mut seen = 0;
            self.tenths.iter().find(|(_, count)| {
                seen += **count;
                seen > before
            })
        };
        let ((low, _), (high, _)) = (at((many - 1) / 2)?, at(many / 2)?);
        (many > 0).then_some((low + high) as f64 / 20.0)
    }

    /// One of the counts.
    pub fn count(&self, measure: Measure) -> i64 {
        Measure::ALL.iter().position(|other| *other == measure).map_or(0, |at| self.counts[at])
    }

    fn share(&self, part: Measure, of: i64) -> Option<f64> {
        (of > 0).then(|| self.count(part) as f64 / of as f64)
    }

    /// 结案率; `None` when nothing was due.
    pub fn closing_rate(&self) -> Option<f64> {
        self.share(Measure::Closed, self.count(Measure::Due))
    }

    /// 按期结案率; `None` when nothing but suspended ones was due.
    pub fn on_time_rate(&self) -> Option<f64> {
        self.share(Measure::OnTime, self.count(Measure::Due) - self.count(Measure::Suspended))
    }

    /// 返工率
    pub fn rework_rate(&self) -> Option<f64> {
        self.share(Measure::Reworked, self.count(Measure::Closed))
    }

    /// 延期率
    pub fn extension_rate(&self) -> Option<f64> {
        self.share(Measure::Extended, self.count(Measure::Due))
    }

    /// 退件率
    pub fn return_rate(&self) -> Option<f64> {
        self.share(Measure::Returned, self.count(Measure::Due))
    }

    /// 满意率
    pub fn satisfaction(&self) -> Option<f64> {
        self.share(Measure::Satisfied, self.count(Measure::Rated))
    }
}

/// Tenths of hours between two instants, rounded.
fn tenths(from: i64, to: i64) -> i64 {
    const TENTH: i64 = 360_000_000;
    (to - from + TENTH / 2).div_euclid(TENTH)
}

/// A rate as the district writes it: 98.87%. 100% is only said when it is all of them.
pub fn percent(rate: f64) -> String {
    let rounded = (rate * 10_000.0).round() / 100.0;
    format!("{:.2}%", if rate < 1.0 { rounded.min(99.99) } else { rounded })
}

/// By what the figures are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// Community.
    Community,
    /// Grid.
    Grid,
    /// Major category.
    Major,
    /// Category.
    Category,
    /// Unit; the neighbourhood's own people together.
    Owner,
    /// How it came in.
    Channel,
}

impl By {
    /// Every way.
    pub const ALL: [By; 6] = [By::Community, By::Grid, By::Major, By::Category, By::Owner, By::Channel];

    /// As addresses say it.
    pub fn code(self) -> &'static str {
        match self {
            By::Community => "community",
            By::Grid => "grid",
            By::Major => "major",
            By::Category => "category",
            By::Owner => "owner",
            By::Channel => "channel",
        }
    }

    /// The way with this code.
    pub fn from_code(code: &str) -> Option<By> {
        By::ALL.into_iter().find(|by| by.code() == code)
    }

    /// Catalogue key of its name.
    pub fn key(self) -> &'static str {
        match self {
            By::Community => "desk-by-community",
            By::Grid => "desk-by-grid",
            By::Major => "desk-by-major",
            By::Category => "desk-by-category",
            By::Owner => "desk-by-owner",
            By::Channel => "desk-by-channel",
        }
    }

    /// The name under which a report is counted; a channel's is its code.
    pub fn name(self, row: &Row) -> &str {
        match self {
            By::Community => &row.community,
            By::Grid => &row.grid,
            By::Major => &row.major,
            By::Category => &row.category,
            By::Owner => &row.unit,
            By::Channel => row.channel.code(),
        }
    }

    /// The figures of each name for which anything counts, in the order of names: nothing here is a ranking.
    pub fn split(self, rows: &[Row], period: Period, now: i64) -> Vec<(String, Figures)> {
        let mut parts: BTreeMap<&str, Figures> = BTreeMap::new();
        for row in rows {
            parts.entry(self.name(row)).or_default().count_row(row, period, now, 1);
        }
        parts.retain(|_, figures| !figures.is_empty());
        parts.into_iter().map(|(name, figures)| (name.to_owned(), figures)).collect()
    }
}
