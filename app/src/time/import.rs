//! Reading a year of the statutory calendar that somebody imports: the JSON of the shipped files, or lines of
//! `date,kind,name` with `off`/`放假` and `work`/`上班`, and a fourth column for the English name.

use super::workdays::{HolidayYear, NamedDay};
use jiff::civil::{Date, Weekday};
use std::collections::BTreeMap;

/// Longest text that is read, in bytes.
pub const MAX_IMPORT: usize = 64 * 1024;
/// Most days of a year.
const MAX_DAYS: usize = 200;
/// Longest name or source, in characters.
const MAX_NAME: usize = 120;

/// What is wrong with an import.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportError {
    /// Line of the text, counted from 1; `None` for all of it.
    pub line: Option<usize>,
    /// Catalogue key.
    pub key: &'static str,
    /// What it is about, quoted.
    pub what: String,
}

fn error(line: Option<usize>, key: &'static str, what: impl Into<String>) -> ImportError {
    ImportError { line, key, what: what.into().chars().take(60).collect() }
}

/// A day with the line it stands on, if it is known.
type Found = (Option<usize>, NamedDay, bool);

/// Reads a year; every mistake is named. `source` is the notice that lines were taken from.
pub fn read_year(text: &str, source: &str) -> Result<HolidayYear, Vec<ImportError>> {
    let text = text.trim_start_matches('\u{feff}').trim();
    if text.is_empty() {
        return Err(vec![error(None, "calendar-error-empty", "")]);
    }
    if text.len() > MAX_IMPORT {
        return Err(vec![error(None, "calendar-error-large", "")]);
    }
    if text.starts_with('{') { read_json(text) } else { read_lines(text, source) }
}

fn read_json(text: &str) -> Result<HolidayYear, Vec<ImportError>> {
    let year: HolidayYear = serde_json::from_str(text)
        .map_err(|wrong| vec![error(Some(wrong.line()), "calendar-error-json", wrong.to_string())])?;
    let line_of = |date: Date| {
        let text_of_it = date.to_string();
        text.lines().position(|line| line.contains(&text_of_it)).map(|index| index + 1)
    };
    let found =
        |days: &[NamedDay], off| days.iter().map(|day| (line_of(day.date), day.clone(), off)).collect::<Vec<Found>>();
    let all = [found(&year.off, true), found(&year.work, false)].concat();
    let mut wrong = judge(year.year, &all);
    match year.status.as_str() {
        "published" if year.off.is_empty() => wrong.push(error(None, "calendar-error-no-days", "")),
        "published" => {}
        "unknown" if all.is_empty() => {}
        other => wrong.push(error(None, "calendar-error-status", other)),
    }
    if year.source.trim().is_empty() || year.source.chars().count() > MAX_NAME {
        wrong.push(error(None, "calendar-error-source", ""));
    }
    if wrong.is_empty() { Ok(sorted(year)) } else { Err(wrong) }
}

fn read_lines(text: &str, source: &str) -> Result<HolidayYear, Vec<ImportError>> {
    let (mut wrong, mut all): (Vec<ImportError>, Vec<Found>) = (Vec::new(), Vec::new());
    for (index, line) in text.lines().enumerate() {
        let number = Some(index + 1);
        let line = line.trim();
        let heading = index == 0 && !line.starts_with(|c: char| c.is_ascii_digit());
        if line.is_empty() || line.starts_with('#') || heading {
            continue;
        }
        let parts: Vec<&str> = line.split([',', '，', '\t']).map(str::trim).collect();
        let (Some(date), Some(kind), Some(name)) = (parts.first(), parts.get(1), parts.get(2)) else {
            wrong.push(error(number, "calendar-error-columns", line));
            continue;
        };
        let Ok(date) = date.replace('/', "-").parse::<Date>() else {
            wrong.push(error(number, "calendar-error-date", *date));
            continue;
        };
        let off = match kind.to_lowercase().as_str() {
            "off" | "放假" | "休" => true,
            "work" | "上班" | "班" => false,
            _ => {
                wrong.push(error(number, "calendar-error-kind", *kind));
                continue;
            }
        };
        let name_en = parts.get(3).map(|name| (*name).to_owned()).unwrap_or_default();
        all.push((number, NamedDay { date, name: (*name).to_owned(), name_en }, off));
    }
    let Some((_, first, _)) = all.first() else {
        wrong.push(error(None, "calendar-error-no-days", ""));
        return Err(wrong);
    };
    let year = first.date.year();
    wrong.extend(judge(year, &all));
    if !all.iter().any(|(_, _, off)| *off) {
        wrong.push(error(None, "calendar-error-no-days", ""));
    }
    let source = source.trim();
    if source.is_empty() || source.chars().count() > MAX_NAME {
        wrong.push(error(None, "calendar-error-source", ""));
    }
    if !wrong.is_empty() {
        wrong.sort_by_key(|wrong| wrong.line);
        return Err(wrong);
    }
    let of = |kind: bool| all.iter().filter(|(_, _, off)| *off == kind).map(|(_, day, _)| day.clone()).collect();
    Ok(sorted(HolidayYear {
        year,
        source: source.to_owned(),
        status: "published".to_owned(),
        off: of(true),
        work: of(false),
    }))
}

