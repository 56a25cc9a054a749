//! Ratings of reports: those that wait for an answer, and the newest.

use super::{Reach, bound, store};
use crate::{
    db::Db,
    reports::{conditions::Conditions, store::Report},
};

/// Ratings shown at once.
const SHOWN: i64 = 100;
/// A bad rating without an answer, in the words of the index over them.
const WAITS: &str = "r.stars < 3 AND r.stars_answered_at IS NULL";

/// Rated reports in these places: bad ratings without an answer, the oldest first, then the others, the newest first; at
/// most 100 of each.
pub async fn rated(db: &Db, reach: &Reach) -> Result<Vec<Report>, sqlx::Error> {
    let mut ids: Vec<String> = Vec::new();
    let rest = format!("r.rated_at IS NOT NULL AND NOT ({WAITS})");
    for (condition, down) in [(WAITS, ""), (rest.as_str(), " DESC")] {
        let mut conditions = Conditions::default();
        conditions.sql.push(condition.to_owned());
        let order = (format!("r.rated_at{down}, r.id{down}"), format!("key{down}, id{down}"));
        let Some(sql) = conditions.first(reach, "r.id AS id, r.rated_at AS key", (&order.0, &order.1), ("", SHOWN))
        else {
            return Ok(Vec::new());
        };
        let query = sqlx::query_as::<_, (String, i64)>(sqlx::AssertSqlSafe(sql));
        let found = bound!(query, conditions).fetch_all(db.read()).await?;
        ids.extend(found.into_iter().map(|(id, _)| id));
    }
    store::by_ids(db, &ids).await
}

/// How many bad ratings in these places have no answer, and when the oldest was given, in microseconds.
pub async fn ratings_waiting(db: &Db, reach: &Reach) -> Result<(i64, Option<i64>), sqlx::Error> {
    let mut conditions = Conditions::default();
    let parts = conditions.parts(reach);
    if parts.is_empty() {
        return Ok((0, None));
    }
    let here = parts.iter().map(|part| format!("({part})")).collect::<Vec<_>>().join(" OR ");
    let sql = format!("SELECT CAST(COUNT(*) AS BIGINT), MIN(r.rated_at) FROM report r WHERE {WAITS} AND ({here})");
    let query = sqlx::query_as(sqlx::AssertSqlSafe(sql));
    bound!(query, conditions).fetch_one(db.read()).await
}
