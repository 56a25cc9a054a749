//! Missed visits and the blocks that follow from them.

use crate::db::{Db, Tx, marks};
use jiff::Timestamp;

/// A block of booking online.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Block {
    /// Id.
    pub id: String,
    /// Whose.
    pub person_id: String,
    /// At which hall.
    pub hall_id: String,
    /// Until when, in microseconds.
    pub ends_at: i64,
    /// JSON array of the codes of the missed visits.
    pub missed: String,
    /// What the person says against it.
    pub appeal: String,
    /// `lifted`, `kept` or nothing.
    pub decision: String,
    /// Why.
    pub decision_reason: String,
}

impl Block {
    /// Until when.
    pub fn ends(&self) -> Timestamp {
        Timestamp::from_microsecond(self.ends_at).unwrap_or(Timestamp::UNIX_EPOCH)
    }

    /// Codes of the missed visits.
    pub fn missed_codes(&self) -> Vec<String> {
        serde_json::from_str(&self.missed).unwrap_or_default()
    }
}

const BLOCK: &str = "id, person_id, hall_id, ends_at, missed, appeal, decision, decision_reason";

/// These people's blocks that stand now, at whatever hall, those that end last first.
pub async fn standing(db: &Db, people: &[&str], now: Timestamp) -> Result<Vec<Block>, sqlx::Error> {
    if people.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!(
        "SELECT {BLOCK} FROM booking_block WHERE person_id IN ({}) AND ends_at > $1 \
         AND starts_at <= $1 AND decision <> 'lifted' ORDER BY ends_at DESC",
        marks(2, people.len())
    );
    let mut query = sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(now.as_microsecond());
    for person in people {
        query = query.bind(*person);
    }
    query.fetch_all(db.read()).await
}

/// Whether there is one, in a transaction.
pub async fn standing_in(tx: &mut Tx, person_id: &str, hall_id: &str, now: Timestamp) -> Result<bool, sqlx::Error> {
    let (count,): (i64,) = sqlx::query_as(
        "SELECT CAST(COUNT(*) AS BIGINT) FROM booking_block WHERE person_id = $1 AND hall_id = $2 AND ends_at > $3 \
         AND decision <> 'lifted'",
    )
    .bind(person_id)
    .bind(hall_id)
    .bind(now.as_microsecond())
    .fetch_one(&mut **tx)
    .await?;
    Ok(count > 0)
}

/// All blocks of a person that stand now.
pub async fn of_person(db: &Db, person_id: &str, now: Timestamp) -> Result<Vec<Block>, sqlx::Error> {
    let sql = format!(
        "SELECT {BLOCK} FROM booking_block WHERE person_id = $1 AND ends_at > $2 AND decision <> 'lifted' \
         ORDER BY ends_at DESC LIMIT 20"
    );
    sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(person_id).bind(now.as_microsecond()).fetch_all(db.read()).await
}

/// The block with this id.
pub async fn by_id(db: &Db, id: &str) -> Result<Option<Block>, sqlx::Error> {
    if id.len() > 64 {
        return Ok(None);
    }
    let sql = format!("SELECT {BLOCK} FROM booking_block WHERE id = $1");
    sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(id).fetch_optional(db.read()).await
}

/// Writes down what the person says against a block, once.
pub async fn appeal(tx: &mut Tx, id: &str, text: &str, now: Timestamp) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE booking_block SET appeal = $2, appealed_at = $3 WHERE id = $1 AND appealed_at IS NULL AND decision = ''",
    )
    .bind(id)
    .bind(text)
    .bind(now.as_microsecond())
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// A missed visit.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Missed {
    /// Id of the appointment.
    pub id: String,
    /// Its code.
    pub code: String,
    /// Whose.
    pub person_id: String,
    /// Where.
    pub hall_id: String,
}

/// Marks the visits that ended before `before` and to which nobody came; the ones marked by this call.
pub async fn mark_missed(tx: &mut Tx, before: Timestamp, now: Timestamp) -> Result<Vec<Missed>, sqlx::Error> {
    sqlx::query_as(
        "UPDATE appointment SET state = 'no_show', no_show_at = $2 WHERE state = 'booked' AND ends_at <= $1 \
         RETURNING id, code, person_id, hall_id",
    )
    .bind(before.as_microsecond())
    .bind(now.as_microsecond())
    .fetch_all(&mut **tx)
    .await
}