fn judge(year: i16, all: &[Found]) -> Vec<ImportError> {
    let mut wrong = Vec::new();
    if !(2000..=2999).contains(&year) {
        wrong.push(error(None, "calendar-error-year", year.to_string()));
    }
    if all.len() > MAX_DAYS {
        wrong.push(error(None, "calendar-error-large", ""));
    }
    let mut seen: BTreeMap<Date, bool> = BTreeMap::new();
    for (line, day, off) in all {
        let said = day.date.to_string();
        if day.date.year() != year {
            wrong.push(error(*line, "calendar-error-other-year", said.clone()));
        }
        if seen.insert(day.date, *off).is_some() {
            wrong.push(error(*line, "calendar-error-twice", said.clone()));
        }
        if !off && !matches!(day.date.weekday(), Weekday::Saturday | Weekday::Sunday) {
            wrong.push(error(*line, "calendar-error-no-weekend", said.clone()));
        }
        if day.name.trim().is_empty() || day.name.chars().count() > MAX_NAME || day.name_en.chars().count() > MAX_NAME {
            wrong.push(error(*line, "calendar-error-name", said));
        }
    }
    wrong
}

fn sorted(mut year: HolidayYear) -> HolidayYear {
    year.off.sort_by_key(|day| day.date);
    year.work.sort_by_key(|day| day.date);
    year
}

/// A day that two states of a year see differently.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DayChange {
    /// The day.
    pub date: Date,
    /// The holiday before: its names.
    pub before: Option<(bool, String, String)>,
    /// What it is after.
    pub after: Option<(bool, String, String)>,
}

/// What two states of a year see differently: for each day whether it is off (or worked instead) and for which holiday.
pub fn changed_days(before: Option<&HolidayYear>, after: &HolidayYear) -> Vec<DayChange> {
    let days = |year: Option<&HolidayYear>| -> BTreeMap<Date, (bool, String, String)> {
        let published = year.filter(|year| year.status == "published");
        let off = published.iter().flat_map(|year| year.off.iter().map(|day| (day, true)));
        let work = published.iter().flat_map(|year| year.work.iter().map(|day| (day, false)));
        off.chain(work).map(|(day, off)| (day.date, (off, day.name.clone(), day.name_en.clone()))).collect()
    };
    let (before, after) = (days(before), days(Some(after)));
    let mut dates: Vec<Date> = before.keys().chain(after.keys()).copied().collect();
    dates.sort();
    dates.dedup();
    dates
        .into_iter()
        .map(|date| DayChange { date, before: before.get(&date).cloned(), after: after.get(&date).cloned() })
        .filter(|change| change.before != change.after)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINES: &str = "date,kind,name\n2027-01-01,off,元旦,New Year\n2027/1/2，放假，元旦\n\n2027-01-10,上班,元旦\n";

    #[test]
    fn lines_and_json_give_the_same_year() {
        let lines = LINES.replace("2027/1/2", "2027/01/02");
        let year = read_year(&lines, "通知").expect("valid");
        assert_eq!((year.year, year.off.len(), year.work.len()), (2027, 2, 1));
        assert_eq!(year.off[0].name_en, "New Year");
        let json = serde_json::to_string_pretty(&year).expect("writes");
        let again = read_year(&json, "").expect("valid");
        assert_eq!(changed_days(Some(&year), &again), []);
        assert_eq!(changed_days(None, &again).len(), 3);
    }

    #[test]
    fn every_mistake_names_its_line() {
        let text = "2027-01-01,off,元旦\n2027-13-01,off,x\n2027-02-01,maybe,x\n2026-02-01,off,x\n2027-01-01,work,元旦\n2027-01-04\n2027-01-08,off,";
        let wrong = read_year(text, "通知").expect_err("mistakes");
        let named: Vec<(Option<usize>, &str)> = wrong.iter().map(|wrong| (wrong.line, wrong.key)).collect();
        assert_eq!(
            named,
            [
                (Some(2), "calendar-error-date"),
                (Some(3), "calendar-error-kind"),
                (Some(4), "calendar-error-other-year"),
                (Some(5), "calendar-error-twice"),
                (Some(5), "calendar-error-no-weekend"),
                (Some(6), "calendar-error-columns"),
                (Some(7), "calendar-error-name"),
            ]
        );
        for (text, key) in [
            ("", "calendar-error-empty"),
            ("{", "calendar-error-json"),
            ("hello", "calendar-error-no-days"),
            (r#"{"year":2027,"source":"x","status":"partial","off":[],"work":[]}"#, "calendar-error-status"),
            (r#"{"year":2027,"source":"x","status":"published","off":[],"work":[]}"#, "calendar-error-no-days"),
            (r#"{"year":12,"source":"x","status":"unknown","off":[],"work":[]}"#, "calendar-error-year"),
        ] {
            let wrong = read_year(text, "通知").expect_err(text);
            assert!(wrong.iter().any(|wrong| wrong.key == key), "{text}: {wrong:?}");
        }
        assert!(read_year(r#"{"year":2027,"source":"x","status":"unknown","off":[],"work":[]}"#, "").is_ok());
    }

    proptest::proptest! {
        /// Whatever is pasted: an answer, and a year that is read is read again from its own JSON.
        #[test]
        fn anything_can_be_pasted(text in "(\\{|[0-9]{4}-[01][0-9]-[0-3][0-9],(off|work|放假),元旦\n|.){0,12}") {
            if let Ok(year) = read_year(&text, "通知") {
                let json = serde_json::to_string(&year).expect("writes");
                let again = read_year(&json, "").expect("valid");
                proptest::prop_assert_eq!(changed_days(Some(&year), &again), vec![]);
            }
        }
    }
}
