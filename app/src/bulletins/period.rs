//! Weeks (ISO 8601, from Monday) and months that a bulletin may be about.

use crate::i18n::{Lang, Words};
use jiff::{ToSpan, civil::Date};

/// A week or month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Period {
    /// From a Monday.
    Week(Date),
    /// From the first of a month.
    Month(Date),
}

impl Period {
    /// The week in which a day lies.
    pub fn week_of(day: Date) -> Period {
        Period::Week(day.saturating_sub(i64::from(day.weekday().to_monday_zero_offset()).days()))
    }

    /// The month in which a day lies.
    pub fn month_of(day: Date) -> Period {
        Period::Month(day.first_of_month())
    }

    /// As forms send it: `2026-W47` or `2026-10`.
    pub fn code(self) -> String {
        match self {
            Period::Week(monday) => {
                let week = monday.iso_week_date();
                format!("{}-W{:02}", week.year(), week.week())
            }
            Period::Month(first) => format!("{}-{:02}", first.year(), first.month()),
        }
    }

    /// The period with this code, between 2000 and 2200.
    pub fn from_code(code: &str) -> Option<Period> {
        let (year, rest) = code.split_once('-')?;
        let year: i16 = year.parse().ok().filter(|year| (2000..2200).contains(year))?;
        let period = match rest.strip_prefix('W') {
            Some(week) => {
                let week: i8 = week.parse().ok()?;
                let monday = jiff::civil::ISOWeekDate::new(year, week, jiff::civil::Weekday::Monday).ok()?;
                Period::Week(monday.date())
            }
            None => Period::Month(Date::new(year, rest.parse().ok()?, 1).ok()?),
        };
        // Only what is written as codes are written: `2026-1` is none.
        (period.code() == code).then_some(period)
    }

    /// `week` or `month`.
    pub fn kind(self) -> &'static str {
        match self {
            Period::Week(_) => "week",
            Period::Month(_) => "month",
        }
    }

    /// The period of a kind that begins on this day.
    pub fn of(kind: &str, first: Date) -> Period {
        if kind == "week" { Period::week_of(first) } else { Period::month_of(first) }
    }

    /// First day.
    pub fn from(self) -> Date {
        match self {
            Period::Week(day) | Period::Month(day) => day,
        }
    }

    /// Last day.
    pub fn to(self) -> Date {
        match self {
            Period::Week(monday) => monday.saturating_add(6.days()),
            Period::Month(first) => first.last_of_month(),
        }
    }

    /// The one before.
    #[must_use]
    pub fn before(self) -> Period {
        let day = self.from().saturating_sub(1.day());
        match self {
            Period::Week(_) => Period::week_of(day),
            Period::Month(_) => Period::month_of(day),
        }
    }

    /// Whether its last day is over on this day.
    pub fn is_over(self, today: Date) -> bool {
        self.to() < today
    }

    /// What it is called: 2026年第47周（11月16日至22日）, 2026年10月.
    pub fn name(self, w: Words) -> String {
        let (from, to) = (self.from(), self.to());
        match self {
            Period::Week(monday) => {
                let week = monday.iso_week_date();
                let day = |date: Date| match w.lang {
                    Lang::Zh => format!("{}月{}日", date.month(), date.day()),
                    Lang::En => format!("{:02}-{:02}", date.month(), date.day()),
                };
                w.tf(
                    "bulletins-week-name",
                    &[
                        ("year", week.year().to_string().into()),
                        ("week", week.week().to_string().into()),
                        ("from", day(from).into()),
                        ("to", day(to).into()),
                    ],
                )
            }
            Period::Month(first) => w.tf(
                "bulletins-month-name",
                &[("year", first.year().to_string().into()), ("month", first.month().to_string().into())],
            ),
        }
    }

    /// The last weeks and months that are over, the newest first: what a form offers.
    pub fn offered(today: Date) -> Vec<Period> {
        let back =
            |first: Period, count: usize| std::iter::successors(Some(first), |one| Some(one.before())).take(count);
        let weeks = back(Period::week_of(today).before(), 8);
        weeks.chain(back(Period::month_of(today).before(), 6)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    #[test]
    fn weeks_and_months_know_their_days() {
        let week = Period::from_code("2026-W47").expect("a week");
        assert_eq!((week.from(), week.to()), (date(2026, 11, 16), date(2026, 11, 22)));
        assert_eq!(Period::from_code("2026-W01").expect("a week").from(), date(2025, 12, 29));
        let month = Period::from_code("2028-02").expect("a month");
        assert_eq!((month.from(), month.to()), (date(2028, 2, 1), date(2028, 2, 29)));
        assert_eq!(month.before().code(), "2028-01");
        assert!(!week.is_over(date(2026, 11, 22)) && week.is_over(date(2026, 11, 23)));
        for code in [
            "", "2026", "2026-", "2026-W54", "2026-W0", "2026-13", "2026-1", "1999-01", "2026-W+1", "x-W01", "2025-W53",
        ] {
            assert_eq!(Period::from_code(code), None, "{code}");
        }
    }

    proptest! {
        #[test]
        fn codes_read_back_and_periods_follow_one_another(days in 0..60_000_i64) {
            let day = date(2001, 1, 1).saturating_add(days.days());
            for period in [Period::week_of(day), Period::month_of(day)] {
                prop_assert!(period.from() <= day && day <= period.to());
                prop_assert_eq!(Period::from_code(&period.code()), Some(period));
                prop_assert_eq!(Period::of(period.kind(), period.from()), period);
                let before = period.before();
                prop_assert_eq!(before.to().tomorrow().ok(), Some(period.from()));
                prop_assert_eq!(before.kind(), period.kind());
            }
        }
    }
}
