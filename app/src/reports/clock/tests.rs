//! The clock cases that others got wrong, and properties of working time.

use super::*;
use crate::{reports::worktime::DEFAULT_HOURS, time::HolidayCalendar};
use proptest::prelude::*;

fn calendar(more: &str) -> HolidayCalendar {
    // 2026 with National Day and its make-up Saturday; 2027 not published.
    let year = format!(
        r#"{{"year":2026,"source":"test","status":"published","off":[{more}
        {{"date":"2026-10-01","name":"国庆节"}},{{"date":"2026-10-02","name":"国庆节"}},{{"date":"2026-10-05","name":"国庆节"}},
        {{"date":"2026-10-06","name":"国庆节"}},{{"date":"2026-10-07","name":"国庆节"}}],
        "work":[{{"date":"2026-10-10","name":"国庆节"}}]}}"#
    );
    HolidayCalendar::new([serde_json::from_str(&year).expect("valid")])
}

fn at(text: &str) -> Timestamp {
    format!("{text}:00+08:00").parse().expect("an instant")
}

const HOURS: Limit = Limit { kind: LimitKind::WorkingHours, amount: 8, dispatch_hours: 24 };

/// A story: instants and steps, through the table.
fn story(marks: &[(&str, Step)]) -> Vec<Mark> {
    let mut state = State::Submitted;
    // Wednesday.
    let mut told = vec![Mark { at: at("2026-11-25T09:00"), step: None, from: state, to: state, hours: 0 }];
    for (when, step) in marks {
        let to = super::super::life::next(state, *step).unwrap_or_else(|| panic!("{step:?} in {state:?}"));
        told.push(Mark { at: at(when), step: Some(*step), from: state, to, hours: 0 });
        state = to;
    }
    told
}

fn clocks(limit: Limit, marks: &[Mark]) -> Clocks {
    let calendar = calendar("");
    replay(&WorkTime { calendar: &calendar, hours: &DEFAULT_HOURS }, limit, marks)
}

const SENT: [(&str, Step); 3] =
    [("2026-11-25T09:10", Step::Accept), ("2026-11-25T09:30", Step::Dispatch), ("2026-11-25T10:00", Step::Take)];

