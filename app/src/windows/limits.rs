//! What a hall allows. Every value can be changed per hall; the defaults are the product's rules.

use serde::{Deserialize, Serialize};

/// Limits of a hall. Stored as a JSON object of what differs from the defaults.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Limits {
    /// The first bookable day is so many days ahead (days on which the hall is closed are not offered anyway, so 1
    /// means "from the next working day").
    pub first_day_ahead: i64,
    /// The last bookable day is so many days ahead.
    pub last_day_ahead: i64,
    /// Open bookings of one person for one item.
    pub open_per_item: i64,
    /// Bookings of one person on one day.
    pub per_day: i64,
    /// A booking can be cancelled online until so many minutes before it begins.
    pub cancel_minutes: i64,
    /// A freed place is offered again after at least so many minutes (against trading)…
    pub reopen_min_minutes: i64,
    /// …and at most so many.
    pub reopen_max_minutes: i64,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            first_day_ahead: 1,
            last_day_ahead: 15,
            open_per_item: 1,
            per_day: 2,
            cancel_minutes: 120,
            reopen_min_minutes: 1,
            reopen_max_minutes: 10,
        }
    }
}

impl Limits {
    /// Reads a hall's stored limits; what is missing or unreadable has its default.
    pub fn from_json(text: &str) -> Limits {
        serde_json::from_str(text).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::Limits;

    #[test]
    fn a_hall_changes_only_what_it_names() {
        let limits = Limits::from_json(r#"{"per_day":3}"#);
        assert_eq!(limits, Limits { per_day: 3, ..Limits::default() });
        assert_eq!(Limits::from_json(""), Limits::default());
    }
}
