//! What a hall allows. Every value can be changed per hall; the defaults are the product's rules.

use serde::{Deserialize, Serialize};

/// Codes of the classes that may go first, as a hall offers them when nothing else is set: over 80, disabled, pregnant,
/// veterans.
pub const PRIORITY_CLASSES: [&str; 4] = ["senior", "disabled", "pregnant", "veteran"];

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
    /// A chosen time is kept for so many minutes while the form is filled in.
    pub hold_minutes: i64,
    /// Who waits for a place has so many minutes to take one that was offered.
    pub offer_minutes: i64,
    /// So many times may be held at once from one network address.
    pub holds_per_address: i64,
    /// After so many missed visits…
    pub no_show_count: i64,
    /// …within so many days, booking online pauses…
    pub no_show_days: i64,
    /// …for so many days. Never at the counter.
    pub block_days: i64,
    /// Who comes more than so many minutes after their time waits like a walk-in, and counts as late.
    pub late_minutes: i64,
    /// A booked person may be called so many minutes before their time.
    pub early_call_minutes: i64,
    /// Whether a number can be drawn from afar, outside the hall (1) or only in it (0).
    pub remote_tickets: i64,
    /// A number drawn from afar lapses when the person has not come to the hall after so many minutes.
    pub remote_minutes: i64,
    /// A rating of two stars or fewer is to be answered within so many working days.
    pub answer_days: i64,
    /// Codes of the classes that go first here, out of [`PRIORITY_CLASSES`].
    pub priority_classes: Vec<String>,
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
            hold_minutes: 10,
            offer_minutes: 30,
            holds_per_address: 20,
            no_show_count: 2,
            no_show_days: 30,
            block_days: 15,
            late_minutes: 15,
            early_call_minutes: 10,
            remote_tickets: 1,
            remote_minutes: 60,
            answer_days: 1,
            priority_classes: PRIORITY_CLASSES.map(str::to_owned).to_vec(),
        }
    }
}

/// A limit that is a number: its name in forms and JSON, and what it may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LimitField {
    /// Its name in forms, in the stored JSON and (with `limit-` before it) in the catalogue.
    pub name: &'static str,
    /// The catalogue key of its words.
    pub key: &'static str,
    /// Smallest value that is accepted.
    pub min: i64,
    /// Largest value that is accepted.
    pub max: i64,
}

const fn limit(name: &'static str, key: &'static str, min: i64, max: i64) -> LimitField {
    LimitField { name, key, min, max }
}

impl Limits {
    /// Every limit that is a number, in the order of the settings page.
    pub const FIELDS: [LimitField; 18] = [
        limit("first_day_ahead", "limit-first-day-ahead", 0, 60),
        limit("last_day_ahead", "limit-last-day-ahead", 0, 60),
        limit("open_per_item", "limit-open-per-item", 1, 20),
        limit("per_day", "limit-per-day", 1, 20),
        limit("cancel_minutes", "limit-cancel-minutes", 0, 10_080),
        limit("reopen_min_minutes", "limit-reopen-min-minutes", 0, 1440),
        limit("reopen_max_minutes", "limit-reopen-max-minutes", 0, 1440),
        limit("hold_minutes", "limit-hold-minutes", 1, 60),
        limit("offer_minutes", "limit-offer-minutes", 5, 1440),
        limit("holds_per_address", "limit-holds-per-address", 1, 1000),
        limit("no_show_count", "limit-no-show-count", 1, 20),
        limit("no_show_days", "limit-no-show-days", 1, 365),
        limit("block_days", "limit-block-days", 0, 90),
        limit("late_minutes", "limit-late-minutes", 0, 240),
        limit("early_call_minutes", "limit-early-call-minutes", 0, 240),
        limit("remote_tickets", "limit-remote-tickets", 0, 1),
        limit("remote_minutes", "limit-remote-minutes", 5, 480),
        limit("answer_days", "limit-answer-days", 1, 30),
    ];

    /// Reads a hall's stored limits; what is missing or unreadable has its default.
    pub fn from_json(text: &str) -> Limits {
        serde_json::from_str(text).unwrap_or_default()
    }

    /// As stored: a JSON object of what differs from the defaults.
    pub fn to_json(&self) -> String {
        let mut differing = serde_json::Map::new();
        let defaults = Limits::default();
        for field in Limits::FIELDS {
            let value = self.get(field.name);
            if value != defaults.get(field.name) {
                differing.insert(field.name.to_owned(), value.into());
            }
        }
        if self.priority_classes != defaults.priority_classes {
            differing.insert("priority_classes".to_owned(), self.priority_classes.clone().into());
        }
        serde_json::Value::Object(differing).to_string()
    }

    /// The limit with this name; 0 for a name that is none.
    pub fn get(&self, name: &str) -> i64 {
        self.clone().slot(name).map_or(0, |value| *value)
    }

    /// Sets the limit with this name; a name that is none changes nothing.
    pub fn set(&mut self, name: &str, value: i64) {
        if let Some(limit) = self.slot(name) {
            *limit = value;
        }
    }

    fn slot(&mut self, name: &str) -> Option<&mut i64> {
        Some(match name {
            "first_day_ahead" => &mut self.first_day_ahead,
            "last_day_ahead" => &mut self.last_day_ahead,
            "open_per_item" => &mut self.open_per_item,
            "per_day" => &mut self.per_day,
            "cancel_minutes" => &mut self.cancel_minutes,
            "reopen_min_minutes" => &mut self.reopen_min_minutes,
            "reopen_max_minutes" => &mut self.reopen_max_minutes,
            "hold_minutes" => &mut self.hold_minutes,
            "offer_minutes" => &mut self.offer_minutes,
            "holds_per_address" => &mut self.holds_per_address,
            "no_show_count" => &mut self.no_show_count,
            "no_show_days" => &mut self.no_show_days,
            "block_days" => &mut self.block_days,
            "late_minutes" => &mut self.late_minutes,
            "early_call_minutes" => &mut self.early_call_minutes,
            "remote_tickets" => &mut self.remote_tickets,
            "remote_minutes" => &mut self.remote_minutes,
            "answer_days" => &mut self.answer_days,
            _ => return None,
        })
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
        assert_eq!(limits.to_json(), r#"{"per_day":3}"#);
    }

    #[test]
    fn every_number_is_on_the_settings_page() {
        let json = serde_json::to_value(Limits::default()).expect("JSON");
        let numbers = json.as_object().expect("an object").values().filter(|value| value.is_i64()).count();
        assert_eq!(numbers, Limits::FIELDS.len());
        for (index, field) in Limits::FIELDS.iter().enumerate() {
            let value = 100 + i64::try_from(index).expect("small");
            let mut limits = Limits::default();
            limits.set(field.name, value);
            assert_eq!(limits.get(field.name), value, "{}", field.name);
            assert_eq!(Limits::from_json(&limits.to_json()), limits, "{}", field.name);
            let standard = Limits::default().get(field.name);
            assert!((field.min..=field.max).contains(&standard), "{}", field.name);
        }
    }
}
