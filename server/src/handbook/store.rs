//! The handbook in the database.

use crate::{
    clock,
    db::{Db, Tx},
};
use app::handbook::{
    entry::{Contact, Entry},
    form::HandbookForm,
};
use jiff::{Timestamp, civil::Date};

/// An entry with its organisation.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Stored {
    /// Id.
    pub id: String,
    /// Path of the organisation it belongs to.
    pub path: String,
    /// Code of the organisation.
    pub organisation_code: String,
    /// Name of the organisation.
    pub organisation: String,
    /// The same in English, may be empty.
    pub organisation_en: String,
    title: String,
    words: String,
    steps: String,
    contacts: String,
    category: String,
    item: String,
    reviewed_on: String,
    /// The lock of its words.
    pub version: i64,
}

impl Stored {
    /// What it says.
    pub fn entry(&self) -> Entry {
        let contacts: Vec<Contact> = serde_json::from_str(&self.contacts).unwrap_or_default();
        Entry {
            title: self.title.clone(),
            words: self.words.lines().map(str::to_owned).collect(),
            steps: self.steps.clone(),
            contacts,
            category: self.category.clone(),
            item: self.item.clone(),
        }
    }

    /// Code of its category, may be empty.
    pub fn category(&self) -> &str {
        &self.category
    }

    /// Code of its service item, may be empty.
    pub fn item(&self) -> &str {
        &self.item
    }

    /// When somebody last looked at it.
    pub fn reviewed_on(&self) -> Date {
        self.reviewed_on.parse().unwrap_or_default()
    }
}

const SELECT: &str = "SELECT e.id, e.path, o.code AS organisation_code, o.name AS organisation, o.name_en AS organisation_en, \
    e.title, e.words, e.steps, e.contacts, e.category, e.item, e.reviewed_on, e.version \
    FROM handbook_entry e JOIN organisation o ON o.id = e.organisation_id";

/// That an entry `e` is read by somebody who works at one of so many paths, the first bound as `$first`: theirs, what belongs above
/// them and below them ([`app::handbook::entry::reads`]).
fn read_by(first: usize, count: usize) -> String {
    let each: Vec<String> = (first..first + count)
        .map(|n| format!("substr(e.path, 1, length(${n})) = ${n} OR substr(${n}, 1, length(e.path)) = e.path"))
        .collect();
    if each.is_empty() { "1 = 0".to_owned() } else { format!("({})", each.join(" OR ")) }
}

/// All entries that somebody reads who works at these paths: those of the nearest organisations first.
pub async fn readable(db: &Db, scopes: &[&str]) -> Result<Vec<Stored>, sqlx::Error> {
    let sql = format!(
        "{SELECT} WHERE e.removed_at IS NULL AND {} ORDER BY length(e.path) DESC, e.title, e.id",
        read_by(1, scopes.len())
    );
    let mut query = sqlx::query_as(sqlx::AssertSqlSafe(sql));
    for scope in scopes {
        query = query.bind(*scope);
    }
    query.fetch_all(db.read()).await
}

/// Whether there is an entry of this category that somebody reads who works at these paths.
pub async fn knows(db: &Db, scopes: &[&str], category: &str) -> Result<bool, sqlx::Error> {
    let sql = format!(
        "SELECT e.id FROM handbook_entry e WHERE e.removed_at IS NULL AND e.category = $1 AND {} LIMIT 1",
        read_by(2, scopes.len())
    );
    let mut query = sqlx::query_as::<_, (String,)>(sqlx::AssertSqlSafe(sql)).bind(category);
    for scope in scopes {
        query = query.bind(*scope);
    }
    Ok(query.fetch_optional(db.read()).await?.is_some())
}

/// How many entries at or below these paths were last looked at before a day.
pub async fn looked_at_before(db: &Db, scopes: &[&str], day: Date) -> Result<i64, sqlx::Error> {
    if scopes.is_empty() {
        return Ok(0);
    }
    let below: Vec<String> = (2..2 + scopes.len()).map(|n| format!("substr(e.path, 1, length(${n})) = ${n}")).collect();
    let sql = format!(
        "SELECT CAST(COUNT(*) AS BIGINT) FROM handbook_entry e WHERE e.removed_at IS NULL AND e.reviewed_on < $1 AND ({})",
        below.join(" OR ")
    );
    let mut query = sqlx::query_as::<_, (i64,)>(sqlx::AssertSqlSafe(sql)).bind(day.to_string());
    for scope in scopes {
        query = query.bind(*scope);
    }
    let (count,) = query.fetch_one(db.read()).await?;
    Ok(count)
}

/// The entry with this id, if it was not removed.
pub async fn by_id(db: &Db, id: &str) -> Result<Option<Stored>, sqlx::Error> {
    let sql = format!("{SELECT} WHERE e.id = $1 AND e.removed_at IS NULL");
    sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(id).fetch_optional(db.read()).await
}

