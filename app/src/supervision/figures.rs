//! Figures of letters for each addressee and month, with their definitions. Source: the district's own measure (554 notices, all
//! done).
//!
//! A letter counts in the month of the deployment's zone in which it was first issued, under its addressee:
//! - **issued** 发出: issued, and not withdrawn since;
//! - **withdrawn** 撤回: issued and withdrawn; counts in nothing else;
//! - **answered in time** 按时回复: its first answer came by the deadline that held then, extensions granted before it included;
//! - **sent back** 退回: an answer was sent back at least once;
//! - **done** 办结: the re-check found it done;
//! - **overdue** 超期未回复: waits for an answer now, and its deadline is over;
//! - **done rate** 办结率: done ÷ issued.

use super::life::Step;
use crate::time::day_of;
use jiff::Timestamp;
use std::collections::BTreeMap;

/// What of a letter counts. Instants in microseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// When it was first issued.
    pub issued_at: i64,
    /// Whether its first answer came in time; `None`: there was none.
    pub in_time: Option<bool>,
    /// How often an answer was sent back.
    pub returns: i64,
    /// Its deadline while it waits for an answer.
    pub waits_until: Option<i64>,
    /// It is done.
    pub done: bool,
    /// It was withdrawn.
    pub withdrawn: bool,
}

/// One event of a letter, for the recount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Told {
    /// What was done.
    pub step: Step,
    /// When.
    pub at: i64,
    /// The deadline that held after it.
    pub due_at: Option<i64>,
}

impl Facts {
    /// Tells the facts again from the events in their order. `None`: it was never issued.
    pub fn of_events(events: &[Told]) -> Option<Facts> {
        let mut facts: Option<Facts> = None;
        for event in events {
            match (event.step, &mut facts) {
                (Step::Issue, None) => {
                    facts = Some(Facts { issued_at: event.at, waits_until: event.due_at, ..Facts::default() });
                }
                (Step::Answer, Some(facts)) => {
                    let due = facts.waits_until.take();
                    facts.in_time = facts.in_time.or(Some(due.is_some_and(|due| event.at <= due)));
                }
                (Step::SendBack, Some(facts)) => {
                    facts.returns += 1;
                    facts.waits_until = event.due_at;
                }
                (Step::ExtendGrant, Some(facts)) => facts.waits_until = event.due_at,
                (Step::Pass, Some(facts)) => facts.done = true,
                (Step::Withdraw, Some(facts)) => {
                    facts.withdrawn = true;
                    facts.waits_until = None;
                }
                _ => {}
            }
        }
        facts
    }

    /// The month in which it counts: `2026-11`.
    pub fn month(&self) -> String {
        let day = day_of(Timestamp::from_microsecond(self.issued_at).unwrap_or_default());
        format!("{:04}-{:02}", day.year(), day.month())
    }
}

/// The figures of some letters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// Issued and not withdrawn.
    pub issued: i64,
    /// Issued and withdrawn.
    pub withdrawn: i64,
    /// First answered in time.
    pub in_time: i64,
    /// Sent back at least once.
    pub sent_back: i64,
    /// Done.
    pub done: i64,
    /// Waits for an answer beyond its deadline.
    pub overdue: i64,
}

impl Figures {
    /// Counts one letter as it is at `now`.
    pub fn add(&mut self, facts: &Facts, now: i64) {
        if facts.withdrawn {
            self.withdrawn += 1;
            return;
        }
        self.issued += 1;
        self.in_time += i64::from(facts.in_time == Some(true));
        self.sent_back += i64::from(facts.returns > 0);
        self.done += i64::from(facts.done);
        self.overdue += i64::from(facts.waits_until.is_some_and(|due| due < now));
    }

    /// The sum of two.
    #[must_use]
    pub fn plus(self, other: Figures) -> Figures {
        Figures {
            issued: self.issued + other.issued,
            withdrawn: self.withdrawn + other.withdrawn,
            in_time: self.in_time + other.in_time,
            sent_back: self.sent_back + other.sent_back,
            done: self.done + other.done,
            overdue: self.overdue + other.overdue,
        }
    }

