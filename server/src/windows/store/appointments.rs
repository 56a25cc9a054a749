//! Appointments.

use super::slots::Quota;
use crate::db::{Db, Tx};
use app::windows::AppointmentState;
use jiff::Timestamp;

/// An appointment with what every page about it shows.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Appointment {
    /// Id.
    pub id: String,
    /// Short code.
    pub code: String,
    /// Whose it is.
    pub person_id: String,
    /// Name of the person.
    pub person_name: String,
    /// Masked number of the person.
    pub phone_masked: String,
    /// Item's code.
    pub item_code: String,
    /// Title in everyday words.
    pub title: String,
    /// In English, may be empty.
    pub title_en: String,
    /// Official name.
    pub official_name: String,
    /// In English, may be empty.
    pub official_name_en: String,
    /// Items of the visit.
    pub item_count: i64,
    /// Code of the hall.
    pub hall_code: String,
    /// Id of the window.
    pub window_id: String,
    /// Number of the window.
    pub window_number: i64,
    /// Id of the slot.
    pub slot_id: String,
    /// Begin, in microseconds.
    pub starts_at: i64,
    /// End, in microseconds.
    pub ends_at: i64,
    /// State as stored; see [`Appointment::state`].
    #[sqlx(rename = "state")]
    pub state_code: String,
    /// JSON array of ticked materials.
    pub materials: String,
    /// JSON object of answers.
    pub answers: String,
    /// Of the calendar file.
    pub sequence: i64,
    /// When it was booked or last changed, in microseconds.
    pub changed_at: i64,
    /// When the person came, in microseconds.
    pub checked_in_at: Option<i64>,
    /// The relative for whom the person comes; empty: for themselves.
    pub for_name: String,
    /// What the relative is to the person.
    pub for_relation: String,
    /// What the person needs.
    pub need: String,
    /// Which quota its places were taken from; see [`Appointment::quota`].
    #[sqlx(rename = "quota")]
    pub quota_code: String,
    /// Why it was cancelled.
    pub cancel_reason: String,
}

impl Appointment {
    /// Where it stands.
    pub fn state(&self) -> AppointmentState {
        AppointmentState::from_code(&self.state_code).unwrap_or(AppointmentState::Booked)
    }

    /// When it begins.
    pub fn starts(&self) -> Timestamp {
        at(self.starts_at)
    }

    /// When it ends.
    pub fn ends(&self) -> Timestamp {
        at(self.ends_at)
    }

    /// Which quota its places were taken from.
    pub fn quota(&self) -> Quota {
        Quota::from_code(&self.quota_code)
    }

    /// Codes of the materials that were ticked.
    pub fn ticked(&self) -> Vec<String> {
        serde_json::from_str(&self.materials).unwrap_or_default()
    }
}

fn at(micros: i64) -> Timestamp {
    Timestamp::from_microsecond(micros).unwrap_or(Timestamp::UNIX_EPOCH)
}

const APPOINTMENT: &str = "SELECT a.id, a.code, a.person_id, p.name AS person_name, p.phone_masked, \
     i.code AS item_code, i.title, i.title_en, i.official_name, i.official_name_en, h.code AS hall_code, \
     (SELECT CAST(COUNT(*) AS BIGINT) FROM appointment_item ai WHERE ai.appointment_id = a.id) AS item_count, \
     a.window_id, w.number AS window_number, a.slot_id, a.starts_at, a.ends_at, a.state, a.materials, a.answers, a.sequence, \
     COALESCE(a.cancelled_at, a.changed_at, a.created_at) AS changed_at, a.checked_in_at, \
     a.for_name, a.for_relation, a.need, a.quota, a.cancel_reason \
     FROM appointment a JOIN person p ON p.id = a.person_id JOIN service_item i ON i.id = a.item_id \
     JOIN hall h ON h.id = a.hall_id JOIN service_window w ON w.id = a.window_id";

/// The appointment with this code.
pub async fn by_code(db: &Db, code: &str) -> Result<Option<Appointment>, sqlx::Error> {
    let sql = format!("{APPOINTMENT} WHERE a.code = $1");
    sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(code).fetch_optional(db.read()).await
}

