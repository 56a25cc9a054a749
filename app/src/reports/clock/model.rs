//! Working time against a model that counts minutes: random hours, random holidays and make-up days, random stories.

use super::*;
use crate::{
    reports::life,
    time::{DayKind, HolidayCalendar},
};
use jiff::civil::{Date, Time, date};
use proptest::prelude::*;
use std::collections::BTreeSet;

const DAY: i64 = 24 * 60;
const FIRST: Date = date(2026, 1, 5);

/// Days off and made up, by their number in the year; hours of a day in minutes, in order and not overlapping.
#[derive(Clone, Debug)]
struct Office {
    off: BTreeSet<i64>,
    made_up: BTreeSet<i64>,
    hours: Vec<(i64, i64)>,
}

fn office() -> impl Strategy<Value = Office> {
    let days = || prop::collection::btree_set(0_i64..90, 0..15);
    let cuts = prop::collection::btree_set(0_i64..DAY, 2..=6);
    let office = (days(), days(), cuts).prop_map(|(off, made_up, cuts)| {
        let cuts: Vec<i64> = cuts.into_iter().collect();
        let hours = cuts.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect();
        Office { made_up: made_up.difference(&off).copied().collect(), off, hours }
    });
    // Two hours a day at least, or nothing is ever due within the year.
    office.prop_filter("hours", |office| office.hours.iter().map(|(opens, closes)| closes - opens).sum::<i64>() >= 120)
}

impl Office {
    fn date(number: i64) -> Date {
        FIRST.checked_add(jiff::Span::new().days(number)).expect("in the year")
    }

