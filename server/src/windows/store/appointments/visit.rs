//! The items and slots of a visit.

use super::new::NewVisitItem;
use crate::db::{Db, Tx, rows_of_marks};
use jiff::Timestamp;

/// Writes down which slots a visit takes, in place of the ones before.
pub(super) async fn set_slots(tx: &mut Tx, id: &str, slot_ids: &[String]) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM appointment_slot WHERE appointment_id = $1").bind(id).execute(&mut **tx).await?;
    add_slots(tx, slot_ids.iter().map(|slot_id| (id, slot_id.as_str())).collect()).await
}

/// The same for visits that take none yet: ids of visit and slot.
pub(super) async fn add_slots(tx: &mut Tx, slots: Vec<(&str, &str)>) -> Result<(), sqlx::Error> {
    if slots.is_empty() {
        return Ok(());
    }
    let rows = rows_of_marks(1, 2, slots.len());
    let sql = format!("INSERT INTO appointment_slot (appointment_id, slot_id) VALUES {rows}");
    let mut query = sqlx::query(sqlx::AssertSqlSafe(sql));
    for (id, slot_id) in slots {
        query = query.bind(id).bind(slot_id);
    }
    query.execute(&mut **tx).await?;
    Ok(())
}

/// Writes down for what visits are, each with its id.
pub(super) async fn add_items(tx: &mut Tx, visits: Vec<(&str, &[NewVisitItem])>) -> anyhow::Result<()> {
    let items = || visits.iter().flat_map(|(id, items)| (0_i64..).zip(items.iter()).map(|(n, item)| (*id, n, item)));
    if items().next().is_none() {
        return Ok(());
    }
    let sql = format!(
        "INSERT INTO appointment_item (appointment_id, position, item_id, materials, answers) VALUES {}",
        rows_of_marks(1, 5, items().count())
    );
    let mut query = sqlx::query(sqlx::AssertSqlSafe(sql));
    for (id, position, item) in items() {
        query = query
            .bind(id)
            .bind(position)
            .bind(&item.item_id)
            .bind(serde_json::to_string(&item.materials)?)
            .bind(serde_json::to_string(&item.answers)?);
    }
    query.execute(&mut **tx).await?;
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
