//! Files of items in the database.

use crate::{
    db::{Db, Tx},
    files::store::File,
};

/// A file with its item.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Paper {
    /// The item.
    pub item_id: String,
    /// The file.
    #[sqlx(flatten)]
    pub file: File,
}

/// The files of all items of a session, by number.
pub async fn of_session(db: &Db, session: &str) -> Result<Vec<Paper>, sqlx::Error> {
    sqlx::query_as(
        "SELECT p.item_id, p.number, p.file_id, p.name, f.bytes, f.sha256 FROM meeting_paper p \
         JOIN meeting_agenda g ON g.id = p.item_id JOIN stored_file f ON f.id = p.file_id \
         WHERE g.session_id = $1 ORDER BY p.item_id, p.number",
    )
    .bind(session)
    .fetch_all(db.read())
    .await
}

/// Numbers and ids of the files of an item, in a transaction that holds the session's lock.
pub async fn of_item(tx: &mut Tx, item: &str) -> Result<Vec<(i64, String)>, sqlx::Error> {
    sqlx::query_as("SELECT number, file_id FROM meeting_paper WHERE item_id = $1 ORDER BY number")
        .bind(item)
        .fetch_all(&mut **tx)
        .await
}

/// Gives an item a file.
pub async fn add(tx: &mut Tx, (item, number): (&str, i64), (file, name): (&str, &str)) -> Result<(), sqlx::Error> {
    sqlx::query("INSERT INTO meeting_paper (item_id, number, file_id, name) VALUES ($1, $2, $3, $4)")
        .bind(item)
        .bind(number)
        .bind(file)
        .bind(name)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Takes a file from an item. Gives the stored file, if there was one.
pub async fn remove(tx: &mut Tx, item: &str, number: i64) -> Result<Option<String>, sqlx::Error> {
    let row: Option<(String,)> =
        sqlx::query_as("DELETE FROM meeting_paper WHERE item_id = $1 AND number = $2 RETURNING file_id")
            .bind(item)
            .bind(number)
            .fetch_optional(&mut **tx)
            .await?;
    Ok(row.map(|(id,)| id))
}
