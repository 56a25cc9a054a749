//! The dispatch desk's queries: one page of the queue by a cursor, counts for its chips, and a number that changes when
//! something has happened. Only active filters become conditions, so that the indexes of `0019_report_indexes.sql` serve.

use super::store::{self, Report};
use crate::db::Db;
use app::time;
use jiff::Timestamp;

/// Rows on a page of the desk.
pub const PAGE: usize = 50;
const OVER: &str = "('closed', 'rejected', 'withdrawn', 'merged')";
/// A report without a deadline stands after all others.
const DEADLINE: &str = "COALESCE(r.owner_due_at, r.due_at, 9000000000000000)";

/// What the desk asks for. Empty texts ask for everything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// `open`, `late`, `today`, `unassigned`, `verify` (by me), `all`, or a state's code.
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

/// Conditions and what is bound to them.
struct Conditions {
    sql: Vec<String>,
    bound: Vec<Bound>,
}

enum Bound {
    Text(String),
    Number(i64),
}

impl Conditions {
    fn bind(&mut self, value: Bound) -> String {
        self.bound.push(value);
        format!("${}", self.bound.len())
    }

    /// `condition` with `?` where the text stands; nothing for an empty text.
    fn text(&mut self, condition: &str, value: &str) {
        if !value.is_empty() {
            let place = self.bind(Bound::Text(value.to_owned()));
            self.sql.push(condition.replace('?', &place));
        }
    }

    fn new(scopes: &[&str], asked: &Asked, me: &str, now: Timestamp) -> Conditions {
        let mut all = Conditions { sql: Vec::new(), bound: Vec::new() };
        let mut paths = Vec::new();
        for scope in scopes {
            let place = all.bind(Bound::Text((*scope).to_owned()));
            // The community first: it has an index, a prefix has none that both engines would use.
            paths.push(format!(
                "(r.community_id IN (SELECT s.id FROM organisation s WHERE s.kind = 'community' \
                 AND (substr(s.path, 1, length({place})) = {place} OR substr({place}, 1, length(s.path)) = s.path)) \
                 AND substr(r.path, 1, length({place})) = {place})"
            ));
        }
        all.sql.push(if paths.is_empty() { "1 = 0".to_owned() } else { format!("({})", paths.join(" OR ")) });
        let running = "r.state NOT IN ('handled', 'verified', 'asked', 'suspended')";
        match asked.state.as_str() {
            "" | "all" => {}
            "open" => all.sql.push(format!("r.state NOT IN {OVER}")),
            "late" => {
                let now = all.bind(Bound::Number(now.as_microsecond()));
                all.sql.push(format!("r.state NOT IN {OVER} AND {running} AND {DEADLINE} < {now}"));
            }
            "today" => {
                let end = time::start_of(time::day_of(now).tomorrow().unwrap_or(time::day_of(now)));
                let now = all.bind(Bound::Number(now.as_microsecond()));
                let end = all.bind(Bound::Number(end.as_microsecond()));
                all.sql.push(format!(
                    "r.state NOT IN {OVER} AND {running} AND {DEADLINE} >= {now} AND {DEADLINE} < {end}"
                ));
            }
            "unassigned" => all.sql.push(format!("r.state NOT IN {OVER} AND r.owner_id IS NULL")),
            "verify" => {
                let me = all.bind(Bound::Text(me.to_owned()));
                all.sql.push(format!("r.state = 'handled' AND r.handled_by <> {me}"));
            }
            state => all.text("r.state = ?", state),
        }
        all.text("c.major = ?", &asked.major);
        all.text("r.category = ?", &asked.category);
        all.text("r.grid_id IN (SELECT s.id FROM organisation s WHERE s.code = ?)", &asked.grid);
        all.text("r.owner_id = ?", &asked.owner);
        all.text("r.channel = ?", &asked.channel);
        let text = asked.text.trim();
        if !text.is_empty() {
            let like: String =
                text.chars().flat_map(|c| if "%_\\".contains(c) { vec!['\\', c] } else { vec![c] }).collect();
            let like = all.bind(Bound::Text(format!("%{like}%")));
            let code = all.bind(Bound::Text(text.to_uppercase()));
            all.sql.push(format!(
                "(r.description LIKE {like} ESCAPE '\\' OR r.place_text LIKE {like} ESCAPE '\\' OR r.code = {code})"
            ));
        }
        all
    }

    fn condition(&self) -> String {
        self.sql.join(" AND ")
    }
}

macro_rules! bound {
    ($query:expr, $conditions:expr) => {{
        let mut query = $query;
        for value in $conditions.bound {
            query = match value {
                Bound::Text(text) => query.bind(text),
                Bound::Number(number) => query.bind(number),
            };
        }
        query
    }};
}

/// Whether the queue is sorted by deadline, or, when it shows what is over, by the last change, newest first.
fn by_deadline(asked: &Asked) -> bool {
    !matches!(asked.state.as_str(), "" | "all" | "closed" | "rejected" | "withdrawn" | "merged")
}

