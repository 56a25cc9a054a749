//! Of what time an assessment is: a month or a quarter, as the calendar has them.

use jiff::{ToSpan, civil::Date};

/// A month or a quarter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Period {
    /// A month, 1 to 12.
    Month(i16, i8),
    /// A quarter, 1 to 4.
    Quarter(i16, i8),
}

impl Period {
    /// The period that `2026-09` or `2026-Q3` names, from 2000 on.
    pub fn parse(text: &str) -> Option<Period> {
        let (year, rest) = text.split_once('-')?;
        if year.len() != 4 || !year.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let year: i16 = year.parse().ok().filter(|year| (2000..2200).contains(year))?;
        if let Some(quarter) = rest.strip_prefix('Q') {
            return matches!(quarter, "1" | "2" | "3" | "4")
                .then(|| quarter.parse().ok())
                .flatten()
                .map(|n| Period::Quarter(year, n));
        }
        if rest.len() != 2 || !rest.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        rest.parse().ok().filter(|month| (1..=12).contains(month)).map(|month| Period::Month(year, month))
    }

    /// As stored and in addresses.
    pub fn code(self) -> String {
        match self {
            Period::Month(year, month) => format!("{year}-{month:02}"),
            Period::Quarter(year, quarter) => format!("{year}-Q{quarter}"),
        }
    }

    /// Its first day.
    pub fn first(self) -> Date {
        let (year, month) = match self {
            Period::Month(year, month) => (year, month),
            Period::Quarter(year, quarter) => (year, quarter * 3 - 2),
        };
        Date::new(year, month, 1).unwrap_or(Date::ZERO)
    }

    /// Its last day.
    pub fn last(self) -> Date {
        let last = match self {
            Period::Month(..) => self.first(),
            Period::Quarter(..) => self.first().saturating_add(2.months()),
        };
        last.last_of_month()
    }

    /// The quarter in which a day lies.
    pub fn quarter_of(day: Date) -> Period {
        Period::Quarter(day.year(), (day.month() - 1) / 3 + 1)
    }

    /// The quarter before the one in which a day lies.
    pub fn quarter_before(day: Date) -> Period {
        let first = Period::quarter_of(day).first();
        Period::quarter_of(first.saturating_sub(1.day()))
    }

    /// Whose ratings count for it: the last quarter that was over on its last day, so that no rating comes afterwards.
    pub fn rated(self) -> Period {
        Period::quarter_before(self.last().saturating_add(1.day()))
    }

    /// The last four quarters and six months that are over, the latest first.
    pub fn finished(today: Date) -> Vec<Period> {
        let mut found = Vec::new();
        let mut day = today;
        for _ in 0..4 {
            let quarter = Period::quarter_before(day);
            day = quarter.first();
            found.push(quarter);
        }
        let mut day = today;
        for _ in 0..6 {
            day = day.first_of_month().saturating_sub(1.day());
            found.push(Period::Month(day.year(), day.month()));
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    #[test]
    fn months_and_quarters_begin_and_end_as_the_calendar_says() {
        let quarter = Period::parse("2026-Q3").expect("a quarter");
        assert_eq!((quarter.first(), quarter.last()), (date(2026, 7, 1), date(2026, 9, 30)));
        assert_eq!(quarter.rated(), quarter);
        let month = Period::parse("2026-11").expect("a month");
        assert_eq!((month.first(), month.last()), (date(2026, 11, 1), date(2026, 11, 30)));
        assert_eq!(month.rated(), quarter);
        assert_eq!(Period::quarter_before(date(2026, 2, 3)), Period::Quarter(2025, 4));
        assert_eq!(Period::finished(date(2026, 11, 25))[0], quarter);
        assert!(Period::finished(date(2026, 11, 25)).iter().all(|period| period.last() < date(2026, 11, 25)));
    }

    proptest! {
        #[test]
        fn what_is_read_is_written_the_same(text in "\\PC{0,9}|20[0-9]{2}-(Q?[0-9]{1,2})") {
            if let Some(period) = Period::parse(&text) {
                prop_assert_eq!(period.code(), text);
                prop_assert!(period.first() <= period.last());
            }
        }
    }
}
