//! Platforms in the database.

use crate::{
    clock,
    db::{Db, Tx},
};
use app::matters::kind::PlatformWay;
use jiff::Timestamp;

/// A platform.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Platform {
    /// Id.
    pub id: String,
    /// Id of its organisation.
    pub organisation_id: String,
    /// Path of its organisation.
    pub path: String,
    /// Name.
    pub name: String,
    way: String,
    /// Where it is.
    pub url: String,
    /// Its key, sealed; empty: none.
    pub api_key_sealed: String,
    /// Code of the service under which requests are filed.
    pub service: String,
    /// Jurisdiction; may be empty.
    pub jurisdiction: String,
    /// What our messages are signed with, sealed.
    pub out_sealed: String,
    /// What its messages are signed with, sealed.
    pub in_sealed: String,
    /// 1: nothing is sent or taken.
    pub paused: i64,
    /// The lock of its settings.
    pub version: i64,
    /// When it was removed.
    pub removed_at: Option<i64>,
    /// Name of its organisation.
    pub place: String,
    /// The same in English.
    pub place_en: String,
    /// Messages that were given up.
    pub dead: i64,
}

impl Platform {
    /// How it is reached.
    pub fn way(&self) -> PlatformWay {
        PlatformWay::from_code(&self.way).unwrap_or(PlatformWay::Webhook)
    }

    /// Whether anything goes to it or is taken from it.
    pub fn works(&self) -> bool {
        self.paused == 0 && self.removed_at.is_none()
    }
}

const SELECT: &str = "SELECT p.id, p.organisation_id, p.path, p.name, p.way, p.url, p.api_key_sealed, p.service, \
    p.jurisdiction, p.out_sealed, p.in_sealed, p.paused, p.version, p.removed_at, o.name AS place, o.name_en AS place_en, \
    (SELECT CAST(COUNT(*) AS BIGINT) FROM platform_message d WHERE d.platform_id = p.id AND d.state = 'dead') AS dead \
    FROM platform p JOIN organisation o ON o.id = p.organisation_id";

/// All platforms that were not removed.
pub async fn all(db: &Db) -> Result<Vec<Platform>, sqlx::Error> {
    let sql = format!("{SELECT} WHERE p.removed_at IS NULL ORDER BY p.path, p.name, p.id");
    sqlx::query_as(sqlx::AssertSqlSafe(sql)).fetch_all(db.read()).await
}

/// The platform with this id, removed or not.
pub async fn by_id(db: &Db, id: &str) -> Result<Option<Platform>, sqlx::Error> {
    let sql = format!("{SELECT} WHERE p.id = $1");
    sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(id).fetch_optional(db.read()).await
}

/// Settings of a platform.
pub struct Settings<'a> {
    /// Name.
    pub name: &'a str,
    /// Where it is.
    pub url: &'a str,
    /// Its key, sealed; empty: none, or the old one when it is changed.
    pub api_key_sealed: &'a str,
    /// Service.
    pub service: &'a str,
    /// Jurisdiction.
    pub jurisdiction: &'a str,
}

/// Makes a platform; gives its id. `None`: this form has made one before.
pub async fn insert(
    tx: &mut Tx,
    (organisation, path): (&str, &str),
    way: PlatformWay,
    settings: Settings<'_>,
    (out_sealed, in_sealed, form_key): (&str, &str, &str),
    now: Timestamp,
) -> Result<Option<String>, sqlx::Error> {
    let id = clock::new_id(now);
    let done = sqlx::query(
        "INSERT INTO platform (id, organisation_id, path, name, way, url, api_key_sealed, service, jurisdiction, out_sealed, \
         in_sealed, form_key, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) \
         ON CONFLICT (form_key) DO NOTHING",
    )
    .bind(&id)
    .bind(organisation)
    .bind(path)
    .bind(settings.name)
    .bind(way.code())
    .bind(settings.url)
    .bind(settings.api_key_sealed)
    .bind(settings.service)
    .bind(settings.jurisdiction)
    .bind(out_sealed)
    .bind(in_sealed)
    .bind(form_key)
    .bind(now.as_microsecond())
    .execute(&mut **tx)
    .await?;
    Ok((done.rows_affected() == 1).then_some(id))
}

/// Changes a platform that still has this version. Returns whether it had.
pub async fn set(tx: &mut Tx, (id, version): (&str, i64), settings: Settings<'_>) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE platform SET name = $3, url = $4, service = $5, jurisdiction = $6, \
         api_key_sealed = CASE WHEN $7 = '' THEN api_key_sealed ELSE $7 END, version = version + 1 \
         WHERE id = $1 AND version = $2 AND removed_at IS NULL",
    )
    .bind(id)
    .bind(version)
    .bind(settings.name)
    .bind(settings.url)
    .bind(settings.service)
    .bind(settings.jurisdiction)
    .bind(settings.api_key_sealed)
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Stops a platform, or lets it go on. Returns whether that changed anything.
pub async fn set_paused(tx: &mut Tx, id: &str, paused: bool) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE platform SET paused = $2, version = version + 1 WHERE id = $1 AND paused <> $2 AND removed_at IS NULL",
    )
    .bind(id)
    .bind(i64::from(paused))
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Gives a platform other secrets. Returns whether it still had this version.
pub async fn rotate(
    tx: &mut Tx,
    (id, version): (&str, i64),
    (out_sealed, in_sealed): (&str, &str),
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE platform SET out_sealed = $3, in_sealed = $4, version = version + 1 \
         WHERE id = $1 AND version = $2 AND removed_at IS NULL",
    )
    .bind(id)
    .bind(version)
    .bind(out_sealed)
    .bind(in_sealed)
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Removes a platform: its keys go, its matters and its log stay.
pub async fn remove(tx: &mut Tx, id: &str, now: Timestamp) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE platform SET removed_at = $2, api_key_sealed = '', out_sealed = '', in_sealed = '' \
         WHERE id = $1 AND removed_at IS NULL",
    )
    .bind(id)
    .bind(now.as_microsecond())
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}
