//! How a notice's messages fare.

use crate::{
    db::{Db, Tx},
    notices::store::list::under_any,
};
use jiff::Timestamp;

/// A number of a notice's messages.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Count {
    /// Channel, as stored.
    pub channel: String,
    /// State, as stored.
    pub state: String,
    /// Kind of failure, as stored.
    pub failure: String,
    /// How many.
    pub count: i64,
}

/// How a notice's messages fare.
pub async fn counts(db: &Db, notice_id: &str) -> Result<Vec<Count>, sqlx::Error> {
    sqlx::query_as(
        "SELECT channel, state, failure, CAST(COUNT(*) AS BIGINT) AS count FROM notice_delivery WHERE notice_id = $1 \
         GROUP BY channel, state, failure",
    )
    .bind(notice_id)
    .fetch_all(db.read())
    .await
}

/// Why a notice's messages failed, or wait for another try.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Reason {
    /// Channel, as stored.
    pub channel: String,
    /// State, as stored.
    pub state: String,
    /// Kind of failure, as stored.
    pub failure: String,
    /// In the other side's words.
    pub reason: String,
    /// How many.
    pub count: i64,
}

/// The reasons, the most frequent first, at most 50.
pub async fn reasons(db: &Db, notice_id: &str) -> Result<Vec<Reason>, sqlx::Error> {
    sqlx::query_as(
        "SELECT channel, state, failure, reason, CAST(COUNT(*) AS BIGINT) AS count FROM notice_delivery \
         WHERE notice_id = $1 AND failure <> '' GROUP BY channel, state, failure, reason \
         ORDER BY count DESC, channel, failure, reason LIMIT 50",
    )
    .bind(notice_id)
    .fetch_all(db.read())
    .await
}

/// Notices under one of `scopes`, published after `since`, with messages that were given up or of which nobody knows whether
/// they went, or with a way on which most were refused: then it is hardly the readers; the latest first.
pub async fn undelivered(db: &Db, scopes: &[&str], since: Timestamp) -> Result<Vec<String>, sqlx::Error> {
    let sql = format!(
        "SELECT n.id FROM notice n JOIN organisation o ON o.id = n.organisation_id WHERE n.published_at > $1 \
         AND n.state IN ('published', 'withdrawn') AND ({}) AND (EXISTS (SELECT 1 FROM notice_delivery d \
         WHERE d.notice_id = n.id AND d.state = 'failed' AND d.failure IN ('temporary', 'unsure')) \
         OR EXISTS (SELECT 1 FROM notice_delivery d WHERE d.notice_id = n.id AND d.state = 'failed' \
         AND d.failure = 'permanent' GROUP BY d.channel HAVING COUNT(*) >= 3 AND 2 * COUNT(*) > (SELECT COUNT(*) \
         FROM notice_delivery e WHERE e.notice_id = n.id AND e.channel = d.channel))) \
         ORDER BY n.published_at DESC, n.id DESC",
        under_any(scopes, 2)
    );
    let mut query = sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(since.as_microsecond());
    for scope in scopes {
        query = query.bind(*scope);
    }
    let rows: Vec<(String,)> = query.fetch_all(db.read()).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// How far telling a notice has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Told {
    /// People told.
    pub people: i64,
    /// That is everybody.
    pub all: bool,
    /// Its messages were kept long enough and are gone.
    pub cleared: bool,
}

/// How far telling a notice has come; `None`: it has not begun.
pub async fn told(db: &Db, notice_id: &str) -> Result<Option<Told>, sqlx::Error> {
    let row: Option<(i64, Option<i64>, Option<i64>)> =
        sqlx::query_as("SELECT people, finished_at, cleared_at FROM notice_fan_out WHERE notice_id = $1")
            .bind(notice_id)
            .fetch_optional(db.read())
            .await?;
    Ok(row.map(|(people, finished, cleared)| Told { people, all: finished.is_some(), cleared: cleared.is_some() }))
}

/// Puts failed messages of a notice back to be sent: those that were refused or given up, or (`unsure`) those of which
/// nobody knows whether they went. Those of a day's letter go by themselves. Returns how many.
pub async fn again(tx: &mut Tx, notice_id: &str, unsure: bool, now: Timestamp) -> Result<u64, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE notice_delivery SET state = 'created', attempts = 0, taken_over = 0, digest_id = NULL, due_at = $2, \
         finished_at = NULL WHERE notice_id = $1 AND state = 'failed' \
         AND ((failure IN ('temporary', 'permanent') AND $3 = 0) OR (failure = 'unsure' AND $3 = 1))",
    )
    .bind(notice_id)
    .bind(now.as_microsecond())
    .bind(i64::from(unsure))
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected())
}
