//! Service hours in the database. **No statement here sums up hours by person for anybody but that person**: [`of_person`]
//! is asked for the reader alone.

use super::{day, instant, under_any};
use crate::{
    clock,
    db::{Db, Tx},
};
use app::partners::{HourSource, HourState};
use jiff::{Timestamp, civil::Date};
use sqlx::AnyConnection;

/// An entry.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Hour {
    /// Id.
    pub id: String,
    /// Path of the community.
    pub path: String,
    /// Whose.
    pub person_id: String,
    /// Their name.
    pub name: String,
    day: String,
    /// How long.
    pub minutes: i64,
    source: String,
    /// What was done, in words.
    pub words: String,
    /// The activity.
    pub activity_id: Option<String>,
    /// Title of its notice.
    pub activity: Option<String>,
    /// The same in English.
    pub activity_en: Option<String>,
    /// Code of the report.
    pub report: Option<String>,
    /// Id of the team.
    pub team_id: Option<String>,
    /// Name of the team.
    pub team: Option<String>,
    state: String,
    proposed_at: i64,
    /// Who confirmed it.
    pub confirmed_by: Option<String>,
    confirmed_at: Option<i64>,
    ended_at: Option<i64>,
    /// Why it was declined or taken back.
    pub reason: String,
    /// The lock.
    pub version: i64,
}

impl Hour {
    /// When it was done.
    pub fn day(&self) -> Date {
        day(&self.day)
    }
    /// What it was for.
    pub fn source(&self) -> HourSource {
        HourSource::from_code(&self.source).unwrap_or(HourSource::Other)
    }
    /// Where it stands.
    pub fn state(&self) -> HourState {
        HourState::from_code(&self.state).unwrap_or(HourState::Declined)
    }
    /// When it was told.
    pub fn proposed(&self) -> Timestamp {
        instant(self.proposed_at)
    }
    /// When it was confirmed.
    pub fn confirmed(&self) -> Option<Timestamp> {
        self.confirmed_at.map(instant)
    }
    /// When it was declined or taken back.
    pub fn ended(&self) -> Option<Timestamp> {
        self.ended_at.map(instant)
    }
}

const HOUR: &str = "SELECT h.id, o.path, h.person_id, p.name, h.day, h.minutes, h.source, h.words, h.activity_id, \
    n.title AS activity, n.title_en AS activity_en, r.code AS report, h.team_id, t.name AS team, h.state, h.proposed_at, \
    s.name AS confirmed_by, h.confirmed_at, h.ended_at, h.reason, h.version FROM service_hour h \
    JOIN organisation o ON o.id = h.community_id JOIN person p ON p.id = h.person_id \
    LEFT JOIN activity a ON a.id = h.activity_id LEFT JOIN notice n ON n.id = a.notice_id \
    LEFT JOIN report r ON r.id = h.report_id LEFT JOIN volunteer_team t ON t.id = h.team_id \
    LEFT JOIN person s ON s.id = h.confirmed_by";

/// The entry with this id.
pub async fn hour(db: &Db, id: &str) -> Result<Option<Hour>, sqlx::Error> {
    let sql = format!("{HOUR} WHERE h.id = $1");
    sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(id).fetch_optional(db.read()).await
}

/// The entries of the reader, the latest day first, at most 2,000.
pub async fn of_person(db: &Db, person_id: &str) -> Result<Vec<Hour>, sqlx::Error> {
    let sql = format!("{HOUR} WHERE h.person_id = $1 ORDER BY h.day DESC, h.id DESC LIMIT 2000");
    sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(person_id).fetch_all(db.read()).await
}

/// The reader's confirmed entries of a period, also inside the transaction that certifies them: id and minutes, in their
/// order.
pub async fn confirmed_in(
    connection: &mut AnyConnection,
    person_id: &str,
    (from, until): (Date, Date),
) -> Result<Vec<(String, i64)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT id, minutes FROM service_hour WHERE person_id = $1 AND state = 'confirmed' AND day >= $2 AND day <= $3 \
         ORDER BY id",
    )
    .bind(person_id)
    .bind(from.to_string())
    .bind(until.to_string())
    .fetch_all(connection)
    .await
}

/// What waits for staff in these scopes, the oldest first, at most 200.
pub async fn waiting(db: &Db, scopes: &[&str]) -> Result<Vec<Hour>, sqlx::Error> {
    let sql = format!(
        "{HOUR} WHERE h.state = 'proposed' AND ({}) ORDER BY h.proposed_at, h.id LIMIT 200",
        under_any(scopes, 1)
    );
    let mut query = sqlx::query_as(sqlx::AssertSqlSafe(sql));
    for scope in scopes {
        query = query.bind(*scope);
    }
    query.fetch_all(db.read()).await
}

/// What staff in these scopes confirmed last, the latest first, at most 50: to find what was confirmed by mistake.
pub async fn lately(db: &Db, scopes: &[&str]) -> Result<Vec<Hour>, sqlx::Error> {
    let sql = format!(
        "{HOUR} WHERE h.confirmed_at IS NOT NULL AND ({}) ORDER BY h.confirmed_at DESC, h.id DESC LIMIT 50",
        under_any(scopes, 1)
    );
    let mut query = sqlx::query_as(sqlx::AssertSqlSafe(sql));
    for scope in scopes {
        query = query.bind(*scope);
    }
    query.fetch_all(db.read()).await
}

