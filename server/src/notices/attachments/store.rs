//! Pictures and files of notices in the database.

use crate::{
    db::{Db, Tx},
    files::store::File,
};
use sqlx::AnyConnection;

/// What a photo belongs to: a notice.
pub const OF_NOTICE: &str = "notice";

/// A picture of a notice.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Picture {
    /// What the text calls it.
    pub number: i64,
    /// The photo.
    pub photo_id: String,
    /// What it shows.
    pub alt: String,
    /// In pixels.
    pub width: i64,
    /// In pixels.
    pub height: i64,
}

/// The pictures of a notice, by number.
pub async fn pictures(db: &Db, notice_id: &str) -> Result<Vec<Picture>, sqlx::Error> {
    sqlx::query_as(
        "SELECT n.number, n.photo_id, n.alt, p.width, p.height FROM notice_picture n JOIN photo p ON p.id = n.photo_id \
         WHERE n.notice_id = $1 ORDER BY n.number",
    )
    .bind(notice_id)
    .fetch_all(db.read())
    .await
}

/// The files of a notice, by number.
pub async fn files(db: &Db, notice_id: &str) -> Result<Vec<File>, sqlx::Error> {
    sqlx::query_as(
        "SELECT n.number, n.file_id, n.name, f.bytes, f.sha256 FROM notice_file n JOIN stored_file f ON f.id = n.file_id \
         WHERE n.notice_id = $1 ORDER BY n.number",
    )
    .bind(notice_id)
    .fetch_all(db.read())
    .await
}

/// Pictures as the text names them, then files by their names: what versions are compared by. Asked inside a transaction
/// or outside.
pub async fn in_words(connection: &mut AnyConnection, notice_id: &str) -> Result<Vec<String>, sqlx::Error> {
    let pictures: Vec<(i64, String)> =
        sqlx::query_as("SELECT number, alt FROM notice_picture WHERE notice_id = $1 ORDER BY number")
            .bind(notice_id)
            .fetch_all(&mut *connection)
            .await?;
    let files: Vec<(String,)> = sqlx::query_as("SELECT name FROM notice_file WHERE notice_id = $1 ORDER BY number")
        .bind(notice_id)
        .fetch_all(&mut *connection)
        .await?;
    let pictures = pictures.into_iter().map(|(number, alt)| format!("![{alt}](picture:{number})"));
    Ok(pictures.chain(files.into_iter().map(|(name,)| name)).collect())
}

/// How many of `table` a notice has, and the next number.
async fn room(tx: &mut Tx, table: &str, notice_id: &str) -> Result<(i64, i64), sqlx::Error> {
    let sql = format!(
        "SELECT CAST(COUNT(*) AS BIGINT), CAST(COALESCE(MAX(number), 0) + 1 AS BIGINT) FROM {table} WHERE notice_id = $1"
    );
    sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(notice_id).fetch_one(&mut **tx).await
}

/// Gives a notice a picture, unless it has `most` already. Gives the number.
pub async fn add_picture(
    tx: &mut Tx,
    notice_id: &str,
    (photo_id, alt): (&str, &str),
    most: usize,
) -> Result<Option<i64>, sqlx::Error> {
    let (count, number) = room(tx, "notice_picture", notice_id).await?;
    if usize::try_from(count).is_ok_and(|count| count >= most) {
        return Ok(None);
    }
    sqlx::query("INSERT INTO notice_picture (notice_id, number, photo_id, alt) VALUES ($1, $2, $3, $4)")
        .bind(notice_id)
        .bind(number)
        .bind(photo_id)
        .bind(alt)
        .execute(&mut **tx)
        .await?;
    Ok(Some(number))
}

