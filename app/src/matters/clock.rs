//! The two clocks of a matter, told again from what happened to it: by when the receiver is to take it (working hours), and by
//! when it is to be answered (working days). Working time is that of the reports: the statutory calendar with 调休 and the
//! hours of the receiver's organisation.

use super::{
    MORE_DAYS,
    life::{State, Step},
};
use crate::reports::{due::LimitKind, worktime::WorkTime};
use jiff::{SignedDuration, Timestamp};

/// How much time there is, both counted from sending.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Working hours until it is to be taken.
    pub accept_hours: i64,
    /// Working days until it is to be answered.
    pub days: i64,
}

/// Something that happened, as far as the clocks care.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// When.
    pub at: Timestamp,
    /// The step; `None`: it was sent.
    pub step: Option<Step>,
    /// State before.
    pub from: State,
    /// State after.
    pub to: State,
    /// Working days granted; else 0.
    pub days: i64,
}

/// The clocks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Clocks {
    /// By when it is to be taken. `None`: a year on the way is not published.
    pub accept_due: Option<Timestamp>,
    /// By when it is to be answered. `None`: a year on the way is not published.
    pub due: Option<Timestamp>,
    /// Since when the clocks stand still.
    pub stopped_at: Option<Timestamp>,
    /// For how much working time they stood still before.
    pub stopped_total: SignedDuration,
}

/// Tells a matter's story again. The first mark is its sending; marks are in order of time.
///
/// - While it waits for a decision of the other side, for an outside platform, or for the sender to look at the answer, the
///   clocks stand still: they move by the working time that took.
/// - An extension moves the handling deadline by the working days granted.
/// - `cap`: the deadline of the matter above. Nothing below is ever due after it.
pub fn replay(work: &WorkTime<'_>, limits: Limits, cap: Option<Timestamp>, marks: &[Mark]) -> Clocks {
    let Some(sent) = marks.first() else { return Clocks::default() };
    let capped = |due: Option<Timestamp>| match (due, cap) {
        (Some(due), Some(cap)) => Some(due.min(cap)),
        (None, cap) => cap,
        (due, None) => due,
    };
    let mut clocks = Clocks {
        accept_due: work.due(sent.at, LimitKind::WorkingHours, limits.accept_hours),
        due: capped(work.due(sent.at, LimitKind::WorkingDays, limits.days)),
        ..Clocks::default()
    };
    let mut since: Option<Timestamp> = None;
    for mark in &marks[1..] {
        if mark.to.is_over() {
            // Whether it was answered in time stays as it was.
            since = None;
        } else if mark.from.stands_still() && !mark.to.stands_still() {
            let begun = since.take().unwrap_or(mark.at);
            let span = work.between(begun, mark.at);
            let later = |at: Option<Timestamp>| at.and_then(|at| work.add(at, span?));
            clocks.due = capped(later(clocks.due));
            if mark.to == State::Sent {
                clocks.accept_due = later(clocks.accept_due);
            }
            clocks.stopped_total += span.unwrap_or_default();
        }
        if mark.step == Some(Step::GrantExtend) {
            let days = mark.days.clamp(1, MORE_DAYS);
            clocks.due = capped(clocks.due.and_then(|due| work.due(due, LimitKind::WorkingDays, days)));
        }
        if !mark.from.stands_still() && mark.to.stands_still() {
            since = Some(mark.at);
        }
    }
    let state = marks.last().map_or(sent.to, |mark| mark.to);
    clocks.stopped_at = since.filter(|_| state.stands_still());
    clocks
}

/// What is over its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Late {
    /// Nobody has taken it in time.
    Accept,
    /// It was not answered in time.
    Handle,
}

