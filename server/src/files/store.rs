//! Stored files in the database. What has some names them in a table of its own, which is among [`NAMED`].

use crate::db::{Db, Tx};
use jiff::Timestamp;

/// A file as something names it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct File {
    /// Its number there, and in its address.
    pub number: i64,
    /// The stored file.
    pub file_id: String,
    /// What it is called.
    pub name: String,
    /// Its size.
    pub bytes: i64,
    /// Hash of its bytes.
    pub sha256: String,
}

/// Tables that name files, by their column `file_id`.
pub const NAMED: [&str; 2] = ["notice_file", "meeting_paper"];

/// That nothing names the file whose id this expression is.
fn nothing_names(id: &str) -> String {
    NAMED.map(|table| format!("NOT EXISTS (SELECT 1 FROM {table} n WHERE n.file_id = {id})")).join(" AND ")
}

/// Writes a file down whose bytes are to be stored next; until something names it, it is swept. Returns `false` when other bytes
/// were written down with this id.
pub async fn insert(
    tx: &mut Tx,
    id: &str,
    uploader_id: &str,
    (bytes, sha256): (i64, &str),
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "INSERT INTO stored_file (id, uploader_id, bytes, sha256, created_at) VALUES ($1, $2, $3, $4, $5) \
                 ON CONFLICT (id) DO UPDATE SET created_at = $5 WHERE stored_file.sha256 = $4",
    )
    .bind(id)
    .bind(uploader_id)
    .bind(bytes)
    .bind(sha256)
    .bind(now.as_microsecond())
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Files written down before `before` that nothing names, at most 200.
pub async fn unnamed(db: &Db, before: Timestamp) -> Result<Vec<String>, sqlx::Error> {
    let sql = format!(
        "SELECT f.id FROM stored_file f WHERE f.created_at < $1 AND {} ORDER BY f.created_at LIMIT 200",
        nothing_names("f.id")
    );
    let rows: Vec<(String,)> =
        sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(before.as_microsecond()).fetch_all(db.read()).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Forgets a file that nothing names.
pub async fn forget(tx: &mut Tx, id: &str) -> Result<(), sqlx::Error> {
    let sql = format!("DELETE FROM stored_file WHERE id = $1 AND {}", nothing_names("$1"));
    sqlx::query(sqlx::AssertSqlSafe(sql)).bind(id).execute(&mut **tx).await?;
    Ok(())
}