/// The same in a transaction, so that it sees what the transaction's locks protect.
pub async fn by_code_in(tx: &mut Tx, code: &str) -> Result<Option<Appointment>, sqlx::Error> {
    let sql = format!("{APPOINTMENT} WHERE a.code = $1");
    sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(code).fetch_optional(&mut **tx).await
}

/// Most appointments shown to a person at once.
const MINE: i64 = 100;

/// A person's appointments that end after `now` and still stand, the next one first.
pub async fn upcoming(db: &Db, person_id: &str, now: Timestamp) -> Result<Vec<Appointment>, sqlx::Error> {
    let sql = format!(
        "{APPOINTMENT} WHERE a.person_id = $1 AND a.ends_at > $2 AND a.state IN ('booked', 'checked_in') \
         ORDER BY a.starts_at LIMIT {MINE}"
    );
    sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(person_id).bind(now.as_microsecond()).fetch_all(db.read()).await
}

/// A person's other appointments, the latest first.
pub async fn past(db: &Db, person_id: &str, now: Timestamp) -> Result<Vec<Appointment>, sqlx::Error> {
    let sql = format!(
        "{APPOINTMENT} WHERE a.person_id = $1 AND NOT (a.ends_at > $2 AND a.state IN ('booked', 'checked_in')) \
         ORDER BY a.starts_at DESC LIMIT {MINE}"
    );
    sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(person_id).bind(now.as_microsecond()).fetch_all(db.read()).await
}

/// A hall's appointments that begin in `from..to`, by time and window.
pub async fn of_hall(
    db: &Db,
    hall_id: &str,
    (from, to): (Timestamp, Timestamp),
) -> Result<Vec<Appointment>, sqlx::Error> {
    let sql = format!(
        "{APPOINTMENT} WHERE a.hall_id = $1 AND a.starts_at >= $2 AND a.starts_at < $3 \
         ORDER BY a.starts_at, w.number, a.created_at"
    );
    sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(hall_id)
        .bind(from.as_microsecond())
        .bind(to.as_microsecond())
        .fetch_all(db.read())
        .await
}

/// A visit that begins soon, as reminders need it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Soon {
    /// Id.
    pub id: String,
    /// Short code.
    pub code: String,
    /// Whose it is.
    pub person_id: String,
    /// Id of the hall.
    pub hall_id: String,
    /// Title of its (first) item.
    pub title: String,
    /// In English, may be empty.
    pub title_en: String,
    /// Begin, in microseconds.
    pub starts_at: i64,
    /// When it was booked or moved to this time, in microseconds.
    #[sqlx(rename = "since")]
    pub since_at: i64,
}

impl Soon {
    /// When it begins.
    pub fn starts(&self) -> Timestamp {
        at(self.starts_at)
    }

    /// When it was booked or moved to this time.
    pub fn since(&self) -> Timestamp {
        at(self.since_at)
    }
}

/// Bookings that stand and begin in `from..=to`, nobody checked in yet.
pub async fn soon(db: &Db, (from, to): (Timestamp, Timestamp)) -> Result<Vec<Soon>, sqlx::Error> {
    sqlx::query_as(
        "SELECT a.id, a.code, a.person_id, a.hall_id, i.title, i.title_en, a.starts_at, \
         COALESCE(a.changed_at, a.created_at) AS since FROM appointment a JOIN service_item i ON i.id = a.item_id \
         WHERE a.state = 'booked' AND a.starts_at BETWEEN $1 AND $2 ORDER BY a.starts_at",
    )
    .bind(from.as_microsecond())
    .bind(to.as_microsecond())
    .fetch_all(db.read())
    .await
}

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

/// Writes down which slots a visit takes, in place of the ones before.
async fn set_slots(tx: &mut Tx, id: &str, slot_ids: &[String]) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM appointment_slot WHERE appointment_id = $1").bind(id).execute(&mut **tx).await?;
    for slot_id in slot_ids {
        sqlx::query("INSERT INTO appointment_slot (appointment_id, slot_id) VALUES ($1, $2)")
            .bind(id)
            .bind(slot_id)
            .execute(&mut **tx)
            .await?;
    }
    Ok(())
}

