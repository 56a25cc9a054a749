//! Questions in the database.

use crate::{
    clock,
    db::{Db, Tx},
    notices::store::list::under_any,
};
use app::notices::{QuestionState, limits};
use jiff::Timestamp;

/// A question with its notice.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Question {
    /// Id.
    pub id: String,
    /// The notice.
    pub notice_id: String,
    /// Who asked.
    pub person_id: String,
    /// The question.
    pub body: String,
    asked_at: i64,
    state: String,
    released: i64,
    /// The answer, or why there is none.
    pub answer: String,
    answered_at: Option<i64>,
    /// Counts changes.
    pub version: i64,
    /// Title of the notice.
    pub title: String,
    /// English title, may be empty.
    pub title_en: String,
    /// Path of who says the notice.
    pub source_path: String,
}

impl Question {
    /// Where it stands.
    pub fn state(&self) -> QuestionState {
        QuestionState::from_code(&self.state).unwrap_or(QuestionState::Open)
    }
    /// Whether it is shown under the notice.
    pub fn released(&self) -> bool {
        self.released != 0
    }
    /// When it was asked.
    pub fn asked_at(&self) -> Timestamp {
        Timestamp::from_microsecond(self.asked_at).unwrap_or(Timestamp::UNIX_EPOCH)
    }
    /// When it was answered or declined.
    pub fn answered_at(&self) -> Option<Timestamp> {
        self.answered_at.and_then(|at| Timestamp::from_microsecond(at).ok())
    }
}

macro_rules! question_columns {
    () => {
        "SELECT q.id, q.notice_id, q.person_id, q.body, q.asked_at, q.state, q.released, q.answer, q.answered_at, \
         q.version, n.title, n.title_en, o.path AS source_path FROM notice_question q \
         JOIN notice n ON n.id = q.notice_id JOIN organisation o ON o.id = n.organisation_id "
    };
}

/// The question with this id.
pub async fn by_id(db: &Db, id: &str) -> Result<Option<Question>, sqlx::Error> {
    sqlx::query_as(concat!(question_columns!(), "WHERE q.id = $1")).bind(id).fetch_optional(db.read()).await
}

/// Questions under a notice that everybody sees, and the person's own; the oldest first, at most 200.
pub async fn under(db: &Db, notice_id: &str, person_id: &str) -> Result<Vec<Question>, sqlx::Error> {
    sqlx::query_as(concat!(
        question_columns!(),
        "WHERE q.notice_id = $1 AND (q.released = 1 OR q.person_id = $2) ORDER BY q.asked_at, q.id LIMIT 200"
    ))
    .bind(notice_id)
    .bind(person_id)
    .fetch_all(db.read())
    .await
}

/// How many questions of a person wait under a notice.
pub async fn open_of(tx: &mut Tx, notice_id: &str, person_id: &str) -> Result<i64, sqlx::Error> {
    let (count,): (i64,) = sqlx::query_as(
        "SELECT CAST(COUNT(*) AS BIGINT) FROM notice_question WHERE notice_id = $1 AND person_id = $2 \
         AND state = 'open'",
    )
    .bind(notice_id)
    .bind(person_id)
    .fetch_one(&mut **tx)
    .await?;
    Ok(count)
}

/// Writes a question; `false` when the form was sent before.
pub async fn insert(
    tx: &mut Tx,
    notice_id: &str,
    person_id: &str,
    (form_key, body): (&str, &str),
    now: Timestamp,
) -> Result<Option<String>, sqlx::Error> {
    let id = clock::new_id(now);
    let done = sqlx::query(
        "INSERT INTO notice_question (id, notice_id, person_id, form_key, body, asked_at, state) \
         VALUES ($1, $2, $3, $4, $5, $6, 'open') ON CONFLICT (form_key) DO NOTHING",
    )
    .bind(&id)
    .bind(notice_id)
    .bind(person_id)
    .bind(form_key)
    .bind(body)
    .bind(now.as_microsecond())
    .execute(&mut **tx)
    .await?;
    Ok((done.rows_affected() == 1).then_some(id))
}

