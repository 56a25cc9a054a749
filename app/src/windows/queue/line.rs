//! The place in the line, and how long it takes.

use super::PriorityClass;

/// Rank of who was passed and came back.
pub const RANK_FRONT: i64 = 0;
/// Rank of a priority class.
pub const RANK_PRIORITY: i64 = 1;
/// Rank of a booking that came in time.
pub const RANK_BOOKED: i64 = 2;
/// Rank of a walk-in.
pub const RANK_WALK_IN: i64 = 3;
/// Rank, for the moment, of a booking that came too early.
pub const RANK_EARLY: i64 = 4;

/// A place in the line, as stored with the ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Lower goes first.
    pub rank: i64,
    /// Within a rank the earlier goes first.
    pub order_at: i64,
}

pub(super) const MINUTE: i64 = 60_000_000;

/// The place of somebody who came at `came_at`, for a booked time if they have one. `late_minutes` as the hall allows.
pub fn place(class: PriorityClass, booked_for: Option<i64>, came_at: i64, late_minutes: i64) -> Place {
    match booked_for {
        _ if class != PriorityClass::Ordinary => Place { rank: RANK_PRIORITY, order_at: came_at },
        Some(booked) if came_at <= booked.saturating_add(late_minutes.saturating_mul(MINUTE)) => {
            Place { rank: RANK_BOOKED, order_at: booked }
        }
        _ => Place { rank: RANK_WALK_IN, order_at: came_at },
    }
}

/// The place at this moment: a booking whose time is further away than `early_minutes` stands at the end.
pub fn place_now(place: Place, booked_for: Option<i64>, now: i64, early_minutes: i64) -> Place {
    let early = early_minutes.saturating_mul(MINUTE);
    match booked_for {
        Some(booked) if place.rank == RANK_BOOKED && booked.saturating_sub(early) > now => {
            Place { rank: RANK_EARLY, ..place }
        }
        _ => place,
    }
}

/// A number as it is shown and called: A012.
pub fn label(letter: &str, number: i64) -> String {
    format!("{letter}{number:03}")
}

/// A name as the board shows it: 林*禾, 王*. Empty stays empty.
pub fn mask_name(name: &str) -> String {
    let letters: Vec<char> = name.trim().chars().collect();
    match letters.as_slice() {
        [] => String::new(),
        [one] => format!("{one}*"),
        [first, _] => format!("{first}*"),
        [first, middle @ .., last] => format!("{first}{}{last}", "*".repeat(middle.len().min(2))),
    }
}

/// How long somebody with `ahead` people before them waits, in minutes, as a range rounded outwards to five; `None`
/// when no window serves or nothing is known. `minutes` is the measured time for one person at a window.
pub fn wait_range(ahead: i64, windows: i64, minutes: f64) -> Option<(i64, i64)> {
    if windows < 1 || !minutes.is_finite() || minutes <= 0.0 || ahead < 0 {
        return None;
    }
    #[expect(clippy::cast_precision_loss, reason = "people in a hall")]
    let turns = ahead as f64 / windows as f64;
    #[expect(clippy::cast_possible_truncation, reason = "clamped to a day")]
    let five = |minutes: f64, up: bool| {
        let fives = (minutes / 5.0).clamp(0.0, 288.0);
        (if up { fives.ceil() } else { fives.floor() }) as i64 * 5
    };
    let low = five(turns * minutes * 0.75, false);
    let high = five((turns + 0.5) * minutes * 1.25, true).max(5);
    Some((low, if high == low { low + 5 } else { high }))
}
