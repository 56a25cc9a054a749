//! The figures of docs/report-figures.md, counted over what was told again.

use super::{
    calendar::HOUR,
    recount::{Recount, Told},
};
use std::collections::BTreeMap;

/// Figures by their codes, and the median.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Numbers {
    /// By code.
    pub counts: BTreeMap<&'static str, i64>,
    /// Hours.
    pub median: Option<f64>,
}

/// From the first moment to before the last.
pub type Period = (i64, i64);

/// As a number of the answers.
pub fn whole(count: usize) -> i64 {
    i64::try_from(count).expect("small")
}

impl Told {
    /// Counts as due in a period.
    pub fn is_due(&self, (from, to): Period) -> bool {
        let closed_before = self.closed().is_some_and(|at| at < from);
        !self.is_gone() && self.deadline.is_some_and(|deadline| deadline < to && (deadline >= from || !closed_before))
    }

    /// Counts as closed in a period: of the due ones.
    pub fn is_closed(&self, period: Period) -> bool {
        self.is_due(period) && self.closed().is_some_and(|at| at < period.1)
    }

    /// Counts as overdue in a period: due, neither closed nor standing.
    pub fn is_overdue(&self, period: Period) -> bool {
        self.is_due(period) && !self.is_closed(period) && !self.stands()
    }
}

impl Numbers {
    /// Counts them.
    pub fn of(all: &[&Told], period: Period) -> Numbers {
        let due: Vec<&Told> = all.iter().copied().filter(|told| told.is_due(period)).collect();
        let closed: Vec<&Told> = due.iter().copied().filter(|told| told.is_closed(period)).collect();
        let in_due = |which: &dyn Fn(&Told) -> bool| whole(due.iter().filter(|told| which(told)).count());
        let in_closed = |which: &dyn Fn(&Told) -> bool| whole(closed.iter().filter(|told| which(told)).count());
        let mut tenths: Vec<i64> =
            closed.iter().filter_map(|told| Some((told.closed()? - told.filed + HOUR / 20) / (HOUR / 10))).collect();
        tenths.sort_unstable();
        let median =
            (!tenths.is_empty()).then(|| (tenths[(tenths.len() - 1) / 2] + tenths[tenths.len() / 2]) as f64 / 20.0);
        let counts = BTreeMap::from([
            ("filed", whole(all.iter().filter(|told| (period.0..period.1).contains(&told.filed)).count())),
            ("due", whole(due.len())),
            ("closed", whole(closed.len())),
            ("on-time", in_closed(&|told| told.closed() <= told.deadline)),
            ("suspended", in_due(&|told| told.stands())),
            ("overdue", in_due(&|told| told.is_overdue(period))),
            ("reworked", in_closed(&|told| told.reworks > 0)),
            ("extended", in_due(&|told| told.extended)),
            ("returned", in_due(&|told| told.returns > 0)),
            ("rated", in_closed(&|told| told.stars.is_some())),
            ("satisfied", in_closed(&|told| told.stars >= Some(4))),
        ]);
        Numbers { counts, median }
    }

    /// One of them.
    pub fn n(&self, code: &str) -> i64 {
        self.counts.get(code).copied().unwrap_or(0)
    }

    /// Closed and due, for the closing rate.
    pub fn closing(&self) -> (i64, i64) {
        (self.n("closed"), self.n("due"))
    }

    /// On time and what was to be so, for the on-time rate.
    pub fn on_time(&self) -> (i64, i64) {
        (self.n("on-time"), self.n("due") - self.n("suspended"))
    }

    /// Whether nothing counts.
    pub fn is_empty(&self) -> bool {
        self.counts.values().all(|count| *count == 0)
    }
}

impl Recount {
    /// How many are due in a period under a path.
    pub fn due(&self, period: Period, under: &str) -> usize {
        self.reports_of(under).filter(|told| told.is_due(period)).count()
    }

    /// The figures under a path.
    pub fn numbers(&self, period: Period, under: &str) -> Numbers {
        Numbers::of(&self.reports_of(under).collect::<Vec<_>>(), period)
    }

    /// The figures under a path by what `key` says of each; without those for which nothing counts.
    pub fn numbers_by(&self, period: Period, under: &str, key: impl Fn(&Told) -> String) -> BTreeMap<String, Numbers> {
        let mut groups: BTreeMap<String, Vec<&Told>> = BTreeMap::new();
        for told in self.reports_of(under) {
            groups.entry(key(told)).or_default().push(told);
        }
        let mut all: BTreeMap<String, Numbers> =
            groups.into_iter().map(|(key, group)| (key, Numbers::of(&group, period))).collect();
        all.retain(|_, numbers| !numbers.is_empty());
        all
    }
}
