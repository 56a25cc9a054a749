//! A new appointment: what the person has already, and writing it down.

use super::visit::add_slots;
use crate::{db::Tx, windows::store::slots::Quota};
use jiff::Timestamp;

/// An item of one of a person's appointments, where it matters for another booking.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Standing {
    /// Id of the appointment.
    pub id: String,
    /// Its code.
    pub code: String,
    /// Begin, in microseconds.
    pub starts_at: i64,
    /// End, in microseconds.
    pub ends_at: i64,
    /// State, as stored.
    pub state: String,
    /// 1: it was made with the key that was asked for.
    pub same_key: i64,
    /// The item.
    pub item_id: String,
}

/// A person's appointments that another booking has to look at, by one statement: the one that was made with `key`, those
/// that are booked and not over, and those that stand and begin in `from..to`. A row for each item.
pub async fn standing(
    tx: &mut Tx,
    (person_id, key): (&str, &str),
    (from, to): (Timestamp, Timestamp),
    now: Timestamp,
) -> Result<Vec<Standing>, sqlx::Error> {
    sqlx::query_as(
        "SELECT a.id, a.code, a.starts_at, a.ends_at, a.state, CASE WHEN a.idempotency_key = $2 THEN CAST(1 AS BIGINT) \
         ELSE CAST(0 AS BIGINT) END AS same_key, COALESCE(i.item_id, '') AS item_id FROM appointment a \
         LEFT JOIN appointment_item i ON i.appointment_id = a.id WHERE a.person_id = $1 AND (a.idempotency_key = $2 \
         OR (a.state = 'booked' AND a.ends_at > $3) \
         OR (a.state IN ('booked', 'checked_in') AND a.starts_at >= $4 AND a.starts_at < $5)) ORDER BY a.starts_at, a.id",
    )
    .bind(person_id)
    .bind(key)
    .bind(now.as_microsecond())
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
    add_slots(tx, new.id, new.slot_ids).await?;
    Ok(true)
}
