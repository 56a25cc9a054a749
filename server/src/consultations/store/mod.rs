//! Consultations in the database.

pub mod pairs;
pub mod voices;
pub mod write;

use crate::db::{Db, Tx};
use app::consultations::{AnswerKind, Per, State, Wording, form::OptionText, life};
use jiff::Timestamp;

/// Rows on one page of the staff's table.
pub const PAGE_ROWS: i64 = 20;
/// Rows of the residents' list at most.
const PUBLIC_ROWS: i64 = 100;

/// A consultation with the place that is asked.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Consultation {
    /// Id.
    pub id: String,
    /// Id of the place.
    pub organisation_id: String,
    /// Path of the place.
    pub path: String,
    /// Code of the place.
    pub place_code: String,
    /// Name of the place.
    pub place: String,
    /// The same in English, may be empty.
    pub place_en: String,
    /// The question.
    pub question: String,
    /// The same in English, may be empty.
    pub question_en: String,
    /// Markdown.
    pub explanation: String,
    /// The same in English, may be empty.
    pub explanation_en: String,
    kind: String,
    options: String,
    voice: String,
    opens_at: i64,
    closes_at: i64,
    state: String,
    asked_at: Option<i64>,
    /// Households of the place when it was asked.
    pub households: i64,
    /// What residents wrote, in the words of staff.
    pub summary: String,
    /// What was decided.
    pub decision: String,
    /// Why, or why it was withdrawn.
    pub reason: String,
    ended_at: Option<i64>,
    /// The notice that tells of the result.
    pub notice_id: Option<String>,
    /// Counts changes.
    pub version: i64,
    /// Voices that count: without those that were struck.
    pub voices: i64,
}

/// An instant as stored.
pub fn instant(micros: i64) -> Timestamp {
    Timestamp::from_microsecond(micros).unwrap_or_default()
}

impl Consultation {
    /// Where it stands now: what is open ends by itself.
    pub fn state_at(&self, now: Timestamp) -> State {
        State::from_code(&self.state).unwrap_or(State::Draft).at(self.closes_at(), now)
    }

    /// How it is answered.
    pub fn kind(&self) -> AnswerKind {
        AnswerKind::from_code(&self.kind).unwrap_or(AnswerKind::Single)
    }

    /// For whom a voice counts.
    pub fn per(&self) -> Per {
        Per::from_code(&self.voice).unwrap_or(Per::Household)
    }

    /// The options.
    pub fn options(&self) -> Vec<OptionText> {
        serde_json::from_str(&self.options).unwrap_or_default()
    }

    /// From when on residents answer.
    pub fn opens_at(&self) -> Timestamp {
        instant(self.opens_at)
    }

    /// Until when.
    pub fn closes_at(&self) -> Timestamp {
        instant(self.closes_at)
    }

    /// Residents have seen it.
    pub fn was_asked(&self) -> bool {
        self.asked_at.is_some()
    }

    /// When it was answered or withdrawn.
    pub fn ended_at(&self) -> Option<Timestamp> {
        self.ended_at.map(instant)
    }

    /// Whether residents may answer now.
    pub fn answers_at(&self, now: Timestamp) -> bool {
        life::answers(self.state_at(now), self.opens_at(), self.closes_at(), now)
    }

    /// Whether staff may type a sheet of paper now.
    pub fn takes_paper_at(&self, now: Timestamp) -> bool {
        life::takes_paper(self.state_at(now), self.opens_at(), now)
    }

    /// What is asked.
    pub fn wording(&self) -> Wording {
        Wording {
            question: self.question.clone(),
            question_en: self.question_en.clone(),
            explanation: self.explanation.clone(),
            explanation_en: self.explanation_en.clone(),
            kind: self.kind(),
            options: self.options(),
            per: self.per(),
            opens_at: self.opens_at(),
            closes_at: self.closes_at(),
        }
    }
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT c.id, c.organisation_id, c.path, o.code AS place_code, o.name AS place, o.name_en AS place_en, \
             c.question, c.question_en, c.explanation, c.explanation_en, c.kind, c.options, c.voice, c.opens_at, \
             c.closes_at, c.state, c.asked_at, c.households, c.summary, c.decision, c.reason, c.ended_at, c.notice_id, \
             c.version, (SELECT CAST(COUNT(*) AS BIGINT) FROM consultation_voice v WHERE v.consultation_id = c.id \
             AND NOT EXISTS (SELECT 1 FROM consultation_pair p WHERE p.consultation_id = c.id AND p.struck_id = v.id)) \
             AS voices FROM consultation c JOIN organisation o ON o.id = c.organisation_id ",
            $rest
        )
    };
}

/// The consultation with this id.
pub async fn by_id(db: &Db, id: &str) -> Result<Option<Consultation>, sqlx::Error> {
    sqlx::query_as(select!("WHERE c.id = $1")).bind(id).fetch_optional(db.read()).await
}

/// The same inside a transaction.
pub async fn by_id_in(tx: &mut Tx, id: &str) -> Result<Option<Consultation>, sqlx::Error> {
    sqlx::query_as(select!("WHERE c.id = $1")).bind(id).fetch_optional(&mut **tx).await
}

