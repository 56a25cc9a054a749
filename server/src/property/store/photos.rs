//! Photos as evidence: of credit entries and of inspections.

use crate::db::{Db, Tx, marks};
use std::collections::BTreeMap;

/// What a photo belongs to: a credit entry.
pub const OF_ENTRY: &str = "property_entry";
/// What a photo belongs to: an inspection.
pub const OF_INSPECTION: &str = "property_inspection";

/// Ids of photos by what they belong to, in their order.
pub async fn of(db: &Db, kind: &str, owners: &[&str]) -> Result<BTreeMap<String, Vec<String>>, sqlx::Error> {
    let mut all: BTreeMap<String, Vec<String>> = BTreeMap::new();
    if owners.is_empty() {
        return Ok(all);
    }
    let sql = format!(
        "SELECT owner_id, id FROM photo WHERE owner_kind = $1 AND owner_id IN ({}) ORDER BY owner_id, position, id",
        marks(2, owners.len())
    );
    let mut query = sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(kind);
    for owner in owners {
        query = query.bind(*owner);
    }
    let rows: Vec<(String, String)> = query.fetch_all(db.read()).await?;
    for (owner, photo) in rows {
        all.entry(owner).or_default().push(photo);
    }
    Ok(all)
}

/// How many photos something has.
pub async fn count(tx: &mut Tx, kind: &str, owner: &str) -> Result<i64, sqlx::Error> {
    let (count,): (i64,) =
        sqlx::query_as("SELECT CAST(COUNT(*) AS BIGINT) FROM photo WHERE owner_kind = $1 AND owner_id = $2")
            .bind(kind)
            .bind(owner)
            .fetch_one(&mut **tx)
            .await?;
    Ok(count)
}

/// Takes a photo from what it belongs to. Returns whether it did belong to that.
pub async fn let_go(tx: &mut Tx, photo: &str, (kind, owner): (&str, &str)) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE photo SET owner_kind = NULL, owner_id = NULL WHERE id = $1 AND owner_kind = $2 AND owner_id = $3",
    )
    .bind(photo)
    .bind(kind)
    .bind(owner)
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Counts a change of an entry's evidence as a step, while the company has not answered and nobody has decided. Returns
/// whether that is so: what the company answers to is what is decided on.
pub async fn touch_entry(tx: &mut Tx, entry: &str) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE property_entry SET version = version + 1 WHERE id = $1 AND state = 'proposed' AND answered_at IS NULL",
    )
    .bind(entry)
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Where an inspection was.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Place {
    /// Path of the estate.
    pub path: String,
    /// The estate.
    pub estate_id: String,
    /// The company for which it counts.
    pub company_id: String,
}

/// Where the inspection with this id was.
pub async fn inspection(db: &Db, id: &str) -> Result<Option<Place>, sqlx::Error> {
    sqlx::query_as(
        "SELECT e.path, i.estate_id, i.company_id FROM property_inspection i \
         JOIN property_estate e ON e.id = i.estate_id WHERE i.id = $1",
    )
    .bind(id)
    .fetch_optional(db.read())
    .await
}
