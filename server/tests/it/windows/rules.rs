//! Slots and opening rules for any hours.

use app::{
    time::at_time,
    windows::{
        ClosedReason, Closure, DayHours, Exception, Hours, Limits, MAKE_UP_WEEKDAY, OpeningRules, WeeklyHours,
        booking_window, slots_of,
    },
};
use jiff::civil::{Date, Time, Weekday, date, time};
use proptest::prelude::*;

fn clock(minutes: i64) -> Time {
    let hour = i8::try_from(minutes / 60).expect("small");
    let minute = i8::try_from(minutes % 60).expect("small");
    time(hour, minute, 0, 0)
}

fn hours() -> impl Strategy<Value = Hours> {
    (0_i64..1439, 1_i64..700)
        .prop_map(|(from, length)| Hours { from: clock(from), to: clock((from + length).min(1439)) })
}

fn weekly() -> impl Strategy<Value = Vec<WeeklyHours>> {
    let one = (1_i8..=7, hours()).prop_map(|(weekday, hours)| WeeklyHours {
        weekday: Weekday::from_monday_one_offset(weekday).expect("a weekday"),
        hours,
    });
    prop::collection::vec(one, 0..12)
}

fn any_date() -> impl Strategy<Value = Date> {
    (0_i32..730).prop_map(|days| date(2025, 6, 1).checked_add(jiff::Span::new().days(days)).expect("in range"))
}

fn closures() -> impl Strategy<Value = Vec<Closure>> {
    let one = (any_date(), 0_i64..1440, 1_i64..4000).prop_map(|(date, from, minutes)| {
        let from = at_time(date, Time::midnight()) + jiff::SignedDuration::from_mins(from);
        Closure {
            from, to: from + jiff::SignedDuration::from_mins(minutes), reason: ("检修".into(), "Repairs".into())
        }
    });
    prop::collection::vec(one, 0..6)
}

fn shipped() -> server::places::calendar::Calendar {
    server::places::calendar::shipped().expect("valid")
}

proptest! {
    #[test]
    fn slots_never_overlap_never_cross_a_break_and_lie_inside_the_hours(
        weekly in weekly(), closures in closures(), day in any_date(), minutes in 5_i64..240,
    ) {
        let rules = OpeningRules { weekly, exceptions: Vec::new(), closures: closures.clone() };
        if let DayHours::Open(open) = rules.day(day, &shipped()) {
            prop_assert!(!open.is_empty());
            for pair in open.windows(2) {
                prop_assert!(pair[0].to <= pair[1].from, "spans are in order");
            }
            let slots = slots_of(&open, minutes);
            for pair in slots.windows(2) {
                prop_assert!(pair[0].to <= pair[1].from, "no overlap");
            }
            for slot in &slots {
                prop_assert_eq!(slot.to.since(slot.from).expect("a span").total(jiff::Unit::Minute).expect("minutes"), minutes as f64);
                prop_assert!(open.iter().any(|span| span.from <= slot.from && slot.to <= span.to), "inside one span");
                let (begin, end) = (at_time(day, slot.from), at_time(day, slot.to));
                prop_assert!(closures.iter().all(|closure| closure.to <= begin || end <= closure.from), "no closure");
            }
            // Nothing is lost either: what is left of a span is shorter than a slot.
            for span in &open {
                let last = slots.iter().rfind(|slot| span.from <= slot.from && slot.to <= span.to);
                let from = last.map_or(span.from, |slot| slot.to);
                let rest = span.to.since(from).expect("a span").total(jiff::Unit::Minute).expect("minutes");
                prop_assert!(rest < minutes as f64);
            }
        }
    }

    #[test]
    fn a_closure_beats_an_exception_beats_the_calendar_beats_weekly_hours(
        weekly in weekly(), day in any_date(), own in hours(), close in any::<bool>(), except in any::<bool>(),
    ) {
        let calendar = shipped();
        let all_day = Closure {
            from: at_time(day, Time::midnight()),
            to: at_time(day.tomorrow().expect("in range"), Time::midnight()),
            reason: ("检修".into(), String::new()),
        };
        let exception = Exception { date: day, hours: vec![own], reason: (String::new(), String::new()) };
        let rules = OpeningRules {
            weekly: weekly.clone(),
            exceptions: if except { vec![exception] } else { Vec::new() },
            closures: if close { vec![all_day] } else { Vec::new() },
        };
        let found = rules.day(day, &calendar);
        let weekday = if calendar.is_make_up_day(day) { MAKE_UP_WEEKDAY } else { day.weekday() };
        let has_hours = weekly.iter().any(|weekly| weekly.weekday == weekday);
        let expected_open = if except {
            true
        } else {
            calendar.kind(day) != app::time::DayKind::Unknown && calendar.holiday(day).is_none() && has_hours
        };
        prop_assert_eq!(matches!(found, DayHours::Open(_)), expected_open && !close);
        if except && !close {
            prop_assert_eq!(found, DayHours::Open(vec![own]), "on a holiday and in an unknown year as well");
        } else if close && expected_open {
            prop_assert_eq!(found, DayHours::Closed(ClosedReason::Said("检修".into(), String::new())));
        }
    }
}

/// Monday to Friday 9:00–12:00, Monday from 8:00.
fn ordinary() -> OpeningRules {
    let weekly = (1..=5)
        .map(|day| WeeklyHours {
            weekday: Weekday::from_monday_one_offset(day).expect("a weekday"),
            hours: Hours { from: time(if day == 1 { 8 } else { 9 }, 0, 0, 0), to: time(12, 0, 0, 0) },
        })
        .collect();
    OpeningRules { weekly, ..OpeningRules::default() }
}

#[test]
fn the_statutory_calendar_of_2026() {
    let (rules, calendar) = (ordinary(), shipped());
    let closed = |day| match rules.day(day, &calendar) {
        DayHours::Closed(reason) => Some(reason),
        DayHours::Open(_) => None,
    };
    assert!(matches!(closed(date(2026, 10, 1)), Some(ClosedReason::Holiday(zh, _)) if zh.contains("国庆")));
    assert_eq!(closed(date(2026, 10, 10)), None, "a Saturday that is worked");
    assert_eq!(
        rules.day(date(2026, 10, 10), &calendar),
        DayHours::Open(vec![Hours { from: time(8, 0, 0, 0), to: time(12, 0, 0, 0) }]),
        "with Monday's hours"
    );
    assert_eq!(closed(date(2026, 10, 17)), Some(ClosedReason::DayOff), "an ordinary Saturday");
    assert_eq!(closed(date(2027, 3, 3)), Some(ClosedReason::Unknown), "not published");
}

#[test]
fn the_booking_window_begins_tomorrow_and_ends_after_fifteen_days() {
    let today = date(2026, 11, 25);
    assert_eq!(booking_window(today, &Limits::default()), (date(2026, 11, 26), date(2026, 12, 10)));
    let hostile = Limits { last_day_ahead: i64::MAX, first_day_ahead: -5, ..Limits::default() };
    assert_eq!(booking_window(today, &hostile), (today, date(2027, 11, 26)));
}