/// The consultation that a form made, and who made it.
pub async fn by_form_key(tx: &mut Tx, form_key: &str) -> Result<Option<(String, String)>, sqlx::Error> {
    sqlx::query_as("SELECT id, author_id FROM consultation WHERE form_key = $1")
        .bind(form_key)
        .fetch_optional(&mut **tx)
        .await
}

/// What residents of a place (a path; empty: everywhere) were asked: their own, what contains it and what is within it.
/// What is open and ends first comes first, then what ended last.
pub async fn public(db: &Db, path: &str, now: Timestamp) -> Result<Vec<Consultation>, sqlx::Error> {
    sqlx::query_as(select!(
        "WHERE c.asked_at IS NOT NULL AND (substr(c.path, 1, length($1)) = $1 OR substr($1, 1, length(c.path)) = c.path) \
         ORDER BY CASE WHEN c.state = 'open' AND c.closes_at > $2 THEN 0 ELSE 1 END, \
         CASE WHEN c.state = 'open' AND c.closes_at > $2 THEN c.closes_at ELSE -c.closes_at END, c.id LIMIT $3"
    ))
    .bind(path)
    .bind(now.as_microsecond())
    .bind(PUBLIC_ROWS)
    .fetch_all(db.read())
    .await
}

/// How many wait for the answers of those who live at this path.
pub async fn open_at(db: &Db, path: &str, now: Timestamp) -> Result<i64, sqlx::Error> {
    let (count,): (i64,) = sqlx::query_as(
        "SELECT CAST(COUNT(*) AS BIGINT) FROM consultation WHERE state = 'open' AND opens_at <= $2 AND closes_at > $2 \
         AND (substr(path, 1, length($1)) = $1 OR substr($1, 1, length(path)) = path)",
    )
    .bind(path)
    .bind(now.as_microsecond())
    .fetch_one(db.read())
    .await?;
    Ok(count)
}

/// What residents of a subtree were first asked between two instants (microseconds), the earliest first.
pub async fn asked_within(db: &Db, path: &str, (from, to): (i64, i64)) -> Result<Vec<Consultation>, sqlx::Error> {
    sqlx::query_as(select!(
        "WHERE substr(c.path, 1, length($1)) = $1 AND c.asked_at >= $2 AND c.asked_at < $3 ORDER BY c.asked_at, c.id"
    ))
    .bind(path)
    .bind(from)
    .bind(to)
    .fetch_all(db.read())
    .await
}

/// A condition on the path of `c` for each of these scopes; their placeholders begin with `first`.
fn under_any(scopes: &[&str], first: usize) -> String {
    if scopes.is_empty() {
        return "1 = 0".to_owned();
    }
    let conditions: Vec<String> =
        (first..first + scopes.len()).map(|n| format!("substr(c.path, 1, length(${n})) = ${n}")).collect();
    conditions.join(" OR ")
}

/// The condition for a state as it is now; `$1` is the instant.
fn in_state(state: Option<State>) -> &'static str {
    match state {
        None => "c.created_at <= $1",
        Some(State::Draft) => "c.state = 'draft' AND c.created_at <= $1",
        Some(State::Open) => "c.state = 'open' AND c.closes_at > $1",
        Some(State::Closed) => "(c.state = 'closed' OR (c.state = 'open' AND c.closes_at <= $1))",
        Some(State::Weighing) => "c.state = 'weighing' AND c.created_at <= $1",
        Some(State::Answered) => "c.state = 'answered' AND c.created_at <= $1",
        Some(State::Withdrawn) => "c.state = 'withdrawn' AND c.created_at <= $1",
    }
}

/// What staff of these scopes ask, the newest first: so many rows after so many.
pub async fn for_staff(
    db: &Db,
    scopes: &[&str],
    state: Option<State>,
    (rows, after): (i64, i64),
    now: Timestamp,
) -> Result<Vec<Consultation>, sqlx::Error> {
    let sql = format!(
        "{} WHERE {} AND ({}) ORDER BY c.created_at DESC, c.id DESC LIMIT $2 OFFSET $3",
        select!(""),
        in_state(state),
        under_any(scopes, 4)
    );
    let mut query = sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(now.as_microsecond()).bind(rows).bind(after);
    for scope in scopes {
        query = query.bind(*scope);
    }
    query.fetch_all(db.read()).await
}

/// How many there are.
pub async fn count_for_staff(
    db: &Db,
    scopes: &[&str],
    state: Option<State>,
    now: Timestamp,
) -> Result<i64, sqlx::Error> {
    let sql = format!(
        "SELECT CAST(COUNT(*) AS BIGINT) FROM consultation c WHERE {} AND ({})",
        in_state(state),
        under_any(scopes, 2)
    );
    let mut query = sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(now.as_microsecond());
    for scope in scopes {
        query = query.bind(*scope);
    }
    let (count,): (i64,) = query.fetch_one(db.read()).await?;
    Ok(count)
}

/// Households of the buildings at a path.
pub async fn households(db: &Db, path: &str) -> Result<i64, sqlx::Error> {
    let (count,): (i64,) = sqlx::query_as(
        "SELECT CAST(COALESCE(SUM(households), 0) AS BIGINT) FROM organisation WHERE kind = 'building' \
         AND substr(path, 1, length($1)) = $1",
    )
    .bind(path)
    .fetch_one(db.read())
    .await?;
    Ok(count)
}
