//! Photos in the database. Their bytes are in [`super::Blobs`].

use crate::db::{Db, Tx};
use jiff::Timestamp;
use std::collections::BTreeSet;

/// What a photo belongs to: the report itself.
pub const OF_REPORT: &str = "report";
/// What a photo belongs to: something that happened to a report.
pub const OF_REPORT_EVENT: &str = "report_event";

/// Role of a photo that whoever filed the report added later.
pub const ADDED: &str = "added";

/// Who sent a photo.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Uploader {
    /// Id of the person, if signed in.
    pub person: Option<String>,
    /// Hash of the device cookie; empty without one.
    pub device: String,
}

/// One photo.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Photo {
    /// Id.
    pub id: String,
    /// Who sent it, if signed in.
    pub uploader_id: Option<String>,
    /// Hash of the device cookie of whoever sent it.
    pub uploader_device: String,
    /// [`OF_REPORT`], [`OF_REPORT_EVENT`], a notice, or nothing yet.
    pub owner_kind: Option<String>,
    /// Id of what it belongs to.
    pub owner_id: Option<String>,
    /// `before`, `progress`, `after` or [`ADDED`].
    pub role: String,
    /// Order among its siblings.
    pub position: i64,
    /// In pixels.
    pub width: i64,
    /// In pixels.
    pub height: i64,
    /// Hash of the kept picture.
    pub sha256: String,
    /// Staff released it to the public.
    pub released: i64,
    /// When parts of it were last blacked out, in microseconds.
    pub redacted_at: Option<i64>,
}

impl Photo {
    /// Whether this person or device sent it.
    pub fn is_by(&self, who: &Uploader) -> bool {
        match (&self.uploader_id, &who.person) {
            (Some(one), Some(other)) => one == other,
            (Some(_), None) => false,
            (None, _) => !self.uploader_device.is_empty() && self.uploader_device == who.device,
        }
    }
}

/// A photo to be written down.
pub struct NewPhoto<'a> {
    /// Its id, under which the blobs are stored already.
    pub id: &'a str,
    /// Who sent it.
    pub uploader: &'a Uploader,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
    /// Size of the kept picture.
    pub bytes: usize,
    /// Hash of the kept picture.
    pub sha256: &'a str,
    /// Made on the phone: sent again, it is the same photo.
    pub upload_key: Option<&'a str>,
}

const COLUMNS: &str = "id, uploader_id, uploader_device, owner_kind, owner_id, role, position, width, height, sha256, released, \
    (SELECT x.redacted_at FROM photo_redaction x WHERE x.photo_id = photo.id) AS redacted_at";

