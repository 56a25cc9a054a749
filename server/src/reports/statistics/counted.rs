//! Reports counted per day in `report_day`, so that figures need not read every report.
//!
//! A report waits to be counted while `counted_version` is not its version; every event moves the version, and whatever
//! else moves what counts sets `counted_version` to 0 ([`recount`]). Counting takes out what the report was counted as
//! (`counted`) and puts in what it is now, in one transaction. Until then whoever reads the figures does that sum
//! for the few that wait (see [`super::figures`]): figures are exact at any moment.

use crate::{
    app_state::App,
    db::{Engine, Tx, dialect},
    reports::queue::CHANNEL,
};
use app::reports::{
    Channel, State,
    statistics::{COLUMNS, Day, Row, of_day},
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, fmt::Write};

/// The row of `report_day` that holds the sum of all days.
pub(super) const ALL_DAYS: i64 = 99_999_999;
/// Reports counted in one transaction, and transactions in one run of the job: the next run goes on.
const BATCH: usize = 500;
const BATCHES: usize = 100;
/// Rows written by one statement; SQLite takes 32,766 values.
const WRITTEN: usize = 500;
/// Reports read by one statement.
const READ: usize = 500;

/// A day as `report_day` has it.
pub(super) fn number(day: Date) -> i64 {
    i64::from(day.year()) * 10_000 + i64::from(day.month()) * 100 + i64::from(day.day())
}

/// As what a report was counted. Names are ids and codes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Counted {
    /// Path of the community.
    pub(super) place: String,
    community: String,
    grid: String,
    category: String,
    unit: String,
    channel: String,
    state: String,
    filed_at: i64,
    deadline: Option<i64>,
    closed_at: Option<i64>,
    reworks: i64,
    returns: i64,
    extended: i64,
    stars: Option<i64>,
}

impl Counted {
    /// Reads what was kept; `None` for a report that was never counted.
    pub(super) fn read(text: &str) -> anyhow::Result<Option<Counted>> {
        if text.is_empty() { Ok(None) } else { Ok(Some(serde_json::from_str(text)?)) }
    }

    /// As the rules count it, with ids and codes for names.
    pub(super) fn row(&self) -> Row {
        let state = State::from_code(&self.state).unwrap_or(State::Submitted);
        Row {
            code: String::new(),
            state,
            filed_at: self.filed_at,
            deadline: self.deadline,
            closed_at: self.closed_at.filter(|_| state == State::Closed),
            reworks: self.reworks,
            returns: self.returns,
            extended: self.extended == 1,
            stars: self.stars,
            standing: super::stands(&self.state),
            channel: Channel::from_code(&self.channel).unwrap_or(Channel::Api),
            community: self.community.clone(),
            grid: self.grid.clone(),
            major: self.category.clone(),
            category: self.category.clone(),
            unit: self.unit.clone(),
        }
    }

