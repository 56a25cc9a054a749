//! Slots of a day and the days that can be booked.

use super::{Hours, Limits};
use jiff::{
    SignedDuration, Span, Timestamp,
    civil::{Date, DateTime, Time},
};
use std::{fmt, str::FromStr};

/// A slot's span on its day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SlotTime {
    /// Begin.
    pub from: Time,
    /// End, on the same day.
    pub to: Time,
}

/// Cuts open spans into slots of `minutes`, from the begin of each span; what is left over at its end is no slot.
/// Slots therefore never overlap, never cross a break and lie inside the hours.
pub fn slots_of(hours: &[Hours], minutes: i64) -> Vec<SlotTime> {
    let length = SignedDuration::from_mins(minutes.clamp(1, 24 * 60));
    let mut slots = Vec::new();
    for span in hours {
        let mut from = span.from;
        while let Ok(to) = from.checked_add(length) {
            if to > span.to {
                break;
            }
            slots.push(SlotTime { from, to });
            from = to;
        }
    }
    slots
}

/// The first and last day that can be booked on `today`.
pub fn booking_window(today: Date, limits: &Limits) -> (Date, Date) {
    let ahead = |days: i64| today.checked_add(Span::new().days(days.clamp(0, 366))).unwrap_or(today);
    (ahead(limits.first_day_ahead), ahead(limits.last_day_ahead))
}

/// What a form and the API say to name a slot: a hall and when it begins there, e.g. `hall-wutong.20261126T0900`.
/// Which window it will be is decided when the place is taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SlotRef {
    /// Code of the hall.
    pub hall: String,
    /// Begin, by the clock of the deployment's zone.
    pub at: DateTime,
}

impl SlotRef {
    /// The instant it begins.
    pub fn starts_at(&self) -> Timestamp {
        crate::time::at_time(self.at.date(), self.at.time())
    }
}

impl fmt::Display for SlotRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = self.at;
        let (year, month, day) = (at.year(), at.month(), at.day());
        write!(f, "{}.{year:04}{month:02}{day:02}T{:02}{:02}", self.hall, at.hour(), at.minute())
    }
}

impl FromStr for SlotRef {
    type Err = ();

    fn from_str(text: &str) -> Result<SlotRef, ()> {
        if text.len() > 100 {
            return Err(());
        }
        let (hall, at) = text.rsplit_once('.').ok_or(())?;
        if at.len() != 13 || !at.is_ascii() || at.as_bytes()[8] != b'T' {
            return Err(());
        }
        let number = |range: std::ops::Range<usize>| -> Result<i16, ()> {
            let digits = &at[range];
            if digits.bytes().all(|b| b.is_ascii_digit()) { digits.parse().map_err(|_| ()) } else { Err(()) }
        };
        let small = |range: std::ops::Range<usize>| number(range).and_then(|n| i8::try_from(n).map_err(|_| ()));
        // Years near the calendar's ends would leave no room for arithmetic.
        let year = number(0..4)?;
        if !(2000..=2999).contains(&year) {
            return Err(());
        }
        let at =
            DateTime::new(year, small(4..6)?, small(6..8)?, small(9..11)?, small(11..13)?, 0, 0).map_err(|_| ())?;
        Ok(SlotRef { hall: hall.to_owned(), at })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::{date, time};

    #[test]
    fn slots_fill_each_span_from_its_begin() {
        let hours = [
            Hours { from: time(8, 30, 0, 0), to: time(9, 45, 0, 0) },
            Hours { from: time(13, 30, 0, 0), to: time(14, 0, 0, 0) },
        ];
        let begins: Vec<_> = slots_of(&hours, 30).iter().map(|slot| slot.from.to_string()).collect();
        assert_eq!(begins, ["08:30:00", "09:00:00", "13:30:00"]);
    }

    #[test]
    fn the_last_slot_before_midnight_ends_the_day() {
        let hours = [Hours { from: time(23, 0, 0, 0), to: time(23, 59, 0, 0) }];
        assert_eq!(slots_of(&hours, 30).len(), 1);
    }

    #[test]
    fn slot_references_travel_through_addresses() {
        let slot = SlotRef { hall: "hall-wutong".into(), at: date(2026, 11, 26).at(9, 0, 0, 0) };
        assert_eq!(slot.to_string(), "hall-wutong.20261126T0900");
        assert_eq!("hall-wutong.20261126T0900".parse(), Ok(slot));
        for bad in
            ["", ".", "x", "x.20261126T900", "x.20261326T0900", "x.20261126T2500", "x.+0261126T0900", "x.9999123鲠T00"]
        {
            assert_eq!(bad.parse::<SlotRef>(), Err(()), "{bad}");
        }
    }
}
