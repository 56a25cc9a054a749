//! Appointments.

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
    /// Code of the hall.
    pub hall_code: String,
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
     w.number AS window_number, a.slot_id, a.starts_at, a.ends_at, a.state, a.materials, a.answers, a.sequence, \
     COALESCE(a.cancelled_at, a.created_at) AS changed_at, a.checked_in_at \
     FROM appointment a JOIN person p ON p.id = a.person_id JOIN service_item i ON i.id = a.item_id \
     JOIN hall h ON h.id = a.hall_id JOIN service_window w ON w.id = a.window_id";

/// The appointment with this code.
pub async fn by_code(db: &Db, code: &str) -> Result<Option<Appointment>, sqlx::Error> {
    let sql = format!("{APPOINTMENT} WHERE a.code = $1");
    sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(code).fetch_optional(db.read()).await
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

/// The code of an open booking of this person for this item: booked, and not over yet.
pub async fn open_for_item(
    tx: &mut Tx,
    person_id: &str,
    item_id: &str,
    now: Timestamp,
) -> Result<Vec<String>, sqlx::Error> {
    let rows: Vec<(String,)> = sqlx::query_as(
        "SELECT code FROM appointment WHERE person_id = $1 AND item_id = $2 AND state = 'booked' AND ends_at > $3 \
         ORDER BY starts_at",
    )
    .bind(person_id)
    .bind(item_id)
    .bind(now.as_microsecond())
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows.into_iter().map(|(code,)| code).collect())
}

/// A person's bookings that stand and begin in `from..to`, as (begin, end).
pub async fn standing_between(
    tx: &mut Tx,
    person_id: &str,
    (from, to): (Timestamp, Timestamp),
) -> Result<Vec<(i64, i64)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT starts_at, ends_at FROM appointment WHERE person_id = $1 AND starts_at >= $2 AND starts_at < $3 \
         AND state IN ('booked', 'checked_in')",
    )
    .bind(person_id)
    .bind(from.as_microsecond())
    .bind(to.as_microsecond())
    .fetch_all(&mut **tx)
    .await
}

/// An appointment to be written down.
pub struct NewAppointment<'a> {
    /// Id.
    pub id: &'a str,
    /// Whose.
    pub person_id: &'a str,
    /// For what.
    pub item_id: &'a str,
    /// Where.
    pub hall_id: &'a str,
    /// At which window.
    pub window_id: &'a str,
    /// In which slot.
    pub slot_id: &'a str,
    /// Begin and end.
    pub span: (Timestamp, Timestamp),
    /// Codes of the ticked materials.
    pub materials: &'a [String],
    /// Answers.
    pub answers: &'a app::windows::Answers,
    /// Idempotency key.
    pub key: &'a str,
}

/// Writes an appointment down under a code. `false`: the code is taken, try another.
pub async fn insert(tx: &mut Tx, new: &NewAppointment<'_>, code: &str, now: Timestamp) -> anyhow::Result<bool> {
    let done = sqlx::query(
        "INSERT INTO appointment (id, code, person_id, item_id, hall_id, window_id, slot_id, starts_at, ends_at, \
         state, materials, answers, idempotency_key, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'booked', $10, $11, $12, $13) ON CONFLICT (code) DO NOTHING",
    )
    .bind(new.id)
    .bind(code)
    .bind(new.person_id)
    .bind(new.item_id)
    .bind(new.hall_id)
    .bind(new.window_id)
    .bind(new.slot_id)
    .bind(new.span.0.as_microsecond())
    .bind(new.span.1.as_microsecond())
    .bind(serde_json::to_string(new.materials)?)
    .bind(serde_json::to_string(new.answers)?)
    .bind(new.key)
    .bind(now.as_microsecond())
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Cancels a booking that stands and begins at `latest` or later; gives its slot. `None`: it does not stand any more,
/// or it is too late. Of several attempts one succeeds.
pub async fn cancel(
    tx: &mut Tx,
    id: &str,
    reason: &str,
    latest: Timestamp,
    reopens_at: Timestamp,
    now: Timestamp,
) -> Result<Option<String>, sqlx::Error> {
    let row: Option<(String,)> = sqlx::query_as(
        "UPDATE appointment SET state = 'cancelled', cancelled_at = $2, cancel_reason = $3, reopens_at = $4, \
         sequence = sequence + 1 WHERE id = $1 AND state = 'booked' AND starts_at >= $5 RETURNING slot_id",
    )
    .bind(id)
    .bind(now.as_microsecond())
    .bind(reason)
    .bind(reopens_at.as_microsecond())
    .bind(latest.as_microsecond())
    .fetch_optional(&mut **tx)
    .await?;
    Ok(row.map(|(slot_id,)| slot_id))
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
