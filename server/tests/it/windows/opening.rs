//! Free times against a model that looks at every minute of a day by itself: weekly hours, exceptions, closures,
//! holidays, make-up days and unknown years, all random, in Shanghai and in a zone with daylight saving; and the places
//! of several windows, with bookings and holds.

use app::{
    time::{HolidayCalendar, at_time_in},
    windows::{Closure, DayHours, DayQuestion, Exception, Hours, OpeningRules, WeeklyHours, offered},
};
use jiff::{
    SignedDuration, Timestamp,
    civil::{Date, Time, Weekday, date},
    tz::TimeZone,
};
use proptest::prelude::*;

const MINUTES: i64 = 24 * 60;

/// From and until, in minutes of a day, by quarters.
fn span() -> impl Strategy<Value = (i64, i64)> {
    (0_i64..95, 1_i64..40).prop_map(|(from, length)| (from * 15, ((from + length) * 15).min(MINUTES - 1)))
}

fn clock(minute: i64) -> Time {
    Time::constant(0, 0, 0, 0).saturating_add(SignedDuration::from_mins(minute))
}

fn hours((from, to): (i64, i64)) -> Hours {
    Hours { from: clock(from), to: clock(to) }
}

/// What the statutory calendar says of the day.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Statutory {
    Ordinary,
    Holiday,
    MakeUp,
    Unknown,
}

#[derive(Clone, Debug)]
struct Rules {
    day: Date,
    berlin: bool,
    weekly: Vec<(i8, (i64, i64))>,
    exception: Option<Vec<(i64, i64)>>,
    /// An exception of the next day, which is none of this one's business.
    other: Vec<(i64, i64)>,
    closures: Vec<(i64, i64)>,
    statutory: Statutory,
}

fn rules() -> impl Strategy<Value = Rules> {
    let day = prop_oneof![
        1 => Just(date(2026, 3, 29)),
        1 => Just(date(2026, 10, 25)),
        8 => (1_i8..=12, 1_i8..=28).prop_map(|(month, day)| date(2026, month, day)),
    ];
    let statutory = prop_oneof![
        6 => Just(Statutory::Ordinary),
        2 => Just(Statutory::Holiday),
        2 => Just(Statutory::MakeUp),
        1 => Just(Statutory::Unknown),
    ];
    (
        day,
        any::<bool>(),
        prop::collection::vec((1_i8..=7, span()), 0..12),
        prop::option::weighted(0.3, prop::collection::vec(span(), 0..3)),
        prop::collection::vec(span(), 1..3),
        prop::collection::vec((-300_i64..MINUTES, 1_i64..700), 0..3),
        statutory,
    )
        .prop_map(|(day, berlin, weekly, exception, other, closures, statutory)| Rules {
            day,
            berlin,
            weekly,
            exception,
            other,
            closures,
            statutory,
        })
}

impl Rules {
    fn zone(&self) -> TimeZone {
        TimeZone::get(if self.berlin { "Europe/Berlin" } else { "Asia/Shanghai" }).expect("a zone")
    }

    fn midnight(&self) -> Timestamp {
        at_time_in(&self.zone(), self.day, Time::midnight())
    }

    fn closures(&self) -> Vec<Closure> {
        let at = |minute| self.midnight() + SignedDuration::from_mins(minute);
        let one = |(from, length): &(i64, i64)| Closure {
            from: at(*from),
            to: at(from + length),
            reason: ("修".into(), String::new()),
        };
        self.closures.iter().map(one).collect()
    }

    fn production(&self) -> OpeningRules {
        let exception = |date, spans: &Vec<(i64, i64)>| Exception {
            date,
            hours: spans.iter().copied().map(hours).collect(),
            reason: ("说".into(), String::new()),
        };
        OpeningRules {
            weekly: self
                .weekly
                .iter()
                .map(|(day, span)| WeeklyHours {
                    weekday: Weekday::from_monday_one_offset(*day).expect("a weekday"),
                    hours: hours(*span),
                })
                .collect(),
            exceptions: self
                .exception
                .iter()
                .map(|spans| exception(self.day, spans))
                .chain([exception(self.day.tomorrow().expect("a day"), &self.other)])
                .collect(),
            closures: self.closures(),
        }
    }

