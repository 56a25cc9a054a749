//! The dispatch desk's queries: one page of the queue by a cursor, counts for its chips, and a number that changes when
//! something has happened. Each reads about as many rows as it shows, however many reports there are: only active
//! filters become conditions, ids are found first along an index of `0026_report_reading.sql`, a community at a time
//! (see [`Reach`]), and counting ends after [`MOST_COUNTED`].

mod counts;
pub mod open_by;
mod rated;

pub use super::reach::Reach;
pub use counts::{Count, Counts, Waits, counts, waits};
pub use rated::{rated, ratings_waiting};

use super::{
    conditions::{Conditions, bound},
    store::{self, Report},
};
use crate::db::{Db, dialect, real};
use app::{
    reports::{near, place::Position},
    time,
};
use jiff::Timestamp;

/// Rows on a page of the desk.
pub const PAGE: usize = 50;
/// So many open reports are counted, the most urgent ones; where there are more, the chips say "at least".
pub const MOST_COUNTED: i64 = 2_000;
const OVER: &str = "('closed', 'rejected', 'withdrawn', 'merged')";
/// States in which no clock runs.
pub(crate) const RUNNING: &str = "r.state NOT IN ('handled', 'verified', 'asked', 'suspended')";
/// By when whoever has it now must be done: the owner, or, until there is one, whoever sends somebody, where that is earlier
/// than what was promised. A report without a deadline stands after all others. In the words of the indexes over what is open (`0036_report_dispatch_clock.sql`).
pub(crate) const DEADLINE: &str = "(CASE WHEN r.owner_id IS NULL AND r.dispatch_due_at < COALESCE(r.due_at, 9000000000000000) THEN r.dispatch_due_at \
    ELSE COALESCE(r.owner_due_at, r.due_at, 9000000000000000) END)";

/// How a report came in: a transfer is stored as a hotline's.
pub const CHANNEL: &str = "CASE WHEN r.transferred_from <> '' THEN 'transfer' ELSE r.channel END";

/// What waits for a decision or an answer, as a condition; `None` for anything else.
fn waits_for(state: &str) -> Option<&'static str> {
    match state {
        "extension-1" => {
            Some("r.id IN (SELECT x.report_id FROM report_extension x WHERE x.decision = '' AND x.level = 1)")
        }
        "extension-2" => {
            Some("r.id IN (SELECT x.report_id FROM report_extension x WHERE x.decision = '' AND x.level = 2)")
        }
        "ordered" => Some("r.id IN (SELECT s.report_id FROM report_supervision s WHERE s.answered_at IS NULL)"),
        "returned" => Some("r.state = 'accepted' AND r.returns > 0"),
        _ => None,
    }
}

/// What the desk asks for. Empty texts ask for everything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// `open`, `late`, `today`, `unassigned`, `verify` (by me), `extension-1`, `extension-2`, `ordered`, `returned`, `all`,
    /// or a state's code.
    pub state: String,
    /// Code of a major category.
    pub major: String,
    /// Code of a category.
    pub category: String,
    /// Code of a grid.
    pub grid: String,
    /// Id of the owner.
    pub owner: String,
    /// Channel.
    pub channel: String,
    /// Words in the description or place, or a code.
    pub text: String,
}

/// The last row of a page: the next page begins after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    key: i64,
    id: String,
}

impl Cursor {
    /// Reads what [`Cursor::code`] wrote; anything else is the first page.
    pub fn from_code(code: &str) -> Option<Cursor> {
        let (key, id) = code.split_once('_')?;
        (id.len() <= 64).then_some(Cursor { key: key.parse().ok()?, id: id.to_owned() })
    }

    /// As addresses carry it.
    pub fn code(&self) -> String {
        format!("{}_{}", self.key, self.id)
    }
}

impl Conditions {
    /// One condition for each part of the reach that is looked up by itself.
    fn parts(&mut self, reach: &Reach) -> Vec<String> {
        match reach {
            Reach::Wide(paths) => vec![self.under(paths)],
            Reach::Few(communities) => communities
                .iter()
                .map(|(id, paths)| {
                    let place = self.text(id);
                    let inside = if paths.is_empty() { String::new() } else { format!(" AND {}", self.under(paths)) };
                    format!("r.community_id = {place}{inside}")
                })
                .collect(),
        }
    }

