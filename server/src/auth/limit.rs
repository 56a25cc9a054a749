//! Limits that hold over several servers: counters in the database, decided in one statement.

use crate::{
    db::{Db, Tx},
    http::{
        Error,
        notes::{self, Used},
    },
};
use jiff::Timestamp;

/// At most `max` uses in each window of `seconds`.
#[derive(Clone, Copy, Debug)]
pub struct Limit {
    /// What is limited, the first part of the counter's name.
    pub what: &'static str,
    /// Uses per window.
    pub max: i64,
    /// Length of the window, in seconds.
    pub seconds: i64,
}

impl Limit {
    /// Counts one use by `whom` (an id or a keyed hash, never a phone number) and refuses it with the time to wait
    /// when the window is full.
    pub async fn take(self, db: &Db, whom: &str, now: Timestamp) -> Result<(), Error> {
        let mut tx = db.begin().await?;
        let taken = self.take_in(&mut tx, whom, now).await;
        tx.commit().await?;
        taken
    }

    /// The same in the caller's transaction, for what counts only if it happens: what is undone was not counted.
    pub async fn take_in(self, tx: &mut Tx, whom: &str, now: Timestamp) -> Result<(), Error> {
        let window = now.as_second().div_euclid(self.seconds) * self.seconds;
        let (used,): (i64,) = sqlx::query_as(
            "INSERT INTO rate_limit (name, window_start, used) VALUES ($1, $2, 1) \
             ON CONFLICT (name, window_start) DO UPDATE SET used = rate_limit.used + 1 RETURNING used",
        )
        .bind(format!("{}:{whom}", self.what))
        .bind(window)
        .fetch_one(&mut **tx)
        .await?;
        let wait = window + self.seconds - now.as_second();
        notes::used(Used { limit: self, left: (self.max - used).max(0), reset: wait });
        if used > self.max {
            return Err(Error::TooMany { retry_after: u64::try_from(wait).unwrap_or(1).max(1) });
        }
        Ok(())
    }
}

/// Forgets windows that ended a day ago.
pub async fn sweep(db: &Db, now: Timestamp) -> Result<u64, sqlx::Error> {
    let mut tx = db.begin().await?;
    let done = sqlx::query("DELETE FROM rate_limit WHERE window_start < $1")
        .bind(now.as_second() - 86_400)
        .execute(&mut *tx)
        .await?;
    tx.commit().await?;
    Ok(done.rows_affected())
}
