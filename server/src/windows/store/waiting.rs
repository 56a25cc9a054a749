//! 候补: who waits for a place on a full day.

use crate::db::{Db, Tx, marks};
use jiff::{Timestamp, civil::Date};
use std::collections::BTreeSet;

/// Somebody who waits.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct WaitEntry {
    /// Id.
    pub id: String,
    /// Who.
    pub person_id: String,
    /// At which hall.
    pub hall_id: String,
    /// For which day, as a date.
    pub day: String,
    /// JSON array of item codes.
    pub items: String,
    /// JSON object: answers by item code.
    pub answers: String,
    /// JSON object: ticked materials by item code.
    pub materials: String,
    /// `waiting`, `offered`, `booked`, `declined`, `expired` or `left`.
    pub state: String,
    /// The offer.
    pub hold_id: Option<String>,
    /// Until when it stands, in microseconds.
    pub offered_until: Option<i64>,
    /// Since when, in microseconds.
    pub created_at: i64,
}

impl WaitEntry {
    /// Codes of its items.
    pub fn item_codes(&self) -> Vec<String> {
        serde_json::from_str(&self.items).unwrap_or_default()
    }

    /// Whether an offer stands.
    pub fn is_offered(&self, now: Timestamp) -> bool {
        self.state == "offered" && self.offered_until.is_some_and(|until| until > now.as_microsecond())
    }
}

const ENTRY: &str = "id, person_id, hall_id, day, items, answers, materials, state, hold_id, offered_until, created_at";

/// Somebody who begins to wait.
pub struct NewEntry<'a> {
    /// Id.
    pub id: &'a str,
    /// Who.
    pub person_id: &'a str,
    /// Where.
    pub hall_id: &'a str,
    /// When.
    pub day: Date,
    /// Codes of the items.
    pub items: &'a [String],
    /// Answers by item code, JSON.
    pub answers: String,
    /// Ticked materials by item code, JSON.
    pub materials: String,
}

/// Writes it down.
pub async fn insert(tx: &mut Tx, new: NewEntry<'_>, now: Timestamp) -> anyhow::Result<()> {
    sqlx::query(
        "INSERT INTO wait_entry (id, person_id, hall_id, day, items, answers, materials, state, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, 'waiting', $8)",
    )
    .bind(new.id)
    .bind(new.person_id)
    .bind(new.hall_id)
    .bind(new.day.to_string())
    .bind(serde_json::to_string(new.items)?)
    .bind(new.answers)
    .bind(new.materials)
    .bind(now.as_microsecond())
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// The person's open entry for the day at the hall.
pub async fn open_on(tx: &mut Tx, person_id: &str, hall_id: &str, day: Date) -> Result<Option<String>, sqlx::Error> {
    let row: Option<(String,)> = sqlx::query_as(
        "SELECT id FROM wait_entry WHERE person_id = $1 AND hall_id = $2 AND day = $3 AND state IN ('waiting', 'offered')",
    )
    .bind(person_id)
    .bind(hall_id)
    .bind(day.to_string())
    .fetch_optional(&mut **tx)
    .await?;
    Ok(row.map(|(id,)| id))
}

/// The entry with this id.
pub async fn by_id(db: &Db, id: &str) -> Result<Option<WaitEntry>, sqlx::Error> {
    if id.len() > 64 {
        return Ok(None);
    }
    let sql = format!("SELECT {ENTRY} FROM wait_entry WHERE id = $1");
    sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(id).fetch_optional(db.read()).await
}

/// A person's open entries from `today` on, the earliest day first.
pub async fn of_person(db: &Db, person_id: &str, today: Date) -> Result<Vec<WaitEntry>, sqlx::Error> {
    let sql = format!(
        "SELECT {ENTRY} FROM wait_entry WHERE person_id = $1 AND state IN ('waiting', 'offered') AND day >= $2 \
         ORDER BY day, created_at LIMIT 50"
    );
    sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(person_id).bind(today.to_string()).fetch_all(db.read()).await
}

/// Those who wait for the day at the hall, the first one first.
pub async fn queue(db: &Db, hall_id: &str, day: &str) -> Result<Vec<WaitEntry>, sqlx::Error> {
    let sql = format!(
        "SELECT {ENTRY} FROM wait_entry WHERE hall_id = $1 AND day = $2 AND state = 'waiting' \
         ORDER BY created_at, id LIMIT 200"
    );
    sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(hall_id).bind(day).fetch_all(db.read()).await
}

/// Whether somebody waits for the day at the hall.
pub async fn anybody(tx: &mut Tx, hall_id: &str, day: Date) -> Result<bool, sqlx::Error> {
    let (count,): (i64,) = sqlx::query_as(
        "SELECT CAST(COUNT(*) AS BIGINT) FROM wait_entry WHERE hall_id = $1 AND day = $2 AND state = 'waiting'",
    )
    .bind(hall_id)
    .bind(day.to_string())
    .fetch_one(&mut **tx)
    .await?;
    Ok(count > 0)
}

/// Notes an offer. `false`: the person does not wait any more.
pub async fn offer(tx: &mut Tx, id: &str, hold_id: &str, until: Timestamp) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE wait_entry SET state = 'offered', hold_id = $2, offered_until = $3 WHERE id = $1 AND state = 'waiting'",
    )
    .bind(id)
    .bind(hold_id)
    .bind(until.as_microsecond())
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Ends an entry that stands in one of the states `from`. `false`: it does not.
pub async fn end(tx: &mut Tx, id: &str, from: &[&str], to: &str, now: Timestamp) -> Result<bool, sqlx::Error> {
    let from = from.iter().map(|state| format!("'{state}'")).collect::<Vec<_>>().join(", ");
    let sql = format!("UPDATE wait_entry SET state = $2, ended_at = $3 WHERE id = $1 AND state IN ({from})");
    let done =
        sqlx::query(sqlx::AssertSqlSafe(sql)).bind(id).bind(to).bind(now.as_microsecond()).execute(&mut **tx).await?;
    Ok(done.rows_affected() == 1)
}

