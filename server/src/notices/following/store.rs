//! What people follow and how they want notices, in the database.

use crate::db::{Db, Tx};
use app::notices::{NoticeKind, following::Choices};
use jiff::Timestamp;

/// Something a person follows.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Follow {
    /// Code of the place.
    pub code: String,
    /// Its kind, as stored.
    pub place_kind: String,
    /// Its path.
    pub path: String,
    /// Its name.
    pub name: String,
    /// Its English name, may be empty.
    pub name_en: String,
    /// Name of the community it is in; its own for a community.
    pub community: String,
    /// The same in English, may be empty.
    pub community_en: String,
    /// Kind of notices, as stored; empty: every kind.
    pub kind: String,
    /// Since when, in microseconds.
    pub created_at: i64,
}

/// Everything that a person follows, the oldest first.
pub async fn of_person(db: &Db, person_id: &str) -> Result<Vec<Follow>, sqlx::Error> {
    sqlx::query_as(
        "SELECT o.code, o.kind AS place_kind, o.path, o.name, o.name_en, COALESCE(m.name, o.name) AS community, \
         COALESCE(m.name_en, o.name_en) AS community_en, f.kind, f.created_at \
         FROM follow f JOIN organisation o ON o.id = f.organisation_id \
         LEFT JOIN organisation g ON g.id = o.parent_id AND o.kind = 'building' \
         LEFT JOIN organisation m ON m.id = g.parent_id WHERE f.person_id = $1 \
         ORDER BY f.created_at, o.path, f.kind",
    )
    .bind(person_id)
    .fetch_all(db.read())
    .await
}

/// Adds something to follow, unless there are `most` already. `false`: there were. What is followed already stays.
pub async fn add(
    tx: &mut Tx,
    person_id: &str,
    place: (&str, &str),
    kind: Option<NoticeKind>,
    most: i64,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let (count,): (i64,) = sqlx::query_as(
        "SELECT CAST(COUNT(*) AS BIGINT) FROM follow WHERE person_id = $1 AND NOT (organisation_id = $2 AND kind = $3)",
    )
    .bind(person_id)
    .bind(place.0)
    .bind(kind.map_or("", NoticeKind::code))
    .fetch_one(&mut **tx)
    .await?;
    if count >= most {
        return Ok(false);
    }
    sqlx::query(
        "INSERT INTO follow (person_id, organisation_id, path, kind, created_at) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (person_id, organisation_id, kind) DO NOTHING",
    )
    .bind(person_id)
    .bind(place.0)
    .bind(place.1)
    .bind(kind.map_or("", NoticeKind::code))
    .bind(now.as_microsecond())
    .execute(&mut **tx)
    .await?;
    Ok(true)
}

/// Ends following a place for a kind, as stored. Returns whether it was followed.
pub async fn remove(tx: &mut Tx, person_id: &str, code: &str, kind: &str) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "DELETE FROM follow WHERE person_id = $1 AND kind = $3 \
         AND organisation_id = (SELECT id FROM organisation WHERE code = $2)",
    )
    .bind(person_id)
    .bind(code)
    .bind(kind)
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

#[derive(sqlx::FromRow)]
struct Chosen {
    email: i64,
    sms: i64,
    kinds: String,
    daily_hour: Option<i64>,
    quiet_from: i64,
    quiet_until: i64,
}

/// How a person wants notices; the defaults until they have chosen.
pub async fn choices(db: &Db, person_id: &str) -> Result<Choices, sqlx::Error> {
    let row: Option<Chosen> = sqlx::query_as(
        "SELECT email, sms, kinds, daily_hour, quiet_from, quiet_until FROM notice_choice WHERE person_id = $1",
    )
    .bind(person_id)
    .fetch_optional(db.read())
    .await?;
    Ok(row.map_or_else(Choices::default, |row| {
        let quiet = (row.quiet_from, row.quiet_until);
        super::super::store::choices(row.email, row.sms, Some(&row.kinds), row.daily_hour, quiet)
    }))
}

/// Keeps how a person wants notices.
pub async fn set_choices(tx: &mut Tx, person_id: &str, choices: &Choices, now: Timestamp) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO notice_choice (person_id, email, sms, kinds, daily_hour, quiet_from, quiet_until, updated_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (person_id) DO UPDATE SET email = excluded.email, \
         sms = excluded.sms, kinds = excluded.kinds, daily_hour = excluded.daily_hour, \
         quiet_from = excluded.quiet_from, quiet_until = excluded.quiet_until, updated_at = excluded.updated_at",
    )
    .bind(person_id)
    .bind(i64::from(choices.email))
    .bind(i64::from(choices.sms))
    .bind(choices.kinds_code())
    .bind(choices.daily.map(i64::from))
    .bind(i64::from(choices.quiet.from))
    .bind(i64::from(choices.quiet.until))
    .bind(now.as_microsecond())
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// No more notices by mail; everything else stays as it is. Returns whether they came by mail.
pub async fn stop_mail(tx: &mut Tx, person_id: &str, now: Timestamp) -> Result<bool, sqlx::Error> {
    let done = sqlx::query("UPDATE notice_choice SET email = 0, updated_at = $2 WHERE person_id = $1 AND email = 1")
        .bind(person_id)
        .bind(now.as_microsecond())
        .execute(&mut **tx)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Forgets what a person follows, how they want notices, and which of their browsers are notified. That somebody wants no SMS
/// is kept: it would begin anew with what says that it ends.
pub async fn forget(tx: &mut Tx, person_id: &str) -> Result<(), sqlx::Error> {
    for sql in [
        "DELETE FROM follow WHERE person_id = $1",
        "DELETE FROM notice_choice WHERE person_id = $1 AND sms = 1",
        "DELETE FROM push_subscription WHERE person_id = $1",
    ] {
        sqlx::query(sql).bind(person_id).execute(&mut **tx).await?;
    }
    let Choices { quiet, .. } = Choices::default();
    sqlx::query(
        "UPDATE notice_choice SET email = 0, kinds = $2, daily_hour = NULL, quiet_from = $3, quiet_until = $4 \
         WHERE person_id = $1",
    )
    .bind(person_id)
    .bind(Choices::default().kinds_code())
    .bind(i64::from(quiet.from))
    .bind(i64::from(quiet.until))
    .execute(&mut **tx)
    .await?;
    Ok(())
}