/// A page of the queue, and where the next one begins.
pub async fn page(
    db: &Db,
    scopes: &[&str],
    (asked, me): (&Asked, &str),
    after: Option<&Cursor>,
    now: Timestamp,
) -> Result<(Vec<Report>, Option<Cursor>), sqlx::Error> {
    let mut conditions = Conditions::new(scopes, asked, me, now);
    let by_deadline = by_deadline(asked);
    if let Some(Cursor { key, id }) = after {
        let key = conditions.bind(Bound::Number(*key));
        let id = conditions.bind(Bound::Text(id.clone()));
        conditions.sql.push(if by_deadline {
            format!("({DEADLINE} > {key} OR ({DEADLINE} = {key} AND r.id > {id}))")
        } else {
            format!("(r.changed_at < {key} OR (r.changed_at = {key} AND r.id < {id}))")
        });
    }
    let order = if by_deadline { format!("{DEADLINE}, r.id") } else { "r.changed_at DESC, r.id DESC".to_owned() };
    let sql = format!("{} WHERE {} ORDER BY {order} LIMIT {}", store::select(), conditions.condition(), PAGE + 1);
    let query = sqlx::query_as::<_, Report>(sqlx::AssertSqlSafe(sql));
    let mut rows = bound!(query, conditions).fetch_all(db.read()).await?;
    let more = rows.len() > PAGE;
    rows.truncate(PAGE);
    let Some(last) = rows.last().filter(|_| more) else { return Ok((rows, None)) };
    let mut key = last.changed_at;
    if by_deadline {
        let sql = format!("SELECT {DEADLINE} FROM report r WHERE r.id = $1");
        (key,) = sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(&last.id).fetch_one(db.read()).await?;
    }
    let cursor = Cursor { key, id: last.id.clone() };
    Ok((rows, Some(cursor)))
}

/// How many open reports there are in one state.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Count {
    /// The state's code.
    pub state: String,
    /// All of them.
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

/// How many open reports there are for each state, other filters applied.
pub async fn counts(
    db: &Db,
    scopes: &[&str],
    (asked, me): (&Asked, &str),
    now: Timestamp,
) -> Result<Vec<Count>, sqlx::Error> {
    let open = Asked { state: "open".to_owned(), ..asked.clone() };
    let mut conditions = Conditions::new(scopes, &open, me, now);
    let end = time::start_of(time::day_of(now).tomorrow().unwrap_or(time::day_of(now)));
    let now = conditions.bind(Bound::Number(now.as_microsecond()));
    let end = conditions.bind(Bound::Number(end.as_microsecond()));
    let me = conditions.bind(Bound::Text(me.to_owned()));
    let running = "r.state NOT IN ('handled', 'verified', 'asked', 'suspended')";
    let sum = |when: String| format!("CAST(SUM(CASE WHEN {when} THEN 1 ELSE 0 END) AS BIGINT)");
    let sql = format!(
        "SELECT r.state, CAST(COUNT(*) AS BIGINT) AS \"all\", {} AS late, {} AS today, {} AS unassigned, {} AS verify FROM report r JOIN category c ON c.code = r.category \
         WHERE {} GROUP BY r.state",
        sum(format!("{running} AND {DEADLINE} < {now}")),
        sum(format!("{running} AND {DEADLINE} >= {now} AND {DEADLINE} < {end}")),
        sum("r.owner_id IS NULL".to_owned()),
        sum(format!("r.state = 'handled' AND r.handled_by <> {me}")),
        conditions.condition()
    );
    let query = sqlx::query_as(sqlx::AssertSqlSafe(sql));
    bound!(query, conditions).fetch_all(db.read()).await
}

/// Changes whenever something happens to a report in these scopes.
pub async fn version(db: &Db, scopes: &[&str], now: Timestamp) -> Result<i64, sqlx::Error> {
    let conditions = Conditions::new(scopes, &Asked::default(), "", now);
    let sql =
        format!("SELECT CAST(COALESCE(MAX(r.changed_at), 0) AS BIGINT) FROM report r WHERE {}", conditions.condition());
    let query = sqlx::query_as::<_, (i64,)>(sqlx::AssertSqlSafe(sql));
    Ok(bound!(query, conditions).fetch_one(db.read()).await?.0)
}

/// Who owns open reports in these scopes: id, name, unit; at most 60.
pub async fn owners(db: &Db, scopes: &[&str], now: Timestamp) -> Result<Vec<(String, String, String)>, sqlx::Error> {
    let conditions = Conditions::new(scopes, &Asked { state: "open".into(), ..Asked::default() }, "", now);
    let sql = format!(
        "SELECT DISTINCT o.id, o.name, o.unit FROM report r JOIN person o ON o.id = r.owner_id WHERE {} \
         ORDER BY o.unit, o.name, o.id LIMIT 60",
        conditions.condition()
    );
    let query = sqlx::query_as(sqlx::AssertSqlSafe(sql));
    bound!(query, conditions).fetch_all(db.read()).await
}

/// Open reports that may be about the same thing: same category, same building or within about 150 m, filed within 60
/// days of it; at most 5, newest first.
pub async fn alike(db: &Db, report: &Report) -> Result<Vec<Report>, sqlx::Error> {
    let span = 60 * 24 * 3600 * 1_000_000_i64;
    let sql = format!(
        "{} WHERE r.category = $1 AND r.state NOT IN {OVER} AND r.community_id = $2 AND r.id <> $3 \
         AND r.filed_at BETWEEN $4 AND $5 AND (r.path = $6 OR (r.latitude BETWEEN CAST($7 AS DOUBLE PRECISION) - 0.00135 \
         AND CAST($7 AS DOUBLE PRECISION) + 0.00135 AND r.longitude BETWEEN CAST($8 AS DOUBLE PRECISION) - 0.0016 \
         AND CAST($8 AS DOUBLE PRECISION) + 0.0016)) ORDER BY r.filed_at DESC, r.id DESC LIMIT 5",
        store::select()
    );
    sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(&report.category)
        .bind(&report.community_id)
        .bind(&report.id)
        .bind(report.filed_at - span)
        .bind(report.filed_at + span)
        .bind(&report.path)
        .bind(crate::db::real(report.latitude))
        .bind(crate::db::real(report.longitude))
        .fetch_all(db.read())
        .await
}
