//! Property companies in the database: companies, their people, and where they are.

pub mod assess;
pub mod credit;
pub mod estates;
pub mod inspections;
pub mod photos;
pub mod rules;

use crate::{
    clock,
    db::{Db, Tx},
};
use jiff::{Timestamp, civil::Date};
use std::collections::BTreeMap;

/// A company.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Company {
    /// Id.
    pub id: String,
    /// Path of the organisation that keeps it.
    pub path: String,
    /// Name.
    pub name: String,
    /// Name in English, may be empty.
    pub name_en: String,
    /// Registration code.
    pub registration: String,
    /// The office's telephone, may be empty.
    pub phone: String,
    /// The lock of its settings.
    pub version: i64,
}

const COMPANY: &str =
    "SELECT c.id, c.path, c.name, c.name_en, c.registration, c.phone, c.version FROM property_company c";

/// A company as a form describes it.
pub struct NewCompany<'a> {
    /// Path of the organisation that keeps it.
    pub path: &'a str,
    /// Name.
    pub name: &'a str,
    /// Name in English.
    pub name_en: &'a str,
    /// Registration code.
    pub registration: &'a str,
    /// The office's telephone.
    pub phone: &'a str,
    /// One form makes one.
    pub form_key: &'a str,
}

/// A day as it is stored; the last day there is for one that is none.
pub fn day(text: &str) -> Date {
    text.parse().unwrap_or(Date::MAX)
}

/// Makes a company; gives its id. `None`: this form has made one before.
pub async fn insert(tx: &mut Tx, new: &NewCompany<'_>, now: Timestamp) -> Result<Option<String>, sqlx::Error> {
    let id = clock::new_id(now);
    let done = sqlx::query(
        "INSERT INTO property_company (id, path, name, name_en, registration, phone, form_key, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (form_key) DO NOTHING",
    )
    .bind(&id)
    .bind(new.path)
    .bind(new.name)
    .bind(new.name_en)
    .bind(new.registration)
    .bind(new.phone)
    .bind(new.form_key)
    .bind(now.as_microsecond())
    .execute(&mut **tx)
    .await?;
    Ok((done.rows_affected() == 1).then_some(id))
}

/// Changes a company that still is as the reader saw it. Returns whether it did.
pub async fn set(tx: &mut Tx, (id, version): (&str, i64), new: &NewCompany<'_>) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE property_company SET name = $3, name_en = $4, registration = $5, phone = $6, version = version + 1 \
         WHERE id = $1 AND version = $2",
    )
    .bind(id)
    .bind(version)
    .bind(new.name)
    .bind(new.name_en)
    .bind(new.registration)
    .bind(new.phone)
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The company with this id.
pub async fn by_id(db: &Db, id: &str) -> Result<Option<Company>, sqlx::Error> {
    let sql = format!("{COMPANY} WHERE c.id = $1");
    sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(id).fetch_optional(db.read()).await
}

/// The company with this registration code.
pub async fn by_registration(db: &Db, registration: &str) -> Result<Option<Company>, sqlx::Error> {
    let sql = format!("{COMPANY} WHERE c.registration = $1");
    sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(registration).fetch_optional(db.read()).await
}

/// All companies, by name.
pub async fn all(db: &Db) -> Result<Vec<Company>, sqlx::Error> {
    let sql = format!("{COMPANY} ORDER BY c.name, c.id");
    sqlx::query_as(sqlx::AssertSqlSafe(sql)).fetch_all(db.read()).await
}

/// Companies for which a person acts, by name.
pub async fn of_member(db: &Db, person_id: &str) -> Result<Vec<Company>, sqlx::Error> {
    let sql =
        format!("{COMPANY} JOIN property_member m ON m.company_id = c.id WHERE m.person_id = $1 ORDER BY c.name, c.id");
    sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(person_id).fetch_all(db.read()).await
}

