//! Resolutions and what is done about them.

use super::one;
use crate::{
    clock,
    db::{Db, Tx},
};
use app::meetings::{ResolutionState, ResolutionStep};
use jiff::{Timestamp, civil::Date};

/// A resolution with its session and owner.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Resolution {
    /// Id.
    pub id: String,
    /// Its session.
    pub session_id: String,
    /// Path of the community.
    pub path: String,
    /// The ballot that it comes from.
    pub ballot_id: Option<String>,
    /// What is to be done.
    pub text: String,
    /// The owner's membership.
    pub owner_id: String,
    /// The owner.
    pub person_id: String,
    /// The owner's name.
    pub name: String,
    /// Whom the owner speaks for, may be empty.
    pub speaks_for: String,
    /// The last day, `YYYY-MM-DD`.
    pub due_day: String,
    state: String,
    /// A report about the same, may be empty.
    pub report_code: String,
    /// Counts steps.
    pub version: i64,
    /// Title of the session.
    pub title: String,
    /// The body.
    pub meeting_id: String,
}

impl Resolution {
    /// Where it stands.
    pub fn state(&self) -> ResolutionState {
        ResolutionState::from_code(&self.state).unwrap_or(ResolutionState::Open)
    }
    /// Whether it should have been done before this day.
    pub fn is_late(&self, today: Date) -> bool {
        self.is_running() && self.due_day < today.to_string()
    }
    /// Whether there is something left to do.
    pub fn is_running(&self) -> bool {
        matches!(self.state(), ResolutionState::Open | ResolutionState::Reported)
    }
    /// The last day.
    pub fn due(&self) -> Date {
        self.due_day.parse().unwrap_or(Date::MAX)
    }
}

macro_rules! resolution {
    ($rest:literal) => {
        concat!(
            "SELECT r.id, r.session_id, r.path, r.ballot_id, r.text, r.owner_id, r.person_id, p.name, e.speaks_for, \
             r.due_day, r.state, r.report_code, r.version, s.title, s.meeting_id FROM meeting_resolution r \
             JOIN person p ON p.id = r.person_id JOIN meeting_member e ON e.id = r.owner_id \
             JOIN meeting_session s ON s.id = r.session_id ",
            $rest
        )
    };
}

/// The resolution with this id.
pub async fn by_id(db: &Db, id: &str) -> Result<Option<Resolution>, sqlx::Error> {
    sqlx::query_as(resolution!("WHERE r.id = $1")).bind(id).fetch_optional(db.read()).await
}

/// Resolutions of a session, in the order in which they were made.
pub async fn of_session(db: &Db, session: &str) -> Result<Vec<Resolution>, sqlx::Error> {
    sqlx::query_as(resolution!("WHERE r.session_id = $1 ORDER BY r.made_at, r.id LIMIT 100"))
        .bind(session)
        .fetch_all(db.read())
        .await
}

/// Resolutions that somebody carries out and that are not over, by their last day.
pub async fn of_person(db: &Db, person_id: &str) -> Result<Vec<Resolution>, sqlx::Error> {
    sqlx::query_as(resolution!(
        "WHERE r.person_id = $1 AND r.state IN ('open', 'reported') ORDER BY r.due_day, r.id LIMIT 100"
    ))
    .bind(person_id)
    .fetch_all(db.read())
    .await
}

/// Resolutions of a body that are not over, by their last day.
pub async fn of_body(db: &Db, body: &str) -> Result<Vec<Resolution>, sqlx::Error> {
    sqlx::query_as(resolution!(
        "WHERE s.meeting_id = $1 AND r.state IN ('open', 'reported') ORDER BY r.due_day, r.id LIMIT 100"
    ))
    .bind(body)
    .fetch_all(db.read())
    .await
}

/// Resolutions of a subtree that are not over, by their last day.
pub async fn under(db: &Db, path: &str) -> Result<Vec<Resolution>, sqlx::Error> {
    sqlx::query_as(resolution!(
        "WHERE substr(r.path, 1, length($1)) = $1 AND r.state IN ('open', 'reported') ORDER BY r.due_day, r.id LIMIT 200"
    ))
    .bind(path)
    .fetch_all(db.read())
    .await
}

