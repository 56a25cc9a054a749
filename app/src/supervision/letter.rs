//! What a letter is made of: kinds, limits, its number as it is written, its deadline, dates as official letters write them.

use crate::{
    reports::{due::LimitKind, worktime::WorkTime},
    time::{at_time, day_of},
};
use jiff::{SignedDuration, Timestamp, civil::Date};

/// Which letter it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// 督办单: an order to get something done.
    Order,
    /// 整改通知书: a notice that something is to be put right.
    Notice,
}

impl Kind {
    /// Both.
    pub const ALL: [Kind; 2] = [Kind::Order, Kind::Notice];

    /// As stored.
    pub fn code(self) -> &'static str {
        match self {
            Kind::Order => "order",
            Kind::Notice => "notice",
        }
    }

    /// The kind with this code.
    pub fn from_code(code: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// Catalogue key of its word.
    pub fn key(self) -> &'static str {
        match self {
            Kind::Order => "supervision-kind-order",
            Kind::Notice => "supervision-kind-notice",
        }
    }

    /// Catalogue key of what the printed letter is called.
    pub fn title_key(self) -> &'static str {
        match self {
            Kind::Order => "supervision-letter-order",
            Kind::Notice => "supervision-letter-notice",
        }
    }

    /// The word in its number.
    fn mark(self) -> &'static str {
        match self {
            Kind::Order => "督",
            Kind::Notice => "整",
        }
    }
}

/// Longest subject, in characters.
pub const SUBJECT_CHARS: usize = 60;
/// Longest name of a unit or company, in characters.
pub const COMPANY_CHARS: usize = 60;
/// Longest finding, in characters.
pub const FINDING_CHARS: usize = 500;
/// Most findings of a letter.
pub const FINDINGS: usize = 20;
/// Longest answer to a finding, longest reason and longest text of what is asked, in characters.
pub const TEXT_CHARS: usize = 1000;
/// Most photos of a finding, and of an answer to it.
pub const PHOTOS: usize = 9;
/// Most reports that a letter names.
pub const REPORTS: usize = 10;
/// Most working days to answer in, and of an extension.
pub const MOST_DAYS: i64 = 90;
/// A deadline lies so many days ahead at most.
const MOST_AHEAD: i64 = 366;

/// How the number abbreviates an organisation: 桐荫街道 and 桐荫街道办事处 are 桐荫街, others keep their name.
pub fn short_name(name: &str) -> &str {
    let name = name.strip_suffix("办事处").filter(|rest| !rest.is_empty()).unwrap_or(name);
    if name.ends_with("街道") { name.strip_suffix("道").unwrap_or(name) } else { name }
}

/// The number as it stands on the letter: 桐荫街督〔2026〕12号.
pub fn sign(issuer: &str, kind: Kind, year: i64, number: i64) -> String {
    format!("{}{}〔{year}〕{number}号", short_name(issuer), kind.mark())
}

const DIGITS: [char; 10] = ['〇', '一', '二', '三', '四', '五', '六', '七', '八', '九'];

/// A number from 1 to 99 as it is spoken: 十, 十二, 三十一.
fn spoken(number: usize) -> String {
    let (tens, ones) = (number / 10 % 10, number % 10);
    let mut text = String::new();
    if tens > 0 {
        if tens > 1 {
            text.push(DIGITS[tens]);
        }
        text.push('十');
    }
    if ones > 0 {
        text.push(DIGITS[ones]);
    }
    text
}

/// A date as official letters end with it: 二〇二六年十一月二十五日.
pub fn chinese_date(date: Date) -> String {
    let year: String = date
        .year()
        .to_string()
        .chars()
        .map(|c| c.to_digit(10).map_or(c, |digit| DIGITS[digit as usize % 10]))
        .collect();
    let part = |number: i8| spoken(usize::try_from(number).unwrap_or(0));
    format!("{year}年{}月{}日", part(date.month()), part(date.day()))
}

/// The time to answer in, as it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish {
    /// So many working days after it is issued.
    Days(i64),
    /// On this day, by the end of the working hours.
    Day(Date),
}

