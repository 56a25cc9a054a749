//! What changes letters.

use super::{Letter, OF_FINDING};
use crate::{clock, db::Tx};
use app::supervision::{
    State, Step,
    letter::{Kind, Wish},
};
use jiff::Timestamp;

/// A draft as it is to be.
pub struct Draft<'a> {
    /// Kind.
    pub kind: Kind,
    /// Id and path of who issues it.
    pub issuer: (&'a str, &'a str),
    /// Id and path of whom it is addressed to.
    pub addressee: (&'a str, &'a str),
    /// A unit or company, may be empty.
    pub company: &'a str,
    /// Subject.
    pub subject: &'a str,
    /// What is asked.
    pub asked: &'a str,
    /// The time to answer in.
    pub wish: Wish,
}

fn columns(wish: Wish) -> (Option<i64>, Option<String>) {
    match wish {
        Wish::Days(days) => (Some(days), None),
        Wish::Day(day) => (None, Some(day.to_string())),
    }
}

/// Makes a draft; gives its id. `None`: this form has made one before.
pub async fn insert(tx: &mut Tx, draft: &Draft<'_>, key: &str, now: Timestamp) -> Result<Option<String>, sqlx::Error> {
    let id = clock::new_id(now);
    let (days, day) = columns(draft.wish);
    let done = sqlx::query(
        "INSERT INTO supervision_letter (id, kind, issuer_id, issuer_path, addressee_id, addressee_path, company, subject, asked, \
         wish_days, wish_day, state, listed_at, form_key, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'draft', $12, $13, $12) ON CONFLICT (form_key) DO NOTHING",
    )
    .bind(&id)
    .bind(draft.kind.code())
    .bind(draft.issuer.0)
    .bind(draft.issuer.1)
    .bind(draft.addressee.0)
    .bind(draft.addressee.1)
    .bind(draft.company)
    .bind(draft.subject)
    .bind(draft.asked)
    .bind(days)
    .bind(day)
    .bind(now.as_microsecond())
    .bind(key)
    .execute(&mut **tx)
    .await?;
    Ok((done.rows_affected() == 1).then_some(id))
}

/// Changes a draft that still is as the reader saw it. Returns whether it did.
pub async fn update(tx: &mut Tx, (id, version): (&str, i64), draft: &Draft<'_>) -> Result<bool, sqlx::Error> {
    let (days, day) = columns(draft.wish);
    let done = sqlx::query(
        "UPDATE supervision_letter SET kind = $3, issuer_id = $4, issuer_path = $5, addressee_id = $6, addressee_path = $7, \
         company = $8, subject = $9, asked = $10, wish_days = $11, wish_day = $12, version = version + 1 \
         WHERE id = $1 AND version = $2 AND state = 'draft'",
    )
    .bind(id)
    .bind(version)
    .bind(draft.kind.code())
    .bind(draft.issuer.0)
    .bind(draft.issuer.1)
    .bind(draft.addressee.0)
    .bind(draft.addressee.1)
    .bind(draft.company)
    .bind(draft.subject)
    .bind(draft.asked)
    .bind(days)
    .bind(day)
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Marks a draft as changed that still is as the reader saw it. Returns whether it did.
pub async fn touch(tx: &mut Tx, id: &str, version: i64) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE supervision_letter SET version = version + 1 WHERE id = $1 AND version = $2 AND state = 'draft'",
    )
    .bind(id)
    .bind(version)
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Gives a draft these findings: those with an id that it has keep it and their photos, the others are new; what is not named
/// goes, and its photos belong to nothing any more.
pub async fn set_findings(
    tx: &mut Tx,
    letter: &str,
    findings: &[(String, String)],
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    let there: Vec<(String,)> = sqlx::query_as("SELECT id FROM supervision_finding WHERE letter_id = $1")
        .bind(letter)
        .fetch_all(&mut **tx)
        .await?;
    let mut there: Vec<String> = there.into_iter().map(|(id,)| id).collect();
    for (number, (id, text)) in (1_i64..).zip(findings) {
        if let Some(at) = there.iter().position(|known| known == id) {
            let id = there.swap_remove(at);
            sqlx::query("UPDATE supervision_finding SET number = $2, text = $3 WHERE id = $1")
                .bind(id)
                .bind(number)
                .bind(text)
                .execute(&mut **tx)
                .await?;
        } else {
            sqlx::query("INSERT INTO supervision_finding (id, letter_id, number, text) VALUES ($1, $2, $3, $4)")
                .bind(clock::new_id(now))
                .bind(letter)
                .bind(number)
                .bind(text)
                .execute(&mut **tx)
                .await?;
        }
    }
    for id in there {
        sqlx::query("UPDATE photo SET owner_kind = NULL, owner_id = NULL WHERE owner_kind = $1 AND owner_id = $2")
            .bind(OF_FINDING)
            .bind(&id)
            .execute(&mut **tx)
            .await?;
        sqlx::query("DELETE FROM supervision_finding WHERE id = $1").bind(&id).execute(&mut **tx).await?;
    }
    Ok(())
}

/// Says which reports a letter is about.
pub async fn set_reports(tx: &mut Tx, letter: &str, reports: &[String]) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM supervision_report WHERE letter_id = $1").bind(letter).execute(&mut **tx).await?;
    for report in reports {
        sqlx::query("INSERT INTO supervision_report (letter_id, report_id) VALUES ($1, $2)")
            .bind(letter)
            .bind(report)
            .execute(&mut **tx)
            .await?;
    }
    Ok(())
}

