//! Slots: what is taken, and taking a place. The database decides.

use super::ServiceWindow;
use crate::db::Reader;
use crate::{
    clock,
    db::{Tx, marks, rows_of_marks},
};
use jiff::Timestamp;
use std::collections::{BTreeSet, HashMap};

/// Which share of a slot's places.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quota {
    /// For residents who book online.
    Public,
    /// For staff who book for a resident.
    Assisted,
}

impl Quota {
    /// As stored.
    pub fn code(self) -> &'static str {
        match self {
            Quota::Public => "public",
            Quota::Assisted => "assisted",
        }
    }

    /// The quota with this stored code.
    pub fn from_code(code: &str) -> Quota {
        if code == "assisted" { Quota::Assisted } else { Quota::Public }
    }

    /// The window's places in a slot of this quota.
    pub fn capacity(self, window: &ServiceWindow) -> i64 {
        match self {
            Quota::Public => window.capacity_public,
            Quota::Assisted => window.capacity_assisted,
        }
    }
}

/// What is known of a slot that has a row.
#[derive(Clone, Debug)]
pub struct SlotUse {
    /// Its window.
    pub window_id: String,
    /// When it begins, in microseconds.
    pub starts_at: i64,
    /// Places of the quota.
    pub capacity: i64,
    /// Places of the quota that are booked, held, offered, or freed and not offered again yet.
    pub taken: i64,
}

/// The slots of these windows that have a row and begin in `from..to`. Slots without one are entirely free. One query;
/// what it reads are the slots of the span, however many bookings there are elsewhere. It answers with one row a window,
/// all its slots in one text: handing over a row costs more than reading a slot.
pub async fn used(
    pool: &Reader,
    window_ids: &[&str],
    (from, to): (Timestamp, Timestamp),
    quota: Quota,
    now: Timestamp,
) -> Result<Vec<SlotUse>, sqlx::Error> {
    if window_ids.is_empty() {
        return Ok(Vec::new());
    }
    let code = quota.code();
    let windows = marks(4, window_ids.len());
    let sql = format!(
        "SELECT s.window_id, string_agg(CAST(s.starts_at AS TEXT) || ' ' || CAST(s.capacity_{code} AS TEXT) || ' ' || \
         CAST(s.booked_{code} + (SELECT COUNT(*) FROM reserved_place r \
         WHERE r.slot_id = s.id AND r.quota = '{code}' AND r.until_at > $3) AS TEXT), ',') AS slots \
         FROM slot s WHERE s.window_id IN ({windows}) AND s.starts_at >= $1 AND s.starts_at < $2 GROUP BY s.window_id"
    );
    let mut query = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(from.as_microsecond())
        .bind(to.as_microsecond())
        .bind(now.as_microsecond());
    for window_id in window_ids {
        query = query.bind(*window_id);
    }
    let rows: Vec<(String, String)> = query.fetch_all(pool).await?;
    let one = |window_id: &str, slot: &str| -> Option<SlotUse> {
        let mut numbers = slot.split(' ').map(|number| number.parse().ok());
        let mut next = || numbers.next().flatten();
        Some(SlotUse { window_id: window_id.to_owned(), starts_at: next()?, capacity: next()?, taken: next()? })
    };
    Ok(rows.iter().flat_map(|(window, slots)| slots.split(',').filter_map(move |slot| one(window, slot))).collect())
}

