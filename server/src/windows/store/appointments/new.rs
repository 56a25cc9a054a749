//! A new appointment: what the person has already, and writing it down.

use super::visit::set_slots;
use crate::{db::Tx, windows::store::slots::Quota};
use jiff::Timestamp;

/// The code of the person's appointment that was made with this idempotency key.
pub async fn by_key(tx: &mut Tx, person_id: &str, key: &str) -> Result<Option<String>, sqlx::Error> {
    let row: Option<(String,)> =
        sqlx::query_as("SELECT code FROM appointment WHERE person_id = $1 AND idempotency_key = $2")
            .bind(person_id)
            .bind(key)
            .fetch_optional(&mut **tx)
            .await?;
    Ok(row.map(|(code,)| code))
}

/// The codes of a person's open bookings for an item: booked, and not over yet.
pub async fn open_for_item(
    tx: &mut Tx,
    person_id: &str,
    item_id: &str,
    now: Timestamp,
) -> Result<Vec<String>, sqlx::Error> {
    let rows: Vec<(String,)> = sqlx::query_as(
        "SELECT a.code FROM appointment a WHERE a.person_id = $1 AND a.state = 'booked' AND a.ends_at > $3 AND EXISTS \
         (SELECT 1 FROM appointment_item i WHERE i.appointment_id = a.id AND i.item_id = $2) ORDER BY a.starts_at",
    )
    .bind(person_id)
    .bind(item_id)
    .bind(now.as_microsecond())
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows.into_iter().map(|(code,)| code).collect())
}

/// A person's bookings that stand and begin in `from..to`, as (id, begin, end).
pub async fn standing_between(
    tx: &mut Tx,
    person_id: &str,
    (from, to): (Timestamp, Timestamp),
) -> Result<Vec<(String, i64, i64)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT id, starts_at, ends_at FROM appointment WHERE person_id = $1 AND starts_at >= $2 AND starts_at < $3 \
         AND state IN ('booked', 'checked_in')",
    )
    .bind(person_id)
    .bind(from.as_microsecond())
    .bind(to.as_microsecond())
    .fetch_all(&mut **tx)
    .await
}

/// An item of a visit to be written down.
#[derive(Clone, Debug)]
pub struct NewVisitItem {
    /// Id of the item.
    pub item_id: String,
    /// Codes of the ticked materials.
    pub materials: Vec<String>,
    /// Answers.
    pub answers: app::windows::Answers,
}

/// For whom a visit is, and what is needed.
#[derive(Clone, Debug, Default)]
pub struct ForWhom {
    /// Name of the relative; empty: for the person.
    pub name: String,
    /// What the relative is to the person.
    pub relation: String,
    /// What is needed; may be empty.
    pub need: String,
}

/// An appointment to be written down.
pub struct NewAppointment<'a> {
    /// Id.
    pub id: &'a str,
    /// Whose.
    pub person_id: &'a str,
    /// For what; at least one.
    pub items: &'a [NewVisitItem],
    /// Where.
    pub hall_id: &'a str,
    /// At which window.
    pub window_id: &'a str,
    /// In which slots, in order; at least one.
    pub slot_ids: &'a [String],
    /// Begin and end.
    pub span: (Timestamp, Timestamp),
    /// For whom.
    pub for_whom: &'a ForWhom,
    /// Which places were taken.
    pub quota: Quota,
    /// Staff who book for the person.
    pub booked_by: Option<&'a str>,
    /// Idempotency key.
    pub key: &'a str,
}

/// Writes an appointment down under a code. `false`: the code is taken, try another.
pub async fn insert(tx: &mut Tx, new: &NewAppointment<'_>, code: &str, now: Timestamp) -> anyhow::Result<bool> {
    let (Some(first), Some(slot_id)) = (new.items.first(), new.slot_ids.first()) else {
        anyhow::bail!("a visit has an item and a slot");
    };
    let whom = new.for_whom;
    let done = sqlx::query(
        "INSERT INTO appointment (id, code, person_id, item_id, hall_id, window_id, slot_id, starts_at, ends_at, \
         state, materials, answers, idempotency_key, created_at, for_name, for_relation, consent_at, need, quota, \
         booked_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'booked', $10, $11, $12, $13, $14, $15, \
         CASE WHEN $14 <> '' THEN $13 ELSE NULL END, $16, $17, $18) ON CONFLICT (code) DO NOTHING",
    )
    .bind(new.id)
    .bind(code)
    .bind(new.person_id)
    .bind(&first.item_id)
    .bind(new.hall_id)
    .bind(new.window_id)
    .bind(slot_id)
    .bind(new.span.0.as_microsecond())
    .bind(new.span.1.as_microsecond())
    .bind(serde_json::to_string(&first.materials)?)
    .bind(serde_json::to_string(&first.answers)?)
    .bind(new.key)
    .bind(now.as_microsecond())
    .bind(&whom.name)
    .bind(&whom.relation)
    .bind(&whom.need)
    .bind(new.quota.code())
    .bind(new.booked_by)
    .execute(&mut **tx)
    .await?;
    if done.rows_affected() == 0 {
        return Ok(false);
    }
    for (position, item) in (0_i64..).zip(new.items) {
        sqlx::query(
            "INSERT INTO appointment_item (appointment_id, position, item_id, materials, answers) \
             VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(new.id)
        .bind(position)
        .bind(&item.item_id)
        .bind(serde_json::to_string(&item.materials)?)
        .bind(serde_json::to_string(&item.answers)?)
        .execute(&mut **tx)
        .await?;
    }
    set_slots(tx, new.id, new.slot_ids).await?;
    Ok(true)
}
