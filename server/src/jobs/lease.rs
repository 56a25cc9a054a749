//! Who has a job: a server claims it for a while and says again and again that it lives.

use crate::{app_state::App, db::dialect};
use jiff::SignedDuration;
use std::time::Duration;

/// A server that claimed a job and died loses it after so long.
const LEASE: SignedDuration = SignedDuration::from_mins(5);
/// One that lives says so often enough that four times may fail.
pub const RENEW: Duration = Duration::from_secs(60);

/// A job that this server has.
pub struct Claimed {
    /// Its id.
    pub id: String,
    /// The job as it was queued.
    pub payload: String,
    /// Every claim counts one up: a job with another number is another server's.
    pub attempts: i64,
}

/// Claims the job that is due longest, if there is one.
pub async fn claim(app: &App) -> anyhow::Result<Option<Claimed>> {
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    let sql = format!(
        "UPDATE job SET state = 'running', attempts = attempts + 1, locked_until = $1 WHERE id = ( \
         SELECT id FROM job WHERE (state = 'queued' AND run_at <= $2) OR (state = 'running' AND locked_until <= $2) \
         ORDER BY run_at LIMIT 1{}) RETURNING id, payload, attempts",
        dialect::skip_locked(app.db.engine())
    );
    let row: Option<(String, String, i64)> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind((now + LEASE).as_microsecond())
        .bind(now.as_microsecond())
        .fetch_optional(&mut *tx)
        .await?;
    tx.commit().await?;
    Ok(row.map(|(id, payload, attempts)| Claimed { id, payload, attempts }))
}

/// Makes the lease of a job as long as it was at first. `false`: another server has the job.
async fn renew(app: &App, claimed: &Claimed) -> Result<bool, sqlx::Error> {
    let mut tx = app.db.begin().await?;
    let done = sqlx::query("UPDATE job SET locked_until = $1 WHERE id = $2 AND state = 'running' AND attempts = $3")
        .bind((app.clock.now() + LEASE).as_microsecond())
        .bind(&claimed.id)
        .bind(claimed.attempts)
        .execute(&mut *tx)
        .await?;
    tx.commit().await?;
    Ok(done.rows_affected() == 1)
}

/// Renews the lease of a job again and again. Ends when another server has the job.
pub async fn hold(app: &App, claimed: &Claimed, every: Duration) {
    loop {
        tokio::time::sleep(every).await;
        match renew(app, claimed).await {
            Ok(true) => {}
            Ok(false) => return,
            // Whose it is will be known when the database answers again.
            Err(error) => tracing::warn!(job = %claimed.id, %error, "the lease of a job was not renewed"),
        }
    }
}
