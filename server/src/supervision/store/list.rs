//! The register and its numbers.

use super::{Letter, SELECT};
use crate::db::Db;
use app::supervision::figures::Facts;
use jiff::Timestamp;
use sqlx::AssertSqlSafe;

/// What waits for the reader, as the address says it: letters to answer.
pub const TO_ANSWER: &str = "mine-answer";
/// Answers to re-check.
pub const TO_RECHECK: &str = "mine-recheck";
/// Extensions to decide on.
pub const TO_EXTEND: &str = "mine-extension";

/// What the reader sees: letters to places below `read` that were issued, and all of issuers below `order`; and who they are, for
/// what waits for them.
#[derive(Clone, Debug, Default)]
pub struct Scope {
    /// Paths below which letters that were issued are read.
    pub read: Vec<String>,
    /// Paths whose letters are the reader's own to write.
    pub order: Vec<String>,
    /// Paths below which the reader answers.
    pub answer: Vec<String>,
    /// Paths of the very organisations of which they are a supervisor, for which they answer as well.
    pub own: Vec<String>,
    /// Their id.
    pub person: String,
}

/// Which letters are asked for; empty fields ask for all.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// `open`, `overdue`, `all`, a state's code, or [`TO_ANSWER`], [`TO_RECHECK`], [`TO_EXTEND`].
    pub tab: String,
    /// Code of the kind.
    pub kind: String,
    /// Path of the addressee.
    pub addressee: String,
    /// Year of the number.
    pub year: Option<i64>,
    /// Path of an organisation that issues it or to which it is addressed.
    pub at: String,
}

/// Where a page begins: after this one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// Its place in the register, in microseconds.
    pub at: i64,
    /// Its id.
    pub id: String,
}

impl Cursor {
    /// As the address says it.
    pub fn code(&self) -> String {
        format!("{}.{}", self.at, self.id)
    }

    /// From what an address says.
    pub fn from_code(code: &str) -> Option<Cursor> {
        let (at, id) = code.split_once('.')?;
        let sound = id.len() <= 40 && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        Some(Cursor { at: at.parse().ok().filter(|_| sound)?, id: id.to_owned() })
    }
}

/// A value of a statement that is put together.
enum Bind {
    Text(String),
    Whole(i64),
}

/// A condition that is put together.
#[derive(Default)]
struct Where {
    parts: Vec<String>,
    binds: Vec<Bind>,
}

impl Where {
    fn text(&mut self, value: &str) -> usize {
        self.binds.push(Bind::Text(value.to_owned()));
        self.binds.len()
    }

    fn whole(&mut self, value: i64) -> usize {
        self.binds.push(Bind::Whole(value));
        self.binds.len()
    }

    /// What the reader sees and asks for, but for the tab.
    fn of(scope: &Scope, asked: &Asked) -> Where {
        let mut all = Where::default();
        let mut seen: Vec<String> = Vec::new();
        for path in &scope.read {
            let n = all.text(path);
            seen.push(format!("(l.issued_at IS NOT NULL AND substr(l.addressee_path, 1, length(${n})) = ${n})"));
        }
        for path in &scope.order {
            let n = all.text(path);
            seen.push(format!("substr(l.issuer_path, 1, length(${n})) = ${n}"));
        }
        let seen = if seen.is_empty() { "1 = 0".to_owned() } else { seen.join(" OR ") };
        all.parts.push(format!("({seen})"));
        if !asked.kind.is_empty() {
            let n = all.text(&asked.kind);
            all.parts.push(format!("l.kind = ${n}"));
        }
        if !asked.addressee.is_empty() {
            let n = all.text(&asked.addressee);
            all.parts.push(format!("substr(l.addressee_path, 1, length(${n})) = ${n}"));
        }
        if let Some(year) = asked.year {
            let n = all.whole(year);
            all.parts.push(format!("l.year = ${n}"));
        }
        if !asked.at.is_empty() {
            let n = all.text(&asked.at);
            all.parts.push(format!("(l.issuer_path = ${n} OR l.addressee_path = ${n})"));
        }
        all
    }

    /// One of these conditions, for each path one.
    fn any_of(&mut self, paths: &[String], condition: impl Fn(usize) -> String) -> String {
        let each: Vec<String> = paths.iter().map(|path| condition(self.text(path))).collect();
        if each.is_empty() { "1 = 0".to_owned() } else { format!("({})", each.join(" OR ")) }
    }

