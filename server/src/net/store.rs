//! What the net reads beside the figures: the organisations above, households, and the reports behind something unusual.

use crate::{
    db::{Db, marks},
    places::Organisation,
};
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// The organisations above a place, from the top.
pub async fn above(db: &Db, path: &str) -> Result<Vec<Organisation>, sqlx::Error> {
    let above: Vec<&str> = path.match_indices('/').map(|(at, _)| &path[..=at]).filter(|part| *part != path).collect();
    if above.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!(
        "SELECT o.id, o.kind, o.code, o.parent_id, o.path, o.name, o.name_en, o.phone, o.address, o.address_en, \
         o.households, o.longitude, o.latitude, o.outline, o.position FROM organisation o WHERE o.path IN ({}) \
         ORDER BY length(o.path)",
        marks(1, above.len())
    );
    let mut query = sqlx::query_as(sqlx::AssertSqlSafe(sql));
    for path in above {
        query = query.bind(path);
    }
    query.fetch_all(db.read()).await
}

/// Grids under a path that are no more, by path: what was filed in them is still counted as theirs.
pub async fn ended_grids(db: &Db, path: &str) -> Result<Vec<Organisation>, sqlx::Error> {
    sqlx::query_as(
        "SELECT o.id, o.kind, o.code, o.parent_id, o.path, o.name, o.name_en, o.phone, o.address, o.address_en, \
         o.households, o.longitude, o.latitude, o.outline, o.position FROM organisation o \
         WHERE o.kind = 'grid' AND o.ended_on IS NOT NULL AND substr(o.path, 1, length($1)) = $1 ORDER BY o.path",
    )
    .bind(path)
    .fetch_all(db.read())
    .await
}

/// Which grids took over when others ended.
pub struct TookOver(BTreeMap<String, Vec<String>>);

impl TookOver {
    /// Ids of all that a grid became, through however many changes; some of them may have ended as well, and the grid itself is
    /// among them.
    pub fn became<'a>(&'a self, grid: &'a str) -> BTreeSet<&'a str> {
        let (mut seen, mut todo) = (BTreeSet::new(), vec![grid]);
        while let Some(id) = todo.pop() {
            if seen.insert(id) {
                todo.extend(self.0.get(id).into_iter().flatten().map(String::as_str));
            }
        }
        seen
    }
}

/// What took over from the grids under a path that ended.
pub async fn took_over(db: &Db, path: &str) -> Result<TookOver, sqlx::Error> {
    let pairs: Vec<(String, String)> = sqlx::query_as(
        "SELECT e.grid_id, t.grid_id FROM grid_change_part e JOIN grid_change c ON c.id = e.change_id \
         JOIN grid_change_part t ON t.change_id = e.change_id JOIN organisation g ON g.id = e.grid_id \
         WHERE e.role = 'ends' AND c.state = 'in_force' AND t.role = 'takes' AND substr(g.path, 1, length($1)) = $1",
    )
    .bind(path)
    .fetch_all(db.read())
    .await?;
    let mut takers: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (ended, taker) in pairs {
        takers.entry(ended).or_default().push(taker);
    }
    Ok(TookOver(takers))
}

/// Households by id of what stands directly above their buildings: grids, as a rule.
pub async fn households(db: &Db, path: &str) -> Result<BTreeMap<String, i64>, sqlx::Error> {
    let rows: Vec<(String, i64)> = sqlx::query_as(
        "SELECT COALESCE(o.parent_id, ''), CAST(SUM(o.households) AS BIGINT) FROM organisation o \
         WHERE o.kind = 'building' AND substr(o.path, 1, length($1)) = $1 GROUP BY o.parent_id",
    )
    .bind(path)
    .fetch_all(db.read())
    .await?;
    Ok(rows.into_iter().collect())
}

/// Names of categories by code.
pub async fn category_names(db: &Db) -> Result<BTreeMap<String, (String, String)>, sqlx::Error> {
    let rows: Vec<(String, String, String)> =
        sqlx::query_as("SELECT c.code, c.name, c.name_en FROM category c").fetch_all(db.read()).await?;
    Ok(rows.into_iter().map(|(code, name, name_en)| (code, (name, name_en))).collect())
}

/// A report behind something unusual.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Behind {
    /// Code.
    pub code: String,
    /// State, as stored.
    pub state: String,
    /// Filed, in microseconds.
    pub filed_at: i64,
    /// Category.
    pub category: String,
    /// The same in English, may be empty.
    pub category_en: String,
    /// Community.
    pub community: String,
    /// The same in English, may be empty.
    pub community_en: String,
    /// Grid, may be empty.
    pub grid: String,
    /// The same in English, may be empty.
    pub grid_en: String,
}

/// What is unusual.
#[derive(Clone, Copy, Debug)]
pub enum Of<'a> {
    /// A grid and those that ended and became it alone, by id.
    Grids(&'a [String]),
    /// A category, by code.
    Category(&'a str),
}

/// The reports filed in a place from an instant to before another, of a grid or category: how many, and the newest `limit`.
pub async fn behind(
    db: &Db,
    path: &str,
    of: Of<'_>,
    (from, to): (Timestamp, Timestamp),
    limit: i64,
) -> Result<(i64, Vec<Behind>), sqlx::Error> {
    let (column, values) = match of {
        Of::Grids(ids) => ("r.grid_id", ids.iter().map(String::as_str).collect()),
        Of::Category(code) => ("r.category", vec![code]),
    };
    let here = format!(
        "substr(r.path, 1, length($1)) = $1 AND r.filed_at >= $2 AND r.filed_at < $3 AND {column} IN ({})",
        marks(4, values.len())
    );
    let sql = format!("SELECT CAST(COUNT(*) AS BIGINT) FROM report r WHERE {here}");
    let mut query =
        sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(path).bind(from.as_microsecond()).bind(to.as_microsecond());
    for value in &values {
        query = query.bind(*value);
    }
    let (count,): (i64,) = query.fetch_one(db.read()).await?;
    let sql = format!(
        "SELECT r.code, r.state, r.filed_at, c.name AS category, c.name_en AS category_en, m.name AS community, \
         m.name_en AS community_en, COALESCE(g.name, '') AS grid, COALESCE(g.name_en, '') AS grid_en FROM report r \
         JOIN category c ON c.code = r.category JOIN organisation m ON m.id = r.community_id \
         LEFT JOIN organisation g ON g.id = r.grid_id WHERE {here} ORDER BY r.filed_at DESC, r.id DESC LIMIT {limit}"
    );
    let mut query =
        sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(path).bind(from.as_microsecond()).bind(to.as_microsecond());
    for value in values {
        query = query.bind(value);
    }
    let rows = query.fetch_all(db.read()).await?;
    Ok((count, rows))
}
