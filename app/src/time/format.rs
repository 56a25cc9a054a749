//! How each language writes a date. All in the deployment's zone.

use super::zone;
use crate::i18n::{Lang, Words};
use jiff::{Timestamp, civil::Date};

const WEEKDAYS_EN: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const WEEKDAYS_ZH: [&str; 7] = ["周一", "周二", "周三", "周四", "周五", "周六", "周日"];
const MONTHS_EN: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// The short name of the day of the week: 周一, Mon.
pub fn weekday(lang: Lang, date: Date) -> &'static str {
    let index = usize::try_from(date.weekday().to_monday_zero_offset()).unwrap_or(0);
    match lang {
        Lang::Zh => WEEKDAYS_ZH[index],
        Lang::En => WEEKDAYS_EN[index],
    }
}

fn month_en(date: Date) -> &'static str {
    MONTHS_EN[usize::try_from(date.month() - 1).unwrap_or(0)]
}

/// Day and weekday without the year: 11月24日 周二, Tue 24 November.
pub fn date(lang: Lang, date: Date) -> String {
    match lang {
        Lang::Zh => format!("{}月{}日 {}", date.month(), date.day(), weekday(lang, date)),
        Lang::En => format!("{} {} {}", weekday(lang, date), date.day(), month_en(date)),
    }
}

/// The date with its year: 2026年11月24日, 24 November 2026.
pub fn date_long(lang: Lang, date: Date) -> String {
    match lang {
        Lang::Zh => format!("{}年{}月{}日", date.year(), date.month(), date.day()),
        Lang::En => format!("{} {} {}", date.day(), month_en(date), date.year()),
    }
}

/// Hours and minutes on the 24-hour clock: 08:30.
pub fn time_of_day(at: Timestamp) -> String {
    at.to_zoned_datetime(zone()).strftime("%H:%M").to_string()
}

/// Date and time: 11月24日 周二 08:30. The year is shown when it is not `now`'s.
pub fn date_time(lang: Lang, at: Timestamp, now: Timestamp) -> String {
    let local = at.to_zoned_datetime(zone());
    let day = if local.year() == now.to_zoned_datetime(zone()).year() {
        date(lang, local.date())
    } else {
        date_long(lang, local.date())
    };
    format!("{day} {}", local.strftime("%H:%M"))
}

/// How long ago `at` was, in words for the last day and as a date before that; the future is written as a date.
pub fn ago(w: Words, at: Timestamp, now: Timestamp) -> String {
    let minutes = now.duration_since(at).as_mins();
    match minutes {
        i64::MIN..=-1 => date_time(w.lang, at, now),
        0 => w.t("time-just-now"),
        1..=59 => w.tf("time-minutes-ago", &[("count", minutes.into())]),
        60..=1439 => w.tf("time-hours-ago", &[("count", (minutes / 60).into())]),
        _ => date_time(w.lang, at, now),
    }
}
