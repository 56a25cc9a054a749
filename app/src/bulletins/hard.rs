//! Hard cases (疑难): open reports that the ordinary course has not solved.
//!
//! A report is one when it is open and
//! - **overdue**: past its deadline (the owner's, before there is an owner the resident's) by more than [`DAYS_OVER`] days, and
//!   no clock stands still;
//! - or **suspended** (挂账);
//! - or **reworked**: it failed verification twice or more;
//! - or **returned**: owners handed it back twice or more.
//!
//! The hardest first: the most days over, then the most reasons, then the oldest. At most [`MOST`] are listed; how many there are
//! is always said. It is listed what and where, never who: neither who reported nor who has it.

use super::Reason;

/// Days past the deadline beyond which a report is a hard case.
pub const DAYS_OVER: i64 = 7;
/// So often reworked or handed back.
pub const OFTEN: i64 = 2;
/// So many are listed.
pub const MOST: usize = 10;

/// A day in microseconds.
pub const DAY: i64 = 86_400_000_000;

/// What the rule needs to know of an open report. Instants are microseconds.
#[derive(Clone, Copy, Debug)]
pub struct Open {
    /// Suspended (挂账).
    pub suspended: bool,
    /// Clocks stand still, suspended or not.
    pub standing: bool,
    /// Deadline.
    pub deadline: Option<i64>,
    /// Failed verifications.
    pub reworks: i64,
    /// Times that an owner handed it back.
    pub returns: i64,
    /// Filed.
    pub filed_at: i64,
}

impl Open {
    /// Whole days past its deadline; 0 while clocks stand still.
    pub fn days_over(&self, now: i64) -> i64 {
        match self.deadline {
            Some(deadline) if !self.standing => (now - deadline).max(0) / DAY,
            _ => 0,
        }
    }

    /// Why it is a hard case; empty when it is none.
    pub fn reasons(&self, now: i64) -> Vec<Reason> {
        let long = self.deadline.is_some_and(|deadline| now - deadline > DAYS_OVER * DAY) && !self.standing;
        [
            (Reason::Overdue, long),
            (Reason::Suspended, self.suspended),
            (Reason::Reworked, self.reworks >= OFTEN),
            (Reason::Returned, self.returns >= OFTEN),
        ]
        .into_iter()
        .filter_map(|(reason, holds)| holds.then_some(reason))
        .collect()
    }
}

/// The hard ones of some open reports, the hardest first.
pub fn hardest<T>(mut all: Vec<(Open, T)>, now: i64) -> Vec<(Open, T)> {
    all.retain(|(open, _)| !open.reasons(now).is_empty());
    all.sort_by_key(|(open, _)| {
        let reasons = i64::try_from(open.reasons(now).len()).unwrap_or(0);
        (-open.days_over(now), -reasons, open.filed_at)
    });
    all
}

impl Reason {
    /// Catalogue key of its word.
    pub fn key(self) -> &'static str {
        match self {
            Reason::Overdue => "bulletins-reason-overdue",
            Reason::Suspended => "bulletins-reason-suspended",
            Reason::Reworked => "bulletins-reason-reworked",
            Reason::Returned => "bulletins-reason-returned",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(days: i64) -> Open {
        Open {
            suspended: false,
            standing: false,
            deadline: Some(100 * DAY - days * DAY),
            reworks: 0,
            returns: 0,
            filed_at: 0,
        }
    }

    #[test]
    fn each_reason_makes_a_hard_case_and_nothing_else_does() {
        let now = 100 * DAY;
        for (case, reasons) in [
            (open(7), vec![]),
            (Open { deadline: Some(now - 7 * DAY - 1), ..open(0) }, vec![Reason::Overdue]),
            (Open { standing: true, ..open(30) }, vec![]),
            (Open { standing: true, suspended: true, ..open(30) }, vec![Reason::Suspended]),
            (Open { reworks: 1, returns: 1, ..open(0) }, vec![]),
            (Open { reworks: 2, returns: 2, ..open(9) }, vec![Reason::Overdue, Reason::Reworked, Reason::Returned]),
            (Open { deadline: None, ..open(0) }, vec![]),
        ] {
            assert_eq!(case.reasons(now), reasons, "{case:?}");
        }
        let all = vec![(open(8), 'a'), (open(3), 'b'), (Open { filed_at: -1, ..open(8) }, 'c'), (open(20), 'd')];
        let found: Vec<char> = hardest(all, now).into_iter().map(|(_, name)| name).collect();
        assert_eq!(found, ['d', 'c', 'a']);
    }
}
