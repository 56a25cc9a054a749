//! Sign-ups as lists: at the door, and one's own.

use super::sign_ups::state_of;
use crate::db::Db;
use app::notices::SignUpState;

/// A row of the list at the door.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Listed {
    /// Id of the sign-up.
    pub id: String,
    /// Name.
    pub name: String,
    /// Number as shown on screen.
    pub phone_masked: String,
    /// How many they are.
    pub people: i64,
    state: String,
    /// When they asked, in microseconds.
    pub asked_at: i64,
    /// When they were ticked, in microseconds.
    pub came_at: Option<i64>,
}

impl Listed {
    /// Where it stands.
    pub fn state(&self) -> SignUpState {
        state_of(&self.state)
    }
}

/// Who is signed up, then who waits, each in the order in which they asked.
pub async fn list(db: &Db, activity_id: &str) -> Result<Vec<Listed>, sqlx::Error> {
    sqlx::query_as(
        "SELECT s.id, p.name, p.phone_masked, s.people, s.state, s.asked_at, s.came_at FROM sign_up s \
         JOIN person p ON p.id = s.person_id WHERE s.activity_id = $1 AND s.state <> 'cancelled' \
         ORDER BY CASE s.state WHEN 'signed' THEN 0 ELSE 1 END, s.asked_at, s.id",
    )
    .bind(activity_id)
    .fetch_all(db.read())
    .await
}

/// One of a person's sign-ups.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Mine {
    /// The notice whose words count now.
    pub notice_id: String,
    /// Title.
    pub title: String,
    /// English title, may be empty.
    pub title_en: String,
    /// Where.
    pub place: String,
    /// The same in English.
    pub place_en: String,
    /// Begin, in microseconds.
    pub starts_at: i64,
    /// End, in microseconds.
    pub ends_at: i64,
    /// How many they are.
    pub people: i64,
    state: String,
    /// When it was called off, in microseconds.
    pub cancelled_at: Option<i64>,
}

impl Mine {
    /// Where it stands.
    pub fn state(&self) -> SignUpState {
        state_of(&self.state)
    }
}

/// A person's sign-ups that stand, the latest activity first, at most 100.
pub async fn of(db: &Db, person_id: &str) -> Result<Vec<Mine>, sqlx::Error> {
    sqlx::query_as(
        "SELECT a.notice_id, n.title, n.title_en, p.place, p.place_en, a.starts_at, a.ends_at, s.people, s.state, \
         a.cancelled_at FROM sign_up s JOIN activity a ON a.id = s.activity_id JOIN notice n ON n.id = a.notice_id \
         JOIN notice_activity p ON p.notice_id = a.notice_id \
         WHERE s.person_id = $1 AND s.state <> 'cancelled' ORDER BY a.starts_at DESC, a.id LIMIT 100",
    )
    .bind(person_id)
    .fetch_all(db.read())
    .await
}
