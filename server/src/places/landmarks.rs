//! Landmarks: places of a community that residents know and that are no building. They come in with the community's plan
//! and stand beside the buildings in forms; a landmark belongs to the grid that its position lies in.

use crate::{
    clock,
    db::{Db, Tx, real},
};
use app::reports::place::Position;
use jiff::Timestamp;

/// A landmark.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Landmark {
    /// Id.
    pub id: String,
    /// Id of its community.
    pub community_id: String,
    /// Code in forms, files and addresses.
    pub code: String,
    /// Chinese name.
    pub name: String,
    /// English name, may be empty.
    pub name_en: String,
    /// WGS-84.
    pub longitude: f64,
    /// WGS-84.
    pub latitude: f64,
    /// 1: not offered any more.
    pub gone: i64,
}

impl Landmark {
    /// Where it lies.
    pub fn position(&self) -> Position {
        Position { longitude: self.longitude, latitude: self.latitude }
    }
}

/// The landmarks that a community offers, by name.
pub async fn offered(db: &Db, community_id: &str) -> Result<Vec<Landmark>, sqlx::Error> {
    sqlx::query_as(
        "SELECT id, community_id, code, name, name_en, longitude, latitude, gone FROM landmark \
         WHERE community_id = $1 AND gone = 0 ORDER BY name, code",
    )
    .bind(community_id)
    .fetch_all(db.read())
    .await
}

/// The landmark with this code, offered or not.
pub async fn by_code(db: &Db, code: &str) -> Result<Option<Landmark>, sqlx::Error> {
    sqlx::query_as(
        "SELECT id, community_id, code, name, name_en, longitude, latitude, gone FROM landmark WHERE code = $1",
    )
    .bind(code)
    .fetch_optional(db.read())
    .await
}

/// What a landmark is to be.
#[derive(Clone, Debug)]
pub struct NewLandmark<'a> {
    /// Id of its community.
    pub community_id: &'a str,
    /// Code.
    pub code: &'a str,
    /// Name in Chinese and English.
    pub name: (&'a str, &'a str),
    /// Longitude and latitude, WGS-84.
    pub position: [f64; 2],
    /// Not offered any more.
    pub gone: bool,
}

/// Writes a landmark down, in place of what was known of the one with this code.
pub async fn write(tx: &mut Tx, new: &NewLandmark<'_>, now: Timestamp) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO landmark (id, community_id, code, name, name_en, longitude, latitude, gone) \
         VALUES ($1, $2, $3, $4, $5, CAST($6 AS DOUBLE PRECISION), CAST($7 AS DOUBLE PRECISION), $8) \
         ON CONFLICT (code) DO UPDATE SET name = $4, name_en = $5, longitude = CAST($6 AS DOUBLE PRECISION), \
         latitude = CAST($7 AS DOUBLE PRECISION), gone = $8",
    )
    .bind(clock::new_id(now))
    .bind(new.community_id)
    .bind(new.code)
    .bind(new.name.0)
    .bind(new.name.1)
    .bind(real(Some(new.position[0])))
    .bind(real(Some(new.position[1])))
    .bind(i64::from(new.gone))
    .execute(&mut **tx)
    .await?;
    Ok(())
}
