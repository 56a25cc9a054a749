//! Addresses for reminders, and the language of what is sent.

use crate::db::{Db, Tx};
use jiff::Timestamp;

/// A kept address.
pub struct Email {
    /// Sealed.
    pub sealed: String,
    /// As shown on screen.
    pub masked: String,
    /// Its owner tapped the link in the first letter.
    pub confirmed: bool,
}

/// A person's address, if they gave one.
pub async fn email(db: &Db, person_id: &str) -> Result<Option<Email>, sqlx::Error> {
    let row: Option<(String, String, Option<i64>)> = sqlx::query_as(
        "SELECT email_sealed, email_masked, email_confirmed_at FROM person WHERE id = $1 AND email_sealed <> ''",
    )
    .bind(person_id)
    .fetch_optional(db.read())
    .await?;
    Ok(row.map(|(sealed, masked, at)| Email { sealed, masked, confirmed: at.is_some() }))
}

/// Keeps an address, unconfirmed; empty forgets it.
pub async fn set_email(tx: &mut Tx, person_id: &str, sealed: &str, masked: &str) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE person SET email_sealed = $1, email_masked = $2, email_confirmed_at = NULL WHERE id = $3")
        .bind(sealed)
        .bind(masked)
        .bind(person_id)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Notes that the address is its owner's.
pub async fn confirm_email(tx: &mut Tx, person_id: &str, now: Timestamp) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE person SET email_confirmed_at = COALESCE(email_confirmed_at, $1) WHERE id = $2 AND email_sealed <> ''",
    )
    .bind(now.as_microsecond())
    .bind(person_id)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// A letter that does not stand in the inbox.
pub struct NewLetter<'a> {
    /// Id of the delivery.
    pub id: &'a str,
    /// To whom.
    pub person_id: &'a str,
    /// Key of its text.
    pub text_key: &'a str,
    /// Path it leads to.
    pub link: &'a str,
}

/// Writes a letter down as a delivery of its own.
pub async fn insert_letter(tx: &mut Tx, letter: NewLetter<'_>, now: Timestamp) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO delivery (id, person_id, channel, dedupe_key, text_key, link, state, created_at) \
         VALUES ($1, $2, 'email', $3, $4, $5, 'created', $6)",
    )
    .bind(letter.id)
    .bind(letter.person_id)
    .bind(format!("letter:{}", letter.id))
    .bind(letter.text_key)
    .bind(letter.link)
    .bind(now.as_microsecond())
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Writes down a person's language. `false`: it was that already.
pub async fn set_lang(tx: &mut Tx, person_id: &str, lang: &str) -> Result<bool, sqlx::Error> {
    let done = sqlx::query("UPDATE person SET lang = $1 WHERE id = $2 AND lang <> $1")
        .bind(lang)
        .bind(person_id)
        .execute(&mut **tx)
        .await?;
    Ok(done.rows_affected() == 1)
}
