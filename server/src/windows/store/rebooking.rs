//! Moving and cancelling a booking on behalf of the hall, and proposals of another time.

use crate::{clock, db::Tx};
use jiff::Timestamp;

/// Slots of a booking that stands.
async fn slots_of(tx: &mut Tx, appointment_id: &str) -> Result<Vec<String>, sqlx::Error> {
    let rows: Vec<(String,)> = sqlx::query_as(
        "SELECT slot_id FROM appointment WHERE id = $1 UNION SELECT slot_id FROM appointment_slot \
         WHERE appointment_id = $1",
    )
    .bind(appointment_id)
    .fetch_all(&mut **tx)
    .await?;
    let mut ids: Vec<String> = rows.into_iter().map(|(id,)| id).collect();
    ids.sort();
    Ok(ids)
}

fn booked(quota: &str) -> &'static str {
    if quota == "assisted" { "booked_assisted" } else { "booked_public" }
}

fn capacity(quota: &str) -> &'static str {
    if quota == "assisted" { "capacity_assisted" } else { "capacity_public" }
}

/// Gives the places of a booking back.
pub async fn release(tx: &mut Tx, appointment_id: &str, quota: &str) -> Result<(), sqlx::Error> {
    let column = booked(quota);
    for slot_id in slots_of(tx, appointment_id).await? {
        let sql = format!("UPDATE slot SET {column} = {column} - 1 WHERE id = $1 AND {column} > 0");
        sqlx::query(sqlx::AssertSqlSafe(sql)).bind(slot_id).execute(&mut **tx).await?;
    }
    Ok(())
}

/// Makes sure that a slot has a row and gives its id, with its lock.
pub async fn slot(
    tx: &mut Tx,
    window_id: &str,
    (from, to): (Timestamp, Timestamp),
    now: Timestamp,
) -> Result<String, sqlx::Error> {
    let (id,): (String,) = sqlx::query_as(
        "INSERT INTO slot (id, window_id, starts_at, ends_at, capacity_public, capacity_assisted) \
         SELECT $1, id, $3, $4, capacity_public, capacity_assisted FROM service_window WHERE id = $2 \
         ON CONFLICT (window_id, starts_at) DO UPDATE SET booked_public = slot.booked_public RETURNING id",
    )
    .bind(clock::new_id(now))
    .bind(window_id)
    .bind(from.as_microsecond())
    .bind(to.as_microsecond())
    .fetch_one(&mut **tx)
    .await?;
    Ok(id)
}

/// Takes one place of a slot; the statement decides.
pub async fn take(tx: &mut Tx, slot_id: &str, quota: &str, now: Timestamp) -> Result<bool, sqlx::Error> {
    let (booked, capacity) = (booked(quota), capacity(quota));
    let sql = format!(
        "UPDATE slot SET {booked} = {booked} + 1 WHERE id = $1 AND {booked} + (SELECT CAST(COUNT(*) AS BIGINT) \
         FROM reserved_place r WHERE r.slot_id = slot.id AND r.quota = $3 AND r.until_at > $2) < {capacity} \
         RETURNING id"
    );
    let taken: Option<(String,)> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(slot_id)
        .bind(now.as_microsecond())
        .bind(quota)
        .fetch_optional(&mut **tx)
        .await?;
    Ok(taken.is_some())
}

/// Leaves so many places fewer in a slot: somebody sits at the window then by the old hours.
pub async fn narrow(tx: &mut Tx, slot_id: &str, quota: &str, fewer: i64) -> Result<(), sqlx::Error> {
    let (booked, capacity) = (booked(quota), capacity(quota));
    let sql = format!(
        "UPDATE slot SET {capacity} = CASE WHEN {capacity} - $2 < {booked} THEN {booked} ELSE {capacity} - $2 END \
         WHERE id = $1"
    );
    sqlx::query(sqlx::AssertSqlSafe(sql)).bind(slot_id).bind(fewer).execute(&mut **tx).await?;
    Ok(())
}

