//! Changes of the net in the database: planned, withdrawn, read. [`super::force`] carries them out.

use crate::{
    clock,
    db::{Db, Tx, marks},
};
use app::grids::change::{Change, Kind, Net, Part, Role};
use jiff::{Timestamp, civil::Date};
use sqlx::AnyConnection;
use std::collections::BTreeMap;

/// The grids of a community that stand, with their buildings.
pub async fn net(connection: &mut AnyConnection, community_id: &str) -> Result<Net, sqlx::Error> {
    let rows: Vec<(String, Option<String>)> = sqlx::query_as(
        "SELECT g.id, b.id FROM organisation g LEFT JOIN organisation b ON b.parent_id = g.id AND b.kind = 'building' \
         WHERE g.parent_id = $1 AND g.kind = 'grid' AND g.ended_on IS NULL",
    )
    .bind(community_id)
    .fetch_all(connection)
    .await?;
    let mut net = Net::new();
    for (grid, building) in rows {
        net.entry(grid).or_default().extend(building);
    }
    Ok(net)
}

/// Whether a change that is planned, other than this one, touches one of these grids.
pub async fn is_planned_beside(tx: &mut Tx, grids: &[&str], id: &str) -> Result<bool, sqlx::Error> {
    if grids.is_empty() {
        return Ok(false);
    }
    let sql = format!(
        "SELECT c.id FROM grid_change c JOIN grid_change_part p ON p.change_id = c.id \
         WHERE c.state = 'planned' AND c.id <> $1 AND p.grid_id IN ({}) LIMIT 1",
        marks(2, grids.len())
    );
    let mut query = sqlx::query_as::<_, (String,)>(sqlx::AssertSqlSafe(sql)).bind(id);
    for grid in grids {
        query = query.bind(*grid);
    }
    Ok(query.fetch_optional(&mut **tx).await?.is_some())
}

/// Writes a change down as planned; gives its id. `None`: this form has planned one before.
pub async fn insert(
    tx: &mut Tx,
    community_id: &str,
    change: &Change,
    (day, reason): (Date, &str),
    (by, key): (&str, &str),
    now: Timestamp,
) -> Result<Option<String>, sqlx::Error> {
    let id = clock::new_id(now);
    let done = sqlx::query(
        "INSERT INTO grid_change (id, community_id, kind, day, state, reason, form_key, planned_by, planned_at) \
         VALUES ($1, $2, $3, $4, 'planned', $5, $6, $7, $8) ON CONFLICT (form_key) DO NOTHING",
    )
    .bind(&id)
    .bind(community_id)
    .bind(change.kind.code())
    .bind(day.to_string())
    .bind(reason)
    .bind(key)
    .bind(by)
    .bind(now.as_microsecond())
    .execute(&mut **tx)
    .await?;
    if done.rows_affected() == 0 {
        return Ok(None);
    }
    for (nth, part) in (0_i64..).zip(&change.parts) {
        sqlx::query(
            "INSERT INTO grid_change_part (change_id, nth, role, grid_id, name, name_en) VALUES ($1, $2, $3, $4, $5, $6)",
        )
        .bind(&id)
        .bind(nth)
        .bind(part.role.code())
        .bind(part.grid.as_deref())
        .bind(&part.name)
        .bind(&part.name_en)
        .execute(&mut **tx)
        .await?;
    }
    for (building, nth) in &change.gives {
        sqlx::query("INSERT INTO grid_change_building (change_id, building_id, nth) VALUES ($1, $2, $3)")
            .bind(&id)
            .bind(building)
            .bind(i64::try_from(*nth).unwrap_or_default())
            .execute(&mut **tx)
            .await?;
    }
    Ok(Some(id))
}

/// The id of the change that this form has planned.
pub async fn by_key(db: &Db, key: &str) -> Result<Option<String>, sqlx::Error> {
    let row: Option<(String,)> =
        sqlx::query_as("SELECT id FROM grid_change WHERE form_key = $1").bind(key).fetch_optional(db.read()).await?;
    Ok(row.map(|(id,)| id))
}

/// Withdraws a change that is still planned. Returns whether it was.
pub async fn withdraw(tx: &mut Tx, id: &str, by: &str, now: Timestamp) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE grid_change SET state = 'withdrawn', withdrawn_by = $2, withdrawn_at = $3 \
         WHERE id = $1 AND state = 'planned'",
    )
    .bind(id)
    .bind(by)
    .bind(now.as_microsecond())
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// A change as it is shown.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Row {
    /// Id.
    pub id: String,
    /// Kind, as stored.
    pub kind: String,
    /// From when it is to be in force.
    pub day: String,
    /// `planned`, `in_force` or `withdrawn`.
    pub state: String,
    /// Why; may be empty.
    pub reason: String,
    /// Id of the community.
    pub community_id: String,
    /// Path of the community.
    pub community_path: String,
    /// Who planned it.
    pub planned_by: Option<String>,
    /// Their name; may be empty.
    pub planner: String,
    /// From when it is in force.
    pub in_force_day: Option<String>,
    /// Its grids.
    #[sqlx(skip)]
    pub parts: Vec<PartRow>,
}

