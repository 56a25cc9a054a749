//! The audit log: every write has an actor, and so has every look at a person's data.

use crate::{clock, db::Tx, http::notes, webhooks};
use jiff::Timestamp;

/// Who acted.
#[derive(Clone, Copy, Debug)]
pub enum By<'a> {
    /// A signed-in person, by id.
    Person(&'a str),
    /// Somebody without an account.
    Visitor,
    /// A job or the server itself.
    System,
    /// The operator, at the command line.
    Operator,
}

/// One entry.
pub struct Entry<'a> {
    /// Who.
    pub by: By<'a>,
    /// What, e.g. `report.accept`.
    pub action: &'a str,
    /// Kind of the object, e.g. `report`.
    pub object_kind: &'a str,
    /// Its id.
    pub object_id: &'a str,
    /// More, as a JSON object; never contact data.
    pub detail: serde_json::Value,
    /// The request's id, empty for jobs.
    pub request_id: &'a str,
}

/// Writes an entry in the transaction of the change it tells of. What was done with a token names it as well;
/// other systems hear of it by their webhooks.
pub async fn write(tx: &mut Tx, entry: Entry<'_>, now: Timestamp) -> Result<(), sqlx::Error> {
    let (actor_id, actor_kind) = match entry.by {
        By::Person(id) => (Some(id.to_owned()), "person"),
        By::Visitor => (None, "visitor"),
        By::System => (None, "system"),
        By::Operator => (None, "operator"),
    };
    let mut detail = entry.detail;
    if let (Some(token), Some(detail)) = (notes::audited(), detail.as_object_mut()) {
        detail.insert("token".to_owned(), token.into());
    }
    sqlx::query(
        "INSERT INTO audit_log (id, at, actor_id, actor_kind, action, object_kind, object_id, detail, request_id) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(clock::new_id(now))
    .bind(now.as_microsecond())
    .bind(actor_id)
    .bind(actor_kind)
    .bind(entry.action)
    .bind(entry.object_kind)
    .bind(entry.object_id)
    .bind(detail.to_string())
    .bind(entry.request_id)
    .execute(&mut **tx)
    .await?;
    webhooks::events::of_entry(tx, entry.action, (entry.object_id, &detail), now).await
}