/// Says anew what a picture shows. Returns whether there is one.
pub async fn describe(tx: &mut Tx, notice_id: &str, number: i64, alt: &str) -> Result<bool, sqlx::Error> {
    let done = sqlx::query("UPDATE notice_picture SET alt = $1 WHERE notice_id = $2 AND number = $3")
        .bind(alt)
        .bind(notice_id)
        .bind(number)
        .execute(&mut **tx)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Gives a notice a file, unless it has `most` already. Gives the number.
pub async fn add_file(
    tx: &mut Tx,
    notice_id: &str,
    (file_id, name): (&str, &str),
    most: usize,
) -> Result<Option<i64>, sqlx::Error> {
    let (count, number) = room(tx, "notice_file", notice_id).await?;
    if usize::try_from(count).is_ok_and(|count| count >= most) {
        return Ok(None);
    }
    sqlx::query("INSERT INTO notice_file (notice_id, number, file_id, name) VALUES ($1, $2, $3, $4)")
        .bind(notice_id)
        .bind(number)
        .bind(file_id)
        .bind(name)
        .execute(&mut **tx)
        .await?;
    Ok(Some(number))
}

/// Takes a picture from a notice. Gives the photo, if there was one.
pub async fn remove_picture(tx: &mut Tx, notice_id: &str, number: i64) -> Result<Option<String>, sqlx::Error> {
    let row: Option<(String,)> =
        sqlx::query_as("DELETE FROM notice_picture WHERE notice_id = $1 AND number = $2 RETURNING photo_id")
            .bind(notice_id)
            .bind(number)
            .fetch_optional(&mut **tx)
            .await?;
    Ok(row.map(|(id,)| id))
}

/// Takes all pictures and files from a notice. Gives the photos.
pub async fn clear(tx: &mut Tx, notice_id: &str) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query("DELETE FROM notice_file WHERE notice_id = $1").bind(notice_id).execute(&mut **tx).await?;
    let rows: Vec<(String,)> = sqlx::query_as("DELETE FROM notice_picture WHERE notice_id = $1 RETURNING photo_id")
        .bind(notice_id)
        .fetch_all(&mut **tx)
        .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Takes a file from a notice. Gives the stored file, if there was one.
pub async fn remove_file(tx: &mut Tx, notice_id: &str, number: i64) -> Result<Option<String>, sqlx::Error> {
    let row: Option<(String,)> =
        sqlx::query_as("DELETE FROM notice_file WHERE notice_id = $1 AND number = $2 RETURNING file_id")
            .bind(notice_id)
            .bind(number)
            .fetch_optional(&mut **tx)
            .await?;
    Ok(row.map(|(id,)| id))
}

/// Leaves a photo to the sweeper once no notice has it. Returns whether it did.
pub async fn let_go(tx: &mut Tx, photo_id: &str) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE photo SET owner_kind = NULL, owner_id = NULL WHERE id = $1 AND owner_kind = 'notice' \
         AND NOT EXISTS (SELECT 1 FROM notice_picture n WHERE n.photo_id = photo.id)",
    )
    .bind(photo_id)
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Gives a correction the pictures and files of what it corrects: the same ones, under the same numbers.
pub async fn copy(tx: &mut Tx, from: &str, to: &str) -> Result<(), sqlx::Error> {
    for sql in [
        "INSERT INTO notice_picture (notice_id, number, photo_id, alt) \
         SELECT $2, number, photo_id, alt FROM notice_picture WHERE notice_id = $1",
        "INSERT INTO notice_file (notice_id, number, file_id, name) \
         SELECT $2, number, file_id, name FROM notice_file WHERE notice_id = $1",
    ] {
        sqlx::query(sql).bind(from).bind(to).execute(&mut **tx).await?;
    }
    Ok(())
}

/// Shows the pictures of a notice to the public: it goes out.
pub async fn release(tx: &mut Tx, notice_id: &str) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE photo SET released = 1 WHERE id IN (SELECT photo_id FROM notice_picture WHERE notice_id = $1)")
        .bind(notice_id)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Paths of the organisations whose notices have this photo.
pub async fn paths_of_photo(db: &Db, photo_id: &str) -> Result<Vec<String>, sqlx::Error> {
    let rows: Vec<(String,)> = sqlx::query_as(
        "SELECT DISTINCT o.path FROM notice_picture n JOIN notice c ON c.id = n.notice_id \
         JOIN organisation o ON o.id = c.organisation_id WHERE n.photo_id = $1",
    )
    .bind(photo_id)
    .fetch_all(db.read())
    .await?;
    Ok(rows.into_iter().map(|(path,)| path).collect())
}