/// Person, hall and code of the visits missed since `since` that no block counts yet, the oldest first.
pub async fn uncounted(tx: &mut Tx, since: Timestamp) -> Result<Vec<(String, String, String, i64)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT a.person_id, a.hall_id, a.code, a.no_show_at FROM appointment a \
         WHERE a.state = 'no_show' AND a.no_show_at > $1 AND NOT EXISTS (SELECT 1 FROM booking_block b \
         WHERE b.person_id = a.person_id AND b.hall_id = a.hall_id AND b.created_at >= a.no_show_at) \
         ORDER BY a.person_id, a.hall_id, a.no_show_at",
    )
    .bind(since.as_microsecond())
    .fetch_all(&mut **tx)
    .await
}

/// Writes a block down.
pub async fn insert(
    tx: &mut Tx,
    id: &str,
    (person_id, hall_id): (&str, &str),
    ends_at: Timestamp,
    missed: &[String],
    now: Timestamp,
) -> anyhow::Result<()> {
    sqlx::query(
        "INSERT INTO booking_block (id, person_id, hall_id, starts_at, ends_at, missed, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $4)",
    )
    .bind(id)
    .bind(person_id)
    .bind(hall_id)
    .bind(now.as_microsecond())
    .bind(ends_at.as_microsecond())
    .bind(serde_json::to_string(missed)?)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// A block as one row: itself, its holder's name and masked number, who decided.
type Row = (Block, String, String, String);

/// The blocks of a hall that stand, wait for a decision or were decided, the longest waiting first; at most 300.
pub async fn of_hall(db: &Db, hall_id: &str, now: Timestamp) -> Result<Vec<Row>, sqlx::Error> {
    #[derive(sqlx::FromRow)]
    struct Joined {
        #[sqlx(flatten)]
        block: Block,
        name: String,
        phone_masked: String,
        decider: String,
    }
    let rows: Vec<Joined> = sqlx::query_as(
        "SELECT b.id, b.person_id, b.hall_id, b.ends_at, b.missed, b.appeal, b.decision, b.decision_reason, p.name, \
         p.phone_masked, COALESCE(d.name, '') AS decider FROM booking_block b JOIN person p ON p.id = b.person_id \
         LEFT JOIN person d ON d.id = b.decided_by WHERE b.hall_id = $1 AND (b.ends_at > $2 OR b.decision <> '' \
         OR b.appeal <> '') ORDER BY COALESCE(b.decided_at, 0) DESC, COALESCE(b.appealed_at, b.created_at), b.id LIMIT 300",
    )
    .bind(hall_id)
    .bind(now.as_microsecond())
    .fetch_all(db.read())
    .await?;
    Ok(rows.into_iter().map(|row| (row.block, row.name, row.phone_masked, row.decider)).collect())
}

/// How many appeals of a hall nobody has decided, and since when the oldest waits, in microseconds.
pub async fn appealed(db: &Db, hall_id: &str) -> Result<(i64, Option<i64>), sqlx::Error> {
    sqlx::query_as(
        "SELECT CAST(COUNT(*) AS BIGINT), MIN(appealed_at) FROM booking_block \
         WHERE hall_id = $1 AND appealed_at IS NOT NULL AND decision = ''",
    )
    .bind(hall_id)
    .fetch_one(db.read())
    .await
}

/// Writes a decision down, once. `false`: somebody has decided before.
pub async fn decide(
    tx: &mut Tx,
    id: &str,
    (decision, reason): (&str, &str),
    by: &str,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE booking_block SET decision = $2, decision_reason = $3, decided_by = $4, decided_at = $5 \
         WHERE id = $1 AND decision = ''",
    )
    .bind(id)
    .bind(decision)
    .bind(reason)
    .bind(by)
    .bind(now.as_microsecond())
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// A missed visit.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct MissedVisit {
    /// Its code.
    pub code: String,
    /// Title of its item.
    pub title: String,
    /// In English.
    pub title_en: String,
    /// Begin, in microseconds.
    pub starts_at: i64,
}

/// The visits with these codes, in the order of the codes.
pub async fn missed_visits(db: &Db, codes: &[String]) -> Result<Vec<MissedVisit>, sqlx::Error> {
    let mut found = Vec::with_capacity(codes.len());
    for code in codes {
        let row = sqlx::query_as(
            "SELECT a.code, i.title, i.title_en, a.starts_at FROM appointment a \
             JOIN service_item i ON i.id = a.item_id WHERE a.code = $1",
        )
        .bind(code)
        .fetch_optional(db.read())
        .await?;
        found.extend(row);
    }
    Ok(found)
}
