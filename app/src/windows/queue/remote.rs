//! The fair rule for numbers drawn from afar: only while the hall is open, one at a time, never called before the
//! person has come; they lapse when nobody comes, and are not given out when the hall would close before their turn.
//!
//! Open spans are half-open, in order, in microseconds UTC.

use super::line::MINUTE;

/// When a number that was drawn at `issued_at` lapses unless its person has checked in: after `minutes` in which the
/// hall is open (a break at noon does not count), at the latest when it closes. Without any open time left: at once.
pub fn lapses_at(spans: &[(i64, i64)], issued_at: i64, minutes: i64) -> i64 {
    let mut left = minutes.max(0).saturating_mul(MINUTE);
    let mut last = issued_at;
    for (from, to) in spans {
        let from = (*from).max(issued_at);
        if *to <= from {
            continue;
        }
        if left <= to - from {
            return from + left;
        }
        left -= to - from;
        last = *to;
    }
    last
}

/// Minutes in which the hall is still open after `now`.
pub fn open_minutes(spans: &[(i64, i64)], now: i64) -> i64 {
    spans.iter().map(|(from, to)| (to - (*from).max(now)).max(0)).sum::<i64>() / MINUTE
}

/// Whether somebody who draws a number now is served before the hall closes: `ahead` people before them at `windows`
/// windows (one at least) with `minutes` for each, their own visit of `own_minutes`, and `left` minutes to go.
pub fn served_before_closing(ahead: i64, windows: i64, minutes: f64, own_minutes: i64, left: i64) -> bool {
    let minutes = if minutes.is_finite() && minutes > 0.0 { minutes } else { 0.0 };
    #[expect(clippy::cast_precision_loss, reason = "people and minutes of a day")]
    let needed = ahead.max(0) as f64 / windows.max(1) as f64 * minutes + own_minutes.max(0) as f64;
    #[expect(clippy::cast_precision_loss, reason = "minutes of a day")]
    let left = left as f64;
    needed <= left
}
