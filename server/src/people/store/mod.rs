//! People in the database.

mod door;
mod email;

pub use door::*;
pub use email::*;

use crate::{
    auth::secrets::Secrets,
    clock,
    db::{Db, Tx},
};
use app::people::{Phone, Role};
use jiff::Timestamp;

/// A person to be written down.
pub struct NewPerson<'a> {
    /// Name; empty until the person gives one.
    pub name: &'a str,
    /// Mobile number.
    pub phone: &'a Phone,
    /// Unit the person works for, may be empty, in Chinese and English.
    pub unit: (&'a str, &'a str),
    /// Id of the home community.
    pub community_id: Option<&'a str>,
    /// Id of the home building.
    pub building_id: Option<&'a str>,
    /// A demo person.
    pub demo: bool,
}

/// Writes a person down and gives their id. A number that is taken fails with a unique violation.
pub async fn insert(tx: &mut Tx, secrets: &Secrets, person: NewPerson<'_>, now: Timestamp) -> anyhow::Result<String> {
    let id = clock::new_id(now);
    sqlx::query(
        "INSERT INTO person (id, name, phone_hash, phone_sealed, phone_masked, unit, unit_en, community_id, \
         building_id, demo, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
    )
    .bind(&id)
    .bind(person.name)
    .bind(secrets.phone_hash(person.phone))
    .bind(secrets.seal(person.phone.digits())?)
    .bind(person.phone.masked())
    .bind(person.unit.0)
    .bind(person.unit.1)
    .bind(person.community_id)
    .bind(person.building_id)
    .bind(i64::from(person.demo))
    .bind(now.as_microsecond())
    .execute(&mut **tx)
    .await?;
    Ok(id)
}

/// Gives a person a role on an organisation; nothing changes when they have it.
pub async fn grant(
    tx: &mut Tx,
    person_id: &str,
    role: Role,
    organisation_id: &str,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO role_grant (person_id, role, organisation_id, granted_at) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (person_id, role, organisation_id) DO NOTHING",
    )
    .bind(person_id)
    .bind(role.code())
    .bind(organisation_id)
    .bind(now.as_microsecond())
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Takes a role back. `false` when they do not have it there.
pub async fn revoke_grant(
    tx: &mut Tx,
    person_id: &str,
    role: Role,
    organisation_id: &str,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query("DELETE FROM role_grant WHERE person_id = $1 AND role = $2 AND organisation_id = $3")
        .bind(person_id)
        .bind(role.code())
        .bind(organisation_id)
        .execute(&mut **tx)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Says whether somebody leads the unit that they have a role for there.
pub async fn set_lead(tx: &mut Tx, person_id: &str, organisation_id: &str, lead: bool) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE role_grant SET lead = $3 WHERE person_id = $1 AND role = $4 AND organisation_id = $2")
        .bind(person_id)
        .bind(organisation_id)
        .bind(i64::from(lead))
        .bind(Role::Unit.code())
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Writes down the unit that somebody works for, in Chinese and English.
pub async fn set_unit(tx: &mut Tx, person_id: &str, (zh, en): (&str, &str)) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE person SET unit = $2, unit_en = $3 WHERE id = $1")
        .bind(person_id)
        .bind(zh)
        .bind(en)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// The id of the person with this number.
pub async fn id_by_phone(db: &Db, secrets: &Secrets, phone: &Phone) -> Result<Option<String>, sqlx::Error> {
    let row: Option<(String,)> = sqlx::query_as("SELECT id FROM person WHERE phone_hash = $1")
        .bind(secrets.phone_hash(phone))
        .fetch_optional(db.read())
        .await?;
    Ok(row.map(|(id,)| id))
}

/// A person as others see them in a use case: name and unit.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct PersonBrief {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Unit, may be empty.
    pub unit: String,
    /// Unit in English, may be empty.
    pub unit_en: String,
}

/// People with `role` whose grant reaches an object at `path`: granted on it, above it, or on a subtree of it.
pub async fn with_role_around(db: &Db, role: Role, path: &str) -> Result<Vec<PersonBrief>, sqlx::Error> {
    sqlx::query_as(
        "SELECT DISTINCT p.id, p.name, p.unit, p.unit_en FROM role_grant g \
         JOIN organisation o ON o.id = g.organisation_id JOIN person p ON p.id = g.person_id \
         WHERE g.role = $1 AND (substr($2, 1, length(o.path)) = o.path OR substr(o.path, 1, length($2)) = $2) \
         ORDER BY p.name, p.id",
    )
    .bind(role.code())
    .bind(path)
    .fetch_all(db.read())
    .await
}