    fn asked(asked: &Asked, me: &str, now: Timestamp) -> Conditions {
        let mut all = Conditions::default();
        all.in_state(asked, me, now);
        all.filters(asked);
        all
    }

    fn in_state(&mut self, asked: &Asked, me: &str, now: Timestamp) {
        let all = self;
        match asked.state.as_str() {
            "" | "all" => {}
            "open" => all.sql.push(format!("r.state NOT IN {OVER}")),
            "late" => {
                let now = all.number(now.as_microsecond());
                all.sql.push(format!("r.state NOT IN {OVER} AND {RUNNING} AND {DEADLINE} < {now}"));
            }
            "today" => {
                let end = all.number(end_of_today(now));
                let now = all.number(now.as_microsecond());
                all.sql.push(format!(
                    "r.state NOT IN {OVER} AND {RUNNING} AND {DEADLINE} >= {now} AND {DEADLINE} < {end}"
                ));
            }
            "unassigned" => all.sql.push(format!("r.state NOT IN {OVER} AND r.owner_id IS NULL")),
            "verify" => {
                let me = all.text(me);
                all.sql.push(format!("r.state NOT IN {OVER} AND r.state = 'handled' AND r.handled_by <> {me}"));
            }
            state if waits_for(state).is_some() => {
                all.sql.push(format!("r.state NOT IN {OVER} AND {}", waits_for(state).unwrap_or_default()));
            }
            state => {
                // An open state says so twice: then the index over what is open is enough.
                if by_deadline(asked) {
                    all.sql.push(format!("r.state NOT IN {OVER}"));
                }
                all.with("r.state = ?", state);
            }
        }
    }

    /// What is asked for beside the state.
    fn filters(&mut self, asked: &Asked) {
        let all = self;
        all.with("r.category IN (SELECT c.code FROM category c WHERE c.major = ?)", &asked.major);
        all.with("r.category = ?", &asked.category);
        // Whose work it is: the path of an open report follows its building to another grid.
        all.with(
            "substr(r.path, 1, length((SELECT s.path FROM organisation s WHERE s.code = ?))) = \
             (SELECT s.path FROM organisation s WHERE s.code = ?)",
            &asked.grid,
        );
        all.with("r.owner_id = ?", &asked.owner);
        all.with(&format!("{CHANNEL} = ?"), &asked.channel);
        let text = asked.text.trim();
        if !text.is_empty() {
            let like: String =
                text.chars().flat_map(|c| if "%_\\".contains(c) { vec!['\\', c] } else { vec![c] }).collect();
            let like = all.text(&format!("%{like}%"));
            let code = all.text(&text.to_uppercase());
            all.sql.push(format!(
                "(r.description LIKE {like} ESCAPE '\\' OR r.place_text LIKE {like} ESCAPE '\\' OR r.code = {code})"
            ));
        }
    }

    /// The first `limit` rows in `order` over all parts of the reach. The columns are `columns`, and `order` speaks of
    /// the report `r`; `outer` is the same order over the columns; `index` is what [`along`] says. `None`: the reach is empty.
    fn first(
        &mut self,
        reach: &Reach,
        columns: &str,
        (order, outer): (&str, &str),
        (index, limit): (&str, i64),
    ) -> Option<String> {
        let filter: String = self.sql.iter().map(|condition| format!(" AND {condition}")).collect();
        let parts = self.parts(reach);
        let mut each = parts.iter().map(|part| {
            format!("SELECT {columns} FROM report r{index} WHERE {part}{filter} ORDER BY {order} LIMIT {limit}")
        });
        if parts.len() < 2 {
            return each.next();
        }
        let each: Vec<String> = each.enumerate().map(|(n, sql)| format!("SELECT * FROM ({sql}) p{n}")).collect();
        Some(format!("SELECT * FROM ({}) parts ORDER BY {outer} LIMIT {limit}", each.join(" UNION ALL ")))
    }
}

