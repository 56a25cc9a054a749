//! Letters in the database.

pub mod list;
pub mod write;

use crate::db::{Db, marks};
use app::supervision::{
    State, Step,
    figures::Told,
    letter::{Kind, Wish},
    life::Past,
};
use jiff::Timestamp;
use sqlx::AssertSqlSafe;
use std::collections::BTreeMap;

/// What a photo belongs to: a finding.
pub const OF_FINDING: &str = "supervision_finding";
/// What a photo belongs to: the answer to a finding.
pub const OF_ANSWER: &str = "supervision_answer";

/// A letter.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Letter {
    /// Id.
    pub id: String,
    /// Kind, as stored.
    pub kind: String,
    /// Id of who issues it.
    pub issuer_id: String,
    /// Its path.
    pub issuer_path: String,
    /// Its code.
    pub issuer_code: String,
    /// Its name.
    pub issuer_name: String,
    /// The same in English.
    pub issuer_name_en: String,
    /// Id of whom it is addressed to.
    pub addressee_id: String,
    /// Its path.
    pub addressee_path: String,
    /// Its code.
    pub addressee_code: String,
    /// Its name.
    pub addressee_name: String,
    /// The same in English.
    pub addressee_name_en: String,
    /// A unit or company that it is about, may be empty.
    pub company: String,
    /// Subject.
    pub subject: String,
    /// What is asked.
    pub asked: String,
    /// Working days to answer in.
    pub wish_days: Option<i64>,
    /// Or the day.
    pub wish_day: Option<String>,
    /// State, as stored.
    pub state: String,
    /// 0 for a draft, then from 1.
    pub round: i64,
    /// The lock.
    pub version: i64,
    /// Its number as it is written; empty for a draft.
    pub sign: String,
    /// The deadline of this round, in microseconds.
    pub due_at: Option<i64>,
    /// When it was first issued, in microseconds.
    pub issued_at: Option<i64>,
    /// Where it stands in the register, in microseconds.
    pub listed_at: i64,
    /// When it was first answered, in microseconds.
    pub first_answered_at: Option<i64>,
    /// 1: in time.
    pub first_in_time: Option<i64>,
    /// How often an answer was sent back.
    pub returns: i64,
    /// When it was answered in this round, in microseconds.
    pub answered_at: Option<i64>,
    /// By whom.
    pub answered_by: Option<String>,
    /// When it was done, in microseconds.
    pub done_at: Option<i64>,
    /// When it was withdrawn, in microseconds.
    pub withdrawn_at: Option<i64>,
    /// Working days of an extension that waits; 0: none.
    pub wait_days: i64,
    /// Extensions asked for in this round.
    pub asks: i64,
}

const SELECT: &str = "SELECT l.id, l.kind, l.issuer_id, l.issuer_path, i.code AS issuer_code, i.name AS issuer_name, \
    i.name_en AS issuer_name_en, l.addressee_id, l.addressee_path, a.code AS addressee_code, a.name AS addressee_name, \
    a.name_en AS addressee_name_en, l.company, l.subject, l.asked, l.wish_days, l.wish_day, l.state, l.round, l.version, l.sign, \
    l.due_at, l.issued_at, l.listed_at, l.first_answered_at, l.first_in_time, l.returns, l.answered_at, l.answered_by, l.done_at, \
    l.withdrawn_at, l.wait_days, l.asks FROM supervision_letter l JOIN organisation i ON i.id = l.issuer_id \
    JOIN organisation a ON a.id = l.addressee_id";

impl Letter {
    /// Its kind.
    pub fn kind(&self) -> Kind {
        Kind::from_code(&self.kind).unwrap_or(Kind::Order)
    }

    /// Its state.
    pub fn state(&self) -> State {
        State::from_code(&self.state).unwrap_or(State::Draft)
    }

    /// The time to answer in, as it is written.
    pub fn wish(&self) -> Option<Wish> {
        match (self.wish_days, &self.wish_day) {
            (Some(days), _) => Some(Wish::Days(days)),
            (None, Some(day)) => day.parse().ok().map(Wish::Day),
            (None, None) => None,
        }
    }

    /// The deadline of this round.
    pub fn due(&self) -> Option<Timestamp> {
        self.due_at.map(instant)
    }

    /// Whether it waits for an answer beyond its deadline.
    pub fn is_overdue(&self, now: Timestamp) -> bool {
        self.state() == State::Issued && self.due_at.is_some_and(|due| due < now.as_microsecond())
    }

