//! Review by a second person: who asked, how it ended, and who may be asked.

use crate::{
    clock,
    db::{Db, Tx},
};
use app::people::{Action, Role};
use jiff::Timestamp;

/// Whether notices of this organisation go out only after a second person has approved them.
pub async fn is_asked_for(db: &Db, organisation_id: &str) -> Result<bool, sqlx::Error> {
    let row: Option<(i64,)> = sqlx::query_as("SELECT review FROM notice_settings WHERE organisation_id = $1")
        .bind(organisation_id)
        .fetch_optional(db.read())
        .await?;
    Ok(row.is_some_and(|(review,)| review != 0))
}

/// Asks for review from now on, or no longer. Returns whether that is new.
pub async fn ask_for(
    tx: &mut Tx,
    organisation_id: &str,
    review: bool,
    person_id: &str,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "INSERT INTO notice_settings (organisation_id, review, changed_by, changed_at) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (organisation_id) DO UPDATE SET review = $2, changed_by = $3, changed_at = $4 \
         WHERE notice_settings.review <> $2",
    )
    .bind(organisation_id)
    .bind(i64::from(review))
    .bind(person_id)
    .bind(now.as_microsecond())
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Notes who asked, with the draft that goes into review.
pub async fn begin(tx: &mut Tx, notice_id: &str, person_id: &str, now: Timestamp) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE notice SET review_asked_by = $1, review_asked_at = $2 WHERE id = $3 AND state = 'draft'")
        .bind(person_id)
        .bind(now.as_microsecond())
        .bind(notice_id)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// How a round ended.
#[derive(Clone, Debug)]
pub struct Outcome<'a> {
    /// `approved`, `returned` or `called_back`.
    pub outcome: &'static str,
    /// Who decided.
    pub by: &'a str,
    /// Why it was returned; empty otherwise.
    pub reason: &'a str,
    /// The version that was looked at.
    pub version: i64,
}

/// Ends a round: writes it down and takes the notice out of review.
pub async fn end(tx: &mut Tx, notice_id: &str, outcome: &Outcome<'_>, now: Timestamp) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO notice_review (id, notice_id, version, asked_by, asked_at, outcome, decided_by, decided_at, reason) \
         SELECT $1, n.id, $2, n.review_asked_by, n.review_asked_at, $3, $4, $5, $6 FROM notice n \
         WHERE n.id = $7 AND n.review_asked_at IS NOT NULL",
    )
    .bind(clock::new_id(now))
    .bind(outcome.version)
    .bind(outcome.outcome)
    .bind(outcome.by)
    .bind(now.as_microsecond())
    .bind(outcome.reason)
    .bind(notice_id)
    .execute(&mut **tx)
    .await?;
    sqlx::query("UPDATE notice SET review_asked_by = NULL, review_asked_at = NULL WHERE id = $1")
        .bind(notice_id)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// A round that ended.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Round {
    /// The version that was looked at.
    pub version: i64,
    /// `approved`, `returned` or `called_back`.
    pub outcome: String,
    /// Who decided.
    pub name: String,
    /// When, in microseconds.
    pub decided_at: i64,
    /// Why it was returned; empty otherwise.
    pub reason: String,
}

/// The rounds of a notice, the latest first.
pub async fn rounds(db: &Db, notice_id: &str) -> Result<Vec<Round>, sqlx::Error> {
    sqlx::query_as(
        "SELECT r.version, r.outcome, p.name, r.decided_at, r.reason FROM notice_review r \
         JOIN person p ON p.id = r.decided_by WHERE r.notice_id = $1 ORDER BY r.decided_at DESC, r.id DESC",
    )
    .bind(notice_id)
    .fetch_all(db.read())
    .await
}

/// Somebody who may review.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Reviewer {
    /// Id of the person.
    pub id: String,
    /// Name.
    pub name: String,
    path: String,
}

/// Who may review what the organisation at `path` says, without those who wrote in it: people of the organisation itself,
/// and where it has nobody else, of the nearest one above.
pub async fn reviewers(db: &Db, path: &str, writers: &[String]) -> Result<Vec<Reviewer>, sqlx::Error> {
    let roles: Vec<String> = Role::ALL
        .into_iter()
        .filter(|role| role.may(Action::NoticeReview))
        .map(|role| format!("'{}'", role.code()))
        .collect();
    let sql = format!(
        "SELECT DISTINCT p.id, p.name, o.path FROM role_grant g JOIN person p ON p.id = g.person_id \
         JOIN organisation o ON o.id = g.organisation_id WHERE g.role IN ({}) \
         AND substr($1, 1, length(o.path)) = o.path ORDER BY p.name, p.id",
        roles.join(", ")
    );
    let all: Vec<Reviewer> = sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(path).fetch_all(db.read()).await?;
    let others: Vec<Reviewer> = all.into_iter().filter(|person| !writers.contains(&person.id)).collect();
    let nearest = others.iter().map(|person| person.path.len()).max().unwrap_or(0);
    Ok(others.into_iter().filter(|person| person.path.len() == nearest).collect())
}

/// Everybody who wrote in a notice: its author, whoever saved a version, and whoever asked for its review.
pub async fn writers(db: &Db, notice_id: &str) -> Result<Vec<String>, sqlx::Error> {
    let rows: Vec<(String,)> = sqlx::query_as(
        "SELECT author_id FROM notice WHERE id = $1 UNION SELECT saved_by FROM notice_version WHERE notice_id = $1 \
         UNION SELECT review_asked_by FROM notice WHERE id = $1 AND review_asked_by IS NOT NULL",
    )
    .bind(notice_id)
    .fetch_all(db.read())
    .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Says in SQL that somebody else than the person at a placeholder wrote, changed and handed in the notice `n`.
pub(super) fn others(person: &str) -> String {
    format!(
        "(n.author_id <> {person} AND n.review_asked_by <> {person} \
         AND NOT EXISTS (SELECT 1 FROM notice_version v WHERE v.notice_id = n.id AND v.saved_by = {person}))"
    )
}

/// How many notices wait for this person to review them, under `scopes`.
pub async fn waiting_for(db: &Db, person_id: &str, scopes: &[&str]) -> Result<i64, sqlx::Error> {
    let sql = format!(
        "SELECT CAST(COUNT(*) AS BIGINT) FROM notice n JOIN organisation o ON o.id = n.organisation_id \
         WHERE n.review_asked_at IS NOT NULL AND n.state = 'draft' AND {} AND ({})",
        others("$1"),
        super::list::under_any(scopes, 2)
    );
    let mut query = sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(person_id);
    for scope in scopes {
        query = query.bind(*scope);
    }
    let (count,): (i64,) = query.fetch_one(db.read()).await?;
    Ok(count)
}