fn end_of_today(now: Timestamp) -> i64 {
    let today = time::day_of(now);
    time::start_of(today.tomorrow().unwrap_or(today)).as_microsecond()
}

/// Whether the queue is sorted by deadline, or, when it shows what is over, by the last change, newest first.
fn by_deadline(asked: &Asked) -> bool {
    !matches!(asked.state.as_str(), "" | "all" | "closed" | "rejected" | "withdrawn" | "merged")
}

/// Which index the desk reads. Over many communities SQLite takes an equation on the owner for better than the order by
/// deadline, and sorts all that nobody or somebody owns; the index over what is open has the owner in it as well. What waits
/// for a decision is few, and is found from there.
fn along(db: &Db, reach: &Reach, asked: &Asked) -> String {
    match reach {
        Reach::Wide(_) if by_deadline(asked) && waits_for(&asked.state).is_none() => {
            dialect::by_index(db.engine(), "report_open_deadline")
        }
        _ => String::new(),
    }
}

/// A page of the queue, and where the next one begins.
pub async fn page(
    db: &Db,
    reach: &Reach,
    asked: (&Asked, &str),
    after: Option<&Cursor>,
    now: Timestamp,
) -> Result<(Vec<Report>, Option<Cursor>), sqlx::Error> {
    page_of(db, reach, asked, (after, PAGE), now).await
}

/// The same with so many rows.
pub async fn page_of(
    db: &Db,
    reach: &Reach,
    (asked, me): (&Asked, &str),
    (after, rows): (Option<&Cursor>, usize),
    now: Timestamp,
) -> Result<(Vec<Report>, Option<Cursor>), sqlx::Error> {
    let mut conditions = Conditions::asked(asked, me, now);
    let by_deadline = by_deadline(asked);
    let key = if by_deadline { DEADLINE } else { "r.changed_at" };
    if let Some(Cursor { key: last, id }) = after {
        let last = conditions.number(*last);
        let id = conditions.text(id);
        // The first half alone lets the index begin where the last page ended.
        let (at, beyond) = if by_deadline { (">=", ">") } else { ("<=", "<") };
        conditions.sql.push(format!("{key} {at} {last} AND ({key} {beyond} {last} OR r.id {beyond} {id})"));
    }
    let down = if by_deadline { "" } else { " DESC" };
    let order = (format!("{key}{down}, r.id{down}"), format!("key{down}, id{down}"));
    let columns = format!("r.id AS id, {key} AS key");
    let Some(sql) =
        conditions.first(reach, &columns, (&order.0, &order.1), (&along(db, reach, asked), rows as i64 + 1))
    else {
        return Ok((Vec::new(), None));
    };
    let query = sqlx::query_as::<_, (String, i64)>(sqlx::AssertSqlSafe(sql));
    let mut found = bound!(query, conditions).fetch_all(db.read()).await?;
    let more = found.len() > rows;
    found.truncate(rows);
    let next = found.last().filter(|_| more).map(|(id, key)| Cursor { key: *key, id: id.clone() });
    let ids: Vec<String> = found.into_iter().map(|(id, _)| id).collect();
    Ok((store::by_ids(db, &ids).await?, next))
}

/// Changes whenever something happens to a report in these places, sometimes also when something happens beside them.
pub async fn version(db: &Db, reach: &Reach) -> Result<i64, sqlx::Error> {
    let mut conditions = Conditions::default();
    let newest = "SELECT MAX(r.changed_at) FROM report r";
    let sql = match reach {
        Reach::Wide(_) => newest.to_owned(),
        Reach::Few(communities) => {
            let ids: Vec<String> = communities.iter().map(|(id, _)| conditions.text(id)).collect();
            if ids.is_empty() {
                return Ok(0);
            }
            format!(
                "SELECT MAX(n.newest) FROM (SELECT ({newest} WHERE r.community_id = s.id) AS newest \
                 FROM organisation s WHERE s.id IN ({})) n",
                ids.join(", ")
            )
        }
    };
    let query =
        sqlx::query_as::<_, (i64,)>(sqlx::AssertSqlSafe(format!("SELECT CAST(COALESCE(({sql}), 0) AS BIGINT)")));
    Ok(bound!(query, conditions).fetch_one(db.read()).await?.0)
}