    /// That the reader decides for the issuer: in the name of their own organisation, or of the one at which they look.
    fn decided(&mut self, scope: &Scope, at: &str) -> String {
        if at.is_empty() {
            return self.any_of(&scope.order, |n| format!("l.issuer_path = ${n}"));
        }
        let may = self.any_of(&scope.order, |n| format!("substr(l.issuer_path, 1, length(${n})) = ${n}"));
        let n = self.text(at);
        format!("({may} AND l.issuer_path = ${n})")
    }

    /// That the reader answers for the addressee, as the use case judges it.
    fn answered(&mut self, scope: &Scope, at: &str) -> String {
        let below = self.any_of(&scope.answer, |n| format!("substr(l.addressee_path, 1, length(${n})) = ${n}"));
        let own = self.any_of(&scope.own, |n| format!("l.addressee_path = ${n}"));
        if at.is_empty() {
            return format!("({below} OR {own})");
        }
        let n = self.text(at);
        format!("(({below} OR {own}) AND l.addressee_path = ${n})")
    }

    /// What waits for the reader; nobody re-checks what they answered themselves.
    fn waits(&mut self, scope: &Scope, at: &str, tab: &str) -> String {
        match tab {
            TO_ANSWER => format!("l.state = 'issued' AND {}", self.answered(scope, at)),
            TO_EXTEND => format!("l.state = 'issued' AND l.wait_days > 0 AND {}", self.decided(scope, at)),
            _ => {
                let (me, decided) = (self.text(&scope.person), self.decided(scope, at));
                format!("l.state = 'answered' AND COALESCE(l.answered_by, '') <> ${me} AND {decided}")
            }
        }
    }

    fn tab(&mut self, scope: &Scope, asked: &Asked, now: Timestamp) {
        match asked.tab.as_str() {
            "all" | "" => {}
            tab @ (TO_ANSWER | TO_RECHECK | TO_EXTEND) => {
                let waits = self.waits(scope, &asked.at, tab);
                self.parts.push(waits);
            }
            "open" => self.parts.push("l.state IN ('issued', 'answered')".to_owned()),
            "overdue" => {
                let n = self.whole(now.as_microsecond());
                self.parts.push(format!("l.state = 'issued' AND l.due_at < ${n}"));
            }
            state => {
                let n = self.text(state);
                self.parts.push(format!("l.state = ${n}"));
            }
        }
    }

    fn sql(&self) -> String {
        self.parts.join(" AND ")
    }
}

/// Binds what a condition names.
macro_rules! bound {
    ($query:expr, $binds:expr) => {{
        let mut query = $query;
        for bind in $binds {
            query = match bind {
                Bind::Text(text) => query.bind(text),
                Bind::Whole(number) => query.bind(number),
            };
        }
        query
    }};
}

/// A page of the register, the newest first, and where the next one begins.
pub async fn page(
    db: &Db,
    scope: &Scope,
    asked: &Asked,
    (after, rows): (Option<&Cursor>, usize),
    now: Timestamp,
) -> Result<(Vec<Letter>, Option<Cursor>), sqlx::Error> {
    let mut condition = Where::of(scope, asked);
    condition.tab(scope, asked, now);
    if let Some(after) = after {
        let (at, id) = (condition.whole(after.at), condition.text(&after.id));
        condition.parts.push(format!("(l.listed_at < ${at} OR (l.listed_at = ${at} AND l.id < ${id}))"));
    }
    let most = condition.whole(i64::try_from(rows + 1).unwrap_or(i64::MAX));
    let sql = format!("{SELECT} WHERE {} ORDER BY l.listed_at DESC, l.id DESC LIMIT ${most}", condition.sql());
    let mut letters: Vec<Letter> =
        bound!(sqlx::query_as(AssertSqlSafe(sql)), condition.binds).fetch_all(db.read()).await?;
    let more = letters.len() > rows;
    letters.truncate(rows);
    let next = letters.last().filter(|_| more).map(|last| Cursor { at: last.listed_at, id: last.id.clone() });
    Ok((letters, next))
}

/// How many letters there are under each tab.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct Counts {
    /// All.
    pub total: i64,
    /// Drafts.
    pub draft: i64,
    /// That wait for an answer.
    pub issued: i64,
    /// Of these, beyond their deadline.
    pub overdue: i64,
    /// That wait for the re-check.
    pub answered: i64,
    /// Done.
    pub done: i64,
    /// Withdrawn.
    pub withdrawn: i64,
    /// That wait for the reader's answer.
    pub to_answer: i64,
    /// Of these, beyond their deadline.
    pub late_answer: i64,
    /// That wait for the reader's re-check.
    pub to_recheck: i64,
    /// Of which an extension waits for the reader's decision.
    pub to_extend: i64,
}

