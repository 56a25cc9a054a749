//! The reports themselves that may count for some figure: what the lists behind the numbers show, and the figures of a
//! grid or a building. Found by four ways along indexes, not by reading all.

use super::stands;
use crate::{
    db::{Db, dialect},
    reports::queue::CHANNEL,
};
use app::{
    i18n::{Lang, Words},
    reports::{
        Channel, State,
        statistics::{Measure, Period, Row},
    },
};

/// Whether an extension of the report `r` was granted, as 0 or 1.
pub(super) const EXTENDED: &str = "CAST(CASE WHEN EXISTS (SELECT 1 FROM report_extension x WHERE x.report_id = r.id \
    AND x.decision = 'granted') THEN 1 ELSE 0 END AS BIGINT)";
/// By when a report is to be dealt with, in the words of the index over it.
const DEADLINE: &str = "COALESCE(r.owner_due_at, r.due_at)";
/// What never counts but as filed, in the words of the index.
const GONE: &str = "('rejected', 'withdrawn', 'merged')";
/// A community's path names so many places, its own included.
const COMMUNITY_DEPTH: usize = 3;
const OVER: &str = "('closed', 'rejected', 'withdrawn', 'merged')";

#[derive(sqlx::FromRow)]
struct Raw {
    code: String,
    state: String,
    filed_at: i64,
    deadline: Option<i64>,
    closed_at: Option<i64>,
    reworks: i64,
    returns: i64,
    extended: i64,
    stars: Option<i64>,
    channel: String,
    community: String,
    grid: String,
    major: String,
    category: String,
    unit: String,
}

/// The column `zh` or, where the reader reads English and it is not empty, `en`.
pub(super) fn named(w: Words, table: &str, zh: &str, en: &str) -> String {
    if w.lang == Lang::Zh {
        format!("{table}.{zh}")
    } else {
        format!("(CASE WHEN {table}.{en} <> '' THEN {table}.{en} ELSE {table}.{zh} END)")
    }
}

/// The grid `g` by its name; seen from above a community with the community `gm` around it: there are many first grids.
pub(super) fn grid_named(w: Words, path: &str) -> String {
    let grid = named(w, "g", "name", "name_en");
    if is_above_communities(path) {
        format!("COALESCE({} || ' · ', '') || {grid}", named(w, "gm", "name", "name_en"))
    } else {
        grid
    }
}

/// Whether a place is a street or a district.
pub(super) fn is_above_communities(path: &str) -> bool {
    path.matches('/').count() < COMMUNITY_DEPTH
}

/// Every report under `path` that may count for some figure of the period.
pub async fn rows(db: &Db, w: Words, path: &str, period: Period) -> Result<Vec<Row>, sqlx::Error> {
    rows_for(db, w, path, period, None).await
}

/// The same, where only one figure is asked for.
pub(super) async fn rows_for(
    db: &Db,
    w: Words,
    path: &str,
    period: Period,
    measure: Option<Measure>,
) -> Result<Vec<Row>, sqlx::Error> {
    let names = [
        named(w, "m", "name", "name_en"),
        grid_named(w, path),
        named(w, "c", "major_name", "major_name_en"),
        named(w, "c", "name", "name_en"),
        named(w, "o", "unit", "unit_en"),
    ];
    read(db, names, path, period, measure).await
}

/// The same with ids and codes for names, as reports are counted per day.
pub(super) async fn rows_by_id(db: &Db, path: &str, period: Period) -> Result<Vec<Row>, sqlx::Error> {
    let names = ["m.id", "r.grid_id", "c.code", "c.code", "o.unit"].map(str::to_owned);
    read(db, names, path, period, None).await
}

/// Reads them, with what stands for the names of community, grid, major, category and unit.
async fn read(
    db: &Db,
    [community, grid, major, category, unit]: [String; 5],
    path: &str,
    period: Period,
    measure: Option<Measure>,
) -> Result<Vec<Row>, sqlx::Error> {
    // Filed in the period; with a deadline in it; with an earlier one and still open; with an earlier one and closed
    // since it began.
    let by_closing = dialect::by_index(db.engine(), "report_closed");
    let ways = [
        ("", "r.filed_at >= $2 AND r.filed_at < $3".to_owned()),
        ("", format!("{DEADLINE} >= $2 AND {DEADLINE} < $3 AND r.state NOT IN {GONE}")),
        ("", format!("{DEADLINE} < $2 AND r.state NOT IN {OVER}")),
        (by_closing.as_str(), format!("{DEADLINE} < $2 AND r.state = 'closed' AND r.closed_at >= $2")),
    ];
    let ways = match measure {
        None => &ways[..],
        Some(Measure::Filed) => &ways[..1],
        Some(_) => &ways[1..],
    };
    // Figures of a grid or a building are of what was filed there: its path may have become another one since.
    let place = if path.matches('/').count() > COMMUNITY_DEPTH {
        "(r.grid_id IN (SELECT s.id FROM organisation s WHERE s.path = $1) \
         OR r.building_id IN (SELECT s.id FROM organisation s WHERE s.path = $1))"
    } else {
        "substr(r.path, 1, length($1)) = $1"
    };
    let ids: Vec<String> =
        ways.iter().map(|(index, way)| format!("SELECT r.id FROM report r{index} WHERE {place} AND {way}")).collect();
    let sql = format!(
        "SELECT r.code, r.state, r.filed_at, {DEADLINE} AS deadline, r.closed_at, r.reworks, r.returns, \
         {EXTENDED} AS extended, r.stars, {CHANNEL} AS channel, {community} AS community, COALESCE({grid}, '') AS grid, \
         {major} AS major, {category} AS category, COALESCE({unit}, '') AS unit \
         FROM report r JOIN category c ON c.code = r.category JOIN organisation m ON m.id = r.community_id \
         LEFT JOIN organisation g ON g.id = r.grid_id LEFT JOIN organisation gm ON gm.id = g.parent_id LEFT JOIN person o ON o.id = r.owner_id \
         WHERE r.id IN ({}) ORDER BY r.filed_at, r.id",
        ids.join(" UNION ")
    );
    let raw: Vec<Raw> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(path)
        .bind(period.from)
        .bind(period.to)
        .fetch_all(db.read())
        .await?;
    Ok(raw
        .into_iter()
        .map(|raw| Row {
            standing: stands(&raw.state),
            state: State::from_code(&raw.state).unwrap_or(State::Submitted),
            closed_at: raw.closed_at.filter(|_| raw.state == "closed"),
            channel: Channel::from_code(&raw.channel).unwrap_or(Channel::Api),
            code: raw.code,
            filed_at: raw.filed_at,
            deadline: raw.deadline,
            reworks: raw.reworks,
            returns: raw.returns,
            extended: raw.extended == 1,
            stars: raw.stars,
            community: raw.community,
            grid: raw.grid,
            major: raw.major,
            category: raw.category,
            unit: raw.unit,
        })
        .collect())
}
