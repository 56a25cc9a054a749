//! The inbox: what concerns a person, first of all in the page.

use crate::{
    clock,
    db::{Db, Tx},
};
use jiff::Timestamp;

/// A message to put into somebody's inbox.
pub struct Message<'a> {
    /// Whose inbox.
    pub person_id: &'a str,
    /// Catalogue key of the text, beginning with `inbox-`.
    pub text_key: &'static str,
    /// Arguments of the text: a JSON object of strings.
    pub text_args: serde_json::Value,
    /// Where it leads.
    pub href: &'a str,
    /// The event it tells of: one message per person and event, however often it is tried.
    pub dedupe_key: &'a str,
}

/// Puts a message into an inbox, in the transaction of what it tells of.
pub async fn send(tx: &mut Tx, message: Message<'_>, now: Timestamp) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO inbox_message (id, person_id, text_key, text_args, href, dedupe_key, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (person_id, dedupe_key) DO NOTHING",
    )
    .bind(clock::new_id(now))
    .bind(message.person_id)
    .bind(message.text_key)
    .bind(message.text_args.to_string())
    .bind(message.href)
    .bind(message.dedupe_key)
    .bind(now.as_microsecond())
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Unread messages of a person.
pub async fn unread(db: &Db, person_id: &str) -> Result<i64, sqlx::Error> {
    let (count,): (i64,) =
        sqlx::query_as("SELECT CAST(COUNT(*) AS BIGINT) FROM inbox_message WHERE person_id = $1 AND read_at IS NULL")
            .bind(person_id)
            .fetch_one(db.read())
            .await?;
    Ok(count)
}
