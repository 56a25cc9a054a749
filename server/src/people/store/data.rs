//! Everything that is kept of a person, and how it is forgotten. **A table that names people gets a line in [`SECTIONS`] and,
//! where its rows say something about them, one in [`FORGETTING`]**; a test compares both with the tables there are.

mod sections;

pub use sections::SECTIONS;

use crate::db::{Db, Tx};
use jiff::Timestamp;
use serde_json::{Map, Value};
use sqlx::{Column, Row, ValueRef, any::AnyRow};

/// A part of what is kept of a person.
pub struct Section {
    /// Its name in the file.
    pub name: &'static str,
    /// Catalogue key of its name on the page.
    pub word: &'static str,
    /// Path of the page that shows it, may be empty.
    pub page: &'static str,
    /// Its rows; `$1` is the person. Columns are the names in the file: those that end in `_at` are instants, `is_` begins what
    /// is yes or no, and `_json` ends what is JSON.
    sql: &'static str,
}

/// What forgets a person: statements in their order, `$1` is the person. Rows that others' work refers to stay without what
/// they say; so do those that only count.
static FORGETTING: &[&str] = &[
    "DELETE FROM inbox_message WHERE person_id = $1",
    "DELETE FROM delivery WHERE person_id = $1",
    "DELETE FROM notice_delivery WHERE person_id = $1 AND state IN ('created', 'sending')",
    "DELETE FROM follow WHERE person_id = $1",
    "DELETE FROM notice_choice WHERE person_id = $1",
    "DELETE FROM push_subscription WHERE person_id = $1",
    "DELETE FROM second_factor WHERE person_id = $1",
    "DELETE FROM session WHERE person_id = $1",
    "DELETE FROM personal_token WHERE person_id = $1",
    "DELETE FROM api_request WHERE owner = 'person:' || $1",
    "DELETE FROM sign_up WHERE person_id = $1",
    "DELETE FROM service_certificate_hour WHERE certificate_id IN (SELECT id FROM service_certificate WHERE person_id = $1)",
    "DELETE FROM service_certificate WHERE person_id = $1",
    "DELETE FROM service_hour WHERE person_id = $1",
    "DELETE FROM training_attendance WHERE person_id = $1",
    "DELETE FROM team_member_grid WHERE member_id IN (SELECT id FROM team_member WHERE person_id = $1)",
    "DELETE FROM team_member WHERE person_id = $1",
    "DELETE FROM notice_question WHERE person_id = $1 AND released = 0",
    "DELETE FROM consultation_speaker WHERE person_id = $1",
    // That somebody of the place spoke is counted; who it was, and in which words, is not.
    "UPDATE consultation_voice SET comment = '', person_id = NULL, \
     voice_key = CASE WHEN voice_key = 'p:' || $1 THEN 'gone:' || id ELSE voice_key END WHERE person_id = $1",
    "DELETE FROM grid_contact WHERE person_id = $1",
    "DELETE FROM grid_away WHERE person_id = $1",
    "UPDATE report_follower SET person_id = NULL WHERE person_id = $1",
    "UPDATE report SET reporter_id = NULL, contact_sealed = NULL, contact_masked = '' WHERE reporter_id = $1",
    "UPDATE photo SET uploader_id = NULL WHERE uploader_id = $1",
    "UPDATE appointment_item SET answers = '{}', materials = '[]' \
     WHERE appointment_id IN (SELECT id FROM appointment WHERE person_id = $1)",
    "UPDATE appointment SET for_name = '', for_relation = '', need = '', answers = '{}', materials = '[]', \
     cancel_reason = '' WHERE person_id = $1",
    "UPDATE wait_entry SET answers = '{}', materials = '{}' WHERE person_id = $1",
    "UPDATE booking_hold SET device_hash = '', address_hash = '' WHERE person_id = $1",
    "UPDATE booking_block SET appeal = '' WHERE person_id = $1",
    "UPDATE service_rating SET reason = '' WHERE ticket_id IN (SELECT id FROM ticket WHERE person_id = $1)",
    "UPDATE ticket_item SET answers = '{}', seen = '[]', missing = '[]' \
     WHERE ticket_id IN (SELECT id FROM ticket WHERE person_id = $1)",
    "UPDATE ticket SET name = '', need = '', note = '', device_hash = '' WHERE person_id = $1",
    "DELETE FROM property_member WHERE person_id = $1",
    "UPDATE property_rating SET reason = '' WHERE person_id = $1",
    "DELETE FROM login_code WHERE phone_hash = (SELECT phone_hash FROM person WHERE id = $1)",
];

/// The statements with which a person is read and forgotten, for the test that compares them with the tables.
pub fn statements() -> impl Iterator<Item = &'static str> {
    SECTIONS.iter().map(|section| section.sql).chain(FORGETTING.iter().copied())
}

/// The rows of a section, as they stand in the file.
pub async fn rows(db: &Db, section: &Section, person_id: &str) -> Result<Vec<Map<String, Value>>, sqlx::Error> {
    let rows: Vec<AnyRow> = sqlx::query(section.sql).bind(person_id).fetch_all(db.read()).await?;
    rows.iter().map(told).collect()
}

