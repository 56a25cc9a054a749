//! The year 2026 in Shanghai as tables and sums: days, and working time. Another way than the product's.

use crate::support::TestApp;
use std::collections::BTreeSet;

/// Microseconds of an hour.
pub const HOUR: i64 = 3_600_000_000;
/// Microseconds of a day.
pub const DAY: i64 = 24 * HOUR;
/// 2026-01-01 00:00 in Shanghai.
const NEW_YEAR: i64 = 1_767_196_800_000_000;
/// Days of its months.
const LENGTHS: [i64; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/// 8:30 to 17:30.
const OPENS: i64 = 8 * HOUR + HOUR / 2;
const CLOSES: i64 = 17 * HOUR + HOUR / 2;

/// Every day of the year: `2026-11-25`.
fn dates() -> Vec<String> {
    let month = |(n, length): (usize, &i64)| (1..=*length).map(move |day| format!("2026-{:02}-{day:02}", n + 1));
    LENGTHS.iter().enumerate().flat_map(month).collect()
}

/// The day of an instant, the first of January being 0.
pub fn day(at: i64) -> i64 {
    (at - NEW_YEAR).div_euclid(DAY)
}

/// The day of an instant: `2026-11-25`.
pub fn date(at: i64) -> String {
    let mut left = day(at);
    for (n, length) in LENGTHS.iter().enumerate() {
        if left < *length {
            return format!("2026-{:02}-{:02}", n + 1, left + 1);
        }
        left -= length;
    }
    panic!("{at} is not in 2026")
}

/// The day of the week of an instant, Monday being `1`.
pub fn weekday(at: i64) -> char {
    // The first of January 2026 is a Thursday.
    let number = u32::try_from((day(at) + 3).rem_euclid(7) + 1).expect("a day of the week");
    char::from_digit(number, 10).expect("a digit")
}

/// The day of an instant as pages write it, without the day of the week: 11月25日.
pub fn written(date: &str) -> String {
    let part = |from: usize| date[from..from + 2].trim_start_matches('0').to_owned();
    format!("{}月{}日", part(5), part(8))
}

/// The first moment of a day of the year.
pub fn start(date: &str) -> i64 {
    let at = dates().iter().position(|one| one == date).unwrap_or_else(|| panic!("{date} is not in 2026"));
    NEW_YEAR + i64::try_from(at).expect("small") * DAY
}

/// Days between two days of the year, both counted; 0 when the second comes before the first.
pub fn days_between(first: &str, last: &str) -> i64 {
    ((start(last) - start(first)) / DAY + 1).max(0)
}

/// Working time as a sum: how much there has been before each day.
pub struct Days {
    working: Vec<bool>,
    before: Vec<i64>,
}

impl Days {
    /// From the calendar that the test runs with.
    pub async fn read(test: &TestApp) -> Days {
        let (calendar,): (String,) = sqlx::query_as("SELECT content FROM calendar_year WHERE year = 2026")
            .fetch_optional(test.app.db.read())
            .await
            .expect("asked")
            .unwrap_or_else(|| (include_str!("../../../data/holidays/2026.json").to_owned(),));
        Days::of(&serde_json::from_str(&calendar).expect("JSON"))
    }

    fn of(calendar: &serde_json::Value) -> Days {
        let named = |name: &str| -> BTreeSet<String> {
            let all = calendar[name].as_array().expect("days");
            all.iter().map(|day| day["date"].as_str().expect("a date").to_owned()).collect()
        };
        let (off, work) = (named("off"), named("work"));
        let mut days = Days { working: Vec::new(), before: vec![0] };
        for date in dates() {
            // The first of January 2026 is a Thursday.
            let weekend = matches!((days.working.len() + 3) % 7, 5 | 6);
            let works = work.contains(&date) || (!weekend && !off.contains(&date));
            days.working.push(works);
            let sum = days.before.last().expect("begun") + if works { CLOSES - OPENS } else { 0 };
            days.before.push(sum);
        }
        days
    }

    /// The working time of the year until `at`.
    fn until(&self, at: i64) -> i64 {
        let day = usize::try_from(day(at)).expect("this year");
        let clock = (at - NEW_YEAR) % DAY;
        self.before[day] + if self.working[day] { (clock - OPENS).clamp(0, CLOSES - OPENS) } else { 0 }
    }

    /// The first instant at which there has been so much; `None`: not this year.
    fn at(&self, sum: i64) -> Option<i64> {
        let day = self.before.partition_point(|before| *before < sum) - 1;
        (day < self.working.len())
            .then(|| NEW_YEAR + i64::try_from(day).expect("small") * DAY + OPENS + sum - self.before[day])
    }

    /// So much later, as a limit of this kind counts.
    pub fn later(&self, kind: &str, at: i64, by: i64) -> Option<i64> {
        if kind == "urgent" || by == 0 { Some(at + by) } else { self.at(self.until(at) + by) }
    }

    /// The time between two instants, as a limit of this kind counts.
    pub fn span(&self, kind: &str, from: i64, to: i64) -> i64 {
        if kind == "urgent" { to - from } else { self.until(to) - self.until(from) }
    }

    /// When what began at `from` is due.
    pub fn due(&self, kind: &str, amount: i64, from: i64) -> Option<i64> {
        if kind != "working_days" {
            return self.later(kind, from, amount * HOUR);
        }
        let first = usize::try_from(day(from)).expect("this year") + 1;
        let mut working = (first..self.working.len()).filter(|day| self.working[*day]);
        let day = working.nth(usize::try_from(amount - 1).expect("small"))?;
        Some(NEW_YEAR + i64::try_from(day).expect("small") * DAY + CLOSES)
    }
}
