//! The items and slots of a visit.

use crate::db::{Db, Tx};
use jiff::Timestamp;

/// Writes down which slots a visit takes, in place of the ones before.
pub(super) async fn set_slots(tx: &mut Tx, id: &str, slot_ids: &[String]) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM appointment_slot WHERE appointment_id = $1").bind(id).execute(&mut **tx).await?;
    add_slots(tx, id, slot_ids).await
}

/// The same for a visit that takes none yet.
pub(super) async fn add_slots(tx: &mut Tx, id: &str, slot_ids: &[String]) -> Result<(), sqlx::Error> {
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
