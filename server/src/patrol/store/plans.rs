//! Plans and what was looked at.

use crate::{
    clock,
    db::{Db, Tx},
};
use app::patrol::plan::Point;
use jiff::{Timestamp, civil::Date};

/// A plan with its grid.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Plan {
    /// Id.
    pub id: String,
    /// Path of its grid.
    pub path: String,
    /// Name.
    pub name: String,
    /// Days of the week.
    pub weekdays: String,
    /// First day.
    pub from_day: String,
    /// Last day, or empty.
    pub until_day: String,
    /// The lock.
    pub version: i64,
    /// Code of the grid.
    pub grid_code: String,
    /// Chinese name of the grid.
    pub grid_name: String,
    /// English name of the grid.
    pub grid_name_en: String,
    /// Chinese name of the community.
    pub community_name: String,
    /// English name of the community.
    pub community_name_en: String,
}

impl Plan {
    /// First and last day.
    pub fn span(&self) -> (Date, Option<Date>) {
        (self.from_day.parse().unwrap_or(Date::MAX), self.until_day.parse().ok())
    }
}

const SELECT: &str = "SELECT p.id, p.path, p.name, p.weekdays, p.from_day, p.until_day, p.version, g.code AS grid_code, \
    g.name AS grid_name, g.name_en AS grid_name_en, c.name AS community_name, c.name_en AS community_name_en \
    FROM patrol_plan p JOIN organisation g ON g.id = p.grid_id JOIN organisation c ON c.id = p.community_id";

/// The plans whose grids lie under a path, by name; at most 500.
pub async fn under(db: &Db, path: &str) -> Result<Vec<Plan>, sqlx::Error> {
    let sql = format!(
        "{SELECT} WHERE substr(p.path, 1, length($1)) = $1 ORDER BY c.position, g.position, p.name, p.id LIMIT 500"
    );
    sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(path).fetch_all(db.read()).await
}

/// The plan with this id.
pub async fn by_id(db: &Db, id: &str) -> Result<Option<Plan>, sqlx::Error> {
    sqlx::query_as(sqlx::AssertSqlSafe(format!("{SELECT} WHERE p.id = $1"))).bind(id).fetch_optional(db.read()).await
}

/// A plan to be written down.
pub struct New<'a> {
    /// Ids of community and grid.
    pub place: (&'a str, &'a str),
    /// Path of the grid.
    pub path: &'a str,
    /// Name.
    pub name: &'a str,
    /// Days of the week.
    pub weekdays: &'a str,
    /// First day and last day, or empty.
    pub days: (&'a str, &'a str),
    /// Where to look.
    pub points: &'a [Point],
    /// One form makes one.
    pub form_key: &'a str,
    /// Who.
    pub by: &'a str,
}

/// Writes a plan down; gives its id, or `None` when its form has made one before.
pub async fn insert(tx: &mut Tx, new: New<'_>, now: Timestamp) -> Result<Option<String>, sqlx::Error> {
    let id = clock::new_id(now);
    let done = sqlx::query(
        "INSERT INTO patrol_plan (id, community_id, grid_id, path, name, weekdays, from_day, until_day, form_key, created_by, \
         created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (form_key) DO NOTHING",
    )
    .bind(&id)
    .bind(new.place.0)
    .bind(new.place.1)
    .bind(new.path)
    .bind(new.name)
    .bind(new.weekdays)
    .bind(new.days.0)
    .bind(new.days.1)
    .bind(new.form_key)
    .bind(new.by)
    .bind(now.as_microsecond())
    .execute(&mut **tx)
    .await?;
    if done.rows_affected() == 0 {
        return Ok(None);
    }
    points_of(tx, &id, 1, new.points).await?;
    Ok(Some(id))
}

async fn points_of(tx: &mut Tx, plan_id: &str, version: i64, points: &[Point]) -> Result<(), sqlx::Error> {
    for (position, point) in points.iter().enumerate() {
        sqlx::query(
            "INSERT INTO patrol_point (plan_id, version, position, place, look_at) VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(plan_id)
        .bind(version)
        .bind(i64::try_from(position).unwrap_or(0))
        .bind(&point.place)
        .bind(&point.look_at)
        .execute(&mut **tx)
        .await?;
    }
    Ok(())
}

/// Changes a plan that still is as the reader saw it and whose grid stands. Returns whether it did.
pub async fn change(
    tx: &mut Tx,
    (id, version): (&str, i64),
    (name, weekdays): (&str, &str),
    (from, until): (&str, &str),
    points: &[Point],
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE patrol_plan SET name = $3, weekdays = $4, from_day = $5, until_day = $6, version = version + 1 \
         WHERE id = $1 AND version = $2 \
         AND NOT EXISTS (SELECT 1 FROM organisation g WHERE g.id = patrol_plan.grid_id AND g.ended_on IS NOT NULL)",
    )
    .bind(id)
    .bind(version)
    .bind(name)
    .bind(weekdays)
    .bind(from)
    .bind(until)
    .execute(&mut **tx)
    .await?;
    if done.rows_affected() == 0 {
        return Ok(false);
    }
    points_of(tx, id, version + 1, points).await?;
    Ok(true)
}

