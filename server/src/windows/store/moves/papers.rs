//! What a ticket's visit is for, and what was found of its papers.

use crate::db::Tx;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// An item of a ticket's visit with what was found of its papers, as an undo puts it back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, sqlx::FromRow)]
pub struct Papers {
    /// Place among the items of the visit.
    pub position: i64,
    /// The item.
    pub item_id: String,
    /// JSON object of answers.
    pub answers: String,
    /// JSON array: materials seen.
    pub seen: String,
    /// JSON array: materials found missing.
    pub missing: String,
    /// When it was looked at, in microseconds.
    pub checked_at: Option<i64>,
}

/// Notes what was found of the papers for one item of a ticket: JSON arrays of material codes.
pub async fn check_materials(
    tx: &mut Tx,
    ticket_id: &str,
    item_code: &str,
    (seen, missing): (&str, &str),
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE ticket_item SET seen = $3, missing = $4, checked_at = $5 WHERE ticket_id = $1 \
         AND item_id = (SELECT id FROM service_item WHERE code = $2)",
    )
    .bind(ticket_id)
    .bind(item_code)
    .bind(seen)
    .bind(missing)
    .bind(now.as_microsecond())
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Puts an item in another's place in a ticket's visit; nobody has looked at its papers yet. Gives what was in that place.
/// `None`: the visit is for the new item already, or was never for the old one, and all stays as it is.
pub async fn replace_item(
    tx: &mut Tx,
    ticket_id: &str,
    (old, new): (&str, &str),
) -> Result<Option<Papers>, sqlx::Error> {
    let before: Option<Papers> = sqlx::query_as(
        "SELECT position, item_id, answers, seen, missing, checked_at FROM ticket_item \
         WHERE ticket_id = $1 AND item_id = $2",
    )
    .bind(ticket_id)
    .bind(old)
    .fetch_optional(&mut **tx)
    .await?;
    let Some(before) = before else { return Ok(None) };
    let done = sqlx::query(
        "UPDATE ticket_item SET item_id = $3, answers = '{}', seen = '[]', missing = '[]', checked_at = NULL \
         WHERE ticket_id = $1 AND position = $2 \
         AND NOT EXISTS (SELECT 1 FROM ticket_item other WHERE other.ticket_id = $1 AND other.item_id = $3)",
    )
    .bind(ticket_id)
    .bind(before.position)
    .bind(new)
    .execute(&mut **tx)
    .await?;
    Ok((done.rows_affected() > 0).then_some(before))
}

/// Puts back what [`replace_item`] replaced.
pub async fn put_back_item(tx: &mut Tx, ticket_id: &str, before: &Papers) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE ticket_item SET item_id = $3, answers = $4, seen = $5, missing = $6, checked_at = $7 \
         WHERE ticket_id = $1 AND position = $2",
    )
    .bind(ticket_id)
    .bind(before.position)
    .bind(&before.item_id)
    .bind(&before.answers)
    .bind(&before.seen)
    .bind(&before.missing)
    .bind(before.checked_at)
    .execute(&mut **tx)
    .await?;
    Ok(())
}
