//! How much is open in each community or grid of a place now, by one query, in the words of the desk's own filters.

use super::{DEADLINE, OVER, RUNNING, end_of_today};
use crate::{db::Db, places::Organisation};
use jiff::Timestamp;
use std::collections::BTreeMap;

/// What is open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct Open {
    /// All that is open.
    pub open: i64,
    /// Past its deadline, of what a clock runs for.
    pub late: i64,
    /// With a deadline in what is left of today.
    pub today: i64,
}

impl Open {
    /// Adds what another place has.
    pub fn add(&mut self, other: Open) {
        self.open += other.open;
        self.late += other.late;
        self.today += other.today;
    }
}

/// What it is counted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    /// Id of the community.
    Community,
    /// Id of the grid whose work it is now, as the desk's filter has it; empty for reports in none. Only within one community.
    Grid,
}

#[derive(sqlx::FromRow)]
struct Row {
    name: String,
    #[sqlx(flatten)]
    open: Open,
}

/// What is open under a place, by community or grid.
pub async fn open_by(
    db: &Db,
    place: &Organisation,
    of: Of,
    now: Timestamp,
) -> Result<BTreeMap<String, Open>, sqlx::Error> {
    // The path of an open report follows its building to another grid, and its grid to what that became.
    let (name, grid) = match of {
        Of::Community => ("r.community_id", ""),
        Of::Grid => (
            "COALESCE(g.id, '')",
            "LEFT JOIN organisation g ON g.kind = 'grid' AND g.parent_id = r.community_id \
             AND substr(r.path, 1, length(g.path)) = g.path",
        ),
    };
    // A community's own index finds its reports.
    let (here, bound) = match place.kind.as_str() {
        "community" => ("r.community_id = $1", &place.id),
        _ => ("substr(r.path, 1, length($1)) = $1", &place.path),
    };
    let sum = |when: &str| format!("CAST(SUM(CASE WHEN {when} THEN 1 ELSE 0 END) AS BIGINT)");
    let sql = format!(
        "SELECT {name} AS name, CAST(COUNT(*) AS BIGINT) AS open, {} AS late, {} AS today FROM report r {grid} \
         WHERE r.state NOT IN {OVER} AND {here} GROUP BY {name}",
        sum(&format!("{RUNNING} AND {DEADLINE} < $2")),
        sum(&format!("{RUNNING} AND {DEADLINE} >= $2 AND {DEADLINE} < $3")),
    );
    let rows: Vec<Row> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(bound)
        .bind(now.as_microsecond())
        .bind(end_of_today(now))
        .fetch_all(db.read())
        .await?;
    Ok(rows.into_iter().map(|row| (row.name, row.open)).collect())
}
