//! The inbox: what concerns a person, first of all in the page.

use crate::{
    clock,
    db::{Db, Tx, marks, rows_of_marks},
};
use app::i18n::Words;
use jiff::Timestamp;
use std::collections::BTreeMap;

/// A message to put into somebody's inbox.
pub struct Message<'a> {
    /// Whose inbox.
    pub person_id: &'a str,
    /// Catalogue key of the text, beginning with `inbox-`.
    pub text_key: &'static str,
    /// Arguments of the text: a JSON object of strings; `name_en` beside `name` is its English form, see [`text`].
    pub text_args: serde_json::Value,
    /// Where it leads.
    pub href: &'a str,
    /// The event it tells of: one message per person and event, however often it is tried.
    pub dedupe_key: &'a str,
}

/// Puts a message into an inbox, in the transaction of what it tells of.
pub async fn send(tx: &mut Tx, message: Message<'_>, now: Timestamp) -> Result<(), sqlx::Error> {
    send_each(tx, &[message], now).await
}

/// Puts messages into inboxes, with one statement.
pub async fn send_each(tx: &mut Tx, messages: &[Message<'_>], now: Timestamp) -> Result<(), sqlx::Error> {
    if messages.is_empty() {
        return Ok(());
    }
    let sql = format!(
        "INSERT INTO inbox_message (id, person_id, text_key, text_args, href, dedupe_key, created_at) VALUES {} \
         ON CONFLICT (person_id, dedupe_key) DO NOTHING",
        rows_of_marks(1, 7, messages.len())
    );
    let mut query = sqlx::query(sqlx::AssertSqlSafe(sql));
    for message in messages {
        query = query
            .bind(clock::new_id(now))
            .bind(message.person_id)
            .bind(message.text_key)
            .bind(message.text_args.to_string())
            .bind(message.href)
            .bind(message.dedupe_key)
            .bind(now.as_microsecond());
    }
    query.execute(&mut **tx).await?;
    Ok(())
}

/// Puts the same message into the inboxes of all these people, with one statement.
pub async fn send_all(tx: &mut Tx, people: &[&str], message: Message<'_>, now: Timestamp) -> Result<(), sqlx::Error> {
    let (args, at) = (message.text_args.to_string(), now.as_microsecond());
    let rows: Vec<String> =
        (0..people.len()).map(|n| format!("({}, $1, $2, $3, $4, $5)", marks(2 * n + 6, 2))).collect();
    if rows.is_empty() {
        return Ok(());
    }
    let sql = format!(
        "INSERT INTO inbox_message (id, person_id, text_key, text_args, href, dedupe_key, created_at) VALUES {} \
         ON CONFLICT (person_id, dedupe_key) DO NOTHING",
        rows.join(", ")
    );
    let mut query = sqlx::query(sqlx::AssertSqlSafe(sql))
        .bind(message.text_key)
        .bind(args)
        .bind(message.href)
        .bind(message.dedupe_key)
        .bind(at);
    for person_id in people {
        query = query.bind(clock::new_id(now)).bind(*person_id);
    }
    query.execute(&mut **tx).await?;
    Ok(())
}

/// A stored message in the reader's words. An argument that has an English form (`item_en` beside `item`) appears in
/// that form in English, under its plain name: the catalogue takes the same arguments in both languages.
pub fn text(w: Words, key: &str, args: &str) -> String {
    let args: BTreeMap<String, String> = serde_json::from_str(args).unwrap_or_default();
    let plain = args.iter().filter(|(name, _)| !name.ends_with("_en"));
    let named: Vec<(&str, _)> = plain
        .map(|(name, zh)| {
            let en = args.get(&format!("{name}_en")).map_or("", String::as_str);
            (name.as_str(), w.pick(zh, en).into())
        })
        .collect();
    w.tf(key, &named)
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

/// The inbox shows so many messages.
pub const SHOWN: i64 = 100;

/// A message as kept.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct InboxMessage {
    /// Id.
    pub id: String,
    /// Catalogue key of the text.
    pub text_key: String,
    /// Its arguments, a JSON object.
    pub text_args: String,
    /// Where it leads.
    pub href: String,
    /// When, in microseconds.
    pub created_at: i64,
    /// When it was read, in microseconds.
    pub read_at: Option<i64>,
}

impl InboxMessage {
    /// The text in the reader's language.
    pub fn text(&self, w: Words) -> String {
        text(w, &self.text_key, &self.text_args)
    }
}

/// A person's messages, newest first.
pub async fn newest(db: &Db, person_id: &str) -> Result<Vec<InboxMessage>, sqlx::Error> {
    sqlx::query_as(
        "SELECT id, text_key, text_args, href, created_at, read_at FROM inbox_message \
         WHERE person_id = $1 ORDER BY created_at DESC, id DESC LIMIT $2",
    )
    .bind(person_id)
    .bind(SHOWN)
    .fetch_all(db.read())
    .await
}

/// A person's messages after this one (microseconds and id; `None`: from the newest), newest first, so many at most.
pub async fn after(
    db: &Db,
    person_id: &str,
    after: Option<&(i64, String)>,
    rows: usize,
) -> Result<Vec<InboxMessage>, sqlx::Error> {
    let (at, id) = after.map_or((i64::MAX, ""), |(at, id)| (*at, id.as_str()));
    sqlx::query_as(
        "SELECT id, text_key, text_args, href, created_at, read_at FROM inbox_message \
         WHERE person_id = $1 AND created_at <= $2 AND (created_at < $2 OR id < $3) \
         ORDER BY created_at DESC, id DESC LIMIT $4",
    )
    .bind(person_id)
    .bind(at)
    .bind(id)
    .bind(i64::try_from(rows).unwrap_or(i64::MAX))
    .fetch_all(db.read())
    .await
}

/// Marks a person's message as read and gives where it leads.
pub async fn mark_read(tx: &mut Tx, person_id: &str, id: &str, now: Timestamp) -> Result<Option<String>, sqlx::Error> {
    let row: Option<(String,)> = sqlx::query_as(
        "UPDATE inbox_message SET read_at = COALESCE(read_at, $1) WHERE id = $2 AND person_id = $3 RETURNING href",
    )
    .bind(now.as_microsecond())
    .bind(id)
    .bind(person_id)
    .fetch_optional(&mut **tx)
    .await?;
    Ok(row.map(|(href,)| href))
}

/// Marks all of a person's messages as read.
pub async fn mark_all_read(tx: &mut Tx, person_id: &str, now: Timestamp) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE inbox_message SET read_at = $1 WHERE person_id = $2 AND read_at IS NULL")
        .bind(now.as_microsecond())
        .bind(person_id)
        .execute(&mut **tx)
        .await?;
    Ok(())
}
