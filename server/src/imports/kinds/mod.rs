//! What each kind of import knows: how a line compares with the database, and how it is written.

mod categories;
mod items;
mod people;
mod places;

pub use categories::known as known_categories;
pub use places::Known as KnownPlace;

use super::store::Run;
use crate::{
    app_state::App,
    audit::{self, By},
    clock,
    db::Tx,
    http::in_time,
};
use app::imports::{Difference, Kind, Merged, Mistake, Note, Outcome, Row, Verdict, Why};
use jiff::Timestamp;
use sqlx::{AnyConnection, AssertSqlSafe};
use std::collections::HashMap;

/// An import at work.
pub struct Frame<'a> {
    /// The application.
    pub app: &'a App,
    /// The import.
    pub run: &'a Run,
    /// Its kind.
    pub kind: Kind,
    /// The file's columns.
    pub columns: Vec<String>,
    /// Paths under which it may change something.
    pub scopes: Vec<String>,
    /// When.
    pub now: Timestamp,
}

impl<'a> Frame<'a> {
    /// Of an import.
    pub fn new(app: &'a App, run: &'a Run) -> anyhow::Result<Frame<'a>> {
        Ok(Frame {
            app,
            run,
            kind: run.kind()?,
            columns: serde_json::from_str(&run.columns)?,
            scopes: run.scopes(),
            now: app.clock.now(),
        })
    }

    /// Whether it may change what is at this path.
    pub fn reaches(&self, path: &str) -> bool {
        self.scopes.iter().any(|scope| path.starts_with(scope.as_str()))
    }

    /// Who.
    pub fn by(&self) -> By<'_> {
        self.run.person_id.as_deref().map_or(By::Operator, By::Person)
    }

    /// An entry of the audit log about a line.
    pub fn entry(
        &self,
        action: &'static str,
        object: (&'static str, String),
        line: u64,
        more: serde_json::Value,
    ) -> Entry {
        let mut detail = serde_json::json!({ "import": self.run.id, "line": line });
        if let (Some(detail), serde_json::Value::Object(more)) = (detail.as_object_mut(), more) {
            detail.extend(more);
        }
        Entry { action, object_kind: object.0, object_id: object.1, detail }
    }

    /// Writes entries of the audit log, many with one statement.
    pub async fn note(&self, tx: &mut Tx, entries: Vec<Entry>) -> Result<(), sqlx::Error> {
        audit::write_many(
            tx,
            self.by(),
            &self.run.request_id,
            entries.iter().map(|one| (one.action, one.object_kind, one.object_id.as_str(), &one.detail)),
            self.now,
        )
        .await
    }

    /// A new id.
    pub fn id(&self) -> String {
        clock::new_id(self.now)
    }
}

/// An entry of the audit log that is to be written.
pub struct Entry {
    action: &'static str,
    object_kind: &'static str,
    object_id: String,
    detail: serde_json::Value,
}

/// What earlier lines of the file were about: their number, and what later ones need to know, which is empty for a line that
/// was refused.
pub type Seen = HashMap<String, (u64, String)>;

/// Remembers lines that were looked at before.
pub fn remember(seen: &mut Seen, outcomes: &[Outcome]) {
    for outcome in outcomes.iter().filter(|outcome| !outcome.key.is_empty()) {
        seen.entry(outcome.key.clone()).or_insert_with(|| (outcome.line, outcome.memo.clone()));
        // Of a person there may be several lines, each with a role: what is known of them stands under their own name.
        if let (Some((person, _)), false) = (outcome.key.split_once(' '), outcome.memo.is_empty()) {
            let known = seen.entry(person.to_owned()).or_insert_with(|| (outcome.line, String::new()));
            if known.1.ends_with('\n') || known.1.is_empty() {
                *known = (outcome.line, outcome.memo.clone());
            }
        }
    }
}

