//! Figures of the halls: what was booked, who came, how long people waited and were served. Pure.
//!
//! Wait is the sum of a ticket's `waiting` intervals before its first `serving` (time put aside is not counted);
//! service is the sum of its `serving` intervals. Percentiles are by nearest rank: the smallest value that at least p
//! percent of the values do not exceed. Values of visits that are not over are left out.

use crate::time::{day_of, zone};
use jiff::Timestamp;
use std::collections::BTreeMap;

/// What became of a visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Not over.
    Open,
    /// The person came.
    Kept,
    /// The person did not come.
    NoShow,
    /// Cancelled.
    Cancelled,
}

/// One visit, booked or walked in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visit {
    /// Code of the hall.
    pub hall: String,
    /// Code of the item.
    pub item: String,
    /// Number of the window.
    pub window: Option<i64>,
    /// The booked time, or when a walk-in's number was drawn.
    pub at: Timestamp,
    /// Booked before; otherwise a walk-in.
    pub booked: bool,
    /// What became of it.
    pub outcome: Outcome,
    /// Checked in later than the hall's limit after the booked time.
    pub late: bool,
    /// Wait in microseconds, of who was served.
    pub wait: Option<i64>,
    /// Service in microseconds, of who was served to the end.
    pub service: Option<i64>,
    /// Materials were checked; some were missing.
    pub missing: Option<bool>,
    /// Rating, 1 to 5.
    pub stars: Option<i64>,
}

/// An interval of a ticket: state, begin, end, in microseconds.
pub type Interval<'a> = (&'a str, i64, Option<i64>);

/// The wait of a ticket's chain; `None` if it was never served.
pub fn wait_of(chain: &[Interval<'_>]) -> Option<i64> {
    let served = chain.iter().position(|(state, ..)| *state == "serving")?;
    let waits = chain[..served].iter().filter(|(state, ..)| *state == "waiting");
    Some(waits.filter_map(|(_, from, to)| to.map(|to| (to - from).max(0))).sum())
}

/// The service of a ticket's chain; `None` if it was never served or is being served.
pub fn service_of(chain: &[Interval<'_>]) -> Option<i64> {
    let mut serving = chain.iter().filter(|(state, ..)| *state == "serving").peekable();
    serving.peek()?;
    serving.map(|(_, from, to)| to.map(|to| (to - from).max(0))).sum()
}

/// The smallest of `values` that at least `percent` percent of them do not exceed (nearest rank).
pub fn percentile(values: &mut [i64], percent: usize) -> Option<i64> {
    values.sort_unstable();
    let rank = (values.len() * percent).div_ceil(100).max(1);
    values.get(rank - 1).copied()
}

/// Figures of some visits.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// Booked for the period, cancelled ones included.
    pub booked: i64,
    /// Of these: came.
    pub kept: i64,
    /// Of those who came: late.
    pub late: i64,
    /// Of the booked: did not come.
    pub no_show: i64,
    /// Of the booked: cancelled.
    pub cancelled: i64,
    /// Came without a booking.
    pub walk_in: i64,
    /// Wait in microseconds: median and 90th percentile.
    pub wait: (Option<i64>, Option<i64>),
    /// Service in microseconds: 25th, 50th, 75th and 90th percentile.
    pub service: [Option<i64>; 4],
    /// Visits that were served to the end.
    pub served: i64,
    /// Visits whose materials were checked, and those of them with something missing.
    pub checked: (i64, i64),
    /// Ratings, and the sum of their stars.
    pub rated: (i64, i64),
}

/// Counts visits.
pub fn figures<'a>(visits: impl IntoIterator<Item = &'a Visit>) -> Figures {
    let mut all = Figures::default();
    let (mut waits, mut services) = (Vec::new(), Vec::new());
    for visit in visits {
        if visit.booked {
            all.booked += 1;
            match visit.outcome {
                Outcome::Kept => all.kept += 1,
                Outcome::NoShow => all.no_show += 1,
                Outcome::Cancelled => all.cancelled += 1,
                Outcome::Open => {}
            }
            all.late += i64::from(visit.late);
        } else {
            all.walk_in += 1;
        }
        waits.extend(visit.wait);
        services.extend(visit.service);
        if let Some(missing) = visit.missing {
            all.checked.0 += 1;
            all.checked.1 += i64::from(missing);
        }
        if let Some(stars) = visit.stars {
            all.rated.0 += 1;
            all.rated.1 += stars;
        }
    }
    all.wait = (percentile(&mut waits, 50), percentile(&mut waits, 90));
    all.service = [25, 50, 75, 90].map(|percent| percentile(&mut services, percent));
    all.served = i64::try_from(services.len()).unwrap_or(i64::MAX);
    all
}

