//! Visits that begin soon.

use super::at;
use crate::db::Db;
use jiff::Timestamp;

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
