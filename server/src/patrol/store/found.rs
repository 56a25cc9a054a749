//! Reports that were filed from a point.

use crate::db::{Db, Tx};

/// Ties a report of the plan's community to a point.
pub async fn insert(tx: &mut Tx, walk_id: &str, position: i64, report_id: &str) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO patrol_found (walk_id, position, report_id) SELECT $1, $2, r.id FROM report r, patrol_walk w, patrol_plan p \
         WHERE r.id = $3 AND w.id = $1 AND p.id = w.plan_id AND p.community_id = r.community_id \
         ON CONFLICT (walk_id, position, report_id) DO NOTHING",
    )
    .bind(walk_id)
    .bind(position)
    .bind(report_id)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// A report that was filed from a point.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Found {
    /// The day of the walk.
    pub day: String,
    /// Number of the point, from 0.
    pub position: i64,
    /// The report's code.
    pub code: String,
    /// Id of whoever filed it.
    pub reporter_id: Option<String>,
}

/// The reports of a plan's walks from a day on, in the order of points.
pub async fn of_plan(db: &Db, plan_id: &str, from: &str) -> Result<Vec<Found>, sqlx::Error> {
    sqlx::query_as(
        "SELECT w.day, f.position, r.code, r.reporter_id FROM patrol_found f JOIN patrol_walk w ON w.id = f.walk_id \
         JOIN report r ON r.id = f.report_id WHERE w.plan_id = $1 AND w.day >= $2 ORDER BY w.day, f.position, r.code",
    )
    .bind(plan_id)
    .bind(from)
    .fetch_all(db.read())
    .await
}
