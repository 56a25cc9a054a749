//! How much one person may have booked.

use super::{BookError, TimeOffer, places::span_of};
use crate::windows::store::{Hall, appointments::Standing, items::StoredItem};
use jiff::Timestamp;
use std::collections::BTreeMap;

/// Keeps a person's limits: one open booking for an item, so many on a day, none at the same time. `except` is the
/// appointment that is being moved.
pub(in crate::windows::service) fn keep_limits(
    hall: &Hall,
    standing: &[Standing],
    stored: &[StoredItem],
    time: &TimeOffer,
    except: Option<&str>,
    now: Timestamp,
) -> Result<(), BookError> {
    let limits = hall.limits();
    if except.is_none() {
        let now = now.as_microsecond();
        let open = |one: &&Standing| one.state == "booked" && one.ends_at > now;
        for stored in stored {
            let open: Vec<_> = standing.iter().filter(open).filter(|one| one.item_id == stored.id).collect();
            if i64::try_from(open.len()).unwrap_or(i64::MAX) >= limits.open_per_item
                && let Some(first) = open.first()
            {
                return Err(BookError::OpenForItem(first.code.clone()));
            }
        }
    }
    let (from, to) = span_of(time.slot.at.date());
    let of_day = from.as_microsecond()..to.as_microsecond();
    let that_day: BTreeMap<&str, (i64, i64)> = standing
        .iter()
        .filter(|one| matches!(one.state.as_str(), "booked" | "checked_in") && of_day.contains(&one.starts_at))
        .filter(|one| except != Some(one.id.as_str()))
        .map(|one| (one.id.as_str(), (one.starts_at, one.ends_at)))
        .collect();
    if i64::try_from(that_day.len()).unwrap_or(i64::MAX) >= limits.per_day {
        return Err(BookError::PerDay(limits.per_day));
    }
    let (from, to) = (time.starts_at.as_microsecond(), time.ends_at.as_microsecond());
    if that_day.values().any(|(begin, end)| *begin < to && from < *end) {
        return Err(BookError::Overlap);
    }
    Ok(())
}