/// Takes a photo from a finding of a letter. Returns whether it was there.
pub async fn let_go(tx: &mut Tx, letter: &str, photo: &str) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE photo SET owner_kind = NULL, owner_id = NULL WHERE id = $1 AND owner_kind = $2 AND owner_id IN \
         (SELECT f.id FROM supervision_finding f WHERE f.letter_id = $3)",
    )
    .bind(photo)
    .bind(OF_FINDING)
    .bind(letter)
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Photos of a finding.
pub async fn count_photos(tx: &mut Tx, finding: &str) -> Result<i64, sqlx::Error> {
    let (count,): (i64,) =
        sqlx::query_as("SELECT CAST(COUNT(*) AS BIGINT) FROM photo WHERE owner_kind = $1 AND owner_id = $2")
            .bind(OF_FINDING)
            .bind(finding)
            .fetch_one(&mut **tx)
            .await?;
    Ok(count)
}

/// Writes down the state into which a step has brought a letter. `before`: as it was read; the database lets one of several
/// through. Returns whether it did.
pub async fn advance(tx: &mut Tx, before: &Letter, after: &Letter) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE supervision_letter SET state = $4, round = $5, due_at = $6, issued_at = $7, listed_at = $8, \
         first_answered_at = $9, first_in_time = $10, returns = $11, answered_at = $12, answered_by = $13, done_at = $14, \
         withdrawn_at = $15, wait_days = $16, asks = $17, version = version + 1 \
         WHERE id = $1 AND version = $2 AND state = $3",
    )
    .bind(&before.id)
    .bind(before.version)
    .bind(&before.state)
    .bind(&after.state)
    .bind(after.round)
    .bind(after.due_at)
    .bind(after.issued_at)
    .bind(after.listed_at)
    .bind(after.first_answered_at)
    .bind(after.first_in_time)
    .bind(after.returns)
    .bind(after.answered_at)
    .bind(&after.answered_by)
    .bind(after.done_at)
    .bind(after.withdrawn_at)
    .bind(after.wait_days)
    .bind(after.asks)
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The next number of an issuer, kind and year. The counter's row stays locked until the transaction ends, and a transaction
/// that fails gives its number back: there are no gaps.
pub async fn next_number(tx: &mut Tx, issuer: &str, kind: Kind, year: i64) -> Result<i64, sqlx::Error> {
    let (number,): (i64,) = sqlx::query_as(
        "INSERT INTO supervision_counter (organisation_id, kind, year, last) VALUES ($1, $2, $3, 1) \
         ON CONFLICT (organisation_id, kind, year) DO UPDATE SET last = supervision_counter.last + 1 RETURNING last",
    )
    .bind(issuer)
    .bind(kind.code())
    .bind(year)
    .fetch_one(&mut **tx)
    .await?;
    Ok(number)
}

/// Gives a letter its number.
pub async fn set_number(tx: &mut Tx, id: &str, (year, number): (i64, i64), sign: &str) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE supervision_letter SET year = $2, number = $3, sign = $4 WHERE id = $1")
        .bind(id)
        .bind(year)
        .bind(number)
        .bind(sign)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// A step that was taken.
pub struct NewEvent<'a> {
    /// The letter.
    pub letter: &'a str,
    /// The version that it made.
    pub seq: i64,
    /// Who took it.
    pub actor: &'a str,
    /// What.
    pub step: Step,
    /// State before; `None`: it was made.
    pub from: Option<State>,
    /// State after.
    pub to: State,
    /// In which round.
    pub round: i64,
    /// Why, may be empty.
    pub reason: &'a str,
    /// Working days asked for; 0: none were.
    pub days: i64,
    /// The deadline that holds after it, in microseconds.
    pub due_at: Option<i64>,
}

/// Writes a step down.
pub async fn note(tx: &mut Tx, event: NewEvent<'_>, now: Timestamp) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO supervision_event (id, letter_id, seq, at, actor_id, step, from_state, to_state, round, reason, days, due_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
    )
    .bind(clock::new_id(now))
    .bind(event.letter)
    .bind(event.seq)
    .bind(now.as_microsecond())
    .bind(event.actor)
    .bind(event.step.code())
    .bind(event.from.map_or("", State::code))
    .bind(event.to.code())
    .bind(event.round)
    .bind(event.reason)
    .bind(event.days)
    .bind(event.due_at)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Writes the answer to a finding in a round; gives its id.
pub async fn answer(
    tx: &mut Tx,
    (letter, finding, round): (&str, &str, i64),
    text: &str,
    now: Timestamp,
) -> Result<String, sqlx::Error> {
    let id = clock::new_id(now);
    sqlx::query(
        "INSERT INTO supervision_answer (id, letter_id, finding_id, round, text, answered_at) VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(&id)
    .bind(letter)
    .bind(finding)
    .bind(round)
    .bind(text)
    .bind(now.as_microsecond())
    .execute(&mut **tx)
    .await?;
    Ok(id)
}

/// Notes that it was told that a deadline is near, or over. Returns whether it was not told before, and still waits.
pub async fn note_told(tx: &mut Tx, id: &str, due_at: i64, over: bool) -> Result<bool, sqlx::Error> {
    let sql = if over {
        "UPDATE supervision_letter SET overdue_for = $2 WHERE id = $1 AND state = 'issued' AND due_at = $2 \
         AND COALESCE(overdue_for, 0) <> $2"
    } else {
        "UPDATE supervision_letter SET soon_for = $2 WHERE id = $1 AND state = 'issued' AND due_at = $2 \
         AND COALESCE(soon_for, 0) <> $2"
    };
    let done = sqlx::query(sql).bind(id).bind(due_at).execute(&mut **tx).await?;
    Ok(done.rows_affected() == 1)
}