/// Writes a photo down that belongs to nothing yet. Returns whether it did: not when its key is taken.
pub async fn insert(tx: &mut Tx, photo: NewPhoto<'_>, now: Timestamp) -> anyhow::Result<bool> {
    let done = sqlx::query(
        "INSERT INTO photo (id, uploader_id, uploader_device, width, height, bytes, sha256, created_at, upload_key) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING",
    )
    .bind(photo.id)
    .bind(&photo.uploader.person)
    .bind(&photo.uploader.device)
    .bind(i64::from(photo.width))
    .bind(i64::from(photo.height))
    .bind(i64::try_from(photo.bytes)?)
    .bind(photo.sha256)
    .bind(now.as_microsecond())
    .bind(photo.upload_key)
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The photo that was sent with this key.
pub async fn by_upload_key(db: &Db, key: &str) -> Result<Option<Photo>, sqlx::Error> {
    sqlx::query_as(sqlx::AssertSqlSafe(format!("SELECT {COLUMNS} FROM photo WHERE upload_key = $1")))
        .bind(key)
        .fetch_optional(db.read())
        .await
}

/// One photo.
pub async fn by_id(db: &Db, id: &str) -> Result<Option<Photo>, sqlx::Error> {
    sqlx::query_as(sqlx::AssertSqlSafe(format!("SELECT {COLUMNS} FROM photo WHERE id = $1")))
        .bind(id)
        .fetch_optional(db.read())
        .await
}

/// Gives a photo its place, if it has none yet. Returns whether it did.
pub async fn attach(
    tx: &mut Tx,
    id: &str,
    (owner_kind, owner_id): (&str, &str),
    role: &str,
    position: usize,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE photo SET owner_kind = $1, owner_id = $2, role = $3, position = $4 WHERE id = $5 AND owner_id IS NULL",
    )
    .bind(owner_kind)
    .bind(owner_id)
    .bind(role)
    .bind(i64::try_from(position).unwrap_or(0))
    .bind(id)
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// All photos of a report, its own first, then those of its events in the order of the events.
pub async fn of_report(db: &Db, report_id: &str) -> Result<Vec<Photo>, sqlx::Error> {
    sqlx::query_as(sqlx::AssertSqlSafe(format!(
        "SELECT {COLUMNS} FROM photo WHERE (owner_kind = 'report' AND owner_id = $1) OR (owner_kind = 'report_event' \
         AND owner_id IN (SELECT e.id FROM report_event e WHERE e.report_id = $1)) \
         ORDER BY owner_kind, (SELECT e.seq FROM report_event e WHERE e.id = owner_id), position"
    )))
    .bind(report_id)
    .fetch_all(db.read())
    .await
}

/// Shows a photo to the public, or no longer.
pub async fn set_released(tx: &mut Tx, id: &str, released: bool) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE photo SET released = $1 WHERE id = $2")
        .bind(i64::from(released))
        .bind(id)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Forgets a photo that belongs to nothing. Returns whether there was one.
pub async fn delete_unattached(tx: &mut Tx, id: &str) -> Result<bool, sqlx::Error> {
    let done = sqlx::query("DELETE FROM photo WHERE id = $1 AND owner_id IS NULL").bind(id).execute(&mut **tx).await?;
    Ok(done.rows_affected() == 1)
}

/// Photos taken before `before` that still belong to nothing and are on their way to nothing, oldest first, at most 200.
pub async fn unattached(db: &Db, before: Timestamp) -> Result<Vec<String>, sqlx::Error> {
    let rows: Vec<(String,)> =
        sqlx::query_as("SELECT id FROM photo WHERE owner_id IS NULL AND owner_kind IS NULL AND created_at < $1 ORDER BY created_at LIMIT 200")
            .bind(before.as_microsecond())
            .fetch_all(db.read())
            .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Parts of a photo that are blacked out, as JSON; `None` when none are.
pub async fn redaction(db: &Db, photo_id: &str) -> Result<Option<String>, sqlx::Error> {
    let row: Option<(String,)> = sqlx::query_as("SELECT areas FROM photo_redaction WHERE photo_id = $1")
        .bind(photo_id)
        .fetch_optional(db.read())
        .await?;
    Ok(row.map(|(areas,)| areas))
}

/// Writes down which parts of a photo are blacked out. Returns whether they were still as `before` says.
pub async fn set_redaction(
    tx: &mut Tx,
    photo_id: &str,
    (before, areas): (Option<&str>, &str),
    person_id: &str,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "INSERT INTO photo_redaction (photo_id, areas, redacted_by, redacted_at) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (photo_id) DO UPDATE SET areas = $2, redacted_by = $3, redacted_at = $4 \
         WHERE photo_redaction.areas = $5",
    )
    .bind(photo_id)
    .bind(areas)
    .bind(person_id)
    .bind(now.as_microsecond())
    .bind(before.unwrap_or_default())
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Ids of a report's photos that came from whoever filed it.
pub async fn of_reporter(tx: &mut Tx, report_id: &str) -> Result<Vec<String>, sqlx::Error> {
    let rows: Vec<(String,)> = sqlx::query_as(
        "SELECT id FROM photo WHERE (owner_kind = $2 AND owner_id = $1) OR (owner_kind = 'report_event' AND role = $3 \
         AND owner_id IN (SELECT e.id FROM report_event e WHERE e.report_id = $1))",
    )
    .bind(report_id)
    .bind(OF_REPORT)
    .bind(ADDED)
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Which of these ids are photos.
pub async fn known(db: &Db, ids: &BTreeSet<String>) -> Result<BTreeSet<String>, sqlx::Error> {
    if ids.is_empty() {
        return Ok(BTreeSet::new());
    }
    let marks: Vec<String> = (1..=ids.len()).map(|n| format!("${n}")).collect();
    let sql = format!("SELECT id FROM photo WHERE id IN ({})", marks.join(", "));
    let mut query = sqlx::query_as(sqlx::AssertSqlSafe(sql));
    for id in ids {
        query = query.bind(id.as_str());
    }
    let rows: Vec<(String,)> = query.fetch_all(db.read()).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Forgets a photo that was sent, with what was blacked out on it.
pub async fn delete(tx: &mut Tx, id: &str) -> Result<bool, sqlx::Error> {
    sqlx::query("DELETE FROM photo_redaction WHERE photo_id = $1").bind(id).execute(&mut **tx).await?;
    let done = sqlx::query("DELETE FROM photo WHERE id = $1").bind(id).execute(&mut **tx).await?;
    Ok(done.rows_affected() == 1)
}
