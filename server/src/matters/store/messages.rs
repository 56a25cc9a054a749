//! Messages to platforms, and what was taken from them.

use crate::{
    clock,
    db::{Db, Tx},
};
use jiff::Timestamp;

/// A message.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Message {
    /// Its id.
    pub id: String,
    /// The platform.
    pub platform_id: String,
    /// The matter.
    pub matter_id: String,
    /// Number of the matter.
    pub number: String,
    /// The step it tells; empty: the matter is sent.
    pub step: String,
    /// What is sent.
    pub body: String,
    /// `queued`, `done`, `dead` or `held`.
    pub state: String,
    /// How often it was tried in this round.
    pub attempts: i64,
    /// Which round of attempts.
    pub round: i64,
    /// Status of the last answer; 0: none.
    pub status: i64,
    /// What went wrong last.
    pub error: String,
    /// Microseconds.
    pub created_at: i64,
    /// When it was last tried, in microseconds.
    pub tried_at: Option<i64>,
}

const SELECT: &str = "SELECT d.id, d.platform_id, d.matter_id, m.number, d.step, d.body, d.state, d.attempts, d.round, \
    d.status, d.error, d.created_at, d.tried_at FROM platform_message d JOIN matter m ON m.id = d.matter_id";

/// Writes down a message that is to be sent; gives its id.
pub async fn insert(
    tx: &mut Tx,
    (platform, matter): (&str, &str),
    (step, body): (&str, &str),
    now: Timestamp,
) -> Result<String, sqlx::Error> {
    let id = clock::new_id(now);
    sqlx::query(
        "INSERT INTO platform_message (id, platform_id, matter_id, step, body, state, created_at) \
         VALUES ($1, $2, $3, $4, $5, 'queued', $6)",
    )
    .bind(&id)
    .bind(platform)
    .bind(matter)
    .bind(step)
    .bind(body)
    .bind(now.as_microsecond())
    .execute(&mut **tx)
    .await?;
    Ok(id)
}

/// The message with this id.
pub async fn by_id(db: &Db, id: &str) -> Result<Option<Message>, sqlx::Error> {
    let sql = format!("{SELECT} WHERE d.id = $1");
    sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(id).fetch_optional(db.read()).await
}

/// A platform's messages, the newest first, at most 100; those that were given up before all others.
pub async fn of_platform(db: &Db, platform: &str) -> Result<Vec<Message>, sqlx::Error> {
    let sql = format!(
        "{SELECT} WHERE d.platform_id = $1 ORDER BY CASE WHEN d.state = 'dead' THEN 0 ELSE 1 END, d.created_at DESC, \
         d.id DESC LIMIT 100"
    );
    sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(platform).fetch_all(db.read()).await
}

/// How many messages about a matter were given up or held.
pub async fn unsent(db: &Db, matter: &str) -> Result<i64, sqlx::Error> {
    let (count,): (i64,) = sqlx::query_as(
        "SELECT CAST(COUNT(*) AS BIGINT) FROM platform_message WHERE matter_id = $1 AND state IN ('dead', 'held')",
    )
    .bind(matter)
    .fetch_one(db.read())
    .await?;
    Ok(count)
}

/// What became of a try.
pub struct Outcome<'a> {
    /// `queued` (another try follows), `done`, `dead` or `held`.
    pub state: &'a str,
    /// Status of the answer; 0: none.
    pub status: i64,
    /// What went wrong.
    pub error: &'a str,
    /// Something was sent.
    pub tried: bool,
}

/// Writes down what became of a try.
pub async fn note_outcome(tx: &mut Tx, id: &str, outcome: Outcome<'_>, now: Timestamp) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE platform_message SET state = $2, status = $3, error = $4, attempts = attempts + $5, \
         tried_at = CASE WHEN $5 = 1 THEN $6 ELSE tried_at END WHERE id = $1 AND state = 'queued'",
    )
    .bind(id)
    .bind(outcome.state)
    .bind(outcome.status)
    .bind(outcome.error)
    .bind(i64::from(outcome.tried))
    .bind(now.as_microsecond())
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Begins another round of attempts; gives its number. `None`: it is under way or was sent, or is not this platform's.
pub async fn again(tx: &mut Tx, platform: &str, id: &str) -> Result<Option<i64>, sqlx::Error> {
    let row: Option<(i64,)> = sqlx::query_as(
        "UPDATE platform_message SET state = 'queued', attempts = 0, round = round + 1, error = '' \
         WHERE id = $1 AND platform_id = $2 AND state IN ('dead', 'held') RETURNING round",
    )
    .bind(id)
    .bind(platform)
    .fetch_optional(&mut **tx)
    .await?;
    Ok(row.map(|(round,)| round))
}

/// Takes a message of a platform; `false`: it was taken before.
pub async fn see(tx: &mut Tx, platform: &str, message: &str, now: Timestamp) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "INSERT INTO platform_seen (platform_id, message_id, at) VALUES ($1, $2, $3) \
         ON CONFLICT (platform_id, message_id) DO NOTHING",
    )
    .bind(platform)
    .bind(message)
    .bind(now.as_microsecond())
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Forgets what is older: messages that were sent, and ids that are too old to be sent again.
pub async fn forget(db: &Db, sent: Timestamp, seen: Timestamp) -> Result<(), sqlx::Error> {
    let mut tx = db.begin().await?;
    sqlx::query("DELETE FROM platform_message WHERE created_at < $1 AND state = 'done'")
        .bind(sent.as_microsecond())
        .execute(&mut *tx)
        .await?;
    sqlx::query("DELETE FROM platform_seen WHERE at < $1").bind(seen.as_microsecond()).execute(&mut *tx).await?;
    tx.commit().await
}
