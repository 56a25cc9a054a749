//! Agreements and tasks by the calendar.

use super::TaskState;
use jiff::civil::Date;

/// Staff are reminded of a task so many days before it is due, and again once it is late.
pub const REMIND_DAYS: i32 = 3;
/// An agreement whose end is so near is about to end: time to speak about the next one.
pub const ENDING_DAYS: i32 = 30;

/// Where an agreement stands on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It has not begun.
    Coming,
    /// In force.
    Current,
    /// In force for so many days more, at most [`ENDING_DAYS`]; 0: today is the last.
    Ending(i32),
    /// Its time is over.
    Over,
    /// Ended before its time.
    Ended,
}

impl Standing {
    /// Where an agreement from `from` until `until` (both within it) stands on `today`. `ended`: it was ended.
    pub fn of((from, until): (Date, Date), ended: bool, today: Date) -> Standing {
        let left = days(today, until);
        match () {
            () if ended => Standing::Ended,
            () if today < from => Standing::Coming,
            () if left < 0 => Standing::Over,
            () if left <= ENDING_DAYS => Standing::Ending(left),
            () => Standing::Current,
        }
    }

    /// Whether something can still be done under it.
    pub fn stands(self) -> bool {
        matches!(self, Standing::Coming | Standing::Current | Standing::Ending(_))
    }
}

/// How a task's time stands on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DueIn {
    /// Nothing is to be done any more.
    Settled,
    /// Late by so many days.
    Late(i32),
    /// Due within [`REMIND_DAYS`]; 0: today.
    Soon(i32),
    /// Later.
    Later,
}

impl DueIn {
    /// How a task in `state` that is due on `due` stands on `today`.
    pub fn of(state: TaskState, due: Date, today: Date) -> DueIn {
        if state != TaskState::Open {
            return DueIn::Settled;
        }
        match days(today, due) {
            left @ ..=-1 => DueIn::Late(-left),
            left if left <= REMIND_DAYS => DueIn::Soon(left),
            _ => DueIn::Later,
        }
    }
}

/// Days from one day to another.
fn days(from: Date, to: Date) -> i32 {
    from.until(to).map_or(0, |span| span.get_days())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::{ToSpan, civil::date};
    use proptest::prelude::*;

    #[test]
    fn an_agreement_is_in_force_on_its_first_and_last_day() {
        let span = (date(2026, 1, 1), date(2026, 12, 31));
        let on = |month, day| Standing::of(span, false, date(2026, month, day));
        assert_eq!(Standing::of(span, false, date(2025, 12, 31)), Standing::Coming);
        assert_eq!(on(1, 1), Standing::Current);
        assert_eq!(on(12, 1), Standing::Ending(30));
        assert_eq!(on(12, 31), Standing::Ending(0));
        assert_eq!(Standing::of(span, false, date(2027, 1, 1)), Standing::Over);
        assert_eq!(Standing::of(span, true, date(2026, 5, 1)), Standing::Ended);
    }

    #[test]
    fn a_task_is_late_the_day_after() {
        let due = date(2026, 11, 25);
        let on = |day| DueIn::of(TaskState::Open, due, date(2026, 11, day));
        assert_eq!((on(21), on(22), on(25), on(26)), (DueIn::Later, DueIn::Soon(3), DueIn::Soon(0), DueIn::Late(1)));
        assert_eq!(DueIn::of(TaskState::Done, due, date(2027, 1, 1)), DueIn::Settled);
    }

    proptest! {
        #[test]
        fn days_are_counted_over_months_and_years(offset in -1000_i32..1000) {
            let today = date(2026, 11, 25);
            let due = today.checked_add(offset.days()).expect("in range");
            let expected = match offset {
                ..=-1 => DueIn::Late(-offset),
                0..=REMIND_DAYS => DueIn::Soon(offset),
                _ => DueIn::Later,
            };
            prop_assert_eq!(DueIn::of(TaskState::Open, due, today), expected);
        }
    }
}
