//! This room's rows. No rules here.

pub mod agreements;
pub mod certificates;
pub mod hours;
pub mod members;
pub mod tasks;
pub mod teams;

use jiff::{Timestamp, civil::Date};

/// Whether `o` lies under any of these paths, whose placeholders begin at `$first`.
pub(super) fn under_any(scopes: &[&str], first: usize) -> String {
    if scopes.is_empty() {
        return "1 = 0".to_owned();
    }
    let conditions: Vec<String> =
        (first..first + scopes.len()).map(|n| format!("substr(o.path, 1, length(${n})) = ${n}")).collect();
    conditions.join(" OR ")
}

/// A stored day.
pub(super) fn day(stored: &str) -> Date {
    stored.parse().unwrap_or(Date::ZERO)
}

/// A stored instant.
pub(super) fn instant(micros: i64) -> Timestamp {
    Timestamp::from_microsecond(micros).unwrap_or(Timestamp::UNIX_EPOCH)
}
