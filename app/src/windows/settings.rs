//! A hall's settings as managers edit them: the form, what differs between two versions, and which bookings a change
//! hits. Pure; the same rules judge the preview and the moment of saving.

mod differences;
mod form;
mod hits;
mod proposals;
mod spans;

use super::{Closure, DayHours, Exception, Hours, Limits, OpeningRules, WeeklyHours, slots_of};
use crate::time::{HolidayCalendar, at_time};
use jiff::{
    Timestamp,
    civil::{Date, Weekday},
};
use serde::{Deserialize, Serialize};
use spans::{parse_day, parse_moment, parse_time};
use std::collections::BTreeMap;

pub use differences::differences;
pub use hits::{Hit, Standing, hits, misfits};
pub use proposals::{Proposal, Taken, overlapped, proposal_named, proposals};
pub use spans::{parse_spans, spans_text};

/// A span of a day as written: begin and end as HH:MM.
pub type Span = (String, String);

/// What is wrong with a form: field name → words. Names come from the data, so they are not static.
pub type FormErrors = BTreeMap<String, String>;

/// The hours of one date.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DatedHours {
    /// The date, as YYYY-MM-DD.
    pub day: String,
    /// Its spans; none for closed.
    pub hours: Vec<Span>,
    /// Why.
    pub reason: String,
    /// Why, in English; may be empty.
    pub reason_en: String,
}

/// A span of time in which the hall is closed; clock times of the deployment's zone as YYYY-MM-DDTHH:MM.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClosedSpan {
    /// Begin.
    pub from: String,
    /// End.
    pub to: String,
    /// Why.
    pub reason: String,
    /// Why, in English; may be empty.
    pub reason_en: String,
}

/// A window as managers set it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WindowSettings {
    /// Id; empty for one that is being added.
    pub id: String,
    /// Number on its sign.
    pub number: i64,
    /// Name.
    pub name: String,
    /// Name in English; may be empty.
    pub name_en: String,
    /// Codes of the items it serves, sorted.
    pub items: Vec<String>,
    /// Places of a slot for booking online.
    pub public: i64,
    /// Places of a slot for staff who book for a resident.
    pub assisted: i64,
    /// Walk-ins of a slot.
    pub walk_in: i64,
    /// Closed for now.
    pub closed: bool,
}

/// Everything a manager sets at a hall.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HallSettings {
    /// Length of a slot.
    pub slot_minutes: i64,
    /// Limits.
    pub limits: Limits,
    /// Weekly hours, Monday first.
    pub week: [Vec<Span>; 7],
    /// Dated exceptions from today on.
    pub exceptions: Vec<DatedHours>,
    /// Closures that are not over.
    pub closures: Vec<ClosedSpan>,
    /// Windows, by number.
    pub windows: Vec<WindowSettings>,
}

/// Most spans of one day.
pub const MAX_SPANS: usize = 6;
/// Most exceptions, closures or windows of a form.
pub const MAX_ROWS: usize = 60;
/// Most places of one kind in a slot.
pub const MAX_PLACES: i64 = 50;
/// Longest name or reason.
pub const MAX_TEXT: usize = 100;

impl HallSettings {
    /// When the hall is open by these settings.
    pub fn rules(&self) -> OpeningRules {
        let hours = |(from, to): &Span| Some(Hours { from: parse_time(from)?, to: parse_time(to)? });
        let mut rules = OpeningRules::default();
        for (index, spans) in self.week.iter().enumerate() {
            let Some(weekday) = i8::try_from(index + 1).ok().and_then(|day| Weekday::from_monday_one_offset(day).ok())
            else {
                continue;
            };
            rules.weekly.extend(spans.iter().filter_map(hours).map(|hours| WeeklyHours { weekday, hours }));
        }
        for dated in &self.exceptions {
            if let Some(date) = parse_day(&dated.day) {
                let hours = dated.hours.iter().filter_map(hours).collect();
                let reason = (dated.reason.clone(), dated.reason_en.clone());
                rules.exceptions.push(Exception { date, hours, reason });
            }
        }
        for span in &self.closures {
            if let Some((from, to)) = span.instants() {
                rules.closures.push(Closure { from, to, reason: (span.reason.clone(), span.reason_en.clone()) });
            }
        }
        rules
    }

    /// Places of a day by these settings: slots × places of the open windows, public and assisted.
    pub fn places(&self, date: Date, calendar: &HolidayCalendar) -> i64 {
        let DayHours::Open(hours) = self.rules().day(date, calendar) else { return 0 };
        let slots = i64::try_from(slots_of(&hours, self.slot_minutes).len()).unwrap_or(0);
        slots * self.windows.iter().filter(|window| !window.closed).map(|w| w.public + w.assisted).sum::<i64>()
    }
}

impl ClosedSpan {
    /// Begin and end as instants.
    pub fn instants(&self) -> Option<(Timestamp, Timestamp)> {
        let at = |text: &str| parse_moment(text).map(|at| at_time(at.date(), at.time()));
        Some((at(&self.from)?, at(&self.to)?))
    }
}

/// Catalogue keys of the days of the week, Monday first.
pub const WEEK_KEYS: [&str; 7] = [
    "settings-monday",
    "settings-tuesday",
    "settings-wednesday",
    "settings-thursday",
    "settings-friday",
    "settings-saturday",
    "settings-sunday",
];

/// The catalogue key of a priority class.
pub fn class_key(class: &str) -> &'static str {
    match class {
        "senior" => "settings-class-senior",
        "disabled" => "settings-class-disabled",
        "pregnant" => "settings-class-pregnant",
        _ => "settings-class-veteran",
    }
}

#[cfg(test)]
mod tests;
