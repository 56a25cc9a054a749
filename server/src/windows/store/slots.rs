//! Slots: what is taken, and taking a place. The database decides.

use super::ServiceWindow;
use crate::{clock, db::Tx};
use jiff::Timestamp;
use sqlx::AnyPool;

/// What is known of a slot that has a row.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct SlotUse {
    /// Its window.
    pub window_id: String,
    /// When it begins, in microseconds.
    pub starts_at: i64,
    /// Places for booking online.
    pub capacity_public: i64,
    /// Places taken, and freed ones that are not offered again yet.
    pub taken: i64,
}

/// The slots of a hall that have a row and begin in `from..to`. Slots without one are entirely free.
pub async fn used(
    pool: &AnyPool,
    hall_id: &str,
    (from, to): (Timestamp, Timestamp),
    now: Timestamp,
) -> Result<Vec<SlotUse>, sqlx::Error> {
    sqlx::query_as(
        "SELECT s.window_id, s.starts_at, s.capacity_public, s.booked_public + \
         (SELECT CAST(COUNT(*) AS BIGINT) FROM appointment a WHERE a.slot_id = s.id AND a.reopens_at > $4) AS taken \
         FROM slot s JOIN service_window w ON w.id = s.window_id \
         WHERE w.hall_id = $1 AND s.starts_at >= $2 AND s.starts_at < $3",
    )
    .bind(hall_id)
    .bind(from.as_microsecond())
    .bind(to.as_microsecond())
    .bind(now.as_microsecond())
    .fetch_all(pool)
    .await
}

/// Makes sure that a slot has a row, holds it until the transaction ends, and gives its id. Holding it first lets the
/// statements after it see what others have just done to it.
pub async fn hold(
    tx: &mut Tx,
    window: &ServiceWindow,
    starts_at: Timestamp,
    ends_at: Timestamp,
    now: Timestamp,
) -> Result<String, sqlx::Error> {
    let (id,): (String,) = sqlx::query_as(
        "INSERT INTO slot (id, window_id, starts_at, ends_at, capacity_public, capacity_assisted) \
         VALUES ($1, $2, $3, $4, $5, $6) \
         ON CONFLICT (window_id, starts_at) DO UPDATE SET booked_public = slot.booked_public RETURNING id",
    )
    .bind(clock::new_id(now))
    .bind(&window.id)
    .bind(starts_at.as_microsecond())
    .bind(ends_at.as_microsecond())
    .bind(window.capacity_public)
    .bind(window.capacity_assisted)
    .fetch_one(&mut **tx)
    .await?;
    Ok(id)
}

/// Takes one public place of a slot, if there is one. This statement alone decides: of any number of attempts at a
/// slot with k places, k succeed. Places freed a moment ago count as taken until they are offered again.
pub async fn take_public(tx: &mut Tx, slot_id: &str, now: Timestamp) -> Result<bool, sqlx::Error> {
    let taken: Option<(i64,)> = sqlx::query_as(
        "UPDATE slot SET booked_public = booked_public + 1 WHERE id = $1 AND booked_public + \
         (SELECT CAST(COUNT(*) AS BIGINT) FROM appointment a WHERE a.slot_id = slot.id AND a.reopens_at > $2) \
         < capacity_public RETURNING booked_public",
    )
    .bind(slot_id)
    .bind(now.as_microsecond())
    .fetch_optional(&mut **tx)
    .await?;
    Ok(taken.is_some())
}

/// Gives one public place back.
pub async fn free_public(tx: &mut Tx, slot_id: &str) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE slot SET booked_public = booked_public - 1 WHERE id = $1 AND booked_public > 0")
        .bind(slot_id)
        .execute(&mut **tx)
        .await?;
    Ok(())
}
