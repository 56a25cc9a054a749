//! Grids in the database.

mod around;
pub mod changes;
pub mod contacts;
pub mod duty;
mod ending;
pub mod force;
mod past;
pub mod paths;

pub use around::around;
pub use past::roster_on;

use crate::{
    db::{Db, Tx},
    reports::{
        self,
        queue::{DEADLINE, RUNNING},
        store::Report,
    },
};
use app::grids::outline::Corner;
use jiff::Timestamp;

/// States in which a report is over.
pub const OVER: &str = "('closed', 'rejected', 'withdrawn', 'merged')";

/// A grid with the community around it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Grid {
    /// Id.
    pub id: String,
    /// Code in addresses.
    pub code: String,
    /// Path.
    pub path: String,
    /// Chinese name.
    pub name: String,
    /// English name, may be empty.
    pub name_en: String,
    /// JSON array of [longitude, latitude], closed.
    pub outline: Option<String>,
    /// The lock of the outline.
    pub outline_version: i64,
    /// The day from which it is no more.
    pub ended_on: Option<String>,
    /// Id of the community.
    pub community_id: String,
    /// Path of the community.
    pub community_path: String,
    /// Chinese name of the community.
    pub community_name: String,
    /// English name of the community.
    pub community_name_en: String,
}

impl Grid {
    /// Its corners, closed; empty without an outline.
    pub fn corners(&self) -> Vec<Corner> {
        self.outline.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()
    }
}

const SELECT: &str = "SELECT g.id, g.code, g.path, g.name, g.name_en, g.outline, g.outline_version, g.ended_on, \
    c.id AS community_id, c.path AS community_path, c.name AS community_name, c.name_en AS community_name_en \
    FROM organisation g JOIN organisation c ON c.id = g.parent_id WHERE g.kind = 'grid'";

/// The grid with this code, also one that has ended.
pub async fn by_code(db: &Db, code: &str) -> Result<Option<Grid>, sqlx::Error> {
    let sql = format!("{SELECT} AND g.code = $1");
    sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(code).fetch_optional(db.read()).await
}

/// The grid with this path, also one that has ended.
pub async fn by_path(db: &Db, path: &str) -> Result<Option<Grid>, sqlx::Error> {
    let sql = format!("{SELECT} AND g.path = $1");
    sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(path).fetch_optional(db.read()).await
}

/// All grids of a community, also those that have ended.
pub async fn of_community(db: &Db, community_id: &str) -> Result<Vec<Grid>, sqlx::Error> {
    let sql = format!("{SELECT} AND c.id = $1 ORDER BY g.position, g.code");
    sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(community_id).fetch_all(db.read()).await
}

/// The condition that a grid `g` lies under one of so many paths, the first bound as `$first`.
pub(super) fn under(first: usize, count: usize) -> String {
    let each: Vec<String> = (first..first + count).map(|n| format!("substr(g.path, 1, length(${n})) = ${n}")).collect();
    if each.is_empty() { "1 = 0".to_owned() } else { format!("({})", each.join(" OR ")) }
}

/// Grids under these paths, community by community, also those that have ended.
pub async fn in_scopes(db: &Db, scopes: &[&str]) -> Result<Vec<Grid>, sqlx::Error> {
    let sql = format!("{SELECT} AND {} ORDER BY c.path, g.position, g.code", under(1, scopes.len()));
    let mut query = sqlx::query_as(sqlx::AssertSqlSafe(sql));
    for scope in scopes {
        query = query.bind(*scope);
    }
    query.fetch_all(db.read()).await
}

/// Buildings and households of a grid.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Sums {
    /// Id of the grid.
    pub grid_id: String,
    /// Buildings.
    pub buildings: i64,
    /// Households.
    pub households: i64,
}

/// Buildings and households of the grids under these paths that have any.
pub async fn sums(db: &Db, scopes: &[&str]) -> Result<Vec<Sums>, sqlx::Error> {
    let sql = format!(
        "SELECT g.id AS grid_id, CAST(COUNT(*) AS BIGINT) AS buildings, \
         CAST(COALESCE(SUM(b.households), 0) AS BIGINT) AS households \
         FROM organisation g JOIN organisation b ON b.parent_id = g.id AND b.kind = 'building' \
         WHERE g.kind = 'grid' AND {} GROUP BY g.id",
        under(1, scopes.len())
    );
    let mut query = sqlx::query_as(sqlx::AssertSqlSafe(sql));
    for scope in scopes {
        query = query.bind(*scope);
    }
    query.fetch_all(db.read()).await
}

/// Open reports of a grid: whose work it is now, not where they were filed.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct OpenCount {
    /// Id of the grid.
    pub grid_id: String,
    /// Open ones.
    pub open: i64,
    /// Of these: overdue, as the desk's own filter counts them.
    pub late: i64,
}

/// Open reports of the grids under these paths that have any.
pub async fn open_counts(db: &Db, scopes: &[&str], now: Timestamp) -> Result<Vec<OpenCount>, sqlx::Error> {
    let sql = format!(
        "SELECT g.id AS grid_id, CAST(COUNT(*) AS BIGINT) AS open, \
         CAST(SUM(CASE WHEN {RUNNING} AND {DEADLINE} < $1 THEN 1 ELSE 0 END) AS BIGINT) AS late \
         FROM organisation g JOIN report r ON r.community_id = g.parent_id \
         AND substr(r.path, 1, length(g.path)) = g.path AND r.state NOT IN {OVER} \
         WHERE g.kind = 'grid' AND {} GROUP BY g.id",
        under(2, scopes.len())
    );
    let mut query = sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(now.as_microsecond());
    for scope in scopes {
        query = query.bind(*scope);
    }
    query.fetch_all(db.read()).await
}

