//! What an entry is, and when it is to be looked at again.

use super::REVIEW_DAYS;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// An organisation to call. People's own numbers have no place here.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// Its name.
    pub name: String,
    /// Its number, as it is dialled.
    pub phone: String,
}

/// An entry: what to do when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// When what happens.
    pub title: String,
    /// Words for the situation.
    pub words: Vec<String>,
    /// What to do: Markdown.
    pub steps: String,
    /// Whom to call.
    pub contacts: Vec<Contact>,
    /// Code of the category of reports it belongs to, may be empty.
    pub category: String,
    /// Code of the service item it belongs to, may be empty.
    pub item: String,
}

/// Whether an entry that was looked at on a day is to be looked at again: after a year.
pub fn is_due(reviewed_on: Date, today: Date) -> bool {
    today.since(reviewed_on).is_ok_and(|span| i64::from(span.get_days()) > REVIEW_DAYS)
}

/// The last day on which an entry must have been looked at not to be due.
pub fn due_before(today: Date) -> Date {
    today.saturating_sub(jiff::Span::new().days(REVIEW_DAYS))
}

/// Whether somebody who works at `scope` reads what belongs to `path`: their own, what belongs above them, and what
/// belongs below them.
pub fn reads(scope: &str, path: &str) -> bool {
    path.starts_with(scope) || scope.starts_with(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_community_reads_its_own_its_streets_and_its_districts() {
        let here = "lanxi/tongyin/wutong/";
        for path in [here, "lanxi/tongyin/", "lanxi/", "lanxi/tongyin/wutong/g1/"] {
            assert!(reads(here, path), "{path}");
        }
        for path in ["lanxi/tongyin/wutong2/", "lanxi/hexi/", "lanxi/tongyin/xingwu/"] {
            assert!(!reads(here, path), "{path}");
        }
    }

    proptest::proptest! {
        #[test]
        fn due_is_after_a_year_and_stays(days in 0_i64..3000, more in 0_i64..3000) {
            let reviewed = jiff::civil::date(2020, 1, 31);
            let later = |days: i64| reviewed.saturating_add(jiff::Span::new().days(days));
            proptest::prop_assert_eq!(is_due(reviewed, later(days)), days > REVIEW_DAYS);
            proptest::prop_assert_eq!(is_due(reviewed, later(days)), reviewed < due_before(later(days)));
            proptest::prop_assert!(!is_due(reviewed, later(days)) || is_due(reviewed, later(days + more)));
            proptest::prop_assert!(!is_due(later(days), reviewed));
        }
    }
}