/// Where a booking goes.
pub struct Target<'a> {
    /// Window.
    pub window_id: &'a str,
    /// Its slots' ids, in order.
    pub slot_ids: &'a [String],
    /// Begin and end.
    pub span: (Timestamp, Timestamp),
}

/// Writes down that a booking that stands is elsewhere now. `false`: it does not stand any more.
pub async fn relocate(tx: &mut Tx, id: &str, to: &Target<'_>, now: Timestamp) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE appointment SET window_id = $2, slot_id = $3, starts_at = $4, ends_at = $5, \
         sequence = sequence + 1, changed_at = $6 WHERE id = $1 AND state = 'booked'",
    )
    .bind(id)
    .bind(to.window_id)
    .bind(to.slot_ids.first().map(String::as_str).unwrap_or_default())
    .bind(to.span.0.as_microsecond())
    .bind(to.span.1.as_microsecond())
    .bind(now.as_microsecond())
    .execute(&mut **tx)
    .await?;
    if done.rows_affected() == 0 {
        return Ok(false);
    }
    sqlx::query("DELETE FROM appointment_slot WHERE appointment_id = $1").bind(id).execute(&mut **tx).await?;
    for slot_id in to.slot_ids {
        sqlx::query("INSERT INTO appointment_slot (appointment_id, slot_id) VALUES ($1, $2)")
            .bind(id)
            .bind(slot_id)
            .execute(&mut **tx)
            .await?;
    }
    Ok(true)
}

/// Cancels a booking that stands. `false`: it does not stand any more.
pub async fn cancel(tx: &mut Tx, id: &str, reason: &str, now: Timestamp) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE appointment SET state = 'cancelled', cancelled_at = $2, cancel_reason = $3, sequence = sequence + 1 \
         WHERE id = $1 AND state = 'booked'",
    )
    .bind(id)
    .bind(now.as_microsecond())
    .bind(reason)
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// A proposal to be written down.
pub struct NewProposal<'a> {
    /// The booking.
    pub appointment_id: &'a str,
    /// Its person.
    pub person_id: &'a str,
    /// Its hall.
    pub hall_id: &'a str,
    /// `public` or `assisted`.
    pub quota: &'a str,
    /// Codes of its items.
    pub items: &'a [String],
    /// Where it would go.
    pub target: Target<'a>,
    /// Until when the places are kept.
    pub until: Timestamp,
    /// Words of the manager.
    pub message: &'a str,
    /// Who proposes.
    pub by: &'a str,
}