/// Those who lead a unit with this name and whose grant reaches an object at `path`; nobody for one without a name.
pub async fn leads_of_unit(db: &Db, unit: &str, path: &str) -> Result<Vec<PersonBrief>, sqlx::Error> {
    sqlx::query_as(
        "SELECT DISTINCT p.id, p.name, p.unit, p.unit_en FROM role_grant g \
         JOIN organisation o ON o.id = g.organisation_id JOIN person p ON p.id = g.person_id \
         WHERE g.role = $1 AND g.lead = 1 AND p.unit = $2 AND p.unit <> '' \
         AND (substr($3, 1, length(o.path)) = o.path OR substr(o.path, 1, length($3)) = $3) ORDER BY p.name, p.id",
    )
    .bind(Role::Unit.code())
    .bind(unit)
    .bind(path)
    .fetch_all(db.read())
    .await
}

/// The person with this id, as those who work together name each other.
pub async fn brief_by_id(db: &Db, id: &str) -> Result<Option<PersonBrief>, sqlx::Error> {
    sqlx::query_as("SELECT id, name, unit, unit_en FROM person WHERE id = $1").bind(id).fetch_optional(db.read()).await
}

/// Whether the number with this hash is a demo person's.
pub async fn is_demo(db: &Db, phone_hash: &str) -> Result<bool, sqlx::Error> {
    let row: Option<(i64,)> = sqlx::query_as("SELECT demo FROM person WHERE phone_hash = $1")
        .bind(phone_hash)
        .fetch_optional(db.read())
        .await?;
    Ok(row.is_some_and(|(demo,)| demo == 1))
}

/// A person who was looked up or just made.
pub struct Found {
    /// Id.
    pub id: String,
    /// Name; empty until given.
    pub name: String,
    /// Just made.
    pub new: bool,
}

/// The person with this number; makes one without a name when there is none. Two servers that do so at once make one.
pub async fn find_or_create(
    tx: &mut Tx,
    secrets: &Secrets,
    phone: &Phone,
    community_id: Option<&str>,
    now: Timestamp,
) -> anyhow::Result<Found> {
    let id = clock::new_id(now);
    let phone_hash = secrets.phone_hash(phone);
    let made = sqlx::query(
        "INSERT INTO person (id, name, phone_hash, phone_sealed, phone_masked, community_id, created_at) \
         VALUES ($1, '', $2, $3, $4, $5, $6) ON CONFLICT (phone_hash) DO NOTHING",
    )
    .bind(&id)
    .bind(&phone_hash)
    .bind(secrets.seal(phone.digits())?)
    .bind(phone.masked())
    .bind(community_id)
    .bind(now.as_microsecond())
    .execute(&mut **tx)
    .await?
    .rows_affected();
    let (id, name): (String, String) = sqlx::query_as("SELECT id, name FROM person WHERE phone_hash = $1")
        .bind(&phone_hash)
        .fetch_one(&mut **tx)
        .await?;
    Ok(Found { id, name, new: made == 1 })
}

/// Writes down a name.
pub async fn set_name(tx: &mut Tx, person_id: &str, name: &str) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE person SET name = $1 WHERE id = $2").bind(name).bind(person_id).execute(&mut **tx).await?;
    Ok(())
}

/// Writes down name and home.
pub async fn set_name_and_home(
    tx: &mut Tx,
    person_id: &str,
    name: &str,
    community_id: Option<&str>,
    building_id: Option<&str>,
) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE person SET name = $1, community_id = $2, building_id = $3 WHERE id = $4")
        .bind(name)
        .bind(community_id)
        .bind(building_id)
        .bind(person_id)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Writes down the home community of somebody who has none yet.
pub async fn set_first_community(tx: &mut Tx, person_id: &str, community_id: &str) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE person SET community_id = $1 WHERE id = $2 AND community_id IS NULL")
        .bind(community_id)
        .bind(person_id)
        .execute(&mut **tx)
        .await?;
    Ok(())
}
