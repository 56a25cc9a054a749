//! Offered times against a model, over random rules, in Shanghai and in a zone with daylight saving.

use app::{
    time::{HolidayCalendar, at_time_in},
    windows::{Closure, DayHours, DayQuestion, Hours, OpeningRules, WeeklyHours, offered},
};
use jiff::{
    SignedDuration, Timestamp,
    civil::{Date, Time, Weekday, date},
    tz::TimeZone,
};
use proptest::prelude::*;

fn hours() -> impl Strategy<Value = Hours> {
    (0_i8..23, 0_i8..4, 1_i64..40).prop_map(|(hour, quarter, length)| {
        let from = Time::constant(hour, quarter * 15, 0, 0);
        Hours { from, to: from.saturating_add(SignedDuration::from_mins(length * 15)) }
    })
}

/// Days around the changes of the clock in Berlin in 2026 (29 March, 25 October), and others.
fn day() -> impl Strategy<Value = Date> {
    prop_oneof![
        Just(date(2026, 3, 29)),
        Just(date(2026, 10, 25)),
        (1_i8..=12, 1_i8..=28).prop_map(|(m, d)| date(2026, m, d))
    ]
}

proptest! {
    #[test]
    fn offered_is_rules_minus_closures_minus_the_past_minus_what_is_taken(
        spans in prop::collection::vec(hours(), 1..4), day in day(), berlin in any::<bool>(), count in 1_usize..5,
        minutes in prop_oneof![Just(15_i64), Just(20), Just(30)], close in prop::option::of((0_i64..1440, 1_i64..300)),
        now_at in 0_i64..1440, capacity in 0_i64..4, seed in any::<u64>(),
    ) {
        let zone = TimeZone::get(if berlin { "Europe/Berlin" } else { "Asia/Shanghai" }).expect("a zone");
        let midnight = at_time_in(&zone, day, Time::midnight());
        let at = |minutes| midnight + SignedDuration::from_mins(minutes);
        let closures: Vec<Closure> = close
            .map(|(from, length)| Closure { from: at(from), to: at(from + length), reason: (String::new(), String::new()) })
            .into_iter()
            .collect();
        let weekly = (1..=7).flat_map(|n| spans.iter().map(move |hours| WeeklyHours {
            weekday: Weekday::from_monday_one_offset(n).expect("a weekday"), hours: *hours,
        })).collect();
        let rules = OpeningRules { weekly, closures: closures.clone(), ..OpeningRules::default() };
        let calendar = calendar();
        let now = at(now_at);
        let taken = |window: usize, from: Timestamp| {
            let mixed = (from.as_second().unsigned_abs() / 60).wrapping_mul(31).wrapping_add(seed).wrapping_add(window as u64);
            i64::try_from(mixed % 4).expect("small")
        };
        let question = DayQuestion { zone: &zone, rules: &rules, calendar: &calendar, slot_minutes: minutes, slots: count, now };
        let times = match offered(&question, day, 2, |window, from| (capacity, taken(window, from))) {
            Ok(times) => times,
            Err(_) => return Ok(()),
        };
        let DayHours::Open(open) = rules.day_in(&zone, day, &calendar) else { return Ok(()) };
        let length = SignedDuration::from_mins(minutes);
        for time in &times {
            prop_assert!(time.starts_at > now, "the past is not offered");
            prop_assert_eq!(time.ends_at.duration_since(time.starts_at), length * i32::try_from(count).expect("small"), "in real time");
            let local = |at: Timestamp| at.to_zoned_datetime(zone.clone());
            prop_assert_eq!(local(time.starts_at).time(), time.from, "the clock shows what was said");
            prop_assert!(open.iter().any(|span| span.from <= time.from && local(time.ends_at).time() <= span.to), "in one span");
            prop_assert!(closures.iter().all(|c| c.to <= time.starts_at || time.ends_at <= c.from), "no closure");
            let model: i64 = (0..2).map(|window| (0..count).map(|n| {
                let from = time.starts_at + length * i32::try_from(n).expect("small");
                (capacity - taken(window, from)).max(0)
            }).min().unwrap_or(0)).sum();
            prop_assert_eq!(time.left, model, "the scarcest slot of each window");
        }
        // And the other way round: whatever the model allows is offered.
        for span in &open {
            let mut from = span.from;
            let mut begins = Vec::new();
            while let Ok(to) = from.checked_add(length) {
                if to > span.to || to <= from { break; }
                begins.push(from);
                from = to;
            }
            for run in begins.windows(count) {
                let begin = at_time_in(&zone, day, run[0]);
                let real = run.iter().enumerate().all(|(n, from)| {
                    let from_at = at_time_in(&zone, day, *from);
                    let to_at = at_time_in(&zone, day, from.saturating_add(length));
                    let shown = |at: Timestamp, time: Time| at.to_zoned_datetime(zone.clone()).time() == time;
                    from_at == begin + length * i32::try_from(n).expect("small") && to_at == from_at + length
                        && shown(from_at, *from) && shown(to_at, from.saturating_add(length))
                });
                let end = begin + length * i32::try_from(count).expect("small");
                let free = closures.iter().all(|c| c.to <= begin || end <= c.from);
                if real && free && begin > now {
                    prop_assert!(times.iter().any(|time| time.starts_at == begin), "{} is missing", begin);
                }
            }
        }
    }
}

fn calendar() -> HolidayCalendar {
    let year = r#"{"year":2026,"source":"test","status":"published","off":[],"work":[]}"#;
    HolidayCalendar::new([serde_json::from_str(year).expect("valid")])
}
