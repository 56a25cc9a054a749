//! 延时 in the database.

use crate::db::Db;

/// The extension of a report that waits for a decision: hours and reason.
pub async fn waiting(db: &Db, report_id: &str) -> Result<Option<(i64, String)>, sqlx::Error> {
    sqlx::query_as("SELECT hours, reason FROM report_extension WHERE report_id = $1 AND decision = ''")
        .bind(report_id)
        .fetch_optional(db.read())
        .await
}