/// The most urgent open reports of a grid.
pub async fn open_reports(db: &Db, grid: &Grid, most: i64) -> Result<Vec<Report>, sqlx::Error> {
    let sql = format!(
        "{} WHERE r.community_id = $1 AND substr(r.path, 1, length($2)) = $2 AND r.state NOT IN {OVER} \
         ORDER BY {DEADLINE}, r.filed_at, r.id LIMIT $3",
        reports::store::select()
    );
    sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(&grid.community_id)
        .bind(&grid.path)
        .bind(most)
        .fetch_all(db.read())
        .await
}

/// Open reports of the buildings of a grid: id of the building, how many.
pub async fn open_of_buildings(db: &Db, grid: &Grid) -> Result<Vec<(String, i64)>, sqlx::Error> {
    let sql = format!(
        "SELECT r.building_id, CAST(COUNT(*) AS BIGINT) FROM report r WHERE r.community_id = $1 \
         AND substr(r.path, 1, length($2)) = $2 AND r.state NOT IN {OVER} AND r.building_id IS NOT NULL \
         GROUP BY r.building_id"
    );
    sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(&grid.community_id).bind(&grid.path).fetch_all(db.read()).await
}

/// A building.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Building {
    /// Id.
    pub id: String,
    /// Code.
    pub code: String,
    /// Chinese name.
    pub name: String,
    /// English name, may be empty.
    pub name_en: String,
    /// Households.
    pub households: i64,
    /// WGS-84.
    pub longitude: Option<f64>,
    /// WGS-84.
    pub latitude: Option<f64>,
    /// Id of the grid that it belongs to now.
    pub grid_id: String,
}

impl Building {
    /// Where it is.
    pub fn at(&self) -> Option<Corner> {
        Some([self.longitude?, self.latitude?])
    }
}

const BUILDING: &str = "SELECT b.id, b.code, b.name, b.name_en, b.households, b.longitude, b.latitude, \
    b.parent_id AS grid_id FROM organisation b WHERE b.kind = 'building' AND b.parent_id IS NOT NULL";

/// The grid's id of a building `b` on the day `$1`.
const GRID_ON: &str = "COALESCE((SELECT h.grid_id FROM grid_building h WHERE h.building_id = b.id AND h.from_day <= $1 \
    AND (h.until_day IS NULL OR h.until_day > $1)), b.parent_id)";

/// All buildings of a community, in their order.
pub async fn buildings(db: &Db, community_path: &str) -> Result<Vec<Building>, sqlx::Error> {
    let sql = format!("{BUILDING} AND substr(b.path, 1, length($1)) = $1 ORDER BY b.position, b.code");
    sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(community_path).fetch_all(db.read()).await
}

/// The buildings that a grid had on a day (YYYY-MM-DD).
pub async fn buildings_on(db: &Db, grid: &Grid, day: &str) -> Result<Vec<Building>, sqlx::Error> {
    let sql =
        format!("{BUILDING} AND substr(b.path, 1, length($2)) = $2 AND {GRID_ON} = $3 ORDER BY b.position, b.code");
    sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(day)
        .bind(&grid.community_path)
        .bind(&grid.id)
        .fetch_all(db.read())
        .await
}

/// The grid that a building belonged to on a day (YYYY-MM-DD): id. `None`: there is no such building.
pub async fn grid_of(db: &Db, building_id: &str, day: &str) -> Result<Option<String>, sqlx::Error> {
    let sql = format!("SELECT {GRID_ON} FROM organisation b WHERE b.id = $2 AND b.kind = 'building'");
    let row: Option<(String,)> =
        sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(day).bind(building_id).fetch_optional(db.read()).await?;
    Ok(row.map(|(id,)| id))
}

/// Gives a grid an outline, if it still is as the reader saw it and has not ended. Returns whether it did.
pub async fn draw(tx: &mut Tx, (id, version): (&str, i64), corners: &[Corner]) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE organisation SET outline = $3, outline_version = outline_version + 1 \
         WHERE id = $1 AND outline_version = $2 AND ended_on IS NULL",
    )
    .bind(id)
    .bind(version)
    .bind(serde_json::json!(corners).to_string())
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// An entry of a grid's history: what was done to it, by whom, when.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Done {
    /// Microseconds.
    pub at: i64,
    /// As the audit log names it.
    pub action: String,
    /// Name of who did it; may be empty.
    pub name: String,
}

/// The latest entries of the audit log about a grid, looks at it left out.
pub async fn history(db: &Db, grid_id: &str, most: i64) -> Result<Vec<Done>, sqlx::Error> {
    sqlx::query_as(
        "SELECT a.at, a.action, COALESCE(p.name, '') AS name FROM audit_log a LEFT JOIN person p ON p.id = a.actor_id \
         WHERE a.object_kind = 'grid' AND a.object_id = $1 AND a.action NOT IN ('grid.see_contacts', 'grid.see_number') \
         ORDER BY a.at DESC, a.id DESC LIMIT $2",
    )
    .bind(grid_id)
    .bind(most)
    .fetch_all(db.read())
    .await
}
