//! Key contacts of buildings in the database.

use crate::{
    clock,
    db::{Db, Tx},
};
use jiff::{Timestamp, civil::Date};

/// Who is named for a building.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Contact {
    /// Id.
    pub id: String,
    /// Id of the building.
    pub building_id: String,
    /// Name.
    pub name: String,
    /// Flat, may be empty.
    pub flat: String,
    /// Number, sealed.
    pub phone_sealed: String,
    /// Number as shown.
    pub phone_masked: String,
    /// Since when.
    pub since_day: String,
}

const SELECT: &str = "SELECT k.id, k.building_id, k.name, k.flat, k.phone_sealed, k.phone_masked, k.since_day \
    FROM grid_contact k WHERE k.until_day IS NULL";

/// Those of the buildings of a grid.
pub async fn of_grid(db: &Db, grid_id: &str) -> Result<Vec<Contact>, sqlx::Error> {
    let sql = format!("{SELECT} AND k.building_id IN (SELECT b.id FROM organisation b WHERE b.parent_id = $1)");
    sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(grid_id).fetch_all(db.read()).await
}

/// That of a building.
pub async fn of_building(db: &Db, building_id: &str) -> Result<Option<Contact>, sqlx::Error> {
    let sql = format!("{SELECT} AND k.building_id = $1");
    sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(building_id).fetch_optional(db.read()).await
}

/// Somebody who is to be named.
pub struct New<'a> {
    /// Name.
    pub name: &'a str,
    /// Flat, may be empty.
    pub flat: &'a str,
    /// Number, sealed.
    pub sealed: &'a str,
    /// Number as shown.
    pub masked: &'a str,
    /// Id of whoever has an account with that number.
    pub person_id: Option<&'a str>,
    /// Since when.
    pub since: Date,
}

/// Names somebody in place of who was named before.
pub async fn put(
    tx: &mut Tx,
    building_id: &str,
    new: New<'_>,
    (by, day): (&str, Date),
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    end(tx, building_id, day).await?;
    sqlx::query(
        "INSERT INTO grid_contact (id, building_id, person_id, name, flat, phone_sealed, phone_masked, since_day, \
         consent_at, named_by, named_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $9)",
    )
    .bind(clock::new_id(now))
    .bind(building_id)
    .bind(new.person_id)
    .bind(new.name)
    .bind(new.flat)
    .bind(new.sealed)
    .bind(new.masked)
    .bind(new.since.to_string())
    .bind(now.as_microsecond())
    .bind(by)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Ends who is named: nothing of them is kept but that there was somebody. Returns whether there was.
pub async fn end(tx: &mut Tx, building_id: &str, day: Date) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE grid_contact SET until_day = $2, name = '', flat = '', phone_sealed = '', phone_masked = '', \
         person_id = NULL WHERE building_id = $1 AND until_day IS NULL",
    )
    .bind(building_id)
    .bind(day.to_string())
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}