fn told(row: &AnyRow) -> Result<Map<String, Value>, sqlx::Error> {
    let mut map = Map::new();
    for column in row.columns() {
        let (name, at) = (column.name(), column.ordinal());
        let value = if row.try_get_raw(at)?.is_null() {
            Value::Null
        } else if let Ok(number) = row.try_get::<i64, _>(at) {
            match name {
                name if name.ends_with("_at") => {
                    Timestamp::from_microsecond(number).map_or(Value::Null, |at| at.to_string().into())
                }
                name if name.starts_with("is_") => (number != 0).into(),
                _ => number.into(),
            }
        } else if let Ok(text) = row.try_get::<String, _>(at) {
            match name.strip_suffix("_json") {
                Some(_) => serde_json::from_str(&text).unwrap_or(Value::Null),
                None => text.into(),
            }
        } else {
            row.try_get::<f64, _>(at)?.into()
        };
        let name = name.strip_suffix("_json").or_else(|| name.strip_prefix("is_")).unwrap_or(name);
        map.insert(name.to_owned(), value);
    }
    Ok(map)
}

/// The person's own row.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct OwnRow {
    /// Name.
    pub name: String,
    /// Number, sealed.
    pub phone_sealed: String,
    /// Number as shown.
    pub phone_masked: String,
    /// E-mail address, sealed; may be empty.
    pub email_sealed: String,
    /// E-mail address as shown, may be empty.
    pub email_masked: String,
    /// When it was confirmed, in microseconds.
    pub email_confirmed_at: Option<i64>,
    /// Language of messages.
    pub lang: String,
    /// Unit that the person works for, may be empty.
    pub unit: String,
    /// Name of the home community.
    pub community: Option<String>,
    /// Name of the home building.
    pub building: Option<String>,
    /// Since when, in microseconds.
    pub created_at: i64,
    /// A person of the demonstration.
    pub demo: i64,
}

/// The person's own row.
pub async fn own(db: &Db, person_id: &str) -> Result<Option<OwnRow>, sqlx::Error> {
    sqlx::query_as(
        "SELECT p.name, p.phone_sealed, p.phone_masked, p.email_sealed, p.email_masked, p.email_confirmed_at, p.lang, p.unit, \
         c.name AS community, b.name AS building, p.created_at, p.demo FROM person p \
         LEFT JOIN organisation c ON c.id = p.community_id LEFT JOIN organisation b ON b.id = p.building_id \
         WHERE p.id = $1 AND p.left_at IS NULL",
    )
    .bind(person_id)
    .fetch_optional(db.read())
    .await
}

/// What keeps an account from being deleted now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct Standing {
    /// Roles.
    pub roles: i64,
    /// Open reports that the person has to deal with.
    pub reports: i64,
    /// Booked visits that are not over, and numbers in a line.
    pub visits: i64,
    /// Days for which the person waits.
    pub waiting: i64,
}

/// What stands, inside the transaction that is to forget the person.
pub async fn standing(tx: &mut Tx, person_id: &str, now: Timestamp) -> Result<Standing, sqlx::Error> {
    sqlx::query_as(
        "SELECT CAST((SELECT COUNT(*) FROM role_grant WHERE person_id = $1) AS BIGINT) AS roles, \
         CAST((SELECT COUNT(*) FROM report WHERE owner_id = $1 \
         AND state NOT IN ('closed', 'rejected', 'withdrawn', 'merged')) AS BIGINT) AS reports, \
         CAST((SELECT COUNT(*) FROM appointment WHERE person_id = $1 AND state IN ('booked', 'checked_in') \
         AND ends_at > $2) + (SELECT COUNT(*) FROM ticket WHERE person_id = $1 AND ended_at IS NULL AND day >= $3) \
         AS BIGINT) AS visits, \
         CAST((SELECT COUNT(*) FROM wait_entry WHERE person_id = $1 AND state IN ('waiting', 'offered') AND day >= $3) \
         AS BIGINT) AS waiting",
    )
    .bind(person_id)
    .bind(now.as_microsecond())
    .bind(app::time::day_of(now).to_string())
    .fetch_one(&mut **tx)
    .await
}

/// Ids of the person's reports.
pub async fn report_ids(tx: &mut Tx, person_id: &str) -> Result<Vec<String>, sqlx::Error> {
    let rows: Vec<(String,)> =
        sqlx::query_as("SELECT id FROM report WHERE reporter_id = $1").bind(person_id).fetch_all(&mut **tx).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Forgets a person. What they did in office stays under their name: it is the community's record.
pub async fn forget(tx: &mut Tx, person_id: &str, now: Timestamp) -> Result<(), sqlx::Error> {
    for sql in FORGETTING {
        sqlx::query(*sql).bind(person_id).execute(&mut **tx).await?;
    }
    sqlx::query(
        "UPDATE person SET name = CASE WHEN EXISTS (SELECT 1 FROM report_event e WHERE e.actor_id = $1 \
         AND e.actor_kind IN ('staff', 'handler', 'verifier')) OR EXISTS (SELECT 1 FROM notice n WHERE n.author_id = $1) \
         OR EXISTS (SELECT 1 FROM supervision_event v WHERE v.actor_id = $1) \
         OR EXISTS (SELECT 1 FROM window_session s WHERE s.staff_id = $1) THEN name ELSE '' END, \
         phone_hash = 'left:' || id, phone_sealed = '', phone_masked = '', email_sealed = '', email_masked = '', \
         email_confirmed_at = NULL, community_id = NULL, building_id = NULL, left_at = $2 WHERE id = $1",
    )
    .bind(person_id)
    .bind(now.as_microsecond())
    .execute(&mut **tx)
    .await?;
    Ok(())
}
