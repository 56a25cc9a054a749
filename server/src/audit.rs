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

impl By<'_> {
    /// As stored: id of the person, kind of actor.
    fn stored(self) -> (Option<String>, &'static str) {
        match self {
            By::Person(id) => (Some(id.to_owned()), "person"),
            By::Visitor => (None, "visitor"),
            By::System => (None, "system"),
            By::Operator => (None, "operator"),
        }
    }
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
    let (actor_id, actor_kind) = entry.by.stored();
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

/// Writes entries of one actor about many objects (action, kind, id, more), some hundred at the most, with one statement.
pub async fn write_many<'a>(
    tx: &mut Tx,
    by: By<'_>,
    request_id: &str,
    entries: impl Iterator<Item = (&'a str, &'a str, &'a str, &'a serde_json::Value)>,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    let entries: Vec<_> = entries.collect();
    if entries.is_empty() {
        return Ok(());
    }
    let (actor_id, actor_kind) = by.stored();
    let tuple = |row: usize| {
        let of = |column: usize| format!("${}", row * 9 + column);
        format!("({})", (1..=9).map(of).collect::<Vec<_>>().join(", "))
    };
    let sql = format!(
        "INSERT INTO audit_log (id, at, actor_id, actor_kind, action, object_kind, object_id, detail, request_id) VALUES {}",
        (0..entries.len()).map(tuple).collect::<Vec<_>>().join(", ")
    );
    let mut query = sqlx::query(sqlx::AssertSqlSafe(sql));
    for (action, object_kind, object_id, detail) in entries {
        query = query
            .bind(clock::new_id(now))
            .bind(now.as_microsecond())
            .bind(actor_id.clone())
            .bind(actor_kind)
            .bind(action)
            .bind(object_kind)
            .bind(object_id)
            .bind(detail.to_string())
            .bind(request_id);
    }
    query.execute(&mut **tx).await?;
    Ok(())
}
