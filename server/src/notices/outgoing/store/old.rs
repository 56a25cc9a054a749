//! What is not kept for ever: who got which message.

use crate::app_state::App;
use jiff::SignedDuration;

/// What became of each message is kept for so long after everybody was told. That a notice was told stays, so that it is
/// never told again.
const KEPT: SignedDuration = SignedDuration::from_hours(24 * 90);
/// So many messages are forgotten in one transaction.
const PIECE: i64 = 2000;
/// So many transactions in one sweep; the rest is for the next.
const PIECES: usize = 50;

/// Forgets messages that were kept long enough. Those that are still to be sent stay.
pub async fn clear(app: &App) -> anyhow::Result<()> {
    let before = (app.clock.now() - KEPT).as_microsecond();
    let notices: Vec<(String,)> = sqlx::query_as(
        "SELECT notice_id FROM notice_fan_out WHERE finished_at < $1 AND cleared_at IS NULL ORDER BY finished_at LIMIT 50",
    )
    .bind(before)
    .fetch_all(app.db.read())
    .await?;
    let mut left = PIECES;
    for (notice_id,) in notices {
        while left > 0 && piece(app, "notice_id = $1 AND finished_at < $2", &notice_id, before).await? == PIECE {
            left -= 1;
        }
        if left == 0 {
            return Ok(());
        }
        let mut tx = app.db.begin().await?;
        sqlx::query("UPDATE notice_fan_out SET cleared_at = $2 WHERE notice_id = $1")
            .bind(&notice_id)
            .bind(app.clock.now().as_microsecond())
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
    }
    // Days' letters.
    while left > 0 && piece(app, "notice_id IS NULL AND $1 = '' AND finished_at < $2", "", before).await? == PIECE {
        left -= 1;
    }
    Ok(())
}

/// Forgets a piece of what has ended and fits; returns how many messages that were.
async fn piece(app: &App, fits: &str, notice_id: &str, before: i64) -> anyhow::Result<i64> {
    let sql = format!(
        "DELETE FROM notice_delivery WHERE id IN (SELECT id FROM notice_delivery WHERE state IN ('delivered', 'failed') \
         AND {fits} LIMIT $3)"
    );
    let mut tx = app.db.begin().await?;
    let done = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(notice_id).bind(before).bind(PIECE).execute(&mut *tx).await?;
    tx.commit().await?;
    Ok(i64::try_from(done.rows_affected()).unwrap_or(PIECE))
}