/// Makes sure that a slot has a row, locks it until the transaction ends, and gives its id. Locking it first lets the
/// statements after it see what others have just done to it.
pub async fn lock(
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

/// Whether a slot has a free place of the quota.
pub async fn has_room(tx: &mut Tx, slot_id: &str, quota: Quota, now: Timestamp) -> Result<bool, sqlx::Error> {
    let code = quota.code();
    let sql = format!(
        "SELECT CASE WHEN booked_{code} + (SELECT CAST(COUNT(*) AS BIGINT) FROM reserved_place r \
         WHERE r.slot_id = slot.id AND r.quota = '{code}' AND r.until_at > $2) < capacity_{code} \
         THEN CAST(1 AS BIGINT) ELSE CAST(0 AS BIGINT) END FROM slot WHERE id = $1"
    );
    let row: Option<(i64,)> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(slot_id)
        .bind(now.as_microsecond())
        .fetch_optional(&mut **tx)
        .await?;
    Ok(row == Some((1,)))
}

/// Takes one place of a slot, if there is one. This statement alone decides: of any number of attempts at a slot with k
/// places, k succeed. Places that are held, offered or were freed a moment ago count as taken.
pub async fn take(tx: &mut Tx, slot_id: &str, quota: Quota, now: Timestamp) -> Result<bool, sqlx::Error> {
    let code = quota.code();
    let sql = format!(
        "UPDATE slot SET booked_{code} = booked_{code} + 1 WHERE id = $1 AND booked_{code} + \
         (SELECT CAST(COUNT(*) AS BIGINT) FROM reserved_place r \
          WHERE r.slot_id = slot.id AND r.quota = '{code}' AND r.until_at > $2) < capacity_{code} RETURNING id"
    );
    let taken: Option<(String,)> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(slot_id)
        .bind(now.as_microsecond())
        .fetch_optional(&mut **tx)
        .await?;
    Ok(taken.is_some())
}

/// The same at a window and time of which no slot is known yet: it gets its row with its first place. Gives the slot's id, or
/// `None` when all is taken. Whoever calls it has locked the day, so that everything that others did there is seen.
pub async fn take_at(
    tx: &mut Tx,
    window: &ServiceWindow,
    (starts_at, ends_at): (Timestamp, Timestamp),
    quota: Quota,
    now: Timestamp,
) -> Result<Option<String>, sqlx::Error> {
    let code = quota.code();
    let sql = format!(
        "INSERT INTO slot (id, window_id, starts_at, ends_at, capacity_public, capacity_assisted, booked_{code}) \
         SELECT $1, $2, $3, $4, $5, $6, 1 WHERE $7 > 0 \
         OR EXISTS (SELECT 1 FROM slot s WHERE s.window_id = $2 AND s.starts_at = $3) \
         ON CONFLICT (window_id, starts_at) DO UPDATE SET booked_{code} = slot.booked_{code} + 1 \
         WHERE slot.booked_{code} + (SELECT CAST(COUNT(*) AS BIGINT) FROM reserved_place r \
         WHERE r.slot_id = slot.id AND r.quota = '{code}' AND r.until_at > $8) < slot.capacity_{code} RETURNING id"
    );
    let taken: Option<(String,)> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(clock::new_id(now))
        .bind(&window.id)
        .bind(starts_at.as_microsecond())
        .bind(ends_at.as_microsecond())
        .bind(window.capacity_public)
        .bind(window.capacity_assisted)
        .bind(quota.capacity(window))
        .bind(now.as_microsecond())
        .fetch_optional(&mut **tx)
        .await?;
    Ok(taken.map(|(id,)| id))
}

/// Slots, by window and beginning in microseconds.
pub type SlotKey = (String, i64);

/// The room that slots of these windows and times have, of those that have a row; slots without one are entirely free. Whoever
/// calls it has locked their days.
pub async fn room(
    tx: &mut Tx,
    (window_ids, times): (&BTreeSet<&str>, &BTreeSet<i64>),
    quota: Quota,
    now: Timestamp,
) -> Result<HashMap<SlotKey, i64>, sqlx::Error> {
    let (Some(last_window), Some(last_time)) = (window_ids.last(), times.last()) else { return Ok(HashMap::new()) };
    let code = quota.code();
    // Filled up to powers of two: few different statements, which the database has prepared.
    let (windows, many) = (window_ids.len().next_power_of_two(), times.len().next_power_of_two());
    let sql = format!(
        "SELECT s.window_id, s.starts_at, s.capacity_{code} - s.booked_{code} - \
         (SELECT CAST(COUNT(*) AS BIGINT) FROM reserved_place r \
         WHERE r.slot_id = s.id AND r.quota = '{code}' AND r.until_at > $1) AS room \
         FROM slot s WHERE s.window_id IN ({}) AND s.starts_at IN ({})",
        marks(2, windows),
        marks(2 + windows, many)
    );
    let mut query = sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(now.as_microsecond());
    for window_id in window_ids.iter().chain(std::iter::repeat(last_window)).take(windows) {
        query = query.bind(*window_id);
    }
    for time in times.iter().chain(std::iter::repeat(last_time)).take(many) {
        query = query.bind(*time);
    }
    let rows: Vec<(String, i64, i64)> = query.fetch_all(&mut **tx).await?;
    Ok(rows.into_iter().map(|(window_id, starts_at, room)| ((window_id, starts_at), room)).collect())
}

/// Places that are to be taken of one slot.
pub struct Wanted<'a> {
    /// At which window.
    pub window: &'a ServiceWindow,
    /// From when to when.
    pub span: (Timestamp, Timestamp),
    /// How many; no more than the window has at all.
    pub places: i64,
}