/// The entry that a form made.
pub async fn id_by_form_key(tx: &mut Tx, form_key: &str) -> Result<Option<String>, sqlx::Error> {
    let row: Option<(String,)> = sqlx::query_as("SELECT id FROM handbook_entry WHERE form_key = $1")
        .bind(form_key)
        .fetch_optional(&mut **tx)
        .await?;
    Ok(row.map(|(id,)| id))
}

/// Writes an entry; `None`: this form has made one before.
pub async fn insert(
    tx: &mut Tx,
    (author_id, form_key): (&str, &str),
    (organisation_id, path): (&str, &str),
    entry: &Entry,
    (today, now): (Date, Timestamp),
) -> Result<Option<String>, sqlx::Error> {
    let id = clock::new_id(now);
    let done = sqlx::query(
        "INSERT INTO handbook_entry (id, organisation_id, path, author_id, form_key, title, words, steps, contacts, \
         category, item, reviewed_on, created_at, updated_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13) ON CONFLICT (form_key) DO NOTHING",
    )
    .bind(&id)
    .bind(organisation_id)
    .bind(path)
    .bind(author_id)
    .bind(form_key)
    .bind(&entry.title)
    .bind(entry.words.join("\n"))
    .bind(&entry.steps)
    .bind(serde_json::json!(entry.contacts).to_string())
    .bind(&entry.category)
    .bind(&entry.item)
    .bind(today.to_string())
    .bind(now.as_microsecond())
    .execute(&mut **tx)
    .await?;
    Ok((done.rows_affected() == 1).then_some(id))
}

/// Overwrites an entry that still is at this version; who writes it has looked at it. Returns whether it was.
pub async fn update(
    tx: &mut Tx,
    (id, version): (&str, i64),
    (organisation_id, path): (&str, &str),
    entry: &Entry,
    (today, now): (Date, Timestamp),
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE handbook_entry SET organisation_id = $3, path = $4, title = $5, words = $6, steps = $7, contacts = $8, \
         category = $9, item = $10, reviewed_on = $11, updated_at = $12, version = version + 1 \
         WHERE id = $1 AND version = $2 AND removed_at IS NULL",
    )
    .bind(id)
    .bind(version)
    .bind(organisation_id)
    .bind(path)
    .bind(&entry.title)
    .bind(entry.words.join("\n"))
    .bind(&entry.steps)
    .bind(serde_json::json!(entry.contacts).to_string())
    .bind(&entry.category)
    .bind(&entry.item)
    .bind(today.to_string())
    .bind(now.as_microsecond())
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Writes down that somebody has looked at the entry at this version. Returns whether it still was.
pub async fn review(tx: &mut Tx, (id, version): (&str, i64), today: Date) -> Result<bool, sqlx::Error> {
    let done =
        sqlx::query("UPDATE handbook_entry SET reviewed_on = $3 WHERE id = $1 AND version = $2 AND removed_at IS NULL")
            .bind(id)
            .bind(version)
            .bind(today.to_string())
            .execute(&mut **tx)
            .await?;
    Ok(done.rows_affected() == 1)
}

/// Removes an entry that still is at this version; its versions stay. Returns whether it was.
pub async fn remove(tx: &mut Tx, (id, version): (&str, i64), now: Timestamp) -> Result<bool, sqlx::Error> {
    let done =
        sqlx::query("UPDATE handbook_entry SET removed_at = $3 WHERE id = $1 AND version = $2 AND removed_at IS NULL")
            .bind(id)
            .bind(version)
            .bind(now.as_microsecond())
            .execute(&mut **tx)
            .await?;
    Ok(done.rows_affected() == 1)
}

/// A version that was saved.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Version {
    /// Its number.
    pub version: i64,
    /// Who saved it.
    pub name: String,
    /// When, in microseconds.
    pub saved_at: i64,
    form: String,
}

impl Version {
    /// The form that was saved.
    pub fn form(&self) -> HandbookForm {
        serde_json::from_str(&self.form).unwrap_or_default()
    }
}

/// Keeps a version.
pub async fn keep(
    tx: &mut Tx,
    (id, version): (&str, i64),
    by: &str,
    form: &HandbookForm,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO handbook_version (entry_id, version, saved_by, saved_at, form) VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(id)
    .bind(version)
    .bind(by)
    .bind(now.as_microsecond())
    .bind(serde_json::json!(form).to_string())
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// The versions of an entry, the newest first; at most 200.
pub async fn versions(db: &Db, id: &str) -> Result<Vec<Version>, sqlx::Error> {
    sqlx::query_as(
        "SELECT v.version, p.name, v.saved_at, v.form FROM handbook_version v JOIN person p ON p.id = v.saved_by \
         WHERE v.entry_id = $1 ORDER BY v.version DESC LIMIT 200",
    )
    .bind(id)
    .fetch_all(db.read())
    .await
}
