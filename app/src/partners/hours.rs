//! Service hours: how they are typed, summed up for their own volunteer, and certified.

use jiff::civil::Date;
use std::collections::BTreeMap;

/// Most minutes that one entry may have: sixteen hours of one day.
pub const MOST_MINUTES: i64 = 16 * 60;
/// Hours can be told for so many days back.
pub const BACK_DAYS: i32 = 180;
/// So many of a volunteer's own entries may wait at once.
pub const WAITING_MAX: i64 = 20;

/// Minutes from hours as people type them: `2`, `1.5`, `0.25`; full-width digits and 小时 behind are fine. `None`: no such
/// number, none at all, or more than [`MOST_MINUTES`]. What is less than a minute counts as the next whole one.
pub fn minutes_of(typed: &str) -> Option<i64> {
    let plain: String = typed
        .trim()
        .trim_end_matches("小时")
        .chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| match c {
            '\u{ff10}'..='\u{ff19}' => char::from_digit(u32::from(c) - 0xff10, 10).unwrap_or(c),
            '．' | '。' => '.',
            c => c,
        })
        .collect();
    let (whole, part) = plain.split_once('.').unwrap_or((&plain, ""));
    let digits = |text: &str| text.len() <= 4 && text.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(part) || (plain.ends_with('.')) {
        return None;
    }
    let whole: i64 = whole.parse().ok()?;
    let tens = 10_i64.pow(u32::try_from(part.len()).ok()?);
    let part: i64 = if part.is_empty() { 0 } else { part.parse().ok()? };
    let minutes = whole * 60 + (part * 60 + tens - 1) / tens;
    (1..=MOST_MINUTES).contains(&minutes).then_some(minutes)
}

/// Minutes as hours for a form: `1.5`, at most two places.
pub fn typed(minutes: i64) -> String {
    let hundredths = minutes * 100 / 60;
    let text = format!("{}.{:02}", hundredths / 100, hundredths % 100);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Sums of minutes by year, the latest first. `rows`: day and minutes of what is confirmed.
pub fn by_year(rows: impl IntoIterator<Item = (Date, i64)>) -> Vec<(i16, i64)> {
    let mut years: BTreeMap<i16, i64> = BTreeMap::new();
    for (day, minutes) in rows {
        *years.entry(day.year()).or_default() += minutes;
    }
    years.into_iter().rev().collect()
}

/// What a certificate is worth now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Validity {
    /// All that it counts stands.
    Valid,
    /// Some of what it counts was taken back; so many minutes are left.
    Corrected(i64),
}

impl Validity {
    /// `rows`: minutes of each entry that it counts, and whether that one still stands.
    pub fn of(rows: impl IntoIterator<Item = (i64, bool)>) -> Validity {
        let (mut left, mut gone) = (0, false);
        for (minutes, stands) in rows {
            if stands {
                left += minutes;
            } else {
                gone = true;
            }
        }
        if gone { Validity::Corrected(left) } else { Validity::Valid }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    #[test]
    fn hours_are_read_as_people_type_them() {
        for (typed, minutes) in [("2", 120), (" 1.5 ", 90), ("０.５小时", 30), ("0.25", 15), ("16", 960), ("0.01", 1)]
        {
            assert_eq!(minutes_of(typed), Some(minutes), "{typed}");
        }
        for nonsense in ["", "0", "-1", "17", "1.", ".5", "1.5.5", "1e3", "两", "99999999999", "0.00001"] {
            assert_eq!(minutes_of(nonsense), None, "{nonsense}");
        }
        assert_eq!(
            (typed(90), typed(120), typed(15), typed(600)),
            ("1.5".into(), "2".into(), "0.25".into(), "10".into())
        );
    }

    #[test]
    fn years_are_summed_for_their_own_volunteer() {
        let rows = [(date(2025, 12, 31), 60), (date(2026, 1, 1), 30), (date(2026, 3, 1), 30)];
        assert_eq!(by_year(rows), [(2026, 60), (2025, 60)]);
    }

    proptest! {
        #[test]
        fn nothing_is_lost_or_made_up(rows in proptest::collection::vec((0_i32..2000, 1_i64..960), 0..60)) {
            let begin = date(2022, 1, 1);
            let rows: Vec<(Date, i64)> = rows
                .into_iter()
                .map(|(day, minutes)| (begin.checked_add(jiff::Span::new().days(day)).expect("in range"), minutes))
                .collect();
            let all: i64 = rows.iter().map(|(_, minutes)| minutes).sum();
            let years = by_year(rows);
            prop_assert_eq!(years.iter().map(|(_, minutes)| minutes).sum::<i64>(), all);
            prop_assert!(years.windows(2).all(|two| two[0].0 > two[1].0));
        }

        #[test]
        fn a_certificate_is_corrected_when_anything_was_taken_back(rows in proptest::collection::vec((1_i64..960, any::<bool>()), 1..30)) {
            let left: i64 = rows.iter().filter(|(_, stands)| *stands).map(|(minutes, _)| minutes).sum();
            let expected = if rows.iter().all(|(_, stands)| *stands) { Validity::Valid } else { Validity::Corrected(left) };
            prop_assert_eq!(Validity::of(rows), expected);
        }
    }
}