/// Resolutions that name a report.
pub async fn of_report(db: &Db, code: &str) -> Result<Vec<Resolution>, sqlx::Error> {
    sqlx::query_as(resolution!("WHERE r.report_code = $1 AND r.report_code <> '' ORDER BY r.made_at, r.id LIMIT 5"))
        .bind(code)
        .fetch_all(db.read())
        .await
}

/// A resolution as it is wanted.
pub struct NewResolution<'a> {
    /// Session and path of its community.
    pub session: (&'a str, &'a str),
    /// The ballot that it comes from.
    pub ballot: Option<&'a str>,
    /// What is to be done.
    pub text: &'a str,
    /// Membership and person of the owner.
    pub owner: (&'a str, &'a str),
    /// The last day.
    pub due: Date,
    /// A report about the same, may be empty.
    pub report: &'a str,
    /// One form makes one.
    pub form_key: &'a str,
}

/// Writes a resolution; `None` when this form has made one before.
pub async fn insert(tx: &mut Tx, new: NewResolution<'_>, now: Timestamp) -> Result<Option<String>, sqlx::Error> {
    let id = clock::new_id(now);
    let done = sqlx::query(
        "INSERT INTO meeting_resolution (id, session_id, path, ballot_id, text, owner_id, person_id, due_day, state, \
         report_code, form_key, made_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'open', $9, $10, $11) \
         ON CONFLICT (form_key) DO NOTHING",
    )
    .bind(&id)
    .bind(new.session.0)
    .bind(new.session.1)
    .bind(new.ballot)
    .bind(new.text)
    .bind(new.owner.0)
    .bind(new.owner.1)
    .bind(new.due.to_string())
    .bind(new.report)
    .bind(new.form_key)
    .bind(now.as_microsecond())
    .execute(&mut **tx)
    .await?;
    Ok(one(&done).then_some(id))
}

/// Moves a resolution that is at `version` on. Returns whether it was.
pub async fn advance(
    tx: &mut Tx,
    (id, version): (&str, i64),
    to: ResolutionState,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE meeting_resolution SET state = $3, version = version + 1, \
         ended_at = CASE WHEN $3 IN ('done', 'dropped') THEN $4 ELSE NULL END WHERE id = $1 AND version = $2",
    )
    .bind(id)
    .bind(version)
    .bind(to.code())
    .bind(now.as_microsecond())
    .execute(&mut **tx)
    .await?;
    Ok(one(&done))
}

/// What was done or said.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Note {
    /// By whom.
    pub name: String,
    /// Code of the step.
    pub step: String,
    /// The words, may be empty.
    pub text: String,
    /// When, in microseconds.
    pub at: i64,
}

/// What was done about a resolution, the latest first.
pub async fn notes(db: &Db, resolution: &str) -> Result<Vec<Note>, sqlx::Error> {
    sqlx::query_as(
        "SELECT p.name, n.step, n.text, n.at FROM meeting_resolution_note n JOIN person p ON p.id = n.person_id \
         WHERE n.resolution_id = $1 ORDER BY n.at DESC, n.id DESC LIMIT 200",
    )
    .bind(resolution)
    .fetch_all(db.read())
    .await
}

/// Writes down what was done; `false` when this form was sent before.
pub async fn add_note(
    tx: &mut Tx,
    (resolution, person_id): (&str, &str),
    (step, text): (ResolutionStep, &str),
    form_key: &str,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "INSERT INTO meeting_resolution_note (id, resolution_id, person_id, step, text, form_key, at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (form_key) DO NOTHING",
    )
    .bind(clock::new_id(now))
    .bind(resolution)
    .bind(person_id)
    .bind(step.code())
    .bind(text)
    .bind(form_key)
    .bind(now.as_microsecond())
    .execute(&mut **tx)
    .await?;
    Ok(one(&done))
}