/// By what figures are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// Hall.
    Hall,
    /// Item.
    Item,
    /// Hall and window.
    Window,
    /// Hour of the day.
    Hour,
    /// Day of the week, 1 Monday.
    Weekday,
    /// Week, by its Monday.
    Week,
}

impl By {
    /// All of them, in the order of the page.
    pub const ALL: [By; 6] = [By::Hall, By::Item, By::Window, By::Hour, By::Weekday, By::Week];

    /// In addresses.
    pub fn code(self) -> &'static str {
        match self {
            By::Hall => "hall",
            By::Item => "item",
            By::Window => "window",
            By::Hour => "hour",
            By::Weekday => "weekday",
            By::Week => "week",
        }
    }

    /// What stands for a visit: sorts as text.
    pub fn of(self, visit: &Visit) -> String {
        self.key(&visit.hall, &visit.item, visit.window.unwrap_or(0), visit.at)
    }

    /// What stands for something of a hall, item, window and instant.
    fn key(self, hall: &str, item: &str, window: i64, at: Timestamp) -> String {
        let date = day_of(at);
        match self {
            By::Hall => hall.to_owned(),
            By::Item => item.to_owned(),
            By::Window => format!("{hall} {window:03}"),
            By::Hour => format!("{:02}:00", at.to_zoned_datetime(zone()).hour()),
            By::Weekday => date.weekday().to_monday_one_offset().to_string(),
            By::Week => {
                let back = jiff::Span::new().days(i64::from(date.weekday().to_monday_zero_offset()));
                date.checked_sub(back).unwrap_or(date).to_string()
            }
        }
    }
}

/// Figures told apart.
pub fn grouped(visits: &[Visit], by: By) -> BTreeMap<String, Figures> {
    let mut groups: BTreeMap<String, Vec<&Visit>> = BTreeMap::new();
    for visit in visits {
        groups.entry(by.of(visit)).or_default().push(visit);
    }
    groups.into_iter().map(|(key, visits)| (key, figures(visits))).collect()
}

/// Places for booking, online and by staff together: one is a slot at a window for one person.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Capacity {
    /// By the settings as they are now.
    pub planned: i64,
    /// Of bookings that were not cancelled.
    pub booked: i64,
    /// Of those whose holders came.
    pub used: i64,
}

impl std::ops::AddAssign for Capacity {
    fn add_assign(&mut self, other: Capacity) {
        self.planned += other.planned;
        self.booked += other.booked;
        self.used += other.used;
    }
}

impl std::iter::Sum for Capacity {
    fn sum<I: Iterator<Item = Capacity>>(all: I) -> Capacity {
        all.fold(Capacity::default(), |mut sum, one| {
            sum += one;
            sum
        })
    }
}

/// A slot of a window with its places.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SlotUse {
    /// Code of the hall.
    pub hall: String,
    /// Number of the window.
    pub window: i64,
    /// Begin.
    pub at: Timestamp,
    /// Its places.
    pub places: Capacity,
}

/// Places told apart; by item there are none, since a slot is for all items of its window.
pub fn capacity(slots: &[SlotUse], by: By) -> BTreeMap<String, Capacity> {
    let mut groups: BTreeMap<String, Capacity> = BTreeMap::new();
    if by != By::Item {
        for slot in slots {
            *groups.entry(by.key(&slot.hall, "", slot.window, slot.at)).or_default() += slot.places;
        }
    }
    groups
}

/// Fewer measured services than this say nothing yet.
pub const ENOUGH: i64 = 20;

/// Microseconds in whole minutes, rounded up, at least one.
pub fn minutes_up(micros: i64) -> i64 {
    micros.saturating_add(59_999_999).div_euclid(60_000_000).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_by_nearest_rank() {
        let mut values = [15, 20, 35, 40, 50];
        let of = |values: &mut [i64], percent| percentile(values, percent);
        assert_eq!([5, 30, 40, 50, 100].map(|p| of(&mut values, p)), [15, 20, 20, 35, 50].map(Some));
        assert_eq!(percentile(&mut [], 50), None);
    }

    #[test]
    fn time_put_aside_is_no_wait() {
        let chain = [
            ("waiting", 0, Some(5)),
            ("parked", 5, Some(50)),
            ("waiting", 50, Some(52)),
            ("called", 52, Some(53)),
            ("serving", 53, Some(60)),
            ("parked", 60, Some(70)),
            ("waiting", 70, Some(80)),
            ("serving", 80, Some(83)),
        ];
        assert_eq!(wait_of(&chain), Some(7), "only before the first service");
        assert_eq!(service_of(&chain), Some(10));
        assert_eq!(service_of(&[("waiting", 0, Some(1))]), None);
        assert_eq!(service_of(&[("serving", 0, None)]), None, "not over");
    }
}