    /// Under which kinds and names it is counted.
    fn names(&self) -> [(&'static str, &str); 5] {
        [
            ("community", &self.community),
            ("grid", &self.grid),
            ("category", &self.category),
            ("unit", &self.unit),
            ("channel", &self.channel),
        ]
    }
}

/// A report that waits to be counted.
pub(super) struct Waiting {
    id: String,
    version: i64,
    /// As what it was counted.
    pub(super) before: Option<Counted>,
    /// As what it is to be counted.
    pub(super) now: Counted,
}

#[derive(sqlx::FromRow)]
struct Raw {
    id: String,
    version: i64,
    counted: String,
    place: String,
    community: String,
    grid: String,
    category: String,
    unit: String,
    channel: String,
    state: String,
    filed_at: i64,
    deadline: Option<i64>,
    closed_at: Option<i64>,
    reworks: i64,
    returns: i64,
    extended: i64,
    stars: Option<i64>,
}

impl Raw {
    fn waiting(self) -> anyhow::Result<Waiting> {
        Ok(Waiting {
            before: Counted::read(&self.counted)?,
            now: Counted {
                place: self.place,
                community: self.community,
                grid: self.grid,
                category: self.category,
                unit: self.unit,
                channel: self.channel,
                state: self.state,
                filed_at: self.filed_at,
                deadline: self.deadline,
                closed_at: self.closed_at,
                reworks: self.reworks,
                returns: self.returns,
                extended: self.extended,
                stars: self.stars,
            },
            id: self.id,
            version: self.version,
        })
    }
}

/// Reports that wait to be counted, at most `limit`; `lock` keeps them as they are until the transaction ends, and
/// leaves out those that somebody else keeps.
pub(super) async fn waiting(tx: &mut Tx, lock: Option<Engine>, limit: usize) -> anyhow::Result<Vec<Waiting>> {
    let lock = lock.map(dialect::skip_locked).unwrap_or_default();
    let sql =
        format!("SELECT r.id FROM report r WHERE r.counted_version <> r.version ORDER BY r.id LIMIT {limit}{lock}");
    let ids: Vec<(String,)> = sqlx::query_as(sqlx::AssertSqlSafe(sql)).fetch_all(&mut **tx).await?;
    let mut found = Vec::with_capacity(ids.len());
    for ids in ids.chunks(READ) {
        let places: Vec<String> = (1..=ids.len()).map(|n| format!("${n}")).collect();
        let sql = format!(
            "SELECT r.id, r.version, r.counted, m.path AS place, r.community_id AS community, \
             COALESCE(r.grid_id, '') AS grid, r.category, COALESCE(o.unit, '') AS unit, {CHANNEL} AS channel, r.state, \
             r.filed_at, COALESCE(r.owner_due_at, r.due_at) AS deadline, r.closed_at, r.reworks, r.returns, \
             {} AS extended, r.stars FROM report r JOIN organisation m ON m.id = r.community_id \
             LEFT JOIN person o ON o.id = r.owner_id WHERE r.id IN ({})",
            super::rows::EXTENDED,
            places.join(", ")
        );
        let mut query = sqlx::query_as::<_, Raw>(sqlx::AssertSqlSafe(sql));
        for (id,) in ids {
            query = query.bind(id);
        }
        for raw in query.fetch_all(&mut **tx).await? {
            found.push(raw.waiting()?);
        }
    }
    Ok(found)
}

/// The place itself and all that lie above it, as paths.
fn upwards(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('/').map(|(at, _)| &path[..=at])
}

/// Place, kind, day, name.
type Key = (String, &'static str, i64, String);

/// Adds a report to what is to be written, or takes it out.
fn put(days: &mut BTreeMap<Key, Day>, counted: &Counted, times: i64) {
    for (day, counts) in of_day(&counted.row()) {
        let sum = Day { tenths: BTreeMap::new(), ..counts.clone() };
        for place in upwards(&counted.place) {
            for (kind, name) in counted.names() {
                let mut add = |day: i64, counts: &Day| {
                    days.entry((place.to_owned(), kind, day, name.to_owned())).or_default().add(counts, times);
                };
                add(number(day), &counts);
                add(ALL_DAYS, &sum);
            }
        }
    }
}

/// Counts what waits: the regular job.
pub async fn run(app: &App) -> anyhow::Result<()> {
    for _ in 0..BATCHES {
        if count(app, BATCH).await? < BATCH {
            break;
        }
    }
    Ok(())
}

/// Counts at most `limit` reports that wait, in one transaction, and gives how many these were.
pub async fn count(app: &App, limit: usize) -> anyhow::Result<usize> {
    let engine = app.db.engine();
    let mut tx = app.db.begin().await?;
    dialect::lock_key(engine, &mut tx, "report-day").await?;
    let waiting = waiting(&mut tx, Some(engine), limit).await?;
    let mut days = BTreeMap::new();
    for report in &waiting {
        if let Some(before) = &report.before {
            put(&mut days, before, -1);
        }
        put(&mut days, &report.now, 1);
    }
    days.retain(|_, day| !day.is_empty());
    let days: Vec<(Key, Day)> = days.into_iter().collect();
    for days in days.chunks(WRITTEN) {
        write(&mut tx, days).await?;
    }
    for reports in waiting.chunks(WRITTEN) {
        mark(&mut tx, reports).await?;
    }
    tx.commit().await?;
    Ok(waiting.len())
}

/// Rows of placeholders: `($1, $2), ($3, $4)`.
fn values(rows: usize, columns: usize) -> String {
    let row = |row: usize| {
        let places: Vec<String> = (1..=columns).map(|column| format!("${}", row * columns + column)).collect();
        format!("({})", places.join(", "))
    };
    (0..rows).map(row).collect::<Vec<_>>().join(", ")
}

async fn write(tx: &mut Tx, days: &[(Key, Day)]) -> Result<(), sqlx::Error> {
    let sums = COLUMNS.map(|column| format!("{column} = report_day.{column} + excluded.{column}"));
    let sql = format!(
        "INSERT INTO report_day (place, kind, day, name, {}, tenths) VALUES {} ON CONFLICT (place, kind, day, name) \
         DO UPDATE SET {}, tenths = report_day.tenths || excluded.tenths",
        COLUMNS.join(", "),
        values(days.len(), 5 + COLUMNS.len()),
        sums.join(", ")
    );
    let mut query = sqlx::query(sqlx::AssertSqlSafe(sql));
    for ((place, kind, day, name), counted) in days {
        query = query.bind(place).bind(*kind).bind(*day).bind(name);
        for count in counted.counts {
            query = query.bind(count);
        }
        let mut tenths = String::new();
        for (value, count) in &counted.tenths {
            let _ = write!(tenths, "{value}:{count} ");
        }
        query = query.bind(tenths);
    }
    query.execute(&mut **tx).await?;
    Ok(())
}

/// Writes down as what these reports were counted.
async fn mark(tx: &mut Tx, reports: &[Waiting]) -> anyhow::Result<()> {
    let sql = format!(
        "UPDATE report SET counted_version = n.column2, counted = n.column3 FROM (VALUES {}) n \
         WHERE report.id = n.column1 AND report.version = n.column2",
        values(reports.len(), 3)
    );
    let mut query = sqlx::query(sqlx::AssertSqlSafe(sql));
    for report in reports {
        query = query.bind(&report.id).bind(report.version).bind(serde_json::to_string(&report.now)?);
    }
    let marked = query.execute(&mut **tx).await?.rows_affected();
    anyhow::ensure!(marked == reports.len() as u64, "{marked} of {} reports were there to be counted", reports.len());
    Ok(())
}

/// Has the reports of an owner counted again: what changed is no event of theirs.
pub async fn recount(tx: &mut Tx, owner_id: &str) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE report SET counted_version = 0 WHERE owner_id = $1").bind(owner_id).execute(&mut **tx).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_community_is_counted_for_all_that_lie_above_it() {
        assert_eq!(super::upwards("d/s/c/").collect::<Vec<_>>(), ["d/", "d/s/", "d/s/c/"]);
        assert_eq!(super::values(2, 2), "($1, $2), ($3, $4)");
    }
}