/// Who owns open reports in these scopes: id, name, unit; at most 60. Steps from owner to owner instead of reading
/// their reports. The condition on the path, always true, makes SQLite choose the index of open reports: without it, it
/// reads all that an owner ever had.
pub async fn owners(db: &Db, scopes: &[&str]) -> Result<Vec<(String, String, String)>, sqlx::Error> {
    let mut conditions = Conditions::default();
    let scopes: Vec<String> = scopes.iter().map(|scope| (*scope).to_owned()).collect();
    let under = conditions.under(&scopes);
    let least = format!("SELECT MIN(r.owner_id) FROM report r WHERE r.state NOT IN {OVER} AND r.owner_id");
    let sql = format!(
        "WITH RECURSIVE owner (id) AS ({least} IS NOT NULL UNION ALL SELECT ({least} > owner.id) FROM owner \
         WHERE owner.id IS NOT NULL) \
         SELECT o.id, o.name, o.unit FROM owner JOIN person o ON o.id = owner.id WHERE EXISTS (SELECT 1 FROM report r \
         WHERE r.owner_id = owner.id AND r.path > '' AND r.state NOT IN {OVER} AND {under}) ORDER BY o.unit, o.name, o.id LIMIT 60"
    );
    let query = sqlx::query_as(sqlx::AssertSqlSafe(sql));
    bound!(query, conditions).fetch_all(db.read()).await
}

/// Open reports that may be about the same thing: same category, same building or within [`near::NEAR_METRES`] (each at its own
/// position, else at its building's or landmark's), filed within 60 days of it; where neither building nor position is known, in
/// the same grid. At most 5, newest first.
pub async fn alike(db: &Db, report: &Report) -> Result<Vec<Report>, sqlx::Error> {
    let span = 60 * 24 * 3600 * 1_000_000_i64;
    let at = report.at_longitude.zip(report.at_latitude).map(|(longitude, latitude)| Position { longitude, latitude });
    let (low, high) = at.map(near::around).unzip();
    let nowhere = report.building_id.is_none() && at.is_none();
    let sql = format!(
        "{} WHERE r.category = $1 AND r.state NOT IN {OVER} AND r.community_id = $2 AND r.id <> $3 \
         AND r.filed_at BETWEEN $4 AND $5 AND (r.building_id = $6 OR r.path = $7 \
         OR (COALESCE(r.longitude, b.longitude, k.longitude) \
         BETWEEN CAST($8 AS DOUBLE PRECISION) AND CAST($9 AS DOUBLE PRECISION) \
         AND COALESCE(r.latitude, b.latitude, k.latitude) \
         BETWEEN CAST($10 AS DOUBLE PRECISION) AND CAST($11 AS DOUBLE PRECISION))) \
         ORDER BY r.filed_at DESC, r.id DESC LIMIT 5",
        store::select()
    );
    sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(&report.category)
        .bind(&report.community_id)
        .bind(&report.id)
        .bind(report.filed_at - span)
        .bind(report.filed_at + span)
        .bind(report.building_id.as_deref())
        .bind(nowhere.then_some(report.path.as_str()))
        .bind(real(low.map(|p| p.longitude)))
        .bind(real(high.map(|p| p.longitude)))
        .bind(real(low.map(|p| p.latitude)))
        .bind(real(high.map(|p| p.latitude)))
        .fetch_all(db.read())
        .await
}

/// Reports under `path` to which the other side gave this number, newest first, whatever became of them; at most 5.
pub async fn with_foreign_code(db: &Db, foreign: &str, path: &str) -> Result<Vec<Report>, sqlx::Error> {
    let sql = format!(
        "{} WHERE r.foreign_code = $1 AND substr(r.path, 1, length($2)) = $2 ORDER BY r.filed_at DESC, r.id DESC LIMIT 5",
        store::select()
    );
    sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(foreign).bind(path).fetch_all(db.read()).await
}
