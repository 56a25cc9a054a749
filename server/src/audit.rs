//! The audit log: every write has an actor, and so has every look at a person's data.

use crate::{
    clock,
    db::{Tx, rows_of_marks},
    http::notes,
    webhooks,
};
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
    write_each(tx, vec![(entry, notes::audited())], now).await
}

/// The same for several at once, each with the token with which it was done; for whoever writes in the name of requests that are
/// not its own.
pub async fn write_each(
    tx: &mut Tx,
    mut entries: Vec<(Entry<'_>, Option<String>)>,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    for (entry, token) in &mut entries {
        if let (Some(token), Some(detail)) = (token.take(), entry.detail.as_object_mut()) {
            detail.insert("token".to_owned(), token.into());
        }
    }
    insert(tx, entries.iter().map(|(entry, _)| entry), now).await?;
    let written: Vec<_> = entries.iter().map(|(entry, _)| (entry.action, entry.object_id, &entry.detail)).collect();
    webhooks::events::of_entries(tx, &written, now).await
}

async fn insert<'a>(
    tx: &mut Tx,
    entries: impl ExactSizeIterator<Item = &'a Entry<'a>>,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    if entries.len() == 0 {
        return Ok(());
    }
    let sql = format!(
        "INSERT INTO audit_log (id, at, actor_id, actor_kind, action, object_kind, object_id, detail, request_id) VALUES {}",
        rows_of_marks(1, 9, entries.len())
    );
    let mut query = sqlx::query(sqlx::AssertSqlSafe(sql));
    for entry in entries {
        let (actor_id, actor_kind) = entry.by.stored();
        query = query
            .bind(clock::new_id(now))
            .bind(now.as_microsecond())
            .bind(actor_id)
            .bind(actor_kind)
            .bind(entry.action)
            .bind(entry.object_kind)
            .bind(entry.object_id)
            .bind(entry.detail.to_string())
            .bind(entry.request_id);
    }
    query.execute(&mut **tx).await?;
    Ok(())
}

/// Writes entries of one actor about many objects (action, kind, id, more), some hundred at the most, with one statement.
/// Webhooks hear nothing of them.
pub async fn write_many<'a>(
    tx: &mut Tx,
    by: By<'a>,
    request_id: &'a str,
    entries: impl Iterator<Item = (&'a str, &'a str, &'a str, &'a serde_json::Value)>,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    let entries: Vec<Entry<'a>> = entries
        .map(|(action, object_kind, object_id, detail)| Entry {
            by,
            action,
            object_kind,
            object_id,
            detail: detail.clone(),
            request_id,
        })
        .collect();
    insert(tx, entries.iter(), now).await
}
