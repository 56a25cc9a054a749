//! What staff decided on voices that look like one household.

use crate::db::{Db, Tx};
use jiff::Timestamp;

/// A decision.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Decided {
    /// The older voice.
    pub first_id: String,
    /// The younger voice.
    pub second_id: String,
    /// The voice that does not count; `None`: both count.
    pub struck_id: Option<String>,
    /// Why.
    pub reason: String,
}

/// All decisions of a consultation.
pub async fn all(db: &Db, consultation: &str) -> Result<Vec<Decided>, sqlx::Error> {
    sqlx::query_as(
        "SELECT first_id, second_id, struck_id, reason FROM consultation_pair WHERE consultation_id = $1 \
         ORDER BY first_id, second_id",
    )
    .bind(consultation)
    .fetch_all(db.read())
    .await
}

/// How many voices of a consultation were struck.
pub async fn struck(db: &Db, consultation: &str) -> Result<i64, sqlx::Error> {
    let (count,): (i64,) = sqlx::query_as(
        "SELECT CAST(COUNT(DISTINCT struck_id) AS BIGINT) FROM consultation_pair WHERE consultation_id = $1",
    )
    .bind(consultation)
    .fetch_one(db.read())
    .await?;
    Ok(count)
}

/// Writes a decision down; the latest counts.
pub async fn decide(
    tx: &mut Tx,
    consultation: &str,
    decided: &Decided,
    by: &str,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO consultation_pair (consultation_id, first_id, second_id, struck_id, reason, decided_by, decided_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (consultation_id, first_id, second_id) \
         DO UPDATE SET struck_id = $4, reason = $5, decided_by = $6, decided_at = $7",
    )
    .bind(consultation)
    .bind(&decided.first_id)
    .bind(&decided.second_id)
    .bind(&decided.struck_id)
    .bind(&decided.reason)
    .bind(by)
    .bind(now.as_microsecond())
    .execute(&mut **tx)
    .await?;
    Ok(())
}