    fn calendar(&self) -> HolidayCalendar {
        let named = format!(r#"[{{"date":"{}","name":"节"}}]"#, self.day);
        let (status, off, work) = match self.statutory {
            Statutory::Ordinary => ("published", "[]", "[]"),
            Statutory::Holiday => ("published", named.as_str(), "[]"),
            Statutory::MakeUp => ("published", "[]", named.as_str()),
            Statutory::Unknown => ("unknown", "[]", "[]"),
        };
        let year = format!(r#"{{"year":2026,"source":"test","status":"{status}","off":{off},"work":{work}}}"#);
        HolidayCalendar::new([serde_json::from_str(&year).expect("valid")])
    }

    /// Whether the hall is open in a minute of the day, by the precedence as it is written: closures, then the
    /// exception, then the statutory calendar, then the weekly hours.
    fn is_open(&self, minute: i64) -> bool {
        let at = at_time_in(&self.zone(), self.day, clock(minute));
        if self.closures().iter().any(|closure| closure.from <= at && at < closure.to) {
            return false;
        }
        let within = |spans: &[(i64, i64)]| spans.iter().any(|(from, to)| (*from..*to).contains(&minute));
        if let Some(spans) = &self.exception {
            return within(spans);
        }
        let weekday = match self.statutory {
            Statutory::Unknown | Statutory::Holiday => return false,
            Statutory::MakeUp => 1,
            Statutory::Ordinary => self.day.weekday().to_monday_one_offset(),
        };
        let spans: Vec<(i64, i64)> =
            self.weekly.iter().filter(|(day, _)| *day == weekday).map(|(_, span)| *span).collect();
        within(&spans)
    }

    /// Whether the zone's clock is changed on the day: then a minute of it is skipped or comes twice.
    fn is_odd(&self) -> bool {
        self.berlin && [date(2026, 3, 29), date(2026, 10, 25)].contains(&self.day)
    }

    /// The open minutes as runs without a break.
    fn runs(&self) -> Vec<(i64, i64)> {
        let mut runs: Vec<(i64, i64)> = Vec::new();
        for minute in (0..MINUTES).filter(|minute| self.is_open(*minute)) {
            match runs.last_mut() {
                Some((_, to)) if *to == minute => *to += 1,
                _ => runs.push((minute, minute + 1)),
            }
        }
        runs
    }
}

/// Bookings and holds of a window's slot, told from its begin.
fn taken(seed: u64, window: usize, from: Timestamp, now: Timestamp) -> i64 {
    let mut mixed = (from.as_second().unsigned_abs() / 60).wrapping_mul(0x9e37_79b9).wrapping_add(seed ^ window as u64);
    let mut roll = |sides: u64| {
        mixed = mixed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (mixed >> 33) % sides
    };
    let booked = roll(3);
    // Holds of ten minutes, begun in the last twenty: some have ended.
    let held =
        (0..roll(3)).filter(|_| now + SignedDuration::from_secs(600 - i64::try_from(roll(1200)).expect("small")) > now);
    i64::try_from(booked + held.count() as u64).expect("small")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    /// Which source says what of a day.
    #[test]
    fn the_stronger_rule_wins(rules in rules()) {
        let day = rules.production().day_in(&rules.zone(), rules.day, &rules.calendar());
        let expected: Vec<Hours> = rules.runs().into_iter().map(hours).collect();
        match day {
            DayHours::Open(open) if rules.is_odd() => prop_assert!(!open.is_empty()),
            DayHours::Open(open) => prop_assert_eq!(open, expected),
            DayHours::Closed(_) if rules.is_odd() => {}
            DayHours::Closed(reason) => prop_assert!(expected.is_empty(), "{:?}, but {:?}", reason, expected),
        }
    }

    /// Offered is what the rules open, cut into slots from each run's begin, in runs of as many slots as a visit needs,
    /// less the past, with the places that the scarcest slot of each window has left.
    #[test]
    fn offered_is_what_every_minute_says(
        rules in rules(), minutes in prop_oneof![Just(15_i64), Just(20), Just(30)], count in 1_usize..5,
        now_at in -60_i64..MINUTES, capacities in prop::collection::vec(0_i64..5, 1..4), seed in any::<u64>(),
    ) {
        let (zone, calendar) = (rules.zone(), rules.calendar());
        let now = rules.midnight() + SignedDuration::from_mins(now_at);
        let production = rules.production();
        let question = DayQuestion { zone: &zone, rules: &production, calendar: &calendar, slot_minutes: minutes, slots: count, now };
        let room = |window: usize, from: Timestamp| (capacities[window], taken(seed, window, from, now));
        let times = offered(&question, rules.day, capacities.len(), room).unwrap_or_default();
        let length = SignedDuration::from_mins(minutes);
        let visit = length * i32::try_from(count).expect("small");
        for time in &times {
            // Every minute of a visit is open: it is never split over a break, a closure or midnight.
            prop_assert_eq!(time.ends_at.duration_since(time.starts_at), visit);
            let mut at = time.starts_at;
            while at < time.ends_at {
                let local = at.to_zoned_datetime(zone.clone());
                prop_assert_eq!(local.date(), rules.day);
                let minute = i64::from(local.hour()) * 60 + i64::from(local.minute());
                prop_assert!(rules.is_open(minute) || rules.is_odd(), "closed at {}", local);
                prop_assert!(rules.closures().iter().all(|closure| at < closure.from || closure.to <= at));
                at += SignedDuration::from_mins(1);
            }
        }
        if rules.is_odd() {
            return Ok(());
        }
        let mut expected = Vec::new();
        for (from, to) in rules.runs() {
            let slots: Vec<i64> = (0..).map(|n| from + n * minutes).take_while(|begin| begin + minutes <= to).collect();
            for run in slots.windows(count) {
                let begin = rules.midnight() + SignedDuration::from_mins(run[0]);
                if begin <= now {
                    continue;
                }
                let left: i64 = (0..capacities.len()).map(|window| {
                    let free = run.iter().map(|minute| {
                        let from = rules.midnight() + SignedDuration::from_mins(*minute);
                        capacities[window] - taken(seed, window, from, now)
                    });
                    free.min().unwrap_or(0).max(0)
                }).sum();
                expected.push((begin, left));
            }
        }
        let got: Vec<_> = times.iter().map(|time| (time.starts_at, time.left)).collect();
        prop_assert_eq!(got, expected);
    }
}
