//! How long service items take, as measured at the counters.

use crate::db::{Db, Tx};
use app::windows::statistics::{ENOUGH, minutes_up};
use jiff::Timestamp;
use std::collections::BTreeMap;

/// What was measured of an item, of at least [`ENOUGH`] services.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Measured {
    /// How many services.
    pub served: i64,
    /// 25th percentile, in microseconds.
    pub p25: i64,
    /// 75th percentile, in microseconds.
    pub p75: i64,
}

impl Measured {
    /// The middle half in whole minutes, at least one.
    pub fn minutes(&self) -> (i64, i64) {
        ((self.p25 / 60_000_000).max(1), self.suggested())
    }

    /// Minutes to plan: the 75th percentile, rounded up.
    pub fn suggested(&self) -> i64 {
        minutes_up(self.p75)
    }
}

/// What was measured at all halls together, by the item's id.
pub async fn all(db: &Db) -> Result<BTreeMap<String, Measured>, sqlx::Error> {
    let rows: Vec<(String, i64, i64, i64)> =
        sqlx::query_as("SELECT item_id, served, p25, p75 FROM item_measure WHERE hall_id = '' AND served >= $1")
            .bind(ENOUGH)
            .fetch_all(db.read())
            .await?;
    Ok(rows.into_iter().map(|(id, served, p25, p75)| (id, Measured { served, p25, p75 })).collect())
}

/// What was measured of an item at a hall; at all halls together where too little was.
pub async fn of(db: &Db, item_id: &str, hall_id: &str) -> Result<Option<Measured>, sqlx::Error> {
    sqlx::query_as(
        "SELECT served, p25, p75 FROM item_measure WHERE item_id = $1 AND hall_id IN ($2, '') AND served >= $3 \
         ORDER BY hall_id DESC LIMIT 1",
    )
    .bind(item_id)
    .bind(hall_id)
    .bind(ENOUGH)
    .fetch_optional(db.read())
    .await
}

/// Services that were done from `day` on, of visits for one thing only: item, hall, microseconds.
pub async fn services(db: &Db, day: &str) -> Result<Vec<(String, String, i64)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT t.item_id, t.hall_id, CAST(SUM(i.ends_at - i.starts_at) AS BIGINT) FROM ticket t \
         JOIN ticket_interval i ON i.ticket_id = t.id AND i.state = 'serving' AND i.ends_at IS NOT NULL \
         WHERE t.day >= $1 AND t.state = 'done' \
         AND (SELECT CAST(COUNT(*) AS BIGINT) FROM ticket_item n WHERE n.ticket_id = t.id) <= 1 \
         GROUP BY t.id, t.item_id, t.hall_id",
    )
    .bind(day)
    .fetch_all(db.read())
    .await
}

/// Puts what was measured in place of what was known: by item and hall (empty: all halls).
pub async fn replace(
    tx: &mut Tx,
    measured: &BTreeMap<(String, String), Measured>,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM item_measure").execute(&mut **tx).await?;
    for ((item_id, hall_id), measured) in measured {
        sqlx::query(
            "INSERT INTO item_measure (item_id, hall_id, served, p25, p75, measured_at) \
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (item_id, hall_id) DO UPDATE SET served = $3, p25 = $4, \
             p75 = $5, measured_at = $6",
        )
        .bind(item_id)
        .bind(hall_id)
        .bind(measured.served)
        .bind(measured.p25)
        .bind(measured.p75)
        .bind(now.as_microsecond())
        .execute(&mut **tx)
        .await?;
    }
    Ok(())
}