/// A grid in a change.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct PartRow {
    change_id: String,
    /// As stored.
    pub role: String,
    /// Id of the grid; `None`: it will be made.
    pub grid_id: Option<String>,
    /// Its code; empty: it will be made.
    pub code: String,
    /// Chinese name.
    pub name: String,
    /// English name, may be empty.
    pub name_en: String,
}

const SELECT: &str = "SELECT c.id, c.kind, c.day, c.state, c.reason, c.community_id, m.path AS community_path, c.planned_by, \
    COALESCE(p.name, '') AS planner, c.in_force_day FROM grid_change c JOIN organisation m ON m.id = c.community_id \
    LEFT JOIN person p ON p.id = c.planned_by";

async fn with_parts(db: &Db, mut rows: Vec<Row>) -> Result<Vec<Row>, sqlx::Error> {
    if rows.is_empty() {
        return Ok(rows);
    }
    let sql = format!(
        "SELECT p.change_id, p.role, p.grid_id, COALESCE(g.code, '') AS code, COALESCE(g.name, p.name) AS name, \
         COALESCE(g.name_en, p.name_en) AS name_en FROM grid_change_part p LEFT JOIN organisation g ON g.id = p.grid_id \
         WHERE p.change_id IN ({}) ORDER BY p.change_id, p.nth",
        marks(1, rows.len())
    );
    let mut query = sqlx::query_as::<_, PartRow>(sqlx::AssertSqlSafe(sql));
    for row in &rows {
        query = query.bind(row.id.clone());
    }
    let parts = query.fetch_all(db.read()).await?;
    for row in &mut rows {
        row.parts = parts.iter().filter(|part| part.change_id == row.id).cloned().collect();
    }
    Ok(rows)
}

/// The change with this id.
pub async fn by_id(db: &Db, id: &str) -> Result<Option<Row>, sqlx::Error> {
    let sql = format!("{SELECT} WHERE c.id = $1");
    let rows = sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(id).fetch_all(db.read()).await?;
    Ok(with_parts(db, rows).await?.pop())
}

/// The latest changes that touch a grid, those that are planned first.
pub async fn of_grid(db: &Db, grid_id: &str) -> Result<Vec<Row>, sqlx::Error> {
    let sql = format!(
        "{SELECT} WHERE c.id IN (SELECT q.change_id FROM grid_change_part q WHERE q.grid_id = $1) \
         ORDER BY CASE WHEN c.state = 'planned' THEN 0 ELSE 1 END, COALESCE(c.in_force_day, c.day) DESC, c.id DESC LIMIT 50"
    );
    let rows = sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(grid_id).fetch_all(db.read()).await?;
    with_parts(db, rows).await
}

/// Changes that are planned in communities, by day.
pub async fn planned(db: &Db, communities: &[&str]) -> Result<Vec<Row>, sqlx::Error> {
    if communities.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!(
        "{SELECT} WHERE c.state = 'planned' AND c.community_id IN ({}) ORDER BY c.day, c.id LIMIT 100",
        marks(1, communities.len())
    );
    let mut query = sqlx::query_as::<_, Row>(sqlx::AssertSqlSafe(sql));
    for community in communities {
        query = query.bind(*community);
    }
    let rows = query.fetch_all(db.read()).await?;
    with_parts(db, rows).await
}

/// A change as the rules know it.
pub async fn load(connection: &mut AnyConnection, id: &str, kind: Kind) -> Result<Change, sqlx::Error> {
    let parts: Vec<(String, Option<String>, String, String)> =
        sqlx::query_as("SELECT role, grid_id, name, name_en FROM grid_change_part WHERE change_id = $1 ORDER BY nth")
            .bind(id)
            .fetch_all(&mut *connection)
            .await?;
    let gives: Vec<(String, i64)> =
        sqlx::query_as("SELECT building_id, nth FROM grid_change_building WHERE change_id = $1")
            .bind(id)
            .fetch_all(&mut *connection)
            .await?;
    let parts = parts
        .into_iter()
        .map(|(role, grid, name, name_en)| Part {
            role: Role::from_code(&role).unwrap_or(Role::Takes),
            grid,
            name,
            name_en,
        })
        .collect();
    let gives: BTreeMap<String, usize> =
        gives.into_iter().filter_map(|(building, nth)| Some((building, usize::try_from(nth).ok()?))).collect();
    Ok(Change { kind, parts, gives })
}
