//! Working days by the statutory calendar, with make-up working days (调休).

use jiff::civil::{Date, Weekday};
use serde::{Deserialize, Serialize, Serializer};
use std::collections::{BTreeMap, BTreeSet};

/// What the statutory calendar says of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayKind {
    /// People work: an ordinary weekday, or a weekend day made up for a holiday.
    Working,
    /// A weekend day or a statutory holiday.
    Rest,
    /// The year's arrangement has not been published or entered: nothing is guessed.
    Unknown,
}

/// One year's arrangement as the State Council publishes it (国务院办公厅关于部分节假日安排的通知).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct HolidayYear {
    /// The year.
    pub year: i16,
    /// The notice it was taken from.
    pub source: String,
    /// `published`, `partial` or `unknown`.
    pub status: String,
    /// Days off that the notice names, weekend days inside a holiday included.
    pub off: Vec<NamedDay>,
    /// Weekend days that are worked instead.
    pub work: Vec<NamedDay>,
}

/// A day with the holiday it belongs to.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct NamedDay {
    /// The day.
    #[serde(deserialize_with = "civil_date", serialize_with = "date_text")]
    pub date: Date,
    /// The holiday's Chinese name.
    pub name: String,
    /// The holiday's English name.
    #[serde(default)]
    pub name_en: String,
}

fn civil_date<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Date, D::Error> {
    let text = String::deserialize(from)?;
    text.parse().map_err(serde::de::Error::custom)
}

fn date_text<S: Serializer>(date: &Date, to: S) -> Result<S::Ok, S::Error> {
    to.collect_str(date)
}

/// The statutory calendar: all published years.
#[derive(Clone, Debug, Default)]
pub struct HolidayCalendar {
    known: BTreeSet<i16>,
    off: BTreeMap<Date, (String, String)>,
    work: BTreeSet<Date>,
}

impl HolidayCalendar {
    /// A calendar of these years. Years that are not `published` stay unknown, whatever they list.
    pub fn new(years: impl IntoIterator<Item = HolidayYear>) -> HolidayCalendar {
        let mut calendar = HolidayCalendar::default();
        for year in years.into_iter().filter(|year| year.status == "published") {
            calendar.known.insert(year.year);
            calendar.work.extend(year.work.iter().map(|day| day.date));
            calendar.off.extend(year.off.into_iter().map(|day| (day.date, (day.name, day.name_en))));
        }
        calendar
    }

    /// What `date` is. Unknown for every day of a year that has not been published.
    pub fn kind(&self, date: Date) -> DayKind {
        if !self.known.contains(&date.year()) {
            return DayKind::Unknown;
        }
        let weekend = matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday);
        if self.off.contains_key(&date) || (weekend && !self.work.contains(&date)) {
            DayKind::Rest
        } else {
            DayKind::Working
        }
    }

    /// The holiday that `date` is part of: its Chinese and English name.
    pub fn holiday(&self, date: Date) -> Option<(&str, &str)> {
        self.off.get(&date).map(|(zh, en)| (zh.as_str(), en.as_str()))
    }

    /// Whether `date` is a weekend day that is worked to make up for a holiday.
    pub fn is_make_up_day(&self, date: Date) -> bool {
        self.work.contains(&date)
    }

    /// The first working day after `date`, looking at most 30 days ahead; `None` when none is known.
    pub fn next_working_day(&self, date: Date) -> Option<Date> {
        date.series(jiff::Span::new().days(1)).skip(1).take(30).find(|day| self.kind(*day) == DayKind::Working)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn calendar() -> HolidayCalendar {
        let year = r#"{"year":2026,"source":"test","status":"published",
            "off":[{"date":"2026-10-01","name":"国庆节"}],"work":[{"date":"2026-10-10","name":"国庆节"}]}"#;
        HolidayCalendar::new([serde_json::from_str(year).expect("valid")])
    }

    #[test]
    fn holidays_weekends_and_make_up_days() {
        let calendar = calendar();
        assert_eq!(calendar.kind(date(2026, 10, 1)), DayKind::Rest);
        assert_eq!(calendar.kind(date(2026, 10, 2)), DayKind::Working);
        assert_eq!(calendar.kind(date(2026, 10, 10)), DayKind::Working, "make-up Saturday");
        assert_eq!(calendar.kind(date(2026, 10, 11)), DayKind::Rest, "Sunday");
    }

    #[test]
    fn an_unpublished_year_is_never_guessed() {
        assert_eq!(calendar().kind(date(2027, 3, 3)), DayKind::Unknown);
        assert_eq!(calendar().next_working_day(date(2026, 12, 31)), None);
    }
}
