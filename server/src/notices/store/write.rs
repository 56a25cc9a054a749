//! Writing notices. Every change of state is decided by one statement that names the state it starts from.

use crate::{clock, db::Tx};
use app::notices::{Certainty, Content, NoticeFact, NoticeState, Severity};
use jiff::Timestamp;

/// What a new notice is besides its content.
#[derive(Clone, Copy, Debug)]
pub struct Origin<'a> {
    /// Who writes it.
    pub author_id: &'a str,
    /// Who says it.
    pub organisation_id: &'a str,
    /// The form it was written in.
    pub form_key: &'a str,
    /// The notice it changes, and whether it takes it back.
    pub changes: Option<(&'a str, bool)>,
}

fn json(facts: &[NoticeFact]) -> String {
    serde_json::to_string(facts).unwrap_or_else(|_| "[]".to_owned())
}

/// Writes a new draft and gives its id; `None` when the form was sent before.
pub async fn insert(
    tx: &mut Tx,
    origin: Origin<'_>,
    content: &Content,
    now: Timestamp,
) -> Result<Option<String>, sqlx::Error> {
    let id = clock::new_id(now);
    let done = sqlx::query(
        "INSERT INTO notice (id, kind, state, title, title_en, body, body_en, facts, facts_en, severity, certainty, \
         starts_at, ends_at, instruction, instruction_en, pinned, author_id, organisation_id, created_at, updated_at, \
         publish_at, expires_at, corrects_id, correction_kind, form_key, place, place_en) \
         VALUES ($1, $2, 'draft', $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $18, $19, \
         $20, $21, $22, $23, $24, $25) ON CONFLICT (form_key) DO NOTHING",
    )
    .bind(&id)
    .bind(content.kind.code())
    .bind(&content.title)
    .bind(&content.title_en)
    .bind(&content.body)
    .bind(&content.body_en)
    .bind(json(&content.facts))
    .bind(json(&content.facts_en))
    .bind(content.severity.map(Severity::code))
    .bind(content.certainty.map(Certainty::code))
    .bind(content.starts_at.map(Timestamp::as_microsecond))
    .bind(content.ends_at.map(Timestamp::as_microsecond))
    .bind(&content.instruction)
    .bind(&content.instruction_en)
    .bind(i64::from(content.pinned))
    .bind(origin.author_id)
    .bind(origin.organisation_id)
    .bind(now.as_microsecond())
    .bind(content.publish_at.map(Timestamp::as_microsecond))
    .bind(content.expires_at.map(Timestamp::as_microsecond))
    .bind(origin.changes.map(|(id, _)| id))
    .bind(origin.changes.map(|(_, withdraws)| if withdraws { "withdrawal" } else { "correction" }))
    .bind(origin.form_key)
    .bind(&content.place)
    .bind(&content.place_en)
    .execute(&mut **tx)
    .await?;
    Ok((done.rows_affected() == 1).then_some(id))
}

/// Overwrites a draft that is still at `version`. Returns whether it was.
pub async fn update(
    tx: &mut Tx,
    id: &str,
    version: i64,
    organisation_id: &str,
    content: &Content,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE notice SET kind = $1, title = $2, title_en = $3, body = $4, body_en = $5, facts = $6, facts_en = $7, \
         severity = $8, certainty = $9, starts_at = $10, ends_at = $11, instruction = $12, instruction_en = $13, \
         pinned = $14, organisation_id = $15, updated_at = $16, publish_at = $17, expires_at = $18, \
         place = $21, place_en = $22, version = version + 1 WHERE id = $19 AND version = $20 \
         AND state = 'draft' AND review_asked_at IS NULL",
    )
    .bind(content.kind.code())
    .bind(&content.title)
    .bind(&content.title_en)
    .bind(&content.body)
    .bind(&content.body_en)
    .bind(json(&content.facts))
    .bind(json(&content.facts_en))
    .bind(content.severity.map(Severity::code))
    .bind(content.certainty.map(Certainty::code))
    .bind(content.starts_at.map(Timestamp::as_microsecond))
    .bind(content.ends_at.map(Timestamp::as_microsecond))
    .bind(&content.instruction)
    .bind(&content.instruction_en)
    .bind(i64::from(content.pinned))
    .bind(organisation_id)
    .bind(now.as_microsecond())
    .bind(content.publish_at.map(Timestamp::as_microsecond))
    .bind(content.expires_at.map(Timestamp::as_microsecond))
    .bind(id)
    .bind(version)
    .bind(&content.place)
    .bind(&content.place_en)
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Replaces the aims of a notice: organisation id and path.
pub async fn set_aims(tx: &mut Tx, id: &str, aims: &[(String, String)]) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM notice_aim WHERE notice_id = $1").bind(id).execute(&mut **tx).await?;
    for (organisation_id, path) in aims {
        sqlx::query("INSERT INTO notice_aim (notice_id, organisation_id, path) VALUES ($1, $2, $3)")
            .bind(id)
            .bind(organisation_id)
            .bind(path)
            .execute(&mut **tx)
            .await?;
    }
    Ok(())
}