    /// Done in hundredths of a percent of what was issued, rounded down so that nothing open looks like all; `None`: nothing was.
    pub fn done_rate(&self) -> Option<i64> {
        (self.issued > 0).then(|| self.done * 10_000 / self.issued)
    }
}

/// The figures of each addressee (its path) and month.
pub fn table<'a>(letters: impl IntoIterator<Item = (&'a str, Facts)>, now: i64) -> BTreeMap<(String, String), Figures> {
    let mut all: BTreeMap<(String, String), Figures> = BTreeMap::new();
    for (addressee, facts) in letters {
        all.entry((addressee.to_owned(), facts.month())).or_default().add(&facts, now);
    }
    all
}

/// A rate as it is written: 100%, 98.87%, –.
pub fn percent(rate: Option<i64>) -> String {
    match rate {
        None => "–".to_owned(),
        Some(rate) if rate % 100 == 0 => format!("{}%", rate / 100),
        Some(rate) => format!("{}.{:02}%", rate / 100, rate % 100),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn told(step: Step, at: i64, due_at: Option<i64>) -> Told {
        Told { step, at, due_at }
    }

    #[test]
    fn a_letter_is_told_again_from_its_events() {
        let mut events = vec![told(Step::Change, 1, None), told(Step::Issue, 2, Some(10))];
        let waits = Facts { issued_at: 2, waits_until: Some(10), ..Facts::default() };
        assert_eq!(Facts::of_events(&events), Some(waits));
        events.push(told(Step::ExtendAsk, 3, Some(10)));
        events.push(told(Step::ExtendGrant, 4, Some(20)));
        events.push(told(Step::Answer, 15, Some(20)));
        assert_eq!(Facts::of_events(&events).and_then(|facts| facts.in_time), Some(true), "the extension counts");
        events.push(told(Step::SendBack, 16, Some(30)));
        events.push(told(Step::Answer, 40, Some(30)));
        events.push(told(Step::Pass, 41, Some(30)));
        let facts = Facts::of_events(&events).expect("issued");
        assert_eq!(
            facts,
            Facts { issued_at: 2, in_time: Some(true), returns: 1, waits_until: None, done: true, withdrawn: false }
        );
        assert_eq!(Facts::of_events(&events[..1]), None);
    }

    #[test]
    fn all_done_is_a_hundred_and_one_open_is_less() {
        let done = Facts { done: true, ..Facts::default() };
        let mut figures = Figures::default();
        for _ in 0..554 {
            figures.add(&done, 0);
        }
        assert_eq!(percent(figures.done_rate()), "100%");
        figures.add(&Facts { waits_until: Some(5), ..Facts::default() }, 6);
        figures.add(&Facts { withdrawn: true, ..Facts::default() }, 6);
        assert_eq!((figures.issued, figures.withdrawn, figures.overdue), (555, 1, 1));
        assert_eq!(percent(figures.done_rate()), "99.81%");
        assert_eq!(percent(Figures::default().done_rate()), "–");
    }

    proptest! {
        #[test]
        fn sums_of_the_table_are_the_figures_of_all(letters in prop::collection::vec((0..4usize, 0..400i64, any::<(bool, bool, bool)>()), 0..60)) {
            let names = ["a/", "b/", "c/", "d/"];
            let facts: Vec<(&str, Facts)> = letters
                .iter()
                .map(|(name, day, (done, withdrawn, late))| {
                    let waits_until = (!done && *late).then_some(1);
                    (names[*name], Facts { issued_at: day * 86_400_000_000, done: *done, withdrawn: *withdrawn, waits_until, ..Facts::default() })
                })
                .collect();
            let mut all = Figures::default();
            facts.iter().for_each(|(_, facts)| all.add(facts, 2));
            let sum = table(facts, 2).into_values().fold(Figures::default(), Figures::plus);
            prop_assert_eq!(sum, all);
            prop_assert!(all.done <= all.issued && all.overdue + all.done <= all.issued);
        }
    }
}
