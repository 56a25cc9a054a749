//! Bulletins in the database, and the open reports among which hard cases are looked for.

use crate::db::{Db, Tx, marks};
use app::bulletins::{Bulletin, pages::State};
use jiff::Timestamp;

/// How far it is, from its notice `n`.
const STATE: &str = "CASE WHEN n.id IS NULL THEN 'draft' WHEN n.state = 'scheduled' \
    OR (n.state = 'draft' AND n.review_asked_at IS NOT NULL) THEN 'review' WHEN n.state = 'draft' THEN 'returned' ELSE n.state END";
/// That a bulletin may be changed: it has no notice, or that was thrown away.
const OPEN: &str = "NOT EXISTS (SELECT 1 FROM notice n WHERE n.id = bulletin.notice_id)";

/// A bulletin.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Stored {
    /// Id.
    pub id: String,
    /// `week` or `month`.
    pub kind: String,
    /// First day.
    pub first_day: String,
    /// Last day.
    pub last_day: String,
    /// Title.
    pub title: String,
    /// English title, may be empty.
    pub title_en: String,
    /// Markdown.
    pub body: String,
    /// English Markdown, may be empty.
    pub body_en: String,
    figures: String,
    /// When its numbers were counted, in microseconds.
    pub counted_at: i64,
    /// The one that it corrects.
    pub corrects_id: Option<String>,
    /// Its notice.
    pub notice_id: Option<String>,
    /// Who wrote it.
    pub author_id: String,
    /// The lock of its text.
    pub version: i64,
    state: String,
    /// Code of its organisation.
    pub code: String,
    /// Path of its organisation.
    pub path: String,
    /// Name of its organisation.
    pub name: String,
    /// The same in English, may be empty.
    pub name_en: String,
}

impl Stored {
    /// How far it is.
    pub fn state(&self) -> State {
        State::from_code(&self.state).unwrap_or(State::Review)
    }

    /// Its numbers.
    pub fn bulletin(&self) -> anyhow::Result<Bulletin> {
        Ok(serde_json::from_str(&self.figures)?)
    }
}

fn select(rest: &str) -> String {
    format!(
        "SELECT b.id, b.kind, b.first_day, b.last_day, b.title, b.title_en, b.body, b.body_en, b.figures, b.counted_at, \
         b.corrects_id, b.notice_id, b.author_id, b.version, {STATE} AS state, o.code, o.path, o.name, o.name_en \
         FROM bulletin b JOIN organisation o ON o.id = b.organisation_id LEFT JOIN notice n ON n.id = b.notice_id {rest}"
    )
}

/// The bulletin with this id.
pub async fn by_id(db: &Db, id: &str) -> Result<Option<Stored>, sqlx::Error> {
    sqlx::query_as(sqlx::AssertSqlSafe(select("WHERE b.id = $1"))).bind(id).fetch_optional(db.read()).await
}

/// A bulletin in a list.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Row {
    /// Id.
    pub id: String,
    /// `week` or `month`.
    pub kind: String,
    /// First day.
    pub first_day: String,
    /// Last day.
    pub last_day: String,
    /// Title.
    pub title: String,
    /// English title, may be empty.
    pub title_en: String,
    state: String,
    /// Code of its organisation.
    pub code: String,
    /// Name of its organisation.
    pub name: String,
    /// The same in English, may be empty.
    pub name_en: String,
    /// The lock of its text.
    pub version: i64,
}

impl Row {
    /// How far it is.
    pub fn state(&self) -> State {
        State::from_code(&self.state).unwrap_or(State::Review)
    }
}

/// The latest bulletins of organisations under some paths, the latest period first; at most 500.
pub async fn under(db: &Db, paths: &[&str]) -> Result<Vec<Row>, sqlx::Error> {
    if paths.is_empty() {
        return Ok(Vec::new());
    }
    let each: Vec<String> = (1..=paths.len()).map(|n| format!("substr(o.path, 1, length(${n})) = ${n}")).collect();
    let sql = format!(
        "SELECT b.id, b.kind, b.first_day, b.last_day, b.title, b.title_en, {STATE} AS state, o.code, o.name, o.name_en, \
         b.version FROM bulletin b JOIN organisation o ON o.id = b.organisation_id LEFT JOIN notice n ON n.id = b.notice_id \
         WHERE {} ORDER BY b.first_day DESC, b.id DESC LIMIT 500",
        each.join(" OR ")
    );
    let mut query = sqlx::query_as(sqlx::AssertSqlSafe(sql));
    for path in paths {
        query = query.bind(*path);
    }
    query.fetch_all(db.read()).await
}

