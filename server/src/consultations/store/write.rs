//! Writing consultations.

use crate::{clock, db::Tx};
use app::consultations::{State, Wording};
use jiff::Timestamp;

/// The place that is asked: id and path.
pub type Place<'a> = (&'a str, &'a str);

/// Writes a draft; `None`: this form has made one before.
pub async fn insert(
    tx: &mut Tx,
    (author_id, form_key): (&str, &str),
    place: Place<'_>,
    wording: &Wording,
    now: Timestamp,
) -> Result<Option<String>, sqlx::Error> {
    let id = clock::new_id(now);
    let done = sqlx::query(
        "INSERT INTO consultation (id, organisation_id, path, author_id, form_key, question, question_en, explanation, \
         explanation_en, kind, options, voice, opens_at, closes_at, state, created_at, updated_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 'draft', $15, $15) \
         ON CONFLICT (form_key) DO NOTHING",
    )
    .bind(&id)
    .bind(place.0)
    .bind(place.1)
    .bind(author_id)
    .bind(form_key)
    .bind(&wording.question)
    .bind(&wording.question_en)
    .bind(&wording.explanation)
    .bind(&wording.explanation_en)
    .bind(wording.kind.code())
    .bind(serde_json::json!(wording.options).to_string())
    .bind(wording.per.code())
    .bind(wording.opens_at.as_microsecond())
    .bind(wording.closes_at.as_microsecond())
    .bind(now.as_microsecond())
    .execute(&mut **tx)
    .await?;
    Ok((done.rows_affected() == 1).then_some(id))
}

/// Overwrites a draft that still is at this version. Returns whether it was.
pub async fn update(
    tx: &mut Tx,
    (id, version): (&str, i64),
    place: Place<'_>,
    wording: &Wording,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE consultation SET organisation_id = $3, path = $4, question = $5, question_en = $6, explanation = $7, \
         explanation_en = $8, kind = $9, options = $10, voice = $11, opens_at = $12, closes_at = $13, updated_at = $14, \
         version = version + 1 WHERE id = $1 AND version = $2 AND state = 'draft'",
    )
    .bind(id)
    .bind(version)
    .bind(place.0)
    .bind(place.1)
    .bind(&wording.question)
    .bind(&wording.question_en)
    .bind(&wording.explanation)
    .bind(&wording.explanation_en)
    .bind(wording.kind.code())
    .bind(serde_json::json!(wording.options).to_string())
    .bind(wording.per.code())
    .bind(wording.opens_at.as_microsecond())
    .bind(wording.closes_at.as_microsecond())
    .bind(now.as_microsecond())
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Puts a draft to residents: so many households are asked. Returns whether it was the draft at this version.
pub async fn ask(
    tx: &mut Tx,
    (id, version): (&str, i64),
    households: i64,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE consultation SET state = 'open', asked_at = $3, households = $4, updated_at = $3, version = version + 1 \
         WHERE id = $1 AND version = $2 AND state = 'draft' AND closes_at > $3",
    )
    .bind(id)
    .bind(version)
    .bind(now.as_microsecond())
    .bind(households)
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Writes down that the time of an open one is over. Returns whether it was.
pub async fn close(tx: &mut Tx, id: &str, now: Timestamp) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE consultation SET state = 'closed', updated_at = $2, version = version + 1 \
         WHERE id = $1 AND state = 'open' AND closes_at <= $2",
    )
    .bind(id)
    .bind(now.as_microsecond())
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Moves one from a state at this version to another. Returns whether it was there.
pub async fn advance(
    tx: &mut Tx,
    (id, version): (&str, i64),
    (from, to): (State, State),
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE consultation SET state = $4, updated_at = $5, version = version + 1 \
         WHERE id = $1 AND version = $2 AND state = $3",
    )
    .bind(id)
    .bind(version)
    .bind(from.code())
    .bind(to.code())
    .bind(now.as_microsecond())
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Writes down what was decided, or why it was withdrawn.
pub async fn end(
    tx: &mut Tx,
    id: &str,
    [decision, reason, summary]: [&str; 3],
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE consultation SET decision = $2, reason = $3, summary = $4, ended_at = $5 WHERE id = $1")
        .bind(id)
        .bind(decision)
        .bind(reason)
        .bind(summary)
        .bind(now.as_microsecond())
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Remembers the notice that tells of the result, where there is none yet.
pub async fn set_notice(tx: &mut Tx, id: &str, notice_id: &str) -> Result<bool, sqlx::Error> {
    let done = sqlx::query("UPDATE consultation SET notice_id = $2 WHERE id = $1 AND notice_id IS NULL")
        .bind(id)
        .bind(notice_id)
        .execute(&mut **tx)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Forgets who lives behind the voices of what ended before this instant, in microseconds: what was said is kept for the
/// figures, doors and names are not.
pub async fn forget(tx: &mut Tx, before: i64) -> Result<(), sqlx::Error> {
    sqlx::query(
        "DELETE FROM consultation_speaker WHERE consultation_id IN (SELECT id FROM consultation WHERE ended_at < $1)",
    )
    .bind(before)
    .execute(&mut **tx)
    .await?;
    sqlx::query(
        "UPDATE consultation_voice SET voice_key = 'gone:' || id, person_id = NULL, flat = '' \
         WHERE voice_key NOT LIKE 'gone:%' \
         AND consultation_id IN (SELECT id FROM consultation WHERE ended_at < $1)",
    )
    .bind(before)
    .execute(&mut **tx)
    .await?;
    Ok(())
}