    fn calendar(&self) -> HolidayCalendar {
        let list = |days: &BTreeSet<i64>| -> String {
            let named = days.iter().map(|day| format!(r#"{{"date":"{}","name":"节"}}"#, Office::date(*day)));
            named.collect::<Vec<_>>().join(",")
        };
        let year = format!(
            r#"{{"year":2026,"source":"test","status":"published","off":[{}],"work":[{}]}}"#,
            list(&self.off),
            list(&self.made_up)
        );
        HolidayCalendar::new([serde_json::from_str(&year).expect("valid")])
    }

    fn times(&self) -> Vec<(Time, Time)> {
        let time = |minute: i64| Time::midnight().saturating_add(SignedDuration::from_mins(minute));
        self.hours.iter().map(|(opens, closes)| (time(*opens), time(*closes))).collect()
    }

    /// Whether people work in a minute, counted from the first day's midnight.
    fn works(&self, minute: i64) -> bool {
        let day = minute.div_euclid(DAY);
        let weekend = matches!(day.rem_euclid(7), 5 | 6);
        let working = !self.off.contains(&day) && (!weekend || self.made_up.contains(&day));
        working && self.hours.iter().any(|(opens, closes)| (*opens..*closes).contains(&minute.rem_euclid(DAY)))
    }

    fn minutes(&self, from: i64, to: i64) -> i64 {
        i64::try_from((from..to).filter(|minute| self.works(*minute)).count()).expect("small")
    }
}

/// An instant so many minutes after the first day's midnight.
fn at(minute: i64) -> Timestamp {
    crate::time::start_of(FIRST) + SignedDuration::from_mins(minute)
}

/// Steps that a story may go on with, chosen by number.
fn tell(steps: &[(i64, usize)]) -> Vec<Mark> {
    let mut state = State::Submitted;
    let mut now = 9 * 60;
    let mut marks = vec![Mark { at: at(now), step: None, from: state, to: state, hours: 0 }];
    for (later, choice) in steps {
        now += later;
        // Only a return can be disputed.
        let returned = marks.iter().rev().find_map(|mark| match mark.step {
            Some(Step::Return) => Some(true),
            Some(Step::Accept | Step::Uphold | Step::Reopen) => Some(false),
            _ => None,
        });
        let fits = |step: Step| step != Step::Dispute || returned == Some(true);
        let possible: Vec<_> = life::TABLE.iter().filter(|(from, step, _)| *from == state && fits(*step)).collect();
        let Some((_, step, to)) = possible.get(choice % possible.len().max(1)) else { break };
        let hours = if matches!(step, Step::ExtendGrant | Step::ExtendGrantAbove) { 3 } else { 0 };
        marks.push(Mark { at: at(now), step: Some(*step), from: state, to: *to, hours });
        state = *to;
    }
    marks
}

fn story() -> impl Strategy<Value = Vec<Mark>> {
    prop::collection::vec((0_i64..3000, any::<usize>()), 0..14).prop_map(|steps| tell(&steps))
}

const LIMIT: Limit = Limit { kind: LimitKind::WorkingHours, amount: 8, dispatch_hours: 24 };

proptest! {
    /// Working time between two instants is the number of minutes in which people work.
    #[test]
    fn between_counts_the_minutes(office in office(), from in 0_i64..40 * DAY, length in 0_i64..20 * DAY) {
        let (calendar, hours) = (office.calendar(), office.times());
        let work = WorkTime { calendar: &calendar, hours: &hours };
        let expected = SignedDuration::from_mins(office.minutes(from, from + length));
        prop_assert_eq!(work.between(at(from), at(from + length)), Some(expected));
    }

    /// What is added ends at the first instant by which so many minutes have been worked.
    #[test]
    fn adding_ends_when_so_many_minutes_were_worked(office in office(), from in 0_i64..30 * DAY, amount in 1_i64..3000) {
        let (calendar, hours) = (office.calendar(), office.times());
        let work = WorkTime { calendar: &calendar, hours: &hours };
        let mut left = amount;
        let ends = (from..from + 300 * DAY).find(|minute| {
            left -= i64::from(office.works(*minute));
            left == 0
        });
        let expected = ends.map(|minute| at(minute + 1));
        prop_assert_eq!(work.add(at(from), SignedDuration::from_mins(amount)), expected);
    }

    /// A limit in working days ends with the last hour of the n-th working day after the day of filing.
    #[test]
    fn working_days_are_counted_from_the_next(office in office(), from in 0_i64..30 * DAY, days in 1_i64..20) {
        let (calendar, hours) = (office.calendar(), office.times());
        let work = WorkTime { calendar: &calendar, hours: &hours };
        let today = from.div_euclid(DAY);
        let is_working = |day: &i64| calendar.kind(Office::date(*day)) == DayKind::Working;
        let day = (today + 1..today + 200).filter(is_working).nth(usize::try_from(days - 1).expect("small"));
        let closes = office.hours.last().expect("hours").1;
        let expected = day.map(|day| at(day * DAY + closes));
        prop_assert_eq!(work.due(at(from), LimitKind::WorkingDays, days), expected);
    }

    /// A suspension moves the owner's deadline by the working time it took: what is left of the limit at its begin is
    /// what is left at its end. Outside working hours it moves nothing.
    #[test]
    fn a_suspension_costs_the_owner_no_working_time(
        office in office(), begin in 0_i64..5 * DAY, length in 0_i64..8 * DAY,
    ) {
        let (calendar, hours) = (office.calendar(), office.times());
        let work = WorkTime { calendar: &calendar, hours: &hours };
        let sent = [(10, Step::Accept), (20, Step::Dispatch), (30, Step::Take)];
        let mark = |minute, step, from, to| Mark { at: at(minute), step, from, to, hours: 0 };
        let mut marks = vec![mark(9 * 60, None, State::Submitted, State::Submitted)];
        let mut state = State::Submitted;
        for (minute, step) in sent {
            let to = life::next(state, step).expect("in the table");
            marks.push(mark(9 * 60 + minute, Some(step), state, to));
            state = to;
        }
        let plain = replay(&work, LIMIT, &marks);
        let (from, to) = (9 * 60 + 40 + begin, 9 * 60 + 40 + begin + length);
        marks.push(mark(from, Some(Step::Suspend), State::InProgress, State::Suspended));
        marks.push(mark(to, Some(Step::Resume), State::Suspended, State::InProgress));
        let suspended = replay(&work, LIMIT, &marks);
        let stood = office.minutes(from, to);
        prop_assert_eq!(suspended.stopped_total, SignedDuration::from_mins(stood));
        for (before, after) in [(plain.due, suspended.due), (plain.owner_due, suspended.owner_due)] {
            let (before, after) = (before.expect("in the year"), after.expect("in the year"));
            prop_assert_eq!(work.between(before, after), Some(SignedDuration::from_mins(stood)));
            prop_assert_eq!(stood == 0, before == after);
        }
    }

    /// Whatever happens: the resident's clock never runs backwards, an owner's only with another owner; what stood still
    /// stays counted whatever the limit becomes; and the story told step by step is the story told at once.
    #[test]
    fn clocks_never_run_backwards(office in office(), marks in story(), amount in 1_i64..60) {
        let (calendar, hours) = (office.calendar(), office.times());
        let work = WorkTime { calendar: &calendar, hours: &hours };
        let mut before = replay(&work, LIMIT, &marks[..1]);
        for end in 2..=marks.len() {
            let now = replay(&work, LIMIT, &marks[..end]);
            prop_assert!(now.due >= before.due);
            prop_assert!(now.stopped_total >= before.stopped_total);
            if now.dispatched_at == before.dispatched_at {
                prop_assert!(now.owner_due >= before.owner_due);
            }
            let state = marks[end - 1].to;
            prop_assert_eq!(now.stopped_at.is_some(), state.stands_still());
            prop_assert_eq!(now.owner_due.is_some(), state.has_owner());
            prop_assert!(now.dispatched_at.is_none_or(|at| at <= marks[end - 1].at));
            let other = replay(&work, Limit { amount, ..LIMIT }, &marks[..end]);
            prop_assert_eq!(other.stopped_total, now.stopped_total);
            prop_assert_eq!((other.stopped_at, other.dispatched_at), (now.stopped_at, now.dispatched_at));
            if amount >= LIMIT.amount {
                prop_assert!(other.due >= now.due, "more time is not due earlier");
            }
            before = now;
        }
    }
}
