//! Periodic bulletins: weekly and monthly, written from the data.
//!
//! A bulletin keeps the numbers as they were counted ([`Bulletin`]) beside a text that a template wrote from them ([`draft`]) and
//! people may change. Tables and charts are always drawn from the numbers.

#[cfg(feature = "ssr")]
pub mod draft;
#[cfg(feature = "ssr")]
pub mod hard;
#[cfg(feature = "ssr")]
pub mod improved;
#[cfg(feature = "ssr")]
pub mod pages;
#[cfg(feature = "ssr")]
pub mod period;

use serde::{Deserialize, Serialize};

/// Longest title, in characters; the English one may be twice as long.
pub const TITLE_CHARS: usize = 80;
/// Longest text, in characters; the English one may be twice as long.
pub const BODY_CHARS: usize = 12_000;

/// A name in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    /// Code; empty for what lies in no grid.
    pub code: String,
    /// Chinese name.
    pub name: String,
    /// English name, may be empty.
    pub name_en: String,
}

/// What was counted of a period, by the district's definitions (`reports::statistics`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Counted {
    /// 上报
    pub filed: i64,
    /// 应结案
    pub due: i64,
    /// 结案
    pub closed: i64,
    /// 按期结案
    pub on_time: i64,
    /// 挂账
    pub suspended: i64,
    /// 超期未结
    pub overdue: i64,
    /// 返工
    pub reworked: i64,
    /// 延期
    pub extended: i64,
    /// 退件
    pub returned: i64,
    /// 评价
    pub rated: i64,
    /// 满意
    pub satisfied: i64,
    /// Hours from filing to closing, the median.
    pub median_hours: Option<f64>,
}

fn share(part: i64, whole: i64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

impl Counted {
    /// 结案率
    pub fn closing_rate(&self) -> Option<f64> {
        share(self.closed, self.due)
    }

    /// 按期结案率
    pub fn on_time_rate(&self) -> Option<f64> {
        share(self.on_time, self.due - self.suspended)
    }

    /// 返工率
    pub fn rework_rate(&self) -> Option<f64> {
        share(self.reworked, self.closed)
    }

    /// 延期率
    pub fn extension_rate(&self) -> Option<f64> {
        share(self.extended, self.due)
    }

    /// 退件率
    pub fn return_rate(&self) -> Option<f64> {
        share(self.returned, self.due)
    }

    /// 满意率
    pub fn satisfaction(&self) -> Option<f64> {
        share(self.satisfied, self.rated)
    }

    /// Whether nothing was counted.
    pub fn is_empty(&self) -> bool {
        *self == Counted::default()
    }
}

#[cfg(feature = "ssr")]
impl Counted {
    /// The counts of figures.
    pub fn of(figures: &crate::reports::statistics::Figures) -> Counted {
        use crate::reports::statistics::Measure;
        let n = |measure| figures.count(measure);
        Counted {
            filed: n(Measure::Filed),
            due: n(Measure::Due),
            closed: n(Measure::Closed),
            on_time: n(Measure::OnTime),
            suspended: n(Measure::Suspended),
            overdue: n(Measure::Overdue),
            reworked: n(Measure::Reworked),
            extended: n(Measure::Extended),
            returned: n(Measure::Returned),
            rated: n(Measure::Rated),
            satisfied: n(Measure::Satisfied),
            median_hours: figures.median_hours(),
        }
    }
}

/// A part: an organisation below, or a category.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Part {
    /// What it is called.
    #[serde(flatten)]
    pub named: Named,
    /// In the period.
    pub now: Counted,
    /// In the period before.
    pub before: Counted,
}

/// A stretch of the period.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stretch {
    /// First day, `2026-11-16`.
    pub from: String,
    /// Last day.
    pub to: String,
    /// Filed in it.
    pub filed: i64,
    /// Of these, closed when it was counted.
    pub closed: i64,
}

/// Why an open report is a hard case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Long past its deadline.
    Overdue,
    /// 挂账: suspended.
    Suspended,
    /// Failed verification twice or more.
    Reworked,
    /// Handed back twice or more.
    Returned,
}

/// A hard case as it was when it was counted: nothing in it says who.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hard {
    /// Code of the report.
    pub code: String,
    /// Category.
    pub category: String,
    /// The same in English, may be empty.
    pub category_en: String,
    /// Community and grid.
    pub place: String,
    /// The same in English, may be empty.
    pub place_en: String,
    /// Why.
    pub reasons: Vec<Reason>,
    /// Whole days past its deadline; 0 when it is not, or stands still.
    pub days_over: i64,
    /// Day on which it was filed.
    pub filed: String,
}

/// A place or category that got better.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Improved {
    /// What it is called.
    #[serde(flatten)]
    pub named: Named,
    /// It is a category.
    pub category: bool,
    /// Its on-time rate in the period before, in hundredths of a percent.
    pub before: i64,
    /// The same in the period.
    pub now: i64,
}

/// What a word of the bulletin means, as it was when it was counted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Definition {
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

/// The numbers of a bulletin.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Bulletin {
    /// The organisation that it is about.
    pub place: Named,
    /// `week` or `month`.
    pub kind: String,
    /// First day, `2026-11-16`.
    pub from: String,
    /// Last day.
    pub to: String,
    /// First day of the period before.
    pub before_from: String,
    /// Last day of the period before.
    pub before_to: String,
    /// When it was counted, in microseconds.
    pub counted_at: i64,
    /// The period.
    pub now: Counted,
    /// The period before.
    pub before: Counted,
    /// Organisations directly below, in the order of the tree.
    pub parts: Vec<Part>,
    /// Categories by name.
    pub categories: Vec<Part>,
    /// How the period went.
    pub course: Vec<Stretch>,
    /// What got better most.
    pub improved: Vec<Improved>,
    /// Hard cases, the hardest first.
    pub hard: Vec<Hard>,
    /// How many hard cases there are; more than are listed, perhaps.
    pub hard_count: i64,
    /// What the words mean.
    pub definitions: Vec<Definition>,
}
