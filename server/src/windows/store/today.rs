//! A day at a hall in numbers.

use crate::db::Db;
use jiff::Timestamp;

/// A booking of the day: state, begin, and when its holder came.
pub type Booked = (String, i64, Option<i64>);

/// The bookings of a hall in a span.
pub async fn bookings(db: &Db, hall_id: &str, (from, to): (Timestamp, Timestamp)) -> Result<Vec<Booked>, sqlx::Error> {
    sqlx::query_as(
        "SELECT state, starts_at, checked_in_at FROM appointment \
         WHERE hall_id = $1 AND starts_at >= $2 AND starts_at < $3",
    )
    .bind(hall_id)
    .bind(from.as_microsecond())
    .bind(to.as_microsecond())
    .fetch_all(db.read())
    .await
}

/// Numbers of a hall and day: channel, state, how many.
pub async fn numbers(db: &Db, hall_id: &str, day: &str) -> Result<Vec<(String, String, i64)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT channel, state, CAST(COUNT(*) AS BIGINT) FROM ticket WHERE hall_id = $1 AND day = $2 \
         GROUP BY channel, state",
    )
    .bind(hall_id)
    .bind(day)
    .fetch_all(db.read())
    .await
}

/// How many each window has served to the end on a day: id of the window, how many.
pub async fn served(db: &Db, hall_id: &str, day: &str) -> Result<Vec<(String, i64)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT window_id, CAST(COUNT(*) AS BIGINT) FROM ticket WHERE hall_id = $1 AND day = $2 AND state = 'done' \
         AND window_id IS NOT NULL GROUP BY window_id",
    )
    .bind(hall_id)
    .bind(day)
    .fetch_all(db.read())
    .await
}

/// Bad ratings that nobody has answered, and since when the oldest waits, in microseconds.
pub async fn unanswered(db: &Db, hall_id: &str) -> Result<(i64, Option<i64>), sqlx::Error> {
    sqlx::query_as(
        "SELECT CAST(COUNT(*) AS BIGINT), MIN(rated_at) FROM service_rating \
         WHERE hall_id = $1 AND stars < 3 AND answer = ''",
    )
    .bind(hall_id)
    .fetch_one(db.read())
    .await
}
