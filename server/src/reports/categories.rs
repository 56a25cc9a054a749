//! What reports are about: majors and minors with their limits. Linli ships with a list; it is this deployment's own
//! data from the first start on.

use crate::db::Db;
use anyhow::Context;
use app::reports::due::LimitKind;
use serde::Deserialize;

/// One minor category with its major.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Category {
    /// Code.
    pub code: String,
    /// Code of the major.
    pub major: String,
    /// Chinese name of the major.
    pub major_name: String,
    /// English name of the major.
    pub major_name_en: String,
    /// Chinese name.
    pub name: String,
    /// English name.
    pub name_en: String,
    /// JSON array of words that residents use for it.
    pub hints: String,
    /// How the limit counts, as stored.
    pub limit_kind: String,
    /// Hours or days.
    pub limit_amount: i64,
    /// A handler cannot finish without a photo.
    pub photo_needed: i64,
}

impl Category {
    /// How the limit counts.
    pub fn limit(&self) -> LimitKind {
        LimitKind::from_code(&self.limit_kind).unwrap_or(LimitKind::WorkingDays)
    }

    /// Words that residents use for it.
    pub fn hints(&self) -> Vec<String> {
        serde_json::from_str(&self.hints).unwrap_or_default()
    }
}

const COLUMNS: &str =
    "code, major, major_name, major_name_en, name, name_en, hints, limit_kind, limit_amount, photo_needed";

/// All categories in use, in their order.
pub async fn all(db: &Db) -> Result<Vec<Category>, sqlx::Error> {
    sqlx::query_as(sqlx::AssertSqlSafe(format!("SELECT {COLUMNS} FROM category WHERE active = 1 ORDER BY position")))
        .fetch_all(db.read())
        .await
}

/// The category with this code, if it is in use.
pub async fn by_code(db: &Db, code: &str) -> Result<Option<Category>, sqlx::Error> {
    sqlx::query_as(sqlx::AssertSqlSafe(format!("SELECT {COLUMNS} FROM category WHERE code = $1 AND active = 1")))
        .bind(code)
        .fetch_optional(db.read())
        .await
}

#[derive(Deserialize)]
struct File {
    majors: Vec<Major>,
}

#[derive(Deserialize)]
struct Major {
    code: String,
    name: String,
    name_en: String,
    minors: Vec<Minor>,
}

#[derive(Deserialize)]
struct Minor {
    code: String,
    name: String,
    name_en: String,
    hints: Vec<String>,
    limit: Limit,
    #[serde(default)]
    photo_needed: bool,
}

#[derive(Deserialize)]
struct Limit {
    kind: String,
    amount: i64,
}

/// Fills an empty table with the list that Linli ships. A deployment that has categories keeps its own.
pub async fn ship(db: &Db) -> anyhow::Result<()> {
    let file: File =
        serde_json::from_str(include_str!("../../demo/categories.json")).context("reading the shipped categories")?;
    let mut tx = db.begin().await?;
    let (count,): (i64,) = sqlx::query_as("SELECT CAST(COUNT(*) AS BIGINT) FROM category").fetch_one(&mut *tx).await?;
    if count > 0 {
        return Ok(());
    }
    let mut position = 0;
    for major in &file.majors {
        for minor in &major.minors {
            position += 1;
            sqlx::query(
                "INSERT INTO category (code, major, major_name, major_name_en, name, name_en, hints, limit_kind, \
                 limit_amount, photo_needed, position) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) \
                 ON CONFLICT (code) DO NOTHING",
            )
            .bind(&minor.code)
            .bind(&major.code)
            .bind(&major.name)
            .bind(&major.name_en)
            .bind(&minor.name)
            .bind(&minor.name_en)
            .bind(serde_json::to_string(&minor.hints)?)
            .bind(&minor.limit.kind)
            .bind(minor.limit.amount)
            .bind(i64::from(minor.photo_needed))
            .bind(position)
            .execute(&mut *tx)
            .await?;
        }
    }
    tx.commit().await?;
    Ok(())
}

/// Hours within which somebody is to be sent, as Linli ships them: 1 for danger to life and property, 2 for water,
/// power, gas and heat, 24 for all else. A deployment that has some keeps its own.
pub async fn ship_dispatch_limits(db: &Db) -> anyhow::Result<()> {
    let mut tx = db.begin().await?;
    sqlx::query(
        "INSERT INTO dispatch_limit (major, hours) SELECT d.major, d.hours FROM (SELECT '' AS major, 24 AS hours \
         UNION ALL SELECT 'fire', 1 UNION ALL SELECT 'utilities', 2) d \
         WHERE NOT EXISTS (SELECT 1 FROM dispatch_limit) ON CONFLICT (major) DO NOTHING",
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(())
}