fn sent_and(more: &[(&'static str, Step)]) -> Vec<Mark> {
    story(&[&SENT, more].concat())
}

#[test]
fn the_residents_clock_runs_from_filing_and_the_owners_from_dispatch() {
    let now = clocks(HOURS, &sent_and(&[]));
    assert_eq!(now.due, Some(at("2026-11-25T17:00")));
    assert_eq!(now.owner_due, Some(at("2026-11-25T17:30")));
    assert_eq!(now.dispatched_at, Some(at("2026-11-25T09:30")));
}

#[test]
fn a_hold_over_a_night_or_a_weekend_adds_working_time_only() {
    // 17:00 to 9:00 of the next day: half an hour and half an hour, not sixteen.
    let night = clocks(HOURS, &sent_and(&[("2026-11-25T17:00", Step::Suspend), ("2026-11-26T09:00", Step::Resume)]));
    assert_eq!(night.stopped_total, SignedDuration::from_hours(1));
    assert_eq!(night.owner_due, Some(at("2026-11-26T09:30")));
    // From closing to opening time nothing at all; over a weekend neither.
    let closed = clocks(HOURS, &sent_and(&[("2026-11-27T17:30", Step::Suspend), ("2026-11-30T08:30", Step::Resume)]));
    assert_eq!(closed.stopped_total, SignedDuration::ZERO);
    assert_eq!(closed.owner_due, Some(at("2026-11-25T17:30")));
    // Round the clock it is what the wall says.
    let urgent = Limit { kind: LimitKind::Urgent, ..HOURS };
    let night = clocks(urgent, &sent_and(&[("2026-11-25T17:00", Step::Suspend), ("2026-11-26T09:00", Step::Resume)]));
    assert_eq!(night.stopped_total, SignedDuration::from_hours(16));
    assert_eq!(night.owner_due, Some(at("2026-11-26T09:30")));
}

#[test]
fn another_category_or_limit_keeps_the_suspended_time() {
    let marks = sent_and(&[("2026-11-25T11:00", Step::Suspend), ("2026-11-25T14:00", Step::Resume)]);
    let before = clocks(HOURS, &marks);
    let after = clocks(Limit { amount: 16, ..HOURS }, &marks);
    assert_eq!(before.stopped_total, SignedDuration::from_hours(3));
    assert_eq!(after.stopped_total, before.stopped_total);
    assert_eq!(before.owner_due, Some(at("2026-11-26T11:30")));
    assert_eq!(after.owner_due, Some(at("2026-11-27T10:30")));
}

#[test]
fn the_time_between_closed_and_reopened_is_not_the_owners() {
    let marks = sent_and(&[
        ("2026-11-25T11:00", Step::Finish),
        ("2026-11-25T12:00", Step::VerifyPass),
        ("2026-11-25T13:00", Step::Close),
        ("2026-11-30T13:00", Step::Reopen),
        ("2026-11-30T13:30", Step::Dispatch),
    ]);
    let reopened = clocks(HOURS, &marks);
    assert_eq!(reopened.dispatched_at, Some(at("2026-11-30T13:30")));
    assert_eq!(reopened.owner_due, Some(at("2026-12-01T12:30")));
    // Closed for 3 working days: 27 hours later than promised.
    assert_eq!(reopened.due, Some(at("2026-11-30T17:00")));
}

#[test]
fn a_failed_verification_does_not_cost_the_owner_the_time_they_waited_for_it() {
    // Handled at 11:00 with 6.5 working hours left; seen two days later.
    let marks = sent_and(&[("2026-11-25T11:00", Step::Finish), ("2026-11-27T11:00", Step::VerifyFail)]);
    let before = clocks(HOURS, &sent_and(&[]));
    let again = clocks(HOURS, &marks);
    assert_eq!(before.owner_due, Some(at("2026-11-25T17:30")));
    assert_eq!(again.owner_due, Some(at("2026-11-27T17:30")));
    assert_eq!(again.due, before.due, "the resident waits all the same");
    assert_eq!((again.stopped_at, again.stopped_total), (None, SignedDuration::ZERO));
    // Verified first and doubted then, it is the whole time.
    let marks = sent_and(&[
        ("2026-11-25T11:00", Step::Finish),
        ("2026-11-26T11:00", Step::VerifyPass),
        ("2026-11-27T11:00", Step::VerifyFail),
    ]);
    assert_eq!(clocks(HOURS, &marks).owner_due, Some(at("2026-11-27T17:30")));
}

#[test]
fn a_calendar_change_moves_what_is_open() {
    let marks = sent_and(&[]);
    let limit = Limit { kind: LimitKind::WorkingDays, amount: 1, ..HOURS };
    let holiday = calendar(r#"{"date":"2026-11-26","name":"临时放假"},"#);
    let moved = replay(&WorkTime { calendar: &holiday, hours: &DEFAULT_HOURS }, limit, &marks);
    assert_eq!(clocks(limit, &marks).due, Some(at("2026-11-26T17:30")));
    assert_eq!(moved.due, Some(at("2026-11-27T17:30")));
}

#[test]
fn an_answer_makes_the_clock_run_again() {
    let asked = story(&[("2026-11-25T10:00", Step::Ask)]);
    assert_eq!(clocks(HOURS, &asked).stopped_at, Some(at("2026-11-25T10:00")));
    let answered = story(&[("2026-11-25T10:00", Step::Ask), ("2026-11-25T12:00", Step::Answer)]);
    let answered = clocks(HOURS, &answered);
    assert_eq!((answered.stopped_at, answered.stopped_total), (None, SignedDuration::from_hours(2)));
    assert_eq!(answered.due, Some(at("2026-11-26T10:00")));
}

#[test]
fn an_extension_adds_working_hours_and_a_lost_dispute_gives_no_new_time() {
    let mut marks = sent_and(&[("2026-11-25T12:00", Step::ExtendAsk), ("2026-11-25T13:00", Step::ExtendGrant)]);
    marks.last_mut().expect("there").hours = 4;
    assert_eq!(clocks(HOURS, &marks).owner_due, Some(at("2026-11-26T12:30")));
    let marks = sent_and(&[
        ("2026-11-25T12:00", Step::Return),
        ("2026-11-25T13:00", Step::Dispute),
        ("2026-11-25T14:00", Step::SendBack),
    ]);
    assert_eq!(clocks(HOURS, &marks).owner_due, Some(at("2026-11-25T17:30")));
}

#[test]
fn every_owner_has_a_lead_and_it_is_never_only_the_unit_or_the_grid() {
    for role in Role::ALL.map(Some).into_iter().chain([None]) {
        let places = leads(role);
        assert_eq!(places.last(), Some(&Lead::Staff), "{role:?}: there is always the community");
        assert_eq!(places.contains(&Lead::OfUnit), role == Some(Role::Unit), "{role:?}");
        assert_eq!(places.contains(&Lead::GridWorkers), role == Some(Role::Volunteer), "{role:?}");
    }
}

#[test]
fn the_ladder_has_its_rungs_an_hour_apart_at_least() {
    let hours = SignedDuration::from_hours;
    let minutes = SignedDuration::from_mins;
    for (whole, late, expected) in [
        (hours(8), minutes(1), 1),
        (hours(8), hours(2), 2),
        (hours(8), hours(4), 3),
        (hours(8), hours(8), 4),
        (hours(8), minutes(119), 1),
        // A limit of one hour: not four orders within an hour.
        (hours(1), minutes(59), 1),
        (hours(1), hours(1), 2),
        (hours(1), hours(2), 3),
        (hours(1), hours(3), 4),
    ] {
        assert_eq!(rung(whole, late), expected, "{whole:?} {late:?}");
    }
}

proptest! {
    /// What is added can be measured; nothing is ever due before it began, at night or on a day of rest.
    #[test]
    fn adding_and_measuring_working_time_agree(start in 0_i64..300 * 24 * 60, minutes in 0_i64..40 * 60) {
        let calendar = calendar("");
        let work = WorkTime { calendar: &calendar, hours: &DEFAULT_HOURS };
        let from = at("2026-01-02T00:00") + SignedDuration::from_mins(start);
        let amount = SignedDuration::from_mins(minutes);
        let end = work.add(from, amount).expect("inside the year");
        prop_assert!(end >= from);
        prop_assert_eq!(work.between(from, end), Some(amount));
        if minutes > 0 {
            prop_assert_eq!(work.between(end - SignedDuration::from_mins(1), end), Some(SignedDuration::from_mins(1)));
        }
    }

    /// Working time from a to c is that from a to b and that from b to c.
    #[test]
    fn working_time_adds_up(a in 0_i64..200 * 1440, b in 0_i64..40 * 1440, c in 0_i64..40 * 1440) {
        let calendar = calendar("");
        let lunch = |text: &str| text.parse::<jiff::civil::Time>().expect("a time");
        let hours = [(lunch("08:30"), lunch("12:00")), (lunch("13:30"), lunch("17:30"))];
        let work = WorkTime { calendar: &calendar, hours: &hours };
        let a = at("2026-01-02T00:00") + SignedDuration::from_mins(a);
        let b = a + SignedDuration::from_mins(b);
        let c = b + SignedDuration::from_mins(c);
        let span = |from, to| work.between(from, to).expect("inside the year");
        prop_assert_eq!(span(a, c), span(a, b) + span(b, c));
        prop_assert!(span(a, c) <= c.duration_since(a));
    }
}