/// Whether a matter is over its time now. While the clocks stand still, the moment at which they stopped counts; whoever has
/// answered is not late any more.
pub fn late(
    state: State,
    (accept_due, due): (Option<Timestamp>, Option<Timestamp>),
    stopped_at: Option<Timestamp>,
    now: Timestamp,
) -> Option<Late> {
    if state.is_done() {
        return None;
    }
    let at = stopped_at.unwrap_or(now);
    if due.is_some_and(|due| due < at) {
        return Some(Late::Handle);
    }
    (state == State::Sent && accept_due.is_some_and(|due| due < at)).then_some(Late::Accept)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{matters::life::next, reports::worktime::DEFAULT_HOURS, time::HolidayCalendar};
    use proptest::prelude::*;

    fn calendar() -> HolidayCalendar {
        // New Year's Day is off; Sunday the 4th makes up for Friday the 2nd.
        let year = r#"{"year":2026,"source":"test","status":"published",
            "off":[{"date":"2026-01-01","name":"元旦"},{"date":"2026-01-02","name":"元旦"}],
            "work":[{"date":"2026-01-04","name":"元旦"}]}"#;
        HolidayCalendar::new([serde_json::from_str(year).expect("valid")])
    }

    fn at(text: &str) -> Timestamp {
        text.parse().expect("an instant")
    }

    const LIMITS: Limits = Limits { accept_hours: 8, days: 5 };

    fn sent(at: Timestamp) -> Mark {
        Mark { at, step: None, from: State::Sent, to: State::Sent, days: 0 }
    }

    #[test]
    fn both_clocks_run_in_working_time() {
        let calendar = calendar();
        let work = WorkTime { calendar: &calendar, hours: &DEFAULT_HOURS };
        // Monday the 12th, 10:00 in Shanghai.
        let clocks = replay(&work, LIMITS, None, &[sent(at("2026-01-12T02:00:00Z"))]);
        assert_eq!(
            clocks.accept_due,
            Some(at("2026-01-13T01:00:00Z")),
            "7.5 hours on that day, half an hour on the next"
        );
        assert_eq!(clocks.due, Some(at("2026-01-19T09:30:00Z")), "the weekend does not count");
        // On New Year's Eve: the made-up Sunday counts.
        let clocks = replay(&work, Limits { days: 1, ..LIMITS }, None, &[sent(at("2025-12-31T02:00:00Z"))]);
        assert_eq!(clocks.due, Some(at("2026-01-04T09:30:00Z")));
    }

    #[test]
    fn waiting_moves_the_deadline_by_working_time_and_an_extension_by_working_days() {
        let calendar = calendar();
        let work = WorkTime { calendar: &calendar, hours: &DEFAULT_HOURS };
        let mut marks = vec![sent(at("2026-01-12T02:00:00Z"))];
        let mut step =
            |when: &str, step, from, to, days| marks.push(Mark { at: at(when), step: Some(step), from, to, days });
        step("2026-01-12T03:00:00Z", Step::Accept, State::Sent, State::Accepted, 0);
        // Asked on Friday at 17:00, granted on Monday at 9:00: an hour of working time.
        step("2026-01-16T09:00:00Z", Step::AskExtend, State::Accepted, State::ExtendAsked, 2);
        step("2026-01-19T01:00:00Z", Step::GrantExtend, State::ExtendAsked, State::Accepted, 2);
        let clocks = replay(&work, LIMITS, None, &marks);
        assert_eq!(clocks.stopped_total, SignedDuration::from_mins(60));
        // The 19th 17:30 and an hour is the 20th 9:30; two working days later, at closing time.
        assert_eq!(clocks.due, Some(at("2026-01-22T09:30:00Z")));
        let cap = at("2026-01-20T09:30:00Z");
        assert_eq!(replay(&work, LIMITS, Some(cap), &marks).due, Some(cap), "never after the matter above");
        assert_eq!(replay(&work, LIMITS, None, &marks[..3]).stopped_at, Some(at("2026-01-16T09:00:00Z")));
    }

    #[test]
    fn who_has_answered_or_waits_is_not_late() {
        let (due, now) = (Some(at("2026-01-12T02:00:00Z")), at("2026-01-12T03:00:00Z"));
        assert_eq!(late(State::InProgress, (None, due), None, now), Some(Late::Handle));
        assert_eq!(late(State::Waiting, (None, due), Some(at("2026-01-12T01:00:00Z")), now), None);
        assert_eq!(late(State::Sent, (due, None), None, now), Some(Late::Accept));
        assert_eq!(late(State::Accepted, (due, None), None, now), None);
        for state in [State::Answered, State::Closed] {
            assert_eq!(late(state, (due, due), None, now), None);
        }
    }

    proptest! {
        /// Whatever happens: the deadline never comes nearer, never lies after the one above, and stands still only in
        /// states that say so.
        #[test]
        fn a_deadline_only_moves_away_and_stays_below_the_one_above(
            steps in prop::collection::vec((1_i64..2_000, 0_usize..Step::ALL.len(), 1_i64..10), 0..25),
            cap in prop::option::of(0_i64..60),
        ) {
            let calendar = calendar();
            let work = WorkTime { calendar: &calendar, hours: &DEFAULT_HOURS };
            let begun = at("2026-01-12T02:00:00Z");
            let cap = cap.map(|days| begun + SignedDuration::from_hours(24 * days));
            let (mut state, mut back, mut now) = (State::Sent, State::Sent, begun);
            let mut marks = vec![sent(begun)];
            let mut before = replay(&work, LIMITS, cap, &marks);
            for (minutes, step, days) in steps {
                now += SignedDuration::from_mins(minutes);
                let step = Step::ALL[step];
                let Some(to) = next(state, back, step) else { continue };
                if to.is_asked() && to != state {
                    back = state;
                }
                let days = if step == Step::GrantExtend { days } else { 0 };
                marks.push(Mark { at: now, step: Some(step), from: state, to, days });
                state = to;
                let clocks = replay(&work, LIMITS, cap, &marks);
                prop_assert!(clocks.due >= before.due && clocks.accept_due >= before.accept_due);
                prop_assert!(cap.is_none_or(|cap| clocks.due.is_none_or(|due| due <= cap)));
                prop_assert_eq!(clocks.stopped_at.is_some(), state.stands_still());
                before = clocks;
            }
        }
    }
}