/// Looks at lines and says what becomes of each.
pub async fn judge(
    frame: &Frame<'_>,
    connection: &mut AnyConnection,
    rows: &[Row<'_>],
    seen: &mut Seen,
) -> anyhow::Result<Vec<Outcome>> {
    let outcomes = match frame.kind {
        Kind::Organisations | Kind::Buildings => places::judge(frame, connection, rows, seen).await?,
        Kind::People => people::judge(frame, connection, rows, seen).await?,
        Kind::Items => items::judge(frame, connection, rows, seen).await?,
        Kind::Categories => categories::judge(connection, rows, seen).await?,
    };
    debug_assert_eq!(outcomes.len(), rows.len(), "a line each");
    in_time::goes_on();
    Ok(outcomes)
}

/// Keeps others from changing meanwhile what these lines are about, until the transaction ends.
pub async fn lock(frame: &Frame<'_>, tx: &mut Tx, rows: &[Row<'_>]) -> anyhow::Result<()> {
    crate::db::dialect::lock_key(frame.app.db.engine(), tx, "imports").await?;
    if frame.kind == Kind::Items {
        items::lock(frame, tx, rows).await?;
    }
    Ok(())
}

/// Writes what these lines bring. They were looked at in the same transaction.
pub async fn apply(frame: &Frame<'_>, tx: &mut Tx, lines: &[(Row<'_>, &Outcome)]) -> anyhow::Result<()> {
    if lines.is_empty() {
        return Ok(());
    }
    match frame.kind {
        Kind::Organisations | Kind::Buildings => places::apply(frame, tx, lines).await?,
        Kind::People => people::apply(frame, tx, lines).await?,
        Kind::Items => items::apply(frame, tx, lines).await?,
        Kind::Categories => categories::apply(frame, tx, lines).await?,
    }
    in_time::goes_on();
    Ok(())
}

/// A mistake that only the database knows of.
fn mistake(row: &Row<'_>, column: &str, key: &str, what: impl Into<String>) -> Mistake {
    let value = row.get(column).unwrap_or_default().chars().take(120).collect();
    Mistake { column: column.to_owned(), value, why: Why::Key { key: key.to_owned(), what: what.into() } }
}

/// What becomes of a line that was read and compared.
struct Judged {
    differences: Vec<Difference>,
    new: bool,
    note: Option<Note>,
    memo: String,
}

/// Puts an outcome together, and remembers it for later lines.
fn outcome<T>(line: u64, read: Merged<T>, judged: Judged, seen: &mut Seen) -> Outcome {
    let Merged { key, what, mistakes, .. } = read;
    let verdict = match &judged {
        _ if !mistakes.is_empty() => Verdict::Refused,
        Judged { new: true, .. } => Verdict::Add,
        Judged { differences, .. } if differences.is_empty() => Verdict::Same,
        Judged { .. } => Verdict::Change,
    };
    let Judged { differences, note, memo, .. } = judged;
    let refused = verdict == Verdict::Refused;
    let outcome = Outcome {
        line,
        key,
        what,
        verdict,
        differences: if refused { Vec::new() } else { differences },
        mistakes,
        note: note.filter(|_| !refused),
        memo: if refused { String::new() } else { memo },
    };
    remember(seen, std::slice::from_ref(&outcome));
    outcome
}

/// `$1, $2, …` for so many values, from a number on.
fn places_for(count: usize, from: usize) -> String {
    (from..from + count).map(|n| format!("${n}")).collect::<Vec<_>>().join(", ")
}

/// Rows whose column is one of these texts; nothing is asked when there are none.
async fn with_any<T>(connection: &mut AnyConnection, before: &str, texts: &[&str]) -> Result<Vec<T>, sqlx::Error>
where
    T: for<'r> sqlx::FromRow<'r, sqlx::any::AnyRow> + Send + Unpin,
{
    if texts.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!("{before} IN ({})", places_for(texts.len(), 1));
    let mut query = sqlx::query_as(AssertSqlSafe(sql));
    for text in texts {
        query = query.bind((*text).to_owned());
    }
    query.fetch_all(connection).await
}

/// The texts once each, in order, without empty ones.
fn once<'a>(texts: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut all: Vec<&str> = texts.filter(|text| !text.is_empty()).collect();
    all.sort_unstable();
    all.dedup();
    all
}