    /// What of its past decides on steps of the person with this id.
    pub fn past(&self, person: &str, now: Timestamp) -> Past {
        Past {
            waits: self.wait_days > 0,
            asks: self.asks,
            overdue: self.is_overdue(now),
            own_answer: self.answered_by.as_deref() == Some(person),
        }
    }
}

/// An instant from the database.
pub fn instant(micros: i64) -> Timestamp {
    Timestamp::from_microsecond(micros).unwrap_or_default()
}

/// The letter with this id.
pub async fn by_id(db: &Db, id: &str) -> Result<Option<Letter>, sqlx::Error> {
    one(db, "l.id", id).await
}

/// The letter that this form has made.
pub async fn by_form_key(db: &Db, key: &str) -> Result<Option<Letter>, sqlx::Error> {
    one(db, "l.form_key", key).await
}

async fn one(db: &Db, column: &str, value: &str) -> Result<Option<Letter>, sqlx::Error> {
    let sql = format!("{SELECT} WHERE {column} = $1");
    sqlx::query_as(AssertSqlSafe(sql)).bind(value).fetch_optional(db.read()).await
}

/// A finding.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Finding {
    /// Id.
    pub id: String,
    /// Its number on the letter, from 1.
    pub number: i64,
    /// What was found.
    pub text: String,
}

/// The findings of a letter, in their order.
pub async fn findings(db: &Db, letter: &str) -> Result<Vec<Finding>, sqlx::Error> {
    sqlx::query_as("SELECT id, number, text FROM supervision_finding WHERE letter_id = $1 ORDER BY number, id")
        .bind(letter)
        .fetch_all(db.read())
        .await
}

/// An answer to a finding.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Answer {
    /// Id.
    pub id: String,
    /// The finding.
    pub finding_id: String,
    /// In which round.
    pub round: i64,
    /// What was written.
    pub text: String,
    /// When, in microseconds.
    pub answered_at: i64,
}

/// The answers to a letter, the newest round first.
pub async fn answers(db: &Db, letter: &str) -> Result<Vec<Answer>, sqlx::Error> {
    sqlx::query_as(
        "SELECT id, finding_id, round, text, answered_at FROM supervision_answer WHERE letter_id = $1 \
         ORDER BY round DESC, id",
    )
    .bind(letter)
    .fetch_all(db.read())
    .await
}

/// Ids of the photos of a letter by the finding or answer that they belong to, in their order.
pub async fn photos(db: &Db, letter: &str) -> Result<BTreeMap<String, Vec<String>>, sqlx::Error> {
    let rows: Vec<(String, String)> = sqlx::query_as(
        "SELECT p.owner_id, p.id FROM photo p WHERE (p.owner_kind = $2 AND p.owner_id IN \
         (SELECT f.id FROM supervision_finding f WHERE f.letter_id = $1)) OR (p.owner_kind = $3 AND p.owner_id IN \
         (SELECT a.id FROM supervision_answer a WHERE a.letter_id = $1)) ORDER BY p.owner_id, p.position, p.id",
    )
    .bind(letter)
    .bind(OF_FINDING)
    .bind(OF_ANSWER)
    .fetch_all(db.read())
    .await?;
    let mut all: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (owner, photo) in rows {
        all.entry(owner).or_default().push(photo);
    }
    Ok(all)
}

/// The letter to which a finding or an answer belongs; for whoever asks for one of its photos.
pub async fn of_photo(db: &Db, (kind, owner): (&str, &str)) -> Result<Option<Letter>, sqlx::Error> {
    let table = if kind == OF_FINDING { "supervision_finding" } else { "supervision_answer" };
    let sql = format!("{SELECT} WHERE l.id = (SELECT x.letter_id FROM {table} x WHERE x.id = $1)");
    sqlx::query_as(AssertSqlSafe(sql)).bind(owner).fetch_optional(db.read()).await
}

/// Something that happened to a letter.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Event {
    /// The version that it made.
    pub seq: i64,
    /// When, in microseconds.
    pub at: i64,
    /// Who.
    pub actor_name: String,
    /// What, as stored.
    pub step: String,
    /// The state into which it led, as stored.
    pub to_state: String,
    /// In which round.
    pub round: i64,
    /// Why.
    pub reason: String,
    /// Working days asked for.
    pub days: i64,
    /// The deadline that held after it, in microseconds.
    pub due_at: Option<i64>,
}