/// The slots that a visit takes, in order of time.
pub async fn slots_of(tx: &mut Tx, id: &str) -> Result<Vec<String>, sqlx::Error> {
    let rows: Vec<(String,)> = sqlx::query_as(
        "SELECT s.id FROM appointment_slot a JOIN slot s ON s.id = a.slot_id WHERE a.appointment_id = $1 \
         ORDER BY s.starts_at",
    )
    .bind(id)
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// An item of a visit.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct VisitRow {
    /// Its visit.
    pub appointment_id: String,
    /// The item.
    pub item_id: String,
    /// JSON array of ticked materials.
    pub materials: String,
    /// JSON object of answers.
    pub answers: String,
}

/// The items of one visit, in their order.
pub async fn items_of(db: &Db, id: &str) -> Result<Vec<VisitRow>, sqlx::Error> {
    sqlx::query_as(
        "SELECT appointment_id, item_id, materials, answers FROM appointment_item WHERE appointment_id = $1 \
         ORDER BY position",
    )
    .bind(id)
    .fetch_all(db.read())
    .await
}

/// The items of all visits of a hall that begin in `from..to`.
pub async fn items_of_hall(
    db: &Db,
    hall_id: &str,
    (from, to): (Timestamp, Timestamp),
) -> Result<Vec<VisitRow>, sqlx::Error> {
    sqlx::query_as(
        "SELECT i.appointment_id, i.item_id, i.materials, i.answers FROM appointment a \
         JOIN appointment_item i ON i.appointment_id = a.id \
         WHERE a.hall_id = $1 AND a.starts_at >= $2 AND a.starts_at < $3 ORDER BY i.appointment_id, i.position",
    )
    .bind(hall_id)
    .bind(from.as_microsecond())
    .bind(to.as_microsecond())
    .fetch_all(db.read())
    .await
}

/// Cancels a booking that stands and begins at `latest` or later. `false`: it does not stand any more, or it is too
/// late. Of several attempts one succeeds; whoever succeeds gives its places back.
pub async fn cancel(
    tx: &mut Tx,
    id: &str,
    reason: &str,
    latest: Timestamp,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE appointment SET state = 'cancelled', cancelled_at = $2, cancel_reason = $3, \
         sequence = sequence + 1 WHERE id = $1 AND state = 'booked' AND starts_at >= $4",
    )
    .bind(id)
    .bind(now.as_microsecond())
    .bind(reason)
    .bind(latest.as_microsecond())
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Moves a booking that stands and begins at `latest` or later to other slots. `false`: it does not stand any more,
/// or it is too late.
pub async fn move_to(
    tx: &mut Tx,
    id: &str,
    (window_id, quota): (&str, Quota),
    slot_ids: &[String],
    (starts_at, ends_at): (Timestamp, Timestamp),
    latest: Timestamp,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let Some(first) = slot_ids.first() else { return Ok(false) };
    let done = sqlx::query(
        "UPDATE appointment SET window_id = $2, slot_id = $3, starts_at = $4, ends_at = $5, changed_at = $6, \
         quota = $8, sequence = sequence + 1 WHERE id = $1 AND state = 'booked' AND starts_at >= $7",
    )
    .bind(id)
    .bind(window_id)
    .bind(first)
    .bind(starts_at.as_microsecond())
    .bind(ends_at.as_microsecond())
    .bind(now.as_microsecond())
    .bind(latest.as_microsecond())
    .bind(quota.code())
    .execute(&mut **tx)
    .await?;
    if done.rows_affected() == 0 {
        return Ok(false);
    }
    set_slots(tx, id, slot_ids).await?;
    Ok(true)
}

/// Notes that the person has come. `false`: the booking does not stand any more.
pub async fn check_in(tx: &mut Tx, id: &str, by: &str, now: Timestamp) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE appointment SET state = 'checked_in', checked_in_at = $2, checked_in_by = $3 \
         WHERE id = $1 AND state = 'booked'",
    )
    .bind(id)
    .bind(now.as_microsecond())
    .bind(by)
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}