/// Moves a notice on from one of its states (into and out of review together with [`super::review`]); with `version`, only
/// when nobody changed it since. Returns whether it did.
pub async fn advance(
    tx: &mut Tx,
    id: &str,
    (from, to): (&[NoticeState], NoticeState),
    version: Option<i64>,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let from: String = from.iter().map(|state| format!("|{}|", state.code())).collect();
    let done = sqlx::query(
        "UPDATE notice SET state = $1, updated_at = $2, version = version + 1, \
         published_at = CASE WHEN $1 = 'published' THEN $2 ELSE published_at END \
         WHERE id = $3 AND ($4 = 0 OR version = $4) AND $5 LIKE '%|' || \
         CASE WHEN state = 'draft' AND review_asked_at IS NOT NULL THEN 'review' ELSE state END || '|%'",
    )
    .bind(if to == NoticeState::Review { NoticeState::Draft.code() } else { to.code() })
    .bind(now.as_microsecond())
    .bind(id)
    .bind(version.unwrap_or(0))
    .bind(from)
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Keeps a notice as it is until the transaction ends. Returns whether it is out and was not taken back.
pub async fn lock_published(tx: &mut Tx, id: &str) -> Result<bool, sqlx::Error> {
    let done = sqlx::query("UPDATE notice SET version = version WHERE id = $1 AND state = 'published'")
        .bind(id)
        .execute(&mut **tx)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Whether a notice that is out corrects or withdraws this one; `except` does not count.
pub async fn has_later(tx: &mut Tx, id: &str, except: &str) -> Result<bool, sqlx::Error> {
    let (count,): (i64,) = sqlx::query_as(
        "SELECT CAST(COUNT(*) AS BIGINT) FROM notice WHERE corrects_id = $1 AND id <> $2 \
         AND state IN ('published', 'withdrawn')",
    )
    .bind(id)
    .bind(except)
    .fetch_one(&mut **tx)
    .await?;
    Ok(count > 0)
}

/// Marks a draft as changed when something beside its text was. Gives its version now; `None` when it is no draft.
pub async fn touch(tx: &mut Tx, id: &str, now: Timestamp) -> Result<Option<i64>, sqlx::Error> {
    let row: Option<(i64,)> = sqlx::query_as(
        "UPDATE notice SET version = version + 1, updated_at = $1 WHERE id = $2 AND state = 'draft' \
         AND review_asked_at IS NULL RETURNING version",
    )
    .bind(now.as_microsecond())
    .bind(id)
    .fetch_optional(&mut **tx)
    .await?;
    Ok(row.map(|(version,)| version))
}

/// Removes a draft. Returns whether it was one.
pub async fn discard(tx: &mut Tx, id: &str) -> Result<bool, sqlx::Error> {
    for table in ["notice_aim", "notice_version", "notice_review", "notice_activity"] {
        let sql = format!(
            "DELETE FROM {table} WHERE notice_id = $1 \
             AND EXISTS (SELECT 1 FROM notice n WHERE n.id = $1 AND n.state = 'draft')"
        );
        sqlx::query(sqlx::AssertSqlSafe(sql)).bind(id).execute(&mut **tx).await?;
    }
    let done = sqlx::query("DELETE FROM notice WHERE id = $1 AND state = 'draft'").bind(id).execute(&mut **tx).await?;
    Ok(done.rows_affected() == 1)
}

/// Marks the person's message with this key as read. Returns how many were unread.
pub async fn mark_read(tx: &mut Tx, person_id: &str, dedupe_key: &str, now: Timestamp) -> Result<i64, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE inbox_message SET read_at = $1 WHERE person_id = $2 AND dedupe_key = $3 AND read_at IS NULL",
    )
    .bind(now.as_microsecond())
    .bind(person_id)
    .bind(dedupe_key)
    .execute(&mut **tx)
    .await?;
    Ok(i64::try_from(done.rows_affected()).unwrap_or(0))
}
