//! 延时 in the database.

use crate::db::Db;

/// The extension of a report that waits for a decision: hours and reason.
pub async fn waiting(db: &Db, report_id: &str) -> Result<Option<(i64, String)>, sqlx::Error> {
    sqlx::query_as("SELECT hours, reason FROM report_extension WHERE report_id = $1 AND decision = ''")
        .bind(report_id)
        .fetch_optional(db.read())
        .await
}

/// Extensions of a report that were granted: when, in microseconds, and hours.
pub async fn granted(db: &Db, report_id: &str) -> Result<Vec<(i64, i64)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT decided_at, hours FROM report_extension WHERE report_id = $1 AND decision = 'granted' \
         AND decided_at IS NOT NULL ORDER BY decided_at",
    )
    .bind(report_id)
    .fetch_all(db.read())
    .await
}