/// The points of a plan in one of its versions.
pub async fn points(db: &Db, plan_id: &str, version: i64) -> Result<Vec<Point>, sqlx::Error> {
    let rows: Vec<(String, String)> =
        sqlx::query_as("SELECT place, look_at FROM patrol_point WHERE plan_id = $1 AND version = $2 ORDER BY position")
            .bind(plan_id)
            .bind(version)
            .fetch_all(db.read())
            .await?;
    Ok(rows.into_iter().map(|(place, look_at)| Point { place, look_at }).collect())
}

/// A plan on a day.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Walk {
    /// Id.
    pub id: String,
    /// The day.
    pub day: String,
    /// Version of the plan with which it began.
    pub plan_version: i64,
    /// What was written down.
    pub note: String,
    /// When it was ended.
    pub done_at: Option<i64>,
    /// Points looked at.
    pub looked: i64,
    /// Points at which something was found.
    pub found: i64,
    /// Points of that version.
    pub points: i64,
}

const WALK: &str = "SELECT w.id, w.day, w.plan_version, w.note, w.done_at, \
    (SELECT CAST(COUNT(*) AS BIGINT) FROM patrol_look l WHERE l.walk_id = w.id) AS looked, \
    (SELECT CAST(COUNT(*) AS BIGINT) FROM patrol_look l WHERE l.walk_id = w.id AND l.state = 'found') AS found, \
    (SELECT CAST(COUNT(*) AS BIGINT) FROM patrol_point q WHERE q.plan_id = w.plan_id AND q.version = w.plan_version) AS points \
    FROM patrol_walk w";

/// A plan's last days, newest first; at most 60.
pub async fn walks(db: &Db, plan_id: &str) -> Result<Vec<Walk>, sqlx::Error> {
    let sql = format!("{WALK} WHERE w.plan_id = $1 ORDER BY w.day DESC LIMIT 60");
    sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(plan_id).fetch_all(db.read()).await
}

/// A plan's walk on a day.
pub async fn walk(db: &Db, plan_id: &str, day: &str) -> Result<Option<Walk>, sqlx::Error> {
    let sql = format!("{WALK} WHERE w.plan_id = $1 AND w.day = $2");
    sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(plan_id).bind(day).fetch_optional(db.read()).await
}

/// What was looked at: position and state.
pub async fn looks(db: &Db, walk_id: &str) -> Result<Vec<(i64, String)>, sqlx::Error> {
    sqlx::query_as("SELECT position, state FROM patrol_look WHERE walk_id = $1 ORDER BY position")
        .bind(walk_id)
        .fetch_all(db.read())
        .await
}

/// Begins the day's walk if nobody has, and gives its id, the version of its points and whether it was ended.
pub async fn begin(
    tx: &mut Tx,
    (plan_id, version): (&str, i64),
    day: &str,
    by: &str,
    now: Timestamp,
) -> Result<(String, i64, bool), sqlx::Error> {
    let (id, version, done): (String, i64, Option<i64>) = sqlx::query_as(
        "INSERT INTO patrol_walk (id, plan_id, day, plan_version, walker_id) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (plan_id, day) DO UPDATE SET walker_id = CASE WHEN patrol_walk.done_at IS NULL THEN $5 \
         ELSE patrol_walk.walker_id END RETURNING id, plan_version, done_at",
    )
    .bind(clock::new_id(now))
    .bind(plan_id)
    .bind(day)
    .bind(version)
    .bind(by)
    .fetch_one(&mut **tx)
    .await?;
    Ok((id, version, done.is_some()))
}

/// Writes down how a point looked; the last word counts. Returns whether the walk has such a point.
pub async fn look(
    tx: &mut Tx,
    (walk_id, plan_id, version): (&str, &str, i64),
    position: i64,
    state: &str,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "INSERT INTO patrol_look (walk_id, position, state, at) SELECT $1, q.position, $5, $6 FROM patrol_point q \
         WHERE q.plan_id = $2 AND q.version = $3 AND q.position = $4 \
         ON CONFLICT (walk_id, position) DO UPDATE SET state = $5, at = $6",
    )
    .bind(walk_id)
    .bind(plan_id)
    .bind(version)
    .bind(position)
    .bind(state)
    .bind(now.as_microsecond())
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Ends a walk. Returns whether it was still going on.
pub async fn end(tx: &mut Tx, walk_id: &str, note: &str, now: Timestamp) -> Result<bool, sqlx::Error> {
    let done = sqlx::query("UPDATE patrol_walk SET note = $2, done_at = $3 WHERE id = $1 AND done_at IS NULL")
        .bind(walk_id)
        .bind(note)
        .bind(now.as_microsecond())
        .execute(&mut **tx)
        .await?;
    Ok(done.rows_affected() == 1)
}