/// The numbers of the tabs.
pub async fn counts(db: &Db, scope: &Scope, asked: &Asked, now: Timestamp) -> Result<Counts, sqlx::Error> {
    let mut condition = Where::of(scope, asked);
    let at = condition.whole(now.as_microsecond());
    let [answer, recheck, extend] =
        [TO_ANSWER, TO_RECHECK, TO_EXTEND].map(|tab| condition.waits(scope, &asked.at, tab));
    let sum = |when: &str, name: &str| {
        format!("CAST(COALESCE(SUM(CASE WHEN {when} THEN 1 ELSE 0 END), 0) AS BIGINT) AS {name}")
    };
    let of = |state: &str| sum(&format!("l.state = '{state}'"), state);
    let columns = [
        "CAST(COUNT(*) AS BIGINT) AS total".to_owned(),
        of("draft"),
        of("issued"),
        of("answered"),
        of("done"),
        of("withdrawn"),
        sum(&format!("l.state = 'issued' AND l.due_at < ${at}"), "overdue"),
        sum(&answer, "to_answer"),
        sum(&format!("{answer} AND l.due_at < ${at}"), "late_answer"),
        sum(&recheck, "to_recheck"),
        sum(&extend, "to_extend"),
    ];
    let sql = format!("SELECT {} FROM supervision_letter l WHERE {}", columns.join(", "), condition.sql());
    bound!(sqlx::query_as(AssertSqlSafe(sql)), condition.binds).fetch_one(db.read()).await
}

/// Years in which letters were issued that the reader sees, the newest first.
pub async fn years(db: &Db, scope: &Scope) -> Result<Vec<i64>, sqlx::Error> {
    let condition = Where::of(scope, &Asked::default());
    let sql = format!(
        "SELECT DISTINCT l.year FROM supervision_letter l WHERE l.year IS NOT NULL AND {} ORDER BY l.year DESC",
        condition.sql()
    );
    let rows: Vec<(i64,)> = bound!(sqlx::query_as(AssertSqlSafe(sql)), condition.binds).fetch_all(db.read()).await?;
    Ok(rows.into_iter().map(|(year,)| year).collect())
}

/// Organisations to which the reader sees letters: path, code and names, in the order of the tree.
pub async fn addressees(db: &Db, scope: &Scope) -> Result<Vec<(String, String, String, String)>, sqlx::Error> {
    let condition = Where::of(scope, &Asked::default());
    let sql = format!(
        "SELECT DISTINCT a.path, a.code, a.name, a.name_en FROM supervision_letter l \
         JOIN organisation a ON a.id = l.addressee_id WHERE {} ORDER BY a.path",
        condition.sql()
    );
    bound!(sqlx::query_as(AssertSqlSafe(sql)), condition.binds).fetch_all(db.read()).await
}

#[derive(sqlx::FromRow)]
struct FactsRow {
    id: String,
    path: String,
    issued_at: i64,
    first_in_time: Option<i64>,
    returns: i64,
    state: String,
    due_at: Option<i64>,
}

/// What of each issued letter counts, with its id and the addressee's path; `year` as in its number.
pub async fn facts(db: &Db, scope: &Scope, year: Option<i64>) -> Result<Vec<(String, String, Facts)>, sqlx::Error> {
    let condition = Where::of(scope, &Asked { year, ..Asked::default() });
    let sql = format!(
        "SELECT l.id, l.addressee_path AS path, l.issued_at, l.first_in_time, l.returns, l.state, l.due_at \
         FROM supervision_letter l WHERE l.issued_at IS NOT NULL AND {} ORDER BY l.issued_at, l.id",
        condition.sql()
    );
    let rows: Vec<FactsRow> = bound!(sqlx::query_as(AssertSqlSafe(sql)), condition.binds).fetch_all(db.read()).await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let facts = Facts {
                issued_at: row.issued_at,
                in_time: row.first_in_time.map(|value| value == 1),
                returns: row.returns,
                waits_until: row.due_at.filter(|_| row.state == "issued"),
                done: row.state == "done",
                withdrawn: row.state == "withdrawn",
            };
            (row.id, row.path, facts)
        })
        .collect())
}