/// Moves a question on that is still at `version`. `said`: who says what. Returns whether it was.
pub async fn advance(
    tx: &mut Tx,
    (id, version): (&str, i64),
    (state, released): (QuestionState, bool),
    said: Option<(&str, &str)>,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE notice_question SET state = $3, released = $4, version = version + 1, \
         answer = CASE WHEN $5 = '' THEN answer ELSE $6 END, \
         answered_by = CASE WHEN $5 = '' THEN answered_by ELSE $5 END, \
         answered_at = CASE WHEN $5 = '' THEN answered_at ELSE $7 END WHERE id = $1 AND version = $2",
    )
    .bind(id)
    .bind(version)
    .bind(state.code())
    .bind(i64::from(released))
    .bind(said.map_or("", |(by, _)| by))
    .bind(said.map_or("", |(_, text)| text))
    .bind(now.as_microsecond())
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Questions of one state under notices of these scopes, one page of them: those that wait, the oldest first; the
/// others, the latest first.
pub async fn for_staff(
    db: &Db,
    scopes: &[&str],
    state: QuestionState,
    page: u32,
) -> Result<Vec<Question>, sqlx::Error> {
    let order = match state {
        QuestionState::Open => "q.asked_at, q.id",
        _ => "q.answered_at DESC, q.id DESC",
    };
    let sql = format!(
        "{} WHERE q.state = $1 AND ({}) ORDER BY {order} LIMIT $2 OFFSET $3",
        question_columns!(),
        under_any(scopes, 4)
    );
    let mut query = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(state.code())
        .bind(limits::PAGE_ROWS)
        .bind(i64::from(page.saturating_sub(1)) * limits::PAGE_ROWS);
    for scope in scopes {
        query = query.bind(*scope);
    }
    query.fetch_all(db.read()).await
}

/// How many there are of each state in these scopes: state as stored → number.
pub async fn counts(db: &Db, scopes: &[&str]) -> Result<Vec<(String, i64)>, sqlx::Error> {
    let sql = format!(
        "SELECT q.state, CAST(COUNT(*) AS BIGINT) FROM notice_question q JOIN notice n ON n.id = q.notice_id \
         JOIN organisation o ON o.id = n.organisation_id WHERE {} GROUP BY q.state",
        under_any(scopes, 1)
    );
    let mut query = sqlx::query_as(sqlx::AssertSqlSafe(sql));
    for scope in scopes {
        query = query.bind(*scope);
    }
    query.fetch_all(db.read()).await
}

/// How many questions wait in these scopes, and since when the oldest does, in microseconds. Reads none that was answered.
pub async fn open(db: &Db, scopes: &[&str]) -> Result<(i64, Option<i64>), sqlx::Error> {
    let sql = format!(
        "SELECT CAST(COUNT(*) AS BIGINT), MIN(q.asked_at) FROM notice_question q JOIN notice n ON n.id = q.notice_id \
         JOIN organisation o ON o.id = n.organisation_id WHERE q.state = 'open' AND ({})",
        under_any(scopes, 1)
    );
    let mut query = sqlx::query_as(sqlx::AssertSqlSafe(sql));
    for scope in scopes {
        query = query.bind(*scope);
    }
    query.fetch_one(db.read()).await
}

/// Removes a question that nobody has answered. Returns whether it did.
pub async fn remove_open(tx: &mut Tx, id: &str) -> Result<bool, sqlx::Error> {
    let done =
        sqlx::query("DELETE FROM notice_question WHERE id = $1 AND state = 'open'").bind(id).execute(&mut **tx).await?;
    Ok(done.rows_affected() == 1)
}

/// Removes questions that only who asked can see and that were answered before this instant, in microseconds.
pub async fn forget(tx: &mut Tx, before: i64) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM notice_question WHERE released = 0 AND answered_at < $1")
        .bind(before)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Says whether residents may ask under a notice that is being written.
pub async fn set_allowed(tx: &mut Tx, notice_id: &str, allowed: bool) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE notice SET questions = $2 WHERE id = $1")
        .bind(notice_id)
        .bind(i64::from(allowed))
        .execute(&mut **tx)
        .await?;
    Ok(())
}