/// Paths of the estates that companies have or had: company → paths.
pub async fn paths(db: &Db) -> Result<BTreeMap<String, Vec<String>>, sqlx::Error> {
    let rows: Vec<(String, String)> = sqlx::query_as(
        "SELECT DISTINCT k.company_id, e.path FROM property_contract k JOIN property_estate e ON e.id = k.estate_id",
    )
    .fetch_all(db.read())
    .await?;
    let mut all: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (company, path) in rows {
        all.entry(company).or_default().push(path);
    }
    Ok(all)
}

/// The same for one company.
pub async fn paths_of(db: &Db, company_id: &str) -> Result<Vec<String>, sqlx::Error> {
    let rows: Vec<(String,)> = sqlx::query_as(
        "SELECT DISTINCT e.path FROM property_contract k JOIN property_estate e ON e.id = k.estate_id \
         WHERE k.company_id = $1 ORDER BY e.path",
    )
    .bind(company_id)
    .fetch_all(db.read())
    .await?;
    Ok(rows.into_iter().map(|(path,)| path).collect())
}

/// Somebody who acts for a company.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Member {
    /// Id of the person.
    pub id: String,
    /// Name, may be empty.
    pub name: String,
    /// Number as shown.
    pub phone_masked: String,
}

/// Who acts for a company.
pub async fn members(db: &Db, company_id: &str) -> Result<Vec<Member>, sqlx::Error> {
    sqlx::query_as(
        "SELECT p.id, p.name, p.phone_masked FROM property_member m JOIN person p ON p.id = m.person_id \
         WHERE m.company_id = $1 ORDER BY m.added_at, p.id",
    )
    .bind(company_id)
    .fetch_all(db.read())
    .await
}

/// Ids of who acts for a company.
pub async fn member_ids(tx: &mut Tx, company_id: &str) -> Result<Vec<String>, sqlx::Error> {
    let rows: Vec<(String,)> =
        sqlx::query_as("SELECT person_id FROM property_member WHERE company_id = $1 ORDER BY person_id")
            .bind(company_id)
            .fetch_all(&mut **tx)
            .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Whether a person acts for a company.
pub async fn is_member(db: &Db, company_id: &str, person_id: &str) -> Result<bool, sqlx::Error> {
    let row: Option<(String,)> =
        sqlx::query_as("SELECT person_id FROM property_member WHERE company_id = $1 AND person_id = $2")
            .bind(company_id)
            .bind(person_id)
            .fetch_optional(db.read())
            .await?;
    Ok(row.is_some())
}

/// Lets somebody act for a company. Twice is once.
pub async fn add_member(tx: &mut Tx, company_id: &str, person_id: &str, now: Timestamp) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "INSERT INTO property_member (company_id, person_id, added_at) VALUES ($1, $2, $3) \
         ON CONFLICT (company_id, person_id) DO NOTHING",
    )
    .bind(company_id)
    .bind(person_id)
    .bind(now.as_microsecond())
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Lets somebody act for a company no longer.
pub async fn remove_member(tx: &mut Tx, company_id: &str, person_id: &str) -> Result<bool, sqlx::Error> {
    let done = sqlx::query("DELETE FROM property_member WHERE company_id = $1 AND person_id = $2")
        .bind(company_id)
        .bind(person_id)
        .execute(&mut **tx)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// What one form makes.
#[derive(Clone, Copy, Debug)]
pub enum Made {
    /// A company.
    Company,
    /// An estate.
    Estate,
    /// An inspection.
    Inspection,
    /// A credit entry.
    Entry,
}

/// Id of what the form with this key has made before.
pub async fn made_by(tx: &mut Tx, what: Made, form_key: &str) -> Result<Option<String>, sqlx::Error> {
    let sql = match what {
        Made::Company => "SELECT id FROM property_company WHERE form_key = $1",
        Made::Estate => "SELECT id FROM property_estate WHERE form_key = $1",
        Made::Inspection => "SELECT id FROM property_inspection WHERE form_key = $1",
        Made::Entry => "SELECT id FROM property_entry WHERE form_key = $1",
    };
    let row: Option<(String,)> = sqlx::query_as(sql).bind(form_key).fetch_optional(&mut **tx).await?;
    Ok(row.map(|(id,)| id))
}
