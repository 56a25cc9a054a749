//! Appointments: what is read of them. Writing a new one down is in `new`, what becomes of it in `life`, the items and
//! slots that it takes in `visit`, who is to be reminded in `reminders`.

mod life;
mod new;
mod reminders;
mod visit;

pub use life::{cancel, check_in, move_to};
pub use new::{ForWhom, NewAppointment, NewVisitItem, Standing, insert, standing};
pub use reminders::{Soon, soon};
pub use visit::{VisitRow, items_of, items_of_hall, slots_of};

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
