//! Estates, their buildings, and contracts.

use crate::{
    clock,
    db::{Db, Tx, dialect},
};
use jiff::Timestamp;

/// An estate with its community.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Estate {
    /// Id.
    pub id: String,
    /// Path of its community.
    pub path: String,
    /// Id of its community.
    pub community_id: String,
    /// Code of its community.
    pub community_code: String,
    /// Name of its community.
    pub community: String,
    /// The same in English.
    pub community_en: String,
    /// Name.
    pub name: String,
    /// Name in English, may be empty.
    pub name_en: String,
    /// The lock of its settings.
    pub version: i64,
    /// Households of its buildings.
    pub households: i64,
}

const ESTATE: &str = "SELECT e.id, e.path, e.community_id, o.code AS community_code, o.name AS community, \
    o.name_en AS community_en, e.name, e.name_en, e.version, \
    (SELECT CAST(COALESCE(SUM(b.households), 0) AS BIGINT) FROM property_building x JOIN organisation b ON b.id = x.building_id \
    WHERE x.estate_id = e.id) AS households FROM property_estate e JOIN organisation o ON o.id = e.community_id";

/// All estates, by place and name.
pub async fn all(db: &Db) -> Result<Vec<Estate>, sqlx::Error> {
    let sql = format!("{ESTATE} ORDER BY e.path, e.name, e.id");
    sqlx::query_as(sqlx::AssertSqlSafe(sql)).fetch_all(db.read()).await
}

/// The estate with this id.
pub async fn by_id(db: &Db, id: &str) -> Result<Option<Estate>, sqlx::Error> {
    let sql = format!("{ESTATE} WHERE e.id = $1");
    sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(id).fetch_optional(db.read()).await
}

/// The estate in which a building stands.
pub async fn of_building(db: &Db, building_id: &str) -> Result<Option<Estate>, sqlx::Error> {
    let sql = format!("{ESTATE} JOIN property_building h ON h.estate_id = e.id WHERE h.building_id = $1");
    sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(building_id).fetch_optional(db.read()).await
}

/// Makes an estate; gives its id. `None`: this form has made one before.
pub async fn insert(
    tx: &mut Tx,
    (community_id, path): (&str, &str),
    (name, name_en): (&str, &str),
    form_key: &str,
    now: Timestamp,
) -> Result<Option<String>, sqlx::Error> {
    let id = clock::new_id(now);
    let done = sqlx::query(
        "INSERT INTO property_estate (id, community_id, path, name, name_en, form_key, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (form_key) DO NOTHING",
    )
    .bind(&id)
    .bind(community_id)
    .bind(path)
    .bind(name)
    .bind(name_en)
    .bind(form_key)
    .bind(now.as_microsecond())
    .execute(&mut **tx)
    .await?;
    Ok((done.rows_affected() == 1).then_some(id))
}

/// Renames an estate that still is as the reader saw it. Returns whether it did.
pub async fn rename(
    tx: &mut Tx,
    (id, version): (&str, i64),
    (name, name_en): (&str, &str),
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE property_estate SET name = $3, name_en = $4, version = version + 1 WHERE id = $1 AND version = $2",
    )
    .bind(id)
    .bind(version)
    .bind(name)
    .bind(name_en)
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Says which buildings stand in an estate. `false`: one of them stands in another.
pub async fn set_buildings(tx: &mut Tx, estate_id: &str, buildings: &[String]) -> Result<bool, sqlx::Error> {
    sqlx::query("DELETE FROM property_building WHERE estate_id = $1").bind(estate_id).execute(&mut **tx).await?;
    for building in buildings {
        let done = sqlx::query(
            "INSERT INTO property_building (building_id, estate_id) VALUES ($1, $2) ON CONFLICT (building_id) DO NOTHING",
        )
        .bind(building)
        .bind(estate_id)
        .execute(&mut **tx)
        .await?;
        if done.rows_affected() == 0 {
            return Ok(false);
        }
    }
    Ok(true)
}

/// A building of a community.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Building {
    /// Id.
    pub id: String,
    /// Code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Name in English.
    pub name_en: String,
    /// Households.
    pub households: i64,
    /// The estate it stands in; empty: none.
    pub estate_id: String,
}

/// Buildings below a path, in the order of the tree.
pub async fn buildings(db: &Db, path: &str) -> Result<Vec<Building>, sqlx::Error> {
    sqlx::query_as(
        "SELECT b.id, b.code, b.name, b.name_en, b.households, COALESCE(x.estate_id, '') AS estate_id \
         FROM organisation b LEFT JOIN property_building x ON x.building_id = b.id \
         WHERE b.kind = 'building' AND substr(b.path, 1, length($1)) = $1 ORDER BY b.position, b.code",
    )
    .bind(path)
    .fetch_all(db.read())
    .await
}