/// An entry to be written.
pub struct NewHour<'a> {
    /// Id of the community.
    pub community_id: &'a str,
    /// Whose.
    pub person_id: &'a str,
    /// When it was done.
    pub day: Date,
    /// How long.
    pub minutes: i64,
    /// What it was for.
    pub source: HourSource,
    /// The activity.
    pub activity_id: Option<&'a str>,
    /// The report.
    pub report_id: Option<&'a str>,
    /// The team.
    pub team_id: Option<&'a str>,
    /// What was done, in words.
    pub words: &'a str,
    /// Staff who confirm it at once.
    pub confirmed_by: Option<&'a str>,
    /// One form writes one.
    pub form_key: &'a str,
}

/// How writing an entry went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Written {
    /// It is new; its id.
    New(String),
    /// This form wrote it before.
    Again(String),
    /// The activity or report counts for this person already.
    Counted,
}

/// Writes an entry.
pub async fn insert(tx: &mut Tx, new: NewHour<'_>, now: Timestamp) -> Result<Written, sqlx::Error> {
    let id = clock::new_id(now);
    let state = if new.confirmed_by.is_some() { HourState::Confirmed } else { HourState::Proposed };
    let done = sqlx::query(
        "INSERT INTO service_hour (id, community_id, person_id, day, minutes, source, activity_id, report_id, team_id, \
         words, state, proposed_at, confirmed_by, confirmed_at, form_key) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) ON CONFLICT DO NOTHING",
    )
    .bind(&id)
    .bind(new.community_id)
    .bind(new.person_id)
    .bind(new.day.to_string())
    .bind(new.minutes)
    .bind(new.source.code())
    .bind(new.activity_id)
    .bind(new.report_id)
    .bind(new.team_id)
    .bind(new.words)
    .bind(state.code())
    .bind(now.as_microsecond())
    .bind(new.confirmed_by)
    .bind(new.confirmed_by.map(|_| now.as_microsecond()))
    .bind(new.form_key)
    .execute(&mut **tx)
    .await?;
    if done.rows_affected() == 1 {
        return Ok(Written::New(id));
    }
    let before: Option<(String,)> = sqlx::query_as("SELECT id FROM service_hour WHERE form_key = $1")
        .bind(new.form_key)
        .fetch_optional(&mut **tx)
        .await?;
    Ok(before.map_or(Written::Counted, |(id,)| Written::Again(id)))
}

/// How many of a person's entries wait.
pub async fn waiting_of(tx: &mut Tx, person_id: &str) -> Result<i64, sqlx::Error> {
    let (count,): (i64,) =
        sqlx::query_as("SELECT CAST(COUNT(*) AS BIGINT) FROM service_hour WHERE person_id = $1 AND state = 'proposed'")
            .bind(person_id)
            .fetch_one(&mut **tx)
            .await?;
    Ok(count)
}

/// Confirms what waits and still is as the reader saw it; never the reader's own. Returns whether it did.
pub async fn confirm(tx: &mut Tx, (id, version): (&str, i64), by: &str, now: Timestamp) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE service_hour SET state = 'confirmed', confirmed_by = $3, confirmed_at = $4, version = version + 1 \
         WHERE id = $1 AND version = $2 AND state = 'proposed' AND person_id <> $3",
    )
    .bind(id)
    .bind(version)
    .bind(by)
    .bind(now.as_microsecond())
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Ends an entry that still is as the reader saw it. Returns whether it did.
pub async fn end(
    tx: &mut Tx,
    (id, version): (&str, i64),
    (from, to): (HourState, HourState),
    (by, reason): (&str, &str),
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE service_hour SET state = $4, ended_by = $5, ended_at = $6, reason = $7, version = version + 1 \
         WHERE id = $1 AND version = $2 AND state = $3",
    )
    .bind(id)
    .bind(version)
    .bind(from.code())
    .bind(to.code())
    .bind(by)
    .bind(now.as_microsecond())
    .bind(reason)
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// A report that somebody handled and that counts for no hours yet.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Handled {
    /// Id.
    pub id: String,
    /// Its code.
    pub code: String,
    /// Id of its community.
    pub community_id: String,
    /// Name of its category.
    pub category: String,
    /// The same in English.
    pub category_en: String,
    /// When it last moved, in microseconds.
    pub changed_at: i64,
}

/// Reports that a person handled and for which they have told no hours: the latest first, at most 30.
pub async fn handled(db: &Db, person_id: &str) -> Result<Vec<Handled>, sqlx::Error> {
    sqlx::query_as(
        "SELECT r.id, r.code, r.community_id, c.name AS category, c.name_en AS category_en, r.changed_at FROM report r \
         JOIN category c ON c.code = r.category WHERE r.handled_by = $1 AND r.state IN ('handled', 'verified', 'closed') \
         AND NOT EXISTS (SELECT 1 FROM service_hour h WHERE h.person_id = $1 AND h.report_id = r.id \
         AND h.state IN ('proposed', 'confirmed')) ORDER BY r.changed_at DESC, r.id LIMIT 30",
    )
    .bind(person_id)
    .fetch_all(db.read())
    .await
}

/// A report with this code that a person handled: its id and its community's.
pub async fn handled_by(db: &Db, person_id: &str, code: &str) -> Result<Option<(String, String)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT id, community_id FROM report WHERE code = $2 AND handled_by = $1 \
         AND state IN ('handled', 'verified', 'closed')",
    )
    .bind(person_id)
    .bind(code)
    .fetch_optional(db.read())
    .await
}
