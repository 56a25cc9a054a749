//! Ratings after service.

use crate::db::{Db, Tx};
use jiff::Timestamp;
use sqlx::{Any, Executor};

/// A rating.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Rating {
    /// The ticket it is about.
    pub ticket_id: String,
    /// 1 to 5.
    pub stars: i64,
    /// In the person's words, may be empty.
    pub reason: String,
    /// When, in microseconds.
    pub rated_at: i64,
    /// The hall's answer, may be empty.
    pub answer: String,
}

/// Ratings shown at once.
const SHOWN: i64 = 100;

/// The rating of a ticket.
pub async fn of_ticket<'e>(
    at: impl Executor<'e, Database = Any>,
    ticket_id: &str,
) -> Result<Option<Rating>, sqlx::Error> {
    sqlx::query_as("SELECT ticket_id, stars, reason, rated_at, answer FROM service_rating WHERE ticket_id = $1")
        .bind(ticket_id.to_owned())
        .fetch_optional(at)
        .await
}

/// A hall's ratings: bad ones without an answer first, then the newest.
pub async fn of_hall(db: &Db, hall_id: &str) -> Result<Vec<Rating>, sqlx::Error> {
    sqlx::query_as(
        "SELECT ticket_id, stars, reason, rated_at, answer FROM service_rating WHERE hall_id = $1 \
         ORDER BY CASE WHEN stars < 3 AND answer = '' THEN 0 ELSE 1 END, rated_at DESC LIMIT $2",
    )
    .bind(hall_id)
    .bind(SHOWN)
    .fetch_all(db.read())
    .await
}

/// A hall's ratings below so many stars that have no answer, the oldest first.
pub async fn unanswered(db: &Db, hall_id: &str, below: i64) -> Result<Vec<Rating>, sqlx::Error> {
    sqlx::query_as(
        "SELECT ticket_id, stars, reason, rated_at, answer FROM service_rating \
         WHERE hall_id = $1 AND stars < $2 AND answer = '' ORDER BY rated_at",
    )
    .bind(hall_id)
    .bind(below)
    .fetch_all(db.read())
    .await
}

/// Writes a rating down. `false`: the ticket has one.
pub async fn insert(
    tx: &mut Tx,
    (ticket_id, hall_id): (&str, &str),
    (stars, reason): (i64, &str),
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "INSERT INTO service_rating (ticket_id, hall_id, stars, reason, rated_at) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (ticket_id) DO NOTHING",
    )
    .bind(ticket_id)
    .bind(hall_id)
    .bind(stars)
    .bind(reason)
    .bind(now.as_microsecond())
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Answers a rating. `false`: it has an answer.
pub async fn answer(
    tx: &mut Tx,
    ticket_id: &str,
    text: &str,
    staff_id: &str,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE service_rating SET answer = $2, answered_by = $3, answered_at = $4 WHERE ticket_id = $1 AND answer = ''",
    )
    .bind(ticket_id)
    .bind(text)
    .bind(staff_id)
    .bind(now.as_microsecond())
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}
