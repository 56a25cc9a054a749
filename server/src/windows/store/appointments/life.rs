//! What becomes of an appointment: cancelled, moved, checked in.

use super::visit::set_slots;
use crate::{db::Tx, windows::store::slots::Quota};
use jiff::Timestamp;

/// Cancels a booking that stands and begins at `latest` or later. `false`: it does not stand any more, or it is too
/// late. Of several attempts one succeeds; whoever succeeds gives its places back.
pub async fn cancel(
    tx: &mut Tx,
    id: &str,
    reason: &str,
    latest: Timestamp,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE appointment SET state = 'cancelled', cancelled_at = $2, cancel_reason = $3, \
         sequence = sequence + 1 WHERE id = $1 AND state = 'booked' AND starts_at >= $4",
    )
    .bind(id)
    .bind(now.as_microsecond())
    .bind(reason)
    .bind(latest.as_microsecond())
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Moves a booking that stands and begins at `latest` or later to other slots. `false`: it does not stand any more,
/// or it is too late.
pub async fn move_to(
    tx: &mut Tx,
    id: &str,
    (window_id, quota): (&str, Quota),
    slot_ids: &[String],
    (starts_at, ends_at): (Timestamp, Timestamp),
    latest: Timestamp,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let Some(first) = slot_ids.first() else { return Ok(false) };
    let done = sqlx::query(
        "UPDATE appointment SET window_id = $2, slot_id = $3, starts_at = $4, ends_at = $5, changed_at = $6, \
         quota = $8, sequence = sequence + 1 WHERE id = $1 AND state = 'booked' AND starts_at >= $7",
    )
    .bind(id)
    .bind(window_id)
    .bind(first)
    .bind(starts_at.as_microsecond())
    .bind(ends_at.as_microsecond())
    .bind(now.as_microsecond())
    .bind(latest.as_microsecond())
    .bind(quota.code())
    .execute(&mut **tx)
    .await?;
    if done.rows_affected() == 0 {
        return Ok(false);
    }
    set_slots(tx, id, slot_ids).await?;
    Ok(true)
}

/// Notes that the person has come. `false`: the booking does not stand any more.
pub async fn check_in(tx: &mut Tx, id: &str, by: &str, now: Timestamp) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE appointment SET state = 'checked_in', checked_in_at = $2, checked_in_by = $3 \
         WHERE id = $1 AND state = 'booked'",
    )
    .bind(id)
    .bind(now.as_microsecond())
    .bind(by)
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}