impl Wish {
    /// From what was typed: exactly one of working days and a day. The error is field and catalogue key.
    pub fn read(days: &str, day: &str) -> Result<Wish, (&'static str, &'static str)> {
        let (days, day) = (days.trim(), day.trim());
        match (days.is_empty(), day.is_empty()) {
            (true, true) => Err(("days", "supervision-error-deadline")),
            (false, false) => Err(("days", "supervision-error-deadline-both")),
            (false, true) => match days.parse::<i64>() {
                Ok(days @ 1..=MOST_DAYS) => Ok(Wish::Days(days)),
                _ => Err(("days", "supervision-error-days")),
            },
            (true, false) => day.parse().map(Wish::Day).map_err(|_| ("day", "supervision-error-day")),
        }
    }

    /// The deadline of what is issued at `from`, or the field and catalogue key of what is in the way: a year whose holidays are
    /// not published, or a day that has gone by or lies too far ahead.
    pub fn due(self, work: &WorkTime<'_>, from: Timestamp) -> Result<Timestamp, (&'static str, &'static str)> {
        match self {
            Wish::Days(days) => {
                work.due(from, LimitKind::WorkingDays, days).ok_or(("days", "supervision-error-calendar"))
            }
            Wish::Day(day) => {
                let today = day_of(from);
                let last = today.saturating_add(jiff::Span::new().days(MOST_AHEAD));
                if day <= today || day > last {
                    return Err(("day", "supervision-error-day"));
                }
                let closes = work.hours.last().map_or(jiff::civil::time(17, 30, 0, 0), |(_, closes)| *closes);
                Ok(at_time(day, closes))
            }
        }
    }
}

/// The new deadline when `days` working days are granted: counted from the one that held, or from the decision where that came
/// later. `None`: a year on the way is not published.
pub fn extended(work: &WorkTime<'_>, due: Timestamp, days: i64, now: Timestamp) -> Option<Timestamp> {
    work.due(due.max(now), LimitKind::WorkingDays, days.clamp(1, MOST_DAYS))
}

/// Working time before the deadline in which the addressee is reminded.
const SOON: SignedDuration = SignedDuration::from_hours(9);

/// Whether the deadline is near: about a working day is left. Where the calendar does not say, a day.
pub fn is_soon(work: &WorkTime<'_>, now: Timestamp, due: Timestamp) -> bool {
    due > now
        && match work.between(now, due) {
            Some(left) => left <= SOON,
            None => due.duration_since(now) <= SignedDuration::from_hours(24),
        }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_and_dates_are_written_as_letters_write_them() {
        assert_eq!(sign("桥津街道", Kind::Order, 2026, 12), "桥津街督〔2026〕12号");
        assert_eq!(sign("桥津街道办事处", Kind::Notice, 2026, 1), "桥津街整〔2026〕1号");
        assert_eq!(sign("澜溪区", Kind::Order, 2027, 3), "澜溪区督〔2027〕3号");
        assert_eq!(short_name("街道"), "街");
        assert_eq!(short_name("办事处"), "办事处");
        for (day, words) in [
            ((2026, 11, 25), "二〇二六年十一月二十五日"),
            ((2026, 10, 10), "二〇二六年十月十日"),
            ((2030, 1, 31), "二〇三〇年一月三十一日"),
            ((2026, 12, 20), "二〇二六年十二月二十日"),
        ] {
            assert_eq!(chinese_date(jiff::civil::date(day.0, day.1, day.2)), words);
        }
    }

    #[test]
    fn a_deadline_is_days_or_a_day() {
        assert_eq!(Wish::read(" 5 ", ""), Ok(Wish::Days(5)));
        assert_eq!(Wish::read("", "2026-12-01"), Ok(Wish::Day(jiff::civil::date(2026, 12, 1))));
        for (days, day, field) in [
            ("", "", "days"),
            ("5", "2026-12-01", "days"),
            ("0", "", "days"),
            ("91", "", "days"),
            ("x", "", "days"),
            ("", "1", "day"),
        ] {
            assert_eq!(Wish::read(days, day).map_err(|(field, _)| field), Err(field), "{days} {day}");
        }
    }

    proptest! {
        #[test]
        fn whatever_is_typed_is_read_without_harm(days in ".{0,12}", day in ".{0,12}") {
            if let Ok(Wish::Days(days)) = Wish::read(&days, &day) {
                prop_assert!((1..=MOST_DAYS).contains(&days));
            }
        }

        #[test]
        fn a_date_is_told_by_its_own_signs_only(days in 0..40_000i32) {
            let date = jiff::civil::date(1990, 1, 1).saturating_add(jiff::Span::new().days(days));
            let words = chinese_date(date);
            prop_assert!(words.chars().all(|c| DIGITS.contains(&c) || "十年月日".contains(c)), "{words}");
        }
    }
}