/// Keeps the places of a proposal. `false`: one of them is taken.
pub async fn propose(tx: &mut Tx, new: &NewProposal<'_>, now: Timestamp) -> anyhow::Result<bool> {
    let hold_id = clock::new_id(now);
    sqlx::query(
        "INSERT INTO booking_hold (id, hall_id, window_id, starts_at, ends_at, items, person_id, appointment_id, \
         created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(&hold_id)
    .bind(new.hall_id)
    .bind(new.target.window_id)
    .bind(new.target.span.0.as_microsecond())
    .bind(new.target.span.1.as_microsecond())
    .bind(serde_json::to_string(new.items)?)
    .bind(new.person_id)
    .bind(new.appointment_id)
    .bind(now.as_microsecond())
    .bind(new.until.as_microsecond())
    .execute(&mut **tx)
    .await?;
    for slot_id in new.target.slot_ids {
        // Taking a place and giving it back at once asks the database whether there is one.
        if !take(tx, slot_id, new.quota, now).await? {
            return Ok(false);
        }
        let column = booked(new.quota);
        let sql = format!("UPDATE slot SET {column} = {column} - 1 WHERE id = $1");
        sqlx::query(sqlx::AssertSqlSafe(sql)).bind(slot_id).execute(&mut **tx).await?;
        sqlx::query("INSERT INTO reserved_place (id, slot_id, quota, until_at, hold_id) VALUES ($1, $2, $3, $4, $5)")
            .bind(clock::new_id(now))
            .bind(slot_id)
            .bind(new.quota)
            .bind(new.until.as_microsecond())
            .bind(&hold_id)
            .execute(&mut **tx)
            .await?;
    }
    sqlx::query(
        "INSERT INTO proposed_move (appointment_id, hold_id, message, proposed_by, proposed_at) \
         VALUES ($1, $2, $3, $4, $5) ON CONFLICT (appointment_id) DO UPDATE SET hold_id = $2, message = $3, \
         proposed_by = $4, proposed_at = $5, answered_at = NULL, answer = ''",
    )
    .bind(new.appointment_id)
    .bind(&hold_id)
    .bind(new.message)
    .bind(new.by)
    .bind(now.as_microsecond())
    .execute(&mut **tx)
    .await?;
    Ok(true)
}

/// An open proposal.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct OpenProposal {
    /// The booking.
    pub appointment_id: String,
    /// The hold with its places.
    pub hold_id: String,
    /// Words of the manager.
    pub message: String,
    /// Window.
    pub window_id: String,
    /// Number of the window.
    pub window_number: i64,
    /// Begin, in microseconds.
    pub starts_at: i64,
    /// End, in microseconds.
    pub ends_at: i64,
    /// Until when it stands, in microseconds.
    pub expires_at: i64,
}

/// The proposal for a booking that is neither answered nor lapsed at `now`.
pub async fn open_proposal<'c>(
    executor: impl sqlx::Executor<'c, Database = sqlx::Any>,
    appointment_id: &str,
    now: Timestamp,
) -> Result<Option<OpenProposal>, sqlx::Error> {
    sqlx::query_as(
        "SELECT m.appointment_id, h.id AS hold_id, m.message, h.window_id, w.number AS window_number, h.starts_at, \
         h.ends_at, h.expires_at FROM proposed_move m JOIN booking_hold h ON h.id = m.hold_id \
         JOIN service_window w ON w.id = h.window_id JOIN appointment a ON a.id = m.appointment_id \
         WHERE m.appointment_id = $1 AND m.answer = '' AND h.ended_at IS NULL AND h.expires_at > $2 \
         AND a.state = 'booked'",
    )
    .bind(appointment_id)
    .bind(now.as_microsecond())
    .fetch_optional(executor)
    .await
}

/// Answers a proposal, once, and ends its hold; gives the ids of the slots it kept. `None`: it was answered or lapsed.
pub async fn answer(
    tx: &mut Tx,
    proposal: &OpenProposal,
    answer: &str,
    now: Timestamp,
) -> Result<Option<Vec<String>>, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE proposed_move SET answer = $2, answered_at = $3 WHERE appointment_id = $1 AND answer = '' \
         AND hold_id = $4",
    )
    .bind(&proposal.appointment_id)
    .bind(answer)
    .bind(now.as_microsecond())
    .bind(&proposal.hold_id)
    .execute(&mut **tx)
    .await?;
    if done.rows_affected() == 0 {
        return Ok(None);
    }
    let slots: Vec<(String,)> = sqlx::query_as(
        "SELECT r.slot_id FROM reserved_place r JOIN slot s ON s.id = r.slot_id WHERE r.hold_id = $1 ORDER BY s.starts_at",
    )
    .bind(&proposal.hold_id)
    .fetch_all(&mut **tx)
    .await?;
    sqlx::query("DELETE FROM reserved_place WHERE hold_id = $1").bind(&proposal.hold_id).execute(&mut **tx).await?;
    sqlx::query("UPDATE booking_hold SET ended_at = $2 WHERE id = $1")
        .bind(&proposal.hold_id)
        .bind(now.as_microsecond())
        .execute(&mut **tx)
        .await?;
    Ok(Some(slots.into_iter().map(|(id,)| id).collect()))
}