/// Takes places of several slots by one statement, each slot named once. Gives the ids of those of which there were as many as are
/// wanted; of the others nothing is taken. Whoever calls it has locked their days.
pub async fn take_each(
    tx: &mut Tx,
    wanted: &[Wanted<'_>],
    quota: Quota,
    now: Timestamp,
) -> Result<HashMap<SlotKey, String>, sqlx::Error> {
    if wanted.is_empty() {
        return Ok(HashMap::new());
    }
    let code = quota.code();
    let sql = format!(
        "INSERT INTO slot (id, window_id, starts_at, ends_at, capacity_public, capacity_assisted, booked_{code}) VALUES {} \
         ON CONFLICT (window_id, starts_at) DO UPDATE SET booked_{code} = slot.booked_{code} + excluded.booked_{code} \
         WHERE slot.booked_{code} + excluded.booked_{code} + (SELECT CAST(COUNT(*) AS BIGINT) FROM reserved_place r \
         WHERE r.slot_id = slot.id AND r.quota = '{code}' AND r.until_at > $1) <= slot.capacity_{code} \
         RETURNING window_id, starts_at, id",
        rows_of_marks(2, 7, wanted.len())
    );
    let mut query = sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(now.as_microsecond());
    for one in wanted {
        query = query
            .bind(clock::new_id(now))
            .bind(&one.window.id)
            .bind(one.span.0.as_microsecond())
            .bind(one.span.1.as_microsecond())
            .bind(one.window.capacity_public)
            .bind(one.window.capacity_assisted)
            .bind(one.places);
    }
    let rows: Vec<(String, i64, String)> = query.fetch_all(&mut **tx).await?;
    Ok(rows.into_iter().map(|(window_id, starts_at, id)| ((window_id, starts_at), id)).collect())
}

/// Gives one place back.
pub async fn free(tx: &mut Tx, slot_id: &str, quota: Quota) -> Result<(), sqlx::Error> {
    let code = quota.code();
    let sql = format!("UPDATE slot SET booked_{code} = booked_{code} - 1 WHERE id = $1 AND booked_{code} > 0");
    sqlx::query(sqlx::AssertSqlSafe(sql)).bind(slot_id).execute(&mut **tx).await?;
    Ok(())
}

/// Counts one place of a slot as taken until an instant: for a hold, or (`None`) because it was freed a moment ago.
pub async fn reserve(
    tx: &mut Tx,
    slot_id: &str,
    quota: Quota,
    until: Timestamp,
    hold_id: Option<&str>,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query("INSERT INTO reserved_place (id, slot_id, quota, until_at, hold_id) VALUES ($1, $2, $3, $4, $5)")
        .bind(clock::new_id(now))
        .bind(slot_id)
        .bind(quota.code())
        .bind(until.as_microsecond())
        .bind(hold_id)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Public places of these windows in `from..to` that are taken: kept for people without an account, and otherwise
/// (booked, kept for others, offered, freed a moment ago).
pub async fn taken_on(
    tx: &mut Tx,
    window_ids: &[&str],
    (from, to): (Timestamp, Timestamp),
    now: Timestamp,
) -> Result<(i64, i64), sqlx::Error> {
    if window_ids.is_empty() {
        return Ok((0, 0));
    }
    let windows = marks(4, window_ids.len());
    let span = format!("s.starts_at >= $1 AND s.starts_at < $2 AND s.window_id IN ({windows})");
    let sql = format!(
        "SELECT (SELECT CAST(COALESCE(SUM(s.booked_public), 0) AS BIGINT) FROM slot s WHERE {span}), \
         CAST(COALESCE(SUM(CASE WHEN h.id IS NOT NULL AND h.person_id IS NULL THEN 1 ELSE 0 END), 0) AS BIGINT), \
         CAST(COUNT(*) AS BIGINT) FROM slot s JOIN reserved_place r ON r.slot_id = s.id \
         LEFT JOIN booking_hold h ON h.id = r.hold_id WHERE {span} AND r.quota = 'public' AND r.until_at > $3"
    );
    let mut query = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(from.as_microsecond())
        .bind(to.as_microsecond())
        .bind(now.as_microsecond());
    for id in window_ids {
        query = query.bind(*id);
    }
    let (booked, strangers, reserved): (i64, i64, i64) = query.fetch_one(&mut **tx).await?;
    Ok((strangers, booked + reserved - strangers))
}

/// Lets the freed places of a hall in `from..to` that are nearly open again go to the waiting list: they no longer
/// count as taken.
pub async fn open_freed(
    tx: &mut Tx,
    hall_id: &str,
    (from, to): (Timestamp, Timestamp),
    until: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "DELETE FROM reserved_place WHERE hold_id IS NULL AND until_at <= $4 AND slot_id IN ( \
         SELECT s.id FROM service_window w JOIN slot s ON s.window_id = w.id \
         WHERE w.hall_id = $1 AND s.starts_at >= $2 AND s.starts_at < $3)",
    )
    .bind(hall_id)
    .bind(from.as_microsecond())
    .bind(to.as_microsecond())
    .bind(until.as_microsecond())
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Forgets reserved places that ended an hour ago.
pub async fn sweep(tx: &mut Tx, before: Timestamp) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM reserved_place WHERE until_at < $1")
        .bind(before.as_microsecond())
        .execute(&mut **tx)
        .await?;
    Ok(())
}
