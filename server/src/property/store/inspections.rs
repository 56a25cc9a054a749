//! Inspections, and what residents think.

use crate::{
    clock,
    db::{Db, Tx},
};
use app::property::assess::FEWEST_RATINGS;
use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

/// Something that an inspection looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = PropertyFinding)]
pub struct Finding {
    /// What was looked at and what was found.
    pub item: String,
    /// Points that it takes.
    pub lost: i64,
}

/// An inspection.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Inspection {
    /// Id.
    pub id: String,
    /// The estate's name.
    pub estate: String,
    /// The same in English.
    pub estate_en: String,
    /// The company's name.
    pub company: String,
    /// The same in English.
    pub company_en: String,
    /// The day.
    pub day: String,
    /// 0 to 100.
    pub points: i64,
    findings: String,
    /// More, may be empty.
    pub note: String,
}

impl Inspection {
    /// What was found.
    pub fn findings(&self) -> Vec<Finding> {
        serde_json::from_str(&self.findings).unwrap_or_default()
    }
}

const INSPECTION: &str = "SELECT i.id, e.name AS estate, e.name_en AS estate_en, c.name AS company, c.name_en AS company_en, \
    i.day, i.points, i.findings, i.note FROM property_inspection i JOIN property_estate e ON e.id = i.estate_id \
    JOIN property_company c ON c.id = i.company_id";

/// Inspections of an estate, the latest first, at most 100.
pub async fn of_estate(db: &Db, estate_id: &str) -> Result<Vec<Inspection>, sqlx::Error> {
    let sql = format!("{INSPECTION} WHERE i.estate_id = $1 ORDER BY i.day DESC, i.id DESC LIMIT 100");
    sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(estate_id).fetch_all(db.read()).await
}

/// Inspections that count for a company, the latest first, at most 100.
pub async fn of_company(db: &Db, company_id: &str) -> Result<Vec<Inspection>, sqlx::Error> {
    let sql = format!("{INSPECTION} WHERE i.company_id = $1 ORDER BY i.day DESC, i.id DESC LIMIT 100");
    sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(company_id).fetch_all(db.read()).await
}

/// An inspection that was made.
pub struct NewInspection<'a> {
    /// The estate.
    pub estate_id: &'a str,
    /// Whose contract it was.
    pub company_id: &'a str,
    /// The day.
    pub day: Date,
    /// 0 to 100.
    pub points: i64,
    /// What was found.
    pub findings: &'a [Finding],
    /// More.
    pub note: &'a str,
    /// Who made it.
    pub by: &'a str,
    /// One form makes one.
    pub form_key: &'a str,
}

/// Writes an inspection; gives its id. `None`: this form has made one before.
pub async fn insert(tx: &mut Tx, new: &NewInspection<'_>, now: Timestamp) -> Result<Option<String>, sqlx::Error> {
    let id = clock::new_id(now);
    let findings = serde_json::to_string(new.findings).map_err(|error| sqlx::Error::Encode(Box::new(error)))?;
    let done = sqlx::query(
        "INSERT INTO property_inspection (id, estate_id, company_id, day, points, findings, note, made_by, form_key, \
         created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (form_key) DO NOTHING",
    )
    .bind(&id)
    .bind(new.estate_id)
    .bind(new.company_id)
    .bind(new.day.to_string())
    .bind(new.points)
    .bind(findings)
    .bind(new.note)
    .bind(new.by)
    .bind(new.form_key)
    .bind(now.as_microsecond())
    .execute(&mut **tx)
    .await?;
    Ok((done.rows_affected() == 1).then_some(id))
}

/// A resident's rating.
pub struct Rating<'a> {
    /// The estate.
    pub estate_id: &'a str,
    /// The quarter.
    pub quarter: &'a str,
    /// Whose it is.
    pub person_id: &'a str,
    /// The company.
    pub company_id: &'a str,
    /// 1 to 5.
    pub stars: i64,
    /// Why, may be empty from 3 stars on.
    pub reason: &'a str,
}

/// Writes a rating; the same person's of the quarter is another then, also where they have moved in between: nobody speaks
/// for two estates.
pub async fn rate(tx: &mut Tx, rating: &Rating<'_>, now: Timestamp) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM property_rating WHERE person_id = $1 AND quarter = $2 AND estate_id <> $3")
        .bind(rating.person_id)
        .bind(rating.quarter)
        .bind(rating.estate_id)
        .execute(&mut **tx)
        .await?;
    sqlx::query(
        "INSERT INTO property_rating (estate_id, quarter, person_id, company_id, stars, reason, rated_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (estate_id, quarter, person_id) DO UPDATE SET \
         company_id = excluded.company_id, stars = excluded.stars, reason = excluded.reason, rated_at = excluded.rated_at",
    )
    .bind(rating.estate_id)
    .bind(rating.quarter)
    .bind(rating.person_id)
    .bind(rating.company_id)
    .bind(rating.stars)
    .bind(rating.reason)
    .bind(now.as_microsecond())
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// A person's own rating of a quarter: stars and reason.
pub async fn own(
    db: &Db,
    estate_id: &str,
    quarter: &str,
    person_id: &str,
) -> Result<Option<(i64, String)>, sqlx::Error> {
    sqlx::query_as("SELECT stars, reason FROM property_rating WHERE estate_id = $1 AND quarter = $2 AND person_id = $3")
        .bind(estate_id)
        .bind(quarter)
        .bind(person_id)
        .fetch_optional(db.read())
        .await
}

/// Ratings of an estate in one quarter, as sums.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Sum {
    /// The quarter.
    pub quarter: String,
    /// How many.
    pub count: i64,
    /// Their stars together.
    pub stars: i64,
}

/// Sums of an estate's quarters before this one that have enough ratings, the latest first.
pub async fn sums(db: &Db, estate_id: &str, before: &str) -> Result<Vec<Sum>, sqlx::Error> {
    sqlx::query_as(
        "SELECT quarter, CAST(COUNT(*) AS BIGINT) AS count, CAST(SUM(stars) AS BIGINT) AS stars FROM property_rating \
         WHERE estate_id = $1 AND quarter < $2 GROUP BY quarter HAVING COUNT(*) >= $3 ORDER BY quarter DESC LIMIT 12",
    )
    .bind(estate_id)
    .bind(before)
    .bind(FEWEST_RATINGS)
    .fetch_all(db.read())
    .await
}
