//! The numbers on the desk's chips: open reports by state, and what waits for a decision or an answer.

use super::{Asked, DEADLINE, MOST_COUNTED, OVER, RUNNING, Reach, along, end_of_today};
use crate::{
    db::Db,
    reports::conditions::{Conditions, bound},
};
use jiff::Timestamp;

/// How many open reports there are in one state, of the most urgent [`MOST_COUNTED`].
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Count {
    /// The state's code.
    pub state: String,
    /// In this state, whatever the filters.
    seen: i64,
    /// All that fit the filters.
    pub all: i64,
    /// Past their deadline.
    pub late: i64,
    /// With a deadline today.
    pub today: i64,
    /// Without an owner.
    pub unassigned: i64,
    /// Handled by others than the reader.
    pub verify: i64,
}

/// Open reports by state.
#[derive(Clone, Debug, Default)]
pub struct Counts {
    /// One for each state that has any.
    pub states: Vec<Count>,
    /// There are more: each number is the least there are.
    pub more: bool,
}

/// How many open reports there are for each state, other filters applied. Looks at the most urgent [`MOST_COUNTED`], whatever
/// the filters: what fits them may be rare, and looking for so many that fit would read all that is open.
pub async fn counts(
    db: &Db,
    reach: &Reach,
    (asked, me): (&Asked, &str),
    now: Timestamp,
) -> Result<Counts, sqlx::Error> {
    let open = Asked { state: "open".to_owned(), ..Asked::default() };
    let mut conditions = Conditions::asked(&open, me, now);
    // These are in the indexes over what is open; words are not, and are read only when they are looked for.
    let words = if asked.text.trim().is_empty() { "" } else { ", r.code, r.description, r.place_text" };
    let columns = format!(
        "r.id AS id, r.state, r.owner_id, r.handled_by, r.category, r.path, r.channel, r.transferred_from, \
         {DEADLINE} AS key{words}"
    );
    let order = (format!("{DEADLINE}, r.id"), "key, id");
    let most = (along(db, reach, &open), MOST_COUNTED + 1);
    let Some(sql) = conditions.first(reach, &columns, (&order.0, order.1), (&most.0, most.1)) else {
        return Ok(Counts::default());
    };
    conditions.sql.clear();
    conditions.filters(asked);
    let fits = if conditions.sql.is_empty() { "1 = 1".to_owned() } else { conditions.sql.join(" AND ") };
    let end = conditions.number(end_of_today(now));
    let now = conditions.number(now.as_microsecond());
    let me = conditions.text(me);
    let sum = |when: &str| format!("CAST(SUM(CASE WHEN r.fits = 1 AND {when} THEN 1 ELSE 0 END) AS BIGINT)");
    let sql = format!(
        "SELECT r.state, CAST(COUNT(*) AS BIGINT) AS seen, {} AS \"all\", {} AS late, {} AS today, {} AS unassigned, \
         {} AS verify FROM (SELECT r.state, r.owner_id, r.handled_by, r.key, CASE WHEN {fits} THEN 1 ELSE 0 END AS fits \
         FROM ({sql}) r) r GROUP BY r.state",
        sum("1 = 1"),
        sum(&format!("{RUNNING} AND r.key < {now}")),
        sum(&format!("{RUNNING} AND r.key >= {now} AND r.key < {end}")),
        sum("r.owner_id IS NULL"),
        sum(&format!("r.state = 'handled' AND r.handled_by <> {me}")),
    );
    let query = sqlx::query_as(sqlx::AssertSqlSafe(sql));
    let mut states: Vec<Count> = bound!(query, conditions).fetch_all(db.read()).await?;
    let more = states.iter().map(|count| count.seen).sum::<i64>() > MOST_COUNTED;
    states.retain(|count| count.all > 0);
    Ok(Counts { states, more })
}

/// What waits for a decision or an answer, each counted up to [`MOST_COUNTED`].
#[derive(Clone, Copy, Debug, Default, sqlx::FromRow)]
pub struct Waits {
    /// First extensions: the community decides.
    pub first: i64,
    /// Second extensions: the street decides.
    pub second: i64,
    /// Orders of supervision without an answer.
    pub ordered: i64,
    /// Handed back, and without an owner again.
    pub returned: i64,
    /// Returns with which the dispatcher does not agree: the street decides.
    pub disputed: i64,
}

/// Counts what waits, whatever the filters.
pub async fn waits(db: &Db, reach: &Reach) -> Result<Waits, sqlx::Error> {
    let mut conditions = Conditions::default();
    let parts = conditions.parts(reach);
    if parts.is_empty() {
        return Ok(Waits::default());
    }
    let here = parts.iter().map(|part| format!("({part})")).collect::<Vec<_>>().join(" OR ");
    // CROSS JOIN: SQLite goes from the few that wait to their reports, and not the other way round.
    let count = |waiting: &str| {
        format!(
            "(SELECT CAST(COUNT(*) AS BIGINT) FROM (SELECT DISTINCT r.id FROM {waiting} AND r.state NOT IN {OVER} \
             AND ({here}) LIMIT {MOST_COUNTED}) q)"
        )
    };
    let extension = |level: i64| {
        count(&format!(
            "report_extension x CROSS JOIN report r WHERE x.decision = '' AND x.level = {level} AND r.id = x.report_id"
        ))
    };
    let sql = format!(
        "SELECT {} AS first, {} AS second, {} AS ordered, {} AS returned, {} AS disputed",
        extension(1),
        extension(2),
        count("report_supervision s CROSS JOIN report r WHERE s.answered_at IS NULL AND r.id = s.report_id"),
        count("report r WHERE r.state = 'accepted' AND r.returns > 0"),
        count("report r WHERE r.state = 'disputed'")
    );
    let query = sqlx::query_as(sqlx::AssertSqlSafe(sql));
    bound!(query, conditions).fetch_one(db.read()).await
}