/// Title, English title, text, English text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Texts {
    /// Title.
    pub title: String,
    /// English title, may be empty.
    pub title_en: String,
    /// Markdown.
    pub body: String,
    /// English Markdown, may be empty.
    pub body_en: String,
}

/// A new bulletin.
pub struct New<'a> {
    /// Id that it is to have.
    pub id: &'a str,
    /// Its organisation.
    pub organisation_id: &'a str,
    /// Its numbers.
    pub bulletin: &'a Bulletin,
    /// Its text.
    pub texts: &'a Texts,
    /// The one that it corrects.
    pub corrects_id: Option<&'a str>,
    /// Who writes it.
    pub author_id: &'a str,
    /// One form, one bulletin.
    pub form_key: &'a str,
}

/// Writes a new draft; `false`: this form has made one before.
pub async fn insert(tx: &mut Tx, new: New<'_>, now: Timestamp) -> anyhow::Result<bool> {
    let done = sqlx::query(
        "INSERT INTO bulletin (id, organisation_id, kind, first_day, last_day, title, title_en, body, body_en, figures, \
         counted_at, corrects_id, author_id, form_key, created_at, changed_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $15) ON CONFLICT (form_key) DO NOTHING",
    )
    .bind(new.id)
    .bind(new.organisation_id)
    .bind(&new.bulletin.kind)
    .bind(&new.bulletin.from)
    .bind(&new.bulletin.to)
    .bind(&new.texts.title)
    .bind(&new.texts.title_en)
    .bind(&new.texts.body)
    .bind(&new.texts.body_en)
    .bind(serde_json::to_string(new.bulletin)?)
    .bind(new.bulletin.counted_at)
    .bind(new.corrects_id)
    .bind(new.author_id)
    .bind(new.form_key)
    .bind(now.as_microsecond())
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The bulletin that this form made, and who wrote it.
pub async fn by_form_key(tx: &mut Tx, form_key: &str) -> Result<Option<(String, String)>, sqlx::Error> {
    sqlx::query_as("SELECT id, author_id FROM bulletin WHERE form_key = $1")
        .bind(form_key)
        .fetch_optional(&mut **tx)
        .await
}

/// Changes the text of a draft that still is as the writer saw it. Returns whether it did.
pub async fn set_texts(
    tx: &mut Tx,
    (id, version): (&str, i64),
    texts: &Texts,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let sql = format!(
        "UPDATE bulletin SET title = $3, title_en = $4, body = $5, body_en = $6, changed_at = $7, version = version + 1 \
         WHERE id = $1 AND version = $2 AND {OPEN}"
    );
    let done = sqlx::query(sqlx::AssertSqlSafe(sql))
        .bind(id)
        .bind(version)
        .bind(&texts.title)
        .bind(&texts.title_en)
        .bind(&texts.body)
        .bind(&texts.body_en)
        .bind(now.as_microsecond())
        .execute(&mut **tx)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Puts other numbers into a draft that still is as the writer saw it. Returns whether it did.
pub async fn set_figures(
    tx: &mut Tx,
    (id, version): (&str, i64),
    bulletin: &Bulletin,
    now: Timestamp,
) -> anyhow::Result<bool> {
    let sql = format!(
        "UPDATE bulletin SET figures = $3, counted_at = $4, changed_at = $5, version = version + 1 \
         WHERE id = $1 AND version = $2 AND {OPEN}"
    );
    let done = sqlx::query(sqlx::AssertSqlSafe(sql))
        .bind(id)
        .bind(version)
        .bind(serde_json::to_string(bulletin)?)
        .bind(bulletin.counted_at)
        .bind(now.as_microsecond())
        .execute(&mut **tx)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Gives a draft that still is as the writer saw it its notice: from now on it is fixed. Returns whether it did.
pub async fn fix(
    tx: &mut Tx,
    (id, version): (&str, i64),
    notice_id: &str,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let sql = format!(
        "UPDATE bulletin SET notice_id = $3, changed_at = $4, version = version + 1 WHERE id = $1 AND version = $2 AND {OPEN}"
    );
    let done = sqlx::query(sqlx::AssertSqlSafe(sql))
        .bind(id)
        .bind(version)
        .bind(notice_id)
        .bind(now.as_microsecond())
        .execute(&mut **tx)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Takes a bulletin from its notice, which is no more than a draft. Returns whether it did.
pub async fn release(tx: &mut Tx, id: &str, notice_id: &str, now: Timestamp) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE bulletin SET notice_id = NULL, changed_at = $3, version = version + 1 WHERE id = $1 AND notice_id = $2 \
         AND EXISTS (SELECT 1 FROM notice n WHERE n.id = $2 AND n.state = 'draft' AND n.review_asked_at IS NULL)",
    )
    .bind(id)
    .bind(notice_id)
    .bind(now.as_microsecond())
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Throws a draft away. Returns whether it did.
pub async fn discard(tx: &mut Tx, id: &str, version: i64) -> Result<bool, sqlx::Error> {
    let sql = format!(
        "DELETE FROM bulletin WHERE id = $1 AND version = $2 AND {OPEN} \
         AND NOT EXISTS (SELECT 1 FROM bulletin c WHERE c.corrects_id = $1)"
    );
    let done = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(id).bind(version).execute(&mut **tx).await?;
    Ok(done.rows_affected() == 1)
}

/// The published bulletin that corrects this one: id and titles.
pub async fn corrected_by(db: &Db, id: &str) -> Result<Option<(String, String, String)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT b.id, b.title, b.title_en FROM bulletin b JOIN notice n ON n.id = b.notice_id \
         WHERE b.corrects_id = $1 AND n.state = 'published' ORDER BY b.id DESC LIMIT 1",
    )
    .bind(id)
    .fetch_optional(db.read())
    .await
}

/// An open report that may be a hard case.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Candidate {
    /// Code.
    pub code: String,
    /// State, as stored.
    pub state: String,
    /// Filed, in microseconds.
    pub filed_at: i64,
    /// Deadline, in microseconds.
    pub deadline: Option<i64>,
    /// Failed verifications.
    pub reworks: i64,
    /// Times that an owner handed it back.
    pub returns: i64,
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

/// Open reports under a path with a deadline before an instant, suspended, or reworked or handed back so often.
pub async fn candidates(db: &Db, path: &str, before: Timestamp, often: i64) -> Result<Vec<Candidate>, sqlx::Error> {
    sqlx::query_as(
        "SELECT r.code, r.state, r.filed_at, COALESCE(r.owner_due_at, r.due_at) AS deadline, r.reworks, r.returns, \
         c.name AS category, c.name_en AS category_en, m.name AS community, m.name_en AS community_en, \
         COALESCE(g.name, '') AS grid, COALESCE(g.name_en, '') AS grid_en FROM report r \
         JOIN category c ON c.code = r.category JOIN organisation m ON m.id = r.community_id \
         LEFT JOIN organisation g ON g.id = r.grid_id WHERE substr(r.path, 1, length($1)) = $1 \
         AND r.state NOT IN ('closed', 'rejected', 'withdrawn', 'merged') AND (COALESCE(r.owner_due_at, r.due_at) < $2 \
         OR r.state = 'suspended' OR r.reworks >= $3 OR r.returns >= $3) ORDER BY r.id",
    )
    .bind(path)
    .bind(before.as_microsecond())
    .bind(often)
    .fetch_all(db.read())
    .await
}

/// Names of categories by code, of those given.
pub async fn categories(db: &Db, codes: &[&str]) -> Result<Vec<(String, String, String)>, sqlx::Error> {
    if codes.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!(
        "SELECT c.code, c.name, c.name_en FROM category c WHERE c.code IN ({}) ORDER BY c.name, c.code",
        marks(1, codes.len())
    );
    let mut query = sqlx::query_as(sqlx::AssertSqlSafe(sql));
    for code in codes {
        query = query.bind(*code);
    }
    query.fetch_all(db.read()).await
}