/// Ends the entries whose offers these holds are, because they were taken; gives ids of hold and entry.
pub async fn taken(
    tx: &mut Tx,
    holds: &BTreeSet<String>,
    now: Timestamp,
) -> Result<Vec<(String, String)>, sqlx::Error> {
    if holds.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!(
        "UPDATE wait_entry SET state = 'booked', ended_at = $1 WHERE hold_id IN ({}) AND state = 'offered' \
         RETURNING hold_id, id",
        marks(2, holds.len())
    );
    let mut query = sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(now.as_microsecond());
    for id in holds {
        query = query.bind(id);
    }
    query.fetch_all(&mut **tx).await
}

/// Ends the offers of a day at a hall that were not taken in time.
pub async fn expire(tx: &mut Tx, hall_id: &str, day: &str, now: Timestamp) -> Result<Vec<WaitEntry>, sqlx::Error> {
    let sql = format!(
        "UPDATE wait_entry SET state = 'expired', ended_at = $3 WHERE hall_id = $1 AND day = $2 AND state = 'offered' \
         AND offered_until <= $3 RETURNING {ENTRY}"
    );
    sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(hall_id)
        .bind(day)
        .bind(now.as_microsecond())
        .fetch_all(&mut **tx)
        .await
}

/// Everybody who waits or has an offer that stands.
pub async fn open(tx: &mut Tx) -> Result<Vec<WaitEntry>, sqlx::Error> {
    let sql = format!("SELECT {ENTRY} FROM wait_entry WHERE state IN ('waiting', 'offered') ORDER BY id");
    sqlx::query_as(sqlx::AssertSqlSafe(sql)).fetch_all(&mut **tx).await
}

/// Ends somebody's waiting for what is no longer to be had.
pub async fn end_unserved(tx: &mut Tx, id: &str, now: Timestamp) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE wait_entry SET state = 'expired', ended_at = $2 WHERE id = $1")
        .bind(id)
        .bind(now.as_microsecond())
        .execute(&mut **tx)
        .await?;
    Ok(())
}