/// A contract.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Contract {
    /// Id.
    pub id: String,
    /// The estate.
    pub estate_id: String,
    /// Its path.
    pub path: String,
    /// Its name.
    pub estate: String,
    /// The same in English.
    pub estate_en: String,
    /// The company.
    pub company_id: String,
    /// Its name.
    pub company: String,
    /// The same in English.
    pub company_en: String,
    /// First day, `YYYY-MM-DD`.
    pub from_day: String,
    /// Last day.
    pub until_day: String,
}

impl Contract {
    /// Whether it holds on a day.
    pub fn holds(&self, day: &str) -> bool {
        self.from_day.as_str() <= day && day <= self.until_day.as_str()
    }
}

const CONTRACT: &str = "SELECT k.id, k.estate_id, e.path, e.name AS estate, e.name_en AS estate_en, k.company_id, \
    c.name AS company, c.name_en AS company_en, k.from_day, k.until_day FROM property_contract k \
    JOIN property_estate e ON e.id = k.estate_id JOIN property_company c ON c.id = k.company_id";

/// All contracts, by place and day.
pub async fn contracts(db: &Db) -> Result<Vec<Contract>, sqlx::Error> {
    let sql = format!("{CONTRACT} ORDER BY e.path, e.name, k.from_day, k.id");
    sqlx::query_as(sqlx::AssertSqlSafe(sql)).fetch_all(db.read()).await
}

/// Contracts of a company, the latest first.
pub async fn of_company(db: &Db, company_id: &str) -> Result<Vec<Contract>, sqlx::Error> {
    let sql = format!("{CONTRACT} WHERE k.company_id = $1 ORDER BY k.from_day DESC, e.name, k.id");
    sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(company_id).fetch_all(db.read()).await
}

/// Contracts of an estate, the latest first.
pub async fn of_estate(db: &Db, estate_id: &str) -> Result<Vec<Contract>, sqlx::Error> {
    let sql = format!("{CONTRACT} WHERE k.estate_id = $1 ORDER BY k.from_day DESC, k.id");
    sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(estate_id).fetch_all(db.read()).await
}

/// The contract with this id.
pub async fn contract(db: &Db, id: &str) -> Result<Option<Contract>, sqlx::Error> {
    let sql = format!("{CONTRACT} WHERE k.id = $1");
    sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(id).fetch_optional(db.read()).await
}

/// Whose contract holds in an estate on a day.
pub async fn company_on(db: &Db, estate_id: &str, day: &str) -> Result<Option<Contract>, sqlx::Error> {
    let sql = format!("{CONTRACT} WHERE k.estate_id = $1 AND k.from_day <= $2 AND k.until_day >= $2");
    sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(estate_id).bind(day).fetch_optional(db.read()).await
}

/// Keeps others who write contracts of this estate waiting until the transaction ends.
pub async fn lock(db: &Db, tx: &mut Tx, estate_id: &str) -> Result<(), sqlx::Error> {
    dialect::lock_key(db.engine(), tx, &format!("property-estate:{estate_id}")).await
}

/// What became of a contract that was to be written.
pub enum Written {
    /// It is there, with this id.
    New(String),
    /// The very same was there.
    Same,
    /// Another one overlaps it.
    Overlaps,
}

/// Writes a contract unless another of the estate overlaps it. Under [`lock`].
pub async fn insert_contract(
    tx: &mut Tx,
    (estate_id, company_id): (&str, &str),
    (from, until): (&str, &str),
    now: Timestamp,
) -> Result<Written, sqlx::Error> {
    let others: Vec<(String, String, String)> = sqlx::query_as(
        "SELECT company_id, from_day, until_day FROM property_contract \
         WHERE estate_id = $1 AND from_day <= $3 AND until_day >= $2",
    )
    .bind(estate_id)
    .bind(from)
    .bind(until)
    .fetch_all(&mut **tx)
    .await?;
    let same =
        |(company, first, last): &(String, String, String)| company == company_id && first == from && last == until;
    if others.len() == 1 && others.iter().all(same) {
        return Ok(Written::Same);
    }
    if !others.is_empty() {
        return Ok(Written::Overlaps);
    }
    let id = clock::new_id(now);
    sqlx::query(
        "INSERT INTO property_contract (id, estate_id, company_id, from_day, until_day, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(&id)
    .bind(estate_id)
    .bind(company_id)
    .bind(from)
    .bind(until)
    .bind(now.as_microsecond())
    .execute(&mut **tx)
    .await?;
    Ok(Written::New(id))
}

/// Ends a contract earlier than it says. Returns whether it did.
pub async fn end_contract(tx: &mut Tx, id: &str, until: &str) -> Result<bool, sqlx::Error> {
    let done =
        sqlx::query("UPDATE property_contract SET until_day = $2 WHERE id = $1 AND from_day <= $2 AND until_day > $2")
            .bind(id)
            .bind(until)
            .execute(&mut **tx)
            .await?;
    Ok(done.rows_affected() == 1)
}
