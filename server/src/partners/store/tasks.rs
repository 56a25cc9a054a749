//! Tasks of agreements in the database.

use super::{day, under_any};
use crate::{
    clock,
    db::{Db, Tx},
};
use app::partners::{TaskState, Whose, agreement::DueIn};
use jiff::{Timestamp, civil::Date};

/// A task with its agreement.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Task {
    /// Id.
    pub id: String,
    /// Its agreement.
    pub agreement_id: String,
    /// What the agreement is about.
    pub agreement: String,
    /// Name of the partner.
    pub partner: String,
    /// Path of the community.
    pub path: String,
    /// What is to be done.
    pub title: String,
    whose: String,
    due_day: String,
    state: String,
    /// What was done, or why it was dropped.
    pub note: String,
    /// Who said so.
    pub settled_by: Option<String>,
    /// When, in microseconds.
    pub settled_at: Option<i64>,
    /// The lock.
    pub version: i64,
    /// Id of its photo.
    pub photo: Option<String>,
}

impl Task {
    /// Who does it.
    pub fn whose(&self) -> Whose {
        Whose::from_code(&self.whose).unwrap_or(Whose::Both)
    }
    /// Where it stands.
    pub fn state(&self) -> TaskState {
        TaskState::from_code(&self.state).unwrap_or(TaskState::Dropped)
    }
    /// The day by which it is due.
    pub fn due(&self) -> Date {
        day(&self.due_day)
    }
    /// How its time stands.
    pub fn due_in(&self, today: Date) -> DueIn {
        DueIn::of(self.state(), self.due(), today)
    }
}

const TASK: &str = "SELECT k.id, k.agreement_id, a.title AS agreement, p.name AS partner, o.path, k.title, k.whose, k.due_day, \
    k.state, k.note, s.name AS settled_by, k.settled_at, k.version, \
    (SELECT MIN(f.id) FROM photo f WHERE f.owner_kind = 'partner_task' AND f.owner_id = k.id) AS photo \
    FROM partner_task k JOIN partner_agreement a ON a.id = k.agreement_id JOIN partner p ON p.id = a.partner_id \
    JOIN organisation o ON o.id = p.community_id LEFT JOIN person s ON s.id = k.settled_by";

/// The task with this id.
pub async fn task(db: &Db, id: &str) -> Result<Option<Task>, sqlx::Error> {
    let sql = format!("{TASK} WHERE k.id = $1");
    sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(id).fetch_optional(db.read()).await
}

/// Tasks of an agreement: what is open first, by the day on which it is due.
pub async fn tasks(db: &Db, agreement_id: &str) -> Result<Vec<Task>, sqlx::Error> {
    let sql = format!(
        "{TASK} WHERE k.agreement_id = $1 ORDER BY CASE k.state WHEN 'open' THEN 0 ELSE 1 END, k.due_day, k.id LIMIT 200"
    );
    sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(agreement_id).fetch_all(db.read()).await
}

/// Open tasks in these scopes that are due by `until`, the most urgent first, at most 200.
pub async fn due(db: &Db, scopes: &[&str], until: Date) -> Result<Vec<Task>, sqlx::Error> {
    let sql = format!(
        "{TASK} WHERE k.state = 'open' AND k.due_day <= $1 AND ({}) ORDER BY k.due_day, k.id LIMIT 200",
        under_any(scopes, 2)
    );
    let mut query = sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(until.to_string());
    for scope in scopes {
        query = query.bind(*scope);
    }
    query.fetch_all(db.read()).await
}

/// Open tasks of all communities that are due by `until`, after a day and an id, at most `most`.
pub async fn due_everywhere(
    db: &Db,
    until: Date,
    (after_day, after_id): (&str, &str),
    most: i64,
) -> Result<Vec<Task>, sqlx::Error> {
    let sql = format!(
        "{TASK} WHERE k.state = 'open' AND k.due_day <= $1 AND (k.due_day > $2 OR (k.due_day = $2 AND k.id > $3)) \
         ORDER BY k.due_day, k.id LIMIT $4"
    );
    sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(until.to_string())
        .bind(after_day)
        .bind(after_id)
        .bind(most)
        .fetch_all(db.read())
        .await
}

/// How many tasks an agreement has.
pub async fn task_count(tx: &mut Tx, agreement_id: &str) -> Result<i64, sqlx::Error> {
    let (count,): (i64,) = sqlx::query_as("SELECT CAST(COUNT(*) AS BIGINT) FROM partner_task WHERE agreement_id = $1")
        .bind(agreement_id)
        .fetch_one(&mut **tx)
        .await?;
    Ok(count)
}

/// Writes a task; the id of the one that this form made before, if it did.
pub async fn insert_task(
    tx: &mut Tx,
    agreement_id: &str,
    (title, whose, due): (&str, Whose, Date),
    (form_key, by): (&str, &str),
    now: Timestamp,
) -> Result<(String, bool), sqlx::Error> {
    let id = clock::new_id(now);
    let done = sqlx::query(
        "INSERT INTO partner_task (id, agreement_id, title, whose, due_day, state, form_key, created_by, created_at) \
         VALUES ($1, $2, $3, $4, $5, 'open', $6, $7, $8) ON CONFLICT (form_key) DO NOTHING",
    )
    .bind(&id)
    .bind(agreement_id)
    .bind(title)
    .bind(whose.code())
    .bind(due.to_string())
    .bind(form_key)
    .bind(by)
    .bind(now.as_microsecond())
    .execute(&mut **tx)
    .await?;
    if done.rows_affected() == 1 {
        return Ok((id, true));
    }
    let (id,): (String,) =
        sqlx::query_as("SELECT id FROM partner_task WHERE form_key = $1").bind(form_key).fetch_one(&mut **tx).await?;
    Ok((id, false))
}

/// Settles an open task, or opens one again, that still is as the reader saw it. Returns whether it did.
pub async fn settle_task(
    tx: &mut Tx,
    (id, version): (&str, i64),
    (from, to): (TaskState, TaskState),
    (by, note): (&str, &str),
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE partner_task SET state = $4, note = CASE WHEN $4 = 'open' THEN '' ELSE $5 END, \
         settled_by = CASE WHEN $4 = 'open' THEN NULL ELSE $6 END, \
         settled_at = CASE WHEN $4 = 'open' THEN NULL ELSE $7 END, version = version + 1 \
         WHERE id = $1 AND version = $2 AND state = $3",
    )
    .bind(id)
    .bind(version)
    .bind(from.code())
    .bind(to.code())
    .bind(note)
    .bind(by)
    .bind(now.as_microsecond())
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}