/// What happened to a letter, newest first.
pub async fn events(db: &Db, letter: &str) -> Result<Vec<Event>, sqlx::Error> {
    sqlx::query_as(
        "SELECT e.seq, e.at, p.name AS actor_name, e.step, e.to_state, e.round, e.reason, e.days, e.due_at \
         FROM supervision_event e JOIN person p ON p.id = e.actor_id WHERE e.letter_id = $1 ORDER BY e.seq DESC",
    )
    .bind(letter)
    .fetch_all(db.read())
    .await
}

/// The same for the recount of figures, in their order.
pub async fn told(db: &Db, letter: &str) -> Result<Vec<Told>, sqlx::Error> {
    let mut events = events(db, letter).await?;
    events.reverse();
    Ok(events
        .into_iter()
        .filter_map(|event| Some(Told { step: Step::from_code(&event.step)?, at: event.at, due_at: event.due_at }))
        .collect())
}

/// A report that a letter names.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Named {
    /// Its code.
    pub code: String,
    /// Its path.
    pub path: String,
    /// Its category.
    pub name: String,
    /// The same in English.
    pub name_en: String,
}

/// The reports that a letter names.
pub async fn reports(db: &Db, letter: &str) -> Result<Vec<Named>, sqlx::Error> {
    sqlx::query_as(
        "SELECT r.code, r.path, c.name, c.name_en FROM supervision_report s JOIN report r ON r.id = s.report_id \
         JOIN category c ON c.code = r.category WHERE s.letter_id = $1 ORDER BY r.code",
    )
    .bind(letter)
    .fetch_all(db.read())
    .await
}

/// Id and path of the reports with these codes, by code.
pub async fn known_reports(db: &Db, codes: &[String]) -> Result<BTreeMap<String, (String, String)>, sqlx::Error> {
    if codes.is_empty() {
        return Ok(BTreeMap::new());
    }
    let sql = format!("SELECT code, id, path FROM report WHERE code IN ({})", marks(1, codes.len()));
    let mut query = sqlx::query_as(AssertSqlSafe(sql));
    for code in codes {
        query = query.bind(code.clone());
    }
    let rows: Vec<(String, String, String)> = query.fetch_all(db.read()).await?;
    Ok(rows.into_iter().map(|(code, id, path)| (code, (id, path))).collect())
}

/// Ids of those who answer for an organisation: its community staff, and supervisors of that very organisation.
pub async fn people_of_addressee(db: &Db, path: &str) -> Result<Vec<String>, sqlx::Error> {
    people(
        db,
        "(g.role = 'community_staff' AND substr($1, 1, length(o.path)) = o.path) OR (g.role = 'supervisor' AND o.path = $1)",
        path,
    )
    .await
}

/// Ids of the supervisors of an organisation itself.
pub async fn people_of_issuer(db: &Db, path: &str) -> Result<Vec<String>, sqlx::Error> {
    people(db, "g.role = 'supervisor' AND o.path = $1", path).await
}

async fn people(db: &Db, condition: &str, path: &str) -> Result<Vec<String>, sqlx::Error> {
    let sql = format!(
        "SELECT DISTINCT g.person_id FROM role_grant g JOIN organisation o ON o.id = g.organisation_id \
         WHERE {condition} ORDER BY g.person_id"
    );
    let rows: Vec<(String,)> = sqlx::query_as(AssertSqlSafe(sql)).bind(path).fetch_all(db.read()).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Letters that wait for an answer and whose deadline is over or comes before `until`, and of which that was not told yet; so
/// many after the one with this id.
pub async fn to_remind(
    db: &Db,
    (now, until): (Timestamp, Timestamp),
    after: &str,
    most: i64,
) -> Result<Vec<Letter>, sqlx::Error> {
    let sql = format!(
        "{SELECT} WHERE l.state = 'issued' AND l.id > $1 AND ((l.due_at < $2 AND COALESCE(l.overdue_for, 0) <> l.due_at) \
         OR (l.due_at >= $2 AND l.due_at < $3 AND COALESCE(l.soon_for, 0) <> l.due_at)) ORDER BY l.id LIMIT $4"
    );
    sqlx::query_as(AssertSqlSafe(sql))
        .bind(after)
        .bind(now.as_microsecond())
        .bind(until.as_microsecond())
        .bind(most)
        .fetch_all(db.read())
        .await
}
